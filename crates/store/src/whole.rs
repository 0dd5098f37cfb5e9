//! Cases with everything in them, for what looks at papers of many: files taken away, and the 總表.

use crate::{
    CaseFilter, CaseRow, KeptCase, Result, Store,
    cases::kept_case,
    column::{Columns as _, millis, word},
    lists::{ROW, case_row, push_where},
};
use domain::{
    case::{Case, Event, Process},
    time::PlanYear,
};
use sqlx::{QueryBuilder, Sqlite};

impl Store {
    /// The cases of a process and plan year, whole, with the acts that wait put on top: what this computer believes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn believed_cases(&self, process: Process, plan_year: PlanYear) -> Result<Vec<Case>> {
        let mut line = self.read().await?;
        let rows = sqlx::query(
            "SELECT body FROM cases JOIN case_bodies ON case_id = id WHERE process = $1 AND plan_year = $2 \
             ORDER BY created_at, id",
        )
        .bind(word(&process))
        .bind(i64::from(plan_year.0))
        .fetch_all(&mut *line.conn)
        .await?;
        let mut cases: Vec<Case> = rows.iter().map(|row| row.json("body")).collect::<Result<_>>()?;
        let waiting = sqlx::query("SELECT predicted FROM outbox WHERE opens = 0 AND refused IS NULL ORDER BY place")
            .fetch_all(&mut *line.conn)
            .await?;
        for row in &waiting {
            let event: Event = row.json("predicted")?;
            if let Some(case) = cases.iter_mut().find(|case| case.id == event.case) {
                case.apply(&event);
            }
        }
        Ok(cases)
    }

    /// Cases with everything in them, newest opened first, behind the one named: a list of any length in pages that stay put
    /// while cases come and go. Neither `offset` nor `order` is looked at.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn whole_cases(&self, filter: &CaseFilter, behind: Option<&CaseRow>) -> Result<Vec<(CaseRow, KeptCase)>> {
        let mut line = self.read().await?;
        let rows = whole_query(filter, behind).build().fetch_all(&mut *line.conn).await?;
        rows.iter().map(|row| Ok((case_row(row)?, kept_case(row)?))).collect()
    }
}

fn whole_query(filter: &CaseFilter, behind: Option<&CaseRow>) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(ROW);
    query.push(", known, papers_hidden, body FROM cases JOIN case_bodies ON case_id = id");
    push_where(&mut query, filter);
    if let Some(row) = behind {
        query.push(" AND (created_at, id) < (").push_bind(millis(row.created_at));
        query.push(", ").push_bind(row.id.to_string()).push(")");
    }
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(i64::from(filter.limit));
    query
}
