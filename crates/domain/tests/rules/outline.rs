//! A case in outline says what the whole case says, and takes no text that the whole case would not be read from.

use crate::sample::{answers, handed_over, pack_answers};
use domain::{
    case::{Case, SentPaper, State},
    form::{Answers, Packs},
    list::{Listed, listed},
    outline::Outline,
    time::PlanYear,
};
use serde_json::{Value, json};

fn paper(form: &str, answers: Answers) -> SentPaper {
    let (_, form) = Packs::built_in().for_year(&form.parse().unwrap(), PlanYear(111)).unwrap();
    SentPaper {
        form: form.clone(),
        answers,
        stamped_revision: Some(1),
        ..handed_over(State::CountyCheck).papers[0].clone()
    }
}

/// A case with everything a case can have, and these answers.
fn whole(application: Value, budget: Value) -> Case {
    let mut case = handed_over(State::CountyCheck);
    case.papers = vec![paper("plc_application", answers(application)), paper("plc_budget", answers(budget))];
    case.reason = Some("請補\"章\"".to_owned());
    case.approved_amount = Some(12_680);
    case.returns = 2;
    case
}

#[test]
fn an_outline_says_what_the_case_says() {
    let typical = |form| serde_json::to_value(pack_answers(form).1).unwrap();
    let odd = json!({ "plc_name": 7, "plc_level": ["無"], "apply_funding": null, "members": [{ "name": "甲" }] });
    for (application, budget) in [
        (typical("plc_application"), typical("plc_budget")),
        (json!({ "plc_name": "我\n愛 \"上學\"", "apply_funding": "否" }), typical("plc_budget")),
        (odd, json!({ "printing": { "quantity": "x", "unit_price": [] } })),
        (json!({}), json!({})),
    ] {
        let case = whole(application, budget);
        let text = json!(case).to_string();
        let read: Case = serde_json::from_str(&text).unwrap();
        assert_eq!(read, case);
        let outline = Outline::read(&text).unwrap();
        assert_eq!(outline.listed, listed(&case));
        let mut bare = case.clone();
        bare.papers.iter_mut().for_each(|paper| paper.answers = Answers::default());
        assert_eq!(outline.case, bare);
    }
    let unsent = Case { papers: Vec::new(), ..whole(json!({}), json!({})) };
    assert_eq!(Outline::read(&json!(unsent).to_string()).unwrap().listed, Listed::default());
}

#[test]
fn what_is_no_case_has_no_outline() {
    let good = json!(whole(json!({ "plc_name": "甲" }), json!({})));
    let with = |key: &str, value: Value| {
        let mut case = good.clone();
        case[key] = value;
        case.to_string()
    };
    let answered = |value: Value| {
        let mut case = good.clone();
        case["papers"][0]["answers"] = value;
        case.to_string()
    };
    let without = |key: &str| {
        let mut case = good.clone();
        case.as_object_mut().unwrap().remove(key);
        case.to_string()
    };
    let whole = good.to_string();
    let texts = [
        with("state", json!("lost")),
        with("papers", json!({})),
        without("seq"),
        without("papers"),
        answered(json!([])),
        answered(json!("{}")),
        answered(json!(null)),
        whole[..whole.len() - 1].to_owned(),
        format!("{whole},"),
        String::new(),
    ];
    for text in texts {
        assert!(serde_json::from_str::<Case>(&text).is_err(), "{text}");
        assert!(Outline::read(&text).is_err(), "{text}");
    }
    assert!(Outline::read(&whole).is_ok());
}
