//! What is computed and compared on the 教師專業學習社群申請總表 (`forms.md` §2.3).

use super::{
    Answers,
    cross::{Finding, Subject},
};
use serde_json::{Value, json};

/// 經費總計: the sum of 申請經費, NTD; amounts that are no numbers count nothing.
pub(super) fn funding_total(answers: &Answers) -> i64 {
    sum(answers.rows("items"), "amount")
}

/// 各分級社群之數量 add up to 社群小計, once any is written.
pub(super) fn level_counts_differ(subject: &Subject<'_>) -> Vec<Finding> {
    let counts = subject.answers.rows("level_counts");
    let (sum, wanted) = (sum(counts, "count"), subject.answers.rows("items").len());
    if counts.is_empty() || i64::try_from(wanted) == Ok(sum) {
        return Vec::new();
    }
    vec![("level_counts".to_owned(), json!({ "value": sum, "wanted": wanted }))]
}

/// 經費總計 within what the county gives one school (每校上限).
pub(super) fn school_total_over(subject: &Subject<'_>) -> Vec<Finding> {
    let total = funding_total(subject.answers);
    match subject.policy.number("max_per_school") {
        Some(max) if total > max => vec![("funding_total".to_owned(), json!({ "max": max, "value": total }))],
        _ => Vec::new(),
    }
}

fn sum(rows: &[Value], key: &str) -> i64 {
    let numbers = rows.iter().filter_map(|row| row.get(key)?.as_i64());
    numbers.fold(0, i64::saturating_add)
}
