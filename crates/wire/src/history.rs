//! 歷程 and the versions of a paper: what a person is shown, and what they ask.

use domain::{
    form::{FieldChange, FormId, Label},
    ids::CaseId,
    people::Role,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Every version of a case's papers that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseHistory {
    /// The case.
    pub case: CaseId,
    /// The papers that were sent, in the order of the case page.
    pub papers: Vec<PaperHistory>,
    /// All of it is here; else the service could not be asked and versions may be lacking.
    pub complete: bool,
}

/// The versions of one paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaperHistory {
    /// The form.
    pub form: FormId,
    /// Its short name.
    pub name: Label,
    /// The versions, oldest first.
    pub versions: Vec<SentVersion>,
    /// The version to compare the newest with: the one this person judged last, else the one before. None: there is only one.
    pub compare_from: Option<u32>,
}

/// A version of a paper that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SentVersion {
    /// The number of the event that sent it: its name in questions.
    pub seq: u32,
    /// The revision that was printed.
    pub revision: u32,
    /// When it was sent.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Who sent it, where this person may know.
    pub by: Option<String>,
    /// In which part.
    pub role: Role,
}

/// Which two versions of a paper to compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DifferenceOf {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// The older one, by [`SentVersion::seq`].
    pub from: u32,
    /// The newer one.
    pub to: u32,
}

/// What changed between two versions of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaperDifference {
    /// The form.
    pub form: FormId,
    /// The older version.
    pub from: SentVersion,
    /// The newer one.
    pub to: SentVersion,
    /// The fields that changed, in the order of the form.
    pub fields: Vec<FieldChange>,
    /// Another file came with it: a new stamped copy, or another enclosure.
    pub other_file: bool,
}
