//! Checks over several fields and computed values. A pack names them; a name that is not in these tables does not load.

use super::{
    Answers, FieldKind, FormDef, Level, Problem, ProblemCode, lesson,
    problem::into_params,
    shape::{parse_date, parse_time},
    summary,
};
use crate::{observation, policy::Policy};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a check may look at.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) form: &'a FormDef,
    pub(super) answers: &'a Answers,
    pub(super) policy: &'a Policy,
}

/// A finding before its level is known: the field and the figures.
pub(super) type Finding = (String, Value);

/// A check with a name.
#[derive(Debug)]
pub struct NamedCheck {
    /// The name in packs; its findings carry it as their code, unless `code` says otherwise.
    pub name: &'static str,
    /// The level where no county asks for more.
    pub level: Level,
    /// A general code, where one fits.
    pub code: Option<ProblemCode>,
    run: fn(&Subject<'_>) -> Vec<Finding>,
}

const fn named(name: &'static str, level: Level, run: fn(&Subject<'_>) -> Vec<Finding>) -> NamedCheck {
    NamedCheck { name, level, code: None, run }
}

const fn ordered(name: &'static str, run: fn(&Subject<'_>) -> Vec<Finding>) -> NamedCheck {
    NamedCheck { name, level: Level::Error, code: Some(ProblemCode::OutOfOrder), run }
}

/// Every check a pack can name.
pub const NAMED_CHECKS: &[NamedCheck] = &[
    // forms.md §2.1, row of `schedule`: end > start.
    NamedCheck {
        name: "schedule_times",
        level: Level::Error,
        code: Some(ProblemCode::OutOfOrder),
        run: schedule_times,
    },
    // Notes 1 to 3 of the 申請表; a county may make errors of them (forms.md §2.1, "Checks at 申請").
    named("schedule_lesson_cycle", Level::Warning, schedule_lesson_cycle),
    named("schedule_results_shared", Level::Warning, schedule_results_shared),
    named("schedule_each_semester", Level::Warning, schedule_each_semester),
    // County rules, forms.md §6: `min_members`, `min_sessions`.
    named("enough_members", Level::Warning, enough_members),
    named("enough_sessions", Level::Warning, enough_sessions),
    // forms.md §2.2: limits of single lines.
    named("nhi_supplement_over", Level::Error, nhi_supplement_over),
    named("misc_over", Level::Error, misc_over),
    named("printing_over", Level::Warning, printing_over),
    named("total_over", Level::Warning, total_over),
    // forms.md §2.3: Σ level_counts = plc_total.
    named("level_counts_differ", Level::Error, summary::level_counts_differ),
    // 每校上限 of the county.
    named("school_total_over", Level::Warning, summary::school_total_over),
    // forms.md §3.3–§3.8 and §4: days of a lesson and of a 社群 in their order.
    ordered("lesson_days", lesson::lesson_days),
    ordered("periods", lesson::periods),
    named("post_conference_late", Level::Warning, lesson::post_conference_late),
    named("semester_short", Level::Error, lesson::semester_short),
    named("convening_short", Level::Error, lesson::convening_short),
    ordered("period_of_lesson", lesson::period_of_lesson),
    // forms.md §3.6: records of an observation.
    named("time_runs_back", Level::Warning, lesson::time_runs_back),
    named("facts_missing", Level::Error, lesson::facts_missing),
    named("unknown_seat", Level::Error, lesson::unknown_seat),
    named("seat_twice", Level::Error, lesson::seat_twice),
    named("mark_twice", Level::Error, lesson::mark_twice),
    named("few_rounds", Level::Warning, lesson::few_rounds),
    named("segments_uncommon", Level::Warning, lesson::segments_uncommon),
];

/// A formula with a name.
#[derive(Debug)]
pub struct Formula {
    /// The name in packs.
    pub name: &'static str,
    run: fn(&FormDef, &Answers, &Policy) -> Value,
}

/// Every formula a pack can name.
pub const FORMULAS: &[Formula] = &[
    Formula { name: "member_count", run: member_count },
    Formula { name: "budget_total", run: |form, answers, _| budget_total(form, answers).into() },
    Formula { name: "nhi_supplement", run: |_, answers, policy| nhi_supplement(answers, policy).into() },
    Formula { name: "plc_total", run: |_, answers, _| answers.rows("items").len().into() },
    Formula { name: "funding_total", run: |_, answers, _| summary::funding_total(answers).into() },
    Formula { name: "flanders_matrix", run: |_, answers, policy| observation::flanders_matrix(answers, policy) },
    Formula { name: "flanders_ratios", run: |_, answers, policy| observation::flanders_ratios(answers, policy) },
    Formula { name: "flow_directions", run: |_, answers, policy| observation::flow_directions(answers, policy) },
    Formula { name: "flow_kinds", run: |_, answers, policy| observation::flow_kinds(answers, policy) },
    Formula { name: "flow_seats", run: |_, answers, policy| observation::flow_seats(answers, policy) },
    Formula { name: "flow_balance", run: |_, answers, policy| observation::flow_balance(answers, policy) },
    Formula { name: "at_task_codes", run: |_, answers, policy| observation::at_task_codes(answers, policy) },
    Formula { name: "at_task_shares", run: |_, answers, policy| observation::at_task_shares(answers, policy) },
    Formula { name: "at_task_students", run: |_, answers, policy| observation::at_task_students(answers, policy) },
    Formula { name: "movement_zones", run: |_, answers, policy| observation::movement_zones(answers, policy) },
    Formula {
        name: "movement_interactions",
        run: |_, answers, policy| observation::movement_interactions(answers, policy),
    },
    Formula { name: "movement_reasons", run: |_, answers, policy| observation::movement_reasons(answers, policy) },
    Formula {
        name: "verbatim_categories",
        run: |_, answers, policy| observation::verbatim_categories(answers, policy),
    },
    Formula { name: "misc_limit", run: |form, answers, policy| misc_limit(form, answers, policy).into() },
];

/// Whether a pack or a county can name this check.
pub(crate) fn is_check(name: &str) -> bool {
    NAMED_CHECKS.iter().any(|check| check.name == name)
}

/// Runs a named check; an unknown name finds nothing, because no pack with one loads.
pub(super) fn run(name: &str, subject: &Subject<'_>) -> Vec<Problem> {
    let Some(check) = NAMED_CHECKS.iter().find(|check| check.name == name) else { return Vec::new() };
    let strict = subject.policy.strict_checks.contains(name);
    let level = if strict { Level::Error } else { check.level };
    let code = check.code.clone().unwrap_or_else(|| ProblemCode::Named(name.to_owned()));
    let found = (check.run)(subject);
    found.into_iter().map(|(field, p)| Problem { field, code: code.clone(), params: into_params(p), level }).collect()
}

/// All computed values of a form.
pub(super) fn compute(form: &FormDef, answers: &Answers, policy: &Policy) -> BTreeMap<String, Value> {
    let mut computed = BTreeMap::new();
    let apply = |name: &str| {
        let formula = FORMULAS.iter().find(|formula| formula.name == name);
        formula.map_or(Value::Null, |formula| (formula.run)(form, answers, policy))
    };
    for field in form.fields() {
        match &field.kind {
            FieldKind::Computed { formula } => {
                computed.insert(field.key.clone(), apply(formula));
            }
            FieldKind::Line { suggest, .. } => {
                computed.insert(format!("{}.subtotal", field.key), subtotal(answers, &field.key).into());
                if let Some(formula) = suggest {
                    computed.insert(format!("{}.suggested", field.key), apply(formula));
                }
            }
            _ => {}
        }
    }
    computed
}

fn schedule_times(subject: &Subject<'_>) -> Vec<Finding> {
    let rows = subject.answers.rows("schedule").iter().enumerate();
    rows.filter_map(|(number, row)| {
        // Times of another shape are named by the field itself.
        let time = |key: &str| row.get(key)?.as_str().and_then(parse_time);
        let (start, end) = (time("start_time")?, time("end_time")?);
        let after = start.format("%H:%M").to_string();
        (end <= start).then(|| (format!("schedule.{number}.end_time"), json!({ "after": after })))
    })
    .collect()
}

/// Whether one of the words of a policy list stands in a row's 實施方式 or 活動內容.
fn row_speaks_of(row: &Value, words: &[crate::form::Opt]) -> bool {
    ["mode", "activity"]
        .iter()
        .filter_map(|key| row.get(key)?.as_str())
        .any(|text| words.iter().any(|word| text.contains(word.zh.as_str())))
}

/// Note 1: 至少進行1場次的共同備課、公開授課與專業回饋. The words that count are policy lists.
fn schedule_lesson_cycle(subject: &Subject<'_>) -> Vec<Finding> {
    let rows = subject.answers.rows("schedule");
    let missing: Vec<&str> = ["words_prepare", "words_observe", "words_debrief"]
        .into_iter()
        .filter(|list| !rows.iter().any(|row| row_speaks_of(row, subject.policy.list(list))))
        .collect();
    if missing.is_empty() { Vec::new() } else { vec![("schedule".to_owned(), json!({ "missing": missing }))] }
}

/// Note 2: 至少進行1場次的校內外成果發表會.
fn schedule_results_shared(subject: &Subject<'_>) -> Vec<Finding> {
    let words = subject.policy.list("words_results");
    let shared = subject.answers.rows("schedule").iter().any(|row| row_speaks_of(row, words));
    if shared { Vec::new() } else { vec![("schedule".to_owned(), json!({}))] }
}

/// Note 3: 社群活動每學期至少運作3次以上（運作次數視各縣市政府規定）.
fn schedule_each_semester(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(least) = subject.policy.number("sessions_each_semester") else { return Vec::new() };
    let days = subject.answers.rows("schedule").iter().filter_map(|row| parse_date(row.get("session_date")?.as_str()?));
    let mut counts = [0_i64; 2];
    for semester in days.filter_map(|day| subject.policy.plan_year.semester(day)) {
        counts[usize::from(semester) - 1] += 1;
    }
    let [first, second] = counts;
    if first >= least && second >= least {
        return Vec::new();
    }
    vec![("schedule".to_owned(), json!({ "min": least, "first": first, "second": second }))]
}

fn enough_members(subject: &Subject<'_>) -> Vec<Finding> {
    at_least(subject, "members", "min_members", count_members(subject.answers))
}

fn enough_sessions(subject: &Subject<'_>) -> Vec<Finding> {
    let count = i64::try_from(subject.answers.rows("schedule").len()).unwrap_or(i64::MAX);
    at_least(subject, "schedule", "min_sessions", count)
}

fn at_least(subject: &Subject<'_>, field: &str, number: &str, count: i64) -> Vec<Finding> {
    match subject.policy.number(number) {
        Some(min) if count < min => vec![(field.to_owned(), json!({ "min": min, "count": count }))],
        _ => Vec::new(),
    }
}

/// 參與人數: the members and the convener, who counts once even when listed (forms.md §2.1, `member_count`).
fn member_count(_: &FormDef, answers: &Answers, _: &Policy) -> Value {
    count_members(answers).into()
}

/// [`member_count`] of a 申請表, for lists; none when nothing of it is filled in.
pub fn participants(answers: &Answers) -> Option<i64> {
    Some(count_members(answers)).filter(|count| *count > 0)
}

fn count_members(answers: &Answers) -> i64 {
    let name = |row: &Value| {
        row.get("name").and_then(Value::as_str).map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned)
    };
    let rows = answers.rows("members");
    let named = rows.iter().filter(|row| name(row).is_some()).count();
    let names: BTreeSet<String> = rows.iter().filter_map(name).collect();
    let convener = answers.text("convener_name").trim();
    let extra = usize::from(!convener.is_empty() && !names.contains(convener));
    i64::try_from(named + extra).unwrap_or(i64::MAX)
}

/// Quantity × unit price, in NTD; 0 while one of them is missing or no number.
fn subtotal(answers: &Answers, key: &str) -> i64 {
    let part = |name: &str| answers.get(key).and_then(|line| line.get(name)).and_then(Value::as_i64).unwrap_or(0);
    part("quantity").saturating_mul(part("unit_price"))
}

fn line_keys(form: &FormDef) -> impl Iterator<Item = &str> {
    form.fields().filter(|field| matches!(field.kind, FieldKind::Line { .. })).map(|field| field.key.as_str())
}

/// The total of a budget, NTD: the sum of its lines.
pub fn budget_total(form: &FormDef, answers: &Answers) -> i64 {
    line_keys(form).fold(0, |sum, key| sum.saturating_add(subtotal(answers, key)))
}

/// `amount` × parts per ten thousand, half up: 角以下四捨五入 (全民健康保險法施行細則 52條). Nothing is owed on an amount
/// below 0, which only a faulty draft has.
fn share(amount: i64, per_ten_thousand: i64) -> i64 {
    let exact = i128::from(amount.max(0)) * i128::from(per_ten_thousand.max(0));
    i64::try_from((exact + 5_000) / 10_000).unwrap_or(i64::MAX)
}

/// The lines that are payments to persons and so the base of the supplement: 講座鐘點費 and 講座助理費 (forms.md §2.2).
const NHI_BASE: [&str; 5] =
    ["lecturer_external_1", "lecturer_external_2", "lecturer_internal", "assistant_external", "assistant_internal"];

/// The supplement on the fees; none where no rate is set for the year.
fn nhi_supplement(answers: &Answers, policy: &Policy) -> Option<i64> {
    let base = NHI_BASE.iter().fold(0_i64, |sum, key| sum.saturating_add(subtotal(answers, key)));
    policy.number("nhi_rate").map(|rate| share(base, rate))
}

fn nhi_supplement_over(subject: &Subject<'_>) -> Vec<Finding> {
    over(subject, "nhi_supplement", nhi_supplement(subject.answers, subject.policy))
}

/// 雜支 within its share of the other lines (forms.md §2.2); the rate is the office's, without one there is no limit.
fn misc_limit(form: &FormDef, answers: &Answers, policy: &Policy) -> Option<i64> {
    let others =
        line_keys(form).filter(|key| *key != "misc").fold(0_i64, |s, key| s.saturating_add(subtotal(answers, key)));
    policy.number("misc_rate").map(|rate| share(others, rate))
}

fn misc_over(subject: &Subject<'_>) -> Vec<Finding> {
    over(subject, "misc", misc_limit(subject.form, subject.answers, subject.policy))
}

fn printing_over(subject: &Subject<'_>) -> Vec<Finding> {
    let rate = subject.policy.number("printing_rate");
    over(subject, "printing", rate.map(|rate| share(budget_total(subject.form, subject.answers), rate)))
}

/// The county's ceiling per 社群 (forms.md §6, `max_per_plc`).
fn total_over(subject: &Subject<'_>) -> Vec<Finding> {
    let total = budget_total(subject.form, subject.answers);
    match subject.policy.number("max_per_plc") {
        Some(max) if total > max => vec![("total".to_owned(), json!({ "max": max, "value": total }))],
        _ => Vec::new(),
    }
}

fn over(subject: &Subject<'_>, line: &str, max: Option<i64>) -> Vec<Finding> {
    let value = subtotal(subject.answers, line);
    let Some(max) = max else { return Vec::new() };
    if value > max { vec![(line.to_owned(), json!({ "max": max, "value": value }))] } else { Vec::new() }
}
