//! From one version of a form to the next: what differs between them, and what becomes of a draft that was begun in the
//! earlier one. Sent papers never move: they are read by the version they were filled in with.

use super::{Answers, FieldDef, FieldKind, FormDef, ItemAnswer, Options};
use crate::policy::Policy;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A draft seen through a later version of its form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The answers whose fields are still there, options under the names they have now.
    pub answers: Answers,
    /// The answers whose fields are gone: not part of the paper any more, and not thrown away either.
    pub left_out: BTreeMap<String, Value>,
}

/// Carries answers over to `to`. A key that no version has ever had stays where it is, for the check to name it.
pub fn migrate(to: &FormDef, earlier: &[&FormDef], policy: &Policy, answers: Answers) -> Migrated {
    let mut migrated = Migrated { answers: Answers::default(), left_out: BTreeMap::new() };
    for (key, value) in answers.0 {
        match to.field(&key) {
            Some(field) => {
                migrated.answers.0.insert(key, renamed(field, policy, value));
            }
            None if earlier.iter().any(|form| form.field(&key).is_some()) => {
                migrated.left_out.insert(key, value);
            }
            None => {
                migrated.answers.0.insert(key, value);
            }
        }
    }
    migrated
}

/// The answer with options under the names they have now; anything else as it is.
fn renamed(field: &FieldDef, policy: &Policy, value: Value) -> Value {
    match (&field.kind, value) {
        (FieldKind::Choice { options } | FieldKind::Choices { options }, value) => current(options, policy, value),
        (FieldKind::Rows { fields, .. }, Value::Array(rows)) => {
            rows.into_iter().map(|row| in_object(fields, policy, row)).collect()
        }
        (FieldKind::Group { fields }, group) => in_object(fields, policy, group),
        (FieldKind::PerItem { of: ItemAnswer::Choice { options }, .. }, Value::Object(items)) => {
            let items: Map<String, Value> =
                items.into_iter().map(|(key, value)| (key, current(options, policy, value))).collect();
            items.into()
        }
        (_, value) => value,
    }
}

fn in_object(fields: &[FieldDef], policy: &Policy, value: Value) -> Value {
    let Value::Object(map) = value else { return value };
    let carry = |(key, value): (String, Value)| match fields.iter().find(|field| field.key == key) {
        Some(field) => (key, renamed(field, policy, value)),
        None => (key, value),
    };
    map.into_iter().map(carry).collect::<Map<String, Value>>().into()
}

fn current(options: &Options, policy: &Policy, value: Value) -> Value {
    let all = match options {
        Options::Listed { options } => options.as_slice(),
        Options::Policy { list } => policy.list(list),
    };
    match value {
        Value::String(label) => {
            let now = all.iter().find(|option| option.was.contains(&label)).map(|option| option.zh.clone());
            Value::String(now.unwrap_or(label))
        }
        Value::Array(labels) => labels.into_iter().map(|label| current(options, policy, label)).collect(),
        other => other,
    }
}

/// One thing in which two versions of a form differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A field that the later version has: its path, `members.duty` for a column.
    Added(String),
    /// A field that only the earlier version has.
    Removed(String),
    /// Another label: path, before, after.
    Renamed(String, String, String),
    /// Another kind, other limits or options, required or not, shown or not.
    Changed(String),
    /// Another text that is no field: title, section, note.
    Text(String, String),
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Added(path) => write!(f, "+ {path}"),
            Self::Removed(path) => write!(f, "- {path}"),
            Self::Renamed(path, before, after) => write!(f, "~ {path}: {before} → {after}"),
            Self::Changed(path) => write!(f, "~ {path}"),
            Self::Text(before, after) => write!(f, "  {before} → {after}"),
        }
    }
}

/// What differs between two versions, in the order of the form.
pub fn compare(before: &FormDef, after: &FormDef) -> Vec<Difference> {
    let mut found = Vec::new();
    let all = |form: &FormDef| form.sections.iter().flat_map(|section| section.fields.clone()).collect::<Vec<_>>();
    if before.title != after.title {
        found.push(Difference::Text(before.title.zh.clone(), after.title.zh.clone()));
    }
    compare_fields("", &all(before), &all(after), &mut found);
    let texts = |form: &FormDef| {
        let of = |section: &super::Section| {
            std::iter::once(section.title.zh.clone()).chain(section.notes.iter().map(|note| note.zh.clone())).collect()
        };
        form.sections
            .iter()
            .map(|section| (section.key.clone(), of(section)))
            .collect::<BTreeMap<String, Vec<String>>>()
    };
    let (before, after) = (texts(before), texts(after));
    for (key, now) in &after {
        let then = before.get(key).cloned().unwrap_or_default();
        for at in 0..now.len().max(then.len()) {
            let text = |texts: &[String]| texts.get(at).cloned().unwrap_or_default();
            if text(&then) != text(now) {
                found.push(Difference::Text(text(&then), text(now)));
            }
        }
    }
    found
}

fn compare_fields(path: &str, before: &[FieldDef], after: &[FieldDef], found: &mut Vec<Difference>) {
    let at = |field: &FieldDef| format!("{path}{}", field.key);
    for field in after {
        let Some(then) = before.iter().find(|then| then.key == field.key) else {
            found.push(Difference::Added(at(field)));
            continue;
        };
        if then.label != field.label {
            found.push(Difference::Renamed(at(field), then.label.zh.clone(), field.label.zh.clone()));
        }
        let (then_inside, inside) = (inside(then), inside(field));
        if inside.is_some() && then_inside.is_some() {
            compare_fields(&format!("{}.", at(field)), then_inside.unwrap_or(&[]), inside.unwrap_or(&[]), found);
        } else if then.kind != field.kind || then.required != field.required || then.show_if != field.show_if {
            found.push(Difference::Changed(at(field)));
        }
    }
    found.extend(
        before
            .iter()
            .filter(|then| after.iter().all(|now| now.key != then.key))
            .map(|then| Difference::Removed(at(then))),
    );
}

fn inside(field: &FieldDef) -> Option<&[FieldDef]> {
    match &field.kind {
        FieldKind::Rows { fields, .. } | FieldKind::Group { fields } => Some(fields),
        _ => None,
    }
}
