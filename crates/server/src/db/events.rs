//! Events: the life of a case as it was appended.

use super::{Db, DbError, args, cases, json};
use domain::{
    case::{Case, Event},
    ids::CaseId,
};

/// A case and all its events, oldest first, as they stand together; none when there is no such case.
pub async fn of_case(db: &Db, id: CaseId) -> Result<Option<(Case, Vec<Event>)>, DbError> {
    let mut tx = db.read().await?;
    let Some(case) = cases::load(&mut tx, id).await? else { return Ok(None) };
    // No further than the case that was read: an act between the two reads belongs to the next answer.
    let sql = "SELECT body FROM events WHERE case_id = $1 AND seq <= $2 ORDER BY seq";
    let rows = tx.all(sql, args![id, case.seq]).await?;
    let events = rows.iter().map(|row| json(&row.text(0)?, "event")).collect::<Result<_, _>>()?;
    Ok(Some((case, events)))
}
