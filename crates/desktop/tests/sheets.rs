//! 進階專業回饋人才認證 at its desks: a sheet that begins with what is known, who is still waited for, and the certificate in the end.

use desktop::{Config, Desktop, ReaderProgram, World, find_fonts};
use domain::{
    case::{Process, State},
    certificate::{CertificateKind, CertificatePaper},
    certification::Round,
    form::content_hash,
    ids::CaseId,
    record::CertificateSource,
    time::PlanYear,
    workflow::Missing,
};
use serde_json::json;
use std::{collections::BTreeMap, fs, path::Path};
use testkit::{Caller, TestServer, form_review_that_passes, paper, person, sample};
use uuid::Uuid;
use wire::{
    Code,
    http::{ActBody, ActDone},
    record::{CertificateOf, CertificatePrint, Certification, RecordView},
    rpc::{FormOf, RemarkAsk, SaveDraft, SignInRequest},
    views::{CaseQuery, FormView, Page},
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
    desktop.run_sync().await.expect("level");
    desktop
}

/// An application by teacher-a, sent.
async fn submitted(server: &TestServer) -> CaseId {
    let owner = Caller::signed_in(&server.url(), "teacher-a").await;
    let case = Uuid::now_v7().into();
    let open = ActBody::Open { process: Process::Advanced, plan_year: PlanYear(111) };
    owner.act(case, 0, open).await.read::<ActDone>();
    let own = ["open_class_proof", "plc_participation_proof", "adv_checklist"];
    let forms = own.into_iter().chain(["pre_conference_a", "obs_std105", "post_conference_a"]);
    let sent = |form: &str| {
        let mut paper = paper(form, "typical", None);
        let field = if own.contains(&form) { "teacher_name" } else { "observer" };
        paper.answers.0.insert(field.to_owned(), person("teacher-a").person.name.into());
        paper.hash = content_hash(&paper.form, &paper.answers);
        paper
    };
    let mut papers: Vec<_> = forms.map(sent).collect();
    owner.stamp(&mut papers).await;
    owner.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    case
}

/// Acts of other desks, one after the other.
async fn acts(server: &TestServer, case: CaseId, from: u32, acts: Vec<(&str, ActBody)>) {
    for (seq, (account, body)) in (from..).zip(acts) {
        Caller::signed_in(&server.url(), account).await.act(case, seq, body).await.read::<ActDone>();
    }
}

fn pass() -> ActBody {
    ActBody::Pass { sheet: Some(form_review_that_passes()) }
}

fn assign(accounts: &[&str]) -> ActBody {
    ActBody::Assign { reviewers: accounts.iter().map(|account| person(account).person).collect() }
}

async fn form(desktop: &Desktop, case: CaseId, form: &str) -> FormView {
    desktop.open_form(&FormOf { case, form: form.parse().expect("a form's id") }).await.expect("opened")
}

fn advanced(view: &RecordView) -> &Certification {
    view.certifications.iter().find(|one| one.kind == CertificateKind::Advanced).expect("there")
}

/// A certificate is applied for once in a plan year, and the page of it says why no more.
#[tokio::test]
async fn the_page_of_a_certification_knows_whether_one_can_begin() {
    let server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let teacher = signed_in(&server, data.path(), "teacher-a").await;
    let view = teacher.open_record().await.expect("opened");
    assert!(advanced(&view).can_open && advanced(&view).open_missing.is_empty());
    assert!(view.certifications.iter().all(|one| one.can_open == (one.kind == CertificateKind::Advanced)));
    teacher.new_case(Process::Advanced).await.expect("begun");
    let view = teacher.open_record().await.expect("opened");
    let now = advanced(&view);
    assert_eq!((now.can_open, now.open_missing.as_slice()), (false, &[Missing::AlreadyApplied][..]));
    // Whoever is not eligible reads which lines stand against it.
    let data = tempfile::tempdir().expect("a folder");
    let other = signed_in(&server, data.path(), "teacher-b").await;
    let view = other.open_record().await.expect("opened");
    assert!(matches!(advanced(&view).open_missing.as_slice(), [Missing::NotEligible { lines }] if lines.len() == 4));
    assert!(!advanced(&view).can_open);
}

/// A sheet begins with its person, and the formal check with a row for every slot, which stay when something is typed.
#[tokio::test]
async fn sheets_begin_with_what_is_known() {
    let server = TestServer::start();
    let case = submitted(&server).await;
    let owner = person("teacher-a");
    let (name, school) = (owner.person.name, owner.school.expect("a teacher's").name);
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&server, data.path(), "county-taichung").await;
    let view = form(&county, case, "adv_form_review").await;
    assert_eq!((view.answers.text("teacher_name"), view.answers.text("school_name")), (name.as_str(), school.as_str()));
    let slots = |view: &FormView| -> Vec<String> {
        let rows = view.answers.0["slots"].as_array().expect("rows");
        rows.iter().map(|row| row["slot"].as_str().expect("named").to_owned()).collect()
    };
    let all = ["實施證明", "社群參與證明", "觀察前會談紀錄表", "觀察紀錄表", "觀察後回饋會談紀錄表", "認證檢核表"];
    assert_eq!(slots(&view), all);
    let typed = BTreeMap::from([("result".to_owned(), json!("退件"))]);
    let save = SaveDraft { case, form: "adv_form_review".parse().expect("a form"), changes: typed };
    county.save_draft(save).await.expect("saved");
    assert_eq!(slots(&form(&county, case, "adv_form_review").await), all);
    // What it says greys the act that says another thing.
    let allowed = county.open_case(case).await.expect("opened").allowed;
    let disagrees = |one: &&domain::workflow::Allowed| {
        one.missing.iter().any(|missing| matches!(missing, Missing::SheetDisagrees { .. }))
    };
    let grey: Vec<&str> = allowed.iter().filter(disagrees).map(|one| one.action.code()).collect();
    assert_eq!(grey, ["pass"]);

    acts(&server, case, 2, vec![("county-taichung", pass()), ("county-taichung", assign(&["reviewer-a"]))]).await;
    let data = tempfile::tempdir().expect("a folder");
    let reviewer = signed_in(&server, data.path(), "reviewer-a").await;
    let view = form(&reviewer, case, "adv_review").await;
    let begun = ["teacher_name", "school_name", "round"].map(|key| view.answers.text(key));
    assert_eq!(begun, [name.as_str(), school.as_str(), "初審"]);
    assert!(!view.answers.0.contains_key("slots"));
}

/// Of two reviewers the one who has written is no more waited for; their pages are those of a reviewer; what they remarked goes
/// along and is known by its round.
#[tokio::test]
async fn a_reviewer_is_waited_for_until_the_own_sheet_is_sent() {
    let server = TestServer::start();
    let case = submitted(&server).await;
    acts(
        &server,
        case,
        2,
        vec![("county-taichung", pass()), ("county-taichung", assign(&["reviewer-a", "reviewer-b"]))],
    )
    .await;
    let data = tempfile::tempdir().expect("a folder");
    let reviewer = signed_in(&server, data.path(), "reviewer-a").await;
    let home = reviewer.home_view().await.expect("home");
    assert_eq!(home.todo.iter().map(|row| row.id).collect::<Vec<_>>(), [case]);
    assert!(!home.pages.contains(&Page::Summary) && home.tiles.iter().all(|tile| tile.page != Page::Summary));

    let review: domain::form::FormId = "adv_review".parse().expect("a form");
    let changes = reviewer.changes_to(case, &review, sample("adv_review", "typical").0.into()).await.expect("answers");
    reviewer.save_draft(SaveDraft { case, form: review, changes }).await.expect("saved");
    let observed = "obs_std105".parse().expect("a form");
    assert!(form(&reviewer, case, "obs_std105").await.can_remark);
    let ask = RemarkAsk { case, form: observed, field: "observer".to_owned(), text: "請補充".to_owned() };
    let pending = reviewer.ask_remark(ask).await.expect("kept");
    assert_eq!((pending.unsent, pending.rows[0].review), (1, Some(Round::First)));
    let act = serde_json::from_value(json!({ "case": case, "action": "review" })).expect("an act");
    reviewer.act(act).await.expect("sent");
    let here = |rows: &[wire::views::CaseRow]| rows.iter().any(|row| row.id == case && row.waits_for_me);
    for step in ["believed", "heard"] {
        let list = reviewer.list_cases(&CaseQuery::default()).await.expect("a list");
        assert!(!here(&list.rows) && list.total == 1, "{step}");
        let home = reviewer.home_view().await.expect("home");
        assert!(home.todo.is_empty() && home.tiles.iter().all(|tile| tile.waiting == 0), "{step}");
        reviewer.run_sync().await.expect("level");
    }
    let data = tempfile::tempdir().expect("a folder");
    let other = signed_in(&server, data.path(), "reviewer-b").await;
    assert!(here(&other.list_cases(&CaseQuery::default()).await.expect("a list").rows), "the other has not written");
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&server, data.path(), "county-taichung").await;
    let view = county.open_case(case).await.expect("opened");
    assert_eq!(view.state, State::FirstReview);
    let remarks = form(&county, case, "obs_std105").await.remarks;
    assert_eq!(
        remarks.iter().map(|one| (one.review, one.text.as_str())).collect::<Vec<_>>(),
        [(Some(Round::First), "請補充")]
    );
}

/// What was issued stands in the record and on the case, and is printed from both; nothing else is.
#[tokio::test]
async fn a_certificate_that_was_issued_is_printed() {
    let server = TestServer::start();
    let case = submitted(&server).await;
    let data = tempfile::tempdir().expect("a folder");
    let teacher = signed_in(&server, data.path(), "teacher-a").await;
    let print = |of, paper| CertificatePrint { of, paper };
    let (certificate, training) = (CertificatePaper::Certificate, CertificatePaper::Training);
    let of_case = CertificateOf::Case { case };
    let early = teacher.print_certificate(print(of_case, certificate)).await.expect_err("nothing is issued");
    assert_eq!(early.code, Code::CertificateNotIssued);

    let mut review = paper("adv_review", "typical", None);
    review.answers.0.insert(Round::First.result_field().0.to_owned(), "通過".into());
    review.hash = content_hash(&review.form, &review.answers);
    let issued = "2022-10-01".parse().expect("a day");
    acts(
        &server,
        case,
        2,
        vec![
            ("county-taichung", pass()),
            ("county-taichung", assign(&["reviewer-a"])),
            ("reviewer-a", ActBody::Review { sheet: review }),
            ("county-taichung", ActBody::Grant { reason: String::new() }),
            ("platform", ActBody::Publish),
            ("ministry", ActBody::Issue { on: issued }),
        ],
    )
    .await;
    teacher.run_sync().await.expect("level");
    let view = teacher.open_case(case).await.expect("opened").certification.expect("a certification");
    assert_eq!(view.certificate_papers, [certificate, training]);
    let record = teacher.open_record().await.expect("opened");
    let held = record.certificates.iter().find(|held| held.source == CertificateSource::Issued).expect("in the record");
    let number = held.number.as_str();
    assert_eq!(
        (number, held.kind, held.issued_on),
        ("臺中證號第B111000001號", CertificateKind::Advanced, Some(issued))
    );
    let papers: Vec<_> = record.certificate_papers.iter().map(|one| (one.certificate, one.papers.as_slice())).collect();
    assert_eq!(papers, [(held.id, &[certificate, training][..])], "the one that was entered has none");

    let of_record = CertificateOf::Record { certificate: held.id };
    for (of, paper) in [(of_case, certificate), (of_case, training), (of_record, certificate), (of_record, training)] {
        let printed = teacher.print_certificate(print(of, paper)).await.expect("printed");
        let path = printed.path.expect("written");
        assert!(fs::read(&path).expect("there").starts_with(b"%PDF"), "{path}");
        let text = std::process::Command::new("pdftotext").args([&path, "-"]).output().expect("pdftotext runs");
        let text: String = String::from_utf8_lossy(&text.stdout).chars().filter(|sign| !sign.is_whitespace()).collect();
        let owner = person("teacher-a");
        let school = owner.school.expect("a teacher's").name;
        let hours = if paper == training { "共計18小時" } else { "特發給證書" };
        for words in [number, &owner.person.name, &school, "111學年度", "一百一十一年十月一日", hours] {
            assert!(text.contains(&words.replace(' ', "")), "{paper:?}: {words} is not in {text}");
        }
    }
    // Of what was entered for an earlier one nothing is printed, nor of what is not there.
    let entered = record.certificates.iter().find(|held| held.source == CertificateSource::Entered).expect("entered");
    for (certificate_id, code) in [(entered.id, Code::CertificateNotIssued), (Uuid::now_v7().into(), Code::NotFound)] {
        let of = CertificateOf::Record { certificate: certificate_id };
        assert_eq!(teacher.print_certificate(print(of, certificate)).await.expect_err("refused").code, code);
    }
    // An office prints the certificate; the hours of somebody's training it does not know. A reviewer knows of no certificate.
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&server, data.path(), "county-taichung").await;
    county.print_certificate(print(of_case, certificate)).await.expect("printed");
    let refused = county.print_certificate(print(of_case, training)).await.expect_err("not its record");
    assert_eq!(refused.code, Code::NoTrainingHours);
    let data = tempfile::tempdir().expect("a folder");
    let reviewer = signed_in(&server, data.path(), "reviewer-a").await;
    assert!(reviewer.print_certificate(print(of_case, certificate)).await.is_err());
}
