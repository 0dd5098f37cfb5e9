//! 進階專業回饋人才認證 at the desks of its people, from an application without a line to the number of the certificate: through
//! 複審 and 申復, as long as a case can become. At every station: what each of them sees, and what they may do.

mod desk;

use desk::{Desk, form};
use domain::{
    case::{Process, State},
    certification::Round,
    ids::CaseId,
    people::Person,
    workflow::{Action, Missing},
};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::atomic::Ordering};
use testkit::{TestServer, pdf, person, sample, stamping};
use wire::{
    Code,
    reviewers::{CaseReviewers, CasesAssign},
    rpc::{FormOf, RemarkAnswerPut, RemarkAsk, ScanAttach, SlotPick},
    views::{CaseView, Delivery, PaperRow, PaperStatus},
};

/// Of these a stamped copy goes along.
const STAMPED: [&str; 3] = ["open_class_proof", "plc_participation_proof", "adv_checklist"];

/// One form for each slot.
const SLOTS: [(&str, &str); 6] = [
    ("slot_open_class", "open_class_proof"),
    ("slot_plc", "plc_participation_proof"),
    ("slot_pre", "pre_conference_a"),
    ("slot_obs", "obs_std105"),
    ("slot_post", "post_conference_a"),
    ("slot_check", "adv_checklist"),
];
/// The slots that are open again after 修正後複審 and after an appeal is accepted.
const CORRECTED: [&str; 3] = ["slot_pre", "slot_obs", "slot_post"];
const REASON: &str = "觀察紀錄之事實摘要不足。";
const REMARK: &str = "請寫出學生說了什麼。";

/// The sample of a form, of this desk's teacher.
fn answers(id: &str, name: &str) -> Value {
    let text = json!(sample(id, name)).to_string().replace("王小明", &person("teacher-a").person.name);
    serde_json::from_str(&text).expect("still JSON")
}

fn acts(view: &CaseView) -> Vec<Action> {
    view.allowed.iter().map(|one| one.action).collect()
}

fn missing(view: &CaseView, action: Action) -> &[Missing] {
    &view.allowed.iter().find(|one| one.action == action).expect("a button").missing
}

fn paper<'a>(view: &'a CaseView, id: &str) -> &'a PaperRow {
    view.papers.iter().find(|paper| paper.form == form(id)).expect("a paper of the case")
}

fn open_slots(view: &CaseView) -> Vec<&str> {
    let slots = &view.certification.as_ref().expect("a certification").slots;
    slots.iter().filter(|slot| slot.open).map(|slot| slot.key.as_str()).collect()
}

/// The sheets that are shown: the round of each, and who wrote it.
fn sheets(view: &CaseView) -> Vec<(Option<Round>, Option<&str>)> {
    let sheets = &view.certification.as_ref().expect("a certification").sheets;
    sheets.iter().map(|sheet| (sheet.round, sheet.by.as_deref())).collect()
}

/// One certification, and everybody who has to do with it.
struct Trip {
    server: TestServer,
    case: CaseId,
    teacher: Desk,
    county: Desk,
    reviewers: [Desk; 3],
}

#[tokio::test]
async fn a_certification_goes_all_the_way() {
    let mut trip = Box::pin(Trip::applied()).await;
    trip.is_checked().await;
    trip.is_reviewed_without_a_line().await;
    trip.is_corrected().await;
    trip.fails_the_second_review().await;
    trip.is_appealed_against_by_a_computer_a_day_ahead().await;
    trip.passes_the_third_review().await;
    trip.becomes_a_certificate().await;
}

/// Picks are carried like every draft: the teacher goes on at home where they stopped at school.
#[tokio::test]
async fn what_is_picked_comes_to_another_computer() {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let school = Desk::of(&server, "teacher-a").await;
    let case = school.desktop.new_case(Process::Advanced).await.expect("eligible").id;
    let pick = |forms: &[&str]| {
        let forms = forms.iter().map(|id| form(id)).collect();
        SlotPick { case, slot: "slot_obs".to_owned(), forms }
    };
    school.desktop.pick_slot(&pick(&["obs_std105", "obs_flanders"])).await.expect("picked");
    school.level().await;
    let home = Desk::of(&server, "teacher-a").await;
    let picked = |view: CaseView| view.certification.map(|one| one.slots[3].picked.clone()).unwrap_or_default();
    assert_eq!(picked(home.case(case).await), [form("obs_std105"), form("obs_flanders")]);
    home.desktop.pick_slot(&pick(&["obs_verbatim"])).await.expect("picked");
    home.level().await;
    assert_eq!(picked(school.news(case).await), [form("obs_verbatim")]);
}

impl Trip {
    /// Opened, picked, filled in, printed and sent without a line.
    async fn applied() -> Self {
        let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
        let teacher = Desk::of(&server, "teacher-a").await;
        let county = Desk::of(&server, "county-taichung").await;
        let [one, two, three] = ["reviewer-a", "reviewer-b", "reviewer-c"].map(|account| Desk::of(&server, account));
        let reviewers = [one.await, two.await, three.await];
        teacher.line.cut();
        let desktop = &teacher.desktop;
        let view = desktop.new_case(Process::Advanced).await.expect("eligible");
        let case = view.id;
        assert_eq!((view.state, &view.delivery, open_slots(&view).len()), (State::Preparing, &Delivery::Local, 6));
        let again = desktop.new_case(Process::Advanced).await.expect_err("one in a plan year");
        assert_eq!((again.code, &again.params["missing"][0]["code"]), (Code::ActIncomplete, &json!("already_applied")));
        for (slot, id) in SLOTS {
            desktop.pick_slot(&SlotPick { case, slot: slot.to_owned(), forms: vec![form(id)] }).await.expect("picked");
        }
        let wrong = SlotPick { case, slot: "slot_pre".to_owned(), forms: vec![form("obs_std105")] };
        assert_eq!(desktop.pick_slot(&wrong).await.expect_err("of another slot").code, Code::UnknownForm);
        let view = teacher.case(case).await;
        let lacking = missing(&view, Action::Submit);
        assert!(
            matches!(lacking, [Missing::PapersIncomplete { forms }, Missing::StampMissing { forms: stamped }]
                if forms.len() == 6 && stamped.len() == STAMPED.len()),
            "{lacking:?}"
        );
        for (_, id) in SLOTS {
            teacher.fill(case, id, answers(id, "typical")).await;
        }
        for id in STAMPED {
            let of = FormOf { case, form: form(id) };
            let printed = desktop.print(&of, None).await.expect("printed");
            let pages = stamping::scan_with_seals(&PathBuf::from(printed.path.expect("a file")), &[]);
            let paths = pages.iter().map(|page| page.display().to_string()).collect();
            desktop.attach_scan(&ScanAttach { case, form: of.form, paths, files: Vec::new() }).await.expect("attached");
        }
        let view = teacher.case(case).await;
        assert_eq!(missing(&view, Action::Submit), []);
        for paper in &view.papers {
            let stamped = STAMPED.contains(&paper.form.as_str());
            assert_eq!(paper.scan.is_some(), stamped, "{paper:?}");
            assert!(stamped || paper.status == PaperStatus::Ready, "{paper:?}");
        }
        let view = teacher.act(case, Action::Submit, "").await;
        assert_eq!((view.state, &view.delivery), (State::FormReview, &Delivery::Queued));
        teacher.line.restore();
        let view = teacher.news(case).await;
        assert_eq!((view.state, &view.delivery), (State::FormReview, &Delivery::Accepted { seq: 2 }));
        assert!(acts(&view).is_empty() && open_slots(&view).is_empty());
        Self { server, case, teacher, county, reviewers }
    }

    /// Nothing that the teacher's desk shows names a reviewer.
    async fn nobody_is_named(&self) {
        let (case, desktop) = (self.case, &self.teacher.desktop);
        let view = self.teacher.case(case).await;
        let mut shown = vec![
            json!(desktop.list_notices().await.expect("messages")),
            json!(desktop.case_history(case).await.expect("a history")),
        ];
        for paper in &view.papers {
            shown.push(json!(self.teacher.form(case, paper.form.as_str()).await));
        }
        shown.push(json!(view));
        let shown = json!(shown).to_string();
        for reviewer in &self.reviewers {
            let Person { id, name } = person(reviewer.account).person;
            assert!(!shown.contains(&name) && !shown.contains(&id.to_string()), "{name}: {shown}");
        }
    }

    /// Reviewers are chosen from the pool; whoever has reviewed it before is not fit. Answers how many are not.
    async fn is_given_to(&self, account: &str, state: State) -> usize {
        let (case, desktop) = (self.case, &self.county.desktop);
        self.county.level().await;
        let choices = desktop.assign_choices(case).await.expect("the pool");
        assert_eq!((choices.wanted, choices.rows.len(), choices.asked.len()), (1, 3, 0));
        let row = choices.rows.iter().find(|row| row.account == account).expect("one of the pool");
        assert_eq!(row.unfit, None);
        let reviewers = vec![row.reviewer.person.clone()];
        let done = desktop.assign_cases(&CasesAssign { cases: vec![CaseReviewers { case, reviewers }] }).await;
        assert_eq!(done.expect("sent").accepted, 1);
        let view = self.county.case(case).await;
        assert_eq!(view.state, state);
        let asked = &view.certification.expect("a certification").assignments;
        assert_eq!(asked.last().expect("somebody").reviewer, person(account).person);
        choices.rows.iter().filter(|row| row.unfit.is_some()).count()
    }

    /// 形式審查 with its sheet.
    async fn is_checked(&self) {
        let (case, county) = (self.case, &self.county);
        let view = county.news(case).await;
        assert_eq!((view.state, acts(&view)), (State::FormReview, vec![Action::Pass, Action::Return]));
        assert_eq!(missing(&view, Action::Pass), [Missing::SheetIncomplete]);
        let checklist = paper(&view, "adv_checklist");
        assert!(checklist.viewable && checklist.scan.is_some() && paper(&view, "obs_std105").scan.is_none());
        let sheet = county.form(case, "adv_form_review").await;
        assert_eq!(
            sheet.answers.text("teacher_name"),
            person("teacher-a").person.name,
            "about whom it is stands there"
        );
        let mut checked = answers("adv_form_review", "typical");
        (checked["result"], checked["reason"]) = (json!("通過"), Value::Null);
        for row in checked["slots"].as_array_mut().expect("rows") {
            row["stamped_ok"] = json!("是");
        }
        county.fill(case, "adv_form_review", checked).await;
        assert_eq!(missing(&county.case(case).await, Action::Pass), []);
        county.done(case, Action::Pass, "", State::FirstAssign).await;
        assert_eq!(sheets(&county.case(case).await), [(None, Some("臺中市教專中心"))]);
        assert_eq!(self.teacher.news(case).await.state, State::FirstAssign);
    }

    /// 初審: the 審查標準表 and a remark at a field are written without a line.
    async fn is_reviewed_without_a_line(&self) {
        let (case, [first, second, _]) = (self.case, &self.reviewers);
        assert_eq!(first.desktop.open_case(case).await.expect_err("not asked yet").code, Code::NotFound);
        assert_eq!(self.is_given_to(first.account, State::FirstReview).await, 0);
        let view = first.news(case).await;
        assert_eq!((acts(&view), view.papers_hidden, view.papers.len()), (vec![Action::Review], false, 7));
        assert_eq!(view.certification.as_ref().and_then(|one| one.to_write.clone()), Some(form("adv_review")));
        first.line.cut();
        self.write(first, Round::First, "修正後複審").await;
        let obs = first.form(case, "obs_std105").await;
        assert!(obs.read_only && obs.can_remark);
        let (form, field, text) = (form("obs_std105"), "facts".to_owned(), REMARK.to_owned());
        let list = first.desktop.ask_remark(RemarkAsk { case, form, field, text }).await.expect("kept");
        assert_eq!((list.unsent, list.rows[0].sent), (1, false));
        let view = first.act(case, Action::Review, "").await;
        assert_eq!((view.state, &view.delivery), (State::FirstDecide, &Delivery::Queued));
        assert_eq!(self.teacher.news(case).await.state, State::FirstReview);
        first.line.restore();
        let view = first.news(case).await;
        assert!(matches!(view.delivery, Delivery::Accepted { .. }), "{:?}", view.delivery);
        assert_eq!((acts(&view), sheets(&view)), (Vec::new(), vec![(Some(Round::First), Some("審查委員甲"))]));

        // The office reads it with the name, the teacher nothing of it, and another reviewer has no such case.
        let view = self.county.news(case).await;
        let offered = [Action::Grant, Action::GrantCorrected, Action::AskCorrection, Action::Deny];
        assert_eq!((acts(&view), view.remarks), (offered.to_vec(), 1));
        assert_eq!(sheets(&view)[1], (Some(Round::First), Some("審查委員甲")));
        let view = self.teacher.news(case).await;
        assert_eq!((view.state, view.remarks, acts(&view)), (State::FirstDecide, 0, Vec::new()));
        assert!(sheets(&view).iter().all(|(round, _)| round.is_none()));
        self.nobody_is_named().await;
        second.level().await;
        assert_eq!(second.desktop.open_case(case).await.expect_err("not asked").code, Code::NotFound);
    }

    /// Fills in the 審查標準表 of a round.
    async fn write(&self, reviewer: &Desk, round: Round, result: &str) {
        let sheet = reviewer.form(self.case, "adv_review").await;
        assert_eq!(sheet.answers.text("round"), round.label());
        let name = match round {
            Round::First => "typical",
            Round::Second => "second",
            Round::Appeal => "appeal",
        };
        let mut written = answers("adv_review", name);
        written[round.result_field().0] = json!(result);
        reviewer.fill(self.case, "adv_review", written).await;
    }

    /// 修正後複審: the teacher is told, and exactly three slots are open.
    async fn is_corrected(&self) {
        let (case, teacher) = (self.case, &self.teacher);
        self.county.done(case, Action::AskCorrection, REASON, State::FirstFix).await;
        let view = teacher.news(case).await;
        assert_eq!(teacher.told().await.last().map(String::as_str), Some("進階專業回饋人才認證請修正送複審"));
        assert_eq!((view.reason.as_deref(), acts(&view)), (Some(REASON), vec![Action::Resubmit]));
        assert_eq!(open_slots(&view), CORRECTED);
        assert_eq!(view.papers.iter().filter(|paper| paper.editable).count(), 3);
        assert_eq!(sheets(&view).last(), Some(&(Some(Round::First), None)));
        let pick = SlotPick { case, slot: "slot_check".to_owned(), forms: Vec::new() };
        assert_eq!(teacher.desktop.pick_slot(&pick).await.expect_err("closed").code, Code::NotEditable);
        let seen = teacher.form(case, "obs_std105").await;
        let [remark] = &seen.remarks[..] else { panic!("{:?}", seen.remarks) };
        assert_eq!((remark.text.as_str(), remark.by.as_str()), (REMARK, ""));
        assert!(remark.can_answer && !remark.can_settle && !seen.can_remark);
        let text = "已補充第三組學生的發言。".to_owned();
        let answer = RemarkAnswerPut { case, remark: remark.id, text: text.clone() };
        assert_eq!(teacher.desktop.answer_remark(answer).await.expect("kept").unsent, 1);
        self.is_sent_again("下次請學生先寫下自己的想法，再與同伴討論。", State::SecondAssign).await;
        let seen = self.county.news(case).await;
        assert_eq!((seen.state, seen.unsent_remarks), (State::SecondAssign, 0));
        assert_eq!(self.county.form(case, "obs_std105").await.remarks[0].answer, Some(text));
    }

    async fn is_sent_again(&self, next_action: &str, state: State) {
        let mut corrected = answers("post_conference_a", "typical");
        corrected["next_action"] = json!(next_action);
        self.teacher.fill(self.case, "post_conference_a", corrected).await;
        self.teacher.done(self.case, Action::Resubmit, "", state).await;
        self.nobody_is_named().await;
    }

    /// 複審 by somebody else: 未通過, and the days for an appeal begin.
    async fn fails_the_second_review(&self) {
        let (case, [first, second, _]) = (self.case, &self.reviewers);
        assert_eq!(self.is_given_to(second.account, State::SecondReview).await, 1);
        let view = first.news(case).await;
        assert_eq!((view.papers_hidden, acts(&view).len(), sheets(&view).len()), (true, 0, 1));
        let view = second.news(case).await;
        assert_eq!((view.papers.len(), view.remarks, sheets(&view).len()), (7, 0, 0), "nothing of the first review");
        let talk = second.form(case, "post_conference_a").await;
        assert!(talk.answers.text("next_action").starts_with("下次請學生先寫下"), "{:?}", talk.answers);
        self.write(second, Round::Second, "未通過").await;
        second.done(case, Action::Review, "", State::SecondDecide).await;
        let view = self.county.news(case).await;
        assert!(!acts(&view).contains(&Action::AskCorrection), "there is no third review");
        self.county.done(case, Action::Deny, REASON, State::SecondFailed).await;
        let view = self.teacher.news(case).await;
        assert_eq!(acts(&view), [Action::Appeal]);
        assert!(open_slots(&view).is_empty() && paper(&view, "adv_appeal").editable);
        let until = view.certification.as_ref().and_then(|one| one.appeal_until);
        assert_eq!(json!(until), json!("2022-05-07T15:59:59.999Z"));
        self.nobody_is_named().await;
    }

    /// 申復 in the last hour, without a line, by a computer whose clock says that the days are over: the service's clock decides.
    async fn is_appealed_against_by_a_computer_a_day_ahead(&mut self) {
        let (case, clock) = (self.case, self.server.clock());
        let last_hour = "2022-05-07T15:00:00Z".parse().expect("a moment");
        clock.set(last_hour);
        // Sessions do not live so long.
        self.teacher.ahead.store(24, Ordering::SeqCst);
        self.teacher.sign_in().await;
        self.county.sign_in().await;
        self.teacher.line.cut();
        self.teacher.start_again().await;
        let teacher = &self.teacher;
        let view = teacher.case(case).await;
        assert!(matches!(missing(&view, Action::Appeal), [Missing::PapersIncomplete { .. }]), "{:?}", view.allowed);
        teacher.fill(case, "adv_appeal", answers("adv_appeal", "typical")).await;
        let evidence = teacher.desktop.data_folder().join("evidence.pdf");
        std::fs::write(&evidence, pdf(1, 100)).expect("written");
        let paths = vec![evidence.display().to_string()];
        let attach = ScanAttach { case, form: form("adv_appeal"), paths, files: Vec::new() };
        teacher.desktop.attach_scan(&attach).await.expect("enclosed");
        let view = teacher.act(case, Action::Appeal, "").await;
        assert_eq!((view.state, &view.delivery), (State::AppealIntake, &Delivery::Queued));
        teacher.line.restore();
        let view = teacher.news(case).await;
        assert!(matches!(view.delivery, Delivery::Accepted { .. }), "{:?}", view.delivery);
        assert_eq!(view.steps.last().map(|step| step.at), Some(last_hour), "by the service's clock");
        let view = self.county.news(case).await;
        assert_eq!(acts(&view), [Action::AcceptAppeal, Action::RefuseAppeal]);
        assert!(paper(&view, "adv_appeal").scan.is_some());
    }

    /// The appeal is accepted, the papers are corrected once more, and a third reviewer finds them good.
    async fn passes_the_third_review(&self) {
        let (case, third) = (self.case, &self.reviewers[2]);
        self.county.done(case, Action::AcceptAppeal, "", State::AppealFix).await;
        assert_eq!(open_slots(&self.teacher.news(case).await), CORRECTED);
        self.is_sent_again("下次請學生互相提問，並記下每一組的結論。", State::AppealAssign).await;
        assert_eq!(self.is_given_to(third.account, State::AppealReview).await, 2);
        third.sign_in().await;
        self.write(third, Round::Appeal, "通過").await;
        third.done(case, Action::Review, "", State::AppealDecide).await;
        assert_eq!(sheets(&third.case(case).await), [(Some(Round::Appeal), Some("審查委員丙"))]);
        assert_eq!(acts(&self.county.news(case).await), [Action::Grant, Action::Deny]);
        self.county.done(case, Action::Grant, "", State::Passed).await;
        let view = self.teacher.news(case).await;
        let decisions = view.certification.map(|one| one.decisions).unwrap_or_default();
        let outcomes: Vec<&str> = decisions.iter().map(|one| one.outcome_label.as_str()).collect();
        assert_eq!(outcomes, ["修正後複審", "未通過", "通過"]);
        self.nobody_is_named().await;
    }

    /// Published by the platform, issued by the ministry; the school sees that it is done and nothing of the review.
    async fn becomes_a_certificate(&self) {
        let case = self.case;
        let (platform, ministry) = (Desk::of(&self.server, "platform").await, Desk::of(&self.server, "ministry").await);
        assert_eq!(
            (acts(&platform.case(case).await), acts(&ministry.case(case).await)),
            (vec![Action::Publish], vec![])
        );
        platform.done(case, Action::Publish, "", State::CertReady).await;
        assert_eq!(acts(&ministry.news(case).await), [Action::Issue]);
        let number = |view: &CaseView| view.certification.as_ref().and_then(|one| one.issued.clone()?.number);
        let view = ministry.act(case, Action::Issue, "").await;
        assert_eq!((view.state, number(&view)), (State::CertIssued, None), "the service counts");
        assert_eq!(number(&ministry.news(case).await).as_deref(), Some("臺中證號第B111000001號"));
        let view = self.teacher.news(case).await;
        assert_eq!((view.state, number(&view).as_deref()), (State::CertIssued, Some("臺中證號第B111000001號")));
        assert!(acts(&view).is_empty());
        self.nobody_is_named().await;
        let school = Desk::of(&self.server, "school193625").await.case(case).await;
        assert!(school.papers_hidden && sheets(&school).is_empty() && acts(&school).is_empty());
    }
}
