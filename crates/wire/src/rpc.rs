//! Every command of the window, once. The shell's router, the UI's client and the list of permissions come from here, so that
//! a command without an adapter does not compile.

use crate::choose::{CaseIds, CasesAct, CasesDone, CasesPreview, CasesPreviewRequest};
use crate::mail::{MailChoice, MailView};
use crate::reviewers::{AssignChoices, CasesAssign, ProposalPage, ReviewerSave, ReviewersView};
use crate::rules::{RulesKeep, RulesOf, RulesSave, RulesView};
use crate::views::{
    Attached, CaseList, CaseQuery, CaseView, ConvenerChoices, FileKind, FormList, FormView, HomeView, NoticeRow,
    PaperPreview, Printed, RemarkList, Saved, SessionView, Settings, StatusView, SummaryView, SyncReport,
};
pub use crate::{
    charts::{ChartsExport, ChartsOf, ChartsView},
    exports::{BundleOf, Bundled, Exported, ListExport, Progress},
    history::{CaseHistory, DifferenceOf, PaperDifference},
    record::{CertificatePrint, RecordImportFile, RecordImported, RecordTemplate, RecordView, TransferPut},
};
pub use domain::record::Profile;
use domain::{
    case::Process,
    draft::Changes,
    form::FormId,
    ids::{CaseId, NoticeId, RemarkId},
    people::Person,
    time::PlanYear,
    workflow::Action,
};
use serde::{Deserialize, Serialize};

/// Declares the commands: `name(Request) -> Answer`. Hands the list to another macro with `wire::commands!(callback)`.
#[macro_export]
macro_rules! commands {
    ($with:ident) => {
        $with! {
            session_state(Nothing) -> SessionView;
            sign_in(SignInRequest) -> SessionView;
            unlock(UnlockRequest) -> SessionView;
            lock(Nothing) -> SessionView;
            sign_out(Nothing) -> SessionView;
            settings_put(Settings) -> SessionView;
            status(Nothing) -> StatusView;
            home(Nothing) -> HomeView;
            case_list(CaseQuery) -> CaseList;
            case_ids(CaseQuery) -> CaseIds;
            cases_preview(CasesPreviewRequest) -> CasesPreview;
            cases_act(CasesAct) -> CasesDone;
            case_new(CaseNew) -> CaseView;
            case_open(CaseOf) -> CaseView;
            case_act(CaseAct) -> CaseView;
            convener_choices(CaseOf) -> ConvenerChoices;
            reviewer_pool(Nothing) -> ReviewersView;
            reviewer_put(ReviewerSave) -> ReviewersView;
            assign_choices(CaseOf) -> AssignChoices;
            assign_propose(CaseIds) -> ProposalPage;
            cases_assign(CasesAssign) -> CasesDone;
            slot_pick(SlotPick) -> CaseView;
            sheet_preview(SheetOf) -> PaperPreview;
            sheet_print(SheetOf) -> Printed;
            summary_open(SummaryOf) -> SummaryView;
            summary_import(Nothing) -> SummaryView;
            remark_ask(RemarkAsk) -> RemarkList;
            remark_settle(RemarkSettle) -> RemarkList;
            remark_answer(RemarkAnswerPut) -> RemarkList;
            remarks_print(CaseOf) -> Printed;
            form_open(FormOf) -> FormView;
            case_save_draft(SaveDraft) -> Saved;
            draft_keep(FormOf) -> FormView;
            draft_revert(FormOf) -> FormView;
            clash_pick(ClashPick) -> FormView;
            paper_preview(PreviewRequest) -> PaperPreview;
            case_print(FormOf) -> Printed;
            scan_attach(ScanAttach) -> Attached;
            scan_remove(FormOf) -> CaseView;
            scan_page(ScanPageOf) -> Picture;
            notice_list(Nothing) -> NoticeList;
            notice_read(NoticeOf) -> NoticeList;
            mail_choice(Nothing) -> MailView;
            mail_choose(MailChoice) -> MailView;
            sync_now(Nothing) -> SyncReport;
            form_list(Nothing) -> FormList;
            form_clear(FormOf) -> FormView;
            form_blank(BlankForm) -> Printed;
            form_export(ExportForm) -> Printed;
            rules_open(RulesOf) -> RulesView;
            rules_keep(RulesKeep) -> RulesView;
            rules_revert(RulesOf) -> RulesView;
            rules_save(RulesSave) -> RulesView;
            case_history(CaseOf) -> CaseHistory;
            case_difference(DifferenceOf) -> PaperDifference;
            list_export(ListExport) -> Exported;
            bundle(BundleOf) -> Bundled;
            bundle_progress(Nothing) -> Progress;
            bundle_stop(Nothing) -> Progress;
            charts(ChartsOf) -> ChartsView;
            charts_export(ChartsExport) -> Exported;
            record_open(Nothing) -> RecordView;
            profile_put(Profile) -> RecordView;
            transfer_answer(TransferPut) -> RecordView;
            certificate_print(CertificatePrint) -> Printed;
            record_import(RecordImportFile) -> RecordImported;
            record_template(RecordTemplate) -> Exported;
        }
    };
}

/// No request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Nothing {}

/// Sign in with account and password (needs the service the first time on this computer).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SignInRequest {
    /// The account's name.
    pub account: String,
    /// The password.
    pub password: String,
}

/// Open the store of a known person without the service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct UnlockRequest {
    /// The account's name.
    pub account: String,
    /// The passphrase; none: with the key from the system's keyring.
    pub passphrase: Option<String>,
}

/// Open a new case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseNew {
    /// Its process.
    pub process: Process,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseOf {
    /// Its id.
    pub case: CaseId,
}

/// 彙整計畫與成果 of a plan year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SummaryOf {
    /// The plan year; none: the one that can be applied for.
    pub plan_year: Option<PlanYear>,
}

/// A form of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct FormOf {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
}

/// Write a remark at a field, to go with the next return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RemarkAsk {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// The field's key.
    pub field: String,
    /// What is asked; blank takes the remark away.
    pub text: String,
}

/// Mark a remark as done, or take the mark back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RemarkSettle {
    /// The case.
    pub case: CaseId,
    /// The remark.
    pub remark: RemarkId,
    /// Done.
    pub settled: bool,
}

/// Answer a remark, to go with the next 申請.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct RemarkAnswerPut {
    /// The case.
    pub case: CaseId,
    /// The remark.
    pub remark: RemarkId,
    /// The answer; blank: none.
    pub text: String,
}

/// Save what was typed since the last save: only the changed fields, so that two windows do not undo each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SaveDraft {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// The changed fields; `null`: emptied.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub changes: Changes,
}

/// An act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CaseAct {
    /// The case.
    pub case: CaseId,
    /// The act.
    pub action: Action,
    /// The reason, where the act has one.
    pub reason: Option<String>,
    /// The amount in NTD, where the act has one.
    #[serde(default)]
    pub amount: Option<u32>,
    /// The new convener, where the act names one.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub to: Option<Person>,
    /// Reference of the county's consent, where the act needs it.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(optional = nullable))]
    pub consent: Option<String>,
    /// The reviewers, where the act names some.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<Vec<Person>>", optional))]
    pub reviewers: Vec<Person>,
}

/// Pick forms for a slot of a certification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SlotPick {
    /// The case.
    pub case: CaseId,
    /// The slot's key.
    pub slot: String,
    /// The forms, the primary one first; none: nothing is picked. What was filled in of another form stays where it is.
    pub forms: Vec<FormId>,
}

/// A sheet that was written about a case: 形式審查表, or 審查標準表 of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SheetOf {
    /// The case.
    pub case: CaseId,
    /// The number of the event that sent it.
    pub seq: u32,
}

/// Whose text stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// This computer's.
    Mine,
    /// The service's.
    Theirs,
}

/// Settle a field that was changed in two places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ClashPick {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// The field.
    pub field: String,
    /// Whose.
    pub side: Side,
}

/// The paper with what is being typed, saved or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PreviewRequest {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// Fields typed and not yet saved.
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub changes: Changes,
    /// The hashes of the pages whose pictures the asker holds already; these are not sent again.
    #[serde(default)]
    pub held: Vec<String>,
}

/// Attach a scan or an enclosure: files as a person picked, dropped or pasted them into the page, and files by their paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ScanAttach {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// Paths of files, in page order.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Files with their content, in page order, after those of `paths`.
    #[serde(default)]
    pub files: Vec<PickedFile>,
}

/// A file with its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PickedFile {
    /// Its name.
    pub name: String,
    /// Its bytes, base64.
    pub base64: String,
}

/// A page of an attached or received scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ScanPageOf {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// The page, from 1.
    pub page: u32,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Picture {
    /// PNG, base64.
    pub png_base64: String,
    /// Pages of the whole file.
    pub pages: u32,
}

/// The empty form as a file, for the 檔案下載 page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct BlankForm {
    /// The form.
    pub form: FormId,
    /// Which kind of file.
    pub kind: FileKind,
    /// Where to write it.
    pub path: String,
}

/// A form of a case as a file that a word processor opens, for those who must edit by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct ExportForm {
    /// The case.
    pub case: CaseId,
    /// The form.
    pub form: FormId,
    /// Which kind of file; a PDF is a print, which is another command.
    pub kind: FileKind,
    /// Where to write it.
    pub path: String,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeOf {
    /// Its id.
    pub notice: NoticeId,
}

/// Messages, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct NoticeList {
    /// The messages.
    pub rows: Vec<NoticeRow>,
}

macro_rules! router {
    ($($name:ident($request:ty) -> $answer:ty;)+) => {
        /// The desktop as the window calls it: one function for every command.
        pub trait Commands {
            $(
                #[doc = concat!("Answers `", stringify!($name), "`.")]
                fn $name(&self, request: $request) -> impl Future<Output = Result<$answer, crate::Failure>> + Send;
            )+
        }

        /// The names of all commands.
        pub const NAMES: &[&str] = &[$(stringify!($name)),+];

        /// Carries out the command `name` with a JSON request.
        ///
        /// # Errors
        /// What the command refuses; `bad_request` for an unknown name or a request of another shape.
        pub async fn route<C: Commands + Sync>(
            commands: &C,
            name: &str,
            request: serde_json::Value,
        ) -> Result<serde_json::Value, crate::Failure> {
            match name {
                $(stringify!($name) => {
                    // serde's own words would repeat what was sent, a password or an answer, in a log.
                    let request: $request = serde_json::from_value(request)
                        .map_err(|_| crate::Failure::new(crate::Code::BadRequest, concat!("not a request of ", stringify!($name))))?;
                    let answer = commands.$name(request).await?;
                    serde_json::to_value(answer)
                        .map_err(|error| crate::Failure::new(crate::Code::Internal, error.to_string()))
                })+
                _ => Err(crate::Failure::new(crate::Code::BadRequest, "no such command")),
            }
        }
    };
}

commands!(router);
