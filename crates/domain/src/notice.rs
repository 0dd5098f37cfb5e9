//! 訊息通知: which messages there are. Their texts are data (`policy/notices.toml`), because the office edits them.

use crate::form::Label;
use serde::{Deserialize, Serialize};

/// A message (`workflows.md` §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 專業學習社群退件, to the teacher.
    N1,
    /// 專業學習社群退件, to the school.
    N2,
    /// 專業學習社群通知: approved.
    N3,
    /// An application waits for the school's check.
    PlcSent,
    /// The school's check is passed.
    PlcPassed,
    /// The county did not approve.
    PlcRejected,
    /// The convener changed, to the new one.
    ConvenerChanged,
    /// The convener changed, to the one before.
    ConvenerLeft,
    /// A report was sent; the case is closed.
    ReportSent,
    /// A school sent its 總表.
    SummarySent,
    /// A school took its sent 總表 back.
    SummaryWithdrawn,
    /// The window for applying closes soon, to whoever has not sent yet.
    WindowClosing,
    /// The window for applying closes soon, to a school that has applications to check.
    CheckClosing,
    /// The window for reports closes soon.
    ReportClosing,
    /// A kind that a newer service knows and this program does not. Its words came with it.
    #[serde(other)]
    Newer,
}

impl NoticeKind {
    /// Every kind that has a text of its own.
    pub const ALL: [Self; 14] = [
        Self::N1,
        Self::N2,
        Self::N3,
        Self::PlcSent,
        Self::PlcPassed,
        Self::PlcRejected,
        Self::ConvenerChanged,
        Self::ConvenerLeft,
        Self::ReportSent,
        Self::SummarySent,
        Self::SummaryWithdrawn,
        Self::WindowClosing,
        Self::CheckClosing,
        Self::ReportClosing,
    ];
}

/// The words of a message. They carry no personal data (`workflows.md` §9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeText {
    /// 標題.
    pub title: Label,
    /// 內容.
    pub body: Label,
}
