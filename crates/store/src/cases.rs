//! Cases as the service last told them, or as they were opened here. The list reads narrow rows; the papers lie apart.

use crate::{
    Result, Store, StoreError,
    column::{Columns as _, json, millis, word},
    drafts, events, meta,
};
use domain::{
    case::{Case, Process, SentPaper, State},
    form::FormId,
    ids::{AccountId, CaseId},
    list::{Criteria, Listed, listed},
    outline::Outline,
    people::{Person, School},
    time::{PlanYear, Timestamp},
};
use serde_json::Value;
use sqlx::{Connection as _, QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};
use std::{borrow::Cow, collections::BTreeSet};

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

/// A case as the service told it, its text kept as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldCase {
    /// What the text says, without the answers.
    pub outline: Outline,
    /// The text of the case.
    pub text: String,
    /// The person may see the row only, not the papers.
    pub papers_hidden: bool,
}

/// A case on its way into the store.
pub(crate) struct Put<'a> {
    case: &'a Case,
    listed: Cow<'a, Listed>,
    text: Cow<'a, str>,
    known: bool,
    papers_hidden: bool,
}

impl<'a> From<&'a KeptCase> for Put<'a> {
    fn from(KeptCase { case, known, papers_hidden }: &'a KeptCase) -> Self {
        let (listed, text) = (Cow::Owned(listed(case)), Cow::Owned(json(case)));
        Self { case, listed, text, known: *known, papers_hidden: *papers_hidden }
    }
}

impl<'a> From<&'a ToldCase> for Put<'a> {
    fn from(ToldCase { outline, text, papers_hidden }: &'a ToldCase) -> Self {
        let (case, listed) = (&outline.case, Cow::Borrowed(&outline.listed));
        Self { case, listed, text: Cow::Borrowed(text), known: true, papers_hidden: *papers_hidden }
    }
}

/// Which cases a list shows, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// By what it is narrowed.
    pub criteria: Criteria,
    /// How many to pass over.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
    /// Of this convener.
    pub owner: Option<AccountId>,
    /// The order.
    pub order: Order,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest opened first.
    #[default]
    Newest,
    /// By school, newest first within one.
    School,
    /// Most asked for first.
    Asked,
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
    /// The convener.
    pub owner: Person,
    /// The school.
    pub school: School,
    /// 社群名稱; empty until someone wrote one.
    pub title: String,
    /// Where it stands at the service.
    pub state: State,
    /// Where it stands with the acts that wait put on top.
    pub seen: State,
    /// Number of its last event, with the acts that wait.
    pub seq: u32,
    /// 社群級別 as last sent; empty where the papers are hidden.
    pub level: String,
    /// 申請經費 as last sent, NTD.
    pub asked: Option<u32>,
    /// 核定金額, NTD.
    pub approved: Option<u32>,
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
}

pub(crate) fn kept_case(row: &SqliteRow) -> Result<KeptCase> {
    Ok(KeptCase { case: row.json("body")?, known: row.flag("known")?, papers_hidden: row.flag("papers_hidden")? })
}

/// Puts a case in place of what was known of it.
pub(crate) async fn put(conn: &mut SqliteConnection, kept: &KeptCase) -> Result<()> {
    put_all(conn, std::slice::from_ref(kept)).await
}

/// Rows of one statement. A statement has its price on the way to SQLite's thread, whatever it carries.
const TOGETHER: usize = 100;

/// Puts cases in place of what was known of them.
pub(crate) async fn put_all<'a, C>(conn: &mut SqliteConnection, kept: &'a [C]) -> Result<()>
where
    Put<'a>: From<&'a C>,
{
    if kept.is_empty() {
        return Ok(());
    }
    let kept: Vec<Put<'a>> = kept.iter().map(Put::from).collect();
    for some in kept.chunks(TOGETHER) {
        put_rows(conn, some).await?;
        put_bodies(conn, some).await?;
    }
    // What was typed or done here stands above what the service told; most cases have neither.
    let typed = ids(conn, "SELECT case_id FROM drafts WHERE form_id = $1", Some(TITLE.0)).await?;
    let acted = ids(conn, "SELECT DISTINCT case_id FROM outbox", None).await?;
    for Put { case, papers_hidden, .. } in &kept {
        if *papers_hidden {
            events::forget(conn, case.id).await?;
        }
        if typed.contains(&case.id) {
            retitle(conn, case.id).await?;
        }
        if acted.contains(&case.id) {
            settle(conn, case.id).await?;
        }
    }
    Ok(())
}

async fn ids(conn: &mut SqliteConnection, sql: &'static str, form: Option<&str>) -> Result<BTreeSet<CaseId>> {
    let mut query = sqlx::query(sql);
    if let Some(form) = form {
        query = query.bind(form.to_owned());
    }
    query.fetch_all(conn).await?.iter().map(|row| row.id("case_id")).collect()
}

async fn put_rows(conn: &mut SqliteConnection, kept: &[Put<'_>]) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "INSERT INTO cases (id, process, plan_year, owner_id, owner_name, school_name, title, state, known, papers_hidden, \
         created_at, updated_at, seen_state, seq, school_code, county, level, asked, approved) ",
    );
    query.push_values(kept, |mut row, Put { case, listed, known, papers_hidden, .. }| {
        let Listed { title, level, asked } = &**listed;
        row.push_bind(case.id.to_string())
            .push_bind(word(&case.process))
            .push_bind(i64::from(case.plan_year.0))
            .push_bind(case.owner.id.to_string())
            .push_bind(&case.owner.name)
            .push_bind(&case.school.name)
            .push_bind(title)
            .push_bind(word(&case.state))
            .push_bind(known)
            .push_bind(papers_hidden)
            .push_bind(millis(case.created_at))
            .push_bind(millis(case.updated_at))
            .push_bind(word(&case.state))
            .push_bind(i64::from(case.seq))
            .push_bind(&case.school.code)
            .push_bind(&case.school.county)
            .push_bind(level)
            .push_bind(asked.map(i64::from))
            .push_bind(case.approved_amount.map(i64::from));
    });
    query.push(
        " ON CONFLICT (id) DO UPDATE SET process = excluded.process, plan_year = excluded.plan_year, \
         owner_id = excluded.owner_id, owner_name = excluded.owner_name, school_name = excluded.school_name, \
         title = excluded.title, state = excluded.state, known = excluded.known, papers_hidden = excluded.papers_hidden, \
         created_at = excluded.created_at, updated_at = excluded.updated_at, seen_state = excluded.seen_state, \
         seq = excluded.seq, school_code = excluded.school_code, county = excluded.county, level = excluded.level, \
         asked = excluded.asked, approved = excluded.approved",
    );
    query.build().execute(conn).await?;
    Ok(())
}

async fn put_bodies(conn: &mut SqliteConnection, kept: &[Put<'_>]) -> Result<()> {
    let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO case_bodies (case_id, body) ");
    query.push_values(kept, |mut row, Put { case, text, .. }| {
        row.push_bind(case.id.to_string()).push_bind(&**text);
    });
    query.push(" ON CONFLICT (case_id) DO UPDATE SET body = excluded.body");
    query.build().execute(conn).await?;
    Ok(())
}

/// Brings the columns of a list up to date: the case as kept, with the acts that wait put on top.
pub(crate) async fn settle(conn: &mut SqliteConnection, id: CaseId) -> Result<()> {
    let row = sqlx::query("SELECT body FROM case_bodies WHERE case_id = $1")
        .bind(id.to_string())
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(()) };
    let mut case: Case = row.json("body")?;
    let waiting = sqlx::query(
        "SELECT opens, refused IS NOT NULL AS refused, predicted FROM outbox WHERE case_id = $1 ORDER BY place",
    )
    .bind(id.to_string())
    .fetch_all(&mut *conn)
    .await?;
    for item in &waiting {
        // What is behind a refused act waits for a person, and is not believed.
        if item.flag("refused")? {
            break;
        }
        if !item.flag("opens")? {
            case.apply(&item.json("predicted")?);
        }
    }
    let Listed { level, asked, .. } = listed(&case);
    sqlx::query(
        "UPDATE cases SET seen_state = $2, seq = $3, school_code = $4, county = $5, level = $6, asked = $7, approved = $8 \
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(word(&case.state))
    .bind(i64::from(case.seq))
    .bind(&case.school.code)
    .bind(&case.school.county)
    .bind(level)
    .bind(asked.map(i64::from))
    .bind(case.approved_amount.map(i64::from))
    .execute(conn)
    .await?;
    Ok(())
}

const LISTED: &str = "listed";

/// Fills the columns of lists for every case, when they were filled by other rules or never: after an older program, once.
pub(crate) async fn fill(conn: &mut SqliteConnection) -> Result<()> {
    let here: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(LISTED).fetch_optional(&mut *conn).await?;
    if here.as_deref() == Some(Listed::REVISION.to_string().as_str()) {
        return Ok(());
    }
    let mut all = conn.begin_with("BEGIN IMMEDIATE").await?;
    for case in ids(&mut all, "SELECT id AS case_id FROM cases", None).await? {
        match settle(&mut all, case).await {
            // A damaged case must not keep the store closed.
            Err(StoreError::Damaged) => tracing::warn!("a case is left out of narrowed lists"),
            settled => settled?,
        }
    }
    meta::write(&mut all, LISTED, &Value::from(Listed::REVISION)).await?;
    all.commit().await?;
    Ok(())
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

/// The papers of a case as they are kept.
pub(crate) async fn papers(conn: &mut SqliteConnection, case: CaseId) -> Result<Vec<SentPaper>> {
    let row = sqlx::query("SELECT json_extract(body, '$.papers') AS papers FROM case_bodies WHERE case_id = $1")
        .bind(case.to_string())
        .fetch_optional(conn)
        .await?;
    row.map_or(Ok(Vec::new()), |row| row.json("papers"))
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
