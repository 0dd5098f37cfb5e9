//! 個人資料: what is known of a person beside their cases (`forms.md` §1.2, §1.5, §1.6): how long they teach, the training they took
//! and the certificates they hold. What follows from it for a certification is `eligibility`; where it is kept is the store's
//! and the service's.

mod hours;
mod rows;

pub use hours::Hours;
pub use rows::{
    CERTIFICATE_COLUMNS, CertificateRow, Fault, FaultCode, MOST_ROWS, ReadCertificate, RowColumn, TRAINING_COLUMNS,
    TrainingRow, read_certificate, read_day, read_training,
};

use crate::{
    certificate::{CertificateKind, CertificateNumber, CertificatePaper},
    form::{Problem, ProblemCode},
    ids::CertificateId,
    time::{PlanYear, Timestamp, YearMonth},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cmp::Reverse;

/// 最早只支援到1970年 (`forms.md` §1.2).
const FIRST_YEAR: u16 = 1970;
/// Nobody teaches longer; a larger number is a slip of the hand.
const MOST_TEACHING_YEARS: u32 = 70;

/// Everything that is known of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct PersonRecord {
    /// What the person says of their post.
    pub profile: Profile,
    /// 研習時數, newest first.
    pub trainings: Vec<Training>,
    /// 認證證號, newest first. What the person has called wrong is not among them.
    pub certificates: Vec<HeldCertificate>,
    /// 資料轉移: what the person last answered.
    pub transfer: Transfer,
}

/// What a person says of their post (`forms.md` §1.2). 如資料不實請自行負責.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Profile {
    /// 現職正式教師; none: not answered.
    pub serving: Option<bool>,
    /// 取得正式教師時間; none: 未取得正式教師.
    pub tenured_since: Option<YearMonth>,
    /// 實際教學年資, in years.
    pub teaching_years: u32,
}

impl Profile {
    /// Everything that stands against saving.
    pub fn validate(&self, today: NaiveDate) -> Vec<Problem> {
        let mut found = Vec::new();
        if let Some(since) = self.tenured_since {
            let first = YearMonth::new(FIRST_YEAR, 1).expect("January exists in every year");
            let field = "tenured_since";
            if since < first {
                found.push(Problem::error(field, ProblemCode::BadDate, json!({ "from": first })));
            } else if YearMonth::of(today).is_some_and(|now| since > now) {
                found.push(Problem::error(field, ProblemCode::BadDate, json!({ "to": YearMonth::of(today) })));
            }
        }
        if self.teaching_years > MOST_TEACHING_YEARS {
            let params = json!({ "max": MOST_TEACHING_YEARS, "value": self.teaching_years });
            found.push(Problem::error("teaching_years", ProblemCode::AboveMax, params));
        }
        found
    }
}

/// For which certification a training was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TrainingKind {
    /// 初階.
    Entry,
    /// 進階.
    Advanced,
    /// 教學輔導.
    Mentor,
    /// 其他: counts for no certification.
    Other,
}

impl TrainingKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Entry, Self::Advanced, Self::Mentor, Self::Other];

    /// In the platform's words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Entry => "初階",
            Self::Advanced => "進階",
            Self::Mentor => "教學輔導",
            Self::Other => "其他",
        }
    }
}

/// A training that somebody took (`forms.md` §1.6, 研習時數).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Training {
    /// 課程名稱.
    pub course: String,
    /// 課程代碼; empty where there is none.
    pub code: String,
    /// For which certification.
    pub kind: TrainingKind,
    /// 時數.
    pub hours: Hours,
    /// 研習日期.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub day: NaiveDate,
    /// 來源: who says so.
    pub source: String,
}

impl Training {
    /// 學年度 of the day.
    pub fn plan_year(&self) -> Option<PlanYear> {
        PlanYear::of(self.day)
    }

    /// What makes it this training and no other of the same person: the same again is the same, other hours correct it.
    pub fn name(&self) -> (NaiveDate, TrainingKind, &str) {
        (self.day, self.kind, if self.code.is_empty() { &self.course } else { &self.code })
    }
}

/// From where a certificate came into the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CertificateSource {
    /// 舊系統: the person is asked whether it is right before it counts.
    OldSystem,
    /// 補登: the office entered it on the person's request.
    Entered,
    /// Given at the end of a certification here.
    Issued,
}

/// A certificate that somebody holds (`forms.md` §1.5, §1.6, 認證證號).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HeldCertificate {
    /// Its id.
    pub id: CertificateId,
    /// 類別.
    pub kind: CertificateKind,
    /// 學年度.
    pub plan_year: Option<PlanYear>,
    /// 證號 as it is kept; old ones may hold only a year (`forms.md` §1.5).
    pub number: String,
    /// 發證時間.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub issued_on: Option<NaiveDate>,
    /// From where.
    pub source: CertificateSource,
    /// It waits for the person's answer to 資料轉移 and does not count before.
    pub waits: bool,
}

/// The answers to 資料轉移 (`forms.md` §1.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TransferAnswer {
    /// 匯入 (資料正確或部分正確): what is wrong in it is corrected later.
    Import,
    /// 資料全部錯誤 不匯入.
    AllWrong,
    /// 確定, where the old system has nothing.
    NoData,
}

/// 資料轉移 as it was answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Transfer {
    /// Not yet.
    #[default]
    Open,
    /// Once at least.
    Answered {
        /// The last answer.
        answer: TransferAnswer,
        /// When.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        at: Timestamp,
    },
}

/// What 資料轉移 asks now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TransferQuestion {
    /// Certificates of the old system wait: are they right?
    Certificates,
    /// The old system has nothing, which a person confirms once.
    NoData,
}

impl TransferQuestion {
    /// Whether this is an answer to it.
    pub fn takes(self, answer: TransferAnswer) -> bool {
        match self {
            Self::Certificates => answer != TransferAnswer::NoData,
            Self::NoData => answer == TransferAnswer::NoData,
        }
    }
}

/// The papers that can be printed of a certificate that was issued here: the 證書, and where the person's record tells hours of
/// training the 數位研習證明. A number that is not one of today's has none.
pub fn papers_of(
    record: Option<&PersonRecord>,
    kind: CertificateKind,
    number: &str,
    on: NaiveDate,
) -> Vec<CertificatePaper> {
    if number.parse::<CertificateNumber>().is_err() {
        return Vec::new();
    }
    let trained = record.is_some_and(|record| record.hours_for(kind, on) > Hours::default());
    let training = trained.then_some(CertificatePaper::Training);
    [CertificatePaper::Certificate].into_iter().chain(training).collect()
}

impl PersonRecord {
    /// The hours of training for a certification that were taken by a day, as the 數位研習證明 tells them.
    pub fn hours_for(&self, kind: CertificateKind, until: NaiveDate) -> Hours {
        let kind = match kind {
            CertificateKind::Entry => TrainingKind::Entry,
            CertificateKind::Advanced => TrainingKind::Advanced,
            CertificateKind::Mentor => TrainingKind::Mentor,
        };
        let counts = |training: &&Training| training.kind == kind && training.day <= until;
        self.trainings.iter().filter(counts).map(|training| training.hours).sum()
    }

    /// The papers that can be printed of a certificate in the record: none where it was not issued here, whatever its number looks
    /// like, because nobody knows what stood on the one that was given out.
    pub fn papers_of(&self, held: &HeldCertificate) -> Vec<CertificatePaper> {
        match held.issued_on {
            Some(on) if held.source == CertificateSource::Issued && !held.waits => {
                papers_of(Some(self), held.kind, &held.number, on)
            }
            _ => Vec::new(),
        }
    }

    /// What the person is asked now; none: nothing. Certificates that come later are asked about even where the person was told
    /// before that there are none.
    pub fn question(&self) -> Option<TransferQuestion> {
        if self.certificates.iter().any(|certificate| certificate.waits) {
            return Some(TransferQuestion::Certificates);
        }
        (self.transfer == Transfer::Open).then_some(TransferQuestion::NoData)
    }

    /// The certificates that count.
    pub fn counting(&self) -> impl Iterator<Item = &HeldCertificate> {
        self.certificates.iter().filter(|certificate| !certificate.waits)
    }

    /// In the order of lists: the newest first.
    pub fn sort(&mut self) {
        self.trainings.sort_by(|a, b| (b.day, &a.code, &a.course).cmp(&(a.day, &b.code, &b.course)));
        self.certificates.sort_by_key(|one| Reverse((one.plan_year, one.issued_on, one.kind, one.id)));
    }
}
