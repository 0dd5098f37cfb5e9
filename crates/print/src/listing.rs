//! Lists as files for a spreadsheet: a workbook of Excel, or text with commas. What a person typed is never taken for a formula.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// A value of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListCell {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// A whole number that is counted or added up.
    Number(i64),
    /// A number that only names something, such as a plan year.
    Name(u32),
    /// A moment as it is read in Taipei.
    Moment(NaiveDateTime),
}

impl From<&str> for ListCell {
    fn from(text: &str) -> Self {
        if text.trim().is_empty() { Self::Blank } else { Self::Text(text.to_owned()) }
    }
}

impl From<Option<i64>> for ListCell {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Blank, Self::Number)
    }
}

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// A workbook of Excel.
    Xlsx,
    /// Text with commas, as Excel in Taiwan opens it: UTF-8 with its mark in front, lines ended with CR LF.
    Csv,
}

/// The list cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// More rows or columns than a sheet takes, or a sheet's name that none can have.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
}

/// A list that is being written, row by row. A text with commas has one sheet: later ones follow beneath, after a blank line.
#[derive(Debug)]
pub struct Listing {
    file: File,
    rows: u32,
}

enum File {
    Xlsx(Box<Book>),
    Csv(Vec<u8>),
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Xlsx(_) => "Xlsx",
            Self::Csv(_) => "Csv",
        })
    }
}

struct Book {
    workbook: Workbook,
    sheet: Worksheet,
    /// The next row, from 0; the titles are row 0.
    row: u32,
    widths: Vec<f64>,
    formats: Formats,
}

struct Formats {
    title: Format,
    text: Format,
    typed: Format,
    amount: Format,
    name: Format,
    moment: Format,
}

/// A column is at least and at most so wide, in signs of Latin letters.
const NARROWEST: f64 = 8.0;
const WIDEST: f64 = 48.0;
/// Beside the words of a title stands the button of the filter.
const FILTER: f64 = 3.0;
/// A cell takes no more signs than this.
const MOST_SIGNS: usize = 32_767;
/// 2022-02-18 09:30.
const MOMENT_WIDTH: f64 = 17.0;

impl Listing {
    /// Begins a list with its first sheet.
    ///
    /// # Errors
    /// A name that no sheet can have.
    pub fn begin(format: ListFormat, name: &str, titles: &[&str]) -> Result<Self, ListError> {
        let file = match format {
            ListFormat::Csv => File::Csv("\u{feff}".as_bytes().to_vec()),
            ListFormat::Xlsx => File::Xlsx(Box::new(Book {
                workbook: Workbook::new(),
                sheet: Worksheet::new(),
                row: 0,
                widths: Vec::new(),
                formats: Formats::new(),
            })),
        };
        let mut listing = Self { file, rows: 0 };
        listing.title(name, titles)?;
        Ok(listing)
    }

    /// Ends the sheet and begins another.
    ///
    /// # Errors
    /// A name that no sheet can have.
    pub fn sheet(&mut self, name: &str, titles: &[&str]) -> Result<(), ListError> {
        match &mut self.file {
            File::Csv(text) => text.extend_from_slice(b"\r\n"),
            File::Xlsx(book) => book.end_sheet()?,
        }
        self.title(name, titles)
    }

    fn title(&mut self, name: &str, titles: &[&str]) -> Result<(), ListError> {
        match &mut self.file {
            File::Csv(text) => line(text, titles.iter().map(|title| quoted(title))),
            File::Xlsx(book) => {
                book.sheet.set_name(name)?;
                for (column, title) in (0_u16..).zip(titles) {
                    book.sheet.write_string_with_format(0, column, *title, &book.formats.title)?;
                }
                book.widths = titles.iter().map(|title| width(title) + FILTER).collect();
                book.row = 1;
            }
        }
        Ok(())
    }

    /// Adds a row.
    ///
    /// # Errors
    /// More rows than a sheet takes.
    pub fn row(&mut self, cells: &[ListCell]) -> Result<(), ListError> {
        self.rows += 1;
        match &mut self.file {
            File::Csv(text) => line(text, cells.iter().map(csv)),
            File::Xlsx(book) => book.write(cells)?,
        }
        Ok(())
    }

    /// Rows written so far, without titles.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The file.
    ///
    /// # Errors
    /// The workbook cannot be put together.
    pub fn finish(self) -> Result<Vec<u8>, ListError> {
        match self.file {
            File::Csv(text) => Ok(text),
            File::Xlsx(mut book) => {
                book.end_sheet()?;
                Ok(book.workbook.save_to_buffer()?)
            }
        }
    }
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_align(FormatAlign::Center),
            text: top().set_text_wrap(),
            // Excel's own way of saying that what follows is words, whatever sign it begins with.
            typed: top().set_text_wrap().set_quote_prefix(),
            amount: top().set_num_format("#,##0"),
            name: top(),
            moment: top().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

impl Book {
    fn write(&mut self, cells: &[ListCell]) -> Result<(), ListError> {
        for (column, cell) in (0_u16..).zip(cells) {
            let (row, formats) = (self.row, &self.formats);
            let wide = match cell {
                ListCell::Blank => continue,
                ListCell::Text(text) => {
                    let text = plain(text);
                    let format = if looks_like_a_formula(&text) { &formats.typed } else { &formats.text };
                    self.sheet.write_string_with_format(row, column, text.as_str(), format)?;
                    text.lines().map(width).fold(0.0, f64::max)
                }
                ListCell::Number(number) => {
                    // Amounts of an office are far below what a floating number tells apart.
                    self.sheet.write_number_with_format(row, column, *number as f64, &formats.amount)?;
                    number.to_string().len() as f64 * 4.0 / 3.0
                }
                ListCell::Name(number) => {
                    self.sheet.write_number_with_format(row, column, *number, &formats.name)?;
                    number.to_string().len() as f64
                }
                ListCell::Moment(at) => {
                    self.sheet.write_number_with_format(row, column, serial(*at), &formats.moment)?;
                    MOMENT_WIDTH
                }
            };
            if let Some(widest) = self.widths.get_mut(usize::from(column)) {
                *widest = widest.max(wide + 1.0);
            }
        }
        self.row += 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), ListError> {
        for (column, width) in (0_u16..).zip(&self.widths) {
            self.sheet.set_column_width(column, width.clamp(NARROWEST, WIDEST))?;
        }
        self.sheet.set_freeze_panes(1, 0)?;
        let last = u16::try_from(self.widths.len()).unwrap_or(1).saturating_sub(1);
        self.sheet.autofilter(0, 0, self.row.max(2) - 1, last)?;
        self.sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
        self.sheet.set_print_fit_to_pages(1, 0);
        self.workbook.push_worksheet(std::mem::take(&mut self.sheet));
        Ok(())
    }
}

/// A moment as a sheet counts it: days since the end of 1899.
fn serial(at: NaiveDateTime) -> f64 {
    const DAY: f64 = 86_400.0;
    let first = NaiveDate::from_ymd_opt(1899, 12, 30).expect("the day existed").and_hms_opt(0, 0, 0);
    (at - first.expect("midnight exists")).num_seconds() as f64 / DAY
}

/// How wide words are, in Latin letters: a Chinese sign takes two.
fn width(words: &str) -> f64 {
    words.chars().map(|sign| if sign < '\u{1100}' { 1.0 } else { 2.0 }).sum()
}

/// Words without signs that no cell can hold.
fn plain(words: &str) -> String {
    words.chars().filter(|sign| !sign.is_control() || *sign == '\n').take(MOST_SIGNS).collect()
}

/// Whether a spreadsheet that reads this from a text with commas would compute it. The wide forms count where the keyboard is
/// Chinese.
fn looks_like_a_formula(words: &str) -> bool {
    words.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) || words.starts_with(['\t', '\r'])
}

fn csv(cell: &ListCell) -> String {
    match cell {
        ListCell::Blank => String::new(),
        // The apostrophe is how a spreadsheet is told that words follow; it is the price for a text that cannot say so itself.
        ListCell::Text(text) if looks_like_a_formula(text) => quoted(&format!("'{}", plain(text))),
        ListCell::Text(text) => quoted(&plain(text)),
        ListCell::Number(number) => number.to_string(),
        ListCell::Name(number) => number.to_string(),
        ListCell::Moment(at) => at.format("%Y-%m-%d %H:%M").to_string(),
    }
}

fn quoted(words: &str) -> String {
    if words.contains(['"', ',', '\n', '\r', ';']) || words.starts_with(' ') || words.ends_with(' ') {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words.to_owned()
    }
}

fn line(text: &mut Vec<u8>, cells: impl Iterator<Item = String>) {
    text.extend_from_slice(cells.collect::<Vec<_>>().join(",").as_bytes());
    text.extend_from_slice(b"\r\n");
}
