//! The desktop's own store: one encrypted SQLite file for each person. It keeps cases, drafts, the outbox, printed revisions,
//! scans and messages, and answers only when what it was given is on the disk. It knows no network and no clock, and decides
//! nothing: merging is `domain::draft`, what to send is `domain::sync`.
//!
//! Every write is one transaction (`BEGIN IMMEDIATE`, WAL, `synchronous = FULL`). Nothing is deleted but what a person or the
//! service said should go.

mod blobs;
mod cases;
mod column;
mod county_rules;
mod drafts;
mod error;
mod events;
mod lists;
mod meta;
mod notices;
mod open;
mod outbox;
mod papers;
mod pushes;
mod scans;
mod sync;
#[cfg(test)]
mod tests;
mod whole;

pub use cases::{CaseFilter, CaseRow, KeptCase, Order, ToldCase};
pub use drafts::Draft;
pub use error::StoreError;
pub use notices::KeptNotice;
pub use open::{Key, Store};
pub use outbox::OutboxItem;
pub use papers::NewPrint;
pub use scans::Scan;

/// What every call of the store answers.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
