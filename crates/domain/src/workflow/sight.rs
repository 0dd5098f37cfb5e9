//! Who sees how much of a case (`workflows.md` §1.1).

use crate::{
    case::{Process, State},
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
pub fn sight(process: Process, state: State, owner: &Person, school: &School, actor: &Actor) -> Sight {
    match process {
        Process::Plc => plc(state, owner, school, actor),
        Process::Summary => summary(state, owner, school, actor),
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
        (true, State::Draft | State::Withdrawn | State::Editing) => Sight::Row,
        (
            true,
            State::SchoolCheck | State::CountyCheck | State::Running | State::Closed | State::Rejected | State::Sent,
        ) => Sight::Papers,
    }
}
