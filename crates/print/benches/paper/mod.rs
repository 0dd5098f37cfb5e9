//! What the benchmarks of papers share: the packs' samples, the fonts, and a request around answers.

use domain::{
    form::{Answers, FormDef, check},
    policy::Policy,
    time::PlanYear,
};
use print::{Fonts, Header, PrintRequest, Tag, Typeface};
use serde_json::Value;
use std::{fs, path::PathBuf};

/// Calls `act` with the request that prints these answers.
pub(crate) fn with_request<T>(form: &FormDef, answers: &Answers, act: impl FnOnce(&PrintRequest<'_>) -> T) -> T {
    with_requests(&[(form, answers.clone())], |requests| act(&requests[0]))
}

/// Calls `act` with the requests that print these answers.
pub(crate) fn with_requests<T>(papers: &[(&FormDef, Answers)], act: impl FnOnce(&[PrintRequest<'_>]) -> T) -> T {
    let checked: Vec<_> = papers
        .iter()
        .map(|(form, answers)| {
            let policy: Policy = domain::form::Packs::built_in().policy(PlanYear(form.plan_year), Some("連江縣"));
            (*form, check(form, answers.clone(), &policy), policy)
        })
        .collect();
    let requests: Vec<_> = checked
        .iter()
        .map(|(form, checked, policy)| PrintRequest {
            form,
            answers: &checked.answers,
            computed: &checked.computed,
            policy,
            header: Header { plan_year: 111, county: "連江縣", school: "縣立介壽國(中)小" },
            tag: Tag::Draft,
            typeface: Typeface::Serif,
        })
        .collect();
    act(&requests)
}

/// The answers with so many rows of the schedule: its own, from the first again when they are used up.
pub(crate) fn with_rows(answers: &Answers, rows: usize) -> Answers {
    let mut more = answers.clone();
    let rows: Vec<Value> = answers.rows("schedule").iter().cycle().take(rows).cloned().collect();
    more.0.insert("schedule".to_owned(), rows.into());
    more
}

/// The answers of a sample.
pub(crate) fn sample(form: &FormDef, name: &str) -> Answers {
    let file = root().join(format!("forms/{}/v{}/samples/{name}.json", form.id, form.version));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sample: Value = serde_json::from_str(&text).expect("samples are JSON");
    serde_json::from_value(sample["answers"].take()).expect("samples have answers")
}

/// The files of the papers' fonts.
pub(crate) fn font_files() -> Vec<Vec<u8>> {
    let folder = std::env::var_os("PROTEACHER_FONTS").map_or_else(|| root().join(".build/fonts"), PathBuf::from);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "ttf"));
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("the font can be read")).collect()
}

/// The fonts as the program loads them.
pub(crate) fn load() -> Fonts {
    Fonts::load(font_files()).expect("the papers' fonts")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
