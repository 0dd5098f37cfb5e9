//! Cases: looking and acting.

use super::{Refused, Signed, Words, ask::Sent};
use crate::{
    Service,
    acts::{self, Plea, not_found, sight_of},
    db,
};
use axum::{Json, extract::State};
use domain::{
    case::{Case, Process},
    ids::{BlobHash, CaseId},
    people::Actor,
    time::Timestamp,
    workflow::{Action, Sight},
};
use sha2::{Digest as _, Sha256};
use wire::{
    Code, Failure,
    http::{Act, ActBody, ActDone, SeenCase},
};

/// A case as far as a person may see it; none when they may not.
pub(super) fn seen(mut case: Case, actor: &Actor) -> Option<SeenCase> {
    let sight = sight_of(&case, actor);
    if sight == Sight::Nothing {
        return None;
    }
    let papers_hidden = db::changes::seen_as(&mut case, sight, actor);
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

pub(super) async fn act(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
    sent: Sent,
) -> Result<Json<ActDone>, Refused> {
    let now = service.now();
    let case = words.case()?;
    let act = known_act(sent.0)?;
    let actor = &signed.actor;
    let (blobs, hash) = (acts::blobs(&act.body), hash_of(&act)?);
    let mut asked = asked(&service, case, &act, &hash, &blobs, actor, now);
    asked.compared = compared(&service, case, &act, actor).await?;
    let judge = |situation: db::acts::Situation| acts::judge(&Plea { case, act, actor, now }, &situation);
    let (seq, case) = db::acts::carry_out(service.db(), &asked, judge).await?;
    service.look_for_mail();
    // Whoever gave a case away has done so, but sees it no more.
    let case = seen(case, actor).ok_or_else(not_found)?;
    Ok(Json(ActDone { seq, case }))
}

/// An act as the database is asked to carry it out.
pub(crate) fn asked<'a>(
    service: &'a Service,
    case: CaseId,
    act: &Act,
    hash: &'a str,
    blobs: &'a [BlobHash],
    actor: &'a Actor,
    now: Timestamp,
) -> db::acts::Asked<'a> {
    let opens = match &act.body {
        ActBody::Open { process, plan_year } => Some((*process, *plan_year)),
        _ => None,
    };
    let target = match &act.body {
        ActBody::ChangeConvener { to, .. } => Some(to.id),
        _ => None,
    };
    let carried = match &act.body {
        ActBody::Import { carried } => carried.iter().map(|one| one.case).take(acts::MOST_CARRIED + 1).collect(),
        _ => Vec::new(),
    };
    db::acts::Asked {
        case,
        event: act.id,
        hash,
        actor,
        now,
        opens,
        target,
        blobs,
        carried,
        reviewers: acts::reviewers(&act.body),
        issues: matches!(act.body, ActBody::Issue { .. }),
        compared: None,
        office: service.office(),
    }
}

/// What an act sends of a certification, compared with what others sent, before its transaction: many have to be looked at.
pub(super) async fn compared(
    service: &Service,
    case: CaseId,
    act: &Act,
    actor: &Actor,
) -> Result<Option<db::sketches::Compared>, db::DbError> {
    match &act.body {
        ActBody::Submit { papers } | ActBody::Resubmit { papers } => {
            db::sketches::compare(service.db(), case, actor.person.id, papers).await
        }
        _ => Ok(None),
    }
}

/// The hash of everything an act says: the same id with another content is another act.
pub(crate) fn hash_of(act: &Act) -> Result<String, Failure> {
    let body = serde_json::to_vec(act).map_err(|_| Failure::new(Code::BadRequest, "the act cannot be kept"))?;
    Ok(hex::encode(Sha256::digest(body)))
}

/// Reads an act. Acts and processes that do not exist get a code of their own.
pub(super) fn known_act(body: serde_json::Value) -> Result<Act, Failure> {
    known_words(&body)?;
    serde_json::from_value(body).map_err(|_| Failure::new(Code::BadRequest, "the body is not of the shape described"))
}

fn known_words(body: &serde_json::Value) -> Result<(), Failure> {
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
