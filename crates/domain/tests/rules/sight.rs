//! Who sees how much, as a matrix.

use crate::sample::{foreign, home_school, own, owner};
use domain::{
    case::{Process, State},
    people::Role,
    workflow::{Sight, sight},
};

#[test]
fn role_by_state_own_and_foreign() {
    let mut lines = Vec::new();
    for role in Role::ALL {
        for (whose, actor) in [("own", own(role)), ("foreign", foreign(role))] {
            let seen = State::ALL.map(|state| sight(Process::Plc, state, &owner(), &home_school(), &actor));
            let all_same = seen.iter().all(|sight| *sight == seen[0]);
            let shown = if all_same {
                format!("{:?}", seen[0])
            } else {
                State::ALL
                    .iter()
                    .zip(&seen)
                    .map(|(state, sight)| format!("{state:?}={sight:?}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            lines.push(format!("{role:?} {whose}: {shown}"));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
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

/// A clerk without a school, or an office without a county, is nobody's.
#[test]
fn an_account_without_its_place_sees_nothing() {
    let nowhere = |role| domain::people::Actor { school: None, county: None, ..own(role) };
    for state in State::ALL {
        for role in [Role::School, Role::County] {
            assert_eq!(sight(Process::Plc, state, &owner(), &home_school(), &nowhere(role)), Sight::Nothing);
        }
    }
}
