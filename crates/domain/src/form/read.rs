//! The reader of `form.toml`. A pack is checked here completely, so that everything behind this door can rely on it: unknown
//! attributes, doubled keys, unknown checks and lists that do not exist are refused, with the line.

use super::{
    cross,
    def::{
        FieldDef, FieldKind, FormDef, FormId, ItemAnswer, Label, LineCap, Opt, Options, PackError, Prefill, Section,
        ShowIf, TextPattern,
    },
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

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
    Group,
    PerItem,
    Codes,
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
    items_from: Option<String>,
    max_items: Option<u32>,
    enclosure: Option<Label>,
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

/// [`FormDef::parse`].
pub(super) fn form(
    file: &str,
    text: &str,
    has_list: &dyn Fn(&str) -> bool,
    has_number: &dyn Fn(&str) -> bool,
) -> Result<FormDef, PackError> {
    Reader { file, text, has_list, has_number }.form()
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    has_list: &'a dyn Fn(&str) -> bool,
    has_number: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn error(&self, at: usize, reason: impl Into<String>) -> PackError {
        PackError { file: self.file.to_owned(), line: line_of(self.text, at), reason: reason.into() }
    }

    fn form(&self) -> Result<FormDef, PackError> {
        let raw: RawForm = toml::from_str(self.text)
            .map_err(|error| self.error(error.span().map_or(0, |span| span.start), error.message()))?;
        let mut files =
            raw.sections.iter().flat_map(|section| &section.fields).filter(|field| field.kind == RawKind::File);
        if let Some(second) = files.nth(1) {
            return Err(self.error(second.key.span().start, "a form has one file at most"));
        }
        let mut known = BTreeMap::new();
        let mut sections = Vec::new();
        for section in raw.sections {
            if section.key.get_ref().parse::<FormId>().is_err() {
                return Err(
                    self.error(section.key.span().start, format!("{:?} cannot be a key", section.key.get_ref()))
                );
            }
            if sections.iter().any(|done: &Section| done.key == *section.key.get_ref()) {
                return Err(self.error(section.key.span().start, format!("section {} twice", section.key.get_ref())));
            }
            let fields = self.fields(section.fields, &mut known)?;
            sections.push(Section {
                key: section.key.into_inner(),
                title: section.title,
                notes: section.notes,
                fields,
            });
        }
        for check in &raw.checks {
            if !cross::is_check(check.get_ref()) {
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

    fn fields(&self, raw: Vec<RawField>, known: &mut Known) -> Result<Vec<FieldDef>, PackError> {
        let mut fields: Vec<FieldDef> = Vec::new();
        for raw in raw {
            let at = raw.key.span().start;
            if raw.key.get_ref().parse::<FormId>().is_err() {
                return Err(self.error(at, format!("{:?} cannot be a key", raw.key.get_ref())));
            }
            if known.contains_key(raw.key.get_ref()) {
                return Err(self.error(at, format!("field {} twice", raw.key.get_ref())));
            }
            let field = self.field(raw)?;
            if let Some(show_if) = &field.show_if {
                can_show(show_if, known).map_err(|reason| self.error(at, reason))?;
            }
            let options = match &field.kind {
                FieldKind::Choice { options } | FieldKind::Choices { options } => Some(options.clone()),
                _ => None,
            };
            known.insert(field.key.clone(), options);
            fields.push(field);
        }
        Ok(fields)
    }

    /// The columns of a table: kinds of fields that can stand in a row.
    fn columns(&self, raw: Vec<RawField>) -> Result<Vec<FieldDef>, PackError> {
        use RawKind::{Codes, Computed, File, Group, Line, PerItem, Rows};
        let stays_out = |kind| matches!(kind, Computed | File | Line | Rows | Group | PerItem | Codes);
        if let Some(stray) = raw.iter().find(|column| stays_out(column.kind)) {
            return Err(self.error(stray.key.span().start, format!("{} cannot stand in a row", stray.key.get_ref())));
        }
        self.fields(raw, &mut BTreeMap::new())
    }

    /// The fields of a group: what can stand in a row, and rows.
    fn members(&self, raw: Vec<RawField>) -> Result<Vec<FieldDef>, PackError> {
        use RawKind::{Computed, File, Group, Line, Note, Sign};
        if let Some(stray) = raw.iter().find(|one| matches!(one.kind, Computed | File | Line | Group | Note | Sign)) {
            return Err(self.error(stray.key.span().start, format!("{} cannot stand in a group", stray.key.get_ref())));
        }
        self.fields(raw, &mut BTreeMap::new())
    }

    fn item_answer(&self, at: usize, options: Option<Vec<Opt>>, from: Option<String>) -> Result<ItemAnswer, PackError> {
        if options.is_none() && from.is_none() {
            return Ok(ItemAnswer::LongText);
        }
        Ok(ItemAnswer::Choice { options: self.options(at, options, from)? })
    }

    fn field(&self, raw: RawField) -> Result<FieldDef, PackError> {
        let at = raw.key.span().start;
        let given = raw.given();
        let allowed = raw.kind.attributes();
        if let Some(stray) = given.iter().find(|name| !allowed.contains(name)) {
            return Err(self.error(at, format!("{stray} does not belong to this kind of field")));
        }
        if let Some(pair) = raw.upside_down() {
            return Err(self.error(at, format!("{pair}: the smallest is above the largest")));
        }
        if raw.required && !raw.kind.takes_answer() && raw.enclosure.is_none() {
            return Err(self.error(at, "required, but this kind of field takes no answer"));
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
                fields: self.columns(raw.fields.ok_or_else(|| need("fields"))?)?,
                min_rows: raw.min_rows.unwrap_or(0),
                max_rows: raw.max_rows.ok_or_else(|| need("max_rows"))?,
            },
            RawKind::File => FieldKind::File { enclosure: raw.enclosure },
            RawKind::Sign => FieldKind::Sign,
            RawKind::Note => FieldKind::Note,
            RawKind::Computed => {
                FieldKind::Computed { formula: self.formula(at, raw.formula.ok_or_else(|| need("formula"))?)? }
            }
            RawKind::Group => FieldKind::Group { fields: self.members(raw.fields.ok_or_else(|| need("fields"))?)? },
            RawKind::PerItem => FieldKind::PerItem {
                items: self.options(at, None, Some(raw.items_from.ok_or_else(|| need("items_from"))?))?,
                of: self.item_answer(at, raw.options, raw.options_from)?,
            },
            RawKind::Codes => FieldKind::Codes {
                min: raw.min.ok_or_else(|| need("min"))?,
                max: raw.max.ok_or_else(|| need("max"))?,
                max_items: raw.max_items.ok_or_else(|| need("max_items"))?,
            },
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
        let twice = |options: &[Opt]| {
            let mut seen = BTreeSet::new();
            options.iter().find(|option| !seen.insert(option.zh.clone())).map(|option| option.zh.clone())
        };
        if let Some(label) = options.as_deref().and_then(twice) {
            return Err(self.error(at, format!("option {label} twice")));
        }
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

/// The keys before a field, and what those with options can answer.
type Known = BTreeMap<String, Option<Options>>;

/// Whether a `show_if` can ever be fulfilled: it names an earlier choice, and labels that the choice has. Labels of policy
/// lists differ between years and are not looked at.
fn can_show(show_if: &ShowIf, known: &Known) -> Result<(), String> {
    let field = &show_if.field;
    let options = known.get(field).ok_or_else(|| format!("show_if names {field}, which no earlier field has"))?;
    let options = options.as_ref().ok_or_else(|| format!("show_if names {field}, which is no choice"))?;
    if show_if.is.is_empty() {
        return Err(format!("show_if of {field} names no option"));
    }
    let Options::Listed { options } = options else { return Ok(()) };
    match show_if.is.iter().find(|label| options.iter().all(|option| option.zh != **label)) {
        Some(label) => Err(format!("show_if: {field} has no option {label}")),
        None => Ok(()),
    }
}

/// The line, from 1, of a place in a text given in bytes.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

impl RawField {
    /// Limits of which the smallest is above the largest.
    fn upside_down(&self) -> Option<&'static str> {
        fn above<T: PartialOrd>(least: Option<T>, most: Option<T>) -> bool {
            least.zip(most).is_some_and(|(least, most)| least > most)
        }
        [
            ("min_chars", above(self.min_chars, self.max_chars)),
            ("min", above(self.min, self.max)),
            ("min_rows", above(self.min_rows, self.max_rows)),
        ]
        .into_iter()
        .find_map(|(name, wrong)| wrong.then_some(name))
    }

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
            ("items_from", self.items_from.is_some()),
            ("max_items", self.max_items.is_some()),
            ("enclosure", self.enclosure.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, there)| there.then_some(name))
        .collect()
    }
}

impl RawKind {
    fn takes_answer(self) -> bool {
        !matches!(self, Self::File | Self::Sign | Self::Note | Self::Computed)
    }

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
            Self::Group => &["fields"],
            Self::PerItem => &["items_from", "options", "options_from"],
            Self::Codes => &["min", "max", "max_items"],
            Self::File => &["enclosure"],
            Self::YearMonth | Self::Time | Self::Sign | Self::Note => &[],
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
