//! What a certification asks of the service, over HTTP, on SQLite: sending one that is compared with fifty thousand earlier ones, and
//! two thousand certificate numbers.

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use domain::{
    case::{Process, SentPaper},
    form::content_hash,
    ids::CaseId,
    time::PlanYear,
};
use serde_json::json;
use server::db::{Arg, Db};
use std::{collections::BTreeSet, time::Instant};
use testkit::{Caller, TestServer, fill_ready, paper, person, qualify};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone, CaseAct, ManyActs, ManyDone};

/// Earlier cases. The statements below make as many.
const EARLIER: i64 = 50_000;
const ROUNDS: u32 = 20;

/// Milliseconds.
const LIMIT: f64 = 1_000.0;

/// The papers of an application.
fn papers(owner: &Caller) -> Vec<SentPaper> {
    let own = ["open_class_proof", "plc_participation_proof", "adv_checklist"];
    let forms = own.into_iter().chain(["pre_conference_a", "obs_std105", "post_conference_a"]);
    let sent = |form: &str| {
        let mut paper = paper(form, "typical", None);
        let field = if own.contains(&form) { "teacher_name" } else { "observer" };
        paper.answers.0.insert(field.to_owned(), owner.session().actor.person.name.clone().into());
        paper.hash = content_hash(&paper.form, &paper.answers);
        paper
    };
    forms.map(sent).collect()
}

async fn sent(owner: &Caller, year: u16) -> CaseId {
    let case = Uuid::now_v7().into();
    let body = ActBody::Open { process: Process::Advanced, plan_year: PlanYear(year) };
    owner.act(case, 0, body).await.read::<ActDone>();
    let mut papers = papers(owner);
    owner.stamp(&mut papers).await;
    owner.act(case, 1, ActBody::Submit { papers }).await.read::<ActDone>();
    case
}

/// Earlier cases like this one, with other words: each sketch is turned by another number of places.
async fn fill(db: &Db, like: CaseId) {
    let mut tx = db.write().await.expect("the database writes");
    let cases = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
                 INSERT INTO cases (id, process, plan_year, owner_id, head_seq, convenes, head, papers) \
                 SELECT '0190ffff-0000-7000-8000-' || printf('%012d', n.i), c.process, c.plan_year, c.owner_id, c.head_seq, 0, \
                 c.head, '[]' FROM n, cases c WHERE c.id = $1";
    let sketches = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
                    INSERT INTO sketches (case_id, owner_id, change_seq, shingles, numbers) \
                    SELECT '0190ffff-0000-7000-8000-' || printf('%012d', n.i), s.owner_id, 0, s.shingles, \
                    substr(s.numbers, 5 + 4 * (n.i % 127)) || substr(s.numbers, 1, 4 + 4 * (n.i % 127)) \
                    FROM n, sketches s WHERE s.case_id = $1";
    for sql in [cases, sketches] {
        let made = tx.run(sql, vec![Arg::from(like.to_string()), Arg::from(EARLIER)]).await.expect("made");
        assert_eq!(i64::try_from(made), Ok(EARLIER));
    }
    tx.commit().await.expect("kept");
}

/// Sending, with the comparison.
async fn likeness(server: &TestServer) {
    qualify(server, "teacher-c", &person("teacher-c")).await;
    let (earlier, owner) =
        (Caller::signed_in(&server.url(), "teacher-c").await, Caller::signed_in(&server.url(), "teacher-a").await);
    let county = Caller::signed_in(&server.url(), "county-taichung").await;
    let like = sent(&earlier, 110).await;
    let case = sent(&owner, 111).await;
    for (name, limit) in [("beside one earlier case", None), ("beside fifty thousand", Some(LIMIT))] {
        if limit.is_some() {
            let db = Db::open(server.database_url()).await.expect("the database opens");
            fill(&db, like).await;
            db.close().await;
        }
        let mut times = Vec::new();
        for _ in 0..ROUNDS {
            let seq = county.case(case).await.case.seq;
            let sheet = Some(paper("adv_form_review", "fullest", None));
            county.act(case, seq, ActBody::Return { reason: "請補正".to_owned(), sheet }).await.read::<ActDone>();
            let mut papers = papers(&owner);
            owner.stamp(&mut papers).await;
            let body = ActBody::Submit { papers };
            let start = Instant::now();
            owner.act(case, seq + 1, body).await.read::<ActDone>();
            times.push(figures::since(start));
            let found = county.case(case).await.case.reviewing.likeness.expect("it is like the first");
            assert_eq!((found.percent, found.other), (100, like));
        }
        figures::spread(&format!("sending {name}"), &times);
        if let Some(limit) = limit {
            figures::verdict("sending median", figures::quantile(&times, 0.5), "ms", ..=limit);
            figures::verdict("sending p99", figures::quantile(&times, 0.99), "ms", ..=limit);
        }
    }
}

/// Certificates issued together, and the acts that one request takes.
const NUMBERS: u32 = 2_000;
const TOGETHER: usize = 500;
/// Milliseconds.
const ISSUED: f64 = 2_000.0;

/// 核定證書字號 for all who wait, in as many requests as that takes, each durable before it is answered.
async fn numbers(server: &TestServer) {
    let cases = fill_ready(server.database_url(), server.clock().now(), NUMBERS).await;
    let ministry = Caller::signed_in(&server.url(), "ministry").await;
    let act = |case: &CaseId| CaseAct {
        case: *case,
        act: Act {
            id: Uuid::now_v7().into(),
            expect_seq: 1,
            remarks: Default::default(),
            body: ActBody::Issue { on: "2022-10-01".parse().expect("a day") },
        },
    };
    let batches: Vec<ManyActs> =
        cases.chunks(TOGETHER).map(|some| ManyActs { acts: some.iter().map(act).collect() }).collect();
    let start = Instant::now();
    let mut given = BTreeSet::new();
    for batch in &batches {
        let done: ManyDone = ministry.post("/v1/acts", json!(batch)).await.read();
        given.extend(done.results.into_iter().filter_map(|one| one.case?.case.reviewing.issued?.number));
    }
    let took = figures::since(start);
    assert_eq!(given.len(), NUMBERS as usize, "every number once");
    figures::verdict("two thousand numbers issued", took, "ms", ..=ISSUED);
}

#[tokio::main]
async fn main() {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    numbers(&server).await;
    likeness(&server).await;
}
