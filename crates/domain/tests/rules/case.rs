//! A case is the fold of its events.

use crate::sample::{case as sample, event, now, own, paper, paper_facts, person};
use domain::{
    case::{Case, Deed, Event, Process, State},
    people::{Actor, Role},
    time::PlanYear,
    workflow::{Action, Command, Decided, Facts, Who, Workflow, decide, open, plc},
};
use proptest::prelude::*;

fn opened() -> Vec<Event> {
    let decided = open(Process::Plc, PlanYear(111), &own(Role::Teacher), &Facts::default(), now()).unwrap();
    vec![event(1, &own(Role::Teacher), decided)]
}

/// Plays a row of the table on a case; the new convener keeps the owner's part in what follows.
fn play(events: &mut Vec<Event>, choice: usize) {
    let case = Case::replay(events).unwrap();
    let rows: Vec<_> = Workflow::of(case.process).rows.iter().filter(|row| row.from == case.state).collect();
    let Some(row) = rows.get(choice % rows.len().max(1)) else { return };
    let Who::Part(role) = row.who else { panic!("a 社群 has no desks: {row:?}") };
    let actor =
        Actor { person: if role == Role::Teacher { case.owner.clone() } else { own(role).person }, ..own(role) };
    let due = plc::papers_due(case.state, &Default::default());
    let papers: Vec<_> = due.iter().map(|form| paper(form, true)).collect();
    let facts = Facts {
        papers: due.into_iter().map(|form| paper_facts(form, true, true)).collect(),
        target_convenes_nothing: true,
        ..Facts::default()
    };
    let reason = format!("原因{}", case.seq);
    let command = match row.action {
        Action::Submit => Command::Submit { papers },
        Action::Pass => Command::Pass { sheet: None },
        Action::Return => Command::Return { reason, sheet: None },
        Action::Approve => Command::Approve { amount: Some(case.seq) },
        Action::Reject => Command::Reject { reason },
        Action::Withdraw => Command::Withdraw,
        Action::SendReport => Command::SendReport { papers },
        Action::ChangeConvener => Command::ChangeConvener {
            to: person(500 + u128::from(case.seq), "新召集人"),
            consent: "府教字".to_owned(),
        },
        Action::CorrectConvener => return,
        other => unreachable!("{other:?} is no row of a 社群"),
    };
    let decided = decide(&case, command, &actor, &facts, now()).unwrap();
    events.push(event(case.seq + 1, &actor, decided));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_history_folds_the_same_however_it_arrives(choices in proptest::collection::vec(any::<usize>(), 0..20), cut in any::<usize>()) {
        let mut events = opened();
        for choice in choices {
            play(&mut events, choice);
        }
        let whole = Case::replay(&events).unwrap();
        let (first, rest) = events.split_at(1 + cut % events.len());
        let mut in_two = Case::replay(first).unwrap();
        rest.iter().for_each(|event| in_two.apply(event));
        prop_assert_eq!(&in_two, &whole);

        let last = events.last().unwrap();
        prop_assert_eq!((whole.seq as usize, whole.state, whole.updated_at), (events.len(), last.to, last.at));
        prop_assert_eq!(whole.created_at, events[0].at);
        // 原因訊息 is there from a return until the case is sent again, and stays after a rejection.
        let spoke = events.iter().rev().find_map(|event| match &event.deed {
            Deed::Returned { reason, .. } | Deed::Rejected { reason } => Some(Some(reason.clone())),
            Deed::Submitted { .. } => Some(None),
            _ => None,
        });
        prop_assert_eq!(&whole.reason, &spoke.flatten());
        // Whoever keeps the papers apart writes them when an event says so, and no other event changes them.
        let mut papers = Vec::new();
        for (number, event) in events.iter().enumerate() {
            let now = Case::replay(&events[..=number]).unwrap().papers;
            prop_assert!(now == papers || event.deed.changes_papers(), "{:?}", event.deed);
            papers = now;
        }
        // What travels as JSON comes back the same.
        let text = serde_json::to_string(&events).unwrap();
        let back: Vec<Event> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&back, &events);
        prop_assert_eq!(serde_json::from_str::<Case>(&serde_json::to_string(&whole).unwrap()).unwrap(), whole);
    }
}

#[test]
fn a_history_starts_with_its_opening() {
    assert_eq!(Case::replay(&[]), None);
    let decided = Decided { to: State::CountyCheck, deed: Deed::Passed { sheet: None }, then: &[] };
    assert_eq!(Case::replay(&[event(1, &own(Role::School), decided)]), None);
}

/// What is sent again replaces what was sent; the report stands beside the application.
#[test]
fn papers_as_last_sent() {
    let mut case = sample(State::Draft);
    let sent = |revision| {
        let mut paper = paper(&plc::papers(State::Draft)[0], true).sent();
        paper.revision = revision;
        paper
    };
    let apply = |case: &mut Case, deed| {
        case.apply(&event(case.seq + 1, &own(Role::Teacher), Decided { to: case.state, deed, then: &[] }));
    };
    apply(&mut case, Deed::Submitted { papers: vec![sent(1)] });
    apply(&mut case, Deed::Submitted { papers: vec![sent(2)] });
    assert_eq!(case.papers.iter().map(|paper| paper.revision).collect::<Vec<_>>(), [2]);
    let report = || paper(&plc::editable(State::Running)[0], false).sent();
    apply(&mut case, Deed::ReportSent { papers: vec![report()] });
    apply(&mut case, Deed::ReportSent { papers: vec![report()] });
    let forms: Vec<&str> = case.papers.iter().map(|paper| paper.form.id.as_str()).collect();
    assert_eq!(forms, [plc::APPLICATION, plc::REPORT]);
    assert_eq!(case.paper(&report().form.id).unwrap().revision, 1);
}

#[test]
fn the_last_convener_is_the_owner() {
    let mut case = sample(State::SchoolCheck);
    let deed = Deed::ConvenerChanged { to: person(8, "林老師"), consent: "府教字第1號".to_owned() };
    case.apply(&event(2, &own(Role::School), Decided { to: State::SchoolCheck, deed, then: &[] }));
    assert_eq!((case.owner, case.state, case.seq), (person(8, "林老師"), State::SchoolCheck, 2));
}
