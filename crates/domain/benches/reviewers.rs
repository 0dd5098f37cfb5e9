//! How long a proposal of reviewers takes for as many cases as a county ever has, and how long one case is compared with those of
//! many years.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock; the rules it measures do not")]

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use domain::{
    case::{Case, Deed, Doer, Event, Process, SentPaper, State},
    certification::{Loads, Nearest, Reviewer, Said, Sketch, Sought, propose},
    form::{Answers, FormRef},
    ids::{AccountId, CaseId, EventId},
    people::{Person, Role, School},
    remark::Remarks,
    time::{PlanYear, Timestamp},
};
use serde_json::json;
use std::{hint::black_box, time::Instant};
use uuid::Uuid;

const CASES: u128 = 5_000;
const REVIEWERS: u128 = 300;
const EARLIER: u32 = 50_000;
const ROUNDS: usize = 5;

/// Milliseconds for a proposal, and for a comparison.
const LIMIT: f64 = 1_000.0;

const SUBJECTS: [&str; 6] = ["國語", "數學", "社會", "自然", "音樂", "體育"];
const FIELDS: [&str; 6] = ["語文", "數學", "社會", "自然科學", "藝術", "健康與體育"];

fn school(number: u128) -> School {
    School { code: format!("{number:06}"), name: format!("第{number}國小"), county: "臺中市".to_owned() }
}

fn person(number: u128) -> Person {
    Person { id: AccountId(Uuid::from_u128(number)), name: format!("第{number}位") }
}

fn paper(form: &str, answers: serde_json::Value) -> SentPaper {
    let answers: Answers = serde_json::from_value(answers).expect("an object");
    let form = FormRef { id: form.parse().expect("a form's id"), version: 108, hash: String::new() };
    SentPaper { form, revision: 1, hash: String::new(), answers, stamped: None, stamped_revision: None }
}

fn case(number: u128, at: Timestamp) -> Case {
    let subject = SUBJECTS[usize::try_from(number % 6).expect("below six")];
    let mut case = Case::open(&Event {
        id: EventId(Uuid::from_u128(number)),
        case: CaseId(Uuid::from_u128(100_000 + number)),
        seq: 1,
        at,
        by: Doer { person: person(10_000 + number), role: Role::Teacher },
        to: State::FirstAssign,
        deed: Deed::Opened { process: Process::Advanced, plan_year: PlanYear(111), school: school(number % 250) },
        remarks: Remarks::default(),
    })
    .expect("an opening opens");
    case.papers.push(paper("pre_conference_a", json!({ "teacher_name": "林老師", "subject": subject })));
    case
}

fn reviewer(number: u128) -> Reviewer {
    let county = ["臺中市", "連江縣", "臺北市"].get(usize::try_from(number % 4).expect("below four"));
    let mut reviewer =
        Reviewer::unknown(person(number), county.map(|name| (*name).to_owned()), Some(school(number % 250)));
    reviewer.fields = vec![FIELDS[usize::try_from(number % 6).expect("below six")].to_owned()];
    reviewer.most = number.is_multiple_of(5).then_some(12);
    reviewer.active = !number.is_multiple_of(20);
    reviewer
}

/// Words that no other number has in common with this one, `count` characters of them.
fn words(number: u32, count: u32) -> String {
    (0..count)
        .map(|place| char::from_u32(0x4e00 + (number * 31 + place * place * 7 + place) % 20_000).unwrap_or('一'))
        .collect()
}

fn said(number: u32) -> Said {
    let papers = [
        paper("pre_conference_a", json!({ "lesson_context": words(number, 600) })),
        paper("post_conference_a", json!({ "facts": words(number + 7, 900), "insight": words(number + 13, 500) })),
    ];
    Said::in_papers(&papers, "王小明")
}

fn times(mut run: impl FnMut()) -> Vec<f64> {
    let time = |_| {
        let start = Instant::now();
        run();
        figures::since(start)
    };
    (0..ROUNDS).map(time).collect()
}

fn main() {
    let policy = domain::form::Packs::built_in().policy(PlanYear(111), None);
    let at: Timestamp = "2022-09-01T04:00:00Z".parse().expect("a moment");
    let pool: Vec<Reviewer> = (0..REVIEWERS).map(reviewer).collect();
    for wanted in [1, 2] {
        let sought = |number| {
            let mut sought = Sought::of(&case(number, at), &policy).expect("it waits for reviewers");
            sought.wanted = wanted;
            sought
        };
        let cases: Vec<Sought> = (0..CASES).map(sought).collect();
        let proposals = propose(&cases, &pool, &Loads::new());
        let given: usize = proposals.iter().map(|one| one.reviewers.len()).sum();
        println!("{CASES} cases, {REVIEWERS} reviewers, {wanted} wanted: {given} given");
        let times = times(|| drop(black_box(propose(&cases, &pool, &Loads::new()))));
        figures::spread("proposal", &times);
        figures::verdict(&format!("proposal of {wanted} median"), figures::quantile(&times, 0.5), "ms", ..=LIMIT);
    }
    // As many sketches as there are earlier cases; the words of five hundred, each a hundred times, look like all of them.
    let kept: Vec<Sketch> = (0..500).map(|number| said(number * 40).sketch()).collect();
    let mut found = 0;
    let times = times(|| {
        let mut nearest = Nearest::to(said(19_960).sketch());
        for number in 0..EARLIER {
            nearest.look(CaseId(Uuid::from_u128(u128::from(number))), &kept[(number % 500) as usize]);
        }
        found = black_box(nearest.cases().count());
    });
    println!("one case against {EARLIER} sketches: {found} to read");
    figures::spread("comparison", &times);
    figures::verdict("comparison median", figures::quantile(&times, 0.5), "ms", ..=LIMIT);
}
