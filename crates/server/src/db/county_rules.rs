//! 縣市規定: versions of what counties ask for. They are appended, and every act of a plan year reads the newest.

use super::{Db, DbError, Row, Tx, args, audit, json, millis, to_json};
use domain::{
    ids::RuleSetId,
    people::{Actor, Role},
    policy::{CountyRuleSet, CountyRules},
    time::{PlanYear, Timestamp},
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use wire::{Code, Failure};

/// A version as it came.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Its id.
    pub id: RuleSetId,
    /// Hash of everything that was sent.
    pub hash: &'a str,
    /// The county.
    pub county: &'a str,
    /// The plan year.
    pub plan_year: PlanYear,
    /// The version it was typed on.
    pub expect_version: u32,
    /// Who.
    pub actor: &'a Actor,
    /// When the service got it.
    pub now: Timestamp,
}

/// Adds a version, once: sent again, it is answered as the first time. A version that was typed on another than the newest is
/// not taken, and the newest is told.
pub async fn put(db: &Db, asked: &Asked<'_>, rules: CountyRules) -> Result<CountyRuleSet, DbError> {
    let mut tx = db.write().await?;
    let change = tx.next_change().await?;
    let actor = asked.actor.person.id;
    let sql = "SELECT body, account_id, put_hash FROM county_rules WHERE id = $1";
    if let Some(row) = tx.maybe(sql, args![asked.id]).await? {
        if row.text(1)? == actor.to_string() && row.text(2)? == asked.hash {
            return json(&row.text(0)?, "county rules");
        }
        return Err(Failure::new(Code::BadRequest, "this id belongs to another version").into());
    }
    let newest = newest(&mut tx, asked.county, asked.plan_year).await?;
    let version = newest.as_ref().map_or(0, |newest| newest.version);
    if asked.expect_version != version {
        let params = serde_json::json!({ "newest": newest });
        return Err(Failure::with(Code::RulesMoved, params, "another officer saved meanwhile").into());
    }
    let set = CountyRuleSet {
        id: asked.id,
        county: asked.county.to_owned(),
        plan_year: asked.plan_year,
        version: version + 1,
        at: Timestamp::from_timestamp_millis(asked.now.timestamp_millis()).unwrap_or(asked.now),
        by: asked.actor.person.clone(),
        rules,
    };
    let (body, year) = (to_json(&set), i64::from(set.plan_year.0));
    let sql = "INSERT INTO county_rules (county, plan_year, version, id, account_id, at, change_seq, put_hash, body) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let values = args![&set.county, year, set.version, set.id, actor, millis(set.at), change, asked.hash, &body];
    tx.run(sql, values).await?;
    let detail = format!("rules={} version={} body={}", set.id, set.version, hex::encode(Sha256::digest(&body)));
    let object = format!("{}/{}", set.county, set.plan_year);
    audit::append(&mut tx, set.at, &actor.to_string(), "county_rules", &object, &detail).await?;
    tx.commit().await?;
    Ok(set)
}

/// The newest version of a county's rules for a plan year; none: what ships holds.
pub(crate) async fn newest(tx: &mut Tx, county: &str, year: PlanYear) -> Result<Option<CountyRuleSet>, DbError> {
    let sql = "SELECT body FROM county_rules WHERE county = $1 AND plan_year = $2 ORDER BY version DESC LIMIT 1";
    let row = tx.maybe(sql, args![county, i64::from(year.0)]).await?;
    row.map(|row| json(&row.text(0)?, "county rules")).transpose()
}

/// What counties have set, the newest version of each county and plan year.
pub async fn in_force(db: &Db) -> Result<BTreeMap<(String, PlanYear), CountyRules>, DbError> {
    let sql = "SELECT body FROM county_rules r WHERE version = \
               (SELECT MAX(version) FROM county_rules n WHERE n.county = r.county AND n.plan_year = r.plan_year)";
    let rows = db.read().await?.all(sql, args![]).await?;
    let sets = rows.iter().map(|row| {
        let set: CountyRuleSet = json(&row.text(0)?, "county rules")?;
        Ok(((set.county, set.plan_year), set.rules))
    });
    sets.collect()
}

/// Versions of the rules that hold for a person, changed after a number: those of their own county, for national offices all.
pub(crate) async fn since(tx: &mut Tx, actor: &Actor, after: i64, limit: i64) -> Result<Vec<Row>, DbError> {
    let county = match actor.role {
        Role::Ministry | Role::Platform => "",
        Role::Reviewer => return Ok(Vec::new()),
        Role::Teacher | Role::Principal | Role::School | Role::County => match actor.own_county() {
            Some(county) => county,
            None => return Ok(Vec::new()),
        },
    };
    let sql = "SELECT change_seq, body FROM county_rules WHERE ($1 = '' OR county = $1) AND change_seq > $2 \
               ORDER BY change_seq LIMIT $3";
    tx.all(sql, args![county, after, limit]).await
}

/// Reads a version from a row of [`since`].
pub(crate) fn seen(row: &Row) -> Result<CountyRuleSet, DbError> {
    json(&row.text(1)?, "county rules")
}
