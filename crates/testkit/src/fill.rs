//! Many cases at once, for lists that must stay fast: opened by the rules, or put where a test needs them, past HTTP.

use crate::{TestServer, paper, person};
use domain::{
    case::{Case, Deed, Doer, Event, Process, SentPaper, State},
    form::content_hash,
    ids::CaseId,
    people::{Actor, Person, Role, School},
    time::{PlanYear, Timestamp},
};
use serde_json::json;
use server::{
    acts::{Plea, judge},
    db::{
        Db,
        accounts::{self, NewAccount},
        acts::{Asked, Ruling, Situation, carry_out, carry_out_all},
    },
};
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::http::{Act, ActBody};

/// Opens `cases` cases at teacher-a's school, each by a teacher of its own who cannot sign in.
///
/// # Panics
/// When the database refuses.
pub async fn fill(server: &TestServer, cases: u32) {
    let db = Db::open(server.database_url()).await.expect("the service's database opens");
    let (model, now) = (person("teacher-a"), server.clock().now());
    let teacher = |number| {
        let person = Person { id: Uuid::now_v7().into(), name: format!("市北測試{number}老師") };
        Actor { person, ..model.clone() }
    };
    let teachers: Vec<Actor> = (1000..1000 + cases).map(teacher).collect();
    let account = |actor: &Actor| NewAccount {
        account: format!("filled-{}", actor.person.id),
        actor: actor.clone(),
        password_hash: String::new(),
    };
    let new: Vec<NewAccount> = teachers.iter().map(account).collect();
    accounts::add(&db, &new, now).await.expect("the accounts are new");
    let office = server::mail::PostOffice::default();
    for actor in &teachers {
        let (process, plan_year) = (Process::Plc, PlanYear(111));
        let (case, event) = (Uuid::now_v7().into(), Uuid::now_v7().into());
        let act =
            Act { id: event, expect_seq: 0, remarks: Default::default(), body: ActBody::Open { process, plan_year } };
        let opens = Some((process, plan_year));
        let asked = Asked {
            case,
            event,
            hash: "",
            actor,
            now,
            opens,
            target: None,
            blobs: &[],
            carried: Vec::new(),
            reviewers: Vec::new(),
            issues: false,
            compared: None,
            office: &office,
        };
        let judge = |situation: Situation| judge(&Plea { case, act, actor, now }, &situation);
        carry_out(&db, &asked, judge).await.expect("everybody may open one case");
    }
    db.close().await;
}

/// How [`fill_sent`] spreads its cases.
#[derive(Debug, Clone, Copy)]
pub struct Spread<'a> {
    /// The county of all schools.
    pub county: &'a str,
    /// How many schools, with codes of their own.
    pub schools: u32,
    /// How many plan years, the newest being 111.
    pub years: u16,
    /// The states, one after the other.
    pub states: &'a [State],
}

/// No mails go out.
static SILENT: std::sync::LazyLock<server::mail::PostOffice> = std::sync::LazyLock::new(Default::default);

/// Cases together in one transaction.
const TOGETHER: usize = 500;

/// Puts so many sent applications into a service's database, oldest first, without the acts that lead there: the papers have
/// levels and budgets of many kinds and no files. Nobody of them can sign in.
///
/// # Panics
/// When the database refuses.
pub async fn fill_sent(database_url: &str, now: Timestamp, cases: u32, spread: Spread<'_>) -> Vec<CaseId> {
    let db = Db::open(database_url).await.expect("the service's database opens");
    let db = &db;
    let years = u32::from(spread.years.max(1));
    let teachers: Vec<Actor> = (0..cases.div_ceil(years)).map(|number| teacher(number, spread)).collect();
    let account = |actor: &Actor| NewAccount {
        account: format!("sent-{}", actor.person.id),
        actor: actor.clone(),
        password_hash: String::new(),
    };
    let new: Vec<NewAccount> = teachers.iter().map(account).collect();
    accounts::add(db, &new, now).await.expect("the accounts are new");
    let kinds: Vec<Vec<SentPaper>> = (0..40).map(papers).collect();
    let mut all = Vec::with_capacity(cases as usize);
    for number in 0..cases {
        let actor = &teachers[(number / years) as usize];
        let school = actor.school.clone().expect("a teacher has a school");
        let plan_year = PlanYear(112 - spread.years + u16::try_from(number % years).expect("few years"));
        let state = spread.states[number as usize % spread.states.len()];
        let approved = matches!(state, State::Running | State::Closed).then_some(10_000);
        all.push(Case {
            id: Uuid::now_v7().into(),
            process: Process::Plc,
            plan_year,
            school,
            owner: actor.person.clone(),
            state,
            seq: 3,
            reason: None,
            created_at: now,
            updated_at: now,
            papers: kinds[number as usize % kinds.len()].clone(),
            approved_amount: approved,
            carried: Vec::new(),
            returns: 0,
            remarks: Vec::new(),
            steps: Vec::new(),
            reviewing: Default::default(),
        });
    }
    let owners: BTreeMap<_, _> = teachers.iter().map(|actor| (actor.person.id, actor)).collect();
    for some in all.chunks(TOGETHER) {
        let acts = some.iter().map(|case| put(case, owners[&case.owner.id], now));
        for done in carry_out_all(db, acts.collect::<Vec<_>>()).await.expect("the database takes them") {
            done.expect("nothing is judged here");
        }
    }
    db.close().await;
    all.into_iter().map(|case| case.id).collect()
}

/// Puts so many certifications into a service's database whose results are published and whose numbers are not given yet, each of a
/// teacher of its own.
///
/// # Panics
/// When the database refuses.
pub async fn fill_ready(database_url: &str, now: Timestamp, cases: u32) -> Vec<CaseId> {
    let db = Db::open(database_url).await.expect("the service's database opens");
    let spread = Spread { county: "臺中市", schools: 200, years: 1, states: &[State::CertReady] };
    let owners: Vec<Actor> = (0..cases).map(|number| teacher(number, spread)).collect();
    let account = |actor: &Actor| NewAccount {
        account: format!("ready-{}", actor.person.id),
        actor: actor.clone(),
        password_hash: String::new(),
    };
    let new: Vec<NewAccount> = owners.iter().map(account).collect();
    accounts::add(&db, &new, now).await.expect("the accounts are new");
    let ready = |actor: &Actor| Case {
        id: Uuid::now_v7().into(),
        process: Process::Advanced,
        plan_year: PlanYear(111),
        school: actor.school.clone().expect("a teacher has a school"),
        owner: actor.person.clone(),
        state: State::CertReady,
        seq: 1,
        reason: None,
        created_at: now,
        updated_at: now,
        papers: Vec::new(),
        approved_amount: None,
        carried: Vec::new(),
        returns: 0,
        remarks: Vec::new(),
        steps: Vec::new(),
        reviewing: Default::default(),
    };
    let all: Vec<(Case, &Actor)> = owners.iter().map(|actor| (ready(actor), actor)).collect();
    for some in all.chunks(TOGETHER) {
        let acts = some.iter().map(|(case, actor)| put(case, actor, now));
        for done in carry_out_all(&db, acts.collect::<Vec<_>>()).await.expect("the database takes them") {
            done.expect("nothing is judged here");
        }
    }
    db.close().await;
    all.into_iter().map(|(case, _)| case.id).collect()
}

fn teacher(number: u32, spread: Spread<'_>) -> Actor {
    let school = number % spread.schools.max(1);
    let code = format!("{:06}", 500_000 + school);
    let name = format!("{}第{school}國小", spread.county);
    Actor {
        person: Person { id: Uuid::now_v7().into(), name: format!("市北測試{number}老師") },
        role: Role::Teacher,
        school: Some(School { code, name, county: spread.county.to_owned() }),
        county: Some(spread.county.to_owned()),
        email: None,
        phone: None,
    }
}

/// Papers of a kind: another level and another budget than the kind before.
fn papers(kind: u32) -> Vec<SentPaper> {
    let levels = ["學習社群", "專業精進社群", "無", "任務型社群"];
    let mut papers = vec![paper("plc_application", "typical", None), paper("plc_budget", "typical", None)];
    papers[0].answers.0.insert("plc_level".to_owned(), json!(levels[kind as usize % levels.len()]));
    papers[0].answers.0.insert("plc_name".to_owned(), json!(format!("我愛上學{kind}")));
    papers[1].answers.0.insert("materials".to_owned(), json!({ "quantity": kind + 1, "unit_price": 100 }));
    for paper in &mut papers {
        paper.hash = content_hash(&paper.form, &paper.answers);
    }
    papers
}

/// An opening that leaves the case where it shall stand.
fn put<'a>(
    case: &Case,
    actor: &'a Actor,
    now: Timestamp,
) -> (Asked<'a>, impl FnOnce(Situation) -> Result<Ruling, wire::Failure> + Send + use<>) {
    let (process, plan_year, school) = (case.process, case.plan_year, case.school.clone());
    let event = Event {
        id: Uuid::now_v7().into(),
        case: case.id,
        seq: 1,
        at: now,
        by: Doer { person: actor.person.clone(), role: actor.role },
        to: State::Draft,
        deed: Deed::Opened { process, plan_year, school },
        remarks: Default::default(),
    };
    let asked = Asked {
        case: case.id,
        event: event.id,
        hash: "",
        actor,
        now,
        opens: None,
        target: None,
        blobs: &[],
        carried: Vec::new(),
        reviewers: Vec::new(),
        issues: false,
        compared: None,
        office: &SILENT,
    };
    let case = case.clone();
    (asked, move |_| Ok(Ruling { event, case, act: "open", notices: Vec::new() }))
}
