//! 審查意見 at this desk: remarks a reviewer is writing, answers an owner is writing, and what was sent of both. What is not sent
//! lies in the store until an act carries it, and again when that act was refused: it counts as sent only when the case shows it.

use crate::{
    Desktop, Seat,
    failure::of_store,
    papers::{blocking, of_print},
};
use domain::{
    case::Case,
    certification::Round,
    form::FormId,
    ids::{CaseId, RemarkId},
    remark::{MOST_CHARS, NewRemark, Remark, RemarkAnswer, Remarks, has_field},
    workflow::{self, Action, Facts, Sight, plc, sight},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use wire::{
    Code, Failure,
    rpc::{CaseOf, RemarkAnswerPut, RemarkAsk, RemarkSettle},
    views::{Printed, RemarkList, RemarkView},
};

/// What is written and not sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Pending {
    asked: Vec<NewRemark>,
    answered: BTreeMap<RemarkId, String>,
    settled: BTreeSet<RemarkId>,
}

/// The acts that remarks go along with: 退件, and the sheet of a reviewer.
const ASKING: [Action; 2] = [Action::Return, Action::Review];
/// The acts that answers go along with.
const ANSWERING: [Action; 2] = [Action::Submit, Action::Resubmit];

fn name_of(case: CaseId) -> String {
    format!("remarks:{case}")
}

impl Seat {
    async fn pending(&self, case: &Case) -> Result<Pending, Failure> {
        let kept = self.store.meta(&name_of(case.id)).await.map_err(of_store)?;
        let mut pending: Pending = kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default();
        let known = |id: &RemarkId| case.remarks.iter().find(|remark| remark.id == *id);
        pending.asked.retain(|one| known(&one.id).is_none());
        let open = |id: &RemarkId| known(id).filter(|remark| !remark.settled);
        pending.answered.retain(|id, text| open(id).is_some_and(|remark| remark.answer.as_ref() != Some(text)));
        pending.settled.retain(|id| open(id).is_some());
        Ok(pending)
    }

    async fn keep(&self, case: CaseId, pending: &Pending) -> Result<(), Failure> {
        self.store.put_meta(&name_of(case), &json!(pending)).await.map_err(of_store)
    }

    /// What goes with an act: what was written for it, and nothing blank.
    pub(crate) async fn remarks_for(&self, case: &Case, action: Action) -> Result<Remarks, Failure> {
        if !ASKING.contains(&action) && !ANSWERING.contains(&action) {
            return Ok(Remarks::default());
        }
        let pending = self.pending(case).await?;
        Ok(match action {
            _ if ASKING.contains(&action) => Remarks {
                asked: pending.asked.into_iter().filter(|one| has_field(case, &one.form, &one.field)).collect(),
                settled: pending.settled.into_iter().collect(),
                ..Remarks::default()
            },
            _ => Remarks {
                answered: pending
                    .answered
                    .into_iter()
                    .filter(|(_, text)| !text.trim().is_empty())
                    .map(|(remark, text)| RemarkAnswer { remark, text })
                    .collect(),
                ..Remarks::default()
            },
        })
    }

    /// How many remarks, answers and marks wait for an act to carry them.
    pub(crate) async fn unsent_remarks(&self, case: &Case) -> Result<u32, Failure> {
        let Pending { asked, answered, settled } = self.pending(case).await?;
        let answered = answered.values().filter(|text| !text.trim().is_empty()).count();
        Ok(u32::try_from(asked.len() + answered + settled.len()).unwrap_or(u32::MAX))
    }

    /// Whether this person may do one of these acts now, which is what may be written at fields for it.
    fn may(&self, case: &Case, actions: &[Action], now: domain::time::Timestamp) -> bool {
        let allowed = workflow::allowed(case, &self.actor, &Facts::default(), now);
        allowed.iter().any(|allowed| actions.contains(&allowed.action))
    }

    /// Whether this person may answer remarks of this case now.
    fn may_answer(&self, case: &Case, now: domain::time::Timestamp) -> bool {
        self.may(case, &ANSWERING, now)
    }

    /// Whether this person may ask at fields of this case now.
    pub(crate) fn may_ask(&self, case: &Case, now: domain::time::Timestamp) -> bool {
        self.may(case, &ASKING, now)
    }

    /// The remarks of a form as this person sees them, oldest first, with what is not sent yet.
    pub(crate) async fn remark_views(
        &self,
        case: &Case,
        form: &FormId,
        now: domain::time::Timestamp,
    ) -> Result<Vec<RemarkView>, Failure> {
        let pending = self.pending(case).await?;
        let (asks, answers) = (self.may_ask(case, now), self.may_answer(case, now));
        let sent = case.remarks.iter().filter(|remark| remark.form == *form);
        let mut rows: Vec<RemarkView> = sent.map(|remark| sent_view(remark, &pending, asks, answers)).collect();
        let new = pending.asked.iter().filter(|one| one.form == *form);
        rows.extend(new.map(|one| RemarkView {
            id: one.id,
            field: one.field.clone(),
            round: case.returns + 1,
            review: Round::under_review(case.state),
            text: one.text.clone(),
            by: self.actor.person.name.clone(),
            at: None,
            answer: None,
            settled: false,
            sent: false,
            can_settle: false,
            can_answer: false,
        }));
        Ok(rows)
    }

    async fn list(&self, case: &Case, form: &FormId, now: domain::time::Timestamp) -> Result<RemarkList, Failure> {
        Ok(RemarkList { rows: self.remark_views(case, form, now).await?, unsent: self.unsent_remarks(case).await? })
    }

    async fn remarked_case(&self, id: CaseId) -> Result<Case, Failure> {
        let case = self.seen_case(id).await?;
        if sight(&case, &self.actor) < Sight::Papers {
            return Err(Failure::new(Code::NotFound, "this person may not see the papers now"));
        }
        Ok(case)
    }
}

fn sent_view(remark: &Remark, pending: &Pending, asks: bool, answers: bool) -> RemarkView {
    let typed = pending.answered.get(&remark.id).cloned();
    RemarkView {
        id: remark.id,
        field: remark.field.clone(),
        round: remark.round,
        review: remark.review,
        text: remark.text.clone(),
        by: remark.by.person.name.clone(),
        at: Some(remark.at),
        answer: typed.or_else(|| remark.answer.clone()),
        settled: remark.settled || pending.settled.contains(&remark.id),
        sent: true,
        can_settle: asks && !remark.settled,
        can_answer: answers && !remark.settled,
    }
}

fn too_long(text: &str) -> Result<(), Failure> {
    if text.chars().count() > MOST_CHARS {
        return Err(Failure::with(Code::TooLarge, json!({ "limit": MOST_CHARS }), "the text is too long"));
    }
    Ok(())
}

impl Desktop {
    /// Keeps what a reviewer writes at a field, to go with the act that ends the review; blank takes it away.
    ///
    /// # Errors
    /// `not_found`, `not_yours` when this person does not review the case now, `too_large`.
    pub async fn ask_remark(&self, ask: RemarkAsk) -> Result<RemarkList, Failure> {
        let seat = self.seat().await?;
        let case = seat.remarked_case(ask.case).await?;
        if !seat.may_ask(&case, self.now()) {
            return Err(Failure::new(Code::NotYours, "only who reviews the case now remarks on it"));
        }
        if !has_field(&case, &ask.form, &ask.field) {
            return Err(Failure::new(Code::NotFound, "there is no such field on a paper that was sent"));
        }
        too_long(&ask.text)?;
        let mut pending = seat.pending(&case).await?;
        let here = |one: &NewRemark| one.form == ask.form && one.field == ask.field;
        let old = pending.asked.iter().position(here);
        match (old, ask.text.trim().is_empty()) {
            (Some(at), true) => drop(pending.asked.remove(at)),
            (Some(at), false) => pending.asked[at].text = ask.text,
            (None, true) => {}
            (None, false) => pending.asked.push(NewRemark {
                id: RemarkId(self.new_id()),
                form: ask.form.clone(),
                field: ask.field,
                text: ask.text,
            }),
        }
        seat.keep(case.id, &pending).await?;
        seat.list(&case, &ask.form, self.now()).await
    }

    /// A reviewer marks a remark of an earlier round as done, or takes the mark back; it goes with the next act of theirs.
    ///
    /// # Errors
    /// `not_found`, `not_yours`.
    pub async fn settle_remark(&self, settle: RemarkSettle) -> Result<RemarkList, Failure> {
        let seat = self.seat().await?;
        let case = seat.remarked_case(settle.case).await?;
        let form = open_remark(&case, settle.remark)?.form.clone();
        if !seat.may_ask(&case, self.now()) {
            return Err(Failure::new(Code::NotYours, "only who reviews the case now settles its remarks"));
        }
        let mut pending = seat.pending(&case).await?;
        if settle.settled {
            pending.settled.insert(settle.remark);
        } else {
            pending.settled.remove(&settle.remark);
        }
        seat.keep(case.id, &pending).await?;
        seat.list(&case, &form, self.now()).await
    }

    /// Keeps what the owner answers to a remark, to go with what is sent next.
    ///
    /// # Errors
    /// `not_found`, `not_yours`, `too_large`.
    pub async fn answer_remark(&self, answer: RemarkAnswerPut) -> Result<RemarkList, Failure> {
        let seat = self.seat().await?;
        let case = seat.remarked_case(answer.case).await?;
        let form = open_remark(&case, answer.remark)?.form.clone();
        if !seat.may_answer(&case, self.now()) {
            return Err(Failure::new(Code::NotYours, "only who sends the case answers its remarks"));
        }
        too_long(&answer.text)?;
        let mut pending = seat.pending(&case).await?;
        pending.answered.insert(answer.remark, answer.text);
        seat.keep(case.id, &pending).await?;
        seat.list(&case, &form, self.now()).await
    }

    /// 審查意見 of a case as a PDF, all rounds; what is not sent yet is not on it.
    ///
    /// # Errors
    /// `not_found` when nothing was remarked, `fonts_missing`, faults of the disk.
    pub async fn print_remarks(&self, of: CaseOf) -> Result<Printed, Failure> {
        let seat = self.seat().await?;
        let case = seat.remarked_case(of.case).await?;
        if case.remarks.is_empty() {
            return Err(Failure::new(Code::NotFound, "nothing was remarked"));
        }
        let application = case.papers.iter().find(|paper| paper.form.id.as_str() == plc::APPLICATION);
        let title = application.map_or_else(String::new, |paper| paper.answers.text("plc_name").to_owned());
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let id = case.id;
        let sheet =
            blocking(move || print::remarks(&loaded.fonts, &case, &title, typeface).map_err(|error| of_print(&error)))
                .await?;
        let form = "remarks".parse().expect("a plain word is a form's id");
        let path = self.write_print(None, id, &form, 0, &sheet.pdf).await?;
        Ok(Printed {
            path: Some(path.display().to_string()),
            pages: sheet.pages,
            bytes: u32::try_from(sheet.pdf.len()).unwrap_or(u32::MAX),
            revision: 0,
            missing_glyphs: sheet.missing_glyphs,
        })
    }
}

fn open_remark(case: &Case, id: RemarkId) -> Result<&Remark, Failure> {
    let found = case.remarks.iter().find(|remark| remark.id == id && !remark.settled);
    found.ok_or_else(|| Failure::new(Code::NotFound, "there is no such open remark"))
}
