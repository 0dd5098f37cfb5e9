//! Cases as the service last told them, or as they were opened here. The list reads narrow rows; the papers lie apart.

use crate::{
    Result, Store,
    column::{Columns as _, json, millis, word},
    drafts, events,
};
use domain::{
    case::{Case, Event, Process, State},
    form::FormId,
    ids::{AccountId, CaseId},
    time::{PlanYear, Timestamp},
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};

/// A case of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCase {
    /// The case as the service last told, or as opened here. Acts that wait in the outbox are not in it.
    pub case: Case,
    /// The service has it.
    pub known: bool,
    /// The person may see the row only, not the papers.
    pub papers_hidden: bool,
}

/// Which cases a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of this plan year.
    pub plan_year: Option<PlanYear>,
    /// With this text in 社群名稱, school or convener.
    pub keyword: Option<String>,
    /// How many to pass over.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
    /// Of this convener.
    pub owner: Option<AccountId>,
    /// Of this process.
    pub process: Option<Process>,
}

/// A row of a list of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// Its process.
    pub process: Process,
    /// Its plan year.
    pub plan_year: PlanYear,
    /// The convener's name.
    pub owner: String,
    /// The convener.
    pub owner_id: AccountId,
    /// The school's name.
    pub school: String,
    /// 社群名稱; empty until someone wrote one.
    pub title: String,
    /// Where it stands at the service.
    pub state: State,
    /// Opened at.
    pub created_at: Timestamp,
    /// Last event at.
    pub updated_at: Timestamp,
    /// An act of it waits in the outbox, sent or refused.
    pub pending: bool,
}

/// Where a case's title is written: form and field.
const TITLE: (&str, &str) = ("plc_application", "plc_name");

/// Whether this form carries the title.
pub(crate) fn names_the_case(form: &FormId) -> bool {
    form.as_str() == TITLE.0
}

impl Store {
    /// A case.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn case(&self, id: CaseId) -> Result<Option<KeptCase>> {
        let row =
            sqlx::query("SELECT known, papers_hidden, body FROM cases JOIN case_bodies ON case_id = id WHERE id = $1")
                .bind(id.to_string())
                .fetch_optional(&mut *self.read().await?.conn)
                .await?;
        row.as_ref().map(kept_case).transpose()
    }

    /// One page of cases, newest opened first, and how many there are in all pages.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn cases(&self, filter: &CaseFilter) -> Result<(Vec<CaseRow>, u32)> {
        let mut line = self.read().await?;
        let total: i64 = count_query(filter).build_query_scalar().fetch_one(&mut *line.conn).await?;
        let rows = page_query(filter).build().fetch_all(&mut *line.conn).await?;
        let rows = rows.iter().map(case_row).collect::<Result<_>>()?;
        Ok((rows, u32::try_from(total).unwrap_or(u32::MAX)))
    }

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
    /// while cases come and go. `offset` is not looked at.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn whole_cases(&self, filter: &CaseFilter, behind: Option<&CaseRow>) -> Result<Vec<(CaseRow, KeptCase)>> {
        let mut line = self.read().await?;
        let rows = whole_query(filter, behind).build().fetch_all(&mut *line.conn).await?;
        rows.iter().map(|row| Ok((case_row(row)?, kept_case(row)?))).collect()
    }

    /// The plan years of which there are cases, newest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn plan_years(&self) -> Result<Vec<PlanYear>> {
        let rows = sqlx::query("SELECT DISTINCT plan_year FROM cases ORDER BY plan_year DESC")
            .fetch_all(&mut *self.read().await?.conn)
            .await?;
        rows.iter().map(|row| row.count("plan_year").map(PlanYear)).collect()
    }
}

/// What [`case_row`] reads.
const ROW: &str = "SELECT id, process, plan_year, owner_name, owner_id, school_name, title, state, created_at, updated_at, \
     EXISTS (SELECT 1 FROM outbox WHERE case_id = id) AS pending";

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

/// The query of a page of the list.
pub(crate) fn page_query(filter: &CaseFilter) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(ROW);
    query.push(" FROM cases");
    push_where(&mut query, filter);
    query.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(i64::from(filter.limit));
    query.push(" OFFSET ").push_bind(i64::from(filter.offset));
    query
}

fn count_query(filter: &CaseFilter) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM cases");
    push_where(&mut query, filter);
    query
}

fn push_where(query: &mut QueryBuilder<Sqlite>, filter: &CaseFilter) {
    query.push(" WHERE 1 = 1");
    if let Some(year) = filter.plan_year {
        query.push(" AND plan_year = ").push_bind(i64::from(year.0));
    }
    if let Some(owner) = filter.owner {
        query.push(" AND owner_id = ").push_bind(owner.to_string());
    }
    if let Some(process) = filter.process {
        query.push(" AND process = ").push_bind(word(&process));
    }
    if let Some(keyword) = filter.keyword.as_deref().map(str::trim).filter(|keyword| !keyword.is_empty()) {
        let pattern = format!("%{}%", keyword.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        for (before, column) in [(" AND (", "title"), (" OR ", "school_name"), (" OR ", "owner_name")] {
            query.push(before).push(column).push(" LIKE ").push_bind(pattern.clone()).push(r" ESCAPE '\'");
        }
        query.push(")");
    }
}

fn kept_case(row: &SqliteRow) -> Result<KeptCase> {
    Ok(KeptCase { case: row.json("body")?, known: row.flag("known")?, papers_hidden: row.flag("papers_hidden")? })
}

fn case_row(row: &SqliteRow) -> Result<CaseRow> {
    Ok(CaseRow {
        id: row.id("id")?,
        process: row.word("process")?,
        plan_year: PlanYear(row.count("plan_year")?),
        owner: row.text("owner_name")?,
        owner_id: row.id("owner_id")?,
        school: row.text("school_name")?,
        title: row.text("title")?,
        state: row.word("state")?,
        created_at: row.moment("created_at")?,
        updated_at: row.moment("updated_at")?,
        pending: row.flag("pending")?,
    })
}

/// Puts a case in place of what was known of it.
pub(crate) async fn put(conn: &mut SqliteConnection, kept: &KeptCase) -> Result<()> {
    let KeptCase { case, known, papers_hidden } = kept;
    sqlx::query(
        "INSERT INTO cases (id, process, plan_year, owner_id, owner_name, school_name, title, state, known, papers_hidden, \
                            created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, $10, $11) \
         ON CONFLICT (id) DO UPDATE SET process = excluded.process, plan_year = excluded.plan_year, \
             owner_id = excluded.owner_id, owner_name = excluded.owner_name, school_name = excluded.school_name, \
             state = excluded.state, known = excluded.known, papers_hidden = excluded.papers_hidden, \
             created_at = excluded.created_at, updated_at = excluded.updated_at",
    )
    .bind(case.id.to_string())
    .bind(word(&case.process))
    .bind(i64::from(case.plan_year.0))
    .bind(case.owner.id.to_string())
    .bind(&case.owner.name)
    .bind(&case.school.name)
    .bind(word(&case.state))
    .bind(known)
    .bind(papers_hidden)
    .bind(millis(case.created_at))
    .bind(millis(case.updated_at))
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "INSERT INTO case_bodies (case_id, body) VALUES ($1, $2) ON CONFLICT (case_id) DO UPDATE SET body = excluded.body",
    )
    .bind(case.id.to_string())
    .bind(json(case))
    .execute(&mut *conn)
    .await?;
    if *papers_hidden {
        events::forget(conn, case.id).await?;
    }
    retitle(conn, case.id).await
}

/// Brings a case's title up to date: as in the draft here, else as in the paper last sent, else none.
pub(crate) async fn retitle(conn: &mut SqliteConnection, case: CaseId) -> Result<()> {
    sqlx::query(
        "UPDATE cases SET title = coalesce( \
             (SELECT nullif(json_extract(answers, '$.' || $3), '') FROM drafts WHERE case_id = cases.id AND form_id = $2), \
             (SELECT json_extract(paper.value, '$.answers.' || $3) FROM case_bodies, json_each(body, '$.papers') AS paper \
              WHERE case_id = cases.id AND json_extract(paper.value, '$.form.id') = $2), \
             '') \
         WHERE id = $1",
    )
    .bind(case.to_string())
    .bind(TITLE.0)
    .bind(TITLE.1)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the store has the case.
pub(crate) async fn is_here(conn: &mut SqliteConnection, case: CaseId) -> Result<bool> {
    let found: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM cases WHERE id = $1)")
        .bind(case.to_string())
        .fetch_one(conn)
        .await?;
    Ok(found != 0)
}

/// Forgets a case and everything of it: only when the service says that this person may no longer see it. What was typed here
/// and never got there is set aside first.
pub(crate) async fn forget(conn: &mut SqliteConnection, case: CaseId) -> Result<()> {
    drafts::set_aside(conn, case).await?;
    for statement in [
        "DELETE FROM outbox WHERE case_id = $1",
        "DELETE FROM drafts WHERE case_id = $1",
        "DELETE FROM printed WHERE case_id = $1",
        "DELETE FROM scans WHERE case_id = $1",
        "DELETE FROM cases WHERE id = $1",
    ] {
        sqlx::query(statement).bind(case.to_string()).execute(&mut *conn).await?;
    }
    Ok(())
}
