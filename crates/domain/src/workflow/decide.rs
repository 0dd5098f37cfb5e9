//! The interpreter of the tables: what a person may do now, and what an act does. It knows no row by name.

use super::{Action, Command, Effect, Need, Row, Workflow, convener, editable};
use crate::{
    case::{Case, Deed, Process, State},
    form::{FormId, Label},
    people::{Actor, Role},
    policy::{ConvenerFields, StampRule, Window, WindowKind},
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a paper has come, as the buttons need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperFacts {
    /// The form.
    pub form: FormId,
    /// Its answers are complete.
    pub complete: bool,
    /// Its file is there: the stamped copy of the current revision, or what is enclosed.
    pub stamped: bool,
    /// What its form wants enclosed; none: nothing.
    pub encloses: Option<Label>,
}

/// A paper and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Unenclosed {
    /// The form.
    pub form: FormId,
    /// What has to be enclosed.
    pub name: Label,
}

/// What the caller knows of the world.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The county's windows; an act without one is always open.
    pub windows: BTreeMap<WindowKind, Window>,
    /// What has to be uploaded with each form.
    pub stamps: BTreeMap<FormId, StampRule>,
    /// The papers that are due now (see [`super::papers_due`]) and how far each has come. A caller that names none is taken to
    /// have none of the state's papers.
    pub papers: Vec<PaperFacts>,
    /// The person convenes another 社群 in this plan year; for a 總表: the school has one of this plan year.
    pub convenes_another: bool,
    /// The chosen new convener may take over.
    pub target_convenes_nothing: bool,
    /// Which answers of which forms are the convener's own ([`crate::policy::Policy::convener`]).
    pub convener: Vec<ConvenerFields>,
    /// What was typed differs from what was sent in some of them.
    pub corrected: bool,
}

/// Why an act is not possible now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Missing {
    /// Outside the county's window.
    WindowClosed {
        /// Which.
        #[serde(default = "applying")]
        window: WindowKind,
        /// It opens.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        from: Timestamp,
        /// It closes.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        to: Timestamp,
    },
    /// These papers are not complete.
    PapersIncomplete {
        /// Their forms.
        forms: Vec<FormId>,
    },
    /// These papers have no stamped copy of what is sent.
    StampMissing {
        /// Their forms.
        forms: Vec<FormId>,
    },
    /// These papers lack what has to be enclosed.
    EnclosureMissing {
        /// Each with the name of what is missing.
        papers: Vec<Unenclosed>,
    },
    /// No reason is given.
    ReasonMissing,
    /// The county's consent is not named.
    ConsentMissing,
    /// The chosen person cannot take over.
    TargetConvenes,
    /// The person convenes another 社群 in this plan year.
    AlreadyConvener,
    /// The school has a 總表 of this plan year.
    SummaryExists,
    /// Nothing of the convener's data is corrected yet.
    NothingCorrected,
}

/// What a refusal was about that was kept before windows had kinds.
fn applying() -> WindowKind {
    WindowKind::Apply
}

/// Why `decide` said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The case's state knows no such act for this part.
    #[error("{} is not possible in {state:?}", action.code())]
    NotInThisState {
        /// The act.
        action: Action,
        /// The state.
        state: State,
    },
    /// The person has nothing to do with the case, or not in this part.
    #[error("not this person's act")]
    NotYours,
    /// A correction of the convener's data changes something else.
    #[error("only the convener's own data can be corrected, not {field} of {form}")]
    OtherFieldChanged {
        /// The form.
        form: FormId,
        /// The first such field.
        field: String,
    },
    /// Something is missing.
    #[error("missing: {0:?}")]
    Missing(Vec<Missing>),
}

/// An act that a person may see as a button, and what it still needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Allowed {
    /// The act.
    pub action: Action,
    /// What keeps it grey; empty: go.
    pub missing: Vec<Missing>,
}

/// What is decided: the state after, and what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The state after.
    pub to: State,
    /// What was done.
    pub deed: Deed,
    /// What follows.
    pub then: &'static [Effect],
}

/// Opens a case.
///
/// # Errors
/// [`Refusal`] when the person opens no such case, or there is one of this plan year already; for a 社群 also when the window is
/// closed.
pub fn open(
    process: Process,
    plan_year: PlanYear,
    actor: &Actor,
    facts: &Facts,
    now: Timestamp,
) -> Result<Decided, Refusal> {
    let workflow = Workflow::of(process);
    let school = actor.school.as_ref().filter(|_| actor.role.part() == workflow.opener).ok_or(Refusal::NotYours)?;
    let mut missing = Vec::new();
    match process {
        Process::Plc => {
            missing.extend(facts.convenes_another.then_some(Missing::AlreadyConvener));
            missing.extend(window_closed(WindowKind::Apply, facts, now));
        }
        Process::Summary => missing.extend(facts.convenes_another.then_some(Missing::SummaryExists)),
    }
    if !missing.is_empty() {
        return Err(Refusal::Missing(missing));
    }
    let deed = Deed::Opened { process, plan_year, school: school.clone() };
    Ok(Decided { to: workflow.first, deed, then: &[] })
}

/// Decides on an act.
///
/// # Errors
/// [`Refusal`] with everything that is missing.
pub fn decide(case: &Case, command: Command, actor: &Actor, facts: &Facts, now: Timestamp) -> Result<Decided, Refusal> {
    if !has_part(case, actor) {
        return Err(Refusal::NotYours);
    }
    let action = command.action();
    let row = Workflow::of(case.process)
        .row(case.state, action, actor.role)
        .filter(|row| stands(row, case, facts))
        .ok_or(Refusal::NotInThisState { action, state: case.state })?;
    if action == Action::CorrectConvener {
        convener::nothing_else(case, command.papers(), &facts.convener)?;
    }
    let due = due(case, facts);
    let missing: Vec<Missing> =
        row.needs.iter().filter_map(|need| lacks(*need, case, Some(&command), &due, facts, now)).collect();
    if missing.is_empty() {
        Ok(Decided { to: row.to, deed: command.deed(case, &due), then: row.then })
    } else {
        Err(Refusal::Missing(missing))
    }
}

/// The acts a person may see on a case. What is typed only in the act itself (a reason, a consent) does not grey a button.
pub fn allowed(case: &Case, actor: &Actor, facts: &Facts, now: Timestamp) -> Vec<Allowed> {
    if !has_part(case, actor) {
        return Vec::new();
    }
    let due = due(case, facts);
    let rows = Workflow::of(case.process).rows.iter();
    rows.filter(|row| row.from == case.state && row.who == actor.role.part() && stands(row, case, facts))
        .map(|row| Allowed {
            action: row.action,
            missing: row.needs.iter().filter_map(|need| lacks(*need, case, None, &due, facts, now)).collect(),
        })
        .collect()
}

/// Whether the actor is the case's own teacher, school or county. National offices look, but do not act. A 總表 is in the hands
/// of the account that made it, where its drafts are.
fn has_part(case: &Case, actor: &Actor) -> bool {
    match actor.role.part() {
        Role::School if case.process == Process::Summary => case.owner.id == actor.person.id,
        Role::Teacher | Role::Principal => case.owner.id == actor.person.id,
        Role::School => actor.is_at(&case.school),
        Role::County => actor.county.as_deref() == Some(case.school.county.as_str()),
        Role::Reviewer | Role::Ministry | Role::Platform => false,
    }
}

/// Whether the case itself knows this row: nobody is shown an act that its life so far gives no cause for.
fn stands(row: &Row, case: &Case, facts: &Facts) -> bool {
    !row.needs.contains(&Need::ConvenerDiffers) || convener::differs(case, &facts.convener)
}

/// The papers that are due. Without them, as if nothing had been filled in: forgetting to name them must not let a case pass.
fn due(case: &Case, facts: &Facts) -> Vec<PaperFacts> {
    if !facts.papers.is_empty() {
        return facts.papers.clone();
    }
    let blank = |form| PaperFacts { form, complete: false, stamped: false, encloses: None };
    let corrected = convener::correctable(case, &facts.convener).into_iter().map(|own| own.form.clone());
    editable(case.process, case.state).into_iter().chain(corrected).map(blank).collect()
}

fn window_closed(kind: WindowKind, facts: &Facts, now: Timestamp) -> Option<Missing> {
    let window = facts.windows.get(&kind).filter(|window| !window.contains(now))?;
    Some(Missing::WindowClosed { window: kind, from: window.from, to: window.to })
}

/// What a need lacks. With a command, what the command carries counts; without one, how far the papers have come.
fn lacks(
    need: Need,
    case: &Case,
    command: Option<&Command>,
    due: &[PaperFacts],
    facts: &Facts,
    now: Timestamp,
) -> Option<Missing> {
    let forms = |lacking: &dyn Fn(&PaperFacts) -> bool| -> Vec<FormId> {
        due.iter().filter(|paper| lacking(paper)).map(|paper| paper.form.clone()).collect()
    };
    let sent = |form: &FormId| command.and_then(|command| command.paper(form));
    let has_file = |paper: &PaperFacts| match command {
        Some(_) => sent(&paper.form).is_some_and(|sent| sent.stamped.is_some()),
        None => paper.stamped,
    };
    match need {
        Need::WindowOpen(kind) => window_closed(kind, facts, now),
        Need::PapersComplete => {
            let forms = forms(&|paper| if command.is_some() { sent(&paper.form).is_none() } else { !paper.complete });
            (!forms.is_empty()).then_some(Missing::PapersIncomplete { forms })
        }
        Need::StampsAsRuled => {
            let forms = forms(&|paper| {
                let asked = facts.stamps.get(&paper.form).copied().unwrap_or_default() != StampRule::None;
                asked && !has_file(paper)
            });
            (!forms.is_empty()).then_some(Missing::StampMissing { forms })
        }
        Need::EnclosuresThere => {
            let lacking = due.iter().filter(|paper| !has_file(paper));
            let papers: Vec<Unenclosed> = lacking
                .filter_map(|paper| Some(Unenclosed { form: paper.form.clone(), name: paper.encloses.clone()? }))
                .collect();
            (!papers.is_empty()).then_some(Missing::EnclosureMissing { papers })
        }
        Need::HasReason => match command? {
            Command::Return { reason } | Command::Reject { reason } if reason.trim().is_empty() => {
                Some(Missing::ReasonMissing)
            }
            _ => None,
        },
        Need::HasConsent => match command? {
            Command::ChangeConvener { consent, .. } if consent.trim().is_empty() => Some(Missing::ConsentMissing),
            _ => None,
        },
        // Answered before: see `stands`.
        Need::ConvenerDiffers => None,
        Need::SomethingCorrected => {
            let corrected = match command {
                Some(command) => command.papers().iter().any(|paper| convener::corrected(case, paper).is_some()),
                None => facts.corrected,
            };
            (!corrected).then_some(Missing::NothingCorrected)
        }
        Need::TargetConvenesNothing => {
            (command.is_some() && !facts.target_convenes_nothing).then_some(Missing::TargetConvenes)
        }
    }
}
