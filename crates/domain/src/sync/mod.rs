//! What a desktop does to get level with the service: planned here as data, carried out by the desktop.

mod plan;

pub use plan::{CaseHead, Heads, MOST_ACTS, QueuedAct, Step, plan};
