//! A county's rules for a plan year, saved as their next version.

use super::{
    Refused, Signed, Words,
    ask::{Sent, bad_request},
};
use crate::{Service, db};
use axum::{Json, extract::State};
use domain::{
    people::{Actor, Role},
    policy::CountyRuleSet,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use wire::{Code, Failure, http::RulesPut};

pub(super) async fn put(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
    sent: Sent,
) -> Result<Json<CountyRuleSet>, Refused> {
    let (county, plan_year) = (words.county(0)?, words.plan_year(1)?);
    let put: RulesPut = sent.parse()?;
    let body = serde_json::to_string(&put).map_err(|_| bad_request("the rules cannot be kept"))?;
    let hash = hex::encode(Sha256::digest(format!("{county} {plan_year} {body}")));
    may_set(&signed.actor, &county)?;
    let rules = put.rules.tidy();
    let problems = rules.validate();
    if !problems.is_empty() {
        let failure = Failure::with(Code::RulesInvalid, json!({ "problems": problems }), "the rules have errors");
        return Err(failure.into());
    }
    let asked = db::county_rules::Asked {
        id: put.id,
        hash: &hash,
        county: &county,
        plan_year,
        expect_version: put.expect_version,
        actor: &signed.actor,
        now: service.now(),
    };
    Ok(Json(db::county_rules::put(service.db(), &asked, rules).await?))
}

/// The county's own office sets its rules, and the platform's for it.
fn may_set(actor: &Actor, county: &str) -> Result<(), Failure> {
    let own = actor.role == Role::County && actor.county.as_deref() == Some(county);
    if own || actor.role == Role::Platform {
        return Ok(());
    }
    Err(Failure::new(Code::NotYours, "a county's rules are its own office's"))
}
