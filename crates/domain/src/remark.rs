//! 審查意見: remarks that hang on the field they are about. A reviewer asks with a return, the owner answers with what is sent
//! again, the next decision settles; every round stays readable.

use crate::{
    case::{Case, Deed, Doer, Event, State},
    certification::Round,
    form::{FormId, Packs},
    ids::RemarkId,
    time::Timestamp,
    workflow::Action,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest remark or answer, in characters.
pub const MOST_CHARS: usize = 1_000;
/// Remarks of one return, at most.
pub const MOST_REMARKS: usize = 100;

/// A remark in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Remark {
    /// Its id.
    pub id: RemarkId,
    /// With which return it came, from 1.
    pub round: u32,
    /// The round of review whose reviewer asked it; none: it came with a return. Cases kept before there was any have none.
    #[serde(default)]
    pub review: Option<Round>,
    /// The form.
    pub form: FormId,
    /// The field's key.
    pub field: String,
    /// What is asked.
    pub text: String,
    /// Who asked.
    pub by: Doer,
    /// When it was sent.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// What the owner answered.
    pub answer: Option<String>,
    /// A reviewer has seen that it is done.
    pub settled: bool,
}

/// A remark that is asked with an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NewRemark {
    /// Made where it was written.
    pub id: RemarkId,
    /// The form.
    pub form: FormId,
    /// The field's key.
    pub field: String,
    /// What is asked.
    pub text: String,
}

/// An answer that goes with an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RemarkAnswer {
    /// The remark.
    pub remark: RemarkId,
    /// What is answered.
    pub text: String,
}

/// What an act says beside itself about single fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Remarks {
    /// New remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<NewRemark>,
    /// Answers to earlier ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<RemarkAnswer>,
    /// Earlier ones that are done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<RemarkId>,
}

impl Remarks {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.answered.is_empty() && self.settled.is_empty()
    }
}

/// Why remarks cannot go with an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemarkFault {
    /// The act does not ask, answer or settle.
    #[error("this act carries no such remarks")]
    OtherAct,
    /// Too many at once.
    #[error("too many remarks at once")]
    TooMany,
    /// Blank, or longer than [`MOST_CHARS`].
    #[error("a remark is blank or too long")]
    Text,
    /// The form is not in the case, or has no such field.
    #[error("a remark is about a field that is not there")]
    Field,
    /// A new remark with the id of another.
    #[error("a remark with this id is there already")]
    Twice,
    /// An answer or a settlement of what is not open.
    #[error("there is no such open remark")]
    NotOpen,
}

/// Whether these remarks may go with this act on the case as it stands. Who may act at all is [`crate::workflow::decide`]'s.
///
/// # Errors
/// The first thing that does not fit.
pub fn fits(case: &Case, action: Action, remarks: &Remarks) -> Result<(), RemarkFault> {
    let asks = remarks.asked.is_empty() || matches!(action, Action::Return | Action::Review);
    let answers = remarks.answered.is_empty() || matches!(action, Action::Submit | Action::Resubmit);
    let settles = remarks.settled.is_empty() || matches!(action, Action::Return | Action::Review);
    if !(asks && answers && settles) {
        return Err(RemarkFault::OtherAct);
    }
    if [remarks.asked.len(), remarks.answered.len(), remarks.settled.len()].into_iter().any(|many| many > MOST_REMARKS)
    {
        return Err(RemarkFault::TooMany);
    }
    let texts = remarks.asked.iter().map(|one| &one.text).chain(remarks.answered.iter().map(|one| &one.text));
    for text in texts {
        if text.trim().is_empty() || text.chars().count() > MOST_CHARS {
            return Err(RemarkFault::Text);
        }
    }
    let mut seen: BTreeSet<RemarkId> = case.remarks.iter().map(|remark| remark.id).collect();
    for one in &remarks.asked {
        if !has_field(case, &one.form, &one.field) {
            return Err(RemarkFault::Field);
        }
        if !seen.insert(one.id) {
            return Err(RemarkFault::Twice);
        }
    }
    let is_open = |id: &RemarkId| case.remarks.iter().any(|remark| remark.id == *id && !remark.settled);
    let named = remarks.answered.iter().map(|one| &one.remark).chain(&remarks.settled);
    if named.into_iter().all(is_open) { Ok(()) } else { Err(RemarkFault::NotOpen) }
}

/// Whether a remark can hang there: on a field of a paper that was sent.
pub fn has_field(case: &Case, form: &FormId, field: &str) -> bool {
    let sent = case.paper(form);
    let def = sent.and_then(|paper| Packs::built_in().get(&paper.form.id, paper.form.version));
    def.is_some_and(|(def, _)| def.field(field).is_some())
}

/// What an event does to the remarks of its case, which it found in the state `before`; called by [`Case::apply`].
pub(crate) fn apply(case: &mut Case, event: &Event, before: State) {
    let Remarks { asked, answered, settled } = &event.remarks;
    for remark in &mut case.remarks {
        if let Some(answer) = answered.iter().find(|answer| answer.remark == remark.id) {
            remark.answer = Some(answer.text.trim().to_owned());
        }
        // What an office passes, it has nothing left to ask about; the last decision leaves nothing open.
        let passed = match event.deed {
            Deed::Passed { .. } => remark.by.role == event.by.role,
            Deed::Approved { .. } | Deed::Rejected { .. } | Deed::Published => true,
            _ => false,
        };
        remark.settled |= passed || settled.contains(&remark.id);
    }
    if matches!(event.deed, Deed::Returned { .. }) {
        case.returns += 1;
    }
    case.remarks.extend(asked.iter().map(|new| Remark {
        id: new.id,
        round: case.returns,
        review: matches!(event.deed, Deed::Reviewed { .. }).then(|| Round::under_review(before)).flatten(),
        form: new.form.clone(),
        field: new.field.clone(),
        text: new.text.trim().to_owned(),
        by: event.by.clone(),
        at: event.at,
        answer: None,
        settled: false,
    }));
}
