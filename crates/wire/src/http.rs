//! Bodies of the service's HTTP interface under `/v1`. Three verbs move the data of a desktop: `PUT /v1/blobs/{sha256}`,
//! `POST /v1/cases/{id}/{acts|drafts}`, `GET /v1/changes?after=`.

use crate::Failure;
use chrono::NaiveDate;
use domain::{
    case::{Carried, Case, Deed, Event, Process, SentPaper},
    certification::Outcome,
    draft::{Changes, Clash, DraftHead},
    form::FormId,
    ids::{BlobHash, CaseId, EventId, NoticeId, PushId, RuleSetId},
    list::Choices,
    notice::{NoticeKind, NoticeText},
    paper::PrintedRevision,
    people::{Actor, Person},
    policy::{CountyRuleSet, CountyRules},
    record::{CertificateRow, PersonRecord, TrainingRow},
    remark::Remarks,
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::fmt;

/// The language spoken by this program; the service refuses programs below its own minimum.
pub const PROTOCOL: u32 = 1;

/// `GET /v1/hello`: who the service is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The service's identity, made once when its database was made. A store that met another one stops.
    pub service_id: String,
    /// Its version.
    pub version: String,
    /// The language it speaks.
    pub protocol: u32,
    /// The oldest language it understands.
    pub minimum_protocol: u32,
    /// The plan year that can be applied for now.
    pub plan_year: PlanYear,
    /// Its clock.
    pub now: Timestamp,
}

/// `POST /v1/sessions`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// The account's name.
    pub account: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").finish_non_exhaustive()
    }
}

/// The answer to [`SignIn`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Opaque; goes with every request as `Authorization: Bearer`.
    pub token: String,
    /// Who signed in. `GET /v1/me` answers the same.
    pub actor: Actor,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("ends_at", &self.ends_at).finish_non_exhaustive()
    }
}

/// `POST /v1/cases/{id}/drafts/{form}`: the fields that changed here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftPush {
    /// The same push sent again changes nothing and gets the same answer.
    pub id: PushId,
    /// The service's revision that the changes were made on.
    pub base: u32,
    /// The changed fields.
    pub changes: Changes,
    /// Revisions printed here that the service may not have.
    #[serde(default)]
    pub printed: Vec<PrintedRevision>,
}

/// The answer to [`DraftPush`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPushed {
    /// What the service has now.
    pub head: DraftHead,
    /// Fields it did not take; a person picks.
    pub clashes: Vec<Clash>,
}

/// What an act carries. Papers are checked again by the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum ActBody {
    /// Open a case.
    Open {
        /// The process.
        process: Process,
        /// The plan year.
        plan_year: PlanYear,
    },
    /// 申請.
    Submit {
        /// The papers.
        papers: Vec<SentPaper>,
    },
    /// 形式審通過, or 形式審查通過 of a certification.
    Pass {
        /// 形式審查表 of a certification.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sheet: Option<SentPaper>,
    },
    /// 退件.
    Return {
        /// Why.
        reason: String,
        /// 形式審查表 of a certification.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sheet: Option<SentPaper>,
    },
    /// 核定.
    Approve {
        /// NTD.
        amount: Option<u32>,
    },
    /// 不核定.
    Reject {
        /// Why.
        reason: String,
    },
    /// 撤案.
    Withdraw,
    /// 送出 the report.
    SendReport {
        /// The report.
        papers: Vec<SentPaper>,
    },
    /// 更換社群召集人.
    ChangeConvener {
        /// The new one.
        to: Person,
        /// Reference of the county's consent.
        consent: String,
    },
    /// 更正召集人資料. The stamped copies are those the case has; none goes along.
    CorrectConvener {
        /// The papers that are corrected.
        papers: Vec<SentPaper>,
    },
    /// 匯入資料 or 重新匯入資料.
    Import {
        /// The applications that the 總表 carries now.
        carried: Vec<Carried>,
    },
    /// 送出 the 總表.
    Send {
        /// The 總表.
        papers: Vec<SentPaper>,
    },
    /// 分發委員.
    Assign {
        /// Everybody who reviews in this round from now on; a name is the account's, whatever is written here.
        reviewers: Vec<Person>,
    },
    /// Send the 審查標準表.
    Review {
        /// 審查標準表.
        sheet: SentPaper,
    },
    /// 判定: 通過.
    Grant {
        /// What is said with it.
        #[serde(default)]
        reason: String,
    },
    /// 判定: 修正後通過.
    GrantCorrected {
        /// What is said with it.
        #[serde(default)]
        reason: String,
    },
    /// 判定: 修正後複審.
    AskCorrection {
        /// Why.
        reason: String,
    },
    /// 判定: 未通過.
    Deny {
        /// Why.
        reason: String,
    },
    /// 送出複審資料, or 申復重新送審.
    Resubmit {
        /// The papers of the slots that are open.
        papers: Vec<SentPaper>,
    },
    /// 申復.
    Appeal {
        /// 認證審查結果申復表.
        papers: Vec<SentPaper>,
    },
    /// 申復申請案受理.
    AcceptAppeal,
    /// 申復申請案未受理.
    RefuseAppeal {
        /// Why.
        reason: String,
    },
    /// Close what nobody appealed against. The service does it by itself; sent by anybody it is refused.
    Lapse,
    /// 審查結果公告.
    Publish,
    /// 核定證書字號. The service counts the number.
    Issue {
        /// 發證時間.
        on: NaiveDate,
    },
}

impl ActBody {
    /// What is sent for a deed, and the files it needs at the service.
    pub fn of(deed: &Deed) -> (Self, Vec<BlobHash>) {
        let blobs =
            |papers: &[SentPaper]| papers.iter().filter_map(|p| Some(p.stamped.as_ref()?.blob.clone())).collect();
        match deed.clone() {
            Deed::Opened { process, plan_year, .. } => (Self::Open { process, plan_year }, Vec::new()),
            Deed::Submitted { papers } => {
                let needed = blobs(&papers);
                (Self::Submit { papers }, needed)
            }
            Deed::Passed { sheet } => (Self::Pass { sheet }, Vec::new()),
            Deed::Returned { reason, sheet } => (Self::Return { reason, sheet }, Vec::new()),
            Deed::Approved { amount } => (Self::Approve { amount }, Vec::new()),
            Deed::Rejected { reason } => (Self::Reject { reason }, Vec::new()),
            Deed::Withdrawn => (Self::Withdraw, Vec::new()),
            Deed::ReportSent { papers } => {
                let needed = blobs(&papers);
                (Self::SendReport { papers }, needed)
            }
            Deed::ConvenerChanged { to, consent } => (Self::ChangeConvener { to, consent }, Vec::new()),
            Deed::ConvenerCorrected { papers } => {
                let bare = |paper| SentPaper { stamped: None, stamped_revision: None, ..paper };
                (Self::CorrectConvener { papers: papers.into_iter().map(bare).collect() }, Vec::new())
            }
            Deed::Imported { carried } => (Self::Import { carried }, Vec::new()),
            Deed::Sent { papers } => {
                let needed = blobs(&papers);
                (Self::Send { papers }, needed)
            }
            Deed::Assigned { reviewers } => (Self::Assign { reviewers }, Vec::new()),
            Deed::Reviewed { sheet } => (Self::Review { sheet }, Vec::new()),
            Deed::Decided { outcome, reason, .. } => (Self::deciding(outcome, reason), Vec::new()),
            Deed::Resubmitted { papers } => {
                let needed = blobs(&papers);
                (Self::Resubmit { papers }, needed)
            }
            Deed::Appealed { papers } => {
                let needed = blobs(&papers);
                (Self::Appeal { papers }, needed)
            }
            Deed::AppealAccepted => (Self::AcceptAppeal, Vec::new()),
            Deed::AppealRefused { reason } => (Self::RefuseAppeal { reason }, Vec::new()),
            Deed::Lapsed => (Self::Lapse, Vec::new()),
            Deed::Published => (Self::Publish, Vec::new()),
            Deed::Issued { on, .. } => (Self::Issue { on }, Vec::new()),
        }
    }
}

impl ActBody {
    /// The act that decides so.
    fn deciding(outcome: Outcome, reason: String) -> Self {
        match outcome {
            Outcome::Passed => Self::Grant { reason },
            Outcome::PassedAfterCorrection => Self::GrantCorrected { reason },
            Outcome::CorrectAndReview => Self::AskCorrection { reason },
            Outcome::Failed => Self::Deny { reason },
        }
    }
}

/// `POST /v1/cases/{id}/acts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The event's id; the same act sent again is answered with what it did the first time.
    pub id: EventId,
    /// The number of the case's last event that the person saw; 0 for opening. Another number: `case_moved`.
    pub expect_seq: u32,
    /// What is said with it about single fields.
    #[serde(default, skip_serializing_if = "Remarks::is_empty")]
    pub remarks: Remarks,
    /// What.
    #[serde(flatten)]
    pub body: ActBody,
}

/// The answer to [`Act`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActDone {
    /// The number the act got in the case.
    pub seq: u32,
    /// The case now, as far as the person may see it.
    pub case: SeenCase,
}

/// `POST /v1/acts`: acts on many cases, at most [`domain::sync::MOST_ACTS`]. All of them are judged in one transaction, each by
/// itself: a refusal leaves the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyActs {
    /// The acts, done in this order.
    pub acts: Vec<CaseAct>,
}

/// An act and the case it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseAct {
    /// The case.
    pub case: CaseId,
    /// The act.
    #[serde(flatten)]
    pub act: Act,
}

/// The answer to [`ManyActs`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyDone {
    /// What came of each act, in their order.
    pub results: Vec<ActResult>,
}

/// What came of one act among many: it was done, or it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActResult {
    /// The number the act got in the case.
    pub seq: Option<u32>,
    /// The case now, without its papers; none also when the act took the case out of the person's sight.
    pub case: Option<SeenCase>,
    /// Why it was refused; none: it was done.
    pub refused: Option<Failure>,
}

/// A case as far as a person may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenCase {
    /// The case. Without papers when `papers_hidden`.
    pub case: Case,
    /// The person sees the row only.
    pub papers_hidden: bool,
}

/// `GET /v1/cases/{id}/events`: everything that happened to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPage {
    /// The events, oldest first. Names that the person may not know are empty; without papers when `papers_hidden`.
    pub events: Vec<Event>,
    /// The person sees the row only.
    pub papers_hidden: bool,
}

/// `GET /v1/cases/{id}/conveners`: who could take the case over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvenerPage {
    /// Teachers and principals of the case's school who have signed in, by name; without the convener of now.
    pub rows: Vec<ConvenerSeen>,
}

/// Someone who could become convener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvenerSeen {
    /// Who.
    pub person: Person,
    /// What they sign in with: it tells two people of one name apart.
    pub account: String,
    /// They convene an application of this plan year already, so they cannot be chosen.
    pub convenes: bool,
}

/// `GET /v1/cases?plan_year=&keyword=&state=&school=&level=&…&after=&limit=`: rows of the person's list, newest first. `state`,
/// `school` and `level` may be there several times; any of their values will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CasePage {
    /// The cases, all without papers; `papers_hidden` tells whether the person could see them.
    pub rows: Vec<SeenCase>,
    /// The next page begins here (`after`); none: this is the last.
    pub next: Option<u32>,
    /// What the filters offer, when `choices=true` asks for it.
    #[serde(default)]
    pub choices: Option<Choices>,
}

/// A draft of the own case, as the service has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeenDraft {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// What the service has.
    pub head: DraftHead,
    /// Printed revisions it knows.
    pub printed: Vec<PrintedRevision>,
}

/// One message of 訊息通知.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenNotice {
    /// Its id.
    pub id: NoticeId,
    /// Which text.
    pub kind: NoticeKind,
    /// The case it is about.
    pub case: CaseId,
    /// When.
    pub at: Timestamp,
    /// The person has confirmed it.
    pub read: bool,
    /// Its words, as they were when it was made; none: it is older than that.
    #[serde(default)]
    pub words: Option<NoticeText>,
}

/// A [`SeenCase`] whose case is still the text it came as: a first pull is some ten thousand, and nearly all of each are answers
/// that are kept as they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WrittenCase {
    /// The case, as [`Case`] is written.
    pub case: Box<RawValue>,
    /// The person sees the row only.
    pub papers_hidden: bool,
}

/// `GET /v1/changes?after=CURSOR`: everything this person may see that changed since. `after=0`: a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangesPage<C = SeenCase> {
    /// The cursor for the next question.
    pub cursor: u64,
    /// There is more; ask again at once.
    pub more: bool,
    /// Cases.
    pub cases: Vec<C>,
    /// Drafts of own cases.
    pub drafts: Vec<SeenDraft>,
    /// Messages.
    pub notices: Vec<SeenNotice>,
    /// Cases this person may no longer see. The only reason to delete.
    pub gone: Vec<CaseId>,
    /// Versions of the rules of the person's county; of all counties for national offices.
    #[serde(default)]
    pub rule_sets: Vec<CountyRuleSet>,
    /// The person's record, whole, when anything of it changed.
    #[serde(default)]
    pub record: Option<PersonRecord>,
}

/// `POST /v1/records/imports`: rows of a list, as they stand in a file of the office. The answer is
/// [`crate::record::RecordImported`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordImport {
    /// Only say what would happen.
    pub dry: bool,
    /// Import the rows that are right and leave out the others; else all or none.
    pub skip_faulty: bool,
    /// The rows.
    #[serde(flatten)]
    pub list: RecordList,
}

/// The rows of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "list", content = "rows", rename_all = "snake_case")]
pub enum RecordList {
    /// 研習時數.
    Trainings(Vec<TrainingRow>),
    /// 認證證號.
    Certificates(Vec<CertificateRow>),
}

impl RecordList {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Trainings(rows) => rows.len(),
            Self::Certificates(rows) => rows.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// `PUT /v1/counties/{county}/rules/{plan_year}`: a county's rules for a plan year as its next version. The answer is the
/// [`CountyRuleSet`] as it is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesPut {
    /// The same version sent again is answered with what it became the first time.
    pub id: RuleSetId,
    /// The version it was typed on; 0 for the first. Another number: `rules_moved`.
    pub expect_version: u32,
    /// What the county asks for.
    pub rules: CountyRules,
}

/// `GET /v1/blobs/{sha256}/progress`: how much of an upload the service holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobProgress {
    /// Bytes held; the next `PUT` goes on from here (`Content-Range: bytes FROM-TO/TOTAL`).
    pub received: u64,
    /// Everything is there and its hash fits.
    pub complete: bool,
}
