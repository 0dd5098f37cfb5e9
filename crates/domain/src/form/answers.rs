//! What a person has filled in, before and after it was found complete.

use super::{FormRef, check::Checked};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// The answers of one form: the keys of `forms.md`, shapes of contracts.md. Anything may stand in it until it is checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Answers(#[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))] pub Map<String, Value>);

impl Answers {
    /// The answer, unless it is absent or `null`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// The answer as text; `""` when absent or of another type.
    pub fn text(&self, key: &str) -> &str {
        self.get(key).and_then(Value::as_str).unwrap_or("")
    }

    /// The rows of a table; none when absent or of another type.
    pub fn rows(&self, key: &str) -> &[Value] {
        self.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// Answers that were found complete. There is no other way to one than [`Checked::complete`]: it serialises, but does not
/// deserialise, so a submission cannot be accepted without having been checked here.
///
/// ```
/// let typed: domain::form::Answers = serde_json::from_str("{}").unwrap();
/// ```
///
/// ```compile_fail
/// let complete: domain::form::CompleteAnswers = serde_json::from_str("{}").unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CompleteAnswers(pub(super) Answers);

impl CompleteAnswers {
    /// The answers.
    pub fn answers(&self) -> &Answers {
        &self.0
    }
}

impl Checked {
    /// The answers as complete ones, when no error stands.
    ///
    /// # Errors
    /// The errors (not the warnings) that stand against it.
    pub fn complete(self) -> Result<CompleteAnswers, Vec<super::Problem>> {
        if self.is_complete() {
            Ok(CompleteAnswers(self.answers))
        } else {
            Err(self.problems.into_iter().filter(|problem| problem.level == super::Level::Error).collect())
        }
    }

    /// The answers as complete ones, where all but the convener's own stand as they were sent: an error elsewhere was judged
    /// then, by the rules of that day, and is not this person's to mend.
    ///
    /// # Errors
    /// The errors that stand against the convener's own answers.
    pub fn complete_for(self, own: &crate::policy::ConvenerFields) -> Result<CompleteAnswers, Vec<super::Problem>> {
        let errors: Vec<_> = self.problems.into_iter().filter(|problem| is_error_of(problem, own)).collect();
        if errors.is_empty() { Ok(CompleteAnswers(self.answers)) } else { Err(errors) }
    }
}

/// Whether a problem stands against one of the convener's own answers.
pub fn is_error_of(problem: &super::Problem, own: &crate::policy::ConvenerFields) -> bool {
    problem.level == super::Level::Error && own.has(&problem.field)
}

/// The SHA-256, as 64 hex digits, of a form's identity and answers. Keys are hashed in sorted order and `null` ones left out, so
/// that the same content always has the same hash, and other content another.
pub fn content_hash(form: &FormRef, answers: &Answers) -> String {
    let mut content = String::new();
    write_object(&answers.0, &mut content);
    let mut sha = Sha256::new();
    sha.update(format!("{} {} {}\n{content}", form.id, form.version, form.hash));
    hex::encode(sha.finalize())
}

fn write_object(map: &Map<String, Value>, out: &mut String) {
    let mut entries: Vec<_> = map.iter().filter(|(_, value)| !value.is_null()).collect();
    entries.sort_by_key(|(key, _)| key.as_str());
    out.push('{');
    for (key, value) in entries {
        out.push_str(&Value::from(key.as_str()).to_string());
        out.push(':');
        write_value(value, out);
        out.push(',');
    }
    out.push('}');
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => write_object(map, out),
        Value::Array(items) => {
            out.push('[');
            for item in items {
                write_value(item, out);
                out.push(',');
            }
            out.push(']');
        }
        other => out.push_str(&other.to_string()),
    }
}
