//! A page of the service's changes, taken whole or not at all, together with the cursor of the next one.

use crate::{KeptNotice, Result, Store, StoreError, ToldCase, cases, meta, notices, papers, pushes};
use domain::{draft::DraftHead, form::FormId, ids::CaseId, paper::PrintedRevision};
use serde_json::Value;

const CURSOR: &str = "changes_cursor";

impl Store {
    /// Where the next question for changes begins; 0 before the first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn cursor(&self) -> Result<u64> {
        match self.meta(CURSOR).await? {
            None => Ok(0),
            Some(value) => value.as_u64().ok_or(StoreError::Damaged),
        }
    }

    /// Takes a page of changes. Drafts meet what is typed here as in [`Self::take_head`]. A case in `gone` goes with its
    /// drafts, scans and waiting acts, and what was typed into it here alone is set aside among the papers outside any case;
    /// nothing else ever deletes a case, least of all its absence from a page.
    ///
    /// # Errors
    /// A fault of the store; cursor and contents are then as before.
    pub async fn take_changes(
        &self,
        cursor: u64,
        cases: Vec<ToldCase>,
        drafts: Vec<(CaseId, FormId, DraftHead, Vec<PrintedRevision>)>,
        notices: Vec<KeptNotice>,
        gone: Vec<CaseId>,
    ) -> Result<()> {
        let mut work = self.write().await?;
        let done = async {
            // A page that both shows and withdraws a case contradicts itself; then nothing is deleted.
            for case in gone.iter().filter(|gone| cases.iter().all(|told| told.outline.case.id != **gone)) {
                cases::forget(work.conn(), *case).await?;
            }
            cases::put_all(work.conn(), &cases).await?;
            for (case, form, head, prints) in &drafts {
                pushes::take_head(work.conn(), *case, form, head, None, &[]).await?;
                papers::add(work.conn(), *case, form, prints).await?;
            }
            notices::put(work.conn(), &notices).await?;
            meta::write(work.conn(), CURSOR, &Value::from(cursor)).await
        }
        .await;
        work.end(done).await
    }
}
