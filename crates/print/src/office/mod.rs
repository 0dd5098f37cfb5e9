//! Forms for a word processor: an ODT (the government's editable format, CNS 15251) or a DOCX, blank or filled in, made from the
//! same pack as the screen and the print. Plain tables that a person can go on writing in; no QR, since what is written there
//! comes back only by being typed into the program.

mod docx;
mod odt;
mod write;

#[cfg(test)]
mod tests;

use crate::Header;
use domain::{
    form::{Answers, FormDef},
    policy::Policy,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeFormat {
    /// OpenDocument text.
    Odt,
    /// Office Open XML, as Word writes it.
    Docx,
}

/// A form to be written.
#[derive(Debug, Clone, Copy)]
pub struct OfficeRequest<'a> {
    /// The form.
    pub form: &'a FormDef,
    /// The answers with what was computed from them; none: the blank form.
    pub filled: Option<(&'a Answers, &'a BTreeMap<String, Value>)>,
    /// The option lists in force.
    pub policy: &'a Policy,
    /// The line above the title.
    pub header: Header<'a>,
}

/// The file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the document could not be written: {0}")]
pub struct OfficeError(pub(crate) String);

/// Writes the form as a file for a word processor. The same request always gives the same bytes.
///
/// # Errors
/// The library that packs the file refused; no form and no answers lead there.
pub fn office(request: &OfficeRequest<'_>, format: OfficeFormat) -> Result<Vec<u8>, OfficeError> {
    let sheet = write::sheet(request);
    match format {
        OfficeFormat::Odt => odt::write(&sheet),
        OfficeFormat::Docx => docx::write(&sheet),
    }
}

/// What stands on the sheet, before it becomes one of the formats.
struct Sheet {
    /// 「111學年度 連江縣 縣立介壽國(中)小」; on a blank form a line to fill.
    header: String,
    title: String,
    parts: Vec<Part>,
}

enum Part {
    Heading(String),
    Notes(Vec<String>),
    Table(Grid),
}

/// A table. Every row covers all columns.
struct Grid {
    /// Widths of the columns in parts of a hundred.
    widths: Vec<u32>,
    /// So many rows from above are repeated on every page.
    head_rows: usize,
    rows: Vec<Row>,
}

struct Row {
    cells: Vec<Cell>,
    /// At least so high, in millimetres; so a blank form has room to write.
    height: u32,
}

struct Cell {
    lines: Vec<String>,
    span: usize,
    /// It names what stands beside or below.
    head: bool,
}

impl Cell {
    fn head(text: &str) -> Self {
        Self { lines: vec![text.to_owned()], span: 1, head: true }
    }

    fn text(text: &str) -> Self {
        Self { lines: text.split('\n').map(str::to_owned).collect(), span: 1, head: false }
    }
}

/// Without the control characters that XML cannot hold.
fn clean(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_control() || *sign == '\t').collect()
}

/// A note with its number, when there is more than one.
fn numbered(notes: &[String], number: usize, note: &str) -> String {
    if notes.len() > 1 { format!("{}. {note}", number + 1) } else { note.to_owned() }
}

/// Paper and type, as both formats need them: A4 with edges of 18 mm, in the 標楷體 of government documents.
mod look {
    pub(super) const EDGE_MM: u32 = 18;
    pub(super) const WIDTH_MM: u32 = 210 - 2 * EDGE_MM;
    pub(super) const FONT: &str = "標楷體";
    pub(super) const LATIN_FONT: &str = "Times New Roman";
    pub(super) const BODY_PT: u32 = 12;
    pub(super) const SMALL_PT: u32 = 10;
    pub(super) const TITLE_PT: u32 = 16;
}
