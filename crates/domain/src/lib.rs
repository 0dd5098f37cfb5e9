//! The rules of 教專通: forms, cases, processes, people, drafts, papers and sync, as pure functions over plain data.
//!
//! Nothing here reads a clock, a disk, a network or a source of randomness: what the world knows comes in as an argument.

pub mod audit;
pub mod case;
pub mod certificate;
pub mod certification;
pub mod choose;
pub mod draft;
pub mod eligibility;
pub mod form;
pub mod history;
pub mod ids;
pub mod list;
pub mod notice;
pub mod observation;
pub mod outline;
pub mod paper;
pub mod people;
pub mod policy;
pub mod record;
pub mod remark;
pub mod steps;
pub mod summary;
pub mod sync;
pub mod time;
pub mod workflow;
