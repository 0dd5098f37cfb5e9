//! Drafts that come in field by field.

use super::{
    Refused, Signed, Words,
    ask::{Sent, bad_request},
};
use crate::{
    Service,
    acts::{not_found, sight_of},
    db,
};
use axum::{Json, extract::State};
use domain::{
    case::Case,
    certification::PICKS,
    draft::DraftHead,
    form::{FormId, Packs, content_hash},
    paper::PrintedRevision,
    people::Actor,
    workflow::{self, Sight, convener},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wire::{
    Code, Failure,
    http::{DraftPush, DraftPushed},
};

/// The longest answers of one form, in bytes of JSON.
const MOST_ANSWERS: usize = 256 * 1024;

/// Printed revisions of one form of one case.
const MOST_PRINTS: u32 = 200;

pub(super) async fn push(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
    sent: Sent,
) -> Result<Json<DraftPushed>, Refused> {
    let (case, form) = (words.case()?, words.form()?);
    let push: DraftPush = sent.parse()?;
    let body = serde_json::to_string(&push).map_err(|_| bad_request("the push cannot be kept"))?;
    let hash = hex::encode(Sha256::digest(format!("{case} {form} {body}")));
    for print in &push.printed {
        check_print(&form, print)?;
    }
    let actor = &signed.actor;
    let asked = db::drafts::Asked {
        id: push.id,
        hash: &hash,
        case,
        form: &form,
        actor: actor.person.id,
        now: service.now(),
        printed: &push.printed,
        most_prints: MOST_PRINTS,
    };
    let merge = |case: Option<&Case>, head: &mut DraftHead| merge(case, head, actor, &form, &push);
    Ok(Json(db::drafts::push(service.db(), &asked, merge).await?))
}

/// A frozen revision is what its hash says, or it is nothing.
fn check_print(form: &FormId, print: &PrintedRevision) -> Result<(), Failure> {
    if print.form.id != *form || print.revision == 0 {
        return Err(Failure::new(Code::BadRequest, "a printed revision of another form"));
    }
    let known = Packs::built_in().get(form, print.form.version).is_some_and(|(_, known)| known.hash == print.form.hash);
    if !known {
        return Err(Failure::with(Code::UnknownForm, json!({ "form": form }), "no such version of this form"));
    }
    if content_hash(&print.form, &print.answers) != print.hash {
        return Err(Failure::with(Code::HashMismatch, json!({ "form": form }), "the hash does not fit the answers"));
    }
    within(&print.answers)
}

fn within(answers: &domain::form::Answers) -> Result<(), Failure> {
    if serde_json::to_vec(answers).is_ok_and(|bytes| bytes.len() <= MOST_ANSWERS) {
        return Ok(());
    }
    Err(Failure::with(Code::TooLarge, json!({ "limit": MOST_ANSWERS }), "the answers are too long"))
}

/// While the papers are locked, a new convener's draft takes the convener's own answers and nothing else.
fn corrects(case: &Case, form: &FormId, push: &DraftPush) -> bool {
    let policy = Packs::built_in().policy(case.plan_year, Some(&case.school.county));
    let own = convener::correctable_on(case, form, &policy.convener);
    own.is_some_and(|own| push.changes.keys().all(|key| own.has(key)))
}

fn merge(
    case: Option<&Case>,
    head: &mut DraftHead,
    actor: &Actor,
    form: &FormId,
    push: &DraftPush,
) -> Result<DraftPushed, Failure> {
    let case = case.ok_or_else(not_found)?;
    match sight_of(case, actor) {
        Sight::Nothing => return Err(not_found()),
        Sight::Row | Sight::Papers => return Err(Failure::new(Code::NotYours, "a draft is its convener's alone")),
        Sight::Own => {}
    }
    let of_picks = form.as_str() == PICKS && workflow::has_open_slots(case);
    if !of_picks && !workflow::editable(case).contains(form) && !corrects(case, form, push) {
        return Err(Failure::with(Code::NotEditable, json!({ "state": case.state }), "the paper cannot be edited now"));
    }
    let clashes = head.push(push.base, &push.changes);
    within(&head.answers)?;
    Ok(DraftPushed { head: head.clone(), clashes })
}
