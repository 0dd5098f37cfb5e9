//! Drafts that are edited in two places: merged field by field, and both texts kept where the same field was changed twice.

use crate::form::Answers;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A field that was changed in two places; a person picks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Clash {
    /// The field's key.
    pub field: String,
    /// What this computer has; `null`: emptied.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub mine: Value,
    /// What the service has; `null`: emptied.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub theirs: Value,
}

/// Changed fields: the new value, `null` for an emptied one.
pub type Changes = BTreeMap<String, Value>;

/// The fields in which `to` differs from `from`. Absent and `null` are the same.
pub fn changes(from: &Answers, to: &Answers) -> Changes {
    let keys: BTreeSet<&String> = from.0.keys().chain(to.0.keys()).collect();
    let value = |answers: &Answers, key: &str| answers.get(key).cloned().unwrap_or(Value::Null);
    keys.into_iter().filter(|key| from.get(key) != to.get(key)).map(|key| (key.clone(), value(to, key))).collect()
}

/// Puts changes into answers; `null` removes.
pub fn apply(answers: &mut Answers, changes: &Changes) {
    for (field, value) in changes {
        if value.is_null() {
            answers.0.remove(field);
        } else {
            answers.0.insert(field.clone(), value.clone());
        }
    }
}

/// Merges what was typed here since `base` with what the service has now. Where both changed a field to different values,
/// `mine` stays in the answers and the clash is reported with both.
pub fn merge(base: &Answers, mine: &Answers, theirs: &Answers) -> (Answers, Vec<Clash>) {
    let (ours, others) = (changes(base, mine), changes(base, theirs));
    let mut merged = theirs.clone();
    apply(&mut merged, &ours);
    let clashes = ours
        .iter()
        .filter_map(|(field, mine)| {
            let theirs = others.get(field).filter(|theirs| *theirs != mine)?;
            Some(Clash { field: field.clone(), mine: mine.clone(), theirs: theirs.clone() })
        })
        .collect();
    (merged, clashes)
}

/// A draft as the service keeps it: the answers and, for every field, the revision that last changed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DraftHead {
    /// Counts every push that changed something; 0: nothing yet.
    pub revision: u32,
    /// The answers.
    pub answers: Answers,
    /// Field → revision of its last change.
    pub changed: BTreeMap<String, u32>,
}

impl DraftHead {
    /// Takes the changed fields of a push that knew revision `base`. Fields that others changed since, to another value,
    /// are not taken but answered as clashes (`mine` is the push's, `theirs` the service's).
    pub fn push(&mut self, base: u32, pushed: &Changes) -> Vec<Clash> {
        let mut taken = Changes::new();
        let mut clashes = Vec::new();
        for (field, mine) in pushed {
            let theirs = self.answers.get(field).cloned().unwrap_or(Value::Null);
            if theirs == *mine {
                continue;
            }
            if self.changed.get(field).is_some_and(|&changed| changed > base) {
                clashes.push(Clash { field: field.clone(), mine: mine.clone(), theirs });
            } else {
                taken.insert(field.clone(), mine.clone());
            }
        }
        if !taken.is_empty() {
            self.revision += 1;
            apply(&mut self.answers, &taken);
            self.changed.extend(taken.into_keys().map(|field| (field, self.revision)));
        }
        clashes
    }
}
