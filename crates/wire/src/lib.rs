//! The words that cross a border: between the window and the desktop ([`rpc`]), between desktop and service ([`http`]), and
//! what both say when something is refused ([`failure`]). The source of the UI's TypeScript types. No behaviour.

pub mod charts;
pub mod choose;
pub mod exports;
pub mod failure;
pub mod history;
pub mod http;
pub mod mail;
pub mod record;
pub mod reviewers;
pub mod rpc;
pub mod rules;
pub mod views;

pub use domain::form::{Level, Problem};
pub use failure::{Code, Failure};
