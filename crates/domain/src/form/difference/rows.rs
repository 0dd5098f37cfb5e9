//! Tables: which row became which. Rows that are the same hold the order; between them, the likest ones are taken for the same
//! row with changes, so that one session put in above does not make every later one look changed.

use super::{Span, SpanKind, shown::shown, spans_of, text::replaced};
use crate::form::{FieldDef, Label};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Rows this like each other (of 1000) are one row with changes.
const LIKE_ENOUGH: u32 = 340;

/// Between two rows that stayed, at most so many on either side are matched by likeness; more are matched in order.
const MOST_MATCHED: usize = 120;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RowFate {
    /// It is as it was.
    Same,
    /// Something in it changed.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RowChange {
    /// What became of it.
    pub fate: RowFate,
    /// Its number in the old version, from 1.
    pub old: Option<u32>,
    /// Its number in the new version, from 1.
    pub new: Option<u32>,
    /// Its cells, by column.
    pub cells: Vec<Vec<Span>>,
}

/// The typed columns of both versions and every row.
pub(super) fn compare(was: &[FieldDef], old: &Value, now: &[FieldDef], new: &Value) -> (Vec<Label>, Vec<RowChange>) {
    // A number that follows from the row's place is no change of the row.
    let typed = |field: &&FieldDef| field.takes_answer() && !field.read_only;
    let gone = was.iter().filter(typed).filter(|field| !now.iter().any(|other| other.key == field.key));
    let columns: Vec<&FieldDef> = now.iter().filter(typed).chain(gone).collect();
    let cells = |fields: &[FieldDef], table: &Value| -> Vec<Vec<String>> {
        let empty = Map::new();
        let row = |row: &Value| {
            let row = row.as_object().unwrap_or(&empty);
            columns
                .iter()
                .map(|column| {
                    let field = fields.iter().find(|field| field.key == column.key);
                    field.map_or_else(String::new, |field| {
                        shown(&field.kind, row.get(&field.key).unwrap_or(&Value::Null))
                    })
                })
                .collect()
        };
        table.as_array().map_or_else(Vec::new, |rows| rows.iter().map(row).collect())
    };
    let table = Table { columns: &columns, old: cells(was, old), new: cells(now, new) };
    (columns.iter().map(|column| column.label.clone()).collect(), table.rows())
}

struct Table<'a> {
    columns: &'a [&'a FieldDef],
    old: Vec<Vec<String>>,
    new: Vec<Vec<String>>,
}

impl Table<'_> {
    fn rows(&self) -> Vec<RowChange> {
        let mut rows = Vec::new();
        for op in capture_diff_slices(Algorithm::Myers, &self.old, &self.new) {
            let (tag, old, new) = op.as_tag_tuple();
            let pairs = match tag {
                DiffTag::Equal => old.zip(new).map(|(old, new)| (Some(old), Some(new))).collect(),
                _ => self.matched(&old.collect::<Vec<_>>(), &new.collect::<Vec<_>>()),
            };
            rows.extend(pairs.into_iter().map(|(old, new)| self.row(old, new)));
        }
        rows
    }

    fn row(&self, old: Option<usize>, new: Option<usize>) -> RowChange {
        let number = |at: Option<usize>| at.and_then(|at| u32::try_from(at + 1).ok());
        let blank = vec![String::new(); self.columns.len()];
        let cells = |rows: &[Vec<String>], at: Option<usize>| {
            at.and_then(|at| rows.get(at)).cloned().unwrap_or_else(|| blank.clone())
        };
        let (was, now) = (cells(&self.old, old), cells(&self.new, new));
        let both = old.is_some() && new.is_some();
        let cells: Vec<Vec<Span>> = self
            .columns
            .iter()
            .zip(was.iter().zip(&now))
            .map(|(column, (was, now))| {
                if both {
                    let text = |text: &String| Value::String(text.clone());
                    return cell(column, &text(was), &text(now));
                }
                replaced(was, now)
            })
            .collect();
        let same = cells.iter().flatten().all(|span| span.kind == SpanKind::Same);
        let fate = match (old, new) {
            (Some(_), Some(_)) if same => RowFate::Same,
            (Some(_), Some(_)) => RowFate::Changed,
            (None, _) => RowFate::Added,
            (_, None) => RowFate::Removed,
        };
        RowChange { fate, old: number(old), new: number(new), cells }
    }

    /// Pairs of old and new rows, in the order of both, so that the likeness of all pairs together is greatest.
    fn matched(&self, old: &[usize], new: &[usize]) -> Vec<(Option<usize>, Option<usize>)> {
        if old.len().max(new.len()) > MOST_MATCHED {
            let longest = old.len().max(new.len());
            return (0..longest).map(|at| (old.get(at).copied(), new.get(at).copied())).collect();
        }
        let like = |o: usize, n: usize| match (old.get(o), new.get(n)) {
            (Some(o), Some(n)) => likeness(self.old.get(*o), self.new.get(*n)),
            _ => 0,
        };
        // best[o][n]: the greatest likeness of the rows from o and n on.
        let mut best = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
        let mut pairs = vec![vec![false; new.len() + 1]; old.len() + 1];
        for o in (0..old.len()).rev() {
            for n in (0..new.len()).rev() {
                let likeness = like(o, n);
                let paired = if likeness >= LIKE_ENOUGH { best[o + 1][n + 1] + likeness } else { 0 };
                let alone = best[o + 1][n].max(best[o][n + 1]);
                pairs[o][n] = paired >= alone && paired > 0;
                best[o][n] = paired.max(alone);
            }
        }
        let (mut o, mut n, mut found) = (0, 0, Vec::new());
        while o < old.len() || n < new.len() {
            if o < old.len() && n < new.len() && pairs[o][n] {
                found.push((old.get(o).copied(), new.get(n).copied()));
                (o, n) = (o + 1, n + 1);
            } else if o < old.len() && (n == new.len() || best[o + 1][n] >= best[o][n + 1]) {
                found.push((old.get(o).copied(), None));
                o += 1;
            } else {
                found.push((None, new.get(n).copied()));
                n += 1;
            }
        }
        found
    }
}

/// A cell whose text is already as a person reads it.
fn cell(column: &FieldDef, was: &Value, now: &Value) -> Vec<Span> {
    spans_of(&column.kind, was, &column.kind, now)
}

/// How like two rows are, of 1000: the share of their filled columns that are the same, texts by the signs they share.
fn likeness(old: Option<&Vec<String>>, new: Option<&Vec<String>>) -> u32 {
    let (Some(old), Some(new)) = (old, new) else { return 0 };
    let filled: Vec<u32> = old
        .iter()
        .zip(new)
        .filter(|(old, new)| !old.is_empty() || !new.is_empty())
        .map(|(old, new)| if old == new { 1000 } else { shared_signs(old, new) })
        .collect();
    let count = u32::try_from(filled.len()).unwrap_or(u32::MAX).max(1);
    filled.iter().sum::<u32>() / count
}

fn shared_signs(old: &str, new: &str) -> u32 {
    let sorted = |text: &str| {
        let mut signs: Vec<char> = text.chars().take(400).collect();
        signs.sort_unstable();
        signs
    };
    let (old, new) = (sorted(old), sorted(new));
    let (mut o, mut n, mut shared) = (0, 0, 0_usize);
    while let (Some(left), Some(right)) = (old.get(o), new.get(n)) {
        match left.cmp(right) {
            std::cmp::Ordering::Less => o += 1,
            std::cmp::Ordering::Greater => n += 1,
            std::cmp::Ordering::Equal => (o, n, shared) = (o + 1, n + 1, shared + 1),
        }
    }
    // Another day shares most of its digits and is still another day: a likeness of texts counts less than being the same.
    u32::try_from(shared * 2 * 700 / (old.len() + new.len()).max(1)).unwrap_or(0)
}
