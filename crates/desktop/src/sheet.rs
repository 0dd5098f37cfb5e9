//! Lists out of files of an office: a workbook of Excel, or a text with commas. Only the words of the cells are taken, with the line
//! they stand in; what they mean is not known here. The files come from outside, so nothing in them decides how much memory is used:
//! the size, what a workbook unpacks to, rows and columns have limits, and cells are read one by one.

use calamine::{Data, DataRef, Reader as _, Xlsx, XlsxError};
use csv::ReaderBuilder;
use encoding_rs::{BIG5, Encoding};
use serde_json::json;
use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _, copy, sink},
    path::Path,
};
use wire::{Code, Failure};
use zip::ZipArchive;

/// The largest file; five thousand rows are far below it.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// What a workbook may unpack to.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;
/// Columns beyond these are passed over: the lists have seven.
const MOST_COLUMNS: u32 = 64;
/// The longest word of a cell that is kept; every field is far shorter and says so itself.
const MOST_SIGNS: usize = 1000;

/// The rows of a sheet that are not blank, from the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    /// The line, from 1, and its cells by column.
    pub(crate) rows: Vec<(u32, BTreeMap<u32, String>)>,
}

impl Sheet {
    fn put(&mut self, line: u32, column: u32, words: &str) {
        let words = words.trim();
        if words.is_empty() || column >= MOST_COLUMNS {
            return;
        }
        if self.rows.last().is_none_or(|(last, _)| *last != line) {
            self.rows.push((line, BTreeMap::new()));
        }
        if let Some((_, cells)) = self.rows.last_mut() {
            cells.insert(column, words.chars().take(MOST_SIGNS).collect());
        }
    }
}

/// Reads the first sheet of a file, of at most so many rows.
///
/// # Errors
/// `file_access`; `too_large`, `too_many_rows`; `unsupported_type`, `encrypted`, `broken_file`.
pub(crate) async fn read_sheet(path: &Path, most_rows: usize) -> Result<Sheet, Failure> {
    let of_file = |error: std::io::Error| crate::failure::of_file(path, &error);
    let size = tokio::fs::metadata(path).await.map_err(of_file)?.len();
    if size > MOST_BYTES {
        return Err(too_large(MOST_BYTES));
    }
    let bytes = tokio::fs::read(path).await.map_err(of_file)?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase();
    // On a thread of its own: the window goes on, and a reader that fell over is a broken file and nothing more.
    let read = tokio::task::spawn_blocking(move || match ending.as_str() {
        "xlsx" => workbook(bytes, most_rows),
        "csv" | "txt" => text(&bytes, most_rows),
        _ => Err(Failure::new(Code::UnsupportedType, "neither a workbook nor a text with commas")),
    });
    read.await.unwrap_or_else(|_| Err(broken("the reader of lists stopped")))
}

fn too_large(limit: u64) -> Failure {
    Failure::with(Code::TooLarge, json!({ "limit": limit }), "the file is larger than a list of an office")
}

fn too_many_rows(limit: usize) -> Failure {
    Failure::with(Code::TooManyRows, json!({ "limit": limit }), "more rows than one import takes")
}

fn broken(why: impl Into<String>) -> Failure {
    Failure::new(Code::BrokenFile, why)
}

/// The beginning of a workbook that is protected by a password, and of workbooks of before 2007.
const OLD_OFFICE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

fn workbook(bytes: Vec<u8>, most_rows: usize) -> Result<Sheet, Failure> {
    if bytes.starts_with(&OLD_OFFICE) {
        return Err(Failure::new(Code::Encrypted, "protected by a password, or of an old Excel"));
    }
    unpacks_within(&bytes)?;
    let broken_by = |error: XlsxError| broken(error.to_string());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken_by)?;
    let names = book.sheet_names();
    let name = names.first().ok_or_else(|| broken("a workbook without a sheet"))?;
    let mut cells = book.worksheet_cells_reader(name).map_err(broken_by)?;
    let mut sheet = Sheet::default();
    while let Some(cell) = cells.next_cell().map_err(broken_by)? {
        let (row, column) = cell.get_position();
        let line = row.checked_add(1).ok_or_else(|| broken("a row beyond every sheet"))?;
        if sheet.rows.last().is_some_and(|(last, _)| line < *last) {
            return Err(broken("rows that go backwards"));
        }
        sheet.put(line, column, &words(cell.get_value()));
        // One row more is the titles.
        if sheet.rows.len() > most_rows + 1 {
            return Err(too_many_rows(most_rows));
        }
    }
    Ok(sheet)
}

/// Whether a packed file stays within bounds when it is unpacked, which is found out by doing it: what it says of itself proves nothing.
fn unpacks_within(bytes: &[u8]) -> Result<(), Failure> {
    let broken_by = |error: zip::result::ZipError| broken(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken_by)?;
    let mut left = MOST_UNPACKED;
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(broken_by)?;
        let size = copy(&mut file.take(left + 1), &mut sink()).map_err(|error| broken(error.to_string()))?;
        left = left.checked_sub(size).ok_or_else(|| too_large(MOST_UNPACKED))?;
    }
    Ok(())
}

/// A cell as one reads it: whole numbers without a point, days as `2022-02-18`.
fn words(cell: &DataRef<'_>) -> String {
    match Data::from(cell.clone()) {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(yes) => if yes { "是" } else { "否" }.to_owned(),
        Data::DateTime(at) => match at.as_datetime() {
            Some(at) => at.date().to_string(),
            None => at.as_f64().to_string(),
        },
        // A formula that failed says nothing; the row will miss its cell and be named.
        Data::Error(_) | Data::Empty => String::new(),
    }
}

fn text(bytes: &[u8], most_rows: usize) -> Result<Sheet, Failure> {
    let text = decoded(bytes)?;
    let first = text.lines().next().unwrap_or_default();
    let separator = [',', '\t', ';'].into_iter().find(|sign| first.contains(*sign)).unwrap_or(',');
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        // One of the three above.
        .delimiter(separator as u8)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let (mut line, mut seen) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(|error| broken(error.to_string()))?;
        // The reader counts lines only where it has passed their end, which for two signs it has not; so they are counted here.
        let begins = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(usize::MAX));
        let begins =
            begins + text.get(begins..).map_or(0, |rest| rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        line += text.get(seen..begins).map_or(0, line_ends);
        seen = begins;
        for (column, words) in (0..MOST_COLUMNS).zip(record.iter()) {
            sheet.put(line, column, words);
        }
        if sheet.rows.len() > most_rows + 1 {
            return Err(too_many_rows(most_rows));
        }
    }
    Ok(sheet)
}

/// How many lines end in a text, each by one sign or by two.
fn line_ends(text: &str) -> u32 {
    let ends = text.matches('\n').count() + text.matches('\r').count() - text.matches("\r\n").count();
    u32::try_from(ends).unwrap_or(u32::MAX)
}

/// The text of a file: what its mark says, else UTF-8, else Big5, as Excel in Taiwan saves it.
fn decoded(bytes: &[u8]) -> Result<String, Failure> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, wrong) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return if wrong { Err(broken("signs that its encoding does not have")) } else { Ok(text.into_owned()) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, wrong) = BIG5.decode_without_bom_handling(bytes);
    if wrong { Err(broken("neither UTF-8 nor Big5")) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As people find them in their editor, whatever ends a line there, with blank lines and with lines within a cell.
    #[test]
    fn rows_of_a_text_have_the_lines_of_the_file() {
        for end in ["\n", "\r\n", "\r"] {
            let file = ["甲,乙", "1,\"2", "3\"", "", "4,5", "6,"].join(end);
            let sheet = text(file.as_bytes(), 10).expect("read");
            let lines: Vec<(u32, &str)> = sheet.rows.iter().map(|(line, cells)| (*line, cells[&0].as_str())).collect();
            assert_eq!(lines, [(1, "甲"), (2, "1"), (5, "4"), (6, "6")], "{end:?}");
        }
    }
}
