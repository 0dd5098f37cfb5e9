//! Papers are set from the packs' own samples and looked at from every side: text, places, edges, QR codes, bytes.

use crate::{
    Fonts, Header, Preview, PrintError, PrintRequest, Tag, Typeface, missing_glyphs, places, render, sheet,
};
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
    fn new(form: &str, answers: Answers) -> Self {
        let (form, _) = Packs::built_in().for_year(&form.parse::<FormId>().unwrap(), PlanYear(111)).unwrap();
        let policy = Packs::built_in().policy(PlanYear(111), Some("連江縣"));
        let checked = check(form, answers, &policy);
        Self { form, answers: checked.answers, computed: checked.computed, policy, tag: frozen() }
    }

    fn sample(form: &str, sample: &str) -> Self {
        let file = root().join(format!("forms/{form}/v111/samples/{sample}.json"));
        let sample: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        Self::new(form, serde_json::from_value(sample["answers"].clone()).unwrap())
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

fn frozen() -> Tag {
    Tag::Frozen { case: CASE.parse::<CaseId>().unwrap(), version: 111, revision: 3, hash: HASH.to_owned() }
}

const CASE: &str = "0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000";
const HASH: &str = "3f2a9c1b000000000000000000000000000000000000000000000000000000aa";

/// Every sample of both packs that a person could print.
const SAMPLES: [(&str, &str); 8] = [
    ("plc_application", "empty"),
    ("plc_application", "typical"),
    ("plc_application", "fullest"),
    ("plc_application", "wrong"),
    ("plc_budget", "empty"),
    ("plc_budget", "typical"),
    ("plc_budget", "fullest"),
    ("plc_budget", "wrong"),
];

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

#[test]
fn samples_print_within_the_margins_with_a_qr_on_every_page() {
    for (form, sample) in SAMPLES {
        let case = Case::sample(form, sample);
        let printed = render(&FONTS, &case.request()).unwrap();
        assert!(printed.pdf.starts_with(b"%PDF-"), "{form} {sample}");
        let document = case.set();
        for (text, area) in texts(&document) {
            let in_footer = area.y > BOTTOM;
            let fits = area.x >= LEFT - SLACK
                && area.x + area.width <= RIGHT + SLACK
                && area.y >= TOP - SLACK
                && area.y + area.height <= if in_footer { PAGE.1 - 14.0 } else { BOTTOM + SLACK };
            assert!(fits, "{form} {sample}: {text:?} at {area:?} leaves the page");
        }
        let pages = printed.layout.pages;
        assert_eq!(printed.layout.qr.len(), pages as usize, "{form} {sample}");
        let wanted: Vec<Vec<String>> = (1..=pages)
            .map(|page| {
                let short_hash = HASH[..8].to_owned();
                let case_id = Some(CASE.parse().unwrap());
                let form = case.form.id.clone();
                vec![QrTag { case: case_id, form, version: 111, revision: 3, page, pages, short_hash }.to_string()]
            })
            .collect();
        assert_eq!(read_qr(&document), wanted, "{form} {sample}");
        for qr in &printed.layout.qr {
            // 20 mm, with four of its 37 modules of quiet around it.
            assert!((qr.width - 56.69).abs() < 0.1 && (qr.height - 56.69).abs() < 0.1, "{qr:?}");
            let quiet = 4.0 / 37.0 * qr.width;
            let near = texts(&document).into_iter().find(|(_, text)| {
                text.page == qr.page && overlap(text, &Area { x: qr.x - quiet, y: qr.y - quiet, width: qr.width + 2.0 * quiet, height: qr.height + 2.0 * quiet, ..*qr })
            });
            assert_eq!(near, None, "{form} {sample}");
        }
    }
}

fn overlap(a: &Area, b: &Area) -> bool {
    a.page == b.page && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

#[test]
fn page_counts() {
    for (form, sample, pages) in
        [("plc_application", "typical", 2), ("plc_application", "fullest", 11), ("plc_budget", "typical", 1), ("plc_budget", "fullest", 1)]
    {
        assert_eq!(render(&FONTS, &Case::sample(form, sample).request()).unwrap().layout.pages, pages, "{form} {sample}");
    }
}

#[test]
fn sign_cells_lie_empty_inside_the_page_and_apart() {
    for (form, sample) in SAMPLES {
        let case = Case::sample(form, sample);
        let document = case.set();
        let cells = places::find(&document).sign_cells;
        let keys: Vec<&str> = cells.iter().map(|cell| cell.cell.as_str()).collect();
        assert_eq!(keys, case.form.sign_cells().collect::<Vec<_>>(), "{form} {sample}");
        let last = u32::try_from(document.pages().len()).unwrap();
        for (number, cell) in cells.iter().enumerate() {
            let area = cell.area;
            assert_eq!(area.page, last, "{form} {sample}");
            let inside = area.x >= LEFT - SLACK && area.x + area.width <= RIGHT + SLACK && area.y >= TOP && area.y + area.height <= BOTTOM + SLACK;
            assert!(inside && area.width > 60.0 && area.height > 60.0, "{form} {sample}: {cell:?}");
            assert!(cells[..number].iter().all(|other| !overlap(&other.area, &area)), "{form} {sample}: {cell:?}");
            let text = texts(&document).into_iter().find(|(_, text)| overlap(text, &area));
            assert_eq!(text, None, "{form} {sample}: {cell:?} is not empty");
        }
        if form == "plc_application" {
            // At least 4.5 cm for the seals, down to the end of the page (forms.md §2.1, note 5).
            let area = cells[0].area;
            assert!(area.height > 127.0 && area.y + area.height > BOTTOM - 2.0, "{sample}: {area:?}");
        }
    }
}

#[test]
fn every_answer_is_on_the_paper() {
    let case = Case::sample("plc_application", "typical");
    let text = all_text(&case.set());
    for wanted in [
        "111學年度 連江縣 縣立介壽國(中)小",
        "教育部補助辦理 教師專業學習社群申請表",
        "我愛上學",
        "◉同校",
        "○跨校",
        "■公開授課(備觀議課)",
        "□彈性學習課程規劃",
        "陳喆",
        "共 5 人",
        "111年9月14日",
        "13:30–15:30",
        "至少進行1場次的校內外成果發表會。",
        "本頁下方空白處核章",
        "第 1 頁，共 2 頁",
        "第3版次",
        "3f2a9c1b",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    assert!(!text.contains("草稿"));
    let text = all_text(&Case::sample("plc_budget", "typical").set());
    for wanted in ["1-1.外聘講座鐘點費1", "2,000", "6,000", "19,000", "連江縣 / 南竿鄉", "會(主)計主任", "人次"] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
}

#[test]
fn hidden_fields_do_not_print() {
    let mut case = Case::sample("plc_application", "typical");
    case.answers.0.insert("plc_contents_other".to_owned(), json!("不該印出"));
    case.answers.0.insert("partner_schools".to_owned(), json!([{ "school_name": "不該印出" }]));
    assert!(!all_text(&case.set()).contains("不該印出"));
}

#[test]
fn a_draft_is_marked_on_every_page() {
    let mut case = Case::sample("plc_application", "typical");
    case.tag = Tag::Draft;
    let document = case.set();
    let short = "草稿　00000000";
    assert_eq!(texts(&document).iter().filter(|(text, _)| text.contains(short)).count(), document.pages().len());
    assert_eq!(read_qr(&document)[0], ["PT1 - plc_application 111 0 1/2 00000000"]);
}

#[test]
fn hostile_text_prints_literally() {
    let hostile = [
        "#import \"/answers.json\": *",
        "] } ) $ x^2 $ *bold* _it_ `raw` <label> @ref",
        "\\ \\u{41} // no comment /* nor this */",
        "= heading",
        "\"; #panic(\"out\")",
        "#eval(\"1\")",
    ];
    for text in hostile {
        let mut case = Case::sample("plc_application", "typical");
        for key in ["plc_name", "plc_summary", "convener_name", "school_name", "plc_level", "school_scope"] {
            case.answers.0.insert(key.to_owned(), json!(text));
        }
        case.answers.0.insert("schedule".to_owned(), json!([{ "activity": text, "place": text, "session_date": text, "mode": text }]));
        let bare = |text: &str| text.replace([' ', '\n'], "");
        let found = bare(&all_text(&case.set())).matches(&bare(text)).count();
        // plc_level is a list's value; school_scope prints its own options only.
        assert_eq!(found, 9, "{text}");
        render(&FONTS, &case.request()).unwrap();
    }
}

#[test]
fn a_word_without_end_breaks_instead_of_leaving_its_cell() {
    for sign in ["W", "字", "a@b.", "行\n"] {
        let long = sign.repeat(1_000);
        let mut case = Case::sample("plc_application", "typical");
        for key in ["plc_name", "plc_summary", "convener_phone"] {
            case.answers.0.insert(key.to_owned(), json!(long));
        }
        case.answers.0.insert("schedule".to_owned(), json!([{ "activity": sign.repeat(10_000 / sign.len()), "place": long.chars().take(30).collect::<String>() }]));
        case.answers.0.insert("members".to_owned(), json!([{ "name": long }]));
        for (text, area) in texts(&case.set()) {
            assert!(area.x + area.width <= RIGHT + SLACK, "{text:?} at {area:?}");
            assert!(area.y + area.height <= PAGE.1 - 14.0, "{text:?} at {area:?}");
        }
    }
}

#[test]
fn answers_of_any_shape_print() {
    let shapes = [json!(null), json!(7), json!("字"), json!([]), json!([1, null, {}]), json!({}), json!({ "quantity": "x" }), json!(true)];
    for form in ["plc_application", "plc_budget"] {
        for shape in &shapes {
            let (def, _) = Packs::built_in().for_year(&form.parse().unwrap(), PlanYear(111)).unwrap();
            let answers = def.fields().map(|field| (field.key.clone(), shape.clone())).collect();
            let case = Case::new(form, Answers(answers));
            render(&FONTS, &case.request()).unwrap();
        }
    }
}

#[test]
fn characters_without_a_glyph_are_listed_and_replaced() {
    check_glyphs("陳喆 林峯 張堃", &[]);
    check_glyphs("曾\u{20BB7}與\u{20BB7}", &["\u{20BB7}"]);
    check_glyphs("\u{E000}😀甲", &["\u{E000}", "😀"]);
    // A variation selector that the font does not have is named with its character.
    check_glyphs("甲\u{E0101}", &["甲\u{E0101}"]);
    // Marks without ink are not missing, they are left out.
    check_glyphs("a\u{202E}b\u{200B}\u{FEFF}\u{7}", &[]);

    let case = Case::sample("plc_application", "fullest");
    let printed = render(&FONTS, &case.request()).unwrap();
    assert_eq!(printed.missing_glyphs, ["\u{20BB7}"]);
    assert!(all_text(&case.set()).contains("曾〓"));
}

fn check_glyphs(text: &str, wanted: &[&str]) {
    assert_eq!(missing_glyphs(&FONTS, Typeface::Serif, [text]), wanted, "{text:?}");
}

#[test]
fn the_same_request_gives_the_same_bytes_and_a_tagged_titled_pdf() {
    let case = Case::sample("plc_budget", "typical");
    let first = render(&FONTS, &case.request()).unwrap();
    render(&FONTS, &Case::sample("plc_application", "fullest").request()).unwrap();
    assert_eq!(first, render(&FONTS, &case.request()).unwrap());
    let has = |wanted: &[u8]| first.pdf.windows(wanted.len()).any(|bytes| bytes == wanted);
    for wanted in ["/MarkInfo", "/StructTreeRoot", "/Lang(zh-TW)", "pdfuaid:part", "/DisplayDocTitle true"] {
        assert!(has(wanted.as_bytes()), "{wanted}");
    }
    assert!(!has(b"/CreationDate") && !has(b"xmp:CreateDate"));
}

#[test]
fn the_live_paper_knows_where_each_field_stands() {
    let case = Case::sample("plc_application", "typical");
    let pictures = Preview::new(FONTS.clone()).pages(&case.request()).unwrap();
    assert_eq!(pictures.pages.len(), 2);
    assert!(pictures.pages.iter().all(|page| page.starts_with("<svg")));
    assert!((pictures.width_pt - PAGE.0).abs() < 0.1 && (pictures.height_pt - PAGE.1).abs() < 0.1);
    let keys: Vec<&str> = pictures.fields.iter().map(|place| place.field.as_str()).collect();
    let printed = case.form.fields().filter(|field| field.takes_answer() && case.answers.get(&field.key).is_some());
    for field in printed.map(|field| field.key.as_str()).filter(|key| !["members", "schedule"].contains(key)) {
        assert!(keys.contains(&field), "{field} has no place");
    }
    for column in ["session_date", "start_time", "activity", "mode", "speaker", "place"] {
        assert!(keys.contains(&format!("schedule.5.{column}").as_str()), "{column} has no place");
    }
    for place in &pictures.fields {
        let area = place.area;
        let inside = area.x >= LEFT - SLACK && area.x + area.width <= RIGHT + SLACK && area.y >= TOP - SLACK && area.y + area.height <= BOTTOM + SLACK;
        assert!(inside && area.width > 10.0, "{place:?}");
    }
}

#[test]
fn what_cannot_be_set_is_an_error() {
    let mut case = Case::sample("plc_budget", "typical");
    let mut kai = case.request();
    kai.typeface = Typeface::Kai;
    if !FONTS.has(Typeface::Kai) {
        assert_eq!(render(&FONTS, &kai), Err(PrintError::NoTypeface(Typeface::Kai)));
    }
    let mut newer = case.form.clone();
    newer.version = 999;
    case.tag = Tag::Draft;
    let request = PrintRequest { form: &newer, ..case.request() };
    assert_eq!(render(&FONTS, &request), Err(PrintError::NoLayout { form: "plc_budget".to_owned(), version: 999 }));
    assert!(Fonts::load([b"no font".to_vec()]).is_err());
}
