//! A form that drops a question. What becomes of a draft when a form asks more is judged on the packs' own samples, in `tests/packs.rs`.

use crate::sample::answers;
use domain::{
    form::{FormDef, Packs, migrate},
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
