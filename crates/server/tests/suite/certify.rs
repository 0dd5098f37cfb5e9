//! 進階專業回饋人才認證 as its people live it: every path of the slides, what each of them may see on the way, and the numbers.

use super::{Ground, mail::set};
use domain::{
    case::{Case, Process, SentPaper, State},
    certificate::CertificateKind,
    certification::{Outcome, Round},
    form::content_hash,
    ids::{CaseId, EventId},
    notice::NoticeKind,
    people::Person,
    record::{CertificateSource, HeldCertificate, PersonRecord},
    time::PlanYear,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Answer, Caller, form_review_that_passes, paper, pdf};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone, CaseAct, ManyActs, ManyDone};

/// One form for each slot.
const SLOTS: [&str; 6] = [
    "open_class_proof",
    "plc_participation_proof",
    "pre_conference_a",
    "obs_std105",
    "post_conference_a",
    "adv_checklist",
];
/// The slots that are open again after 修正後複審 and after an appeal is accepted.
const CORRECTED: [&str; 3] = ["pre_conference_a", "obs_std105", "post_conference_a"];

/// The papers with their files, filled in by the owner: of the samples' applicant only the name is another.
async fn sent(owner: &Caller, forms: &[&str], mark: u32) -> Vec<SentPaper> {
    let name = &owner.session().actor.person.name;
    let mut papers = Vec::new();
    for (number, form) in (0..).zip(forms) {
        let file = pdf(mark * 10 + number, 120);
        owner.upload(&file).await;
        let mut paper = paper(form, "typical", Some(&file));
        paper.answers = serde_json::from_str(&json!(paper.answers).to_string().replace("王小明", name)).unwrap();
        paper.hash = content_hash(&paper.form, &paper.answers);
        papers.push(paper);
    }
    papers
}

/// 審查標準表 of a round with this result.
fn review(round: Round, outcome: Outcome) -> ActBody {
    let sample = match round {
        Round::First => "typical",
        Round::Second => "second",
        Round::Appeal => "appeal",
    };
    let mut sheet = paper("adv_review", sample, None);
    sheet.answers.0.insert(round.result_field().0.to_owned(), outcome.label().into());
    sheet.hash = content_hash(&sheet.form, &sheet.answers);
    ActBody::Review { sheet }
}

/// 形式審查表: everything is there, or the stamp of the sample is missing.
fn form_review(passes: bool) -> SentPaper {
    if passes { form_review_that_passes() } else { paper("adv_form_review", "typical", None) }
}

fn pass() -> ActBody {
    ActBody::Pass { sheet: Some(form_review(true)) }
}

fn because() -> String {
    "觀察紀錄之事實摘要不足。".to_owned()
}

/// One certification and its people.
struct Trip<'a> {
    ground: &'a Ground,
    case: CaseId,
    seq: u32,
    owner: Caller,
    county: Caller,
}

impl<'a> Trip<'a> {
    async fn open(ground: &'a Ground, owner: Caller) -> Self {
        let case = Uuid::now_v7().into();
        let body = ActBody::Open { process: Process::Advanced, plan_year: PlanYear(111) };
        let done: ActDone = owner.act(case, 0, body).await.read();
        let county = ground.signed_in("county-taichung").await;
        Self { ground, case, seq: done.seq, owner, county }
    }

    /// One whose papers were sent.
    async fn submitted(ground: &'a Ground, owner: Caller, mark: u32) -> Self {
        let mut trip = Self::open(ground, owner).await;
        let papers = sent(&trip.owner, &SLOTS, mark).await;
        trip.by(&trip.owner.clone(), ActBody::Submit { papers }, State::FormReview).await;
        trip
    }

    /// One that waits for the decision of the first round, reviewed by reviewer-a.
    async fn reviewed(ground: &'a Ground, owner: Caller, mark: u32, outcome: Outcome) -> Self {
        let mut trip = Self::submitted(ground, owner, mark).await;
        trip.office(pass(), State::FirstAssign).await;
        trip.round(Round::First, "reviewer-a", outcome).await;
        trip
    }

    async fn tried(&self, caller: &Caller, body: ActBody) -> Answer {
        caller.act(self.case, self.seq, body).await
    }

    async fn by(&mut self, caller: &Caller, body: ActBody, state: State) {
        let done: ActDone = self.tried(caller, body).await.read();
        self.seq = done.seq;
        assert_eq!(self.county.case(self.case).await.case.state, state);
    }

    async fn office(&mut self, body: ActBody, state: State) {
        self.by(&self.county.clone(), body, state).await;
    }

    async fn assign(&mut self, accounts: &[&str], state: State) {
        self.office(assign(accounts), state).await;
    }

    /// Assignment and review by one reviewer, up to the decision.
    async fn round(&mut self, round: Round, account: &str, outcome: Outcome) {
        let (under_review, decide) = match round {
            Round::First => (State::FirstReview, State::FirstDecide),
            Round::Second => (State::SecondReview, State::SecondDecide),
            Round::Appeal => (State::AppealReview, State::AppealDecide),
        };
        self.assign(&[account], under_review).await;
        let reviewer = self.ground.signed_in(account).await;
        self.by(&reviewer, review(round, outcome), decide).await;
    }

    async fn resubmit(&mut self, mark: u32, state: State) {
        let papers = sent(&self.owner, &CORRECTED, mark).await;
        self.by(&self.owner.clone(), ActBody::Resubmit { papers }, state).await;
    }

    async fn appeal(&self, mark: u32) -> ActBody {
        ActBody::Appeal { papers: sent(&self.owner, &["adv_appeal"], mark).await }
    }

    async fn seen(&self) -> Case {
        self.owner.case(self.case).await.case
    }

    /// The messages the owner got about it.
    async fn told(&self) -> Vec<NoticeKind> {
        let told = self.owner.changes(0).await;
        told.notices.iter().filter(|notice| notice.case == self.case).map(|notice| notice.kind).collect()
    }
}

fn demo(account: &str) -> Person {
    testkit::person(account).person
}

fn assign(accounts: &[&str]) -> ActBody {
    ActBody::Assign { reviewers: accounts.iter().map(|account| demo(account)).collect() }
}

fn first_missing(answer: &Answer) -> (&str, &Value) {
    assert_eq!(answer.code(), "act_incomplete", "{}", answer.body);
    let missing = &answer.body["params"]["missing"][0];
    (missing["code"].as_str().unwrap(), &missing["params"])
}

pub(crate) async fn a_certification_passes_at_once(ground: Ground) {
    let mut trip = Trip::open(&ground, ground.signed_in("teacher-a").await).await;
    // One application in a plan year, and nothing goes out before every slot is filled.
    let again = ActBody::Open { process: Process::Advanced, plan_year: PlanYear(111) };
    let refused = trip.owner.act(Uuid::now_v7().into(), 0, again).await;
    assert_eq!(first_missing(&refused).0, "already_applied");
    let five = sent(&trip.owner, &SLOTS[..5], 1).await;
    let refused = trip.tried(&trip.owner, ActBody::Submit { papers: five }).await;
    assert_eq!(first_missing(&refused), ("slots_empty", &json!({ "slots": ["slot_check"] })));
    let mut two = sent(&trip.owner, &SLOTS, 2).await;
    two.push(sent(&trip.owner, &["pre_conference_b"], 3).await.remove(0));
    let refused = trip.tried(&trip.owner, ActBody::Submit { papers: two }).await;
    assert_eq!((refused.code(), &refused.body["params"]["slot"]), ("bad_request", &json!("slot_pre")));

    let papers = sent(&trip.owner, &SLOTS, 4).await;
    let owner = trip.owner.clone();
    trip.by(&owner, ActBody::Submit { papers }, State::FormReview).await;
    // A sheet belongs to the office's step, and a return says why.
    let refused = trip.tried(&trip.county, ActBody::Pass { sheet: None }).await;
    assert_eq!(first_missing(&refused).0, "sheet_incomplete");
    let back = |reason: &str| ActBody::Return { reason: reason.to_owned(), sheet: Some(form_review(false)) };
    assert_eq!(first_missing(&trip.tried(&trip.county, back(" ")).await).0, "reason_missing");
    // What the sheet says and what is done are the same, either way.
    let refused = trip.tried(&trip.county, ActBody::Pass { sheet: Some(form_review(false)) }).await;
    assert_eq!(first_missing(&refused), ("sheet_disagrees", &json!({ "says": "return" })));
    let returned = ActBody::Return { reason: because(), sheet: Some(form_review(true)) };
    let refused = trip.tried(&trip.county, returned).await;
    assert_eq!(first_missing(&refused), ("sheet_disagrees", &json!({ "says": "pass" })));
    trip.office(back("請補學校主管核章後重新上傳。"), State::Preparing).await;
    let seen = trip.seen().await;
    assert_eq!(seen.reason.as_deref(), Some("請補學校主管核章後重新上傳。"));
    assert_eq!(seen.reviewing.sheets.len(), 1, "the teacher reads the 形式審查表");
    let papers = sent(&trip.owner, &SLOTS, 5).await;
    trip.by(&owner, ActBody::Submit { papers }, State::FormReview).await;
    trip.office(pass(), State::FirstAssign).await;
    trip.round(Round::First, "reviewer-a", Outcome::Passed).await;
    trip.office(ActBody::Grant { reason: String::new() }, State::Passed).await;

    let (platform, ministry) = (ground.signed_in("platform").await, ground.signed_in("ministry").await);
    let issue = || ActBody::Issue { on: "2022-10-01".parse().unwrap() };
    assert_eq!(trip.tried(&ministry, issue()).await.code(), "not_in_this_state");
    trip.by(&platform, ActBody::Publish, State::CertReady).await;
    assert_eq!(trip.tried(&trip.county, issue()).await.code(), "not_in_this_state");
    let before = trip.owner.changes(0).await;
    let held = |record: &PersonRecord| -> Vec<HeldCertificate> {
        record.certificates.iter().filter(|held| held.source == CertificateSource::Issued).cloned().collect()
    };
    assert_eq!(held(&before.record.unwrap()), []);
    trip.by(&ministry, issue(), State::CertIssued).await;
    // It stands in the person's record with the act that issued it, once, and nobody imported it.
    let [certificate] = &held(&trip.owner.changes(before.cursor).await.record.expect("told"))[..] else {
        panic!("one certificate")
    };
    assert_eq!(
        (
            certificate.kind,
            certificate.plan_year,
            certificate.number.as_str(),
            certificate.issued_on,
            certificate.waits
        ),
        (
            CertificateKind::Advanced,
            Some(PlanYear(111)),
            "臺中證號第B111000001號",
            Some("2022-10-01".parse().unwrap()),
            false
        )
    );
    let other = ground.signed_in("teacher-b").await.changes(0).await.record.unwrap();
    assert_eq!(held(&other), [], "nobody else's");
    let issued = trip.seen().await.reviewing.issued.unwrap();
    assert_eq!(issued.number.as_deref(), Some("臺中證號第B111000001號"));
    use NoticeKind::{N4, N5, N11, N12};
    assert_eq!(trip.told().await, [N4, N5, N11, N12]);
}

pub(crate) async fn a_certification_passes_after_correction(ground: Ground) {
    let owner = ground.signed_in("teacher-a").await;
    let mut trip = Trip::reviewed(&ground, owner, 1, Outcome::PassedAfterCorrection).await;
    trip.office(ActBody::GrantCorrected { reason: "請自行修正。".to_owned() }, State::Passed).await;
    let seen = trip.seen().await;
    assert_eq!(seen.reviewing.decision(Round::First).unwrap().outcome, Outcome::PassedAfterCorrection);
    assert_eq!(trip.told().await, [NoticeKind::N5]);
}

pub(crate) async fn a_certification_passes_the_second_review(ground: Ground) {
    let owner = ground.signed_in("teacher-a").await;
    let mut trip = Trip::reviewed(&ground, owner, 1, Outcome::CorrectAndReview).await;
    trip.office(ActBody::AskCorrection { reason: because() }, State::FirstFix).await;
    // Exactly the three documents are open; the others stay as they were sent.
    let closed = sent(&trip.owner, &["adv_checklist"], 2).await;
    let refused = trip.tried(&trip.owner, ActBody::Resubmit { papers: closed }).await;
    assert_eq!((refused.code(), &refused.body["params"]["form"]), ("not_editable", &json!("adv_checklist")));
    let two = sent(&trip.owner, &CORRECTED[..2], 3).await;
    let refused = trip.tried(&trip.owner, ActBody::Resubmit { papers: two }).await;
    assert_eq!(first_missing(&refused), ("slots_empty", &json!({ "slots": ["slot_post"] })));
    trip.resubmit(4, State::SecondAssign).await;
    assert_eq!(trip.seen().await.papers.len(), 6);
    // Whoever reviewed it does not review it again.
    let refused = trip.tried(&trip.county, assign(&["reviewer-a"])).await;
    let (code, params) = first_missing(&refused);
    assert_eq!((code, &params["reviewers"][0]["why"]), ("reviewers_unfit", &json!("earlier_round")));
    trip.round(Round::Second, "reviewer-b", Outcome::Passed).await;
    assert_eq!(
        trip.tried(&trip.county, ActBody::AskCorrection { reason: because() }).await.code(),
        "not_in_this_state",
        "there is no third review"
    );
    trip.office(ActBody::Grant { reason: String::new() }, State::Passed).await;
    assert_eq!(trip.told().await, [NoticeKind::N6, NoticeKind::AdvSecondPassed]);
}

/// 初審未通過, then an appeal that is accepted and corrected, up to the last decision.
async fn appealed<'a>(ground: &'a Ground, outcome: Outcome) -> Trip<'a> {
    let owner = ground.signed_in("teacher-a").await;
    let mut trip = Trip::reviewed(ground, owner, 1, Outcome::CorrectAndReview).await;
    trip.office(ActBody::AskCorrection { reason: because() }, State::FirstFix).await;
    trip.resubmit(2, State::SecondAssign).await;
    trip.round(Round::Second, "reviewer-b", Outcome::Failed).await;
    trip.office(ActBody::Deny { reason: because() }, State::SecondFailed).await;
    let empty = ActBody::Appeal { papers: Vec::new() };
    let refused = trip.tried(&trip.owner, empty).await;
    assert_eq!(first_missing(&refused), ("papers_incomplete", &json!({ "forms": ["adv_appeal"] })));
    let appeal = trip.appeal(3).await;
    trip.by(&trip.owner.clone(), appeal, State::AppealIntake).await;
    trip.office(ActBody::AcceptAppeal, State::AppealFix).await;
    trip.resubmit(4, State::AppealAssign).await;
    for earlier in ["reviewer-a", "reviewer-b"] {
        assert_eq!(first_missing(&trip.tried(&trip.county, assign(&[earlier])).await).0, "reviewers_unfit");
    }
    trip.round(Round::Appeal, "reviewer-c", outcome).await;
    trip
}

pub(crate) async fn an_appeal_is_accepted_and_passes(ground: Ground) {
    let mut trip = appealed(&ground, Outcome::Passed).await;
    trip.office(ActBody::Grant { reason: String::new() }, State::Passed).await;
    use NoticeKind::{AppealAccepted, N6, N8, N9};
    assert_eq!(trip.told().await, [N6, N8, AppealAccepted, N9]);
    let rounds: Vec<_> = trip.seen().await.reviewing.decisions.iter().map(|one| (one.round, one.outcome)).collect();
    let expected =
        [(Round::First, Outcome::CorrectAndReview), (Round::Second, Outcome::Failed), (Round::Appeal, Outcome::Passed)];
    assert_eq!(rounds, expected);
}

pub(crate) async fn an_appeal_is_accepted_and_fails(ground: Ground) {
    let mut trip = appealed(&ground, Outcome::Failed).await;
    trip.office(ActBody::Deny { reason: because() }, State::Failed).await;
    assert_eq!(trip.told().await.last(), Some(&NoticeKind::N10));
    // There is no appeal against an appeal.
    let appeal = trip.appeal(9).await;
    assert_eq!(trip.tried(&trip.owner, appeal).await.code(), "not_in_this_state");
}

pub(crate) async fn an_appeal_is_refused(ground: Ground) {
    let owner = ground.signed_in("teacher-a").await;
    let mut trip = Trip::reviewed(&ground, owner, 1, Outcome::Failed).await;
    trip.office(ActBody::Deny { reason: because() }, State::FirstFailed).await;
    let appeal = trip.appeal(3).await;
    trip.by(&trip.owner.clone(), appeal, State::AppealIntake).await;
    let silent = ActBody::RefuseAppeal { reason: "　".to_owned() };
    assert_eq!(first_missing(&trip.tried(&trip.county, silent).await).0, "reason_missing");
    trip.office(ActBody::RefuseAppeal { reason: "申復理由與審查意見無關。".to_owned() }, State::Failed).await;
    assert_eq!(trip.told().await, [NoticeKind::N7, NoticeKind::AppealRefused]);
}

/// Ten days including holidays, from the day after the message; the last moment is the last of day 10 in Taipei.
pub(crate) async fn days_for_an_appeal_end_at_midnight(ground: Ground) {
    set(&ground, "2022-05-01T02:00:00Z");
    let (in_time, late, silent) =
        (ground.applicant("in-time").await, ground.applicant("late").await, ground.applicant("silent").await);
    let mut trips = Vec::new();
    for (mark, owner) in (1..).zip([in_time, late, silent]) {
        let mut trip = Trip::reviewed(&ground, owner, mark, Outcome::Failed).await;
        // 2022-05-02 23:30 in Taipei.
        set(&ground, "2022-05-02T15:30:00Z");
        trip.office(ActBody::Deny { reason: because() }, State::FirstFailed).await;
        assert_eq!(json!(trip.seen().await.reviewing.appeal_until), json!("2022-05-12T15:59:59.999Z"));
        trips.push(trip);
    }
    let [in_time, late, silent] = &mut trips[..] else { unreachable!() };
    // Sessions do not live so long.
    set(&ground, "2022-05-12T15:59:59.999Z");
    in_time.owner = ground.signed_in("in-time").await;
    in_time.county = ground.signed_in("county-taichung").await;
    let appeal = in_time.appeal(5).await;
    in_time.by(&in_time.owner.clone(), appeal, State::AppealIntake).await;
    ground.server.mail_round().await;
    late.owner = ground.signed_in("late").await;
    assert_eq!(late.seen().await.state, State::FirstFailed, "the last moment has not passed");

    set(&ground, "2022-05-12T16:00:00Z");
    late.owner = ground.signed_in("late").await;
    let appeal = late.appeal(6).await;
    let refused = late.tried(&late.owner, appeal).await;
    assert_eq!(first_missing(&refused), ("appeal_over", &json!({ "until": "2022-05-12T15:59:59.999Z" })));
    // Nobody closes it by hand, and two clocks close it once.
    assert_eq!(late.tried(&late.county, ActBody::Lapse).await.code(), "not_in_this_state");
    tokio::join!(ground.server.mail_round(), ground.server.mail_round());
    ground.server.mail_round().await;
    silent.owner = ground.signed_in("silent").await;
    for trip in [&*late, &*silent] {
        let seen = trip.seen().await;
        assert_eq!((seen.state, seen.seq), (State::Failed, trip.seq + 1));
        assert_eq!(trip.told().await, [NoticeKind::N7, NoticeKind::AppealLapsed]);
    }
    // After 不合格 the next plan year is open, to who still has the hours.
    set(&ground, "2022-09-15T02:00:00Z");
    silent.owner = ground.signed_in("silent").await;
    testkit::qualify(&ground.server, "silent", &silent.owner.session().actor).await;
    let next = |year| ActBody::Open { process: Process::Advanced, plan_year: PlanYear(year) };
    assert_eq!(silent.owner.act(Uuid::now_v7().into(), 0, next(111)).await.code(), "act_incomplete");
    assert_eq!(silent.owner.act(Uuid::now_v7().into(), 0, next(112)).await.code(), "ok");
}

pub(crate) async fn a_decision_sent_twice_is_taken_once(ground: Ground) {
    let owner = ground.signed_in("teacher-a").await;
    let trip = Trip::reviewed(&ground, owner, 1, Outcome::Passed).await;
    let body = ActBody::Grant { reason: String::new() };
    let act = Act { id: Uuid::now_v7().into(), expect_seq: trip.seq, remarks: Default::default(), body };
    let path = format!("/v1/cases/{}/acts", trip.case);
    for _ in 0..2 {
        let done: ActDone = trip.county.post(&path, json!(act)).await.read();
        assert_eq!(done.seq, trip.seq + 1);
    }
    let other = Act { id: Uuid::now_v7().into(), ..act };
    assert_eq!(trip.county.post(&path, json!(other)).await.code(), "case_moved");
    assert_eq!(trip.told().await, [NoticeKind::N5]);
}

/// Two assigners at once, a reviewer who leaves in the middle, and a reviewer who may not.
pub(crate) async fn reviewers_are_named_and_replaced(ground: Ground) {
    let mut trip = Trip::submitted(&ground, ground.signed_in("teacher-a").await, 1).await;
    trip.office(pass(), State::FirstAssign).await;
    assert_eq!(first_missing(&trip.tried(&trip.county, assign(&[])).await).0, "reviewers_missing");
    for (account, why) in [("teacher-b", "not_a_reviewer"), ("county-taichung", "not_a_reviewer")] {
        let refused = trip.tried(&trip.county, assign(&[account])).await;
        let (code, params) = first_missing(&refused);
        assert_eq!((code, &params["reviewers"][0]["why"]), ("reviewers_unfit", &json!(why)));
    }
    let second = ground.another("county-second", "county-taichung").await;
    let (one, other) = tokio::join!(
        trip.tried(&trip.county, assign(&["reviewer-a"])),
        second.act(trip.case, trip.seq, assign(&["reviewer-b"]))
    );
    let codes: BTreeSet<_> = [one.code(), other.code()].map(str::to_owned).into();
    assert_eq!(codes, BTreeSet::from(["ok".to_owned(), "case_moved".to_owned()]));
    let refused = if one.code() == "ok" { &other } else { &one };
    assert_eq!(refused.body["params"]["action"], "assign");
    trip.seq += 1;
    let chosen = if one.code() == "ok" { "reviewer-a" } else { "reviewer-b" };

    let (gone, instead) = (ground.signed_in(chosen).await, ground.signed_in("reviewer-c").await);
    let path = format!("/v1/cases/{}", trip.case);
    assert_eq!(gone.case(trip.case).await.case.papers.len(), 6);
    assert_eq!(instead.get(&path).await.code(), "not_found");
    let before = gone.changes(0).await.cursor;
    trip.assign(&["reviewer-c"], State::FirstReview).await;
    // The one who left sees it no more, is told by the next changes, and cannot write any more.
    assert_eq!(gone.get(&path).await.code(), "not_found");
    assert!(gone.changes(before).await.gone.contains(&trip.case));
    assert_eq!(trip.tried(&gone, review(Round::First, Outcome::Passed)).await.code(), "not_found");
    // A sheet of another round is not taken.
    let wrong = review(Round::Second, Outcome::Passed);
    assert_eq!(trip.tried(&instead, wrong).await.code(), "bad_request");
    trip.by(&instead, review(Round::First, Outcome::Passed), State::FirstDecide).await;
    assert_eq!(trip.tried(&instead, review(Round::First, Outcome::Failed)).await.code(), "not_in_this_state");
}

/// What a reviewer wrote in one round is nobody's in another, and no name of a reviewer reaches a teacher.
pub(crate) async fn sheets_are_read_by_whom_they_are_for(ground: Ground) {
    let trip = appealed(&ground, Outcome::Failed).await;
    let sheets = |case: &Case| -> Vec<Option<Round>> {
        case.reviewing.sheets.iter().filter(|sheet| sheet.round.is_some()).map(|sheet| sheet.round).collect()
    };
    for (account, own) in [("reviewer-a", Round::First), ("reviewer-b", Round::Second), ("reviewer-c", Round::Appeal)] {
        let reviewer = ground.signed_in(account).await;
        let seen = reviewer.case(trip.case).await;
        assert_eq!(sheets(&seen.case), [Some(own)], "{account}");
        assert_eq!(seen.papers_hidden, own != Round::Appeal, "{account}");
        let text =
            json!(seen).to_string() + &reviewer.get(&format!("/v1/cases/{}/events", trip.case)).await.body.to_string();
        for other in ["reviewer-a", "reviewer-b", "reviewer-c"].into_iter().filter(|other| *other != account) {
            assert!(!text.contains(&demo(other).name), "{account} reads of {other}");
        }
    }
    let seen = trip.seen().await;
    assert_eq!(sheets(&seen), [Some(Round::First), Some(Round::Second)], "the last round is not decided");
    let events = trip.owner.get(&format!("/v1/cases/{}/events", trip.case)).await.body;
    let texts = [json!(seen).to_string(), events.to_string(), json!(trip.owner.changes(0).await).to_string()];
    for person in ["reviewer-a", "reviewer-b", "reviewer-c"].map(demo) {
        for (text, what) in texts.iter().zip(["the case", "its events", "the changes"]) {
            let named = [person.name.clone(), person.id.to_string()].into_iter().find(|word| text.contains(word));
            assert_eq!(named, None, "{what}: {text}");
        }
    }
    for (account, code) in
        [("teacher-b", "not_found"), ("county-lienchiang", "not_found"), ("school-matsu", "not_found")]
    {
        assert_eq!(ground.signed_in(account).await.get(&format!("/v1/cases/{}", trip.case)).await.code(), code);
    }
    let school = ground.signed_in("school193625").await.case(trip.case).await;
    assert!(school.papers_hidden && school.case.reviewing.sheets.is_empty());
}

/// Eight callers issue numbers at once, some of them the same ones: no gap, no double.
pub(crate) async fn numbers_have_no_gaps_and_no_doubles(ground: Ground) {
    let platform = ground.signed_in("platform").await;
    let mut cases = Vec::new();
    for number in 0..16 {
        let owner = ground.applicant(&format!("t{number}")).await;
        let mut trip = Trip::reviewed(&ground, owner, 1 + number, Outcome::Passed).await;
        trip.office(ActBody::Grant { reason: String::new() }, State::Passed).await;
        cases.push((trip.case, trip.seq));
    }
    let act = |(case, seq): (CaseId, u32), id: EventId, body: ActBody| CaseAct {
        case,
        act: Act { id, expect_seq: seq, remarks: Default::default(), body },
    };
    let fresh = || EventId(Uuid::now_v7());
    let publish = ManyActs { acts: cases.iter().map(|case| act(*case, fresh(), ActBody::Publish)).collect() };
    let done: ManyDone = platform.post("/v1/acts", json!(publish)).await.read();
    assert!(done.results.iter().all(|one| one.refused.is_none()), "{done:?}");
    let issue = || ActBody::Issue { on: "2022-10-01".parse().unwrap() };
    // Each pair of callers has the same four cases: one of them half of its batch under the same ids, as when an answer was lost.
    let mut batches = Vec::new();
    for four in cases.chunks(4) {
        let acts: Vec<CaseAct> = four.iter().map(|(case, seq)| act((*case, seq + 1), fresh(), issue())).collect();
        let mut again = acts.clone();
        again[2].act.id = fresh();
        again[3].act.id = fresh();
        batches.extend([ManyActs { acts }, ManyActs { acts: again }]);
    }
    let ministry = ground.signed_in("ministry").await;
    let sent = batches.iter().map(|batch| ministry.post("/v1/acts", json!(batch)));
    let answers = futures_util::future::join_all(sent).await;
    let mut refused = 0;
    for answer in answers {
        let done: ManyDone = answer.read();
        for one in done.results {
            if let Some(failure) = one.refused {
                assert_eq!(failure.code.as_str(), "case_moved");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 8, "of two acts on a case one is done");
    let mut numbers = BTreeSet::new();
    for (case, _) in &cases {
        let seen = platform.case(*case).await.case;
        assert_eq!(seen.state, State::CertIssued);
        numbers.insert(seen.reviewing.issued.unwrap().number.unwrap());
    }
    let expected: BTreeSet<String> = (1..=16).map(|serial| format!("臺中證號第B111{serial:06}號")).collect();
    assert_eq!(numbers, expected);
}
