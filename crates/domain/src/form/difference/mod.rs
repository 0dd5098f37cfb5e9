//! What changed between two versions of a paper that were sent: field by field, within a text word by word (of Chinese, sign by
//! sign), tables row by row. Values stand in it as a person reads them, so that a screen only has to draw.

mod rows;
mod shown;
mod text;

pub use rows::{RowChange, RowFate};
pub use text::{Span, SpanKind, spans};

use super::{Answers, FieldDef, FieldKind, FormDef, ItemAnswer, Label, Options};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shown::shown;

/// A field whose answer changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldChange {
    /// Its path in the answers, as problems name it: `plc_name`, `lesson.teacher`.
    pub field: String,
    /// Its label as on the paper.
    pub label: Label,
    /// What became of it.
    pub change: Change,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// Its text, old and new in one.
    Text {
        /// The pieces in order.
        spans: Vec<Span>,
    },
    /// A table.
    Rows {
        /// The columns that are typed.
        columns: Vec<Label>,
        /// Every row of both versions, in order.
        rows: Vec<RowChange>,
    },
}

/// The fields whose answers differ, in the order of the form. Each version is read by the definition it was filled in with; a
/// field that only the old one has comes at the end. What is only shown or computed is left out: it follows from the rest.
pub fn difference(before: (&FormDef, &Answers), now: (&FormDef, &Answers)) -> Vec<FieldChange> {
    let mut found = Vec::new();
    for field in now.0.fields() {
        let was = before.0.field(&field.key).unwrap_or(field);
        compare("", (was, &before.1.0), (field, &now.1.0), None, &mut found);
    }
    let gone = before.0.fields().filter(|field| now.0.field(&field.key).is_none());
    for field in gone {
        compare("", (field, &before.1.0), (field, &Map::new()), None, &mut found);
    }
    found
}

fn answer<'a>(field: &FieldDef, beside: &'a Map<String, Value>) -> &'a Value {
    beside.get(&field.key).unwrap_or(&Value::Null)
}

fn compare(
    path: &str,
    (was, old): (&FieldDef, &Map<String, Value>),
    (field, new): (&FieldDef, &Map<String, Value>),
    within: Option<&Label>,
    found: &mut Vec<FieldChange>,
) {
    if !field.takes_answer() || field.read_only {
        return;
    }
    let (old, new) = (answer(was, old), answer(field, new));
    if old == new {
        return;
    }
    let key = format!("{path}{}", field.key);
    let label = within.map_or_else(|| field.label.clone(), |within| beneath(within, &field.label));
    match &field.kind {
        FieldKind::Rows { fields, .. } => {
            let was = if let FieldKind::Rows { fields, .. } = &was.kind { fields } else { fields };
            let (columns, rows) = rows::compare(was, old, fields, new);
            if rows.iter().any(|row| row.fate != RowFate::Same) {
                found.push(FieldChange { field: key, label, change: Change::Rows { columns, rows } });
            }
        }
        FieldKind::Group { fields } => {
            let empty = Map::new();
            let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
            for field in fields {
                compare(&format!("{key}."), (field, old), (field, new), Some(&label), found);
            }
        }
        FieldKind::PerItem { items, of } => per_item(&key, &label, items, of, (old, new), found),
        kind => {
            let spans = spans_of(&was.kind, old, kind, new);
            if spans.iter().any(|span| span.kind != SpanKind::Same) {
                found.push(FieldChange { field: key, label, change: Change::Text { spans } });
            }
        }
    }
}

fn per_item(
    key: &str,
    label: &Label,
    items: &Options,
    of: &ItemAnswer,
    (old, new): (&Value, &Value),
    found: &mut Vec<FieldChange>,
) {
    let empty = Map::new();
    let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
    let whole = !matches!(of, ItemAnswer::LongText);
    let mut codes: Vec<&String> = old.keys().chain(new.keys()).collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        let text = |from: &Map<String, Value>| from.get(code).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (old, new) = (text(old), text(new));
        if old == new {
            continue;
        }
        let named = match items {
            Options::Listed { options } => options.iter().find(|option| option.key() == code),
            Options::Policy { .. } => None,
        };
        let item = named.map_or_else(
            || Label { zh: code.clone(), en: code.clone() },
            |option| Label { zh: option.zh.clone(), en: option.en.clone() },
        );
        let spans = if whole { text::replaced(&old, &new) } else { spans(&old, &new) };
        let field = format!("{key}.{code}");
        found.push(FieldChange { field, label: beneath(label, &item), change: Change::Text { spans } });
    }
}

fn beneath(within: &Label, label: &Label) -> Label {
    Label { zh: format!("{}／{}", within.zh, label.zh), en: format!("{} / {}", within.en, label.en) }
}

/// Old and new in one. Within texts piece by piece; a number, a day or an option is one piece.
fn spans_of(was: &FieldKind, old: &Value, kind: &FieldKind, new: &Value) -> Vec<Span> {
    let (old, new) = (shown(was, old), shown(kind, new));
    let whole = matches!(
        kind,
        FieldKind::Integer { .. }
            | FieldKind::Money { .. }
            | FieldKind::Date { .. }
            | FieldKind::YearMonth
            | FieldKind::Time
            | FieldKind::Choice { .. }
    );
    if whole { text::replaced(&old, &new) } else { spans(&old, &new) }
}
