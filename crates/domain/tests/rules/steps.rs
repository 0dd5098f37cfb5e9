//! 歷程: what a case carries along of its life, who may know whom, and which version somebody saw before.

use crate::sample::{event, now, own, paper, paper_facts, person};
use domain::{
    case::{Case, Deed, Event, State},
    history::{compare_from, seen_events, versions},
    people::{Actor, Role},
    steps::{DeedKind, STEPS_KEPT},
    time::PlanYear,
    workflow::{Action, Command, Decided, Facts, Sight, decide, open, plc},
};

fn opened() -> Vec<Event> {
    let decided =
        open(domain::case::Process::Plc, PlanYear(111), &own(Role::Teacher), &Facts::default(), now()).unwrap();
    vec![event(1, &own(Role::Teacher), decided)]
}

fn act(events: &mut Vec<Event>, role: Role, action: Action) {
    let case = Case::replay(events).unwrap();
    let actor =
        Actor { person: if role == Role::Teacher { case.owner.clone() } else { own(role).person }, ..own(role) };
    let due = plc::papers_due(case.state, &Default::default());
    let papers = due.iter().map(|form| paper(form, true)).collect();
    let facts = Facts {
        papers: due.into_iter().map(|form| paper_facts(form, true, true)).collect(),
        target_convenes_nothing: true,
        ..Facts::default()
    };
    let command = match action {
        Action::Submit => Command::Submit { papers },
        Action::Pass => Command::Pass { sheet: None },
        Action::Return => Command::Return { reason: format!("第{}次退件", case.seq), sheet: None },
        Action::Approve => Command::Approve { amount: Some(12_680) },
        Action::ChangeConvener => {
            Command::ChangeConvener { to: person(501, "新召集人"), consent: "府教字第1號".to_owned() }
        }
        other => panic!("{other:?} is not played here"),
    };
    let decided: Decided = decide(&case, command, &actor, &facts, now()).unwrap();
    events.push(event(case.seq + 1, &actor, decided));
}

fn played(acts: &[(Role, Action)]) -> Vec<Event> {
    let mut events = opened();
    for (role, action) in acts {
        act(&mut events, *role, *action);
    }
    events
}

const ROUND: [(Role, Action); 4] = [
    (Role::Teacher, Action::Submit),
    (Role::School, Action::Return),
    (Role::Teacher, Action::Submit),
    (Role::School, Action::Pass),
];

#[test]
fn a_case_tells_its_life() {
    let case = Case::replay(&played(&ROUND)).unwrap();
    let told: Vec<_> = case.steps.iter().map(|step| (step.seq, step.from, step.to, step.what, step.role)).collect();
    use State::*;
    assert_eq!(
        told,
        [
            (1, None, Draft, DeedKind::Opened, Role::Teacher),
            (2, Some(Draft), SchoolCheck, DeedKind::Submitted, Role::Teacher),
            (3, Some(SchoolCheck), Draft, DeedKind::Returned, Role::School),
            (4, Some(Draft), SchoolCheck, DeedKind::Submitted, Role::Teacher),
            (5, Some(SchoolCheck), CountyCheck, DeedKind::Passed, Role::School),
        ]
    );
    let reasons: Vec<_> = case.steps.iter().filter_map(|step| step.reason.as_deref()).collect();
    assert_eq!(reasons, ["第2次退件"], "the reason of a return stays readable after it was sent again");
    assert_eq!(case.reason, None);
    // A case that was kept by an earlier program has no 歷程, and goes on.
    let mut kept = serde_json::to_value(&case).unwrap();
    kept.as_object_mut().unwrap().remove("steps");
    let kept: Case = serde_json::from_value(kept).unwrap();
    assert_eq!(kept.steps, []);
    assert_eq!(Case { steps: case.steps.clone(), ..kept }, case);
}

#[test]
fn a_long_life_keeps_its_beginning_and_its_end() {
    let rounds: Vec<_> = ROUND[..2].iter().copied().cycle().take(STEPS_KEPT * 2).collect();
    let case = Case::replay(&played(&rounds)).unwrap();
    assert_eq!(case.steps.len(), STEPS_KEPT);
    assert_eq!((case.steps[0].what, case.steps[STEPS_KEPT - 1].seq), (DeedKind::Opened, case.seq));
}

/// Who may know whom: the row names the convener; who sees the papers knows the offices; who reviewed, the offices that assign.
#[test]
fn names_are_seen_as_far_as_the_papers_are() {
    let mut events = played(&ROUND);
    act(&mut events, Role::School, Action::ChangeConvener);
    let last = events.last().unwrap().clone();
    events.push(Event {
        seq: last.seq + 1,
        by: domain::case::Doer { person: person(900, "審查委員甲"), role: Role::Reviewer },
        deed: Deed::Passed { sheet: None },
        ..last
    });
    let case = Case::replay(&events).unwrap();
    let seen = |sight: Sight, actor: &Actor| {
        let mut case = case.clone();
        case.hide_names(sight, actor);
        let steps: Vec<bool> = case.steps.iter().map(|step| step.by.is_some()).collect();
        let events = seen_events(events.clone(), &case, sight, actor);
        assert_eq!(
            steps,
            events.iter().map(|event| !event.by.person.name.is_empty()).collect::<Vec<_>>(),
            "both tell alike"
        );
        (steps, events)
    };
    let owner = Actor { person: case.owner.clone(), ..own(Role::Teacher) };
    let row = Actor { person: person(777, "別人"), ..own(Role::County) };
    // Opened and sent by the convener before, returned and passed by the school, handed over, reviewed.
    assert_eq!(seen(Sight::Row, &row).0, [false; 7]);
    assert_eq!(seen(Sight::Papers, &row).0, [true; 7]);
    assert_eq!(seen(Sight::Own, &owner).0, [true, true, true, true, true, true, false]);
    assert_eq!(
        seen(Sight::Row, &own(Role::School)).0,
        [false, false, true, false, true, true, false],
        "one's own acts"
    );
    assert!(seen_events(events.clone(), &case, Sight::Nothing, &row).is_empty());

    let papers = |events: &[Event]| events.iter().map(|event| event.deed.papers().len()).sum::<usize>();
    assert_eq!(papers(&seen(Sight::Papers, &row).1), papers(&events));
    let told = seen(Sight::Row, &row).1;
    assert_eq!(papers(&told), 0);
    assert!(!serde_json::to_string(&told).unwrap().contains("府教字"), "the consent is a content");
    assert_eq!(told.iter().filter_map(|event| event.deed.reason()).collect::<Vec<_>>(), ["第2次退件"]);
}

#[test]
fn everybody_compares_with_what_they_saw_last() {
    let form = plc::APPLICATION.parse().unwrap();
    type Played<'a> = (&'a [(Role, Action)], Role, Option<u32>);
    let cases: &[Played<'_>] = &[
        (&ROUND[..1], Role::School, None),
        (&ROUND[..3], Role::School, Some(2)),
        // The county sees it for the first time; the version before is still there to compare with.
        (&ROUND, Role::County, Some(2)),
        // Returned by the county from the second version, by the school from the third: each has seen another one.
        (
            &[
                ROUND[0],
                ROUND[1],
                ROUND[2],
                ROUND[3],
                (Role::County, Action::Return),
                (Role::Teacher, Action::Submit),
                (Role::School, Action::Return),
                (Role::Teacher, Action::Submit),
                (Role::School, Action::Pass),
            ],
            Role::County,
            Some(4),
        ),
        (
            &[
                ROUND[0],
                ROUND[1],
                ROUND[2],
                ROUND[3],
                (Role::County, Action::Return),
                (Role::Teacher, Action::Submit),
                (Role::School, Action::Return),
                (Role::Teacher, Action::Submit),
            ],
            Role::School,
            Some(7),
        ),
        (&ROUND, Role::Teacher, Some(2)),
        (&ROUND, Role::Ministry, Some(2)),
    ];
    for (acts, role, wanted) in cases {
        let events = played(acts);
        assert_eq!(compare_from(&events, &form, *role), *wanted, "{role:?} after {} acts", acts.len());
        let seqs: Vec<u32> = versions(&events, &form).map(|(event, _)| event.seq).collect();
        assert!(seqs.is_sorted() && wanted.is_none_or(|seq| seqs.contains(&seq)));
    }
    assert_eq!(compare_from(&played(&ROUND), &plc::REPORT.parse().unwrap(), Role::County), None);
}
