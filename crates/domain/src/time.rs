//! Days and years as the offices count them: 民國 years, plan years (學年度), semesters, Taipei time.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A moment, in UTC; RFC 3339 text on every wire.
pub type Timestamp = DateTime<Utc>;

/// 學年度 as the 民國 year in which it begins. It is chosen per intake, never computed from today (`forms.md` §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct PlanYear(pub u16);

/// 民國 0 in the common era.
const ROC_OFFSET: i32 = 1911;

impl PlanYear {
    /// 8/1 of the first year (`workflows.md` §8).
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.0) + ROC_OFFSET, 8, 1).expect("the first of August exists in every year")
    }

    /// 7/31 of the second year.
    pub fn last_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.0) + ROC_OFFSET + 1, 7, 31).expect("July has 31 days in every year")
    }

    /// The plan year in which a day lies; none before the first.
    pub fn of(day: NaiveDate) -> Option<Self> {
        let begins = if day.month() >= 8 { day.year() } else { day.year() - 1 };
        u16::try_from(begins - ROC_OFFSET).ok().map(Self)
    }

    /// Whether the day lies in this plan year.
    pub fn contains(self, day: NaiveDate) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }

    /// The semester of a day of this plan year: 1 from 8/1 to 1/31, 2 from 2/1 to 7/31 (`forms.md` §2.1).
    pub fn semester(self, day: NaiveDate) -> Option<u8> {
        self.contains(day).then(|| if day < self.second_semester() { 1 } else { 2 })
    }

    fn second_semester(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(i32::from(self.0) + ROC_OFFSET + 1, 2, 1).expect("the first of February always exists")
    }
}

impl fmt::Display for PlanYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A month of a year (年月), `2019-08` on every wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct YearMonth {
    year: u16,
    month: u8,
}

/// The text was not `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a month of a year")]
pub struct NotAYearMonth;

impl YearMonth {
    /// The month with this number (1 to 12) of a year of the common era.
    pub fn new(year: u16, month: u8) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month of a day.
    pub fn of(day: NaiveDate) -> Option<Self> {
        // A month is below 13.
        Self::new(u16::try_from(day.year()).ok()?, day.month() as u8)
    }

    /// Full years from the first of this month to a day; 0 where the month is still to come.
    pub fn full_years_to(self, day: NaiveDate) -> u32 {
        let months = |year: i32, month: u32| year * 12 + i32::try_from(month).unwrap_or(0);
        let since = months(day.year(), day.month()) - months(self.year.into(), self.month.into());
        u32::try_from(since / 12).unwrap_or(0)
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for YearMonth {
    type Err = NotAYearMonth;
    fn from_str(text: &str) -> Result<Self, NotAYearMonth> {
        let digits = |text: &str, many| text.len() == many && text.bytes().all(|digit| digit.is_ascii_digit());
        let (year, month) = text.split_once('-').ok_or(NotAYearMonth)?;
        if !digits(year, 4) || !digits(month, 2) {
            return Err(NotAYearMonth);
        }
        let (year, month) = (year.parse().map_err(|_| NotAYearMonth)?, month.parse().map_err(|_| NotAYearMonth)?);
        Self::new(year, month).ok_or(NotAYearMonth)
    }
}

impl TryFrom<String> for YearMonth {
    type Error = NotAYearMonth;
    fn try_from(text: String) -> Result<Self, NotAYearMonth> {
        text.parse()
    }
}

impl From<YearMonth> for String {
    fn from(month: YearMonth) -> Self {
        month.to_string()
    }
}

/// The day in 民國 years: `111年2月18日`; before 1912 as `前1年12月31日`, for there is no year 0.
pub fn roc_date(day: NaiveDate) -> String {
    let year = day.year() - ROC_OFFSET;
    let (before, year) = if year > 0 { ("", year) } else { ("前", 1 - year) };
    format!("{before}{year}年{}月{}日", day.month(), day.day())
}

/// The calendar day in Taipei at a moment.
pub fn taipei_day(at: Timestamp) -> NaiveDate {
    taipei_clock(at).date()
}

/// What a clock in Taipei shows at a moment. Taiwan keeps UTC+8 all year.
pub fn taipei_clock(at: Timestamp) -> NaiveDateTime {
    at.with_timezone(&taipei()).naive_local()
}

fn taipei() -> FixedOffset {
    FixedOffset::east_opt(8 * 3600).expect("eight hours are a valid offset")
}

/// The time of day in Taipei, as `16:30`.
pub fn taipei_time(at: Timestamp) -> String {
    taipei_clock(at).format("%H:%M").to_string()
}

/// The hour of the day in Taipei.
pub fn taipei_hour(at: Timestamp) -> u8 {
    // An hour is below 24.
    taipei_clock(at).hour() as u8
}

/// The moment of a day and a time in Taipei.
pub fn taipei_moment(day: NaiveDate, time: NaiveTime) -> Timestamp {
    (day.and_time(time) - taipei()).and_utc()
}
