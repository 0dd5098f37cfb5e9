//! Cases: one, or those that carry a file; in whose lists each stands.

use super::{Db, DbError, Row, Tx, args, code, json, lists, to_json};
use domain::{
    case::{Case, Process},
    ids::{BlobHash, CaseId},
    people::{Actor, Role},
    time::PlanYear,
};

/// Columns of [`case`], in its order.
macro_rules! case_columns {
    () => {
        "c.head, c.papers"
    };
}
pub(crate) use case_columns;

/// Reads a case from the two columns of `case_columns!`, beginning at `first`.
pub(crate) fn case(row: &Row, first: usize) -> Result<Case, DbError> {
    let mut case: Case = json(&row.text(first)?, "case")?;
    case.papers = json(&row.text(first + 1)?, "papers")?;
    Ok(case)
}

/// The list in which a person finds cases; none for those who see no lists.
pub(crate) fn scope_of(actor: &Actor) -> Option<String> {
    match actor.role {
        Role::Teacher | Role::Principal => Some(format!("owner:{}", actor.person.id)),
        Role::School => actor.school.as_ref().map(|school| format!("school:{}", school.code)),
        Role::County => actor.county.as_ref().map(|county| format!("county:{county}")),
        Role::Ministry | Role::Platform => Some("all".to_owned()),
        Role::Reviewer => Some(format!("reviewer:{}", actor.person.id)),
    }
}

/// The lists in which a case stands: first those that can change, of its owner and of its reviewers; then those that stay.
fn scopes(case: &Case) -> (Vec<String>, [String; 3]) {
    let Case { owner, school, reviewing, .. } = case;
    let reviewers = reviewing.assignments.iter().map(|one| format!("reviewer:{}", one.reviewer.id));
    let change = [format!("owner:{}", owner.id)].into_iter().chain(reviewers).collect();
    (change, [format!("school:{}", school.code), format!("county:{}", school.county), "all".to_owned()])
}

/// One case.
pub async fn get(db: &Db, id: CaseId) -> Result<Option<Case>, DbError> {
    load(&mut db.read().await?, id).await
}

pub(crate) async fn load(tx: &mut Tx, id: CaseId) -> Result<Option<Case>, DbError> {
    let sql = concat!("SELECT ", case_columns!(), " FROM cases c WHERE c.id = $1");
    tx.maybe(sql, args![id]).await?.map(|row| case(&row, 0)).transpose()
}

/// Whether a school has a case of this process in a plan year.
pub(crate) async fn school_has(tx: &mut Tx, code: &str, process: Process, year: PlanYear) -> Result<bool, DbError> {
    let sql = "SELECT s.case_id FROM case_scopes s JOIN cases c ON c.id = s.case_id \
               WHERE s.scope = $1 AND s.plan_year = $2 AND c.process = $3 LIMIT 1";
    let values = args![format!("school:{code}"), i64::from(year.0), super::code(&process)];
    Ok(tx.maybe(sql, values).await?.is_some())
}

/// Writes a case after an event. `before` is the number of the event it stood at; none for a new case. The papers are written where
/// the event changed them. False when somebody else moved it; nothing is written then.
pub(crate) async fn put(
    tx: &mut Tx,
    case: &Case,
    before: Option<u32>,
    new_papers: bool,
    change: i64,
) -> Result<bool, DbError> {
    let head = to_json(&Case { papers: Vec::new(), ..case.clone() });
    let convenes = !matches!(case.state, domain::case::State::Withdrawn | domain::case::State::Rejected);
    let year = i64::from(case.plan_year.0);
    let mut values = args![case.id, code(&case.process), year, case.owner.id, case.seq, convenes, head];
    let sql = match (before, new_papers) {
        (None, _) => {
            "INSERT INTO cases (id, process, plan_year, owner_id, head_seq, convenes, head, papers) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING"
        }
        (Some(_), true) => {
            "UPDATE cases SET process = $2, plan_year = $3, owner_id = $4, head_seq = $5, convenes = $6, head = $7, papers = $8 \
             WHERE id = $1 AND head_seq = $9"
        }
        (Some(_), false) => {
            "UPDATE cases SET process = $2, plan_year = $3, owner_id = $4, head_seq = $5, convenes = $6, head = $7 \
             WHERE id = $1 AND head_seq = $8"
        }
    };
    if before.is_none() || new_papers {
        values.push(to_json(&case.papers).into());
    }
    values.extend(before.map(super::Arg::from));
    if tx.run(sql, values).await? != 1 {
        return Ok(false);
    }
    let (mut scopes, for_ever) = scopes(case);
    if before.is_some() {
        tx.run("UPDATE case_scopes SET change_seq = $2 WHERE case_id = $1", args![case.id, change]).await?;
    } else {
        scopes.extend(for_ever);
    }
    for scope in scopes {
        let sql = "INSERT INTO case_scopes (scope, case_id, opened_seq, change_seq, plan_year) VALUES ($1, $2, \
                   COALESCE((SELECT MIN(opened_seq) FROM case_scopes WHERE case_id = $2), $3), $3, $4) \
                   ON CONFLICT (scope, case_id) DO NOTHING";
        tx.run(sql, args![scope, case.id, change, year]).await?;
    }
    lists::put_row(tx, case, change).await?;
    Ok(true)
}

/// Notes which files are in the case's papers now.
pub(crate) async fn put_blobs(tx: &mut Tx, case: &Case) -> Result<(), DbError> {
    tx.run("DELETE FROM case_blobs WHERE case_id = $1", args![case.id]).await?;
    for file in case.papers.iter().filter_map(|paper| paper.stamped.as_ref()) {
        let sql = "INSERT INTO case_blobs (sha256, case_id) VALUES ($1, $2) ON CONFLICT (sha256, case_id) DO NOTHING";
        tx.run(sql, args![&file.blob, case.id]).await?;
    }
    Ok(())
}

/// Every case whose papers carry the file.
pub async fn with_blob(db: &Db, blob: &BlobHash) -> Result<Vec<Case>, DbError> {
    let sql = concat!(
        "SELECT ",
        case_columns!(),
        " FROM case_blobs b JOIN cases c ON c.id = b.case_id WHERE b.sha256 = $1 ORDER BY b.case_id LIMIT 100"
    );
    db.read().await?.all(sql, args![blob]).await?.iter().map(|row| case(row, 0)).collect()
}
