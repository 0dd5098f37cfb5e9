//! Certificate numbers: counted within kind and plan year, without gaps and without doubles. Writers of acts take turns (see
//! [`super::Tx::next_change`]), so that the next number is nobody else's until the act is written.

use super::{DbError, Tx, args, code, records};
use domain::{
    case::{Case, Event},
    certificate::CertificateNumber,
    ids::CertificateId,
    record::CertificateSource,
};

/// The next number for a case, if its process ends with a certificate.
pub(crate) async fn next(tx: &mut Tx, case: &Case) -> Result<Option<String>, DbError> {
    let Some(kind) = case.process.certificate() else { return Ok(None) };
    let sql = "SELECT COALESCE(MAX(serial), 0) FROM certificate_numbers WHERE kind = $1 AND plan_year = $2";
    let last = tx.one(sql, args![code(&kind), i64::from(case.plan_year.0)]).await?.count(0)?;
    let number = CertificateNumber::new(&case.school.county, kind, case.plan_year, last + 1);
    let number = number.map_err(|_| DbError::Stored { what: "the last certificate number" })?;
    Ok(Some(number.to_string()))
}

/// Notes that the number belongs to the case, and puts the certificate into the record of the case's owner, whose computers hear
/// of it like of every change. It is named by the event that issued it. Where a list of the office was faster, its row becomes
/// this one.
pub(crate) async fn issued(tx: &mut Tx, case: &Case, event: &Event, number: &str, change: i64) -> Result<(), DbError> {
    let parsed: CertificateNumber = number.parse().map_err(|_| DbError::Stored { what: "certificate number" })?;
    let sql = "INSERT INTO certificate_numbers (kind, plan_year, serial, case_id, number) VALUES ($1, $2, $3, $4, $5)";
    let year = i64::from(parsed.plan_year.0);
    tx.run(sql, args![code(&parsed.kind), year, parsed.serial, case.id, number]).await?;
    let on = case.reviewing.issued.as_ref().map(|issued| issued.on.to_string());
    let sql = "INSERT INTO certificates (id, account_id, kind, plan_year, number, issued_on, source, standing) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT (account_id, kind, plan_year, number) \
               DO UPDATE SET issued_on = excluded.issued_on, source = excluded.source, standing = excluded.standing";
    let (id, owner, source) = (CertificateId(event.id.0), case.owner.id, code(&CertificateSource::Issued));
    tx.run(sql, args![id, owner, code(&parsed.kind), year, number, on, source, records::COUNTS]).await?;
    records::touch(tx, owner, change).await?;
    Ok(())
}
