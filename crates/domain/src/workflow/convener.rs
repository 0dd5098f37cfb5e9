//! 更正召集人資料: after 更換社群召集人 the names inside the papers stay (`workflows.md` §5). While the papers are locked the new convener
//! may correct what is the convener's own on them, and nothing else. Which answers these are is data: `policy/convener.toml`.

use super::{Action, Refusal, Workflow};
use crate::{
    case::{Case, CompletePaper, SentPaper},
    form::{Answers, FormId},
    policy::ConvenerFields,
    steps::DeedKind,
};

/// Whether the case was handed over and a paper that was sent still names somebody else. A blank name is nobody's.
pub fn differs(case: &Case, convener: &[ConvenerFields]) -> bool {
    let owner = case.owner.name.trim();
    let handed_over = case.steps.iter().any(|step| step.what == DeedKind::ConvenerChanged);
    let other = |own: &ConvenerFields| {
        let name = case.paper(&own.form).map_or("", |paper| paper.answers.text(&own.name).trim());
        !name.is_empty() && name != owner
    };
    handed_over && !owner.is_empty() && convener.iter().any(other)
}

/// The papers on which the convener's data can be corrected now, with the answers that can be.
pub fn correctable<'a>(case: &Case, convener: &'a [ConvenerFields]) -> Vec<&'a ConvenerFields> {
    let mut rows = Workflow::of(case.process).rows.iter();
    let known = rows.any(|row| row.from == case.state && row.action == Action::CorrectConvener);
    if !known || !differs(case, convener) {
        return Vec::new();
    }
    convener.iter().filter(|own| case.paper(&own.form).is_some()).collect()
}

/// What was sent, with the convener's own answers as they were typed; of what else was typed nothing. Without a draft, what was
/// sent.
pub fn overlay(sent: &Answers, typed: Option<&Answers>, own: &ConvenerFields) -> Answers {
    let mut answers = sent.clone();
    for key in own.keys().filter(|_| typed.is_some()) {
        match typed.and_then(|typed| typed.get(key)) {
            Some(value) => answers.0.insert(key.to_owned(), value.clone()),
            None => answers.0.remove(key),
        };
    }
    answers
}

/// The first answer beside the convener's own that is not as it was sent. Absent and `null` are the same.
pub fn other_field(sent: &Answers, now: &Answers, own: &ConvenerFields) -> Option<String> {
    let mut keys = sent.0.keys().chain(now.0.keys()).filter(|key| !own.has(key));
    keys.find(|key| sent.get(key) != now.get(key)).cloned()
}

/// Refuses papers that were never sent, or that change anything but the convener's own answers.
pub(super) fn nothing_else(case: &Case, papers: &[CompletePaper], convener: &[ConvenerFields]) -> Result<(), Refusal> {
    for paper in papers {
        let form = &paper.form.id;
        let before = case.paper(form).filter(|before| before.form == paper.form);
        let own = convener.iter().find(|own| own.form == *form);
        let (Some(before), Some(own)) = (before, own) else {
            // Not one of those that can be corrected, or of another version: all of it would be changed.
            return Err(Refusal::OtherFieldChanged { form: form.clone(), field: String::new() });
        };
        if let Some(field) = other_field(&before.answers, paper.answers.answers(), own) {
            return Err(Refusal::OtherFieldChanged { form: form.clone(), field });
        }
    }
    Ok(())
}

/// The paper as it stands after the correction; none when nothing on it is corrected. Its scan stays, and so does which revision
/// the scan shows.
pub(super) fn corrected(case: &Case, paper: &CompletePaper) -> Option<SentPaper> {
    let before = case.paper(&paper.form.id).filter(|before| before.hash != paper.hash)?;
    let shown = before.stamped.as_ref().map(|_| before.stamped_revision.unwrap_or(before.revision));
    Some(SentPaper { stamped: before.stamped.clone(), stamped_revision: shown, ..paper.sent() })
}

/// The answers of a form that can be corrected now; none when the form cannot be.
pub fn correctable_on<'a>(case: &Case, form: &FormId, convener: &'a [ConvenerFields]) -> Option<&'a ConvenerFields> {
    correctable(case, convener).into_iter().find(|own| own.form == *form)
}
