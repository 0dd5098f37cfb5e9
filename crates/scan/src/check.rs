//! The checks of a PDF that need no picture of it: signature, size, protection, active content, number of pages.
//!
//! Work and memory are bounded by the size of the file. Pages are not drawn here.

use crate::{
    names,
    refusal::{ActiveKind, ScanRefusal},
};
use domain::paper::MAX_UPLOAD_BYTES;
use lopdf::{Dictionary, Document, LoadOptions, Object, xref::XrefEntry};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The signature may stand after some junk, but within this many bytes (ISO 32000, Annex H, implementation note 13).
const SIGNATURE_WITHIN: usize = 1024;

/// How much the object streams of an upload may unpack to together. A scan has next to none; a tagged print of thirty
/// pages has about 1 MiB. One byte of PDF source can become some fifty bytes of parsed objects.
const UPLOAD_UNPACKED: usize = 8 * 1024 * 1024;

/// More pages than any form with its attachments has; the service looks at no more of an upload.
const UPLOAD_PAGES: u32 = 300;

/// What an upload is, as far as the service looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadFacts {
    /// Size of the file, in bytes.
    pub bytes: u64,
    /// How many pages it has.
    pub pages: u32,
}

/// Checks bytes that were sent as a stamped PDF (`forms.md` §0.1: PDF, 2 MB, one file). No child process is needed: at
/// most 2 MB are looked at and little is unpacked, but the work is too much for a thread that serves others meanwhile.
///
/// # Errors
/// `not_a_pdf`, `too_large`, `encrypted`, `active_content`, `broken_file`, `no_pages` or `too_many_pages`.
pub fn check_upload(bytes: &[u8]) -> Result<UploadFacts, ScanRefusal> {
    if !has_signature(bytes) {
        return Err(ScanRefusal::NotAPdf);
    }
    let size = bytes.len() as u64;
    if size > MAX_UPLOAD_BYTES {
        return Err(ScanRefusal::TooLarge { bytes: size, limit: MAX_UPLOAD_BYTES });
    }
    // A parser's panic on crafted bytes must not take the service down.
    let pages = catch_unwind(AssertUnwindSafe(|| {
        let bounds = Bounds { unpacked: UPLOAD_UNPACKED, pages: UPLOAD_PAGES, pixels: crate::Limits::default().pixels };
        clean_pages(bytes, &bounds)
    }));
    Ok(UploadFacts { bytes: size, pages: pages.unwrap_or(Err(ScanRefusal::BrokenFile))? })
}

/// Whether the bytes carry the signature of a PDF where readers look for it.
pub(crate) fn has_signature(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(SIGNATURE_WITHIN)].windows(5).any(|window| window == b"%PDF-")
}

/// What looking at a PDF may cost.
pub(crate) struct Bounds {
    /// What all object streams together may unpack to, in bytes.
    pub(crate) unpacked: usize,
    /// Pages it may have.
    pub(crate) pages: u32,
    /// Pixels one picture in it may have.
    pub(crate) pixels: u64,
}

/// Counts the pages of a PDF that is neither protected nor active.
pub(crate) fn clean_pages(bytes: &[u8], bounds: &Bounds) -> Result<u32, ScanRefusal> {
    let open = names::count(bytes);
    if open.encrypt > 0 {
        return Err(ScanRefusal::Encrypted);
    }
    let for_one_stream = bounds.unpacked / (open.object_streams.max(1) as usize);
    let document = Document::load_mem_with_options(bytes, LoadOptions::with_max_decompressed_size(for_one_stream))
        .map_err(|error| refusal_of(&error))?;
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(ScanRefusal::Encrypted);
    }
    let in_the_open = [
        (open.javascript, ActiveKind::Javascript),
        (open.launch, ActiveKind::Launch),
        (open.embedded_files, ActiveKind::EmbeddedFile),
    ];
    let in_the_open = in_the_open.into_iter().filter(|(count, _)| *count > 0).map(|(_, kind)| kind);
    if let Some(kind) = active_kinds(&document).into_iter().chain(in_the_open).min() {
        return Err(ScanRefusal::ActiveContent { kind });
    }
    unreadable_parts(&document)?;
    oversized_pictures(&document, bounds.pixels)?;
    count_pages(&document, bounds.pages)
}

fn refusal_of(error: &lopdf::Error) -> ScanRefusal {
    use lopdf::Error;
    match error {
        Error::Decryption(_) | Error::InvalidPassword | Error::UnsupportedSecurityHandler(_) => ScanRefusal::Encrypted,
        _ => ScanRefusal::BrokenFile,
    }
}

/// Objects that the file keeps in object streams but that could not be read were not checked, and another reader may
/// see them: such a file is refused as damaged.
fn unreadable_parts(document: &Document) -> Result<(), ScanRefusal> {
    let readable = document.reference_table.entries.iter().all(|(number, entry)| match entry {
        XrefEntry::Compressed { .. } => document.objects.contains_key(&(*number, 0)),
        XrefEntry::Normal { .. } | XrefEntry::Free | XrefEntry::UnusableFree => true,
    });
    if readable { Ok(()) } else { Err(ScanRefusal::BrokenFile) }
}

fn count_pages(document: &Document, limit: u32) -> Result<u32, ScanRefusal> {
    let pages = document.page_iter().take(limit as usize + 1).count() as u32;
    match pages {
        0 => Err(ScanRefusal::NoPages),
        pages if pages > limit => Err(ScanRefusal::TooManyPages { pages, limit }),
        pages => Ok(pages),
    }
}

fn oversized_pictures(document: &Document, limit: u64) -> Result<(), ScanRefusal> {
    for object in document.objects.values() {
        let Object::Stream(stream) = object else { continue };
        let side = |key: &[u8]| stream.dict.get_deref(key, document).and_then(Object::as_i64).unwrap_or(0);
        let pixels = side(b"Width").max(0) as u64 * side(b"Height").max(0).min(i64::from(u32::MAX)) as u64;
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Image") && pixels > limit {
            return Err(ScanRefusal::TooLarge { bytes: pixels.saturating_mul(3), limit: limit * 3 });
        }
    }
    Ok(())
}

/// Everything active in any object of the file, whether something refers to it or not.
fn active_kinds(document: &Document) -> Vec<ActiveKind> {
    let mut kinds = Vec::new();
    let mut open: Vec<&Object> = document.objects.values().collect();
    dictionary_kinds(document, &document.trailer, &mut kinds);
    open.extend(document.trailer.iter().map(|(_, value)| value));
    while let Some(object) = open.pop() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            Object::Array(items) => {
                open.extend(items);
                continue;
            }
            _ => continue,
        };
        dictionary_kinds(document, dictionary, &mut kinds);
        open.extend(dictionary.iter().map(|(_, value)| value));
    }
    kinds
}

fn dictionary_kinds(document: &Document, dictionary: &Dictionary, kinds: &mut Vec<ActiveKind>) {
    for (key, value) in dictionary.iter() {
        let value = document.dereference(value).map_or(value, |(_, value)| value);
        let kind = match key.as_slice() {
            b"JS" | b"JavaScript" => Some(ActiveKind::Javascript),
            b"EF" | b"EmbeddedFiles" => Some(ActiveKind::EmbeddedFile),
            b"XFA" => Some(ActiveKind::Xfa),
            b"OpenAction" if !only_shows_a_page(value) => Some(ActiveKind::OpenAction),
            b"AA" if matches!(value, Object::Dictionary(_)) => Some(ActiveKind::AdditionalActions),
            b"AcroForm" if has_fields(document, value) => Some(ActiveKind::Form),
            b"S" | b"Subtype" | b"Type" => value.as_name().ok().and_then(named_kind),
            _ => None,
        };
        kinds.extend(kind);
    }
}

/// Types of actions (ISO 32000-1 table 198) and annotations (table 169) that do more than move within the document.
fn named_kind(name: &[u8]) -> Option<ActiveKind> {
    match name {
        b"JavaScript" => Some(ActiveKind::Javascript),
        b"Launch" => Some(ActiveKind::Launch),
        b"EmbeddedFile" | b"FileAttachment" => Some(ActiveKind::EmbeddedFile),
        b"GoToE" | b"GoToR" | b"SubmitForm" | b"ImportData" => Some(ActiveKind::RemoteAction),
        b"Rendition" | b"Movie" | b"Sound" | b"RichMedia" | b"RichMediaExecute" | b"Screen" | b"3D" => {
            Some(ActiveKind::RichMedia)
        }
        _ => None,
    }
}

/// Scanners and word processors write which page and zoom to start with; that is a place, not an act.
fn only_shows_a_page(open_action: &Object) -> bool {
    match open_action {
        Object::Array(_) | Object::Null => true,
        Object::Dictionary(action) => {
            action.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == b"GoTo") && !action.has(b"Next")
        }
        _ => false,
    }
}

/// An empty form dictionary is left behind by some writers and does nothing.
fn has_fields(document: &Document, form: &Object) -> bool {
    let Object::Dictionary(form) = form else { return true };
    form.get_deref(b"Fields", document).and_then(Object::as_array).is_ok_and(|fields| !fields.is_empty())
}
