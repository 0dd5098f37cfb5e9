//! Paper in: a scanner's PDF or a few pictures become one checked PDF of at most 2 MB, and every page tells what it is.
//!
//! [`read`] takes files from outside apart, so it belongs into a child process: callers that face people use
//! [`guard::read_guarded`]. [`check_upload`] is the small part that a service repeats on bytes it was sent.
//! Nothing here knows cases or revisions: whether a scan belongs to a print is `domain::paper::bind_scan`.

pub mod bundle;
pub mod guard;

mod cell;
mod check;
mod names;
mod place;
mod qr;
mod refusal;
mod sheet;
mod shrink;
mod skew;

pub use check::{UploadFacts, check_upload};
pub use refusal::{ActiveKind, ScanRefusal};
pub use sheet::render_page;

use domain::paper::{MAX_UPLOAD_BYTES, PrintLayout, ScannedPage, StampFinding, StampVerdict};
use serde::{Deserialize, Serialize};
use sheet::Source;

/// Pages are looked at in this resolution (dots per inch): a QR module of our prints is then about four pixels wide.
const LOOK_DPI: f64 = 200.0;

/// A second, slower look for pages whose QR was not found at [`LOOK_DPI`].
const CLOSE_LOOK_DPI: f64 = 300.0;

/// Pages that are only packed are drawn this small, to see that they can be.
const TRIAL_DPI: f64 = 36.0;

/// One file as a person picked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The file's name, for messages and to tell a broken PDF from a file of another kind.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// What reading a scan may cost. The defaults fit a bundle of school papers on an old PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// All files together, in bytes.
    pub input_bytes: u64,
    /// The finished PDF, in bytes; the platform's upload rule.
    pub pdf_bytes: u64,
    /// Pages of a scan.
    pub pages: u32,
    /// Pixels of one picture once unpacked; an A3 page at 600 dpi has 70 million.
    pub pixels: u64,
    /// How long the child process may take, in seconds.
    pub seconds: u64,
    /// How much memory the child process may ask for beyond what it starts with, in bytes.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 64 * 1024 * 1024,
            pdf_bytes: MAX_UPLOAD_BYTES,
            pages: 60,
            pixels: 80_000_000,
            seconds: 60,
            memory_bytes: 1536 * 1024 * 1024,
        }
    }
}

/// A scan that was read: one PDF within the limits, and what its pages say.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// The PDF to keep and to send.
    pub pdf: Vec<u8>,
    /// Its pages, in order.
    pub pages: Vec<ScannedPage>,
}

/// Reads one PDF, or one or more JPEG and PNG pictures, into one PDF.
///
/// A clean PDF within the limit is kept byte for byte. Pictures become A4 pages, turned upright when their QR was read;
/// a PDF over the limit is taken apart into pictures in the same way. `layout` is the layout of the print that the scan
/// is expected to show: with it, the sign cells of every page are looked at.
///
/// # Errors
/// The reason why the files cannot be taken.
pub fn read(inputs: &[Input], layout: Option<&PrintLayout>, limits: &Limits) -> Result<Scan, ScanRefusal> {
    let source = Source::open(inputs, limits)?;
    let mut pages = Vec::with_capacity(source.page_count());
    for index in 0..source.page_count() {
        pages.push(look_at_page(&source, index, layout)?);
    }
    let pdf = match source.keepable_pdf(limits.pdf_bytes) {
        Some(bytes) => bytes.to_vec(),
        None => shrink::to_pdf(&source, &pages, limits.pdf_bytes)?,
    };
    Ok(Scan { pdf, pages })
}

/// Packs one PDF, or one or more JPEG and PNG pictures, into one PDF as [`read`] does, without looking for a print on it.
/// Every page is drawn once, so that nobody finds out later that it cannot be.
///
/// # Errors
/// The reason why the files cannot be taken.
pub fn pack(inputs: &[Input], limits: &Limits) -> Result<Scan, ScanRefusal> {
    let source = Source::open(inputs, limits)?;
    let mut pages = Vec::with_capacity(source.page_count());
    for index in 0..source.page_count() {
        source.raster(index, TRIAL_DPI)?;
        let source = source.name(index).to_owned();
        pages.push(ScannedPage { source, rotation: 0, skew_deg: 0.0, qr: None, stamps: Vec::new() });
    }
    let pdf = match source.keepable_pdf(limits.pdf_bytes) {
        Some(bytes) => bytes.to_vec(),
        None => shrink::to_pdf(&source, &pages, limits.pdf_bytes)?,
    };
    Ok(Scan { pdf, pages })
}

fn look_at_page(source: &Source, index: usize, layout: Option<&PrintLayout>) -> Result<ScannedPage, ScanRefusal> {
    let mut sheet = source.raster(index, LOOK_DPI)?;
    let mut grey = image::imageops::grayscale(&sheet.picture);
    let mut found = qr::find(&grey);
    if found.is_none() {
        let close = source.raster(index, CLOSE_LOOK_DPI)?;
        let close_grey = image::imageops::grayscale(&close.picture);
        found = qr::find_thoroughly(&close_grey);
        if found.is_some() {
            (sheet, grey) = (close, close_grey);
        }
    }
    let turn = skew::measure(&grey, found.as_ref().map(|qr| qr.angle));
    let stamps = match (layout, &found) {
        (Some(layout), Some(qr)) => {
            let place = place::Place::of(&sheet, qr, turn, layout);
            cell::look_at_all(&sheet.picture, place.as_ref(), layout, qr.tag.page)
        }
        (Some(layout), None) => untold(layout, source.page_count(), index),
        (None, _) => Vec::new(),
    };
    Ok(ScannedPage {
        source: source.name(index).to_owned(),
        rotation: turn.rotation,
        skew_deg: (turn.skew_deg * 100.0).round() / 100.0,
        qr: found.map(|qr| qr.tag),
        stamps,
    })
}

/// Without a QR nobody knows which way up the page lies, so its cells cannot be told. Which cells they are is clear
/// only when the scan has as many pages as the print.
fn untold(layout: &PrintLayout, scanned_pages: usize, index: usize) -> Vec<StampFinding> {
    if scanned_pages != layout.pages as usize {
        return Vec::new();
    }
    let on_page = layout.sign_cells.iter().filter(|cell| cell.area.page as usize == index + 1);
    on_page.map(|cell| StampFinding { cell: cell.cell.clone(), verdict: StampVerdict::Unsure }).collect()
}
