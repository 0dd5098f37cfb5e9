//! From a form and its answers to what stands on the sheet.

use super::{Cell, Grid, OfficeRequest, Part, Row, Sheet};
use crate::paper::{BLANK_HEADER, amount, is_shown};
use chrono::NaiveDate;
use domain::{
    form::{FieldDef, FieldKind, ItemAnswer, Label, Opt, Options},
    time::roc_date,
};
use serde_json::{Map, Value};

/// More options than these are not printed to be ticked; one writes the answer.
const TICKED: usize = 16;
/// Rows that a growing table has on a blank form.
const BLANK_ROWS: usize = 6;
/// Millimetres: one line, a text of several, room for a seal.
const LINE: u32 = 9;
const SEVERAL_LINES: u32 = 28;
const SEAL: u32 = 26;

pub(super) fn sheet(request: &OfficeRequest<'_>) -> Sheet {
    let form = request.form;
    let header = request.header;
    let mut words = vec![format!("{}學年度", header.plan_year)];
    words.extend([header.county, header.school].into_iter().filter(|word| !word.is_empty()).map(str::to_owned));
    if request.filled.is_none() {
        words = vec![BLANK_HEADER.to_owned()];
    }
    let empty = Map::new();
    let answers = request.filled.map_or(&empty, |(answers, _)| &answers.0);
    let mut writer = Writer { request, parts: Vec::new(), pairs: Vec::new(), lines: Vec::new(), signs: Vec::new() };
    let mut after = Vec::new();
    for section in &form.sections {
        if form.sections.len() > 1 {
            writer.close();
            writer.parts.push(Part::Heading(section.title.zh.clone()));
        }
        for field in &section.fields {
            if let FieldKind::File { .. } = field.kind {
                let help = field.help.as_ref().map_or("", |help| help.zh.as_str());
                after.push(format!("{}　{help}", field.label.zh).trim_end().to_owned());
            } else {
                writer.field(field, answers);
            }
        }
        writer.close();
        writer.notes(section.notes.iter().map(|note| note.zh.clone()).collect());
    }
    writer.notes(after);
    Sheet { header: words.join(" "), title: form.title.zh.clone(), parts: writer.parts }
}

/// Collects what follows on each other into one table: labels with answers, lines of a budget, sign cells.
struct Writer<'a> {
    request: &'a OfficeRequest<'a>,
    parts: Vec<Part>,
    pairs: Vec<Row>,
    lines: Vec<Row>,
    signs: Vec<(String, String)>,
}

impl Writer<'_> {
    fn field(&mut self, field: &FieldDef, beside: &Map<String, Value>) {
        if self.request.filled.is_some() && !is_shown(field, beside) {
            return;
        }
        let answer = beside.get(&field.key).filter(|value| !value.is_null());
        let label = field.label.zh.as_str();
        match &field.kind {
            FieldKind::Rows { fields, max_rows, .. } => self.rows(label, fields, *max_rows, answer),
            FieldKind::Group { fields } => {
                self.close();
                self.parts.push(Part::Heading(label.to_owned()));
                let empty = Map::new();
                let group = answer.and_then(Value::as_object).unwrap_or(&empty);
                for field in fields {
                    self.field(field, group);
                }
                self.close();
            }
            FieldKind::PerItem { items, of } => self.per_item(label, items, of, answer),
            FieldKind::Line { unit, .. } => self.line(field, unit, answer),
            FieldKind::Sign => {
                self.close_pairs();
                self.signs.push((label.to_owned(), String::new()));
            }
            FieldKind::Note => {
                self.close();
                let help = field.help.as_ref().map(|help| help.zh.clone());
                self.parts.push(Part::Notes([Some(label.to_owned()), help].into_iter().flatten().collect()));
            }
            FieldKind::Computed { .. } => self.computed(field),
            _ => {
                let text = self.text(&field.kind, answer);
                self.pair(
                    label,
                    &text,
                    if matches!(field.kind, FieldKind::LongText { .. }) { SEVERAL_LINES } else { LINE },
                );
            }
        }
    }

    /// An answer of one value, or the options to tick.
    fn text(&self, kind: &FieldKind, answer: Option<&Value>) -> String {
        match kind {
            FieldKind::Choice { options } | FieldKind::Choices { options } => self.options(options, answer),
            FieldKind::Date { .. } => match answer.and_then(Value::as_str) {
                Some(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or_else(|_| text.to_owned(), roc_date),
                None => "　　年　　月　　日".to_owned(),
            },
            FieldKind::Codes { .. } => {
                let codes = answer.and_then(Value::as_array).into_iter().flatten().map(plain);
                codes.collect::<Vec<_>>().join(" ")
            }
            FieldKind::Money { .. } => answer.map_or_else(String::new, amount),
            _ => answer.map_or_else(String::new, plain),
        }
    }

    fn options(&self, options: &Options, answer: Option<&Value>) -> String {
        let all = self.all(options);
        let chosen: Vec<&str> = match answer {
            Some(Value::String(label)) => vec![label.trim()],
            Some(Value::Array(labels)) => labels.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if all.len() > TICKED {
            return chosen.join("、");
        }
        let ticked = |option: &Opt| {
            let mark = if chosen.contains(&option.zh.as_str()) { "■" } else { "□" };
            let help = option.help.as_ref().map_or_else(String::new, |help| format!("（{}）", help.zh));
            format!("{mark}{}{help}", option.zh)
        };
        // Options with a line of explanation stand one below the other.
        let between = if all.iter().any(|option| option.help.is_some()) { "\n" } else { "　" };
        let other = chosen.iter().filter(|label| all.iter().all(|option| option.zh != **label));
        let written = all.iter().map(ticked).chain(other.map(|label| (*label).to_owned()));
        written.collect::<Vec<_>>().join(between)
    }

    fn all(&self, options: &Options) -> Vec<Opt> {
        match options {
            Options::Listed { options } => options.clone(),
            Options::Policy { list } => self.request.policy.list(list).to_vec(),
        }
    }

    fn pair(&mut self, label: &str, text: &str, height: u32) {
        self.close_lines();
        self.pairs.push(Row { cells: vec![Cell::head(label), Cell::text(text)], height });
    }

    fn rows(&mut self, label: &str, columns: &[FieldDef], max_rows: u32, answer: Option<&Value>) {
        self.close();
        let count = columns.len();
        let mut title = Cell::head(label);
        title.span = count;
        let names = columns.iter().map(|column| Cell::head(&column.label.zh)).collect();
        let mut rows = vec![Row { cells: vec![title], height: LINE }, Row { cells: names, height: LINE }];
        if self.request.filled.is_some() {
            let empty = Map::new();
            for row in answer.and_then(Value::as_array).into_iter().flatten() {
                let row = row.as_object().unwrap_or(&empty);
                let cell = |column: &FieldDef| {
                    let answer = row.get(&column.key).filter(|value| !value.is_null());
                    Cell::text(&self.in_row(&column.kind, answer))
                };
                rows.push(Row { cells: columns.iter().map(cell).collect(), height: LINE });
            }
        } else {
            for _ in 0..BLANK_ROWS.min(max_rows as usize) {
                rows.push(Row { cells: columns.iter().map(|_| Cell::text("")).collect(), height: LINE });
            }
        }
        self.parts.push(Part::Table(Grid { widths: widths(columns), head_rows: 2, rows }));
    }

    /// In a row there is no room for boxes to tick.
    fn in_row(&self, kind: &FieldKind, answer: Option<&Value>) -> String {
        match (kind, answer) {
            (FieldKind::Choice { .. } | FieldKind::Choices { .. }, Some(Value::Array(labels))) => {
                labels.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("、")
            }
            (FieldKind::Choice { .. } | FieldKind::Choices { .. }, answer) => answer.map_or_else(String::new, plain),
            (_, None) => String::new(),
            (kind, answer) => self.text(kind, answer),
        }
    }

    fn per_item(&mut self, label: &str, items: &Options, of: &ItemAnswer, answer: Option<&Value>) {
        self.close();
        let mut title = Cell::head(label);
        title.span = 2;
        let mut rows = vec![Row { cells: vec![title], height: LINE }];
        for item in self.all(items) {
            let answer = answer.and_then(|answers| answers.get(item.key())).filter(|value| !value.is_null());
            let (text, height) = match of {
                ItemAnswer::LongText => (answer.map_or_else(String::new, plain), 2 * LINE),
                ItemAnswer::Choice { options } => (self.options(options, answer), LINE),
            };
            let name = match &item.code {
                Some(code) if !item.zh.starts_with(code.as_str()) => format!("{code} {}", item.zh),
                _ => item.zh.clone(),
            };
            rows.push(Row { cells: vec![Cell::head(&name), Cell::text(&text)], height });
        }
        self.parts.push(Part::Table(Grid { widths: vec![40, 60], head_rows: 1, rows }));
    }

    fn line(&mut self, field: &FieldDef, unit: &Label, answer: Option<&Value>) {
        self.close_pairs();
        let part = |name: &str| answer.and_then(|line| line.get(name)).map_or_else(String::new, amount);
        let subtotal = self.request.filled.and_then(|(_, computed)| computed.get(&format!("{}.subtotal", field.key)));
        let filled = !part("quantity").is_empty();
        let note = answer.and_then(|line| line.get("note")).map_or_else(String::new, plain);
        let texts = [
            part("quantity"),
            unit.zh.clone(),
            part("unit_price"),
            subtotal.filter(|_| filled).map_or_else(String::new, amount),
            note,
        ];
        let mut cells = vec![Cell::head(&field.label.zh)];
        cells.extend(texts.iter().map(|text| Cell::text(text)));
        self.lines.push(Row { cells, height: LINE });
    }

    /// A number stands beside its label, a table below it; on a blank form there is room for either.
    fn computed(&mut self, field: &FieldDef) {
        let label = field.label.zh.as_str();
        let value = self.request.filled.and_then(|(_, computed)| computed.get(&field.key)).cloned();
        let Some(Value::Object(table)) = value else {
            let text = match &value {
                Some(Value::String(text)) => text.clone(),
                value => value.as_ref().map_or_else(String::new, amount),
            };
            return self.pair(label, &text, LINE);
        };
        self.close();
        let list = |key: &str| table.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let columns = list("columns");
        let mut title = Cell::head(label);
        title.span = columns.len().max(1);
        let mut rows = vec![Row { cells: vec![title], height: LINE }];
        rows.push(Row { cells: columns.iter().map(|cell| Cell::head(&table_cell(cell))).collect(), height: LINE });
        for row in list("rows") {
            let cells = row.as_array().into_iter().flatten().map(|cell| Cell::text(&table_cell(cell))).collect();
            rows.push(Row { cells, height: LINE });
        }
        let share = 100 / u32::try_from(columns.len().max(1)).unwrap_or(1);
        self.parts.push(Part::Table(Grid { widths: vec![share; columns.len().max(1)], head_rows: 2, rows }));
    }

    fn notes(&mut self, notes: Vec<String>) {
        if !notes.is_empty() {
            self.parts.push(Part::Notes(notes));
        }
    }

    fn close(&mut self) {
        self.close_pairs();
        self.close_lines();
        for signs in std::mem::take(&mut self.signs).chunks(2) {
            let mut cells = Vec::new();
            for (label, room) in signs {
                cells.push(Cell::head(label));
                cells.push(Cell::text(room));
            }
            let widths = if signs.len() == 2 { vec![17, 33, 17, 33] } else { vec![17, 83] };
            self.parts.push(Part::Table(Grid { widths, head_rows: 0, rows: vec![Row { cells, height: SEAL }] }));
        }
    }

    fn close_pairs(&mut self) {
        let rows = std::mem::take(&mut self.pairs);
        if !rows.is_empty() {
            self.parts.push(Part::Table(Grid { widths: vec![30, 70], head_rows: 0, rows }));
        }
    }

    fn close_lines(&mut self) {
        let mut rows = std::mem::take(&mut self.lines);
        if !rows.is_empty() {
            let names = ["項目", "數量", "單位", "單價(元)", "總價(元)", "備註"];
            rows.insert(0, Row { cells: names.map(Cell::head).into(), height: LINE });
            self.parts.push(Part::Table(Grid { widths: vec![30, 10, 10, 15, 15, 20], head_rows: 1, rows }));
        }
    }
}

/// Texts of several lines get twice the width of others.
fn widths(columns: &[FieldDef]) -> Vec<u32> {
    let weight = |column: &FieldDef| match column.kind {
        FieldKind::LongText { .. } => 3,
        FieldKind::Integer { .. } | FieldKind::Time => 1,
        _ => 2,
    };
    let all: u32 = columns.iter().map(weight).sum();
    columns.iter().map(|column| weight(column) * 100 / all.max(1)).collect()
}

/// A text or number as it stands; blank for anything else.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn table_cell(cell: &Value) -> String {
    match cell {
        Value::Object(label) => label.get("zh").map_or_else(String::new, plain),
        Value::Number(number) if number.is_f64() => format!("{:.2}", number.as_f64().unwrap_or_default()),
        Value::Null => "—".to_owned(),
        other => plain(other),
    }
}
