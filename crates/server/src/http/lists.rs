//! Lists of cases: narrowed, paged, with what their filters offer.

use super::{
    Refused, Signed,
    ask::{Asked, bad_request},
    cases::seen,
};
use crate::{Service, db};
use axum::{Json, extract::State};
use domain::{list::Criteria, time::PlanYear};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;
use wire::http::CasePage;

/// Rows of a page, when the question does not say and at most.
const PAGE: u32 = 50;
const MOST_ROWS: u32 = 200;
/// The longest keyword, school or level, and how many values a question may name.
const MOST_BYTES: usize = 1000;
const MOST_VALUES: usize = 100;

pub(super) async fn search(
    State(service): State<Service>,
    signed: Signed,
    Asked(asked): Asked<Vec<(String, String)>>,
) -> Result<Json<CasePage>, Refused> {
    let (search, with_choices) = question(asked)?;
    let (cases, next) = db::lists::search(service.db(), &signed.actor, &search).await?;
    let choices = if with_choices {
        Some(db::lists::choices(service.db(), &signed.actor, &search.criteria).await?)
    } else {
        None
    };
    let rows = cases.into_iter().filter_map(|case| seen(case, &signed.actor)).collect();
    Ok(Json(CasePage { rows, next, choices }))
}

/// The question out of the address; words it does not know are passed over.
fn question(asked: Vec<(String, String)>) -> Result<(db::lists::Search, bool), Refused> {
    if asked.len() > MOST_VALUES {
        return Err(bad_request("the question names too many values"));
    }
    let mut criteria = Criteria::default();
    let mut search = db::lists::Search { limit: PAGE, ..Default::default() };
    let mut with_choices = false;
    for (name, value) in asked {
        if value.contains('\0') || value.len() > MOST_BYTES {
            return Err(bad_request("the question cannot be searched for"));
        }
        match name.as_str() {
            "plan_year" => criteria.plan_year = Some(PlanYear(number(&value)?)),
            "process" => criteria.process = Some(word(value)?),
            "state" => criteria.states.push(word(value)?),
            "school" => criteria.schools.push(value),
            "level" => criteria.levels.push(value),
            "asked_from" => criteria.asked.from = Some(number(&value)?),
            "asked_to" => criteria.asked.to = Some(number(&value)?),
            "approved_from" => criteria.approved.from = Some(number(&value)?),
            "approved_to" => criteria.approved.to = Some(number(&value)?),
            "keyword" => criteria.keyword = Some(value),
            "after" => search.after = Some(number(&value)?),
            "limit" => search.limit = number::<u32>(&value)?.clamp(1, MOST_ROWS),
            "choices" => with_choices = number(&value)?,
            _ => {}
        }
    }
    search.criteria = criteria;
    Ok((search, with_choices))
}

fn number<T: FromStr>(text: &str) -> Result<T, Refused> {
    text.parse().map_err(|_| bad_request("a value of the question cannot be read"))
}

fn word<T: DeserializeOwned>(text: String) -> Result<T, Refused> {
    serde_json::from_value(Value::String(text)).map_err(|_| bad_request("a value of the question is not known"))
}
