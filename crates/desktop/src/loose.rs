//! 單張表件: papers that a person fills in outside any case, to print and sign them, to try a form, or before a case may be
//! opened. They lie in the person's own store, are checked and saved like any paper, and are never sent.

use crate::{
    Desktop, Seat,
    failure::of_store,
    forms::written,
    papers::{Paper, blocking, header, unknown_form},
};
use domain::{
    case::{Case, Process, State},
    form::{FormDef, FormId, Packs},
    ids::CaseId,
    people::School,
    workflow,
};
use print::{PrintRequest, Tag};
use std::path::PathBuf;
use wire::{
    Code, Failure,
    rpc::FormOf,
    views::{FormList, FormRow, FormView, Printed},
};

/// Whether this is no case but the place of papers outside any.
pub(crate) fn is_loose(case: &Case) -> bool {
    case.id == CaseId::LOOSE
}

/// Every form, in the order of the office's list.
pub(crate) fn forms() -> Vec<FormId> {
    let mut forms: Vec<FormId> = Packs::built_in().newest().map(|(def, _)| def.id.clone()).collect();
    forms.sort_by_key(workflow::papers_place);
    forms
}

impl Seat {
    /// The place of papers outside any case, in the shape of a case of the person's own, so that everything about a paper
    /// is written once.
    pub(crate) async fn loose_case(&self) -> Result<Case, Failure> {
        let nowhere = || School { code: String::new(), name: String::new(), county: String::new() };
        let county = || self.actor.county.clone().unwrap_or_default();
        Ok(Case {
            id: CaseId::LOOSE,
            process: Process::Plc,
            plan_year: self.plan_year().await?,
            school: self.actor.school.clone().unwrap_or_else(|| School { county: county(), ..nowhere() }),
            owner: self.actor.person.clone(),
            state: State::Draft,
            seq: 0,
            reason: None,
            created_at: domain::time::Timestamp::UNIX_EPOCH,
            updated_at: domain::time::Timestamp::UNIX_EPOCH,
            papers: Vec::new(),
            approved_amount: None,
            carried: Vec::new(),
            returns: 0,
            remarks: Vec::new(),
            steps: Vec::new(),
            reviewing: Default::default(),
        })
    }
}

impl Desktop {
    /// Every form that can be downloaded or filled in outside a case, in the order of the processes.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn list_forms(&self) -> Result<FormList, Failure> {
        let begun = self.seat().await?.store.drafts(CaseId::LOOSE).await.map_err(of_store)?;
        let row = |def: &FormDef| FormRow {
            form: def.id.clone(),
            version: def.version,
            plan_year: def.plan_year,
            title: def.title.clone(),
            name: def.name.clone(),
            group: workflow::papers_group(&def.id).clone(),
            started_at: begun.iter().find(|draft| draft.form == def.id).map(|draft| draft.saved_at),
        };
        let mut rows: Vec<FormRow> = Packs::built_in().newest().map(|(def, _)| row(def)).collect();
        rows.sort_by_key(|row| workflow::papers_place(&row.form));
        Ok(FormList { case: CaseId::LOOSE, rows })
    }

    /// 清空重填: a paper outside any case as it was before anything was typed.
    ///
    /// # Errors
    /// `not_editable` for a paper of a case, which is corrected and never emptied like this; faults of the store.
    pub async fn clear_loose(&self, of: &FormOf) -> Result<FormView, Failure> {
        let seat = self.seat().await?;
        if of.case != CaseId::LOOSE {
            return Err(Failure::new(Code::NotEditable, "only a paper outside any case can be emptied"));
        }
        if !forms().contains(&of.form) {
            return Err(unknown_form(&of.form));
        }
        seat.store.discard_loose(&of.form).await.map_err(of_store)?;
        self.open_form(of).await
    }

    /// Prints a paper outside any case as it stands, marked 草稿: no revision, because nobody waits for its scan.
    pub(crate) async fn print_loose(
        &self,
        case: &Case,
        paper: &Paper,
        to: Option<PathBuf>,
    ) -> Result<Printed, Failure> {
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let policy = self.seat().await?.policy_of(case);
        let (def, checked, owned) = (paper.def, paper.checked.clone(), case.clone());
        let print = blocking(move || {
            let request = PrintRequest {
                form: def,
                answers: &checked.answers,
                computed: &checked.computed,
                policy: &policy,
                header: header(&owned),
                tag: Tag::Draft,
                typeface,
            };
            print::render(&loaded.fonts, &request).map_err(|error| Failure::new(Code::Internal, error.to_string()))
        })
        .await?;
        let path = match to {
            Some(path) => path,
            // A viewer may still hold the one before.
            None => self.prints_folder().join(format!("{}-draft-{}.pdf", def.id, self.now().format("%H%M%S"))),
        };
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| crate::failure::of_file(folder, &error))?;
        }
        written(&path, &print.pdf, print.layout.pages, print.missing_glyphs).await
    }
}
