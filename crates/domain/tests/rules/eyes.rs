//! Who sees which part of a review in which state: the whole matrix as it is, and what must hold in every cell of it.

use crate::sample::{foreign, form_id, now, own, paper, person};
use domain::{
    case::{Case, Deed, Doer, Event, State},
    certification::{Assignment, Decision, Issued, Likeness, Outcome, Reviewing, Round, Sheet},
    history::seen_events,
    ids::{AccountId, CaseId, EventId, RemarkId},
    people::{Actor, Person, Role},
    remark::{NewRemark, Remark, Remarks},
    steps::{DeedKind, Step},
    time::Timestamp,
    workflow::{Sight, Workflow, sight},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The reviewers of a round: the first has always written when the round is under review, the other not yet.
fn reviewers(round: Round) -> [Person; 2] {
    let first = match round {
        Round::First => 60,
        Round::Second => 70,
        Round::Appeal => 80,
    };
    [first, first + 1].map(|number| person(number, &format!("委員{number}")))
}

fn as_reviewer(person: Person) -> Actor {
    Actor { person, ..own(Role::Reviewer) }
}

/// An office of this part: the sample's offices are one person, these are not.
fn office(role: Role) -> Actor {
    let number = match role {
        Role::School => 51,
        Role::Ministry => 52,
        Role::Platform => 53,
        _ => 50,
    };
    Actor { person: person(number, &format!("承辦人{number}")), ..own(role) }
}

/// Everybody of the matrix.
fn everybody() -> Vec<(&'static str, Actor)> {
    let [first, first_too] = reviewers(Round::First).map(as_reviewer);
    let [second, second_too] = reviewers(Round::Second).map(as_reviewer);
    let [appeal, _] = reviewers(Round::Appeal).map(as_reviewer);
    vec![
        ("owner", own(Role::Teacher)),
        ("teacher of the school", foreign(Role::Teacher)),
        ("own school", office(Role::School)),
        ("other school", foreign(Role::School)),
        ("own county", office(Role::County)),
        ("other county", foreign(Role::County)),
        ("reviewer of the 初審", first),
        ("another of the 初審", first_too),
        ("reviewer of the 複審", second),
        ("another of the 複審", second_too),
        ("reviewer of the 申復", appeal),
        ("reviewer never asked", as_reviewer(person(90, "委員90"))),
        ("ministry", office(Role::Ministry)),
        ("platform", office(Role::Platform)),
    ]
}

/// The rounds that were decided when a case reaches this state by the longest way.
fn decided(state: State) -> &'static [Round] {
    use State::{
        AppealAssign, AppealDecide, AppealFix, AppealIntake, AppealReview, CertIssued, CertReady, Failed, FirstFailed,
        FirstFix, Passed, SecondAssign, SecondDecide, SecondFailed, SecondReview,
    };
    match state {
        FirstFix | FirstFailed | SecondAssign | SecondReview | SecondDecide => &Round::ALL[..1],
        SecondFailed | AppealIntake | AppealFix | AppealAssign | AppealReview | AppealDecide => &Round::ALL[..2],
        Passed | CertReady | CertIssued | Failed => &Round::ALL,
        _ => &[],
    }
}

/// The moment of the `number`th thing that happens.
fn at(number: u32) -> Timestamp {
    now() + chrono::TimeDelta::minutes(i64::from(number))
}

/// A life up to this state, in which everything was written that can be: the 形式審查 once returned it.
#[derive(Default)]
struct Life {
    events: Vec<Event>,
    steps: Vec<Step>,
    remarks: Vec<Remark>,
    reviewing: Reviewing,
    seq: u32,
}

impl Life {
    fn happens(&mut self, by: &Person, role: Role, to: State, deed: Deed) -> u32 {
        self.seq += 1;
        let event = Event {
            id: EventId(Uuid::from_u128(u128::from(self.seq))),
            case: CaseId(Uuid::from_u128(7)),
            seq: self.seq,
            at: at(self.seq),
            by: Doer { person: by.clone(), role },
            to,
            deed,
            remarks: Remarks::default(),
        };
        self.steps.push(Step::of(&event, Some(to)));
        self.events.push(event);
        self.seq
    }

    fn returned(&mut self) {
        let by = office(Role::County).person;
        let sheet = paper(&form_id("adv_form_review"), false).sent();
        let deed = Deed::Returned { reason: "請補正".to_owned(), sheet: Some(sheet.clone()) };
        let seq = self.happens(&by, Role::County, State::Preparing, deed);
        self.reviewing.sheets.push(Sheet { seq, round: None, by: Some(by), at: at(seq), paper: sheet });
    }

    fn asked(&mut self, round: Round) {
        let deed = Deed::Assigned { reviewers: reviewers(round).to_vec() };
        let seq = self.happens(&office(Role::County).person, Role::County, State::FirstReview, deed);
        let assignment = |reviewer| Assignment { round, reviewer, at: at(seq) };
        self.reviewing.assignments.extend(reviewers(round).map(assignment));
    }

    fn reviewed(&mut self, round: Round, by: &Person) {
        let sheet = paper(&form_id("adv_review"), false).sent();
        let seq = self.happens(by, Role::Reviewer, State::FirstReview, Deed::Reviewed { sheet: sheet.clone() });
        let id = RemarkId(Uuid::from_u128(u128::from(seq)));
        let (form, field, text) = (form_id("pre_conference_a"), "unit".to_owned(), "請說明".to_owned());
        let asked = NewRemark { id, form: form.clone(), field: field.clone(), text: text.clone() };
        self.events.last_mut().unwrap().remarks.asked.push(asked);
        let doer = Doer { person: by.clone(), role: Role::Reviewer };
        self.remarks.push(Remark {
            id,
            round: 1,
            review: Some(round),
            form,
            field,
            text,
            by: doer,
            at: at(seq),
            answer: None,
            settled: false,
        });
        self.reviewing.sheets.push(Sheet { seq, round: Some(round), by: Some(by.clone()), at: at(seq), paper: sheet });
    }

    fn decided(&mut self, round: Round) {
        let (outcome, reason) = (Outcome::Failed, format!("{}理由", round.label()));
        let deed = Deed::Decided { outcome, reason: reason.clone(), appeal_until: None };
        let seq = self.happens(&office(Role::County).person, Role::County, State::FirstFailed, deed);
        self.reviewing.decisions.push(Decision { round, outcome, reason, at: at(seq) });
    }
}

/// A case in this state, and its events.
fn lived(state: State) -> (Case, Vec<Event>) {
    let mut life = Life::default();
    life.happens(&own(Role::Teacher).person, Role::Teacher, State::FormReview, Deed::Submitted { papers: Vec::new() });
    life.returned();
    for round in decided(state) {
        life.asked(*round);
        reviewers(*round).iter().for_each(|by| life.reviewed(*round, by));
        life.decided(*round);
    }
    if let Some(round) = Round::under_review(state) {
        life.asked(round);
        life.reviewed(round, &reviewers(round)[0]);
    } else if let Some(round) = Round::of(state).filter(|_| format!("{state:?}").ends_with("Decide")) {
        life.asked(round);
        reviewers(round).iter().for_each(|by| life.reviewed(round, by));
    }
    let Life { events, steps, remarks, mut reviewing, seq } = life;
    reviewing.likeness =
        Some(Likeness { percent: 72, other: CaseId(Uuid::from_u128(8)), other_year: 110, form: form_id("obs_std105") });
    let appeals = matches!(state, State::FirstFailed | State::SecondFailed);
    reviewing.appeal_until = appeals.then(|| at(99));
    reviewing.issued = (state == State::CertIssued)
        .then(|| Issued { number: Some("臺北證號第B111000001號".to_owned()), on: now().date_naive() });
    let papers = vec![paper(&form_id("pre_conference_a"), false).sent()];
    let reason = (!matches!(state, State::FormReview)).then(|| "原因".to_owned());
    let case = Case { seq, returns: 1, papers, steps, remarks, reviewing, reason, ..crate::sample::case(state) };
    (case, events)
}

/// What the service leaves of the case for a person, as it does before it sends it.
fn seen(state: State, actor: &Actor) -> (Sight, Case) {
    let (mut case, _) = lived(state);
    let sight = sight(&case, actor);
    if sight < Sight::Papers {
        case.papers.clear();
        case.remarks.clear();
    }
    case.hide_names(sight, actor);
    case.hide_review(actor);
    (sight, case)
}

/// Whose a thing is: `own`, `named` of another, or without a name.
fn whose(by: Option<&Person>, actor: &Actor) -> &'static str {
    match by {
        Some(by) if by.id == actor.person.id => "own",
        Some(by) if !by.name.is_empty() => "named",
        _ => "unnamed",
    }
}

fn cell(state: State, actor: &Actor) -> String {
    let (sight, case) = seen(state, actor);
    if sight == Sight::Nothing {
        return "–".to_owned();
    }
    let reviewing = &case.reviewing;
    let mut parts = vec![format!("{sight:?}")];
    let mut part = |name: &str, things: Vec<String>| {
        let distinct: BTreeSet<String> = things.into_iter().collect();
        if !distinct.is_empty() {
            parts.push(format!("{name}[{}]", distinct.into_iter().collect::<Vec<_>>().join(" ")));
        }
    };
    let asked = reviewing.assignments.iter();
    part("asked", asked.map(|one| format!("{:?}:{}", one.round, whose(Some(&one.reviewer), actor))).collect());
    let sheet = |sheet: &Sheet| {
        let round = sheet.round.map_or("Form".to_owned(), |round| format!("{round:?}"));
        format!("{round}:{}", whose(sheet.by.as_ref(), actor))
    };
    part("sheets", reviewing.sheets.iter().map(sheet).collect());
    let remark = |remark: &Remark| whose(Some(&remark.by.person), actor).to_owned();
    part("remarks", case.remarks.iter().map(remark).collect());
    let decision = |one: &Decision| format!("{:?}{}", one.round, if one.reason.is_empty() { "" } else { "+reason" });
    part("decisions", reviewing.decisions.iter().map(decision).collect());
    let steps = case.steps.iter().filter(|step| step.role == Role::Reviewer);
    part("steps", steps.map(|step| whose(step.by.as_ref(), actor).to_owned()).collect());
    let reasons = case.steps.iter().any(|step| step.reason.is_some());
    let flags = [
        (reasons, "reasons"),
        (case.reason.is_some(), "reason"),
        (reviewing.likeness.is_some(), "likeness"),
        (reviewing.appeal_until.is_some(), "appeal_until"),
        (reviewing.issued.is_some(), "certificate"),
    ];
    parts.extend(flags.into_iter().filter(|(shown, _)| *shown).map(|(_, name)| name.to_owned()));
    parts.join(" ")
}

fn states() -> Vec<State> {
    Workflow::of(domain::case::Process::Advanced).states()
}

#[test]
fn the_whole_matrix() {
    let mut lines = Vec::new();
    for (who, actor) in everybody() {
        lines.push(format!("{who}:"));
        for state in states() {
            lines.push(format!("  {state:?}: {}", cell(state, &actor)));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// The life of the matrix holds everything of which it says who sees it: an empty cell is one that was emptied.
#[test]
fn the_office_sees_everything() {
    let shown: BTreeSet<Round> = states()
        .into_iter()
        .flat_map(|state| seen(state, &office(Role::County)).1.reviewing.sheets)
        .filter_map(|sheet| sheet.round)
        .collect();
    assert_eq!(shown, BTreeSet::from(Round::ALL));
    for state in states() {
        for role in [Role::County, Role::Ministry, Role::Platform] {
            assert_eq!(seen(state, &office(role)).1, lived(state).0, "{role:?} {state:?}");
        }
    }
}

#[test]
fn a_reviewer_reads_nobodys_sheet_but_the_own() {
    for (who, actor) in everybody().into_iter().filter(|(_, actor)| actor.role == Role::Reviewer) {
        for state in states() {
            let (_, case) = seen(state, &actor);
            let id = actor.person.id;
            let reviewing = &case.reviewing;
            assert!(reviewing.sheets.iter().all(|sheet| sheet.by.as_ref().unwrap().id == id), "{who} {state:?}");
            assert!(reviewing.assignments.iter().all(|one| one.reviewer.id == id), "{who} {state:?}");
            assert!(case.remarks.iter().all(|remark| remark.by.person.id == id), "{who} {state:?}");
            assert!(reviewing.decisions.is_empty() && reviewing.appeal_until.is_none(), "{who} {state:?}");
            assert!(case.reason.is_none() && case.steps.iter().all(|step| step.reason.is_none()), "{who} {state:?}");
            // How alike it is to another is for those who judge it now.
            let judges = Round::of(state).is_some_and(|round| reviewers(round).iter().any(|one| one.id == id));
            let asked =
                lived(state).0.reviewing.reviewers(Round::of(state).unwrap_or(Round::First)).any(|one| one.id == id);
            assert_eq!(reviewing.likeness.is_some(), judges && asked, "{who} {state:?}");
        }
    }
}

#[test]
fn the_owner_never_learns_who_reviewed_nor_reads_a_sheet_before_its_round_is_decided() {
    let owner = own(Role::Teacher);
    let all: BTreeSet<AccountId> = Round::ALL.into_iter().flat_map(reviewers).map(|one| one.id).collect();
    for state in states() {
        let (_, case) = seen(state, &owner);
        let decided = decided(state);
        for sheet in &case.reviewing.sheets {
            assert!(sheet.round.is_none_or(|round| decided.contains(&round) && sheet.by.is_none()), "{state:?}");
        }
        let named = case.steps.iter().filter_map(|step| step.by.as_ref()).map(|by| by.id);
        let remarked = case.remarks.iter().map(|remark| remark.by.person.id);
        assert!(named.chain(remarked).all(|id| !all.contains(&id)), "{state:?}");
        assert!(case.reviewing.assignments.is_empty() && case.reviewing.likeness.is_none(), "{state:?}");
        let text = serde_json::to_string(&case).unwrap();
        for reviewer in Round::ALL.into_iter().flat_map(reviewers) {
            assert!(!text.contains(&reviewer.name) && !text.contains(&reviewer.id.to_string()), "{state:?}");
        }
    }
}

#[test]
fn the_school_never_sees_a_review() {
    for state in states() {
        let (_, case) = seen(state, &office(Role::School));
        assert!(case.reviewing.sheets.is_empty() && case.reviewing.assignments.is_empty(), "{state:?}");
        assert!(case.reviewing.decisions.is_empty() && case.reviewing.likeness.is_none(), "{state:?}");
        assert!(case.remarks.iter().all(|remark| remark.by.role != Role::Reviewer), "{state:?}");
        assert!(case.reason.is_none() && case.steps.iter().all(|step| step.reason.is_none()), "{state:?}");
    }
}

/// Whoever may see nothing of a case gets nothing of its review, whichever office they are.
#[test]
fn nobody_from_elsewhere_gets_anything() {
    for (who, actor) in everybody() {
        for state in states() {
            let (sight, case) = seen(state, &actor);
            if sight == Sight::Nothing {
                let Reviewing { assignments, sheets, decisions, appeal_until, likeness, .. } = &case.reviewing;
                let nothing = assignments.is_empty() && sheets.is_empty() && decisions.is_empty();
                assert!(nothing && appeal_until.is_none() && likeness.is_none(), "{who} {state:?}");
            }
        }
    }
}

/// The events tell nobody more than the case does.
#[test]
fn events_tell_no_more_than_the_case() {
    for (who, actor) in everybody() {
        for state in states() {
            let (whole, events) = lived(state);
            let (sight, case) = seen(state, &actor);
            for event in seen_events(events, &whole, sight, &actor) {
                let step = case.steps.iter().find(|step| step.seq == event.seq).unwrap();
                let reason = event.deed.reason().filter(|reason| !reason.is_empty());
                assert_eq!(reason, step.reason.as_deref(), "{who} {state:?} {:?}", event.deed);
                let sheet = match &event.deed {
                    Deed::Reviewed { sheet } => !sheet.hash.is_empty(),
                    Deed::Passed { sheet } | Deed::Returned { sheet, .. } => sheet.is_some(),
                    _ => false,
                };
                assert_eq!(sheet, case.reviewing.sheet(event.seq).is_some(), "{who} {state:?} {:?}", event.deed);
                if let Deed::Assigned { reviewers } = &event.deed {
                    let known =
                        |one: &Person| case.reviewing.assignments.iter().any(|known| known.reviewer.id == one.id);
                    assert!(reviewers.iter().all(known), "{who} {state:?}");
                }
                for asked in &event.remarks.asked {
                    assert!(case.remarks.iter().any(|remark| remark.id == asked.id), "{who} {state:?}");
                }
                let named = step.by.as_ref().is_some_and(|by| !by.name.is_empty());
                assert_eq!(!event.by.person.name.is_empty(), named, "{who} {state:?} {:?}", step.what);
                assert!(
                    step.what != DeedKind::Reviewed || named || event.by.person.id == AccountId::NOBODY,
                    "{who} {state:?}"
                );
            }
        }
    }
}
