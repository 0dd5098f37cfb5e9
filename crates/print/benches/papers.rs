//! How long all papers take, warm, and one of them beside other programs in the same run: WeasyPrint and headless Chromium with an
//! HTML of it, LibreOffice with a DOCX of it, and Typst alone with the very same files. Programs that are not installed are told and left
//! out (Debian: weasyprint, chromium-driver, libreoffice-writer-nogui).

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;
mod paper;

use domain::form::{Answers, FieldDef, FieldKind, FormDef, Packs};
use paper::{font_files, load, sample, with_request, with_requests, with_rows};
use print::{Fonts, OfficeFormat, OfficeRequest, PrintRequest, office, render, render_all, sources};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;

/// Milliseconds for three pages, warm.
const THREE_PAGES: f64 = 25.0;
/// Milliseconds for the fullest sample of every form, on all cores.
const FULLEST_SET: f64 = 2_000.0;
/// Bytes of three pages.
const BYTES: f64 = 150_000.0;
const ROUNDS: usize = 15;
const DOCUMENTS: usize = 8;

fn main() {
    let fonts = load();
    every_paper(&fonts);
    fullest_set(&fonts);
    beside_others(&fonts);
}

/// Every form's typical sample after a change, as milliseconds for each three pages.
fn every_paper(fonts: &Fonts) {
    let mut slowest = (0.0, String::new());
    for form in forms() {
        let sample = sample(form, "typical");
        let mut pages = 1;
        let times: Vec<f64> = (0..ROUNDS)
            .map(|round| {
                let start = Instant::now();
                pages = set(fonts, form, &changed(form, &sample, round)).layout.pages;
                figures::since(start)
            })
            .collect();
        // The first of them fills what the others find.
        let for_three = figures::quantile(&times[1..], 0.5) * 3.0 / f64::from(pages.max(3));
        figures::spread(&format!("{}, {pages} pages, after a change", form.id), &times[1..]);
        if for_three > slowest.0 {
            slowest = (for_three, form.id.to_string());
        }
    }
    figures::verdict(&format!("slowest form, {}, for 3 pages", slowest.1), slowest.0, "ms", ..=THREE_PAGES);
}

fn fullest_set(fonts: &Fonts) {
    let samples: Vec<(&FormDef, Answers)> = forms().map(|form| (form, sample(form, "fullest"))).collect();
    let start = Instant::now();
    let pages: u32 = with_requests(&samples, |requests| {
        render_all(fonts, requests).into_iter().map(|printed| printed.expect("the sample prints").layout.pages).sum()
    });
    let took = figures::since(start);
    println!("fullest samples of {} forms: {pages} pages", samples.len());
    figures::verdict("the fullest set", took, "ms", ..=FULLEST_SET);
}

/// The 申請表 of three pages: ours, Typst alone, and the other programs.
fn beside_others(fonts: &Fonts) {
    let form = forms().find(|form| form.id.as_str() == "plc_application").expect("the form is built in");
    let typical = sample(form, "typical");
    let three = (1..60).map(|rows| with_rows(&typical, rows));
    let answers =
        three.into_iter().find(|answers| set(fonts, form, answers).layout.pages == 3).expect("more rows, more pages");

    let mut size = 0;
    // Each by turns with Typst alone, so that a busy moment meets both.
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let answers = changed(form, &answers, round);
        let files = with_request(form, &answers, |request| sources(fonts, request)).expect("the sample prints");
        let start = Instant::now();
        size = set(fonts, form, &answers_of(&answers, round, OURS)).pdf.len();
        ours.push(figures::since(start));
        // Typst remembers what it has set: another text of the same length, so that neither finds the other's work.
        let files = files.into_iter().map(|(name, bytes)| (name, replaced(bytes, round, ALONE))).collect();
        let desk = Bare::new(fonts_bytes(), files);
        let start = Instant::now();
        let alone = desk.pdf();
        bare.push(figures::since(start));
        assert!(alone.len() > 1000, "Typst alone sets it too");
    }
    let (ours, bare) = (figures::quantile(&ours[1..], 0.5), figures::quantile(&bare[1..], 0.5));
    println!("申請表, 3 pages, warm: ours {ours:.2} ms, Typst alone {bare:.2} ms");
    figures::verdict("ours beside Typst alone", ours / bare, "times", ..=1.0);
    figures::verdict("size of 3 pages", size as f64, "bytes", ..=BYTES);

    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("peers");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let (html, docx) = (folder.join("form.html"), folder.join("form.docx"));
    with_request(form, &answers, |request| {
        fs::write(&html, as_html(request)).expect("written");
        let office_request = OfficeRequest {
            form,
            filled: Some((request.answers, request.computed)),
            policy: request.policy,
            header: request.header,
        };
        fs::write(&docx, office(&office_request, OfficeFormat::Docx).expect("the form can be written"))
            .expect("written");
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
    let said = Command::new(python()).arg(script).args([&html, &docx]).arg(DOCUMENTS.to_string()).arg(&folder).output();
    let found: BTreeMap<String, BTreeMap<String, f64>> = said
        .ok()
        .filter(|said| {
            said.status.success() || {
                eprintln!("{}", String::from_utf8_lossy(&said.stderr));
                false
            }
        })
        .and_then(|said| serde_json::from_slice(&said.stdout).ok())
        .unwrap_or_default();
    for (program, at_least) in [("WeasyPrint", 20.0), ("Chromium", 20.0), ("LibreOffice", 10.0)] {
        match found.get(program) {
            Some(figures) => {
                println!("{program}: {:.0} ms a document, {:.0} bytes", figures["ms"], figures["bytes"]);
                figures::verdict(&format!("{program} beside ours"), figures["ms"] / ours, "times", at_least..);
            }
            None => println!("{program}: not installed, not measured"),
        }
    }
}

/// A Python that has WeasyPrint, where there is one: the system's own keeps what its packages brought.
fn python() -> &'static str {
    let has = |program: &&str| {
        Command::new(program).args(["-c", "import weasyprint"]).output().is_ok_and(|said| said.status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has).unwrap_or("python3")
}

/// The last sign of the text that changes, by whose turn it is.
const TURN: char = '甲';
const OURS: char = '乙';
const ALONE: char = '丙';

fn answers_of(answers: &Answers, round: usize, turn: char) -> Answers {
    let text = serde_json::to_vec(answers).expect("answers are JSON");
    serde_json::from_slice(&replaced(text, round, turn)).expect("answers are JSON")
}

fn replaced(bytes: Vec<u8>, round: usize, turn: char) -> Vec<u8> {
    let text = String::from_utf8(bytes).expect("a text");
    text.replace(&format!("{round}{TURN}"), &format!("{round}{turn}")).into_bytes()
}

fn forms() -> impl Iterator<Item = &'static FormDef> {
    Packs::built_in().newest().map(|(form, _)| form)
}

fn set(fonts: &Fonts, form: &FormDef, answers: &Answers) -> print::Printed {
    with_request(form, answers, |request| render(fonts, request).expect("the sample prints"))
}

/// The sample with one text of it longer than the last time.
fn changed(form: &FormDef, answers: &Answers, round: usize) -> Answers {
    let is_text = |field: &&FieldDef| matches!(field.kind, FieldKind::Text { .. } | FieldKind::LongText { .. });
    let mut answers = answers.clone();
    if let Some(field) = form.fields().find(is_text) {
        let text = format!("{}{round}{TURN}", answers.text(&field.key));
        answers.0.insert(field.key.clone(), text.into());
    }
    answers
}

/// The same labels and answers as tables, for programs that set HTML.
fn as_html(request: &PrintRequest<'_>) -> String {
    fn shown(value: &Value) -> String {
        match value {
            Value::String(text) => text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>"),
            Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("、"),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }
    let mut out = String::from(
        "<!doctype html><html lang=zh-Hant-TW><meta charset=utf-8><style>@page { size: A4; margin: 18mm }\
         body { font: 11pt 'Noto Serif CJK TC', serif } table { border-collapse: collapse; width: 100% }\
         th, td { border: 1px solid; padding: 4pt; text-align: left; vertical-align: top } h1 { font-size: 16pt; text-align: center }</style>",
    );
    let nothing = Value::Null;
    write!(out, "<title>{0}</title><h1>{0}</h1><table>", request.form.title.zh).expect("a String takes all");
    for field in request.form.fields() {
        let answer = request.answers.get(&field.key).unwrap_or(&nothing);
        match &field.kind {
            FieldKind::Rows { fields, .. } => {
                let heads: String = fields.iter().map(|column| format!("<th>{}", column.label.zh)).collect();
                write!(out, "</table><p>{}<table><thead><tr>{heads}</thead>", field.label.zh)
                    .expect("a String takes all");
                for row in answer.as_array().into_iter().flatten() {
                    let cells = fields.iter().map(|column| row.get(&column.key).unwrap_or(&nothing));
                    let cells: String = cells.map(|cell| format!("<td>{}", shown(cell))).collect();
                    write!(out, "<tr>{cells}").expect("a String takes all");
                }
                out.push_str("</table><table>");
            }
            _ => write!(out, "<tr><th>{}<td>{}", field.label.zh, shown(answer)).expect("a String takes all"),
        }
    }
    for note in request.form.sections.iter().flat_map(|section| &section.notes) {
        write!(out, "<tr><td colspan=2>{}", note.zh).expect("a String takes all");
    }
    out + "</table>"
}

/// Typst with nothing around it: the files of one paper, the same fonts.
struct Bare {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    /// Parsed once, as ours are.
    layouts: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
}

impl Bare {
    fn new(fonts: &[Font], files: Vec<(String, Vec<u8>)>) -> Self {
        let id =
            |path: &str| RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a plain path")).intern();
        let main = id(&files.first().expect("the layout comes first").0);
        let layout = |name: &str, text: &[u8]| Source::new(id(name), String::from_utf8_lossy(text).into_owned());
        let typ = files.iter().filter(|(name, _)| name.ends_with(".typ"));
        let layouts = typ.map(|(name, text)| (id(name), layout(name, text))).collect();
        let files = files.into_iter().map(|(name, bytes)| (id(&name), Bytes::new(bytes))).collect();
        let features = [typst::Feature::A11yExtras].into_iter().collect();
        Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(fonts)),
            fonts: fonts.to_vec(),
            main,
            layouts,
            files,
        }
    }

    fn pdf(&self) -> Vec<u8> {
        let document = typst::compile::<PagedDocument>(self).output.expect("it was set before");
        let standards = typst_pdf::PdfStandards::new(&[typst_pdf::PdfStandard::Ua_1]).expect("a standard");
        let options = typst_pdf::PdfOptions { standards, ..typst_pdf::PdfOptions::default() };
        let pdf = typst_pdf::pdf(&document, &options).expect("it was written before");
        typst::comemo::evict(10);
        pdf
    }
}

impl World for Bare {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }
    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }
    fn main(&self) -> FileId {
        self.main
    }
    fn source(&self, id: FileId) -> FileResult<Source> {
        self.layouts.get(&id).cloned().ok_or(FileError::AccessDenied)
    }
    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }
    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The same fonts for Typst alone, read once.
fn fonts_bytes() -> &'static [Font] {
    static FONTS: std::sync::LazyLock<Vec<Font>> = std::sync::LazyLock::new(|| {
        font_files().into_iter().flat_map(|bytes| Font::iter(Bytes::new(bytes)).collect::<Vec<_>>()).collect()
    });
    &FONTS
}
