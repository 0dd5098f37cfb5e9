//! What the screens draw: views made whole by the desktop, so that the UI decides nothing.

use crate::{
    Failure,
    choose::{CaseNarrowing, CaseOrder},
    rules::Closing,
};
use domain::{
    case::{Process, StampedFile, State},
    certificate::CertificatePaper,
    certification::{Assignment, Issued, Likeness, Outcome, Round},
    draft::Clash,
    form::{Answers, FormDef, FormId, Label, Opt, Problem, Suggestion},
    ids::{CaseId, NoticeId, RemarkId},
    list::{Choices, Criteria},
    paper::{Area, ScannedPage},
    people::{Actor, Person, Role, School},
    policy::StampRule,
    steps::DeedKind,
    summary::Drift,
    time::{PlanYear, Timestamp},
    workflow::{Allowed, Missing},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Delivery of what was done here. Never mixed with the case's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Delivery {
    /// Only on this computer; nothing was asked to be sent.
    Local,
    /// Waits to be sent: 「尚未送達」.
    Queued,
    /// The service has it.
    Accepted {
        /// The number of the case's last event there.
        seq: u32,
    },
    /// The service refused it; the answers are kept.
    Refused {
        /// Why.
        failure: Failure,
    },
}

/// Someone who has a store on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct KnownPerson {
    /// The account's name.
    pub account: String,
    /// The person's name.
    pub name: String,
    /// The part.
    pub role: Role,
}

/// The connection as words can say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StatusView {
    /// The service answered the last time it was asked.
    pub online: bool,
    /// Acts and files that wait to be sent.
    pub waiting: u32,
    /// Acts the service refused that a person has not looked at.
    pub refused: u32,
    /// Messages not read.
    pub unread: u32,
    /// The session has ended: sign in again to send.
    pub sign_in_again: bool,
    /// Last time level with the service.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub synced_at: Option<Timestamp>,
}

/// Who is at the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SessionView {
    /// Signed in and unlocked; none: show the sign-in page.
    pub actor: Option<Actor>,
    /// People with a store here.
    pub known: Vec<KnownPerson>,
    /// The service's address.
    pub server: String,
    /// The connection.
    pub status: StatusView,
    /// Settings.
    pub settings: Settings,
}

/// What a person has chosen for this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Settings {
    /// `zh-TW` or `en`.
    pub language: Language,
    /// Light, dark or as the system has it.
    pub theme: Theme,
    /// Print with the system's 標楷體 where it is installed.
    pub kai: bool,
    /// The paper beside the form is open.
    pub paper_open: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { language: Language::Zh, theme: Theme::System, kai: false, paper_open: true }
    }
}

/// The language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Language {
    /// 正體中文.
    #[serde(rename = "zh-TW")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What a person can reach: the menu and tiles, by role. The UI draws them; it does not know roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct HomeView {
    /// Pages of the menu, in order.
    pub pages: Vec<Page>,
    /// Tiles of 功能專區.
    pub tiles: Vec<Tile>,
    /// What waits for this person, most urgent first.
    pub todo: Vec<CaseRow>,
    /// 相關訊息 of the county.
    pub message: Option<String>,
    /// A new case can be opened; else why not.
    pub can_open: bool,
    /// Why no case can be opened.
    pub open_missing: Vec<Missing>,
    /// The plan year that can be applied for.
    pub plan_year: PlanYear,
}

/// A page of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// 首頁.
    Home,
    /// 功能專區.
    Functions,
    /// 社群: own applications (社群/申請).
    Cases,
    /// 案件查詢／社群計畫查詢.
    Search,
    /// 彙整計畫與成果.
    Summary,
    /// 統計.
    Charts,
    /// 計畫挑選: many cases at once.
    Choose,
    /// 分發委員: cases that wait for their reviewers.
    Assign,
    /// 審查委員: the pool.
    Reviewers,
    /// 訊息通知.
    Messages,
    /// 檔案下載.
    Downloads,
    /// 操作教學.
    Guide,
    /// 個人資料.
    Profile,
    /// 設定.
    Settings,
    /// 縣市規定.
    Rules,
    /// 認證專區.
    Certification,
    /// 申請認證 (進階專業回饋人才認證).
    Certify,
    /// 資料匯入: lists of training and certificates.
    RecordImport,
}

/// A tile: where it leads, and whether something waits there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Tile {
    /// Its name, a key of the UI's texts.
    pub key: String,
    /// Where it leads.
    pub page: Page,
    /// How many things wait there.
    pub waiting: u32,
}

/// A question to the list of cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseQuery {
    /// Only this plan year.
    pub plan_year: Option<PlanYear>,
    /// Part of a school's or person's name.
    pub keyword: Option<String>,
    /// Rows after this many.
    #[serde(default)]
    pub offset: u32,
    /// At most so many rows; 0: 200.
    #[serde(default)]
    pub limit: u32,
    /// The rest of what the list is narrowed by.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<CaseNarrowing>", optional))]
    pub narrowing: CaseNarrowing,
    /// In which order.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<CaseOrder>", optional))]
    pub order: CaseOrder,
}

impl CaseQuery {
    /// What the list is narrowed by, in the words of `domain`.
    pub fn criteria(&self) -> Criteria {
        let CaseNarrowing { process, states, schools, levels, asked, approved } = self.narrowing.clone();
        let (plan_year, keyword) = (self.plan_year, self.keyword.clone());
        Criteria { plan_year, process, states, schools, levels, asked, approved, keyword }
    }
}

/// Rows of cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseList {
    /// The rows, newest first.
    pub rows: Vec<CaseRow>,
    /// How many fit the question.
    pub total: u32,
    /// Plan years that have cases, newest first.
    pub plan_years: Vec<PlanYear>,
    /// What the filters offer; with the first rows only.
    pub choices: Option<Choices>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseRow {
    /// The case.
    pub id: CaseId,
    /// Its process.
    pub process: Process,
    /// 年份.
    pub plan_year: PlanYear,
    /// 老師名稱.
    pub owner: String,
    /// 學校.
    pub school: String,
    /// 社群名稱, where it may be seen.
    pub title: String,
    /// 狀態.
    pub state: State,
    /// 狀態 in the platform's words.
    pub state_label: String,
    /// 社群級別, where it may be seen.
    pub level: String,
    /// 申請經費 in NTD, where it may be seen.
    pub asked: Option<u32>,
    /// 核定金額 in NTD.
    pub approved: Option<u32>,
    /// It waits for this person to act.
    pub waits_for_me: bool,
    /// Something of it is not sent yet, or was refused.
    pub pending: bool,
    /// 建立時間.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub created_at: Timestamp,
    /// 最後更新時間.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub updated_at: Timestamp,
}

/// A station of 流程進度.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Station {
    /// The state.
    pub state: State,
    /// Its words.
    pub label: String,
    /// Behind, here or ahead.
    pub place: Place,
}

/// A step of 歷程.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct StepRow {
    /// Its number in the case.
    pub seq: u32,
    /// When.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// What was done.
    pub what: DeedKind,
    /// The part it was done in.
    pub role: Role,
    /// Who, where this person may know.
    pub by: Option<String>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// The state after it, in the platform's words.
    pub to_label: String,
    /// The case went into another state with it.
    pub moved: bool,
}

/// Where a station lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Done.
    Done,
    /// The case is here.
    Here,
    /// To come.
    Ahead,
}

/// How far a paper has come, in the order it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PaperStatus {
    /// Nothing typed: 新增.
    Empty,
    /// So many problems stand.
    Unfinished {
        /// How many.
        problems: u32,
    },
    /// Complete; has to be printed for its stamped copy.
    ToPrint,
    /// Printed; the scan is missing.
    ToScan,
    /// Changed after it was printed or scanned: print again.
    PrintAgain,
    /// Complete; what has to be enclosed is missing.
    ToEnclose {
        /// What it is.
        name: Label,
    },
    /// The scan is there, but these sign cells look empty.
    StampsDoubtful {
        /// The cells.
        cells: Vec<String>,
    },
    /// Done.
    Ready,
    /// Sent, and the convener's data on it are still those of the one before.
    ToCorrect,
    /// The convener's data are corrected here; the correction is not sent.
    Corrected,
    /// Not needed for this application.
    NotNeeded,
    /// Sent.
    Sent,
}

/// One paper of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaperRow {
    /// The form.
    pub form: FormId,
    /// Its short name.
    pub name: Label,
    /// Its title.
    pub title: Label,
    /// This person can edit it now.
    pub editable: bool,
    /// This person can look at it.
    pub viewable: bool,
    /// How far it is.
    pub status: PaperStatus,
    /// What the county asks for.
    pub stamp_rule: StampRule,
    /// 審查意見 at its fields that are not settled.
    pub remarks: u32,
    /// The revision that was printed last.
    pub printed_revision: Option<u32>,
    /// What is enclosed with the form; none: its file is the stamped copy of the print.
    pub enclosure: Option<Label>,
    /// Its file: the scan of the print, or the enclosure.
    pub scan: Option<StampedFile>,
    /// Only the convener's own answers can be edited; print and file stay those that were sent.
    pub corrects: bool,
    /// The revision its file shows, where the convener's data were corrected after stamping.
    pub stamped_revision: Option<u32>,
}

/// The case page, 流程進度.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseView {
    /// The case.
    pub id: CaseId,
    /// 流程名稱.
    pub process: Process,
    /// 學年度.
    pub plan_year: PlanYear,
    /// 狀態.
    pub state: State,
    /// 狀態 in the platform's words.
    pub state_label: String,
    /// 學校.
    pub school: School,
    /// 教師.
    pub owner: Person,
    /// 相關訊息.
    pub message: Option<String>,
    /// 原因訊息.
    pub reason: Option<String>,
    /// 核定金額, NTD.
    pub approved_amount: Option<u32>,
    /// The way of the case.
    pub stations: Vec<Station>,
    /// 歷程, oldest first.
    pub steps: Vec<StepRow>,
    /// The papers. Empty when this person may not see them.
    pub papers: Vec<PaperRow>,
    /// The person sees the row only: 「申請社群，無法看見申請表內容」.
    pub papers_hidden: bool,
    /// The acts and what each still needs.
    pub allowed: Vec<Allowed>,
    /// 審查意見 of all rounds, settled or not; 0 where they may not be seen.
    pub remarks: u32,
    /// Remarks or answers written here that go with the next 退件 or 申請.
    pub unsent_remarks: u32,
    /// Whether what was done here has arrived.
    pub delivery: Delivery,
    /// What the act of sending lost on its way, per paper: fields both sides changed.
    pub clashing: u32,
    /// Until when what waits, or can be done now, has to arrive; none where that is not near.
    pub closing: Option<Closing>,
    /// Slots, sheets and decisions of a certification; none for other processes.
    pub certification: Option<CertificationView>,
}

/// What the page of a certification shows beside its papers (`forms.md` §3.2, `workflows.md` §6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CertificationView {
    /// 表件清單: its slots in their order. Empty where the papers may not be seen.
    pub slots: Vec<SlotView>,
    /// The sheet this person has to write now, a form of the case like any other.
    pub to_write: Option<FormId>,
    /// Sheets that were written, oldest first, as far as this person may read them.
    pub sheets: Vec<SheetRow>,
    /// What was decided, as far as this person may know.
    pub decisions: Vec<DecisionRow>,
    /// Who was asked to review, as far as this person may know.
    pub assignments: Vec<Assignment>,
    /// The last moment for an appeal.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub appeal_until: Option<Timestamp>,
    /// The certificate.
    pub issued: Option<Issued>,
    /// The papers of it that this person can print; none before the service has given it its number.
    pub certificate_papers: Vec<CertificatePaper>,
    /// Hint of the service: how much it is like another person's case.
    pub likeness: Option<Likeness>,
    /// What the 審查標準表 says follows from how much likeness (`forms.md` §3.10); empty where there is no such hint.
    pub likeness_marks: Vec<Opt>,
    /// How many reviewers the office asks for in the present round.
    pub reviewers_wanted: u8,
    /// Reviewers are at work: who assigns now puts others in their place.
    pub under_review: bool,
}

/// A slot of the 表件清單.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SlotView {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Label,
    /// The owner can pick and fill in now.
    pub open: bool,
    /// Further forms may lie beside the picked one.
    pub more: bool,
    /// The forms one can pick.
    pub options: Vec<SlotOption>,
    /// The picked ones, the primary one first.
    pub picked: Vec<FormId>,
}

/// A form one can pick for a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SlotOption {
    /// The form.
    pub form: FormId,
    /// Its name.
    pub name: Label,
    /// Something of it is filled in already.
    pub begun: bool,
}

/// A sheet that was written about a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SheetRow {
    /// The number of its event.
    pub seq: u32,
    /// The form.
    pub form: FormId,
    /// Its name.
    pub name: Label,
    /// The round; none: 形式審查表.
    pub round: Option<Round>,
    /// The round in the platform's word.
    pub round_label: String,
    /// Who wrote it, where this person may know.
    pub by: Option<String>,
    /// Sent at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// The result it gives, in the platform's word; blank for a 形式審查表 without one.
    pub result: String,
}

/// What was decided at the end of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct DecisionRow {
    /// The round.
    pub round: Round,
    /// 初審, 複審 or 申復.
    pub round_label: String,
    /// What.
    pub outcome: Outcome,
    /// In the platform's word.
    pub outcome_label: String,
    /// 原因訊息.
    pub reason: String,
    /// Decided at.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
}

/// 彙整計畫與成果: the 總表 of a plan year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SummaryView {
    /// The plan year shown.
    pub plan_year: PlanYear,
    /// Plan years to choose from, newest first.
    pub plan_years: Vec<PlanYear>,
    /// The own school's 總表 with what it would take in; none for an office above schools.
    pub own: Option<OwnSummary>,
    /// The schools of an office above them; empty for a school.
    pub schools: Vec<SchoolSummary>,
}

/// The 總表 of the own school.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct OwnSummary {
    /// Its case; none: never imported.
    pub case: Option<CaseView>,
    /// Importing is possible now; else `import_missing` says why not.
    pub can_import: bool,
    /// Why nothing can be imported.
    pub import_missing: Vec<Missing>,
    /// Importing replaces what was imported before (重新匯入資料).
    pub replaces: bool,
    /// Importing takes the sent copy back from the county.
    pub withdraws: bool,
    /// The applications that importing would take in now.
    pub ready: Vec<SummaryLine>,
    /// Applications that are still filled in or wait for 形式審.
    pub waiting: Vec<SummaryLine>,
    /// 「內容已更動」: what differs from what was imported last.
    pub drift: Vec<Drift>,
    /// 成果: what came of the plan year's applications.
    pub results: SummaryResults,
}

/// An application in the list of what can be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SummaryLine {
    /// The application.
    pub case: CaseId,
    /// 社群名稱; empty where it may not be seen.
    pub name: String,
    /// 社群召集人.
    pub convener: String,
    /// 狀態 in the platform's words.
    pub state_label: String,
    /// 申請經費, NTD; none where it may not be seen.
    pub amount: Option<i32>,
}

/// What came of a plan year's applications.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SummaryResults {
    /// Approved, and their report not sent yet.
    pub running: u32,
    /// 結案.
    pub closed: u32,
    /// 核定金額 of both together, NTD.
    pub approved: i32,
}

/// A school in the list of an office above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SchoolSummary {
    /// The school.
    pub school: School,
    /// Its 總表; none: not imported yet.
    pub case: Option<CaseId>,
    /// 狀態 in words; none: not imported yet.
    pub state_label: Option<String>,
    /// The sent 總表 can be looked at.
    pub viewable: bool,
    /// When it was sent last.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub sent_at: Option<Timestamp>,
    /// 社群小計 of the sent 總表.
    pub communities: Option<u32>,
    /// 經費總計 of the sent 總表, NTD.
    pub amount: Option<i32>,
    /// Applications of the school that passed 形式審.
    pub passed: u32,
    /// 「內容已更動」 since it was imported.
    pub drift: Vec<Drift>,
}

/// Whom a school can choose for 更換社群召集人. Only the service knows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ConvenerChoices {
    /// 原社群召集人.
    pub old: Person,
    /// The others of the school who have signed in before, by name.
    pub rows: Vec<ConvenerChoice>,
    /// What the county asks for when members or the convener change.
    pub note: Option<String>,
}

/// Someone in the list of new conveners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ConvenerChoice {
    /// Who.
    pub person: Person,
    /// What they sign in with: it tells two people of one name apart.
    pub account: String,
    /// Why they cannot be chosen; none: they can.
    pub missing: Option<Missing>,
}

/// The form page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormView {
    /// The case.
    pub case: CaseId,
    /// What it is a case of.
    pub process: Process,
    /// The definition.
    pub def: FormDef,
    /// Policy lists that its choices name.
    pub lists: BTreeMap<String, Vec<Opt>>,
    /// Caps that its lines name, NTD.
    pub numbers: BTreeMap<String, i32>,
    /// 「111學年度 連江縣 縣立介壽國(中)小」.
    pub header: String,
    /// The answers.
    pub answers: Answers,
    /// Computed values.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub computed: BTreeMap<String, Value>,
    /// The problems.
    pub problems: Vec<Problem>,
    /// Answers that stand elsewhere and could stand here too.
    pub suggestions: Vec<Suggestion>,
    /// 審查意見 at its fields, oldest first.
    pub remarks: Vec<RemarkView>,
    /// This person may remark on its fields now.
    pub can_remark: bool,
    /// Fields changed in two places.
    pub clashes: Vec<Clash>,
    /// Shown, not typed.
    pub read_only: bool,
    /// The answers that can be typed, when they are not all: after a change of convener, the convener's own.
    pub only: Option<Vec<String>>,
    /// A paper outside any case: it stays on this computer, and its print is marked 草稿.
    pub loose: bool,
    /// The paper as the case page shows it.
    pub paper: PaperRow,
    /// Last saved at; none: nothing typed yet.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub saved_at: Option<Timestamp>,
}

/// A remark at a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RemarkView {
    /// Its id.
    pub id: RemarkId,
    /// The field's key.
    pub field: String,
    /// With which return it came or will go, from 1.
    pub round: u32,
    /// The round of review it belongs to; none: it goes by the returns.
    pub review: Option<Round>,
    /// What is asked.
    pub text: String,
    /// Who asked.
    pub by: String,
    /// When it was sent; none: it goes with the next act of whoever writes it.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub at: Option<Timestamp>,
    /// What is answered, sent or being written.
    pub answer: Option<String>,
    /// It is done.
    pub settled: bool,
    /// The service has it, or it is on its way there.
    pub sent: bool,
    /// This person may mark it as done, or take the mark back.
    pub can_settle: bool,
    /// This person may answer.
    pub can_answer: bool,
}

/// The remarks of one form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RemarkList {
    /// The remarks, oldest first.
    pub rows: Vec<RemarkView>,
    /// Remarks or answers of the whole case that go with the next 退件 or 申請.
    pub unsent: u32,
}

/// What saving gives back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Saved {
    /// Computed values.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub computed: BTreeMap<String, Value>,
    /// The problems.
    pub problems: Vec<Problem>,
    /// It is on the disk since.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub saved_at: Timestamp,
    /// The paper as the case page shows it.
    pub paper: PaperRow,
}

/// The paper beside the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PaperPreview {
    /// One for each page.
    pub pages: Vec<PagePicture>,
    /// Width of a page in points.
    pub width: f64,
    /// Height of a page in points.
    pub height: f64,
    /// Where each field stands.
    pub fields: Vec<FieldArea>,
    /// Characters that cannot be printed.
    pub missing_glyphs: Vec<String>,
}

/// A page of the paper beside the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PagePicture {
    /// Names what the page shows: the same for the same picture.
    pub hash: String,
    /// The page as SVG; none where the asker holds it already.
    pub svg: Option<String>,
}

/// Where a field stands on the paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FieldArea {
    /// The field's key.
    pub field: String,
    /// Its place.
    pub area: Area,
}

/// A print that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Printed {
    /// The file on this computer, when it was asked to be written there.
    pub path: Option<String>,
    /// Its pages; 0 for a file whose pages a word processor makes.
    pub pages: u32,
    /// Its size.
    pub bytes: u32,
    /// The frozen revision; 0 for a 草稿.
    pub revision: u32,
    /// Characters that could not be printed.
    pub missing_glyphs: Vec<String>,
}

/// The kinds of files a form is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Not editable.
    Pdf,
    /// OpenDocument, the government's editable format.
    Odt,
    /// Word.
    Docx,
}

/// A form that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormRow {
    /// Its id.
    pub form: FormId,
    /// The newest version.
    pub version: u32,
    /// The first plan year that uses it.
    pub plan_year: u16,
    /// The title on the paper.
    pub title: Label,
    /// The short name.
    pub name: Label,
    /// The papers it stands with: 教師專業學習社群 or 進階專業回饋人才認證.
    pub group: Label,
    /// When something was last typed into it outside any case.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub started_at: Option<Timestamp>,
}

/// All forms, in the order of the two processes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormList {
    /// Where papers outside any case lie; other commands take it like a case.
    pub case: CaseId,
    /// The forms.
    pub rows: Vec<FormRow>,
}

/// What was found in an attached file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Attached {
    /// The pages as they were read.
    pub pages: Vec<ScannedPage>,
    /// The kept file.
    pub file: StampedFile,
    /// The case now.
    pub case: CaseView,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeRow {
    /// Its id.
    pub id: NoticeId,
    /// 標題.
    pub title: Label,
    /// 內容.
    pub body: Label,
    /// The case it is about, when this person can open it.
    pub case: Option<CaseId>,
    /// 時間.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub at: Timestamp,
    /// Confirmed.
    pub read: bool,
}

/// What a run of sync did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SyncReport {
    /// Acts, drafts and files the service took.
    pub sent: u32,
    /// Cases, drafts and messages that came.
    pub received: u32,
    /// Acts the service refused.
    pub refused: u32,
    /// Fields that clash.
    pub conflicts: u32,
}
