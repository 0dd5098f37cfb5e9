//! Reminders: who still has something to do before a window closes, and who was told.

use super::{
    Db, DbError, accounts, args, code, json, mail, millis,
    notices::{self, NewNotice},
};
use crate::mail::PostOffice;
use domain::{
    case::{Case, Process, State},
    ids::{AccountId, CaseId},
    notice::{About, NoticeKind},
    policy::{Window, WindowKind},
    summary,
    time::{PlanYear, Timestamp},
};
use std::collections::BTreeSet;

/// How many people are told in one transaction.
const AT_ONCE: usize = 100;

/// A reminder whose moment has come.
#[derive(Debug, Clone, Copy)]
pub struct Due<'a> {
    /// What has to be done.
    pub kind: WindowKind,
    /// Whose window it is.
    pub county: &'a str,
    /// For which plan year.
    pub plan_year: PlanYear,
    /// Until when.
    pub window: Window,
    /// Days before the end.
    pub days_before: u16,
}

impl Due<'_> {
    /// The window by its name and its end: one that is moved to another day is another window.
    fn key(&self) -> String {
        format!("{}:{}:{}:{}", code(&self.kind), self.county, self.plan_year, millis(self.window.to))
    }
}

/// Tells everybody who still has something to do, each once; done before, it does nothing. Whoever reads it in the program or
/// wants mails gets it like every other message.
pub async fn remind(db: &Db, office: &PostOffice, due: &Due<'_>, now: Timestamp) -> Result<(), DbError> {
    let key = due.key();
    let sql = "SELECT days_before FROM reminder_runs WHERE window_key = $1 AND days_before = $2";
    let mut tx = db.read().await?;
    if tx.maybe(sql, args![&key, i64::from(due.days_before)]).await?.is_some() {
        return Ok(());
    }
    let sql = "SELECT c.head FROM case_scopes s JOIN cases c ON c.id = s.case_id \
               WHERE s.scope = $1 AND s.plan_year = $2 ORDER BY s.opened_seq";
    let rows = tx.all(sql, args![format!("county:{}", due.county), i64::from(due.plan_year.0)]).await?;
    let cases: Vec<Case> = rows.iter().map(|row| json(&row.text(0)?, "case")).collect::<Result<_, _>>()?;
    let sent = cases.iter().filter(|case| case.process == Process::Summary && case.state == State::Sent);
    let summarized: BTreeSet<&str> = sent.map(|case| case.school.code.as_str()).collect();
    let mut waiting: Vec<(AccountId, CaseId, NoticeKind)> = Vec::new();
    for case in cases.iter().filter(|case| case.process == Process::Advanced) {
        let kind = match (due.kind, case.state) {
            (WindowKind::Certify, State::Preparing) => NoticeKind::CertifyClosing,
            (WindowKind::SecondReview, State::FirstFix) => NoticeKind::SecondReviewClosing,
            _ => continue,
        };
        waiting.push((case.owner.id, case.id, kind));
    }
    for case in cases.iter().filter(|case| case.process == Process::Plc) {
        match (due.kind, case.state) {
            (WindowKind::Apply, State::Draft) => waiting.push((case.owner.id, case.id, NoticeKind::WindowClosing)),
            (WindowKind::Apply, State::SchoolCheck) => {
                let school = accounts::of_school(&mut tx, &case.school.code).await?;
                waiting.extend(school.into_iter().map(|account| (account, case.id, NoticeKind::CheckClosing)));
            }
            (WindowKind::Summary, state)
                if summary::is_carried(state) && !summarized.contains(case.school.code.as_str()) =>
            {
                let school = accounts::of_school(&mut tx, &case.school.code).await?;
                waiting.extend(school.into_iter().map(|account| (account, case.id, NoticeKind::SummaryClosing)));
            }
            (WindowKind::Report, State::Running) => waiting.push((case.owner.id, case.id, NoticeKind::ReportClosing)),
            _ => {}
        }
    }
    drop(tx);
    let about = About { plan_year: due.plan_year, closes: Some(due.window.to) };
    for some in waiting.chunks(AT_ONCE) {
        let mut tx = db.write().await?;
        let change = tx.next_change().await?;
        for &(to, case, kind) in some {
            let sql = "INSERT INTO reminders (account_id, window_key, days_before, at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (account_id, window_key, days_before) DO NOTHING";
            let first = tx.run(sql, args![to, &key, i64::from(due.days_before), millis(now)]).await? == 1;
            if first && mail::wants_reminders(&mut tx, to).await? {
                let words = office.words(kind, &about);
                notices::put(&mut tx, &NewNotice { to, kind, case, words: &words }, office, now, change).await?;
            }
        }
        tx.commit().await?;
    }
    let mut tx = db.write().await?;
    let sql = "INSERT INTO reminder_runs (window_key, days_before, at) VALUES ($1, $2, $3) \
               ON CONFLICT (window_key, days_before) DO NOTHING";
    tx.run(sql, args![&key, i64::from(due.days_before), millis(now)]).await?;
    tx.commit().await
}
