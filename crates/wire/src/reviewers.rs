//! 審查委員 and 分發委員: the pool, whom a case could be given to, and reviewers for many cases at once.

use crate::Failure;
use domain::{
    certification::{Proposal, Reviewer, Round},
    form::Label,
    ids::{AccountId, CaseId},
    people::{Person, School},
};
use serde::{Deserialize, Serialize};

/// A reviewer as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReviewerRow {
    /// What the pool knows of them.
    pub reviewer: Reviewer,
    /// What they sign in with: it tells two people of one name apart.
    pub account: String,
    /// Beside a case: how many cases they were asked to review in its round and plan year. Without one: how many sheets they have
    /// still to write.
    pub load: u32,
    /// Why they may not review the case (the codes of `domain::certification::Unfit`); none: they may, or no case is meant.
    pub unfit: Option<String>,
}

/// `GET /v1/reviewers`: the reviewers that the person keeps, by name. `?case=ID`: the whole pool as it stands to that case, for
/// whoever may assign its reviewers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerPage {
    /// The reviewers.
    pub rows: Vec<ReviewerRow>,
}

/// `PUT /v1/reviewers/{account}`: what the pool shall know of a reviewer. The name is the account's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReviewerPut {
    /// Their county; none: they work for the nation.
    pub county: Option<String>,
    /// Their school.
    pub school: Option<School>,
    /// 領域, by their labels.
    pub fields: Vec<String>,
    /// They take cases now.
    pub active: bool,
    /// So many cases they take in a round; none: as many as come.
    pub most: Option<u16>,
}

/// `POST /v1/assignments/proposal`: cases for which reviewers are sought, at most [`domain::sync::MOST_ACTS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalAsk {
    /// The cases.
    pub cases: Vec<CaseId>,
}

/// The answer to [`ProposalAsk`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ProposalPage {
    /// Case by case, in the order in which they were asked for.
    pub proposals: Vec<Proposal>,
    /// Cases for which this person gets no proposal.
    pub refused: Vec<NotProposed>,
}

/// A case without a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NotProposed {
    /// The case.
    pub case: CaseId,
    /// Why.
    pub failure: Failure,
}

/// The page 審查委員.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReviewersView {
    /// The reviewers that this person keeps, by name.
    pub rows: Vec<ReviewerRow>,
    /// The 領域 there are.
    pub fields: Vec<Label>,
    /// The counties that can be chosen; a county's own office has the one.
    pub counties: Vec<String>,
    /// A reviewer can be one of the nation.
    pub may_be_national: bool,
}

/// Save what the pool knows of a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ReviewerSave {
    /// The account.
    pub account: AccountId,
    /// What the pool shall know.
    pub put: ReviewerPut,
}

/// Whom a case could be given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct AssignChoices {
    /// The round.
    pub round: Round,
    /// Its word.
    pub round_label: String,
    /// So many reviewers the office asks for.
    pub wanted: u8,
    /// Who is asked in this round so far.
    pub asked: Vec<Person>,
    /// The whole pool, by name.
    pub rows: Vec<ReviewerRow>,
}

/// Reviewers for many cases, after one confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CasesAssign {
    /// Each case with everybody who reviews it in this round.
    pub cases: Vec<CaseReviewers>,
}

/// A case and its reviewers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseReviewers {
    /// The case.
    pub case: CaseId,
    /// Everybody who reviews it in this round.
    pub reviewers: Vec<Person>,
}
