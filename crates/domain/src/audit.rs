//! The log of every act, in which nothing can be changed or left out unseen: each entry's hash covers the one before.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The hash before the first entry.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry as it is hashed. No answers and no names: ids and codes only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The account that acted; `-` for the service itself.
    pub actor: String,
    /// The act's code.
    pub act: String,
    /// What it was done to, e.g. a case id.
    pub object: String,
    /// Figures of the act, e.g. `to=school_check seq=2`.
    pub detail: String,
}

/// An entry with its link to the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// The entry.
    pub entry: Entry,
    /// Hash over the previous hash and this entry, 64 hex digits.
    pub hash: String,
}

/// The hash of `entry` after `previous`. Lengths are hashed with the texts, so that moving a letter over a border shows.
pub fn link(previous: &str, entry: &Entry) -> String {
    let mut sha = Sha256::new();
    sha.update(previous.as_bytes());
    sha.update(entry.seq.to_be_bytes());
    sha.update(entry.at.timestamp_millis().to_be_bytes());
    for text in [&entry.actor, &entry.act, &entry.object, &entry.detail] {
        sha.update((text.len() as u64).to_be_bytes());
        sha.update(text.as_bytes());
    }
    hex::encode(sha.finalize())
}

/// Checks a log from its beginning: the number of the first entry that does not fit, if any.
pub fn first_break<'a>(log: impl IntoIterator<Item = &'a Linked>) -> Option<u64> {
    let mut previous = GENESIS.to_owned();
    for (expected, linked) in (1..).zip(log) {
        if linked.entry.seq != expected || link(&previous, &linked.entry) != linked.hash {
            return Some(expected);
        }
        previous.clone_from(&linked.hash);
    }
    None
}
