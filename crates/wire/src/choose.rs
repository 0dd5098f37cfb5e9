//! Lists that are narrowed, and many cases at once (計畫挑選): what the window asks and gets.

use domain::{
    case::{Process, State},
    choose::Budget,
    form::Label,
    ids::CaseId,
    list::AmountSpan,
    workflow::Action,
};
use serde::{Deserialize, Serialize};

use crate::{Failure, views::CaseRow};

/// By what a list is narrowed, beside year and keyword. Of each kind any value will do; an empty kind asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct CaseNarrowing {
    /// 流程名稱.
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub process: Option<Process>,
    /// 狀態.
    #[cfg_attr(feature = "ts", ts(as = "Option<Vec<State>>", optional))]
    pub states: Vec<State>,
    /// 學校代碼.
    #[cfg_attr(feature = "ts", ts(as = "Option<Vec<String>>", optional))]
    pub schools: Vec<String>,
    /// 社群級別.
    #[cfg_attr(feature = "ts", ts(as = "Option<Vec<String>>", optional))]
    pub levels: Vec<String>,
    /// 申請經費.
    #[cfg_attr(feature = "ts", ts(as = "Option<AmountSpan>", optional))]
    pub asked: AmountSpan,
    /// 核定金額.
    #[cfg_attr(feature = "ts", ts(as = "Option<AmountSpan>", optional))]
    pub approved: AmountSpan,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CaseOrder {
    /// Newest opened first.
    #[default]
    Newest,
    /// By school, newest first within one.
    School,
    /// Most asked for first.
    Asked,
}

/// Every case that fits a question, in the list's order, for choosing all of them and for walking from one to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseIds {
    /// The cases.
    pub cases: Vec<CaseId>,
}

/// A case and what it gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ChosenCase {
    /// The case.
    pub case: CaseId,
    /// NTD, where the act has an amount; none: what was applied for.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub amount: Option<u32>,
}

/// What would happen to these cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CasesPreviewRequest {
    /// The cases.
    pub cases: Vec<ChosenCase>,
    /// The act; none: only the sums, and which acts there are.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub action: Option<Action>,
}

/// One act on many cases, after one confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CasesAct {
    /// The cases, each with its amount.
    pub cases: Vec<ChosenCase>,
    /// The act.
    pub action: Action,
    /// One reason for all, where the act has one.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub reason: Option<String>,
}

/// What a choice of cases comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CasesPreview {
    /// How many are chosen.
    pub chosen: u32,
    /// What they applied for together, NTD.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub asked: i64,
    /// The acts this person can do to many cases, each with how many of the chosen ones it can be done to.
    pub acts: Vec<BulkAct>,
    /// So many cases can be acted on at once.
    pub most: u32,
    /// Case by case what the act does; empty without an act.
    pub rows: Vec<PreviewRow>,
    /// The money against the ceilings, plan year by plan year.
    pub budgets: Vec<Budget>,
}

/// An act and how many of the chosen cases it can be done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BulkAct {
    /// The act.
    pub action: Action,
    /// How many.
    pub possible: u32,
}

/// What the act does to one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PreviewRow {
    /// The case as its list shows it.
    pub row: CaseRow,
    /// The state after, in the platform's words; empty when it cannot be done.
    pub to_label: String,
    /// The messages that follow.
    pub notices: Vec<PreviewNotice>,
    /// NTD, where the act has an amount.
    pub amount: Option<u32>,
    /// The amount is over the ceiling of one 社群; this is by how much, NTD.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub over: Option<i64>,
    /// Why it cannot be done; none: it can.
    pub refused: Option<Failure>,
}

/// A message that follows an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PreviewNotice {
    /// Its title.
    pub title: Label,
    /// Who gets it.
    pub to: NoticeTo,
}

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NoticeTo {
    /// The convener.
    Owner,
    /// Who was convener before.
    FormerOwner,
    /// The school.
    School,
    /// The county.
    County,
    /// The office that has to act next.
    Offices,
    /// The reviewers.
    Reviewers,
    /// 教育部.
    Ministry,
}

/// What came of an act on many cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CasesDone {
    /// The act.
    pub action: Action,
    /// Taken by the service.
    pub accepted: u32,
    /// Kept here, not sent yet.
    pub waiting: u32,
    /// Not done, each with its reason.
    pub refused: Vec<RefusedCase>,
}

/// A case that was not acted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RefusedCase {
    /// The case as its list shows it now; none when it is not in this person's lists any more.
    pub row: Option<CaseRow>,
    /// The case.
    pub case: CaseId,
    /// Why.
    pub failure: Failure,
}
