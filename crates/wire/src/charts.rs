//! 統計: the figures of a plan year as they are drawn.

use chrono::NaiveDate;
use domain::{case::State, time::PlanYear};
use serde::{Deserialize, Serialize};

/// Which plan year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChartsOf {
    /// The plan year; none: the newest that has cases.
    pub plan_year: Option<PlanYear>,
}

/// The figures as a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChartsExport {
    /// The plan year, as in [`ChartsOf`].
    pub plan_year: Option<PlanYear>,
    /// Where to write it.
    pub path: String,
}

/// The figures of a plan year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChartsView {
    /// The plan year shown.
    pub plan_year: PlanYear,
    /// Plan years that have cases, newest first.
    pub plan_years: Vec<PlanYear>,
    /// Cases in all.
    pub cases: u32,
    /// The states that occur, in the order of the process, and their words.
    pub states: Vec<StateName>,
    /// How many cases stood in each state on which day, oldest first: the days on which something changed, at most
    /// a hundred or so.
    pub days: Vec<DayCounts>,
    /// Money by 社群級別.
    pub levels: Vec<Amounts>,
    /// Money by school.
    pub schools: Vec<Amounts>,
}

/// A state of the charts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StateName {
    /// The state.
    pub state: State,
    /// In the platform's words.
    pub label: String,
}

/// The cases of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DayCounts {
    /// The day in Taipei.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub day: NaiveDate,
    /// Cases at the end of the day, in the order of [`ChartsView::states`].
    pub counts: Vec<u32>,
}

/// Cases and money of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Amounts {
    /// The group's name; empty: not known, because the papers cannot be seen.
    pub name: String,
    /// Its cases.
    pub cases: u32,
    /// 申請經費 of those whose papers can be seen, NTD.
    pub applied: u32,
    /// 核定金額, NTD.
    pub approved: u32,
}
