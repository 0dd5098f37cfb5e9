//! What is known of complete files. The bytes lie in a folder, see [`crate::files`].

use super::{Db, DbError, Tx, args, millis};
use domain::{
    ids::{AccountId, BlobHash},
    time::Timestamp,
};

/// A file that is completely there and was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its size.
    pub bytes: u32,
    /// Its pages.
    pub pages: u32,
}

/// Notes that an account has sent a file completely.
pub async fn put(db: &Db, blob: &BlobHash, kept: Kept, sender: AccountId, now: Timestamp) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let sql = "INSERT INTO blobs (sha256, bytes, pages, at) VALUES ($1, $2, $3, $4) ON CONFLICT (sha256) DO NOTHING";
    tx.run(sql, args![blob, kept.bytes, kept.pages, millis(now)]).await?;
    let sql = "INSERT INTO blob_senders (sha256, account_id, at) VALUES ($1, $2, $3) ON CONFLICT (sha256, account_id) DO NOTHING";
    tx.run(sql, args![blob, sender, millis(now)]).await?;
    tx.commit().await
}

/// The file, when this account has sent it completely.
pub async fn find(db: &Db, blob: &BlobHash, sender: AccountId) -> Result<Option<Kept>, DbError> {
    sent_by(&mut db.read().await?, blob, sender).await
}

pub(crate) async fn sent_by(tx: &mut Tx, blob: &BlobHash, sender: AccountId) -> Result<Option<Kept>, DbError> {
    let sql = "SELECT b.bytes, b.pages FROM blobs b JOIN blob_senders s ON s.sha256 = b.sha256 \
               WHERE b.sha256 = $1 AND s.account_id = $2";
    let row = tx.maybe(sql, args![blob, sender]).await?;
    row.map(|row| Ok(Kept { bytes: row.count(0)?, pages: row.count(1)? })).transpose()
}
