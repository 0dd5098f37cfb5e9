//! 縣市規定 as the window asks for them and sees them.

use domain::{
    form::{FormId, Label, Problem},
    policy::{CountyRules, RuleChange, WindowKind},
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};

/// The rules of the person's county for a plan year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesOf {
    /// The plan year; none: the one that can be applied for now.
    #[serde(default)]
    pub plan_year: Option<PlanYear>,
}

/// Rules as they are being typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesKeep {
    /// The plan year.
    pub plan_year: PlanYear,
    /// What was typed, whole.
    pub rules: CountyRules,
}

/// Send the typed rules as the next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesSave {
    /// The plan year.
    pub plan_year: PlanYear,
    /// What was typed, whole.
    pub rules: CountyRules,
    /// Another's version that the person has looked at and goes beyond; none: the version the typing began on.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub over: Option<u32>,
}

/// The page 縣市規定.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesView {
    /// The county.
    pub county: String,
    /// The plan year.
    pub plan_year: PlanYear,
    /// Plan years one can look at, newest first.
    pub plan_years: Vec<PlanYear>,
    /// What is typed; else what is in force.
    pub rules: CountyRules,
    /// The version in force; 0: what ships, or for another year than any the county has set.
    pub version: u32,
    /// What was typed here and is not sent.
    pub typed: Option<RulesTyped>,
    /// The versions of this plan year, newest first.
    pub versions: Vec<RulesVersion>,
    /// What stands against saving.
    pub problems: Vec<Problem>,
    /// Names of the hints that can be made strict, in their order.
    pub hints: Vec<String>,
    /// The forms for which a stamped copy can be asked for.
    pub stampable: Vec<RulesForm>,
    /// Amounts approved so far in this plan year, NTD, as far as this person sees them; none for those who set no rules.
    pub approved: Option<u32>,
    /// The person sets these rules.
    pub editable: bool,
}

/// What was typed and is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesTyped {
    /// On this computer's disk since.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub kept_at: Timestamp,
    /// What it changes of what is in force.
    pub changes: Vec<RuleChange>,
    /// Others have saved versions since the typing began; what they changed. Empty and not none: nothing that differs.
    pub moved: Option<Vec<RuleChange>>,
}

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesVersion {
    /// Its number, from 1.
    pub version: u32,
    /// In force since.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Who saved it.
    pub by: String,
    /// What it changed of the one before.
    pub changes: Vec<RuleChange>,
}

/// A form that can be asked for with stamps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RulesForm {
    /// The form.
    pub form: FormId,
    /// Its short name.
    pub name: Label,
}

/// The window within which an act has to arrive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Closing {
    /// Which.
    pub window: WindowKind,
    /// It closes.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub to: Timestamp,
    /// An act waits on this computer and has not arrived.
    pub waiting: bool,
    /// It has closed.
    pub over: bool,
}
