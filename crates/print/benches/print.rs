//! How long a 申請表 takes to become paper and to become the pictures beside the form: the first time in a program, and
//! again after every change. The first time needs a program of its own, so this one starts itself for it.

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use domain::{
    form::{Answers, FormDef, FormId, Packs, check},
    policy::Policy,
    time::PlanYear,
};
use print::{Fonts, Header, Preview, PrintRequest, Tag, Typeface};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf, process::Command, time::Instant};

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
    let typical = sample("typical");
    let three = (1..60).map(|rows| with_rows(&typical, rows)).find(|answers| pages(&fonts, answers) == 3);
    let three = three.expect("more rows of the schedule need more pages").rows("schedule").len();
    println!("3 pages: the typical sample with {three} rows of the schedule");
    measure(&fonts, "3 pages", &format!("typical {three}"), &with_rows(&typical, three));
    let fullest = sample("fullest");
    let rows = fullest.rows("schedule").len();
    measure(&fonts, &format!("{} pages", pages(&fonts, &fullest)), &format!("fullest {rows}"), &fullest);
}

/// The four figures of one paper; `name` tells a program of its own which it is.
fn measure(fonts: &Fonts, pages: &str, name: &str, answers: &Answers) {
    for (what, word) in [("pdf", "print"), ("svg", "preview")] {
        let first: Vec<f64> = (0..FIRST_ROUNDS).map(|_| ask(&format!("{what} {name}"))).collect();
        figures::spread(&format!("first {word}, {pages}"), &first);
        let preview = Preview::new(fonts.clone());
        let warm: Vec<f64> = (0..WARM_ROUNDS)
            .map(|round| {
                let mut answers = answers.clone();
                let text = format!("{}。{round}", answers.text("expected_outcomes"));
                answers.0.insert("expected_outcomes".to_owned(), json!(text));
                set(fonts, &preview, what, answers)
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
    let answers = with_rows(&sample(name), rows.parse().expect("a number of rows"));
    let fonts = load();
    let preview = Preview::new(fonts.clone());
    println!("{}", set(&fonts, &preview, what, answers));
}

/// Sets a paper once, as PDF or as pictures; milliseconds.
fn set(fonts: &Fonts, preview: &Preview, what: &str, answers: Answers) -> f64 {
    with_request(answers, |request| {
        let start = Instant::now();
        if what == "pdf" {
            print::render(fonts, request).expect("the sample prints");
        } else {
            preview.pages(request).expect("the sample can be drawn");
        }
        figures::since(start)
    })
}

fn pages(fonts: &Fonts, answers: &Answers) -> u32 {
    with_request(answers.clone(), |request| print::render(fonts, request).expect("the sample prints").layout.pages)
}

fn with_request<T>(answers: Answers, act: impl FnOnce(&PrintRequest<'_>) -> T) -> T {
    let id: FormId = "plc_application".parse().expect("a form's id");
    let (form, _): (&FormDef, _) = Packs::built_in().for_year(&id, PlanYear(111)).expect("the form is built in");
    let policy: Policy = Packs::built_in().policy(PlanYear(111), Some("連江縣"));
    let checked = check(form, answers, &policy);
    let computed: &BTreeMap<String, Value> = &checked.computed;
    act(&PrintRequest {
        form,
        answers: &checked.answers,
        computed,
        policy: &policy,
        header: Header { plan_year: 111, county: "連江縣", school: "縣立介壽國(中)小" },
        tag: Tag::Draft,
        typeface: Typeface::Serif,
    })
}

/// The answers with so many rows of the schedule: its own, from the first again when they are used up.
fn with_rows(answers: &Answers, rows: usize) -> Answers {
    let mut more = answers.clone();
    let rows: Vec<Value> = answers.rows("schedule").iter().cycle().take(rows).cloned().collect();
    more.0.insert("schedule".to_owned(), rows.into());
    more
}

fn sample(name: &str) -> Answers {
    let file = root().join(format!("forms/plc_application/v111/samples/{name}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sample: Value = serde_json::from_str(&text).expect("samples are JSON");
    serde_json::from_value(sample["answers"].take()).expect("samples have answers")
}

fn load() -> Fonts {
    let folder = std::env::var_os("PROTEACHER_FONTS").map_or_else(|| root().join(".build/fonts"), PathBuf::from);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "ttf"));
    paths.sort();
    Fonts::load(paths.iter().map(|path| std::fs::read(path).expect("the font can be read"))).expect("the papers' fonts")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
