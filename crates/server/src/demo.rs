//! The people of `serve --demo`: two schools, two counties, the national offices. Their password is known to everybody, so
//! such a service listens on its own machine only.

use crate::{Service, db, db::accounts::NewAccount};
use domain::{
    certification::Reviewer,
    people::{Actor, Person, Role, School},
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

/// Makes the demo people who are not there yet.
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
    db::accounts::add(service.db(), &new, service.now()).await.map_err(db::DbError::failure)?;
    db::reviewers::add(service.db(), &reviewers()).await.map_err(db::DbError::failure)?;
    Ok(())
}
