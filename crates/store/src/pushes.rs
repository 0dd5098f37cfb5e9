//! Drafts on their way to the service and back: which fields are sent, and how the service's answer meets what was typed here
//! meanwhile. Nothing typed is dropped: a field that both sides changed keeps the typed value and waits as a clash.

use crate::{
    Draft, Result, Store,
    drafts::{self, DraftRow},
    papers,
};
use domain::{
    draft::{Changes, Clash, DraftHead, apply, changes, merge},
    form::{Answers, FormId},
    ids::{CaseId, PushId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;

/// A push on its way. Its base stays what it was when it began: sent again on a newer base, it would overwrite what others
/// changed in between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Push {
    pub(crate) id: PushId,
    base: u32,
    pub(crate) changes: Changes,
    /// The newest printed revision that goes with it; 0 for none.
    printed: u32,
}

impl Store {
    /// The push that is on its way, or else a new one of this id with what differs from the service's answers (fields in a
    /// clash left out): its id, the service's revision it builds on, and the changed fields. None when there is nothing to
    /// send. A printed revision that the service does not have makes a push even when no field changed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn begin_push(
        &self,
        case: CaseId,
        form: &FormId,
        id: PushId,
    ) -> Result<Option<(PushId, u32, Changes)>> {
        let mut work = self.write().await?;
        let done = async {
            let Some(mut row) = drafts::read(work.conn(), case, form).await? else { return Ok(None) };
            if row.push.is_none() {
                let mut changes = changes(&row.head.answers, &row.answers);
                row.clashes.iter().for_each(|clash| drop(changes.remove(&clash.field)));
                let printed = papers::newest_unsent(work.conn(), case, form).await?;
                if changes.is_empty() && printed == 0 {
                    return Ok(None);
                }
                row.push = Some(Push { id, base: row.head.revision, changes, printed });
                drafts::write(work.conn(), case, form, &row).await?;
            }
            Ok(row.push.map(|push| (push.id, push.base, push.changes)))
        }
        .await;
        work.end(done).await
    }

    /// Forgets the push on its way, after the service refused it for good. The answers stay and are pushed anew.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn drop_push(&self, case: CaseId, form: &FormId) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query("UPDATE drafts SET push = NULL WHERE case_id = $1 AND form_id = $2")
            .bind(case.to_string())
            .bind(form.as_str())
            .execute(work.conn())
            .await
            .map(|_| ())
            .map_err(Into::into);
        work.end(done).await
    }

    /// Takes what the service has now. `pushed` is what was sent when this is the answer to a push, which is then over;
    /// `clashes` are the fields of it that the service did not take.
    ///
    /// Fields changed there only are taken over, fields typed here only stay, and where both changed to different values the
    /// typed one stays in the answers and the clash is noted until a person picks.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_head(
        &self,
        case: CaseId,
        form: &FormId,
        head: &DraftHead,
        pushed: Option<&Changes>,
        clashes: &[Clash],
    ) -> Result<Draft> {
        let mut work = self.write().await?;
        let done = async {
            let row = take_head(work.conn(), case, form, head, pushed, clashes).await?;
            drafts::answer(row, case, form)
        }
        .await;
        work.end(done).await
    }
}

/// [`Store::take_head`] inside a transaction.
pub(crate) async fn take_head(
    conn: &mut SqliteConnection,
    case: CaseId,
    form: &FormId,
    head: &DraftHead,
    pushed: Option<&Changes>,
    clashes: &[Clash],
) -> Result<DraftRow> {
    let row = drafts::read(conn, case, form).await?;
    // Never saved here: the time of the typing is unknown, and 1970 is earlier than any.
    let row = row.unwrap_or_else(|| DraftRow::empty(Timestamp::UNIX_EPOCH));
    if pushed.is_some()
        && let Some(push) = &row.push
    {
        papers::mark_sent(conn, case, form, push.printed).await?;
    }
    let row = met(row, head, pushed, clashes);
    drafts::write(conn, case, form, &row).await?;
    Ok(row)
}

/// A draft after the service's news. Pure, so that tests can try every order.
pub(crate) fn met(mut row: DraftRow, head: &DraftHead, pushed: Option<&Changes>, refused: &[Clash]) -> DraftRow {
    let base = ours_in(&row, head, pushed, refused);
    // An answer that was asked for earlier may arrive after newer news; it then only ends the push.
    let theirs = if head.revision >= row.head.revision { head.clone() } else { row.head.clone() };
    let waiting = row.clashing();
    let typed = row.answers.clone();
    let (mut answers, found) = merge(&base, &row.answers, &theirs.answers);
    let (mut kept, _) = merge(&base, &row.kept, &theirs.answers);
    for field in &waiting {
        keep_field(&mut answers, &typed, field);
        keep_field(&mut kept, &row.kept, field);
    }
    row.answers = answers;
    row.kept = kept;
    row.head = theirs;
    if pushed.is_some() {
        row.push = None;
    }
    row.note_clashes(waiting.into_iter().chain(found.into_iter().map(|clash| clash.field)));
    row
}

/// The common ground of both sides: what the service had when we last looked, and what it has of us since. Without the latter,
/// typing on while a push is on its way would clash with the push itself.
fn ours_in(row: &DraftRow, head: &DraftHead, pushed: Option<&Changes>, refused: &[Clash]) -> Answers {
    let mut base = row.head.answers.clone();
    let is_refused = |field: &str| refused.iter().any(|clash| clash.field == field);
    let mut taken = Changes::new();
    if let Some(push) = &row.push {
        let null = serde_json::Value::Null;
        let there = |field: &str| head.answers.get(field).unwrap_or(&null);
        taken.extend(push.changes.iter().filter(|(field, sent)| there(field) == *sent).map(owned));
    }
    if let Some(pushed) = pushed
        && head.revision >= row.head.revision
    {
        taken.extend(pushed.iter().filter(|(field, _)| !is_refused(field)).map(owned));
    }
    apply(&mut base, &taken);
    base
}

fn owned<'a>((field, value): (&'a String, &'a serde_json::Value)) -> (String, serde_json::Value) {
    (field.clone(), value.clone())
}

fn keep_field(into: &mut Answers, from: &Answers, field: &str) {
    match from.get(field) {
        Some(value) => drop(into.0.insert(field.to_owned(), value.clone())),
        None => drop(into.0.remove(field)),
    }
}
