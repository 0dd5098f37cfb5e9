//! The whole trip of one application on the command line: drafted without a network, printed, stamped, scanned, sent over a
//! line that breaks, returned, corrected at two computers, sent again, passed, approved, reported on and closed.

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use testkit::{Line, TestServer, pdf, sample, stamping};

const RETURN_REASON: &str = "您好，請核章後上傳檔案，再重新送出申請。";
/// The words beside the sign cells of the 概算表.
const SIGN_WORDS: [&str; 4] = ["承辦人", "承辦主任", "會(主)計主任", "校長"];

/// One computer: its data folder, and the line it reaches the service by.
struct Computer {
    data: tempfile::TempDir,
    server: String,
}

/// What a call printed and how it ended.
#[derive(Debug)]
struct Answer {
    json: Value,
    exit: i32,
}

impl Computer {
    fn new(server: &str) -> Self {
        Self { data: tempfile::tempdir().expect("a temporary folder"), server: server.to_owned() }
    }

    fn call(&self, arguments: &[&str], stdin: &str) -> Answer {
        use std::io::Write as _;
        let mut child = Command::new(env!("CARGO_BIN_EXE_proteacher"))
            .args(["--json", "--server", &self.server, "--data"])
            .arg(self.data.path())
            .args(arguments)
            .env("PROTEACHER_PASSPHRASE", "a passphrase for tests")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        child.stdin.take().expect("piped").write_all(stdin.as_bytes()).expect("the program reads");
        let output = child.wait_with_output().expect("the program ends");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let json = serde_json::from_str(text.trim()).unwrap_or_else(|_| {
            panic!("{arguments:?} printed {text:?}; {}", String::from_utf8_lossy(&output.stderr));
        });
        Answer { json, exit: output.status.code().expect("the program ended by itself") }
    }

    /// A call that must be done.
    fn done(&self, arguments: &[&str]) -> Value {
        let answer = self.call(arguments, "");
        assert_eq!(answer.exit, 0, "{arguments:?}: {}", answer.json);
        answer.json
    }

    /// A call that must be refused with this code.
    fn refused(&self, arguments: &[&str], exit: i32, code: &str) {
        let answer = self.call(arguments, "");
        assert_eq!((answer.exit, answer.json["code"].as_str()), (exit, Some(code)), "{arguments:?}: {}", answer.json);
    }

    fn sign_in(&self, account: &str) {
        let answer = self.call(&["sign-in", "--account", account], "demo\n");
        assert_eq!(answer.exit, 0, "{}", answer.json);
    }

    fn file(&self, name: &str) -> PathBuf {
        self.data.path().join(name)
    }

    fn set(&self, case: &str, form: &str, answers: &Value) -> Value {
        let file = self.file("answers.json");
        std::fs::write(&file, answers.to_string()).expect("the folder can be written");
        self.done(&["case", "set", case, form, text(&file)])
    }

    /// Prints a form and brings back its pages with these cells stamped.
    fn print_and_stamp(&self, case: &str, form: &str, name: &str, cells: &[&str]) -> Vec<PathBuf> {
        let pdf = self.file(name);
        self.done(&["case", "print", case, form, "-o", text(&pdf)]);
        stamping::scan_with_seals(&pdf, cells)
    }

    fn attach(&self, case: &str, form: &str, pages: &[PathBuf]) -> Value {
        let mut call = vec!["case", "attach", case, form];
        call.extend(pages.iter().map(|page| text(page)));
        self.done(&call)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

/// The status of a paper of a case view.
fn paper_status<'a>(view: &'a Value, form: &str) -> &'a str {
    let papers = view["papers"].as_array().expect("a case view has papers");
    let paper = papers.iter().find(|paper| paper["form"] == form).expect("the paper is there");
    paper["status"]["type"].as_str().expect("a status")
}

fn state(view: &Value) -> (&str, &str) {
    (view["state"].as_str().expect("a state"), view["delivery"]["type"].as_str().expect("a delivery"))
}

#[test]
fn one_application_makes_the_whole_trip() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let desk = Computer::new(&line.url());
    let laptop = Computer::new(&line.url());
    let office = Computer::new(&server.url());
    desk.sign_in("teacher-a");

    // Drafted without a network.
    line.cut();
    let case = desk.done(&["case", "new", "plc"])["id"].as_str().expect("an id").to_owned();
    let application = json!(sample("plc_application", "typical"));
    desk.set(&case, "plc_application", &application);
    let view = desk.set(&case, "plc_budget", &json!(sample("plc_budget", "typical")));
    assert_eq!(state(&view), ("draft", "local"));
    assert_eq!(paper_status(&view, "plc_budget"), "to_print");
    desk.refused(&["case", "act", &case, "submit"], 4, "act_incomplete");
    desk.refused(&["sync"], 5, "offline");

    // Printed, stamped, scanned; one page lies on the glass the wrong way round.
    let pages = desk.print_and_stamp(&case, "plc_application", "application.pdf", &[]);
    stamping::turn(&pages[0]);
    let view = desk.attach(&case, "plc_application", &pages);
    assert_eq!(paper_status(&view, "plc_application"), "ready");
    let unstamped = desk.print_and_stamp(&case, "plc_budget", "budget.pdf", &SIGN_WORDS[..3]);
    let view = desk.attach(&case, "plc_budget", &unstamped);
    assert_eq!(paper_status(&view, "plc_budget"), "stamps_doubtful", "the principal's seal is missing");
    let budget = desk.print_and_stamp(&case, "plc_budget", "budget.pdf", &SIGN_WORDS);
    let view = desk.attach(&case, "plc_budget", &budget);
    assert_eq!(paper_status(&view, "plc_budget"), "ready");
    let view = desk.done(&["case", "act", &case, "submit"]);
    assert_eq!(state(&view), ("school_check", "queued"));

    // The line breaks in the middle of the upload, and again before the service's answer arrives.
    line.restore();
    line.cut_after_bytes(60_000);
    desk.refused(&["sync"], 5, "offline");
    line.restore();
    line.drop_response_to("/acts");
    desk.refused(&["sync"], 5, "offline");
    line.restore();
    desk.done(&["sync"]);
    let view = desk.done(&["case", "show", &case]);
    assert_eq!(state(&view), ("school_check", "accepted"));
    assert_eq!(view["delivery"]["seq"], 2, "opened once and sent once");

    // The school returns it.
    office.sign_in("school193625");
    let view = office.done(&["case", "show", &case]);
    assert_eq!(view["papers"].as_array().map(Vec::len), Some(2));
    office.refused(&["case", "act", &case, "return"], 4, "act_incomplete");
    office.done(&["case", "act", &case, "return", "--reason", RETURN_REASON]);
    office.done(&["sync"]);

    // Corrected at two computers; both corrections stay.
    desk.done(&["sync"]);
    let view = desk.done(&["case", "show", &case]);
    assert_eq!((state(&view), &view["reason"]), (("draft", "accepted"), &json!(RETURN_REASON)));
    laptop.sign_in("teacher-a");
    let mut at_laptop = application.clone();
    at_laptop["plc_name"] = json!("我們都愛上學");
    laptop.set(&case, "plc_application", &at_laptop);
    laptop.done(&["sync"]);
    let mut at_desk = application;
    at_desk["expected_outcomes"] = json!("每學期完成一份共備教案，並在校內分享。");
    desk.set(&case, "plc_application", &at_desk);
    let report = desk.done(&["sync"]);
    assert_eq!(report["conflicts"], 0);
    let view = desk.done(&["case", "show", &case]);
    assert_eq!(paper_status(&view, "plc_application"), "print_again", "the old scan no longer counts");

    // The old paper is not taken for the new one.
    let mut call = vec!["case", "attach", &case, "plc_application"];
    call.extend(pages.iter().map(|page| text(page)));
    desk.refused(&call, 4, "not_printed");
    let corrected = desk.print_and_stamp(&case, "plc_application", "corrected.pdf", &[]);
    desk.refused(&call, 4, "other_revision");
    desk.attach(&case, "plc_application", &corrected);
    // The 概算表 carries the new name too, so it is printed again as well.
    let budget = desk.print_and_stamp(&case, "plc_budget", "budget-2.pdf", &SIGN_WORDS);
    desk.attach(&case, "plc_budget", &budget);
    desk.done(&["case", "act", &case, "submit"]);
    desk.done(&["sync"]);

    // Passed.
    office.done(&["sync"]);
    office.done(&["case", "act", &case, "pass"]);
    office.done(&["sync"]);
    desk.done(&["sync"]);
    let view = desk.done(&["case", "show", &case]);
    assert_eq!(
        (state(&view), view["state_label"].as_str()),
        (("county_check", "accepted"), Some("執行計畫挑選_可彙整"))
    );
    assert_eq!(view["delivery"]["seq"], 5, "opened, sent, returned, sent, passed");

    // Approved; the report is sent with what belongs to it.
    let county = Computer::new(&server.url());
    county.sign_in("county-taichung");
    county.done(&["case", "act", &case, "approve", "--amount", "12680"]);
    county.done(&["sync"]);
    desk.done(&["sync"]);
    let view = desk.set(&case, "plc_report", &json!(sample("plc_report", "typical")));
    assert_eq!((paper_status(&view, "plc_report"), &view["approved_amount"]), ("to_enclose", &json!(12_680)));
    desk.refused(&["case", "act", &case, "send_report"], 4, "act_incomplete");
    let wrong = desk.file("成果.pdf");
    std::fs::write(&wrong, "no PDF").expect("the folder can be written");
    desk.refused(&["case", "attach", &case, "plc_report", text(&wrong)], 4, "not_a_pdf");
    let outcome = desk.file("outcome.pdf");
    std::fs::write(&outcome, pdf(1, 2000)).expect("the folder can be written");
    let view = desk.attach(&case, "plc_report", &[outcome]);
    assert_eq!(paper_status(&view, "plc_report"), "ready");
    desk.done(&["case", "act", &case, "send_report"]);
    desk.done(&["sync"]);
    county.done(&["sync"]);
    let view = county.done(&["case", "show", &case]);
    assert_eq!((state(&view), view["state_label"].as_str()), (("closed", "accepted"), Some("結案_可彙整")));
    assert_eq!((paper_status(&view, "plc_report"), &view["delivery"]["seq"]), ("sent", &json!(7)));
    assert_eq!(view["papers"][2]["scan"]["pages"], 1, "the county sees the enclosure");
    assert_eq!(view["steps"].as_array().map(Vec::len), Some(7), "and everything that happened");

    // The county takes its list away.
    let list = county.file("list.csv");
    let written = county.done(&["case", "list", "--export", text(&list)]);
    assert_eq!(written["rows"], 1);
    let lines = std::fs::read_to_string(&list).expect("the list is there");
    assert!(lines.contains(",12680,結案_可彙整,"), "{lines}");
    assert!(county.done(&["case", "list", "--export", text(&county.file("list.xlsx"))])["bytes"].as_u64() > Some(1000));
    county.refused(&["case", "list", "--export", text(&county.file("list.doc"))], 2, "bad_request");
}

/// 更換社群召集人 on the command line: the new convener by account, the county's consent as the reason.
#[test]
fn the_school_names_another_convener() {
    let server = TestServer::start();
    let [desk, colleague, office] = [(); 3].map(|()| Computer::new(&server.url()));
    desk.sign_in("teacher-a");
    let case = desk.done(&["case", "new", "plc"])["id"].as_str().expect("an id").to_owned();
    desk.done(&["sync"]);
    office.sign_in("school193625");
    let change = ["case", "act", &case, "change_convener"];
    let to = |account: &'static str| [&change[..], &["--to", account, "--reason", "府教專字第1號"]].concat();
    office.refused(&to("teacher-b"), 4, "not_found");
    colleague.sign_in("teacher-b");
    office.refused(&change, 2, "bad_request");
    office.refused(&[&change[..], &["--to", "teacher-b"]].concat(), 4, "act_incomplete");
    let view = office.done(&to("teacher-b"));
    assert_eq!(view["owner"]["name"], "市北測試18老師");
    office.done(&["sync"]);
    colleague.done(&["sync"]);
    assert_eq!(colleague.done(&["case", "show", &case])["owner"]["name"], "市北測試18老師");
    desk.done(&["sync"]);
    desk.refused(&["case", "show", &case], 4, "not_found");
}

#[test]
fn wrong_calls_end_with_the_right_code() {
    let nowhere = Computer::new("http://127.0.0.1:9");
    assert_eq!(nowhere.call(&["sign-in", "--account", "teacher-a"], "demo\n").exit, 5);
    nowhere.refused(&["case", "list"], 4, "not_signed_in");
    let file = nowhere.file("answers.json");
    std::fs::write(&file, "{}").expect("the folder can be written");
    nowhere.refused(&["check", "no_such_form", text(&file)], 2, "unknown_form");
    nowhere.refused(&["check", "../etc", text(&file)], 2, "unknown_form");
    assert_eq!(nowhere.call(&["check", "plc_budget", text(&file)], "").exit, 3);
    std::fs::write(&file, "[1, 2").expect("the folder can be written");
    nowhere.refused(&["check", "plc_budget", text(&file)], 2, "bad_request");
    nowhere.refused(&["check", "plc_budget", "/no/such/file.json"], 1, "file_access");
    let out = nowhere.file("out.pdf");
    nowhere.refused(&["scan", text(&file), "-o", text(&out)], 4, "unsupported_type");
    assert!(!out.exists(), "a refused scan leaves nothing behind");
}
