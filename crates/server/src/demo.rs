//! The people of `serve --demo`: two schools, two counties, the national offices. Their password is known to everybody, so
//! such a service listens on its own machine only. One teacher may apply for 進階認證, one may not, and one has not said yet whether
//! what the old system knows is right.

use crate::{
    Service, db,
    db::{
        accounts::NewAccount,
        record_imports::{self, Asked, Line, NewCertificate, Rows},
    },
};
use chrono::{Days, NaiveDate};
use domain::{
    certificate::CertificateKind,
    certification::Reviewer,
    people::{Actor, Person, Role, School},
    record::{CertificateSource, Hours, Profile, ReadCertificate, Training, TrainingKind},
    time::{PlanYear, YearMonth},
};
use uuid::Uuid;
use wire::Failure;

/// Everybody's password.
pub const PASSWORD: &str = "demo";

/// The beginning of the demo people's ids, which are the same in every demo.
const FIRST_ID: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0000;

/// Account, shown name, role, place among the schools or counties.
const PEOPLE: &[(&str, &str, Role, At)] = &[
    ("teacher-a", "市北測試87老師", Role::Teacher, At::School(0)),
    ("teacher-b", "市北測試18老師", Role::Teacher, At::School(0)),
    ("teacher-c", "市北測試19老師", Role::Teacher, At::School(1)),
    ("principal-a", "市北測試1校長", Role::Principal, At::School(0)),
    ("school193625", "市立協和國小", Role::School, At::School(0)),
    ("school-matsu", "縣立介壽國(中)小", Role::School, At::School(1)),
    ("county-taichung", "臺中市教專中心", Role::County, At::County("臺中市")),
    ("county-lienchiang", "連江縣教專中心", Role::County, At::County("連江縣")),
    ("reviewer-a", "審查委員甲", Role::Reviewer, At::Nation),
    ("reviewer-b", "審查委員乙", Role::Reviewer, At::Nation),
    ("reviewer-c", "審查委員丙", Role::Reviewer, At::Nation),
    ("ministry", "教育部3", Role::Ministry, At::Nation),
    ("platform", "平臺工作小組", Role::Platform, At::Nation),
];

/// Code, name, county.
const SCHOOLS: &[(&str, &str, &str)] =
    &[("193625", "市立協和國小", "臺中市"), ("724601", "縣立介壽國(中)小", "連江縣")];

/// What the pool knows of the reviewers: account, county, school (code, name), 領域. The last works for the nation.
type Pooled = (&'static str, Option<&'static str>, Option<(&'static str, &'static str)>, &'static [&'static str]);

const REVIEWERS: &[Pooled] = &[
    ("reviewer-a", Some("臺中市"), Some(("193626", "市立大明國小")), &["數學", "自然科學"]),
    ("reviewer-b", Some("連江縣"), None, &["語文", "社會"]),
    ("reviewer-c", None, None, &["數學", "科技"]),
];

#[derive(Debug, Clone, Copy)]
enum At {
    School(usize),
    County(&'static str),
    Nation,
}

/// The demo people, each with the name of the account.
pub fn people() -> Vec<(&'static str, Actor)> {
    let with_id = |(number, (account, name, role, at)): (usize, &(&'static str, &str, Role, At))| {
        let school = match at {
            At::School(place) => Some(SCHOOLS[*place]),
            At::County(_) | At::Nation => None,
        };
        let school =
            school.map(|(code, name, county)| School { code: code.into(), name: name.into(), county: county.into() });
        let county = match at {
            At::County(county) => Some((*county).to_owned()),
            At::School(_) | At::Nation => school.as_ref().map(|school| school.county.clone()),
        };
        let person = Person { id: Uuid::from_u128(FIRST_ID + 1 + number as u128).into(), name: (*name).to_owned() };
        let email = Some(format!("{account}@example.edu.tw"));
        (*account, Actor { person, role: *role, school, county, email, phone: None })
    };
    PEOPLE.iter().enumerate().map(with_id).collect()
}

/// The demo's reviewers as the pool knows them.
fn reviewers() -> Vec<Reviewer> {
    let people = people();
    let person =
        |name: &str| people.iter().find(|(account, _)| *account == name).map(|(_, actor)| actor.person.clone());
    let reviewer = |(account, county, school, fields): &Pooled| {
        let county = county.map(str::to_owned);
        let school = school.zip(county.clone()).map(|((code, name), county)| School {
            code: code.to_owned(),
            name: name.to_owned(),
            county,
        });
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        Some(Reviewer { fields, ..Reviewer::unknown(person(account)?, county, school) })
    };
    REVIEWERS.iter().filter_map(reviewer).collect()
}

/// Makes the demo people who are not there yet, with their records.
///
/// # Errors
/// The database's.
pub async fn make_people(service: &Service) -> Result<(), Failure> {
    // One hash for all: it protects nothing, and the demo starts faster.
    let password_hash = service.hashing().hash(PASSWORD).await?;
    let new: Vec<NewAccount> = people()
        .into_iter()
        .map(|(account, actor)| NewAccount { account: account.to_owned(), actor, password_hash: password_hash.clone() })
        .collect();
    let made = db::accounts::add(service.db(), &new, service.now()).await.map_err(db::DbError::failure)?;
    db::reviewers::add(service.db(), &reviewers()).await.map_err(db::DbError::failure)?;
    // What people have changed since stays as it is.
    if made > 0 {
        make_records(service).await.map_err(db::DbError::failure)?;
    }
    Ok(())
}

async fn make_records(service: &Service) -> Result<(), db::DbError> {
    let people = people();
    let who = |account: &str| people.iter().find(|(name, _)| *name == account).map(|(_, actor)| actor);
    for (account, profile) in profiles(service.plan_year()) {
        if let Some(actor) = who(account) {
            db::records::put_profile(service.db(), actor, &profile, service.now()).await?;
        }
    }
    let Some(office) = who("platform") else { return Ok(()) };
    let asked = Asked { actor: office, now: service.now(), dry: false, skip_faulty: false, hash: "demo" };
    record_imports::import(service.db(), &asked, rows(trainings(service.plan_year()))).await?;
    record_imports::import(service.db(), &asked, rows(certificates())).await?;
    Ok(())
}

fn rows<T>(of: Vec<(&str, T)>) -> Rows<T> {
    let count = u32::try_from(of.len()).unwrap_or(u32::MAX);
    let line = |(line, (account, says)): (u32, (&str, T))| Line { line, account: account.to_owned(), says };
    Rows { count, lines: (2..).zip(of).map(line).collect(), faults: Vec::new() }
}

fn profiles(year: PlanYear) -> [(&'static str, Profile); 3] {
    let since = |years: u16| YearMonth::new(year.0 + 1911 - years, 8);
    let profile =
        |years: u16| Profile { serving: Some(true), tenured_since: since(years), teaching_years: years.into() };
    [("teacher-a", profile(10)), ("teacher-b", profile(2)), ("teacher-c", profile(16))]
}

/// The two stages of the course, in the year before that of the application.
fn trainings(year: PlanYear) -> Vec<(&'static str, Training)> {
    let first = PlanYear(year.0.saturating_sub(1)).first_day();
    let training = |after: u64, course: &str, code: &str, hours| Training {
        course: course.to_owned(),
        code: code.to_owned(),
        kind: TrainingKind::Advanced,
        hours: Hours::whole(hours),
        day: first + Days::new(after),
        source: "全國教師在職進修資訊網".to_owned(),
    };
    vec![
        ("teacher-a", training(20, "進階專業回饋人才培訓（第一階段）", "3301001", 6)),
        ("teacher-a", training(21, "進階專業回饋人才培訓（第一階段）", "3301001", 6)),
        ("teacher-a", training(100, "2-4 專業回饋實務探討", "3301245", 6)),
        ("teacher-b", training(20, "進階專業回饋人才培訓（第一階段）", "3301001", 6)),
    ]
}

/// One that counts, and those of the slides, which wait for their teacher's answer.
fn certificates() -> Vec<(&'static str, NewCertificate)> {
    let certificate = |place: u128, kind, year, number: &str, issued_on, source| NewCertificate {
        id: Uuid::from_u128(FIRST_ID + 0x100 + place).into(),
        says: ReadCertificate { kind, plan_year: Some(PlanYear(year)), number: number.to_owned(), issued_on, source },
    };
    let (entry, advanced) = (CertificateKind::Entry, CertificateKind::Advanced);
    let (old, entered) = (CertificateSource::OldSystem, CertificateSource::Entered);
    vec![
        (
            "teacher-a",
            certificate(1, entry, 108, "臺中證號第A108000123號", NaiveDate::from_ymd_opt(2020, 2, 6), entered),
        ),
        ("teacher-c", certificate(2, entry, 95, "A104000811", NaiveDate::from_ymd_opt(2006, 10, 23), old)),
        ("teacher-c", certificate(3, advanced, 96, "96", None, old)),
    ]
}
