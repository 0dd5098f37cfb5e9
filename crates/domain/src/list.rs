//! Lists of cases: what they know of a case beside its own row, by what they are narrowed, and which choices a filter offers.
//! Both programs keep these values in narrow columns; what they mean is said here once.
//!
//! Whoever may not see a case's papers must not learn of them by filtering: the level and the amount of a hidden paper are
//! left out of every [`Group`] and match no [`Criteria`]. Hiding them is the caller's, who knows the person's sight.

use crate::{
    case::{Case, Process, State},
    form::{Answers, FormRef, Packs, budget_total},
    time::PlanYear,
    workflow::plc,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the papers of a case say to a list, as they were last sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// 社群名稱; empty before anything was sent.
    pub title: String,
    /// 社群級別; empty before anything was sent.
    pub level: String,
    /// 申請經費, NTD: the total of the 概算表, 0 where no funds are applied for; none before anything was sent.
    pub asked: Option<u32>,
}

impl Listed {
    /// Counts up whenever [`listed`] finds something else in the same papers, so that kept columns are filled anew.
    pub const REVISION: u32 = 1;
}

/// What the papers of a case say to a list.
pub fn listed(case: &Case) -> Listed {
    let paper = |form: &str| case.papers.iter().find(|paper| paper.form.id.as_str() == form);
    let Some(application) = paper(plc::APPLICATION) else { return Listed::default() };
    let budget = paper(plc::BUDGET).filter(|_| asks_for_funds(&application.answers));
    said(&application.answers, budget.map(|budget| (&budget.form, &budget.answers)))
}

/// A paper whose answers are still the text of JSON.
pub(crate) struct Paper<'a> {
    pub(crate) form: &'a FormRef,
    pub(crate) answers: &'a str,
}

/// [`listed`] of papers whose answers are still text: of the 申請表, which is long, only what is asked for is read.
pub(crate) fn listed_of(papers: &[Paper<'_>]) -> Result<Listed, serde_json::Error> {
    let paper = |form: &str| papers.iter().find(|paper| paper.form.id.as_str() == form);
    let Some(application) = paper(plc::APPLICATION) else { return Ok(Listed::default()) };
    let application = serde_json::from_str::<Said>(application.answers)?.answers();
    let budget = paper(plc::BUDGET).filter(|_| asks_for_funds(&application));
    let budget = match budget {
        Some(budget) => Some((budget.form, serde_json::from_str::<Answers>(budget.answers)?)),
        None => None,
    };
    Ok(said(&application, budget.as_ref().map(|(form, answers)| (*form, answers))))
}

/// What of the 申請表 a list asks for.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    plc_name: Value,
    #[serde(default)]
    plc_level: Value,
    #[serde(default)]
    apply_funding: Value,
}

impl Said {
    fn answers(self) -> Answers {
        let Self { plc_name, plc_level, apply_funding } = self;
        let said = [(NAME, plc_name), (LEVEL, plc_level), (plc::APPLY_FUNDING, apply_funding)];
        Answers(said.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

/// 社群名稱 and 社群級別 of the 申請表.
const NAME: &str = "plc_name";
const LEVEL: &str = "plc_level";

fn asks_for_funds(application: &Answers) -> bool {
    application.text(plc::APPLY_FUNDING) != plc::NO
}

fn said(application: &Answers, budget: Option<(&FormRef, &Answers)>) -> Listed {
    let asked = match budget {
        None => Some(0),
        // The version of a later program adds up in a way that is not known here.
        Some((form, answers)) => Packs::built_in().get(&form.id, form.version).map(|(def, _)| {
            // No office grants four thousand million; such an amount is shown as the largest there is.
            u32::try_from(budget_total(def, answers).max(0)).unwrap_or(u32::MAX)
        }),
    };
    Listed { title: application.text(NAME).to_owned(), level: application.text(LEVEL).to_owned(), asked }
}

/// An amount between two others, both belonging to it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AmountSpan {
    /// At least, NTD.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub from: Option<u32>,
    /// At most, NTD.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub to: Option<u32>,
}

impl AmountSpan {
    /// Whether nothing is asked.
    pub fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// By what a list is narrowed. Of each kind any of the values will do; an empty kind asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// 學年度.
    pub plan_year: Option<PlanYear>,
    /// 流程名稱.
    pub process: Option<Process>,
    /// 狀態.
    pub states: Vec<State>,
    /// 學校代碼.
    pub schools: Vec<String>,
    /// 社群級別.
    pub levels: Vec<String>,
    /// 申請經費.
    pub asked: AmountSpan,
    /// 核定金額.
    pub approved: AmountSpan,
    /// Part of the school's, the convener's or the 社群's name.
    pub keyword: Option<String>,
}

impl Criteria {
    /// The words to look for, without blanks around them; none: any.
    pub fn words(&self) -> Option<&str> {
        self.keyword.as_deref().map(str::trim).filter(|words| !words.is_empty())
    }
}

/// Cases that are alike in what filters ask, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// 學年度.
    pub plan_year: PlanYear,
    /// 流程名稱.
    pub process: Process,
    /// 狀態.
    pub state: State,
    /// 社群級別, as far as the person sees it; else empty.
    pub level: String,
    /// How many.
    pub cases: u32,
}

/// What the filters of a list offer. Every count is of the cases that the other filters leave, keyword and amounts aside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Choices {
    /// Plan years that have cases, newest first.
    pub plan_years: Vec<YearChoice>,
    /// States that have cases, in the order of the process.
    pub states: Vec<StateChoice>,
    /// Schools that have cases, by code.
    pub schools: Vec<SchoolChoice>,
    /// Levels that have cases, by name.
    pub levels: Vec<LevelChoice>,
}

/// A plan year to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct YearChoice {
    /// The year.
    pub plan_year: PlanYear,
    /// How many cases.
    pub cases: u32,
}

/// A state to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StateChoice {
    /// The state.
    pub state: State,
    /// In the platform's words.
    pub label: String,
    /// How many cases.
    pub cases: u32,
}

/// A school to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SchoolChoice {
    /// Six characters.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How many cases.
    pub cases: u32,
}

/// A level to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LevelChoice {
    /// The level as on the form.
    pub level: String,
    /// How many cases.
    pub cases: u32,
}

/// The choices of a list from its cases, counted in groups before year, states and levels were chosen.
pub fn choices(groups: &[Group], schools: Vec<SchoolChoice>, criteria: &Criteria) -> Choices {
    let year = |group: &Group| criteria.plan_year.is_none_or(|year| year == group.plan_year);
    let state = |group: &Group| criteria.states.is_empty() || criteria.states.contains(&group.state);
    let level = |group: &Group| criteria.levels.is_empty() || criteria.levels.contains(&group.level);
    let (mut years, mut states, mut levels) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    // What is chosen stays a choice, even where the other filters leave nothing of it: it must be possible to let it go.
    years.extend(criteria.plan_year.map(|year| (year, 0)));
    states.extend(criteria.states.iter().map(|state| (*state, 0)));
    levels.extend(criteria.levels.iter().map(|level| (level.as_str(), 0)));
    for group in groups.iter().filter(|group| criteria.process.is_none_or(|process| process == group.process)) {
        if state(group) && level(group) {
            *years.entry(group.plan_year).or_insert(0) += group.cases;
        }
        if year(group) && level(group) {
            *states.entry(group.state).or_insert(0) += group.cases;
        }
        if year(group) && state(group) && !group.level.is_empty() {
            *levels.entry(group.level.as_str()).or_insert(0) += group.cases;
        }
    }
    Choices {
        plan_years: years.into_iter().rev().map(|(plan_year, cases)| YearChoice { plan_year, cases }).collect(),
        states: State::ALL
            .into_iter()
            .filter_map(|state| {
                let cases = *states.get(&state)?;
                Some(StateChoice { state, label: state.label().to_owned(), cases })
            })
            .collect(),
        schools,
        levels: levels.into_iter().map(|(level, cases)| LevelChoice { level: level.to_owned(), cases }).collect(),
    }
}
