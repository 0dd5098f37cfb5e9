//! 選擇性逐字紀錄 (`forms.md` §3.6.8): how often each kind of words was spoken.

use super::{by_option, shown, tally, text, words};
use crate::{form::Answers, policy::Policy};
use serde_json::Value;
use std::collections::BTreeMap;

/// Counts and shares by category; rows without one are left out.
pub(crate) fn verbatim_categories(answers: &Answers, policy: &Policy) -> Value {
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for category in answers.rows("rows").iter().map(|row| text(row, "category")).filter(|name| !name.is_empty()) {
        *found.entry(category.to_owned()).or_insert(0) += 1;
    }
    let all = found.values().sum();
    let heads = [words("類別", "Category"), words("次數", "Times"), words("百分比(%)", "Share (%)")];
    let named = by_option(policy.list("verbatim_categories"), &found).into_iter().filter(|(_, times)| *times > 0);
    shown(tally(heads, named, all), all > 0)
}
