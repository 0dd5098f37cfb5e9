//! Values that go into a query and rows that come out, the same for both databases.

use super::DbError;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};

/// A value for a `$n`.
#[derive(Debug, Clone)]
pub enum Arg {
    /// Text, or `NULL`.
    Text(Option<String>),
    /// A number, or `NULL`.
    Int(Option<i64>),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Option<String>> for Arg {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Option<u32>> for Arg {
    fn from(number: Option<u32>) -> Self {
        Self::Int(number.map(Into::into))
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<u32> for Arg {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<bool> for Arg {
    fn from(yes: bool) -> Self {
        Self::Int(Some(yes.into()))
    }
}

macro_rules! id_args {
    ($($id:ty),+) => {$(
        impl From<$id> for Arg {
            fn from(id: $id) -> Self {
                Self::Text(Some(id.to_string()))
            }
        }
    )+};
}
id_args!(
    domain::ids::CaseId,
    domain::ids::EventId,
    domain::ids::NoticeId,
    domain::ids::PushId,
    domain::ids::AccountId,
    crate::mail::MailId,
    domain::ids::RuleSetId,
    domain::ids::CertificateId,
    &domain::ids::BlobHash,
    &domain::form::FormId
);

/// The values of a query, in order.
macro_rules! args {
    ($($arg:expr),* $(,)?) => { vec![$($crate::db::Arg::from($arg)),*] };
}
pub(crate) use args;

/// One row of an answer.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    fn get<T>(&self, column: usize) -> Result<T, DbError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// The text in a column, counted from 0.
    pub fn text(&self, column: usize) -> Result<String, DbError> {
        self.get(column)
    }

    /// The text in a column, or none.
    pub fn text_or_none(&self, column: usize) -> Result<Option<String>, DbError> {
        self.get(column)
    }

    /// The number in a column.
    pub fn int(&self, column: usize) -> Result<i64, DbError> {
        self.get(column)
    }

    /// The number in a column, or none.
    pub fn int_or_none(&self, column: usize) -> Result<Option<i64>, DbError> {
        self.get(column)
    }

    /// The count in a column.
    pub fn count(&self, column: usize) -> Result<u32, DbError> {
        u32::try_from(self.int(column)?).map_err(|_| DbError::Stored { what: "count" })
    }
}
