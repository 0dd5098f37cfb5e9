//! The one file of a form: the scan that is bound to a printed revision, or an enclosure, which is bound to none. Row and
//! bytes come in one transaction, so that neither is ever without the other.

use crate::{
    Result, Store, blobs,
    column::{Columns as _, json},
};
use domain::{case::StampedFile, form::FormId, ids::CaseId, paper::ScannedPage};

/// A scan of a stamped print, or an enclosure.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// The printed revision it is of; 0 for an enclosure.
    pub revision: u32,
    /// That revision's content hash, 64 hex digits; empty for an enclosure.
    pub hash: String,
    /// The file.
    pub file: StampedFile,
    /// Its pages as they were read.
    pub pages: Vec<ScannedPage>,
}

impl Store {
    /// Keeps a scan and its file in place of an earlier scan of this form.
    ///
    /// # Errors
    /// [`crate::StoreError::WrongHash`] when the bytes are not those of `scan.file`, or a fault of the store; an earlier scan
    /// then stays.
    pub async fn put_scan(&self, case: CaseId, form: &FormId, scan: &Scan, bytes: &[u8]) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            blobs::put(work.conn(), &scan.file.blob, bytes).await?;
            sqlx::query(
                "INSERT INTO scans (case_id, form_id, revision, hash, blob, file, pages) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (case_id, form_id) DO UPDATE SET revision = excluded.revision, hash = excluded.hash, \
                     blob = excluded.blob, file = excluded.file, pages = excluded.pages",
            )
            .bind(case.to_string())
            .bind(form.as_str())
            .bind(i64::from(scan.revision))
            .bind(&scan.hash)
            .bind(scan.file.blob.as_str())
            .bind(json(&scan.file))
            .bind(json(&scan.pages))
            .execute(work.conn())
            .await?;
            Ok(())
        }
        .await;
        work.end(done).await
    }

    /// The scan of a form, if there is one. Whether it still is of the newest revision is for the caller to see.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn scan(&self, case: CaseId, form: &FormId) -> Result<Option<Scan>> {
        let row = sqlx::query("SELECT * FROM scans WHERE case_id = $1 AND form_id = $2")
            .bind(case.to_string())
            .bind(form.as_str())
            .fetch_optional(&mut *self.read().await?.conn)
            .await?;
        row.map(|row| {
            Ok(Scan {
                revision: row.count("revision")?,
                hash: row.text("hash")?,
                file: row.json("file")?,
                pages: row.json("pages")?,
            })
        })
        .transpose()
    }

    /// Takes a scan away from its form. Its bytes stay until [`Self::drop_unused_blobs`].
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_scan(&self, case: CaseId, form: &FormId) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query("DELETE FROM scans WHERE case_id = $1 AND form_id = $2")
            .bind(case.to_string())
            .bind(form.as_str())
            .execute(work.conn())
            .await
            .map(|_| ())
            .map_err(Into::into);
        work.end(done).await
    }
}
