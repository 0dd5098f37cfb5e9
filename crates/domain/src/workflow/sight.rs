//! Who sees how much of a case (`workflows.md` §1.1).

use super::certifying;
use crate::{
    case::{Case, Process, State},
    certification::{Desk, Round},
    people::{Actor, Person, Role, School},
};

/// How much of a case a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Nothing: for this person the case does not exist.
    Nothing,
    /// The row of the list, with 相關訊息 and 原因訊息; no content of any form.
    Row,
    /// The papers as they were sent, and their scans.
    Papers,
    /// The own case: the drafts too.
    Own,
}

/// What `actor` sees of a case.
pub fn sight(case: &Case, actor: &Actor) -> Sight {
    match case.process {
        Process::Plc => plc(case.state, &case.owner, &case.school, actor),
        Process::Summary => summary(case.state, &case.owner, &case.school, actor),
        Process::Advanced => advanced(case, actor),
    }
}

/// A certification that is not sent is its owner's alone. The offices that run the review and those above read the papers; the school
/// sees that there is one, and reads it where it sits at the desk of the 形式審查; a reviewer reads while the round is under review
/// that they were asked in, and afterwards sees that it went on (`workflows.md` §1.1, §6.3).
fn advanced(case: &Case, actor: &Actor) -> Sight {
    let unsent = case.state == State::Preparing && case.papers.is_empty();
    match actor.role {
        Role::Teacher | Role::Principal if case.owner.id == actor.person.id => Sight::Own,
        Role::Teacher | Role::Principal => Sight::Nothing,
        Role::School if !actor.is_at(&case.school) => Sight::Nothing,
        Role::School => {
            let checks = certifying(case).and_then(|how| how.at(Desk::FormReview)) == Some(Role::School);
            if checks && case.state == State::FormReview { Sight::Papers } else { Sight::Row }
        }
        Role::County if actor.county.as_deref() != Some(case.school.county.as_str()) => Sight::Nothing,
        Role::County | Role::Ministry | Role::Platform if unsent => Sight::Row,
        Role::County | Role::Ministry | Role::Platform => Sight::Papers,
        Role::Reviewer => {
            let asked = |round: Round| case.reviewing.reviewers(round).any(|one| one.id == actor.person.id);
            match Round::of(case.state) {
                Some(round) if asked(round) => Sight::Papers,
                _ if Round::ALL.into_iter().any(asked) => Sight::Row,
                _ => Sight::Nothing,
            }
        }
    }
}

/// A 總表 is the school's; the offices above see that it is being made, and its content once it is sent (`workflows.md` §1.1, §4).
fn summary(state: State, owner: &Person, school: &School, actor: &Actor) -> Sight {
    let within = match actor.role {
        Role::School if owner.id == actor.person.id => return Sight::Own,
        Role::School => actor.is_at(school),
        Role::County => actor.county.as_deref() == Some(school.county.as_str()),
        Role::Ministry | Role::Platform => true,
        Role::Teacher | Role::Principal | Role::Reviewer => false,
    };
    match (within, state) {
        (false, _) => Sight::Nothing,
        (true, State::Sent) => Sight::Papers,
        (true, _) => Sight::Row,
    }
}

/// An application that is not sent is its owner's alone: 「申請社群，無法看見申請表內容」.
fn plc(state: State, owner: &Person, school: &School, actor: &Actor) -> Sight {
    let within = match actor.role {
        Role::Teacher | Role::Principal => {
            return if owner.id == actor.person.id { Sight::Own } else { Sight::Nothing };
        }
        Role::School => actor.is_at(school),
        Role::County => actor.county.as_deref() == Some(school.county.as_str()),
        Role::Ministry | Role::Platform => true,
        Role::Reviewer => false,
    };
    match (within, state) {
        (false, _) => Sight::Nothing,
        (true, State::Draft | State::Withdrawn) => Sight::Row,
        (true, _) => Sight::Papers,
    }
}
