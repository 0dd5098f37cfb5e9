//! 縣市規定 at the desks: set by the county, heard of by its people, judged by the service at the receipt.

use chrono::{DateTime, TimeDelta, Utc};
use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{
    case::State,
    form::FormId,
    ids::CaseId,
    policy::{CountyLevel, CountyRules, Window, WindowKind},
    time::PlanYear,
    workflow::Action,
};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use testkit::{Line, TestServer, sample};
use uuid::Uuid;
use wire::{
    Code,
    rpc::{CaseAct, CaseOf, Commands as _, FormOf, SaveDraft, SignInRequest},
    rules::{RulesKeep, RulesOf, RulesSave, RulesView},
    views::{CaseView, Delivery, Page},
};

const YEAR: PlanYear = PlanYear(111);

/// A computer whose clock stands where the test sets it.
struct Desk {
    desktop: Desktop,
    clock: Arc<AtomicI64>,
    _data: tempfile::TempDir,
}

impl Desk {
    async fn of(account: &str, url: &str, now: DateTime<Utc>) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(AtomicI64::new(now.timestamp_millis()));
        let desktop = computer(url, data.path(), clock.clone()).await;
        let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
        desktop.sign_in_with(request).await.expect("the demo people sign in");
        desktop.run_sync().await.expect("level");
        Self { desktop, clock, _data: data }
    }

    fn wait(&self, by: TimeDelta) {
        self.clock.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    async fn level(&self) {
        self.desktop.run_sync().await.expect("level");
    }

    async fn rules(&self) -> RulesView {
        self.desktop.rules_open(RulesOf { plan_year: Some(YEAR) }).await.expect("opened")
    }

    async fn keep(&self, rules: &CountyRules) -> RulesView {
        let keep = RulesKeep { plan_year: YEAR, rules: rules.clone() };
        self.desktop.rules_keep(keep).await.expect("kept")
    }

    async fn save(&self, rules: &CountyRules, over: Option<u32>) -> Result<RulesView, wire::Failure> {
        self.desktop.rules_save(RulesSave { plan_year: YEAR, rules: rules.clone(), over }).await
    }

    async fn act(&self, case: CaseId, action: Action) -> CaseView {
        let act = CaseAct { case, action, reason: None, amount: None, to: None, consent: None, reviewers: Vec::new() };
        self.desktop.act(act).await.expect("possible")
    }

    /// A whole application that needs no scan where the county asks for none.
    async fn application(&self) -> CaseId {
        let case = self.desktop.new_plc_case().await.expect("opened").id;
        for form in ["plc_application", "plc_budget"] {
            let changes = serde_json::from_value(json!(sample(form, "typical"))).expect("an object");
            let form: FormId = form.parse().expect("a form's id");
            self.desktop.save_draft(SaveDraft { case, form, changes }).await.expect("saved");
        }
        case
    }

    async fn problems(&self, case: CaseId, form: &str) -> Vec<String> {
        let form = form.parse().expect("a form's id");
        let view = self.desktop.form_open(FormOf { case, form }).await.expect("opened");
        view.problems.iter().map(|problem| problem.code.to_string()).collect()
    }
}

async fn computer(server: &str, data: &Path, clock: Arc<AtomicI64>) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.to_owned(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let now = move || DateTime::from_timestamp_millis(clock.load(Ordering::SeqCst)).expect("a moment");
    let world = World { now: Arc::new(now), id: Arc::new(Uuid::now_v7) };
    Desktop::start(config, world).await.expect("the folder can be made")
}

/// Rules that ask for no scan, with the level of the samples.
fn easy() -> CountyRules {
    let level = |zh: &str| CountyLevel { zh: zh.to_owned(), en: zh.to_owned(), max: None };
    CountyRules { levels: vec![level("0"), level("學習社群")], ..CountyRules::default() }
}

fn open_until(to: DateTime<Utc>) -> CountyRules {
    let window = Window { from: to - TimeDelta::days(30), to };
    CountyRules { windows: [(WindowKind::Apply, window.into())].into(), ..easy() }
}

fn fields(changes: &[domain::policy::RuleChange]) -> Vec<&str> {
    changes.iter().map(|change| change.field.as_str()).collect()
}

#[tokio::test]
async fn a_county_sets_rules_and_its_people_go_by_them() {
    let server = TestServer::start();
    let now = server.clock().now();
    let county = Desk::of("county-taichung", &server.url(), now).await;
    let teacher = Desk::of("teacher-a", &server.url(), now).await;
    let elsewhere = Desk::of("teacher-c", &server.url(), now).await;

    // The editor begins with what ships.
    let view = county.rules().await;
    assert!(view.editable && view.version == 0 && view.versions.is_empty() && view.typed.is_none());
    assert!(view.rules.member_change.as_deref().is_some_and(|note| note.contains("發函報教育局")));
    assert_eq!(view.plan_years, [PlanYear(112), YEAR]);
    assert_eq!((view.stampable.len(), view.hints.len(), view.approved), (3, 9, Some(0)));

    let mut rules = easy();
    (rules.max_per_plc, rules.message) = (Some(10_000), Some(" 請於期限內送出 ".to_owned()));
    let view = county.save(&rules, None).await.expect("saved");
    assert_eq!((view.version, view.versions[0].by.as_str(), view.versions[0].at), (1, "臺中市教專中心", now));
    assert!(view.typed.is_none());
    assert_eq!(view.rules.message.as_deref(), Some("請於期限內送出"));
    let told = fields(&view.versions[0].changes);
    assert!(
        told.contains(&"max_per_plc") && told.contains(&"stamps.plc_budget") && told.contains(&"levels"),
        "{told:?}"
    );

    // Those at home in the county hear of it and go by it; they read it and cannot change it.
    let case = teacher.application().await;
    assert_eq!(teacher.problems(case, "plc_budget").await, [""; 0]);
    teacher.level().await;
    assert_eq!(teacher.problems(case, "plc_budget").await, ["total_over"]);
    let view = teacher.desktop.case_open(CaseOf { case }).await.expect("opened");
    assert_eq!(view.message.as_deref(), Some("請於期限內送出"));
    let read = teacher.rules().await;
    assert_eq!((read.editable, read.version, read.rules.max_per_plc), (false, 1, Some(10_000)));
    assert_eq!((read.approved, read.problems.len(), read.plan_years.as_slice()), (None, 0, [YEAR].as_slice()));
    let keep = RulesKeep { plan_year: YEAR, rules: easy() };
    assert_eq!(teacher.desktop.rules_keep(keep).await.expect_err("not theirs").code, Code::NotYours);
    assert_eq!(teacher.save(&easy(), None).await.expect_err("not theirs").code, Code::NotYours);
    elsewhere.level().await;
    assert_eq!(elsewhere.rules().await.version, 0, "another county's rules are its own");

    // Without a window and without stamps: it can be sent, and is.
    teacher.act(case, Action::Submit).await;
    teacher.level().await;
    let sent = teacher.desktop.case_open(CaseOf { case }).await.expect("opened");
    assert_eq!((sent.state, sent.delivery), (State::SchoolCheck, Delivery::Accepted { seq: 2 }));
    // What comes later leaves it as it is.
    rules.strict_checks.insert("total_over".to_owned());
    rules.levels.remove(0);
    county.save(&rules, None).await.expect("saved");
    teacher.level().await;
    let after = teacher.desktop.case_open(CaseOf { case }).await.expect("opened");
    assert_eq!((after.state, &after.papers), (sent.state, &sent.papers));
    let form = "plc_application".parse().expect("a form's id");
    let paper = teacher.desktop.form_open(FormOf { case, form }).await.expect("opened");
    assert!(
        paper.lists["plc_levels"].iter().any(|option| option.zh == "0"),
        "what was chosen is still shown as chosen"
    );
    assert_eq!(teacher.rules().await.versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
    let told = teacher.rules().await.versions[0].changes.clone();
    assert_eq!(fields(&told), ["levels", "strict_checks.total_over"]);

    // The next year begins with this one's, without its days.
    let next = county.desktop.rules_open(RulesOf { plan_year: Some(PlanYear(112)) }).await.expect("opened");
    assert_eq!((next.version, next.rules), (0, rules_as_kept(&rules)));
}

fn rules_as_kept(rules: &CountyRules) -> CountyRules {
    rules.clone().tidy().for_another_year()
}

#[tokio::test]
async fn everybody_of_a_county_has_the_page() {
    let server = TestServer::start();
    #[rustfmt::skip]
    let cases = [
        ("county-taichung", true,  true),
        ("school193625",    true,  true),
        ("teacher-a",       true,  false),
        ("ministry",        false, false),
        ("reviewer-a",      false, false),
    ];
    for (account, page, tile) in cases {
        let desk = Desk::of(account, &server.url(), server.clock().now()).await;
        let home = desk.desktop.home_view().await.expect("a home");
        let leads = home.tiles.iter().any(|tile| tile.page == Page::Rules);
        assert_eq!((home.pages.contains(&Page::Rules), leads), (page, tile), "{account}");
        let opened = desk.desktop.rules_open(RulesOf { plan_year: None }).await.map(|view| view.plan_year);
        assert_eq!(
            opened.map_err(|failure| failure.code),
            if page { Ok(YEAR) } else { Err(Code::NotYours) },
            "{account}"
        );
    }
}

/// Without a line nothing is pretended: what was typed stays on the disk and is shown again.
#[tokio::test]
async fn what_is_typed_without_a_line_stays() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let data = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(AtomicI64::new(server.clock().now().timestamp_millis()));
    let desk = Desk { desktop: computer(&line.url(), data.path(), clock.clone()).await, clock, _data: data };
    let request = SignInRequest { account: "county-taichung".to_owned(), password: "demo".to_owned() };
    desk.desktop.sign_in_with(request).await.expect("signed in");

    // Half a window and a level without a name are kept as they are, with what is wrong with them.
    let mut rules = easy();
    rules.levels.push(CountyLevel::default());
    rules
        .windows
        .insert(WindowKind::Apply, serde_json::from_value(json!({ "from": "2022-04-01T00:00:00Z" })).expect("half"));
    let view = desk.keep(&rules).await;
    let wrong: Vec<&str> = view.problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!((wrong, &view.rules), (vec!["windows.apply.to", "levels.2.zh"], &rules));
    let refused = desk.save(&rules, None).await.expect_err("there are faults");
    assert_eq!((refused.code, refused.params["problems"].as_array().map(Vec::len)), (Code::RulesInvalid, Some(2)));
    assert_eq!(desk.rules().await.version, 0);

    line.cut();
    let mut rules = easy();
    rules.max_per_plc = Some(12_000);
    assert_eq!(desk.save(&rules, None).await.expect_err("no line").code, Code::Offline);
    let view = desk.rules().await;
    assert_eq!((view.version, &view.rules), (0, &rules));
    assert!(fields(&view.typed.expect("typed").changes).contains(&"max_per_plc"));
    line.restore();

    // The answer is lost on its way: saved again, it is the same version and not two.
    line.drop_response_to("/rules/111");
    assert_eq!(desk.save(&rules, None).await.expect_err("no answer").code, Code::Offline);
    assert_eq!(desk.rules().await.version, 0);
    assert_eq!(desk.save(&rules, None).await.expect("saved").version, 1);

    // And when other words are typed meanwhile, the version that did arrive is known as one's own.
    rules.max_per_plc = Some(13_000);
    line.drop_response_to("/rules/111");
    assert_eq!(desk.save(&rules, None).await.expect_err("no answer").code, Code::Offline);
    rules.max_per_plc = Some(14_000);
    let view = desk.save(&rules, None).await.expect("saved");
    let maxima: Vec<Value> = view.versions.iter().map(|v| v.changes[0].after.clone()).collect();
    assert_eq!((view.version, &maxima[..2]), (3, &[json!(14_000), json!(13_000)][..]));
    assert!(view.typed.is_none());

    // Typed and taken back: what is in force stands there again.
    desk.keep(&easy()).await;
    let view = desk.desktop.rules_revert(RulesOf { plan_year: Some(YEAR) }).await.expect("reverted");
    assert_eq!((view.rules.max_per_plc, view.typed), (Some(14_000), None));
    let view = desk.keep(&rules).await;
    assert_eq!(view.typed, None, "what changes nothing is nothing to send");
}

/// Two officers: the later one hears of the earlier one's version, keeps the own words, and decides.
#[tokio::test]
async fn two_officers_do_not_overwrite_each_other() {
    let server = TestServer::start();
    let now = server.clock().now();
    let (one, other) =
        (Desk::of("county-taichung", &server.url(), now).await, Desk::of("county-taichung", &server.url(), now).await);
    let (mut mine, mut theirs) = (easy(), easy());
    mine.max_per_plc = Some(1_000);
    theirs.min_members = Some(6);
    other.keep(&mine).await;
    one.save(&theirs, None).await.expect("saved");

    assert_eq!(other.save(&mine, None).await.expect_err("somebody was first").code, Code::RulesMoved);
    let view = other.rules().await;
    let typed = view.typed.expect("typed");
    assert_eq!((view.version, &view.rules), (1, &mine));
    let moved = typed.moved.expect("somebody saved");
    assert!(fields(&moved).contains(&"min_members") && !fields(&moved).contains(&"max_per_plc"));
    assert_eq!(fields(&typed.changes), ["max_per_plc", "min_members"]);
    assert_eq!(other.save(&mine, None).await.expect_err("not looked at").code, Code::RulesMoved);
    let view = other.save(&mine, Some(1)).await.expect("looked at and gone beyond");
    assert_eq!((view.version, view.versions.len(), view.typed), (2, 2, None));
}

/// Sent in time from the own clock, received too late: refused with the reason, and the draft is as it was.
#[tokio::test]
async fn the_window_closes_while_an_application_waits() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let now = server.clock().now();
    let county = Desk::of("county-taichung", &server.url(), now).await;
    let closes = now + TimeDelta::days(8);
    county.save(&open_until(closes), None).await.expect("saved");
    let teacher = Desk::of("teacher-a", &line.url(), now).await;
    let case = teacher.application().await;
    teacher.level().await;
    let seen = |view: CaseView| view.closing.map(|closing| (closing.window, closing.to, closing.waiting, closing.over));
    let opened = async || seen(teacher.desktop.case_open(CaseOf { case }).await.expect("opened"));
    assert_eq!(opened().await, None, "a week away nothing is said");
    teacher.wait(TimeDelta::days(1));
    assert_eq!(opened().await, Some((WindowKind::Apply, closes, false, false)));

    line.cut();
    let queued = teacher.act(case, Action::Submit).await;
    assert_eq!((queued.state, &queued.delivery), (State::SchoolCheck, &Delivery::Queued));
    assert_eq!(seen(queued), Some((WindowKind::Apply, closes, true, false)));
    server.clock().set(closes + TimeDelta::seconds(1));
    teacher.wait(TimeDelta::days(7) + TimeDelta::seconds(1));
    assert_eq!(opened().await, Some((WindowKind::Apply, closes, true, true)));

    line.restore();
    let before = teacher.desktop.form_open(FormOf { case, form: "plc_application".parse().expect("an id") }).await;
    teacher.level().await;
    let view = teacher.desktop.case_open(CaseOf { case }).await.expect("opened");
    let Delivery::Refused { failure } = &view.delivery else { panic!("{:?}", view.delivery) };
    let missing = &failure.params["missing"][0];
    assert_eq!((failure.code, &missing["code"]), (Code::ActIncomplete, &json!("window_closed")));
    assert_eq!((&missing["params"]["window"], view.state), (&json!("apply"), State::Draft));
    let after = teacher.desktop.form_open(FormOf { case, form: "plc_application".parse().expect("an id") }).await;
    assert_eq!(after.expect("opened").answers, before.expect("opened").answers);

    // The county moves the end, and the same application is sent again.
    county.wait(TimeDelta::days(9));
    county.save(&open_until(closes + TimeDelta::days(30)), None).await.expect("saved");
    teacher.level().await;
    teacher.act(case, Action::Submit).await;
    teacher.level().await;
    let view = teacher.desktop.case_open(CaseOf { case }).await.expect("opened");
    assert_eq!((view.state, view.delivery), (State::SchoolCheck, Delivery::Accepted { seq: 2 }));
}
