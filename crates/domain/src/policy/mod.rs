//! Rules that an office can change without a new program: option lists, fees and caps, county rules. All of it is dated
//! by plan year, so that a case is judged by the rules of its own year for ever. Only the data's shape is here.

mod book;
mod county;
mod window;

pub use book::{PolicyBook, PolicyError};
pub use county::{CountyLevel, CountyRuleSet, CountyRules, CountyWindow, RuleChange, STAMPABLE, rules_to_begin_with};
pub use window::{Window, WindowKind};

use crate::{
    form::{FormId, Opt},
    time::PlanYear,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a county asks for on a form's paper copy (`forms.md` §6, `stamp_*`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum StampRule {
    /// Nothing has to be uploaded.
    #[default]
    None,
    /// A scan has to be uploaded; seals are not asked for.
    Upload,
    /// A stamped scan has to be uploaded.
    Stamped,
}

/// The rules in force for one county in one plan year: what [`crate::form::check`] and [`crate::workflow::decide`] ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Policy {
    /// The plan year (學年度).
    pub plan_year: PlanYear,
    /// The county; none outside a case.
    pub county: Option<String>,
    /// Option lists by name.
    pub lists: BTreeMap<String, Vec<Opt>>,
    /// Numbers by name: NTD, or parts per ten thousand where the name ends in `_rate`.
    pub numbers: BTreeMap<String, i32>,
    /// Named checks whose findings this county treats as errors though they are warnings elsewhere.
    pub strict_checks: BTreeSet<String>,
    /// What has to be uploaded with each form.
    pub stamps: BTreeMap<FormId, StampRule>,
    /// When its acts are open; an act without a window is always open.
    pub windows: BTreeMap<WindowKind, Window>,
    /// 相關訊息 shown on the case page.
    pub message: Option<String>,
    /// 每群上限 by 社群級別, NTD.
    pub level_ceilings: BTreeMap<String, i32>,
    /// What has to be done when members or the convener of a 社群 change.
    pub member_change: Option<String>,
    /// Which answers of which forms are the convener's own.
    #[serde(default)]
    pub convener: Vec<ConvenerFields>,
}

/// The answers of a form that are the convener's own: what a new one may correct while the papers are locked (`workflows.md` §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ConvenerFields {
    /// The form.
    pub form: FormId,
    /// The key of the convener's name.
    pub name: String,
    /// The keys of how to reach them.
    pub contact: Vec<String>,
}

impl ConvenerFields {
    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.contact).map(String::as_str)
    }

    /// Whether an answer is among them.
    pub fn has(&self, key: &str) -> bool {
        self.keys().any(|own| own == key)
    }
}

impl Policy {
    /// The options of a list; none when the name is unknown.
    pub fn list(&self, name: &str) -> &[Opt] {
        self.lists.get(name).map_or(&[], Vec::as_slice)
    }

    /// A number, when the office has set it.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).map(|&number| i64::from(number))
    }

    /// The counties and cities of the list of districts, in its order.
    pub fn counties(&self) -> Vec<&str> {
        let places = self.list("county_districts").iter();
        let mut counties: Vec<&str> = places.filter_map(|place| place.zh.split(" / ").next()).collect();
        counties.dedup();
        counties
    }

    /// The convener's own answers of a form; none where the form has no such answers.
    pub fn convener_of(&self, form: &FormId) -> Option<&ConvenerFields> {
        self.convener.iter().find(|own| own.form == *form)
    }

    /// What has to be uploaded with `form`.
    pub fn stamp_rule(&self, form: &FormId) -> StampRule {
        self.stamps.get(form).copied().unwrap_or_default()
    }
}
