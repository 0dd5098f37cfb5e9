//! Forms: what a pack defines, what a person has answered, and what is still wrong with it.
//!
//! A form is data (`forms/<id>/v<N>/form.toml`). [`FormDef::parse`] is its only reader, [`check`] its only judge.

mod answers;
mod check;
mod cross;
mod def;
mod pack;
mod read;

pub use answers::{Answers, CompleteAnswers, content_hash};
pub use check::{Checked, Level, Problem, ProblemCode, check};
pub(crate) use cross::is_check;
pub use cross::{FORMULAS, NAMED_CHECKS};
pub use def::{
    FieldDef, FieldKind, FormDef, FormId, Label, LineCap, Opt, Options, PackError, Prefill, Section, ShowIf,
    TextPattern,
};
pub use pack::{FormRef, Packs};
pub(crate) use read::line_of;
