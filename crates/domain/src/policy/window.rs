//! 期程: when the acts of a process are open.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a window is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// 申請, and the returns of what was applied for.
    Apply,
    /// 送出 of the 申請總表.
    Summary,
    /// 送出 of the 成果報告.
    Report,
    /// 申請 of a certification, and 送出審查文件.
    Certify,
    /// 送出複審資料 of a certification.
    SecondReview,
}

impl WindowKind {
    /// Every kind, for tables and tests.
    pub const ALL: [Self; 5] = [Self::Apply, Self::Summary, Self::Report, Self::Certify, Self::SecondReview];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Summary => "summary",
            Self::Report => "report",
            Self::Certify => "certify",
            Self::SecondReview => "second_review",
        }
    }
}

/// When acts of a process are open. Both ends belong to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Opens.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub from: DateTime<Utc>,
    /// Closes.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub to: DateTime<Utc>,
}

impl Window {
    /// Whether `now` lies in it.
    pub fn contains(&self, now: DateTime<Utc>) -> bool {
        self.from <= now && now <= self.to
    }
}
