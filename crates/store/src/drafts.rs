//! Drafts: what a person typed, what 儲存 kept, and what the service has. Saved at every pause in typing; a call that answered
//! is on the disk. How typing here and changes there come together is `domain::draft`; pushing is in [`crate::pushes`].

use crate::{
    Result, Store, StoreError, cases,
    column::{Columns as _, from_json, json, millis, moment},
    pushes::Push,
};
use domain::{
    draft::{Changes, Clash, DraftHead, apply, changes},
    form::{Answers, FormId},
    ids::{CaseId, PushId},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::{Row as _, SqliteConnection, sqlite::SqliteRow};

/// A draft of one form of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// What the service has; revision 0 when nothing.
    pub head: DraftHead,
    /// What is typed here.
    pub answers: Answers,
    /// What 儲存 last kept.
    pub kept: Answers,
    /// Fields changed in two places; until a person picks, the answers hold `mine`.
    pub clashes: Vec<Clash>,
    /// When typing was last saved, to the millisecond.
    pub saved_at: Timestamp,
    /// The push on its way: kept so that sending it again is the same push.
    pub push: Option<(PushId, Changes)>,
}

/// A draft as its row has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DraftRow {
    pub(crate) head: DraftHead,
    pub(crate) answers: Answers,
    pub(crate) kept: Answers,
    pub(crate) clashes: Vec<Clash>,
    pub(crate) push: Option<Push>,
    pub(crate) saved_at: Timestamp,
}

impl DraftRow {
    pub(crate) fn empty(at: Timestamp) -> Self {
        Self {
            head: DraftHead::default(),
            answers: Answers::default(),
            kept: Answers::default(),
            clashes: Vec::new(),
            push: None,
            saved_at: at,
        }
    }

    /// Clashes of these fields as they stand now. A field in which both say the same waits for nobody.
    pub(crate) fn note_clashes(&mut self, fields: impl IntoIterator<Item = String>) {
        let fields: std::collections::BTreeSet<String> = fields.into_iter().collect();
        let value = |answers: &Answers, field: &str| answers.get(field).cloned().unwrap_or(Value::Null);
        self.clashes = fields
            .into_iter()
            .map(|field| Clash { mine: value(&self.answers, &field), theirs: value(&self.head.answers, &field), field })
            .filter(|clash| clash.mine != clash.theirs)
            .collect();
    }

    /// The fields that wait for a person's choice.
    pub(crate) fn clashing(&self) -> Vec<String> {
        self.clashes.iter().map(|clash| clash.field.clone()).collect()
    }

    fn to_send(&self) -> bool {
        self.clashes.is_empty() && !changes(&self.head.answers, &self.answers).is_empty()
    }

    fn into_draft(self, case: CaseId, form: &FormId) -> Result<Draft> {
        let Self { head, answers, kept, clashes, push, saved_at } = self;
        let push = push.map(|push| (push.id, push.changes));
        // As it will be read back.
        let saved_at = moment(millis(saved_at))?;
        Ok(Draft { case, form: form.clone(), head, answers, kept, clashes, saved_at, push })
    }
}

impl Store {
    /// A draft, if anything was ever typed or told.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn draft(&self, case: CaseId, form: &FormId) -> Result<Option<Draft>> {
        let row = read(&mut self.read().await?.conn, case, form).await?;
        row.map(|row| row.into_draft(case, form)).transpose()
    }

    /// All drafts of a case, by form.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn drafts(&self, case: CaseId) -> Result<Vec<Draft>> {
        let rows = sqlx::query("SELECT * FROM drafts WHERE case_id = $1 ORDER BY form_id")
            .bind(case.to_string())
            .fetch_all(&mut *self.read().await?.conn)
            .await?;
        rows.iter().map(|row| draft_row(row)?.into_draft(case, &row.id("form_id")?)).collect()
    }

    /// The drafts that have something to send: answers that differ from the service's, or a printed revision it does not
    /// have. A draft with a clash waits for the person.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn changed_drafts(&self) -> Result<Vec<(CaseId, FormId)>> {
        let rows = sqlx::query(
            "SELECT case_id, form_id FROM drafts WHERE to_send = 1 \
             UNION SELECT case_id, form_id FROM printed JOIN drafts USING (case_id, form_id) \
                   WHERE sent = 0 AND clashes = '[]' \
             ORDER BY 1, 2",
        )
        .fetch_all(&mut *self.read().await?.conn)
        .await?;
        rows.iter().map(|row| Ok((row.id("case_id")?, row.id("form_id")?))).collect()
    }

    /// Puts changed fields into the answers. A field in a clash stays one, with what is typed now as `mine`.
    ///
    /// # Errors
    /// [`StoreError::NoSuchCase`], or a fault of the store; the answers are then as before.
    pub async fn save_draft(&self, case: CaseId, form: &FormId, changes: &Changes, now: Timestamp) -> Result<Draft> {
        self.edit(case, form, |row| Ok(typed(row, changes, now))).await
    }

    /// 儲存: what is typed now is what a later [`Self::revert_draft`] goes back to. Without a draft there is nothing to keep.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn keep_draft(&self, case: CaseId, form: &FormId) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query("UPDATE drafts SET kept = answers WHERE case_id = $1 AND form_id = $2")
            .bind(case.to_string())
            .bind(form.as_str())
            .execute(work.conn())
            .await
            .map(|_| ())
            .map_err(Into::into);
        work.end(done).await
    }

    /// Goes back to what 儲存 last kept.
    ///
    /// # Errors
    /// [`StoreError::NoSuchDraft`], or a fault of the store.
    pub async fn revert_draft(&self, case: CaseId, form: &FormId, now: Timestamp) -> Result<Draft> {
        self.edit(case, form, |row| {
            let mut row = row.ok_or(StoreError::NoSuchDraft)?;
            row.answers.clone_from(&row.kept);
            row.saved_at = now;
            Ok(row)
        })
        .await
    }

    /// Throws a paper outside any case away, for starting anew. A draft of a case is never thrown away like this.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn discard_loose(&self, form: &FormId) -> Result<()> {
        let mut work = self.write().await?;
        let done = sqlx::query("DELETE FROM drafts WHERE case_id = $1 AND form_id = $2")
            .bind(CaseId::LOOSE.to_string())
            .bind(form.as_str())
            .execute(work.conn())
            .await
            .map(|_| ())
            .map_err(Into::into);
        work.end(done).await
    }

    /// The person picked: `value` stands in the field and the clash is over. It is as deliberate as 儲存, so it is kept.
    ///
    /// # Errors
    /// [`StoreError::NoSuchDraft`], or a fault of the store.
    pub async fn settle_clash(
        &self,
        case: CaseId,
        form: &FormId,
        field: &str,
        value: Value,
        now: Timestamp,
    ) -> Result<Draft> {
        let picked = Changes::from([(field.to_owned(), value)]);
        self.edit(case, form, |row| {
            let mut row = row.ok_or(StoreError::NoSuchDraft)?;
            apply(&mut row.answers, &picked);
            apply(&mut row.kept, &picked);
            row.clashes.retain(|clash| clash.field != field);
            row.saved_at = now;
            Ok(row)
        })
        .await
    }

    /// One change of a draft by a person, in one transaction.
    async fn edit(
        &self,
        case: CaseId,
        form: &FormId,
        change: impl FnOnce(Option<DraftRow>) -> Result<DraftRow> + Send,
    ) -> Result<Draft> {
        let mut work = self.write().await?;
        let done = async {
            if case != CaseId::LOOSE && !cases::is_here(work.conn(), case).await? {
                return Err(StoreError::NoSuchCase(case));
            }
            let mut row = change(read(work.conn(), case, form).await?)?;
            let clashing = row.clashing();
            row.note_clashes(clashing);
            write(work.conn(), case, form, &row).await?;
            row.into_draft(case, form)
        }
        .await;
        work.end(done).await
    }
}

fn typed(row: Option<DraftRow>, changes: &Changes, now: Timestamp) -> DraftRow {
    let mut row = row.unwrap_or_else(|| DraftRow::empty(now));
    apply(&mut row.answers, changes);
    row.saved_at = now;
    row
}

/// Fills in a paper within a larger piece of work. It is as deliberate as 儲存, so it is kept.
pub(crate) async fn fill(
    conn: &mut SqliteConnection,
    case: CaseId,
    form: &FormId,
    changes: &Changes,
    now: Timestamp,
) -> Result<()> {
    let mut row = typed(read(conn, case, form).await?, changes, now);
    apply(&mut row.kept, changes);
    let clashing = row.clashing().into_iter().filter(|field| !changes.contains_key(field));
    row.note_clashes(clashing.collect::<Vec<_>>());
    write(conn, case, form, &row).await
}

/// Before a case goes: what the person typed into it and the service never got is laid beside the papers outside any case, each
/// into the paper of its form. What lies there already stays; where both say something, both are shown until the person picks.
pub(crate) async fn set_aside(conn: &mut SqliteConnection, case: CaseId) -> Result<()> {
    let rows = sqlx::query("SELECT * FROM drafts WHERE case_id = $1 ORDER BY form_id")
        .bind(case.to_string())
        .fetch_all(&mut *conn)
        .await?;
    for row in &rows {
        let form: FormId = row.id("form_id")?;
        let left = draft_row(row)?;
        let mut words = changes(&left.head.answers, &left.answers);
        // What was only emptied left no words.
        words.retain(|_, value| !value.is_null());
        if !words.is_empty() {
            let loose = read(conn, CaseId::LOOSE, &form).await?.unwrap_or_else(|| DraftRow::empty(left.saved_at));
            write(conn, CaseId::LOOSE, &form, &beside(loose, &words)).await?;
        }
    }
    Ok(())
}

/// A paper outside any case with more words laid beside its own.
fn beside(mut loose: DraftRow, words: &Changes) -> DraftRow {
    let mut waiting = loose.clashing();
    apply(&mut loose.head.answers, words);
    for (field, value) in words {
        if loose.answers.get(field).is_none() {
            loose.answers.0.insert(field.clone(), value.clone());
            loose.kept.0.insert(field.clone(), value.clone());
        } else {
            waiting.push(field.clone());
        }
    }
    loose.note_clashes(waiting);
    loose
}

/// What the call that changed a draft's row answers.
pub(crate) fn answer(row: DraftRow, case: CaseId, form: &FormId) -> Result<Draft> {
    row.into_draft(case, form)
}

pub(crate) async fn read(conn: &mut SqliteConnection, case: CaseId, form: &FormId) -> Result<Option<DraftRow>> {
    let row = sqlx::query("SELECT * FROM drafts WHERE case_id = $1 AND form_id = $2")
        .bind(case.to_string())
        .bind(form.as_str())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(draft_row).transpose()
}

fn draft_row(row: &SqliteRow) -> Result<DraftRow> {
    let push: Option<String> = row.try_get("push")?;
    Ok(DraftRow {
        head: row.json("head")?,
        answers: row.json("answers")?,
        kept: row.json("kept")?,
        clashes: row.json("clashes")?,
        push: push.map(|text| from_json(&text)).transpose()?,
        saved_at: row.moment("saved_at")?,
    })
}

pub(crate) async fn write(conn: &mut SqliteConnection, case: CaseId, form: &FormId, row: &DraftRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO drafts (case_id, form_id, head, answers, kept, clashes, push, to_send, saved_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (case_id, form_id) DO UPDATE SET head = excluded.head, answers = excluded.answers, \
             kept = excluded.kept, clashes = excluded.clashes, push = excluded.push, to_send = excluded.to_send, \
             saved_at = excluded.saved_at",
    )
    .bind(case.to_string())
    .bind(form.as_str())
    .bind(json(&row.head))
    .bind(json(&row.answers))
    .bind(json(&row.kept))
    .bind(json(&row.clashes))
    .bind(row.push.as_ref().map(json))
    // What lies outside any case is nobody else's.
    .bind(case != CaseId::LOOSE && row.to_send())
    .bind(millis(row.saved_at))
    .execute(&mut *conn)
    .await?;
    if cases::names_the_case(form) {
        cases::retitle(conn, case).await?;
    }
    Ok(())
}
