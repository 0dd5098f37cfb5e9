//! How long the check of a 申請表 takes, which runs at every pause in typing and again at the service.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock; the rules it measures do not")]

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use domain::{
    form::{Answers, FormId, Packs, check},
    time::PlanYear,
};
use std::{hint::black_box, time::Instant};

const ROUNDS: usize = 5_000;

/// Milliseconds that the check of a full form may take.
const LIMIT: f64 = 0.5;

const SAMPLES: [(&str, &str); 2] = [
    ("typical", include_str!("../../../forms/plc_application/v111/samples/typical.json")),
    ("fullest", include_str!("../../../forms/plc_application/v111/samples/fullest.json")),
];

fn main() {
    let id: FormId = "plc_application".parse().expect("a form's id");
    let year = PlanYear(111);
    let (form, _) = Packs::built_in().for_year(&id, year).expect("the form is built in");
    let policy = Packs::built_in().policy(year, Some("連江縣"));
    for (name, text) in SAMPLES {
        let mut sample: serde_json::Value = serde_json::from_str(text).expect("samples are JSON");
        let answers: Answers = serde_json::from_value(sample["answers"].take()).expect("samples have answers");
        let problems = check(form, answers.clone(), &policy).problems.len();
        let times: Vec<f64> = (0..ROUNDS)
            .map(|_| {
                let given = answers.clone();
                let start = Instant::now();
                let checked = black_box(check(form, black_box(given), &policy));
                let time = figures::since(start);
                drop(checked);
                time
            })
            .collect();
        println!("{name}: {} rows of the schedule, {problems} problems", answers.rows("schedule").len());
        figures::spread(&format!("check of the {name} 申請表"), &times);
        figures::verdict(&format!("check {name} median"), figures::quantile(&times, 0.5), "ms", ..=LIMIT);
        figures::verdict(&format!("check {name} p99"), figures::quantile(&times, 0.99), "ms", ..=LIMIT);
    }
}
