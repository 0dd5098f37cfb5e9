//! 分發委員 and 審查委員 at a county's desk: the pool over the line, a proposal, cases given out at once, also without a network.

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{
    case::{Process, State},
    form::content_hash,
    ids::CaseId,
    people::Person,
    time::PlanYear,
};
use std::path::Path;
use testkit::{Caller, Line, TestServer, form_review_that_passes, paper, person};
use uuid::Uuid;
use wire::{
    Code,
    choose::CaseIds,
    http::{ActBody, ActDone},
    reviewers::{CaseReviewers, CasesAssign, ReviewerPut, ReviewerSave},
    rpc::SignInRequest,
    views::{Delivery, Page},
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

/// A certification that waits for its reviewers.
async fn waiting(server: &str, account: &str) -> CaseId {
    let (owner, county) =
        (Caller::signed_in(server, account).await, Caller::signed_in(server, "county-taichung").await);
    let case = Uuid::now_v7().into();
    let open = ActBody::Open { process: Process::Advanced, plan_year: PlanYear(111) };
    owner.act(case, 0, open).await.read::<ActDone>();
    let own = ["open_class_proof", "plc_participation_proof", "adv_checklist"];
    let forms = own.into_iter().chain(["pre_conference_a", "obs_std105", "post_conference_a"]);
    let sent = |form: &str| {
        let mut paper = paper(form, "typical", None);
        let field = if own.contains(&form) { "teacher_name" } else { "observer" };
        paper.answers.0.insert(field.to_owned(), person(account).person.name.into());
        paper.hash = content_hash(&paper.form, &paper.answers);
        paper
    };
    let mut papers: Vec<_> = forms.map(sent).collect();
    owner.stamp(&mut papers).await;
    owner.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    let sheet = Some(form_review_that_passes());
    county.act(case, 2, ActBody::Pass { sheet }).await.read::<ActDone>();
    case
}

fn to(case: CaseId, reviewers: Vec<Person>) -> CasesAssign {
    CasesAssign { cases: vec![CaseReviewers { case, reviewers }] }
}

#[tokio::test]
async fn a_county_gives_cases_to_reviewers() {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let line = Line::to(server.address());
    testkit::qualify(&server, "teacher-b", &person("teacher-b")).await;
    let first = waiting(&server.url(), "teacher-a").await;
    let second = waiting(&server.url(), "teacher-b").await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&line.url(), data.path(), "county-taichung").await;

    let home = county.home_view().await.expect("a page");
    assert!(home.pages.contains(&Page::Assign) && home.pages.contains(&Page::Reviewers), "{:?}", home.pages);
    let tile = home.tiles.iter().find(|tile| tile.page == Page::Assign).expect("a tile");
    assert_eq!(tile.waiting, 2);

    let pool = county.reviewer_pool().await.expect("the own county's");
    assert_eq!(pool.rows.iter().map(|row| row.account.as_str()).collect::<Vec<_>>(), ["reviewer-a"]);
    assert_eq!((pool.counties.as_slice(), pool.may_be_national), (&["臺中市".to_owned()][..], false));
    assert!(pool.fields.iter().any(|field| field.zh == "數學"));

    let choices = county.assign_choices(first).await.expect("the whole pool");
    assert_eq!((choices.round_label.as_str(), choices.wanted, choices.rows.len()), ("初審", 1, 3));
    let proposal = county.assign_propose(CaseIds { cases: vec![first, second] }).await.expect("a proposal");
    let proposed: Vec<Person> =
        proposal.proposals.iter().flat_map(|one| &one.reviewers).map(|one| one.person.clone()).collect();
    assert_eq!(proposed.len(), 2);
    assert_ne!(proposed[0], proposed[1], "shared out");
    let done = county.assign_cases(&to(first, vec![proposed[0].clone()])).await.expect("sent");
    assert_eq!((done.accepted, done.waiting, done.refused.len()), (1, 0, 0));
    assert_eq!(county.open_case(first).await.expect("opened").state, State::FirstReview);

    // Without a line there is no pool; what was chosen is kept and sent later, and judged with the pool as it is then.
    line.cut();
    assert_eq!(county.reviewer_pool().await.expect_err("no line").code, Code::Offline);
    assert_eq!(county.assign_propose(CaseIds { cases: vec![second] }).await.expect_err("no line").code, Code::Offline);
    let none = county.assign_cases(&to(second, Vec::new())).await.expect("kept");
    assert_eq!(none.refused[0].failure.code, Code::ActIncomplete, "nobody is named");
    let gone = county.assign_cases(&to(Uuid::now_v7().into(), vec![proposed[1].clone()])).await.expect("kept");
    assert_eq!(gone.refused[0].failure.code, Code::NotFound);
    let reviewer = person("reviewer-a").person;
    let done = county.assign_cases(&to(second, vec![reviewer.clone()])).await.expect("kept");
    assert_eq!((done.accepted, done.waiting), (0, 1));
    assert_eq!(county.open_case(second).await.expect("opened").delivery, Delivery::Queued);
    let platform_data = tempfile::tempdir().expect("a folder");
    let platform = signed_in(&server.url(), platform_data.path(), "platform").await;
    let put =
        ReviewerPut {
            county: Some("臺中市".to_owned()), school: None, fields: Vec::new(), active: false, most: None
        };
    let view = platform.reviewer_put(&ReviewerSave { account: reviewer.id, put }).await.expect("saved");
    assert!(view.may_be_national && view.counties.len() > 20);
    assert!(view.rows.iter().any(|row| row.account == "reviewer-a" && !row.reviewer.active));
    line.restore();
    let report = county.run_sync().await.expect("level");
    assert_eq!((report.sent, report.refused), (0, 1));
    let view = county.open_case(second).await.expect("opened");
    assert!(
        matches!(&view.delivery, Delivery::Refused { failure, .. } if failure.code == Code::ActIncomplete),
        "{:?}",
        view.delivery
    );
    assert_eq!(view.state, State::FirstAssign, "as the service knows it");
}

#[tokio::test]
async fn others_have_no_such_pages() {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    for account in ["teacher-a", "school193625", "reviewer-a", "ministry"] {
        let data = tempfile::tempdir().expect("a folder");
        let desktop = signed_in(&server.url(), data.path(), account).await;
        let pages = desktop.home_view().await.expect("a page").pages;
        assert!(!pages.contains(&Page::Assign) && !pages.contains(&Page::Reviewers), "{account}");
        assert_eq!(desktop.reviewer_pool().await.expect_err("not theirs").code, Code::NotYours, "{account}");
    }
}
