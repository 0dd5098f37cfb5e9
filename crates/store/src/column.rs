//! Values as columns: ids and enums as TEXT, times as milliseconds, everything else as JSON. A column that does not read back
//! is damage, and is told apart from a fault of SQL.

use crate::{Result, StoreError};
use domain::time::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::{Row as _, sqlite::SqliteRow};
use std::str::FromStr;

/// JSON text of a value.
pub(crate) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our types have text keys and finite numbers, so they are always JSON")
}

/// A value from JSON text.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| {
        // The error's words may quote what a person wrote; its place may not.
        tracing::error!(line = error.line(), column = error.column(), "a stored value cannot be read");
        StoreError::Damaged
    })
}

/// The word of an enum, e.g. `school_check`.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        other => panic!("an enum of words is kept here, not {other:?}"),
    }
}

/// A moment as it is kept.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// A moment from how it is kept.
pub(crate) fn moment(millis: i64) -> Result<Timestamp> {
    Timestamp::from_timestamp_millis(millis).ok_or(StoreError::Damaged)
}

/// Reads of a row.
pub(crate) trait Columns {
    /// A TEXT column.
    fn text(&self, name: &str) -> Result<String>;
    /// A TEXT column that may be empty.
    fn text_or_none(&self, name: &str) -> Result<Option<String>>;
    /// An INTEGER column.
    fn integer(&self, name: &str) -> Result<i64>;

    /// A TEXT column that is an id or a hash.
    fn id<T: FromStr>(&self, name: &str) -> Result<T> {
        self.text(name)?.parse().map_err(|_| StoreError::Damaged)
    }
    /// A TEXT column that is the word of an enum.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        serde_json::from_value(Value::String(self.text(name)?)).map_err(|_| StoreError::Damaged)
    }
    /// A TEXT column that is JSON.
    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        from_json(&self.text(name)?)
    }
    /// An INTEGER column that is a moment.
    fn moment(&self, name: &str) -> Result<Timestamp> {
        moment(self.integer(name)?)
    }
    /// An INTEGER column that is a count.
    fn count<T: TryFrom<i64>>(&self, name: &str) -> Result<T> {
        self.integer(name)?.try_into().map_err(|_| StoreError::Damaged)
    }
    /// An INTEGER column that is a boolean.
    fn flag(&self, name: &str) -> Result<bool> {
        Ok(self.integer(name)? != 0)
    }
}

impl Columns for SqliteRow {
    fn text(&self, name: &str) -> Result<String> {
        Ok(self.try_get(name)?)
    }
    fn text_or_none(&self, name: &str) -> Result<Option<String>> {
        Ok(self.try_get(name)?)
    }
    fn integer(&self, name: &str) -> Result<i64> {
        Ok(self.try_get(name)?)
    }
}
