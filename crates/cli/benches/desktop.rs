//! How long a person waits for what the window asks most: a form that opens, typing that is saved, a list of many cases.

mod desk;
#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use desktop::Desktop;
use serde_json::{Value, json};
use std::{path::Path, process::Command, time::Instant};
use testkit::{FakeClock, TestServer, fill, sample};
use wire::{
    rpc::{FormOf, SaveDraft, SignInRequest, UnlockRequest},
    views::CaseQuery,
};

/// Milliseconds to the opened form.
const OPEN: f64 = 150.0;
/// Milliseconds to the first page of the list.
const LIST: f64 = 100.0;

/// Milliseconds of `proteacher print`, from file to file, in a program of its own.
const PRINT: f64 = 250.0;

const SCHEDULE_ROWS: usize = 10;
const CASES: u32 = 10_000;
const ROUNDS: usize = 200;
const PRINTS: usize = 11;

#[tokio::main]
async fn main() {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    print(folder.path());
    form(&server, &folder.path().join("teacher")).await;
    list(&server, &folder.path().join("school")).await;
}

async fn signed_in(server: &TestServer, data: &Path, account: &str) -> Desktop {
    let desktop = desk::desktop(data, &server.url(), server.clock()).await;
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("a demo person signs in");
    desktop
}

/// A form with ten rows: opened in a program just unlocked, opened again, saved.
async fn form(server: &TestServer, data: &Path) {
    let desktop = signed_in(server, data, "teacher-a").await;
    let case = desktop.new_plc_case().await.expect("a teacher may open a case").id;
    let of = FormOf { case, form: "plc_application".parse().expect("a form's id") };
    let mut answers = sample("plc_application", "typical");
    let rows: Vec<Value> = answers.rows("schedule").iter().cycle().take(SCHEDULE_ROWS).cloned().collect();
    answers.0.insert("schedule".to_owned(), rows.into());
    let changes = desktop.changes_to(case, &of.form, answers.0.into()).await.expect("answers are an object");
    desktop.save_draft(SaveDraft { case, form: of.form.clone(), changes }).await.expect("a draft is saved");
    drop(desktop);

    let desktop = desk::desktop(data, &server.url(), &FakeClock::default()).await;
    let start = Instant::now();
    let unlock = UnlockRequest { account: "teacher-a".to_owned(), passphrase: None };
    desktop.unlock_with(unlock).await.expect("the passphrase opens the store");
    println!("unlocking with the passphrase: {:.0} ms", figures::since(start));
    let start = Instant::now();
    let view = desktop.open_form(&of).await.expect("the form opens");
    let first = figures::since(start);
    assert_eq!(view.answers.rows("schedule").len(), SCHEDULE_ROWS);
    let mut opened = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        // As it goes to the screen: opening is over when the view is text.
        let view = desktop.open_form(&of).await.expect("the form opens");
        serde_json::to_string(&view).expect("views are JSON");
        opened.push(figures::since(start));
    }
    figures::spread("opening the 申請表 with 10 rows again", &opened);
    figures::verdict("first opening of the 申請表", first, "ms", ..=OPEN);
    figures::verdict("opening of the 申請表 p99", figures::quantile(&opened, 0.99), "ms", ..=OPEN);

    let mut saved = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let changes = [("plc_goals".to_owned(), json!(format!("第{round}次儲存")))].into_iter().collect();
        let save = SaveDraft { case, form: of.form.clone(), changes };
        let start = Instant::now();
        desktop.save_draft(save).await.expect("a draft is saved");
        saved.push(figures::since(start));
    }
    figures::spread("saving one changed field, checked and on the disk", &saved);
}

/// The command line's print of the 申請表: the program starts, loads its fonts, checks, sets and writes.
fn print(folder: &Path) {
    let (answers, pdf) = (folder.join("answers.json"), folder.join("printed.pdf"));
    let text = serde_json::to_string(&sample("plc_application", "typical")).expect("answers are JSON");
    std::fs::write(&answers, text).expect("the folder can be written");
    let times: Vec<f64> = (0..PRINTS)
        .map(|_| {
            let start = Instant::now();
            let done = Command::new(env!("CARGO_BIN_EXE_proteacher"))
                .arg("--data")
                .arg(folder.join("print"))
                .args(["print", "plc_application"])
                .arg(&answers)
                .arg("-o")
                .arg(&pdf)
                .output()
                .expect("the program starts");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            figures::since(start)
        })
        .collect();
    figures::spread("proteacher print, file to file", &times);
    figures::verdict("proteacher print", figures::quantile(&times, 0.5), "ms", ..=PRINT);
}

/// The school's list of all cases of its teachers.
async fn list(server: &TestServer, data: &Path) {
    fill(server, CASES).await;
    let desktop = signed_in(server, data, "school193625").await;
    let start = Instant::now();
    // A sync may leave further pages of changes to the next one.
    while desktop.run_sync().await.expect("the service is there").received > 0 {}
    println!("receiving {CASES} cases: {:.1} s", figures::since(start) / 1000.0);
    for (name, keyword) in [("first page of the list", None), ("first page of a search", Some("市北測試10".to_owned()))]
    {
        let query = CaseQuery { keyword, ..CaseQuery::default() };
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let list = desktop.list_cases(&query).await.expect("the list opens");
            serde_json::to_string(&list).expect("views are JSON");
            times.push(figures::since(start));
            assert!(list.rows.len() > 100 && (query.keyword.is_some() || list.total >= CASES), "{}", list.total);
        }
        figures::spread(&format!("{name}, {CASES} cases"), &times);
        figures::verdict(&format!("{name} median"), figures::quantile(&times, 0.5), "ms", ..=LIST);
        figures::verdict(&format!("{name} p99"), figures::quantile(&times, 0.99), "ms", ..=LIST);
    }
}
