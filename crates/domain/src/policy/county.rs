//! 縣市規定 as a county's own office writes them: for a plan year, in numbered versions that are only ever added to. Laid over
//! what ships with the program they are the rules in force. Judging and sending are elsewhere.

use super::{Policy, StampRule, Window, WindowKind};
use crate::{
    form::{COUNTY_HINTS, FormId, Opt, Problem, ProblemCode},
    ids::RuleSetId,
    people::Person,
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The list of 社群級別.
const LEVELS: &str = "plc_levels";

/// The forms for which a county says whether a stamped copy is uploaded (`forms.md` §6).
pub const STAMPABLE: [&str; 3] = ["plc_application", "plc_budget", "plc_summary"];

/// The largest amount a county sets, NTD.
const MOST_MONEY: i32 = 999_999_999;
/// The largest number of people or sessions a county asks for.
const MOST_COUNT: i32 = 999;
/// The longest name of a level: it stands in a narrow column of the 總表.
const LEVEL_CHARS: usize = 20;
/// The longest message or note.
const WORDS_CHARS: usize = 500;
/// So many levels are no list to choose from any more.
const MOST_LEVELS: usize = 50;

/// One version of what a county asks for in a plan year. Never changed once it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CountyRuleSet {
    /// Made where it was typed, so that the same version sent twice is one version.
    pub id: RuleSetId,
    /// The county.
    pub county: String,
    /// The plan year (學年度).
    pub plan_year: PlanYear,
    /// Counted from 1 in each plan year.
    pub version: u32,
    /// In force since.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Who saved it.
    pub by: Person,
    /// What it says.
    pub rules: CountyRules,
}

/// What a county can set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct CountyRules {
    /// 期程; what has none is always open.
    pub windows: BTreeMap<WindowKind, CountyWindow>,
    /// 核章上傳 by form; a form that is not named asks for nothing.
    pub stamps: BTreeMap<FormId, StampRule>,
    /// 社群級別, in the order in which they are offered.
    pub levels: Vec<CountyLevel>,
    /// 每群上限, NTD.
    pub max_per_plc: Option<i32>,
    /// 每校上限, NTD.
    pub max_per_school: Option<i32>,
    /// 全縣市經費, NTD.
    pub total_budget: Option<i32>,
    /// 最少人數, with the convener.
    pub min_members: Option<i32>,
    /// 最少次數 in a plan year.
    pub min_sessions: Option<i32>,
    /// 最少次數 in each semester.
    pub sessions_each_semester: Option<i32>,
    /// Hints that count as errors here.
    pub strict_checks: BTreeSet<String>,
    /// 相關訊息.
    pub message: Option<String>,
    /// What has to be done when members or the convener change.
    pub member_change: Option<String>,
}

/// 期程 as it is typed: one end may still be missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct CountyWindow {
    /// Opens.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub from: Option<Timestamp>,
    /// Closes.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub to: Option<Timestamp>,
}

impl CountyWindow {
    /// The window, when both ends are there.
    pub fn whole(self) -> Option<Window> {
        Some(Window { from: self.from?, to: self.to? })
    }
}

impl From<Window> for CountyWindow {
    fn from(window: Window) -> Self {
        Self { from: Some(window.from), to: Some(window.to) }
    }
}

/// 社群級別 with its ceiling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct CountyLevel {
    /// Its name, which is the answer on the forms.
    pub zh: String,
    /// For readers of English; blank: the name itself.
    pub en: String,
    /// 每群上限 of this level, NTD.
    pub max: Option<i32>,
}

/// What became different between two versions, at one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RuleChange {
    /// Which, e.g. `windows.apply`, `stamps.plc_budget`, `levels`, `max_per_plc`, `strict_checks.enough_members`.
    pub field: String,
    /// What it was; `null`: not set.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub before: Value,
    /// What it is now.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub after: Value,
}

impl CountyRules {
    /// What of the rules in force a county can set: where its office begins to edit.
    pub fn of(policy: &Policy) -> Self {
        let number = |name: &str| policy.numbers.get(name).copied();
        let level = |option: &Opt| CountyLevel {
            zh: option.zh.clone(),
            en: option.en.clone(),
            max: policy.level_ceilings.get(&option.zh).copied(),
        };
        let stamp = |form: &&str| {
            let form: FormId = form.parse().expect("the ids above are form ids");
            let rule = policy.stamp_rule(&form);
            (rule != StampRule::None).then_some((form, rule))
        };
        let known = |name: &&String| COUNTY_HINTS.contains(&name.as_str());
        Self {
            windows: policy.windows.iter().map(|(kind, window)| (*kind, (*window).into())).collect(),
            stamps: STAMPABLE.iter().filter_map(stamp).collect(),
            levels: policy.list(LEVELS).iter().map(level).collect(),
            max_per_plc: number("max_per_plc"),
            max_per_school: number("max_per_school"),
            total_budget: number("total_budget"),
            min_members: number("min_members"),
            min_sessions: number("min_sessions"),
            sessions_each_semester: number("sessions_each_semester"),
            strict_checks: policy.strict_checks.iter().filter(known).cloned().collect(),
            message: policy.message.clone(),
            member_change: policy.member_change.clone(),
        }
    }

    /// The numbers by the names that checks ask for.
    fn numbers(&self) -> [(&'static str, Option<i32>, i32); 6] {
        [
            ("max_per_plc", self.max_per_plc, MOST_MONEY),
            ("max_per_school", self.max_per_school, MOST_MONEY),
            ("total_budget", self.total_budget, MOST_MONEY),
            ("min_members", self.min_members, MOST_COUNT),
            ("min_sessions", self.min_sessions, MOST_COUNT),
            ("sessions_each_semester", self.sessions_each_semester, MOST_COUNT),
        ]
    }

    /// The same rules for another plan year: its days are its own.
    #[must_use]
    pub fn for_another_year(mut self) -> Self {
        self.windows.clear();
        self
    }

    /// As it is kept: without blanks around words, and without what says nothing.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        for level in &mut self.levels {
            level.zh = level.zh.trim().to_owned();
            level.en = Some(level.en.trim()).filter(|en| !en.is_empty()).unwrap_or(&level.zh).to_owned();
        }
        self.windows.retain(|_, window| *window != CountyWindow::default());
        self.stamps.retain(|_, rule| *rule != StampRule::None);
        for words in [&mut self.message, &mut self.member_change] {
            *words = words.take().map(|words| words.trim().to_owned()).filter(|words| !words.is_empty());
        }
        self
    }

    /// Everything that stands against saving.
    pub fn validate(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut say = |field: String, code, params| found.push(Problem::error(field, code, params));
        for (kind, window) in &self.windows {
            let at = |end: &str| format!("windows.{}.{end}", kind.code());
            match (window.from, window.to) {
                (Some(from), Some(to)) if to < from => {
                    say(at("to"), named("window_ends_first"), json!({ "from": from }));
                }
                (Some(_), None) => say(at("to"), ProblemCode::Required, json!({})),
                (None, Some(_)) => say(at("from"), ProblemCode::Required, json!({})),
                _ => {}
            }
        }
        for form in self.stamps.keys().filter(|form| !STAMPABLE.contains(&form.as_str())) {
            say(format!("stamps.{form}"), named("cannot_be_stamped"), json!({ "value": form }));
        }
        for (field, code, params) in self.level_problems() {
            say(field, code, params);
        }
        for (name, value, most) in self.numbers() {
            if let Some((code, params)) = value.and_then(|value| beyond(value, most)) {
                say(name.to_owned(), code, params);
            }
        }
        for name in self.strict_checks.iter().filter(|name| !COUNTY_HINTS.contains(&name.as_str())) {
            say("strict_checks".to_owned(), named("unknown_check"), json!({ "value": name }));
        }
        for (name, words) in [("message", &self.message), ("member_change", &self.member_change)] {
            if let Some(params) = words.as_deref().and_then(|words| too_long(words, WORDS_CHARS)) {
                say(name.to_owned(), ProblemCode::TooLong, params);
            }
        }
        found
    }

    fn level_problems(&self) -> Vec<(String, ProblemCode, Value)> {
        let mut found = Vec::new();
        match self.levels.len() {
            0 => found.push(("levels".to_owned(), ProblemCode::TooFewRows, json!({ "min": 1, "count": 0 }))),
            count if count > MOST_LEVELS => {
                let params = json!({ "max": MOST_LEVELS, "count": count });
                found.push(("levels".to_owned(), ProblemCode::TooManyRows, params));
            }
            _ => {}
        }
        let mut seen = BTreeSet::new();
        for (number, level) in self.levels.iter().enumerate() {
            let (at, name) = (format!("levels.{number}.zh"), level.zh.trim());
            if name.is_empty() {
                found.push((at, ProblemCode::Required, json!({})));
            } else if !seen.insert(name) {
                found.push((at, named("level_twice"), json!({ "value": name })));
            } else if let Some(params) = too_long(name, LEVEL_CHARS) {
                found.push((at, ProblemCode::TooLong, params));
            }
            if let Some((code, params)) = level.max.and_then(|max| beyond(max, MOST_MONEY)) {
                found.push((format!("levels.{number}.max"), code, params));
            }
        }
        found
    }

    /// What is different here from `before`, in the order of the fields.
    pub fn changes_from(&self, before: &Self) -> Vec<RuleChange> {
        let mut changes = Vec::new();
        let mut compare = |field: String, before: Value, after: Value| {
            if before != after {
                changes.push(RuleChange { field, before, after });
            }
        };
        for kind in WindowKind::ALL {
            let window = |rules: &Self| json!(rules.windows.get(&kind));
            compare(format!("windows.{}", kind.code()), window(before), window(self));
        }
        let forms: BTreeSet<&FormId> = before.stamps.keys().chain(self.stamps.keys()).collect();
        for form in forms {
            let stamp = |rules: &Self| json!(rules.stamps.get(form).copied().unwrap_or_default());
            compare(format!("stamps.{form}"), stamp(before), stamp(self));
        }
        compare("levels".to_owned(), json!(before.levels), json!(self.levels));
        for ((name, before, _), (_, after, _)) in before.numbers().into_iter().zip(self.numbers()) {
            compare(name.to_owned(), json!(before), json!(after));
        }
        for check in before.strict_checks.union(&self.strict_checks) {
            let strict = |rules: &Self| json!(rules.strict_checks.contains(check));
            compare(format!("strict_checks.{check}"), strict(before), strict(self));
        }
        compare("message".to_owned(), json!(before.message), json!(self.message));
        compare("member_change".to_owned(), json!(before.member_change), json!(self.member_change));
        changes
    }
}

impl Policy {
    /// These rules with a county's own in place of what it can set.
    #[must_use]
    pub fn with(mut self, rules: &CountyRules) -> Self {
        let whole = |(kind, window): (&WindowKind, &CountyWindow)| Some((*kind, window.whole()?));
        self.windows = rules.windows.iter().filter_map(whole).collect();
        // What a county cannot set stays as it ships.
        self.stamps.retain(|form, _| !STAMPABLE.contains(&form.as_str()));
        self.stamps.extend(rules.stamps.clone());
        let option = |level: &CountyLevel| Opt { en: level.en.clone(), ..Opt::plain(&level.zh) };
        self.lists.insert(LEVELS.to_owned(), rules.levels.iter().map(option).collect());
        self.level_ceilings = rules.levels.iter().filter_map(|level| Some((level.zh.clone(), level.max?))).collect();
        for (name, value, _) in rules.numbers() {
            match value {
                Some(value) => self.numbers.insert(name.to_owned(), value),
                None => self.numbers.remove(name),
            };
        }
        self.strict_checks.retain(|name| !COUNTY_HINTS.contains(&name.as_str()));
        self.strict_checks.extend(rules.strict_checks.iter().cloned());
        self.message.clone_from(&rules.message);
        self.member_change.clone_from(&rules.member_change);
        self
    }
}

/// The rules a county begins a plan year with: its newest version of the year; else its newest of the nearest year before,
/// with no days set; else what ships. And the version they come from, where they are of this very year.
pub fn rules_to_begin_with<'a>(
    sets: impl IntoIterator<Item = &'a CountyRuleSet>,
    plan_year: PlanYear,
    shipped: &Policy,
) -> (CountyRules, Option<&'a CountyRuleSet>) {
    let before = sets.into_iter().filter(|set| set.plan_year <= plan_year);
    match before.max_by_key(|set| (set.plan_year, set.version)) {
        Some(set) if set.plan_year == plan_year => (set.rules.clone(), Some(set)),
        Some(set) => (set.rules.clone().for_another_year(), None),
        None => (CountyRules::of(shipped), None),
    }
}

fn named(code: &str) -> ProblemCode {
    ProblemCode::Named(code.to_owned())
}

fn beyond(value: i32, most: i32) -> Option<(ProblemCode, Value)> {
    match value {
        ..0 => Some((ProblemCode::BelowMin, json!({ "min": 0, "value": value }))),
        _ if value > most => Some((ProblemCode::AboveMax, json!({ "max": most, "value": value }))),
        _ => None,
    }
}

fn too_long(words: &str, max: usize) -> Option<Value> {
    let count = words.chars().count();
    (count > max).then(|| json!({ "max": max, "count": count, "over": count - max }))
}
