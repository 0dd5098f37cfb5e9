//! Until when appeals may be sent, by case, so that the clock need not look through all of them.

use super::{Db, DbError, Tx, args, id, millis};
use domain::{case::Case, ids::CaseId, time::Timestamp};

/// Keeps what a case says about the days for an appeal.
pub(crate) async fn keep(tx: &mut Tx, case: &Case) -> Result<(), DbError> {
    match case.reviewing.appeal_until {
        Some(until) => {
            let sql = "INSERT INTO appeal_days (case_id, until) VALUES ($1, $2) \
                       ON CONFLICT (case_id) DO UPDATE SET until = $2";
            tx.run(sql, args![case.id, millis(until)]).await?;
        }
        None => {
            tx.run("DELETE FROM appeal_days WHERE case_id = $1", args![case.id]).await?;
        }
    }
    Ok(())
}

/// Cases whose days are over, each with the number of its last event, the longest over first.
pub async fn over(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<(CaseId, u32)>, DbError> {
    let sql = "SELECT a.case_id, c.head_seq FROM appeal_days a JOIN cases c ON c.id = a.case_id \
               WHERE a.until < $1 ORDER BY a.until, a.case_id LIMIT $2";
    let rows = db.read().await?.all(sql, args![millis(now), limit]).await?;
    rows.iter().map(|row| Ok((id(&row.text(0)?, "case id")?, row.count(1)?))).collect()
}
