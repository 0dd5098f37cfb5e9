//! Forms: what a pack defines, what a person has answered, and what is still wrong with it.
//!
//! A form is data (`forms/<id>/v<N>/form.toml`). [`FormDef::parse`] is its only reader, [`check`] its only judge.

mod answers;
mod carry;
mod check;
mod cross;
mod def;
mod difference;
mod hints;
mod lesson;
mod migrate;
mod pack;
mod problem;
mod read;
mod shape;
mod summary;
mod table;
mod together;

pub use answers::{Answers, CompleteAnswers, content_hash, is_error_of};
pub use carry::{Source, Suggestion, suggest, suggest_own};
pub use check::{Checked, check};
pub(crate) use cross::is_check;
pub use cross::{FORMULAS, NAMED_CHECKS, budget_total, participants};
pub use def::{
    FieldDef, FieldKind, FormDef, FormId, ItemAnswer, Label, LineCap, Opt, Options, PackError, Prefill, Section,
    ShowIf, TextPattern,
};
pub use difference::{Change, FieldChange, RowChange, RowFate, Span, SpanKind, difference, spans};
pub use hints::{COUNTY_CHECKS, COUNTY_HINTS};
pub use migrate::{Difference, Migrated, compare, migrate};
pub use pack::{FormRef, Packs};
pub use problem::{Level, Problem, ProblemCode};
pub(crate) use read::line_of;
pub(crate) use table::percent;
pub use table::{Cell, Table};
pub(crate) use together::is_together_check;
pub use together::{Beside, TOGETHER_CHECKS, TogetherCheck, check_together};
