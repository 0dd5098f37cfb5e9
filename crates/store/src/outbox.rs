//! Acts that wait to be sent. They leave only when the service took them, or when a person has seen why it did not.

use crate::{
    KeptCase, Result, Store, StoreError, cases,
    column::{Columns as _, from_json, json, millis},
    drafts,
};
use domain::{
    case::Event,
    draft::Changes,
    form::FormId,
    ids::{BlobHash, CaseId, EventId},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

/// An act that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// The event's id.
    pub event: EventId,
    /// The case.
    pub case: CaseId,
    /// It opens the case.
    pub opens: bool,
    /// What will be sent; opaque here.
    pub body: Value,
    /// Files it needs at the service.
    pub blobs: Vec<BlobHash>,
    /// What the act is expected to do to the case.
    pub predicted: Event,
    /// Number of the case's last event that the person saw.
    pub expect_seq: u32,
    /// Why the service refused it; none while it waits.
    pub refused: Option<Value>,
    /// When the person acted.
    pub created_at: Timestamp,
}

impl Store {
    /// Puts an act at the end of the outbox and, when the case is opened here, the case with it. The same act twice is one act.
    ///
    /// # Errors
    /// [`StoreError::NoSuchCase`] when the store does not have the case, or a fault of the store.
    pub async fn queue(&self, item: &OutboxItem, local: Option<&KeptCase>) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            if let Some(kept) = local {
                cases::put(work.conn(), kept).await?;
            }
            push(work.conn(), item).await
        }
        .await;
        work.end(done).await
    }

    /// As [`Self::queue`], for an act that fills in a paper: both are kept or neither.
    ///
    /// # Errors
    /// As [`Self::queue`].
    pub async fn queue_filling(&self, item: &OutboxItem, form: &FormId, changes: &Changes) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            push(work.conn(), item).await?;
            drafts::fill(work.conn(), item.case, form, changes, item.created_at).await
        }
        .await;
        work.end(done).await
    }

    /// Puts acts on many cases at the end of the outbox, all or none. Refused acts of these cases go first, with what was queued
    /// behind them: acting again is a person's answer to a refusal.
    ///
    /// # Errors
    /// As [`Self::queue`]; nothing is queued then.
    pub async fn queue_all(&self, items: &[OutboxItem]) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            for item in items {
                drop_refused(work.conn(), item.case).await?;
                push(work.conn(), item).await?;
            }
            Ok(())
        }
        .await;
        work.end(done).await
    }

    /// The acts that wait, of one case or of all, oldest first. Refused ones are among them.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn outbox(&self, case: Option<CaseId>) -> Result<Vec<OutboxItem>> {
        let rows = sqlx::query("SELECT * FROM outbox WHERE $1 IS NULL OR case_id = $1 ORDER BY place")
            .bind(case.map(|case| case.to_string()))
            .fetch_all(&mut *self.read().await?.conn)
            .await?;
        rows.iter().map(item).collect()
    }

    /// The service took an act: it leaves the outbox, and the case is as the service says.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn act_accepted(&self, event: EventId, now: KeptCase) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            take_off(work.conn(), event).await?;
            cases::put(work.conn(), &now).await
        }
        .await;
        work.end(done).await
    }

    /// The service answered acts on many cases, together: those it took leave the outbox, and their cases stand as it says,
    /// with the papers they have here unless these are hidden now; those it refused stay, marked.
    ///
    /// # Errors
    /// A fault of the store; all of them wait as before then.
    pub async fn acts_answered(
        &self,
        taken: Vec<(EventId, Option<KeptCase>)>,
        refused: &[(EventId, Value)],
    ) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            let mut now = Vec::with_capacity(taken.len());
            for (event, kept) in taken {
                take_off(work.conn(), event).await?;
                if let Some(mut kept) = kept {
                    if !kept.papers_hidden {
                        kept.case.papers = cases::papers(work.conn(), kept.case.id).await?;
                    }
                    now.push(kept);
                }
            }
            cases::put_all(work.conn(), &now).await?;
            for (event, failure) in refused {
                mark_refused(work.conn(), *event, failure).await?;
            }
            Ok(())
        }
        .await;
        work.end(done).await
    }

    /// The service refused an act: it stays, marked, and so does what is behind it.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn act_refused(&self, event: EventId, failure: &Value) -> Result<()> {
        let mut work = self.write().await?;
        let done = mark_refused(work.conn(), event, failure).await;
        work.end(done).await
    }

    /// The person has seen the refusal: the refused act and what was queued behind it in the same case go. Answers stay.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn drop_refused(&self, case: CaseId) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            drop_refused(work.conn(), case).await?;
            cases::settle(work.conn(), case).await
        }
        .await;
        work.end(done).await
    }
}

async fn push(conn: &mut SqliteConnection, item: &OutboxItem) -> Result<()> {
    if !cases::is_here(conn, item.case).await? {
        return Err(StoreError::NoSuchCase(item.case));
    }
    sqlx::query(
        "INSERT INTO outbox (event_id, case_id, opens, body, blobs, predicted, expect_seq, refused, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (event_id) DO NOTHING",
    )
    .bind(item.event.to_string())
    .bind(item.case.to_string())
    .bind(item.opens)
    .bind(json(&item.body))
    .bind(json(&item.blobs))
    .bind(json(&item.predicted))
    .bind(i64::from(item.expect_seq))
    .bind(item.refused.as_ref().map(json))
    .bind(millis(item.created_at))
    .execute(&mut *conn)
    .await?;
    cases::settle(conn, item.case).await
}

async fn take_off(conn: &mut SqliteConnection, event: EventId) -> Result<()> {
    sqlx::query("DELETE FROM outbox WHERE event_id = $1").bind(event.to_string()).execute(conn).await?;
    Ok(())
}

async fn mark_refused(conn: &mut SqliteConnection, event: EventId, failure: &Value) -> Result<()> {
    let marked = sqlx::query("UPDATE outbox SET refused = $2 WHERE event_id = $1 RETURNING case_id")
        .bind(event.to_string())
        .bind(json(failure))
        .fetch_optional(&mut *conn)
        .await?;
    match marked {
        Some(row) => cases::settle(conn, row.id("case_id")?).await,
        None => Ok(()),
    }
}

async fn drop_refused(conn: &mut SqliteConnection, case: CaseId) -> Result<()> {
    sqlx::query(
        "DELETE FROM outbox WHERE case_id = $1 \
         AND place >= (SELECT min(place) FROM outbox WHERE case_id = $1 AND refused IS NOT NULL)",
    )
    .bind(case.to_string())
    .execute(conn)
    .await?;
    Ok(())
}

fn item(row: &SqliteRow) -> Result<OutboxItem> {
    let refused: Option<String> = row.try_get("refused")?;
    Ok(OutboxItem {
        event: row.id("event_id")?,
        case: row.id("case_id")?,
        opens: row.flag("opens")?,
        body: row.json("body")?,
        blobs: row.json("blobs")?,
        predicted: row.json("predicted")?,
        expect_seq: row.count("expect_seq")?,
        refused: refused.map(|text| from_json(&text)).transpose()?,
        created_at: row.moment("created_at")?,
    })
}
