//! 時數: hours of training, which the offices count in halves.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, iter::Sum, ops::Add};

/// No training is longer.
const MOST: u32 = 999;

/// Hours in halves; `1.5` on every wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
pub struct Hours {
    halves: u32,
}

impl Hours {
    /// Whole hours.
    pub const fn whole(hours: u32) -> Self {
        Self { halves: hours * 2 }
    }

    /// So many half hours.
    pub const fn halves(halves: u32) -> Self {
        Self { halves }
    }

    /// Reads `3`, `1.5`, `12.0` or `3小時`, as lists of training have them. None for nothing, less than nothing, other parts of an
    /// hour than halves, and more than a training can have.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix("小時").or_else(|| text.strip_suffix("時")).unwrap_or(text).trim_end();
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
        if !digits(whole) || !digits(part) {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        let half = match part.trim_end_matches('0') {
            "" => 0,
            "5" => 1,
            _ => return None,
        };
        let hours = Self { halves: whole.checked_mul(2)?.checked_add(half)? };
        (hours.halves > 0 && hours.halves <= MOST * 2).then_some(hours)
    }

    /// As half hours.
    pub fn in_halves(self) -> u32 {
        self.halves
    }
}

impl Add for Hours {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { halves: self.halves.saturating_add(other.halves) }
    }
}

impl Sum for Hours {
    fn sum<I: Iterator<Item = Self>>(hours: I) -> Self {
        hours.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.halves / 2, if self.halves.is_multiple_of(2) { "" } else { ".5" })
    }
}

impl Serialize for Hours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.halves.is_multiple_of(2) {
            serializer.serialize_u32(self.halves / 2)
        } else {
            serializer.serialize_f64(f64::from(self.halves) / 2.0)
        }
    }
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let halves = f64::deserialize(deserializer)? * 2.0;
        if halves < 0.0 || halves.fract() != 0.0 || halves > f64::from(u32::MAX) {
            return Err(D::Error::custom("hours are counted in halves"));
        }
        // Whole and within range, as was just seen.
        Ok(Self { halves: halves as u32 })
    }
}
