//! The one judge of answers: a table for every kind of field, and what holds for any JSON at all.

use crate::sample::{answers, form_id, policy};
use domain::{
    form::{Answers, FormDef, FormRef, Level, NAMED_CHECKS, Packs, check, content_hash},
    policy::Policy,
    time::PlanYear,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// One field of every kind, each beside what its kind can be given.
const EVERY_KIND: &str = r#"
id = "every_kind"
version = 1
plan_year = 111
title = { zh = "各種欄位", en = "Every kind" }
name = { zh = "各種欄位", en = "Every kind" }
checks = ["schedule_times"]
[[sections]]
key = "all"
title = { zh = "全部", en = "All" }
fields = [
    { key = "text", kind = "text", label = { zh = "甲", en = "A" }, min_chars = 2, max_chars = 5 },
    { key = "needed", kind = "text", label = { zh = "甲", en = "A" }, required = true },
    { key = "email", kind = "text", label = { zh = "甲", en = "A" }, pattern = "email" },
    { key = "phone", kind = "text", label = { zh = "甲", en = "A" }, pattern = "phone" },
    { key = "school_code", kind = "text", label = { zh = "甲", en = "A" }, pattern = "school_code" },
    { key = "long_text", kind = "long_text", label = { zh = "甲", en = "A" }, min_chars = 3, max_chars = 6 },
    { key = "integer", kind = "integer", label = { zh = "甲", en = "A" }, min = -2, max = 7 },
    { key = "money", kind = "money", label = { zh = "甲", en = "A" }, min = 0 },
    { key = "date", kind = "date", label = { zh = "甲", en = "A" } },
    { key = "plan_date", kind = "date", label = { zh = "甲", en = "A" }, within_plan_year = true },
    { key = "year_month", kind = "year_month", label = { zh = "甲", en = "A" } },
    { key = "time", kind = "time", label = { zh = "甲", en = "A" } },
    { key = "choice", kind = "choice", label = { zh = "甲", en = "A" }, options = [{ zh = "是", en = "Yes" }, { zh = "否", en = "No" }] },
    { key = "why", kind = "text", label = { zh = "甲", en = "A" }, required = true, show_if = { field = "choice", is = "否" } },
    { key = "choices", kind = "choices", label = { zh = "甲", en = "A" }, options = [{ zh = "一", en = "1" }, { zh = "二", en = "2" }, { zh = "三", en = "3" }] },
    { key = "more", kind = "integer", label = { zh = "甲", en = "A" }, show_if = { field = "choices", is = ["二", "三"] } },
    { key = "hidden_rows", kind = "rows", label = { zh = "甲", en = "A" }, max_rows = 2, show_if = { field = "choice", is = "否" }, fields = [{ key = "name", kind = "text", label = { zh = "甲", en = "A" } }] },
    { key = "listed", kind = "choice", label = { zh = "甲", en = "A" }, options_from = "list" },
    { key = "line", kind = "line", label = { zh = "甲", en = "A" }, unit = { zh = "節", en = "period" }, cap = "cap", suggest = "nhi_supplement" },
    { key = "needed_line", kind = "line", label = { zh = "甲", en = "A" }, unit = { zh = "節", en = "period" }, required = true },
    { key = "rows", kind = "rows", label = { zh = "甲", en = "A" }, min_rows = 1, max_rows = 2, fields = [
        { key = "name", kind = "text", label = { zh = "甲", en = "A" }, required = true },
        { key = "is_other", kind = "choice", label = { zh = "甲", en = "A" }, options = [{ zh = "是", en = "Yes" }, { zh = "否", en = "No" }] },
        { key = "other", kind = "text", label = { zh = "甲", en = "A" }, required = true, show_if = { field = "is_other", is = "是" } },
    ] },
    { key = "any_rows", kind = "rows", label = { zh = "甲", en = "A" }, required = true, max_rows = 3, fields = [{ key = "name", kind = "text", label = { zh = "甲", en = "A" } }] },
    { key = "schedule", kind = "rows", label = { zh = "甲", en = "A" }, max_rows = 3, fields = [
        { key = "start_time", kind = "time", label = { zh = "甲", en = "A" } },
        { key = "end_time", kind = "time", label = { zh = "甲", en = "A" } },
    ] },
    { key = "group", kind = "group", label = { zh = "甲", en = "A" }, fields = [
        { key = "name", kind = "text", label = { zh = "甲", en = "A" }, max_chars = 3 },
        { key = "seats", kind = "rows", label = { zh = "甲", en = "A" }, max_rows = 2, fields = [{ key = "row", kind = "integer", label = { zh = "甲", en = "A" }, required = true }] },
    ] },
    { key = "facts", kind = "per_item", label = { zh = "甲", en = "A" }, items_from = "items" },
    { key = "rating", kind = "per_item", label = { zh = "甲", en = "A" }, items_from = "items", required = true, options = [{ zh = "優良", en = "Good" }, { zh = "滿意", en = "Fair" }] },
    { key = "codes", kind = "codes", label = { zh = "甲", en = "A" }, min = 1, max = 10, max_items = 3 },
    { key = "file", kind = "file", label = { zh = "甲", en = "A" } },
    { key = "sign", kind = "sign", label = { zh = "甲", en = "A" } },
    { key = "note", kind = "note", label = { zh = "甲", en = "A" } },
    { key = "computed", kind = "computed", label = { zh = "甲", en = "A" }, formula = "budget_total" },
]
"#;

fn every_kind() -> FormDef {
    FormDef::parse("form.toml", EVERY_KIND, &|name| ["list", "items"].contains(&name), &|name| name == "cap").unwrap()
}

fn rules() -> Policy {
    let mut policy = policy();
    policy.lists.insert("list".to_owned(), serde_json::from_value(json!([{ "zh": "甲類", "en": "A" }])).unwrap());
    let items = json!([{ "code": "A-1", "zh": "甲", "en": "A" }, { "code": "A-2", "zh": "乙", "en": "B" }]);
    policy.lists.insert("items".to_owned(), serde_json::from_value(items).unwrap());
    policy.numbers.insert("cap".to_owned(), 2_000);
    policy
}

/// Answers of the form above against which nothing stands.
fn good() -> Map<String, Value> {
    let value = json!({
        "needed": "有", "needed_line": { "quantity": 1, "unit_price": 1 }, "rows": [{ "name": "王" }], "any_rows": [{}],
        "rating": { "A-1": "優良", "A-2": "滿意" },
    });
    value.as_object().unwrap().clone()
}

/// What is said when `key` has this answer and the others are good: `field code` each.
fn said(form: &FormDef, key: &str, value: Value) -> Vec<String> {
    let mut given = good();
    given.insert(key.to_owned(), value);
    let checked = check(form, Answers(given), &rules());
    let complete = checked.is_complete();
    let said: Vec<String> =
        checked.problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect();
    assert_eq!(complete, said.is_empty(), "every problem of this form is an error");
    said
}

#[test]
fn good_answers_are_complete() {
    let checked = check(&every_kind(), Answers(good()), &rules());
    assert_eq!(checked.problems, []);
    assert_eq!(checked.complete().unwrap().answers(), &Answers(good()));
}

#[test]
fn every_kind_and_code() {
    let form = every_kind();
    let line = |quantity: Value, unit_price: Value| json!({ "quantity": quantity, "unit_price": unit_price });
    let note = |count: usize| json!({ "note": "字".repeat(count) });
    #[rustfmt::skip]
    let cases: Vec<(&str, Value, &[&str])> = vec![
        // Text is counted in code points after trimming; full width, half width and astral characters each count one.
        ("text", json!("王"),                       &["text too_short"]),
        ("text", json!("王明"),                     &[]),
        ("text", json!("\u{3000} 王明 \n"),         &[]),
        ("text", json!("\u{3000} 王 \n"),           &["text too_short"]),
        ("text", json!("五個全形字"),               &[]),
        ("text", json!("六個全形的字"),             &["text too_long"]),
        ("text", json!("abcde"),                    &[]),
        ("text", json!("😀😀😀😀😀"),               &[]),
        ("text", json!("😀😀😀😀😀😀"),             &["text too_long"]),
        ("text", json!("𠮷野家𡈽方"),               &[]),
        ("text", json!("👨\u{200d}👩\u{200d}👧"),      &[]),
        ("text", json!("👨\u{200d}👩\u{200d}👧王"),    &["text too_long"]),
        ("text", json!(""),                         &[]),
        ("text", json!(" \u{3000}"),                &[]),
        ("text", json!(null),                       &[]),
        ("text", json!(5),                          &["text wrong_type"]),
        ("text", json!(["王明"]),                   &["text wrong_type"]),
        ("text", json!({"zh": "王明"}),             &["text wrong_type"]),
        ("text", json!(true),                       &["text wrong_type"]),
        ("needed", json!(null),                     &["needed required"]),
        ("needed", json!(""),                       &["needed required"]),
        ("needed", json!("\u{3000}\t"),             &["needed required"]),
        ("email", json!("a@b.tw"),                  &[]),
        ("email", json!("a@b"),                     &["email wrong_type"]),
        ("email", json!("@b.tw"),                   &["email wrong_type"]),
        ("email", json!("a b@c.tw"),                &["email wrong_type"]),
        ("email", json!("a@b@c.tw"),                &["email wrong_type"]),
        ("email", json!("a@b..tw"),                 &["email wrong_type"]),
        ("phone", json!("(04)2358-4001#12"),        &[]),
        ("phone", json!("12345"),                   &["phone wrong_type"]),
        ("phone", json!("電話0423584001"),          &["phone wrong_type"]),
        ("school_code", json!("193625"),            &[]),
        ("school_code", json!("19362"),             &["school_code wrong_type"]),
        ("school_code", json!("19362a"),            &["school_code wrong_type"]),
        ("long_text", json!("一\n二"),              &[]),
        ("long_text", json!("一二"),                &["long_text too_short"]),
        ("long_text", json!("一二三四五六七"),      &["long_text too_long"]),
        // Numbers.
        ("integer", json!(-2),                      &[]),
        ("integer", json!(-3),                      &["integer below_min"]),
        ("integer", json!(7),                       &[]),
        ("integer", json!(8),                       &["integer above_max"]),
        ("integer", json!(1.5),                     &["integer not_a_number"]),
        ("integer", json!("5"),                     &["integer not_a_number"]),
        ("integer", json!(true),                    &["integer wrong_type"]),
        ("integer", json!([]),                      &["integer wrong_type"]),
        ("integer", json!(u64::MAX),                &["integer above_max"]),
        ("integer", json!(1e30),                    &["integer above_max"]),
        ("integer", json!(i64::MIN),                &["integer below_min"]),
        ("money", json!(9_999_999_999_i64),         &[]),
        ("money", json!(10_000_000_000_i64),        &["money above_max"]),
        ("money", json!(-1),                        &["money below_min"]),
        // Days, months, times, exactly as they are written.
        ("date", json!("2024-02-29"),               &[]),
        ("date", json!("2023-02-29"),               &["date bad_date"]),
        ("date", json!("2023-2-9"),                 &["date bad_date"]),
        ("date", json!("112-02-09"),                &["date bad_date"]),
        ("date", json!(" 2023-02-09"),              &["date bad_date"]),
        ("date", json!("2023/02/09"),               &["date bad_date"]),
        ("date", json!("２０２３-02-09"),           &["date bad_date"]),
        ("date", json!(20_230_209),                 &["date wrong_type"]),
        ("plan_date", json!("2022-07-31"),          &["plan_date bad_date"]),
        ("plan_date", json!("2022-08-01"),          &[]),
        ("plan_date", json!("2023-07-31"),          &[]),
        ("plan_date", json!("2023-08-01"),          &["plan_date bad_date"]),
        ("year_month", json!("2023-02"),            &[]),
        ("year_month", json!("2023-13"),            &["year_month bad_date"]),
        ("year_month", json!("2023-02-01"),         &["year_month bad_date"]),
        ("time", json!("23:59"),                    &[]),
        ("time", json!("24:00"),                    &["time bad_date"]),
        ("time", json!("9:00"),                     &["time bad_date"]),
        ("time", json!("09:00 "),                   &["time bad_date"]),
        ("time", json!("09:60"),                    &["time bad_date"]),
        ("time", json!(900),                        &["time wrong_type"]),
        // Options, and what they show.
        ("choice", json!("是"),                     &[]),
        ("choice", json!("也許"),                   &["choice not_an_option"]),
        ("choice", json!(" 是"),                    &["choice not_an_option"]),
        ("choice", json!("否"),                     &["why required"]),
        ("choice", json!(1),                        &["choice wrong_type"]),
        ("why", json!("因為"),                      &["why not_shown"]),
        ("why", json!(" "),                         &[]),
        ("why", json!(null),                        &[]),
        ("hidden_rows", json!([{ "name": "王" }]),  &["hidden_rows not_shown"]),
        ("hidden_rows", json!([]),                  &[]),
        ("hidden_rows", json!([{ "name": "" }]),    &[]),
        ("choices", json!([]),                      &[]),
        ("choices", json!(["一", "三"]),            &[]),
        ("choices", json!(["一", "四"]),            &["choices not_an_option"]),
        ("choices", json!(["一", 2]),               &["choices wrong_type"]),
        ("choices", json!("一"),                    &["choices wrong_type"]),
        ("more", json!(1),                          &["more not_shown"]),
        ("listed", json!("甲類"),                   &[]),
        ("listed", json!("乙類"),                   &["listed not_an_option"]),
        // Budget lines.
        ("line", line(json!(3), json!(2000)),       &[]),
        ("line", line(json!(3), json!(2001)),       &["line.unit_price above_max"]),
        ("line", line(json!(3), json!(null)),       &["line.unit_price required"]),
        ("line", line(json!(null), json!(3)),       &["line.quantity required"]),
        ("line", line(json!(-1), json!(3)),         &["line.quantity below_min"]),
        ("line", line(json!(0), json!(0)),          &[]),
        ("line", line(json!("3"), json!(3)),        &["line.quantity not_a_number"]),
        ("line", json!({}),                         &[]),
        ("line", json!({ "subtotal": 3 }),          &["line.subtotal unknown_field"]),
        ("line", json!({ "subtotal": null }),       &[]),
        ("line", json!({ "note": 3 }),              &["line.note wrong_type"]),
        ("line", note(200),                         &[]),
        ("line", note(201),                         &["line.note too_long"]),
        ("line", json!([1, 2]),                     &["line wrong_type"]),
        ("needed_line", json!({}),                  &["needed_line required"]),
        ("needed_line", json!(null),                &["needed_line required"]),
        ("needed_line", line(json!(99_999), json!(9_999_999)), &["needed_line above_max"]),
        // Tables.
        ("rows", json!(null),                       &["rows too_few_rows"]),
        ("rows", json!([]),                         &["rows too_few_rows"]),
        ("rows", json!([{}]),                       &["rows.0.name required"]),
        ("rows", json!([{ "name": "王" }, { "name": " " }]), &["rows.1.name required"]),
        ("rows", json!([{ "name": "王" }, 5]),      &["rows.1 wrong_type"]),
        ("rows", json!([{ "name": "王" }, null]),   &["rows.1 wrong_type"]),
        ("rows", json!([{ "name": "王", "age": 9 }]), &["rows.0.age unknown_field"]),
        ("rows", json!([{ "name": "王", "is_other": "是" }]), &["rows.0.other required"]),
        ("rows", json!([{ "name": "王", "other": "甲" }]), &["rows.0.other not_shown"]),
        ("rows", json!([{ "name": "王" }, { "name": "陳" }, { "name": "林" }]), &["rows too_many_rows"]),
        ("rows", json!({ "name": "王" }),           &["rows wrong_type"]),
        ("any_rows", json!(null),                   &["any_rows required"]),
        ("any_rows", json!([]),                     &["any_rows required"]),
        ("schedule", json!([{ "start_time": "09:00", "end_time": "10:00" }]), &[]),
        ("schedule", json!([{}, { "start_time": "09:00", "end_time": "09:00" }]), &["schedule.1.end_time out_of_order"]),
        ("schedule", json!([{ "start_time": "99:99", "end_time": "09:00" }]), &["schedule.0.start_time bad_date"]),
        // A group: its own fields, and rows in it.
        ("group", json!({}),                        &[]),
        ("group", json!({ "name": "王小明", "seats": [{ "row": 1 }] }), &[]),
        ("group", json!({ "name": "王小明明" }),    &["group.name too_long"]),
        ("group", json!({ "seats": [{}, { "row": "1" }] }), &["group.seats.0.row required", "group.seats.1.row not_a_number"]),
        ("group", json!({ "seats": [{ "row": 1 }, { "row": 2 }, { "row": 3 }] }), &["group.seats too_many_rows"]),
        ("group", json!({ "age": 9 }),              &["group.age unknown_field"]),
        ("group", json!([]),                        &["group wrong_type"]),
        // An answer for each item of a list.
        ("facts", json!({ "A-1": "他問，學生答" }), &[]),
        ("facts", json!({ "A-1": null, "A-3": null }), &[]),
        ("facts", json!({ "A-3": "他問" }),         &["facts.A-3 unknown_field"]),
        ("facts", json!({ "A-1": 5 }),              &["facts.A-1 wrong_type"]),
        ("facts", json!("他問"),                    &["facts wrong_type"]),
        ("rating", json!(null),                     &["rating.A-1 required", "rating.A-2 required"]),
        ("rating", json!({ "A-1": "優良", "A-2": " " }), &["rating.A-2 required"]),
        ("rating", json!({ "A-1": "優良", "A-2": "普通" }), &["rating.A-2 not_an_option"]),
        // A run of codes.
        ("codes", json!([1, 10, 5]),                &[]),
        ("codes", json!([0, 11]),                   &["codes.0 below_min", "codes.1 above_max"]),
        ("codes", json!([1, "2"]),                  &["codes.1 not_a_number"]),
        ("codes", json!([1, 2, 3, 4]),              &["codes too_many_rows"]),
        ("codes", json!({}),                        &["codes wrong_type"]),
        // What is never sent.
        ("file", json!("a.pdf"),                    &["file unknown_field"]),
        ("sign", json!("王"),                       &["sign unknown_field"]),
        ("note", json!("王"),                       &["note unknown_field"]),
        ("computed", json!(5),                      &["computed unknown_field"]),
        ("computed", json!(null),                   &[]),
        ("stranger", json!(""),                     &["stranger unknown_field"]),
        ("stranger", json!(null),                   &[]),
    ];
    for (key, value, expected) in cases {
        assert_eq!(said(&form, key, value.clone()), expected, "{key}: {value}");
    }
}

/// The figures that the sentences need.
#[test]
fn problems_carry_their_figures() {
    let form = every_kind();
    let figures = |key: &str, value: Value| {
        let mut given = good();
        given.insert(key.to_owned(), value);
        Value::Object(check(&form, Answers(given), &rules()).problems[0].params.clone().into_iter().collect())
    };
    assert_eq!(figures("text", json!("王")), json!({ "min": 2, "count": 1, "missing": 1 }));
    assert_eq!(figures("text", json!("六個全形的字")), json!({ "max": 5, "count": 6, "over": 1 }));
    assert_eq!(figures("integer", json!(9)), json!({ "max": 7, "value": 9 }));
    assert_eq!(
        figures("plan_date", json!("2022-07-31")),
        json!({ "plan_year": 111, "from": "2022-08-01", "to": "2023-07-31" })
    );
    assert_eq!(figures("rows", json!([])), json!({ "min": 1, "count": 0 }));
    assert_eq!(figures("line", json!({ "note": "字".repeat(203) })), json!({ "max": 200, "count": 203, "over": 3 }));
}

/// A field that is shown by an answer, and hidden again when the answer changes.
#[test]
fn hiding_follows_the_answer() {
    let form = every_kind();
    let judge = |change: Value| {
        let mut given = good();
        given.extend(change.as_object().unwrap().clone());
        let checked = check(&form, Answers(given), &rules());
        checked.problems.iter().map(|problem| format!("{} {}", problem.field, problem.code)).collect::<Vec<_>>()
    };
    assert_eq!(judge(json!({ "choice": "否", "why": "因為" })), Vec::<String>::new());
    assert_eq!(judge(json!({ "choice": "是", "why": "因為" })), ["why not_shown"]);
    assert_eq!(judge(json!({ "choices": ["一"], "more": 3 })), ["more not_shown"]);
    assert_eq!(judge(json!({ "choices": ["一", "三"], "more": 3 })), Vec::<String>::new());
}

#[test]
fn faults_of_definitions() {
    let head = EVERY_KIND.split("fields = [").next().unwrap();
    let label = "label = { zh = \"甲\", en = \"A\" }";
    let line = head.lines().count() + 1;
    let yes = "options = [{ zh = \"是\", en = \"Yes\" }]";
    #[rustfmt::skip]
    let cases = [
        (format!("{{ key = \"a\", kind = \"text\", {label}, show_if = {{ field = \"a\", is = \"是\" }} }}"), "no earlier field"),
        (format!("{{ key = \"b\", kind = \"text\", {label} }}, {{ key = \"a\", kind = \"text\", {label}, show_if = {{ field = \"b\", is = \"是\" }} }}"), "is no choice"),
        (format!("{{ key = \"b\", kind = \"choice\", {label}, {yes} }}, {{ key = \"a\", kind = \"text\", {label}, show_if = {{ field = \"b\", is = \"否\" }} }}"), "has no option 否"),
        (format!("{{ key = \"b\", kind = \"choice\", {label}, {yes} }}, {{ key = \"a\", kind = \"text\", {label}, show_if = {{ field = \"b\", is = [] }} }}"), "names no option"),
        (format!("{{ key = \"a\", kind = \"choice\", {label}, options = [{{ zh = \"是\", en = \"Y\" }}, {{ zh = \"是\", en = \"Z\" }}] }}"), "option 是 twice"),
        (format!("{{ key = \"a\", kind = \"text\", {label}, min_chars = 6, max_chars = 5 }}"), "min_chars"),
        (format!("{{ key = \"a\", kind = \"integer\", {label}, min = 6, max = 5 }}"), "min:"),
        (format!("{{ key = \"a\", kind = \"note\", {label}, required = true }}"), "takes no answer"),
        (format!("{{ key = \"a\", kind = \"rows\", {label}, min_rows = 3, max_rows = 2, fields = [] }}"), "min_rows"),
        (format!("{{ key = \"a\", kind = \"rows\", {label}, max_rows = 2, fields = [{{ key = \"f\", kind = \"file\", {label} }}] }}"), "f cannot stand in a row"),
        (format!("{{ key = \"甲\", kind = \"text\", {label} }}"), "cannot be a key"),
        ("{ key = \"a\", kind = \"text\", label = { zh = \"甲\" } }".to_owned(), "missing field `en`"),
    ];
    for (fields, reason) in cases {
        let text = format!("{head}fields = [\n{fields}\n]\n");
        let error = FormDef::parse("a/form.toml", &text, &|_| true, &|_| true).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("a/form.toml", line + 1), "{error}\n{text}");
        assert!(error.reason.contains(reason), "{error} should say {reason}");
    }
}

/// A prefill names a field that is there.
#[test]
fn prefills_of_the_packs_name_fields() {
    for (form, _) in Packs::built_in().all() {
        for field in form.fields() {
            let Some(domain::form::Prefill::Form(path)) = &field.prefill else { continue };
            let (other, key) = path.split_once('.').unwrap();
            let (other, _) = Packs::built_in().for_year(&form_id(other), PlanYear(form.plan_year)).unwrap();
            assert!(other.field(key).is_some(), "{}.{} from {path}", form.id, field.key);
        }
    }
}

fn form_ref() -> FormRef {
    FormRef { id: form_id("every_kind"), version: 1, hash: "ab".repeat(32) }
}

#[test]
fn the_same_content_has_the_same_hash() {
    let hash = |value: Value| content_hash(&form_ref(), &answers(value));
    let one = hash(json!({ "a": "甲", "b": { "c": 1, "d": null }, "e": [{ "f": 1 }] }));
    assert_eq!(one.len(), 64);
    assert_eq!(one, hash(json!({ "e": [{ "g": null, "f": 1 }], "z": null, "b": { "c": 1 }, "a": "甲" })));
    #[rustfmt::skip]
    let others = [
        json!({ "a": "甲 ", "b": { "c": 1 }, "e": [{ "f": 1 }] }),
        json!({ "a": "甲", "b": { "c": "1" }, "e": [{ "f": 1 }] }),
        json!({ "a": "甲", "b": [["c", 1]], "e": [{ "f": 1 }] }),
        json!({ "a": "甲", "b": { "c": 1 }, "e": [{ "f": 1 }, {}] }),
        json!({ "a": "甲", "b": { "c": 1 } }),
        json!({ "a\":\"甲\",\"b": { "c": 1 }, "e": [{ "f": 1 }] }),
    ];
    for other in others {
        assert_ne!(hash(other.clone()), one, "{other}");
    }
    for other in [
        FormRef { version: 2, ..form_ref() },
        FormRef { hash: "cd".repeat(32), ..form_ref() },
        FormRef { id: form_id("other"), ..form_ref() },
    ] {
        assert_ne!(content_hash(&other, &answers(json!({}))), content_hash(&form_ref(), &answers(json!({}))));
    }
}

/// The line ends of the system a program is built on do not make another form of it.
#[test]
fn a_pack_has_the_same_hash_with_other_line_ends() {
    let text =
        EVERY_KIND.replace("options_from = \"list\"", "options_from = \"l\"").replace("cap = \"cap\"", "cap = \"n\"");
    let policy = "[[list]]\nname = \"items\"\nsource = \"x\"\noptions = []\n[[list]]\nname = \"l\"\nsource = \"x\"\noptions = []\n[[number]]\nname = \"n\"\nsource = \"x\"\n";
    let hash = |text: &str| {
        let packs = Packs::parse(&[("forms/every_kind/v1/form.toml", text)], &[("p.toml", policy)]).unwrap();
        packs.all().next().unwrap().1.hash.clone()
    };
    assert_eq!(hash(&text), hash(&text.replace('\n', "\r\n")));
    assert_ne!(hash(&text), hash(&text.replace("甲", "乙")));
}

/// Any JSON, with the form's own keys more often than chance would have it.
fn any_json(keys: Vec<String>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (any::<i32>(), 0..5_i32).prop_map(|(digits, places)| Value::from(f64::from(digits) / 10_f64.powi(places))),
        (-3..12_i64).prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}(-[0-9]{2})?|[0-9]{2}:[0-9]{2}".prop_map(Value::from),
        proptest::sample::select(vec!["是", "否", "跨校", "續辦第幾年", "同校", "一", "二", "王老師"])
            .prop_map(Value::from),
    ];
    let key = proptest::sample::select(keys);
    leaf.prop_recursive(4, 48, 6, move |inner| {
        let key = prop_oneof![9 => key.clone(), 1 => ".{0,6}"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..8).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn every_key() -> Vec<String> {
    let mut keys: Vec<String> = ["quantity", "unit_price", "note", "name"].map(str::to_owned).to_vec();
    let synthetic = every_kind();
    for form in Packs::built_in().all().map(|(form, _)| form).chain([&synthetic]) {
        for field in form.fields() {
            keys.push(field.key.clone());
            if let domain::form::FieldKind::Rows { fields, .. } = &field.kind {
                keys.extend(fields.iter().map(|column| column.key.clone()));
            }
        }
    }
    keys
}

const CODES: [&str; 14] = [
    "required",
    "too_short",
    "too_long",
    "not_an_option",
    "not_a_number",
    "below_min",
    "above_max",
    "bad_date",
    "out_of_order",
    "not_shown",
    "too_few_rows",
    "too_many_rows",
    "unknown_field",
    "wrong_type",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// A half-filled draft, a file of something else, an attack: a list of problems, each with a known code.
    #[test]
    fn any_json_is_judged(
        given in proptest::collection::btree_map(proptest::sample::select(every_key()), any_json(every_key()), 0..12),
        county in proptest::option::of(proptest::sample::select(vec!["新北市", "桃園市", "臺中市"])),
        year in 100..115_u16,
    ) {
        let synthetic = every_kind();
        let given = Answers(given.into_iter().collect());
        let policy = Packs::built_in().policy(PlanYear(year), county);
        for form in Packs::built_in().all().map(|(form, _)| form).chain([&synthetic]) {
            let checked = check(form, given.clone(), &policy);
            prop_assert_eq!(&checked.answers, &given);
            for problem in &checked.problems {
                let code = problem.code.as_str();
                prop_assert!(CODES.contains(&code) || NAMED_CHECKS.iter().any(|check| check.name == code), "{code}");
                let top = problem.field.split('.').next().unwrap();
                let place = form.field(top).is_some() || given.0.contains_key(&problem.field);
                prop_assert!(place, "{} is nowhere", problem.field);
            }
            let errors = checked.problems.iter().filter(|problem| problem.level == Level::Error).count();
            prop_assert_eq!(checked.is_complete(), errors == 0);
            match checked.complete() {
                Ok(complete) => prop_assert_eq!((complete.answers(), errors), (&given, 0)),
                Err(problems) => prop_assert_eq!(problems.len(), errors),
            }
        }
    }

    #[test]
    fn a_hash_survives_the_wire(value in any_json(every_key())) {
        let Value::Object(map) = value else { return Ok(()) };
        let given = Answers(map);
        let back: Answers = serde_json::from_str(&serde_json::to_string(&given).unwrap()).unwrap();
        prop_assert_eq!(content_hash(&form_ref(), &back), content_hash(&form_ref(), &given));
    }
}
