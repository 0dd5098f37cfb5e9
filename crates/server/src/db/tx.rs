//! A transaction on either database, and the four ways to ask it something.

use super::{
    DbError, Query,
    row::{Arg, Row, args},
};
use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

/// An open transaction; dropped without [`Tx::commit`], it never was.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// A query with its values, for the database of `$tx`.
macro_rules! prepared {
    ($db:ty, $sql:expr, $args:expr) => {{
        let mut query = sqlx::query::<$db>($sql);
        for arg in $args {
            query = match arg {
                Arg::Text(text) => query.bind(text),
                Arg::Int(number) => query.bind(number),
            };
        }
        query
    }};
}

impl Tx {
    /// Every row of the answer.
    pub async fn all(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<Row>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => {
                prepared!(Sqlite, sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                prepared!(Postgres, sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// Every row of the answer to a query that was put together.
    pub async fn built(&mut self, query: &Query) -> Result<Vec<Row>, DbError> {
        let (sql, args) = (AssertSqlSafe(query.sql.clone()), query.args.clone());
        Ok(match self {
            Self::Sqlite(tx) => {
                prepared!(Sqlite, sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                prepared!(Postgres, sql, args).fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of the answer, if any.
    pub async fn maybe(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Option<Row>, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => prepared!(Sqlite, sql, args).fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Self::Postgres(tx) => prepared!(Postgres, sql, args).fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    /// The one row of the answer.
    pub async fn one(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<Row, DbError> {
        self.maybe(sql, args).await?.ok_or(DbError::Sql(sqlx::Error::RowNotFound))
    }

    /// Changes something; how many rows it changed.
    pub async fn run(&mut self, sql: &'static str, args: Vec<Arg>) -> Result<u64, DbError> {
        Ok(match self {
            Self::Sqlite(tx) => prepared!(Sqlite, sql, args).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => prepared!(Postgres, sql, args).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// The number of this transaction's change. It holds the service's row until the end, so such transactions come one
    /// after the other and nobody sees number 8 before number 7.
    pub async fn next_change(&mut self) -> Result<i64, DbError> {
        let sql = "UPDATE service SET change_seq = change_seq + 1 WHERE id = 1 RETURNING change_seq";
        self.one(sql, args![]).await?.int(0)
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
