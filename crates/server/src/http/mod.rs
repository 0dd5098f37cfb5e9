//! The service's HTTP interface: authenticate, parse, decide, write, answer. Every route stands in one list here.

mod acts;
mod answer;
mod ask;
mod blobs;
mod cases;
mod changes;
mod conveners;
mod county_rules;
mod drafts;
mod events;
mod hello;
mod lists;
mod mail;
mod notices;
mod observe;
mod openapi;
mod records;
mod reviewers;
mod sessions;

pub use answer::Refused;
pub use ask::{Signed, Words};
pub(crate) use cases::{asked, hash_of};

use crate::Service;
use axum::{Router, middleware, routing};
use std::time::Duration;
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

/// The longest JSON body: an application with every field at its limit has about a tenth of it.
pub const MOST_JSON_BYTES: usize = 2 * 1024 * 1024;

/// How long a request may take; an upload has its own, longer limits.
const MOST_TIME: Duration = Duration::from_secs(30);

/// One route, for the router and for the description.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `get`, `put`, `post` or `delete`.
    pub method: &'static str,
    /// The path, with `{names}`.
    pub path: &'static str,
    /// What it is for.
    pub summary: &'static str,
    /// Works without a session.
    pub open: bool,
    /// The request's body: a type of `wire::http`.
    pub takes: Option<&'static str>,
    /// The answer's body: a type of `wire::http` or `domain`.
    pub gives: Option<&'static str>,
}

/// Declares the routes once: the list and the router.
macro_rules! routes {
    ($($method:ident $path:literal $handler:path, $open:literal, $takes:expr, $gives:expr, $summary:literal;)+) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method), path: $path, summary: $summary, open: $open, takes: $takes, gives: $gives,
        },)+];

        fn routes() -> Router<Service> {
            Router::new()$(.route($path, routing::$method($handler)))+
        }
    };
}

routes! {
    get    "/healthz"                        hello::health,         true,  None,              None,                 "Whether the service and its database answer";
    get    "/metrics"                        hello::metrics,        true,  None,              None,                 "Counters in Prometheus' text format";
    get    "/v1/openapi.json"                openapi::document,     true,  None,              None,                 "This description";
    get    "/v1/hello"                       hello::hello,          true,  None,              Some("Hello"),        "Who the service is, its versions and its clock";
    post   "/v1/sessions"                    sessions::sign_in,     true,  Some("SignIn"),    Some("Session"),      "Sign in";
    delete "/v1/sessions/current"            sessions::sign_out,    false, None,              None,                 "Sign out";
    get    "/v1/me"                          sessions::me,          false, None,              Some("Actor"),        "Who is signed in";
    get    "/v1/me/mail"                     mail::chosen,          false, None,              Some("MailView"),     "How the person wants to hear of messages by mail";
    put    "/v1/me/mail"                     mail::choose,          false, Some("MailChoice"), Some("MailView"),    "Choose how to hear of messages by mail";
    get    "/v1/me/record"                   records::own,          false, None,              Some("PersonRecord"), "The person's own training, certificates and post";
    put    "/v1/me/profile"                  records::put_profile,  false, Some("Profile"),   Some("PersonRecord"), "Say of one's own post";
    post   "/v1/me/transfer"                 records::answer_transfer, false, Some("TransferPut"), Some("PersonRecord"), "Answer what the old system has of one";
    get    "/v1/me/eligibility"              records::own_eligibility, false, None,           Some("Eligibility"),  "Whether the person may apply for a certification";
    post   "/v1/records/imports"             records::import,       false, Some("RecordImport"), Some("RecordImported"), "Import rows of training or of certificates, or say what importing would do";
    get    "/v1/cases"                       lists::search,         false, None,              Some("CasePage"),     "Cases in the person's lists, newest first";
    get    "/v1/cases/{case}"                cases::get,            false, None,              Some("SeenCase"),     "One case";
    post   "/v1/cases/{case}/acts"           cases::act,            false, Some("Act"),       Some("ActDone"),      "Act on a case, or open one";
    post   "/v1/acts"                        acts::many,            false, Some("ManyActs"),  Some("ManyDone"),     "Act on many cases: each judged by itself, all in one transaction";
    get    "/v1/cases/{case}/events"         events::of_case,       false, None,              Some("EventPage"),    "Everything that happened to a case, with the papers of every version that was sent";
    get    "/v1/cases/{case}/conveners"      conveners::choices,    false, None,              Some("ConvenerPage"), "Who could take a case over as its convener";
    post   "/v1/cases/{case}/drafts/{form}"  drafts::push,          false, Some("DraftPush"), Some("DraftPushed"),  "Send the changed fields of a draft";
    put    "/v1/counties/{county}/rules/{plan_year}" county_rules::put, false, Some("RulesPut"), Some("CountyRuleSet"), "Save a county's rules for a plan year as their next version";
    get    "/v1/reviewers"                   reviewers::list,       false, None,              Some("ReviewerPage"), "The reviewers one keeps, or the whole pool as it stands to a case";
    put    "/v1/reviewers/{account}"         reviewers::put,        false, Some("ReviewerPut"), Some("ReviewerRow"), "Say what the pool knows of a reviewer";
    post   "/v1/assignments/proposal"        reviewers::propose,    false, Some("ProposalAsk"), Some("ProposalPage"), "Propose reviewers for cases that wait for them";
    get    "/v1/changes"                     changes::since,        false, None,              Some("ChangesPage"),  "What changed for this person";
    get    "/v1/blobs/{sha256}/progress"     blobs::progress,       false, None,              Some("BlobProgress"), "How much of an upload is there";
    put    "/v1/blobs/{sha256}"              blobs::put,            false, None,              Some("BlobProgress"), "Upload a PDF, in one or more parts";
    get    "/v1/blobs/{sha256}"              blobs::get,            false, None,              None,                 "The file";
    post   "/v1/notices/{notice}/read"       notices::read,         false, None,              Some("SeenNotice"),   "Mark an own message as read";
}

/// The whole interface.
pub fn router(service: Service) -> Router {
    routes()
        .fallback(answer::no_such_route)
        .method_not_allowed_fallback(answer::no_such_route)
        .layer(middleware::from_fn(observe::limit_time))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(middleware::from_fn_with_state(service.clone(), observe::observe))
        .layer(SetResponseHeaderLayer::if_not_present(
            axum::http::header::CACHE_CONTROL,
            axum::http::HeaderValue::from_static("no-store"),
        ))
        .layer(SetResponseHeaderLayer::overriding(
            axum::http::header::X_CONTENT_TYPE_OPTIONS,
            axum::http::HeaderValue::from_static("nosniff"),
        ))
        .with_state(service)
}
