//! Forms: what a pack defines, what a person has answered, and what is still wrong with it.
//!
//! A form is data (`forms/<id>/v<N>/form.toml`). [`FormDef::parse`] is its only reader, [`check`] its only judge.

mod answers;
mod check;
mod cross;
mod def;
mod pack;
mod problem;
mod read;
mod shape;

pub use answers::{Answers, CompleteAnswers, content_hash};
pub use check::{Checked, check};
pub(crate) use cross::is_check;
pub use cross::{FORMULAS, NAMED_CHECKS};
pub use def::{
    FieldDef, FieldKind, FormDef, FormId, Label, LineCap, Opt, Options, PackError, Prefill, Section, ShowIf,
    TextPattern,
};
pub use pack::{FormRef, Packs};
pub use problem::{Level, Problem, ProblemCode};
pub(crate) use read::line_of;
