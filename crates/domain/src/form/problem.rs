//! What can be wrong with answers: codes and figures. The sentences are the UI's.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// How much a problem weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Stands against sending.
    Error,
    /// Advice; the county may make it an error.
    Warning,
}

/// The kinds of problems (contracts.md).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(from = "String", into = "String")]
pub enum ProblemCode {
    /// Must be answered.
    Required,
    /// Fewer characters than the form asks for.
    TooShort,
    /// More characters than the form allows.
    TooLong,
    /// Not one of the options.
    NotAnOption,
    /// Not a whole number.
    NotANumber,
    /// Below the smallest value.
    BelowMin,
    /// Above the largest value, a cap included.
    AboveMax,
    /// Not a day, month or time, or not within the plan year.
    BadDate,
    /// An end before its beginning.
    OutOfOrder,
    /// Answered though the form hides the field.
    NotShown,
    /// Too few rows.
    TooFewRows,
    /// Too many rows.
    TooManyRows,
    /// A key the form does not have.
    UnknownField,
    /// Another JSON type than the field's, or a text of another shape.
    WrongType,
    /// A named check over several fields.
    Named(String),
}

impl ProblemCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Required => "required",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::NotAnOption => "not_an_option",
            Self::NotANumber => "not_a_number",
            Self::BelowMin => "below_min",
            Self::AboveMax => "above_max",
            Self::BadDate => "bad_date",
            Self::OutOfOrder => "out_of_order",
            Self::NotShown => "not_shown",
            Self::TooFewRows => "too_few_rows",
            Self::TooManyRows => "too_many_rows",
            Self::UnknownField => "unknown_field",
            Self::WrongType => "wrong_type",
            Self::Named(name) => name,
        }
    }
}

impl From<ProblemCode> for String {
    fn from(code: ProblemCode) -> Self {
        code.as_str().to_owned()
    }
}

impl From<String> for ProblemCode {
    fn from(text: String) -> Self {
        use ProblemCode::*;
        [
            Required,
            TooShort,
            TooLong,
            NotAnOption,
            NotANumber,
            BelowMin,
            AboveMax,
            BadDate,
            OutOfOrder,
            NotShown,
            TooFewRows,
            TooManyRows,
            UnknownField,
            WrongType,
        ]
        .into_iter()
        .find(|code| code.as_str() == text)
        .unwrap_or(Named(text))
    }
}

impl fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that is wrong, where, and the figures a sentence about it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Problem {
    /// The field: `key`, `rows_key.2.column` (rows from 0), `line_key.unit_price`.
    pub field: String,
    /// What kind.
    pub code: ProblemCode,
    /// Figures and words for the sentence.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub params: BTreeMap<String, Value>,
    /// Whether it stands against sending.
    pub level: Level,
}

impl Problem {
    /// An error at a field.
    pub fn error(field: impl Into<String>, code: ProblemCode, params: Value) -> Self {
        Self { field: field.into(), code, params: into_params(params), level: Level::Error }
    }
}

pub(super) fn into_params(params: Value) -> BTreeMap<String, Value> {
    match params {
        Value::Object(map) => map.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}
