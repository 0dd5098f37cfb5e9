//! What papers say in words, and how much of it stands in others.

use crate::sample::{answers, case, form_id, paper, person, policy};
use domain::{
    case::{Case, SentPaper, State},
    certification::{Nearest, SKETCH_REVISION, Said, likeness},
    form::FormRef,
    ids::CaseId,
    time::PlanYear,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

fn sent(form: &str, value: Value) -> SentPaper {
    let blank = paper(&form_id(form), false).sent();
    SentPaper { form: FormRef { version: 108, ..blank.form.clone() }, answers: answers(value), ..blank }
}

/// The three papers of the packs' typical samples, with what a test changes in them.
fn papers(change: impl Fn(&str, &mut Value)) -> Vec<SentPaper> {
    let samples = [
        ("pre_conference_a", include_str!("../../../../forms/pre_conference_a/v108/samples/typical.json")),
        ("obs_std105", include_str!("../../../../forms/obs_std105/v108/samples/typical.json")),
        ("post_conference_a", include_str!("../../../../forms/post_conference_a/v108/samples/typical.json")),
    ];
    let of = |(form, text): (&str, &str)| {
        let mut sample: Value = serde_json::from_str(text).unwrap();
        change(form, &mut sample["answers"]);
        sent(form, sample["answers"].take())
    };
    samples.into_iter().map(of).collect()
}

fn a_case(number: u128, papers: Vec<SentPaper>) -> Case {
    let owner = person(number, "王小明");
    Case { id: CaseId(Uuid::from_u128(number)), owner, papers, plan_year: PlanYear(110), ..case(State::FormReview) }
}

/// The typical case, and how much of it stands in another.
fn percent_in(other: Vec<SentPaper>) -> Option<u8> {
    let said = Said::of(&a_case(1, papers(|_, _| {})));
    likeness(&said, &[a_case(2, other)], &policy()).map(|found| found.percent)
}

/// 一、二… of any text: no two of the numbers have a run of characters in common.
fn words(from: u32, count: u32) -> String {
    (from..from + count).map(|number| char::from_u32(0x4e00 + number).unwrap()).collect()
}

#[test]
fn names_days_signs_and_choices_make_no_difference() {
    assert_eq!(percent_in(papers(|_, _| {})), Some(100));
    let renamed = papers(|_, answers| {
        for (key, name) in [("teacher_name", "歐陽大華"), ("observer", "陳美玲")] {
            answers[key] = json!(name);
        }
        answers["subject"] = json!("語文");
        answers["obs_date"] = json!("2020-03-02");
        answers["recording"] = json!("只錄影");
    });
    assert_eq!(percent_in(renamed), Some(100));
    // Full width, other signs, spaces and lines.
    let written_otherwise = papers(|_, answers| {
        let text =
            answers.to_string().replace('，', " ， ").replace('。', "；").replace('：', ":").replace("S12", "Ｓ１２");
        *answers = serde_json::from_str(&text).unwrap();
    });
    assert_eq!(percent_in(written_otherwise), Some(100));
}

/// Whoever hands in another's words with the own colleague's name in them hands in the other's words.
#[test]
fn a_name_within_the_words_does_not_hide_them() {
    let with = |name: &'static str| {
        papers(move |form, answers| {
            answers["teacher_name"] = json!(name);
            if form == "post_conference_a" {
                let text = answers["insight"].as_str().unwrap().replace("授課教師", name);
                answers["insight"] = json!(text);
            }
        })
    };
    let said = Said::of(&a_case(1, with("林雅婷")));
    let found = likeness(&said, &[a_case(2, with("歐陽大華"))], &policy()).unwrap();
    assert_eq!(found.percent, 100);
}

#[test]
fn how_much_of_this_one_stands_in_the_other_is_told() {
    let of = |text: String| vec![sent("post_conference_a", json!({ "facts": text }))];
    let said = |text: String| Said::in_papers(&of(text), "王小明");
    let (all, half) = (words(0, 400), words(0, 200));
    let percent = |of_this: &str, in_that: &str| {
        let other = a_case(2, of(in_that.to_owned()));
        likeness(&said(of_this.to_owned()), &[other], &policy()).map(|found| found.percent)
    };
    // 396 runs of five characters, of which the half has 196.
    assert_eq!(percent(&all, &half), Some(49));
    assert_eq!(percent(&half, &all), Some(100));
    assert_eq!(percent(&all, &words(2000, 400)), None);
    // Sixty of a hundred is not reached by 59.9.
    assert_eq!(percent(&words(0, 1004), &words(0, 603)), Some(59));
    assert_eq!(percent(&words(0, 1004), &words(0, 604)), Some(60));
    // What is like everything because of the usual words is no hint.
    assert_eq!(percent(&words(0, 1004), &words(0, 203)), None);
    assert_eq!(percent(&words(0, 1004), &words(0, 204)), Some(20));
}

#[test]
fn the_greatest_likeness_and_its_form_are_told() {
    let said = Said::of(&a_case(1, papers(|_, _| {})));
    let copied_talk = |form: &str, answers: &mut Value| {
        if form != "post_conference_a" {
            *answers = json!({ "facts": { "A-2-1": "完全不同的課堂紀錄內容，由另一位教師自行撰寫。" } });
        }
    };
    let others = [a_case(3, papers(copied_talk)), a_case(2, papers(|_, _| {})), a_case(4, papers(|_, _| {}))];
    let found = likeness(&said, &others[..1], &policy()).unwrap();
    assert_eq!((found.other, found.form.as_str()), (others[0].id, "post_conference_a"));
    assert!((20..60).contains(&found.percent), "{found:?}");
    let found = likeness(&said, &others, &policy()).unwrap();
    assert_eq!(
        (found.percent, found.other, found.other_year),
        (100, others[1].id, 110),
        "of equals always the same one"
    );
}

#[test]
fn other_papers_and_short_ones_say_nothing() {
    let proof = vec![sent("open_class_proof", json!({ "note": words(0, 900) }))];
    assert!(!Said::in_papers(&proof, "王小明").is_enough(&policy()));
    let talk = |count| Said::in_papers(&[sent("post_conference_a", json!({ "facts": words(0, count) }))], "王小明");
    assert!(!talk(199).is_enough(&policy()));
    assert!(talk(200).is_enough(&policy()));
    assert_eq!(talk(0).sketch().shingles, 0);
    assert_eq!(talk(0).sketch().containment(&talk(300).sketch()), 0.0);
}

/// Kept sketches are compared with new ones: when this changes, `SKETCH_REVISION` counts up.
#[test]
fn a_sketch_is_the_same_everywhere() {
    let sketch = Said::of(&a_case(1, papers(|_, _| {}))).sketch();
    assert_eq!(SKETCH_REVISION, 1);
    assert_eq!(sketch.numbers.len(), 128 * 4);
    insta::assert_snapshot!(format!("{} {}", sketch.shingles, &sketch.numbers[..64]), @"399 b3bc6f65617b8a584a22eced92cb9e49a44b1c770e99d5a7f781b5fd64d1d61c");
}

/// The cases that are read are the most alike of all that were looked at.
#[test]
fn the_nearest_are_found_among_many() {
    let said = |from| Said::in_papers(&[sent("post_conference_a", json!({ "facts": words(from, 400) }))], "王小明");
    let mut nearest = Nearest::to(said(0).sketch());
    // The further on, the less in common; after 400 nothing.
    for number in (0..100u32).rev() {
        nearest.look(CaseId(Uuid::from_u128(u128::from(number))), &said(number * 40).sketch());
    }
    let found: Vec<u128> = nearest.cases().map(|case| case.0.as_u128()).collect();
    assert_eq!(found.len(), 8);
    assert_eq!(found[..3], [0, 1, 2], "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// The sketch's estimate lies near the truth: 128 places err by 4 to 5 points as a rule, and hardly ever by 20.
    #[test]
    fn the_estimate_is_near(own in 200u32..2000, other in 200u32..2000, shift in 0u32..2000) {
        let said = |from, count| {
            Said::in_papers(&[sent("post_conference_a", json!({ "facts": words(from, count) }))], "王小明")
        };
        let (this, that) = (said(0, own), said(shift, other));
        let common = own.min(shift + other).saturating_sub(shift + 4);
        let exact = f64::from(common) / f64::from(own - 4);
        let about = this.sketch().containment(&that.sketch());
        prop_assert!((about - exact).abs() < 0.25, "{about} for {exact}");
    }
}
