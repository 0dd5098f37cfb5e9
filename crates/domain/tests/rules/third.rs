//! A further certification is data and one table: here is one that exists in this test only. Other people sit at its desks, it has
//! other slots, two reviewers, one round and fewer days to appeal; no line of the program knows it.

use crate::sample::{case, own, paper};
use domain::{
    case::{Case, Process, State},
    certification::{Certifying, Desk, Outcome, Picks},
    eligibility::eligibility,
    people::{Actor, Person, Role},
    policy::PolicyBook,
    record::{PersonRecord, Profile},
    time::PlanYear,
    workflow::{
        Action, Command, Decided, Effect, Facts, Missing, Need, PaperFacts, Procedure, Refusal, Row, To,
        Who::{self, Desk as At, Part},
        Workflow,
    },
};
use std::collections::BTreeSet;

const POLICY: &str = r#"
[[certifying]]
process = "advanced"
source = "a test"
appeal_days = 3
desks = { form_review = "school", assign = "platform", decide = "ministry", certificates = "county" }
reviewers = { first = 2 }
slots = [
    { key = "slot_open_class", name = { zh = "實施證明", en = "Proof" }, forms = ["open_class_proof", "plc_participation_proof"] },
    { key = "slot_check", name = { zh = "檢核表", en = "Checklist" }, forms = ["adv_checklist"] },
]

[[eligibility.third]]
source = "a test"
serving = true
teaching_years = 7
"#;

const fn row(from: State, action: Action, who: Who, to: State, needs: &'static [Need]) -> Row {
    Row { source: "T", from, action, who, to, needs, then: TOLD }
}

const TOLD: &[Effect] = &[Effect::Notice(domain::notice::NoticeKind::AdvToDecide, To::Desk(Desk::Decide))];

#[rustfmt::skip]
static THIRD: Workflow = Workflow { process: Process::Advanced, source: "T", opener: Role::Teacher, first: State::Preparing, rows: &[
    row(State::Preparing,   Action::Submit,  Part(Role::Teacher),    State::FormReview,  &[Need::SlotsFilled, Need::PapersComplete]),
    row(State::FormReview,  Action::Pass,    At(Desk::FormReview),   State::FirstAssign, &[]),
    row(State::FirstAssign, Action::Assign,  At(Desk::Assign),       State::FirstReview, &[Need::FitReviewers]),
    row(State::FirstReview, Action::Review,  Part(Role::Reviewer),   State::FirstDecide, &[Need::SheetComplete]),
    row(State::FirstDecide, Action::Grant,   At(Desk::Decide),       State::Passed,      &[Need::Offered]),
    row(State::FirstDecide, Action::Deny,    At(Desk::Decide),       State::FirstFailed, &[Need::Offered, Need::HasReason]),
    row(State::FirstFailed, Action::Appeal,  Part(Role::Teacher),    State::Passed,      &[Need::AppealInTime]),
    row(State::Passed,      Action::Issue,   At(Desk::Certificates), State::CertIssued,  &[]),
]};

fn how() -> Certifying {
    let book = PolicyBook::parse([("third.toml", POLICY)]).unwrap();
    book.certifying(Process::Advanced, PlanYear(111), "臺中市").unwrap().clone()
}

fn reviewer(number: u128) -> Actor {
    let person = Person { id: domain::ids::AccountId(uuid::Uuid::from_u128(number)), name: format!("委員{number}") };
    Actor { person, ..own(Role::Reviewer) }
}

/// The case, as it is acted on.
struct Walk {
    how: Certifying,
    case: Case,
}

impl Walk {
    fn procedure(&self) -> Procedure<'_> {
        Procedure { workflow: &THIRD, certifying: Some(&self.how) }
    }

    fn try_to(&self, command: Command, actor: &Actor, facts: &Facts) -> Result<Decided, Refusal> {
        self.procedure().decide(&self.case, command, actor, facts, crate::sample::now())
    }

    fn act(&mut self, command: Command, actor: &Actor, facts: &Facts) {
        let decided = self.try_to(command, actor, facts).unwrap();
        let event = crate::sample::event(self.case.seq + 1, actor, decided);
        self.case.apply(&event);
    }

    fn buttons(&self, actor: &Actor, facts: &Facts) -> Vec<Action> {
        let allowed = self.procedure().allowed(&self.case, actor, facts, crate::sample::now());
        allowed.into_iter().map(|allowed| allowed.action).collect()
    }
}

#[test]
fn a_third_certification_is_data_and_one_table() {
    let mut walk = Walk { how: how(), case: case(State::Preparing) };
    let teacher = own(Role::Teacher);
    let slots: Vec<&str> = walk.how.open_slots(State::Preparing).iter().map(|slot| slot.key.as_str()).collect();
    assert_eq!(slots, ["slot_open_class", "slot_check"]);

    let picks = Picks::first(&walk.how.slots);
    let forms = walk.how.slots.iter().flat_map(|slot| picks.forms(&slot.key).to_vec());
    let papers: Vec<_> = forms.map(|form| paper(&form, false)).collect();
    let due = |papers: &[domain::case::CompletePaper]| -> Vec<PaperFacts> {
        papers.iter().map(|paper| crate::sample::paper_facts(paper.form.id.clone(), true, false)).collect()
    };
    let facts = Facts { papers: due(&papers), offered: Outcome::ALL.into(), ..Facts::default() };
    let empty = Facts { empty_slots: vec!["slot_check".to_owned()], ..facts.clone() };
    let refused = walk.try_to(Command::Submit { papers: papers.clone() }, &teacher, &empty);
    assert_eq!(refused, Err(Refusal::Missing(vec![Missing::SlotsEmpty { slots: vec!["slot_check".to_owned()] }])));
    walk.act(Command::Submit { papers }, &teacher, &facts);

    // Other people sit at the desks than in the advanced certification.
    assert_eq!(walk.buttons(&own(Role::County), &facts), []);
    assert_eq!(walk.buttons(&own(Role::School), &facts), [Action::Pass]);
    walk.act(Command::Pass { sheet: None }, &own(Role::School), &facts);
    let two = [reviewer(801), reviewer(802)];
    let assign =
        |people: &[Actor]| Command::Assign { reviewers: people.iter().map(|one| one.person.clone()).collect() };
    let refused = walk.try_to(assign(&two[..1]), &own(Role::Platform), &facts);
    assert_eq!(refused, Err(Refusal::Missing(vec![Missing::ReviewersMissing { wanted: 2 }])));
    walk.act(assign(&two), &own(Role::Platform), &facts);

    // The round is over when both have written.
    let sheet = || Command::Review { sheet: Some(paper(&crate::sample::form_id("adv_review"), false)) };
    walk.act(sheet(), &two[1], &facts);
    assert_eq!(walk.case.state, State::FirstReview);
    walk.act(sheet(), &two[0], &facts);
    assert_eq!(walk.case.state, State::FirstDecide);

    let deny = Command::Decide { outcome: Outcome::Failed, reason: "不足".to_owned() };
    assert_eq!(walk.buttons(&own(Role::Ministry), &facts), [Action::Grant, Action::Deny]);
    walk.act(deny, &own(Role::Ministry), &facts);
    let day = |text: &str| Some(text.parse().unwrap());
    let told = domain::time::taipei_day(crate::sample::now());
    let ends = walk.case.reviewing.appeal_until.unwrap();
    assert_eq!((ends - crate::sample::now()).num_days(), 3, "three days, not ten: told on {told}");
    walk.act(Command::Appeal { papers: Vec::new() }, &teacher, &facts);
    let issue = Command::Issue { number: None, on: day("2022-10-01").unwrap() };
    assert!(matches!(walk.try_to(issue.clone(), &own(Role::Ministry), &facts), Err(Refusal::NotInThisState { .. })));
    walk.act(issue, &own(Role::County), &facts);
    assert_eq!(walk.case.state, State::CertIssued);

    // Every row was one of this table: the program's own has none that leads from an appeal straight to the certificate.
    let known: BTreeSet<_> = Workflow::of(Process::Advanced).rows.iter().map(|row| (row.from, row.action)).collect();
    assert!(!known.contains(&(State::Passed, Action::Issue)));
}

#[test]
fn what_it_asks_for_is_one_section() {
    let book = PolicyBook::parse([("third.toml", POLICY)]).unwrap();
    let rules = book.eligibility("third", PlanYear(111), Some("臺中市")).unwrap();
    let record = |teaching_years| PersonRecord {
        profile: Profile { serving: Some(true), teaching_years, ..Profile::default() },
        ..PersonRecord::default()
    };
    let today = "2022-09-01".parse().unwrap();
    let judged = |years| eligibility(&record(years), &rules, PlanYear(111), today);
    assert_eq!(judged(6).unmet(), ["teaching_years"]);
    assert!(judged(7).is_eligible());
    assert_eq!(judged(7).lines.len(), 2, "what a section leaves out makes no line");
}
