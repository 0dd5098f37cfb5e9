//! Cases: one, or a page of those in whose lists a person may look.

use super::{Db, DbError, Row, Tx, args, code, json, to_json};
use domain::{
    case::{Case, Process},
    ids::{BlobHash, CaseId},
    people::{Actor, Role},
    time::PlanYear,
    workflow::{Sight, plc, sight},
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
        Role::Reviewer => None,
    }
}

/// The lists in which a case stands.
fn scopes(case: &Case) -> [String; 4] {
    let Case { owner, school, .. } = case;
    [
        format!("owner:{}", owner.id),
        format!("school:{}", school.code),
        format!("county:{}", school.county),
        "all".to_owned(),
    ]
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

/// Writes a case after an event. `before` is the number of the event it stood at; none for a new case.
/// False when somebody else moved it.
pub(crate) async fn put(tx: &mut Tx, case: &Case, before: Option<u32>, change: i64) -> Result<bool, DbError> {
    let head = to_json(&Case { papers: Vec::new(), ..case.clone() });
    let papers = to_json(&case.papers);
    let convenes = !matches!(case.state, domain::case::State::Withdrawn | domain::case::State::Rejected);
    let sql = if before.is_none() {
        "INSERT INTO cases (id, process, plan_year, owner_id, head_seq, convenes, shown, row_text, paper_text, head, papers) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING"
    } else {
        "UPDATE cases SET process = $2, plan_year = $3, owner_id = $4, head_seq = $5, convenes = $6, shown = $7, row_text = $8, \
         paper_text = $9, head = $10, papers = $11 WHERE id = $1 AND head_seq = $12"
    };
    let mut values = args![
        case.id,
        code(&case.process),
        i64::from(case.plan_year.0),
        case.owner.id,
        case.seq,
        convenes,
        others_see_papers(case),
        searchable(&format!("{}\n{}", case.school.name, case.owner.name)),
        searchable(paper_title(case)),
        head,
        papers,
    ];
    values.extend(before.map(super::Arg::from));
    let written = tx.run(sql, values).await? == 1;
    for scope in scopes(case) {
        let sql = "INSERT INTO case_scopes (scope, case_id, opened_seq, change_seq, plan_year) VALUES ($1, $2, \
                   COALESCE((SELECT MIN(opened_seq) FROM case_scopes WHERE case_id = $2), $3), $3, $4) \
                   ON CONFLICT (scope, case_id) DO UPDATE SET change_seq = $3";
        tx.run(sql, args![scope, case.id, change, i64::from(case.plan_year.0)]).await?;
    }
    Ok(written)
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
    sight(case.process, case.state, &case.owner, &case.school, &school) >= Sight::Papers
}

/// 社群名稱 as last sent.
fn paper_title(case: &Case) -> &str {
    case.papers
        .iter()
        .find(|paper| paper.form.id.as_str() == plc::APPLICATION)
        .map_or("", |p| p.answers.text("plc_name"))
}

/// A text as it is searched: small letters, and no NUL, which PostgreSQL cannot store.
fn searchable(text: &str) -> String {
    text.to_lowercase().replace('\0', "")
}

/// What is looked for in a list.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Only this plan year.
    pub plan_year: Option<PlanYear>,
    /// Only cases with these words in the school's, the convener's or the 社群's name; the last only where the person sees it.
    pub keyword: Option<String>,
    /// Goes on behind this place: `next` of the page before.
    pub after: Option<u32>,
    /// Rows of the page.
    pub limit: u32,
}

/// A page of a person's list, newest first, and where the next page begins. The papers are left out.
pub async fn search(db: &Db, actor: &Actor, search: &Search) -> Result<(Vec<Case>, Option<u32>), DbError> {
    let Some(scope) = scope_of(actor) else { return Ok((Vec::new(), None)) };
    let sql = "SELECT s.opened_seq, c.head FROM case_scopes s JOIN cases c ON c.id = s.case_id \
               WHERE s.scope = $1 AND s.opened_seq < $2 AND ($3 = 0 OR s.plan_year = $3) \
               AND ($4 = '' OR c.row_text LIKE $4 ESCAPE '!' \
                    OR ((c.shown = 1 OR c.owner_id = $5) AND c.paper_text LIKE $4 ESCAPE '!')) \
               ORDER BY s.opened_seq DESC LIMIT $6";
    let keyword = search.keyword.as_deref().map(str::trim).filter(|word| !word.is_empty());
    let pattern = keyword.map_or_else(String::new, |word| {
        format!("%{}%", searchable(word).replace('!', "!!").replace('%', "!%").replace('_', "!_"))
    });
    let values = args![
        scope,
        search.after.map_or(i64::MAX, i64::from),
        search.plan_year.map_or(0, |year| i64::from(year.0)),
        pattern,
        actor.person.id,
        i64::from(search.limit) + 1,
    ];
    let mut rows = db.read().await?.all(sql, values).await?;
    let more = rows.len() > search.limit as usize;
    rows.truncate(search.limit as usize);
    let next = if more { rows.last().map(|row| row.count(0)).transpose()? } else { None };
    let cases = rows.iter().map(|row| json(&row.text(1)?, "case")).collect::<Result<_, _>>()?;
    Ok((cases, next))
}
