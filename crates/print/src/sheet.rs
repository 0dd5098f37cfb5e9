//! Sets a paper: gives Typst a small world of a few files and no more, and sees that every page has its own QR.

use crate::{Fonts, PrintError, PrintRequest, paper, qr::Qr};
use serde_json::json;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};
use typst::{
    Feature, Features, Library, LibraryExt as _, World, WorldExt as _,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;

include!(concat!(env!("OUT_DIR"), "/layouts.rs"));

/// The shared library of all papers.
const SHARED: &str = include_str!("../typ/paper.typ");

/// The data file of the footers.
const PRINT_FILE: &str = "/print.json";

/// After so many settings Typst's memory is looked through, which takes about as long as setting a page: what was of use to none of
/// them, nor to those before, is forgotten.
const REMEMBERED_SETTINGS: usize = 4;

static SETTINGS: AtomicUsize = AtomicUsize::new(0);

/// A paper that was set.
pub(crate) struct Sheet {
    pub(crate) document: PagedDocument,
    pub(crate) missing_glyphs: Vec<String>,
}

impl Sheet {
    pub(crate) fn pages(&self) -> u32 {
        page_count(&self.document)
    }
}

/// Sets the paper. The QR of a page says how many pages there are, so a wrong first guess means setting it twice.
pub(crate) fn set(fonts: &Fonts, request: &PrintRequest<'_>) -> Result<Sheet, PrintError> {
    let form = (request.form.id.to_string(), request.form.version);
    let layout = LAYOUTS.get(&form).ok_or_else(|| PrintError::NoLayout { form: form.0.clone(), version: form.1 })?;
    set_with(fonts, request, layout)
}

/// A layout that is not among those of the program.
pub(crate) fn layout_of(text: &str) -> Source {
    Source::new(file("/print.typ"), text.to_owned())
}

/// Sets the paper with this layout.
pub(crate) fn set_with(fonts: &Fonts, request: &PrintRequest<'_>, layout: &Source) -> Result<Sheet, PrintError> {
    let form = (request.form.id.to_string(), request.form.version);
    let paper = paper::write(fonts, request)?;
    let mut world = Desk::new(fonts, layout, paper.files);
    let mut pages = fonts.0.pages_last.lock().ok().and_then(|last| last.get(&form).copied()).unwrap_or(1);
    // The QR takes the same room on every page, so the count cannot change again after the second setting.
    for _ in 0..2 {
        world.put(PRINT_FILE, print_file(request, &paper.imprint, pages)?);
        let document = typst::compile::<PagedDocument>(&world).output.map_err(|faults| refused_at(&world, &faults))?;
        let found = page_count(&document);
        if found == pages {
            if let Ok(mut last) = fonts.0.pages_last.lock() {
                last.insert(form, pages);
            }
            return Ok(Sheet { document, missing_glyphs: paper.missing_glyphs });
        }
        pages = found;
    }
    world.put(PRINT_FILE, print_file(request, &paper.imprint, pages)?);
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|faults| refused_at(&world, &faults))?;
    if page_count(&document) != pages {
        return Err(PrintError::Typeset("the number of pages does not settle".to_owned()));
    }
    Ok(Sheet { document, missing_glyphs: paper.missing_glyphs })
}

/// The files Typst is given for a paper, by the names under which they import each other; the first is the one to compile.
/// For Typst's own tools, when a layout puzzles, and for a fair comparison with Typst alone.
///
/// # Errors
/// As [`crate::render`].
pub fn sources(fonts: &Fonts, request: &PrintRequest<'_>) -> Result<Vec<(String, Vec<u8>)>, PrintError> {
    let form = (request.form.id.to_string(), request.form.version);
    let layout = LAYOUTS.get(&form).ok_or(PrintError::NoLayout { form: form.0, version: form.1 })?;
    let pages = set_with(fonts, request, layout)?.pages();
    let paper = paper::write(fonts, request)?;
    let mut files = vec![
        ("/print.typ".to_owned(), layout.text().as_bytes().to_vec()),
        ("/paper.typ".to_owned(), SHARED.as_bytes().to_vec()),
        (PRINT_FILE.to_owned(), print_file(request, &paper.imprint, pages)?.to_vec()),
    ];
    files.extend(paper.files.into_iter().map(|(name, data)| (name, data.to_vec())));
    Ok(files)
}

/// Sets a document that is no form: its layout and its data, without QR codes.
pub(crate) fn plain(fonts: &Fonts, layout: &Source, data: Bytes) -> Result<PagedDocument, PrintError> {
    let world = Desk::new(fonts, layout, vec![("/answers.json".to_owned(), data)]);
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|faults| refused_at(&world, &faults))?;
    forget_old();
    Ok(document)
}

/// Lets go of what Typst remembers from settings long past.
pub(crate) fn forget_old() {
    if SETTINGS.fetch_add(1, Ordering::Relaxed) % REMEMBERED_SETTINGS == REMEMBERED_SETTINGS - 1 {
        typst::comemo::evict(2);
    }
}

/// Faults of a layout, with the line where one lies in a file.
fn refused_at(world: &Desk<'_>, faults: &[SourceDiagnostic]) -> PrintError {
    let said = |fault: &SourceDiagnostic| {
        let source = fault.span.id().and_then(|id| world.source(id).ok());
        let line = source.zip(world.range(fault.span)).map(|(source, place)| {
            let line = source.text()[..place.start].matches('\n').count() + 1;
            format!("{}:{line}: ", source.id().vpath().get_without_slash())
        });
        format!("{}{}", line.unwrap_or_default(), fault.message)
    };
    PrintError::Typeset(faults.iter().map(said).collect::<Vec<_>>().join("; "))
}

pub(crate) fn refused(faults: &[SourceDiagnostic]) -> PrintError {
    let words: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    PrintError::Typeset(words.join("; "))
}

fn page_count(document: &PagedDocument) -> u32 {
    u32::try_from(document.pages().len()).unwrap_or(u32::MAX)
}

/// What the footers say: which print this is, and the QR of every page.
fn print_file(request: &PrintRequest<'_>, imprint: &str, pages: u32) -> Result<Bytes, PrintError> {
    let codes: Result<Vec<Qr>, PrintError> =
        (1..=pages).map(|page| Qr::of(&request.qr_tag(page, pages).to_string())).collect();
    let data = json!({ "imprint": imprint, "codes": codes? });
    Ok(Bytes::new(serde_json::to_vec(&data).expect("texts and numbers always serialise")))
}

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Row headings of the tables, for screen readers.
    let features: Features = [Feature::A11yExtras].into_iter().collect();
    LazyHash::new(Library::builder().with_features(features).build())
});

static SHARED_SOURCE: LazyLock<Source> = LazyLock::new(|| Source::new(*SHARED_FILE, SHARED.to_owned()));

static LAYOUTS: LazyLock<BTreeMap<(String, u32), Source>> = LazyLock::new(|| {
    let source =
        |form: &str, version: u32, text: &str| Source::new(file(&format!("/{form}-{version}.typ")), text.to_owned());
    LAYOUT_FILES
        .iter()
        .map(|(form, version, text)| (((*form).to_owned(), *version), source(form, *version, text)))
        .collect()
});

static SHARED_FILE: LazyLock<FileId> = LazyLock::new(|| file("/paper.typ"));

fn file(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("our paths are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// All Typst can see.
struct Desk<'a> {
    fonts: &'a Fonts,
    layout: &'a Source,
    files: HashMap<FileId, Bytes>,
}

impl<'a> Desk<'a> {
    fn new(fonts: &'a Fonts, layout: &'a Source, files: Vec<(String, Bytes)>) -> Self {
        Self { fonts, layout, files: files.into_iter().map(|(name, data)| (file(&name), data)).collect() }
    }

    fn put(&mut self, name: &str, data: Bytes) {
        self.files.insert(file(name), data);
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.0.book
    }

    fn main(&self) -> FileId {
        self.layout.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout.id() {
            Ok(self.layout.clone())
        } else if id == *SHARED_FILE {
            Ok(SHARED_SOURCE.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.0.fonts.get(index).cloned()
    }

    /// No clock: a paper shows the dates its answers have.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
