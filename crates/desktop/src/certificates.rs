//! Certificates as papers: the 證書 and the 數位研習證明 of a certification that ended here, from its case or from the person's record.
//! Whatever else stands in a record was issued elsewhere, some of it with a year for a number; nothing is printed of it.

use crate::{
    Desktop, Seat,
    failure::of_store,
    lists::LIST_ROWS,
    papers::{blocking, of_print},
};
use domain::{
    case::{Case, State},
    certificate::{CertificateFacts, CertificatePaper},
    form::Packs,
    ids::CertificateId,
    list::Criteria,
    record::{PersonRecord, papers_of},
};
use serde_json::json;
use store::CaseFilter;
use wire::{
    Code, Failure,
    record::{CertificateOf, CertificatePrint},
    views::Printed,
};

fn not_issued() -> Failure {
    Failure::new(Code::CertificateNotIssued, "this is no certificate that was issued here")
}

impl Seat {
    /// The record that tells of the owner's training: the person's own, on their own case.
    async fn record_beside(&self, case: &Case) -> Result<Option<PersonRecord>, Failure> {
        if self.owns(case) { self.judged_record().await } else { Ok(None) }
    }

    /// The papers that this person can print of the certificate of a case.
    pub(crate) async fn certificate_papers(&self, case: &Case) -> Result<Vec<CertificatePaper>, Failure> {
        let (Some(kind), Some(issued)) = (case.process.certificate(), &case.reviewing.issued) else {
            return Ok(Vec::new());
        };
        let record = self.record_beside(case).await?;
        Ok(issued.number.as_ref().map_or_else(Vec::new, |number| papers_of(record.as_ref(), kind, number, issued.on)))
    }

    /// The own case that ended with a certificate of the record: it knows the school of then.
    async fn case_of_certificate(&self, id: CertificateId) -> Result<Case, Failure> {
        let record = self.judged_record().await?.unwrap_or_default();
        let held = record.certificates.iter().find(|held| held.id == id);
        let held = held.ok_or_else(|| Failure::new(Code::NotFound, "the record has no such certificate"))?;
        if record.papers_of(held).is_empty() {
            return Err(not_issued());
        }
        let filter = CaseFilter {
            criteria: Criteria { plan_year: held.plan_year, ..Criteria::default() },
            owner: Some(self.actor.person.id),
            limit: LIST_ROWS,
            ..CaseFilter::default()
        };
        let (rows, _) = self.store.cases(&filter).await.map_err(of_store)?;
        for row in rows.iter().filter(|row| row.seen == State::CertIssued) {
            let case = self.seen_case(row.id).await?;
            if case.reviewing.issued.as_ref().and_then(|issued| issued.number.as_ref()) == Some(&held.number) {
                return Ok(case);
            }
        }
        Err(Failure::new(Code::NotFound, "the case of this certificate is not here yet"))
    }
}

impl Desktop {
    /// A paper of a certificate as a PDF, for the system's viewer.
    ///
    /// # Errors
    /// `certificate_not_issued` before it has its number, and for one that was not issued here; `no_training_hours`;
    /// `signs_missing`, `not_found`, `fonts_missing`; faults of the store and of the disk.
    pub async fn print_certificate(&self, print: CertificatePrint) -> Result<Printed, Failure> {
        let seat = self.seat().await?;
        let mut case = match print.of {
            CertificateOf::Case { case } => seat.seen_case(case).await?,
            CertificateOf::Record { certificate } => seat.case_of_certificate(certificate).await?,
        };
        case.hide_review(&seat.actor);
        let issued = case.reviewing.issued.clone();
        let numbered = issued.and_then(|issued| Some((issued.number?, issued.on)));
        let (kind, (number, on)) = case.process.certificate().zip(numbered).ok_or_else(not_issued)?;
        match seat.certificate_papers(&case).await?.as_slice() {
            papers if papers.contains(&print.paper) => {}
            [] => return Err(not_issued()),
            _ => return Err(Failure::new(Code::NoTrainingHours, "no hours of training are known")),
        }
        let hours = seat.record_beside(&case).await?.map(|record| record.hours_for(kind, on));
        let facts = CertificateFacts {
            name: case.owner.name.clone(),
            school: case.school.name.clone(),
            kind,
            plan_year: case.plan_year,
            number,
            hours,
            issued_at: on,
        };
        let text = Packs::built_in().certificate(kind, print.paper).ok_or_else(not_issued)?;
        let loaded = self.fonts().await?;
        let typeface = self.typeface(&loaded.fonts).await;
        let made = blocking(move || {
            print::certificate(&loaded.fonts, text, &facts, typeface).map_err(|error| of_print(&error))
        })
        .await?;
        // A name with a gap certifies nobody.
        if !made.missing_glyphs.is_empty() {
            let signs = json!({ "signs": made.missing_glyphs });
            return Err(Failure::with(Code::SignsMissing, signs, "the typeface lacks signs of the certificate"));
        }
        let name = match print.paper {
            CertificatePaper::Certificate => "certificate",
            CertificatePaper::Training => "training-proof",
        };
        let path = self.write_pdf(&format!("{name}-{}", case.id), &made.pdf).await?;
        Ok(Printed {
            path: Some(path.display().to_string()),
            pages: 1,
            bytes: u32::try_from(made.pdf.len()).unwrap_or(u32::MAX),
            revision: 0,
            missing_glyphs: Vec::new(),
        })
    }
}
