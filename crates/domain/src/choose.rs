//! 計畫挑選: what a choice of cases asks for in money, against the county's ceilings. Ceilings are told, not enforced: whoever
//! decides may have reasons that no table knows.

use crate::{ids::CaseId, people::School, policy::Policy, time::PlanYear};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The county's ceiling of one 社群 (`forms.md` §6).
pub const MAX_PER_PLC: &str = "max_per_plc";
/// The county's ceiling of all 社群 of one school.
pub const MAX_PER_SCHOOL: &str = "max_per_school";
/// What the county has for all 社群 of a plan year.
pub const TOTAL_BUDGET: &str = "total_budget";

/// A case that is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The case.
    pub case: CaseId,
    /// Its plan year.
    pub plan_year: PlanYear,
    /// Its school.
    pub school: School,
    /// What it would get, NTD.
    pub amount: u32,
}

/// What a school's cases of a plan year have been approved for already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spent {
    /// The plan year.
    pub plan_year: PlanYear,
    /// The school.
    pub school: School,
    /// NTD.
    pub amount: i64,
}

/// The money of one plan year: what is chosen, what was given before, what there is. Amounts in NTD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Budget {
    /// The plan year.
    pub plan_year: PlanYear,
    /// Chosen cases.
    pub cases: u32,
    /// Their amounts together.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub amount: i64,
    /// Approved before, in all schools.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub already: i64,
    /// What the county has; none: not set.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub ceiling: Option<i64>,
    /// What would be left of it; below 0: over.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub left: Option<i64>,
    /// The ceiling of one 社群; none: not set.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub max_per_plc: Option<i64>,
    /// The ceiling of one school; none: not set.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub max_per_school: Option<i64>,
    /// Chosen cases over the ceiling of one 社群.
    pub over: Vec<CaseId>,
    /// The schools of the chosen cases, by code.
    pub schools: Vec<SchoolBudget>,
}

/// The money of one school. Amounts in NTD.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SchoolBudget {
    /// The school.
    pub school: School,
    /// Chosen cases.
    pub cases: u32,
    /// Their amounts together.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub amount: i64,
    /// Approved before.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub already: i64,
    /// What would be left of the school's ceiling; below 0: over; none: no ceiling is set.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub left: Option<i64>,
}

/// The money of a choice, plan year by plan year, newest first. `policy` tells the rules of a county in a year.
pub fn budgets(picks: &[Pick], spent: &[Spent], policy: impl Fn(PlanYear, &str) -> Policy) -> Vec<Budget> {
    let mut years: BTreeMap<PlanYear, Vec<&Pick>> = BTreeMap::new();
    for pick in picks {
        years.entry(pick.plan_year).or_default().push(pick);
    }
    years.into_iter().rev().map(|(year, picks)| budget(year, &picks, spent, &policy)).collect()
}

fn budget(year: PlanYear, picks: &[&Pick], spent: &[Spent], policy: &impl Fn(PlanYear, &str) -> Policy) -> Budget {
    // The chosen cases are in lists of one school or one county, so one county's rules hold for all of them.
    let county = picks.first().map_or("", |pick| pick.school.county.as_str());
    let rules = policy(year, county);
    let of_year = || spent.iter().filter(|spent| spent.plan_year == year && spent.school.county == county);
    let max_per_school = rules.number(MAX_PER_SCHOOL);
    let mut schools: BTreeMap<&str, SchoolBudget> = BTreeMap::new();
    for pick in picks {
        let school = schools.entry(&pick.school.code).or_insert_with(|| SchoolBudget {
            school: pick.school.clone(),
            cases: 0,
            amount: 0,
            already: of_year().filter(|spent| spent.school.code == pick.school.code).map(|spent| spent.amount).sum(),
            left: None,
        });
        school.cases += 1;
        school.amount += i64::from(pick.amount);
    }
    for school in schools.values_mut() {
        school.left = max_per_school.map(|max| max - school.already - school.amount);
    }
    let amount = picks.iter().map(|pick| i64::from(pick.amount)).sum();
    let already = of_year().map(|spent| spent.amount).sum();
    let (ceiling, max_per_plc) = (rules.number(TOTAL_BUDGET), rules.number(MAX_PER_PLC));
    let over = |pick: &&&Pick| max_per_plc.is_some_and(|max| i64::from(pick.amount) > max);
    Budget {
        plan_year: year,
        cases: u32::try_from(picks.len()).unwrap_or(u32::MAX),
        amount,
        already,
        ceiling,
        left: ceiling.map(|ceiling| ceiling - already - amount),
        max_per_plc,
        max_per_school,
        over: picks.iter().filter(over).map(|pick| pick.case).collect(),
        schools: schools.into_values().collect(),
    }
}
