//! Scans made in code, read back: what is on the page must come out, and nothing hostile may get through.

#![expect(clippy::unwrap_used, reason = "a sample that cannot be made fails its test")]

mod bundle;
mod damage;
mod guard;
mod packing;
mod paper;
mod refusals;
mod stamps;
mod turns;
