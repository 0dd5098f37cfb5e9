//! Where things stand: margins, QR codes, sign cells, the live paper.

use super::*;
use crate::render_all;

#[test]
fn samples_print_within_the_margins_with_a_qr_on_every_page() {
    for (form, sample) in samples() {
        let case = Case::of(form, sample);
        let form = format!("{} v{}", form.id, form.version);
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
                let (form, version) = (case.form.id.clone(), case.form.version);
                vec![QrTag { case: case_id, form, version, revision: 3, page, pages, short_hash }.to_string()]
            })
            .collect();
        assert_eq!(read_qr(&document), wanted, "{form} {sample}");
        for qr in &printed.layout.qr {
            // 20 mm, with four of its 37 modules of quiet around it.
            assert!((qr.width - 56.69).abs() < 0.1 && (qr.height - 56.69).abs() < 0.1, "{qr:?}");
            let quiet = 4.0 / 37.0 * qr.width;
            let near = texts(&document).into_iter().find(|(_, text)| {
                text.page == qr.page
                    && overlap(
                        text,
                        &Area {
                            x: qr.x - quiet,
                            y: qr.y - quiet,
                            width: qr.width + 2.0 * quiet,
                            height: qr.height + 2.0 * quiet,
                            ..*qr
                        },
                    )
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
    for (form, sample, pages) in [
        ("plc_application", "typical", 2),
        ("plc_application", "fullest", 11),
        ("plc_budget", "typical", 1),
        ("plc_budget", "fullest", 1),
    ] {
        assert_eq!(
            render(&FONTS, &Case::sample(form, sample).request()).unwrap().layout.pages,
            pages,
            "{form} {sample}"
        );
    }
}

#[test]
fn sign_cells_lie_empty_inside_the_page_and_apart() {
    for (form, sample) in samples() {
        let case = Case::of(form, sample);
        let form = format!("{} v{}", form.id, form.version);
        let document = case.set();
        let cells = crate::places::find(&document).sign_cells;
        let keys: Vec<&str> = cells.iter().map(|cell| cell.cell.as_str()).collect();
        assert_eq!(keys, case.form.sign_cells().collect::<Vec<_>>(), "{form} {sample}");
        let last = u32::try_from(document.pages().len()).unwrap();
        for (number, cell) in cells.iter().enumerate() {
            let area = cell.area;
            assert_eq!(area.page, last, "{form} {sample}");
            let inside = area.x >= LEFT - SLACK
                && area.x + area.width <= RIGHT + SLACK
                && area.y >= TOP
                && area.y + area.height <= BOTTOM + SLACK;
            assert!(inside && area.width > 60.0 && area.height > 60.0, "{form} {sample}: {cell:?}");
            assert!(cells[..number].iter().all(|other| !overlap(&other.area, &area)), "{form} {sample}: {cell:?}");
            let text = texts(&document).into_iter().find(|(_, text)| overlap(text, &area));
            assert_eq!(text, None, "{form} {sample}: {cell:?} is not empty");
        }
        if case.form.id.as_str() == "plc_application" {
            // At least 5 cm for the seals, down to the end of the page (forms.md §2.1, note 5).
            let area = cells[0].area;
            assert!(area.height > 5.0 / 2.54 * 72.0 && area.y + area.height > BOTTOM - 2.0, "{sample}: {area:?}");
        }
    }
}

#[test]
fn a_word_without_end_breaks_instead_of_leaving_its_cell() {
    for sign in ["W", "字", "a@b.", "行\n"] {
        let long = sign.repeat(300);
        let mut case = Case::sample("plc_application", "typical");
        for key in ["plc_name", "plc_summary", "convener_phone"] {
            case.answers.0.insert(key.to_owned(), json!(long));
        }
        case.answers.0.insert("schedule".to_owned(), json!([{ "activity": sign.repeat(10_000 / sign.len()), "place": long.chars().take(30).collect::<String>() }]));
        case.answers.0.insert("members".to_owned(), json!([{ "name": long }]));
        let mut budget = Case::sample("plc_budget", "typical");
        budget.answers.0.insert("misc".to_owned(), json!({ "quantity": 1, "unit_price": 1, "note": long }));
        budget.answers.0.insert("county_district".to_owned(), json!(long));
        for (text, area) in [case.set(), budget.set()].iter().flat_map(texts) {
            assert!(area.x + area.width <= RIGHT + SLACK, "{text:?} at {area:?}");
            assert!(area.y + area.height <= PAGE.1 - 14.0, "{text:?} at {area:?}");
        }
    }
}

#[test]
fn the_live_paper_knows_where_each_field_stands() {
    let case = Case::sample("plc_application", "typical");
    let pictures = preview(&FONTS, &case.request(), &[]).unwrap();
    assert_eq!(pictures, preview(&FONTS, &case.request(), &[]).unwrap());
    assert_eq!(pictures.pages.len(), 2);
    assert!(pictures.pages.iter().all(|page| page.svg.as_ref().unwrap().starts_with("<svg")));
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
        let inside = area.x >= LEFT - SLACK
            && area.x + area.width <= RIGHT + SLACK
            && area.y >= TOP - SLACK
            && area.y + area.height <= BOTTOM + SLACK;
        assert!(inside && area.width > 10.0, "{place:?}");
    }
}

#[test]
fn the_live_paper_follows_every_edit() {
    let mut case = Case::sample("plc_application", "typical");
    let before = preview(&FONTS, &case.request(), &[]).unwrap().pages;
    case.answers.0.insert("plc_name".to_owned(), json!("我愛下雨"));
    let after = preview(&FONTS, &case.request(), &[]).unwrap().pages;
    assert_ne!(before[0].hash, after[0].hash);
    assert_ne!(before[0].svg, after[0].svg);
    assert_eq!(before[1], after[1]);
}

/// A page whose picture the caller holds comes without it, and every other page with it.
#[test]
fn the_live_paper_sends_only_pages_that_changed() {
    let mut case = Case::sample("plc_application", "typical");
    let before = preview(&FONTS, &case.request(), &[]).unwrap().pages;
    let held: Vec<String> = before.iter().map(|page| page.hash.clone()).collect();
    case.answers.0.insert("plc_name".to_owned(), json!("我愛下雪"));
    let whole = preview(&FONTS, &case.request(), &[]).unwrap().pages;
    let after = preview(&FONTS, &case.request(), &held).unwrap().pages;
    assert_eq!(after[0], whole[0]);
    assert_eq!((&after[1].hash, &after[1].svg), (&whole[1].hash, &None));
    assert_eq!(before[1].hash, after[1].hash);
}

/// Papers that are set beside each other are those that are set one after another, each in its place.
#[test]
fn many_papers_at_once_are_the_same_papers() {
    let cases: Vec<Case> = samples().take(12).map(|(form, sample)| Case::of(form, sample)).collect();
    let requests: Vec<PrintRequest<'_>> = cases.iter().map(Case::request).collect();
    let together = render_all(&FONTS, &requests);
    assert_eq!(together.len(), requests.len());
    for (request, printed) in requests.iter().zip(together) {
        let (alone, printed) = (render(&FONTS, request).unwrap(), printed.unwrap());
        assert!(alone.pdf == printed.pdf, "{} is another paper", request.form.id);
        assert_eq!(alone.layout, printed.layout);
    }
    assert!(render_all(&FONTS, &[]).is_empty());
}
