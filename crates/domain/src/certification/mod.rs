//! What the review of a certification adds to a case: who was asked to review it, what they wrote, what was decided, until when
//! one may appeal, and the number in the end (`workflows.md` §6, `forms.md` §3.9 to §3.12). A 社群 has none of it.

mod conflict;
mod eyes;
mod pool;
mod sharing;
mod similarity;
mod slots;

pub use conflict::{Conflict, Named, Sought, Unfit, unfit};
pub(crate) use eyes::hide_events;
pub use pool::{FIELDS, Loads, Obstacle, Proposal, Proposed, Reviewer, propose};
pub use similarity::{Nearest, SKETCH_REVISION, Said, Sketch, likeness};
pub use slots::{Certifying, Desk, Desks, PICKS, Picks, Slot};

use crate::{
    case::{Case, Deed, Event, SentPaper, State},
    form::FormId,
    ids::{AccountId, CaseId},
    people::Person,
    policy::Policy,
    time::{Timestamp, taipei_day, taipei_moment},
};
use chrono::{Duration, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether this is one of the three observation papers (觀察前會談、觀察、觀察後回饋會談紀錄表): those that name the teacher whose lesson
/// was observed, and that are judged by how they are written.
pub(crate) fn is_observation(form: &FormId) -> bool {
    ["pre_conference_", "obs_", "post_conference_"].iter().any(|prefix| form.as_str().starts_with(prefix))
}

/// A round of review: each has its own 審查標準表 and its own reviewers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Round {
    /// 初審.
    First,
    /// 複審.
    Second,
    /// 申復.
    Appeal,
}

impl Round {
    /// Every round, in their order.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Appeal];

    /// The platform's word, which is also the answer on the 審查標準表.
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "初審",
            Self::Second => "複審",
            Self::Appeal => "申復",
        }
    }

    /// The field of the 審查標準表 that holds its result, and the list of the results it can have.
    pub fn result_field(self) -> (&'static str, &'static str) {
        match self {
            Self::First => ("result_first", "results_first"),
            Self::Second => ("result_second", "results_second"),
            Self::Appeal => ("result_appeal", "results_appeal"),
        }
    }

    /// The round whose reviewers are sought, at work, or judged in this state.
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::FirstAssign | State::FirstReview | State::FirstDecide => Some(Self::First),
            State::SecondAssign | State::SecondReview | State::SecondDecide => Some(Self::Second),
            State::AppealAssign | State::AppealReview | State::AppealDecide => Some(Self::Appeal),
            _ => None,
        }
    }

    /// Whether a case waits for its reviewers in this state.
    pub fn seeks_reviewers(state: State) -> bool {
        matches!(state, State::FirstAssign | State::SecondAssign | State::AppealAssign)
    }

    /// The round that is being reviewed in this state: reviewers are at work.
    pub fn under_review(state: State) -> Option<Self> {
        match state {
            State::FirstReview => Some(Self::First),
            State::SecondReview => Some(Self::Second),
            State::AppealReview => Some(Self::Appeal),
            _ => None,
        }
    }
}

/// What a review can end with (`forms.md` §3.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 通過.
    Passed,
    /// 修正後通過: the teacher corrects alone; nothing is sent again.
    PassedAfterCorrection,
    /// 修正後複審.
    CorrectAndReview,
    /// 未通過.
    Failed,
}

impl Outcome {
    /// Every outcome, for tables and tests.
    pub const ALL: [Self; 4] = [Self::Passed, Self::PassedAfterCorrection, Self::CorrectAndReview, Self::Failed];

    /// The platform's word, which is also the answer on the 審查標準表.
    pub fn label(self) -> &'static str {
        match self {
            Self::Passed => "通過",
            Self::PassedAfterCorrection => "修正後通過",
            Self::CorrectAndReview => "修正後複審",
            Self::Failed => "未通過",
        }
    }
}

/// A reviewer who was asked to review a case in a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Assignment {
    /// The round.
    pub round: Round,
    /// Who.
    pub reviewer: Person,
    /// Asked at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
}

/// A sheet that was filled in about the case: 形式審查表, or 審查標準表 of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Sheet {
    /// The number of its event: its name within the case.
    pub seq: u32,
    /// The round; none: it is the 形式審查表.
    pub round: Option<Round>,
    /// Who wrote it; none where this person may not know the name.
    pub by: Option<Person>,
    /// Sent at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// The sheet.
    pub paper: SentPaper,
}

/// What was decided at the end of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Decision {
    /// The round.
    pub round: Round,
    /// What.
    pub outcome: Outcome,
    /// 原因訊息.
    pub reason: String,
    /// Decided at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
}

/// How much what was sent is like what another person sent: found by the service, judged by a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Likeness {
    /// Per cent of this case's words that stand in the other one too, 0 to 100.
    pub percent: u8,
    /// The other case.
    pub other: CaseId,
    /// Its plan year, to speak of it without naming anybody.
    pub other_year: u16,
    /// The form most alike.
    pub form: FormId,
}

/// The certificate a case ended with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Issued {
    /// 證號; none on a desktop until the service has counted.
    pub number: Option<String>,
    /// 發證時間.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub on: NaiveDate,
}

/// The review of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct Reviewing {
    /// Who was asked, oldest first. Whoever was replaced is not among them.
    pub assignments: Vec<Assignment>,
    /// What they and the formal reviewers wrote, oldest first.
    pub sheets: Vec<Sheet>,
    /// What was decided, oldest first.
    pub decisions: Vec<Decision>,
    /// The last moment in which an appeal may be sent; none: there is nothing to appeal against now.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub appeal_until: Option<Timestamp>,
    /// The certificate.
    pub issued: Option<Issued>,
    /// The greatest likeness to another person's case, found when the papers were last sent.
    pub likeness: Option<Likeness>,
}

impl Reviewing {
    /// Whether nothing of it ever happened.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The people asked in a round.
    pub fn reviewers(&self, round: Round) -> impl Iterator<Item = &Person> {
        self.assignments.iter().filter(move |one| one.round == round).map(|one| &one.reviewer)
    }

    /// Whether a person's sheet of a round is there.
    pub fn has_written(&self, round: Round, reviewer: AccountId) -> bool {
        let theirs = |sheet: &Sheet| sheet.by.as_ref().is_some_and(|by| by.id == reviewer);
        self.sheets.iter().any(|sheet| sheet.round == Some(round) && theirs(sheet))
    }

    /// Whether the person was asked in a round and has not sent a sheet yet.
    pub fn waits_for(&self, round: Round, reviewer: AccountId) -> bool {
        self.reviewers(round).any(|asked| asked.id == reviewer) && !self.has_written(round, reviewer)
    }

    /// Whether anybody but this person is still at work in a round.
    pub fn waits_for_others(&self, round: Round, reviewer: AccountId) -> bool {
        self.reviewers(round).any(|asked| asked.id != reviewer && !self.has_written(round, asked.id))
    }

    /// The newest 形式審查表.
    pub fn form_review(&self) -> Option<&Sheet> {
        self.sheets.iter().rev().find(|sheet| sheet.round.is_none())
    }

    /// A sheet by the number of its event.
    pub fn sheet(&self, seq: u32) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.seq == seq)
    }

    /// The decision of a round.
    pub fn decision(&self, round: Round) -> Option<&Decision> {
        self.decisions.iter().rev().find(|decision| decision.round == round)
    }
}

/// The results the office offers in the round that a case is in: those of the list of its round (`policy/review.toml`), because
/// counties differ in what they offer for the 複審.
pub fn offered(case: &Case, policy: &Policy) -> BTreeSet<Outcome> {
    let Some(round) = Round::of(case.state) else { return BTreeSet::new() };
    let list = policy.list(round.result_field().1);
    Outcome::ALL.into_iter().filter(|outcome| list.iter().any(|option| option.zh == outcome.label())).collect()
}

/// The last moment of the `days`th day after the one (in Taipei) on which somebody was told: the day after is day 1, holidays count
/// (`workflows.md` §8).
pub fn appeal_until(told: Timestamp, days: u16) -> Timestamp {
    let after = taipei_day(told) + Duration::days(i64::from(days) + 1);
    taipei_moment(after, NaiveTime::MIN) - Duration::milliseconds(1)
}

/// What an event does to the review of its case; called by [`Case::apply`].
pub(crate) fn apply(case: &mut Case, event: &Event) {
    let before = case.state;
    let reviewing = &mut case.reviewing;
    let sheet = |round, paper: &SentPaper| Sheet {
        seq: event.seq,
        round,
        by: Some(event.by.person.clone()),
        at: event.at,
        paper: paper.clone(),
    };
    match &event.deed {
        Deed::Passed { sheet: Some(paper) } | Deed::Returned { sheet: Some(paper), .. } => {
            reviewing.sheets.push(sheet(None, paper));
        }
        Deed::Assigned { reviewers } => {
            let Some(round) = Round::of(before) else { return };
            let written: Vec<AccountId> = reviewing
                .reviewers(round)
                .filter(|asked| reviewing.has_written(round, asked.id))
                .map(|asked| asked.id)
                .collect();
            let kept = |one: &Assignment| one.round != round || written.contains(&one.reviewer.id);
            reviewing.assignments.retain(kept);
            let new = reviewers.iter().filter(|reviewer| !written.contains(&reviewer.id));
            reviewing.assignments.extend(new.map(|reviewer| Assignment {
                round,
                reviewer: reviewer.clone(),
                at: event.at,
            }));
        }
        Deed::Reviewed { sheet: paper } => {
            let round = Round::under_review(before);
            reviewing.sheets.push(sheet(round, paper));
        }
        Deed::Decided { outcome, reason, appeal_until } => {
            reviewing.appeal_until = *appeal_until;
            let Some(round) = Round::of(before) else { return };
            let (outcome, reason, at) = (*outcome, reason.clone(), event.at);
            reviewing.decisions.push(Decision { round, outcome, reason, at });
        }
        Deed::Appealed { .. } | Deed::Lapsed => reviewing.appeal_until = None,
        Deed::Issued { number, on } => reviewing.issued = Some(Issued { number: number.clone(), on: *on }),
        _ => {}
    }
}
