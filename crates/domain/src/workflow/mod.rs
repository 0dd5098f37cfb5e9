//! Processes as tables. A row says who may do what in which state, what it needs and what follows; [`decide`] and
//! [`Case::apply`](crate::case::Case::apply) are the only interpreters. The desktop runs `decide` as a promise, the service as the law.

pub mod advanced;
pub mod convener;
mod decide;
mod page;
mod papers;
pub mod plc;
mod sight;
pub mod summary;

pub use decide::{
    Allowed, Decided, Facts, Missing, PaperFacts, Procedure, Refusal, Unenclosed, UnfitReviewer, allowed, decide, open,
};
pub use page::page;
pub use papers::{papers_group, papers_listed, papers_place};
pub use sight::{Sight, sight};

use crate::{
    case::{Carried, Case, CompletePaper, Deed, Process, State},
    certification::{Certifying, Desk, Outcome, Picks},
    form::{Answers, FormId, Packs},
    notice::NoticeKind,
    people::{Actor, Person, Role},
    policy::WindowKind,
    time::Timestamp,
};
use chrono::NaiveDate;
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
    /// 分發委員.
    Assign,
    /// A reviewer sends the 審查標準表.
    Review,
    /// 判定: 通過.
    Grant,
    /// 判定: 修正後通過.
    GrantCorrected,
    /// 判定: 修正後複審.
    AskCorrection,
    /// 判定: 未通過.
    Deny,
    /// 送出複審資料, or 申復重新送審.
    Resubmit,
    /// 申復.
    Appeal,
    /// 申復申請案受理.
    AcceptAppeal,
    /// 申復申請案未受理.
    RefuseAppeal,
    /// The days for an appeal are over; the service does it.
    Lapse,
    /// 審查結果公告.
    Publish,
    /// 核定證書字號.
    Issue,
}

impl Action {
    /// Every action, for tables and tests.
    pub const ALL: [Self; 24] = [
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
        Self::Assign,
        Self::Review,
        Self::Grant,
        Self::GrantCorrected,
        Self::AskCorrection,
        Self::Deny,
        Self::Resubmit,
        Self::Appeal,
        Self::AcceptAppeal,
        Self::RefuseAppeal,
        Self::Lapse,
        Self::Publish,
        Self::Issue,
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
            Self::Assign => "assign",
            Self::Review => "review",
            Self::Grant => "grant",
            Self::GrantCorrected => "grant_corrected",
            Self::AskCorrection => "ask_correction",
            Self::Deny => "deny",
            Self::Resubmit => "resubmit",
            Self::Appeal => "appeal",
            Self::AcceptAppeal => "accept_appeal",
            Self::RefuseAppeal => "refuse_appeal",
            Self::Lapse => "lapse",
            Self::Publish => "publish",
            Self::Issue => "issue",
        }
    }

    /// The act that decides so.
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Grant,
            Outcome::PassedAfterCorrection => Self::GrantCorrected,
            Outcome::CorrectAndReview => Self::AskCorrection,
            Outcome::Failed => Self::Deny,
        }
    }

    /// What it decides, when it decides a review.
    pub fn outcome(self) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| Self::of(*outcome) == self)
    }

    /// Whether the case waits for this act to go on; withdrawing, changing the convener, correcting their data or importing again is
    /// possible, but nobody waits for it.
    pub fn is_next_step(self) -> bool {
        !matches!(self, Self::Withdraw | Self::ChangeConvener | Self::CorrectConvener | Self::Import)
    }

    /// Whether one confirmation may do it to many cases: what one judges, without papers or a choice of people.
    pub fn in_bulk(self) -> bool {
        matches!(self, Self::Pass | Self::Return | Self::Approve | Self::Reject | Self::Publish | Self::Issue)
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
    /// Every slot that is open has its picked form.
    SlotsFilled,
    /// The sheet of this step is complete and goes along.
    SheetComplete,
    /// The sheet of this step, where it says what is to be done, says this.
    SheetSays(Action),
    /// Reviewers are named, as many as the office asks for, none of them with a conflict of interest.
    FitReviewers,
    /// The office offers this result in this round; where it does not, there is no such act.
    Offered,
    /// The days for an appeal are not over.
    AppealInTime,
    /// The days for an appeal are over.
    AppealOver,
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
    /// Whoever sits at a desk for this case.
    Desk(Desk),
    /// Everybody who reviews in the round of the state after, and has not written yet.
    Reviewers,
    /// 教育部.
    Ministry,
}

/// Whose act a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// Of a part.
    Part(Role),
    /// Of whoever the office has put at a desk.
    Desk(Desk),
    /// Of the service, when a time is over.
    Clock,
}

impl Who {
    /// Whether it is the act of this part, with the desks as the office has filled them.
    pub fn is(self, part: Role, certifying: Option<&Certifying>) -> bool {
        match self {
            Self::Part(role) => role == part.part(),
            Self::Desk(desk) => certifying.and_then(|certifying| certifying.at(desk)) == Some(part.part()),
            Self::Clock => false,
        }
    }
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
    pub who: Who,
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
            Process::Advanced => &advanced::WORKFLOW,
        }
    }

    /// Its states, in the order of [`State::ALL`].
    pub fn states(&self) -> Vec<State> {
        let used = |state: &State| self.first == *state || self.rows.iter().any(|row| row.to == *state);
        State::ALL.into_iter().filter(used).collect()
    }

    /// The window within which a part can do this; none: always.
    pub fn window_of(&self, action: Action, role: Role, certifying: Option<&Certifying>) -> Option<WindowKind> {
        let mut needs = self.rows.iter().filter(|row| row.action == action && row.who.is(role, certifying));
        needs.find_map(|row| {
            row.needs.iter().find_map(|need| if let Need::WindowOpen(kind) = need { Some(*kind) } else { None })
        })
    }

    /// Whether a case in this state waits for an act of this part.
    pub fn waits_for(&self, state: State, role: Role, certifying: Option<&Certifying>) -> bool {
        let next = |row: &&Row| row.from == state && row.action.is_next_step() && row.who.is(role, certifying);
        self.rows.iter().any(|row| next(&row))
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
    /// Pass the school's check, or the 形式審查 of a certification.
    Pass {
        /// 形式審查表 of a certification, found complete.
        sheet: Option<CompletePaper>,
    },
    /// Return for correction.
    Return {
        /// Why.
        reason: String,
        /// 形式審查表 of a certification, found complete.
        sheet: Option<CompletePaper>,
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
    /// Name the reviewers of a round.
    Assign {
        /// Everybody who reviews from now on.
        reviewers: Vec<Person>,
    },
    /// Send the 審查標準表.
    Review {
        /// The sheet, found complete.
        sheet: Option<CompletePaper>,
    },
    /// Decide a round.
    Decide {
        /// How.
        outcome: Outcome,
        /// Why.
        reason: String,
    },
    /// Send what was corrected.
    Resubmit {
        /// The papers of the open slots, found complete.
        papers: Vec<CompletePaper>,
    },
    /// Appeal.
    Appeal {
        /// 認證審查結果申復表, found complete.
        papers: Vec<CompletePaper>,
    },
    /// Take an appeal.
    AcceptAppeal,
    /// Refuse an appeal.
    RefuseAppeal {
        /// Why.
        reason: String,
    },
    /// Close what nobody appealed against.
    Lapse,
    /// Publish the result.
    Publish,
    /// Issue the certificate.
    Issue {
        /// 證號; none where the service still has to count.
        number: Option<String>,
        /// 發證時間.
        on: NaiveDate,
    },
}

impl Command {
    /// Its action.
    pub fn action(&self) -> Action {
        match self {
            Self::Submit { .. } => Action::Submit,
            Self::Pass { .. } => Action::Pass,
            Self::Return { .. } => Action::Return,
            Self::Approve { .. } => Action::Approve,
            Self::Reject { .. } => Action::Reject,
            Self::Withdraw => Action::Withdraw,
            Self::SendReport { .. } => Action::SendReport,
            Self::ChangeConvener { .. } => Action::ChangeConvener,
            Self::CorrectConvener { .. } => Action::CorrectConvener,
            Self::Import { .. } => Action::Import,
            Self::Send { .. } => Action::Send,
            Self::Assign { .. } => Action::Assign,
            Self::Review { .. } => Action::Review,
            Self::Decide { outcome, .. } => Action::of(*outcome),
            Self::Resubmit { .. } => Action::Resubmit,
            Self::Appeal { .. } => Action::Appeal,
            Self::AcceptAppeal => Action::AcceptAppeal,
            Self::RefuseAppeal { .. } => Action::RefuseAppeal,
            Self::Lapse => Action::Lapse,
            Self::Publish => Action::Publish,
            Self::Issue { .. } => Action::Issue,
        }
    }

    /// A command that one confirmation gives to many cases; none for acts that carry more ([`Action::in_bulk`]). `today` is the
    /// day on certificates that are issued with it.
    pub fn in_bulk(action: Action, reason: &str, amount: Option<u32>, today: NaiveDate) -> Option<Self> {
        let reason = reason.to_owned();
        match action {
            Action::Pass => Some(Self::Pass { sheet: None }),
            Action::Return => Some(Self::Return { reason, sheet: None }),
            Action::Approve => Some(Self::Approve { amount }),
            Action::Reject => Some(Self::Reject { reason }),
            Action::Publish => Some(Self::Publish),
            Action::Issue => Some(Self::Issue { number: None, on: today }),
            _ => None,
        }
    }

    /// The sheet that goes along.
    fn sheet(&self) -> Option<&CompletePaper> {
        match self {
            Self::Pass { sheet } | Self::Return { sheet, .. } | Self::Review { sheet } => sheet.as_ref(),
            _ => None,
        }
    }

    fn papers(&self) -> &[CompletePaper] {
        match self {
            Self::Submit { papers }
            | Self::SendReport { papers }
            | Self::CorrectConvener { papers }
            | Self::Send { papers }
            | Self::Resubmit { papers }
            | Self::Appeal { papers } => papers,
            _ => &[],
        }
    }

    fn paper(&self, form: &FormId) -> Option<&CompletePaper> {
        self.papers().iter().find(|paper| paper.form.id == *form)
    }

    /// What is done to the case: of the papers, exactly those that are due, each once.
    fn deed(self, case: &Case, due: &[PaperFacts], appeal_until: Option<Timestamp>) -> Deed {
        let sent = || due.iter().filter_map(|paper| self.paper(&paper.form)).map(CompletePaper::sent).collect();
        match self {
            Self::Submit { .. } => Deed::Submitted { papers: sent() },
            Self::Pass { sheet } => Deed::Passed { sheet: sheet.as_ref().map(CompletePaper::sent) },
            Self::Return { reason, sheet } => {
                Deed::Returned { reason: reason.trim().to_owned(), sheet: sheet.as_ref().map(CompletePaper::sent) }
            }
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
            Self::Assign { reviewers } => Deed::Assigned { reviewers },
            Self::Review { sheet } => {
                let sheet = sheet.as_ref().map(CompletePaper::sent);
                Deed::Reviewed { sheet: sheet.expect("a review without its sheet lacks SheetComplete, and is refused") }
            }
            Self::Decide { outcome, reason } => {
                Deed::Decided { outcome, reason: reason.trim().to_owned(), appeal_until }
            }
            Self::Resubmit { .. } => Deed::Resubmitted { papers: sent() },
            Self::Appeal { .. } => Deed::Appealed { papers: sent() },
            Self::AcceptAppeal => Deed::AppealAccepted,
            Self::RefuseAppeal { reason } => Deed::AppealRefused { reason: reason.trim().to_owned() },
            Self::Lapse => Deed::Lapsed,
            Self::Publish => Deed::Published,
            Self::Issue { number, on } => Deed::Issued { number, on },
        }
    }
}

/// How a certification is run for a case; none for processes that are no certification.
pub fn certifying(case: &Case) -> Option<&'static Certifying> {
    Packs::built_in().certifying(case.process, case.plan_year, &case.school.county)
}

/// The papers a case shows, in the order of the slides. For a certification these are the picked ones; `picks` are not asked for
/// otherwise.
pub fn papers(case: &Case, picks: &Picks) -> Vec<FormId> {
    match case.process {
        Process::Plc => plc::papers(case.state),
        Process::Summary => summary::papers(),
        Process::Advanced => certifying(case).map_or_else(Vec::new, |how| advanced::papers(case, how, picks)),
    }
}

/// The papers the owner can edit now. Of a certification's slots, every form that could be picked.
pub fn editable(case: &Case) -> Vec<FormId> {
    match case.process {
        Process::Plc => plc::editable(case.state),
        Process::Summary => summary::editable(case.state),
        Process::Advanced => certifying(case).map_or_else(Vec::new, |how| advanced::editable(case.state, how)),
    }
}

/// The sheet that this person fills in about the case in this state: 形式審查表 at its desk, 審查標準表 as a reviewer who has not
/// sent it yet.
pub fn sheet(case: &Case, actor: &Actor) -> Option<FormId> {
    match case.process {
        Process::Plc | Process::Summary => None,
        Process::Advanced => advanced::sheet(case, actor, certifying(case)?),
    }
}

/// The papers that have to be complete before the owner can send. `application` is the 申請表 as it is to be sent, `picks` what was
/// picked for the slots of a certification; other processes do not ask for them.
pub fn papers_due(case: &Case, application: &Answers, picks: &Picks) -> Vec<FormId> {
    match case.process {
        Process::Plc => plc::papers_due(case.state, application),
        Process::Summary => summary::editable(case.state),
        Process::Advanced => certifying(case).map_or_else(Vec::new, |how| advanced::papers_due(case.state, how, picks)),
    }
}

/// Whether forms can be picked for slots now.
pub fn has_open_slots(case: &Case) -> bool {
    certifying(case).is_some_and(|how| !how.open_slots(case.state).is_empty())
}

/// The slots that are open and have no form picked.
pub fn empty_slots(case: &Case, picks: &Picks) -> Vec<String> {
    let open = certifying(case).map_or_else(Vec::new, |how| how.open_slots(case.state));
    open.into_iter().filter(|slot| picks.forms(&slot.key).is_empty()).map(|slot| slot.key.clone()).collect()
}
