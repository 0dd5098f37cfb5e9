//! How long a 申請表 takes to become paper and to become the pictures beside the form: the first time in a program, and
//! again after every change. The first time needs a program of its own, so this one starts itself for it.

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;
mod paper;

use domain::{
    form::{Answers, FormDef, FormId, Packs},
    time::PlanYear,
};
use paper::{load, sample, with_request, with_rows};
use print::{Fonts, PrintRequest, preview, render};
use serde_json::json;
use std::{process::Command, time::Instant};

/// Milliseconds in the library, fonts loaded.
const FIRST: f64 = 200.0;
const WARM: f64 = 20.0;

const FIRST_ROUNDS: usize = 7;
const WARM_ROUNDS: usize = 60;

/// What is asked of a program that was started for one first time.
const ASKED: &str = "PRINT_BENCH_FIRST";

fn main() {
    if let Ok(asked) = std::env::var(ASKED) {
        return first_time(&asked);
    }
    let fonts = load();
    let typical = sample(application(), "typical");
    let three = (1..60).map(|rows| with_rows(&typical, rows)).find(|answers| pages(&fonts, answers) == 3);
    let three = three.expect("more rows of the schedule need more pages").rows("schedule").len();
    println!("3 pages: the typical sample with {three} rows of the schedule");
    measure(&fonts, "3 pages", &format!("typical {three}"), &with_rows(&typical, three));
    let fullest = sample(application(), "fullest");
    let rows = fullest.rows("schedule").len();
    measure(&fonts, &format!("{} pages", pages(&fonts, &fullest)), &format!("fullest {rows}"), &fullest);
}

/// The four figures of one paper; `name` tells a program of its own which it is.
fn measure(fonts: &Fonts, pages: &str, name: &str, answers: &Answers) {
    for (what, word) in [("pdf", "print"), ("svg", "preview")] {
        let first: Vec<f64> = (0..FIRST_ROUNDS).map(|_| ask(&format!("{what} {name}"))).collect();
        figures::spread(&format!("first {word}, {pages}"), &first);
        let mut held = Vec::new();
        let warm: Vec<f64> = (0..WARM_ROUNDS)
            .map(|round| {
                let mut answers = answers.clone();
                let text = format!("{}。{round}", answers.text("expected_outcomes"));
                answers.0.insert("expected_outcomes".to_owned(), json!(text));
                set(fonts, &mut held, what, &answers)
            })
            .collect();
        // The first of them still fills what the others find.
        figures::spread(&format!("warm {word} after a change, {pages}"), &warm[1..]);
        // The limits are for the paper of three pages; the longer one is told beside it.
        if pages.starts_with("3 ") {
            figures::verdict(&format!("first {word} of {pages}"), figures::quantile(&first, 0.5), "ms", ..=FIRST);
            figures::verdict(&format!("warm {word} of {pages}"), figures::quantile(&warm[1..], 0.5), "ms", ..=WARM);
        }
    }
}

/// Starts this program anew for one first time; its milliseconds.
fn ask(what: &str) -> f64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).env(ASKED, what).output().expect("this program starts again");
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().unwrap_or_else(|_| panic!("{what}: {said} {}", String::from_utf8_lossy(&output.stderr)))
}

fn first_time(asked: &str) {
    let words: Vec<&str> = asked.split(' ').collect();
    let [what, name, rows] = words[..] else { panic!("{asked} is not what this program asks itself") };
    let answers = with_rows(&sample(application(), name), rows.parse().expect("a number of rows"));
    let fonts = load();
    println!("{}", set(&fonts, &mut Vec::new(), what, &answers));
}

/// Sets a paper once, as PDF or as pictures of the pages that are not `held` yet; milliseconds.
fn set(fonts: &Fonts, held: &mut Vec<String>, what: &str, answers: &Answers) -> f64 {
    with_answers(answers, |request| {
        let start = Instant::now();
        if what == "pdf" {
            render(fonts, request).expect("the sample prints");
            return figures::since(start);
        }
        let pictures = preview(fonts, request, held).expect("the sample can be drawn");
        let took = figures::since(start);
        *held = pictures.pages.into_iter().map(|page| page.hash).collect();
        took
    })
}

fn pages(fonts: &Fonts, answers: &Answers) -> u32 {
    with_answers(answers, |request| render(fonts, request).expect("the sample prints").layout.pages)
}

fn with_answers<T>(answers: &Answers, act: impl FnOnce(&PrintRequest<'_>) -> T) -> T {
    with_request(application(), answers, act)
}

fn application() -> &'static FormDef {
    let id: FormId = "plc_application".parse().expect("a form's id");
    Packs::built_in().for_year(&id, PlanYear(111)).expect("the form is built in").0
}
