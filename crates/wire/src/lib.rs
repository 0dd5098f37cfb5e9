//! The words that cross a border: between the window and the desktop ([`rpc`]), between desktop and service ([`http`]), and
//! what both say when something is refused ([`failure`]). The source of the UI's TypeScript types. No behaviour.

pub mod choose;
pub mod failure;
pub mod http;
pub mod rpc;
pub mod views;

pub use domain::form::{Level, Problem};
pub use failure::{Code, Failure};
