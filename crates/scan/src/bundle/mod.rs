//! Many PDFs into one. [`part`] takes one apart, which for a file from outside happens in the guarded child; [`Binder`] puts the
//! pieces behind each other without looking into them, so that memory holds one part at a time and nothing from outside is
//! parsed in the window's process.

mod binder;
mod part;
mod tags;

pub use binder::{Binder, Bookmark};
pub use part::{Part, PartAsk, part};
pub use tags::Tags;
