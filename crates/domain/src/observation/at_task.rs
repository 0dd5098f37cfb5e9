//! 在工作中 (`forms.md` §3.6.5): in every round one code for each student, and how many were at their task. A seat without a
//! mark in a round was not observed and counts for nothing.

use super::{Seat, chart, count, genders, name_of, quarters, says, seats, share, shown, text, words};
use crate::{
    form::{Answers, Cell, Table},
    policy::Policy,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

struct Mark<'a> {
    round: i64,
    seat: &'a str,
    code: &'a str,
}

fn marks(answers: &Answers) -> Vec<Mark<'_>> {
    let rows = answers.rows("marks").iter();
    rows.filter_map(|row| {
        Some(Mark { round: row.get("round_no")?.as_i64()?, seat: text(row, "seat_id"), code: text(row, "code") })
    })
    .filter(|mark| !mark.seat.is_empty() && !mark.code.is_empty())
    .collect()
}

/// The codes that say a student is at the task: a list of the office's.
fn on_task(policy: &Policy) -> BTreeSet<&str> {
    policy.list("at_task_on").iter().map(|option| option.zh.as_str()).collect()
}

fn rounds(marks: &[Mark<'_>]) -> BTreeSet<i64> {
    marks.iter().map(|mark| mark.round).collect()
}

/// Code × round with the sums and shares of both.
pub(crate) fn at_task_codes(answers: &Answers, policy: &Policy) -> Value {
    let marks = marks(answers);
    let rounds = rounds(&marks);
    let options = policy.list("at_task_codes");
    let strange: BTreeSet<&str> =
        marks.iter().map(|mark| mark.code).filter(|code| options.iter().all(|option| option.zh != *code)).collect();
    let codes: Vec<&str> = options.iter().map(|option| option.zh.as_str()).chain(strange).collect();
    let all = marks.len() as u64;
    let times = |wanted: &dyn Fn(&Mark<'_>) -> bool| marks.iter().filter(|mark| wanted(mark)).count() as u64;
    let mut columns = vec![words("行為", "Behaviour")];
    columns.extend(rounds.iter().map(|round| words(&format!("第{round}輪"), &format!("Round {round}"))));
    columns.extend([words("合計", "Total"), words("百分比(%)", "Share (%)")]);
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for code in codes {
        let mut cells = vec![name_of(options, code)];
        cells.extend(rounds.iter().map(|round| count(times(&|mark| mark.code == code && mark.round == *round))));
        let total = times(&|mark| mark.code == code);
        cells.extend([count(total), share(total, all)]);
        rows.push(cells);
    }
    let mut sum = |name: Cell, wanted: &dyn Fn(&str) -> bool| {
        let mut cells = vec![name];
        cells.extend(rounds.iter().map(|round| count(times(&|mark| wanted(mark.code) && mark.round == *round))));
        let total = times(&|mark| wanted(mark.code));
        cells.extend([count(total), share(total, all)]);
        rows.push(cells);
    };
    let on = on_task(policy);
    let academic: BTreeSet<&str> =
        policy.list("at_task_off_academic").iter().map(|option| option.zh.as_str()).collect();
    sum(says("在工作中小計", "At task"), &|code| on.contains(code));
    // Off the task is split where a code says of what kind it is.
    if academic.is_empty() {
        sum(says("未在工作中小計", "Off task"), &|code| !on.contains(code));
    } else {
        sum(says("未在工作中（課業）小計", "Off task, schoolwork"), &|code| {
            !on.contains(code) && academic.contains(code)
        });
        sum(says("未在工作中（非課業）小計", "Off task, no schoolwork"), &|code| {
            !on.contains(code) && !academic.contains(code)
        });
    }
    sum(says("合計", "Total"), &|_| true);
    shown(Table { columns, rows }, !marks.is_empty())
}

/// 在工作中率: by round, of the lesson, by row, column, quarter and gender of the seats.
pub(crate) fn at_task_shares(answers: &Answers, policy: &Policy) -> Value {
    let (marks, seats) = (marks(answers), seats(chart(answers)));
    let on = on_task(policy);
    let mut rows = Vec::new();
    let mut add = |name: Cell, wanted: &dyn Fn(&Mark<'_>) -> bool| {
        let observed = marks.iter().filter(|mark| wanted(mark)).count() as u64;
        let at_task = marks.iter().filter(|mark| wanted(mark) && on.contains(mark.code)).count() as u64;
        rows.push(vec![name, count(at_task), count(observed), share(at_task, observed)]);
    };
    for round in rounds(&marks) {
        add(says(&format!("第{round}輪"), &format!("Round {round}")), &|mark| mark.round == round);
    }
    add(says("全節", "Whole lesson"), &|_| true);
    let of: BTreeMap<&str, &Seat> = seats.iter().map(|seat| (seat.id.as_str(), seat)).collect();
    let places = |place: fn(&Seat) -> Option<i64>| seats.iter().filter_map(place).collect::<BTreeSet<i64>>();
    for row in places(|seat| seat.row) {
        add(says(&format!("第{row}排"), &format!("Row {row}")), &|mark| {
            of.get(mark.seat).is_some_and(|seat| seat.row == Some(row))
        });
    }
    for column in places(|seat| seat.column) {
        add(says(&format!("第{column}行"), &format!("Column {column}")), &|mark| {
            of.get(mark.seat).is_some_and(|seat| seat.column == Some(column))
        });
    }
    for (name, members) in quarters(&seats) {
        let members: BTreeSet<&str> = members.into_iter().map(|seat| seat.id.as_str()).collect();
        add(name, &|mark| members.contains(mark.seat));
    }
    for gender in genders(&seats).into_keys() {
        add(Cell::Text(gender.clone()), &|mark| {
            of.get(mark.seat).is_some_and(|seat| seat.gender.as_ref() == Some(&gender))
        });
    }
    let columns = vec![
        words("範圍", "Part"),
        words("在工作中", "At task"),
        words("觀察數", "Observed"),
        words("在工作中率(%)", "At task (%)"),
    ];
    shown(Table { columns, rows }, !marks.is_empty())
}

/// 個別學生: rounds at task of rounds observed; below half is marked.
pub(crate) fn at_task_students(answers: &Answers, policy: &Policy) -> Value {
    let (marks, seats) = (marks(answers), seats(chart(answers)));
    let on = on_task(policy);
    let rows = seats
        .iter()
        .filter_map(|seat| {
            let of_seat = || marks.iter().filter(|mark| mark.seat == seat.id);
            let observed = of_seat().count() as u64;
            let at_task = of_seat().filter(|mark| on.contains(mark.code)).count() as u64;
            let low = if 2 * at_task < observed { says("未達50%", "below 50 %") } else { Cell::Text(String::new()) };
            (observed > 0).then(|| {
                vec![Cell::Text(seat.id.clone()), count(at_task), count(observed), share(at_task, observed), low]
            })
        })
        .collect();
    let columns = vec![
        words("座位", "Seat"),
        words("在工作中", "At task"),
        words("觀察輪次", "Rounds"),
        words("在工作中率(%)", "At task (%)"),
        words("註記", "Remark"),
    ];
    shown(Table { columns, rows }, !marks.is_empty() && !seats.is_empty())
}
