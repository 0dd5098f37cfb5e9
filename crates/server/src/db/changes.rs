//! What changed for one person since a moment they name, in the order in which it became visible.

use super::{
    Db, DbError, Row, args,
    cases::{self, case_columns},
    county_rules,
    drafts::{self, draft_columns},
    id, json,
    notices::{self, notice_columns},
    records, to_json,
};
use domain::{case::Case, ids::CaseId, people::Actor, policy::CountyRuleSet, record::PersonRecord, workflow::Sight};
use wire::http::{SeenDraft, SeenNotice};

/// Things on a page, at least: a page ends with a whole change. A desktop takes a page in one transaction, which waits for the
/// disk; five hundred sent applications are about two megabytes.
const PAGE: usize = 500;

/// Things of one kind that one change can hold for one person, at most.
const IN_ONE_CHANGE: usize = 16;

/// What changed.
#[derive(Debug, Default)]
pub struct Changes {
    /// Where the next question begins.
    pub cursor: u64,
    /// There is more.
    pub more: bool,
    /// Cases in the person's lists.
    pub cases: Vec<WrittenCase>,
    /// Drafts of own cases.
    pub drafts: Vec<SeenDraft>,
    /// Messages.
    pub notices: Vec<SeenNotice>,
    /// Cases to forget.
    pub gone: Vec<CaseId>,
    /// Versions of rules.
    pub rule_sets: Vec<CountyRuleSet>,
    /// The own record.
    pub record: Option<PersonRecord>,
}

/// A case as it is kept: read without its papers, and their text. What somebody may see is decided by the former; the latter are
/// nearly all of it, which nobody here has to understand to pass them on.
#[derive(Debug)]
pub struct WrittenCase {
    /// The case without its papers.
    pub head: Case,
    text: String,
    papers: String,
}

impl WrittenCase {
    fn read(row: &Row, first: usize) -> Result<Self, DbError> {
        let text = row.text(first)?;
        Ok(Self { head: json(&text, "case")?, text, papers: row.text(first + 1)? })
    }

    /// Leaves what `actor` may see.
    pub fn seen_by(&mut self, sight: Sight, actor: &Actor) {
        let before = self.head.clone();
        if seen_as(&mut self.head, sight, actor) {
            "[]".clone_into(&mut self.papers);
        }
        // Most are seen whole, and stand written already.
        if self.head != before {
            self.text = to_json(&self.head);
        }
    }

    /// Writes the case as JSON.
    pub fn write(&self, into: &mut String) {
        // The head is written with no papers. Within a text every quotation mark has a backslash before it, so that this stands
        // in it once.
        let (before, after) = self.text.split_once(NO_PAPERS).unwrap_or((&self.text, ""));
        into.extend([before, r#""papers":"#, &self.papers, after]);
    }
}

/// How a head says that it has no papers.
const NO_PAPERS: &str = r#""papers":[]"#;

/// Takes out of a case what `actor` may not see of it; whether its papers are hidden.
pub fn seen_as(case: &mut Case, sight: Sight, actor: &Actor) -> bool {
    let hidden = sight < Sight::Papers;
    if hidden {
        case.papers.clear();
        case.remarks.clear();
        case.carried.clear();
    }
    case.hide_names(sight, actor);
    case.hide_review(actor);
    hidden
}

/// Everything of this person's that changed after `after`.
pub async fn since(db: &Db, actor: &Actor, after: u64) -> Result<Changes, DbError> {
    let mut tx = db.read().await?;
    let now = tx.one("SELECT change_seq FROM service WHERE id = 1", args![]).await?.int(0)?;
    // A number that was never given comes from another life of the database, a restored copy: everything is told again.
    let after = i64::try_from(after).ok().filter(|after| *after <= now).unwrap_or(0);
    let (person, limit) = (actor.person.id, (PAGE + IN_ONE_CHANGE) as i64);
    let sql = concat!(
        "SELECT s.change_seq, ",
        case_columns!(),
        " FROM case_scopes s JOIN cases c ON c.id = s.case_id WHERE s.scope = $1 AND s.change_seq > $2 ",
        "ORDER BY s.change_seq LIMIT $3"
    );
    let cases = match cases::scope_of(actor) {
        Some(scope) => tx.all(sql, args![scope, after, limit]).await?,
        None => Vec::new(),
    };
    let sql = concat!(
        "SELECT ",
        draft_columns!(),
        " FROM drafts d WHERE d.owner_id = $1 AND d.change_seq > $2 ORDER BY d.change_seq LIMIT $3"
    );
    let drafts = tx.all(sql, args![person, after, limit]).await?;
    let sql = concat!(
        "SELECT ",
        notice_columns!(),
        " FROM notices n WHERE n.account_id = $1 AND n.change_seq > $2 ORDER BY n.change_seq LIMIT $3"
    );
    let notices = tx.all(sql, args![person, after, limit]).await?;
    let sql = "SELECT change_seq, case_id FROM tombstones WHERE account_id = $1 AND change_seq > $2 ORDER BY change_seq LIMIT $3";
    let gone = tx.all(sql, args![person, after, limit]).await?;
    let rule_sets = county_rules::since(&mut tx, actor, after, limit).await?;
    let record = records::since(&mut tx, person, after).await?;

    let mut numbers = Vec::new();
    for row in cases.iter().chain(&drafts).chain(&notices).chain(&gone).chain(&rule_sets).chain(&record) {
        numbers.push(row.int(0)?);
    }
    numbers.sort_unstable();
    let last = numbers.get(PAGE - 1).copied();
    let more = last.is_some_and(|last| numbers.last().is_some_and(|newest| *newest > last));
    // Without a full page, everything up to now has been told, even numbers that were none of this person's.
    let cursor = if more { last.unwrap_or(now) } else { now };
    let mut page = Changes { cursor: cursor.unsigned_abs(), more, ..Changes::default() };
    let told = |row: &&Row| row.int(0).is_ok_and(|number| number <= cursor);
    for row in cases.iter().filter(told) {
        page.cases.push(WrittenCase::read(row, 1)?);
    }
    for row in drafts.iter().filter(told) {
        page.drafts.push(drafts::seen(&mut tx, row).await?);
    }
    for row in notices.iter().filter(told) {
        page.notices.push(notices::seen(row)?);
    }
    for row in gone.iter().filter(told) {
        page.gone.push(id(&row.text(1)?, "case id")?);
    }
    for row in rule_sets.iter().filter(told) {
        page.rule_sets.push(county_rules::seen(row)?);
    }
    if record.iter().any(|row| told(&row)) {
        page.record = Some(records::of(&mut tx, person).await?);
    }
    Ok(page)
}
