//! 資料匯入: lists of training and certificates out of an office's files into people's records, which the service judges row by row;
//! and the empty lists to fill in.

use crate::{
    Desktop,
    exports::of_list,
    forms::written,
    sheet::{Sheet, read_sheet},
};
use domain::record::{CERTIFICATE_COLUMNS, CertificateRow, MOST_ROWS, RowColumn, TRAINING_COLUMNS, TrainingRow};
use print::{ListCell, ListFormat, Listing};
use serde_json::json;
use std::{collections::BTreeMap, path::Path};
use wire::{
    Code, Failure,
    exports::{Exported, ListKind},
    http::{RecordImport, RecordList},
    record::{RecordImportFile, RecordImported, RecordListKind, RecordTemplate},
};

/// How each column of the lists is filled in. The words are the file's, whatever language the window speaks.
const HOW: [(&str, &str); 11] = [
    ("account", "老師登入平臺的帳號"),
    ("course", "研習課程的全名"),
    ("code", "研習系統的課程代碼；沒有可空白"),
    ("kind", ""),
    ("hours", "整數或半小時，例如 6 或 1.5"),
    ("day", "例如 111/2/18、1110218 或 2022-02-18"),
    ("source", "例如 全國教師在職進修資訊網"),
    ("plan_year", "例如 108；不明可空白"),
    ("number", "證號可為年度或字號"),
    ("issued_on", "例如 109/2/6；不明可空白"),
    ("old_system", "是：須經老師於資料轉移確認；否或空白：補登，立即生效"),
];

/// The kinds that a list knows.
const TRAINING_KINDS: &str = "初階、進階、教學輔導或其他";
const CERTIFICATE_KINDS: &str = "初階認證、進階認證或教學輔導認證";

fn columns(list: RecordListKind) -> &'static [RowColumn] {
    match list {
        RecordListKind::Trainings => &TRAINING_COLUMNS,
        RecordListKind::Certificates => &CERTIFICATE_COLUMNS,
    }
}

impl Desktop {
    /// Imports a list, or says what importing it would do. Nothing is written here, and the file stays as it is.
    ///
    /// # Errors
    /// What cannot be read of the file; `columns_missing`, `no_rows`, `too_many_rows`; `offline`, `not_signed_in`, `not_yours`.
    pub async fn import_list(&self, import: RecordImportFile) -> Result<RecordImported, Failure> {
        let RecordImportFile { list, path, dry, skip_faulty } = import;
        let sheet = read_sheet(Path::new(&path), MOST_ROWS).await?;
        let list = rows(list, sheet)?;
        if list.is_empty() {
            return Err(Failure::new(Code::NoRows, "the list has no rows"));
        }
        let token = self.at_the_service().await?;
        self.heard(self.line.import_records(&token, &RecordImport { dry, skip_faulty, list }).await)
    }

    /// Writes an empty list to fill in; a workbook tells on a second sheet how.
    ///
    /// # Errors
    /// `file_access`.
    pub async fn write_template(&self, template: &RecordTemplate) -> Result<Exported, Failure> {
        let (list, path) = (template.list, Path::new(&template.path));
        let titles: Vec<&str> = columns(list).iter().map(|column| column.title).collect();
        let format = match template.kind {
            ListKind::Xlsx => ListFormat::Xlsx,
            ListKind::Csv => ListFormat::Csv,
        };
        let mut listing = Listing::begin(format, "資料", &titles).map_err(|error| of_list(&error))?;
        // Beneath the titles of a text with commas it would be read as rows.
        if format == ListFormat::Xlsx {
            listing.sheet("填寫說明", &["欄位", "必填", "寫法"]).map_err(|error| of_list(&error))?;
            for column in columns(list) {
                let required = if column.required { "必填" } else { "" };
                let cells: [ListCell; 3] = [column.title.into(), required.into(), how(list, column.key).into()];
                listing.row(&cells).map_err(|error| of_list(&error))?;
            }
        }
        let file = listing.finish().map_err(|error| of_list(&error))?;
        let done = written(path, &file, 0, Vec::new()).await?;
        Ok(Exported { path: path.display().to_string(), rows: 0, bytes: done.bytes })
    }
}

fn how(list: RecordListKind, key: &str) -> &'static str {
    match (list, key) {
        (RecordListKind::Trainings, "kind") => TRAINING_KINDS,
        (RecordListKind::Certificates, "kind") => CERTIFICATE_KINDS,
        _ => HOW.iter().find(|(known, _)| *known == key).map_or("", |(_, how)| how),
    }
}

/// The rows of a sheet, by its line of titles.
fn rows(list: RecordListKind, sheet: Sheet) -> Result<RecordList, Failure> {
    let mut lines = sheet.rows.into_iter();
    let titles = lines.next().map(|(_, cells)| cells).unwrap_or_default();
    let place = |column: &RowColumn| {
        titles.iter().find(|(_, title)| title.trim_end_matches('*').trim_end() == column.title).map(|(place, _)| *place)
    };
    let places: BTreeMap<&str, u32> =
        columns(list).iter().filter_map(|column| Some((column.key, place(column)?))).collect();
    let missing: Vec<&str> = columns(list)
        .iter()
        .filter(|column| column.required && !places.contains_key(column.key))
        .map(|column| column.title)
        .collect();
    if !missing.is_empty() {
        let params = json!({ "columns": missing });
        return Err(Failure::with(Code::ColumnsMissing, params, "the file is not this list"));
    }
    let places = &places;
    let lines = lines.map(|(line, mut cells)| {
        let cell = move |key: &str| places.get(key).and_then(|place| cells.remove(place)).unwrap_or_default();
        (line, cell)
    });
    Ok(match list {
        RecordListKind::Trainings => RecordList::Trainings(lines.map(|(line, cell)| training(line, cell)).collect()),
        RecordListKind::Certificates => {
            RecordList::Certificates(lines.map(|(line, cell)| certificate(line, cell)).collect())
        }
    })
}

fn training(line: u32, mut cell: impl FnMut(&str) -> String) -> TrainingRow {
    TrainingRow {
        line,
        account: cell("account"),
        course: cell("course"),
        code: cell("code"),
        kind: cell("kind"),
        hours: cell("hours"),
        day: cell("day"),
        source: cell("source"),
    }
}

fn certificate(line: u32, mut cell: impl FnMut(&str) -> String) -> CertificateRow {
    CertificateRow {
        line,
        account: cell("account"),
        kind: cell("kind"),
        plan_year: cell("plan_year"),
        number: cell("number"),
        issued_on: cell("issued_on"),
        old_system: cell("old_system"),
    }
}
