//! What a caller asks for and what comes back.

use crate::Typeface;
use domain::{
    form::{Answers, FormDef},
    ids::CaseId,
    paper::{PrintLayout, QrTag},
    policy::Policy,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The line above the title: 「111學年度 連江縣 縣立介壽國(中)小」 (`forms.md` §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header<'a> {
    /// The plan year (學年度) as a 民國 year.
    pub plan_year: u16,
    /// The county; empty where it is not known.
    pub county: &'a str,
    /// The school's full name; empty where it is not known.
    pub school: &'a str,
}

/// Which state of the answers the paper shows; the QR of every page says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// Not frozen: every page is marked 草稿 and no scan of it can be bound to a case.
    Draft,
    /// The empty form, to be filled with a pen: not marked, and bound to no case either.
    Blank,
    /// A frozen revision of a case.
    Frozen {
        /// The case.
        case: CaseId,
        /// The version of the form's pack.
        version: u32,
        /// The revision, from 1.
        revision: u32,
        /// The revision's content hash, 64 hex digits; the paper carries the first eight.
        hash: String,
    },
}

/// One paper to be set.
#[derive(Debug, Clone)]
pub struct PrintRequest<'a> {
    /// The form.
    pub form: &'a FormDef,
    /// The answers, of any shape; what does not fit its field is left blank.
    pub answers: &'a Answers,
    /// Computed values as [`domain::form::check`] gave them.
    pub computed: &'a BTreeMap<String, Value>,
    /// The option lists in force, for fields that print all their options.
    pub policy: &'a Policy,
    /// The line above the title.
    pub header: Header<'a>,
    /// Draft or frozen revision.
    pub tag: Tag,
    /// The typeface.
    pub typeface: Typeface,
}

/// A finished print.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Pages, sign cells and QR places, to be kept with the frozen revision.
    pub layout: PrintLayout,
    /// Characters the typeface has no glyph for, each once, in order of appearance. They print as 〓.
    pub missing_glyphs: Vec<String>,
}

/// The paper could not be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The pack has no `print.typ`.
    #[error("form {form} version {version} has no print layout")]
    NoLayout {
        /// The form's id.
        form: String,
        /// The pack's version.
        version: u32,
    },
    /// The typeface was not among the fonts that were loaded.
    #[error("the typeface {0:?} was not loaded")]
    NoTypeface(Typeface),
    /// The QR could not hold its text.
    #[error("the QR code cannot hold its text")]
    Qr,
    /// Typst refused the paper: a fault of the layout.
    #[error("the paper could not be set: {0}")]
    Typeset(String),
}

/// Stands in the QR of a draft, which has no content hash.
const NO_HASH: &str = "00000000";

impl PrintRequest<'_> {
    /// The first eight digits of the hash that is printed.
    pub(crate) fn short_hash(&self) -> &str {
        match &self.tag {
            Tag::Draft | Tag::Blank => NO_HASH,
            Tag::Frozen { hash, .. } => hash.get(..8).unwrap_or(NO_HASH),
        }
    }

    /// What the QR of a page says.
    pub(crate) fn qr_tag(&self, page: u32, pages: u32) -> QrTag {
        let (case, version, revision) = match &self.tag {
            Tag::Draft | Tag::Blank => (None, self.form.version, 0),
            Tag::Frozen { case, version, revision, .. } => (Some(*case), *version, *revision),
        };
        let short_hash = self.short_hash().to_owned();
        QrTag { case, form: self.form.id.clone(), version, revision, page, pages, short_hash }
    }

    /// Names the document inside the PDF, stable over renderings of the same revision.
    pub(crate) fn ident(&self) -> String {
        self.qr_tag(1, 1).to_string()
    }
}
