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
use serde_json::Value;
use sqlx::SqliteConnection;

/// A push on its way. Its base stays what it was when it began: sent again on a newer base, it would overwrite what others
/// changed in between.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Push {
    pub(crate) id: PushId,
    pub(crate) base: u32,
    pub(crate) changes: Changes,
    /// The newest printed revision that goes with it; 0 for none.
    pub(crate) printed: u32,
}

impl Store {
    /// The push that is on its way, or else a new one of this id with what differs from the service's answers (fields in a
    /// clash left out): its id, the service's revision it builds on, and the changed fields. None when there is nothing to
    /// send. A printed revision that the service does not have makes a push even when no field changed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn begin_push(&self, case: CaseId, form: &FormId, id: PushId) -> Result<Option<(PushId, u32, Changes)>> {
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
    // An answer that was asked for earlier may arrive after newer news; it then only ends the push.
    if head.revision >= row.head.revision {
        let base = common_ground(&row, head);
        let (answers, found) = merge(&base, &row.answers, &head.answers);
        let (kept, _) = merge(&base, &row.kept, &head.answers);
        let waiting = row.clashing();
        // When there was other news since the push began, the merge of that news has judged these fields already.
        let fresh = row.push.as_ref().is_none_or(|push| push.base == row.head.revision);
        let refused = refused.iter().filter(|_| fresh).map(|clash| clash.field.clone());
        let fields: Vec<String> =
            found.into_iter().map(|clash| clash.field).chain(refused).chain(waiting.clone()).collect();
        let (typed, was_kept) = (row.answers, row.kept);
        (row.answers, row.kept) = (answers, kept);
        for field in &waiting {
            copy_field(&mut row.answers, &typed, field);
            copy_field(&mut row.kept, &was_kept, field);
        }
        row.head = head.clone();
        row.note_clashes(fields);
    }
    if pushed.is_some() {
        row.push = None;
    }
    row
}

/// What both sides know of: what the service had when we last looked or, in a field that is on its way to it, what was sent.
/// The latter holds where the service now says just that: otherwise typing on while a push is on its way would clash with the
/// push itself. It also holds where the person went back to the old value since: that was a change of what was sent.
fn common_ground(row: &DraftRow, head: &DraftHead) -> Answers {
    let value = |answers: &Answers, field: &str| answers.get(field).cloned().unwrap_or(Value::Null);
    let mut base = row.head.answers.clone();
    if let Some(push) = &row.push {
        let sent = push.changes.iter().filter(|(field, sent)| {
            value(&head.answers, field) == **sent || value(&row.answers, field) == value(&row.head.answers, field)
        });
        apply(&mut base, &sent.map(|(field, sent)| (field.clone(), sent.clone())).collect());
    }
    base
}

fn copy_field(into: &mut Answers, from: &Answers, field: &str) {
    match from.get(field) {
        Some(value) => drop(into.0.insert(field.to_owned(), value.clone())),
        None => drop(into.0.remove(field)),
    }
}
