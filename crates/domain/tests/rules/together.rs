//! Checks over the papers of one case, each with papers that agree and papers that do not.

use crate::sample::answers;
use domain::{
    form::{Beside, Packs, TOGETHER_CHECKS, check_together},
    policy::Policy,
    time::PlanYear,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const APPLICANT: &str = "林測試";

fn policy() -> Policy {
    Packs::built_in().policy(PlanYear(111), None)
}

/// What is found, as `form.field code`.
fn found(papers: &[(&str, Value)]) -> Vec<String> {
    let filled: Vec<_> = papers
        .iter()
        .map(|(form, given)| {
            let (def, _) = Packs::built_in().for_year(&form.parse().unwrap(), PlanYear(111)).unwrap();
            (def, answers(given.clone()))
        })
        .collect();
    let beside: Vec<Beside<'_>> = filled.iter().map(|(form, answers)| Beside { form, answers }).collect();
    let problems = check_together(&beside, APPLICANT, &policy());
    problems.iter().map(|(form, problem)| format!("{form}.{} {}", problem.field, problem.code)).collect()
}

/// Papers of a certification that agree with each other.
fn agreeing() -> Vec<(&'static str, Value)> {
    vec![
        (
            "open_class_proof",
            json!({ "teacher_name": APPLICANT, "lessons": [{ "obs_date": "2022-10-05" }, { "obs_date": "2022-12-01" }] }),
        ),
        (
            "plc_participation_proof",
            json!({ "teacher_name": APPLICANT, "plc_name": "我愛上學", "period_from": "2022-09-01", "period_to": "2023-01-20" }),
        ),
        ("pre_conference_a", json!({ "teacher_name": "王同儕", "pre_date": "2022-11-01" })),
        ("obs_anecdotal", json!({ "teacher_name": "王同儕", "obs_date": "2022-11-03" })),
        ("post_conference_a", json!({ "teacher_name": "王同儕", "post_date": "2022-11-04" })),
        (
            "adv_checklist",
            json!({ "teacher_name": APPLICANT, "c3_date": "2022-10-05", "c4_pre_date": "2022-11-01", "c4_obs_date": "2022-11-03",
                "c4_post_date": "2022-11-04", "c5_from": "2022-09-01", "c5_to": "2023-01-20" }),
        ),
        (
            "plc_application",
            json!({ "plc_name": "我愛上學", "apply_funding": "是", "convener_name": APPLICANT, "schedule": [
                { "session_date": "2022-09-14" }, { "session_date": "2022-10-12" }, { "session_date": "2022-11-16" } ] }),
        ),
        ("plc_budget", json!({ "lecturer_external_1": { "quantity": 3, "unit_price": 2000 } })),
        (
            "plc_summary",
            json!({ "items": [{ "plc_name": "別的社群", "amount": 1 }, { "plc_name": "我愛上學", "amount": 6000 }] }),
        ),
    ]
}

fn changed(form: &str, changes: &Value) -> Vec<(&'static str, Value)> {
    let mut papers = agreeing();
    let (_, answers) = papers.iter_mut().find(|(id, _)| *id == form).unwrap();
    for (key, value) in changes.as_object().unwrap() {
        answers[key] = value.clone();
    }
    papers
}

#[test]
fn papers_that_agree_say_nothing() {
    assert_eq!(found(&agreeing()), Vec::<String>::new());
    assert_eq!(found(&[]), Vec::<String>::new());
    // Blank papers neither agree nor disagree.
    let blank: Vec<_> = agreeing().into_iter().map(|(form, _)| (form, json!({}))).collect();
    assert_eq!(found(&blank), Vec::<String>::new());
}

#[test]
fn each_disagreement_is_said_where_it_is_corrected() {
    #[rustfmt::skip]
    let table: Vec<(&str, Value, &[&str])> = vec![
        ("pre_conference_a", json!({ "pre_date": "2022-11-10" }),
            &["obs_anecdotal.obs_date out_of_order", "adv_checklist.c4_pre_date day_differs"]),
        ("post_conference_a", json!({ "post_date": "2022-11-02" }),
            &["post_conference_a.post_date out_of_order", "adv_checklist.c4_post_date day_differs"]),
        ("adv_checklist", json!({ "c4_obs_date": "2022-11-04" }), &["adv_checklist.c4_obs_date day_differs"]),
        ("adv_checklist", json!({ "c3_date": "2022-10-06" }), &["adv_checklist.c3_date day_differs"]),
        // The second lesson of the proof is as good as the first.
        ("adv_checklist", json!({ "c3_date": "2022-12-01" }), &[]),
        ("adv_checklist", json!({ "c5_to": "2023-01-21" }), &["adv_checklist.c5_to day_differs"]),
        ("obs_anecdotal", json!({ "teacher_name": " 林測試 " }), &["obs_anecdotal.teacher_name observes_oneself"]),
        ("open_class_proof", json!({ "teacher_name": "王同儕" }), &["open_class_proof.teacher_name not_the_applicant"]),
        ("plc_application", json!({ "convener_name": "王同儕" }), &["plc_application.convener_name convener_differs"]),
        ("open_class_proof", json!({ "lessons": [{ "obs_date": "2022-11-03" }] }),
            &["adv_checklist.c3_date day_differs", "open_class_proof.lessons.0.obs_date out_of_order"]),
        ("plc_participation_proof", json!({ "period_to": "2022-11-15" }),
            &["adv_checklist.c5_to day_differs", "plc_participation_proof.period_to few_activities"]),
        // Another 社群 than the one whose schedule is known.
        ("plc_participation_proof", json!({ "plc_name": "數學社群", "period_to": "2022-11-15" }),
            &["adv_checklist.c5_to day_differs"]),
        ("plc_summary", json!({ "items": [{ "plc_name": "我愛上學", "amount": 5999 }] }),
            &["plc_summary.items.0.amount funding_differs"]),
        ("plc_application", json!({ "apply_funding": "否" }),
            &["plc_summary.items.1.amount funding_differs", "plc_budget.total budget_not_wanted"]),
    ];
    for (form, changes, wanted) in table {
        assert_eq!(found(&changed(form, &changes)), wanted, "{form} {changes}");
    }
}

/// Which paper is named tells the person where the other day stands.
#[test]
fn a_finding_names_the_other_paper() {
    let (def, _) = Packs::built_in().for_year(&"pre_conference_a".parse().unwrap(), PlanYear(111)).unwrap();
    let (list, _) = Packs::built_in().for_year(&"adv_checklist".parse().unwrap(), PlanYear(111)).unwrap();
    let (pre, own) = (answers(json!({ "pre_date": "2022-11-01" })), answers(json!({ "c4_pre_date": "2022-11-02" })));
    let papers = [Beside { form: def, answers: &pre }, Beside { form: list, answers: &own }];
    let problems = check_together(&papers, APPLICANT, &policy());
    let params = &problems[0].1.params;
    assert_eq!((&params["wanted"], &params["paper"]), (&json!("2022-11-01"), &json!(def.name)));
}

/// Any JSON in any papers: findings or none, never a panic.
#[test]
fn any_shape_is_judged() {
    let shapes = [
        json!(null),
        json!(-1),
        json!("x"),
        json!("2022-13-45"),
        json!([1, "x", {}, []]),
        json!({ "a": [] }),
        json!(true),
    ];
    for shape in &shapes {
        let papers: Vec<(&str, Value)> = agreeing()
            .into_iter()
            .map(|(form, given)| {
                let keys = given.as_object().unwrap().keys();
                (form, Value::Object(keys.map(|key| (key.clone(), shape.clone())).collect()))
            })
            .collect();
        let _ = found(&papers);
    }
}

#[test]
fn every_check_has_its_own_name() {
    let names: BTreeSet<&str> = TOGETHER_CHECKS.iter().map(|check| check.name).collect();
    assert_eq!(names.len(), TOGETHER_CHECKS.len());
}
