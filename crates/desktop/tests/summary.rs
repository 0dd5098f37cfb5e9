//! A school's 總表 at its own desk: imported offline from what passed, filled in, sent, seen by the county; and
//! taken back when an application changed.

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{case::State, ids::CaseId, summary::Drift, workflow::Action};
use serde_json::json;
use std::path::Path;
use testkit::{Caller, TestServer, paper, pdf};
use wire::{
    Failure,
    http::{ActBody, ActDone},
    rpc::{CaseAct, FormOf, SaveDraft, SignInRequest},
    views::{Delivery, OwnSummary, PaperStatus, SchoolSummary, SummaryView},
};

const SUMMARY: &str = "plc_summary";

async fn signed_in(server: &TestServer, data: &Path, account: &str) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.url(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: env!("CARGO_BIN_EXE_desktop-reader-probe").into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop.run_sync().await.expect("the service is there");
    desktop
}

/// A teacher's application, sent and waiting for the school.
async fn application(server: &TestServer, account: &str, mark: u32) -> (Caller, CaseId) {
    let caller = Caller::signed_in(&server.url(), account).await;
    let case = caller.open_case().await;
    let scans = [pdf(mark, 100), pdf(mark + 1, 100)];
    for scan in &scans {
        caller.upload(scan).await;
    }
    let papers =
        vec![paper("plc_application", "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    caller.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    (caller, case)
}

async fn act(desktop: &Desktop, case: CaseId, action: Action, reason: Option<&str>) -> Result<(), Failure> {
    let reason = reason.map(str::to_owned);
    desktop
        .act(CaseAct { case, action, reason, amount: None, to: None, consent: None, reviewers: Vec::new() })
        .await
        .map(drop)
}

async fn opened(desktop: &Desktop) -> SummaryView {
    desktop.open_summary(None).await.expect("the page opens")
}

async fn own(desktop: &Desktop) -> OwnSummary {
    opened(desktop).await.own.expect("a school has one of its own")
}

async fn only_school(desktop: &Desktop) -> SchoolSummary {
    let mut schools = opened(desktop).await.schools;
    assert_eq!(schools.len(), 1);
    schools.remove(0)
}

/// 學校基本資料 as the office types them.
async fn fill(desktop: &Desktop, case: CaseId) {
    let changes = json!({
        "class_count": 9, "student_count": 120, "teacher_count": 30,
        "principal_name": "陳校長", "principal_phone": "0836-22222", "principal_email": "principal@example.edu.tw",
        "handler_name_title": "林雅婷 教務主任", "handler_phone": "0836-22222", "handler_email": "handler@example.edu.tw",
    });
    let changes = serde_json::from_value(changes).expect("an object");
    let saved = desktop.save_draft(SaveDraft { case, form: form(), changes }).await.expect("saved");
    assert_eq!(saved.problems, []);
}

fn form() -> domain::form::FormId {
    SUMMARY.parse().expect("a form's id")
}

async fn answers(desktop: &Desktop, case: CaseId) -> domain::form::Answers {
    desktop.open_form(&FormOf { case, form: form() }).await.expect("it can be looked at").answers
}

#[tokio::test]
async fn a_summary_is_made_offline_sent_and_made_anew() {
    let server = TestServer::start();
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let (teacher, case) = application(&server, "teacher-c", 1).await;
    let school = signed_in(&server, folders[0].path(), "school-matsu").await;

    // Before the formal check there is nothing to take in, and that is said.
    let page = own(&school).await;
    assert!(page.case.is_none() && page.can_import && page.ready.is_empty());
    assert_eq!(page.waiting.iter().map(|line| line.state_label.as_str()).collect::<Vec<_>>(), ["形式審"]);

    // All of it without a line: passed, imported, filled in, sent.
    act(&school, case, Action::Pass, None).await.expect("passed");
    let page = own(&school).await;
    assert_eq!((page.ready.len(), page.ready[0].amount), (1, Some(19_000)), "what this computer believes");
    let page = school.import_summary().await.expect("imported").own.expect("the school's own");
    let view = page.case.expect("it is made");
    assert_eq!((view.state, &view.delivery), (State::Editing, &Delivery::Queued));
    assert!(page.replaces && !page.withdraws && page.drift.is_empty());
    let summary = view.id;
    let items = answers(&school, summary).await;
    assert_eq!(items.rows("items")[0]["amount"], json!(19_000));
    assert_eq!(items.text("school_name"), view.school.name);
    assert!(act(&school, summary, Action::Send, None).await.is_err(), "the school's own data are missing");
    fill(&school, summary).await;
    act(&school, summary, Action::Send, None).await.expect("sent");
    let report = school.run_sync().await.expect("level");
    assert_eq!((report.refused, report.conflicts), (0, 0));
    let view = school.open_case(summary).await.expect("opened");
    assert!(matches!(view.delivery, Delivery::Accepted { .. }), "{:?}", view.delivery);
    assert_eq!((view.state, &view.papers[0].status), (State::Sent, &PaperStatus::Sent));

    // The county reads it, and cannot return it.
    let county = signed_in(&server, folders[1].path(), "county-lienchiang").await;
    let row = only_school(&county).await;
    assert_eq!((row.communities, row.amount, row.viewable), (Some(1), Some(19_000), true));
    assert_eq!(answers(&county, summary).await.text("handler_name_title"), "林雅婷 教務主任");
    assert_eq!(county.open_case(summary).await.expect("opened").allowed, []);

    // One application goes back: both see that the content has changed, and what was sent stays as it is.
    act(&county, case, Action::Return, Some("請補充")).await.expect("returned");
    county.run_sync().await.expect("level");
    school.run_sync().await.expect("level");
    let gone = [Drift::Gone { name: "我愛上學".to_owned() }];
    assert_eq!(own(&school).await.drift, gone);
    assert_eq!(only_school(&county).await.drift, gone);
    assert_eq!(answers(&county, summary).await.rows("items").len(), 1);

    // Sent again with other content, passed, imported anew: the sent copy is taken back, the school's own data stay.
    let seq = teacher.case(case).await.case.seq;
    let scans = [pdf(11, 100), pdf(12, 100)];
    for scan in &scans {
        teacher.upload(scan).await;
    }
    let mut papers =
        vec![paper("plc_application", "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    papers[0].answers.0.insert("plc_name".to_owned(), json!("我更愛上學"));
    papers[0].hash = domain::form::content_hash(&papers[0].form, &papers[0].answers);
    papers[1].answers.0.insert("plc_name".to_owned(), json!("我更愛上學"));
    papers[1].hash = domain::form::content_hash(&papers[1].form, &papers[1].answers);
    teacher.act(case, seq, ActBody::Submit { papers }).await.read::<ActDone>();
    school.run_sync().await.expect("level");
    act(&school, case, Action::Pass, None).await.expect("passed");
    let page = own(&school).await;
    assert_eq!(page.drift, [Drift::Changed { name: "我更愛上學".to_owned() }]);
    assert!(page.withdraws);
    let page = school.import_summary().await.expect("imported").own.expect("the school's own");
    assert_eq!((page.case.map(|view| view.state), page.drift), (Some(State::Editing), Vec::new()));
    let again = answers(&school, summary).await;
    assert_eq!(again.rows("items")[0]["plc_name"], json!("我更愛上學"));
    assert_eq!(again.get("class_count"), Some(&json!(9)));
    school.run_sync().await.expect("level");
    county.run_sync().await.expect("level");
    let row = only_school(&county).await;
    assert_eq!((row.viewable, row.state_label.as_deref(), row.amount), (false, Some("彙整中"), None));
    act(&school, summary, Action::Send, None).await.expect("sent");
    school.run_sync().await.expect("level");
    county.run_sync().await.expect("level");
    assert_eq!(only_school(&county).await.drift, []);
    assert_eq!(answers(&county, summary).await.rows("items")[0]["plc_name"], json!("我更愛上學"));
}

#[tokio::test]
async fn a_summary_is_no_teachers() {
    let server = TestServer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let teacher = signed_in(&server, folder.path(), "teacher-c").await;
    assert_eq!(teacher.open_summary(None).await.expect_err("not theirs").code, wire::Code::NotYours);
    assert_eq!(teacher.import_summary().await.expect_err("not theirs").code, wire::Code::NotYours);
}
