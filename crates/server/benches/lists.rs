//! Lists of a hundred thousand cases: the first page of every kind of list, deep pages, what the filters offer, and five hundred
//! cases approved in one act, over HTTP, on SQLite and on PostgreSQL. The PostgreSQL of `cargo xtask bench` does not wait for
//! its disk; SQLite does.

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use domain::{case::State, sync::MOST_ACTS};
use serde_json::json;
use std::time::Instant;
use testkit::{Caller, Spread, TestServer, fill_sent};
use uuid::Uuid;
use wire::http::{Act, ActBody, CaseAct, CasePage, ManyActs, ManyDone};

/// Cases of the county, unless `PROTEACHER_BENCH_CASES` says how many.
const CASES: u32 = 100_000;
const ROUNDS: usize = 30;

/// Milliseconds to a page; to five hundred approvals.
const PAGE: f64 = 100.0;
const BULK: f64 = 2_000.0;

#[tokio::main]
async fn main() {
    let cases = std::env::var("PROTEACHER_BENCH_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    measure("SQLite", server, cases).await;
    let Ok(url) = std::env::var("PROTEACHER_TEST_POSTGRES_URL") else {
        println!("PostgreSQL is not here; nothing of it is measured");
        return;
    };
    let admin = sqlx::PgPool::connect(&url).await.expect("PostgreSQL answers");
    let name = format!("b_{}", Uuid::now_v7().simple());
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.expect("made");
    let own = url.replacen("/postgres?", &format!("/{name}?"), 1);
    let address = own.clone();
    let server = tokio::task::spawn_blocking(move || TestServer::start_on(&address)).await.expect("the service starts");
    measure("PostgreSQL", server, cases).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    sqlx::query(sqlx::AssertSqlSafe(drop)).execute(&admin).await.expect("removed");
}

async fn measure(database: &str, server: TestServer, cases: u32) {
    let states = [State::CountyCheck, State::Running, State::SchoolCheck, State::Draft, State::Closed];
    let spread = Spread { county: "臺中市", schools: 300, years: 5, states: &states };
    let start = Instant::now();
    fill_sent(server.database_url(), server.clock().now(), cases, spread).await;
    println!("{database}: {cases} cases made in {:.0} s", figures::since(start) / 1000.0);
    if database == "PostgreSQL" {
        // As its own keeper does by itself after a while.
        let pool = sqlx::PgPool::connect(server.database_url()).await.expect("PostgreSQL answers");
        sqlx::query("VACUUM ANALYZE").execute(&pool).await.expect("kept");
        pool.close().await;
    }
    for account in ["county-taichung", "ministry"] {
        let caller = Caller::signed_in(&server.url(), account).await;
        for (name, query) in questions(cases) {
            let mut times = Vec::with_capacity(ROUNDS);
            let mut rows = 0;
            for _ in 0..ROUNDS {
                let start = Instant::now();
                let page: CasePage = caller.get(&format!("/v1/cases?{query}")).await.read();
                times.push(figures::since(start));
                rows = page.rows.len();
            }
            let name = format!("{database}, {account}, {name} ({rows} rows)");
            figures::spread(&name, &times);
            figures::verdict(&format!("{name} p99"), figures::quantile(&times, 0.99), "ms", ..=PAGE);
        }
    }
    approve(database, &server).await;
}

fn questions(cases: u32) -> Vec<(&'static str, String)> {
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    vec![
        ("no filter", String::new()),
        ("a year", "plan_year=109".to_owned()),
        ("a year without cases", "plan_year=90".to_owned()),
        ("a state", "state=county_check".to_owned()),
        ("states nobody is in", "state=rejected&state=withdrawn".to_owned()),
        ("a level", format!("level={}", encoded("無"))),
        ("a level of nobody", format!("level={}", encoded("進階"))),
        ("a school", "school=500123".to_owned()),
        ("an amount", "asked_from=20000&asked_to=21000".to_owned()),
        ("an amount of nobody", "approved_from=999999".to_owned()),
        ("a keyword", format!("keyword={}", encoded("愛上"))),
        // The oldest cases are the first teachers': the whole list is read before one is found.
        ("a keyword that hits late", format!("keyword={}", encoded("測試1老師"))),
        ("a keyword that hits nothing", format!("keyword={}", encoded("沒有這個人"))),
        ("all of it, hitting nothing", format!("plan_year=110&state=county_check&keyword={}", encoded("沒有"))),
        // Numbers of changes: some for the accounts, then one for each case.
        ("a deep page", format!("after={}", cases / 20)),
        ("what the filters offer", "choices=true&limit=1".to_owned()),
        ("what they offer within a year and state", "choices=true&limit=1&plan_year=111&state=running".to_owned()),
    ]
}

/// Five hundred cases approved in one act, with everything that belongs to it.
async fn approve(database: &str, server: &TestServer) {
    let county = Caller::signed_in(&server.url(), "county-taichung").await;
    let mut acts = Vec::new();
    let mut after = String::new();
    while acts.len() < MOST_ACTS {
        let page: CasePage = county.get(&format!("/v1/cases?state=county_check&limit=200{after}")).await.read();
        acts.extend(page.rows.into_iter().map(|row| CaseAct {
            case: row.case.id,
            act: Act {
                id: Uuid::now_v7().into(),
                expect_seq: 3,
                remarks: Default::default(),
                body: ActBody::Approve { amount: Some(9_000) },
            },
        }));
        let Some(next) = page.next else { break };
        after = format!("&after={next}");
    }
    acts.truncate(MOST_ACTS);
    let before = written(server).await;
    let start = Instant::now();
    let done: ManyDone = county.post("/v1/acts", json!(ManyActs { acts: acts.clone() })).await.read();
    let time = figures::since(start);
    assert!(done.results.iter().all(|one| one.refused.is_none()), "every one of them is approved");
    let after = written(server).await;
    let made = [after[0] - before[0], after[1] - before[1], after[2] - before[2]];
    println!(
        "{database}: {} acts made {} lines of the log, {} events, {} messages",
        acts.len(),
        made[0],
        made[1],
        made[2]
    );
    assert_eq!(made, [acts.len() as i64; 3], "the whole trail is there");
    figures::verdict(&format!("{database}, {} cases approved in one act", acts.len()), time, "ms", ..=BULK);
}

/// Lines of the log, events, messages.
async fn written(server: &TestServer) -> [i64; 3] {
    let db = server::db::Db::open(server.database_url()).await.expect("the database opens");
    let mut tx = db.read().await.expect("it can be read");
    let mut counts = [0; 3];
    for (count, sql) in counts.iter_mut().zip([
        "SELECT COUNT(*) FROM audit",
        "SELECT COUNT(*) FROM events",
        "SELECT COUNT(*) FROM notices",
    ]) {
        *count = tx.one(sql, Vec::new()).await.expect("a count").int(0).expect("a number");
    }
    drop(tx);
    db.close().await;
    counts
}
