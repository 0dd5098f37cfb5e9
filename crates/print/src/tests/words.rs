//! What the paper says: every answer, nothing hidden, no text read as markup, no character lost in silence.

use super::*;

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
    for wanted in ["1-1.外聘講座鐘點費1", "2,000", "6,000", "19,000", "連江縣 / 南竿鄉", "會(主)計主任", "人次"]
    {
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
        "#import \"/paper.json\": *",
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
        case.answers.0.insert(
            "schedule".to_owned(),
            json!([{ "activity": text, "place": text, "session_date": text, "mode": text }]),
        );
        let bare = |text: &str| text.replace([' ', '\n'], "");
        let found = bare(&all_text(&case.set())).matches(&bare(text)).count();
        // plc_level is a list's value; school_scope prints its own options only.
        assert_eq!(found, 9, "{text}");
        render(&FONTS, &case.request()).unwrap();
    }
}

#[test]
fn answers_of_any_shape_print() {
    let shapes = [
        json!(null),
        json!(7),
        json!("字"),
        json!([]),
        json!([1, null, {}]),
        json!({}),
        json!({ "quantity": "x" }),
        json!(true),
    ];
    for (form, _) in Packs::built_in().all() {
        for shape in &shapes {
            let answers = form.fields().map(|field| (field.key.clone(), shape.clone())).collect();
            let case = Case::with(form, Answers(answers));
            render(&FONTS, &case.request()).unwrap_or_else(|why| panic!("{}: {shape}: {why}", form.id));
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
