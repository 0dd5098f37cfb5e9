//! Desktops of several people and several desktops of one person, against a real service that comes and goes.

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{case::State, form::FormId, ids::CaseId, notice::MailWish, workflow::Action};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};
use testkit::{Caller, Line, TestServer, sample};
use wire::{
    Code, Failure,
    http::ActBody,
    mail::MailChoice,
    rpc::{CaseAct, ClashPick, FormOf, SaveDraft, Side, SignInRequest, UnlockRequest},
    views::{CaseQuery, CaseView, Delivery},
};

const PASSPHRASE: &str = "a passphrase for tests";

/// A computer that remembers its passphrase only while a test says so.
async fn computer(server: &str, data: &Path) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.to_owned(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    Desktop::start(config, World::real()).await.expect("the folder can be made")
}

async fn sign_in(desktop: &Desktop, account: &str) {
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
}

async fn unlock(desktop: &Desktop, account: &str, passphrase: &str) -> Result<(), Failure> {
    let request = UnlockRequest { account: account.to_owned(), passphrase: Some(passphrase.to_owned()) };
    desktop.unlock_with(request).await
}

fn application() -> FormId {
    "plc_application".parse().expect("a form's id")
}

async fn save(desktop: &Desktop, case: CaseId, changes: Value) {
    let changes: BTreeMap<String, Value> = serde_json::from_value(changes).expect("an object");
    desktop.save_draft(SaveDraft { case, form: application(), changes }).await.expect("saved");
}

async fn name_of(desktop: &Desktop, case: CaseId) -> String {
    let view = desktop.open_form(&FormOf { case, form: application() }).await.expect("opened");
    view.answers.text("plc_name").to_owned()
}

async fn act(desktop: &Desktop, case: CaseId, action: Action) -> Result<CaseView, Failure> {
    desktop
        .act(CaseAct { case, action, reason: None, amount: None, to: None, consent: None, reviewers: Vec::new() })
        .await
}

#[tokio::test]
async fn people_on_one_computer_are_kept_apart() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = computer(&server.url(), data.path()).await;
    sign_in(&desktop, "teacher-a").await;
    let case = desktop.new_plc_case().await.expect("opened").id;
    save(&desktop, case, json!({ "plc_name": "只有我看得到" })).await;
    desktop.lock_seat().await.expect("locked");
    assert_eq!(desktop.open_case(case).await.expect_err("nobody is there").code, Code::Locked);

    sign_in(&desktop, "teacher-b").await;
    assert_eq!(desktop.list_cases(&CaseQuery::default()).await.expect("a list").total, 0);
    assert_eq!(desktop.open_case(case).await.expect_err("somebody else's").code, Code::NotFound);
    let known = desktop.session().await.expect("a session").known;
    assert_eq!(known.iter().map(|person| person.account.as_str()).collect::<Vec<_>>().len(), 2);
    desktop.lock_seat().await.expect("locked");

    // Without the service: the password of the sign-in opens the store, another one does not.
    drop(server);
    assert_eq!(unlock(&desktop, "teacher-a", "demo2").await.expect_err("wrong").code, Code::WrongPassphrase);
    assert_eq!(unlock(&desktop, "teacher-x", "demo").await.expect_err("unknown").code, Code::NotFound);
    unlock(&desktop, "teacher-a", "demo").await.expect("unlocked");
    assert_eq!(name_of(&desktop, case).await, "只有我看得到");
}

#[tokio::test]
async fn a_passphrase_of_its_own_opens_the_store_and_signing_out_deletes_nothing() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let config = Config {
        data: data.path().to_owned(),
        server: server.url(),
        passphrase: Some(PASSPHRASE.to_owned()),
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("started");
    sign_in(&desktop, "teacher-a").await;
    let case = desktop.new_plc_case().await.expect("opened").id;
    save(&desktop, case, json!({ "plc_name": "我愛上學" })).await;
    desktop.sign_out_here().await.expect("signed out");

    let other = computer(&server.url(), data.path()).await;
    assert_eq!(unlock(&other, "teacher-a", "demo").await.expect_err("not the passphrase").code, Code::WrongPassphrase);
    unlock(&other, "teacher-a", PASSPHRASE).await.expect("unlocked");
    assert_eq!(name_of(&other, case).await, "我愛上學");
    let refused = other.run_sync().await.expect_err("the session was ended");
    assert_eq!(refused.code, Code::NotSignedIn);
    assert!(other.status_view().await.expect("a status").sign_in_again);
}

#[tokio::test]
async fn the_same_field_changed_at_two_computers_is_kept_twice_until_a_person_picks() {
    let server = TestServer::start();
    let (at_school, at_home) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let school = computer(&server.url(), at_school.path()).await;
    let home = computer(&server.url(), at_home.path()).await;
    sign_in(&school, "teacher-a").await;
    let case = school.new_plc_case().await.expect("opened").id;
    save(&school, case, json!({ "plc_name": "最初的名字", "plc_goals": "目標" })).await;
    school.run_sync().await.expect("level");
    sign_in(&home, "teacher-a").await;
    home.run_sync().await.expect("level");
    assert_eq!(name_of(&home, case).await, "最初的名字");

    save(&school, case, json!({ "plc_name": "學校改的" })).await;
    save(&home, case, json!({ "plc_name": "家裡改的", "plc_goals": "家裡的目標" })).await;
    school.run_sync().await.expect("level");
    let report = home.run_sync().await.expect("level");
    assert_eq!(report.conflicts, 1);
    let view = home.open_form(&FormOf { case, form: application() }).await.expect("opened");
    assert_eq!(view.answers.text("plc_name"), "家裡改的", "what was typed here stays until a person picks");
    assert_eq!((&view.clashes[0].mine, &view.clashes[0].theirs), (&json!("家裡改的"), &json!("學校改的")));
    assert_eq!(home.open_case(case).await.expect("opened").clashing, 1);

    let pick = ClashPick { case, form: application(), field: "plc_name".to_owned(), side: Side::Mine };
    assert!(home.pick_clash(&pick).await.expect("picked").clashes.is_empty());
    assert_eq!(home.pick_clash(&pick).await.expect_err("settled").code, Code::NotFound);
    home.run_sync().await.expect("level");
    school.run_sync().await.expect("level");
    for desktop in [&home, &school] {
        let view = desktop.open_form(&FormOf { case, form: application() }).await.expect("opened");
        assert_eq!((view.answers.text("plc_name"), view.answers.text("plc_goals")), ("家裡改的", "家裡的目標"));
    }
}

#[tokio::test]
async fn two_computers_open_a_case_offline_and_the_second_is_told() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let (first_data, second_data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = computer(&line.url(), first_data.path()).await;
    let second = computer(&line.url(), second_data.path()).await;
    sign_in(&first, "teacher-a").await;
    sign_in(&second, "teacher-a").await;
    line.cut();
    let kept = first.new_plc_case().await.expect("opened").id;
    let doubled = second.new_plc_case().await.expect("opened").id;
    save(&second, doubled, json!({ "plc_name": "第二台打的" })).await;
    assert_eq!(second.run_sync().await.expect_err("no line").code, Code::Offline);
    line.restore();

    first.run_sync().await.expect("level");
    let report = second.run_sync().await.expect("level");
    assert_eq!(report.refused, 1);
    let view = second.open_case(doubled).await.expect("opened");
    let Delivery::Refused { failure } = view.delivery else { panic!("{:?}", view.delivery) };
    assert_eq!(failure.code, Code::ActIncomplete);
    assert_eq!(failure.params["missing"][0]["code"], "already_convener");
    assert_eq!(name_of(&second, doubled).await, "第二台打的", "a refusal destroys no answers");
    assert!(second.open_case(kept).await.is_ok(), "the case that counts came with the same sync");
}

#[tokio::test]
async fn an_act_on_a_case_that_went_on_elsewhere_is_refused_and_said() {
    let server = TestServer::start();
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = computer(&server.url(), one.path()).await;
    let second = computer(&server.url(), two.path()).await;
    sign_in(&first, "teacher-a").await;
    let case = first.new_plc_case().await.expect("opened").id;
    first.run_sync().await.expect("level");
    sign_in(&second, "teacher-a").await;
    second.run_sync().await.expect("level");

    assert_eq!(act(&first, case, Action::Withdraw).await.expect("withdrawn").state, State::Withdrawn);
    let view = act(&second, case, Action::Withdraw).await.expect("promised here");
    assert_eq!(view.delivery, Delivery::Queued);
    first.run_sync().await.expect("level");
    assert_eq!(second.run_sync().await.expect("level").refused, 1);
    let view = second.open_case(case).await.expect("opened");
    assert!(
        matches!(&view.delivery, Delivery::Refused { failure } if failure.code == Code::CaseMoved),
        "{:?}",
        view.delivery
    );
    assert_eq!(view.state, State::Withdrawn, "what the service has");
}

#[tokio::test]
async fn a_store_never_speaks_to_another_service() {
    let mut server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = computer(&server.url(), data.path()).await;
    sign_in(&desktop, "teacher-a").await;
    let case = desktop.new_plc_case().await.expect("opened").id;
    desktop.run_sync().await.expect("level");

    // The same address, but a service that was made anew: its empty list must not empty ours.
    server.stop();
    let database = server.database_url().trim_start_matches("sqlite://").to_owned();
    for ending in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{database}{ending}")));
    }
    server.restart();
    assert_eq!(desktop.run_sync().await.expect_err("another service").code, Code::OtherService);
    let request = SignInRequest { account: "teacher-a".to_owned(), password: "demo".to_owned() };
    assert_eq!(desktop.sign_in_with(request).await.expect_err("another service").code, Code::OtherService);
    assert!(desktop.open_case(case).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_done_yet_is_named() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = computer(&server.url(), data.path()).await;
    sign_in(&desktop, "teacher-a").await;
    let case = desktop.new_plc_case().await.expect("opened").id;
    assert_eq!(desktop.new_plc_case().await.expect_err("one convener, one case").code, Code::ActIncomplete);
    let submit = act(&desktop, case, Action::Submit).await.expect_err("empty papers");
    assert_eq!(submit.code, Code::ActIncomplete);
    assert_eq!(act(&desktop, case, Action::Pass).await.expect_err("not a school").code, Code::NotInThisState);

    let print = desktop.print(&FormOf { case, form: application() }, None).await.expect_err("not complete");
    assert_eq!(print.code, Code::NotPrintable);
    let whole = sample("plc_application", "typical");
    save(&desktop, case, json!(whole)).await;
    let print = desktop.print(&FormOf { case, form: application() }, None).await.expect_err("no fonts here");
    assert_eq!(print.code, Code::FontsMissing);
    let strange: FormId = "no_such_form".parse().expect("a form's id");
    assert_eq!(desktop.open_form(&FormOf { case, form: strange }).await.expect_err("no form").code, Code::UnknownForm);
}

#[tokio::test]
async fn cancel_returns_to_the_last_save() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let desktop = computer(&server.url(), data.path()).await;
    sign_in(&desktop, "teacher-a").await;
    let case = desktop.new_plc_case().await.expect("opened").id;
    let of = FormOf { case, form: application() };
    save(&desktop, case, json!({ "plc_name": "儲存過的" })).await;
    desktop.keep_draft(&of).await.expect("kept");
    save(&desktop, case, json!({ "plc_name": "後來打的" })).await;
    assert_eq!(name_of(&desktop, case).await, "後來打的");
    let view = desktop.revert_draft(&of).await.expect("reverted");
    assert_eq!(view.answers.text("plc_name"), "儲存過的");
}

async fn typed(desktop: &Desktop, case: CaseId, field: &str) -> String {
    let view = desktop.open_form(&FormOf { case, form: application() }).await.expect("opened");
    view.answers.text(field).to_owned()
}

async fn told(desktop: &Desktop) -> Vec<String> {
    desktop.list_notices().await.expect("messages").rows.into_iter().map(|row| row.body.zh).collect()
}

/// 更換社群召集人: the school hands a case from one teacher to another while the first one types on without a network.
#[tokio::test]
async fn a_case_is_handed_to_another_convener() {
    let server = TestServer::start();
    let (old_line, school_line) = (Line::to(server.address()), Line::to(server.address()));
    let folders = [(); 3].map(|()| tempfile::tempdir().expect("a folder"));
    let old = computer(&old_line.url(), folders[0].path()).await;
    let school = computer(&school_line.url(), folders[1].path()).await;
    let new = computer(&server.url(), folders[2].path()).await;
    sign_in(&old, "teacher-a").await;
    let case = old.new_plc_case().await.expect("opened").id;
    save(&old, case, json!({ "plc_name": "我愛上學", "convener_name": "市北測試87老師" })).await;
    old.run_sync().await.expect("level");
    // Typed on without a network, and never sent.
    old_line.cut();
    save(&old, case, json!({ "plc_goals": "離線打的目標" })).await;

    sign_in(&school, "school193625").await;
    school.run_sync().await.expect("level");
    let offered = |view: &CaseView| view.allowed.iter().any(|one| one.action == Action::ChangeConvener);
    assert!(offered(&school.open_case(case).await.expect("opened")));
    assert!(!offered(&old.open_case(case).await.expect("opened")));
    assert!(school.convener_choices(case).await.expect("a list").rows.is_empty(), "nobody else ever signed in");
    sign_in(&new, "teacher-b").await;
    new.run_sync().await.expect("level");
    let choices = school.convener_choices(case).await.expect("a list");
    assert_eq!(choices.old, testkit::person("teacher-a").person);
    let [next] = &choices.rows[..] else { panic!("{choices:?}") };
    assert_eq!((next.account.as_str(), &next.missing), ("teacher-b", &None));

    let change = |to, consent: &str| CaseAct {
        case,
        action: Action::ChangeConvener,
        reason: None,
        amount: None,
        to,
        consent: Some(consent.to_owned()),
        reviewers: Vec::new(),
    };
    let to = || Some(next.person.clone());
    assert_eq!(school.act(change(to(), " ")).await.expect_err("no consent").code, Code::ActIncomplete);
    assert_eq!(school.act(change(None, "x")).await.expect_err("nobody").code, Code::BadRequest);
    // Without a network there is no list, but what was chosen can still be kept and sent later.
    school_line.cut();
    assert_eq!(school.convener_choices(case).await.expect_err("no line").code, Code::Offline);
    let view = school.act(change(to(), "府教專字第1號")).await.expect("promised");
    assert_eq!((&view.owner, &view.delivery), (&next.person, &Delivery::Queued));
    school_line.restore();
    assert_eq!(school.run_sync().await.expect("level").refused, 0);
    let view = school.open_case(case).await.expect("the school still sees it");
    assert_eq!((&view.owner, &view.delivery), (&next.person, &Delivery::Accepted { seq: 2 }));

    // The new one has the case with what was written, and is told; the old name in the form is pointed out.
    new.run_sync().await.expect("level");
    assert_eq!(
        (typed(&new, case, "plc_name").await, typed(&new, case, "plc_goals").await),
        ("我愛上學".into(), String::new())
    );
    assert!(told(&new).await[0].contains("您已成為一個專業學習社群的召集人"));
    let problems = async || -> Vec<String> {
        let view = new.open_form(&FormOf { case, form: application() }).await.expect("opened");
        view.problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect()
    };
    assert!(problems().await.contains(&"convener_name convener_differs".to_owned()));
    save(&new, case, json!({ "convener_name": next.person.name })).await;
    assert!(!problems().await.contains(&"convener_name convener_differs".to_owned()));
    assert_eq!(new.run_sync().await.expect("level").refused, 0);

    // The old one loses the case and is told; what was typed without a network is not in the case, and not lost.
    old_line.restore();
    old.run_sync().await.expect("level");
    assert_eq!(old.open_case(case).await.expect_err("gone").code, Code::NotFound);
    assert_eq!(old.list_cases(&CaseQuery::default()).await.expect("a list").total, 0);
    assert!(told(&old).await[0].contains("不再能查看這個案件"));
    assert_eq!(typed(&old, CaseId::LOOSE, "plc_goals").await, "離線打的目標");
    let begun = old.list_forms().await.expect("a list").rows;
    assert!(begun.iter().any(|row| row.form == application() && row.started_at.is_some()), "found under 檔案下載");
    new.run_sync().await.expect("level");
    assert_eq!(typed(&new, case, "plc_goals").await, "");
    // And the old one is free to convene again.
    assert!(old.new_plc_case().await.is_ok());
}

/// The school reads without a line; what it read stays read here, at the service and at its other computer, and the words are those
/// that the service gave the message.
#[tokio::test]
async fn a_message_read_offline_stays_read_and_keeps_its_words() {
    let office = tempfile::tempdir().expect("a folder");
    let texts = office.path().join("notices.toml");
    let text = "[[notice]]\nkind = \"convener_left\"\nsource = \"s\"\ntitle = { zh = \"換人\", en = \"Changed\" }\n\
                body = { zh = \"{plan_year}學年度換人。\", en = \"Changed for {plan_year}.\" }\n";
    std::fs::write(&texts, text).expect("written");
    let mut server = TestServer::start();
    server.take_texts_from(texts);
    let line = Line::to(server.address());
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (first, second) = (computer(&line.url(), one.path()).await, computer(&server.url(), two.path()).await);
    sign_in(&first, "teacher-a").await;
    let case = first.new_plc_case().await.expect("opened").id;
    first.run_sync().await.expect("level");
    let (new, school) =
        (Caller::signed_in(&server.url(), "teacher-b").await, Caller::signed_in(&server.url(), "school193625").await);
    let to = new.session().actor.person.clone();
    let change = ActBody::ChangeConvener { to, consent: "文號".to_owned() };
    assert_eq!(school.act(case, 1, change).await.code(), "ok");
    first.run_sync().await.expect("level");

    line.cut();
    let unread = first.list_notices().await.expect("messages").rows.remove(0);
    assert_eq!((unread.title.zh.as_str(), unread.body.zh.as_str(), unread.read), ("換人", "111學年度換人。", false));
    assert!(first.read_notice(unread.id).await.expect("read").rows[0].read);
    assert_eq!(first.run_sync().await.expect_err("no line").code, Code::Offline);
    assert!(first.list_notices().await.expect("messages").rows[0].read, "an unanswered question changes nothing");
    assert_eq!(first.status_view().await.expect("a status").unread, 0);
    let chosen = first.mail_choice().await.expect_err("the service keeps it");
    assert_eq!(chosen.code, Code::Offline);

    line.restore();
    first.run_sync().await.expect("level");
    assert!(first.list_notices().await.expect("messages").rows[0].read);
    sign_in(&second, "teacher-a").await;
    second.run_sync().await.expect("level");
    assert!(second.list_notices().await.expect("messages").rows[0].read, "read elsewhere");

    let choice = MailChoice { mail: MailWish::Daily, reminders: false };
    assert_eq!(second.choose_mail(&choice).await.expect("kept").choice, choice);
    let seen = first.mail_choice().await.expect("a line");
    assert_eq!((seen.choice, seen.address.as_deref(), seen.sends), (choice, Some("teacher-a@example.edu.tw"), false));
}
