//! Everything that can be asked of the table itself, and of its interpreters.

use crate::sample::{
    answers, application, case, certifying, foreign, form_id, handed_over, now, outcome, own, owner, paper,
    paper_facts, person, policy, process_of, whose,
};
use domain::{
    case::{CompletePaper, Deed, Process, State},
    certification::{Outcome, Picks, Round, offered},
    form::{Answers, FormDef, FormId, Packs, check},
    people::{Actor, Person, Role},
    policy::{StampRule, Window, WindowKind},
    time::PlanYear,
    workflow::{
        Action, Allowed, Command, Effect, Facts, Missing, Need, Refusal, Row, Unenclosed, UnfitReviewer, Who, Workflow,
        advanced, allowed, decide, open, page, papers_due, plc,
    },
};
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

fn tables() -> [&'static Workflow; 3] {
    Process::ALL.map(Workflow::of)
}

fn rows() -> impl Iterator<Item = &'static Row> {
    tables().into_iter().flat_map(|table| table.rows)
}

fn table_of(state: State) -> &'static Workflow {
    Workflow::of(process_of(state))
}

#[test]
fn every_state_is_reached_from_the_first() {
    let mut all = Vec::new();
    for table in tables() {
        let mut reached = BTreeSet::from([table.first]);
        loop {
            let next: BTreeSet<State> =
                table.rows.iter().filter(|row| reached.contains(&row.from)).map(|row| row.to).collect();
            if next.is_subset(&reached) {
                break;
            }
            reached.extend(next);
        }
        assert_eq!(reached, BTreeSet::from_iter(table.states()), "{:?}", table.process);
        all.extend(reached);
    }
    all.sort();
    assert_eq!(all, State::ALL, "every state belongs to one process");
}

#[test]
fn open_states_have_an_exit_and_final_ones_none() {
    for state in State::ALL {
        let exits = rows().filter(|row| row.from == state && row.to != state).count();
        assert_eq!(exits == 0, state.is_final(), "{state:?} has {exits} exits");
        let acts = rows().filter(|row| row.from == state).count();
        assert!(!state.is_final() || acts == 0, "{state:?} is final, but has {acts} acts");
    }
}

#[test]
fn no_two_rows_share_state_act_and_part() {
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(seen.insert((row.from, row.action, row.who)), "{row:?}");
        let Who::Part(role) = row.who else { continue };
        assert_eq!(role, role.part(), "a principal acts as a teacher: {row:?}");
    }
}

/// A return asks for a reason, an application for all its papers, wherever the row stands.
#[test]
fn acts_need_what_their_nature_needs() {
    let sends =
        [Action::Submit, Action::SendReport, Action::CorrectConvener, Action::Send, Action::Resubmit, Action::Appeal];
    let reasoned = [Action::Return, Action::Reject, Action::AskCorrection, Action::Deny, Action::RefuseAppeal];
    for row in rows() {
        let needs = |need| row.needs.contains(&need);
        assert_eq!(needs(Need::HasReason), reasoned.contains(&row.action), "{row:?}");
        assert_eq!(needs(Need::PapersComplete), sends.contains(&row.action), "{row:?}");
        assert_eq!(needs(Need::HasConsent), row.action == Action::ChangeConvener, "{row:?}");
        let corrects = row.action == Action::CorrectConvener;
        assert_eq!((needs(Need::ConvenerDiffers), needs(Need::SomethingCorrected)), (corrects, corrects), "{row:?}");
        let again = row.action == Action::Assign && Round::under_review(row.from).is_some();
        let imports = row.action == Action::Import && row.from == State::Editing;
        let stays = row.action == Action::ChangeConvener || corrects || imports || again;
        assert_eq!(needs(Need::Offered), row.action.outcome().is_some(), "{row:?}");
        assert_eq!(row.from == row.to, stays, "{row:?}");
    }
}

#[test]
fn every_notice_of_the_table_has_a_text() {
    for Effect::Notice(kind, _) in rows().flat_map(|row| row.then) {
        assert!(Packs::built_in().notice(*kind).is_some(), "{kind:?}");
    }
}

#[test]
fn codes_of_actions_are_their_names_on_every_wire() {
    for action in Action::ALL {
        assert_eq!(json!(action), json!(action.code()));
        assert_eq!(Action::from_code(action.code()), Some(action));
    }
    assert_eq!(Action::from_code("SUBMIT"), None);
}

/// Who may do what where, with nothing else in the way.
#[test]
fn state_by_action_by_role() {
    let mut lines = Vec::new();
    for state in State::ALL {
        for role in Role::ALL {
            let acts = |actor: &Actor| -> Vec<&'static str> {
                let facts = ready(state);
                allowed(&handed_over(state), actor, &facts, now())
                    .into_iter()
                    .map(|allowed| allowed.action.code())
                    .collect()
            };
            let mine = acts(&own(role));
            if !mine.is_empty() {
                lines.push(format!("{state:?} {role:?}: {}", mine.join(" ")));
            }
            if !is_national(role) {
                assert_eq!(acts(&foreign(role)), Vec::<&str>::new(), "a stranger at {state:?}");
            }
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    Draft Teacher: submit withdraw
    Draft Principal: submit withdraw
    Draft School: change_convener
    SchoolCheck Teacher: correct_convener
    SchoolCheck Principal: correct_convener
    SchoolCheck School: pass return change_convener
    CountyCheck Teacher: correct_convener
    CountyCheck Principal: correct_convener
    CountyCheck School: change_convener
    CountyCheck County: return approve reject
    Running Teacher: send_report
    Running Principal: send_report
    Editing School: import send
    Sent School: import
    Preparing Teacher: submit
    Preparing Principal: submit
    FormReview County: pass return
    FirstAssign County: assign
    FirstReview County: assign
    FirstReview Reviewer: review
    FirstDecide County: grant grant_corrected ask_correction deny
    FirstFix Teacher: resubmit
    FirstFix Principal: resubmit
    SecondAssign County: assign
    SecondReview County: assign
    SecondReview Reviewer: review
    SecondDecide County: grant deny
    FirstFailed Teacher: appeal
    FirstFailed Principal: appeal
    SecondFailed Teacher: appeal
    SecondFailed Principal: appeal
    AppealIntake County: accept_appeal refuse_appeal
    AppealFix Teacher: resubmit
    AppealFix Principal: resubmit
    AppealAssign County: assign
    AppealReview County: assign
    AppealReview Reviewer: review
    AppealDecide County: grant deny
    Passed Platform: publish
    CertReady Ministry: issue
    ");
}

/// Nobody of a national office is a stranger to a case.
fn is_national(role: Role) -> bool {
    matches!(role, Role::Ministry | Role::Platform)
}

/// The row for this state, action and part.
fn row_of(state: State, action: Action, role: Role) -> Option<&'static Row> {
    let how = certifying(process_of(state));
    table_of(state).rows.iter().find(|row| row.from == state && row.action == action && row.who.is(role, how))
}

/// `decide` says the same of all states × actions × roles, own and foreign, as the table does.
#[test]
fn decide_takes_exactly_the_rows_of_the_table() {
    for state in State::ALL {
        for role in Role::ALL {
            for action in Action::ALL {
                // An office that offers every result, so that every row can be taken.
                let facts = Facts { offered: Outcome::ALL.into(), ..ready(state) };
                let decided =
                    |actor: &Actor| decide(&handed_over(state), command(action, &facts), actor, &facts, now());
                let row = row_of(state, action, role);
                match (row, decided(&own(role))) {
                    (Some(row), Ok(decided)) => assert_eq!((decided.to, decided.then), (row.to, row.then)),
                    (None, Err(Refusal::NotInThisState { action: a, state: s })) => assert_eq!((a, s), (action, state)),
                    (None, Err(Refusal::NotYours)) => {
                        let looks = role == Role::Reviewer || is_national(role);
                        // A 總表 is no teacher's.
                        let nobodys = role.part() == Role::Teacher && process_of(state) == Process::Summary;
                        assert!(looks || nobodys, "{state:?} {role:?}");
                    }
                    (row, decided) => panic!("{state:?} {action:?} {role:?}: {row:?} but {decided:?}"),
                }
                if !(is_national(role) && process_of(state) == Process::Advanced) {
                    let stranger = decided(&foreign(role));
                    assert_eq!(stranger, Err(Refusal::NotYours), "{state:?} {action:?} foreign {role:?}");
                }
            }
        }
    }
}

/// The first form of each slot.
fn first_picks(state: State) -> Picks {
    certifying(process_of(state)).map(|how| Picks::first(&how.slots)).unwrap_or_default()
}

/// A case in which nothing is missing.
fn ready(state: State) -> Facts {
    let papers = papers_due(&case(state), &Default::default(), &first_picks(state));
    Facts {
        papers: papers.into_iter().chain(corrected_in(state)).map(|form| paper_facts(form, true, true)).collect(),
        target_convenes_nothing: true,
        sheet_complete: true,
        offered: offered(&case(state), &policy()),
        convener: policy().convener,
        corrected: true,
        ..Facts::default()
    }
}

/// What a new convener can correct in a state.
fn corrected_in(state: State) -> Option<FormId> {
    matches!(state, State::SchoolCheck | State::CountyCheck).then(|| form_id(plc::APPLICATION))
}

/// The act with everything it can carry: of the papers, those that the facts call complete.
fn command(action: Action, facts: &Facts) -> Command {
    let complete = facts.papers.iter().filter(|paper| paper.complete);
    let papers = complete.map(|of| paper(&of.form, of.stamped)).collect();
    let sheet = || facts.sheet_complete.then(|| paper(&form_id(advanced::REVIEW), false));
    let decide = |outcome| Command::Decide { outcome, reason: "觀察紀錄不足".to_owned() };
    match action {
        Action::Submit => Command::Submit { papers },
        Action::Pass => Command::Pass { sheet: sheet() },
        Action::Return => Command::Return { reason: "尚未核章上傳".to_owned(), sheet: sheet() },
        Action::Approve => Command::Approve { amount: Some(12_680) },
        Action::Reject => Command::Reject { reason: "與計畫不符".to_owned() },
        Action::Withdraw => Command::Withdraw,
        Action::SendReport => Command::SendReport { papers },
        Action::ChangeConvener => {
            Command::ChangeConvener { to: person(3, "林老師"), consent: "府教字第1號".to_owned() }
        }
        Action::CorrectConvener => {
            let name = if facts.corrected { owner().name } else { "前召集人".to_owned() };
            let complete = facts.papers.iter().filter(|paper| paper.complete);
            Command::CorrectConvener { papers: complete.map(|_| application(&name, "我愛上學")).collect() }
        }
        Action::Import => Command::Import { carried: Vec::new() },
        Action::Send => Command::Send { papers },
        Action::Assign => Command::Assign { reviewers: vec![own(Role::Reviewer).person] },
        Action::Review => Command::Review { sheet: sheet() },
        Action::Grant | Action::GrantCorrected | Action::AskCorrection | Action::Deny => {
            decide(action.outcome().unwrap())
        }
        Action::Resubmit => Command::Resubmit { papers },
        Action::Appeal => Command::Appeal { papers },
        Action::AcceptAppeal => Command::AcceptAppeal,
        Action::RefuseAppeal => Command::RefuseAppeal { reason: "逾期".to_owned() },
        Action::Lapse => Command::Lapse,
        Action::Publish => Command::Publish,
        Action::Issue => Command::Issue { number: None, on: "2022-10-01".parse().unwrap() },
    }
}

/// A 形式審查表 with this result.
fn form_review(result: &str) -> CompletePaper {
    let text = "id = \"adv_form_review\"\nversion = 1\nplan_year = 111\ntitle = { zh = \"甲\", en = \"A\" }\n\
                name = { zh = \"甲\", en = \"A\" }\n[[sections]]\nkey = \"a\"\ntitle = { zh = \"甲\", en = \"A\" }\n\
                fields = [{ key = \"result\", kind = \"text\", label = { zh = \"甲\", en = \"A\" } }]\n";
    let def = FormDef::parse("form.toml", text, &|_| false, &|_| false).unwrap();
    let answers = Answers([("result".to_owned(), json!(result))].into_iter().collect());
    let answers = check(&def, answers, &policy()).complete().unwrap();
    CompletePaper { answers, ..paper(&form_id(advanced::FORM_REVIEW), false) }
}

/// A button that would contradict the result on the sheet is grey and says so; a 審查標準表 only advises.
#[test]
fn the_other_button_is_grey() {
    for (says, grey) in [(Action::Pass, Action::Return), (Action::Return, Action::Pass)] {
        let facts = Facts { sheet_says: Some(says), ..ready(State::FormReview) };
        for button in allowed(&case(State::FormReview), &own(Role::County), &facts, now()) {
            let missing = if button.action == grey { vec![Missing::SheetDisagrees { says }] } else { Vec::new() };
            assert_eq!(button.missing, missing, "{:?}", button.action);
        }
    }
    let answers = form_review("退件").answers.answers().clone();
    assert_eq!(advanced::sheet_says(&form_id(advanced::FORM_REVIEW), &answers), Some(Action::Return));
    assert_eq!(advanced::sheet_says(&form_id(advanced::REVIEW), &answers), None);
}

fn closed_window() -> Window {
    Window { from: "2022-04-01T00:00:00Z".parse().unwrap(), to: "2022-04-30T00:00:00Z".parse().unwrap() }
}

fn closed_for(kind: WindowKind) -> BTreeMap<WindowKind, Window> {
    BTreeMap::from([(kind, closed_window())])
}

fn window_closed(window: WindowKind) -> Missing {
    Missing::WindowClosed { window, from: closed_window().from, to: closed_window().to }
}

/// Every need: where it refuses, and the same act where it is met.
#[test]
fn every_need_refuses_and_is_met() {
    let application = vec![form_id(plc::APPLICATION)];
    let both = vec![form_id(plc::APPLICATION), form_id(plc::BUDGET)];
    let with = |change: &dyn Fn(&mut Facts), state| {
        let mut facts = ready(state);
        change(&mut facts);
        facts
    };
    let asks_stamps = |facts: &mut Facts| {
        facts.stamps.insert(form_id(plc::APPLICATION), StampRule::Upload);
        facts.stamps.insert(form_id(plc::BUDGET), StampRule::Stamped);
    };
    let (draft, county) = (State::Draft, State::CountyCheck);
    let ok = |state| with(&|_| {}, state);
    let text = |text: &str| text.to_owned();
    let to = || person(3, "林老師");
    type Case = (Need, State, Facts, Command, Option<Missing>);
    let (preparing, fixing, failed) = (State::Preparing, State::FirstFix, State::FirstFailed);
    let (formal, assigning) = (State::FormReview, State::FirstAssign);
    let certify = with(&|facts| facts.windows = closed_for(WindowKind::Certify), preparing);
    let second = with(&|facts| facts.windows = closed_for(WindowKind::SecondReview), fixing);
    let (certify_open, second_open) =
        (Need::WindowOpen(WindowKind::Certify), Need::WindowOpen(WindowKind::SecondReview));
    let unpicked = with(&|facts| facts.empty_slots = vec!["slot_pre".to_owned()], preparing);
    let slots = vec!["slot_pre".to_owned()];
    let unwritten = with(&|facts| facts.sheet_complete = false, formal);
    let peer = UnfitReviewer { person: person(60, "同校委員"), why: "same_school".to_owned() };
    let conflicted = with(&|facts| facts.unfit = vec![peer.clone()], assigning);
    let assign = |reviewers: &[Person]| Command::Assign { reviewers: reviewers.to_vec() };
    let reviewer = own(Role::Reviewer).person;
    let ended = now() - chrono::TimeDelta::milliseconds(1);
    let submit = |facts: &Facts| command(Action::Submit, facts);
    let closed = with(&|facts| facts.windows = closed_for(WindowKind::Apply), draft);
    let over = with(&|facts| facts.windows = closed_for(WindowKind::Report), State::Running);
    let other = with(&|facts| facts.windows = closed_for(WindowKind::Report), draft);
    let (apply_open, report_open) = (Need::WindowOpen(WindowKind::Apply), Need::WindowOpen(WindowKind::Report));
    let editing = State::Editing;
    let summary_open = Need::WindowOpen(WindowKind::Summary);
    let unsent = with(&|facts| facts.windows = closed_for(WindowKind::Summary), editing);
    let summary = |facts: &Facts| command(Action::Send, facts);
    let half = with(&|facts| facts.papers[0].complete = false, draft);
    let stamped = with(&asks_stamps, draft);
    let unstamped = with(
        &|facts| {
            asks_stamps(facts);
            facts.papers[0].stamped = false;
        },
        draft,
    );
    let running = State::Running;
    let bare = with(&|facts| facts.papers[0].stamped = false, running);
    let report = vec![Unenclosed { form: form_id(plc::REPORT), name: outcome() }];
    let send = |facts: &Facts| command(Action::SendReport, facts);
    let unnamed = Facts::default();
    let convenes = with(&|facts| facts.target_convenes_nothing = false, county);
    let change = |consent: &str| Command::ChangeConvener { to: to(), consent: text(consent) };
    let same = with(&|facts| facts.corrected = false, county);
    let correct = |facts: &Facts| command(Action::CorrectConvener, facts);
    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        (apply_open,                  draft,  closed.clone(), submit(&closed), Some(window_closed(WindowKind::Apply))),
        (apply_open,                  draft,  other.clone(), submit(&other), None),
        (report_open,                 running, over.clone(), send(&over), Some(window_closed(WindowKind::Report))),
        (report_open,                 running, ok(running), send(&ok(running)), None),
        (summary_open,                editing, unsent.clone(), summary(&unsent), Some(window_closed(WindowKind::Summary))),
        (summary_open,                editing, ok(editing), summary(&ok(editing)), None),
        (Need::PapersComplete,        draft,  half.clone(), submit(&half), Some(Missing::PapersIncomplete { forms: application.clone() })),
        (Need::PapersComplete,        draft,  ok(draft), Command::Submit { papers: vec![] }, Some(Missing::PapersIncomplete { forms: both.clone() })),
        (Need::PapersComplete,        draft,  unnamed, Command::Submit { papers: vec![] }, Some(Missing::PapersIncomplete { forms: both })),
        (Need::PapersComplete,        draft,  ok(draft), submit(&ok(draft)), None),
        (Need::StampsAsRuled,         draft,  unstamped.clone(), submit(&unstamped), Some(Missing::StampMissing { forms: application })),
        (Need::StampsAsRuled,         draft,  stamped.clone(), submit(&stamped), None),
        (Need::EnclosuresThere,       running, bare.clone(), send(&bare), Some(Missing::EnclosureMissing { papers: report })),
        (Need::EnclosuresThere,       running, ok(running), send(&ok(running)), None),
        (Need::HasReason,             county, ok(county), Command::Return { reason: text(" \u{3000}\n"), sheet: None }, Some(Missing::ReasonMissing)),
        (Need::HasReason,             county, ok(county), Command::Return { reason: text("尚未核章上傳"), sheet: None }, None),
        (Need::HasReason,             county, ok(county), Command::Reject { reason: text("") }, Some(Missing::ReasonMissing)),
        (Need::HasConsent,            county, ok(county), change(" "), Some(Missing::ConsentMissing)),
        (Need::HasConsent,            county, ok(county), change("府教字第1號"), None),
        (Need::TargetConvenesNothing, county, convenes, change("府教字第1號"), Some(Missing::TargetConvenes)),
        (Need::TargetConvenesNothing, county, ok(county), change("府教字第1號"), None),
        (certify_open,                preparing, certify.clone(), submit(&certify), Some(window_closed(WindowKind::Certify))),
        (certify_open,                preparing, ok(preparing), submit(&ok(preparing)), None),
        (second_open,                 fixing, second.clone(), command(Action::Resubmit, &second), Some(window_closed(WindowKind::SecondReview))),
        (second_open,                 fixing, ok(fixing), command(Action::Resubmit, &ok(fixing)), None),
        (Need::SlotsFilled,           preparing, unpicked.clone(), submit(&unpicked), Some(Missing::SlotsEmpty { slots })),
        (Need::SlotsFilled,           preparing, ok(preparing), submit(&ok(preparing)), None),
        (Need::SheetComplete,         formal, unwritten.clone(), command(Action::Pass, &unwritten), Some(Missing::SheetIncomplete)),
        (Need::SheetComplete,         formal, ok(formal), command(Action::Pass, &ok(formal)), None),
        (Need::SheetSays(Action::Pass), formal, ok(formal), Command::Pass { sheet: Some(form_review("退件")) }, Some(Missing::SheetDisagrees { says: Action::Return })),
        (Need::SheetSays(Action::Pass), formal, ok(formal), Command::Pass { sheet: Some(form_review("通過")) }, None),
        (Need::SheetSays(Action::Return), formal, ok(formal), Command::Return { reason: text("缺章"), sheet: Some(form_review("通過")) }, Some(Missing::SheetDisagrees { says: Action::Pass })),
        (Need::SheetSays(Action::Return), formal, ok(formal), Command::Return { reason: text("缺章"), sheet: Some(form_review("退件")) }, None),
        (Need::FitReviewers,          assigning, ok(assigning), assign(&[]), Some(Missing::ReviewersMissing { wanted: 1 })),
        (Need::FitReviewers,          assigning, conflicted, assign(std::slice::from_ref(&peer.person)), Some(Missing::ReviewersUnfit { reviewers: vec![peer] })),
        (Need::FitReviewers,          assigning, ok(assigning), assign(&[reviewer]), None),
        (Need::AppealInTime,          failed, ok(failed), command(Action::Appeal, &ok(failed)), Some(Missing::AppealOver { until: Some(ended) })),
        (Need::AppealInTime,          failed, ok(failed), command(Action::Appeal, &ok(failed)), None),
        (Need::AppealOver,            failed, ok(failed), Command::Lapse, Some(Missing::AppealOpen)),
        (Need::AppealOver,            failed, ok(failed), Command::Lapse, None),
        (Need::SomethingCorrected,    county, same.clone(), correct(&same), Some(Missing::NothingCorrected)),
        (Need::SomethingCorrected,    county, ok(county), correct(&ok(county)), None),
    ];
    // A result that is not offered has no row: `results_by_round` asks for it.
    let tried_elsewhere = Need::Offered;
    let mut tried = BTreeSet::new();
    for (need, state, facts, command, missing) in cases {
        let action = command.action();
        let row = rows().find(|row| row.from == state && row.action == action).unwrap();
        assert!(row.needs.contains(&need));
        let mut case = handed_over(state);
        if command == Command::Lapse && missing.is_none() {
            case.reviewing.appeal_until = Some(now() - chrono::TimeDelta::milliseconds(1));
        }
        if matches!(command, Command::Appeal { .. }) && missing.is_some() {
            case.reviewing.appeal_until = Some(now() - chrono::TimeDelta::milliseconds(1));
        }
        let decided = decide(&case, command.clone(), &whose(process_of(state), row.who), &facts, now());
        tried.insert((format!("{need:?}"), missing.is_some()));
        match missing {
            Some(missing) => assert_eq!(decided, Err(Refusal::Missing(vec![missing])), "{command:?}"),
            None => assert!(decided.is_ok(), "{command:?}: {decided:?}"),
        }
    }
    // Without `ConvenerDiffers` there is no such act at all: `convener.rs`.
    let elsewhere = [tried_elsewhere, Need::ConvenerDiffers];
    for need in rows().flat_map(|row| row.needs).filter(|need| !elsewhere.contains(need)) {
        for refuses in [true, false] {
            assert!(tried.contains(&(format!("{need:?}"), refuses)), "{need:?} has no case, refusing: {refuses}");
        }
    }
}

/// What the office does not offer in a round is no act; counties differ about the 複審 (`forms.md` §3.10).
#[test]
fn results_by_round() {
    let acts = |state: State, facts: &Facts| -> Vec<&'static str> {
        let acts = allowed(&case(state), &own(Role::County), facts, now());
        acts.into_iter().map(|allowed| allowed.action.code()).collect()
    };
    assert_eq!(
        acts(State::FirstDecide, &ready(State::FirstDecide)),
        ["grant", "grant_corrected", "ask_correction", "deny"]
    );
    assert_eq!(acts(State::SecondDecide, &ready(State::SecondDecide)), ["grant", "deny"]);
    assert_eq!(acts(State::AppealDecide, &ready(State::AppealDecide)), ["grant", "deny"]);
    let four = Facts { offered: Outcome::ALL.into(), ..ready(State::SecondDecide) };
    assert_eq!(acts(State::SecondDecide, &four), ["grant", "grant_corrected", "deny"]);
    let none = Facts { offered: BTreeSet::new(), ..ready(State::FirstDecide) };
    assert!(acts(State::FirstDecide, &none).is_empty());
    let county = own(Role::County);
    let refused = decide(&case(State::FirstDecide), command(Action::Grant, &none), &county, &none, now());
    assert!(matches!(refused, Err(Refusal::NotInThisState { .. })), "{refused:?}");
}

/// All that is missing is said at once.
#[test]
fn a_refusal_names_everything() {
    let mut facts = ready(State::Draft);
    facts.windows = closed_for(WindowKind::Apply);
    facts.stamps.insert(form_id(plc::BUDGET), StampRule::Stamped);
    let forms = |forms: &[&str]| forms.iter().map(|id| form_id(id)).collect::<Vec<_>>();
    let refusal = decide(&case(State::Draft), Command::Submit { papers: vec![] }, &own(Role::Teacher), &facts, now());
    let missing = vec![
        window_closed(WindowKind::Apply),
        Missing::PapersIncomplete { forms: forms(&[plc::APPLICATION, plc::BUDGET]) },
        Missing::StampMissing { forms: forms(&[plc::BUDGET]) },
    ];
    assert_eq!(refusal, Err(Refusal::Missing(missing)));
}

/// What is sent along but not due is not taken, and nothing is taken twice.
#[test]
fn exactly_the_due_papers_are_sent() {
    let facts = ready(State::Draft);
    let [application, budget, report] =
        [plc::APPLICATION, plc::BUDGET, plc::REPORT].map(|id| paper(&form_id(id), true));
    let papers = vec![report, budget.clone(), application, budget];
    let decided = decide(&case(State::Draft), Command::Submit { papers }, &own(Role::Teacher), &facts, now()).unwrap();
    let Deed::Submitted { papers } = decided.deed else { panic!("{:?}", decided.deed) };
    let forms: Vec<&str> = papers.iter().map(|paper| paper.form.id.as_str()).collect();
    assert_eq!(forms, [plc::APPLICATION, plc::BUDGET]);
}

#[test]
fn papers_due_by_state_and_funding() {
    let due = |state, funding: &str| -> Vec<String> {
        let answers = answers(json!({ "apply_funding": funding }));
        plc::papers_due(state, &answers).iter().map(ToString::to_string).collect()
    };
    assert_eq!(due(State::Draft, "是"), ["plc_application", "plc_budget"]);
    assert_eq!(due(State::Draft, ""), ["plc_application", "plc_budget"]);
    assert_eq!(due(State::Draft, "否"), ["plc_application"]);
    assert_eq!(due(State::Running, "否"), ["plc_report"]);
    for state in [State::SchoolCheck, State::CountyCheck, State::Closed, State::Rejected, State::Withdrawn] {
        assert!(due(state, "是").is_empty(), "{state:?}");
    }
    for state in State::ALL {
        let shown = plc::papers(state);
        assert!(plc::editable(state).iter().all(|form| shown.contains(form)), "{state:?}");
    }
}

#[test]
fn opening() {
    let free = Facts::default();
    let busy = Facts { convenes_another: true, ..Facts::default() };
    let late = Facts { windows: closed_for(WindowKind::Apply), ..Facts::default() };
    let both = Facts { windows: closed_for(WindowKind::Apply), ..busy.clone() };
    let try_open = |role, facts: &Facts| open(Process::Plc, PlanYear(111), &own(role), facts, now());
    for role in [Role::Teacher, Role::Principal] {
        let decided = try_open(role, &free).unwrap();
        assert_eq!(decided.to, State::Draft);
        let Deed::Opened { plan_year, school, .. } = decided.deed else { panic!() };
        assert_eq!((plan_year, school.code.as_str()), (PlanYear(111), "193625"));
        assert_eq!(try_open(role, &busy), Err(Refusal::Missing(vec![Missing::AlreadyConvener])));
        assert_eq!(try_open(role, &late), Err(Refusal::Missing(vec![window_closed(WindowKind::Apply)])));
        assert_eq!(
            try_open(role, &both),
            Err(Refusal::Missing(vec![Missing::AlreadyConvener, window_closed(WindowKind::Apply)]))
        );
    }
    for role in [Role::School, Role::County, Role::Reviewer, Role::Ministry, Role::Platform] {
        assert_eq!(try_open(role, &free), Err(Refusal::NotYours), "{role:?}");
    }
    let mut nowhere = own(Role::Teacher);
    nowhere.school = None;
    assert_eq!(open(Process::Plc, PlanYear(111), &nowhere, &free, now()), Err(Refusal::NotYours));
}

/// A 總表 is made by the school, once, in or out of the window: importing looks at nobody's time.
#[test]
fn opening_a_summary() {
    let late = Facts { windows: closed_for(WindowKind::Apply), ..Facts::default() };
    let there = Facts { convenes_another: true, ..Facts::default() };
    let try_open = |role, facts: &Facts| open(Process::Summary, PlanYear(111), &own(role), facts, now());
    assert_eq!(try_open(Role::School, &late).unwrap().to, State::Editing);
    assert_eq!(try_open(Role::School, &there), Err(Refusal::Missing(vec![Missing::SummaryExists])));
    for role in Role::ALL.into_iter().filter(|role| *role != Role::School) {
        assert_eq!(try_open(role, &Facts::default()), Err(Refusal::NotYours), "{role:?}");
    }
}

/// 「已送出」 is taken back by importing again, and only while it could be sent again (T4).
#[test]
fn a_sent_summary_is_taken_back_within_the_window_only() {
    let import = || Command::Import { carried: Vec::new() };
    let school = own(Role::School);
    let back = decide(&case(State::Sent), import(), &school, &Facts::default(), now()).unwrap();
    assert_eq!(back.to, State::Editing);
    let late = Facts { windows: closed_for(WindowKind::Summary), ..Facts::default() };
    let refused = decide(&case(State::Sent), import(), &school, &late, now());
    assert_eq!(refused, Err(Refusal::Missing(vec![window_closed(WindowKind::Summary)])));
    assert!(decide(&case(State::Editing), import(), &school, &late, now()).is_ok());
    // Another account of the same school looks, and does not touch.
    let colleague = Actor { person: person(51, "另一位承辦人"), ..school };
    assert_eq!(decide(&case(State::Sent), import(), &colleague, &Facts::default(), now()), Err(Refusal::NotYours));
}

#[test]
fn the_pages_have_every_row_and_state() {
    for table in tables() {
        let page = page(table);
        for row in table.rows {
            let line = page.lines().any(|line| {
                line.starts_with(&format!("| {} | {} |", row.source, row.from.label()))
                    && line.contains(row.action.code())
            });
            assert!(line, "{row:?}");
        }
        for state in table.states() {
            assert!(page.contains(&format!("state \"{}\" as {state:?}", state.label())), "{state:?}");
        }
    }
    let page = page(Workflow::of(Process::Plc));
    assert!(page.contains("Draft --> SchoolCheck: 申請（教師）") && page.contains("[*] --> Draft"));
}

fn some_facts(state: State) -> impl Strategy<Value = Facts> {
    let form = prop_oneof![Just(plc::APPLICATION), Just(plc::BUDGET)];
    let rule = prop_oneof![Just(StampRule::None), Just(StampRule::Upload), Just(StampRule::Stamped)];
    let papers = proptest::collection::vec(any::<(bool, bool)>(), 2);
    let corrected = any::<bool>();
    let closed = proptest::collection::btree_map(
        proptest::sample::select(WindowKind::ALL.to_vec()),
        Just(closed_window()),
        0..=3,
    );
    (closed, any::<bool>(), papers, proptest::collection::btree_map(form, rule, 0..=2), corrected).prop_map(
        move |(closed, apply_funds, papers, stamps, corrected)| {
            let funding = answers(json!({ "apply_funding": if apply_funds { "是" } else { "否" } }));
            let due = papers_due(&case(state), &funding, &first_picks(state)).into_iter().chain(corrected_in(state));
            Facts {
                windows: closed,
                stamps: stamps.into_iter().map(|(form, rule)| (form_id(form), rule)).collect(),
                papers: due
                    .zip(papers)
                    .map(|(form, (complete, stamped))| paper_facts(form, complete, stamped))
                    .collect(),
                sheet_complete: apply_funds,
                empty_slots: if apply_funds { Vec::new() } else { vec!["slot_obs".to_owned()] },
                offered: Outcome::ALL.into(),
                target_convenes_nothing: true,
                convener: policy().convener,
                corrected,
                ..Facts::default()
            }
        },
    )
}

fn state_and_facts() -> impl Strategy<Value = (State, Facts)> {
    proptest::sample::select(State::ALL.to_vec()).prop_flat_map(|state| (Just(state), some_facts(state)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A button that is not grey works, a grey one would be refused, and what has no button is not possible: the act carries
    /// a reason, a consent and the papers that the facts call complete.
    #[test]
    fn allowed_and_decide_agree(
        (state, facts) in state_and_facts(),
        role in proptest::sample::select(Role::ALL.to_vec()),
        at_home in any::<bool>(),
        handed in any::<bool>(),
    ) {
        let actor = if at_home { own(role) } else { foreign(role) };
        let case = if handed { handed_over(state) } else { case(state) };
        let buttons = allowed(&case, &actor, &facts, now());
        for action in Action::ALL {
            let decided = decide(&case, command(action, &facts), &actor, &facts, now());
            match buttons.iter().find(|button| button.action == action) {
                Some(Allowed { missing, .. }) if missing.is_empty() => prop_assert!(decided.is_ok(), "{action:?}: {decided:?}"),
                Some(Allowed { missing, .. }) => {
                    let Err(Refusal::Missing(refused)) = decided else { panic!("{action:?} is grey for {missing:?}") };
                    let kind = |m: &Missing| std::mem::discriminant(m);
                    let kinds = |list: &[Missing]| list.iter().map(kind).collect::<Vec<_>>();
                    // A paper that is not complete cannot be sent with its file or its correction: decide may name it for both.
                    let also = kinds(&refused);
                    prop_assert!(kinds(missing).iter().all(|kind| also.contains(kind)), "{missing:?} but {refused:?}");
                    let files = kinds(&[
                        Missing::StampMissing { forms: vec![] },
                        Missing::EnclosureMissing { papers: vec![] },
                        Missing::NothingCorrected,
                    ]);
                    let told = |kind| kinds(missing).contains(kind) || files.contains(kind);
                    prop_assert!(also.iter().all(told), "{refused:?}");
                }
                None => prop_assert!(matches!(decided, Err(Refusal::NotYours | Refusal::NotInThisState { .. })), "{action:?}"),
            }
        }
    }
}
