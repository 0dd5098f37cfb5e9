//! The interpreter of the tables: what a person may do now, and what an act does. It knows no row by name.

use super::{Action, Command, Effect, Need, Row, Who, Workflow, advanced, certifying, convener, editable, papers_due};
use crate::{
    case::{Case, Deed, Process, State},
    certification::{Certifying, Outcome, Picks, Round, appeal_until},
    form::{Answers, FormId, Label, Packs},
    ids::AccountId,
    people::{Actor, Person, Role},
    policy::{ConvenerFields, StampRule, Window, WindowKind},
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Lines of the 資格檢核 that are not met.
    pub ineligible: Vec<String>,
    /// Slots that are open and have no form picked.
    pub empty_slots: Vec<String>,
    /// The sheet of this step is complete; asked for where no command carries one.
    pub sheet_complete: bool,
    /// What the sheet of this step says is to be done ([`super::advanced::sheet_says`]); looked at where no command carries one.
    pub sheet_says: Option<Action>,
    /// The results the office offers in the round that is decided.
    pub offered: BTreeSet<Outcome>,
    /// Reviewers among the chosen who may not review this case.
    pub unfit: Vec<UnfitReviewer>,
}

/// A reviewer who may not review a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UnfitReviewer {
    /// Who.
    pub person: Person,
    /// Why: the code of a conflict of interest, or `not_a_reviewer`.
    pub why: String,
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
    /// The person has applied for this certification in this plan year already (本學年度已申請過).
    AlreadyApplied,
    /// 資格不符.
    NotEligible {
        /// The lines of the 資格檢核 that are not met.
        lines: Vec<String>,
    },
    /// These slots have no form picked.
    SlotsEmpty {
        /// Their keys.
        slots: Vec<String>,
    },
    /// The sheet of this step is not complete.
    SheetIncomplete,
    /// The result on the sheet of this step is another one: what is written and what is done would contradict each other.
    SheetDisagrees {
        /// What the sheet says is to be done.
        says: Action,
    },
    /// Fewer reviewers are named than the office asks for.
    ReviewersMissing {
        /// So many it asks for.
        wanted: u8,
    },
    /// These may not review the case.
    ReviewersUnfit {
        /// Each with the reason.
        reviewers: Vec<UnfitReviewer>,
    },
    /// The days for an appeal are over.
    AppealOver {
        /// They ended; none: there is nothing to appeal against.
        #[cfg_attr(feature = "ts", ts(type = "string | null"))]
        until: Option<Timestamp>,
    },
    /// The days for an appeal are not over.
    AppealOpen,
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
        Process::Advanced => {
            missing.extend(facts.convenes_another.then_some(Missing::AlreadyApplied));
            missing.extend(window_closed(WindowKind::Certify, facts, now));
            let lines = facts.ineligible.clone();
            missing.extend((!lines.is_empty()).then_some(Missing::NotEligible { lines }));
        }
    }
    if !missing.is_empty() {
        return Err(Refusal::Missing(missing));
    }
    let deed = Deed::Opened { process, plan_year, school: school.clone() };
    Ok(Decided { to: workflow.first, deed, then: &[] })
}

/// A process as it is in force for a case: its table, and for a certification what the office has set.
#[derive(Debug, Clone, Copy)]
pub struct Procedure<'a> {
    /// The table.
    pub workflow: &'a Workflow,
    /// Desks, slots and days; none for a process that is no certification.
    pub certifying: Option<&'a Certifying>,
}

impl Procedure<'static> {
    /// The procedure of a case.
    pub fn of(case: &Case) -> Self {
        let certifying = Packs::built_in().certifying(case.process, case.plan_year, &case.school.county);
        Self { workflow: Workflow::of(case.process), certifying }
    }
}

impl<'a> Procedure<'a> {
    /// The row for this case, action and person. A result that the office does not offer has none.
    fn row(&self, case: &Case, action: Action, actor: &Actor, facts: &Facts) -> Option<&'a Row> {
        let mut rows = self.workflow.rows.iter();
        rows.find(|row| row.from == case.state && row.action == action && self.is_theirs(row, case, actor, facts))
    }

    fn is_theirs(&self, row: &Row, case: &Case, actor: &Actor, facts: &Facts) -> bool {
        let theirs = match row.who {
            Who::Clock => actor.person.id == AccountId::SERVICE,
            Who::Part(Role::Reviewer) => {
                let round = Round::under_review(case.state);
                actor.role == Role::Reviewer
                    && round.is_some_and(|round| case.reviewing.waits_for(round, actor.person.id))
            }
            who => who.is(actor.role, self.certifying) && is_within_reach(case, actor),
        };
        let offered = || row.action.outcome().is_some_and(|outcome| facts.offered.contains(&outcome));
        theirs && stands(row, case, facts) && (!row.needs.contains(&Need::Offered) || offered())
    }

    /// As [`decide`], by this procedure.
    ///
    /// # Errors
    /// As [`decide`].
    pub fn decide(
        &self,
        case: &Case,
        command: Command,
        actor: &Actor,
        facts: &Facts,
        now: Timestamp,
    ) -> Result<Decided, Refusal> {
        if !has_part(case, actor) {
            return Err(Refusal::NotYours);
        }
        let action = command.action();
        let row = self.row(case, action, actor, facts).ok_or(Refusal::NotInThisState { action, state: case.state })?;
        if action == Action::CorrectConvener {
            convener::nothing_else(case, command.papers(), &facts.convener)?;
        }
        let due = due(case, facts);
        let missing: Vec<Missing> =
            row.needs.iter().filter_map(|need| self.lacks(*need, Some(&command), case, &due, facts, now)).collect();
        if !missing.is_empty() {
            return Err(Refusal::Missing(missing));
        }
        let others = |round: Round| case.reviewing.waits_for_others(round, actor.person.id);
        let (to, then) = match Round::under_review(case.state) {
            // The case waits for the other reviewers of the round.
            Some(round) if action == Action::Review && others(round) => (case.state, &[] as &[Effect]),
            _ => (row.to, row.then),
        };
        let appealable = self.workflow.rows.iter().any(|row| row.from == to && row.action == Action::Appeal);
        let until = self.certifying.filter(|_| appealable).map(|how| appeal_until(now, how.appeal_days));
        Ok(Decided { to, deed: command.deed(case, &due, until), then })
    }

    /// As [`allowed`], by this procedure.
    pub fn allowed(&self, case: &Case, actor: &Actor, facts: &Facts, now: Timestamp) -> Vec<Allowed> {
        if !has_part(case, actor) {
            return Vec::new();
        }
        let due = due(case, facts);
        let rows = self.workflow.rows.iter();
        rows.filter(|row| row.from == case.state && self.is_theirs(row, case, actor, facts))
            .map(|row| Allowed {
                action: row.action,
                missing: row.needs.iter().filter_map(|need| self.lacks(*need, None, case, &due, facts, now)).collect(),
            })
            .collect()
    }
}

/// Decides on an act.
///
/// # Errors
/// [`Refusal`] with everything that is missing.
pub fn decide(case: &Case, command: Command, actor: &Actor, facts: &Facts, now: Timestamp) -> Result<Decided, Refusal> {
    Procedure::of(case).decide(case, command, actor, facts, now)
}

/// The acts a person may see on a case. What is typed only in the act itself (a reason, a consent) does not grey a button.
pub fn allowed(case: &Case, actor: &Actor, facts: &Facts, now: Timestamp) -> Vec<Allowed> {
    Procedure::of(case).allowed(case, actor, facts, now)
}

/// Whether the actor has to do with the case at all. A 總表 is in the hands of the account that made it, where its drafts are.
/// National offices look at a 社群 and do not act; certifications have desks for them.
fn has_part(case: &Case, actor: &Actor) -> bool {
    match actor.role.part() {
        Role::Reviewer => case.reviewing.assignments.iter().any(|one| one.reviewer.id == actor.person.id),
        Role::Ministry | Role::Platform => case.process == Process::Advanced,
        _ => is_within_reach(case, actor),
    }
}

/// Whether the case lies within what the actor's part reaches: the own one, those of the school, of the county, of the nation.
pub(super) fn is_within_reach(case: &Case, actor: &Actor) -> bool {
    match actor.role.part() {
        Role::School if case.process == Process::Summary => case.owner.id == actor.person.id,
        Role::Teacher | Role::Principal => case.owner.id == actor.person.id,
        Role::School => actor.is_at(&case.school),
        Role::County => actor.county.as_deref() == Some(case.school.county.as_str()),
        Role::Ministry | Role::Platform => true,
        Role::Reviewer => false,
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
    // Of a certification it is not known what would have been picked: the first form of each slot.
    let due = match certifying(case) {
        Some(how) => papers_due(case, &Answers::default(), &Picks::first(&how.slots)),
        None => editable(case),
    };
    let corrected = convener::correctable(case, &facts.convener).into_iter().map(|own| own.form.clone());
    due.into_iter().chain(corrected).map(blank).collect()
}

fn window_closed(kind: WindowKind, facts: &Facts, now: Timestamp) -> Option<Missing> {
    let window = facts.windows.get(&kind).filter(|window| !window.contains(now))?;
    Some(Missing::WindowClosed { window: kind, from: window.from, to: window.to })
}

impl Procedure<'_> {
    /// What a need lacks. With a command, what the command carries counts; without one, how far the papers have come.
    fn lacks(
        &self,
        need: Need,
        command: Option<&Command>,
        case: &Case,
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
                let forms =
                    forms(&|paper| if command.is_some() { sent(&paper.form).is_none() } else { !paper.complete });
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
                Command::Return { reason, .. }
                | Command::Reject { reason }
                | Command::Decide { reason, .. }
                | Command::RefuseAppeal { reason }
                    if reason.trim().is_empty() =>
                {
                    Some(Missing::ReasonMissing)
                }
                _ => None,
            },
            Need::HasConsent => match command? {
                Command::ChangeConvener { consent, .. } if consent.trim().is_empty() => Some(Missing::ConsentMissing),
                _ => None,
            },
            // Looked at where the row is found.
            Need::ConvenerDiffers | Need::Offered => None,
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
            Need::SlotsFilled => {
                let slots = facts.empty_slots.clone();
                (!slots.is_empty()).then_some(Missing::SlotsEmpty { slots })
            }
            Need::SheetComplete => {
                let complete = command.map_or(facts.sheet_complete, |command| command.sheet().is_some());
                (!complete).then_some(Missing::SheetIncomplete)
            }
            Need::SheetSays(action) => {
                let says = match command {
                    Some(command) => {
                        command.sheet().and_then(|sheet| advanced::sheet_says(&sheet.form.id, sheet.answers.answers()))
                    }
                    None => facts.sheet_says,
                };
                says.filter(|says| *says != action).map(|says| Missing::SheetDisagrees { says })
            }
            Need::FitReviewers => {
                let Command::Assign { reviewers } = command? else { return None };
                let round = Round::of(case.state);
                let wanted = self.certifying.zip(round).map_or(1, |(how, round)| how.reviewers_in(round));
                if reviewers.len() < wanted {
                    return Some(Missing::ReviewersMissing { wanted: u8::try_from(wanted).unwrap_or(u8::MAX) });
                }
                let reviewers = facts.unfit.clone();
                (!reviewers.is_empty()).then_some(Missing::ReviewersUnfit { reviewers })
            }
            Need::AppealInTime => {
                let until = case.reviewing.appeal_until;
                until.is_none_or(|until| now > until).then_some(Missing::AppealOver { until })
            }
            Need::AppealOver => {
                (case.reviewing.appeal_until.is_none_or(|until| now <= until)).then_some(Missing::AppealOpen)
            }
        }
    }
}
