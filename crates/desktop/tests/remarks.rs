//! 審查意見 at three desks: written by a school without a line, read and answered by the teacher, settled, printed.

use desktop::{Config, Desktop, ReaderProgram, World, find_fonts};
use domain::{case::State, ids::CaseId, workflow::Action};
use std::path::Path;
use testkit::{Caller, TestServer, paper, pdf};
use wire::{
    Code, Failure,
    http::{ActBody, ActDone},
    rpc::{CaseAct, CaseOf, FormOf, RemarkAnswerPut, RemarkAsk, RemarkSettle, SignInRequest},
    views::{CaseView, FormView},
};

const APPLICATION: &str = "plc_application";

async fn signed_in(server: &TestServer, data: &Path, account: &str) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.url(),
        passphrase: None,
        fonts: find_fonts(None),
        reader: ReaderProgram { program: env!("CARGO_BIN_EXE_desktop-reader-probe").into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop.run_sync().await.expect("the service is there");
    desktop
}

/// Teacher-c's application, sent and waiting for the school.
async fn application(server: &TestServer) -> CaseId {
    let caller = Caller::signed_in(&server.url(), "teacher-c").await;
    let case = caller.open_case().await;
    let scans = [pdf(1, 100), pdf(2, 100)];
    for scan in &scans {
        caller.upload(scan).await;
    }
    let papers = vec![paper(APPLICATION, "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    caller.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    case
}

async fn act(desktop: &Desktop, case: CaseId, action: Action, reason: Option<&str>) -> Result<CaseView, Failure> {
    let reason = reason.map(str::to_owned);
    desktop.act(CaseAct { case, action, reason, amount: None, to: None, consent: None, reviewers: Vec::new() }).await
}

async fn form(desktop: &Desktop, case: CaseId) -> FormView {
    desktop.open_form(&FormOf { case, form: APPLICATION.parse().expect("an id") }).await.expect("opened")
}

fn ask(case: CaseId, field: &str, text: &str) -> RemarkAsk {
    RemarkAsk { case, form: APPLICATION.parse().expect("an id"), field: field.to_owned(), text: text.to_owned() }
}

#[tokio::test]
async fn remarks_are_asked_answered_settled_and_printed() {
    let server = TestServer::start();
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let case = application(&server).await;
    let school = signed_in(&server, folders[0].path(), "school-matsu").await;
    assert!(form(&school, case).await.can_remark);

    // Written at the desk; nothing of it is sent before the return, and a field that is not there takes none.
    school.ask_remark(ask(case, "plc_summary", "請補充")).await.expect("kept");
    school.ask_remark(ask(case, "plc_goals", "太短")).await.expect("kept");
    let list = school.ask_remark(ask(case, "plc_summary", "請補充學生成果")).await.expect("kept");
    let shown: Vec<(&str, &str, bool)> =
        list.rows.iter().map(|row| (row.field.as_str(), row.text.as_str(), row.sent)).collect();
    assert_eq!(shown, [("plc_summary", "請補充學生成果", false), ("plc_goals", "太短", false)]);
    let list = school.ask_remark(ask(case, "plc_goals", " ")).await.expect("taken away");
    assert_eq!(list.rows.len(), 1);
    let refused = school.ask_remark(ask(case, "nothing", "?")).await.expect_err("no such field");
    assert_eq!(refused.code, Code::NotFound);
    assert_eq!(school.print_remarks(CaseOf { case }).await.expect_err("nothing was sent").code, Code::NotFound);
    // It outlives the program.
    drop(school);
    let school = signed_in(&server, folders[0].path(), "school-matsu").await;
    assert_eq!(form(&school, case).await.remarks[0].text, "請補充學生成果");
    act(&school, case, Action::Return, Some("請看各欄意見")).await.expect("returned");
    school.run_sync().await.expect("level");

    // The teacher reads it at the field and answers there; the school sees no content until it is sent again.
    let teacher = signed_in(&server, folders[1].path(), "teacher-c").await;
    let view = teacher.open_case(case).await.expect("opened");
    assert_eq!((view.state, view.papers[0].remarks, view.papers[1].remarks), (State::Draft, 1, 0));
    let seen = form(&teacher, case).await;
    let remark = seen.remarks[0].clone();
    assert!(remark.can_answer && !remark.can_settle && !seen.can_remark && remark.sent);
    let put = |text: &str| RemarkAnswerPut { case, remark: remark.id, text: text.to_owned() };
    teacher.answer_remark(put("已補")).await.expect("kept");
    let list = teacher.answer_remark(put("已補充於第三段")).await.expect("kept");
    assert_eq!(list.rows[0].answer.as_deref(), Some("已補充於第三段"));
    let long = teacher.answer_remark(put(&"字".repeat(1001))).await.expect_err("too long");
    assert_eq!(long.code, Code::TooLarge);
    let foreign = teacher.ask_remark(ask(case, "plc_summary", "?")).await.expect_err("no reviewer");
    assert_eq!(foreign.code, Code::NotYours);

    // Sent again, the answer goes along. (The papers are sent by a caller: prints and scans are another story.)
    let caller = Caller::signed_in(&server.url(), "teacher-c").await;
    let seq = caller.case(case).await.case.seq;
    let scans = [pdf(11, 100), pdf(12, 100)];
    for scan in &scans {
        caller.upload(scan).await;
    }
    let papers = vec![paper(APPLICATION, "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    let answers = serde_json::json!({ "answered": [{ "remark": remark.id, "text": "已補充於第三段" }] });
    let act_body = wire::http::Act {
        id: uuid::Uuid::now_v7().into(),
        expect_seq: seq,
        remarks: serde_json::from_value(answers).expect("remarks"),
        body: ActBody::Submit { papers },
    };
    caller.post(&format!("/v1/cases/{case}/acts"), serde_json::json!(act_body)).await.read::<ActDone>();
    school.run_sync().await.expect("level");
    let row = form(&school, case).await.remarks.remove(0);
    assert_eq!((row.answer.as_deref(), row.can_settle), (Some("已補充於第三段"), true));

    // Settled with the next return, beside a new one of the second round.
    let settle = |settled| RemarkSettle { case, remark: remark.id, settled };
    assert!(school.settle_remark(settle(true)).await.expect("kept").rows[0].settled);
    assert!(!school.settle_remark(settle(false)).await.expect("kept").rows[0].settled);
    school.settle_remark(settle(true)).await.expect("kept");
    school.ask_remark(ask(case, "plc_goals", "目標請條列")).await.expect("kept");
    act(&school, case, Action::Return, Some("再請修正")).await.expect("returned");
    school.run_sync().await.expect("level");
    teacher.run_sync().await.expect("level");
    let rows = form(&teacher, case).await.remarks;
    let shown: Vec<(u32, bool)> = rows.iter().map(|row| (row.round, row.settled)).collect();
    assert_eq!(shown, [(1, true), (2, false)]);

    // On paper, round by round.
    let printed = teacher.print_remarks(CaseOf { case }).await.expect("printed");
    assert_eq!((printed.pages, printed.missing_glyphs), (1, Vec::new()));
    let pdf = std::fs::read(printed.path.expect("a file")).expect("written");
    assert!(pdf.starts_with(b"%PDF-"));
}

/// A return that the service refuses takes no remark with it: they are there for the next try.
#[tokio::test]
async fn a_refused_return_keeps_its_remarks() {
    let server = TestServer::start();
    let folder = tempfile::tempdir().expect("a folder");
    let case = application(&server).await;
    let school = signed_in(&server, folder.path(), "school-matsu").await;
    school.ask_remark(ask(case, "plc_summary", "請補充")).await.expect("kept");
    act(&school, case, Action::Return, Some("請看意見")).await.expect("returned");
    // Meanwhile a colleague at another computer passed it.
    let colleague = Caller::signed_in(&server.url(), "school-matsu").await;
    colleague.act(case, 2, ActBody::Pass { sheet: None }).await.read::<ActDone>();
    assert_eq!(school.run_sync().await.expect("level").refused, 1);
    let county = Caller::signed_in(&server.url(), "county-lienchiang").await;
    let back = ActBody::Return { reason: "請學校再看".to_owned(), sheet: None };
    county.act(case, 3, back).await.read::<ActDone>();
    let teacher = Caller::signed_in(&server.url(), "teacher-c").await;
    let scans = [pdf(21, 100), pdf(22, 100)];
    for scan in &scans {
        teacher.upload(scan).await;
    }
    let papers = vec![paper(APPLICATION, "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    teacher.act(case, 4, ActBody::Submit { papers }).await.read::<ActDone>();
    school.run_sync().await.expect("level");
    let rows = form(&school, case).await.remarks;
    assert_eq!(rows.iter().map(|row| (row.text.as_str(), row.sent)).collect::<Vec<_>>(), [("請補充", false)]);
    act(&school, case, Action::Return, Some("請看意見")).await.expect("returned");
    school.run_sync().await.expect("level");
    assert_eq!(teacher.case(case).await.case.remarks[0].text, "請補充");
}
