//! The definition of a form and its reader. A pack's `form.toml` is checked here completely, so that everything behind
//! this door can rely on it: unknown attributes, doubled keys, unknown checks and lists that do not exist are refused.

use super::cross;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};
use toml::Spanned;

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
pub type Opt = Label;

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
    /// An uploaded file; it travels beside the answers, never in them.
    File,
    /// An empty cell of the print for a seal or a signature.
    Sign,
    /// A text of the form, nothing to fill.
    Note,
    /// Computed from the other answers by a named formula; never sent.
    Computed {
        /// The formula's name.
        formula: String,
    },
    /// The data of an observation instrument.
    Instrument {
        /// Which instrument.
        instrument: String,
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
    /// Must be answered before sending, when shown.
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
        Reader { file, text, has_list, has_number }.form()
    }

    /// All fields in order, without the columns of tables.
    pub fn fields(&self) -> impl Iterator<Item = &FieldDef> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&FieldDef> {
        self.fields().find(|field| field.key == key)
    }

    /// The keys of the sign cells, in order.
    pub fn sign_cells(&self) -> impl Iterator<Item = &str> {
        self.fields().filter(|field| field.kind == FieldKind::Sign).map(|field| field.key.as_str())
    }
}

impl FieldDef {
    /// Whether a value for this field may stand in the answers.
    pub fn takes_answer(&self) -> bool {
        !matches!(self.kind, FieldKind::File | FieldKind::Sign | FieldKind::Note | FieldKind::Computed { .. })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    id: Spanned<FormId>,
    version: u32,
    plan_year: u16,
    title: Label,
    name: Label,
    #[serde(default)]
    checks: Vec<Spanned<String>>,
    sections: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    key: Spanned<String>,
    title: Label,
    #[serde(default)]
    notes: Vec<Label>,
    fields: Vec<RawField>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum RawKind {
    Text,
    LongText,
    Integer,
    Money,
    Date,
    YearMonth,
    Time,
    Choice,
    Choices,
    Line,
    Rows,
    File,
    Sign,
    Note,
    Computed,
    Instrument,
}

/// Every attribute a field may have in the file; [`Reader::field`] sees to it that each kind has only its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    key: Spanned<String>,
    kind: RawKind,
    label: Label,
    help: Option<Label>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    read_only: bool,
    prefill: Option<String>,
    show_if: Option<RawShowIf>,
    min_chars: Option<u32>,
    max_chars: Option<u32>,
    pattern: Option<TextPattern>,
    min: Option<i32>,
    max: Option<i32>,
    within_plan_year: Option<bool>,
    options: Option<Vec<Opt>>,
    options_from: Option<String>,
    unit: Option<Label>,
    cap: Option<String>,
    suggest: Option<String>,
    fields: Option<Vec<RawField>>,
    min_rows: Option<u32>,
    max_rows: Option<u32>,
    formula: Option<String>,
    instrument: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawShowIf {
    field: String,
    is: OneOrMany,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    has_list: &'a dyn Fn(&str) -> bool,
    has_number: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn error(&self, at: usize, reason: impl Into<String>) -> PackError {
        let line = self.text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
        PackError { file: self.file.to_owned(), line, reason: reason.into() }
    }

    fn form(&self) -> Result<FormDef, PackError> {
        let raw: RawForm = toml::from_str(self.text)
            .map_err(|error| self.error(error.span().map_or(0, |span| span.start), error.message()))?;
        let mut keys = BTreeSet::new();
        let mut sections = Vec::new();
        for section in raw.sections {
            if sections.iter().any(|done: &Section| done.key == *section.key.get_ref()) {
                return Err(self.error(section.key.span().start, format!("section {} twice", section.key.get_ref())));
            }
            let fields = self.fields(section.fields, &mut keys)?;
            sections.push(Section {
                key: section.key.into_inner(),
                title: section.title,
                notes: section.notes,
                fields,
            });
        }
        for check in &raw.checks {
            if !cross::NAMED_CHECKS.iter().any(|named| named.name == check.get_ref()) {
                return Err(self.error(check.span().start, format!("unknown check {}", check.get_ref())));
            }
        }
        Ok(FormDef {
            id: raw.id.into_inner(),
            version: raw.version,
            plan_year: raw.plan_year,
            title: raw.title,
            name: raw.name,
            sections,
            checks: raw.checks.into_iter().map(Spanned::into_inner).collect(),
        })
    }

    fn fields(&self, raw: Vec<RawField>, keys: &mut BTreeSet<String>) -> Result<Vec<FieldDef>, PackError> {
        let mut fields: Vec<FieldDef> = Vec::new();
        for raw in raw {
            let at = raw.key.span().start;
            if raw.key.get_ref().parse::<FormId>().is_err() {
                return Err(self.error(at, format!("{:?} cannot be a key", raw.key.get_ref())));
            }
            if !keys.insert(raw.key.get_ref().clone()) {
                return Err(self.error(at, format!("field {} twice", raw.key.get_ref())));
            }
            if let Some(show_if) = &raw.show_if
                && !keys.contains(&show_if.field)
            {
                let reason = format!("show_if names {}, which no earlier field has", show_if.field);
                return Err(self.error(at, reason));
            }
            fields.push(self.field(raw)?);
        }
        Ok(fields)
    }

    fn field(&self, raw: RawField) -> Result<FieldDef, PackError> {
        let at = raw.key.span().start;
        let given = raw.given();
        let allowed = raw.kind.attributes();
        if let Some(stray) = given.iter().find(|name| !allowed.contains(name)) {
            return Err(self.error(at, format!("{stray} does not belong to this kind of field")));
        }
        let need = |name: &str| self.error(at, format!("{} needs {name}", raw.key.get_ref()));
        let kind = match raw.kind {
            RawKind::Text => {
                FieldKind::Text { min_chars: raw.min_chars, max_chars: raw.max_chars, pattern: raw.pattern }
            }
            RawKind::LongText => FieldKind::LongText { min_chars: raw.min_chars, max_chars: raw.max_chars },
            RawKind::Integer => FieldKind::Integer { min: raw.min, max: raw.max },
            RawKind::Money => FieldKind::Money { min: raw.min, max: raw.max },
            RawKind::Date => FieldKind::Date { within_plan_year: raw.within_plan_year.unwrap_or(false) },
            RawKind::YearMonth => FieldKind::YearMonth,
            RawKind::Time => FieldKind::Time,
            RawKind::Choice => FieldKind::Choice { options: self.options(at, raw.options, raw.options_from)? },
            RawKind::Choices => FieldKind::Choices { options: self.options(at, raw.options, raw.options_from)? },
            RawKind::Line => FieldKind::Line {
                unit: raw.unit.ok_or_else(|| need("unit"))?,
                cap: raw.cap.map(|number| self.cap(at, number)).transpose()?,
                suggest: raw.suggest.map(|name| self.formula(at, name)).transpose()?,
            },
            RawKind::Rows => FieldKind::Rows {
                fields: self.fields(raw.fields.ok_or_else(|| need("fields"))?, &mut BTreeSet::new())?,
                min_rows: raw.min_rows.unwrap_or(0),
                max_rows: raw.max_rows.ok_or_else(|| need("max_rows"))?,
            },
            RawKind::File => FieldKind::File,
            RawKind::Sign => FieldKind::Sign,
            RawKind::Note => FieldKind::Note,
            RawKind::Computed => {
                FieldKind::Computed { formula: self.formula(at, raw.formula.ok_or_else(|| need("formula"))?)? }
            }
            RawKind::Instrument => {
                FieldKind::Instrument { instrument: raw.instrument.ok_or_else(|| need("instrument"))? }
            }
        };
        let prefill = raw.prefill.map(|text| Prefill::read(&text).ok_or_else(|| self.error(at, "unknown prefill")));
        Ok(FieldDef {
            key: raw.key.into_inner(),
            label: raw.label,
            help: raw.help,
            required: raw.required,
            read_only: raw.read_only,
            prefill: prefill.transpose()?,
            show_if: raw.show_if.map(|raw| ShowIf {
                field: raw.field,
                is: match raw.is {
                    OneOrMany::One(label) => vec![label],
                    OneOrMany::Many(labels) => labels,
                },
            }),
            kind,
        })
    }

    fn options(&self, at: usize, options: Option<Vec<Opt>>, from: Option<String>) -> Result<Options, PackError> {
        match (options, from) {
            (Some(options), None) if !options.is_empty() => Ok(Options::Listed { options }),
            (None, Some(list)) if (self.has_list)(&list) => Ok(Options::Policy { list }),
            (None, Some(list)) => Err(self.error(at, format!("policy has no list {list}"))),
            _ => Err(self.error(at, "exactly one of options and options_from is needed")),
        }
    }

    fn cap(&self, at: usize, number: String) -> Result<LineCap, PackError> {
        if (self.has_number)(&number) {
            Ok(LineCap { number })
        } else {
            Err(self.error(at, format!("policy has no number {number}")))
        }
    }

    fn formula(&self, at: usize, name: String) -> Result<String, PackError> {
        if cross::FORMULAS.iter().any(|formula| formula.name == name) {
            Ok(name)
        } else {
            Err(self.error(at, format!("unknown formula {name}")))
        }
    }
}

impl RawField {
    /// The attributes that are there beside those every field may have.
    fn given(&self) -> Vec<&'static str> {
        [
            ("min_chars", self.min_chars.is_some()),
            ("max_chars", self.max_chars.is_some()),
            ("pattern", self.pattern.is_some()),
            ("min", self.min.is_some()),
            ("max", self.max.is_some()),
            ("within_plan_year", self.within_plan_year.is_some()),
            ("options", self.options.is_some()),
            ("options_from", self.options_from.is_some()),
            ("unit", self.unit.is_some()),
            ("cap", self.cap.is_some()),
            ("suggest", self.suggest.is_some()),
            ("fields", self.fields.is_some()),
            ("min_rows", self.min_rows.is_some()),
            ("max_rows", self.max_rows.is_some()),
            ("formula", self.formula.is_some()),
            ("instrument", self.instrument.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect()
    }
}

impl RawKind {
    fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["min_chars", "max_chars", "pattern"],
            Self::LongText => &["min_chars", "max_chars"],
            Self::Integer | Self::Money => &["min", "max"],
            Self::Date => &["within_plan_year"],
            Self::Choice | Self::Choices => &["options", "options_from"],
            Self::Line => &["unit", "cap", "suggest"],
            Self::Rows => &["fields", "min_rows", "max_rows"],
            Self::Computed => &["formula"],
            Self::Instrument => &["instrument"],
            Self::YearMonth | Self::Time | Self::File | Self::Sign | Self::Note => &[],
        }
    }
}

impl Prefill {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "school.name" => Self::SchoolName,
            "school.county" => Self::County,
            "person.name" => Self::PersonName,
            "person.email" => Self::PersonEmail,
            "person.phone" => Self::PersonPhone,
            other => {
                let (form, key) = other.strip_prefix("form:")?.split_once('.')?;
                form.parse::<FormId>().ok()?;
                key.parse::<FormId>().ok()?;
                Self::Form(format!("{form}.{key}"))
            }
        })
    }
}
