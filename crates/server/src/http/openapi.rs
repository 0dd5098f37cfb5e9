//! `/v1/openapi.json`: the routes of the list with the shapes of their bodies.

use super::{ROUTES, Route};
use axum::Json;
use std::sync::LazyLock;
use utoipa::openapi::{
    ArrayBuilder, ComponentsBuilder, Content, HttpMethod, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder,
    PathItem, PathsBuilder, Ref, RefOr, Required, ResponseBuilder, Schema, Type,
    path::{OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
};

pub(super) async fn document() -> Json<&'static OpenApi> {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    Json(&DOCUMENT)
}

/// The bodies: name, and its properties as `name: type`. A type is one of `text`, `number`, `flag`, `map`, `any`, a body's
/// name, `[type]`, and ends with `?` when it may be absent or null. A test compares them with what is really sent.
pub(super) const BODIES: &[(&str, &[(&str, &str)])] = &[
    ("Failure", &[("code", "text"), ("params", "map"), ("message", "text")]),
    (
        "Hello",
        &[
            ("service_id", "text"),
            ("version", "text"),
            ("protocol", "number"),
            ("minimum_protocol", "number"),
            ("plan_year", "number"),
            ("now", "text"),
        ],
    ),
    ("SignIn", &[("account", "text"), ("password", "text")]),
    ("Session", &[("token", "text"), ("actor", "Actor"), ("ends_at", "text")]),
    ("Person", &[("id", "text"), ("name", "text")]),
    ("School", &[("code", "text"), ("name", "text"), ("county", "text")]),
    (
        "Actor",
        &[
            ("person", "Person"),
            ("role", "text"),
            ("school", "School?"),
            ("county", "text?"),
            ("email", "text?"),
            ("phone", "text?"),
        ],
    ),
    (
        "Case",
        &[
            ("id", "text"),
            ("process", "text"),
            ("plan_year", "number"),
            ("school", "School"),
            ("owner", "Person"),
            ("state", "text"),
            ("seq", "number"),
            ("reason", "text?"),
            ("created_at", "text"),
            ("updated_at", "text"),
            ("papers", "[SentPaper]"),
            ("approved_amount", "number?"),
            ("carried", "[Carried]"),
            ("returns", "number"),
            ("remarks", "[Remark]"),
            ("steps", "[Step]"),
        ],
    ),
    ("Carried", &[("case", "text"), ("name", "text"), ("hash", "text")]),
    (
        "Remark",
        &[
            ("id", "text"),
            ("round", "number"),
            ("form", "text"),
            ("field", "text"),
            ("text", "text"),
            ("by", "Doer"),
            ("at", "text"),
            ("answer", "text?"),
            ("settled", "flag"),
        ],
    ),
    ("NewRemark", &[("id", "text"), ("form", "text"), ("field", "text"), ("text", "text")]),
    ("RemarkAnswer", &[("remark", "text"), ("text", "text")]),
    ("Remarks", &[("asked", "[NewRemark]?"), ("answered", "[RemarkAnswer]?"), ("settled", "[text]?")]),
    (
        "Step",
        &[
            ("seq", "number"),
            ("at", "text"),
            ("from", "text?"),
            ("to", "text"),
            ("what", "text"),
            ("role", "text"),
            ("by", "Person?"),
            ("reason", "text?"),
        ],
    ),
    ("FormRef", &[("id", "text"), ("version", "number"), ("hash", "text")]),
    ("StampedFile", &[("blob", "text"), ("bytes", "number"), ("pages", "number"), ("stamps", "[any]")]),
    (
        "SentPaper",
        &[
            ("form", "FormRef"),
            ("revision", "number"),
            ("hash", "text"),
            ("answers", "map"),
            ("stamped", "StampedFile?"),
        ],
    ),
    ("Doer", &[("person", "Person"), ("role", "text")]),
    (
        "Event",
        &[
            ("id", "text"),
            ("case", "text"),
            ("seq", "number"),
            ("at", "text"),
            ("by", "Doer"),
            ("to", "text"),
            ("deed", "any"),
            ("remarks", "Remarks?"),
        ],
    ),
    ("EventPage", &[("events", "[Event]"), ("papers_hidden", "flag")]),
    ("SeenCase", &[("case", "Case"), ("papers_hidden", "flag")]),
    ("YearChoice", &[("plan_year", "number"), ("cases", "number")]),
    ("StateChoice", &[("state", "text"), ("label", "text"), ("cases", "number")]),
    ("SchoolChoice", &[("code", "text"), ("name", "text"), ("cases", "number")]),
    ("LevelChoice", &[("level", "text"), ("cases", "number")]),
    (
        "Choices",
        &[
            ("plan_years", "[YearChoice]"),
            ("states", "[StateChoice]"),
            ("schools", "[SchoolChoice]"),
            ("levels", "[LevelChoice]"),
        ],
    ),
    ("CasePage", &[("rows", "[SeenCase]"), ("next", "number?"), ("choices", "Choices?")]),
    (
        "Act",
        &[
            ("id", "text"),
            ("expect_seq", "number"),
            ("action", "text"),
            ("process", "text?"),
            ("plan_year", "number?"),
            ("papers", "[SentPaper]?"),
            ("reason", "text?"),
            ("amount", "number?"),
            ("to", "Person?"),
            ("consent", "text?"),
            ("carried", "[Carried]?"),
            ("remarks", "Remarks?"),
        ],
    ),
    (
        "CaseAct",
        &[
            ("case", "text"),
            ("id", "text"),
            ("expect_seq", "number"),
            ("action", "text"),
            ("process", "text?"),
            ("plan_year", "number?"),
            ("papers", "[SentPaper]?"),
            ("reason", "text?"),
            ("amount", "number?"),
            ("to", "Person?"),
            ("consent", "text?"),
            ("carried", "[Carried]?"),
            ("remarks", "Remarks?"),
        ],
    ),
    ("ManyActs", &[("acts", "[CaseAct]")]),
    ("ActResult", &[("seq", "number?"), ("case", "SeenCase?"), ("refused", "Failure?")]),
    ("ManyDone", &[("results", "[ActResult]")]),
    ("ActDone", &[("seq", "number"), ("case", "SeenCase")]),
    ("ConvenerSeen", &[("person", "Person"), ("account", "text"), ("convenes", "flag")]),
    ("ConvenerPage", &[("rows", "[ConvenerSeen]")]),
    ("DraftHead", &[("revision", "number"), ("answers", "map"), ("changed", "map")]),
    ("Clash", &[("field", "text"), ("mine", "any"), ("theirs", "any")]),
    ("DraftPush", &[("id", "text"), ("base", "number"), ("changes", "map"), ("printed", "[any]?")]),
    ("DraftPushed", &[("head", "DraftHead"), ("clashes", "[Clash]")]),
    ("SeenDraft", &[("case", "text"), ("form", "text"), ("head", "DraftHead"), ("printed", "[any]")]),
    (
        "SeenNotice",
        &[
            ("id", "text"),
            ("kind", "text"),
            ("case", "text"),
            ("at", "text"),
            ("read", "flag"),
            ("words", "NoticeText?"),
        ],
    ),
    ("Label", &[("zh", "text"), ("en", "text")]),
    ("NoticeText", &[("title", "Label"), ("body", "Label")]),
    ("MailChoice", &[("mail", "text"), ("reminders", "flag")]),
    ("MailView", &[("choice", "MailChoice"), ("address", "text?"), ("sends", "flag"), ("hour", "number")]),
    (
        "ChangesPage",
        &[
            ("cursor", "number"),
            ("more", "flag"),
            ("cases", "[SeenCase]"),
            ("drafts", "[SeenDraft]"),
            ("notices", "[SeenNotice]"),
            ("gone", "[text]"),
            ("rule_sets", "[CountyRuleSet]"),
            ("record", "PersonRecord?"),
        ],
    ),
    (
        "PersonRecord",
        &[
            ("profile", "Profile"),
            ("trainings", "[Training]"),
            ("certificates", "[HeldCertificate]"),
            ("transfer", "Transfer"),
        ],
    ),
    ("Profile", &[("serving", "flag?"), ("tenured_since", "text?"), ("teaching_years", "number")]),
    (
        "Training",
        &[
            ("course", "text"),
            ("code", "text"),
            ("kind", "text"),
            ("hours", "any"),
            ("day", "text"),
            ("source", "text"),
        ],
    ),
    (
        "HeldCertificate",
        &[
            ("id", "text"),
            ("kind", "text"),
            ("plan_year", "number?"),
            ("number", "text"),
            ("issued_on", "text?"),
            ("source", "text"),
            ("waits", "flag"),
        ],
    ),
    ("Transfer", &[("type", "text"), ("answer", "text?"), ("at", "text?")]),
    ("TransferPut", &[("answer", "text"), ("certificates", "[text]")]),
    ("Eligibility", &[("plan_year", "number"), ("lines", "[EligibilityLine]")]),
    ("EligibilityLine", &[("met", "flag"), ("asked", "map")]),
    ("RecordImport", &[("dry", "flag"), ("skip_faulty", "flag"), ("list", "text"), ("rows", "[map]")]),
    (
        "RecordImported",
        &[
            ("rows", "number"),
            ("new", "number"),
            ("changed", "number"),
            ("unchanged", "number"),
            ("faulty", "number"),
            ("faults", "[Fault]"),
            ("done", "flag"),
        ],
    ),
    ("Fault", &[("line", "number"), ("column", "text"), ("code", "text"), ("value", "text"), ("first", "number?")]),
    (
        "CountyRuleSet",
        &[
            ("id", "text"),
            ("county", "text"),
            ("plan_year", "number"),
            ("version", "number"),
            ("at", "text"),
            ("by", "Person"),
            ("rules", "CountyRules"),
        ],
    ),
    (
        "CountyRules",
        &[
            ("windows", "CountyWindows"),
            ("stamps", "map"),
            ("levels", "[CountyLevel]"),
            ("max_per_plc", "number?"),
            ("max_per_school", "number?"),
            ("total_budget", "number?"),
            ("min_members", "number?"),
            ("min_sessions", "number?"),
            ("sessions_each_semester", "number?"),
            ("strict_checks", "[text]"),
            ("message", "text?"),
            ("member_change", "text?"),
        ],
    ),
    ("CountyWindows", &[("apply", "CountyWindow?"), ("summary", "CountyWindow?"), ("report", "CountyWindow?")]),
    ("CountyWindow", &[("from", "text?"), ("to", "text?")]),
    ("CountyLevel", &[("zh", "text"), ("en", "text"), ("max", "number?")]),
    ("RulesPut", &[("id", "text"), ("expect_version", "number"), ("rules", "CountyRules")]),
    (
        "Reviewer",
        &[
            ("person", "Person"),
            ("county", "text?"),
            ("school", "School?"),
            ("fields", "[text]"),
            ("active", "flag"),
            ("most", "number?"),
        ],
    ),
    ("ReviewerRow", &[("reviewer", "Reviewer"), ("account", "text"), ("load", "number"), ("unfit", "text?")]),
    ("ReviewerPage", &[("rows", "[ReviewerRow]")]),
    (
        "ReviewerPut",
        &[("county", "text?"), ("school", "School?"), ("fields", "[text]"), ("active", "flag"), ("most", "number?")],
    ),
    ("ProposalAsk", &[("cases", "[text]")]),
    ("ProposalPage", &[("proposals", "[Proposal]"), ("refused", "[NotProposed]")]),
    (
        "Proposal",
        &[
            ("case", "text"),
            ("round", "text"),
            ("reviewers", "[Proposed]"),
            ("missing", "number"),
            ("obstacles", "[Obstacle]"),
        ],
    ),
    ("Proposed", &[("person", "Person"), ("county", "text?"), ("load", "number"), ("at_home", "flag")]),
    ("Obstacle", &[("why", "text"), ("reviewers", "number")]),
    ("NotProposed", &[("case", "text"), ("failure", "Failure")]),
    ("BlobProgress", &[("received", "number"), ("complete", "flag")]),
];

fn shape(word: &str) -> RefOr<Schema> {
    let word = word.trim_end_matches('?');
    if let Some(inner) = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return ArrayBuilder::new().items(shape(inner)).into();
    }
    let plain = |kind| RefOr::T(Schema::Object(ObjectBuilder::new().schema_type(kind).build()));
    match word {
        "text" => plain(Type::String),
        "number" => plain(Type::Integer),
        "flag" => plain(Type::Boolean),
        "map" => plain(Type::Object),
        "any" => RefOr::T(utoipa::openapi::schema::empty()),
        body => Ref::from_schema_name(body).into(),
    }
}

fn body_schema(properties: &[(&str, &str)]) -> Schema {
    let mut object = ObjectBuilder::new();
    for (name, word) in properties {
        object = object.property(*name, shape(word));
        if !word.ends_with('?') {
            object = object.required(*name);
        }
    }
    object.into()
}

fn content(body: &str) -> Content {
    Content::new(Some(Ref::from_schema_name(body)))
}

fn operation(route: &Route) -> OperationBuilder {
    let mut ok = ResponseBuilder::new().description("Done");
    if let Some(body) = route.gives {
        ok = ok.content("application/json", content(body));
    }
    let refused = ResponseBuilder::new().description("Refused").content("application/json", content("Failure")).build();
    let mut operation =
        OperationBuilder::new().summary(Some(route.summary)).response("2XX", ok.build()).response("default", refused);
    for name in route.path.split('/').filter_map(|word| word.strip_prefix('{')?.strip_suffix('}')) {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
        operation = operation.parameter(parameter.schema(Some(shape("text"))).build());
    }
    for (name, word) in query(route.path) {
        let parameter = ParameterBuilder::new().name(*name).parameter_in(ParameterIn::Query).required(Required::False);
        operation = operation.parameter(parameter.schema(Some(shape(word))).build());
    }
    if let Some(body) = route.takes {
        let body = RequestBodyBuilder::new().content("application/json", content(body)).required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    if !route.open {
        operation = operation.security(SecurityRequirement::new("session", Vec::<String>::new()));
    }
    operation
}

/// The words a query understands.
fn query(path: &str) -> &'static [(&'static str, &'static str)] {
    match path {
        "/v1/cases" => &[
            ("plan_year", "number"),
            ("process", "text"),
            ("state", "[text]"),
            ("school", "[text]"),
            ("level", "[text]"),
            ("asked_from", "number"),
            ("asked_to", "number"),
            ("approved_from", "number"),
            ("approved_to", "number"),
            ("keyword", "text"),
            ("choices", "flag"),
            ("after", "number"),
            ("limit", "number"),
        ],
        "/v1/reviewers" => &[("case", "text")],
        "/v1/changes" => &[("after", "number")],
        "/v1/me/eligibility" => &[("certification", "text"), ("plan_year", "number")],
        _ => &[],
    }
}

fn build() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for route in ROUTES {
        let method = match route.method {
            "get" => HttpMethod::Get,
            "put" => HttpMethod::Put,
            "post" => HttpMethod::Post,
            _ => HttpMethod::Delete,
        };
        paths = paths.path(route.path, PathItem::new(method, operation(route).build()));
    }
    let mut components = ComponentsBuilder::new();
    for (name, properties) in BODIES {
        components = components.schema(*name, body_schema(properties));
    }
    let session = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("教專通").version(env!("CARGO_PKG_VERSION")).build())
        .paths(paths.build())
        .components(Some(components.security_scheme("session", session).build()))
        .build()
}
