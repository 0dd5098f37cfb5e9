//! 個人資料: a person's own record, and the office's import of lists into the records of others.

use super::{
    Refused, Signed,
    ask::{Asked as Query, Sent},
};
use crate::{
    Service,
    db::{
        self,
        record_imports::{self, Asked, Line, NewCertificate, Rows},
    },
};
use axum::{Json, extract::State};
use domain::{
    certificate::CertificateKind,
    eligibility::{Eligibility, eligibility},
    form::Packs,
    ids::CertificateId,
    people::{Actor, Role},
    record::{Fault, MOST_ROWS, PersonRecord, Profile, read_certificate, read_training},
    time::{PlanYear, taipei_day},
};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use wire::{
    Code, Failure,
    http::{RecordImport, RecordList},
    record::{RecordImported, TransferPut},
};

/// Whether a part has a record: offices do not teach.
fn has_record(actor: &Actor) -> Result<(), Failure> {
    match actor.role.part() {
        Role::Teacher => Ok(()),
        _ => Err(Failure::new(Code::NotYours, "only teachers and principals have a record")),
    }
}

pub(super) async fn own(State(service): State<Service>, signed: Signed) -> Result<Json<PersonRecord>, Refused> {
    has_record(&signed.actor)?;
    Ok(Json(db::records::get(service.db(), signed.actor.person.id).await?))
}

pub(super) async fn put_profile(
    State(service): State<Service>,
    signed: Signed,
    sent: Sent,
) -> Result<Json<PersonRecord>, Refused> {
    let (profile, now): (Profile, _) = (sent.parse()?, service.now());
    has_record(&signed.actor)?;
    let problems = profile.validate(taipei_day(now));
    if !problems.is_empty() {
        let params = json!({ "problems": problems });
        return Err(Failure::with(Code::ProfileInvalid, params, "the profile cannot be").into());
    }
    Ok(Json(db::records::put_profile(service.db(), &signed.actor, &profile, now).await?))
}

pub(super) async fn answer_transfer(
    State(service): State<Service>,
    signed: Signed,
    sent: Sent,
) -> Result<Json<PersonRecord>, Refused> {
    let put: TransferPut = sent.parse()?;
    has_record(&signed.actor)?;
    Ok(Json(db::records::answer_transfer(service.db(), &signed.actor, &put, service.now()).await?))
}

#[derive(Debug, Deserialize)]
pub(super) struct For {
    certification: Option<CertificateKind>,
    plan_year: Option<PlanYear>,
}

/// 資格檢核 of the person, as the opening of a case will judge it.
pub(super) async fn own_eligibility(
    State(service): State<Service>,
    signed: Signed,
    Query(For { certification, plan_year }): Query<For>,
) -> Result<Json<Eligibility>, Refused> {
    has_record(&signed.actor)?;
    let kind = certification.unwrap_or(CertificateKind::Advanced);
    let plan_year = plan_year.unwrap_or(service.plan_year());
    let rules = Packs::built_in().eligibility(kind.code(), plan_year, signed.actor.own_county());
    let rules = rules.ok_or_else(|| Failure::new(Code::NotFound, "this certification is not applied for here"))?;
    let record = db::records::get(service.db(), signed.actor.person.id).await?;
    Ok(Json(eligibility(&record, &rules, plan_year, taipei_day(service.now()))))
}

pub(super) async fn import(
    State(service): State<Service>,
    signed: Signed,
    sent: Sent,
) -> Result<Json<RecordImported>, Refused> {
    let hash = hex::encode(Sha256::digest(sent.0.to_string()));
    let RecordImport { dry, skip_faulty, list } = sent.parse()?;
    if signed.actor.role != Role::Platform {
        return Err(Failure::new(Code::NotYours, "lists are imported by the platform's office").into());
    }
    let rows = list.len();
    if rows > MOST_ROWS {
        let limit = json!({ "limit": MOST_ROWS });
        return Err(Failure::with(Code::TooManyRows, limit, "more rows than one import takes").into());
    }
    if rows == 0 {
        return Err(Failure::new(Code::NoRows, "the list has no rows").into());
    }
    let asked = Asked { actor: &signed.actor, now: service.now(), dry, skip_faulty, hash: &hash };
    let today = taipei_day(asked.now);
    let done = match list {
        RecordList::Trainings(rows) => {
            let read = read_all(&rows, |row| row.line, |row| read_training(row, today));
            record_imports::import(service.db(), &asked, read).await?
        }
        RecordList::Certificates(rows) => {
            let new = |(account, says)| (account, NewCertificate { id: CertificateId(Uuid::now_v7()), says });
            let read = read_all(&rows, |row| row.line, |row| read_certificate(row, today).map(new));
            record_imports::import(service.db(), &asked, read).await?
        }
    };
    Ok(Json(done))
}

/// Reads every row; what cannot be read is a fault at its line.
fn read_all<R, T>(
    rows: &[R],
    line: impl Fn(&R) -> u32,
    read: impl Fn(&R) -> Result<(String, T), Vec<Fault>>,
) -> Rows<T> {
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let mut all = Rows { count, lines: Vec::new(), faults: Vec::new() };
    for row in rows {
        match read(row) {
            Ok((account, says)) => all.lines.push(Line { line: line(row), account, says }),
            Err(mut faults) => all.faults.append(&mut faults),
        }
    }
    all
}
