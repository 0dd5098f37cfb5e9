//! A case (案件): the fold of its events. Draft answers are not events; see [`crate::draft`].

use crate::{
    certificate::CertificateKind,
    certification::{self, Outcome, Reviewing},
    form::{Answers, CompleteAnswers, FormId, FormRef, Packs},
    ids::{BlobHash, CaseId, EventId},
    paper::StampFinding,
    people::{Person, Role, School},
    remark::{self, Remark, Remarks},
    steps::Step,
    time::{PlanYear, Timestamp},
    workflow::Action,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which process a case goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// 教師專業學習社群.
    Plc,
    /// 教師專業學習社群申請總表: one of each school and plan year (`workflows.md` §4).
    Summary,
    /// 進階專業回饋人才認證 (`workflows.md` §6).
    Advanced,
}

impl Process {
    /// Every process, for tables and tests.
    pub const ALL: [Self; 3] = [Self::Plc, Self::Summary, Self::Advanced];

    /// The kind of certificate it ends with; none: it ends with none.
    pub fn certificate(self) -> Option<CertificateKind> {
        match self {
            Self::Advanced => Some(CertificateKind::Advanced),
            Self::Plc | Self::Summary => None,
        }
    }
}

/// The state of a case (`workflows.md` §3.1, §4). The labels a person reads are in the UI's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 申請社群.
    Draft,
    /// 形式審.
    SchoolCheck,
    /// 執行計畫挑選_可彙整.
    CountyCheck,
    /// 執行後並填寫成果報告書.
    Running,
    /// 結案_可彙整.
    Closed,
    /// 未核定.
    Rejected,
    /// 撤案.
    Withdrawn,
    /// 總表: saved at the school, not sent.
    Editing,
    /// 總表: at the county (已送出).
    Sent,
    /// 認證: 準備資料.
    Preparing,
    /// 認證: 形式審查.
    FormReview,
    /// 認證: 初審分發委員.
    FirstAssign,
    /// 認證: 初審.
    FirstReview,
    /// 認證: 初審判定.
    FirstDecide,
    /// 認證: 初審修正資料.
    FirstFix,
    /// 認證: 複審分發委員.
    SecondAssign,
    /// 認證: 複審.
    SecondReview,
    /// 認證: 複審判定.
    SecondDecide,
    /// 認證: 初審未通過.
    FirstFailed,
    /// 認證: 複審未通過.
    SecondFailed,
    /// 認證: 申復審查: whether the appeal is taken.
    AppealIntake,
    /// 認證: 申復修正資料.
    AppealFix,
    /// 認證: 申復分發委員.
    AppealAssign,
    /// 認證: 申復審查: the review of the appeal.
    AppealReview,
    /// 認證: 申復判定.
    AppealDecide,
    /// 認證: 通過.
    Passed,
    /// 認證: 通過可產證.
    CertReady,
    /// 認證: 已發證.
    CertIssued,
    /// 認證: 不合格.
    Failed,
}

impl State {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 29] = [
        Self::Draft,
        Self::SchoolCheck,
        Self::CountyCheck,
        Self::Running,
        Self::Closed,
        Self::Rejected,
        Self::Withdrawn,
        Self::Editing,
        Self::Sent,
        Self::Preparing,
        Self::FormReview,
        Self::FirstAssign,
        Self::FirstReview,
        Self::FirstDecide,
        Self::FirstFix,
        Self::SecondAssign,
        Self::SecondReview,
        Self::SecondDecide,
        Self::FirstFailed,
        Self::SecondFailed,
        Self::AppealIntake,
        Self::AppealFix,
        Self::AppealAssign,
        Self::AppealReview,
        Self::AppealDecide,
        Self::Passed,
        Self::CertReady,
        Self::CertIssued,
        Self::Failed,
    ];

    /// The platform's exact words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "申請社群",
            Self::SchoolCheck => "形式審",
            Self::CountyCheck => "執行計畫挑選_可彙整",
            Self::Running => "執行後並填寫成果報告書",
            Self::Closed => "結案_可彙整",
            Self::Rejected => "未核定",
            Self::Withdrawn => "撤案",
            Self::Editing => "彙整中",
            Self::Sent => "已送出",
            Self::Preparing => "準備資料",
            Self::FormReview => "形式審查",
            Self::FirstAssign => "初審分發委員",
            Self::FirstReview => "初審",
            Self::FirstDecide => "初審判定",
            Self::FirstFix => "初審修正資料",
            Self::SecondAssign => "複審分發委員",
            Self::SecondReview => "複審",
            Self::SecondDecide => "複審判定",
            Self::FirstFailed => "初審未通過",
            Self::SecondFailed => "複審未通過",
            Self::AppealFix => "申復修正資料",
            Self::AppealAssign => "申復分發委員",
            Self::AppealDecide => "申復判定",
            Self::Passed => "通過",
            Self::CertReady => "通過可產證",
            Self::CertIssued => "已發證",
            Self::Failed => "不合格",
            // Two steps with one word (`workflows.md` §6.1).
            Self::AppealIntake | Self::AppealReview => "申復審查",
        }
    }

    /// Whether nothing can happen any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Rejected | Self::Withdrawn | Self::CertIssued | Self::Failed)
    }
}

/// The uploaded file of a form: the stamped copy of its print, or what is enclosed with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StampedFile {
    /// The file.
    pub blob: BlobHash,
    /// Its size.
    pub bytes: u32,
    /// Its pages.
    pub pages: u32,
    /// What was seen in the sign cells: hints for a person.
    pub stamps: Vec<StampFinding>,
}

/// A form as it was sent: a frozen revision with its paper copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SentPaper {
    /// The definition.
    pub form: FormRef,
    /// The frozen revision, from 1.
    pub revision: u32,
    /// Hash of form and answers, 64 hex digits.
    pub hash: String,
    /// The answers.
    pub answers: Answers,
    /// Its file: the scan of the print, or the enclosure; the form's own definition says which.
    pub stamped: Option<StampedFile>,
    /// The revision that the scan shows, where it is an earlier one: the convener's data were corrected after stamping
    /// (`workflows.md` §5). None: the scan, if there is one, shows this revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub stamped_revision: Option<u32>,
}

/// A paper whose answers were found complete; only such papers can be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletePaper {
    /// The definition.
    pub form: FormRef,
    /// The frozen revision, from 1.
    pub revision: u32,
    /// Hash of form and answers.
    pub hash: String,
    /// The answers.
    pub answers: CompleteAnswers,
    /// Its file, as in [`SentPaper`].
    pub stamped: Option<StampedFile>,
}

impl CompletePaper {
    /// As it is kept in the case.
    pub fn sent(&self) -> SentPaper {
        SentPaper {
            form: self.form.clone(),
            revision: self.revision,
            hash: self.hash.clone(),
            answers: self.answers.answers().clone(),
            stamped: self.stamped.clone(),
            stamped_revision: None,
        }
    }
}

/// An application that a 總表 carries, as it stood when it was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Carried {
    /// The application's case.
    pub case: CaseId,
    /// 社群名稱, to speak of it when it is there no more.
    pub name: String,
    /// Hashes of the papers that were read, one after the other.
    pub hash: String,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Doer {
    /// The person.
    pub person: Person,
    /// The part they played.
    pub role: Role,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Deed {
    /// The case was opened (申請).
    Opened {
        /// The process.
        process: Process,
        /// The plan year.
        plan_year: PlanYear,
        /// The school.
        school: School,
    },
    /// The papers were sent (申請).
    Submitted {
        /// Every paper of the application.
        papers: Vec<SentPaper>,
    },
    /// 形式審通過, or 形式審查通過 of a certification.
    Passed {
        /// 形式審查表 of a certification.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        sheet: Option<SentPaper>,
    },
    /// 退件.
    Returned {
        /// 退件原因.
        reason: String,
        /// 形式審查表 of a certification.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        sheet: Option<SentPaper>,
    },
    /// 核定.
    Approved {
        /// Approved amount, NTD.
        amount: Option<u32>,
    },
    /// 不核定.
    Rejected {
        /// The reason.
        reason: String,
    },
    /// 撤案.
    Withdrawn,
    /// 成果報告 was sent.
    ReportSent {
        /// The report.
        papers: Vec<SentPaper>,
    },
    /// 更換社群召集人.
    ConvenerChanged {
        /// The new convener.
        to: Person,
        /// Reference of the county's consent.
        consent: String,
    },
    /// 更正召集人資料: the new convener put their own data into papers that are locked; stamped copies stay as they were.
    ConvenerCorrected {
        /// The papers that were corrected.
        papers: Vec<SentPaper>,
    },
    /// 匯入資料, or 重新匯入資料: the 總表 was filled from these applications.
    Imported {
        /// Every application it carries now.
        carried: Vec<Carried>,
    },
    /// 送出: the 總表 was sent to the county.
    Sent {
        /// The 總表.
        papers: Vec<SentPaper>,
    },
    /// 分發委員.
    Assigned {
        /// Everybody who reviews in this round from now on; whoever has written already stays in any case.
        reviewers: Vec<Person>,
    },
    /// A reviewer sent the 審查標準表.
    Reviewed {
        /// 審查標準表.
        sheet: SentPaper,
    },
    /// 判定.
    Decided {
        /// What.
        outcome: Outcome,
        /// 原因訊息; blank where none is needed.
        reason: String,
        /// The last moment for an appeal, where one is possible.
        #[cfg_attr(feature = "ts", ts(type = "string | null"))]
        appeal_until: Option<Timestamp>,
    },
    /// 送出複審資料, or 申復重新送審.
    Resubmitted {
        /// The papers of the slots that were open.
        papers: Vec<SentPaper>,
    },
    /// 申復.
    Appealed {
        /// 認證審查結果申復表.
        papers: Vec<SentPaper>,
    },
    /// 申復申請案受理.
    AppealAccepted,
    /// 申復申請案未受理.
    AppealRefused {
        /// Why.
        reason: String,
    },
    /// Nobody appealed within the days there are for it.
    Lapsed,
    /// The result was published (審查結果已公告).
    Published,
    /// 教育部核定證書字號: the certificate was issued.
    Issued {
        /// 證號, counted by the service; none on a desktop that waits to send.
        number: Option<String>,
        /// 發證時間.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        on: NaiveDate,
    },
}

impl Deed {
    /// The act that did it; none for opening.
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Opened { .. } => None,
            Self::Submitted { .. } => Some(Action::Submit),
            Self::Passed { .. } => Some(Action::Pass),
            Self::Returned { .. } => Some(Action::Return),
            Self::Approved { .. } => Some(Action::Approve),
            Self::Rejected { .. } => Some(Action::Reject),
            Self::Withdrawn => Some(Action::Withdraw),
            Self::ReportSent { .. } => Some(Action::SendReport),
            Self::ConvenerChanged { .. } => Some(Action::ChangeConvener),
            Self::ConvenerCorrected { .. } => Some(Action::CorrectConvener),
            Self::Imported { .. } => Some(Action::Import),
            Self::Sent { .. } => Some(Action::Send),
            Self::Assigned { .. } => Some(Action::Assign),
            Self::Reviewed { .. } => Some(Action::Review),
            Self::Decided { outcome, .. } => Some(Action::of(*outcome)),
            Self::Resubmitted { .. } => Some(Action::Resubmit),
            Self::Appealed { .. } => Some(Action::Appeal),
            Self::AppealAccepted => Some(Action::AcceptAppeal),
            Self::AppealRefused { .. } => Some(Action::RefuseAppeal),
            Self::Lapsed => Some(Action::Lapse),
            Self::Published => Some(Action::Publish),
            Self::Issued { .. } => Some(Action::Issue),
        }
    }

    /// Whether it changes the case's papers, which are kept apart from the rest of it.
    pub fn changes_papers(&self) -> bool {
        match self {
            Self::Submitted { .. }
            | Self::ReportSent { .. }
            | Self::ConvenerCorrected { .. }
            | Self::Sent { .. }
            | Self::Resubmitted { .. }
            | Self::Appealed { .. } => true,
            Self::Opened { .. }
            | Self::Passed { .. }
            | Self::Returned { .. }
            | Self::Approved { .. }
            | Self::Rejected { .. }
            | Self::Withdrawn
            | Self::Imported { .. }
            | Self::ConvenerChanged { .. }
            | Self::Assigned { .. }
            | Self::Reviewed { .. }
            | Self::Decided { .. }
            | Self::AppealAccepted
            | Self::AppealRefused { .. }
            | Self::Lapsed
            | Self::Published
            | Self::Issued { .. } => false,
        }
    }
}

/// One act in the life of a case; appended, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Event {
    /// Made where the person acted.
    pub id: EventId,
    /// The case.
    pub case: CaseId,
    /// Its number in the case, from 1.
    pub seq: u32,
    /// When the service took it; on a desktop that waits to send, when the person acted.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Who.
    pub by: Doer,
    /// The state after it.
    pub to: State,
    /// What.
    pub deed: Deed,
    /// What was said with it about single fields.
    #[serde(default, skip_serializing_if = "Remarks::is_empty")]
    pub remarks: Remarks,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its process.
    pub process: Process,
    /// 學年度.
    pub plan_year: PlanYear,
    /// The school.
    pub school: School,
    /// The convener.
    pub owner: Person,
    /// Where it stands.
    pub state: State,
    /// Number of its last event.
    pub seq: u32,
    /// 原因訊息: the last return's or rejection's reason, until it is sent again.
    pub reason: Option<String>,
    /// Opened at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// Last event at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub updated_at: Timestamp,
    /// The papers as last sent.
    pub papers: Vec<SentPaper>,
    /// 核定金額, NTD.
    pub approved_amount: Option<u32>,
    /// The applications that a 總表 was last filled from.
    #[serde(default)]
    pub carried: Vec<Carried>,
    /// How often it was returned.
    #[serde(default)]
    pub returns: u32,
    /// 審查意見 of all rounds, oldest first.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// 歷程, oldest first. A case that was kept before there was one has what came since.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The review of a certification.
    #[serde(default, skip_serializing_if = "Reviewing::is_empty")]
    pub reviewing: Reviewing,
}

impl Case {
    /// The case after its first event; none when that is not an opening.
    pub fn open(event: &Event) -> Option<Self> {
        let Deed::Opened { process, plan_year, school } = &event.deed else { return None };
        Some(Self {
            id: event.case,
            process: *process,
            plan_year: *plan_year,
            school: school.clone(),
            owner: event.by.person.clone(),
            state: event.to,
            seq: event.seq,
            reason: None,
            created_at: event.at,
            updated_at: event.at,
            papers: Vec::new(),
            approved_amount: None,
            carried: Vec::new(),
            returns: 0,
            remarks: Vec::new(),
            steps: vec![Step::of(event, None)],
            reviewing: Reviewing::default(),
        })
    }

    /// The case after one more event.
    pub fn apply(&mut self, event: &Event) {
        let before = self.state;
        self.note(event);
        certification::apply(self, event);
        self.state = event.to;
        self.seq = event.seq;
        self.updated_at = event.at;
        match &event.deed {
            Deed::Submitted { papers } | Deed::Sent { papers } => {
                self.papers.clone_from(papers);
                self.reason = None;
            }
            Deed::Imported { carried } => self.carried.clone_from(carried),
            Deed::ReportSent { papers } => self.put_papers(papers),
            Deed::Resubmitted { papers } | Deed::Appealed { papers } => {
                self.drop_replaced(papers);
                self.put_papers(papers);
                self.reason = None;
            }
            Deed::ConvenerCorrected { papers } => {
                for paper in papers {
                    if let Some(kept) = self.papers.iter_mut().find(|kept| kept.form.id == paper.form.id) {
                        kept.clone_from(paper);
                    }
                }
            }
            Deed::Returned { reason, .. } | Deed::Rejected { reason } | Deed::AppealRefused { reason } => {
                self.reason = Some(reason.clone());
            }
            Deed::Decided { reason, .. } => self.reason = Some(reason.clone()).filter(|reason| !reason.is_empty()),
            Deed::Approved { amount } => self.approved_amount = *amount,
            Deed::ConvenerChanged { to, .. } => self.owner = to.clone(),
            Deed::AppealAccepted | Deed::Published | Deed::Issued { .. } | Deed::Lapsed => self.reason = None,
            Deed::Opened { .. }
            | Deed::Passed { .. }
            | Deed::Withdrawn
            | Deed::Assigned { .. }
            | Deed::Reviewed { .. } => {}
        }
        remark::apply(self, event, before);
    }

    /// Papers in the place of earlier ones of the same form.
    fn put_papers(&mut self, papers: &[SentPaper]) {
        for paper in papers {
            self.papers.retain(|kept| kept.form.id != paper.form.id);
            self.papers.push(paper.clone());
        }
    }

    /// A slot whose form is sent again holds what is sent now: another form that lay in it is there no more.
    fn drop_replaced(&mut self, papers: &[SentPaper]) {
        let Some(certifying) = Packs::built_in().certifying(self.process, self.plan_year, &self.school.county) else {
            return;
        };
        let slots: Vec<_> = papers.iter().filter_map(|paper| certifying.slot_of(&paper.form.id)).collect();
        self.papers.retain(|kept| !slots.iter().any(|slot| slot.forms.contains(&kept.form.id)));
    }

    /// The fold of a case's events, which start with its opening.
    pub fn replay(events: &[Event]) -> Option<Self> {
        let (first, rest) = events.split_first()?;
        let mut case = Self::open(first)?;
        rest.iter().for_each(|event| case.apply(event));
        Some(case)
    }

    /// The paper of a form as last sent.
    pub fn paper(&self, form: &FormId) -> Option<&SentPaper> {
        self.papers.iter().find(|paper| paper.form.id == *form)
    }
}
