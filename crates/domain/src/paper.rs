//! Paper: what the QR on a printed page says, where its sign cells are, and whether a scan belongs to a print.

use crate::{
    form::{Answers, FormId, FormRef},
    ids::CaseId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, collections::BTreeSet, fmt, str::FromStr};

/// The upload rule of the platform (`forms.md` §0.1): one PDF of at most 2 MB, 2,097,152 bytes included.
pub const MAX_UPLOAD_BYTES: u64 = 2_097_152;

/// What the QR of one printed page says. As text: `PT1 <case> <form> <version> <revision> <page>/<pages> <hash>`,
/// with the case as 32 hex digits (`-` for a print outside a case) and the first eight hex digits of the revision's hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QrTag {
    /// The case; none on a 草稿 print outside a case.
    pub case: Option<CaseId>,
    /// The form's id.
    pub form: FormId,
    /// The version of the form's pack.
    pub version: u32,
    /// The frozen revision, counted from 1; 0 outside a case.
    pub revision: u32,
    /// This page, counted from 1.
    pub page: u32,
    /// How many pages the print has.
    pub pages: u32,
    /// The first eight hex digits of the revision's content hash.
    pub short_hash: String,
}

impl fmt::Display for QrTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { case, form, version, revision, page, pages, short_hash } = self;
        let case = case.map_or_else(|| "-".to_owned(), |case| case.0.simple().to_string());
        write!(f, "PT1 {case} {form} {version} {revision} {page}/{pages} {short_hash}")
    }
}

/// The QR is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the QR of one of our prints")]
pub struct ForeignQr;

impl FromStr for QrTag {
    type Err = ForeignQr;
    fn from_str(text: &str) -> Result<Self, ForeignQr> {
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or(ForeignQr);
        if word()? != "PT1" {
            return Err(ForeignQr);
        }
        let case = match word()? {
            "-" => None,
            case => Some(case.parse().map_err(|_| ForeignQr)?),
        };
        let form = word()?.parse().map_err(|_| ForeignQr)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| ForeignQr);
        let version = number(word()?)?;
        let revision = number(word()?)?;
        let (page, pages) = word()?.split_once('/').ok_or(ForeignQr)?;
        let (page, pages) = (number(page)?, number(pages)?);
        let short_hash = word()?.to_owned();
        let hex_digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        let hash_fits = short_hash.len() == 8 && short_hash.bytes().all(hex_digit);
        if page == 0 || page > pages || !hash_fits {
            return Err(ForeignQr);
        }
        let tag = Self { case, form, version, revision, page, pages, short_hash };
        // Numbers and ids have other spellings (`+1`, `007`, `{…}`), which no print of ours carries.
        if tag.to_string() == text { Ok(tag) } else { Err(ForeignQr) }
    }
}

/// A place on a printed page, in points (1/72 inch) from the page's top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Area {
    /// The page, counted from 1.
    pub page: u32,
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A cell of the print that waits for a seal or a signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SignCell {
    /// The form's field, e.g. `sign_principal`.
    pub cell: String,
    /// Where it was printed.
    pub area: Area,
}

/// The layout of a print, kept with the frozen revision: what a scan is compared with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PrintLayout {
    /// How many pages.
    pub pages: u32,
    /// The sign cells, in reading order.
    pub sign_cells: Vec<SignCell>,
    /// Where the QR stands on each page: the symbol itself, without its quiet zone.
    pub qr: Vec<Area>,
}

/// A frozen revision that was printed: it travels with the drafts, so that the scan can be made at another computer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrintedRevision {
    /// Its number, from 1.
    pub revision: u32,
    /// The definition.
    pub form: FormRef,
    /// Hash of form and answers, 64 hex digits.
    pub hash: String,
    /// The answers as printed.
    pub answers: Answers,
    /// The layout of the print.
    pub layout: PrintLayout,
    /// When it was printed.
    pub printed_at: Timestamp,
}

/// What the look at a sign cell found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StampVerdict {
    /// Ink that the print did not put there.
    Stamped,
    /// Nothing.
    Empty,
    /// Cannot be told.
    Unsure,
}

/// A sign cell and what was seen in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StampFinding {
    /// The form's field, e.g. `sign_principal`.
    pub cell: String,
    /// The verdict: a hint for a person, never a decision.
    pub verdict: StampVerdict,
}

/// One page of a scan as it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ScannedPage {
    /// The file it came from.
    pub source: String,
    /// Clockwise turn that was needed to make it upright: 0, 90, 180 or 270.
    pub rotation: u32,
    /// The remaining skew in degrees, clockwise positive.
    pub skew_deg: f64,
    /// The QR, when one of ours was readable.
    pub qr: Option<QrTag>,
    /// The sign cells of this page, when the print's layout was known.
    pub stamps: Vec<StampFinding>,
}

/// Why a scan cannot be taken as the stamped copy of a print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum ScanMismatch {
    /// No page carries a readable QR of ours.
    #[error("no QR could be read on any page")]
    QrUnreadable,
    /// A page belongs to another case.
    #[error("page {page} belongs to another case")]
    OtherCase {
        /// Page of the scan, from 1.
        page: u32,
    },
    /// A page belongs to another form.
    #[error("page {page} is of the form {form}")]
    OtherForm {
        /// Page of the scan, from 1.
        page: u32,
        /// The form it belongs to.
        form: String,
    },
    /// A page was printed from another revision (an older or newer one, other content, or another number of pages).
    #[error("page {page} is of revision {found}, not {wanted}")]
    OtherRevision {
        /// Page of the scan, from 1.
        page: u32,
        /// The revision on the paper.
        found: u32,
        /// The revision that is wanted.
        wanted: u32,
    },
    /// Pages of the print are missing.
    #[error("pages {missing:?} of {pages} are missing")]
    PagesMissing {
        /// The missing pages of the print.
        missing: Vec<u32>,
        /// How many there should be.
        pages: u32,
    },
    /// A page of the print is there twice.
    #[error("page {page} is there twice")]
    PageTwice {
        /// The page of the print.
        page: u32,
    },
    /// The whole print is there, and beside it pages without a QR of ours.
    #[error("{extra} pages do not belong to the {pages} pages of the print")]
    PagesExtra {
        /// How many are too many.
        extra: u32,
        /// How many there should be.
        pages: u32,
    },
}

/// A print that a scan can be bound to: one frozen revision of one form of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintKey {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// The frozen revision, from 1.
    pub revision: u32,
    /// The revision's content hash, 64 hex digits; the QR carries its first eight.
    pub hash: String,
    /// Pages of the print.
    pub pages: u32,
}

/// Whether the scanned pages are the whole of `print`, each page once. Pages whose QR could not be read are allowed only
/// when the readable ones leave exactly as many pages open.
///
/// # Errors
/// The first thing that keeps it from being so, in the order a person would want to hear it.
pub fn bind_scan(print: &PrintKey, scan: &[ScannedPage]) -> Result<(), ScanMismatch> {
    if scan.iter().all(|page| page.qr.is_none()) {
        return Err(ScanMismatch::QrUnreadable);
    }
    let mut seen = BTreeSet::new();
    for (number, scanned) in (1..).zip(scan) {
        let Some(tag) = &scanned.qr else { continue };
        if tag.form != print.form {
            return Err(ScanMismatch::OtherForm { page: number, form: tag.form.to_string() });
        }
        if tag.case != Some(print.case) {
            return Err(ScanMismatch::OtherCase { page: number });
        }
        let of_this_length = tag.pages == print.pages && (1..=print.pages).contains(&tag.page);
        let same_print = of_this_length && print.hash.get(..8) == Some(tag.short_hash.as_str());
        if tag.revision != print.revision || !same_print {
            return Err(ScanMismatch::OtherRevision { page: number, found: tag.revision, wanted: print.revision });
        }
        if !seen.insert(tag.page) {
            return Err(ScanMismatch::PageTwice { page: tag.page });
        }
    }
    let missing: Vec<u32> = (1..=print.pages).filter(|page| !seen.contains(page)).collect();
    let unread = scan.iter().filter(|page| page.qr.is_none()).count();
    match unread.cmp(&missing.len()) {
        Ordering::Equal => Ok(()),
        Ordering::Less => Err(ScanMismatch::PagesMissing { missing, pages: print.pages }),
        Ordering::Greater => {
            let extra = u32::try_from(unread - missing.len()).unwrap_or(u32::MAX);
            Err(ScanMismatch::PagesExtra { extra, pages: print.pages })
        }
    }
}
