//! The one judge of answers. It never fails: a half-filled draft, or any JSON at all, gives a list of problems.

use super::{
    Answers, FieldDef, FieldKind, FormDef, ItemAnswer, Level, Opt, Options, Problem, ProblemCode, TextPattern, cross,
    hints::county_checks,
    shape::{count_chars, is_blank, parse_date, parse_time},
};
use crate::policy::Policy;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Answers after the look at them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Checked {
    /// The answers as they came.
    pub answers: Answers,
    /// Computed values by key: computed fields, `<line>.subtotal`, `<line>.suggested`, NTD or counts.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub computed: BTreeMap<String, Value>,
    /// The problems, in the order of the form.
    pub problems: Vec<Problem>,
}

impl Checked {
    /// Whether nothing stands against sending. Warnings do not.
    pub fn is_complete(&self) -> bool {
        self.problems.iter().all(|problem| problem.level == Level::Warning)
    }
}

/// Checks `answers` against the form and the rules of the county and year.
pub fn check(form: &FormDef, answers: Answers, policy: &Policy) -> Checked {
    let mut look = Look { policy, problems: Vec::new() };
    let fields: Vec<&FieldDef> = form.fields().collect();
    look.object("", &fields, &answers.0);
    let computed = cross::compute(form, &answers, policy);
    for name in form.checks.iter().map(String::as_str).chain(county_checks(&form.id)) {
        look.problems.extend(cross::run(name, &cross::Subject { form, answers: &answers, policy }));
    }
    Checked { answers, computed, problems: look.problems }
}

/// Whether the field counts, seen from the answers beside it.
pub(super) fn shown(field: &FieldDef, beside: &Map<String, Value>) -> bool {
    field.show_if.as_ref().is_none_or(|rule| match beside.get(&rule.field) {
        Some(Value::String(label)) => rule.is.contains(label),
        Some(Value::Array(labels)) => {
            labels.iter().any(|l| l.as_str().is_some_and(|l| rule.is.iter().any(|is| is == l)))
        }
        _ => false,
    })
}

/// The largest number of any field, and the largest amount of a budget line, NTD: ten digits, so that no sum of a budget
/// leaves the numbers that JSON readers keep exactly.
const LARGEST: i64 = 9_999_999_999;

/// The longest note of a budget line, in characters.
const NOTE_CHARS: u32 = 200;

struct Look<'a> {
    policy: &'a Policy,
    problems: Vec<Problem>,
}

impl<'a> Look<'a> {
    fn say(&mut self, field: &str, code: ProblemCode, params: Value) {
        self.problems.push(Problem::error(field, code, params));
    }

    fn object(&mut self, path: &str, fields: &[&FieldDef], answers: &Map<String, Value>) {
        for field in fields {
            let value = answers.get(&field.key).filter(|value| !value.is_null());
            let at = format!("{path}{}", field.key);
            if !field.takes_answer() {
                if value.is_some() {
                    self.say(&at, ProblemCode::UnknownField, json!({}));
                }
                continue;
            }
            let shown = shown(field, answers);
            match value {
                Some(value) if !shown && !is_blank(value) => self.say(&at, ProblemCode::NotShown, json!({})),
                Some(value) if shown => self.value(&at, field, value),
                None if shown => self.absent(&at, field),
                _ => {}
            }
        }
        // `null` means not answered, under a key of the form or not.
        let given = answers.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key);
        for key in given.filter(|key| !fields.iter().any(|field| field.key == **key)) {
            self.say(&format!("{path}{key}"), ProblemCode::UnknownField, json!({}));
        }
    }

    fn absent(&mut self, at: &str, field: &FieldDef) {
        match &field.kind {
            FieldKind::Rows { min_rows, .. } if *min_rows > 0 => {
                self.say(at, ProblemCode::TooFewRows, json!({ "min": min_rows, "count": 0 }));
            }
            // What a group lacks is said of its fields.
            FieldKind::Group { fields } => {
                self.object(&format!("{at}."), &fields.iter().collect::<Vec<_>>(), &Map::new());
            }
            FieldKind::PerItem { items, .. } if field.required => {
                for item in self.all(items) {
                    self.say(&format!("{at}.{}", item.key()), ProblemCode::Required, json!({}));
                }
            }
            _ if field.required => self.say(at, ProblemCode::Required, json!({})),
            _ => {}
        }
    }

    fn value(&mut self, at: &str, field: &FieldDef, value: &Value) {
        match &field.kind {
            FieldKind::Text { min_chars, max_chars, pattern } => {
                self.text(at, field, value, *min_chars, *max_chars, *pattern);
            }
            FieldKind::LongText { min_chars, max_chars } => self.text(at, field, value, *min_chars, *max_chars, None),
            FieldKind::Integer { min, max } | FieldKind::Money { min, max } => self.number(at, value, *min, *max),
            FieldKind::Date { within_plan_year } => self.date(at, field, value, *within_plan_year),
            FieldKind::YearMonth => self.shape(at, field, value, |text| parse_date(&format!("{text}-01")).is_some()),
            FieldKind::Time => self.shape(at, field, value, |text| parse_time(text).is_some()),
            FieldKind::Choice { options } => self.choice(at, field, value, options),
            FieldKind::Choices { options } => self.choices(at, field, value, options),
            FieldKind::Line { cap, .. } => {
                let cap = cap.as_ref().and_then(|cap| self.policy.number(&cap.number));
                self.line(at, field, value, cap);
            }
            FieldKind::Rows { fields, min_rows, max_rows } => {
                self.rows(at, field, fields, [*min_rows, *max_rows], value);
            }
            FieldKind::Group { fields } => match value.as_object() {
                Some(group) => self.object(&format!("{at}."), &fields.iter().collect::<Vec<_>>(), group),
                None => self.say(at, ProblemCode::WrongType, json!({ "wanted": "object" })),
            },
            FieldKind::PerItem { items, of } => self.per_item(at, field, value, items, of),
            FieldKind::Codes { min, max, max_items } => self.codes(at, field, value, [*min, *max], *max_items),
            FieldKind::File { .. } | FieldKind::Sign | FieldKind::Note | FieldKind::Computed { .. } => {}
        }
    }

    /// The text of a value as it stands, unless it is of another type or blank; says what is to say about that.
    fn text_of<'v>(&mut self, at: &str, field: &FieldDef, value: &'v Value) -> Option<&'v str> {
        let Some(text) = value.as_str() else {
            self.say(at, ProblemCode::WrongType, json!({ "wanted": "text" }));
            return None;
        };
        if text.trim().is_empty() {
            self.absent(at, field);
            return None;
        }
        Some(text)
    }

    fn text(
        &mut self,
        at: &str,
        field: &FieldDef,
        value: &Value,
        min: Option<u32>,
        max: Option<u32>,
        pattern: Option<TextPattern>,
    ) {
        let Some(text) = self.text_of(at, field, value).map(str::trim) else { return };
        let count = count_chars(text);
        if let Some(min) = min.filter(|&min| count < min) {
            self.say(at, ProblemCode::TooShort, json!({ "min": min, "count": count, "missing": min - count }));
        }
        if let Some(max) = max.filter(|&max| count > max) {
            self.say(at, ProblemCode::TooLong, json!({ "max": max, "count": count, "over": count - max }));
        }
        if let Some(pattern) = pattern.filter(|pattern| !pattern.fits(text)) {
            self.say(at, ProblemCode::WrongType, json!({ "wanted": pattern }));
        }
    }

    fn number(&mut self, at: &str, value: &Value, min: Option<i32>, max: Option<i32>) {
        let max = max.map_or(LARGEST, i64::from);
        let Some(number) = value.as_i64() else {
            return match value {
                // A whole number too long for 64 bits arrives as a float.
                Value::Number(long) if long.as_f64().is_some_and(|long| long.fract() == 0.0 && long > 1e18) => {
                    self.say(at, ProblemCode::AboveMax, json!({ "max": max, "value": long }));
                }
                Value::Number(_) | Value::String(_) => {
                    self.say(at, ProblemCode::NotANumber, json!({ "wanted": "number" }));
                }
                _ => self.say(at, ProblemCode::WrongType, json!({ "wanted": "number" })),
            };
        };
        if let Some(min) = min.filter(|&min| number < i64::from(min)) {
            self.say(at, ProblemCode::BelowMin, json!({ "min": min, "value": number }));
        }
        if number > max {
            self.say(at, ProblemCode::AboveMax, json!({ "max": max, "value": number }));
        }
    }

    fn date(&mut self, at: &str, field: &FieldDef, value: &Value, within_plan_year: bool) {
        let Some(text) = self.text_of(at, field, value) else { return };
        match parse_date(text) {
            None => self.say(at, ProblemCode::BadDate, json!({ "value": text })),
            Some(day) if within_plan_year && !self.policy.plan_year.contains(day) => {
                let year = self.policy.plan_year;
                let params = json!({ "plan_year": year, "from": year.first_day(), "to": year.last_day() });
                self.say(at, ProblemCode::BadDate, params);
            }
            Some(_) => {}
        }
    }

    fn shape(&mut self, at: &str, field: &FieldDef, value: &Value, fits: impl Fn(&str) -> bool) {
        let Some(text) = self.text_of(at, field, value) else { return };
        if !fits(text) {
            self.say(at, ProblemCode::BadDate, json!({ "value": text }));
        }
    }

    fn all<'o>(&self, options: &'o Options) -> &'o [Opt]
    where
        'a: 'o,
    {
        match options {
            Options::Listed { options } => options,
            Options::Policy { list } => self.policy.list(list),
        }
    }

    fn is_option(&self, options: &Options, label: &str) -> bool {
        self.all(options).iter().any(|option| option.zh == label)
    }

    fn per_item(&mut self, at: &str, field: &FieldDef, value: &Value, items: &Options, of: &ItemAnswer) {
        let Some(given) = value.as_object() else {
            return self.say(at, ProblemCode::WrongType, json!({ "wanted": "object" }));
        };
        let items = self.all(items);
        let blank = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
        for item in items {
            let at = format!("{at}.{}", item.key());
            match (given.get(item.key()).filter(|value| !blank(value)), of) {
                (None, _) if field.required => self.say(&at, ProblemCode::Required, json!({})),
                (None, _) => {}
                (Some(value), ItemAnswer::LongText) => self.text(&at, field, value, None, None, None),
                (Some(value), ItemAnswer::Choice { options }) => self.choice(&at, field, value, options),
            }
        }
        let known = |key: &str| items.iter().any(|item| item.key() == key);
        for (key, _) in given.iter().filter(|(key, value)| !value.is_null() && !known(key)) {
            self.say(&format!("{at}.{key}"), ProblemCode::UnknownField, json!({}));
        }
    }

    fn codes(&mut self, at: &str, field: &FieldDef, value: &Value, [min, max]: [i32; 2], max_items: u32) {
        let Some(codes) = value.as_array() else {
            return self.say(at, ProblemCode::WrongType, json!({ "wanted": "list" }));
        };
        if codes.is_empty() {
            return self.absent(at, field);
        }
        let count = u32::try_from(codes.len()).unwrap_or(u32::MAX);
        if count > max_items {
            self.say(at, ProblemCode::TooManyRows, json!({ "max": max_items, "count": count }));
        }
        for (number, code) in codes.iter().take(max_items as usize).enumerate() {
            self.number(&format!("{at}.{number}"), code, Some(min), Some(max));
        }
    }

    fn choice(&mut self, at: &str, field: &FieldDef, value: &Value, options: &Options) {
        let Some(label) = self.text_of(at, field, value) else { return };
        if !self.is_option(options, label) {
            self.say(at, ProblemCode::NotAnOption, json!({ "value": label }));
        }
    }

    fn choices(&mut self, at: &str, field: &FieldDef, value: &Value, options: &Options) {
        let Some(labels) = value.as_array() else {
            return self.say(at, ProblemCode::WrongType, json!({ "wanted": "list" }));
        };
        if labels.is_empty() {
            return self.absent(at, field);
        }
        for label in labels {
            match label.as_str() {
                None => self.say(at, ProblemCode::WrongType, json!({ "wanted": "list" })),
                Some(label) if !self.is_option(options, label) => {
                    self.say(at, ProblemCode::NotAnOption, json!({ "value": label }));
                }
                Some(_) => {}
            }
        }
    }

    fn line(&mut self, at: &str, field: &FieldDef, value: &Value, cap: Option<i64>) {
        let Some(line) = value.as_object() else {
            return self.say(at, ProblemCode::WrongType, json!({ "wanted": "line" }));
        };
        for (key, value) in line.iter().filter(|(_, value)| !value.is_null()) {
            let at = format!("{at}.{key}");
            match key.as_str() {
                "quantity" | "unit_price" => {
                    self.number(&at, value, Some(0), None);
                    let cap = cap.filter(|_| key == "unit_price");
                    if let (Some(cap), Some(price)) = (cap, value.as_i64())
                        && price > cap
                    {
                        self.say(&at, ProblemCode::AboveMax, json!({ "max": cap, "value": price }));
                    }
                }
                "note" => match value.as_str().map(|note| count_chars(note.trim())) {
                    Some(count) if count > NOTE_CHARS => {
                        let params = json!({ "max": NOTE_CHARS, "count": count, "over": count - NOTE_CHARS });
                        self.say(&at, ProblemCode::TooLong, params);
                    }
                    Some(_) => {}
                    None => self.say(&at, ProblemCode::WrongType, json!({ "wanted": "text" })),
                },
                _ => self.say(&at, ProblemCode::UnknownField, json!({})),
            }
        }
        let there = |key: &str| line.get(key).is_some_and(|value| !value.is_null());
        match (there("quantity"), there("unit_price")) {
            (true, false) => self.say(&format!("{at}.unit_price"), ProblemCode::Required, json!({})),
            (false, true) => self.say(&format!("{at}.quantity"), ProblemCode::Required, json!({})),
            (false, false) if field.required => self.say(at, ProblemCode::Required, json!({})),
            _ => {}
        }
        let part = |key: &str| line.get(key).and_then(Value::as_i64).filter(|part| (0..=LARGEST).contains(part));
        if let (Some(quantity), Some(price)) = (part("quantity"), part("unit_price"))
            && quantity.saturating_mul(price) > LARGEST
        {
            self.say(at, ProblemCode::AboveMax, json!({ "max": LARGEST, "value": quantity.saturating_mul(price) }));
        }
    }

    fn rows(
        &mut self,
        at: &str,
        field: &FieldDef,
        columns: &[FieldDef],
        [min_rows, max_rows]: [u32; 2],
        value: &Value,
    ) {
        let Some(rows) = value.as_array() else {
            return self.say(at, ProblemCode::WrongType, json!({ "wanted": "rows" }));
        };
        if rows.is_empty() {
            return self.absent(at, field);
        }
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        if count < min_rows {
            self.say(at, ProblemCode::TooFewRows, json!({ "min": min_rows, "count": count }));
        }
        if count > max_rows {
            self.say(at, ProblemCode::TooManyRows, json!({ "max": max_rows, "count": count }));
        }
        let fields: Vec<&FieldDef> = columns.iter().collect();
        // Rows beyond the limit are named once as too many, not once each.
        for (number, row) in rows.iter().take(max_rows as usize).enumerate() {
            match row.as_object() {
                Some(row) => self.object(&format!("{at}.{number}."), &fields, row),
                None => self.say(&format!("{at}.{number}"), ProblemCode::WrongType, json!({ "wanted": "row" })),
            }
        }
    }
}
