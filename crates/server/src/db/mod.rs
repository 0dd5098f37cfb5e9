//! Everything that is kept: one function is one transaction, every query is written once and runs on SQLite and PostgreSQL.
//!
//! No rule is decided here and nothing here knows HTTP. Where a rule has to be judged on data that must not move meanwhile,
//! the function takes the judge as an argument.

pub mod accounts;
pub mod acts;
pub mod appeals;
pub mod audit;
pub mod blobs;
pub mod cases;
mod certificates;
pub mod changes;
pub mod conveners;
pub mod county_rules;
pub mod drafts;
pub mod events;
pub mod lists;
pub mod mail;
pub mod notices;
mod open;
mod query;
pub mod record_imports;
pub mod records;
pub mod reminders;
pub mod reviewers;
mod row;
pub mod sessions;
pub mod sketches;
mod tx;

pub use open::Db;
pub use query::Query;
pub(crate) use row::args;
pub use row::{Arg, Row};
pub use tx::Tx;

use domain::time::Timestamp;
use wire::{Code, Failure};

/// Why a database function gave nothing. The transaction was rolled back.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] Failure),
    /// The database said no.
    #[error("database: {0}")]
    Sql(#[from] sqlx::Error),
    /// The database could not be brought to this program's form.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// What is stored cannot be read back.
    #[error("stored {what} cannot be read")]
    Stored {
        /// What it should be.
        what: &'static str,
    },
}

impl DbError {
    /// The refusal that a caller of the service gets.
    pub fn failure(self) -> Failure {
        match self {
            Self::Refused(failure) => failure,
            Self::Sql(sqlx::Error::PoolTimedOut) => busy("no database connection became free"),
            Self::Sql(sqlx::Error::Database(error)) if is_busy(error.code().as_deref()) => {
                busy("the database is locked")
            }
            Self::Sql(sqlx::Error::Database(error)) if is_full(error.code().as_deref()) => {
                Failure::new(Code::DiskFull, "the service's disk is full")
            }
            other => {
                tracing::error!(error = %other, "database");
                Failure::new(Code::Internal, "the database failed")
            }
        }
    }
}

fn busy(message: &str) -> Failure {
    Failure::with(Code::Busy, serde_json::json!({ "retry_after_seconds": 2 }), message)
}

/// SQLite: `SQLITE_BUSY` (5) and `SQLITE_LOCKED` (6) with their extended codes. PostgreSQL: serialization failure, deadlock,
/// lock not available, too many connections.
fn is_busy(code: Option<&str>) -> bool {
    match code {
        Some("40001" | "40P01" | "55P03" | "53300") => true,
        Some(code) => code.parse::<u32>().is_ok_and(|code| code < 10_000 && matches!(code & 0xff, 5 | 6)),
        None => false,
    }
}

/// SQLite: `SQLITE_FULL` (13). PostgreSQL: disk full.
fn is_full(code: Option<&str>) -> bool {
    matches!(code, Some("13" | "53100"))
}

/// A moment as it is stored.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// A moment as it was stored.
pub(crate) fn moment(millis: i64) -> Result<Timestamp, DbError> {
    Timestamp::from_timestamp_millis(millis).ok_or(DbError::Stored { what: "moment" })
}

/// Reads a stored JSON text.
pub(crate) fn json<T: serde::de::DeserializeOwned>(text: &str, what: &'static str) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|_| DbError::Stored { what })
}

/// Writes a JSON text to store.
pub(crate) fn to_json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("maps of the stored types have text keys")
}

/// An enum's code as it is stored.
pub(crate) fn code<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(code)) => code,
        _ => unreachable!("called with unit variants only, which serialise to text"),
    }
}

/// Reads a stored code.
pub(crate) fn from_code<T: serde::de::DeserializeOwned>(code: String, what: &'static str) -> Result<T, DbError> {
    serde_json::from_value(serde_json::Value::String(code)).map_err(|_| DbError::Stored { what })
}

/// Reads a stored id.
pub(crate) fn id<T: std::str::FromStr>(text: &str, what: &'static str) -> Result<T, DbError> {
    text.parse().map_err(|_| DbError::Stored { what })
}
