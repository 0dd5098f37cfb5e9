//! 個人資料, 資格檢核 and the office's import of lists as the window asks for them and sees them.

use crate::{Failure, exports::ListKind};
use domain::{
    certificate::{CertificateKind, CertificatePaper},
    eligibility::Eligibility,
    ids::{CaseId, CertificateId},
    record::{Fault, HeldCertificate, Profile, Training, TransferAnswer, TransferQuestion},
    time::PlanYear,
    workflow::Missing,
};
use serde::{Deserialize, Serialize};

/// The pages 個人資料, 認證專區 and 申請認證 of the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RecordView {
    /// The account is one that has a record: a teacher's or a principal's.
    pub has_record: bool,
    /// What the person says of their post: as typed here last, sent or not.
    pub profile: Profile,
    /// It was typed here and has not arrived yet.
    pub waiting: bool,
    /// The service did not take what was typed here; it is kept.
    pub refused: Option<Failure>,
    /// 研習時數, newest first.
    pub trainings: Vec<TrainingLine>,
    /// 認證證號 that count, newest first.
    pub certificates: Vec<HeldCertificate>,
    /// The papers that can be printed of them; certificates that were not issued here have none.
    pub certificate_papers: Vec<CertificatePapers>,
    /// What 資料轉移 asks now, if anything.
    pub question: Option<TransferQuestion>,
    /// What it asks about.
    pub transfer: Vec<HeldCertificate>,
    /// What can be applied for.
    pub certifications: Vec<Certification>,
    /// The service has told the record at least once.
    pub known: bool,
}

/// A training with what its day says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TrainingLine {
    /// The training.
    pub training: Training,
    /// 學年度 of its day.
    pub plan_year: Option<PlanYear>,
}

/// A certification as this person stands to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Certification {
    /// Which.
    pub kind: CertificateKind,
    /// 資格檢核; none: it is not applied for here.
    pub eligibility: Option<Eligibility>,
    /// Every line of it is fulfilled.
    pub eligible: bool,
    /// An application can be begun now.
    pub can_open: bool,
    /// What stands against beginning one; empty also where it is not applied for here.
    pub open_missing: Vec<Missing>,
}

/// A certificate in the record and the papers of it that can be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CertificatePapers {
    /// The certificate.
    pub certificate: CertificateId,
    /// Its papers.
    pub papers: Vec<CertificatePaper>,
}

/// Of which certificate a paper is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CertificateOf {
    /// Of the one that a case ended with.
    Case {
        /// The case.
        case: CaseId,
    },
    /// Of one in the own record.
    Record {
        /// The certificate.
        certificate: CertificateId,
    },
}

/// Print a paper of a certificate (列印證書, 列印數位研習證明).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CertificatePrint {
    /// Of which certificate.
    pub of: CertificateOf,
    /// Which paper.
    pub paper: CertificatePaper,
}

/// The answer to 資料轉移, with the certificates the person looked at: nothing is answered unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TransferPut {
    /// The answer.
    pub answer: TransferAnswer,
    /// The certificates it is about.
    pub certificates: Vec<CertificateId>,
}

/// The lists that the office imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RecordListKind {
    /// 研習時數.
    Trainings,
    /// 認證證號.
    Certificates,
}

/// Import a list from a file on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RecordImportFile {
    /// Which list.
    pub list: RecordListKind,
    /// The file: a workbook of Excel or a text with commas.
    pub path: String,
    /// Only look what would happen.
    pub dry: bool,
    /// Import the rows that are right and leave out the others; else all or none.
    pub skip_faulty: bool,
}

/// What an import does or did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RecordImported {
    /// Rows of the file.
    pub rows: u32,
    /// Rows that are new.
    pub new: u32,
    /// Rows that correct what is there.
    pub changed: u32,
    /// Rows that are there already.
    pub unchanged: u32,
    /// Rows with a fault.
    pub faulty: u32,
    /// What is wrong, by line; of very many the first.
    pub faults: Vec<Fault>,
    /// It was imported; else nothing was written.
    pub done: bool,
}

/// An empty list to fill in, written as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RecordTemplate {
    /// Which list.
    pub list: RecordListKind,
    /// Which kind of file.
    pub kind: ListKind,
    /// Where to write it.
    pub path: String,
}
