//! What a QR says, and which scans belong to which print.

use crate::sample::form_id;
use domain::{
    ids::CaseId,
    paper::{ForeignQr, PrintKey, QrTag, ScanMismatch, ScannedPage, bind_scan},
};
use proptest::prelude::*;
use uuid::Uuid;

const TEXT: &str = "PT1 0190a5b8c7d07def8abc0123456789ab plc_application 111 2 1/3 0a1b2c3d";

fn tag(page: u32) -> QrTag {
    QrTag { page, ..TEXT.parse().unwrap() }
}

#[test]
fn a_tag_says_what_its_text_says() {
    let tag: QrTag = TEXT.parse().unwrap();
    assert_eq!(tag.case, Some(CaseId("0190a5b8-c7d0-7def-8abc-0123456789ab".parse().unwrap())));
    assert_eq!((tag.form.as_str(), tag.version, tag.revision), ("plc_application", 111, 2));
    assert_eq!((tag.page, tag.pages, tag.short_hash.as_str()), (1, 3, "0a1b2c3d"));
    let draft: QrTag = "PT1 - plc_budget 111 0 1/1 ffffffff".parse().unwrap();
    assert_eq!((draft.case, draft.revision), (None, 0));
}

#[test]
fn other_texts_are_foreign() {
    let id = "0190a5b8c7d07def8abc0123456789ab";
    #[rustfmt::skip]
    let texts = [
        String::new(),
        "PT1".to_owned(),
        "https://example.org/PT1".to_owned(),
        format!("PT2 {id} plc_budget 111 2 1/3 0a1b2c3d"),
        format!("pt1 {id} plc_budget 111 2 1/3 0a1b2c3d"),
        format!(" PT1 {id} plc_budget 111 2 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 1/3 0a1b2c3d "),
        format!("PT1 {id} plc_budget 111 2 1/3 0a1b2c3d x"),
        format!("PT1  {id} plc_budget 111 2 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 1/3\n0a1b2c3d"),
        format!("PT1 {{{id}}} plc_budget 111 2 1/3 0a1b2c3d"),
        format!("PT1 {} plc_budget 111 2 1/3 0a1b2c3d", id.to_uppercase()),
        "PT1 0190a5b8-c7d0-7def-8abc-0123456789ab plc_budget 111 2 1/3 0a1b2c3d".to_owned(),
        "PT1 x plc_budget 111 2 1/3 0a1b2c3d".to_owned(),
        format!("PT1 {id} Plc 111 2 1/3 0a1b2c3d"),
        format!("PT1 {id} ../etc 111 2 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget -1 2 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget +111 2 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 0111 2 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 99999999999 1/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 0/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 4/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 1 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 1/3/3 0a1b2c3d"),
        format!("PT1 {id} plc_budget 111 2 1/3 0a1b2c3"),
        format!("PT1 {id} plc_budget 111 2 1/3 0a1b2c3g"),
        format!("PT1 {id} plc_budget 111 2 1/3 0A1B2C3D"),
        format!("PT1 {id} plc_budget 111 2 1/3 零零"),
    ];
    for text in texts {
        assert_eq!(text.parse::<QrTag>(), Err(ForeignQr), "{text:?}");
    }
}

fn print() -> PrintKey {
    PrintKey {
        case: tag(1).case.unwrap(),
        form: form_id("plc_application"),
        revision: 2,
        hash: format!("0a1b2c3d{}", "4e".repeat(28)),
        pages: 3,
    }
}

fn scanned(qr: Option<QrTag>) -> ScannedPage {
    ScannedPage { source: "scan.pdf".to_owned(), rotation: 0, skew_deg: 0.0, qr, stamps: Vec::new() }
}

#[test]
fn every_mismatch() {
    use ScanMismatch as M;
    /// Name, the QR of each scanned page, what is said.
    type Row = (&'static str, Vec<Option<QrTag>>, Result<(), M>);
    let other = |change: &dyn Fn(&mut QrTag)| {
        let mut tag = tag(2);
        change(&mut tag);
        Some(tag)
    };
    let (one, two, three) = (Some(tag(1)), Some(tag(2)), Some(tag(3)));
    let other_case = || other(&|tag| tag.case = Some(CaseId(Uuid::from_u128(9))));
    let draft = || other(&|tag| tag.case = None);
    let other_form = || other(&|tag| tag.form = form_id("plc_budget"));
    let older = || other(&|tag| tag.revision = 1);
    let changed = || other(&|tag| tag.short_hash = "ffffffff".to_owned());
    let unhashed = || other(&|tag| tag.short_hash = String::new());
    let of_four = || other(&|tag| tag.pages = 4);
    let longer = || other(&|tag| (tag.page, tag.pages) = (4, 4));
    let other_revision = |found| Err(M::OtherRevision { page: 2, found, wanted: 2 });
    let missing = |missing: &[u32]| Err(M::PagesMissing { missing: missing.to_vec(), pages: 3 });
    #[rustfmt::skip]
    let rows: Vec<Row> = vec![
        ("the print",                  vec![one.clone(), two.clone(), three.clone()],        Ok(())),
        ("in another order",           vec![three.clone(), one.clone(), two.clone()],        Ok(())),
        ("one page not readable",      vec![one.clone(), None, three.clone()],               Ok(())),
        ("no pages",                   vec![],                                               Err(M::QrUnreadable)),
        ("nothing readable",           vec![None, None, None],                               Err(M::QrUnreadable)),
        ("another case",               vec![one.clone(), other_case(), three.clone()],       Err(M::OtherCase { page: 2 })),
        ("a 草稿",                     vec![one.clone(), draft(), three.clone()],            Err(M::OtherCase { page: 2 })),
        ("another form",               vec![one.clone(), other_form(), three.clone()],       Err(M::OtherForm { page: 2, form: "plc_budget".to_owned() })),
        ("an older print",             vec![one.clone(), older(), three.clone()],            other_revision(1)),
        ("other content",              vec![one.clone(), changed(), three.clone()],          other_revision(2)),
        ("no hash at all",             vec![one.clone(), unhashed(), three.clone()],         other_revision(2)),
        ("a print of more pages",      vec![one.clone(), longer(), None, None],              other_revision(2)),
        ("a page of a longer print",   vec![one.clone(), of_four(), three.clone()],          other_revision(2)),
        ("a page missing",             vec![one.clone(), three.clone()],                     missing(&[2])),
        ("two pages missing",          vec![two.clone()],                                    missing(&[1, 3])),
        ("missing, one not readable",  vec![two.clone(), None],                              missing(&[1, 3])),
        ("a page twice",               vec![one.clone(), two.clone(), two.clone(), three.clone()], Err(M::PageTwice { page: 2 })),
        ("a blank back side",          vec![one, two, three, None],                          Err(M::PagesExtra { extra: 1, pages: 3 })),
    ];
    for (name, qrs, expected) in rows {
        let scan: Vec<ScannedPage> = qrs.into_iter().map(scanned).collect();
        assert_eq!(bind_scan(&print(), &scan), expected, "{name}");
    }
}

prop_compose! {
    fn some_tag()(
        case in proptest::option::of(any::<u128>()), form in "[a-z][a-z0-9_]{0,63}", version: u32, revision: u32,
        (page, pages) in (1..u32::MAX).prop_flat_map(|pages| (1..=pages, Just(pages))), short_hash in "[0-9a-f]{8}",
    ) -> QrTag {
        QrTag { case: case.map(|id| CaseId(Uuid::from_u128(id))), form: form_id(&form), version, revision, page, pages, short_hash }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_tag_is_read_as_it_was_written(tag in some_tag()) {
        prop_assert_eq!(tag.to_string().parse::<QrTag>(), Ok(tag));
    }

    /// Whatever a camera reads: it is refused, or it is exactly what we would have written.
    #[test]
    fn hostile_texts_are_refused_or_ours(text in prop_oneof![
        any::<String>(),
        "PT1( [-+0-9a-f{}/_a-z]{0,40}){0,8}",
        (some_tag(), any::<proptest::sample::Index>(), any::<char>()).prop_map(|(tag, at, c)| {
            let mut text: Vec<char> = tag.to_string().chars().collect();
            let at = at.index(text.len());
            text[at] = c;
            text.into_iter().collect()
        }),
    ]) {
        if let Ok(tag) = text.parse::<QrTag>() {
            prop_assert_eq!(tag.to_string(), text);
        }
    }

    /// No scan at all makes it fall over, and what it takes is the whole print.
    #[test]
    fn a_scan_that_is_taken_is_whole(pages in proptest::collection::vec(proptest::option::of(0..6_u32), 0..6)) {
        let scan: Vec<ScannedPage> = pages.iter().map(|page| scanned(page.map(tag))).collect();
        if bind_scan(&print(), &scan).is_ok() {
            prop_assert_eq!(scan.len(), 3);
        }
    }
}
