//! The window's commands, each one line to the use case behind it.

use crate::Desktop;
use domain::record::Profile;
use std::path::Path;
use wire::{
    Failure,
    choose::{CaseIds, CasesAct, CasesDone, CasesPreview, CasesPreviewRequest},
    mail::{MailChoice, MailView},
    record::{CertificatePrint, RecordImportFile, RecordImported, RecordTemplate, RecordView, TransferPut},
    reviewers::{AssignChoices, CasesAssign, ProposalPage, ReviewerSave, ReviewersView},
    rpc::{
        BlankForm, BundleOf, Bundled, CaseAct, CaseHistory, CaseNew, CaseOf, ChartsExport, ChartsOf, ChartsView,
        ClashPick, Commands, DifferenceOf, ExportForm, Exported, FormOf, ListExport, Nothing, NoticeList, NoticeOf,
        PaperDifference, Picture, PreviewRequest, Progress, RemarkAnswerPut, RemarkAsk, RemarkSettle, SaveDraft,
        ScanAttach, ScanPageOf, SheetOf, SignInRequest, SlotPick, SummaryOf, UnlockRequest,
    },
    rules::{RulesKeep, RulesOf, RulesSave, RulesView},
    views::{
        Attached, CaseList, CaseQuery, CaseView, ConvenerChoices, FormList, FormView, HomeView, PaperPreview, Printed,
        RemarkList, Saved, SessionView, Settings, StatusView, SummaryView, SyncReport,
    },
};

impl Commands for Desktop {
    async fn session_state(&self, _: Nothing) -> Result<SessionView, Failure> {
        self.session().await
    }

    async fn sign_in(&self, request: SignInRequest) -> Result<SessionView, Failure> {
        self.sign_in_with(request).await?;
        // The first look at what is there; without a line the stores' own content is shown.
        if let Err(failure) = self.run_sync().await {
            tracing::info!(code = %failure.code, "no sync after signing in");
        }
        self.session().await
    }

    async fn unlock(&self, request: UnlockRequest) -> Result<SessionView, Failure> {
        self.unlock_with(request).await?;
        self.session().await
    }

    async fn lock(&self, _: Nothing) -> Result<SessionView, Failure> {
        self.lock_seat().await?;
        self.session().await
    }

    async fn sign_out(&self, _: Nothing) -> Result<SessionView, Failure> {
        self.sign_out_here().await?;
        self.session().await
    }

    async fn settings_put(&self, settings: Settings) -> Result<SessionView, Failure> {
        self.put_settings(settings).await?;
        self.session().await
    }

    async fn status(&self, _: Nothing) -> Result<StatusView, Failure> {
        self.status_view().await
    }

    async fn home(&self, _: Nothing) -> Result<HomeView, Failure> {
        self.home_view().await
    }

    async fn case_list(&self, query: CaseQuery) -> Result<CaseList, Failure> {
        self.list_cases(&query).await
    }

    async fn case_ids(&self, query: CaseQuery) -> Result<CaseIds, Failure> {
        self.list_ids(&query).await
    }

    async fn cases_preview(&self, request: CasesPreviewRequest) -> Result<CasesPreview, Failure> {
        self.preview_cases(&request).await
    }

    async fn cases_act(&self, act: CasesAct) -> Result<CasesDone, Failure> {
        self.act_on_cases(&act).await
    }

    async fn case_new(&self, request: CaseNew) -> Result<CaseView, Failure> {
        self.new_case(request.process).await
    }

    async fn case_open(&self, of: CaseOf) -> Result<CaseView, Failure> {
        self.open_case(of.case).await
    }

    async fn case_act(&self, act: CaseAct) -> Result<CaseView, Failure> {
        self.act(act).await
    }

    async fn convener_choices(&self, of: CaseOf) -> Result<ConvenerChoices, Failure> {
        self.convener_choices(of.case).await
    }

    async fn reviewer_pool(&self, _: Nothing) -> Result<ReviewersView, Failure> {
        self.reviewer_pool().await
    }

    async fn reviewer_put(&self, save: ReviewerSave) -> Result<ReviewersView, Failure> {
        self.reviewer_put(&save).await
    }

    async fn assign_choices(&self, of: CaseOf) -> Result<AssignChoices, Failure> {
        self.assign_choices(of.case).await
    }

    async fn assign_propose(&self, cases: CaseIds) -> Result<ProposalPage, Failure> {
        self.assign_propose(cases).await
    }

    async fn cases_assign(&self, assign: CasesAssign) -> Result<CasesDone, Failure> {
        self.assign_cases(&assign).await
    }

    async fn summary_open(&self, of: SummaryOf) -> Result<SummaryView, Failure> {
        self.open_summary(of.plan_year).await
    }

    async fn summary_import(&self, _: Nothing) -> Result<SummaryView, Failure> {
        self.import_summary().await
    }

    async fn remark_ask(&self, ask: RemarkAsk) -> Result<RemarkList, Failure> {
        self.ask_remark(ask).await
    }

    async fn remark_settle(&self, settle: RemarkSettle) -> Result<RemarkList, Failure> {
        self.settle_remark(settle).await
    }

    async fn remark_answer(&self, answer: RemarkAnswerPut) -> Result<RemarkList, Failure> {
        self.answer_remark(answer).await
    }

    async fn remarks_print(&self, of: CaseOf) -> Result<Printed, Failure> {
        self.print_remarks(of).await
    }

    async fn form_open(&self, of: FormOf) -> Result<FormView, Failure> {
        self.open_form(&of).await
    }

    async fn case_save_draft(&self, save: SaveDraft) -> Result<Saved, Failure> {
        self.save_draft(save).await
    }

    async fn draft_keep(&self, of: FormOf) -> Result<FormView, Failure> {
        self.keep_draft(&of).await
    }

    async fn draft_revert(&self, of: FormOf) -> Result<FormView, Failure> {
        self.revert_draft(&of).await
    }

    async fn clash_pick(&self, pick: ClashPick) -> Result<FormView, Failure> {
        self.pick_clash(&pick).await
    }

    async fn paper_preview(&self, request: PreviewRequest) -> Result<PaperPreview, Failure> {
        self.preview(&request).await
    }

    async fn case_print(&self, of: FormOf) -> Result<Printed, Failure> {
        self.print(&of, None).await
    }

    async fn scan_attach(&self, attach: ScanAttach) -> Result<Attached, Failure> {
        self.attach_scan(&attach).await
    }

    async fn scan_remove(&self, of: FormOf) -> Result<CaseView, Failure> {
        self.remove_scan(&of).await
    }

    async fn scan_page(&self, of: ScanPageOf) -> Result<Picture, Failure> {
        self.scan_picture(&of).await
    }

    async fn notice_list(&self, _: Nothing) -> Result<NoticeList, Failure> {
        self.list_notices().await
    }

    async fn notice_read(&self, of: NoticeOf) -> Result<NoticeList, Failure> {
        self.read_notice(of.notice).await
    }

    async fn mail_choice(&self, _: Nothing) -> Result<MailView, Failure> {
        self.mail_choice().await
    }

    async fn mail_choose(&self, choice: MailChoice) -> Result<MailView, Failure> {
        self.choose_mail(&choice).await
    }

    async fn form_list(&self, _: Nothing) -> Result<FormList, Failure> {
        self.list_forms().await
    }

    async fn form_clear(&self, of: FormOf) -> Result<FormView, Failure> {
        self.clear_loose(&of).await
    }

    async fn form_blank(&self, request: BlankForm) -> Result<Printed, Failure> {
        self.write_blank(request.form.as_str(), request.kind, Path::new(&request.path)).await
    }

    async fn form_export(&self, request: ExportForm) -> Result<Printed, Failure> {
        self.export_form(&request).await
    }

    async fn slot_pick(&self, pick: SlotPick) -> Result<CaseView, Failure> {
        self.pick_slot(&pick).await
    }

    async fn sheet_preview(&self, of: SheetOf) -> Result<PaperPreview, Failure> {
        self.preview_sheet(&of).await
    }

    async fn sheet_print(&self, of: SheetOf) -> Result<Printed, Failure> {
        self.print_sheet(&of).await
    }

    async fn rules_open(&self, of: RulesOf) -> Result<RulesView, Failure> {
        self.open_rules(&of).await
    }

    async fn rules_keep(&self, keep: RulesKeep) -> Result<RulesView, Failure> {
        self.keep_rules(keep).await
    }

    async fn rules_revert(&self, of: RulesOf) -> Result<RulesView, Failure> {
        self.revert_rules(&of).await
    }

    async fn rules_save(&self, save: RulesSave) -> Result<RulesView, Failure> {
        self.save_rules(save).await
    }

    async fn case_history(&self, of: CaseOf) -> Result<CaseHistory, Failure> {
        self.case_history(of.case).await
    }

    async fn case_difference(&self, of: DifferenceOf) -> Result<PaperDifference, Failure> {
        self.paper_difference(&of).await
    }

    async fn list_export(&self, export: ListExport) -> Result<Exported, Failure> {
        self.export_list(&export).await
    }

    async fn bundle(&self, of: BundleOf) -> Result<Bundled, Failure> {
        self.write_bundle(&of).await
    }

    async fn bundle_progress(&self, _: Nothing) -> Result<Progress, Failure> {
        Ok(self.bundling.progress())
    }

    async fn bundle_stop(&self, _: Nothing) -> Result<Progress, Failure> {
        Ok(self.bundling.stop())
    }

    async fn charts(&self, of: ChartsOf) -> Result<ChartsView, Failure> {
        self.charts_view(&of).await
    }

    async fn charts_export(&self, export: ChartsExport) -> Result<Exported, Failure> {
        self.export_charts(&export).await
    }

    async fn sync_now(&self, _: Nothing) -> Result<SyncReport, Failure> {
        self.run_sync().await
    }

    async fn record_open(&self, _: Nothing) -> Result<RecordView, Failure> {
        self.open_record().await
    }

    async fn profile_put(&self, profile: Profile) -> Result<RecordView, Failure> {
        self.keep_profile(profile).await
    }

    async fn transfer_answer(&self, put: TransferPut) -> Result<RecordView, Failure> {
        self.answer_transfer(&put).await
    }

    async fn certificate_print(&self, print: CertificatePrint) -> Result<Printed, Failure> {
        self.print_certificate(print).await
    }

    async fn record_import(&self, import: RecordImportFile) -> Result<RecordImported, Failure> {
        self.import_list(import).await
    }

    async fn record_template(&self, template: RecordTemplate) -> Result<Exported, Failure> {
        self.write_template(&template).await
    }
}
