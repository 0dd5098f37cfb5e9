//! 進階專業回饋人才認證: the process of one application (`workflows.md` §6.2, A2 to A23; A1 is [`super::open`]).

use super::{
    Action::{self, *},
    Effect::{self, Notice},
    Need::{self, *},
    Row, To,
    Who::{self, Clock, Desk as At, Part},
    Workflow,
};
use crate::{
    case::{
        Case, Process,
        State::{self, *},
    },
    certification::{Certifying, Desk, Picks, Round},
    form::{Answers, FormId},
    notice::NoticeKind as N,
    people::{
        Actor,
        Role::{Ministry, Reviewer, Teacher},
    },
    policy::WindowKind,
};

const fn row(
    source: &'static str,
    from: State,
    action: Action,
    who: Who,
    to: State,
    needs: &'static [Need],
    then: &'static [Effect],
) -> Row {
    Row { source, from, action, who, to, needs, then }
}

/// 認證申請期程, and the days in which what was corrected is sent again (`workflows.md` §8).
const APPLY_OPEN: Need = WindowOpen(WindowKind::Certify);
const SECOND_OPEN: Need = WindowOpen(WindowKind::SecondReview);

const FORM: Who = At(Desk::FormReview);
const ASSIGN: Who = At(Desk::Assign);
const DECIDE: Who = At(Desk::Decide);
const OFFICE: Who = At(Desk::Certificates);
const TO_ASSIGN: &[Effect] = &[Notice(N::AdvToAssign, To::Desk(Desk::Assign))];
const TO_REVIEW: &[Effect] = &[Notice(N::AdvToReview, To::Reviewers)];
const TO_DECIDE: &[Effect] = &[Notice(N::AdvToDecide, To::Desk(Desk::Decide))];

/// The whole process. A review leads on when the last reviewer of the round has written; until then the case stays where it is.
#[rustfmt::skip]
pub static WORKFLOW: Workflow = Workflow { process: Process::Advanced, source: "A1", opener: Teacher, first: Preparing, rows: &[
    //   source from          action          who             to            needs                                                    then
    row("A2",  Preparing,    Submit,         Part(Teacher),  FormReview,   &[APPLY_OPEN, SlotsFilled, PapersComplete, StampsAsRuled], &[Notice(N::AdvSent, To::Desk(Desk::FormReview))]),
    row("A3",  FormReview,   Pass,           FORM,           FirstAssign,  &[SheetComplete, SheetSays(Pass)],                       TO_ASSIGN),
    row("A4",  FormReview,   Return,         FORM,           Preparing,    &[HasReason, SheetComplete, SheetSays(Return)],          &[Notice(N::N4, To::Owner)]),
    row("A5",  FirstAssign,  Assign,         ASSIGN,         FirstReview,  &[FitReviewers],                                         TO_REVIEW),
    row("A5",  FirstReview,  Assign,         ASSIGN,         FirstReview,  &[FitReviewers],                                         TO_REVIEW),
    row("A6",  FirstReview,  Review,         Part(Reviewer), FirstDecide,  &[SheetComplete],                                        TO_DECIDE),
    row("A7",  FirstDecide,  Grant,          DECIDE,         Passed,       &[Offered],                                              &[Notice(N::N5, To::Owner)]),
    row("A7",  FirstDecide,  GrantCorrected, DECIDE,         Passed,       &[Offered],                                              &[Notice(N::N5, To::Owner)]),
    row("A8",  FirstDecide,  AskCorrection,  DECIDE,         FirstFix,     &[Offered, HasReason],                                   &[Notice(N::N6, To::Owner)]),
    row("A9",  FirstDecide,  Deny,           DECIDE,         FirstFailed,  &[Offered, HasReason],                                   &[Notice(N::N7, To::Owner)]),
    row("A10", FirstFix,     Resubmit,       Part(Teacher),  SecondAssign, &[SECOND_OPEN, SlotsFilled, PapersComplete],             TO_ASSIGN),
    row("A11", SecondAssign, Assign,         ASSIGN,         SecondReview, &[FitReviewers],                                         TO_REVIEW),
    row("A11", SecondReview, Assign,         ASSIGN,         SecondReview, &[FitReviewers],                                         TO_REVIEW),
    row("A11", SecondReview, Review,         Part(Reviewer), SecondDecide, &[SheetComplete],                                        TO_DECIDE),
    row("A12", SecondDecide, Grant,          DECIDE,         Passed,       &[Offered],                                              &[Notice(N::AdvSecondPassed, To::Owner)]),
    row("A12", SecondDecide, GrantCorrected, DECIDE,         Passed,       &[Offered],                                              &[Notice(N::AdvSecondPassed, To::Owner)]),
    row("A13", SecondDecide, Deny,           DECIDE,         SecondFailed, &[Offered, HasReason],                                   &[Notice(N::N8, To::Owner)]),
    row("A14", FirstFailed,  Appeal,         Part(Teacher),  AppealIntake, &[AppealInTime, PapersComplete],                         &[Notice(N::AppealSent, To::Desk(Desk::Decide))]),
    row("A14", SecondFailed, Appeal,         Part(Teacher),  AppealIntake, &[AppealInTime, PapersComplete],                         &[Notice(N::AppealSent, To::Desk(Desk::Decide))]),
    row("A15", AppealIntake, AcceptAppeal,   DECIDE,         AppealFix,    &[],                                                     &[Notice(N::AppealAccepted, To::Owner)]),
    row("A16", AppealIntake, RefuseAppeal,   DECIDE,         Failed,       &[HasReason],                                            &[Notice(N::AppealRefused, To::Owner)]),
    row("A17", AppealFix,    Resubmit,       Part(Teacher),  AppealAssign, &[SlotsFilled, PapersComplete],                          TO_ASSIGN),
    row("A18", AppealAssign, Assign,         ASSIGN,         AppealReview, &[FitReviewers],                                         TO_REVIEW),
    row("A18", AppealReview, Assign,         ASSIGN,         AppealReview, &[FitReviewers],                                         TO_REVIEW),
    row("A18", AppealReview, Review,         Part(Reviewer), AppealDecide, &[SheetComplete],                                        TO_DECIDE),
    row("A19", AppealDecide, Grant,          DECIDE,         Passed,       &[Offered],                                              &[Notice(N::N9, To::Owner)]),
    row("A20", AppealDecide, Deny,           DECIDE,         Failed,       &[Offered, HasReason],                                   &[Notice(N::N10, To::Owner)]),
    row("A21", FirstFailed,  Lapse,          Clock,          Failed,       &[AppealOver],                                           &[Notice(N::AppealLapsed, To::Owner)]),
    row("A21", SecondFailed, Lapse,          Clock,          Failed,       &[AppealOver],                                           &[Notice(N::AppealLapsed, To::Owner)]),
    row("A22", Passed,       Publish,        OFFICE,         CertReady,    &[],                                                     &[Notice(N::N11, To::Owner), Notice(N::AdvToIssue, To::Ministry)]),
    row("A23", CertReady,    Issue,          Part(Ministry), CertIssued,   &[],                                                     &[Notice(N::N12, To::Owner)]),
]};

/// 形式審查表.
pub const FORM_REVIEW: &str = "adv_form_review";
/// 審查標準表.
pub const REVIEW: &str = "adv_review";
/// Whether this is a sheet that an office or a reviewer writes about a case.
pub fn is_sheet(form: &FormId) -> bool {
    [FORM_REVIEW, REVIEW].contains(&form.as_str())
}

/// What a sheet says is to be done: the result of the 形式審查表 is the act it goes along with. A 審查標準表 says nothing of the kind, it
/// only advises whoever decides.
pub fn sheet_says(form: &FormId, answers: &Answers) -> Option<Action> {
    match answers.text("result") {
        _ if form.as_str() != FORM_REVIEW => None,
        "通過" => Some(Pass),
        "退件" => Some(Return),
        _ => None,
    }
}

/// 認證審查結果申復表.
pub const APPEAL: &str = "adv_appeal";

fn id(text: &'static str) -> FormId {
    text.parse().expect("the ids above are form ids")
}

/// The papers a case shows: what is picked where it can be picked, what was sent elsewhere, and the 申復表 once it can be filled in.
pub fn papers(case: &Case, how: &Certifying, picks: &Picks) -> Vec<FormId> {
    let open = how.open_slots(case.state);
    let mut papers = Vec::new();
    for slot in &how.slots {
        if open.iter().any(|one| one.key == slot.key) {
            papers.extend(picks.forms(&slot.key).iter().cloned());
        } else {
            papers.extend(case.papers.iter().map(|paper| &paper.form.id).filter(|id| slot.forms.contains(id)).cloned());
        }
    }
    let appeal = id(APPEAL);
    if matches!(case.state, FirstFailed | SecondFailed) || case.paper(&appeal).is_some() {
        papers.push(appeal);
    }
    papers
}

/// The papers the owner can edit in a state: every form of the slots that are open, or the 申復表.
pub fn editable(state: State, how: &Certifying) -> Vec<FormId> {
    match state {
        FirstFailed | SecondFailed => vec![id(APPEAL)],
        _ => how.open_slots(state).into_iter().flat_map(|slot| slot.forms.iter().cloned()).collect(),
    }
}

/// The papers that have to be complete before the owner can send: what is picked.
pub fn papers_due(state: State, how: &Certifying, picks: &Picks) -> Vec<FormId> {
    match state {
        FirstFailed | SecondFailed => vec![id(APPEAL)],
        _ => how.open_slots(state).into_iter().flat_map(|slot| picks.forms(&slot.key).to_vec()).collect(),
    }
}

/// The sheet this person fills in now.
pub fn sheet(case: &Case, actor: &Actor, how: &Certifying) -> Option<FormId> {
    let at_desk = || WORKFLOW.rows.iter().any(|row| row.from == FormReview && row.who.is(actor.role, Some(how)));
    match (case.state, Round::under_review(case.state)) {
        (FormReview, _) if super::decide::is_within_reach(case, actor) && at_desk() => Some(id(FORM_REVIEW)),
        (_, Some(round)) if case.reviewing.waits_for(round, actor.person.id) => Some(id(REVIEW)),
        _ => None,
    }
}
