//! Messages of 訊息通知.

use super::{Db, DbError, Row, Tx, args, code, from_code, id, json, mail, millis, moment, to_json};
use crate::mail::PostOffice;
use domain::{
    ids::{AccountId, CaseId, NoticeId},
    notice::{NoticeKind, NoticeText},
    time::Timestamp,
};
use wire::http::SeenNotice;

/// Columns of [`seen`], in its order.
macro_rules! notice_columns {
    () => {
        "n.change_seq, n.id, n.kind, n.case_id, n.at, n.read_at, n.words"
    };
}
pub(crate) use notice_columns;

/// Reads a message from the columns of `notice_columns!`.
pub(crate) fn seen(row: &Row) -> Result<SeenNotice, DbError> {
    Ok(SeenNotice {
        id: id(&row.text(1)?, "notice id")?,
        kind: from_code(row.text(2)?, "notice kind")?,
        case: id(&row.text(3)?, "case id")?,
        at: moment(row.int(4)?)?,
        read: row.int_or_none(5)?.is_some(),
        words: row.text_or_none(6)?.map(|words| json(&words, "words of a notice")).transpose()?,
    })
}

/// A message to be put into someone's list.
#[derive(Debug)]
pub(crate) struct NewNotice<'a> {
    pub(crate) to: AccountId,
    pub(crate) kind: NoticeKind,
    pub(crate) case: CaseId,
    pub(crate) words: &'a NoticeText,
}

/// Puts a message into someone's list, and into the queue of mails when they want one at once.
pub(crate) async fn put(
    tx: &mut Tx,
    notice: &NewNotice<'_>,
    office: &PostOffice,
    at: Timestamp,
    change: i64,
) -> Result<(), DbError> {
    let NewNotice { to, kind, case, words } = notice;
    let id = NoticeId(uuid::Uuid::now_v7());
    let sql = "INSERT INTO notices (id, account_id, kind, case_id, at, change_seq, words) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.run(sql, args![id, *to, code(kind), *case, millis(at), change, to_json(words)]).await?;
    mail::put_at_once(tx, *to, id, words, office, at).await
}

/// Marks the person's own message as read; none when there is no such message. Read again, nothing changes.
pub async fn read(
    db: &Db,
    account: AccountId,
    notice: NoticeId,
    now: Timestamp,
) -> Result<Option<SeenNotice>, DbError> {
    let mut tx = db.write().await?;
    let change = tx.next_change().await?;
    let sql = "UPDATE notices SET read_at = $3, change_seq = $4 WHERE id = $1 AND account_id = $2 AND read_at IS NULL";
    let changed = tx.run(sql, args![notice, account, millis(now), change]).await?;
    let sql = concat!("SELECT ", notice_columns!(), " FROM notices n WHERE n.id = $1 AND n.account_id = $2");
    let found = tx.maybe(sql, args![notice, account]).await?.as_ref().map(seen).transpose()?;
    if changed > 0 {
        tx.commit().await?;
    }
    Ok(found)
}
