//! Rows of lists of training and of certificates, as an office fills them in, read into records: every cell is a text, and what
//! cannot be read is said with its line and column. Whose account a row names is the service's to know.

use super::{CertificateSource, Hours, Training, TrainingKind};
use crate::{
    certificate::CertificateKind,
    time::{PlanYear, YearMonth},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Rows that one import takes at most: they are judged and kept in one transaction.
pub const MOST_ROWS: usize = 5000;

/// The longest name of a course or of its source.
const LONGEST_TEXT: usize = 200;
/// The longest code or number.
const LONGEST_CODE: usize = 64;

/// A column of such a list: the key of its cells, and its title in the file (`forms.md` §1.5, §1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowColumn {
    /// The key.
    pub key: &'static str,
    /// The title, as the list to fill in has it.
    pub title: &'static str,
    /// A row without it is no row.
    pub required: bool,
}

const fn column(key: &'static str, title: &'static str, required: bool) -> RowColumn {
    RowColumn { key, title, required }
}

/// The columns of a list of training.
pub const TRAINING_COLUMNS: [RowColumn; 7] = [
    column("account", "帳號", true),
    column("course", "課程名稱", true),
    column("code", "課程代碼", false),
    column("kind", "類別", true),
    column("hours", "時數", true),
    column("day", "研習日期", true),
    column("source", "來源", false),
];

/// The columns of a list of certificates.
pub const CERTIFICATE_COLUMNS: [RowColumn; 6] = [
    column("account", "帳號", true),
    column("kind", "證號類別", true),
    column("plan_year", "學年度", false),
    column("number", "證號", true),
    column("issued_on", "發證時間", false),
    column("old_system", "舊系統資料", false),
];

/// A row of a list of training, as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingRow {
    /// The line in the file, from 1.
    pub line: u32,
    /// 帳號.
    pub account: String,
    /// 課程名稱.
    pub course: String,
    /// 課程代碼.
    pub code: String,
    /// 類別.
    pub kind: String,
    /// 時數.
    pub hours: String,
    /// 研習日期.
    pub day: String,
    /// 來源.
    pub source: String,
}

/// A row of a list of certificates, as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateRow {
    /// The line in the file, from 1.
    pub line: u32,
    /// 帳號.
    pub account: String,
    /// 證號類別.
    pub kind: String,
    /// 學年度.
    pub plan_year: String,
    /// 證號.
    pub number: String,
    /// 發證時間.
    pub issued_on: String,
    /// 舊系統資料: 是 or 否; blank: 否.
    pub old_system: String,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Fault {
    /// The line in the file, from 1.
    pub line: u32,
    /// The key of the column.
    pub column: String,
    /// What.
    pub code: FaultCode,
    /// What stands there.
    pub value: String,
    /// The line that says the same already, where there is one.
    pub first: Option<u32>,
}

/// What can be wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// A cell that must be filled in is empty.
    Blank,
    /// Longer than it can be.
    TooLong,
    /// Nobody has this account.
    UnknownAccount,
    /// The account is an office's: only teachers and principals have a record.
    NotATeacher,
    /// No such kind.
    UnknownKind,
    /// No number of hours in whole or half hours.
    BadHours,
    /// No day.
    BadDay,
    /// A day that is still to come.
    DayToCome,
    /// No 學年度.
    BadYear,
    /// Neither 是 nor 否.
    NotYesNo,
    /// An earlier line of the file says the same.
    Doubled,
}

impl FaultCode {
    /// Every code, for tables and tests.
    pub const ALL: [Self; 11] = [
        Self::Blank,
        Self::TooLong,
        Self::UnknownAccount,
        Self::NotATeacher,
        Self::UnknownKind,
        Self::BadHours,
        Self::BadDay,
        Self::DayToCome,
        Self::BadYear,
        Self::NotYesNo,
        Self::Doubled,
    ];
}

/// Collects what is wrong with one row.
struct Reader {
    line: u32,
    today: NaiveDate,
    faults: Vec<Fault>,
}

impl Reader {
    fn fault(&mut self, column: &str, code: FaultCode, value: &str) {
        let value = value.chars().take(LONGEST_CODE).collect();
        self.faults.push(Fault { line: self.line, column: column.to_owned(), code, value, first: None });
    }

    /// A text, with a fault where it is too long or blank and must not be.
    fn text(&mut self, column: &str, cell: &str, longest: usize, required: bool) -> String {
        let text = cell.trim();
        if required && text.is_empty() {
            self.fault(column, FaultCode::Blank, "");
        } else if text.chars().count() > longest || text.contains('\0') {
            self.fault(column, FaultCode::TooLong, text);
        }
        text.to_owned()
    }

    /// What a reader makes of a cell; with a fault where the cell is blank or cannot be read.
    fn value<T>(
        &mut self,
        column: &str,
        cell: &str,
        code: FaultCode,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = cell.trim();
        if text.is_empty() {
            self.fault(column, FaultCode::Blank, "");
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.fault(column, code, text);
        }
        value
    }

    fn day(&mut self, column: &str, cell: &str) -> Option<NaiveDate> {
        let day = self.value(column, cell, FaultCode::BadDay, read_day)?;
        if day > self.today {
            self.fault(column, FaultCode::DayToCome, cell.trim());
            return None;
        }
        Some(day)
    }
}

/// The account and the training of a row.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_training(row: &TrainingRow, today: NaiveDate) -> Result<(String, Training), Vec<Fault>> {
    let mut reader = Reader { line: row.line, today, faults: Vec::new() };
    let account = reader.text("account", &row.account, LONGEST_CODE, true);
    let course = reader.text("course", &row.course, LONGEST_TEXT, true);
    let code = reader.text("code", &row.code, LONGEST_CODE, false);
    let kind = reader.value("kind", &row.kind, FaultCode::UnknownKind, |text| {
        TrainingKind::ALL.into_iter().find(|kind| kind.label() == text)
    });
    let hours = reader.value("hours", &row.hours, FaultCode::BadHours, Hours::read);
    let day = reader.day("day", &row.day);
    let source = reader.text("source", &row.source, LONGEST_TEXT, false);
    match (kind, hours, day) {
        (Some(kind), Some(hours), Some(day)) if reader.faults.is_empty() => {
            Ok((account, Training { course, code, kind, hours, day, source }))
        }
        _ => Err(reader.faults),
    }
}

/// A certificate of a row, which gets its id where it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadCertificate {
    /// 類別.
    pub kind: CertificateKind,
    /// 學年度.
    pub plan_year: Option<PlanYear>,
    /// 證號.
    pub number: String,
    /// 發證時間.
    pub issued_on: Option<NaiveDate>,
    /// From where.
    pub source: CertificateSource,
}

impl ReadCertificate {
    /// What makes it this certificate and no other of the same person: the same again is the same, another 發證時間 corrects it.
    pub fn name(&self) -> (CertificateKind, Option<PlanYear>, &str) {
        (self.kind, self.plan_year, &self.number)
    }
}

/// The account and the certificate of a row.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_certificate(row: &CertificateRow, today: NaiveDate) -> Result<(String, ReadCertificate), Vec<Fault>> {
    let mut reader = Reader { line: row.line, today, faults: Vec::new() };
    let account = reader.text("account", &row.account, LONGEST_CODE, true);
    let kind = reader.value("kind", &row.kind, FaultCode::UnknownKind, |text| {
        // With or without the 認證 that stands in every one of them.
        let is = |kind: &CertificateKind| kind.label() == text || kind.label().strip_suffix("認證") == Some(text);
        CertificateKind::ALL.into_iter().find(is)
    });
    let blank = |cell: &str| cell.trim().is_empty();
    let plan_year = match blank(&row.plan_year) {
        true => None,
        false => reader.value("plan_year", &row.plan_year, FaultCode::BadYear, read_year),
    };
    let number = reader.text("number", &row.number, LONGEST_CODE, true);
    let issued_on = if blank(&row.issued_on) { None } else { reader.day("issued_on", &row.issued_on) };
    let source = match row.old_system.trim() {
        "" | "否" => CertificateSource::Entered,
        "是" => CertificateSource::OldSystem,
        other => {
            reader.fault("old_system", FaultCode::NotYesNo, other);
            CertificateSource::OldSystem
        }
    };
    match kind {
        Some(kind) if reader.faults.is_empty() => {
            Ok((account, ReadCertificate { kind, plan_year, number, issued_on, source }))
        }
        _ => Err(reader.faults),
    }
}

/// 學年度: two or three digits.
fn read_year(text: &str) -> Option<PlanYear> {
    let year: u16 = text.strip_suffix("學年度").unwrap_or(text).trim_end().parse().ok()?;
    (1..=999).contains(&year).then_some(PlanYear(year))
}

/// A day as lists have it: `2022-02-18`, `2022/2/18`, `111/2/18`, `111.02.18`, `111年2月18日`, `1110218` or `20220218`. A year of
/// three digits or fewer is one of 民國.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_start_matches("民國").trim_start();
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    if !parts.iter().all(|part| digits(part)) {
        return None;
    }
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if (2..=4).contains(&year.len()) && month.len() <= 2 && day.len() <= 2 => {
            (*year, *month, *day)
        }
        // Two digits for month and day, the rest for the year.
        [run] if (6..=8).contains(&run.len()) => {
            let (year, rest) = run.split_at(run.len() - 4);
            let (month, day) = rest.split_at(2);
            (year, month, day)
        }
        _ => return None,
    };
    let offset = if year.len() == 4 { 0 } else { 1911 };
    let year: i32 = year.parse::<i32>().ok()? + offset;
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?).filter(|day| YearMonth::of(*day).is_some())
}
