//! Mails: what people chose about them, and the queue of those to be sent. A mail is put into the queue in the transaction of what
//! it tells, taken out under a lease, and marked afterwards.

use super::{Db, DbError, Row, Tx, args, code, from_code, id, millis, moment};
use crate::mail::{Letter, MailId, PostOffice};
use domain::{
    ids::{AccountId, NoticeId},
    notice::{MailWish, NoticeText},
    time::Timestamp,
};
use wire::mail::MailChoice;

/// What everybody has who did not choose.
const BY_DEFAULT: MailChoice = MailChoice { mail: MailWish::AtOnce, reminders: true };

fn choice(row: &Row, first: usize) -> Result<MailChoice, DbError> {
    match row.text_or_none(first)? {
        Some(mail) => Ok(MailChoice { mail: from_code(mail, "mail wish")?, reminders: row.int(first + 1)? != 0 }),
        None => Ok(BY_DEFAULT),
    }
}

/// An account's choice and address; none when there is no such account.
async fn wish(tx: &mut Tx, account: AccountId) -> Result<Option<(MailChoice, Option<String>)>, DbError> {
    let sql = "SELECT c.mail, c.reminders, a.email FROM accounts a LEFT JOIN mail_choices c ON c.account_id = a.id \
               WHERE a.id = $1";
    let Some(row) = tx.maybe(sql, args![account]).await? else { return Ok(None) };
    let address = row.text_or_none(2)?.map(|address| address.trim().to_owned());
    Ok(Some((choice(&row, 0)?, address.filter(|address| !address.is_empty()))))
}

/// What holds for a person, and where their mails go.
pub async fn chosen(db: &Db, account: AccountId) -> Result<(MailChoice, Option<String>), DbError> {
    Ok(wish(&mut db.read().await?, account).await?.unwrap_or((BY_DEFAULT, None)))
}

/// Keeps a choice. Someone who wants no more mails gets none of those that wait either; someone who begins with a daily mail is
/// told what comes from now on, for the first time on the day after `today`.
pub async fn choose(
    db: &Db,
    account: AccountId,
    choice: MailChoice,
    today: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let change = tx.next_change().await?;
    let sql = "INSERT INTO mail_choices (account_id, mail, reminders, told_seq, told_day) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (account_id) DO UPDATE SET mail = $2, reminders = $3, \
               told_seq = CASE WHEN mail_choices.mail = $2 THEN mail_choices.told_seq ELSE $4 END, \
               told_day = CASE WHEN mail_choices.mail = $2 THEN mail_choices.told_day ELSE $5 END";
    tx.run(sql, args![account, code(&choice.mail), choice.reminders, change, today]).await?;
    if choice.mail == MailWish::Never {
        let sql = "UPDATE mail_jobs SET state = 'dropped', done_at = $2 WHERE account_id = $1 AND state = 'waiting'";
        tx.run(sql, args![account, millis(now)]).await?;
    }
    tx.commit().await
}

/// Whether the person wants to be reminded.
pub(crate) async fn wants_reminders(tx: &mut Tx, account: AccountId) -> Result<bool, DbError> {
    Ok(wish(tx, account).await?.is_some_and(|(choice, _)| choice.reminders))
}

/// Queues the mail of a message for someone who wants it at once and has an address.
pub(crate) async fn put_at_once(
    tx: &mut Tx,
    to: AccountId,
    notice: NoticeId,
    words: &NoticeText,
    office: &PostOffice,
    at: Timestamp,
) -> Result<(), DbError> {
    if !office.sends() {
        return Ok(());
    }
    match wish(tx, to).await? {
        Some((MailChoice { mail: MailWish::AtOnce, .. }, Some(_))) => {
            put(tx, to, &format!("notice:{notice}"), &office.letter(words), at).await
        }
        _ => Ok(()),
    }
}

/// Queues a mail unless it was queued before.
async fn put(tx: &mut Tx, to: AccountId, key: &str, letter: &Letter, at: Timestamp) -> Result<(), DbError> {
    let sql = "INSERT INTO mail_jobs (id, account_id, mail_key, subject, body, state, tries, due_at, leased_until, made_at) \
               VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, 0, $6) ON CONFLICT (account_id, mail_key) DO NOTHING";
    let mail = MailId(uuid::Uuid::now_v7());
    tx.run(sql, args![mail, to, key, &letter.subject, &letter.body, millis(at)]).await?;
    Ok(())
}

/// Queues the daily mail of everybody for whom one is due and who has something unread; `today` is the day in Taipei.
pub async fn put_daily(db: &Db, office: &PostOffice, today: &str, now: Timestamp) -> Result<(), DbError> {
    let sql = "SELECT account_id FROM mail_choices WHERE mail = 'daily' AND told_day < $1 ORDER BY account_id";
    let due = db.read().await?.all(sql, args![today]).await?;
    for row in due {
        let account: AccountId = id(&row.text(0)?, "account id")?;
        let mut tx = db.write().await?;
        let change = tx.next_change().await?;
        // Asked again now that nobody else can tell them meanwhile.
        let sql = "SELECT told_seq FROM mail_choices WHERE account_id = $1 AND mail = 'daily' AND told_day < $2";
        let Some(row) = tx.maybe(sql, args![account, today]).await? else { continue };
        let told = row.int(0)?;
        let sql = "SELECT words, at FROM notices WHERE account_id = $1 AND change_seq > $2 AND read_at IS NULL \
                   AND words IS NOT NULL ORDER BY at, id";
        let mut unread = Vec::new();
        for row in tx.all(sql, args![account, told]).await? {
            let words: NoticeText = super::json(&row.text(0)?, "words of a notice")?;
            unread.push((words, moment(row.int(1)?)?));
        }
        let has_address = wish(&mut tx, account).await?.is_some_and(|(_, address)| address.is_some());
        if office.sends() && has_address && !unread.is_empty() {
            put(&mut tx, account, &format!("daily:{today}"), &office.daily_letter(&unread), now).await?;
        }
        let sql = "UPDATE mail_choices SET told_seq = $2, told_day = $3 WHERE account_id = $1";
        tx.run(sql, args![account, change, today]).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A mail that was taken out of the queue for a while.
#[derive(Debug)]
pub struct Job {
    /// Its id.
    pub id: MailId,
    /// Who holds it until the lease ends.
    lease: String,
    /// Where it goes now; none: the address is gone.
    pub address: Option<String>,
    /// What it says.
    pub letter: Letter,
    /// How often it was tried, this time included.
    pub tries: u32,
    /// When it was put into the queue.
    pub made_at: Timestamp,
}

/// Takes the mail that has been due longest, until `leased_until`; none is due: nothing. Nobody else takes it meanwhile.
pub async fn take(db: &Db, now: Timestamp, leased_until: Timestamp) -> Result<Option<Job>, DbError> {
    let sql = "SELECT id FROM mail_jobs WHERE state = 'waiting' AND due_at <= $1 AND leased_until <= $1 \
               ORDER BY due_at, id LIMIT 8";
    let due = db.read().await?.all(sql, args![millis(now)]).await?;
    for row in due {
        let mut tx = db.write().await?;
        let lease = uuid::Uuid::now_v7().to_string();
        let (mail, sql) = (
            row.text(0)?,
            "UPDATE mail_jobs SET lease = $2, leased_until = $3, tries = tries + 1 \
             WHERE id = $1 AND state = 'waiting' AND due_at <= $4 AND leased_until <= $4 \
             RETURNING account_id, subject, body, tries, made_at",
        );
        let taken = tx.maybe(sql, args![&mail, &lease, millis(leased_until), millis(now)]).await?;
        // Another program was faster: the next one.
        let Some(taken) = taken else { continue };
        let account: AccountId = id(&taken.text(0)?, "account id")?;
        let address = wish(&mut tx, account).await?.and_then(|(_, address)| address);
        let job = Job {
            id: MailId(id(&mail, "mail id")?),
            lease,
            address,
            letter: Letter { subject: taken.text(1)?, body: taken.text(2)? },
            tries: taken.count(3)?,
            made_at: moment(taken.int(4)?)?,
        };
        tx.commit().await?;
        return Ok(Some(job));
    }
    Ok(None)
}

/// What became of a taken mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The next server has it.
    Sent,
    /// It will never be taken.
    Failed {
        /// Why.
        reason: String,
    },
    /// Not this time.
    Later {
        /// Why.
        reason: String,
        /// When it is tried again.
        due: Timestamp,
    },
}

/// Writes down what became of a mail, unless its lease ended and somebody else has it now.
pub async fn end(db: &Db, job: &Job, end: &End, now: Timestamp) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let (state, reason, due, done) = match end {
        End::Sent => ("sent", None, now, Some(now)),
        End::Failed { reason } => ("failed", Some(reason.clone()), now, Some(now)),
        End::Later { reason, due } => ("waiting", Some(reason.clone()), *due, None),
    };
    let sql = "UPDATE mail_jobs SET state = CASE WHEN state = 'dropped' AND $3 = 'waiting' THEN state ELSE $3 END, \
               reason = $4, due_at = $5, done_at = $6, lease = NULL, leased_until = 0 WHERE id = $1 AND lease = $2";
    let done = super::Arg::Int(done.map(millis));
    tx.run(sql, vec![job.id.into(), (&job.lease).into(), state.into(), reason.into(), millis(due).into(), done])
        .await?;
    tx.commit().await
}

/// Forgets mails that ended before a moment; what was once sent for a message stays so, because the message stays.
pub async fn forget(db: &Db, before: Timestamp) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    tx.run("DELETE FROM mail_jobs WHERE done_at < $1", args![millis(before)]).await?;
    tx.commit().await
}

/// How many mails wait and how many failed.
pub async fn counts(db: &Db) -> Result<(u32, u32), DbError> {
    let sql = "SELECT state, COUNT(*) FROM mail_jobs WHERE state IN ('waiting', 'failed') GROUP BY state";
    let (mut waiting, mut failed) = (0, 0);
    for row in db.read().await?.all(sql, args![]).await? {
        match row.text(0)?.as_str() {
            "waiting" => waiting = row.count(1)?,
            _ => failed = row.count(1)?,
        }
    }
    Ok((waiting, failed))
}

/// Mails that failed: whose account, since when, and why; the newest first.
pub async fn failed(db: &Db) -> Result<Vec<(String, Timestamp, String)>, DbError> {
    let sql = "SELECT a.account, j.done_at, j.reason FROM mail_jobs j JOIN accounts a ON a.id = j.account_id \
               WHERE j.state = 'failed' ORDER BY j.done_at DESC, j.id LIMIT 1000";
    let rows = db.read().await?.all(sql, args![]).await?;
    rows.iter().map(|row| Ok((row.text(0)?, moment(row.int(1)?)?, row.text_or_none(2)?.unwrap_or_default()))).collect()
}

/// Puts mails that failed back into the queue; how many.
pub async fn retry_failed(db: &Db, now: Timestamp) -> Result<u64, DbError> {
    let mut tx = db.write().await?;
    let sql = "UPDATE mail_jobs SET state = 'waiting', tries = 0, due_at = $1, made_at = $1, done_at = NULL WHERE state = 'failed'";
    let put = tx.run(sql, args![millis(now)]).await?;
    tx.commit().await?;
    Ok(put)
}
