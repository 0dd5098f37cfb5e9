//! The pool of reviewers: who they are, what they have to do, and whom of them a case could be given to.

use super::{Db, DbError, Row, Tx, accounts, args, audit, cases, code, from_code, id, json, to_json};
use domain::{
    case::Case,
    certification::{Loads, Named, Proposal, Reviewer, Sought, propose},
    form::Packs,
    ids::{AccountId, CaseId},
    people::{Actor, Person, Role, School},
    time::{PlanYear, Timestamp},
};
use std::collections::BTreeMap;
use wire::{
    Failure,
    reviewers::{NotProposed, ProposalPage, ReviewerPage, ReviewerRow},
};

/// Columns of [`entry`] behind those of the account.
macro_rules! pool_columns {
    () => {
        concat!(
            accounts::actor_columns!(),
            ", a.account, r.account_id, r.county, r.school_code, r.school_name, r.school_county, r.fields, r.active, r.most ",
            "FROM accounts a LEFT JOIN reviewers r ON r.account_id = a.id "
        )
    };
}

/// A reviewer with the account's name. What the pool does not say is said by the account.
fn entry(row: &Row) -> Result<(Reviewer, String), DbError> {
    let Actor { person, county, school, .. } = accounts::actor(row)?;
    let account = row.text(9)?;
    if row.text_or_none(10)?.is_none() {
        return Ok((Reviewer::unknown(person, county, school), account));
    }
    let school = match (row.text_or_none(12)?, row.text_or_none(13)?, row.text_or_none(14)?) {
        (Some(code), Some(name), Some(county)) => Some(School { code, name, county }),
        _ => None,
    };
    let most = row.int_or_none(17)?.map(u16::try_from).transpose();
    let reviewer = Reviewer {
        person,
        county: row.text_or_none(11)?,
        school,
        fields: json(&row.text(15)?, "fields of a reviewer")?,
        active: row.int(16)? != 0,
        most: most.map_err(|_| DbError::Stored { what: "cases a reviewer takes" })?,
    };
    Ok((reviewer, account))
}

/// The whole pool, by the id of the account.
async fn pool(tx: &mut Tx) -> Result<Vec<(Reviewer, String)>, DbError> {
    let sql = concat!("SELECT ", pool_columns!(), "WHERE a.role = 'reviewer' ORDER BY a.id");
    tx.all(sql, args![]).await?.iter().map(entry).collect()
}

/// A person who is named as a reviewer, as the pool knows them.
pub(crate) async fn named(tx: &mut Tx, account: AccountId) -> Result<Named, DbError> {
    let sql = concat!("SELECT ", pool_columns!(), "WHERE a.id = $1");
    let Some(row) = tx.maybe(sql, args![account]).await? else {
        return Ok((Person { id: account, name: String::new() }, None));
    };
    let (reviewer, _) = entry(&row)?;
    let person = reviewer.person.clone();
    Ok((person, (accounts::actor(&row)?.role == Role::Reviewer).then_some(reviewer)))
}

/// How many cases everybody was asked to review, round by round.
async fn loads(tx: &mut Tx) -> Result<Loads, DbError> {
    let sql = "SELECT account_id, plan_year, round, COUNT(*) FROM assignments GROUP BY account_id, plan_year, round";
    let rows = tx.all(sql, args![]).await?;
    let load = |row: &Row| {
        let year = row.count(1)?.try_into().map_err(|_| DbError::Stored { what: "plan year" })?;
        let round = from_code(row.text(2)?, "round")?;
        Ok(((id(&row.text(0)?, "account id")?, PlanYear(year), round), row.count(3)?))
    };
    rows.iter().map(load).collect()
}

/// How many sheets everybody has still to write.
async fn waiting(tx: &mut Tx) -> Result<BTreeMap<AccountId, u32>, DbError> {
    let sql = "SELECT account_id, COUNT(*) FROM assignments WHERE written = 0 GROUP BY account_id";
    let rows = tx.all(sql, args![]).await?;
    rows.iter().map(|row| Ok((id(&row.text(0)?, "account id")?, row.count(1)?))).collect()
}

/// Keeps who is asked to review a case now.
pub(crate) async fn keep_assignments(tx: &mut Tx, case: &Case) -> Result<(), DbError> {
    tx.run("DELETE FROM assignments WHERE case_id = $1", args![case.id]).await?;
    for one in &case.reviewing.assignments {
        let written = case.reviewing.has_written(one.round, one.reviewer.id);
        let sql = "INSERT INTO assignments (case_id, round, account_id, plan_year, written) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (case_id, round, account_id) DO NOTHING";
        let year = i64::from(case.plan_year.0);
        tx.run(sql, args![case.id, code(&one.round), one.reviewer.id, year, written]).await?;
    }
    Ok(())
}

/// By name and account: the two databases put Chinese names in different orders.
fn by_name(mut rows: Vec<ReviewerRow>) -> ReviewerPage {
    rows.sort_by(|a, b| (&a.reviewer.person.name, &a.account).cmp(&(&b.reviewer.person.name, &b.account)));
    ReviewerPage { rows }
}

/// The reviewers this person keeps, each with the sheets they have still to write. `keeps` says which those are.
pub async fn kept(db: &Db, keeps: impl Fn(&Reviewer) -> bool + Send) -> Result<ReviewerPage, DbError> {
    let mut tx = db.read().await?;
    let pool = pool(&mut tx).await?;
    let waiting = waiting(&mut tx).await?;
    let row = |(reviewer, account): (Reviewer, String)| {
        let load = waiting.get(&reviewer.person.id).copied().unwrap_or(0);
        ReviewerRow { reviewer, account, load, unfit: None }
    };
    Ok(by_name(pool.into_iter().filter(|(reviewer, _)| keeps(reviewer)).map(row).collect()))
}

/// The whole pool as it stands to a case: with what stands against each, and what they were asked to do in its round. `judge` says
/// whether the person may ask this of the case.
pub async fn choices(
    db: &Db,
    case: CaseId,
    judge: impl FnOnce(Option<&Case>) -> Result<(), Failure> + Send,
) -> Result<ReviewerPage, DbError> {
    let mut tx = db.read().await?;
    let case = cases::load(&mut tx, case).await?;
    judge(case.as_ref())?;
    let sought = case.and_then(|case| sought(&case));
    let Some(sought) = sought else { return Ok(ReviewerPage { rows: Vec::new() }) };
    let loads = loads(&mut tx).await?;
    let row = |(reviewer, account): (Reviewer, String)| {
        let load = loads.get(&(reviewer.person.id, sought.plan_year, sought.round)).copied().unwrap_or(0);
        let unfit = sought.unfit(&reviewer).map(|unfit| unfit.code().to_owned());
        ReviewerRow { reviewer, account, load, unfit }
    };
    Ok(by_name(pool(&mut tx).await?.into_iter().map(row).collect()))
}

fn sought(case: &Case) -> Option<Sought> {
    Sought::of(case, &Packs::built_in().policy(case.plan_year, Some(&case.school.county)))
}

/// Proposes reviewers for cases. `judge` says of each whether the person may ask; the others are named with the reason.
pub async fn proposal(
    db: &Db,
    asked: &[CaseId],
    judge: impl Fn(Option<&Case>) -> Result<(), Failure> + Send,
) -> Result<ProposalPage, DbError> {
    let mut tx = db.read().await?;
    let (mut wanting, mut refused) = (Vec::new(), Vec::new());
    for case in asked {
        let found = cases::load(&mut tx, *case).await?;
        match judge(found.as_ref()) {
            Ok(()) => wanting.extend(found.as_ref().and_then(sought)),
            Err(failure) => refused.push(NotProposed { case: *case, failure }),
        }
    }
    let pool: Vec<Reviewer> = pool(&mut tx).await?.into_iter().map(|(reviewer, _)| reviewer).collect();
    let proposals: Vec<Proposal> = propose(&wanting, &pool, &loads(&mut tx).await?);
    Ok(ProposalPage { proposals, refused })
}

/// Writes what the pool knows of a reviewer. `judge` says whether it may become so, given what it was; none: there is no such
/// reviewer.
pub async fn put(
    db: &Db,
    by: &Actor,
    account: AccountId,
    now: Timestamp,
    judge: impl FnOnce(Option<Reviewer>) -> Result<Reviewer, Failure> + Send,
) -> Result<ReviewerRow, DbError> {
    let mut tx = db.write().await?;
    // Taken as by every act: the log's entries come one by one.
    tx.next_change().await?;
    let (_, before) = named(&mut tx, account).await?;
    let reviewer = judge(before)?;
    write(&mut tx, &reviewer).await?;
    let detail = format!("active={} most={:?} county={:?}", reviewer.active, reviewer.most, reviewer.county);
    audit::append(&mut tx, now, &by.person.id.to_string(), "reviewer", &account.to_string(), &detail).await?;
    let sql = concat!("SELECT ", pool_columns!(), "WHERE a.id = $1");
    let (reviewer, account_name) = entry(&tx.one(sql, args![account]).await?)?;
    let load = waiting(&mut tx).await?.get(&account).copied().unwrap_or(0);
    tx.commit().await?;
    Ok(ReviewerRow { reviewer, account: account_name, load, unfit: None })
}

/// Writes all that the pool knows of a reviewer.
async fn write(tx: &mut Tx, reviewer: &Reviewer) -> Result<(), DbError> {
    let school = reviewer.school.as_ref();
    let sql = "INSERT INTO reviewers (account_id, county, school_code, school_name, school_county, fields, active, most) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id) DO UPDATE SET county = $2, \
               school_code = $3, school_name = $4, school_county = $5, fields = $6, active = $7, most = $8";
    let values = args![
        reviewer.person.id,
        reviewer.county.clone(),
        school.map(|school| school.code.clone()),
        school.map(|school| school.name.clone()),
        school.map(|school| school.county.clone()),
        to_json(&reviewer.fields),
        reviewer.active,
        reviewer.most.map(u32::from),
    ];
    tx.run(sql, values).await?;
    Ok(())
}

/// Adds reviewers of whom the pool knows nothing yet; the others stay as they are.
pub(crate) async fn add(db: &Db, new: &[Reviewer]) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    tx.next_change().await?;
    for reviewer in new {
        let known = "SELECT account_id FROM reviewers WHERE account_id = $1";
        if tx.maybe(known, args![reviewer.person.id]).await?.is_none() {
            write(&mut tx, reviewer).await?;
        }
    }
    tx.commit().await
}
