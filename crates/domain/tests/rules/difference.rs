//! What changed between two versions: the pieces always make both, and say what a person would say.

use crate::sample::pack_answers;
use domain::form::{Answers, Change, FormDef, RowChange, RowFate, Span, SpanKind, difference, spans};
use proptest::prelude::*;
use serde_json::{Value, json};

fn side(spans: &[Span], without: SpanKind) -> String {
    spans.iter().filter(|span| span.kind != without).map(|span| span.text.as_str()).collect()
}

/// 「人人[-都-]{+能+}學」.
fn drawn(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span.kind {
            SpanKind::Same => span.text.clone(),
            SpanKind::Removed => format!("[-{}-]", span.text),
            SpanKind::Added => format!("{{+{}+}}", span.text),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn pieces_make_the_old_and_the_new_text(old in "[a-c學習社群，。 \n0-2𠮷é]{0,40}", new in "[a-c學習社群，。 \n0-2𠮷é]{0,40}") {
        let found = spans(&old, &new);
        prop_assert_eq!(side(&found, SpanKind::Added), old);
        prop_assert_eq!(side(&found, SpanKind::Removed), new);
        prop_assert!(found.iter().all(|span| !span.text.is_empty()));
        prop_assert!(found.windows(2).all(|two| two[0].kind != two[1].kind), "neighbours differ: {:?}", found);
    }

    #[test]
    fn rows_make_the_old_and_the_new_table(old in prop::collection::vec(0_u8..5, 0..8), new in prop::collection::vec(0_u8..5, 0..8)) {
        let table = |rows: &[u8]| -> Value {
            rows.iter().map(|kind| json!({ "name": format!("老師{kind}"), "duty": if *kind > 2 { "導師" } else { "科任" } })).collect()
        };
        let (form, answers) = pack_answers("plc_application");
        let with = |rows: &[u8]| {
            let mut answers = answers.clone();
            answers.0.insert("members".to_owned(), table(rows));
            answers
        };
        let found = difference((form, &with(&old)), (form, &with(&new)));
        if old == new {
            prop_assert!(found.is_empty());
            return Ok(());
        }
        let Some(Change::Rows { columns, rows }) = found.first().map(|change| &change.change) else { panic!("{found:?}") };
        let names = |without: SpanKind, number: fn(&RowChange) -> Option<u32>| -> Vec<(u32, String)> {
            rows.iter().filter_map(|row| Some((number(row)?, side(&row.cells[0], without)))).collect()
        };
        let wanted = |rows: &[u8]| -> Vec<(u32, String)> { (1..).zip(rows).map(|(number, kind)| (number, format!("老師{kind}"))).collect() };
        prop_assert_eq!(names(SpanKind::Added, |row| row.old), wanted(&old));
        prop_assert_eq!(names(SpanKind::Removed, |row| row.new), wanted(&new));
        prop_assert!(rows.iter().all(|row| row.cells.len() == columns.len()));
    }
}

#[test]
fn texts_are_compared_as_one_reads_them() {
    let cases = [
        ("落實素養導向教學。", "落實素養導向的教學。", "落實素養導向{+的+}教學。"),
        ("每月共備 2 次", "每月共備 12 次", "每月共備 [-2-]{+12+} 次"),
        ("learn together", "learning together", "[-learn-]{+learning+} together"),
        ("", "新的", "{+新的+}"),
        ("舊的", "", "[-舊的-]"),
        // One sign that happens to be the same is no island between two changes.
        ("讀書會分享的心得", "公開課觀察的紀錄", "[-讀書會分享的心得-]{+公開課觀察的紀錄+}"),
        ("第一行\n第二行", "第一行\n改過的第二行", "第一行\n{+改過的+}第二行"),
    ];
    for (old, new, wanted) in cases {
        assert_eq!(drawn(&spans(old, new)), wanted, "{old} → {new}");
    }
}

#[test]
fn endless_texts_are_replaced_whole() {
    let (old, new) = ("學".repeat(100_000), "習".repeat(100_000));
    assert_eq!(spans(&old, &new).len(), 2);
}

fn changed(form: &FormDef, old: &Answers, new: &Answers) -> Vec<(String, String)> {
    let words = |change: Change| match change {
        Change::Text { spans } => drawn(&spans),
        Change::Rows { rows, .. } => rows
            .iter()
            .filter(|row| row.fate != RowFate::Same)
            .map(|row| {
                let cells: Vec<String> =
                    row.cells.iter().map(|cell| drawn(cell)).filter(|cell| !cell.is_empty()).collect();
                format!("{:?} {:?}→{:?}: {}", row.fate, row.old.unwrap_or(0), row.new.unwrap_or(0), cells.join(" | "))
            })
            .collect::<Vec<_>>()
            .join("\n"),
    };
    difference((form, old), (form, new)).into_iter().map(|change| (change.field, words(change.change))).collect()
}

#[test]
fn a_corrected_application_shows_what_a_reviewer_looks_for() {
    let (form, old) = pack_answers("plc_application");
    assert_eq!(changed(form, &old, &old), []);
    let mut new = old.clone();
    new.0.insert("plc_name".to_owned(), json!("我愛上學囉"));
    let rows = new.0.get_mut("schedule").and_then(Value::as_array_mut).expect("the sample has a schedule");
    let (first, count) = (rows[0].clone(), rows.len());
    rows[1]["session_date"] = json!("2022-10-05");
    // A session put in at the top moves all the others, and changes none of them.
    let mut session = first;
    session["activity"] = json!("全新的一場：校外參訪與討論");
    session["session_date"] = json!("2022-09-01");
    session["place"] = json!("校外");
    rows.insert(0, session);
    let found = changed(form, &old, &new);
    assert_eq!(found[0], ("plc_name".to_owned(), "我愛上學{+囉+}".to_owned()));
    assert_eq!((found.len(), found[1].0.as_str()), (2, "schedule"));
    let lines: Vec<&str> = found[1].1.lines().collect();
    assert_eq!(lines.len(), 2, "of {count} rows, one is new and one changed: {lines:?}");
    assert!(lines[0].starts_with("Added 0→1: {+111/09/01+}"), "{lines:?}");
    assert!(lines[1].starts_with("Changed 2→3: [-") && lines[1].contains("{+111/10/05+}"), "{lines:?}");
}

#[test]
fn values_are_shown_as_on_the_paper() {
    let (form, old) = pack_answers("plc_budget");
    let key = form.fields().find(|field| matches!(field.kind, domain::form::FieldKind::Line { .. })).expect("a line");
    let line = |quantity: u32, note: &str| json!({ "quantity": quantity, "unit_price": 2000, "note": note });
    let with = |line: Value| {
        let mut answers = old.clone();
        answers.0.insert(key.key.clone(), line);
        answers
    };
    let found = changed(form, &with(line(3, "外聘")), &with(line(5, "外聘")));
    let unit = match &key.kind {
        domain::form::FieldKind::Line { unit, .. } => unit.zh.clone(),
        _ => unreachable!("it was looked for"),
    };
    assert_eq!(found, [(key.key.clone(), format!("[-3-]{{+5+}} {unit} × 2,000 元 外聘"))]);
}

/// A field that a later version of the form does not ask for is not forgotten: its answer went away.
#[test]
fn versions_of_the_form_may_differ() {
    let id = "plc_application".parse().expect("a form's id");
    let packs = domain::form::Packs::built_in();
    let (before, now) = (packs.get(&id, 110).expect("known").0, packs.get(&id, 111).expect("known").0);
    let old: Answers = serde_json::from_value(json!({ "plc_name": "我愛上學" })).expect("answers");
    let new: Answers =
        serde_json::from_value(json!({ "plc_name": "我愛上學", "apply_funding": "是" })).expect("answers");
    let found = difference((before, &old), (now, &new));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].field, "apply_funding");
    let back = difference((now, &new), (before, &old));
    assert_eq!(back[0].change, Change::Text { spans: vec![Span { kind: SpanKind::Removed, text: "是".to_owned() }] });
}
