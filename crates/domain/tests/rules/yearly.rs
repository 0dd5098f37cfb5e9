//! From one plan year to the next: a 社群 that goes on, a form that drops a question. What becomes of a
//! draft when a form asks more is judged on the packs' own samples, in `tests/packs.rs`.

use crate::sample::answers;
use domain::{
    form::{Answers, FormDef, Packs, Source, migrate, suggest},
    time::PlanYear,
};
use serde_json::json;

fn application(year: u16) -> &'static FormDef {
    Packs::built_in().for_year(&"plc_application".parse().unwrap(), PlanYear(year)).unwrap().0
}

/// What is not asked any more is left out of the paper and not thrown away; what nobody ever asked stays for the check to name.
#[test]
fn what_is_not_asked_any_more_is_left_out() {
    let policy = Packs::built_in().policy(PlanYear(110), None);
    let typed = answers(json!({ "plc_name": "我愛上學", "apply_funding": "是", "never_asked": 1 }));
    let migrated = migrate(application(110), &[application(111)], &policy, typed);
    assert_eq!(json!(migrated.answers), json!({ "plc_name": "我愛上學", "never_asked": 1 }));
    assert_eq!(json!(migrated.left_out), json!({ "apply_funding": "是" }));
}

/// Last year's application is carried over: the year of continuation counted up, the sessions without their days.
#[test]
fn a_community_goes_on() {
    let offered = |last: serde_json::Value, year: u16, field: &str| {
        let last = answers(last);
        let sources = [Source { form: application(year), answers: &last, plan_year: Some(year) }];
        let found = suggest(application(112), &Answers::default(), &sources, "", PlanYear(112));
        found.into_iter().find(|one| one.field == field).map(|one| one.value)
    };
    let new = json!({ "plc_name": "我愛上學", "continuity": "非續辦", "schedule": [
        { "session_date": "2022-09-14", "start_time": "13:30", "activity": "共同備課" }] });
    let third = json!({ "continuity": "續辦第幾年", "continuity_year": 3 });
    assert_eq!(offered(new.clone(), 111, "plc_name"), Some(json!("我愛上學")));
    assert_eq!(offered(new.clone(), 111, "continuity"), Some(json!("續辦第幾年")));
    assert_eq!(offered(new.clone(), 111, "continuity_year"), Some(json!(2)));
    assert_eq!(offered(third.clone(), 111, "continuity_year"), Some(json!(4)));
    assert_eq!(offered(new.clone(), 111, "schedule"), Some(json!([{ "start_time": "13:30", "activity": "共同備課" }])));
    // A gap of a year is no continuation; the rest is still of use.
    assert_eq!((offered(third, 110, "continuity"), offered(new.clone(), 110, "continuity_year")), (None, None));
    assert_eq!(offered(new, 110, "plc_name"), Some(json!("我愛上學")));
}
