//! 教師專業學習社群申請總表: the process of one school and plan year (`workflows.md` §4, T3 and T4; T1 is [`super::open`] with the first
//! import, T2 and T5 change no state). The county cannot return it; the school replaces it by importing again.

use super::{
    Action::{Import, Send},
    Effect::Notice,
    Need::{PapersComplete, StampsAsRuled, WindowOpen},
    Row, To,
    Who::Part,
    Workflow,
};
use crate::{
    case::{
        Process,
        State::{self, Editing, Sent},
    },
    form::FormId,
    notice::NoticeKind as N,
    people::Role::School,
    policy::WindowKind::Summary,
};

/// The whole process.
#[rustfmt::skip]
pub static WORKFLOW: Workflow = Workflow { process: Process::Summary, source: "T1", opener: School, first: Editing, rows: &[
    Row { source: "T1", from: Editing, action: Import, who: Part(School), to: Editing, needs: &[],                                          then: &[] },
    Row { source: "T3", from: Editing, action: Send,   who: Part(School), to: Sent,    needs: &[WindowOpen(Summary), PapersComplete, StampsAsRuled], then: &[Notice(N::SummarySent, To::County)] },
    // It takes the sent copy back from the county, which could not be sent again after the window: so not then.
    Row { source: "T4", from: Sent,    action: Import, who: Part(School), to: Editing, needs: &[WindowOpen(Summary)],                                then: &[Notice(N::SummaryWithdrawn, To::County)] },
]};

/// 教師專業學習社群申請總表.
pub const SUMMARY: &str = "plc_summary";

/// The one paper of the process.
pub fn papers() -> Vec<FormId> {
    vec![SUMMARY.parse().expect("the id above is a form id")]
}

/// What the school can edit: nothing after sending, so that looking withdraws nothing.
pub fn editable(state: State) -> Vec<FormId> {
    if state == Editing { papers() } else { Vec::new() }
}
