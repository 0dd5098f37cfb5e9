//! Lists of cases, read from narrow rows: pages, choices of filters, sums. The papers lie apart and are not touched.

use crate::{
    CaseFilter, CaseRow, Order, Result, Store, StoreError,
    column::{Columns as _, word},
};
use domain::{
    choose::Spent,
    ids::CaseId,
    list::{Choices, Criteria, Group, SchoolChoice, choices},
    people::{Person, School},
    time::PlanYear,
};
use sqlx::{QueryBuilder, Sqlite, sqlite::SqliteRow};
use std::collections::BTreeSet;

impl Store {
    /// One page of cases and how many there are in all pages.
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

    /// Every case of a list, in its order.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn case_ids(&self, filter: &CaseFilter) -> Result<Vec<CaseId>> {
        let mut query = QueryBuilder::new("SELECT id FROM cases");
        push_where(&mut query, filter);
        push_order(&mut query, filter.order);
        let rows = query.build().fetch_all(&mut *self.read().await?.conn).await?;
        rows.iter().map(|row| row.id("id")).collect()
    }

    /// The rows of these cases, in the order of the list; those that are not here are left out.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn rows_of(&self, cases: &[CaseId]) -> Result<Vec<CaseRow>> {
        let mut query = QueryBuilder::new(ROW);
        query
            .push(" FROM cases WHERE id IN (SELECT value FROM json_each(")
            .push_bind(crate::column::json(&cases))
            .push("))");
        push_order(&mut query, Order::Newest);
        let rows = query.build().fetch_all(&mut *self.read().await?.conn).await?;
        rows.iter().map(case_row).collect()
    }

    /// What the filters of a list offer.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn choices(&self, criteria: &Criteria) -> Result<Choices> {
        let mut line = self.read().await?;
        let mut groups =
            QueryBuilder::new("SELECT plan_year, process, seen_state, level, count(*) AS cases FROM cases WHERE 1 = 1");
        push_any(&mut groups, "school_code", criteria.schools.iter().cloned());
        groups.push(" GROUP BY plan_year, process, seen_state, level");
        let rows = groups.build().fetch_all(&mut *line.conn).await?;
        let group = |row: &SqliteRow| {
            Ok(Group {
                plan_year: PlanYear(row.count("plan_year")?),
                process: row.word("process")?,
                state: row.word("seen_state")?,
                level: row.text("level")?,
                cases: row.count("cases")?,
            })
        };
        let groups = rows.iter().map(group).collect::<Result<Vec<_>>>()?;
        let mut schools = QueryBuilder::new(
            "SELECT school_code, min(school_name) AS school_name, count(*) AS cases FROM cases WHERE 1 = 1",
        );
        push_kinds(&mut schools, criteria);
        schools.push(" GROUP BY school_code ORDER BY school_code");
        let rows = schools.build().fetch_all(&mut *line.conn).await?;
        let school = |row: &SqliteRow| {
            Ok(SchoolChoice {
                code: row.text("school_code")?,
                name: row.text("school_name")?,
                cases: row.count("cases")?,
            })
        };
        Ok(choices(&groups, rows.iter().map(school).collect::<Result<_>>()?, criteria))
    }

    /// What has been approved, by plan year and school, with the acts that wait.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn spent(&self) -> Result<Vec<Spent>> {
        let sql = "SELECT plan_year, school_code, min(school_name) AS school_name, county, sum(approved) AS amount FROM cases \
                   WHERE approved IS NOT NULL GROUP BY plan_year, school_code, county";
        let rows = sqlx::query(sql).fetch_all(&mut *self.read().await?.conn).await?;
        let spent = |row: &SqliteRow| {
            Ok(Spent {
                plan_year: PlanYear(row.count("plan_year")?),
                school: school(row)?,
                amount: row.integer("amount")?,
            })
        };
        rows.iter().map(spent).collect()
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

    /// The cases that have something to send and that the service knows.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn known_with_something_to_send(&self) -> Result<BTreeSet<CaseId>> {
        let sql = "SELECT id FROM cases WHERE known = 1 AND id IN \
                   (SELECT case_id FROM outbox UNION SELECT case_id FROM drafts WHERE to_send = 1)";
        let rows = sqlx::query(sql).fetch_all(&mut *self.read().await?.conn).await?;
        rows.iter().map(|row| row.id("id")).collect()
    }
}

/// What [`case_row`] reads.
pub(crate) const ROW: &str = "SELECT id, process, plan_year, owner_name, owner_id, school_code, school_name, county, title, state, \
                   seen_state, seq, level, asked, approved, created_at, updated_at, \
                   EXISTS (SELECT 1 FROM outbox WHERE case_id = id) AS pending";

/// The query of a page of the list.
pub(crate) fn page_query(filter: &CaseFilter) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(ROW);
    query.push(" FROM cases");
    push_where(&mut query, filter);
    push_order(&mut query, filter.order);
    query.push(" LIMIT ").push_bind(i64::from(filter.limit));
    query.push(" OFFSET ").push_bind(i64::from(filter.offset));
    query
}

fn push_order(query: &mut QueryBuilder<Sqlite>, order: Order) {
    query.push(match order {
        Order::Newest => " ORDER BY created_at DESC, id DESC",
        Order::School => " ORDER BY school_code, created_at DESC, id DESC",
        Order::Asked => " ORDER BY coalesce(asked, -1) DESC, created_at DESC, id DESC",
    });
}

fn count_query(filter: &CaseFilter) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT count(*) FROM cases");
    push_where(&mut query, filter);
    query
}

pub(crate) fn push_where(query: &mut QueryBuilder<Sqlite>, filter: &CaseFilter) {
    let CaseFilter { criteria, owner, .. } = filter;
    query.push(" WHERE 1 = 1");
    push_kinds(query, criteria);
    push_any(query, "school_code", criteria.schools.iter().cloned());
    for (bound, amount) in [
        (" AND asked >= ", criteria.asked.from),
        (" AND asked <= ", criteria.asked.to),
        (" AND approved >= ", criteria.approved.from),
        (" AND approved <= ", criteria.approved.to),
    ] {
        if let Some(amount) = amount {
            query.push(bound).push_bind(i64::from(amount));
        }
    }
    if let Some(owner) = owner {
        query.push(" AND owner_id = ").push_bind(owner.to_string());
    }
    if let Some(words) = criteria.words() {
        let pattern = format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        for (before, column) in [(" AND (", "title"), (" OR ", "school_name"), (" OR ", "owner_name")] {
            query.push(before).push(column).push(" LIKE ").push_bind(pattern.clone()).push(r" ESCAPE '\'");
        }
        query.push(")");
    }
}

/// Year, process, states, levels.
fn push_kinds(query: &mut QueryBuilder<Sqlite>, criteria: &Criteria) {
    if let Some(year) = criteria.plan_year {
        query.push(" AND plan_year = ").push_bind(i64::from(year.0));
    }
    push_any(query, "process", criteria.process.iter().map(word));
    push_any(query, "seen_state", criteria.states.iter().map(word));
    push_any(query, "level", criteria.levels.iter().cloned());
}

fn push_any(query: &mut QueryBuilder<Sqlite>, column: &'static str, values: impl Iterator<Item = String>) {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return;
    }
    query.push(" AND ").push(column).push(" IN (");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

fn school(row: &SqliteRow) -> Result<School> {
    Ok(School { code: row.text("school_code")?, name: row.text("school_name")?, county: row.text("county")? })
}

pub(crate) fn case_row(row: &SqliteRow) -> Result<CaseRow> {
    let amount = |name| {
        let found: Option<i64> = sqlx::Row::try_get(row, name)?;
        found.map(|amount| u32::try_from(amount).map_err(|_| StoreError::Damaged)).transpose()
    };
    Ok(CaseRow {
        id: row.id("id")?,
        process: row.word("process")?,
        plan_year: PlanYear(row.count("plan_year")?),
        owner: Person { id: row.id("owner_id")?, name: row.text("owner_name")? },
        school: school(row)?,
        title: row.text("title")?,
        state: row.word("state")?,
        seen: row.word("seen_state")?,
        seq: row.count("seq")?,
        level: row.text("level")?,
        asked: amount("asked")?,
        approved: amount("approved")?,
        created_at: row.moment("created_at")?,
        updated_at: row.moment("updated_at")?,
        pending: row.flag("pending")?,
    })
}
