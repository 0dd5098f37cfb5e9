//! Papers are set from the packs' own samples and looked at from every side: text, places, edges, QR codes, bytes.

// Reads its PDFs with poppler, which `cargo xtask test` installs there.
#[cfg(target_os = "linux")]
mod certificates;
mod golden;
mod places;
#[cfg(target_os = "linux")]
mod remarks;
mod words;

use crate::{Fonts, Header, PrintError, PrintRequest, Tag, Typeface, missing_glyphs, preview, render, sheet};
use domain::{
    form::{Answers, FormDef, FormId, Packs, check},
    ids::CaseId,
    paper::{Area, QrTag},
    policy::Policy,
    time::PlanYear,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::PathBuf, sync::LazyLock};
use typst::layout::{Frame, FrameItem, Point, Transform};
use typst_layout::PagedDocument;
use typst_render::RenderOptions;

/// The page's inner edges in points: `typ/paper.typ` sets 18 mm at the sides, 17 mm above and 32 mm below.
const LEFT: f64 = 18.0 / 25.4 * 72.0;
const RIGHT: f64 = (210.0 - 18.0) / 25.4 * 72.0;
const TOP: f64 = 17.0 / 25.4 * 72.0;
const BOTTOM: f64 = (297.0 - 32.0) / 25.4 * 72.0;
const PAGE: (f64, f64) = (210.0 / 25.4 * 72.0, 297.0 / 25.4 * 72.0);
/// Rounding, and the overhang of a letter.
const SLACK: f64 = 1.0;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let folder = std::env::var_os("PROTEACHER_FONTS").map_or_else(|| root().join(".build/fonts"), PathBuf::from);
    let mut files = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "ttf") {
                files.push(path);
            }
        }
    }
    files.sort();
    let bytes = files.iter().map(|file| fs::read(file).unwrap());
    Fonts::load(bytes).unwrap_or_else(|why| {
        panic!("{why}: looked in {}; `cargo xtask test` fetches the fonts, or set PROTEACHER_FONTS", folder.display())
    })
});

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Case {
    form: &'static FormDef,
    answers: Answers,
    computed: BTreeMap<String, Value>,
    policy: Policy,
    tag: Tag,
}

impl Case {
    fn with(form: &'static FormDef, answers: Answers) -> Self {
        let policy = Packs::built_in().policy(PlanYear(form.plan_year), Some("連江縣"));
        let checked = check(form, answers, &policy);
        Self { form, answers: checked.answers, computed: checked.computed, policy, tag: frozen(form.version) }
    }

    /// A sample of the newest version of a form.
    fn sample(form: &str, sample: &str) -> Self {
        Self::of(newest(form), sample)
    }

    fn of(form: &'static FormDef, sample: &str) -> Self {
        let file = root().join(format!("forms/{}/v{}/samples/{sample}.json", form.id, form.version));
        let sample: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        Self::with(form, serde_json::from_value(sample["answers"].clone()).unwrap())
    }

    fn request(&self) -> PrintRequest<'_> {
        PrintRequest {
            form: self.form,
            answers: &self.answers,
            computed: &self.computed,
            policy: &self.policy,
            header: Header { plan_year: 111, county: "連江縣", school: "縣立介壽國(中)小" },
            tag: self.tag.clone(),
            typeface: Typeface::Serif,
        }
    }

    fn set(&self) -> PagedDocument {
        sheet::set(&FONTS, &self.request()).unwrap().document
    }
}

fn newest(form: &str) -> &'static FormDef {
    let id = form.parse::<FormId>().unwrap();
    Packs::built_in().newest().find(|(form, _)| form.id == id).unwrap().0
}

fn frozen(version: u32) -> Tag {
    Tag::Frozen { case: CASE.parse::<CaseId>().unwrap(), version, revision: 3, hash: HASH.to_owned() }
}

const CASE: &str = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
const HASH: &str = "3f2a9c1b000000000000000000000000000000000000000000000000000000aa";

/// Every version of every form with each of the samples that all packs have.
fn samples() -> impl Iterator<Item = (&'static FormDef, &'static str)> {
    let forms = Packs::built_in().all().map(|(form, _)| form);
    forms.flat_map(|form| ["empty", "typical", "fullest", "wrong"].map(|sample| (form, sample)))
}

/// All text of a document with its boxes, page by page. The mark of a draft is turned and is left out.
fn texts(document: &PagedDocument) -> Vec<(String, Area)> {
    fn walk(frame: &Frame, transform: Transform, page: u32, out: &mut Vec<(String, Area)>) {
        for (position, item) in frame.items() {
            let here = transform.pre_concat(Transform::translate(position.x, position.y));
            match item {
                FrameItem::Group(group) => walk(&group.frame, here.pre_concat(group.transform), page, out),
                FrameItem::Text(text) if here.ky.abs().get() < 1e-9 => {
                    let corner = Point::zero().transform(here);
                    let (width, height) = (text.width().to_pt(), text.size.to_pt());
                    // The em square stands 0.88 above the base line (`typ/paper.typ`).
                    let area = Area { page, x: corner.x.to_pt(), y: corner.y.to_pt() - 0.88 * height, width, height };
                    out.push((text.text.to_string(), area));
                }
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    for (page, sheet) in (1..).zip(document.pages()) {
        walk(&sheet.frame, Transform::identity(), page, &mut out);
    }
    out
}

fn all_text(document: &PagedDocument) -> String {
    texts(document).into_iter().map(|(text, _)| text).collect::<String>().replace('\u{200B}', "")
}

/// The texts of every QR that stands on the rendered page.
fn read_qr(document: &PagedDocument) -> Vec<Vec<String>> {
    // 200 dots per inch, a common setting of office scanners.
    let options = RenderOptions { pixel_per_pt: typst::utils::Scalar::new(200.0 / 72.0), ..RenderOptions::default() };
    let read = |page| {
        let picture = typst_render::render(page, &options);
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let dots = picture.pixels();
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| dots[y * width + x].green());
        // What looks like a code and is none (a dense character) does not decode.
        image.detect_grids().into_iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
    };
    document.pages().iter().map(read).collect()
}
