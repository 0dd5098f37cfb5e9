//! 審查委員: the pool, whom a case could be given to, and proposals for many cases.

use super::{
    Refused, Signed, Words,
    ask::{Asked, Sent},
};
use crate::{Service, acts, db};
use axum::{Json, extract::State};
use domain::{
    case::Case,
    certification::Reviewer,
    ids::{AccountId, CaseId},
    people::Role,
    sync::MOST_ACTS,
};
use serde::Deserialize;
use serde_json::json;
use wire::{
    Code, Failure,
    reviewers::{ProposalAsk, ProposalPage, ReviewerPage, ReviewerPut, ReviewerRow},
};

#[derive(Debug, Deserialize)]
pub(super) struct OfCase {
    case: Option<CaseId>,
}

pub(super) async fn list(
    State(service): State<Service>,
    signed: Signed,
    Asked(of): Asked<OfCase>,
) -> Result<Json<ReviewerPage>, Refused> {
    let (actor, now) = (&signed.actor, service.now());
    if let Some(case) = of.case {
        let judge = |case: Option<&Case>| acts::may_assign(case, actor, now);
        return Ok(Json(db::reviewers::choices(service.db(), case, judge).await?));
    }
    if !matches!(actor.role, Role::County | Role::Platform) {
        return Err(Failure::new(Code::NotYours, "reviewers are kept by the platform and the counties").into());
    }
    Ok(Json(db::reviewers::kept(service.db(), |reviewer| reviewer.is_kept_by(actor)).await?))
}

pub(super) async fn put(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
    sent: Sent,
) -> Result<Json<ReviewerRow>, Refused> {
    let account: AccountId = words.id(0)?;
    let put: ReviewerPut = sent.parse()?;
    let actor = &signed.actor;
    let judge = |before: Option<Reviewer>| acts::reviewer(before, put, actor);
    Ok(Json(db::reviewers::put(service.db(), actor, account, service.now(), judge).await?))
}

pub(super) async fn propose(
    State(service): State<Service>,
    signed: Signed,
    sent: Sent,
) -> Result<Json<ProposalPage>, Refused> {
    let ask: ProposalAsk = sent.parse()?;
    if ask.cases.len() > MOST_ACTS {
        let limit = json!({ "limit": MOST_ACTS });
        return Err(Failure::with(Code::TooManyCases, limit, "too many cases at once").into());
    }
    let (actor, now) = (&signed.actor, service.now());
    let judge = |case: Option<&Case>| acts::may_propose(case, actor, now);
    Ok(Json(db::reviewers::proposal(service.db(), &ask.cases, judge).await?))
}
