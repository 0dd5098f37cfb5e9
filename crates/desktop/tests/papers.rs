//! Papers at one desktop: outside any case, of earlier years, with what other papers offer.

use desktop::{Config, Desktop, ReaderProgram, World, find_fonts};
use domain::{
    form::{FormId, Packs, Suggestion},
    ids::CaseId,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};
use testkit::{Caller, TestServer, paper, paper_of_year, pdf, sample};
use wire::{
    Code,
    http::{ActBody, ActDone},
    rpc::{ExportForm, FormOf, PreviewRequest, SaveDraft, SignInRequest},
    views::{CaseQuery, FileKind, FormView, PaperStatus},
};

async fn signed_in(server: &TestServer, data: &Path, account: &str) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.url(),
        passphrase: None,
        fonts: find_fonts(None),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop
}

fn of(case: CaseId, form: &str) -> FormOf {
    FormOf { case, form: form.parse().expect("a form's id") }
}

async fn fill(desktop: &Desktop, of: &FormOf, changes: Value) -> FormView {
    let changes: BTreeMap<String, Value> = serde_json::from_value(changes).expect("an object");
    desktop.save_draft(SaveDraft { case: of.case, form: of.form.clone(), changes }).await.expect("saved");
    desktop.open_form(of).await.expect("opened")
}

fn problems(view: &FormView) -> Vec<String> {
    view.problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
}

fn offered<'a>(view: &'a FormView, field: &str) -> Option<&'a Suggestion> {
    view.suggestions.iter().find(|one| one.field == field)
}

/// Every form opens, saves, shows its paper and prints without a case, for teachers and offices alike.
#[tokio::test]
async fn every_form_can_be_filled_in_outside_a_case() {
    let server = TestServer::start();
    for account in ["teacher-a", "school193625", "ministry"] {
        let data = tempfile::tempdir().expect("a folder");
        let desktop = signed_in(&server, data.path(), account).await;
        let list = desktop.list_forms().await.expect("a list");
        assert_eq!((list.case, list.rows.len()), (CaseId::LOOSE, 22));
        for row in list.rows {
            assert_eq!(row.started_at, None, "{}", row.form);
            let place = FormOf { case: list.case, form: row.form.clone() };
            let answers = sample(row.form.as_str(), "typical").0.into();
            let changes = desktop.changes_to(list.case, &row.form, answers).await.expect("an object");
            desktop.save_draft(SaveDraft { case: list.case, form: row.form.clone(), changes }).await.expect("saved");
            let view = desktop.open_form(&place).await.expect("opened");
            assert!(view.loose && !view.read_only, "{}", row.form);
            let request =
                PreviewRequest { case: list.case, form: row.form.clone(), changes: BTreeMap::new(), held: Vec::new() };
            let whole = desktop.preview(&request).await.expect("set").pages;
            assert!(!whole.is_empty() && whole.iter().all(|page| page.svg.is_some()), "{}", row.form);
            let held: Vec<String> = whole.iter().map(|page| page.hash.clone()).collect();
            let again = desktop.preview(&PreviewRequest { held: held.clone(), ..request }).await.expect("set").pages;
            let hashes: Vec<String> = again.iter().map(|page| page.hash.clone()).collect();
            assert_eq!(hashes, held, "{}", row.form);
            assert!(again.iter().all(|page| page.svg.is_none()), "{}: what is held is not sent again", row.form);
        }
        let to = data.path().join("draft.pdf");
        let printed = desktop.print(&of(CaseId::LOOSE, "obs_flanders"), Some(to.clone())).await.expect("printed");
        assert_eq!(printed.revision, 0);
        assert!(std::fs::read(to).expect("written").starts_with(b"%PDF-"));
    }
}

/// They stay on this computer: no case is there, nothing waits to be sent, the service hears nothing of them.
#[tokio::test]
async fn a_loose_paper_is_never_sent() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    let place = of(CaseId::LOOSE, "plc_application");
    let view = fill(&desktop, &place, json!({ "plc_name": "試填" })).await;
    assert_eq!((view.answers.text("plc_name"), view.paper.editable), ("試填", true));
    let report = desktop.run_sync().await.expect("the service is there");
    assert_eq!((report.sent, report.refused), (0, 0));
    assert_eq!(desktop.status_view().await.expect("a status").waiting, 0);
    assert_eq!(desktop.list_cases(&CaseQuery::default()).await.expect("a list").total, 0);
    assert_eq!(desktop.open_case(CaseId::LOOSE).await.expect_err("no case").code, Code::NotFound);
    let started = desktop.list_forms().await.expect("a list").rows;
    let started: Vec<&str> =
        started.iter().filter(|row| row.started_at.is_some()).map(|row| row.form.as_str()).collect();
    assert_eq!(started, ["plc_application"]);
    // 清空重填, which a paper of a case never is.
    let case = desktop.new_plc_case().await.expect("opened").id;
    let refused = desktop.clear_loose(&of(case, "plc_application")).await.expect_err("a case's paper");
    assert_eq!(refused.code, Code::NotEditable);
    let view = desktop.clear_loose(&place).await.expect("emptied");
    assert_eq!((view.answers.text("plc_name"), view.saved_at), ("", None));
}

/// B16: what stands on one paper is offered on the next, and goes in only when it is accepted.
#[tokio::test]
async fn answers_are_offered_from_paper_to_paper() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    let lesson = json!({ "teacher_name": "王同儕", "grade": "五年級", "subject": "國語", "unit": "水的旅行", "obs_plan_date": "2022-11-03" });
    fill(&desktop, &of(CaseId::LOOSE, "pre_conference_a"), lesson).await;
    let record = of(CaseId::LOOSE, "obs_anecdotal");
    let view = desktop.open_form(&record).await.expect("opened");
    let offer = offered(&view, "teacher_name").expect("offered");
    assert_eq!((&offer.value, offer.source.zh.contains("觀察前"), offer.plan_year), (&json!("王同儕"), true, None));
    assert_eq!(offered(&view, "obs_date").map(|one| &one.value), Some(&json!("2022-11-03")));
    assert_eq!(view.answers.text("teacher_name"), "", "offered is not put in");
    let all: serde_json::Map<String, Value> =
        view.suggestions.iter().map(|one| (one.field.clone(), one.value.clone())).collect();
    let view = fill(&desktop, &record, all.into()).await;
    assert_eq!((view.answers.text("teacher_name"), view.suggestions.len()), ("王同儕", 0));
    // A question with one possible answer is answered from the start.
    let flanders = desktop.open_form(&of(CaseId::LOOSE, "obs_flanders")).await.expect("opened");
    assert_eq!(flanders.answers.get("interval_seconds"), Some(&json!(3)));
    // What a person wrote is never offered over.
    let view = fill(&desktop, &record, json!({ "unit": "自己的單元" })).await;
    assert!(offered(&view, "unit").is_none());
}

/// A 社群 of the year before offers its facts to the next application and to the 參與證明.
#[tokio::test]
async fn a_community_of_last_year_offers_its_facts() {
    let server = TestServer::start();
    sent_in_year(&server, 110).await;
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    desktop.run_sync().await.expect("the service is there");
    let case = desktop.new_plc_case().await.expect("opened").id;
    let view = desktop.open_form(&of(case, "plc_application")).await.expect("opened");
    let before = paper_of_year("plc_application", 110, "typical", None).answers;
    let name = before.text("plc_name");
    let offer = offered(&view, "plc_name").expect("offered");
    assert_eq!((&offer.value, offer.plan_year), (&json!(name), Some(110)));
    let proof = desktop.open_form(&of(CaseId::LOOSE, "plc_participation_proof")).await.expect("opened");
    assert_eq!(offered(&proof, "plc_name").map(|one| &one.value), Some(&json!(name)));
    assert!(offered(&proof, "period_from").is_some());
}

/// Papers that contradict each other are told where they are corrected.
#[tokio::test]
async fn papers_that_contradict_each_other_are_told() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    fill(&desktop, &of(CaseId::LOOSE, "pre_conference_a"), json!({ "pre_date": "2022-11-10" })).await;
    let record = of(CaseId::LOOSE, "obs_anecdotal");
    let view = fill(&desktop, &record, json!({ "obs_date": "2022-11-03" })).await;
    assert!(problems(&view).contains(&"obs_date out_of_order".to_owned()), "{:?}", problems(&view));
    let view = fill(&desktop, &record, json!({ "obs_date": "2022-11-11" })).await;
    assert!(!problems(&view).contains(&"obs_date out_of_order".to_owned()));
    // Who is signed in observes; the lesson is somebody else's.
    let own = testkit::person("teacher-a").person.name;
    let view = fill(&desktop, &record, json!({ "teacher_name": own })).await;
    assert!(problems(&view).contains(&"teacher_name observes_oneself".to_owned()), "{:?}", problems(&view));
}

/// A case that was sent in the form of an earlier year is read, printed and exported by that form for ever.
#[tokio::test]
async fn papers_of_an_earlier_year_stay_readable_and_printable() {
    let server = TestServer::start();
    let case = sent_in_year(&server, 110).await;
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    desktop.run_sync().await.expect("the service is there");
    let application = of(case, "plc_application");
    let view = desktop.open_form(&application).await.expect("opened");
    let stage = view.def.field("teaching_stage").expect("a field");
    assert_eq!((view.def.version, stage.label.zh.as_str(), view.read_only), (110, "學等階段", true));
    assert!(view.def.field("apply_funding").is_none());
    assert_eq!(view.paper.status, PaperStatus::Sent);
    let to = data.path().join("old.pdf");
    let printed = desktop.print(&application, Some(to.clone())).await.expect("printed");
    assert_eq!((printed.revision, printed.pages > 0), (1, true));
    for (kind, name) in [(FileKind::Odt, "old.odt"), (FileKind::Docx, "old.docx")] {
        let path = data.path().join(name);
        let request = ExportForm { case, form: application.form.clone(), kind, path: path.display().to_string() };
        assert!(desktop.export_form(&request).await.expect("written").bytes > 1000);
        assert!(std::fs::read(path).expect("written").starts_with(b"PK"));
    }
    // The year that is open now has its own form.
    let next = desktop.new_plc_case().await.expect("opened").id;
    let view = desktop.open_form(&of(next, "plc_application")).await.expect("opened");
    let (newest, _) = Packs::built_in().newest().find(|(def, _)| def.id == application.form).expect("known");
    assert_eq!(view.def.version, newest.version);
}

/// The empty form in every kind of file, for every form, without anything typed.
#[tokio::test]
async fn blank_forms_are_written_in_every_kind() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    for (kind, ending, head) in
        [(FileKind::Pdf, "pdf", b"%PDF-".as_slice()), (FileKind::Odt, "odt", b"PK"), (FileKind::Docx, "docx", b"PK")]
    {
        let path = data.path().join(format!("blank.{ending}"));
        let written = desktop.write_blank("adv_checklist", kind, &path).await.expect("written");
        let bytes = std::fs::read(&path).expect("written");
        assert!(bytes.starts_with(head), "{ending}");
        assert_eq!((written.bytes as usize, written.pages > 0), (bytes.len(), kind == FileKind::Pdf));
    }
    let nowhere = data.path().join("no/such/folder/blank.pdf");
    assert_eq!(
        desktop.write_blank("adv_checklist", FileKind::Pdf, &nowhere).await.expect_err("no folder").code,
        Code::FileAccess
    );
    assert_eq!(
        desktop.write_blank("no_such_form", FileKind::Odt, &nowhere).await.expect_err("no form").code,
        Code::UnknownForm
    );
}

/// Teacher-a's case of a plan year, sent with the papers of that year; it waits for the school.
async fn sent_in_year(server: &TestServer, year: u16) -> CaseId {
    let caller = Caller::signed_in(&server.url(), "teacher-a").await;
    let case = CaseId(uuid::Uuid::now_v7());
    let open = ActBody::Open { process: domain::case::Process::Plc, plan_year: domain::time::PlanYear(year) };
    caller.act(case, 0, open).await.read::<ActDone>();
    let scans = [pdf(1, 100), pdf(2, 100)];
    for scan in &scans {
        caller.upload(scan).await;
    }
    let papers = vec![
        paper_of_year("plc_application", year, "typical", Some(&scans[0])),
        paper("plc_budget", "typical", Some(&scans[1])),
    ];
    caller.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    case
}

/// The forms of a case never include one that no pack defines.
#[tokio::test]
async fn an_unknown_form_is_refused_outside_a_case_too() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = signed_in(&server, data.path(), "teacher-a").await;
    let strange: FormId = "no_such_form".parse().expect("a form's id");
    let place = FormOf { case: CaseId::LOOSE, form: strange };
    assert_eq!(desktop.open_form(&place).await.expect_err("no form").code, Code::UnknownForm);
    assert_eq!(desktop.clear_loose(&place).await.expect_err("no form").code, Code::UnknownForm);
}
