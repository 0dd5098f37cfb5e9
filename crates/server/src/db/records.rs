//! 個人資料: a person's post, training and certificates, with what they answered to 資料轉移. Lists of the office come into it through
//! `record_imports`.

use super::{Db, DbError, Row, Tx, args, audit, code, from_code, id, json, millis, to_json};
use domain::{
    ids::AccountId,
    people::Actor,
    record::{HeldCertificate, Hours, PersonRecord, Profile, Training, Transfer, TransferAnswer},
    time::{PlanYear, Timestamp},
};
use sha2::{Digest as _, Sha256};
use wire::{Code, Failure, record::TransferPut};

/// Where a certificate stands: it counts, it waits for the person's answer, or the person called it wrong.
pub(crate) const COUNTS: &str = "counts";
pub(crate) const WAITS: &str = "waits";
const REFUSED: &str = "refused";

/// Everything that is known of a person.
pub(crate) async fn of(tx: &mut Tx, account: AccountId) -> Result<PersonRecord, DbError> {
    let mut record = PersonRecord::default();
    let sql = "SELECT profile, transfer FROM records WHERE account_id = $1";
    if let Some(row) = tx.maybe(sql, args![account]).await? {
        record.profile = json(&row.text(0)?, "profile")?;
        record.transfer = json(&row.text(1)?, "transfer")?;
    }
    let sql = "SELECT day, kind, course, code, halves, source FROM trainings WHERE account_id = $1";
    for row in tx.all(sql, args![account]).await? {
        record.trainings.push(training(&row, 0)?);
    }
    let sql = "SELECT id, kind, plan_year, number, issued_on, source, standing FROM certificates \
               WHERE account_id = $1 AND standing <> 'refused'";
    for row in tx.all(sql, args![account]).await? {
        record.certificates.push(certificate(&row)?);
    }
    record.sort();
    Ok(record)
}

/// Reads a training from its columns, from `first` on: day, kind, course, code, halves, source.
pub(crate) fn training(row: &Row, first: usize) -> Result<Training, DbError> {
    Ok(Training {
        day: id(&row.text(first)?, "day")?,
        kind: from_code(row.text(first + 1)?, "kind of training")?,
        course: row.text(first + 2)?,
        code: row.text(first + 3)?,
        hours: Hours::halves(row.count(first + 4)?),
        source: row.text(first + 5)?,
    })
}

fn certificate(row: &Row) -> Result<HeldCertificate, DbError> {
    Ok(HeldCertificate {
        id: id(&row.text(0)?, "certificate id")?,
        kind: from_code(row.text(1)?, "kind of certificate")?,
        plan_year: plan_year(row, 2)?,
        number: row.text(3)?,
        issued_on: row.text_or_none(4)?.map(|day| id(&day, "day")).transpose()?,
        source: from_code(row.text(5)?, "source of a certificate")?,
        waits: row.text(6)? == WAITS,
    })
}

/// 學年度 as it was stored; 0: none.
pub(crate) fn plan_year(row: &Row, column: usize) -> Result<Option<PlanYear>, DbError> {
    let year = u16::try_from(row.int(column)?).map_err(|_| DbError::Stored { what: "plan year" })?;
    Ok((year > 0).then_some(PlanYear(year)))
}

/// [`of`], by itself.
pub async fn get(db: &Db, account: AccountId) -> Result<PersonRecord, DbError> {
    of(&mut db.read().await?, account).await
}

/// The record of the person, where anything of it changed after a number; with the number.
pub(crate) async fn since(tx: &mut Tx, account: AccountId, after: i64) -> Result<Option<Row>, DbError> {
    tx.maybe("SELECT change_seq FROM records WHERE account_id = $1 AND change_seq > $2", args![account, after]).await
}

/// Counts a change of the person's record, which is begun where there was none.
pub(crate) async fn touch(tx: &mut Tx, account: AccountId, change: i64) -> Result<(), DbError> {
    let sql = "INSERT INTO records (account_id, profile, transfer, change_seq) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (account_id) DO UPDATE SET change_seq = excluded.change_seq";
    let (profile, transfer) = (to_json(&Profile::default()), to_json(&Transfer::default()));
    tx.run(sql, args![account, profile, transfer, change]).await?;
    Ok(())
}

/// Keeps what the person says of their post. The same again changes nothing.
pub async fn put_profile(db: &Db, actor: &Actor, profile: &Profile, now: Timestamp) -> Result<PersonRecord, DbError> {
    let mut tx = db.write().await?;
    let (change, account) = (tx.next_change().await?, actor.person.id);
    let before = of(&mut tx, account).await?;
    if before.profile == *profile {
        return Ok(before);
    }
    touch(&mut tx, account, change).await?;
    let body = to_json(profile);
    tx.run("UPDATE records SET profile = $2 WHERE account_id = $1", args![account, &body]).await?;
    // What somebody says of themselves is pinned by its hash, not told.
    let detail = format!("profile={}", hex::encode(Sha256::digest(&body)));
    audit::append(&mut tx, now, &account.to_string(), "profile_set", &account.to_string(), &detail).await?;
    let record = of(&mut tx, account).await?;
    tx.commit().await?;
    Ok(record)
}

/// Takes the person's answer to 資料轉移, for the certificates they looked at. The same answer again changes nothing.
pub async fn answer_transfer(
    db: &Db,
    actor: &Actor,
    put: &TransferPut,
    now: Timestamp,
) -> Result<PersonRecord, DbError> {
    let mut tx = db.write().await?;
    let (change, account) = (tx.next_change().await?, actor.person.id);
    let before = of(&mut tx, account).await?;
    if !before.question().is_some_and(|question| question.takes(put.answer)) {
        // Sent again after a line that broke: it was answered like this, and nothing else is asked.
        let again = matches!(before.transfer, Transfer::Answered { answer, .. } if answer == put.answer);
        if again && before.question().is_none() {
            return Ok(before);
        }
        return Err(Failure::new(Code::TransferMoved, "this is not asked").into());
    }
    let standing = match put.answer {
        TransferAnswer::Import => Some(COUNTS),
        TransferAnswer::AllWrong => Some(REFUSED),
        TransferAnswer::NoData => None,
    };
    if let Some(standing) = standing {
        let waiting = before.certificates.iter().filter(|certificate| certificate.waits);
        let seen = waiting.filter(|certificate| put.certificates.contains(&certificate.id)).count();
        if seen == 0 || seen < put.certificates.len() {
            // What the person looked at is not what waits: answering it would answer something unseen.
            return Err(Failure::new(Code::TransferMoved, "other certificates wait").into());
        }
        for certificate in &put.certificates {
            let sql = "UPDATE certificates SET standing = $3 WHERE id = $1 AND account_id = $2";
            tx.run(sql, args![*certificate, account, standing]).await?;
        }
    }
    touch(&mut tx, account, change).await?;
    let at = Timestamp::from_timestamp_millis(millis(now)).unwrap_or(now);
    let transfer = to_json(&Transfer::Answered { answer: put.answer, at });
    tx.run("UPDATE records SET transfer = $2 WHERE account_id = $1", args![account, transfer]).await?;
    let detail = format!("answer={} certificates={}", code(&put.answer), put.certificates.len());
    audit::append(&mut tx, now, &account.to_string(), "transfer_answered", &account.to_string(), &detail).await?;
    let record = of(&mut tx, account).await?;
    tx.commit().await?;
    Ok(record)
}
