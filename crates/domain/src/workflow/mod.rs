//! Processes as tables. A row says who may do what in which state, what it needs and what follows; [`decide`] and
//! [`Case::apply`](crate::case::Case::apply) are the only interpreters. The desktop runs `decide` as a promise, the service as the law.

pub mod convener;
mod decide;
mod page;
mod papers;
pub mod plc;
mod sight;
pub mod summary;

pub use decide::{Allowed, Decided, Facts, Missing, PaperFacts, Refusal, Unenclosed, allowed, decide, open};
pub use page::page;
pub use papers::{papers_group, papers_listed, papers_place};
pub use sight::{Sight, sight};

use crate::{
    case::{Carried, Case, CompletePaper, Deed, Process, State},
    form::{Answers, FormId},
    notice::NoticeKind,
    people::{Person, Role},
    policy::WindowKind,
};
use serde::{Deserialize, Serialize};

/// What a person can do to a case. The codes are the command line's and the test ids'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// 申請: send the application.
    Submit,
    /// 形式審通過.
    Pass,
    /// 退件.
    Return,
    /// 核定.
    Approve,
    /// 不核定.
    Reject,
    /// 撤案.
    Withdraw,
    /// 送出 the 成果報告.
    SendReport,
    /// 更換社群召集人.
    ChangeConvener,
    /// 更正召集人資料: the new convener corrects their own data on papers that are locked.
    CorrectConvener,
    /// 匯入資料／重新匯入資料 of the 總表.
    Import,
    /// 送出 the 總表.
    Send,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 11] = [
        Self::Submit,
        Self::Pass,
        Self::Return,
        Self::Approve,
        Self::Reject,
        Self::Withdraw,
        Self::SendReport,
        Self::ChangeConvener,
        Self::CorrectConvener,
        Self::Import,
        Self::Send,
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Pass => "pass",
            Self::Return => "return",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::SendReport => "send_report",
            Self::ChangeConvener => "change_convener",
            Self::CorrectConvener => "correct_convener",
            Self::Import => "import",
            Self::Send => "send",
        }
    }

    /// Whether the case waits for this act to go on; withdrawing, changing the convener, correcting their data or importing again is
    /// possible, but nobody waits for it.
    pub fn is_next_step(self) -> bool {
        !matches!(self, Self::Withdraw | Self::ChangeConvener | Self::CorrectConvener | Self::Import)
    }

    /// Whether one confirmation may do it to many cases: what one judges, without papers or a choice of people.
    pub fn in_bulk(self) -> bool {
        matches!(self, Self::Pass | Self::Return | Self::Approve | Self::Reject)
    }

    /// The action with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// A condition of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The county's window for this is open.
    WindowOpen(WindowKind),
    /// All papers that are due are complete and sent along.
    PapersComplete,
    /// Uploaded as the county asks.
    StampsAsRuled,
    /// What the forms want enclosed is uploaded.
    EnclosuresThere,
    /// A reason is given.
    HasReason,
    /// The county's consent is named.
    HasConsent,
    /// The new convener has signed in before and convenes nothing in this plan year.
    TargetConvenesNothing,
    /// The case was handed over, and a paper that was sent still names somebody else. Without it there is no such act.
    ConvenerDiffers,
    /// Something of the convener's data is corrected.
    SomethingCorrected,
}

/// What follows a step, beside the new state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A message to a part of the case.
    Notice(NoticeKind, To),
}

/// Whom a message goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The case's owner, after the act.
    Owner,
    /// Whoever owned the case before the act.
    FormerOwner,
    /// The case's school.
    School,
    /// The county of the case's school.
    County,
}

/// One row of a process.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its number in `workflows.md`.
    pub source: &'static str,
    /// The state before.
    pub from: State,
    /// What is done.
    pub action: Action,
    /// By whom.
    pub who: Role,
    /// The state after.
    pub to: State,
    /// What it needs.
    pub needs: &'static [Need],
    /// What follows.
    pub then: &'static [Effect],
}

/// A process.
#[derive(Debug, Clone, Copy)]
pub struct Workflow {
    /// Which.
    pub process: Process,
    /// The row of its opening in `workflows.md`.
    pub source: &'static str,
    /// Who opens a case of it.
    pub opener: Role,
    /// The state of a new case.
    pub first: State,
    /// Its rows.
    pub rows: &'static [Row],
}

impl Workflow {
    /// The table of a process.
    pub fn of(process: Process) -> &'static Self {
        match process {
            Process::Plc => &plc::WORKFLOW,
            Process::Summary => &summary::WORKFLOW,
        }
    }

    /// Its states, in the order of [`State::ALL`].
    pub fn states(&self) -> Vec<State> {
        let used = |state: &State| self.first == *state || self.rows.iter().any(|row| row.to == *state);
        State::ALL.into_iter().filter(used).collect()
    }

    /// The window within which a part can do this; none: always.
    pub fn window_of(&self, action: Action, role: Role) -> Option<WindowKind> {
        let mut needs = self.rows.iter().filter(|row| row.action == action && row.who == role.part());
        needs.find_map(|row| {
            row.needs.iter().find_map(|need| if let Need::WindowOpen(kind) = need { Some(*kind) } else { None })
        })
    }

    /// The row for this state, action and part.
    pub fn row(&self, from: State, action: Action, role: Role) -> Option<&'static Row> {
        self.rows.iter().find(|row| row.from == from && row.action == action && row.who == role.part())
    }
}

/// An act with what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Send the application.
    Submit {
        /// The papers, each found complete.
        papers: Vec<CompletePaper>,
    },
    /// Pass the school's check.
    Pass,
    /// Return for correction.
    Return {
        /// Why.
        reason: String,
    },
    /// Approve.
    Approve {
        /// NTD.
        amount: Option<u32>,
    },
    /// Reject.
    Reject {
        /// Why.
        reason: String,
    },
    /// Withdraw.
    Withdraw,
    /// Send the report.
    SendReport {
        /// The report, found complete.
        papers: Vec<CompletePaper>,
    },
    /// Change the convener.
    ChangeConvener {
        /// The new one.
        to: Person,
        /// Reference of the county's consent.
        consent: String,
    },
    /// Correct the convener's data on papers that are locked.
    CorrectConvener {
        /// The papers with the corrected answers.
        papers: Vec<CompletePaper>,
    },
    /// Fill the 總表 from the school's applications.
    Import {
        /// The applications it carries now.
        carried: Vec<Carried>,
    },
    /// Send the 總表.
    Send {
        /// The 總表, found complete.
        papers: Vec<CompletePaper>,
    },
}

impl Command {
    /// Its action.
    pub fn action(&self) -> Action {
        match self {
            Self::Submit { .. } => Action::Submit,
            Self::Pass => Action::Pass,
            Self::Return { .. } => Action::Return,
            Self::Approve { .. } => Action::Approve,
            Self::Reject { .. } => Action::Reject,
            Self::Withdraw => Action::Withdraw,
            Self::SendReport { .. } => Action::SendReport,
            Self::ChangeConvener { .. } => Action::ChangeConvener,
            Self::CorrectConvener { .. } => Action::CorrectConvener,
            Self::Import { .. } => Action::Import,
            Self::Send { .. } => Action::Send,
        }
    }

    /// A command that one confirmation gives to many cases; none for acts that carry more ([`Action::in_bulk`]).
    pub fn in_bulk(action: Action, reason: &str, amount: Option<u32>) -> Option<Self> {
        let reason = reason.to_owned();
        match action {
            Action::Pass => Some(Self::Pass),
            Action::Return => Some(Self::Return { reason }),
            Action::Approve => Some(Self::Approve { amount }),
            Action::Reject => Some(Self::Reject { reason }),
            Action::Submit
            | Action::Withdraw
            | Action::SendReport
            | Action::ChangeConvener
            | Action::CorrectConvener
            | Action::Import
            | Action::Send => None,
        }
    }

    fn papers(&self) -> &[CompletePaper] {
        match self {
            Self::Submit { papers }
            | Self::SendReport { papers }
            | Self::CorrectConvener { papers }
            | Self::Send { papers } => papers,
            _ => &[],
        }
    }

    fn paper(&self, form: &FormId) -> Option<&CompletePaper> {
        self.papers().iter().find(|paper| paper.form.id == *form)
    }

    /// What is done to the case: of the papers, exactly those that are due, each once.
    fn deed(self, case: &Case, due: &[PaperFacts]) -> Deed {
        let sent = || due.iter().filter_map(|paper| self.paper(&paper.form)).map(CompletePaper::sent).collect();
        match self {
            Self::Submit { .. } => Deed::Submitted { papers: sent() },
            Self::Pass => Deed::Passed,
            Self::Return { reason } => Deed::Returned { reason: reason.trim().to_owned() },
            Self::Approve { amount } => Deed::Approved { amount },
            Self::Reject { reason } => Deed::Rejected { reason: reason.trim().to_owned() },
            Self::Withdraw => Deed::Withdrawn,
            Self::SendReport { .. } => Deed::ReportSent { papers: sent() },
            Self::ChangeConvener { to, consent } => Deed::ConvenerChanged { to, consent: consent.trim().to_owned() },
            Self::CorrectConvener { .. } => {
                let due = due.iter().filter_map(|paper| self.paper(&paper.form));
                Deed::ConvenerCorrected { papers: due.filter_map(|paper| convener::corrected(case, paper)).collect() }
            }
            Self::Import { carried } => Deed::Imported { carried },
            Self::Send { .. } => Deed::Sent { papers: sent() },
        }
    }
}

/// The papers a case shows, in the order of the slides.
pub fn papers(process: Process, state: State) -> Vec<FormId> {
    match process {
        Process::Plc => plc::papers(state),
        Process::Summary => summary::papers(),
    }
}

/// The papers the owner can edit in a state.
pub fn editable(process: Process, state: State) -> Vec<FormId> {
    match process {
        Process::Plc => plc::editable(state),
        Process::Summary => summary::editable(state),
    }
}

/// The papers that have to be complete before the owner can send. `application` is the 申請表 as it is to be sent; other
/// processes do not ask for it.
pub fn papers_due(process: Process, state: State, application: &Answers) -> Vec<FormId> {
    match process {
        Process::Plc => plc::papers_due(state, application),
        Process::Summary => summary::editable(state),
    }
}
