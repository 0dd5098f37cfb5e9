//! Who sees how much, as a matrix.

use crate::sample::{case, foreign, own, owner};
use domain::{
    case::{Case, Process, State},
    people::Role,
    workflow::{Sight, Workflow, sight},
};

fn matrix(process: Process) -> String {
    let states = Workflow::of(process).states();
    let mut lines = Vec::new();
    for role in Role::ALL {
        for (whose, actor) in [("own", own(role)), ("foreign", foreign(role))] {
            let see = |state: &State| sight(&case(*state), &actor);
            let seen: Vec<Sight> = states.iter().map(see).collect();
            let all_same = seen.iter().all(|sight| *sight == seen[0]);
            let shown = if all_same {
                format!("{:?}", seen[0])
            } else {
                states
                    .iter()
                    .zip(&seen)
                    .map(|(state, sight)| format!("{state:?}={sight:?}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            lines.push(format!("{role:?} {whose}: {shown}"));
        }
    }
    lines.join("\n")
}

#[test]
fn role_by_state_own_and_foreign() {
    insta::assert_snapshot!(matrix(Process::Plc), @r"
    Teacher own: Own
    Teacher foreign: Nothing
    Principal own: Own
    Principal foreign: Nothing
    School own: Draft=Row SchoolCheck=Papers CountyCheck=Papers Running=Papers Closed=Papers Rejected=Papers Withdrawn=Row
    School foreign: Nothing
    County own: Draft=Row SchoolCheck=Papers CountyCheck=Papers Running=Papers Closed=Papers Rejected=Papers Withdrawn=Row
    County foreign: Nothing
    Reviewer own: Nothing
    Reviewer foreign: Nothing
    Ministry own: Draft=Row SchoolCheck=Papers CountyCheck=Papers Running=Papers Closed=Papers Rejected=Papers Withdrawn=Row
    Ministry foreign: Draft=Row SchoolCheck=Papers CountyCheck=Papers Running=Papers Closed=Papers Rejected=Papers Withdrawn=Row
    Platform own: Draft=Row SchoolCheck=Papers CountyCheck=Papers Running=Papers Closed=Papers Rejected=Papers Withdrawn=Row
    Platform foreign: Draft=Row SchoolCheck=Papers CountyCheck=Papers Running=Papers Closed=Papers Rejected=Papers Withdrawn=Row
    ");
}

/// The offices above see that a 總表 is being made, and its content once it is sent; teachers see nothing of it.
#[test]
fn role_by_state_of_a_summary() {
    insta::assert_snapshot!(matrix(Process::Summary), @r"
    Teacher own: Nothing
    Teacher foreign: Nothing
    Principal own: Nothing
    Principal foreign: Nothing
    School own: Own
    School foreign: Nothing
    County own: Editing=Row Sent=Papers
    County foreign: Nothing
    Reviewer own: Nothing
    Reviewer foreign: Nothing
    Ministry own: Editing=Row Sent=Papers
    Ministry foreign: Editing=Row Sent=Papers
    Platform own: Editing=Row Sent=Papers
    Platform foreign: Editing=Row Sent=Papers
    ");
}

/// A clerk without a school, or an office without a county, is nobody's.
#[test]
fn an_account_without_its_place_sees_nothing() {
    let nowhere = |role| domain::people::Actor { school: None, county: None, ..own(role) };
    for state in State::ALL {
        for role in [Role::School, Role::County] {
            let somebodys = Case { owner: owner(), ..case(state) };
            assert_eq!(sight(&somebodys, &nowhere(role)), Sight::Nothing);
        }
    }
}
