//! 訊息通知: messages from the service, and which of them the person confirmed here.

use crate::{
    Result, Store,
    column::{Columns as _, from_json, json, millis, word},
};
use domain::{
    ids::{CaseId, NoticeId},
    notice::{NoticeKind, NoticeText},
    time::Timestamp,
};
use sqlx::SqliteConnection;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNotice {
    /// Its id.
    pub id: NoticeId,
    /// Which text.
    pub kind: NoticeKind,
    /// The case it is about.
    pub case: CaseId,
    /// When.
    pub at: Timestamp,
    /// The person has confirmed it, here or elsewhere.
    pub read: bool,
    /// Its words, when they came with it.
    pub words: Option<NoticeText>,
}

impl Store {
    /// Keeps messages as the service tells them. One that was confirmed here stays confirmed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_notices(&self, notices: &[KeptNotice]) -> Result<()> {
        let mut work = self.write().await?;
        let done = put(work.conn(), notices).await;
        work.end(done).await
    }

    /// Every message, newest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn notices(&self) -> Result<Vec<KeptNotice>> {
        let rows = sqlx::query("SELECT * FROM notices ORDER BY at DESC, id DESC")
            .fetch_all(&mut *self.read().await?.conn)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(KeptNotice {
                    id: row.id("id")?,
                    kind: row.word("kind")?,
                    case: row.id("case_id")?,
                    at: row.moment("at")?,
                    read: row.flag("read")?,
                    words: row.text_or_none("words")?.as_deref().map(from_json).transpose()?,
                })
            })
            .collect()
    }

    /// The person confirmed a message; the service is to hear of it.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn mark_read(&self, id: NoticeId) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query("UPDATE notices SET read = 1, unsent = 1 WHERE id = $1 AND read = 0")
            .bind(id.to_string())
            .execute(work.conn())
            .await
            .map(|_| ())
            .map_err(Into::into);
        work.end(done).await
    }

    /// How many messages wait to be confirmed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn unread_count(&self) -> Result<u32> {
        let row = sqlx::query("SELECT count(*) AS unread FROM notices WHERE read = 0")
            .fetch_one(&mut *self.read().await?.conn)
            .await?;
        row.count("unread")
    }

    /// Messages confirmed here of which the service does not know.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn read_unsent(&self) -> Result<Vec<NoticeId>> {
        let rows = sqlx::query("SELECT id FROM notices WHERE unsent = 1 ORDER BY at, id")
            .fetch_all(&mut *self.read().await?.conn)
            .await?;
        rows.iter().map(|row| row.id("id")).collect()
    }

    /// The service knows now that these were confirmed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn read_sent(&self, ids: &[NoticeId]) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            for id in ids {
                sqlx::query("UPDATE notices SET unsent = 0 WHERE id = $1")
                    .bind(id.to_string())
                    .execute(work.conn())
                    .await?;
            }
            Ok(())
        }
        .await;
        work.end(done).await
    }
}

pub(crate) async fn put(conn: &mut SqliteConnection, notices: &[KeptNotice]) -> Result<()> {
    for notice in notices {
        sqlx::query(
            "INSERT INTO notices (id, kind, case_id, at, read, unsent, words) VALUES ($1, $2, $3, $4, $5, 0, $6) \
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, case_id = excluded.case_id, at = excluded.at, \
                 words = excluded.words, read = max(read, excluded.read), unsent = CASE WHEN excluded.read = 1 THEN 0 ELSE unsent END",
        )
        .bind(notice.id.to_string())
        .bind(word(&notice.kind))
        .bind(notice.case.to_string())
        .bind(millis(notice.at))
        .bind(notice.read)
        .bind(notice.words.as_ref().map(json))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
