//! An answer as a person reads it, in one text.

use crate::form::FieldKind;
use serde_json::{Map, Value};

/// The answer in words. What is of another shape than its kind stands as it is kept.
pub(super) fn shown(kind: &FieldKind, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (FieldKind::Date { .. } | FieldKind::YearMonth, Value::String(text)) => roc(text),
        (FieldKind::Money { .. }, Value::Number(amount)) => format!("{} 元", thousands(&amount.to_string())),
        (FieldKind::Choices { .. }, Value::Array(chosen)) => chosen.iter().map(plain).collect::<Vec<_>>().join("、"),
        (FieldKind::Codes { .. }, Value::Array(codes)) => codes.iter().map(plain).collect::<Vec<_>>().join(" "),
        (FieldKind::Line { unit, .. }, Value::Object(line)) => budget_line(&unit.zh, line),
        (_, value) => plain(value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// 「3 節 × 2,000 元　備註」; blank parts stay away.
fn budget_line(unit: &str, line: &Map<String, Value>) -> String {
    let part = |key: &str| line.get(key).map(plain).unwrap_or_default();
    let (quantity, price, note) = (part("quantity"), part("unit_price"), part("note"));
    let mut parts = Vec::new();
    if !quantity.is_empty() {
        parts.push(format!("{} {unit}", thousands(&quantity)));
    }
    if !price.is_empty() {
        parts.push(format!("× {} 元", thousands(&price)));
    }
    if !note.is_empty() {
        parts.push(note);
    }
    parts.join(" ")
}

/// `2022-02-18` as 111/02/18 and `2022-02` as 111/02, the way forms are typed; anything else as it is.
fn roc(text: &str) -> String {
    let Some((year, rest)) = text.split_once('-') else { return text.to_owned() };
    match year.parse::<i32>() {
        Ok(year) if year > 1911 => format!("{}/{}", year - 1911, rest.replace('-', "/")),
        _ => text.to_owned(),
    }
}

/// A whole number with commas; anything else as it is.
fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut out = sign.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
