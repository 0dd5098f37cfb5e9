//! 語言流動 (`forms.md` §3.6.4): who speaks to whom, how often, and whether some seats hear more than others.

use super::{Seat, by_option, chart, count, genders, quarters, says, seats, share, shown, tally, text, words};
use crate::{
    form::{Answers, Cell, Table},
    policy::Policy,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The teacher and the whole class in `from` and `to`.
const TEACHER: &str = "T";
const CLASS: &str = "ALL";

struct Speech<'a> {
    from: &'a str,
    to: &'a str,
    kind: &'a str,
    times: u64,
}

/// The events with both ends; one without a count happened once.
fn speeches(answers: &Answers) -> Vec<Speech<'_>> {
    let rows = answers.rows("events").iter();
    rows.map(|row| Speech {
        from: text(row, "from"),
        to: text(row, "to"),
        kind: text(row, "kind"),
        times: row.get("count").and_then(Value::as_u64).unwrap_or(1).min(1_000_000),
    })
    .filter(|speech| !speech.from.is_empty() && !speech.to.is_empty())
    .collect()
}

fn is_seat(end: &str) -> bool {
    end != TEACHER && end != CLASS
}

fn sum<'a>(speeches: impl Iterator<Item = &'a Speech<'a>>) -> u64 {
    speeches.map(|speech| speech.times).sum()
}

/// Who speaks to whom.
pub(crate) fn flow_directions(answers: &Answers, _: &Policy) -> Value {
    let all = speeches(answers);
    let total = sum(all.iter());
    let times = |wanted: fn(&Speech<'_>) -> bool| sum(all.iter().filter(|speech| wanted(speech)));
    let mut rows = vec![
        (says("教師→個別學生", "Teacher to a student"), times(|s| s.from == TEACHER && is_seat(s.to))),
        (says("教師→全班", "Teacher to the class"), times(|s| s.from == TEACHER && s.to == CLASS)),
        (says("學生→教師", "Student to the teacher"), times(|s| is_seat(s.from) && s.to == TEACHER)),
        (says("學生→全班", "Student to the class"), times(|s| is_seat(s.from) && s.to == CLASS)),
        (says("學生→學生", "Student to student"), times(|s| is_seat(s.from) && is_seat(s.to))),
        (says("全班→教師", "Class to the teacher"), times(|s| s.from == CLASS && s.to == TEACHER)),
    ];
    // What fits none of them, such as the class to a student: the parts add up to the whole.
    let others = total - rows.iter().map(|(_, times)| times).sum::<u64>();
    if others > 0 {
        rows.push((says("其他", "Other"), others));
    }
    rows.push((says("合計", "Total"), total));
    let heads = [words("方向", "Direction"), words("次數", "Times"), words("百分比(%)", "Share (%)")];
    shown(tally(heads, rows, total), !all.is_empty())
}

/// 語言類別: by kind.
pub(crate) fn flow_kinds(answers: &Answers, policy: &Policy) -> Value {
    let all = speeches(answers);
    let mut found = BTreeMap::new();
    for speech in &all {
        *found.entry(speech.kind.to_owned()).or_insert(0) += speech.times;
    }
    let heads = [words("語言類別", "Kind"), words("次數", "Times"), words("百分比(%)", "Share (%)")];
    shown(tally(heads, by_option(policy.list("flow_kinds"), &found), sum(all.iter())), !all.is_empty())
}

/// Each seat: how often it was spoken to and how often it spoke.
pub(crate) fn flow_seats(answers: &Answers, _: &Policy) -> Value {
    let (all, seats) = (speeches(answers), seats(chart(answers)));
    let rows = seats
        .iter()
        .filter(|seat| seat.present)
        .map(|seat| {
            let (heard, spoke) = of_seat(&all, &seat.id);
            vec![Cell::Text(seat.id.clone()), count(heard), count(spoke), count(heard + spoke)]
        })
        .collect();
    let columns = vec![words("座位", "Seat"), words("接收", "Heard"), words("發起", "Spoke"), words("合計", "Total")];
    shown(Table { columns, rows }, !all.is_empty() && !seats.is_empty())
}

fn of_seat(all: &[Speech<'_>], seat: &str) -> (u64, u64) {
    (sum(all.iter().filter(|speech| speech.to == seat)), sum(all.iter().filter(|speech| speech.from == seat)))
}

/// 座位偏好、性別偏好、對象偏好: the share of speech beside the share of seats, for each row, column, quarter
/// and gender, and how many
/// seats took part at all. 100 in the last column is an even share.
pub(crate) fn flow_balance(answers: &Answers, _: &Policy) -> Value {
    let (all, seats) = (speeches(answers), seats(chart(answers)));
    let present: Vec<&Seat> = seats.iter().filter(|seat| seat.present).collect();
    let times = |seat: &Seat| {
        let (heard, spoke) = of_seat(&all, &seat.id);
        heard + spoke
    };
    let total: u64 = present.iter().map(|seat| times(seat)).sum();
    let everyone = present.len() as u64;
    let mut rows = Vec::new();
    let mut group = |name: Cell, members: Vec<&Seat>| {
        let (here, of_here) = (members.len() as u64, members.iter().map(|seat| times(seat)).sum::<u64>());
        // The ratio of the two shares, in percent: (of_here / total) ÷ (here / everyone).
        let preference = share(of_here.saturating_mul(everyone), total.saturating_mul(here));
        rows.push(vec![name, count(of_here), share(of_here, total), share(here, everyone), preference]);
    };
    let mut by_row: BTreeMap<i64, Vec<&Seat>> = BTreeMap::new();
    let mut by_column: BTreeMap<i64, Vec<&Seat>> = BTreeMap::new();
    for seat in &present {
        if let Some(row) = seat.row {
            by_row.entry(row).or_default().push(seat);
        }
        if let Some(column) = seat.column {
            by_column.entry(column).or_default().push(seat);
        }
    }
    for (row, members) in by_row {
        group(says(&format!("第{row}排"), &format!("Row {row}")), members);
    }
    for (column, members) in by_column {
        group(says(&format!("第{column}行"), &format!("Column {column}")), members);
    }
    for (name, members) in quarters(&seats) {
        let members: Vec<&Seat> = members.into_iter().filter(|seat| seat.present).collect();
        if !members.is_empty() {
            group(name, members);
        }
    }
    for gender in genders(&seats).into_keys() {
        let members = present.iter().copied().filter(|seat| seat.gender.as_ref() == Some(&gender)).collect();
        group(Cell::Text(gender), members);
    }
    let reached = present.iter().filter(|seat| times(seat) > 0).count() as u64;
    rows.push(vec![
        says("有互動之座位", "Seats that took part"),
        count(reached),
        share(reached, everyone),
        Cell::Text(String::new()),
        Cell::Text(String::new()),
    ]);
    let columns = vec![
        words("對象", "Who"),
        words("次數", "Times"),
        words("互動比率(%)", "Share of speech (%)"),
        words("座位比率(%)", "Share of seats (%)"),
        words("偏好(100為均等)", "Preference (100 is even)"),
    ];
    shown(Table { columns, rows }, !all.is_empty() && !present.is_empty())
}
