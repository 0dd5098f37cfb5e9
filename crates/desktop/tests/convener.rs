//! 更正召集人資料 at the desk: a new convener corrects their own data on papers that are locked, without a line, and nothing else.

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{
    case::State,
    form::FormId,
    ids::CaseId,
    workflow::{Action, Missing},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};
use testkit::{Caller, Line, TestServer, paper, pdf, person};
use wire::{
    Code, Failure,
    history::DifferenceOf,
    http::{ActBody, ActDone},
    rpc::{CaseAct, FormOf, SaveDraft, SignInRequest},
    views::{CaseView, Delivery, PaperRow, PaperStatus},
};

async fn signed_in(url: &str, data: &Path, account: &str) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: url.to_owned(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop.run_sync().await.expect("the service is there");
    desktop
}

fn application() -> FormId {
    "plc_application".parse().expect("a form's id")
}

fn of(case: CaseId) -> FormOf {
    FormOf { case, form: application() }
}

async fn save(desktop: &Desktop, case: CaseId, changes: Value) -> Result<(), Failure> {
    let changes: BTreeMap<String, Value> = serde_json::from_value(changes).expect("an object");
    desktop.save_draft(SaveDraft { case, form: application(), changes }).await.map(drop)
}

async fn correct(desktop: &Desktop, case: CaseId) -> Result<CaseView, Failure> {
    let act = CaseAct {
        case,
        action: Action::CorrectConvener,
        reason: None,
        amount: None,
        to: None,
        consent: None,
        reviewers: Vec::new(),
    };
    desktop.act(act).await
}

/// What keeps 更正召集人資料 grey; none: there is no such button.
fn missing(view: &CaseView) -> Option<Vec<Missing>> {
    view.allowed.iter().find(|one| one.action == Action::CorrectConvener).map(|one| one.missing.clone())
}

fn row(view: &CaseView) -> &PaperRow {
    view.papers.iter().find(|paper| paper.form == application()).expect("the 申請表")
}

/// An application that was stamped and sent, passed by the school, and then handed to teacher-b.
async fn handed_over(server: &TestServer) -> CaseId {
    let (old, school) =
        (Caller::signed_in(&server.url(), "teacher-a").await, Caller::signed_in(&server.url(), "school193625").await);
    Caller::signed_in(&server.url(), "teacher-b").await;
    let case = old.open_case().await;
    let scans = [pdf(1, 100), pdf(2, 100)];
    for scan in &scans {
        old.upload(scan).await;
    }
    let papers =
        vec![paper("plc_application", "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    old.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    school.act(case, 2, ActBody::Pass { sheet: None }).await.read::<ActDone>();
    let change = ActBody::ChangeConvener { to: person("teacher-b").person, consent: "府教專字第1號".to_owned() };
    school.act(case, 3, change).await.read::<ActDone>();
    case
}

#[tokio::test]
async fn a_new_convener_corrects_their_own_data_without_a_line() {
    let server = TestServer::start();
    let case = handed_over(&server).await;
    let line = Line::to(server.address());
    let folders = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
    let new = signed_in(&line.url(), folders[0].path(), "teacher-b").await;
    let county = signed_in(&server.url(), folders[1].path(), "county-taichung").await;
    let name = person("teacher-b").person.name;
    line.cut();

    // Everything is shown, three answers can be typed, and their old values are pointed out.
    let view = new.open_case(case).await.expect("opened");
    assert_eq!(missing(&view), Some(vec![Missing::NothingCorrected]));
    assert_eq!((&row(&view).status, row(&view).editable, row(&view).corrects), (&PaperStatus::ToCorrect, true, true));
    assert!(view.papers.iter().filter(|paper| paper.form != application()).all(|paper| !paper.editable));
    let form = new.open_form(&of(case)).await.expect("opened");
    let only: Vec<&str> = form.only.as_ref().expect("not all").iter().map(String::as_str).collect();
    assert_eq!((only, form.read_only), (vec!["convener_name", "convener_phone", "convener_email"], false));
    let problems: Vec<String> = form.problems.iter().map(|one| format!("{} {}", one.field, one.code)).collect();
    assert_eq!(problems, ["convener_name convener_differs"]);
    let offer = form.suggestions.iter().find(|offer| offer.field == "convener_name").expect("their own name");
    assert_eq!(offer.value, json!(name));

    let refused = save(&new, case, json!({ "convener_name": name, "plc_name": "一起學英文" })).await;
    let refused = refused.expect_err("another answer");
    assert_eq!((refused.code, &refused.params["field"]), (Code::OtherFieldChanged, &json!("plc_name")));
    assert_eq!(correct(&new, case).await.expect_err("nothing typed").code, Code::ActIncomplete);
    assert_eq!(new.remove_scan(&of(case)).await.expect_err("stamped and sent").code, Code::NotEditable);
    save(&new, case, json!({ "convener_name": "", "convener_phone": null })).await.expect("saved");
    let view = new.open_case(case).await.expect("opened");
    assert_eq!(row(&view).status, PaperStatus::Unfinished { problems: 1 });
    assert_eq!(missing(&view), Some(vec![Missing::PapersIncomplete { forms: vec![application()] }]));
    save(&new, case, json!({ "convener_name": name, "convener_email": "b@example.edu.tw" })).await.expect("saved");
    let view = new.open_case(case).await.expect("opened");
    assert_eq!((&row(&view).status, missing(&view)), (&PaperStatus::Corrected, Some(Vec::new())));

    // Promised here, sent later; the case is where it was.
    let view = correct(&new, case).await.expect("promised");
    assert_eq!((view.state, &view.delivery, missing(&view)), (State::CountyCheck, &Delivery::Queued, None));
    assert_eq!((row(&view).editable, row(&view).stamped_revision), (false, Some(1)));
    line.restore();
    let report = new.run_sync().await.expect("level");
    assert_eq!(report.refused, 0);
    assert_eq!(new.open_case(case).await.expect("opened").delivery, Delivery::Accepted { seq: 5 });

    // The county sees the old copy as what it is, and what was corrected after it, without a line.
    county.run_sync().await.expect("level");
    drop(server);
    let view = county.open_case(case).await.expect("opened");
    assert_eq!(row(&view).stamped_revision, Some(1));
    assert!(row(&view).scan.is_some());
    let history = county.case_history(case).await.expect("a history");
    assert!(history.complete);
    let paper = history.papers.iter().find(|paper| paper.form == application()).expect("two versions");
    let (from, to) = (paper.compare_from.expect("the one before"), paper.versions.last().expect("the newest").seq);
    let difference = county.paper_difference(&DifferenceOf { case, form: application(), from, to }).await;
    let difference = difference.expect("both are here");
    let fields: Vec<&str> = difference.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!((fields, difference.other_file), (vec!["convener_name", "convener_phone", "convener_email"], false));
}

/// A draft that says other things too, from before the papers were locked, does not get into the correction.
#[tokio::test]
async fn what_was_typed_elsewhere_stays_out_of_the_correction() {
    let server = TestServer::start();
    let (old, new) =
        (Caller::signed_in(&server.url(), "teacher-a").await, Caller::signed_in(&server.url(), "teacher-b").await);
    let school = Caller::signed_in(&server.url(), "school193625").await;
    let case = old.open_case().await;
    let scans = [pdf(1, 100), pdf(2, 100)];
    for scan in &scans {
        old.upload(scan).await;
    }
    // A draft that is not what was sent, as another computer may have left it.
    let push = json!({ "id": "0190a5b8-c7d0-7def-8abc-0123456789ab", "base": 0,
        "changes": { "plc_name": "別的名稱", "convener_name": "前召集人" } });
    assert_eq!(old.post(&format!("/v1/cases/{case}/drafts/plc_application"), push).await.code(), "ok");
    let papers =
        vec![paper("plc_application", "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    old.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    let change = ActBody::ChangeConvener { to: person("teacher-b").person, consent: "府教專字第1號".to_owned() };
    school.act(case, 2, change).await.read::<ActDone>();

    let folder = tempfile::tempdir().expect("a folder");
    let desk = signed_in(&server.url(), folder.path(), "teacher-b").await;
    let form = desk.open_form(&of(case)).await.expect("opened");
    assert_eq!((form.answers.text("plc_name"), form.answers.text("convener_name")), ("我愛上學", "前召集人"));
    save(&desk, case, json!({ "convener_name": person("teacher-b").person.name })).await.expect("saved");
    correct(&desk, case).await.expect("promised");
    assert_eq!(desk.run_sync().await.expect("level").refused, 0);
    let sent = new.case(case).await.case;
    assert_eq!((sent.papers[0].answers.text("plc_name"), sent.seq), ("我愛上學", 4));
}
