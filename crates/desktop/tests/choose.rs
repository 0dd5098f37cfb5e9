//! 計畫挑選 at a county's desk: many cases decided without a network and sent together, a line that breaks before the answer, two
//! officers with the same cases.

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{case::State, ids::CaseId, time::PlanYear, workflow::Action};
use std::path::Path;
use testkit::{Line, Spread, TestServer, fill_sent};
use wire::{
    Code,
    choose::{CaseNarrowing, CaseOrder, CasesAct, CasesPreviewRequest, ChosenCase, NoticeTo},
    rpc::{CaseAct, SignInRequest},
    rules::{RulesOf, RulesSave},
    views::{CaseList, CaseQuery, Delivery, Page},
};

async fn signed_in(server: &str, data: &Path, account: &str) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.to_owned(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop.run_sync().await.expect("level");
    desktop
}

/// So many applications that wait for 臺中市, and a line to the service.
async fn county(cases: u32) -> (TestServer, Line, Vec<CaseId>) {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let spread = Spread { county: "臺中市", schools: 3, years: 1, states: &[State::CountyCheck] };
    let cases = fill_sent(server.database_url(), server.clock().now(), cases, spread).await;
    let line = Line::to(server.address());
    (server, line, cases)
}

fn chosen(cases: &[CaseId]) -> Vec<ChosenCase> {
    cases.iter().map(|case| ChosenCase { case: *case, amount: None }).collect()
}

fn act(cases: Vec<ChosenCase>, action: Action) -> CasesAct {
    CasesAct { cases, action, reason: None }
}

async fn in_state(desktop: &Desktop, state: State) -> CaseList {
    let narrowing = CaseNarrowing { states: vec![state], ..CaseNarrowing::default() };
    desktop.list_cases(&CaseQuery { narrowing, ..CaseQuery::default() }).await.expect("a list")
}

async fn delivered(desktop: &Desktop, case: CaseId) -> Delivery {
    desktop.open_case(case).await.expect("opened").delivery
}

#[tokio::test]
async fn a_county_decides_many_cases_without_a_network() {
    let (_server, line, cases) = county(12).await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&line.url(), data.path(), "county-taichung").await;
    let home = county.home_view().await.expect("a page");
    assert!(home.pages.contains(&Page::Choose) && home.tiles[0].waiting == 12, "{:?}", home.tiles);
    line.cut();
    assert!(county.run_sync().await.is_err());

    // What the ticks come to, and which acts there are.
    let request = CasesPreviewRequest { cases: chosen(&cases[..10]), action: None };
    let preview = county.preview_cases(&request).await.expect("sums");
    let acts: Vec<_> = preview.acts.iter().map(|one| (one.action, one.possible)).collect();
    assert_eq!(acts, [(Action::Return, 10), (Action::Approve, 10), (Action::Reject, 10)]);
    let asked: u32 = in_state(&county, State::CountyCheck)
        .await
        .rows
        .iter()
        .filter(|row| cases[..10].contains(&row.id))
        .map(|row| row.asked.expect("the county sees what was asked for"))
        .sum();
    assert_eq!((preview.chosen, preview.asked), (10, i64::from(asked)));
    let [budget] = &preview.budgets[..] else { panic!("{:?}", preview.budgets) };
    assert_eq!((budget.amount, budget.already, budget.ceiling), (i64::from(asked), 0, None), "nothing is set");
    assert_eq!(budget.schools.iter().map(|school| school.cases).sum::<u32>(), 10);

    // Case by case what approving does; one gets another amount than it asked for.
    let mut ten = chosen(&cases[..10]);
    ten[3].amount = Some(5_000);
    let request = CasesPreviewRequest { cases: ten.clone(), action: Some(Action::Approve) };
    let preview = county.preview_cases(&request).await.expect("rows");
    assert_eq!(preview.rows.len(), 10);
    for row in &preview.rows {
        let expected = if row.row.id == cases[3] { Some(5_000) } else { row.row.asked };
        assert_eq!((row.amount, &row.refused, row.to_label.as_str()), (expected, &None, "執行後並填寫成果報告書"));
        assert_eq!(row.notices.iter().map(|notice| notice.to).collect::<Vec<_>>(), [NoticeTo::Owner]);
    }
    let done = county.act_on_cases(&act(ten, Action::Approve)).await.expect("kept");
    assert_eq!((done.accepted, done.waiting, done.refused.len()), (0, 10, 0));
    // The list believes it at once: these wait for nobody here any more.
    assert_eq!(in_state(&county, State::CountyCheck).await.total, 2);
    let running = in_state(&county, State::Running).await;
    assert!(running.rows.iter().all(|row| row.pending && !row.waits_for_me), "not delivered, and said so");
    assert_eq!(running.rows.iter().find(|row| row.id == cases[3]).expect("there").approved, Some(5_000));
    // Deciding again, with one that is free: the others are named, and what waits stays.
    let again = CasesPreviewRequest { cases: chosen(&cases[..11]), action: Some(Action::Approve) };
    let refused =
        county.preview_cases(&again).await.expect("rows").rows.into_iter().filter(|row| row.refused.is_some());
    assert_eq!(refused.count(), 10);
    let done = county.act_on_cases(&act(chosen(&cases[9..11]), Action::Approve)).await.expect("kept");
    assert_eq!((done.waiting, done.refused.len()), (1, 1));
    assert_eq!((done.refused[0].case, done.refused[0].failure.code), (cases[9], Code::NotInThisState));
    assert_eq!(done.refused[0].row.as_ref().expect("its row").id, cases[9]);

    line.restore();
    let report = county.run_sync().await.expect("level");
    assert_eq!((report.sent, report.refused), (11, 0));
    for case in &cases[..11] {
        assert_eq!(delivered(&county, *case).await, Delivery::Accepted { seq: 4 });
    }
    assert_eq!(county.open_case(cases[3]).await.expect("opened").approved_amount, Some(5_000));
    let spent = county.preview_cases(&CasesPreviewRequest { cases: chosen(&cases[11..]), action: None }).await;
    assert!(spent.expect("sums").budgets[0].already > 5_000, "what was given counts against what is left");
}

#[tokio::test]
async fn a_line_that_breaks_before_the_answer_does_nothing_twice() {
    let (server, line, cases) = county(6).await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&line.url(), data.path(), "county-taichung").await;
    line.drop_response_to("/v1/acts");
    let done = county.act_on_cases(&act(chosen(&cases), Action::Approve)).await.expect("kept");
    // The service did them, but nobody here can know that.
    assert_eq!((done.accepted, done.waiting, done.refused.len()), (0, 6, 0));
    for case in &cases {
        assert_eq!(delivered(&county, *case).await, Delivery::Queued);
    }
    let report = county.run_sync().await.expect("level");
    assert_eq!((report.sent, report.refused), (6, 0), "answered as the first time");
    let school = testkit::Caller::signed_in(&server.url(), "platform").await;
    for case in &cases {
        assert_eq!(delivered(&county, *case).await, Delivery::Accepted { seq: 4 });
        assert_eq!(school.case(*case).await.case.seq, 4, "done once");
    }
    assert_eq!(county.status_view().await.expect("a status").waiting, 0);
}

#[tokio::test]
async fn two_officers_decide_and_the_second_is_told() {
    let (_server, line, cases) = county(5).await;
    let (one, two) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let first = signed_in(&line.url(), one.path(), "county-taichung").await;
    let second = signed_in(&line.url(), two.path(), "county-taichung").await;
    let done = first.act_on_cases(&act(chosen(&cases[..3]), Action::Approve)).await.expect("done");
    assert_eq!((done.accepted, done.waiting), (3, 0), "with a line it is sent at once");
    // The second has not heard of it: two of the four are decided already.
    let mut returned = act(chosen(&cases[1..5]), Action::Return);
    assert_eq!(
        second.act_on_cases(&returned).await.expect("asked").refused.len(),
        4,
        "without a reason nothing is returned"
    );
    returned.reason = Some("您好，請核章後上傳檔案，再重新送出申請。".to_owned());
    let done = second.act_on_cases(&returned).await.expect("done");
    assert_eq!((done.accepted, done.waiting, done.refused.len()), (2, 0, 2));
    for refused in &done.refused {
        assert!(cases[1..3].contains(&refused.case));
        assert_eq!((refused.failure.code, &refused.failure.params["action"]), (Code::CaseMoved, &"approve".into()));
        let row = refused.row.as_ref().expect("still in the list");
        assert_eq!((row.state, row.pending), (State::Running, true), "as the service knows it, and marked");
    }
    // What was returned is its owner's alone again: neither level nor amount stand in the list.
    let drafts = in_state(&second, State::Draft).await;
    assert_eq!(drafts.total, 2);
    assert!(drafts.rows.iter().all(|row| (row.level.as_str(), row.asked) == ("", None)));
    let narrowing =
        CaseNarrowing { levels: vec!["學習社群".to_owned(), "無".to_owned()], ..CaseNarrowing::default() };
    let found = second.list_ids(&CaseQuery { narrowing, ..CaseQuery::default() }).await.expect("ids").cases;
    assert!(found.iter().all(|case| !cases[3..].contains(case)));
}

#[tokio::test]
async fn what_cannot_be_done_to_many_is_said() {
    let (_server, line, cases) = county(2).await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&line.url(), data.path(), "county-taichung").await;
    let many: Vec<ChosenCase> = (0..501).map(|_| ChosenCase { case: uuid(), amount: None }).collect();
    let preview = CasesPreviewRequest { cases: many.clone(), action: Some(Action::Approve) };
    assert_eq!(county.preview_cases(&preview).await.expect_err("too many").code, Code::TooManyCases);
    let refused = county.act_on_cases(&act(many.clone(), Action::Approve)).await.expect_err("too many");
    assert_eq!((refused.code, &refused.params["limit"]), (Code::TooManyCases, &500.into()));
    // Sums are told for any number.
    let sums = county.preview_cases(&CasesPreviewRequest { cases: many, action: None }).await.expect("sums");
    assert_eq!((sums.chosen, sums.most), (0, 500));
    for action in [Action::Submit, Action::Withdraw, Action::SendReport, Action::ChangeConvener] {
        let refused = county.act_on_cases(&act(chosen(&cases), action)).await.expect_err("one by one");
        assert_eq!(refused.code, Code::BadRequest);
    }
    // A school's act is not a county's, and a case that is not here is named.
    let done = county.act_on_cases(&act(chosen(&[cases[0], uuid()]), Action::Pass)).await.expect("asked");
    let mut codes: Vec<Code> = done.refused.iter().map(|one| one.failure.code).collect();
    codes.sort_by_key(|code| code.as_str());
    assert_eq!(codes, [Code::NotFound, Code::NotInThisState]);
    // Nothing was done by any of it.
    assert_eq!(in_state(&county, State::CountyCheck).await.total, 2);
    // A teacher has no acts for many cases, and no such page.
    let other = tempfile::tempdir().expect("a folder");
    let teacher = signed_in(&line.url(), other.path(), "teacher-a").await;
    assert!(!teacher.home_view().await.expect("a page").pages.contains(&Page::Choose));
    let sums = teacher.preview_cases(&CasesPreviewRequest { cases: Vec::new(), action: None }).await.expect("sums");
    assert!(sums.acts.is_empty());
}

fn uuid() -> CaseId {
    CaseId((World::real().id)())
}

#[tokio::test]
async fn a_list_is_narrowed_on_this_computer() {
    let (_server, line, cases) = county(8).await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&line.url(), data.path(), "county-taichung").await;
    line.cut();
    let list = in_state(&county, State::CountyCheck).await;
    let choices = list.choices.expect("with the first rows");
    assert_eq!(choices.states.iter().map(|one| one.cases).sum::<u32>(), 8);
    assert_eq!(choices.schools.len(), 3);
    let narrowing = CaseNarrowing {
        schools: vec![choices.schools[0].code.clone()],
        levels: vec!["學習社群".to_owned()],
        ..CaseNarrowing::default()
    };
    let query = CaseQuery { narrowing, order: CaseOrder::Asked, ..CaseQuery::default() };
    let some = county.list_cases(&query).await.expect("a list");
    assert!(some.total > 0 && some.total < 8);
    assert!(some.rows.iter().all(|row| row.school == choices.schools[0].name && row.level == "學習社群"));
    assert!(some.rows.is_sorted_by_key(|row| std::cmp::Reverse(row.asked)));
    let next = county.list_cases(&CaseQuery { offset: 1, ..query.clone() }).await.expect("a list");
    assert_eq!((next.total, next.choices), (some.total, None), "choices come with the first rows only");
    let ids = county.list_ids(&query).await.expect("ids").cases;
    assert_eq!(ids, some.rows.iter().map(|row| row.id).collect::<Vec<_>>());
    // One case at a time is the same door.
    let single = CaseAct {
        case: cases[0],
        action: Action::Approve,
        reason: None,
        amount: None,
        to: None,
        consent: None,
        reviewers: Vec::new(),
    };
    county.act(single).await.expect("kept");
    assert_eq!(in_state(&county, State::CountyCheck).await.total, 7);
}

/// What the county has set for the year is what the choice is measured by.
#[tokio::test]
async fn a_choice_is_measured_by_the_countys_own_rules() {
    let (_server, line, cases) = county(3).await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&line.url(), data.path(), "county-taichung").await;
    let mut rules = county.open_rules(&RulesOf { plan_year: None }).await.expect("opened").rules;
    (rules.total_budget, rules.max_per_school, rules.max_per_plc) = (Some(400_000), Some(60_000), Some(1_000));
    let save = RulesSave { plan_year: PlanYear(111), rules, over: None };
    county.save_rules(save).await.expect("saved");
    let request = CasesPreviewRequest { cases: chosen(&cases), action: Some(Action::Approve) };
    let preview = county.preview_cases(&request).await.expect("sums");
    let [budget] = &preview.budgets[..] else { panic!("{:?}", preview.budgets) };
    assert_eq!((budget.ceiling, budget.max_per_school, budget.max_per_plc), (Some(400_000), Some(60_000), Some(1_000)));
    assert!(preview.rows.iter().all(|row| row.over.is_some_and(|over| over > 0)), "{:?}", preview.rows);
}
