//! Cases: looking, searching, acting.

use super::{
    Refused, Signed, Words,
    ask::{Asked, Sent, bad_request},
};
use crate::{
    Service,
    acts::{self, Plea, not_found, sight_of},
    db,
};
use axum::{Json, extract::State};
use domain::{
    case::{Case, Process},
    ids::CaseId,
    people::Actor,
    time::PlanYear,
    workflow::{Action, Sight},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use wire::{
    Code, Failure,
    http::{Act, ActBody, ActDone, CasePage, SeenCase},
};

/// Rows of a page, when the question does not say and at most.
const PAGE: u32 = 50;
const MOST_ROWS: u32 = 200;

/// A case as far as a person may see it; none when they may not.
pub(super) fn seen(mut case: Case, actor: &Actor) -> Option<SeenCase> {
    let sight = sight_of(&case, actor);
    let papers_hidden = match sight {
        Sight::Nothing => return None,
        Sight::Row => true,
        Sight::Papers | Sight::Own => false,
    };
    if papers_hidden {
        case.papers.clear();
        case.remarks.clear();
        case.carried.clear();
    }
    case.hide_names(sight, actor);
    Some(SeenCase { case, papers_hidden })
}

pub(super) async fn get(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
) -> Result<Json<SeenCase>, Refused> {
    let case = db::cases::get(service.db(), words.case()?).await?;
    Ok(Json(case.and_then(|case| seen(case, &signed.actor)).ok_or_else(not_found)?))
}

#[derive(Debug, Deserialize)]
pub(super) struct Search {
    plan_year: Option<u16>,
    keyword: Option<String>,
    after: Option<u32>,
    limit: Option<u32>,
}

pub(super) async fn search(
    State(service): State<Service>,
    signed: Signed,
    Asked(asked): Asked<Search>,
) -> Result<Json<CasePage>, Refused> {
    if asked.keyword.as_ref().is_some_and(|word| word.contains('\0') || word.len() > 1000) {
        return Err(bad_request("the keyword cannot be searched for"));
    }
    let search = db::cases::Search {
        plan_year: asked.plan_year.map(PlanYear),
        keyword: asked.keyword,
        after: asked.after,
        limit: asked.limit.unwrap_or(PAGE).clamp(1, MOST_ROWS),
    };
    let (cases, next) = db::cases::search(service.db(), &signed.actor, &search).await?;
    let rows = cases.into_iter().filter_map(|case| seen(case, &signed.actor)).collect();
    Ok(Json(CasePage { rows, next }))
}

pub(super) async fn act(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
    sent: Sent,
) -> Result<Json<ActDone>, Refused> {
    let now = service.now();
    let case = words.case()?;
    known_words(&sent)?;
    let act: Act = sent.parse()?;
    let body = serde_json::to_vec(&act).map_err(|_| bad_request("the act cannot be kept"))?;
    let hash = hex::encode(Sha256::digest(body));
    let opens = match &act.body {
        ActBody::Open { process, plan_year } => Some((*process, *plan_year)),
        _ => None,
    };
    let target = match &act.body {
        ActBody::ChangeConvener { to, .. } => Some(to.id),
        _ => None,
    };
    let carried: Vec<CaseId> = match &act.body {
        ActBody::Import { carried } => carried.iter().map(|one| one.case).take(acts::MOST_CARRIED + 1).collect(),
        _ => Vec::new(),
    };
    let (actor, event, blobs) = (&signed.actor, act.id, acts::blobs(&act.body));
    let asked = db::acts::Asked {
        case,
        event,
        hash: &hash,
        actor,
        now,
        opens,
        target,
        blobs: &blobs,
        carried: &carried,
        office: service.office(),
    };
    let judge = |situation: db::acts::Situation| acts::judge(&Plea { case, act, actor, now }, &situation);
    let (seq, case) = db::acts::carry_out(service.db(), &asked, judge).await?;
    service.look_for_mail();
    // Whoever gave a case away has done so, but sees it no more.
    let case = seen(case, actor).ok_or_else(not_found)?;
    Ok(Json(ActDone { seq, case }))
}

/// Acts and processes that do not exist get a code of their own.
fn known_words(Sent(body): &Sent) -> Result<(), Failure> {
    let action = body.get("action").and_then(serde_json::Value::as_str);
    if action.is_some_and(|action| action != "open" && Action::from_code(action).is_none()) {
        return Err(Failure::new(Code::UnknownAction, "there is no such act"));
    }
    let process = body.get("process").filter(|_| action == Some("open"));
    if process.is_some_and(|process| serde_json::from_value::<Process>(process.clone()).is_err()) {
        return Err(Failure::new(Code::UnknownProcess, "there is no such process"));
    }
    Ok(())
}
