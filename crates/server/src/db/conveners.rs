//! Conveners: who of a case's school could take the case over.

use super::{Db, DbError, args, cases, code, id};
use domain::{case::Case, ids::CaseId, people::Person};
use wire::{
    Failure,
    http::{ConvenerPage, ConvenerSeen},
};

/// The teachers and principals of the case's school who have signed in, beside the convener of now, by name; each with whether
/// they convene another application of the case's plan year. `judge` says whether the person may ask this of the case.
pub async fn choices(
    db: &Db,
    case: CaseId,
    judge: impl FnOnce(Option<&Case>) -> Result<(), Failure> + Send,
) -> Result<ConvenerPage, DbError> {
    let mut tx = db.read().await?;
    let case = cases::load(&mut tx, case).await?;
    judge(case.as_ref())?;
    let Some(case) = case else { return Ok(ConvenerPage { rows: Vec::new() }) };
    let sql = "SELECT a.id, a.person_name, a.account, CAST(CASE WHEN EXISTS (SELECT 1 FROM cases c WHERE c.owner_id = a.id \
               AND c.process = $2 AND c.plan_year = $3 AND c.convenes = 1) THEN 1 ELSE 0 END AS BIGINT) FROM accounts a \
               WHERE a.school_code = $1 AND a.role IN ('teacher', 'principal') AND a.last_sign_in IS NOT NULL AND a.id <> $4";
    let year = i64::from(case.plan_year.0);
    let rows = tx.all(sql, args![&case.school.code, code(&case.process), year, case.owner.id]).await?;
    let mut rows = rows
        .iter()
        .map(|row| {
            Ok(ConvenerSeen {
                person: Person { id: id(&row.text(0)?, "account id")?, name: row.text(1)? },
                account: row.text(2)?,
                convenes: row.int(3)? != 0,
            })
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    // Here and not in the query: the two databases put Chinese names in different orders.
    rows.sort_by(|a, b| (&a.person.name, &a.account).cmp(&(&b.person.name, &b.account)));
    Ok(ConvenerPage { rows })
}
