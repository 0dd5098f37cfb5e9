//! Writes what a paper shows as data for Typst: texts with every character checked, options with their marks, money with
//! thousands, 民國 dates. How it looks is said in `print.typ`, not here.

use crate::{Fonts, PrintError, PrintRequest, Tag, fonts::SANS, glyphs::Pen};
use chrono::NaiveDate;
use domain::{
    form::{FieldDef, FieldKind, ItemAnswer, Label, Opt, Options},
    time::roc_date,
};
use serde_json::{Map, Value, json};
use typst::foundations::Bytes;

/// Widths in em beyond which a word gets places to break: the narrowest cell that shows such a field, less its padding.
mod room {
    pub(super) const TEXT: f64 = 14.0;
    pub(super) const LONG_TEXT: f64 = 30.0;
    pub(super) const CHOICE: f64 = 4.9;
    pub(super) const CELL: f64 = 4.9;
}

/// The line above the title of an empty form, to be filled in.
pub(crate) const BLANK_HEADER: &str = "＿＿＿學年度　＿＿＿＿縣(市)　＿＿＿＿＿＿＿＿＿＿學校";

/// A paper's data: files by their names, as `typ/paper.typ` reads them.
pub(crate) struct Paper {
    /// `/paper.json` and one file for each field. What did not change is the same file again, so that Typst finds what it
    /// made of it the last time.
    pub(crate) files: Vec<(String, Bytes)>,
    /// What stands in the footer beside the form's name: which state of the answers this is.
    pub(crate) imprint: String,
    pub(crate) missing_glyphs: Vec<String>,
}

pub(crate) fn write(fonts: &Fonts, request: &PrintRequest<'_>) -> Result<Paper, PrintError> {
    let no_typeface = || PrintError::NoTypeface(request.typeface);
    let families = fonts.families(request.typeface);
    let pen = Pen::new(fonts, request.typeface).ok_or_else(no_typeface)?;
    let mut writer = Writer { request, pen };
    let mut files = vec![("/paper.json".to_owned(), as_file(&writer.paper(&families)))];
    for field in request.form.fields() {
        let written = writer.field(field, &request.answers.0, "");
        files.push((format!("/fields/{}.json", field.key), as_file(&written)));
    }
    Ok(Paper { files, imprint: imprint(request), missing_glyphs: writer.pen.missing })
}

fn as_file(data: &Value) -> Bytes {
    Bytes::new(serde_json::to_vec(data).expect("texts and numbers always serialise"))
}

fn imprint(request: &PrintRequest<'_>) -> String {
    let revision = match &request.tag {
        Tag::Draft => "草稿".to_owned(),
        Tag::Blank => "空白表".to_owned(),
        Tag::Frozen { revision, .. } => format!("第{revision}版次"),
    };
    format!("{revision}　{}", request.short_hash())
}

struct Writer<'a> {
    request: &'a PrintRequest<'a>,
    pen: Pen<'a>,
}

impl<'a> Writer<'a> {
    /// What stands on the paper beside its fields.
    fn paper(&mut self, families: &[&str]) -> Value {
        let request = self.request;
        let form = request.form;
        let header = request.header;
        let parts = [format!("{}學年度", header.plan_year), header.county.to_owned(), header.school.to_owned()];
        let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        let mut sections = Map::new();
        for section in &form.sections {
            let notes: Vec<String> = section.notes.iter().map(|note| self.pen.line(&note.zh)).collect();
            sections.insert(section.key.clone(), json!({ "title": self.pen.line(&section.title.zh), "notes": notes }));
        }
        let [radio_on, radio_off] = self.marks(['◉', '○'], ['●', '○']);
        let [check_on, check_off] = self.marks(['☑', '☐'], ['■', '□']);
        json!({
            "font": families,
            "sans": SANS,
            "marks": { "radio_on": radio_on, "radio_off": radio_off, "check_on": check_on, "check_off": check_off },
            "header": if request.tag == Tag::Blank { BLANK_HEADER.to_owned() } else { self.pen.line(&parts.join(" ")) },
            "title": self.pen.line(&form.title.zh),
            "name": self.pen.line(&form.name.zh),
            "draft": request.tag == Tag::Draft,
            "sections": sections,
        })
    }

    /// The first pair that the typeface can draw. Marks are text, so that a screen reader finds them.
    fn marks(&self, best: [char; 2], other: [char; 2]) -> [char; 2] {
        if best.iter().all(|&mark| self.pen.draws(mark)) { best } else { other }
    }

    /// A field with its answer, seen from the answers beside it. `path` stands before its key in [`crate::FieldArea`].
    fn field(&mut self, field: &FieldDef, beside: &Map<String, Value>, path: &str) -> Value {
        let answer = beside.get(&field.key).filter(|value| !value.is_null());
        let mut written = json!({
            "key": format!("{path}{}", field.key),
            "label": self.pen.line(&field.label.zh),
            "required": field.required,
            "shown": is_shown(field, beside),
        });
        let more = match &field.kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => self.options(options, answer),
            FieldKind::Line { unit, .. } => self.line(&field.key, unit, answer),
            FieldKind::Rows { fields, .. } => self.rows(&format!("{path}{}", field.key), fields, answer),
            FieldKind::Group { fields } => self.group(&format!("{path}{}.", field.key), fields, answer),
            FieldKind::PerItem { items, of } => self.per_item(&format!("{path}{}", field.key), items, of, answer),
            FieldKind::Codes { .. } => json!({ "codes": codes(answer) }),
            FieldKind::Computed { .. } => self.computed(&field.key),
            kind => {
                json!({ "text": answer.map_or_else(String::new, |answer| self.text(kind, answer, path.is_empty())) })
            }
        };
        if let (Value::Object(written), Value::Object(more)) = (&mut written, more) {
            let text = ["text", "note"].iter().find_map(|part| more.get(*part)?.as_str()).unwrap_or_default();
            written.insert("long".to_owned(), is_long(text, path.is_empty() && !more.contains_key("note")).into());
            written.extend(more);
        }
        written
    }

    /// An answer of one value as it prints; blank when it does not fit its field.
    fn text(&mut self, kind: &FieldKind, answer: &Value, wide: bool) -> String {
        match kind {
            FieldKind::Integer { .. } | FieldKind::Money { .. } => amount(answer),
            FieldKind::Date { .. } => answer.as_str().map_or_else(String::new, |day| self.day(day)),
            FieldKind::LongText { .. } => self.words(answer, if wide { room::LONG_TEXT } else { room::CELL }),
            FieldKind::Text { .. } => self.words(answer, if wide { room::TEXT } else { room::CELL }),
            FieldKind::YearMonth | FieldKind::Time => self.words(answer, room::CELL),
            FieldKind::Choice { .. }
            | FieldKind::Choices { .. }
            | FieldKind::Line { .. }
            | FieldKind::Rows { .. }
            | FieldKind::File { .. }
            | FieldKind::Sign
            | FieldKind::Note
            | FieldKind::Computed { .. }
            | FieldKind::Group { .. }
            | FieldKind::PerItem { .. }
            | FieldKind::Codes { .. } => String::new(),
        }
    }

    fn words(&mut self, answer: &Value, room: f64) -> String {
        let Some(text) = answer.as_str() else { return String::new() };
        let text = self.pen.line(text.trim());
        self.pen.fit(&text, room)
    }

    fn day(&mut self, text: &str) -> String {
        match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            Ok(day) => roc_date(day),
            Err(_) => self.words(&Value::from(text), room::CELL),
        }
    }

    /// All options with their marks, and what was chosen as one text. The text also has labels that are no options: where a
    /// field prints as text, the paper shows what was answered, and the problems beside the form say that it does not fit.
    fn options(&mut self, options: &Options, answer: Option<&Value>) -> Value {
        let chosen: Vec<&str> = match answer {
            Some(Value::String(label)) => vec![label.trim()],
            Some(Value::Array(labels)) => labels.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let marked: Vec<Value> = self
            .all(options)
            .iter()
            .map(|option| {
                let help = option.help.as_ref().map_or_else(String::new, |help| self.pen.line(&help.zh));
                json!({ "label": self.pen.line(&option.zh), "help": help, "on": chosen.contains(&option.zh.as_str()) })
            })
            .collect();
        let text = self.pen.line(&chosen.join("、"));
        json!({ "text": self.pen.fit(&text, room::CHOICE), "options": marked })
    }

    fn all<'o>(&self, options: &'o Options) -> &'o [Opt]
    where
        'a: 'o,
    {
        match options {
            Options::Listed { options } => options,
            Options::Policy { list } => self.request.policy.list(list),
        }
    }

    /// The fields of a group under `fields`.
    fn group(&mut self, path: &str, fields: &[FieldDef], answer: Option<&Value>) -> Value {
        let empty = Map::new();
        let beside = answer.and_then(Value::as_object).unwrap_or(&empty);
        let written: Map<String, Value> =
            fields.iter().map(|field| (field.key.clone(), self.field(field, beside, path))).collect();
        json!({ "fields": written })
    }

    /// Every item with its code, its words and its answer, as `items`.
    fn per_item(&mut self, path: &str, items: &Options, of: &ItemAnswer, answer: Option<&Value>) -> Value {
        let mut written = Vec::new();
        for item in self.all(items) {
            let answer = answer.and_then(|answers| answers.get(item.key())).filter(|value| !value.is_null());
            let mut one = match of {
                ItemAnswer::LongText => {
                    let text = answer.map_or_else(String::new, |text| self.words(text, room::CELL));
                    json!({ "long": is_long(&text, false), "text": text })
                }
                ItemAnswer::Choice { options } => self.options(options, answer),
            };
            one["key"] = format!("{path}.{}", item.key()).into();
            one["code"] = item.key().into();
            one["label"] = self.pen.line(&item.zh).into();
            one["help"] = item.help.as_ref().map_or_else(String::new, |help| self.pen.line(&help.zh)).into();
            written.push(one);
        }
        json!({ "items": written })
    }

    /// A computed value: as text, and a table as `columns` and `cells`, all texts.
    fn computed(&mut self, key: &str) -> Value {
        match self.request.computed.get(key) {
            Some(Value::Object(table)) => {
                let list = |key: &str| table.get(key).and_then(Value::as_array).into_iter().flatten();
                let columns: Vec<String> = list("columns").map(|cell| self.cell(cell)).collect();
                let cells: Vec<Vec<String>> = list("rows")
                    .map(|row| row.as_array().into_iter().flatten().map(|cell| self.cell(cell)).collect())
                    .collect();
                json!({ "text": "", "columns": columns, "cells": cells })
            }
            Some(Value::String(text)) => json!({ "text": self.pen.line(text) }),
            value => json!({ "text": value.map_or_else(String::new, amount) }),
        }
    }

    /// A cell of a computed table; what could not be divided is a dash.
    fn cell(&mut self, cell: &Value) -> String {
        match cell {
            Value::Object(label) => self.pen.line(label.get("zh").and_then(Value::as_str).unwrap_or_default()),
            Value::String(text) => self.pen.line(text),
            Value::Number(number) if number.is_f64() => format!("{:.2}", number.as_f64().unwrap_or_default()),
            Value::Null => "—".to_owned(),
            other => amount(other),
        }
    }

    fn line(&mut self, key: &str, unit: &Label, answer: Option<&Value>) -> Value {
        let part = |name: &str| answer.and_then(|line| line.get(name)).map_or_else(String::new, amount);
        let filled = ["quantity", "unit_price"].iter().any(|name| !part(name).is_empty());
        let subtotal = self.request.computed.get(&format!("{key}.subtotal")).filter(|_| filled);
        let note = answer.and_then(|line| line.get("note")).map(|note| self.words(note, room::CELL));
        json!({
            "unit": self.pen.line(&unit.zh),
            "quantity": part("quantity"),
            "unit_price": part("unit_price"),
            "subtotal": subtotal.map_or_else(String::new, amount),
            "note": note.unwrap_or_default(),
        })
    }

    fn rows(&mut self, key: &str, columns: &[FieldDef], answer: Option<&Value>) -> Value {
        let labels: Map<String, Value> =
            columns.iter().map(|column| (column.key.clone(), self.pen.line(&column.label.zh).into())).collect();
        let order: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
        let mut rows = Vec::new();
        for (number, row) in answer.and_then(Value::as_array).into_iter().flatten().enumerate() {
            let Value::Object(row) = row else { continue };
            let path = format!("{key}.{number}.");
            let cells: Map<String, Value> =
                columns.iter().map(|column| (column.key.clone(), self.field(column, row, &path))).collect();
            rows.push(cells);
        }
        json!({ "labels": labels, "order": order, "rows": rows })
    }
}

/// The codes of an observation as texts, in order; what is no whole number is left out.
fn codes(answer: Option<&Value>) -> Vec<String> {
    let codes = answer.and_then(Value::as_array).into_iter().flatten();
    codes.filter_map(|code| code.as_i64().map(|code| code.to_string())).collect()
}

/// Whether a text may need more than half a page in its cell, which must then be able to go on over a page break.
fn is_long(text: &str, wide: bool) -> bool {
    let (chars, lines) = if wide { (600, 15) } else { (150, 10) };
    text.chars().count() > chars || text.lines().count() > lines
}

/// Whether the form shows the field; what it hides does not print.
pub(crate) fn is_shown(field: &FieldDef, beside: &Map<String, Value>) -> bool {
    let Some(rule) = &field.show_if else { return true };
    let is = |value: &Value| value.as_str().is_some_and(|label| rule.is.iter().any(|is| is == label));
    beside.get(&rule.field).is_some_and(|value| match value {
        Value::Array(labels) => labels.iter().any(is),
        one => is(one),
    })
}

/// A whole number with thousands; blank for anything else.
pub(crate) fn amount(value: &Value) -> String {
    let Some(number) = value.as_i64() else { return String::new() };
    let digits = number.unsigned_abs().to_string();
    let mut out = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
