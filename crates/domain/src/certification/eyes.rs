//! Who sees what of a review (`workflows.md` §1.1, §6.2): the teacher reads what was written about the case once a round is decided
//! and never who wrote it; a reviewer reads the papers and the own sheets; the offices that run the review read everything.

use super::{Reviewing, Round, Sheet};
use crate::{
    case::{Case, Deed, Event, State},
    form::Answers,
    people::{Actor, Person, Role},
    remark::{Remark, Remarks},
    time::Timestamp,
};

/// Whether this person runs the reviews of such a case or oversees them.
fn is_office(case: &Case, actor: &Actor) -> bool {
    match actor.role {
        Role::Ministry | Role::Platform => true,
        Role::County => actor.county.as_deref() == Some(case.school.county.as_str()),
        Role::Teacher | Role::Principal | Role::School | Role::Reviewer => false,
    }
}

/// What a person may know of the review of a case beyond its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Eye {
    /// Everything.
    Office,
    /// The owner: what is decided, without names.
    Owner,
    /// Only what they wrote themselves.
    Reviewer,
    /// The school: that it goes on.
    Aside,
}

fn eye(case: &Case, actor: &Actor) -> Eye {
    match actor.role.part() {
        _ if is_office(case, actor) => Eye::Office,
        Role::Teacher if case.owner.id == actor.person.id => Eye::Owner,
        Role::Reviewer => Eye::Reviewer,
        _ => Eye::Aside,
    }
}

impl Case {
    /// Takes out of the review what `actor` may not see of it.
    pub fn hide_review(&mut self, actor: &Actor) {
        if self.reviewing.is_empty() {
            return;
        }
        let eye = eye(self, actor);
        let decided: Vec<Round> = self.reviewing.decisions.iter().map(|decision| decision.round).collect();
        // 形式審查表 is shown with a return; after the case went on it stays readable.
        let returned = self.returns > 0 || self.state != State::FormReview;
        let told = |at: Timestamp| self.reviewing.decisions.iter().any(|decision| decision.at >= at);
        let readable = |remark: &Remark| match (eye, remark.by.role == Role::Reviewer) {
            (Eye::Office, _) => true,
            (Eye::Owner, reviewers) => !reviewers || told(remark.at),
            (Eye::Reviewer, _) => remark.by.person.id == actor.person.id,
            (Eye::Aside, reviewers) => !reviewers,
        };
        let readable: Vec<bool> = self.remarks.iter().map(readable).collect();
        let mut readable = readable.into_iter();
        self.remarks.retain(|_| readable.next().unwrap_or(false));
        if eye != Eye::Office {
            let own = |by: &Person| by.id == actor.person.id;
            for remark in self.remarks.iter_mut().filter(|remark| remark.by.role == Role::Reviewer) {
                if !own(&remark.by.person) {
                    remark.by.person = Person::nobody();
                }
            }
        }
        if matches!(eye, Eye::Reviewer | Eye::Aside) {
            self.steps.iter_mut().for_each(|step| step.reason = None);
            self.reason = None;
        }
        let Reviewing { assignments, sheets, decisions, appeal_until, issued, likeness } = &mut self.reviewing;
        match eye {
            Eye::Office => {}
            Eye::Owner => {
                assignments.clear();
                *likeness = None;
                sheets.retain(|sheet| match sheet.round {
                    None => returned,
                    Some(round) => decided.contains(&round),
                });
                sheets.iter_mut().for_each(Sheet::without_name);
            }
            Eye::Reviewer => {
                let own = |by: &Person| by.id == actor.person.id;
                // How alike it is to another case is for those who judge it now.
                let round = Round::of(self.state);
                if !assignments.iter().any(|one| Some(one.round) == round && own(&one.reviewer)) {
                    *likeness = None;
                }
                assignments.retain(|one| own(&one.reviewer));
                sheets.retain(|sheet| sheet.round.is_some() && sheet.by.as_ref().is_some_and(own));
                decisions.clear();
                *appeal_until = None;
                *issued = None;
            }
            Eye::Aside => {
                assignments.clear();
                sheets.retain(|sheet| {
                    sheet.round.is_none() && sheet.by.as_ref().is_some_and(|by| by.id == actor.person.id)
                });
                decisions.clear();
                *likeness = None;
                *appeal_until = None;
            }
        }
    }
}

impl Sheet {
    fn without_name(&mut self) {
        if self.round.is_some() {
            self.by = None;
        }
    }
}

/// Takes out of the events of a case what `actor` may not see of its review.
pub(crate) fn hide_events(events: &mut [Event], case: &Case, actor: &Actor) {
    let eye = eye(case, actor);
    if eye == Eye::Office || case.reviewing.is_empty() {
        return;
    }
    let mut seen = case.clone();
    seen.hide_review(actor);
    let shown = |seq: u32| seen.reviewing.sheets.iter().any(|sheet| sheet.seq == seq);
    let asked: Vec<_> = seen.remarks.iter().map(|remark| remark.id).collect();
    for event in events {
        let seq = event.seq;
        if event.by.role == Role::Reviewer && event.by.person.id != actor.person.id {
            event.by.person = Person::nobody();
        }
        let Remarks { asked: new, .. } = &mut event.remarks;
        new.retain(|remark| asked.contains(&remark.id));
        match &mut event.deed {
            Deed::Passed { sheet } | Deed::Returned { sheet, .. } if !shown(seq) => *sheet = None,
            Deed::Assigned { reviewers } => match eye {
                Eye::Reviewer => reviewers.retain(|one| one.id == actor.person.id),
                _ => reviewers.clear(),
            },
            Deed::Reviewed { sheet } if !shown(seq) => {
                sheet.answers = Answers::default();
                sheet.hash.clear();
            }
            _ => {}
        }
        // Reasons are for the owner and the offices, as in 歷程.
        match &mut event.deed {
            Deed::Returned { reason, .. } | Deed::Decided { reason, .. } | Deed::AppealRefused { reason }
                if eye != Eye::Owner =>
            {
                reason.clear();
            }
            _ => {}
        }
    }
}
