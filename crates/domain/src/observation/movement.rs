//! 教師移動 (`forms.md` §3.6.6): where the teacher stays and how long, and with whom there is contact.

use super::{by_option, chart, count, genders, says, seats, share, shown, tally, text, words};
use crate::{
    form::{Answers, Cell, Table},
    policy::Policy,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Minutes of a day written `HH:MM`.
fn minute(row: &Value, key: &str) -> Option<u64> {
    let (hours, minutes) = text(row, key).split_once(':')?;
    let (hours, minutes): (u64, u64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// The minutes of a stop; none while one end is missing or the end is the earlier.
fn dwell(stop: &Value) -> u64 {
    minute(stop, "leave").zip(minute(stop, "arrive")).map_or(0, |(leave, arrive)| leave.saturating_sub(arrive))
}

/// 時間偏好、位置偏好: minutes and visits of each zone, in all and in each segment. Zones of the map come first, also those
/// that were never visited.
pub(crate) fn movement_zones(answers: &Answers, _: &Policy) -> Value {
    let stops = answers.rows("stops");
    let named = |row: &Value, key: &str| Some(text(row, key).to_owned()).filter(|name| !name.is_empty());
    let of_map = answers.get("map").and_then(|map| map.get("zones")).and_then(Value::as_array);
    let mut zones: Vec<String> = of_map.into_iter().flatten().filter_map(|zone| named(zone, "zone")).collect();
    for zone in stops.iter().filter_map(|stop| named(stop, "zone")) {
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    let segments: BTreeSet<i64> = stops.iter().filter_map(|stop| stop.get("segment")?.as_i64()).collect();
    let minutes = |wanted: &dyn Fn(&Value) -> bool| {
        stops.iter().filter(|stop| wanted(stop)).map(dwell).fold(0_u64, u64::saturating_add)
    };
    let all = minutes(&|_| true);
    let mut columns = vec![words("區域", "Zone"), words("停留次數", "Visits"), words("停留(分)", "Minutes")];
    columns.push(words("百分比(%)", "Share (%)"));
    columns.extend(segments.iter().map(|no| words(&format!("時段{no}(分)"), &format!("Segment {no} (min)"))));
    let rows = zones
        .iter()
        .map(|zone| {
            let visits = stops.iter().filter(|stop| text(stop, "zone") == zone).count() as u64;
            let here = minutes(&|stop| text(stop, "zone") == zone);
            let mut cells = vec![Cell::Text(zone.clone()), count(visits), count(here), share(here, all)];
            cells.extend(segments.iter().map(|no| {
                count(minutes(&|stop| {
                    text(stop, "zone") == zone && stop.get("segment").and_then(Value::as_i64) == Some(*no)
                }))
            }));
            cells
        })
        .collect();
    shown(Table { columns, rows }, !stops.is_empty())
}

/// 性別偏好 and the single students: contacts beside the share of students; seats without any come last as one row.
pub(crate) fn movement_interactions(answers: &Answers, _: &Policy) -> Value {
    let (rows_in, seats) = (answers.rows("interactions"), seats(chart(answers)));
    let times = |seat: &str| rows_in.iter().filter(|row| text(row, "seat_id") == seat).count() as u64;
    let all = rows_in.iter().filter(|row| !text(row, "seat_id").is_empty()).count() as u64;
    let genders = genders(&seats);
    let students: u64 = genders.values().sum();
    let mut rows = Vec::new();
    for (gender, number) in &genders {
        let of = seats.iter().filter(|seat| seat.present && seat.gender.as_ref() == Some(gender));
        let contacts = of.map(|seat| times(&seat.id)).sum();
        rows.push(vec![Cell::Text(gender.clone()), count(contacts), share(contacts, all), share(*number, students)]);
    }
    for seat in seats.iter().filter(|seat| seat.present && times(&seat.id) > 0) {
        let contacts = times(&seat.id);
        rows.push(vec![Cell::Text(seat.id.clone()), count(contacts), share(contacts, all), Cell::Text(String::new())]);
    }
    let never: Vec<&str> =
        seats.iter().filter(|seat| seat.present && times(&seat.id) == 0).map(|seat| seat.id.as_str()).collect();
    let present = seats.iter().filter(|seat| seat.present).count() as u64;
    let named = if never.is_empty() { String::new() } else { format!("：{}", never.join("、")) };
    rows.push(vec![
        says(
            &format!("未互動座位{named}"),
            &format!("Seats without contact{}", named.replace('：', ": ").replace('、', ", ")),
        ),
        count(0),
        share(0, all),
        share(never.len() as u64, present),
    ]);
    let columns = vec![
        words("對象", "Who"),
        words("互動次數", "Contacts"),
        words("互動比率(%)", "Share of contacts (%)"),
        words("人數比率(%)", "Share of students (%)"),
    ];
    shown(Table { columns, rows }, !rows_in.is_empty() && !seats.is_empty())
}

/// Why the teacher stopped.
pub(crate) fn movement_reasons(answers: &Answers, policy: &Policy) -> Value {
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for reason in answers.rows("stops").iter().map(|stop| text(stop, "reason")).filter(|reason| !reason.is_empty()) {
        *found.entry(reason.to_owned()).or_insert(0) += 1;
    }
    let all = found.values().sum();
    let heads = [words("停留原因", "Reason"), words("次數", "Times"), words("百分比(%)", "Share (%)")];
    shown(tally(heads, by_option(policy.list("movement_reasons"), &found), all), all > 0)
}
