//! Certifications: which form lies in which slot, the sheets that are written about a case, and what the page shows of its review.

use crate::{
    Desktop, Seat,
    failure::of_store,
    papers::{blocking, header, of_print, shown},
};
use domain::{
    case::{Case, State},
    certification::{PICKS, Picks, Round, Sheet, Slot},
    form::{Answers, FieldDef, FieldKind, FormDef, FormId, Label, Options, Packs, check},
    policy::Policy,
    workflow::{self, Sight, sight},
};
use print::{PrintRequest, Tag};
use serde_json::json;
use wire::{
    Code, Failure,
    rpc::{SheetOf, SlotPick},
    views::{CaseView, CertificationView, DecisionRow, PaperPreview, Printed, SheetRow, SlotOption, SlotView},
};

/// The way of a certification as it is drawn: through the rounds that this case goes.
pub(crate) fn way(case: &Case) -> Vec<State> {
    use State::{
        AppealAssign, AppealDecide, AppealFix, AppealIntake, AppealReview, CertIssued, CertReady, Failed, FirstAssign,
        FirstDecide, FirstFailed, FirstFix, FirstReview, FormReview, Passed, Preparing, SecondAssign, SecondDecide,
        SecondFailed, SecondReview,
    };
    let went = |state: State| case.state == state || case.steps.iter().any(|step| step.to == state);
    let mut way = vec![Preparing, FormReview, FirstAssign, FirstReview, FirstDecide];
    if went(FirstFix) {
        way.extend([FirstFix, SecondAssign, SecondReview, SecondDecide]);
    }
    way.extend([FirstFailed, SecondFailed].into_iter().filter(|state| went(*state)));
    if went(AppealIntake) {
        way.push(AppealIntake);
    }
    if went(AppealFix) {
        way.extend([AppealFix, AppealAssign, AppealReview, AppealDecide]);
    }
    if went(Failed) {
        way.push(Failed);
    } else if !way.contains(&case.state) || !matches!(case.state, FirstFailed | SecondFailed) {
        way.extend([Passed, CertReady, CertIssued]);
    }
    way
}

/// The list of the slots that a 形式審查表 looks at.
const REVIEW_SLOTS: &str = "review_slots";

/// First values of a sheet: about whom it is, in which round it is written, and a row for each slot it looks at.
pub(crate) fn begin_sheet(def: &FormDef, case: &Case, policy: &Policy, answers: &mut Answers, untouched: bool) {
    if let Some(round) = Round::under_review(case.state) {
        answers.0.insert("round".to_owned(), json!(round.label()));
    }
    if !untouched {
        return;
    }
    for (key, value) in [("teacher_name", &case.owner.name), ("school_name", &case.school.name)] {
        answers.0.insert(key.to_owned(), json!(value));
    }
    for field in def.fields() {
        if let FieldKind::Rows { fields, .. } = &field.kind
            && let Some(column) = fields.iter().find(|column| names_slots(column))
        {
            let rows = policy.list(REVIEW_SLOTS).iter().map(|slot| json!({ column.key.as_str(): slot.zh }));
            answers.0.insert(field.key.clone(), rows.collect());
        }
    }
}

fn names_slots(column: &FieldDef) -> bool {
    matches!(&column.kind, FieldKind::Choice { options: Options::Policy { list } } if list == REVIEW_SLOTS)
}

fn name_of(form: &FormId, case: &Case) -> Label {
    let def = Packs::built_in().for_year(form, case.plan_year);
    def.map_or_else(|| Label { zh: form.to_string(), en: form.to_string() }, |(def, _)| def.name.clone())
}

impl Seat {
    /// What is picked for the slots: here, as long as it can be picked; else what was sent.
    pub(crate) async fn picks(&self, case: &Case) -> Result<Picks, Failure> {
        let Some(how) = workflow::certifying(case) else { return Ok(Picks::default()) };
        if !self.owns(case) || !workflow::has_open_slots(case) {
            return Ok(Picks::of(&how.slots, case.papers.iter().map(|paper| &paper.form.id)));
        }
        let draft = self.store.draft(case.id, &picks_form()?).await.map_err(of_store)?;
        let sent = Picks::of(&how.slots, case.papers.iter().map(|paper| &paper.form.id));
        let mut answers = Answers::default();
        // What was sent is picked until something else is.
        for slot in &how.slots {
            domain::draft::apply(&mut answers, &Picks::change(slot, sent.forms(&slot.key)));
        }
        answers.0.extend(draft.map(|draft| draft.answers.0).unwrap_or_default());
        Ok(Picks::read(&how.slots, &answers))
    }

    /// What the case page shows of a certification.
    pub(crate) async fn certification_view(
        &self,
        case: &Case,
        picks: &Picks,
        hidden: bool,
    ) -> Result<Option<CertificationView>, Failure> {
        let Some(how) = workflow::certifying(case) else { return Ok(None) };
        let open = how.open_slots(case.state);
        let mut slots = Vec::new();
        for slot in how.slots.iter().filter(|_| !hidden) {
            let open = self.owns(case) && open.iter().any(|one| one.key == slot.key);
            slots.push(self.slot_view(case, slot, picks, open).await?);
        }
        let mut case = case.clone();
        // A computer that was another person's seat a moment ago knows no more than the service would tell this one.
        case.hide_review(&self.actor);
        let reviewing = &case.reviewing;
        let wanted = Round::of(case.state).map_or(0, |round| how.reviewers_in(round));
        Ok(Some(CertificationView {
            slots,
            to_write: workflow::sheet(&case, &self.actor),
            sheets: reviewing.sheets.iter().map(|sheet| sheet_row(&case, sheet)).collect(),
            decisions: reviewing
                .decisions
                .iter()
                .map(|decision| DecisionRow {
                    round: decision.round,
                    round_label: decision.round.label().to_owned(),
                    outcome: decision.outcome,
                    outcome_label: decision.outcome.label().to_owned(),
                    reason: decision.reason.clone(),
                    at: decision.at,
                })
                .collect(),
            assignments: reviewing.assignments.clone(),
            appeal_until: reviewing.appeal_until,
            issued: reviewing.issued.clone(),
            certificate_papers: self.certificate_papers(&case).await?,
            likeness: reviewing.likeness.clone(),
            likeness_marks: match reviewing.likeness {
                Some(_) => self.policy_of(&case).list("similarities").to_vec(),
                None => Vec::new(),
            },
            reviewers_wanted: u8::try_from(wanted).unwrap_or(u8::MAX),
            under_review: Round::under_review(case.state).is_some(),
        }))
    }

    async fn slot_view(&self, case: &Case, slot: &Slot, picks: &Picks, open: bool) -> Result<SlotView, Failure> {
        let mut options = Vec::new();
        for form in &slot.forms {
            let begun = open && self.store.draft(case.id, form).await.map_err(of_store)?.is_some();
            options.push(SlotOption { form: form.clone(), name: name_of(form, case), begun });
        }
        Ok(SlotView {
            key: slot.key.clone(),
            name: slot.name.clone(),
            open,
            more: slot.more,
            options,
            picked: picks.forms(&slot.key).to_vec(),
        })
    }

    /// A sheet this person may read, with its form.
    async fn readable_sheet(&self, of: &SheetOf) -> Result<(Case, Sheet, &'static FormDef), Failure> {
        let nothing = || Failure::new(Code::NotFound, "there is no such sheet for this person");
        let mut case = self.seen_case(of.case).await?;
        if sight(&case, &self.actor) == Sight::Nothing {
            return Err(nothing());
        }
        case.hide_review(&self.actor);
        let sheet = case.reviewing.sheet(of.seq).cloned().ok_or_else(nothing)?;
        let (def, _) = Packs::built_in().get(&sheet.paper.form.id, sheet.paper.form.version).ok_or_else(nothing)?;
        Ok((case, sheet, def))
    }
}

fn picks_form() -> Result<FormId, Failure> {
    PICKS.parse().map_err(|_| Failure::new(Code::Internal, "the name of the picks is a form's name"))
}

fn sheet_row(case: &Case, sheet: &Sheet) -> SheetRow {
    let field = sheet.round.map_or("result", |round| round.result_field().0);
    SheetRow {
        seq: sheet.seq,
        form: sheet.paper.form.id.clone(),
        name: name_of(&sheet.paper.form.id, case),
        round: sheet.round,
        round_label: sheet.round.map_or("", Round::label).to_owned(),
        by: sheet.by.as_ref().map(|by| by.name.clone()),
        at: sheet.at,
        result: sheet.paper.answers.text(field).to_owned(),
    }
}

impl Desktop {
    /// Picks forms for a slot. On the disk when it returns, and sent with the drafts.
    ///
    /// # Errors
    /// `not_editable` when the slot is not open for this person; `unknown_form` for a form it does not offer; faults of the store.
    pub async fn pick_slot(&self, pick: &SlotPick) -> Result<CaseView, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(pick.case).await?;
        let open = workflow::certifying(&case).map_or_else(Vec::new, |how| how.open_slots(case.state));
        let slot = open.into_iter().find(|slot| seat.owns(&case) && slot.key == pick.slot);
        let slot = slot.ok_or_else(|| Failure::new(Code::NotEditable, "nothing can be picked for this slot now"))?;
        if let Some(form) = pick.forms.iter().find(|form| !slot.forms.contains(form)) {
            return Err(Failure::with(Code::UnknownForm, json!({ "form": form }), "the slot does not offer this form"));
        }
        if pick.forms.len() > 1 && !slot.more {
            return Err(Failure::new(Code::BadRequest, "this slot holds one form"));
        }
        let changes = Picks::change(slot, &pick.forms);
        seat.store.save_draft(case.id, &picks_form()?, &changes, self.now()).await.map_err(of_store)?;
        self.nudge.notify_one();
        self.open_case(case.id).await
    }

    /// A sheet as paper, to read it.
    ///
    /// # Errors
    /// `not_found` for a sheet this person may not read; `fonts_missing`; faults of the store.
    pub async fn preview_sheet(&self, of: &SheetOf) -> Result<PaperPreview, Failure> {
        let seat = self.seat().await?;
        let (case, sheet, def) = seat.readable_sheet(of).await?;
        let policy = seat.policy_of(&case);
        let checked = check(def, sheet.paper.answers.clone(), &policy);
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let pictures = blocking(move || {
            let request = PrintRequest {
                form: def,
                answers: &checked.answers,
                computed: &checked.computed,
                policy: &policy,
                header: header(&case),
                tag: tag(&case, &sheet),
                typeface,
            };
            print::preview(&loaded.fonts, &request, &[]).map_err(|error| of_print(&error))
        })
        .await?;
        Ok(shown(pictures))
    }

    /// A sheet as a PDF, opened by the system's viewer.
    ///
    /// # Errors
    /// As [`Self::preview_sheet`]; faults of the disk.
    pub async fn print_sheet(&self, of: &SheetOf) -> Result<Printed, Failure> {
        let seat = self.seat().await?;
        let (case, sheet, def) = seat.readable_sheet(of).await?;
        let policy = seat.policy_of(&case);
        let checked = check(def, sheet.paper.answers.clone(), &policy);
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let (form, revision) = (sheet.paper.form.id.clone(), of.seq);
        let print = blocking(move || {
            let request = PrintRequest {
                form: def,
                answers: &checked.answers,
                computed: &checked.computed,
                policy: &policy,
                header: header(&case),
                tag: tag(&case, &sheet),
                typeface,
            };
            print::render(&loaded.fonts, &request).map_err(|error| of_print(&error))
        })
        .await?;
        let path = self.write_print(None, of.case, &form, revision, &print.pdf).await?;
        Ok(Printed {
            path: Some(path.display().to_string()),
            pages: print.layout.pages,
            bytes: u32::try_from(print.pdf.len()).unwrap_or(u32::MAX),
            revision,
            missing_glyphs: print.missing_glyphs,
        })
    }
}

fn tag(case: &Case, sheet: &Sheet) -> Tag {
    let paper = &sheet.paper;
    Tag::Frozen { case: case.id, version: paper.form.version, revision: paper.revision, hash: paper.hash.clone() }
}
