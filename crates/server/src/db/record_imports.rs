//! Lists of training and of certificates coming into people's records: what a list would do is found out by reading, and done in
//! one transaction. The same list again changes nothing.

use super::{
    Db, DbError, Query, Tx, args, audit, code, from_code, id,
    records::{COUNTS, WAITS, plan_year, touch, training},
};
use chrono::NaiveDate;
use domain::{
    certificate::CertificateKind,
    ids::{AccountId, CertificateId},
    people::{Actor, Role},
    record::{CertificateSource, Fault, FaultCode, ReadCertificate, Training, TrainingKind},
    time::{PlanYear, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};
use wire::record::RecordImported;

/// So many values a question names at once; both databases take more.
const PORTION: usize = 500;

/// Faults that are told; a file with more of them is mended from the top.
const MOST_FAULTS: usize = 500;

/// A row that could be read.
#[derive(Debug, Clone)]
pub struct Line<T> {
    /// In the file, from 1.
    pub line: u32,
    /// 帳號 as it was written.
    pub account: String,
    /// What it says.
    pub says: T,
}

/// How a list came.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Who brings it.
    pub actor: &'a Actor,
    /// When.
    pub now: Timestamp,
    /// Only say what would happen.
    pub dry: bool,
    /// Leave out rows with a fault; else all or none.
    pub skip_faulty: bool,
    /// Hash of everything that was sent.
    pub hash: &'a str,
}

/// The rows of a list.
#[derive(Debug)]
pub struct Rows<T> {
    /// How many there were.
    pub count: u32,
    /// Those that could be read.
    pub lines: Vec<Line<T>>,
    /// What is wrong with the others.
    pub faults: Vec<Fault>,
}

/// What people have already, by person and name.
pub type Known<Name, There> = BTreeMap<(AccountId, Name), There>;

/// What a list can hold.
pub trait Listed: Sized + Send + Sync {
    /// What makes a row one and the same for its person.
    type Name: Ord + Send + Sync;
    /// What is there already, in the words of the comparison.
    type There: Send + Sync;
    /// The name of the list in the log.
    const LIST: &'static str;
    /// The column that a doubled row is said at.
    const NAMED_BY: &'static str;
    /// Its name.
    fn name(&self) -> Self::Name;
    /// What people have already.
    fn there(
        tx: &mut Tx,
        people: &BTreeSet<AccountId>,
    ) -> impl Future<Output = Result<Known<Self::Name, Self::There>, DbError>> + Send;
    /// Whether it says nothing new.
    fn is_there(&self, there: &Self::There) -> bool;
    /// Puts it in, in place of what has its name.
    fn put(&self, tx: &mut Tx, account: AccountId) -> impl Future<Output = Result<(), DbError>> + Send;
}

/// What a list does to people's records.
struct Planned<T> {
    report: RecordImported,
    writes: Vec<(AccountId, T)>,
}

/// Imports a list, or says what importing it would do.
pub async fn import<T: Listed>(db: &Db, asked: &Asked<'_>, rows: Rows<T>) -> Result<RecordImported, DbError> {
    if asked.dry {
        return Ok(planned(&mut db.read().await?, rows).await?.report);
    }
    let mut tx = db.write().await?;
    let change = tx.next_change().await?;
    let Planned { mut report, writes } = planned(&mut tx, rows).await?;
    if report.faulty > 0 && !asked.skip_faulty {
        return Ok(report);
    }
    let people: BTreeSet<AccountId> = writes.iter().map(|(account, _)| *account).collect();
    for (account, says) in &writes {
        says.put(&mut tx, *account).await?;
    }
    for account in people {
        touch(&mut tx, account, change).await?;
    }
    let RecordImported { rows, new, changed, faulty, .. } = report;
    let detail = format!("rows={rows} new={new} changed={changed} left_out={faulty} body={}", asked.hash);
    audit::append(&mut tx, asked.now, &asked.actor.person.id.to_string(), "record_import", T::LIST, &detail).await?;
    tx.commit().await?;
    report.done = true;
    Ok(report)
}

async fn planned<T: Listed>(tx: &mut Tx, rows: Rows<T>) -> Result<Planned<T>, DbError> {
    let Rows { count, lines, mut faults } = rows;
    let accounts = accounts(tx, &lines).await?;
    let (mut known, mut first_lines) = (Vec::new(), BTreeMap::new());
    for Line { line, account, says } in lines {
        let fault = |column: &str, code, first| {
            let value = if column == "account" { account.clone() } else { String::new() };
            Fault { line, column: column.to_owned(), code, value, first }
        };
        let id = match accounts.get(&account) {
            None => {
                faults.push(fault("account", FaultCode::UnknownAccount, None));
                continue;
            }
            Some((_, role)) if role.part() != Role::Teacher => {
                faults.push(fault("account", FaultCode::NotATeacher, None));
                continue;
            }
            Some((id, _)) => *id,
        };
        let first = *first_lines.entry((id, says.name())).or_insert(line);
        if first == line {
            known.push((id, says));
        } else {
            faults.push(fault(T::NAMED_BY, FaultCode::Doubled, Some(first)));
        }
    }
    let people: BTreeSet<AccountId> = known.iter().map(|(account, _)| *account).collect();
    let there = T::there(tx, &people).await?;
    let mut report = RecordImported { rows: count, ..RecordImported::default() };
    let mut writes = Vec::new();
    for (account, says) in known {
        match there.get(&(account, says.name())) {
            Some(there) if says.is_there(there) => report.unchanged += 1,
            Some(_) => {
                report.changed += 1;
                writes.push((account, says));
            }
            None => {
                report.new += 1;
                writes.push((account, says));
            }
        }
    }
    let faulty: BTreeSet<u32> = faults.iter().map(|fault| fault.line).collect();
    report.faulty = u32::try_from(faulty.len()).unwrap_or(u32::MAX);
    faults.sort_by(|a, b| (a.line, &a.column).cmp(&(b.line, &b.column)));
    faults.truncate(MOST_FAULTS);
    report.faults = faults;
    Ok(Planned { report, writes })
}

/// The accounts that lines name, with their roles.
async fn accounts<T>(tx: &mut Tx, lines: &[Line<T>]) -> Result<BTreeMap<String, (AccountId, Role)>, DbError> {
    let names: BTreeSet<&str> = lines.iter().map(|line| line.account.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let mut found = BTreeMap::new();
    for names in names.chunks(PORTION) {
        let mut query = Query::new("SELECT a.account, a.id, a.role FROM accounts a WHERE 1 = 1");
        query.any_of("a.account", names.iter().copied());
        for row in tx.built(&query).await? {
            found.insert(row.text(0)?, (id(&row.text(1)?, "account id")?, from_code(row.text(2)?, "role")?));
        }
    }
    Ok(found)
}

/// Asks for rows of people, in portions.
async fn rows_of(tx: &mut Tx, sql: &'static str, people: &BTreeSet<AccountId>) -> Result<Vec<super::Row>, DbError> {
    let people: Vec<AccountId> = people.iter().copied().collect();
    let mut rows = Vec::new();
    for people in people.chunks(PORTION) {
        let mut query = Query::new(sql);
        query.any_of("account_id", people.iter().copied());
        rows.append(&mut tx.built(&query).await?);
    }
    Ok(rows)
}

impl Listed for Training {
    type Name = (NaiveDate, TrainingKind, String);
    type There = Self;
    const LIST: &'static str = "trainings";
    const NAMED_BY: &'static str = "course";

    fn name(&self) -> Self::Name {
        let (day, kind, name) = Self::name(self);
        (day, kind, name.to_owned())
    }

    async fn there(tx: &mut Tx, people: &BTreeSet<AccountId>) -> Result<Known<Self::Name, Self>, DbError> {
        let sql = "SELECT account_id, day, kind, course, code, halves, source FROM trainings WHERE 1 = 1";
        let mut there = BTreeMap::new();
        for row in rows_of(tx, sql, people).await? {
            let known = training(&row, 1)?;
            there.insert((id(&row.text(0)?, "account id")?, Listed::name(&known)), known);
        }
        Ok(there)
    }

    fn is_there(&self, there: &Self) -> bool {
        self == there
    }

    async fn put(&self, tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
        let (day, kind, name) = Self::name(self);
        let sql = "INSERT INTO trainings (account_id, day, kind, name, course, code, halves, source) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id, day, kind, name) DO UPDATE SET \
                   course = excluded.course, code = excluded.code, halves = excluded.halves, source = excluded.source";
        let (halves, day) = (self.hours.in_halves(), day.to_string());
        tx.run(sql, args![account, day, code(&kind), name, &self.course, &self.code, halves, &self.source]).await?;
        Ok(())
    }
}

/// A certificate of a row, with the id it gets where it is new.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    /// Its id.
    pub id: CertificateId,
    /// What the row says.
    pub says: ReadCertificate,
}

impl Listed for NewCertificate {
    type Name = (CertificateKind, Option<PlanYear>, String);
    type There = (Option<NaiveDate>, CertificateSource);
    const LIST: &'static str = "certificates";
    const NAMED_BY: &'static str = "number";

    fn name(&self) -> Self::Name {
        let (kind, plan_year, number) = self.says.name();
        (kind, plan_year, number.to_owned())
    }

    async fn there(tx: &mut Tx, people: &BTreeSet<AccountId>) -> Result<Known<Self::Name, Self::There>, DbError> {
        let sql = "SELECT account_id, kind, plan_year, number, issued_on, source FROM certificates WHERE 1 = 1";
        let mut there = BTreeMap::new();
        for row in rows_of(tx, sql, people).await? {
            let name = (from_code(row.text(1)?, "kind of certificate")?, plan_year(&row, 2)?, row.text(3)?);
            let issued_on = row.text_or_none(4)?.map(|day| id(&day, "day")).transpose()?;
            let source = from_code(row.text(5)?, "source of a certificate")?;
            there.insert((id(&row.text(0)?, "account id")?, name), (issued_on, source));
        }
        Ok(there)
    }

    /// One that was given here stays as it is, whatever a list says of it; and what the office entered does not begin to wait because
    /// the old system knows it too.
    fn is_there(&self, (issued_on, source): &Self::There) -> bool {
        match (source, self.says.source) {
            (CertificateSource::Issued, _) | (CertificateSource::Entered, CertificateSource::OldSystem) => true,
            (there, says) => (*issued_on, *there) == (self.says.issued_on, says),
        }
    }

    async fn put(&self, tx: &mut Tx, account: AccountId) -> Result<(), DbError> {
        let ReadCertificate { kind, plan_year, number, issued_on, source } = &self.says;
        // What comes from the old system is asked about first; so is what it says anew of one that was answered.
        let standing = if *source == CertificateSource::OldSystem { WAITS } else { COUNTS };
        let sql = "INSERT INTO certificates (id, account_id, kind, plan_year, number, issued_on, source, standing) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (account_id, kind, plan_year, number) DO UPDATE SET \
                   issued_on = excluded.issued_on, source = excluded.source, standing = excluded.standing";
        let year = plan_year.map_or(0, |year| i64::from(year.0));
        let issued_on = issued_on.map(|day| day.to_string());
        tx.run(sql, args![self.id, account, code(kind), year, number, issued_on, code(source), standing]).await?;
        Ok(())
    }
}
