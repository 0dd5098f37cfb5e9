//! A case's papers on this computer: what is typed, what of it is missing, how it looks on paper, what was printed.

use crate::{
    Desktop, Seat,
    certification::begin_sheet,
    failure::{of_file, of_store},
    loose,
};
use domain::{
    case::{Case, State},
    certification::Picks,
    draft::Changes,
    form::{
        Answers, Beside, Checked, FieldDef, FieldKind, FormDef, FormId, FormRef, ItemAnswer, Label, Level, Options,
        Packs, Prefill, Problem, ProblemCode, Source, Suggestion, check, check_together, content_hash, is_error_of,
        migrate, suggest, suggest_own,
    },
    ids::CaseId,
    paper::{PrintedRevision, StampVerdict},
    people::Role,
    policy::{ConvenerFields, Policy, StampRule},
    workflow::{
        self, Sight,
        convener::{self, overlay},
        plc, sight,
    },
};
use print::{Header, PrintError, PrintRequest, Tag, Typeface};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};
use store::{CaseFilter, Draft, NewPrint, Scan};
use wire::{
    Code, Failure,
    rpc::{ClashPick, FormOf, PreviewRequest, SaveDraft, Side},
    views::{FieldArea, FormView, PagePicture, PaperPreview, PaperRow, PaperStatus, Printed, Saved},
};

/// So many of a person's cases are looked through for answers that could be used again.
const RECENT_CASES: u32 = 20;

/// A paper as this computer knows it, gathered once for every question about it.
pub(crate) struct Paper {
    pub(crate) def: &'static FormDef,
    pub(crate) form: FormRef,
    pub(crate) draft: Option<Draft>,
    pub(crate) checked: Checked,
    pub(crate) hash: String,
    pub(crate) printed: Vec<PrintedRevision>,
    pub(crate) scan: Option<Scan>,
    pub(crate) editable: bool,
    /// It is locked, but for the convener's own answers (更正召集人資料).
    pub(crate) corrects: Option<ConvenerFields>,
    pub(crate) needed: bool,
    pub(crate) rule: StampRule,
    loose: bool,
    sent: Option<domain::case::SentPaper>,
    /// Remarks of reviewers that are not settled.
    remarks: u32,
}

impl Paper {
    /// The print of exactly what stands in the draft now.
    pub(crate) fn current_print(&self) -> Option<&PrintedRevision> {
        self.printed.iter().rev().find(|print| print.hash == self.hash)
    }

    /// The file that counts: a scan that shows exactly what stands in the draft now, or an enclosure, whatever stands there.
    pub(crate) fn current_scan(&self) -> Option<&Scan> {
        let encloses = self.def.enclosure().is_some();
        self.scan.as_ref().filter(|scan| encloses || scan.hash == self.hash)
    }

    /// Whether anything can be typed into it.
    pub(crate) fn takes_typing(&self) -> bool {
        self.editable || self.corrects.is_some()
    }

    /// Whether the convener's data are corrected on it and the correction is not sent.
    pub(crate) fn is_corrected(&self) -> bool {
        self.corrects.is_some() && self.sent.as_ref().is_some_and(|sent| sent.hash != self.hash)
    }

    /// Whether it can be sent for what its answers are.
    pub(crate) fn is_complete(&self) -> bool {
        match &self.corrects {
            Some(own) => !self.checked.problems.iter().any(|problem| is_error_of(problem, own)),
            None => self.draft.is_some() && self.checked.is_complete(),
        }
    }

    /// What has to be enclosed and is not there: its field, and its name.
    fn unenclosed(&self) -> Option<(&FieldDef, &Label)> {
        let wanted = self.editable && !self.loose && self.scan.is_none();
        self.def.enclosure().filter(|(field, _)| wanted && field.required)
    }

    /// What still stands against sending, as the one who fills it in reads it: of the answers, and of the enclosure.
    fn problems(&self) -> Vec<Problem> {
        let mut problems = self.checked.problems.clone();
        // What was sent was judged when it was sent; only what can be corrected is spoken of.
        problems.retain(|problem| self.corrects.as_ref().is_none_or(|own| own.has(&problem.field)));
        problems.extend(self.unenclosed().map(|(field, name)| {
            let code = ProblemCode::Named("enclosure_missing".to_owned());
            Problem::error(&field.key, code, json!({ "name": name }))
        }));
        problems
    }

    fn status(&self) -> PaperStatus {
        if let Some(own) = &self.corrects {
            let errors = self.checked.problems.iter().filter(|problem| is_error_of(problem, own)).count();
            return match (errors, self.is_corrected()) {
                (0, false) => PaperStatus::ToCorrect,
                (0, true) => PaperStatus::Corrected,
                _ => PaperStatus::Unfinished { problems: u32::try_from(errors).unwrap_or(u32::MAX) },
            };
        }
        if !self.editable {
            return if self.sent.is_some() { PaperStatus::Sent } else { PaperStatus::Empty };
        }
        if !self.needed {
            return PaperStatus::NotNeeded;
        }
        if self.draft.is_none() {
            return PaperStatus::Empty;
        }
        let errors = self.checked.problems.iter().filter(|problem| problem.level == Level::Error).count();
        if errors > 0 {
            return PaperStatus::Unfinished { problems: u32::try_from(errors).unwrap_or(u32::MAX) };
        }
        if let Some((_, name)) = self.unenclosed() {
            return PaperStatus::ToEnclose { name: name.clone() };
        }
        if self.def.enclosure().is_some() {
            return PaperStatus::Ready;
        }
        match (self.rule, self.current_scan()) {
            (StampRule::None, _) => PaperStatus::Ready,
            (rule, Some(scan)) => {
                let empty = scan.file.stamps.iter().filter(|stamp| stamp.verdict == StampVerdict::Empty);
                let cells: Vec<String> = empty.map(|stamp| stamp.cell.clone()).collect();
                if rule == StampRule::Stamped && !cells.is_empty() {
                    PaperStatus::StampsDoubtful { cells }
                } else {
                    PaperStatus::Ready
                }
            }
            (_, None) if self.current_print().is_some() => PaperStatus::ToScan,
            (_, None) if self.printed.is_empty() && self.scan.is_none() => PaperStatus::ToPrint,
            (_, None) => PaperStatus::PrintAgain,
        }
    }

    pub(crate) fn row(&self) -> PaperRow {
        let sent_scan = || self.sent.as_ref().and_then(|sent| sent.stamped.clone());
        PaperRow {
            form: self.def.id.clone(),
            name: self.def.name.clone(),
            title: self.def.title.clone(),
            editable: self.takes_typing(),
            viewable: self.editable || self.sent.is_some(),
            status: self.status(),
            stamp_rule: self.rule,
            enclosure: self.def.enclosure().map(|(_, name)| name.clone()),
            remarks: self.remarks,
            printed_revision: self.printed.last().map(|print| print.revision),
            scan: if self.editable { self.current_scan().map(|scan| scan.file.clone()) } else { sent_scan() },
            corrects: self.corrects.is_some(),
            stamped_revision: self.sent.as_ref().filter(|_| !self.editable).and_then(|sent| sent.stamped_revision),
        }
    }
}

pub(crate) fn unknown_form(form: &FormId) -> Failure {
    Failure::with(Code::UnknownForm, json!({ "form": form }), "there is no such form in this case")
}

impl Seat {
    pub(crate) fn owns(&self, case: &Case) -> bool {
        case.owner.id == self.actor.person.id
    }

    /// Gathers a paper.
    pub(crate) async fn paper(&self, case: &Case, form: &FormId) -> Result<Paper, Failure> {
        let picks = self.picks(case).await?;
        let writes = workflow::sheet(case, &self.actor).as_ref() == Some(form);
        if !writes && !forms_of(case, &picks).contains(form) {
            return Err(unknown_form(form));
        }
        let loose = loose::is_loose(case);
        if !loose && sight(case, &self.actor) < Sight::Papers {
            return Err(Failure::new(Code::NotFound, "this person may not see the papers now"));
        }
        let sent = case.paper(form).cloned();
        // Whoever writes a sheet about a case has the draft of it.
        let own = self.owns(case) || writes;
        let editable = loose || writes || own && workflow::editable(case).contains(form);
        let (def, form_ref) = match &sent {
            // A sent paper is read by the very definition it was filled in with, for ever.
            Some(sent) if !editable => Packs::built_in().get(form, sent.form.version),
            _ => Packs::built_in().for_year(form, case.plan_year),
        }
        .ok_or_else(|| unknown_form(form))?;
        let draft = if own { self.store.draft(case.id, form).await.map_err(of_store)? } else { None };
        let policy = self.policy_of(case);
        let corrects = convener::correctable_on(case, form, &policy.convener).filter(|_| own && !loose).cloned();
        let answers = match (&sent, editable, &corrects) {
            (Some(sent), _, Some(own)) => overlay(&sent.answers, draft.as_ref().map(|draft| &draft.answers), own),
            (Some(sent), false, None) => sent.answers.clone(),
            _ => self.effective(case, def, draft.as_ref()).await?,
        };
        let hash = content_hash(form_ref, &answers);
        let application = self.application_answers(case).await?;
        let needed =
            loose || writes || corrects.is_some() || workflow::papers_due(case, &application, &picks).contains(form);
        let mut checked = check(def, answers, &policy);
        if (editable || corrects.is_some()) && !writes {
            let others = self.beside(case, form).await?;
            let others = others.iter().map(|(form, answers)| Beside { form, answers });
            let all: Vec<Beside<'_>> = others.chain([Beside { form: def, answers: &checked.answers }]).collect();
            // An office may fill in a teacher's paper outside any case.
            let office = loose && self.actor.role.part() != Role::Teacher;
            let applicant = if office { "" } else { case.owner.name.as_str() };
            let found = check_together(&all, applicant, &policy);
            checked.problems.extend(found.into_iter().filter(|(at, _)| at == form).map(|(_, problem)| problem));
        }
        let open_remarks = case.remarks.iter().filter(|remark| remark.form == *form && !remark.settled);
        Ok(Paper {
            def,
            form: form_ref.clone(),
            checked,
            hash,
            printed: if own { self.store.printed(case.id, form).await.map_err(of_store)? } else { Vec::new() },
            scan: if own { self.store.scan(case.id, form).await.map_err(of_store)? } else { None },
            editable,
            needed,
            // Nobody waits for the stamped copy of a paper outside any case, nor for another one of what is corrected.
            rule: if loose || corrects.is_some() { StampRule::None } else { policy.stamp_rule(form) },
            corrects,
            loose,
            draft,
            sent,
            remarks: u32::try_from(open_remarks.count()).unwrap_or(u32::MAX),
        })
    }

    pub(crate) async fn papers(&self, case: &Case) -> Result<Vec<Paper>, Failure> {
        let mut papers = Vec::new();
        let sheet = workflow::sheet(case, &self.actor);
        for form in forms_of(case, &self.picks(case).await?).into_iter().chain(sheet) {
            // A form of a later part of the process may have no pack yet in an older program.
            if Packs::built_in().for_year(&form, case.plan_year).is_some() {
                papers.push(self.paper(case, &form).await?);
            }
        }
        Ok(papers)
    }

    /// The 申請表 as it stands: typed here, else as sent.
    async fn application_answers(&self, case: &Case) -> Result<Answers, Failure> {
        let form: FormId = plc::APPLICATION.parse().map_err(|_| unknown_form_text(plc::APPLICATION))?;
        if self.owns(case) && case.state == State::Draft {
            let draft = self.store.draft(case.id, &form).await.map_err(of_store)?;
            return Ok(draft.map(|draft| draft.answers).unwrap_or_default());
        }
        Ok(case.paper(&form).map(|paper| paper.answers.clone()).unwrap_or_default())
    }

    /// The answers as they count: what was typed, with fields that are only shown filled from where they come from. A
    /// paper that was never touched starts with all its first values.
    async fn effective(&self, case: &Case, def: &FormDef, draft: Option<&Draft>) -> Result<Answers, Failure> {
        let typed = draft.map(|draft| draft.answers.clone()).unwrap_or_default();
        // A draft may have been begun before this version of the form came; what the form no longer asks for stays in the store.
        let mut answers = migrate(def, &Packs::built_in().earlier(def), &self.policy_of(case), typed).answers;
        if workflow::sheet(case, &self.actor).as_ref() == Some(&def.id) {
            begin_sheet(def, case, &self.policy_of(case), &mut answers, draft.is_none());
        }
        for field in def.fields() {
            // A question with one possible answer is answered.
            if let FieldKind::Integer { min: Some(only), max } = &field.kind
                && *max == Some(*only)
                && draft.is_none()
            {
                answers.0.insert(field.key.clone(), json!(only));
            }
            let Some(prefill) = &field.prefill else { continue };
            if !field.read_only && draft.is_some() {
                continue;
            }
            let value = match prefill {
                Prefill::SchoolName => Some(json!(case.school.name)),
                Prefill::County => Some(json!(case.school.county)),
                Prefill::PersonName => Some(json!(self.actor.person.name)),
                Prefill::PersonEmail => self.actor.email.as_ref().map(|email| json!(email)),
                Prefill::PersonPhone => self.actor.phone.as_ref().map(|phone| json!(phone)),
                // What stands on another paper is shown here where it cannot be typed, and offered where it can.
                Prefill::Form(path) if field.read_only => self.answer_elsewhere(case, path).await?,
                Prefill::Form(_) => continue,
            };
            match value {
                Some(value) => answers.0.insert(field.key.clone(), value),
                None => answers.0.remove(&field.key),
            };
        }
        Ok(answers)
    }

    /// What other papers of the case, and the person's other cases, offer for the blank fields of a paper.
    async fn suggestions(&self, case: &Case, paper: &Paper) -> Result<Vec<Suggestion>, Failure> {
        let mut found: Vec<(&FormDef, Answers, Option<u16>)> = Vec::new();
        let here = self.beside(case, &paper.def.id).await?;
        found.extend(here.into_iter().map(|(form, answers)| (form, answers, None)));
        let own = CaseFilter { owner: Some(case.owner.id), limit: RECENT_CASES, ..CaseFilter::default() };
        let (mut others, _) = self.store.cases(&own).await.map_err(of_store)?;
        others.retain(|other| other.id != case.id);
        others.sort_by_key(|other| std::cmp::Reverse(other.plan_year));
        for other in others {
            let Some(kept) = self.store.case(other.id).await.map_err(of_store)? else { continue };
            for sent in kept.case.papers {
                if let Some((def, _)) = Packs::built_in().get(&sent.form.id, sent.form.version) {
                    found.push((def, sent.answers, Some(other.plan_year.0)));
                }
            }
        }
        let sources: Vec<Source<'_>> =
            found.iter().map(|(form, answers, plan_year)| Source { form, answers, plan_year: *plan_year }).collect();
        Ok(suggest(paper.def, &paper.checked.answers, &sources, &self.actor.person.name, case.plan_year))
    }

    /// The other papers of a case as they stand: typed here, else as sent.
    async fn beside(&self, case: &Case, except: &FormId) -> Result<Vec<(&'static FormDef, Answers)>, Failure> {
        let mut drafts = self.store.drafts(case.id).await.map_err(of_store)?;
        let mut found = Vec::new();
        for form in forms_of(case, &self.picks(case).await?).into_iter().filter(|form| form != except) {
            let Some((def, _)) = Packs::built_in().for_year(&form, case.plan_year) else { continue };
            let draft = drafts.iter_mut().find(|draft| draft.form == form);
            let typed = draft.map(|draft| std::mem::take(&mut draft.answers));
            if let Some(answers) = typed.or_else(|| case.paper(&form).map(|sent| sent.answers.clone())) {
                found.push((def, answers));
            }
        }
        Ok(found)
    }

    async fn answer_elsewhere(&self, case: &Case, path: &str) -> Result<Option<Value>, Failure> {
        let Some((form, key)) = path.split_once('.') else { return Ok(None) };
        let form: FormId = form.parse().map_err(|_| unknown_form_text(form))?;
        let sent = case.paper(&form).map(|sent| sent.answers.clone());
        let typed = self.store.draft(case.id, &form).await.map_err(of_store)?.map(|draft| draft.answers);
        // What cannot be edited any more stands as it was sent, on every computer alike.
        let fixed = !loose::is_loose(case) && !workflow::editable(case).contains(&form);
        let answers = if fixed { sent.or(typed) } else { typed.or(sent) };
        Ok(answers.and_then(|answers| answers.get(key).cloned()))
    }
}

/// The forms that lie in a case now, or all of them outside any.
pub(crate) fn forms_of(case: &Case, picks: &Picks) -> Vec<FormId> {
    if loose::is_loose(case) { loose::forms() } else { workflow::papers(case, picks) }
}

fn unknown_form_text(form: &str) -> Failure {
    Failure::with(Code::UnknownForm, json!({ "form": form }), "there is no such form")
}

pub(crate) fn of_print(error: &PrintError) -> Failure {
    Failure::new(Code::Internal, error.to_string())
}

impl Desktop {
    /// Opens a paper to edit or to look at.
    ///
    /// # Errors
    /// `not_found`, `unknown_form`, faults of the store.
    pub async fn open_form(&self, of: &FormOf) -> Result<FormView, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(of.case).await?;
        let paper = seat.paper(&case, &of.form).await?;
        let policy = seat.policy_at(&case, &paper);
        Ok(FormView {
            case: case.id,
            process: case.process,
            lists: lists_of(paper.def, &policy),
            numbers: policy.numbers.clone(),
            header: format!("{}學年度 {} {}", case.plan_year, case.school.county, case.school.name),
            answers: paper.checked.answers.clone(),
            computed: paper.checked.computed.clone(),
            problems: if paper.takes_typing() { paper.problems() } else { Vec::new() },
            suggestions: match &paper.corrects {
                Some(own) => suggest_own(paper.def, &paper.checked.answers, own, &seat.actor),
                None if paper.editable => seat.suggestions(&case, &paper).await?,
                None => Vec::new(),
            },
            remarks: seat.remark_views(&case, &of.form, self.now()).await?,
            can_remark: !paper.editable && paper.sent.is_some() && seat.may_ask(&case, self.now()),
            clashes: paper.draft.as_ref().map(|draft| draft.clashes.clone()).unwrap_or_default(),
            read_only: !paper.takes_typing(),
            only: paper.corrects.as_ref().map(|own| own.keys().map(str::to_owned).collect()),
            loose: loose::is_loose(&case),
            saved_at: paper.draft.as_ref().map(|draft| draft.saved_at),
            def: paper.def.clone(),
            paper: paper.row(),
        })
    }

    /// Saves what was typed and answers with what is wrong with it. On the disk when it returns.
    ///
    /// # Errors
    /// `not_editable`, and as [`Self::open_form`].
    pub async fn save_draft(&self, save: SaveDraft) -> Result<Saved, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(save.case).await?;
        let before = seat.paper(&case, &save.form).await?;
        if !before.takes_typing() {
            return Err(Failure::new(Code::NotEditable, "the paper cannot be edited in this state"));
        }
        if let Some(own) = &before.corrects
            && let Some(field) = save.changes.keys().find(|key| !own.has(key))
        {
            let params = json!({ "form": save.form, "field": field });
            return Err(Failure::with(
                Code::OtherFieldChanged,
                params,
                "only the convener's own answers can be corrected",
            ));
        }
        let mut changes = save.changes;
        if before.draft.is_none() {
            // The first save keeps the first values with it, so that emptying one of them later means empty.
            for (key, value) in before.checked.answers.0 {
                changes.entry(key).or_insert(value);
            }
        }
        let draft = seat.store.save_draft(save.case, &save.form, &changes, self.now()).await.map_err(of_store)?;
        let paper = seat.paper(&case, &save.form).await?;
        Ok(Saved {
            computed: paper.checked.computed.clone(),
            problems: paper.problems(),
            saved_at: draft.saved_at,
            paper: paper.row(),
        })
    }

    /// What has to change so that the answers of a form become exactly `answers`; fields that are only shown stay.
    ///
    /// # Errors
    /// `bad_request` when the answers are no object; as [`Self::open_form`].
    pub async fn changes_to(&self, case: CaseId, form: &FormId, answers: Value) -> Result<Changes, Failure> {
        let Value::Object(answers) = answers else {
            return Err(Failure::new(Code::BadRequest, "the answers are one JSON object"));
        };
        let view = self.open_form(&FormOf { case, form: form.clone() }).await?;
        let mut changes = domain::draft::changes(&view.answers, &Answers(answers));
        changes.retain(|key, _| view.def.field(key).is_none_or(|field| !field.read_only));
        Ok(changes)
    }

    /// 儲存: what stands now is what 取消 returns to.
    ///
    /// # Errors
    /// As [`Self::open_form`].
    pub async fn keep_draft(&self, of: &FormOf) -> Result<FormView, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(of.case).await?;
        let paper = seat.paper(&case, &of.form).await?;
        if paper.takes_typing() && paper.draft.is_none() {
            let save = SaveDraft { case: of.case, form: of.form.clone(), changes: Changes::new() };
            self.save_draft(save).await?;
        }
        seat.store.keep_draft(of.case, &of.form).await.map_err(of_store)?;
        self.open_form(of).await
    }

    /// 取消: back to the last 儲存.
    ///
    /// # Errors
    /// As [`Self::open_form`].
    pub async fn revert_draft(&self, of: &FormOf) -> Result<FormView, Failure> {
        let seat = self.seat().await?;
        seat.store.revert_draft(of.case, &of.form, self.now()).await.map_err(of_store)?;
        self.open_form(of).await
    }

    /// Settles a field that was changed in two places.
    ///
    /// # Errors
    /// `not_found` when nothing clashes there.
    pub async fn pick_clash(&self, pick: &ClashPick) -> Result<FormView, Failure> {
        let seat = self.seat().await?;
        let draft = seat.store.draft(pick.case, &pick.form).await.map_err(of_store)?;
        let clash = draft.and_then(|draft| draft.clashes.into_iter().find(|clash| clash.field == pick.field));
        let clash = clash.ok_or_else(|| Failure::new(Code::NotFound, "nothing clashes in this field"))?;
        let value = match pick.side {
            Side::Mine => clash.mine,
            Side::Theirs => clash.theirs,
        };
        seat.store.settle_clash(pick.case, &pick.form, &pick.field, value, self.now()).await.map_err(of_store)?;
        self.open_form(&FormOf { case: pick.case, form: pick.form.clone() }).await
    }

    /// The paper with what is being typed. Of pages that the page holds already come the hashes alone.
    ///
    /// # Errors
    /// `fonts_missing`, and as [`Self::open_form`].
    pub async fn preview(&self, request: &PreviewRequest) -> Result<PaperPreview, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(request.case).await?;
        let paper = seat.paper(&case, &request.form).await?;
        let mut answers = paper.checked.answers.clone();
        domain::draft::apply(&mut answers, &request.changes);
        let policy = seat.policy_at(&case, &paper);
        let checked = check(paper.def, answers, &policy);
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let held = request.held.clone();
        let pictures = blocking(move || {
            let request = PrintRequest {
                form: paper.def,
                answers: &checked.answers,
                computed: &checked.computed,
                policy: &policy,
                header: header(&case),
                tag: Tag::Draft,
                typeface,
            };
            print::preview(&loaded.fonts, &request, &held).map_err(|error| of_print(&error))
        })
        .await?;
        Ok(shown(pictures))
    }

    /// Prints a paper: freezes the draft as a revision when it is complete, or prints a sent paper again. With
    /// `to`, the PDF is written there; else into a folder that is emptied when the program starts.
    ///
    /// # Errors
    /// `not_printable` with the problems; `fonts_missing`; faults of disk and store.
    pub async fn print(&self, of: &FormOf, to: Option<PathBuf>) -> Result<Printed, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(of.case).await?;
        let paper = seat.paper(&case, &of.form).await?;
        if !paper.editable && paper.sent.is_none() {
            return Err(Failure::new(Code::NotFound, "there is nothing to print yet"));
        }
        if loose::is_loose(&case) {
            return self.print_loose(&case, &paper, to).await;
        }
        let errors: Vec<_> = paper.checked.problems.iter().filter(|problem| problem.level == Level::Error).collect();
        if paper.editable && !errors.is_empty() {
            let params = json!({ "form": of.form, "problems": errors });
            return Err(Failure::with(Code::NotPrintable, params, "the answers are not complete"));
        }
        let (revision, hash) = match &paper.sent {
            Some(sent) if !paper.editable => (sent.revision, sent.hash.clone()),
            _ => {
                let next = seat.store.revision_for(case.id, &of.form, &paper.hash).await.map_err(of_store)?;
                (next, paper.hash.clone())
            }
        };
        let tag = Tag::Frozen { case: case.id, version: paper.def.version, revision, hash: hash.clone() };
        let policy = seat.policy_at(&case, &paper);
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let (def, mut checked, editable) = (paper.def, paper.checked.clone(), paper.editable);
        if let (Some(sent), Some(_)) = (&paper.sent, &paper.corrects) {
            // The print of a sent paper shows what was sent, not what is being corrected.
            checked = check(def, sent.answers.clone(), &policy);
        }
        let school_case = case.clone();
        let print = blocking(move || {
            let request = PrintRequest {
                form: def,
                answers: &checked.answers,
                computed: &checked.computed,
                policy: &policy,
                header: header(&school_case),
                tag,
                typeface,
            };
            print::render(&loaded.fonts, &request).map_err(|error| of_print(&error))
        })
        .await?;
        if editable {
            let new = NewPrint {
                form_ref: paper.form.clone(),
                hash,
                answers: paper.checked.answers.clone(),
                layout: print.layout.clone(),
                printed_at: self.now(),
            };
            if paper.draft.is_none() {
                let save = SaveDraft { case: of.case, form: of.form.clone(), changes: Changes::new() };
                self.save_draft(save).await?;
            }
            let frozen = seat.store.freeze(case.id, &of.form, new).await.map_err(of_store)?;
            if frozen.revision != revision {
                return Err(Failure::new(Code::StoreBusy, "the paper was printed elsewhere at the same moment"));
            }
        }
        let path = self.write_print(to, case.id, &of.form, revision, &print.pdf).await?;
        Ok(Printed {
            path: Some(path.display().to_string()),
            pages: print.layout.pages,
            bytes: u32::try_from(print.pdf.len()).unwrap_or(u32::MAX),
            revision,
            missing_glyphs: print.missing_glyphs,
        })
    }

    pub(crate) async fn write_print(
        &self,
        to: Option<PathBuf>,
        case: CaseId,
        form: &FormId,
        revision: u32,
        pdf: &[u8],
    ) -> Result<PathBuf, Failure> {
        let path = match to {
            Some(path) => path,
            None => {
                let case = case.to_string();
                let name = format!("{form}-{}-r{revision}", case.get(case.len() - 6..).unwrap_or(""));
                return self.write_pdf(&name, pdf).await;
            }
        };
        tokio::fs::write(&path, pdf).await.map_err(|error| of_file(&path, &error))?;
        Ok(path)
    }

    /// Writes a PDF of this name for the system's viewer.
    pub(crate) async fn write_pdf(&self, name: &str, pdf: &[u8]) -> Result<PathBuf, Failure> {
        let folder = self.prints_folder();
        tokio::fs::create_dir_all(&folder).await.map_err(|error| of_file(&folder, &error))?;
        let path = folder.join(format!("{name}.pdf"));
        tokio::fs::write(&path, pdf).await.map_err(|error| of_file(&path, &error))?;
        Ok(path)
    }

    pub(crate) async fn typeface(&self, fonts: &print::Fonts) -> Typeface {
        if self.settings.read().await.kai && fonts.has(Typeface::Kai) { Typeface::Kai } else { Typeface::Serif }
    }
}

pub(crate) fn header(case: &Case) -> Header<'_> {
    Header { plan_year: case.plan_year.0, county: &case.school.county, school: &case.school.name }
}

/// The policy lists that a form's choices name.
fn lists_of(def: &FormDef, policy: &Policy) -> BTreeMap<String, Vec<domain::form::Opt>> {
    fn names<'a>(fields: impl Iterator<Item = &'a FieldDef>, found: &mut Vec<&'a str>) {
        for field in fields {
            match &field.kind {
                FieldKind::Choice { options: Options::Policy { list } }
                | FieldKind::Choices { options: Options::Policy { list } } => found.push(list),
                FieldKind::Rows { fields, .. } | FieldKind::Group { fields } => names(fields.iter(), found),
                FieldKind::PerItem { items, of } => {
                    let answers = match of {
                        ItemAnswer::Choice { options } => Some(options),
                        ItemAnswer::LongText => None,
                    };
                    for options in [Some(items), answers].into_iter().flatten() {
                        if let Options::Policy { list } = options {
                            found.push(list);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    names(def.fields(), &mut found);
    found.into_iter().map(|name| (name.to_owned(), policy.list(name).to_vec())).collect()
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(Failure::new(Code::Internal, "the work in the background stopped")))
}

/// A paper as the page shows it.
pub(crate) fn shown(pictures: print::PagePictures) -> PaperPreview {
    PaperPreview {
        pages: pictures.pages.into_iter().map(|page| PagePicture { hash: page.hash, svg: page.svg }).collect(),
        width: pictures.width_pt,
        height: pictures.height_pt,
        fields: pictures.fields.into_iter().map(|f| FieldArea { field: f.field, area: f.area }).collect(),
        missing_glyphs: pictures.missing_glyphs,
    }
}
