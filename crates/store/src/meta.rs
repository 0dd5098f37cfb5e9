//! Small JSON values by name: settings, the signed-in person, what was learned of the service.

use crate::{
    Result, Store,
    column::{from_json, json},
};
use serde_json::Value;
use sqlx::SqliteConnection;

impl Store {
    /// The value of this name, if one was put.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn meta(&self, name: &str) -> Result<Option<Value>> {
        read(&mut self.read().await?.conn, name).await
    }

    /// Keeps a value under this name in place of an earlier one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_meta(&self, name: &str, value: &Value) -> Result<()> {
        let mut work = self.write().await?;
        let done = write(work.conn(), name, value).await;
        work.end(done).await
    }
}

pub(crate) async fn read(conn: &mut SqliteConnection, name: &str) -> Result<Option<Value>> {
    let text: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(name).fetch_optional(conn).await?;
    text.map(|text| from_json(&text)).transpose()
}

pub(crate) async fn write(conn: &mut SqliteConnection, name: &str, value: &Value) -> Result<()> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(json(value))
    .execute(conn)
    .await?;
    Ok(())
}
