//! What a person takes away: a list as a file, and the papers of many cases as one PDF.

use crate::views::CaseQuery;
use domain::{form::Label, ids::CaseId};
use serde::{Deserialize, Serialize};

/// A list as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ListExport {
    /// Which cases; its `offset` and `limit` are not looked at: a file has the whole list.
    pub query: CaseQuery,
    /// Which kind of file.
    pub kind: ListKind,
    /// Where to write it.
    pub path: String,
}

/// The kinds of files a list is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// A workbook of Excel.
    Xlsx,
    /// Plain text with commas.
    Csv,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Exported {
    /// Where it is.
    pub path: String,
    /// Its rows, without the line of titles.
    pub rows: u32,
    /// Its size.
    pub bytes: u32,
}

/// The papers of cases as one PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BundleOf {
    /// These cases, in this order; none: those of `query`.
    #[serde(default)]
    pub cases: Vec<CaseId>,
    /// The cases of a list, where none are named.
    #[serde(default)]
    pub query: CaseQuery,
    /// Where to write it.
    pub path: String,
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Bundled {
    /// Where it is.
    pub path: String,
    /// Its pages, the cover and the table of contents among them.
    pub pages: u32,
    /// Its size.
    pub bytes: u32,
    /// The cases in it.
    pub cases: u32,
    /// What should be in it and is not; the table of contents names it too.
    pub missing: Vec<MissingPart>,
}

/// Something that is not in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MissingPart {
    /// The case.
    pub case: CaseId,
    /// 社群名稱, or the convener where none is known.
    pub title: String,
    /// The paper; none: the whole case.
    pub paper: Option<Label>,
    /// Why.
    pub why: WhyMissing,
}

/// Why something is not in a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WhyMissing {
    /// Nothing was sent yet, or this person may not see it now.
    NotSent,
    /// The file is not on this computer and the service could not be reached.
    FileNotHere,
    /// The file cannot be read.
    FileBroken,
    /// This program does not know the version of the form.
    FormUnknown,
}

/// How far a bundle is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Progress {
    /// Cases that are done.
    pub done: u32,
    /// Cases in all; 0: none is being made.
    pub of: u32,
}
