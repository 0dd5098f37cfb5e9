//! Forms outside a case: the list, the check and the 草稿 print of the command line.

use crate::{
    Desktop,
    papers::{blocking, unknown_form},
};
use domain::{
    form::{Answers, Checked, FormDef, FormId, Packs, Problem, check},
    policy::Policy,
    time::PlanYear,
};
use print::{Header, OfficeFormat, OfficeRequest, PrintRequest, Tag, office};
use serde::Serialize;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, path::Path};
use wire::{
    Code, Failure,
    rpc::ExportForm,
    views::{FileKind, Printed},
};

/// One form.
#[derive(Debug, Clone, Serialize)]
pub struct FormEntry {
    /// Its id.
    pub id: FormId,
    /// The newest version.
    pub version: u32,
    /// Its Chinese title.
    pub title: String,
    /// Hash of the definition.
    pub hash: String,
}

/// What a check says.
#[derive(Debug, Clone, Serialize)]
pub struct CheckedForm {
    /// Nothing stands against sending.
    pub complete: bool,
    /// The problems.
    pub problems: Vec<Problem>,
}

impl Desktop {
    /// Every form this program knows.
    pub fn form_entries() -> Vec<FormEntry> {
        let newest = Packs::built_in().newest();
        let entry = |def: &FormDef, hash: &str| FormEntry {
            id: def.id.clone(),
            version: def.version,
            title: def.title.zh.clone(),
            hash: hash.to_owned(),
        };
        newest.map(|(def, form)| entry(def, &form.hash)).collect()
    }

    /// Checks answers with the newest version of a form and the general rules.
    ///
    /// # Errors
    /// `unknown_form`; `bad_request` when the answers are no object.
    pub fn check_form(form: &str, answers: Value) -> Result<CheckedForm, Failure> {
        let (_, checked, _) = check_outside(form, answers)?;
        Ok(CheckedForm { complete: checked.is_complete(), problems: checked.problems })
    }

    /// Writes the empty form as a PDF to fill with a pen, or for a word processor.
    ///
    /// # Errors
    /// `unknown_form`, `fonts_missing`, `file_access`.
    pub async fn write_blank(&self, form: &str, kind: FileKind, to: &Path) -> Result<Printed, Failure> {
        let (def, checked, policy) = check_outside(form, Value::Object(Map::new()))?;
        let header = Header { plan_year: policy.plan_year.0, county: "", school: "" };
        let format = match kind {
            FileKind::Pdf => None,
            FileKind::Odt => Some(OfficeFormat::Odt),
            FileKind::Docx => Some(OfficeFormat::Docx),
        };
        let Some(format) = format else {
            let loaded = self.fonts().await?;
            let typeface = self.typeface(&loaded.fonts).await;
            let print = blocking(move || {
                let request = PrintRequest {
                    form: def,
                    answers: &checked.answers,
                    // An empty form shows no sum of nothing.
                    computed: &BTreeMap::new(),
                    policy: &policy,
                    header,
                    tag: Tag::Blank,
                    typeface,
                };
                print::render(&loaded.fonts, &request).map_err(|error| Failure::new(Code::Internal, error.to_string()))
            })
            .await?;
            return written(to, &print.pdf, print.layout.pages, print.missing_glyphs).await;
        };
        let file = office(&OfficeRequest { form: def, filled: None, policy: &policy, header }, format)
            .map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
        written(to, &file, 0, Vec::new()).await
    }

    /// Writes a form of a case, as it stands, for a word processor.
    ///
    /// # Errors
    /// As [`Desktop::open_form`]; `bad_request` for a PDF; `file_access`.
    pub async fn export_form(&self, request: &ExportForm) -> Result<Printed, Failure> {
        let format = match request.kind {
            FileKind::Odt => OfficeFormat::Odt,
            FileKind::Docx => OfficeFormat::Docx,
            FileKind::Pdf => return Err(Failure::new(Code::BadRequest, "a PDF is a print")),
        };
        let seat = self.seat().await?;
        let case = seat.seen_case(request.case).await?;
        let paper = seat.paper(&case, &request.form).await?;
        let policy = seat.policy_at(&case, &paper);
        let request_of = OfficeRequest {
            form: paper.def,
            filled: Some((&paper.checked.answers, &paper.checked.computed)),
            policy: &policy,
            header: crate::papers::header(&case),
        };
        let file = office(&request_of, format).map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
        written(Path::new(&request.path), &file, 0, Vec::new()).await
    }

    /// Prints answers outside a case, marked 草稿, into `to`.
    ///
    /// # Errors
    /// As [`Self::check_form`]; `fonts_missing`, `file_access`.
    pub async fn print_draft(&self, form: &str, answers: Value, to: &Path) -> Result<Printed, Failure> {
        let (def, checked, policy) = check_outside(form, answers)?;
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let print = blocking(move || {
            let school = checked.answers.text("school_name").to_owned();
            let request = PrintRequest {
                form: def,
                answers: &checked.answers,
                computed: &checked.computed,
                policy: &policy,
                header: Header { plan_year: policy.plan_year.0, county: "", school: &school },
                tag: Tag::Draft,
                typeface,
            };
            print::render(&loaded.fonts, &request).map_err(|error| Failure::new(Code::Internal, error.to_string()))
        })
        .await?;
        written(to, &print.pdf, print.layout.pages, print.missing_glyphs).await
    }
}

pub(crate) async fn written(
    to: &Path,
    file: &[u8],
    pages: u32,
    missing_glyphs: Vec<String>,
) -> Result<Printed, Failure> {
    tokio::fs::write(to, file).await.map_err(|error| crate::failure::of_file(to, &error))?;
    Ok(Printed {
        path: Some(to.display().to_string()),
        pages,
        bytes: u32::try_from(file.len()).unwrap_or(u32::MAX),
        revision: 0,
        missing_glyphs,
    })
}

fn check_outside(form: &str, answers: Value) -> Result<(&'static FormDef, Checked, Policy), Failure> {
    let id: FormId = form
        .parse()
        .map_err(|_| Failure::with(Code::UnknownForm, serde_json::json!({ "form": form }), "there is no such form"))?;
    let (def, _) = Packs::built_in().newest().find(|(def, _)| def.id == id).ok_or_else(|| unknown_form(&id))?;
    let answers: Map<String, Value> = match answers {
        Value::Object(map) => map,
        _ => return Err(Failure::new(Code::BadRequest, "the answers are one JSON object")),
    };
    let policy = Packs::built_in().policy(PlanYear(def.plan_year), None);
    let checked = check(def, Answers(answers), &policy);
    Ok((def, checked, policy))
}
