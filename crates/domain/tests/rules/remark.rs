//! 審查意見: what may go with which act, and what becomes of it round by round.

use crate::sample::{case as sample, form_id, own, paper};
use domain::{
    case::{Case, Deed, Doer, Event, SentPaper, State},
    certification::Round,
    form::{Answers, Packs},
    ids::RemarkId,
    people::Role,
    remark::{MOST_CHARS, MOST_REMARKS, NewRemark, RemarkAnswer, RemarkFault, Remarks, fits},
    time::PlanYear,
    workflow::Action,
};
use uuid::Uuid;

/// An application as it was sent.
fn case(state: State) -> Case {
    let (_, form) = Packs::built_in().for_year(&form_id("plc_application"), PlanYear(111)).unwrap();
    let answers = Answers::default();
    let paper = SentPaper {
        form: form.clone(),
        revision: 1,
        hash: "ab".repeat(32),
        answers,
        stamped: None,
        stamped_revision: None,
    };
    Case { papers: vec![paper], ..sample(state) }
}

fn id(number: u128) -> RemarkId {
    RemarkId(Uuid::from_u128(number))
}

fn ask(number: u128, field: &str, text: &str) -> NewRemark {
    NewRemark { id: id(number), form: form_id("plc_application"), field: field.to_owned(), text: text.to_owned() }
}

fn asked(remarks: Vec<NewRemark>) -> Remarks {
    Remarks { asked: remarks, ..Remarks::default() }
}

fn answered(number: u128, text: &str) -> Remarks {
    Remarks { answered: vec![RemarkAnswer { remark: id(number), text: text.to_owned() }], ..Remarks::default() }
}

fn settled(number: u128) -> Remarks {
    Remarks { settled: vec![id(number)], ..Remarks::default() }
}

fn done(case: &mut Case, role: Role, to: State, deed: Deed, remarks: Remarks) {
    let by = Doer { person: own(role).person, role };
    let seq = case.seq + 1;
    let id = domain::ids::EventId(Uuid::from_u128(900 + u128::from(seq)));
    case.apply(&Event { id, case: case.id, seq, at: case.updated_at, by, to, deed, remarks });
}

fn returned() -> Deed {
    Deed::Returned { reason: "請修正".to_owned(), sheet: None }
}

/// Asked, answered, asked again, settled: each round is there to be read.
#[test]
fn remarks_go_round() {
    let mut case = case(State::SchoolCheck);
    let first = asked(vec![ask(1, "plc_summary", " 請補充成果 "), ask(2, "schedule", "缺一場公開授課")]);
    assert_eq!(fits(&case, Action::Return, &first), Ok(()));
    done(&mut case, Role::School, State::Draft, returned(), first);
    let text = |case: &Case, at: usize| (case.remarks[at].round, case.remarks[at].text.clone());
    assert_eq!((text(&case, 0), case.remarks[0].by.role), ((1, "請補充成果".to_owned()), Role::School));

    let reply = answered(1, "已補充");
    assert_eq!(fits(&case, Action::Submit, &reply), Ok(()));
    let papers = case.papers.clone();
    done(&mut case, Role::Teacher, State::SchoolCheck, Deed::Submitted { papers }, reply);
    assert_eq!(case.remarks[0].answer.as_deref(), Some("已補充"));

    let second = Remarks { settled: vec![id(1)], ..asked(vec![ask(3, "plc_goals", "目標太短")]) };
    assert_eq!(fits(&case, Action::Return, &second), Ok(()));
    done(&mut case, Role::School, State::Draft, returned(), second);
    let open: Vec<(u32, bool)> = case.remarks.iter().map(|remark| (remark.round, remark.settled)).collect();
    assert_eq!(open, [(1, true), (1, false), (2, false)]);

    // What is settled is over; the other two can still be answered.
    assert_eq!(fits(&case, Action::Submit, &answered(1, "再答")), Err(RemarkFault::NotOpen));
    assert_eq!(fits(&case, Action::Submit, &answered(2, "已加")), Ok(()));
    // The school passes: it has nothing left to ask.
    done(&mut case, Role::School, State::CountyCheck, Deed::Passed { sheet: None }, Remarks::default());
    assert!(case.remarks.iter().all(|remark| remark.settled));
}

/// 形式審通過 settles the school's remarks, not the county's; the county's decision settles all.
#[test]
fn an_office_settles_by_passing() {
    let mut case = case(State::CountyCheck);
    done(&mut case, Role::County, State::Draft, returned(), asked(vec![ask(1, "plc_summary", "縣市意見")]));
    done(&mut case, Role::School, State::Draft, returned(), asked(vec![ask(2, "plc_summary", "學校意見")]));
    done(&mut case, Role::School, State::CountyCheck, Deed::Passed { sheet: None }, Remarks::default());
    assert_eq!(case.remarks.iter().map(|remark| remark.settled).collect::<Vec<_>>(), [false, true]);
    done(&mut case, Role::County, State::Running, Deed::Approved { amount: None }, Remarks::default());
    assert!(case.remarks.iter().all(|remark| remark.settled));
}

/// What a reviewer asks is known by the round of review it belongs to, what comes with a return is not.
#[test]
fn a_reviewers_remark_knows_its_round() {
    let review = || Deed::Reviewed { sheet: paper(&form_id("adv_review"), false).sent() };
    let mut case = case(State::FirstReview);
    done(&mut case, Role::Reviewer, State::FirstReview, review(), asked(vec![ask(1, "plc_goals", "初審")]));
    done(&mut case, Role::Reviewer, State::FirstDecide, review(), asked(vec![ask(2, "plc_goals", "初審")]));
    case.state = State::SecondReview;
    done(&mut case, Role::Reviewer, State::SecondDecide, review(), asked(vec![ask(3, "plc_goals", "複審")]));
    case.state = State::FormReview;
    done(&mut case, Role::County, State::Preparing, returned(), asked(vec![ask(4, "plc_goals", "退件")]));
    let rounds: Vec<_> = case.remarks.iter().map(|remark| remark.review).collect();
    assert_eq!(rounds, [Some(Round::First), Some(Round::First), Some(Round::Second), None]);
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut case = case(State::SchoolCheck);
    done(&mut case, Role::School, State::Draft, returned(), asked(vec![ask(1, "plc_summary", "請補充")]));
    let many = |count: usize| asked((0..count).map(|n| ask(100 + n as u128, "plc_goals", "短")).collect());
    let long = "字".repeat(MOST_CHARS + 1);
    let fullest = "字".repeat(MOST_CHARS);
    let elsewhere = NewRemark { form: form_id("plc_report"), ..ask(5, "reflection", "不在這裡") };
    #[rustfmt::skip]
    let cases = [
        (Action::Return, asked(vec![ask(5, "plc_goals", "太短")]),                    Ok(())),
        (Action::Return, asked(vec![ask(5, "plc_goals", &fullest)]),                   Ok(())),
        (Action::Return, many(MOST_REMARKS),                                           Ok(())),
        (Action::Return, many(MOST_REMARKS + 1),                                       Err(RemarkFault::TooMany)),
        (Action::Return, asked(vec![ask(5, "plc_goals", &long)]),                      Err(RemarkFault::Text)),
        (Action::Return, asked(vec![ask(5, "plc_goals", " \u{3000}")]),                Err(RemarkFault::Text)),
        (Action::Return, asked(vec![ask(5, "nothing", "沒有這一欄")]),                  Err(RemarkFault::Field)),
        (Action::Return, asked(vec![elsewhere]),                                       Err(RemarkFault::Field)),
        (Action::Return, asked(vec![ask(1, "plc_goals", "同一個編號")]),                Err(RemarkFault::Twice)),
        (Action::Return, asked(vec![ask(5, "plc_goals", "一"), ask(5, "plc_goals", "二")]), Err(RemarkFault::Twice)),
        (Action::Pass,   asked(vec![ask(5, "plc_goals", "太短")]),                     Err(RemarkFault::OtherAct)),
        (Action::Submit, asked(vec![ask(5, "plc_goals", "太短")]),                     Err(RemarkFault::OtherAct)),
        (Action::Return, answered(1, "好"),                                            Err(RemarkFault::OtherAct)),
        (Action::Submit, answered(1, "好"),                                            Ok(())),
        (Action::Submit, answered(9, "好"),                                            Err(RemarkFault::NotOpen)),
        (Action::Submit, settled(1),                                                   Err(RemarkFault::OtherAct)),
        (Action::Return, settled(1),                                                   Ok(())),
        (Action::Return, settled(9),                                                   Err(RemarkFault::NotOpen)),
        (Action::Approve, Remarks::default(),                                          Ok(())),
    ];
    for (number, (action, remarks, expected)) in cases.into_iter().enumerate() {
        assert_eq!(fits(&case, action, &remarks), expected, "row {number}");
    }
}
