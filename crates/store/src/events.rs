//! Events of cases as the service told them, kept so that versions can be compared without a line. They may be older than the
//! case; the number of the last one says so.

use crate::{
    Result, Store,
    column::{Columns as _, json},
};
use domain::{case::Event, ids::CaseId};
use sqlx::SqliteConnection;

impl Store {
    /// The events of a case that are kept here, oldest first; none when the service was never asked.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn events(&self, case: CaseId) -> Result<Option<Vec<Event>>> {
        let row = sqlx::query("SELECT body FROM case_events WHERE case_id = $1")
            .bind(case.to_string())
            .fetch_optional(&mut *self.read().await?.conn)
            .await?;
        row.map(|row| row.json("body")).transpose()
    }

    /// Keeps the events of a case in place of those kept before, as long as the person may see the papers of the case.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_events(&self, case: CaseId, events: &[Event]) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query(
            "INSERT INTO case_events (case_id, seq, body) SELECT id, $2, $3 FROM cases WHERE id = $1 AND papers_hidden = 0 \
             ON CONFLICT (case_id) DO UPDATE SET seq = excluded.seq, body = excluded.body WHERE seq <= excluded.seq",
        )
        .bind(case.to_string())
        .bind(i64::from(events.last().map_or(0, |event| event.seq)))
        .bind(json(&events))
        .execute(work.conn())
        .await
        .map(|_| ())
        .map_err(Into::into);
        work.end(done).await
    }
}

/// Forgets the versions of a case whose papers the person may see no more.
pub(crate) async fn forget(conn: &mut SqliteConnection, case: CaseId) -> Result<()> {
    sqlx::query("DELETE FROM case_events WHERE case_id = $1").bind(case.to_string()).execute(conn).await?;
    Ok(())
}
