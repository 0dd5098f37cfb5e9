//! Paper out: answers in, a PDF for stamping or pictures of its pages out.
//!
//! A pack's `print.typ` says how its paper looks, the shared library in `typ/` how every paper looks; Typst sets both.
//! Answers reach Typst as data in files of their own, never as source. Nothing here reads a disk, a clock or a network:
//! the fonts come in as bytes, and the same request always gives the same bytes. Whether the answers are complete is
//! not asked here; a half-filled draft prints as it is.

mod ask;
mod bundle;
mod certificate;
mod fonts;
mod glyphs;
mod listing;
mod office;
mod paper;
mod places;
mod preview;
mod qr;
mod remarks;
mod sheet;

#[cfg(test)]
mod tests;

pub use ask::{Header, PrintError, PrintRequest, Printed, Tag};
pub use bundle::{BundleCase, BundleContents, BundleFront, BundlePaper, bundle_front};
pub use certificate::{Certificate, certificate};
pub use fonts::{FontError, Fonts, Typeface};
pub use glyphs::missing_glyphs;
pub use listing::{ListCell, ListError, ListFormat, Listing};
pub use office::{OfficeError, OfficeFormat, OfficeRequest, office};
pub use places::FieldArea;
pub use preview::{PagePicture, PagePictures, preview};
pub use remarks::{RemarkSheet, remarks};
pub use sheet::sources;

use domain::paper::PrintLayout;
use std::{
    iter,
    num::NonZero,
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Sets the paper of a form and writes it as a tagged PDF (PDF/UA-1) together with the places a scan is compared with.
///
/// # Errors
/// The form has no print layout, the typeface is not there, or Typst refused the paper.
pub fn render(fonts: &Fonts, request: &PrintRequest<'_>) -> Result<Printed, PrintError> {
    written(sheet::set(fonts, request)?, request)
}

/// [`render`] of several papers, on as many cores as there are; in their order.
pub fn render_all(fonts: &Fonts, requests: &[PrintRequest<'_>]) -> Vec<Result<Printed, PrintError>> {
    let next = AtomicUsize::new(0);
    // The next who is free takes the next: papers differ much in length.
    let take = || {
        let place = next.fetch_add(1, Ordering::Relaxed);
        requests.get(place).map(|request| (place, render(fonts, request)))
    };
    let work = || iter::from_fn(take).collect::<Vec<_>>();
    let mut printed: Vec<_> = thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        // This one works too.
        let helpers: Vec<_> = (1..cores.min(requests.len())).map(|_| scope.spawn(work)).collect();
        let own = work();
        let theirs = helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_else(|why| resume_unwind(why)));
        own.into_iter().chain(theirs).collect()
    });
    printed.sort_by_key(|(place, _)| *place);
    printed.into_iter().map(|(_, printed)| printed).collect()
}

/// [`render`] with the text of a layout that this program was not built with: for a person who is writing a pack.
///
/// # Errors
/// As [`render`]; a fault of the layout comes with its line.
pub fn render_with(fonts: &Fonts, request: &PrintRequest<'_>, layout: &str) -> Result<Printed, PrintError> {
    written(sheet::set_with(fonts, request, &sheet::layout_of(layout))?, request)
}

fn written(sheet: sheet::Sheet, request: &PrintRequest<'_>) -> Result<Printed, PrintError> {
    let pdf = tagged(&sheet.document, request.ident())?;
    let places = places::find(&sheet.document);
    sheet::forget_old();
    Ok(Printed {
        pdf,
        layout: PrintLayout { pages: sheet.pages(), sign_cells: places.sign_cells, qr: places.qr },
        missing_glyphs: sheet.missing_glyphs,
    })
}

/// The document as a tagged PDF; `ident` is the same for the same content, and so are the bytes.
fn tagged(document: &PagedDocument, ident: String) -> Result<Vec<u8>, PrintError> {
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|why| PrintError::Typeset(why.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("教專通 ProTeacher".to_owned())),
        timestamp: None,
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|faults| sheet::refused(&faults))
}
