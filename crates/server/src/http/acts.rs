//! Acts on many cases at once: each as if it had come alone, all of them in one transaction.

use super::{
    Refused, Signed,
    ask::{Sent, bad_request},
    cases::{asked, compared, hash_of, known_act, seen},
};
use crate::{
    Service,
    acts::{self, Plea},
    db::{self, acts::Situation},
};
use axum::{Json, extract::State};
use domain::{
    ids::{BlobHash, CaseId},
    people::Actor,
    sync::MOST_ACTS,
};
use serde_json::{Value, json};
use wire::{
    Code, Failure,
    http::{Act, ActResult, ManyDone, SeenCase},
};

/// An act that could be read, with what the database wants to know of it.
struct Read {
    case: CaseId,
    act: Act,
    hash: String,
    blobs: Vec<BlobHash>,
}

pub(super) async fn many(
    State(service): State<Service>,
    signed: Signed,
    sent: Sent,
) -> Result<Json<ManyDone>, Refused> {
    let now = service.now();
    let Some(Value::Array(sent)) = sent.0.get("acts").cloned() else {
        return Err(bad_request("the body is not of the shape described"));
    };
    if sent.len() > MOST_ACTS {
        let limit = json!({ "limit": MOST_ACTS });
        return Err(Failure::with(Code::TooManyCases, limit, "too many acts at once").into());
    }
    // What cannot be read is refused at its place, like what the rules refuse.
    let read: Vec<Result<Read, Failure>> = sent.into_iter().map(read).collect();
    let actor = &signed.actor;
    let mut pleas = Vec::new();
    for Read { case, act, hash, blobs } in read.iter().flatten() {
        let judge = |situation: Situation| acts::judge(&Plea { case: *case, act: act.clone(), actor, now }, &situation);
        let mut asked = asked(&service, *case, act, hash, blobs, actor, now);
        asked.compared = compared(&service, *case, act, actor).await?;
        pleas.push((asked, judge));
    }
    let mut judged = db::acts::carry_out_all(service.db(), pleas).await?.into_iter();
    service.look_for_mail();
    let results = read.iter().map(|read| match read {
        Err(failure) => refused(failure.clone()),
        Ok(_) => match judged.next() {
            Some(Ok((seq, case))) => ActResult { seq: Some(seq), case: head(case, actor), refused: None },
            Some(Err(failure)) => refused(failure),
            None => refused(Failure::new(Code::Internal, "an act was not judged")),
        },
    });
    Ok(Json(ManyDone { results: results.collect() }))
}

fn read(body: Value) -> Result<Read, Failure> {
    let case = body.get("case").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let case = case.ok_or_else(|| Failure::new(Code::BadId, "the id is not an id"))?;
    let act = known_act(body)?;
    Ok(Read { case, hash: hash_of(&act)?, blobs: acts::blobs(&act.body), act })
}

fn refused(failure: Failure) -> ActResult {
    ActResult { seq: None, case: None, refused: Some(failure) }
}

/// The case as far as the person sees it, without its papers: nothing that goes many at once changes them for those who judge,
/// and five hundred times the papers would be a long way over a poor line.
fn head(case: domain::case::Case, actor: &Actor) -> Option<SeenCase> {
    let mut seen = seen(case, actor)?;
    seen.case.papers.clear();
    Some(seen)
}
