//! 彙整: what a 總表 takes in, and when its content is not what it was.

use crate::sample::{case, form_id, now};
use domain::{
    case::{Carried, Case, SentPaper, State},
    form::{Answers, Packs, check, content_hash},
    ids::CaseId,
    summary::{Drift, drift, gather},
    time::PlanYear,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn sent(form: &str, answers: Value) -> SentPaper {
    let (_, form) = Packs::built_in().for_year(&form_id(form), PlanYear(111)).unwrap();
    let answers: Answers = serde_json::from_value(answers).unwrap();
    SentPaper {
        form: form.clone(),
        revision: 1,
        hash: content_hash(form, &answers),
        answers,
        stamped: None,
        stamped_revision: None,
    }
}

/// An application of this level, with a 概算表 of `lessons` lessons at 2,000.
fn application(number: u128, state: State, level: &str, lessons: u32, funding: &str) -> Case {
    let money = json!({ "lecturer_external_1": { "quantity": lessons, "unit_price": 2000 } });
    Case {
        id: CaseId(Uuid::from_u128(number)),
        created_at: now() + chrono::TimeDelta::minutes(i64::try_from(number).unwrap()),
        papers: vec![
            sent(
                "plc_application",
                json!({
                    "plc_name": format!("社群{number}"), "plc_level": level, "plc_contents": ["素養導向教學設計"],
                    "convener_name": "陳老師", "apply_funding": funding,
                    "members": [{ "name": "陳老師" }, { "name": "林老師" }],
                }),
            ),
            sent("plc_budget", money),
        ],
        ..case(state)
    }
}

/// As on the office's own sheet: one row for each application that passed, all levels of the county counted, 0 too.
#[test]
fn a_summary_takes_in_what_passed() {
    let policy = Packs::built_in().policy(PlanYear(111), Some("臺中市"));
    let levels: Vec<&str> = policy.list("plc_levels").iter().map(|level| level.zh.as_str()).collect();
    let cases = [
        application(3, State::Closed, levels[0], 1, "是"),
        application(1, State::CountyCheck, levels[1], 3, "是"),
        application(2, State::Running, levels[1], 4, "否"),
        application(4, State::Draft, levels[0], 1, "是"),
        application(5, State::SchoolCheck, levels[0], 1, "是"),
        application(6, State::Rejected, levels[0], 1, "是"),
        application(7, State::Withdrawn, levels[0], 1, "是"),
    ];
    let gathered = gather(&cases, &policy);
    let items = gathered.changes["items"].as_array().unwrap();
    let short = |item: &Value| (item["plc_name"].clone(), item["amount"].clone(), item["member_count"].clone());
    assert_eq!(
        items.iter().map(short).collect::<Vec<_>>(),
        [
            (json!("社群1"), json!(6000), json!(2)),
            (json!("社群2"), json!(0), json!(2)),
            (json!("社群3"), json!(2000), json!(2)),
        ],
        "in the order in which they were opened; without funds, none"
    );
    assert_eq!(items[0]["plc_contents"], json!(["素養導向教學設計"]));
    let counts = gathered.changes["level_counts"].as_array().unwrap();
    let counts: Vec<(&str, u64)> =
        counts.iter().map(|row| (row["level"].as_str().unwrap(), row["count"].as_u64().unwrap())).collect();
    assert_eq!(counts.len(), levels.len());
    assert_eq!((counts[0], counts[1], counts[2]), ((levels[0], 1), (levels[1], 2), (levels[2], 0)));
    let names: Vec<&str> = gathered.carried.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["社群1", "社群2", "社群3"]);
}

/// What is taken in fits the form: with the school's own data it is complete, and its totals are the sums.
#[test]
fn what_is_taken_in_is_a_complete_summary() {
    let policy = Packs::built_in().policy(PlanYear(111), Some("臺中市"));
    let level = policy.list("plc_levels")[0].zh.clone();
    let cases =
        [application(1, State::CountyCheck, &level, 3, "是"), application(2, State::CountyCheck, &level, 1, "是")];
    let (def, _) = Packs::built_in().for_year(&form_id("plc_summary"), PlanYear(111)).unwrap();
    let mut answers: Answers = serde_json::from_value(json!({
        "school_name": "臺中市立國小", "class_count": 25, "student_count": 400, "teacher_count": 50,
        "principal_name": "陳校長", "principal_phone": "04-2222222", "principal_email": "principal@example.edu.tw",
        "handler_name_title": "林雅婷 教務主任", "handler_phone": "04-2222222", "handler_email": "handler@example.edu.tw",
    }))
    .unwrap();
    domain::draft::apply(&mut answers, &gather(&cases, &policy).changes);
    let checked = check(def, answers, &policy);
    assert_eq!(checked.problems, []);
    assert_eq!((&checked.computed["plc_total"], &checked.computed["funding_total"]), (&json!(2), &json!(8000)));
}

#[test]
fn what_changed_since_is_named() {
    let policy = Packs::built_in().policy(PlanYear(111), Some("臺中市"));
    let at = |state, lessons| application(1, state, "校本研習", lessons, "是");
    let was: Vec<Carried> = gather(&[at(State::CountyCheck, 3)], &policy).carried;
    let name = || "社群1".to_owned();
    assert_eq!(drift(&was, &[at(State::CountyCheck, 3)]), []);
    // Going on is no change: approved and closed applications stay in the 總表.
    assert_eq!(drift(&was, &[at(State::Running, 3)]), []);
    assert_eq!(drift(&was, &[at(State::Draft, 3)]), [Drift::Gone { name: name() }]);
    assert_eq!(drift(&was, &[at(State::Rejected, 3)]), [Drift::Gone { name: name() }]);
    assert_eq!(drift(&was, &[]), [Drift::Gone { name: name() }]);
    assert_eq!(drift(&was, &[at(State::CountyCheck, 4)]), [Drift::Changed { name: name() }]);
    let second = application(2, State::CountyCheck, "校本研習", 1, "是");
    assert_eq!(drift(&was, &[at(State::CountyCheck, 3), second]), [Drift::New { name: "社群2".to_owned() }]);
}
