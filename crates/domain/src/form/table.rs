//! A table as a computed value: what the analysis of a record shows on the screen and prints on the paper.

use super::Label;
use serde::Serialize;
use serde_json::{Value, json};

/// A computed table. Every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Table {
    /// The heads of the columns.
    pub columns: Vec<Label>,
    /// The rows from above.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a [`Table`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum Cell {
    /// A word of the form.
    Words(Label),
    /// A text of a person, such as a seat's label.
    Text(String),
    /// A count.
    Count(u32),
    /// A share in percent, rounded to two decimals; none where there is nothing to divide by, shown as 「—」.
    Share(Option<f64>),
}

impl Table {
    /// As a computed value.
    pub fn into_value(self) -> Value {
        json!(self)
    }
}

/// `part` of `whole` in percent, rounded half up to two decimals; none of nothing. Both are counts, so the exact quotient is
/// rounded, not a float near it.
pub(crate) fn percent(part: u64, whole: u64) -> Option<f64> {
    if whole == 0 {
        return None;
    }
    let hundredths = (u128::from(part) * 20_000 + u128::from(whole)) / (2 * u128::from(whole));
    #[expect(clippy::cast_precision_loss, reason = "shares of counts stay far below 2^52 hundredths")]
    let share = u64::try_from(hundredths).unwrap_or(u64::MAX) as f64 / 100.0;
    Some(share)
}
