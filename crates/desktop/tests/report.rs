//! The second half of a 社群's year, at the desktops of a teacher, a school and a county: approved, the 成果報告 filled in, its
//! enclosure attached, sent once and for all, and read by everybody whom it concerns.

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{
    case::State,
    ids::CaseId,
    workflow::{Action, Missing},
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use testkit::{Caller, TestServer, paper, pdf, photo, sample};
use wire::{
    Code, Failure,
    http::{ActBody, ActDone},
    rpc::{CaseAct, FormOf, SaveDraft, ScanAttach, ScanPageOf, SignInRequest},
    views::{CaseQuery, CaseView, Delivery, PaperRow, PaperStatus},
};

const REPORT: &str = "plc_report";

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

/// Teacher-a's application, sent and waiting for the school.
async fn sent(server: &TestServer) -> CaseId {
    let caller = Caller::signed_in(&server.url(), "teacher-a").await;
    let case = caller.open_case().await;
    let scans = [pdf(1, 100), pdf(2, 100)];
    for scan in &scans {
        caller.upload(scan).await;
    }
    let papers =
        vec![paper("plc_application", "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    caller.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    case
}

async fn act(desktop: &Desktop, case: CaseId, action: Action, amount: Option<u32>) -> Result<CaseView, Failure> {
    desktop.act(CaseAct { case, action, reason: None, amount, to: None, consent: None, reviewers: Vec::new() }).await
}

fn of(case: CaseId, form: &str) -> FormOf {
    FormOf { case, form: form.parse().expect("a form's id") }
}

fn row<'a>(view: &'a CaseView, form: &str) -> &'a PaperRow {
    view.papers.iter().find(|paper| paper.form.as_str() == form).expect("the paper is there")
}

async fn fill(desktop: &Desktop, case: CaseId, answers: Value) {
    let of = of(case, REPORT);
    let changes = desktop.changes_to(case, &of.form, answers).await.expect("an object");
    desktop.save_draft(SaveDraft { case, form: of.form, changes }).await.expect("saved");
}

async fn attach(desktop: &Desktop, case: CaseId, files: &[&Path]) -> Result<CaseView, Failure> {
    let paths = files.iter().map(|file| file.display().to_string()).collect();
    let request = ScanAttach { case, form: of(case, REPORT).form, paths, files: Vec::new() };
    Ok(desktop.attach_scan(&request).await?.case)
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("the folder can be written");
    path
}

/// What still stands against sending, by its codes.
fn lacking(view: &CaseView) -> Vec<String> {
    let send = view.allowed.iter().find(|one| one.action == Action::SendReport).expect("the act is offered");
    send.missing.iter().map(|missing| json!(missing)["code"].as_str().expect("a code").to_owned()).collect()
}

#[tokio::test]
async fn a_report_goes_from_the_approval_to_the_end() {
    let server = TestServer::start();
    let folders: Vec<_> = (0..5).map(|_| tempfile::tempdir().expect("a folder")).collect();
    let case = sent(&server).await;

    // The school passes it, the county approves an amount.
    let school = signed_in(&server, folders[0].path(), "school193625").await;
    act(&school, case, Action::Pass, None).await.expect("passed");
    school.run_sync().await.expect("level");
    let county = signed_in(&server, folders[1].path(), "county-taichung").await;
    let waiting = county.list_cases(&CaseQuery::default()).await.expect("a list");
    assert!(waiting.rows.iter().any(|row| row.id == case && row.waits_for_me), "the county's list shows what waits");
    assert_eq!(county.home_view().await.expect("a page").todo.len(), 1);
    let view = act(&county, case, Action::Approve, Some(12_680)).await.expect("approved");
    assert_eq!((view.state, view.approved_amount), (State::Running, Some(12_680)));
    county.run_sync().await.expect("level");

    // On a computer that never saw the draft, the first part of the report is there already.
    let teacher = signed_in(&server, folders[2].path(), "teacher-a").await;
    let view = teacher.open_case(case).await.expect("opened");
    assert_eq!((view.state_label.as_str(), view.approved_amount), ("執行後並填寫成果報告書", Some(12_680)));
    assert_eq!(row(&view, REPORT).status, PaperStatus::Empty);
    assert_eq!(row(&view, REPORT).enclosure.as_ref().map(|name| name.zh.as_str()), Some("成果分享"));
    assert_eq!(lacking(&view), ["papers_incomplete", "enclosure_missing"]);
    let form = teacher.open_form(&of(case, REPORT)).await.expect("opened");
    let application = sample("plc_application", "typical");
    for key in ["plc_name", "plc_level", "plc_goals", "expected_outcomes", "plc_contents", "members"] {
        assert_eq!(form.answers.get(key), application.get(key), "{key}");
    }
    assert_eq!(form.answers.text("school_name"), view.school.name);

    // What is no enclosure is refused, and nothing is kept.
    let files = folders[2].path();
    let plain = pdf(7, 4000);
    let text = written(files, "成果.pdf", b"only a text");
    let sheet = written(files, "成果.xlsx", b"PK\x03\x04");
    let locked = String::from_utf8(plain.clone()).expect("a plain PDF").replace("/Root 1", "/Encrypt 9 0 R /Root 1");
    let locked = written(files, "locked.pdf", locked.as_bytes());
    let active = String::from_utf8(plain.clone()).expect("a plain PDF").replacen("xxxxxxxxxxxx", "/JavaScript ", 1);
    let active = written(files, "active.pdf", active.as_bytes());
    let (good, other) = (written(files, "good.pdf", &plain), written(files, "other.pdf", &pdf(8, 100)));
    for (wrong, code) in [
        (vec![text.as_path()], Code::NotAPdf),
        (vec![sheet.as_path()], Code::UnsupportedType),
        (vec![locked.as_path()], Code::Encrypted),
        (vec![active.as_path()], Code::ActiveContent),
        (vec![good.as_path(), other.as_path()], Code::UnsupportedType),
        (vec![files.join("gone.pdf").as_path()], Code::FileAccess),
    ] {
        assert_eq!(attach(&teacher, case, &wrong).await.expect_err("not taken").code, code, "{wrong:?}");
    }
    assert_eq!(row(&teacher.open_case(case).await.expect("opened"), REPORT).scan, None);

    // Photographs become one PDF within the limit. An enclosure may come before the answers.
    let photos = [written(files, "1.jpg", &photo(2400, 1800)), written(files, "2.jpg", &photo(2400, 1800))];
    let view = attach(&teacher, case, &[&photos[0], &photos[1]]).await.expect("taken");
    let file = row(&view, REPORT).scan.clone().expect("kept");
    assert_eq!((file.pages, file.bytes <= 2_097_152), (2, true), "{} bytes", file.bytes);
    assert_eq!(row(&view, REPORT).status, PaperStatus::Empty);
    assert_eq!(lacking(&view), ["papers_incomplete"]);
    fill(&teacher, case, json!(sample(REPORT, "typical"))).await;
    let view = teacher.open_case(case).await.expect("opened");
    assert_eq!((&row(&view, REPORT).status, lacking(&view).len()), (&PaperStatus::Ready, 0));

    // Taken away it is missed by name; a second upload takes the place of the first; later typing leaves it as it is.
    let view = teacher.remove_scan(&of(case, REPORT)).await.expect("removed");
    let PaperStatus::ToEnclose { name } = &row(&view, REPORT).status else { panic!("{:?}", row(&view, REPORT)) };
    assert_eq!(name.zh, "成果分享");
    let refused = act(&teacher, case, Action::SendReport, None).await.expect_err("without its enclosure");
    let missing: Vec<Missing> = serde_json::from_value(refused.params["missing"].clone()).expect("what is missing");
    assert_eq!(refused.code, Code::ActIncomplete);
    assert!(matches!(missing.as_slice(), [Missing::EnclosureMissing { .. }]), "{missing:?}");
    attach(&teacher, case, &[&other]).await.expect("taken");
    let view = attach(&teacher, case, &[&good]).await.expect("taken");
    let file = row(&view, REPORT).scan.clone().expect("kept");
    assert_eq!((file.bytes as usize, file.pages), (plain.len(), 1), "a clean PDF is kept byte for byte");
    let mut later = sample(REPORT, "typical");
    later.0.insert("reflection".to_owned(), json!("後來補上的一段。"));
    fill(&teacher, case, json!(later)).await;
    let view = teacher.open_case(case).await.expect("opened");
    assert_eq!((&row(&view, REPORT).status, &row(&view, REPORT).scan), (&PaperStatus::Ready, &Some(file.clone())));

    // Sent, and nothing can be done any more.
    let view = act(&teacher, case, Action::SendReport, None).await.expect("sent");
    assert_eq!((view.state, view.delivery), (State::Closed, Delivery::Queued));
    teacher.run_sync().await.expect("level");
    let view = teacher.open_case(case).await.expect("opened");
    assert_eq!((view.state_label.as_str(), view.delivery), ("結案_可彙整", Delivery::Accepted { seq: 5 }));
    assert!(view.allowed.is_empty(), "{:?}", view.allowed);
    assert_eq!(attach(&teacher, case, &[&other]).await.expect_err("closed").code, Code::NotEditable);
    assert_eq!(teacher.remove_scan(&of(case, REPORT)).await.expect_err("closed").code, Code::NotEditable);
    assert_eq!(act(&teacher, case, Action::SendReport, None).await.expect_err("closed").code, Code::NotInThisState);

    // The teacher's other computer, the school and the county: all three papers, and the enclosure.
    let other = signed_in(&server, folders[3].path(), "teacher-a").await;
    school.run_sync().await.expect("level");
    county.run_sync().await.expect("level");
    for desktop in [&teacher, &other, &school, &county] {
        let view = desktop.open_case(case).await.expect("opened");
        assert!(view.papers.len() == 3 && view.papers.iter().all(|paper| paper.viewable && !paper.editable));
        assert_eq!(row(&view, REPORT).scan, Some(file.clone()));
        assert!(view.allowed.is_empty());
        let page = ScanPageOf { case, form: of(case, REPORT).form, page: 1 };
        assert!(!desktop.scan_picture(&page).await.expect("a picture").png_base64.is_empty());
        let form = desktop.open_form(&of(case, REPORT)).await.expect("opened");
        assert_eq!((form.read_only, form.answers.text("reflection")), (true, "後來補上的一段。"));
        assert_eq!(form.answers.get("members"), application.get("members"));
    }
    // A county elsewhere hears nothing of it.
    let elsewhere = signed_in(&server, folders[4].path(), "county-lienchiang").await;
    assert_eq!(elsewhere.open_case(case).await.expect_err("not theirs").code, Code::NotFound);
}

/// An act that needs its file waits until the service has the file; a report that is sent offline arrives whole.
#[tokio::test]
async fn a_report_sent_without_a_line_arrives_with_its_enclosure() {
    let server = TestServer::start();
    let line = testkit::Line::to(server.address());
    let case = sent(&server).await;
    let office = Caller::signed_in(&server.url(), "school193625").await;
    office.act(case, 2, ActBody::Pass { sheet: None }).await.read::<ActDone>();
    let county = Caller::signed_in(&server.url(), "county-taichung").await;
    county.act(case, 3, ActBody::Approve { amount: None }).await.read::<ActDone>();
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config {
        data: folder.path().to_owned(),
        server: line.url(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: env!("CARGO_BIN_EXE_desktop-reader-probe").into(), args: Vec::new() },
        keyring: false,
    };
    let teacher = Desktop::start(config, World::real()).await.expect("started");
    let request = SignInRequest { account: "teacher-a".to_owned(), password: "demo".to_owned() };
    teacher.sign_in_with(request).await.expect("signed in");
    teacher.run_sync().await.expect("level");

    line.cut();
    fill(&teacher, case, json!(sample(REPORT, "typical"))).await;
    let outcome = written(folder.path(), "outcome.pdf", &pdf(9, 90_000));
    attach(&teacher, case, &[&outcome]).await.expect("taken");
    act(&teacher, case, Action::SendReport, None).await.expect("promised");
    assert_eq!(teacher.run_sync().await.expect_err("no line").code, Code::Offline);
    line.restore();
    line.cut_after_bytes(30_000);
    assert_eq!(teacher.run_sync().await.expect_err("cut in the middle").code, Code::Offline);
    assert_eq!(county.case(case).await.case.state, State::Running, "not without its file");
    line.restore();
    teacher.run_sync().await.expect("level");
    let seen = county.case(case).await.case;
    assert_eq!((seen.state, seen.seq), (State::Closed, 5));
    let file = seen.papers.last().and_then(|paper| paper.stamped.clone()).expect("the enclosure");
    assert_eq!(county.get(&format!("/v1/blobs/{}", file.blob)).await.status, 200);
}
