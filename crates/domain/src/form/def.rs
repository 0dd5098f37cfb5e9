//! The definition of a form: its parts, its fields and what kind of answer each takes. How a `form.toml` becomes one is in
//! `read`; what is wrong with answers, in `check`.

use super::read;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A form's id as in the office's list, e.g. `plc_application`: lower-case letters, digits and `_`, at most 64.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct FormId(String);

/// The text cannot be a form's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a form id: {0}")]
pub struct NotAFormId(String);

impl FormId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FormId {
    type Err = NotAFormId;
    fn from_str(text: &str) -> Result<Self, NotAFormId> {
        let fits = (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAFormId(text.chars().take(80).collect())) }
    }
}

impl TryFrom<String> for FormId {
    type Error = NotAFormId;
    fn try_from(text: String) -> Result<Self, NotAFormId> {
        text.parse()
    }
}

impl From<FormId> for String {
    fn from(id: FormId) -> Self {
        id.0
    }
}

impl fmt::Display for FormId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text in both languages of the program. The Chinese is the form's own wording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// As printed on the form.
    pub zh: String,
    /// For readers of English.
    pub en: String,
}

/// One option of a list. Its Chinese label is also its value in the answers (contracts: "the option's Chinese label").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields))]
#[serde(deny_unknown_fields)]
pub struct Opt {
    /// As printed on the form.
    pub zh: String,
    /// For readers of English.
    pub en: String,
    /// The key of its answer where the list is what a [`FieldKind::PerItem`] goes through, e.g. `A-2-1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// A line printed beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// Its labels in earlier years: a draft that has one of them gets today's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub was: Vec<String>,
    /// How sure the wording is, e.g. `derived:recall`: to be checked with the office before it is relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
}

impl Opt {
    /// An option that is its name and nothing more.
    pub fn plain(zh: &str) -> Self {
        Self { zh: zh.to_owned(), en: zh.to_owned(), code: None, help: None, was: Vec::new(), mark: None }
    }

    /// The key of its answer in a [`FieldKind::PerItem`].
    pub fn key(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.zh)
    }
}

/// Where the options of a choice come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Options {
    /// Printed on the form and the same every year.
    Listed {
        /// The options in their order.
        options: Vec<Opt>,
    },
    /// A dated list that an office can change (`policy/`).
    Policy {
        /// The list's name.
        list: String,
    },
}

/// The limit of a budget line's unit price: the name of a dated number in `policy/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct LineCap {
    /// Name of the number, NTD per unit.
    pub number: String,
}

/// Shapes of text that can be told without knowing the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TextPattern {
    /// Something, an `@`, a domain with a dot.
    Email,
    /// Digits with the signs people write between them, 6 to 20.
    Phone,
    /// Six digits or capital letters (`forms.md` §5.5).
    SchoolCode,
}

/// What kind of answer a field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text. Characters are counted after trimming, full and half width alike (`forms.md` §0).
    Text {
        /// At least so many characters.
        min_chars: Option<u32>,
        /// At most so many characters.
        max_chars: Option<u32>,
        /// A known shape.
        pattern: Option<TextPattern>,
    },
    /// Several lines of text.
    LongText {
        /// At least so many characters.
        min_chars: Option<u32>,
        /// At most so many characters.
        max_chars: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        min: Option<i32>,
        /// Largest.
        max: Option<i32>,
    },
    /// New Taiwan dollars, whole.
    Money {
        /// Smallest.
        min: Option<i32>,
        /// Largest.
        max: Option<i32>,
    },
    /// A day, `YYYY-MM-DD`; shown in 民國 years.
    Date {
        /// Must lie within the case's plan year (8/1 to 7/31).
        within_plan_year: bool,
    },
    /// A month, `YYYY-MM`.
    YearMonth,
    /// A time of day, `HH:MM`.
    Time,
    /// One of the options.
    Choice {
        /// The options.
        options: Options,
    },
    /// Any of the options, a list of labels.
    Choices {
        /// The options.
        options: Options,
    },
    /// Quantity × unit price of a budget: `{quantity, unit_price, note}`; the subtotal is computed.
    Line {
        /// The unit, e.g. 節.
        unit: Label,
        /// The unit price's limit.
        cap: Option<LineCap>,
        /// A formula whose result is offered as the line's amount.
        suggest: Option<String>,
    },
    /// A table that grows: a list of objects.
    Rows {
        /// The columns.
        fields: Vec<FieldDef>,
        /// At least so many rows.
        min_rows: u32,
        /// At most so many rows.
        max_rows: u32,
    },
    /// An uploaded file; it travels beside the answers, never in them. A form has one at most (附件總數為一個檔案).
    File {
        /// What is enclosed, in a word or two for buttons and messages; none: the stamped copy of the print.
        enclosure: Option<Label>,
    },
    /// An empty cell of the print for a seal or a signature.
    Sign,
    /// A text of the form, nothing to fill.
    Note,
    /// Computed from the other answers by a named formula; never sent. A number, a text, or a [`super::Table`].
    Computed {
        /// The formula's name.
        formula: String,
    },
    /// Fields under one key: an object.
    Group {
        /// The fields.
        fields: Vec<FieldDef>,
    },
    /// One answer for each item of a list: an object by the items' codes, such as the facts for each 檢核重點.
    PerItem {
        /// The items.
        items: Options,
        /// What is answered for each.
        of: ItemAnswer,
    },
    /// A run of whole numbers, such as the codes of an observation: a list of numbers.
    Codes {
        /// Smallest.
        min: i32,
        /// Largest.
        max: i32,
        /// At most so many.
        max_items: u32,
    },
}

/// What a [`FieldKind::PerItem`] takes for each item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemAnswer {
    /// Several lines of text.
    LongText,
    /// One of the options.
    Choice {
        /// The options.
        options: Options,
    },
}

/// Where a field's first value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Prefill {
    /// The full name of the owner's school.
    SchoolName,
    /// The school's county.
    County,
    /// The owner's name.
    PersonName,
    /// The owner's e-mail address.
    PersonEmail,
    /// The owner's telephone number.
    PersonPhone,
    /// A field of another form of the same case, `form.key`.
    Form(String),
}

/// The field counts only while another field has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ShowIf {
    /// A `choice` or `choices` field of the same form (or of the same row).
    pub field: String,
    /// Any of these labels.
    pub is: Vec<String>,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldDef {
    /// Its key in the answers.
    pub key: String,
    /// Its label as on the paper.
    pub label: Label,
    /// A sentence of help beneath the field.
    pub help: Option<Label>,
    /// Must be answered before sending, when shown; an enclosure: must be there.
    pub required: bool,
    /// Shown, not typed.
    pub read_only: bool,
    /// Its first value.
    pub prefill: Option<Prefill>,
    /// When it counts.
    pub show_if: Option<ShowIf>,
    /// Its kind.
    pub kind: FieldKind,
}

/// A part of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Section {
    /// Its key.
    pub key: String,
    /// Its heading.
    pub title: Label,
    /// Notes printed on the form for this part.
    pub notes: Vec<Label>,
    /// Its fields in order.
    pub fields: Vec<FieldDef>,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormDef {
    /// Its id.
    pub id: FormId,
    /// The version of the pack; a published version is never edited.
    pub version: u32,
    /// The first plan year (學年度) that uses this version.
    pub plan_year: u16,
    /// The title on the paper.
    pub title: Label,
    /// The short name in lists of papers.
    pub name: Label,
    /// The parts in order.
    pub sections: Vec<Section>,
    /// Named checks over several fields.
    pub checks: Vec<String>,
}

/// A pack that cannot be used, with the place of the fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct PackError {
    /// The file as it was named to the reader.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl FormDef {
    /// Reads a `form.toml`. `file` names it in errors; `has_list` and `has_number` tell whether `policy/` knows a name.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn parse(
        file: &str,
        text: &str,
        has_list: &dyn Fn(&str) -> bool,
        has_number: &dyn Fn(&str) -> bool,
    ) -> Result<Self, PackError> {
        read::form(file, text, has_list, has_number)
    }

    /// All fields in order, without the columns of tables.
    pub fn fields(&self) -> impl Iterator<Item = &FieldDef> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&FieldDef> {
        self.fields().find(|field| field.key == key)
    }

    /// The field for a file of its own, and what it is called; none where the only file is the stamped print.
    pub fn enclosure(&self) -> Option<(&FieldDef, &Label)> {
        self.fields().find_map(|field| match &field.kind {
            FieldKind::File { enclosure: Some(name) } => Some((field, name)),
            _ => None,
        })
    }

    /// What has to be enclosed before the form can be sent.
    pub fn required_enclosure(&self) -> Option<&Label> {
        self.enclosure().filter(|(field, _)| field.required).map(|(_, name)| name)
    }

    /// The keys of the sign cells, in order.
    pub fn sign_cells(&self) -> impl Iterator<Item = &str> {
        self.fields().filter(|field| field.kind == FieldKind::Sign).map(|field| field.key.as_str())
    }
}

impl FieldDef {
    /// Whether a value for this field may stand in the answers.
    pub fn takes_answer(&self) -> bool {
        !matches!(self.kind, FieldKind::File { .. } | FieldKind::Sign | FieldKind::Note | FieldKind::Computed { .. })
    }
}
