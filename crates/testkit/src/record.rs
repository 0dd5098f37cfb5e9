//! Records of people who may apply for a certification.

use crate::{TestServer, person};
use chrono::Days;
use domain::{
    certificate::CertificateKind,
    people::Actor,
    record::{CertificateSource, Hours, Profile, ReadCertificate, Training, TrainingKind},
    time::{PlanYear, YearMonth, taipei_day},
};
use server::db::{
    Db,
    record_imports::{Asked, Line, NewCertificate, Rows, import},
    records::put_profile,
};
use uuid::Uuid;

/// Gives a teacher everything that 進階認證 asks for: years of service, a 初階 certificate, and 18 hours in the last three days, which
/// count for the plan years about today.
///
/// # Panics
/// When the database refuses.
pub async fn qualify(server: &TestServer, account: &str, actor: &Actor) {
    let db = Db::open(server.database_url()).await.expect("the service's database opens");
    let now = server.clock().now();
    let profile = Profile { serving: Some(true), tenured_since: YearMonth::new(2012, 8), teaching_years: 9 };
    put_profile(&db, actor, &profile, now).await.expect("a profile that can be");
    let office = person("platform");
    let asked = Asked { actor: &office, now, dry: false, skip_faulty: false, hash: "test" };
    let training = |day: u64| Training {
        course: format!("進階專業回饋人才培訓{day}"),
        code: format!("{day}"),
        kind: TrainingKind::Advanced,
        hours: Hours::whole(6),
        day: taipei_day(now) - Days::new(day),
        source: "全國教師在職進修資訊網".to_owned(),
    };
    import(&db, &asked, rows(account, [1, 2, 3].map(training))).await.expect("rows that can be taken");
    let says = ReadCertificate {
        kind: CertificateKind::Entry,
        plan_year: Some(PlanYear(109)),
        number: format!("臺中證號第A109{:06}號", actor.person.id.0.as_u128() % 1_000_000),
        issued_on: None,
        source: CertificateSource::Entered,
    };
    let certificate = NewCertificate { id: Uuid::now_v7().into(), says };
    import(&db, &asked, rows(account, [certificate])).await.expect("a row that can be taken");
    db.close().await;
}

fn rows<T, const N: usize>(account: &str, of: [T; N]) -> Rows<T> {
    let line = |(line, says): (u32, T)| Line { line, account: account.to_owned(), says };
    let lines: Vec<_> = (2..).zip(of).map(line).collect();
    Rows { count: lines.len().try_into().expect("few rows"), lines, faults: Vec::new() }
}
