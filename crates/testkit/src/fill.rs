//! Many cases at once, for lists that must stay fast: opened by the rules, past HTTP.

use crate::{TestServer, paper, person};
use domain::{
    case::{Case, Deed, Doer, Event, Process, SentPaper, State},
    people::{Actor, Person},
    time::PlanYear,
};
use server::{
    acts::{Plea, judge},
    db::{
        Db,
        accounts::{self, NewAccount},
        acts::{Asked, Ruling, Situation, carry_out},
    },
};
use uuid::Uuid;
use wire::http::{Act, ActBody};

/// Opens `cases` cases at teacher-a's school, each by a teacher of its own who cannot sign in.
///
/// # Panics
/// When the database refuses.
pub async fn fill(server: &TestServer, cases: u32) {
    open(server, cases, &[]).await;
}

/// [`fill`] with cases whose 申請表 and 概算表 were sent and wait for the school. What every case says is the same, and its files
/// are nowhere.
///
/// # Panics
/// When the database refuses.
pub async fn fill_sent(server: &TestServer, cases: u32) {
    let papers = ["plc_application", "plc_budget"].map(|form| paper(form, "typical", None));
    open(server, cases, &papers).await;
}

async fn open(server: &TestServer, cases: u32, papers: &[SentPaper]) {
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
        let act = Act { id: event, expect_seq: 0, remarks: Default::default(), body: ActBody::Open { process, plan_year } };
        let opens = Some((process, plan_year));
        let asked = Asked { case, event, hash: "", actor, now, opens, target: None, blobs: &[], carried: &[], office: &office };
        let judge = |situation: Situation| judge(&Plea { case, act, actor, now }, &situation);
        let (_, case) = carry_out(&db, &asked, judge).await.expect("everybody may open one case");
        if !papers.is_empty() {
            send(&db, actor, case, papers, now).await;
        }
    }
    db.close().await;
}

/// Writes the sending of papers as if it had been judged.
async fn send(db: &Db, actor: &Actor, mut case: Case, papers: &[SentPaper], now: domain::time::Timestamp) {
    let event = Event {
        id: Uuid::now_v7().into(),
        case: case.id,
        seq: case.seq + 1,
        at: now,
        by: Doer { person: actor.person.clone(), role: actor.role },
        to: State::SchoolCheck,
        deed: Deed::Submitted { papers: papers.to_vec() },
        remarks: Default::default(),
    };
    case.apply(&event);
    let asked = Asked {
        case: case.id,
        event: event.id,
        hash: "",
        actor,
        now,
        opens: None,
        target: None,
        blobs: &[],
        carried: &[],
        office: &server::mail::PostOffice::default(),
    };
    let ruling = Ruling { event, case, act: "submit", notices: Vec::new() };
    carry_out(db, &asked, |_| Ok(ruling)).await.expect("a case that was just opened is moved by nobody else");
}
