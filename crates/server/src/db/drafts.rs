//! Drafts: answers that are still being written, and the revisions that were printed of them.

use super::{Db, DbError, Row, Tx, args, cases, json, millis, to_json};
use domain::{
    case::Case,
    draft::DraftHead,
    form::FormId,
    ids::{AccountId, CaseId, PushId},
    paper::PrintedRevision,
    time::Timestamp,
};
use wire::{
    Code, Failure,
    http::{DraftPushed, SeenDraft},
};

/// Answers to pushes are kept this long: longer than a computer waits before it sends a push again.
const KEEP_ANSWERS_MS: i64 = 90 * 24 * 3600 * 1000;

/// A push as it came.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The push's id.
    pub id: PushId,
    /// Hash of everything that was sent.
    pub hash: &'a str,
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: &'a FormId,
    /// Who.
    pub actor: AccountId,
    /// When.
    pub now: Timestamp,
    /// Revisions printed there, each already checked against its hash.
    pub printed: &'a [PrintedRevision],
    /// How many printed revisions of a form are kept.
    pub most_prints: u32,
}

/// Takes a push, once: sent again, it gets the same answer. `merge` judges it by the case and changes the draft.
pub async fn push(
    db: &Db,
    asked: &Asked<'_>,
    merge: impl FnOnce(Option<&Case>, &mut DraftHead) -> Result<DraftPushed, Failure> + Send,
) -> Result<DraftPushed, DbError> {
    let mut tx = db.write().await?;
    let change = tx.next_change().await?;
    let sql = "SELECT actor_id, push_hash, answer FROM draft_pushes WHERE id = $1";
    if let Some(row) = tx.maybe(sql, args![asked.id]).await? {
        if row.text(0)? == asked.actor.to_string() && row.text(1)? == asked.hash {
            return json(&row.text(2)?, "answer to a push");
        }
        return Err(Failure::new(Code::BadRequest, "this id belongs to another push").into());
    }
    let case = cases::load(&mut tx, asked.case).await?;
    let sql = "SELECT head FROM drafts WHERE case_id = $1 AND form = $2";
    let mut head: DraftHead = match tx.maybe(sql, args![asked.case, asked.form]).await? {
        Some(row) => json(&row.text(0)?, "draft")?,
        None => DraftHead::default(),
    };
    let answer = merge(case.as_ref(), &mut head)?;
    let sql = "INSERT INTO drafts (case_id, form, owner_id, change_seq, head) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (case_id, form) DO UPDATE SET owner_id = $3, change_seq = $4, head = $5";
    tx.run(sql, args![asked.case, asked.form, asked.actor, change, to_json(&head)]).await?;
    put_prints(&mut tx, asked).await?;
    tx.run("DELETE FROM draft_pushes WHERE at < $1", args![millis(asked.now) - KEEP_ANSWERS_MS]).await?;
    let sql = "INSERT INTO draft_pushes (id, actor_id, push_hash, answer, at) VALUES ($1, $2, $3, $4, $5)";
    tx.run(sql, args![asked.id, asked.actor, asked.hash, to_json(&answer), millis(asked.now)]).await?;
    tx.commit().await?;
    Ok(answer)
}

async fn put_prints(tx: &mut Tx, asked: &Asked<'_>) -> Result<(), DbError> {
    for print in asked.printed {
        let sql = "INSERT INTO prints (case_id, form, revision, hash, body) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (case_id, form, revision, hash) DO NOTHING";
        tx.run(sql, args![asked.case, asked.form, print.revision, &print.hash, to_json(print)]).await?;
    }
    if asked.printed.is_empty() {
        return Ok(());
    }
    let sql = "SELECT COUNT(*) FROM prints WHERE case_id = $1 AND form = $2";
    if tx.one(sql, args![asked.case, asked.form]).await?.count(0)? > asked.most_prints {
        let limit = serde_json::json!({ "limit": asked.most_prints });
        return Err(Failure::with(Code::TooLarge, limit, "too many printed revisions").into());
    }
    Ok(())
}

/// Columns of [`seen`], in its order.
macro_rules! draft_columns {
    () => {
        "d.change_seq, d.case_id, d.form, d.head"
    };
}
pub(crate) use draft_columns;

/// Reads a draft from the columns of `draft_columns!`, with its printed revisions.
pub(crate) async fn seen(tx: &mut Tx, row: &Row) -> Result<SeenDraft, DbError> {
    let (case, form) = (row.text(1)?, row.text(2)?);
    let sql = "SELECT body FROM prints WHERE case_id = $1 AND form = $2 ORDER BY revision, hash";
    let prints = tx.all(sql, args![&case, &form]).await?;
    let printed = prints.iter().map(|row| json(&row.text(0)?, "print")).collect::<Result<_, _>>()?;
    Ok(SeenDraft {
        case: super::id(&case, "case id")?,
        form: super::id(&form, "form id")?,
        head: json(&row.text(3)?, "draft")?,
        printed,
    })
}
