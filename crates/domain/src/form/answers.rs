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
}

/// The SHA-256, as 64 hex digits, of a form's identity and answers. Keys are hashed in sorted order and empty answers are
/// left out, so that the same content always has the same hash.
pub fn content_hash(form: &FormRef, answers: &Answers) -> String {
    fn canonical(value: &Value) -> Option<Value> {
        match value {
            Value::Null => None,
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().filter_map(|(k, v)| Some((k.clone(), canonical(v)?))).collect();
                entries.sort_by(|a, b| a.0.cmp(&b.0));
                Some(Value::Array(entries.into_iter().map(|(k, v)| Value::Array(vec![k.into(), v])).collect()))
            }
            Value::Array(items) => {
                Some(Value::Array(items.iter().map(|item| canonical(item).unwrap_or(Value::Null)).collect()))
            }
            other => Some(other.clone()),
        }
    }
    let content = canonical(&Value::Object(answers.0.clone())).unwrap_or(Value::Null);
    let mut sha = Sha256::new();
    sha.update(format!("{} {} {}\n{content}", form.id, form.version, form.hash));
    hex::encode(sha.finalize())
}
