//! What the records of an observed lesson (觀察紀錄表) come to: counts, shares and matrices of the five quantitative tools
//! (`forms.md` §3.6.4 to §3.6.8). Pure functions over the answers of a form; a record of any shape is counted as far as it can
//! be read. Nothing here judges a lesson.

mod at_task;
pub mod flanders;
mod movement;
mod verbal_flow;
mod verbatim;

pub(crate) use at_task::{at_task_codes, at_task_shares, at_task_students};
pub(crate) use flanders::{flanders_matrix, flanders_ratios};
pub(crate) use movement::{movement_interactions, movement_reasons, movement_zones};
pub(crate) use verbal_flow::{flow_balance, flow_directions, flow_kinds, flow_seats};
pub(crate) use verbatim::verbatim_categories;

use crate::form::{Answers, Cell, Label, Opt, Table};
use serde_json::Value;
use std::collections::BTreeMap;

/// A seat of the chart as far as it is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seat {
    id: String,
    row: Option<i64>,
    column: Option<i64>,
    gender: Option<String>,
    present: bool,
}

/// The seats of a chart, in its order; a seat without a name is nobody's.
fn seats(rows: &[Value]) -> Vec<Seat> {
    let text = |row: &Value, key: &str| {
        row.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    rows.iter()
        .filter_map(|row| {
            Some(Seat {
                id: text(row, "seat_id")?,
                row: row.get("row").and_then(Value::as_i64),
                column: row.get("col").and_then(Value::as_i64),
                gender: text(row, "gender"),
                present: text(row, "present").as_deref() != Some("否"),
            })
        })
        .collect()
}

fn words(zh: &str, en: &str) -> Label {
    Label { zh: zh.to_owned(), en: en.to_owned() }
}

fn says(zh: &str, en: &str) -> Cell {
    Cell::Words(words(zh, en))
}

fn count(number: u64) -> Cell {
    Cell::Count(u32::try_from(number).unwrap_or(u32::MAX))
}

fn share(part: u64, whole: u64) -> Cell {
    Cell::Share(crate::form::percent(part, whole))
}

/// A count and its share of the whole, one row for each key, in the order of `keys`.
fn tally(heads: [Label; 3], rows: impl IntoIterator<Item = (Cell, u64)>, whole: u64) -> Table {
    let rows = rows.into_iter().map(|(name, part)| vec![name, count(part), share(part, whole)]).collect();
    Table { columns: heads.into(), rows }
}

/// The words of an option for its code, or the code itself.
fn name_of(options: &[Opt], code: &str) -> Cell {
    match options.iter().find(|option| option.zh == code) {
        Some(Opt { zh, en, help: Some(help), .. }) => says(&format!("{zh} {}", help.zh), &format!("{en} {}", help.en)),
        Some(option) => says(&option.zh, &option.en),
        None => Cell::Text(code.to_owned()),
    }
}

/// How often each text stands under `key`, for the options in their order and then for what is no option.
fn by_option(options: &[Opt], found: &BTreeMap<String, u64>) -> Vec<(Cell, u64)> {
    let known = options.iter().map(|option| option.zh.as_str());
    let strange = found.keys().map(String::as_str).filter(|code| options.iter().all(|option| option.zh != *code));
    known.chain(strange).map(|code| (name_of(options, code), found.get(code).copied().unwrap_or(0))).collect()
}

/// The rows of a table as an owned value, or `null` when there is nothing to count.
fn shown(table: Table, there: bool) -> Value {
    if there { table.into_value() } else { Value::Null }
}

fn text<'v>(row: &'v Value, key: &str) -> &'v str {
    row.get(key).and_then(Value::as_str).map_or("", str::trim)
}

/// Students by gender, those present: a seat without a gender is not counted.
fn genders(seats: &[Seat]) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for gender in seats.iter().filter(|seat| seat.present).filter_map(|seat| seat.gender.clone()) {
        *found.entry(gender).or_insert(0) += 1;
    }
    found
}

/// The four quarters of the chart with their seats. A row or column in the very middle belongs to the front or the left.
fn quarters(seats: &[Seat]) -> Vec<(Cell, Vec<&Seat>)> {
    // Twice the middle, so that it is whole.
    let middle = |place: fn(&Seat) -> Option<i64>| {
        let places = || seats.iter().filter_map(place);
        places().min().zip(places().max()).map(|(least, most)| least.saturating_add(most))
    };
    let (Some(across), Some(deep)) = (middle(|seat| seat.column), middle(|seat| seat.row)) else { return Vec::new() };
    let in_front = |seat: &Seat| seat.row.map(|row| row.saturating_mul(2) <= deep);
    let on_the_left = |seat: &Seat| seat.column.map(|column| column.saturating_mul(2) <= across);
    [("左前區", "Front left", true, true), ("右前區", "Front right", true, false)]
        .into_iter()
        .chain([("左後區", "Back left", false, true), ("右後區", "Back right", false, false)])
        .map(|(zh, en, front, left)| {
            let inside = |seat: &&Seat| in_front(seat) == Some(front) && on_the_left(seat) == Some(left);
            (says(zh, en), seats.iter().filter(inside).collect::<Vec<&Seat>>())
        })
        .filter(|(_, members)| !members.is_empty())
        .collect()
}

fn chart(answers: &Answers) -> &[Value] {
    let of_map = answers.get("map").and_then(|map| map.get("seats")).and_then(Value::as_array);
    of_map.map_or_else(|| answers.rows("seats"), Vec::as_slice)
}
