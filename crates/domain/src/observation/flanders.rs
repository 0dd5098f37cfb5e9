//! 佛蘭德斯互動分析法 (`forms.md` §3.6.7): one code from 1 to 10 every few seconds, a matrix of neighbours, fourteen ratios.

use super::{count, says, share, shown, words};
use crate::{
    form::{Answers, Cell, Table},
    policy::Policy,
};
use serde_json::Value;

/// What a run of codes comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// How often each code stands, code 1 first.
    pub counts: [u64; 10],
    /// How often code `i` is followed by code `j`, padded with 10 at both ends: row `i`, column `j`, code 1 first.
    pub matrix: [[u64; 10]; 10],
}

/// A ratio by its key, as part and whole; without a whole it does not exist.
pub type Ratio = (&'static str, u64, u64);

/// Counts codes; numbers that are no codes are left out.
pub fn analyse(codes: impl IntoIterator<Item = i64>) -> Analysis {
    let mut analysis = Analysis { counts: [0; 10], matrix: [[0; 10]; 10] };
    let mut last = 9;
    for code in codes.into_iter().filter(|code| (1..=10).contains(code)) {
        let code = usize::try_from(code - 1).unwrap_or(0);
        analysis.counts[code] += 1;
        analysis.matrix[last][code] += 1;
        last = code;
    }
    if analysis.total() > 0 {
        analysis.matrix[last][9] += 1;
    }
    analysis
}

impl Analysis {
    /// The number of codes, padding left out.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The fourteen ratios in the order of the form, as part and whole.
    pub fn ratios(&self) -> [Ratio; 14] {
        let n = |from: usize, to: usize| self.counts[from - 1..to].iter().sum::<u64>();
        let m = |row: usize, column: usize| self.matrix[row - 1][column - 1];
        let after_pupil = |columns: &[usize]| columns.iter().map(|&column| m(8, column) + m(9, column)).sum::<u64>();
        let all = self.total();
        let steady: u64 = (1..=10).map(|code| m(code, code)).sum();
        // Cells of rows and columns 4 and 5: each transition counted once (twice the codes less the inner square).
        let cross = (2 * n(4, 5)).saturating_sub(m(4, 4) + m(4, 5) + m(5, 4) + m(5, 5));
        [
            ("TT", n(1, 7), all),
            ("PT", n(8, 9), all),
            ("SC", n(10, 10), all),
            ("I_D", n(1, 4), n(5, 7)),
            ("i_d", n(1, 3), n(6, 7)),
            ("TRR", n(1, 3), n(1, 3) + n(6, 7)),
            ("TQR", n(4, 4), n(4, 5)),
            ("PIR", n(9, 9), n(8, 9)),
            ("TRR89", after_pupil(&[1, 2, 3]), after_pupil(&[1, 2, 3, 6, 7])),
            ("TQR89", after_pupil(&[4]), after_pupil(&[4, 5])),
            ("CCR", cross, all),
            ("SSR", steady, all),
            ("PSSR", m(8, 8) + m(9, 9), n(8, 9)),
            ("VC", m(6, 6) + m(6, 7) + m(7, 6) + m(7, 7), all),
        ]
    }
}

fn of(answers: &Answers) -> Analysis {
    analyse(answers.rows("codes").iter().filter_map(Value::as_i64))
}

/// The matrix with the sums of its rows and columns.
pub(crate) fn flanders_matrix(answers: &Answers, _: &Policy) -> Value {
    let analysis = of(answers);
    let mut columns = vec![words("", "")];
    columns.extend((1..=10).map(|code| words(&code.to_string(), &code.to_string())));
    columns.push(words("合計", "Total"));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (code, row) in (1..).zip(&analysis.matrix) {
        let mut cells = vec![Cell::Text(format!("{code}"))];
        cells.extend(row.iter().map(|&times| count(times)));
        cells.push(count(row.iter().sum()));
        rows.push(cells);
    }
    let mut sums = vec![says("合計", "Total")];
    sums.extend((0..10).map(|column| count(analysis.matrix.iter().map(|row| row[column]).sum())));
    sums.push(count(analysis.matrix.iter().flatten().sum()));
    rows.push(sums);
    shown(Table { columns, rows }, analysis.total() > 0)
}

/// The ratios with what is usual; names and usual values are the office's list `flanders_ratios`. Without codes every ratio is
/// 「—」, so that the table can be read before the lesson.
pub(crate) fn flanders_ratios(answers: &Answers, policy: &Policy) -> Value {
    let names = policy.list("flanders_ratios");
    let rows = of(answers)
        .ratios()
        .iter()
        .map(|(key, part, whole)| {
            let named = names.iter().find(|one| one.key() == *key);
            let name = named.map_or_else(|| Cell::Text((*key).to_owned()), |one| says(&one.zh, &one.en));
            let usual = named.and_then(|one| one.help.clone()).map_or_else(|| Cell::Text(String::new()), Cell::Words);
            vec![Cell::Text((*key).to_owned()), name, share(*part, *whole), usual]
        })
        .collect();
    let columns =
        vec![words("代號", "Key"), words("名稱", "Name"), words("比率(%)", "Ratio (%)"), words("參考值", "Usual")];
    shown(Table { columns, rows }, true)
}
