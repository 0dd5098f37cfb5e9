//! 訊息通知: which messages there are, and who gets them as mail too. Their texts are data (`policy/notices.toml`), because the
//! office edits them; a message keeps the words it was given when it was made.

mod reminder;
mod texts;

pub use reminder::due_mark;
pub use texts::{MailWords, NoticeTexts};
pub(crate) use texts::{RawMailWords, RawNotice, read_notices};

use crate::{
    form::Label,
    time::{PlanYear, Timestamp, roc_date, taipei_day, taipei_time},
};
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
    /// The window for the 總表 closes soon, to a school that has not sent it.
    SummaryClosing,
    /// The window for reports closes soon.
    ReportClosing,
    /// 申請進階專業回饋人才認證退件: the 形式審查 returned it.
    N4,
    /// 進階專業回饋人才認證通過: passed in the 初審.
    N5,
    /// 進階專業回饋人才認證請修正送複審.
    N6,
    /// 初審進階專業回饋人才認證未通過.
    N7,
    /// 複審進階專業回饋人才認證未通過.
    N8,
    /// 申請進階認證已經通過: passed after an appeal.
    N9,
    /// 申請進階認證申覆不成功.
    N10,
    /// 進階專業回饋人才認證已公告.
    N11,
    /// 進階專業回饋人才認證數位研習證明已核發.
    N12,
    /// A certification waits for its 形式審查.
    AdvSent,
    /// A certification waits for reviewers.
    AdvToAssign,
    /// A reviewer was asked to review a certification.
    AdvToReview,
    /// A reviewer who was asked does not review a certification any more.
    AdvReplaced,
    /// A certification waits for its 判定.
    AdvToDecide,
    /// Passed in the 複審.
    AdvSecondPassed,
    /// An appeal waits for its intake.
    AppealSent,
    /// 申復申請案受理.
    AppealAccepted,
    /// 申復申請案未受理.
    AppealRefused,
    /// The days for an appeal are over.
    AppealLapsed,
    /// A certification waits for its 證書字號.
    AdvToIssue,
    /// The window for certifications closes soon, to whoever has not sent yet.
    CertifyClosing,
    /// The window for what was corrected closes soon.
    SecondReviewClosing,
    /// A kind that a newer service knows and this program does not. Its words came with it.
    #[serde(other)]
    Newer,
}

impl NoticeKind {
    /// Every kind that has a text of its own.
    pub const ALL: [Self; 37] = [
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
        Self::SummaryClosing,
        Self::ReportClosing,
        Self::N4,
        Self::N5,
        Self::N6,
        Self::N7,
        Self::N8,
        Self::N9,
        Self::N10,
        Self::N11,
        Self::N12,
        Self::AdvSent,
        Self::AdvToAssign,
        Self::AdvToReview,
        Self::AdvReplaced,
        Self::AdvToDecide,
        Self::AdvSecondPassed,
        Self::AppealSent,
        Self::AppealAccepted,
        Self::AppealRefused,
        Self::AppealLapsed,
        Self::AdvToIssue,
        Self::CertifyClosing,
        Self::SecondReviewClosing,
    ];
}

/// What a text may name in braces. Nothing of a person is among it: mail carries no more than the platform's own texts do
/// (`workflows.md` §9).
const PLAN_YEAR: &str = "{plan_year}";
/// The last moment of a window; in texts of reminders only.
const CLOSES: &str = "{closes}";

impl NoticeKind {
    /// Whether it reminds of the end of a window.
    pub fn is_reminder(self) -> bool {
        matches!(
            self,
            Self::WindowClosing
                | Self::CheckClosing
                | Self::SummaryClosing
                | Self::ReportClosing
                | Self::CertifyClosing
                | Self::SecondReviewClosing
        )
    }

    /// What its text may name in braces.
    fn placeholders(self) -> &'static [&'static str] {
        if self.is_reminder() { &[PLAN_YEAR, CLOSES] } else { &[PLAN_YEAR] }
    }
}

/// What a message is about, for the braces in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// The case's plan year.
    pub plan_year: PlanYear,
    /// When the window closes of which a reminder speaks.
    pub closes: Option<Timestamp>,
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

impl NoticeText {
    /// The text with everything in braces replaced: what a message is given when it is made.
    pub fn filled(&self, about: &About) -> Self {
        let zh = |day, time: &str| format!("{} {time}", roc_date(day));
        let en = |day: chrono::NaiveDate, time: &str| format!("{day} {time}");
        let label = |label: &Label| Label { zh: filled(&label.zh, about, &zh), en: filled(&label.en, about, &en) };
        Self { title: label(&self.title), body: label(&self.body) }
    }
}

fn filled(text: &str, about: &About, day_and_time: &dyn Fn(chrono::NaiveDate, &str) -> String) -> String {
    let text = text.replace(PLAN_YEAR, &about.plan_year.to_string());
    match about.closes {
        Some(closes) => text.replace(CLOSES, &day_and_time(taipei_day(closes), &taipei_time(closes))),
        None => text,
    }
}

/// How a person wants to get messages as mail. In the program they always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MailWish {
    /// One mail for each message, at once.
    #[default]
    AtOnce,
    /// One mail a day with the titles of what is unread.
    Daily,
    /// None.
    Never,
}
