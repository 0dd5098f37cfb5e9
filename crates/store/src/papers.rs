//! Printed revisions: what was on paper, frozen. They travel with the drafts, so that the scan can be made elsewhere.

use crate::{
    Result, Store,
    column::{Columns as _, from_json, json, millis},
};
use domain::{
    form::{Answers, FormId, FormRef},
    ids::CaseId,
    paper::{PrintLayout, PrintedRevision},
    time::Timestamp,
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// A print that was just made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewPrint {
    /// The definition.
    pub form_ref: FormRef,
    /// Hash of form and answers, 64 hex digits.
    pub hash: String,
    /// The answers as printed.
    pub answers: Answers,
    /// The layout of the print.
    pub layout: PrintLayout,
    /// When.
    pub printed_at: Timestamp,
}

impl Store {
    /// The number that a print of this content gets: that of the newest revision when the content is the same, else the next.
    /// The print carries it, so it is asked before; [`Self::freeze`] then gives the same one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revision_for(&self, case: CaseId, form: &FormId, hash: &str) -> Result<u32> {
        let prints = printed(&mut self.read().await?.conn, case, form).await?;
        Ok(number(&prints, hash))
    }

    /// Freezes what was printed. The same content as the newest revision is a reprint of it: the number stays, and the layout
    /// becomes that of the new paper, because that is the one which will be stamped.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn freeze(&self, case: CaseId, form: &FormId, new: NewPrint) -> Result<PrintedRevision> {
        let mut work = self.write().await?;
        let done = async {
            let prints = printed(work.conn(), case, form).await?;
            let revision = number(&prints, &new.hash);
            let same = prints
                .into_iter()
                .find(|old| old.revision == revision && old.hash == new.hash && old.layout == new.layout);
            if let Some(old) = same {
                return Ok(old);
            }
            let NewPrint { form_ref, hash, answers, layout, printed_at } = new;
            let print = PrintedRevision { revision, form: form_ref, hash, answers, layout, printed_at };
            insert(work.conn(), case, form, &print, Known::Here).await?;
            Ok(print)
        }
        .await;
        work.end(done).await
    }

    /// Adds a revision that came from the service; one that is here already counts as sent.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn add_printed(&self, case: CaseId, form: &FormId, print: PrintedRevision) -> Result<()> {
        let mut work = self.write().await?;
        let done = insert(work.conn(), case, form, &print, Known::Both).await;
        work.end(done).await
    }

    /// Every printed revision of a form, oldest first. Two computers may each have printed the same number; the hash tells
    /// them apart.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn printed(&self, case: CaseId, form: &FormId) -> Result<Vec<PrintedRevision>> {
        printed(&mut self.read().await?.conn, case, form).await
    }

    /// The printed revisions that the service does not have, oldest first. They count as sent when the push they went with
    /// (begun by [`Self::begin_push`]) is answered.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn unsent_printed(&self, case: CaseId, form: &FormId) -> Result<Vec<PrintedRevision>> {
        let rows = sqlx::query(
            "SELECT body FROM printed WHERE case_id = $1 AND form_id = $2 AND sent = 0 ORDER BY revision, printed_at",
        )
        .bind(case.to_string())
        .bind(form.as_str())
        .fetch_all(&mut *self.read().await?.conn)
        .await?;
        rows.iter().map(print).collect()
    }
}

/// Who has a printed revision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Here,
    Both,
}

fn number(prints: &[PrintedRevision], hash: &str) -> u32 {
    let newest = prints.last().map_or(0, |print| print.revision);
    let reprint = prints.iter().any(|print| print.revision == newest && print.hash == hash);
    if reprint { newest } else { newest + 1 }
}

fn print(row: &SqliteRow) -> Result<PrintedRevision> {
    from_json(&row.text("body")?)
}

async fn printed(conn: &mut SqliteConnection, case: CaseId, form: &FormId) -> Result<Vec<PrintedRevision>> {
    let rows =
        sqlx::query("SELECT body FROM printed WHERE case_id = $1 AND form_id = $2 ORDER BY revision, printed_at, hash")
            .bind(case.to_string())
            .bind(form.as_str())
            .fetch_all(conn)
            .await?;
    rows.iter().map(print).collect()
}

/// Adds revisions that came with the service's changes.
pub(crate) async fn add(
    conn: &mut SqliteConnection,
    case: CaseId,
    form: &FormId,
    prints: &[PrintedRevision],
) -> Result<()> {
    for print in prints {
        insert(conn, case, form, print, Known::Both).await?;
    }
    Ok(())
}

/// Our own layout is not replaced by the service's: the paper lies beside this computer.
async fn insert(
    conn: &mut SqliteConnection,
    case: CaseId,
    form: &FormId,
    print: &PrintedRevision,
    known: Known,
) -> Result<()> {
    let statement = match known {
        Known::Here => {
            "INSERT INTO printed (case_id, form_id, revision, hash, body, sent, printed_at) VALUES ($1, $2, $3, $4, $5, 0, $6) \
             ON CONFLICT (case_id, form_id, revision, hash) DO UPDATE \
             SET body = excluded.body, sent = 0, printed_at = excluded.printed_at"
        }
        Known::Both => {
            "INSERT INTO printed (case_id, form_id, revision, hash, body, sent, printed_at) VALUES ($1, $2, $3, $4, $5, 1, $6) \
             ON CONFLICT (case_id, form_id, revision, hash) DO UPDATE SET sent = 1"
        }
    };
    sqlx::query(statement)
        .bind(case.to_string())
        .bind(form.as_str())
        .bind(i64::from(print.revision))
        .bind(&print.hash)
        .bind(json(print))
        .bind(millis(print.printed_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// The newest revision that waits to be sent; 0 when none does.
pub(crate) async fn newest_unsent(conn: &mut SqliteConnection, case: CaseId, form: &FormId) -> Result<u32> {
    let row = sqlx::query(
        "SELECT coalesce(max(revision), 0) AS newest FROM printed WHERE case_id = $1 AND form_id = $2 AND sent = 0",
    )
    .bind(case.to_string())
    .bind(form.as_str())
    .fetch_one(conn)
    .await?;
    row.count("newest")
}

/// Everything up to this revision has reached the service.
pub(crate) async fn mark_sent(conn: &mut SqliteConnection, case: CaseId, form: &FormId, up_to: u32) -> Result<()> {
    sqlx::query("UPDATE printed SET sent = 1 WHERE case_id = $1 AND form_id = $2 AND revision <= $3 AND sent = 0")
        .bind(case.to_string())
        .bind(form.as_str())
        .bind(i64::from(up_to))
        .execute(conn)
        .await?;
    Ok(())
}
