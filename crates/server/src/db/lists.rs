//! Lists of cases: narrow rows that are filtered, searched and counted; the cases themselves are read for one page only.

use super::{
    Db, DbError, Query, Tx, args,
    cases::{case, case_columns},
    code, from_code, json,
};
use domain::{
    case::Case,
    list::{self, Choices, Criteria, Group, Listed, SchoolChoice, listed},
    people::{Actor, Role},
    time::PlanYear,
    workflow::{Sight, sight},
};

/// What is looked for in a list.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// By what it is narrowed. Level, amount and the 社群's name count only where the person sees the papers.
    pub criteria: Criteria,
    /// Goes on behind this place: `next` of the page before.
    pub after: Option<u32>,
    /// Rows of the page.
    pub limit: u32,
}

/// A page of a person's list, newest first, and where the next page begins. The papers are left out.
pub async fn search(db: &Db, actor: &Actor, search: &Search) -> Result<(Vec<Case>, Option<u32>), DbError> {
    let Some(query) = page_query(actor, search) else { return Ok((Vec::new(), None)) };
    let mut rows = db.read().await?.built(&query).await?;
    let more = rows.len() > search.limit as usize;
    rows.truncate(search.limit as usize);
    let next = if more { rows.last().map(|row| row.count(0)).transpose()? } else { None };
    let cases = rows.iter().map(|row| json(&row.text(1)?, "case")).collect::<Result<_, _>>()?;
    Ok((cases, next))
}

/// The query of a page; none for those who see no lists. The rows of the page are found first, in narrow columns and in the
/// order of an index, and only then looked up.
pub fn page_query(actor: &Actor, search: &Search) -> Option<Query> {
    let mut query =
        Query::new("SELECT p.opened_seq, c.head FROM (SELECT r.opened_seq, r.case_id FROM case_rows r WHERE ");
    within(&mut query, actor)?;
    query.push(" AND r.opened_seq < ").bind(search.after.map_or(i64::MAX, i64::from));
    let Criteria { plan_year, schools, asked, approved, .. } = &search.criteria;
    if let Some(year) = plan_year {
        query.push(" AND r.plan_year = ").bind(i64::from(year.0));
    }
    query.any_of("r.school_code", schools);
    kinds(&mut query, actor, &search.criteria);
    if !asked.is_open() {
        papers_seen(query.push(" AND "), actor);
    }
    for (bound, amount) in [
        (" AND r.asked >= ", asked.from),
        (" AND r.asked <= ", asked.to),
        (" AND r.approved >= ", approved.from),
        (" AND r.approved <= ", approved.to),
    ] {
        if let Some(amount) = amount {
            query.push(bound).bind(amount);
        }
    }
    if let Some(words) = search.criteria.words() {
        let pattern = format!("%{}%", searchable(words).replace('!', "!!").replace('%', "!%").replace('_', "!_"));
        query.push(" AND (r.row_text LIKE ").bind(&pattern).push(" ESCAPE '!' OR (");
        papers_seen(&mut query, actor);
        query.push(" AND r.paper_text LIKE ").bind(&pattern).push(" ESCAPE '!'))");
    }
    query.push(" ORDER BY r.opened_seq DESC LIMIT ").bind(i64::from(search.limit) + 1);
    query.push(") p JOIN cases c ON c.id = p.case_id ORDER BY p.opened_seq DESC");
    Some(query)
}

/// What the filters of a person's list offer.
pub async fn choices(db: &Db, actor: &Actor, criteria: &Criteria) -> Result<Choices, DbError> {
    let Some((groups, schools)) = choices_queries(actor, criteria) else { return Ok(Choices::default()) };
    let mut tx = db.read().await?;
    let mut found = Vec::new();
    for row in tx.built(&groups).await? {
        let seen = row.int(3)? == 1 || sees_own(actor);
        found.push(Group {
            plan_year: PlanYear(row.count(0)?.try_into().map_err(|_| DbError::Stored { what: "plan year" })?),
            process: from_code(row.text(1)?, "process")?,
            state: from_code(row.text(2)?, "state")?,
            level: if seen { row.text(4)? } else { String::new() },
            cases: row.count(5)?,
        });
    }
    let mut of_schools = Vec::new();
    for row in tx.built(&schools).await? {
        of_schools.push(SchoolChoice { code: row.text(0)?, name: row.text(1)?, cases: row.count(2)? });
    }
    of_schools.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(list::choices(&found, of_schools, criteria))
}

/// The queries of the choices: groups of cases, and schools. Both are answered by an index alone.
pub fn choices_queries(actor: &Actor, criteria: &Criteria) -> Option<(Query, Query)> {
    let mut groups =
        Query::new("SELECT r.plan_year, r.process, r.state, r.shown, r.level, COUNT(*) FROM case_rows r WHERE ");
    within(&mut groups, actor)?;
    groups.any_of("r.school_code", &criteria.schools);
    groups.push(" GROUP BY r.county, r.plan_year, r.process, r.state, r.shown, r.level");
    let mut schools = Query::new("SELECT r.school_code, MIN(r.school_name), COUNT(*) FROM case_rows r WHERE ");
    within(&mut schools, actor)?;
    if let Some(year) = criteria.plan_year {
        // Without the index of the years: the schools come in the order of their own.
        schools.push(" AND r.plan_year + 0 = ").bind(i64::from(year.0));
    }
    kinds(&mut schools, actor, criteria);
    schools.push(" GROUP BY r.county, r.school_code");
    Some((groups, schools))
}

/// The rows that are in the person's lists; none for those who see no lists.
fn within(query: &mut Query, actor: &Actor) -> Option<()> {
    match actor.role {
        Role::Teacher | Role::Principal => query.push("r.owner_id = ").bind(actor.person.id),
        Role::School => query.push("r.school_code = ").bind(&actor.school.as_ref()?.code),
        Role::County => query.push("r.county = ").bind(actor.county.as_ref()?),
        Role::Ministry | Role::Platform => query.push("1 = 1"),
        Role::Reviewer => {
            let scope = format!("reviewer:{}", actor.person.id);
            query.push("r.case_id IN (SELECT s.case_id FROM case_scopes s WHERE s.scope = ").bind(scope).push(")")
        }
    };
    Some(())
}

/// Process, states and levels. The columns are compared as expressions: an index over them would bring the rows out of order, and
/// all of them would have to be sorted for the first page.
fn kinds(query: &mut Query, actor: &Actor, criteria: &Criteria) {
    query.any_of("r.process || ''", criteria.process.iter().map(code));
    query.any_of("r.state || ''", criteria.states.iter().map(code));
    if !criteria.levels.is_empty() {
        papers_seen(query.push(" AND "), actor);
        query.any_of("r.level || ''", &criteria.levels);
    }
}

/// Whether the person sees the papers of a row.
fn papers_seen(query: &mut Query, actor: &Actor) {
    query.push(if sees_own(actor) { "1 = 1" } else { "r.shown = 1" });
}

/// Whether the person's list holds own cases only.
fn sees_own(actor: &Actor) -> bool {
    matches!(actor.role, Role::Teacher | Role::Principal)
}

/// Writes a case's row. `opened` is its place in the lists, for a case that has none yet.
pub(crate) async fn put_row(tx: &mut Tx, case: &Case, opened: i64) -> Result<(), DbError> {
    let Listed { title, level, asked } = listed(case);
    let values = args![
        case.id,
        code(&case.process),
        i64::from(case.plan_year.0),
        storable(&case.school.county),
        storable(&case.school.code),
        storable(&case.school.name),
        case.owner.id,
        code(&case.state),
        others_see_papers(case),
        storable(&level),
        asked,
        case.approved_amount,
        searchable(&format!("{}\n{}", case.school.name, case.owner.name)),
        searchable(&title),
    ];
    let sql = "UPDATE case_rows SET process = $2, plan_year = $3, county = $4, school_code = $5, school_name = $6, owner_id = $7, \
               state = $8, shown = $9, level = $10, asked = $11, approved = $12, row_text = $13, paper_text = $14 \
               WHERE case_id = $1";
    if tx.run(sql, values.clone()).await? == 1 {
        return Ok(());
    }
    let sql = "INSERT INTO case_rows (case_id, process, plan_year, county, school_code, school_name, owner_id, state, shown, level, \
               asked, approved, row_text, paper_text, opened_seq) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    tx.run(sql, values.into_iter().chain([opened.into()]).collect()).await?;
    Ok(())
}

/// Whether anybody but the owner sees the papers: asked of the rule itself, with the case's own school as the one who looks.
fn others_see_papers(case: &Case) -> bool {
    let school = Actor {
        person: domain::people::Person { id: uuid::Uuid::nil().into(), name: String::new() },
        role: Role::School,
        school: Some(case.school.clone()),
        county: None,
        email: None,
        phone: None,
    };
    sight(case, &school) >= Sight::Papers
}

/// A text without NUL, which PostgreSQL cannot store.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

/// A text as it is searched: small letters.
fn searchable(text: &str) -> String {
    storable(&text.to_lowercase())
}

/// Rows filled in one transaction.
pub(super) const PORTION: i64 = 500;

/// Fills the rows of every case when they were filled by other rules, or never: after an older program, once.
pub(crate) async fn fill(db: &Db) -> Result<(), DbError> {
    let revision = "SELECT revision FROM case_rows_filled WHERE id = 1";
    if db.read().await?.one(revision, args![]).await?.count(0)? == Listed::REVISION {
        return Ok(());
    }
    let mut after = String::new();
    loop {
        let mut tx = db.write().await?;
        // Held until the end, as by every act: none comes between a case and its row.
        tx.maybe("UPDATE service SET change_seq = change_seq WHERE id = 1 RETURNING id", args![]).await?;
        let sql = concat!(
            "SELECT c.id, (SELECT MIN(s.opened_seq) FROM case_scopes s WHERE s.case_id = c.id), ",
            case_columns!(),
            " FROM cases c WHERE c.id > $1 ORDER BY c.id LIMIT $2"
        );
        let rows = tx.all(sql, args![&after, PORTION]).await?;
        for row in &rows {
            match case(row, 2) {
                Ok(case) => put_row(&mut tx, &case, row.int(1)?).await?,
                // One case that cannot be read must not keep the others from everybody.
                Err(error) => tracing::error!(%error, "a case is left out of the lists"),
            }
        }
        let Some(last) = rows.last() else {
            let sql = "UPDATE case_rows_filled SET revision = $1 WHERE id = 1";
            tx.run(sql, args![Listed::REVISION]).await?;
            return tx.commit().await;
        };
        after = last.text(0)?;
        tx.commit().await?;
    }
}
