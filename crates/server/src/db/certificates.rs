//! Certificate numbers: counted within kind and plan year, without gaps and without doubles. Writers of acts take turns (see
//! [`super::Tx::next_change`]), so that the next number is nobody else's until the act is written.

use super::{DbError, Tx, args, code};
use domain::{case::Case, certificate::CertificateNumber};

/// The next number for a case, if its process ends with a certificate.
pub(crate) async fn next(tx: &mut Tx, case: &Case) -> Result<Option<String>, DbError> {
    let Some(kind) = case.process.certificate() else { return Ok(None) };
    let sql = "SELECT COALESCE(MAX(serial), 0) FROM certificate_numbers WHERE kind = $1 AND plan_year = $2";
    let last = tx.one(sql, args![code(&kind), i64::from(case.plan_year.0)]).await?.count(0)?;
    let number = CertificateNumber::new(&case.school.county, kind, case.plan_year, last + 1);
    let number = number.map_err(|_| DbError::Stored { what: "the last certificate number" })?;
    Ok(Some(number.to_string()))
}

/// Notes that the number belongs to the case.
pub(crate) async fn issued(tx: &mut Tx, case: &Case, number: &str) -> Result<(), DbError> {
    let parsed: CertificateNumber = number.parse().map_err(|_| DbError::Stored { what: "certificate number" })?;
    let sql = "INSERT INTO certificate_numbers (kind, plan_year, serial, case_id, number) VALUES ($1, $2, $3, $4, $5)";
    let year = i64::from(parsed.plan_year.0);
    tx.run(sql, args![code(&parsed.kind), year, parsed.serial, case.id, number]).await?;
    Ok(())
}
