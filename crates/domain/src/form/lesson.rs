//! Checks of the papers about a lesson and its conferences: days in their order, and records that fit together.

use super::{
    cross::{Finding, Subject},
    shape::{parse_date, parse_time},
};
use chrono::{Months, NaiveDate};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// 備課 ≤ 觀課 ≤ 議課, in the form itself and in the rows of 「第__次公開授課」 (`forms.md` §3.3, §3.5a, §3.8, §4.1).
/// On the 檢核表 also: one's own open lesson comes before the lesson one observes (§3.8, note of c3).
pub(super) fn lesson_days(subject: &Subject<'_>) -> Vec<Finding> {
    let answers = &subject.answers.0;
    let mut found = Vec::new();
    for keys in [
        ["pre_date", "obs_date", "post_date"].as_slice(),
        &["pre_date", "obs_plan_date", "post_plan_date"],
        &["c4_pre_date", "c4_obs_date", "c4_post_date"],
    ] {
        in_order("", answers, keys, &mut found);
    }
    if let (Some(own), Some(observed)) = (day(answers, "c3_date"), day(answers, "c4_obs_date"))
        && own >= observed
    {
        found.push(("c3_date".to_owned(), json!({ "before": observed })));
    }
    for (number, row) in subject.answers.rows("lessons").iter().enumerate() {
        if let Some(row) = row.as_object() {
            in_order(&format!("lessons.{number}."), row, &["pre_date", "obs_date", "post_date"], &mut found);
        }
    }
    found
}

/// Begin and end of the times named on the papers.
pub(super) fn periods(subject: &Subject<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for keys in [["period_from", "period_to"], ["convener_from", "convener_to"], ["c5_from", "c5_to"]] {
        in_order("", &subject.answers.0, &keys, &mut found);
    }
    found
}

fn in_order(path: &str, answers: &Map<String, Value>, keys: &[&str], found: &mut Vec<Finding>) {
    let mut last: Option<NaiveDate> = None;
    for key in keys {
        let Some(day) = day(answers, key) else { continue };
        if let Some(last) = last.filter(|last| day < *last) {
            found.push((format!("{path}{key}"), json!({ "after": last })));
        }
        last = last.max(Some(day));
    }
}

fn day(answers: &Map<String, Value>, key: &str) -> Option<NaiveDate> {
    answers.get(key)?.as_str().and_then(parse_date)
}

/// 建議於公開授課後三天內完成會談為佳 (`forms.md` §3.5a); the days are the number `post_conference_days`.
pub(super) fn post_conference_late(subject: &Subject<'_>) -> Vec<Finding> {
    let answers = &subject.answers.0;
    let observed = day(answers, "obs_plan_date").or_else(|| day(answers, "obs_date"));
    let (Some(observed), Some(post), Some(most)) =
        (observed, day(answers, "post_plan_date"), subject.policy.number("post_conference_days"))
    else {
        return Vec::new();
    };
    let days = (post - observed).num_days();
    if days > most { vec![("post_plan_date".to_owned(), json!({ "max": most, "value": days }))] } else { Vec::new() }
}

/// 至少一學期參與同一社群 (`forms.md` §3.4, §3.8 c5, §4.4); a semester's months are the number `semester_months`.
pub(super) fn semester_short(subject: &Subject<'_>) -> Vec<Finding> {
    ["period", "c5"].into_iter().flat_map(|name| too_short(subject, name, "semester_months")).collect()
}

/// 社群活動時間長度須滿三個月, for the convener (`forms.md` §3.4); the number `convening_months`.
pub(super) fn convening_short(subject: &Subject<'_>) -> Vec<Finding> {
    too_short(subject, "convener", "convening_months")
}

/// A time from `<name>_from` to `<name>_to`, both days counted, of fewer months than `number`.
fn too_short(subject: &Subject<'_>, name: &str, number: &str) -> Vec<Finding> {
    let answers = &subject.answers.0;
    let to_key = format!("{name}_to");
    let months = subject.policy.number(number).and_then(|months| u32::try_from(months).ok());
    let (Some(from), Some(to), Some(months)) = (day(answers, &format!("{name}_from")), day(answers, &to_key), months)
    else {
        return Vec::new();
    };
    let full = from.checked_add_months(Months::new(months)).and_then(|day| day.pred_opt());
    if from <= to && full.is_some_and(|full| to < full) {
        vec![(to_key, json!({ "months": months, "until": full }))]
    } else {
        Vec::new()
    }
}

/// 共__節 本次教學為第__節: no more than there are (`forms.md` §3.6).
pub(super) fn period_of_lesson(subject: &Subject<'_>) -> Vec<Finding> {
    let number = |key: &str| subject.answers.get(key).and_then(Value::as_i64);
    match (number("period_total"), number("period_no")) {
        (Some(total), Some(no)) if no > total => vec![("period_no".to_owned(), json!({ "max": total, "value": no }))],
        _ => Vec::new(),
    }
}

/// Rows of a record in the order of their time (`forms.md` §3.6.3).
pub(super) fn time_runs_back(subject: &Subject<'_>) -> Vec<Finding> {
    let mut last = None;
    let mut found = Vec::new();
    for (number, row) in subject.answers.rows("rows").iter().enumerate() {
        let Some(time) = row.get("time").and_then(Value::as_str).and_then(parse_time) else { continue };
        if last.is_some_and(|last| time < last) {
            found.push((format!("rows.{number}.time"), json!({})));
        }
        last = last.max(Some(time));
    }
    found
}

/// Each 指標 that is rated has facts to show for it, at least `facts_each_indicator` (`forms.md` §3.6.1). The code of a
/// 檢核重點 begins with its 指標's.
pub(super) fn facts_missing(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(least) = subject.policy.number("facts_each_indicator") else { return Vec::new() };
    let object = |key: &str| subject.answers.get(key).and_then(Value::as_object);
    let written = |facts: &Map<String, Value>, indicator: &str| {
        let inside = |code: &str| code.strip_prefix(indicator).is_some_and(|rest| rest.starts_with('-'));
        let filled = |value: &Value| value.as_str().is_some_and(|text| !text.trim().is_empty());
        facts.iter().filter(|(code, value)| inside(code) && filled(value)).count()
    };
    let empty = Map::new();
    let facts = object("facts").unwrap_or(&empty);
    let mut found = Vec::new();
    for (indicator, _) in object("rating").unwrap_or(&empty).iter().filter(|(_, rating)| rating.is_string()) {
        let count = i64::try_from(written(facts, indicator)).unwrap_or(i64::MAX);
        if count < least {
            found.push((format!("facts.{indicator}"), json!({ "min": least, "count": count })));
        }
    }
    found
}

/// The seats of the chart: of the form, or of the map of a movement record.
fn seats<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = &'a str> {
    let map = subject.form.field("map").and(subject.answers.get("map"));
    let of_map = map.and_then(|map| map.get("seats")).and_then(Value::as_array);
    let rows = of_map.map_or_else(|| subject.answers.rows("seats"), Vec::as_slice);
    rows.iter().filter_map(|row| row.get("seat_id")?.as_str())
}

/// Who speaks, is marked or is spoken to sits on the chart; `T` is the teacher, `ALL` the class, `teacher` the one who moves.
pub(super) fn unknown_seat(subject: &Subject<'_>) -> Vec<Finding> {
    let seats: BTreeSet<&str> = seats(subject).collect();
    let mut found = Vec::new();
    for (rows, columns, others) in [
        ("events", ["from", "to"].as_slice(), ["T", "ALL"].as_slice()),
        ("marks", &["seat_id"], &[]),
        ("interactions", &["seat_id"], &[]),
        ("moves", &["actor"], &["teacher"]),
    ] {
        // A form without these rows says of them that it does not know them.
        if subject.form.field(rows).is_none() {
            continue;
        }
        for (number, row) in subject.answers.rows(rows).iter().enumerate() {
            for column in columns {
                let named = row.get(column).and_then(Value::as_str).map(str::trim).filter(|named| !named.is_empty());
                if let Some(named) = named.filter(|named| !seats.contains(named) && !others.contains(named)) {
                    found.push((format!("{rows}.{number}.{column}"), json!({ "value": named })));
                }
            }
        }
    }
    found
}

/// A seat stands once on the chart.
pub(super) fn seat_twice(subject: &Subject<'_>) -> Vec<Finding> {
    let path = if subject.form.field("map").is_some() { "map.seats" } else { "seats" };
    let mut seen = BTreeSet::new();
    let twice = seats(subject).enumerate().filter(|(_, seat)| !seen.insert(*seat));
    twice.map(|(number, seat)| (format!("{path}.{number}.seat_id"), json!({ "value": seat }))).collect()
}

/// One code for each seat in each round (`forms.md` §3.6.5).
pub(super) fn mark_twice(subject: &Subject<'_>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (number, row) in subject.answers.rows("marks").iter().enumerate() {
        let (Some(round), Some(seat)) =
            (row.get("round_no").and_then(Value::as_i64), row.get("seat_id").and_then(Value::as_str))
        else {
            continue;
        };
        if !seen.insert((round, seat)) {
            found.push((format!("marks.{number}.seat_id"), json!({ "round": round, "value": seat })));
        }
    }
    found
}

/// Fewer sweeps than are advised, the number `at_task_rounds` (`forms.md` §3.6.5).
pub(super) fn few_rounds(subject: &Subject<'_>) -> Vec<Finding> {
    let count = i64::try_from(subject.answers.rows("rounds").len()).unwrap_or(i64::MAX);
    match subject.policy.number("at_task_rounds") {
        Some(min) if count > 0 && count < min => vec![("rounds".to_owned(), json!({ "min": min, "count": count }))],
        _ => Vec::new(),
    }
}

/// A lesson is split into 3 or 4 segments (`forms.md` §3.6.6): the numbers `movement_segments_least` and `…_most`.
pub(super) fn segments_uncommon(subject: &Subject<'_>) -> Vec<Finding> {
    let count = i64::try_from(subject.answers.rows("segments").len()).unwrap_or(i64::MAX);
    let number = |name: &str| subject.policy.number(name);
    let (Some(min), Some(max)) = (number("movement_segments_least"), number("movement_segments_most")) else {
        return Vec::new();
    };
    if count == 0 || (min..=max).contains(&count) {
        return Vec::new();
    }
    vec![("segments".to_owned(), json!({ "min": min, "max": max, "count": count }))]
}
