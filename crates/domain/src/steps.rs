//! 歷程 as a case carries it along: who did what when, without what was sent. The events themselves, with every paper, are
//! asked for where versions are compared; see [`crate::history`].

use crate::{
    case::{Case, Deed, Event, State},
    people::{Actor, Person, Role},
    time::Timestamp,
    workflow::Sight,
};
use serde::{Deserialize, Serialize};

/// So many steps are carried along; of a longer life the opening and the last ones.
pub const STEPS_KEPT: usize = 64;

/// What was done, without what it carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DeedKind {
    /// 申請 (opening).
    Opened,
    /// 申請 (sending).
    Submitted,
    /// 形式審通過.
    Passed,
    /// 退件.
    Returned,
    /// 核定.
    Approved,
    /// 不核定.
    Rejected,
    /// 撤案.
    Withdrawn,
    /// 成果報告 was sent.
    ReportSent,
    /// 更換社群召集人.
    ConvenerChanged,
    /// 更正召集人資料.
    ConvenerCorrected,
    /// 匯入資料.
    Imported,
    /// 送出 the 總表.
    Sent,
    /// 分發委員.
    Assigned,
    /// A reviewer sent the 審查標準表.
    Reviewed,
    /// 判定.
    Decided,
    /// 送出複審資料, or 申復重新送審.
    Resubmitted,
    /// 申復.
    Appealed,
    /// 申復申請案受理.
    AppealAccepted,
    /// 申復申請案未受理.
    AppealRefused,
    /// Nobody appealed in time.
    Lapsed,
    /// The result was published.
    Published,
    /// The certificate was issued.
    Issued,
}

impl Deed {
    /// Which deed.
    pub fn kind(&self) -> DeedKind {
        match self {
            Self::Opened { .. } => DeedKind::Opened,
            Self::Submitted { .. } => DeedKind::Submitted,
            Self::Passed { .. } => DeedKind::Passed,
            Self::Returned { .. } => DeedKind::Returned,
            Self::Approved { .. } => DeedKind::Approved,
            Self::Rejected { .. } => DeedKind::Rejected,
            Self::Withdrawn => DeedKind::Withdrawn,
            Self::ReportSent { .. } => DeedKind::ReportSent,
            Self::ConvenerChanged { .. } => DeedKind::ConvenerChanged,
            Self::ConvenerCorrected { .. } => DeedKind::ConvenerCorrected,
            Self::Imported { .. } => DeedKind::Imported,
            Self::Sent { .. } => DeedKind::Sent,
            Self::Assigned { .. } => DeedKind::Assigned,
            Self::Reviewed { .. } => DeedKind::Reviewed,
            Self::Decided { .. } => DeedKind::Decided,
            Self::Resubmitted { .. } => DeedKind::Resubmitted,
            Self::Appealed { .. } => DeedKind::Appealed,
            Self::AppealAccepted => DeedKind::AppealAccepted,
            Self::AppealRefused { .. } => DeedKind::AppealRefused,
            Self::Lapsed => DeedKind::Lapsed,
            Self::Published => DeedKind::Published,
            Self::Issued { .. } => DeedKind::Issued,
        }
    }

    /// The reason that was given with it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Returned { reason, .. } | Self::Rejected { reason } | Self::AppealRefused { reason } => Some(reason),
            Self::Decided { reason, .. } => Some(reason.as_str()).filter(|reason| !reason.is_empty()),
            _ => None,
        }
    }
}

/// One step of 歷程.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Step {
    /// The number of its event.
    pub seq: u32,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// The state before; none: the case began.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// What was done.
    pub what: DeedKind,
    /// The part it was done in.
    pub role: Role,
    /// Who; none where this person may not know the name.
    pub by: Option<Person>,
    /// 退件原因 and the like.
    pub reason: Option<String>,
}

impl Step {
    /// The step of an event that met the case in the state `from`.
    pub fn of(event: &Event, from: Option<State>) -> Self {
        Self {
            seq: event.seq,
            at: event.at,
            from,
            to: event.to,
            what: event.deed.kind(),
            role: event.by.role,
            by: Some(event.by.person.clone()),
            reason: event.deed.reason().map(str::to_owned),
        }
    }
}

impl Case {
    /// Notes an event that is about to be folded in.
    pub(crate) fn note(&mut self, event: &Event) {
        self.steps.push(Step::of(event, Some(self.state)));
        if self.steps.len() > STEPS_KEPT {
            self.steps.remove(1);
        }
    }

    /// Takes names out of 歷程 that `actor` may not know.
    pub fn hide_names(&mut self, sight: Sight, actor: &Actor) {
        for step in &mut self.steps {
            if step.by.as_ref().is_some_and(|by| !may_know(by, step.role, &self.owner, sight, actor)) {
                step.by = None;
            }
        }
    }
}

/// Whether `actor` may know who did something to a case. The row of a list names the convener and nobody else; who sees the
/// papers sees the offices too. Who reviewed is for the offices that assigned the review.
pub(crate) fn may_know(by: &Person, role: Role, owner: &Person, sight: Sight, actor: &Actor) -> bool {
    if by.id == owner.id || by.id == actor.person.id {
        return true;
    }
    let office = matches!(actor.role, Role::County | Role::Ministry | Role::Platform);
    sight >= Sight::Papers && (role != Role::Reviewer || office)
}
