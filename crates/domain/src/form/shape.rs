//! Shapes of single answers: blank or not, a day, a time, an address. Nothing here knows a form.

use super::TextPattern;
use chrono::{NaiveDate, NaiveTime};
use serde_json::Value;

/// Nothing that a person would see as an answer.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(map) => map.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A day written `YYYY-MM-DD`.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    shaped(text, b"dddd-dd-dd").then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// A time of day written `HH:MM`.
pub(super) fn parse_time(text: &str) -> Option<NaiveTime> {
    shaped(text, b"dd:dd").then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}

/// Characters as `forms.md` §0 counts them: Unicode code points, full and half width alike.
pub(super) fn count_chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// Whether `text` has the shape: `d` stands for a digit, everything else for itself.
fn shaped(text: &str, shape: &[u8]) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape).all(|(b, s)| if *s == b'd' { b.is_ascii_digit() } else { b == *s })
}

impl TextPattern {
    pub(super) fn fits(self, text: &str) -> bool {
        match self {
            Self::Email => text.split_once('@').is_some_and(|(name, domain)| {
                let named = !name.is_empty() && !text.contains(char::is_whitespace) && !domain.contains('@');
                named && domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty())
            }),
            Self::Phone => {
                let digits = text.chars().filter(char::is_ascii_digit).count();
                (6..=20).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || "+-()#~ *轉分機".contains(c))
            }
            Self::SchoolCode => text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()),
        }
    }
}
