//! 教師專業學習社群: the process of one application (`workflows.md` §3.2, S2 to S11, and §5; S1 is [`super::open`]).

use super::{
    Action::{self, Approve, ChangeConvener, CorrectConvener, Pass, Reject, Return, SendReport, Submit, Withdraw},
    Effect::{self, Notice},
    Need::{self, *},
    Row, To, Who, Workflow,
};
use crate::{
    case::{
        Process,
        State::{self, *},
    },
    form::{Answers, FormId},
    notice::NoticeKind as N,
    people::Role::{self, County, School, Teacher},
    policy::WindowKind,
};

const fn row(
    source: &'static str,
    from: State,
    action: Action,
    who: Role,
    to: State,
    needs: &'static [Need],
    then: &'static [Effect],
) -> Row {
    Row { source, from, action, who: Who::Part(who), to, needs, then }
}

/// Both hear of it: the new convener, and the one who sees the case no more.
const HANDED_OVER: &[Effect] = &[Notice(N::ConvenerChanged, To::Owner), Notice(N::ConvenerLeft, To::FormerOwner)];

/// A limited edit by the new convener while the papers are locked. What was stamped is not stamped again, so no window, no new
/// copy: the offices see what was corrected.
const CORRECTED: &[Need] = &[ConvenerDiffers, PapersComplete, SomethingCorrected];

/// 申請期程, within which the county returns too, and the last day for the 成果報告 (`workflows.md` §8).
const APPLY_OPEN: Need = WindowOpen(WindowKind::Apply);
const REPORT_OPEN: Need = WindowOpen(WindowKind::Report);

/// The whole process.
#[rustfmt::skip]
pub static WORKFLOW: Workflow = Workflow { process: Process::Plc, source: "S1", opener: Teacher, first: Draft, rows: &[
    //   source from         action          who      to           needs                                         then
    row("S3",  Draft,       Submit,         Teacher, SchoolCheck, &[APPLY_OPEN, PapersComplete, StampsAsRuled], &[Notice(N::PlcSent, To::School)]),
    row("S11", Draft,       Withdraw,       Teacher, Withdrawn,   &[],                                          &[]),
    row("S4",  SchoolCheck, Pass,           School,  CountyCheck, &[],                                          &[Notice(N::PlcPassed, To::Owner)]),
    row("S5",  SchoolCheck, Return,         School,  Draft,       &[HasReason],                                 &[Notice(N::N1, To::Owner)]),
    row("S6",  CountyCheck, Return,         County,  Draft,       &[APPLY_OPEN, HasReason],                     &[Notice(N::N1, To::Owner), Notice(N::N2, To::School)]),
    row("S7",  CountyCheck, Approve,        County,  Running,     &[],                                          &[Notice(N::N3, To::Owner)]),
    row("S10", CountyCheck, Reject,         County,  Rejected,    &[HasReason],                                 &[Notice(N::PlcRejected, To::Owner)]),
    row("S8",  Running,     SendReport,     Teacher, Closed,      &[REPORT_OPEN, PapersComplete, EnclosuresThere], &[Notice(N::ReportSent, To::School)]),
    row("S9",  Draft,       ChangeConvener, School,  Draft,       &[HasConsent, TargetConvenesNothing],         HANDED_OVER),
    row("S9",  SchoolCheck, ChangeConvener, School,  SchoolCheck, &[HasConsent, TargetConvenesNothing],         HANDED_OVER),
    row("S9",  CountyCheck, ChangeConvener, School,  CountyCheck, &[HasConsent, TargetConvenesNothing],         HANDED_OVER),
    row("§5",  SchoolCheck, CorrectConvener, Teacher, SchoolCheck, CORRECTED,                                   &[]),
    row("§5",  CountyCheck, CorrectConvener, Teacher, CountyCheck, CORRECTED,                                   &[]),
]};

/// 教師專業學習社群申請表.
pub const APPLICATION: &str = "plc_application";
/// 教師專業學習社群經費概算表.
pub const BUDGET: &str = "plc_budget";
/// 教師專業學習社群成果報告.
pub const REPORT: &str = "plc_report";

/// 是否申請經費 of the 申請表, and the answer that asks for none.
pub(crate) const APPLY_FUNDING: &str = "apply_funding";
pub(crate) const NO: &str = "否";

fn id(text: &'static str) -> FormId {
    text.parse().expect("the ids above are form ids")
}

/// The papers a case shows, in the order of the slides.
pub fn papers(state: State) -> Vec<FormId> {
    match state {
        Draft | SchoolCheck | CountyCheck | Rejected | Withdrawn => vec![id(APPLICATION), id(BUDGET)],
        Running | Closed => vec![id(APPLICATION), id(BUDGET), id(REPORT)],
        _ => Vec::new(),
    }
}

/// The papers the owner can edit in a state.
pub fn editable(state: State) -> Vec<FormId> {
    match state {
        Draft => vec![id(APPLICATION), id(BUDGET)],
        Running => vec![id(REPORT)],
        _ => Vec::new(),
    }
}

/// The papers that have to be complete before the owner can send. 是否申請經費 = 否: no 概算表 (`workflows.md` S3).
pub fn papers_due(state: State, application: &Answers) -> Vec<FormId> {
    let no_money = state == Draft && application.text(APPLY_FUNDING) == NO;
    editable(state).into_iter().filter(|form| !(no_money && form.as_str() == BUDGET)).collect()
}
