//! Files, whole, inside the encrypted store (2 MB at most, so one row each). A file's name is the SHA-256 of its bytes.

use crate::{Result, Store, StoreError, column::Columns as _};
use domain::ids::BlobHash;
use sqlx::SqliteConnection;
use std::collections::BTreeSet;

impl Store {
    /// The bytes of a file, if they are here. They are hashed again: when the last page that a statement reads is damaged,
    /// SQLCipher answers with zeros in its place and complains only at the next statement.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the bytes are no longer those of the hash, or another fault of the store.
    pub async fn blob(&self, hash: &BlobHash) -> Result<Option<Vec<u8>>> {
        let bytes: Option<Vec<u8>> = sqlx::query_scalar("SELECT bytes FROM blobs WHERE hash = $1")
            .bind(hash.as_str())
            .fetch_optional(&mut *self.read().await?.conn)
            .await?;
        match bytes {
            Some(bytes) if BlobHash::of(&bytes) != *hash => Err(StoreError::Damaged),
            bytes => Ok(bytes),
        }
    }

    /// Keeps a file.
    ///
    /// # Errors
    /// [`StoreError::WrongHash`] when the bytes are others, or a fault of the store.
    pub async fn put_blob(&self, hash: &BlobHash, bytes: &[u8]) -> Result<()> {
        let mut work = self.write().await?;
        let done = put(work.conn(), hash, bytes).await;
        work.end(done).await
    }

    /// The service holds this file.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn mark_there(&self, hash: &BlobHash) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query("INSERT INTO blobs_there (hash) VALUES ($1) ON CONFLICT DO NOTHING")
            .bind(hash.as_str())
            .execute(work.conn())
            .await
            .map(|_| ())
            .map_err(Into::into);
        work.end(done).await
    }

    /// The files the service is known to hold.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn there(&self) -> Result<BTreeSet<BlobHash>> {
        let rows = sqlx::query("SELECT hash FROM blobs_there").fetch_all(&mut *self.read().await?.conn).await?;
        rows.iter().map(|row| row.id("hash")).collect()
    }

    /// Drops the bytes of files that no scan, no waiting act and no paper of a case names any more; answers how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn drop_unused_blobs(&self) -> Result<u64> {
        let mut work = self.write().await?;
        let done = sqlx::query(
            "DELETE FROM blobs WHERE hash NOT IN ( \
                 SELECT blob FROM scans \
                 UNION SELECT named.value FROM outbox, json_each(outbox.blobs) AS named \
                 UNION SELECT json_extract(paper.value, '$.stamped.blob') \
                       FROM case_bodies, json_each(body, '$.papers') AS paper \
                       WHERE json_extract(paper.value, '$.stamped.blob') IS NOT NULL)",
        )
        .execute(work.conn())
        .await
        .map(|done| done.rows_affected())
        .map_err(Into::into);
        work.end(done).await
    }
}

pub(crate) async fn put(conn: &mut SqliteConnection, hash: &BlobHash, bytes: &[u8]) -> Result<()> {
    if BlobHash::of(bytes) != *hash {
        return Err(StoreError::WrongHash(hash.clone()));
    }
    sqlx::query("INSERT INTO blobs (hash, bytes) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING")
        .bind(hash.as_str())
        .bind(bytes)
        .execute(conn)
        .await?;
    Ok(())
}
