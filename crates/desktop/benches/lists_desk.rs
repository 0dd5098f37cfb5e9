//! A county's desk with ten thousand cases: the first pull into a fresh store, lists narrowed in every way, and five hundred
//! cases looked at, decided and sent.

#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{case::State, list::AmountSpan, time::PlanYear, workflow::Action};
use std::time::Instant;
use testkit::{Spread, TestServer, fill_sent};
use wire::{
    choose::{CaseNarrowing, CaseOrder, CasesAct, CasesPreviewRequest, ChosenCase},
    rpc::SignInRequest,
    views::CaseQuery,
};

/// Cases of the county, unless `PROTEACHER_BENCH_CASES` says how many.
const CASES: u32 = 10_000;
const ROUNDS: usize = 50;
const CHOSEN: usize = 500;

/// Rows a second of the first pull; milliseconds to a list; to what five hundred approvals would do; to their being kept.
const PULL: f64 = 20_000.0;
const LIST: f64 = 100.0;
const PREVIEW: f64 = 500.0;
const BULK: f64 = 2_000.0;

#[tokio::main]
async fn main() {
    let cases = std::env::var("PROTEACHER_BENCH_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES);
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let states = [State::CountyCheck, State::Running, State::SchoolCheck, State::Closed];
    let spread = Spread { county: "臺中市", schools: 300, years: 3, states: &states };
    fill_sent(server.database_url(), server.clock().now(), cases, spread).await;

    let config = Config {
        data: folder.path().to_owned(),
        server: server.url(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: "county-taichung".to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    let start = Instant::now();
    let received = desktop.run_sync().await.expect("the service is there").received;
    let seconds = figures::since(start) / 1000.0;
    println!("the first pull: {received} cases with their papers in {seconds:.2} s");
    figures::verdict("rows a second of the first pull", f64::from(received) / seconds, "rows/s", PULL..);

    let narrowed = |narrowing| CaseQuery { narrowing, ..CaseQuery::default() };
    let any = CaseNarrowing::default;
    let questions = [
        ("no filter", CaseQuery::default()),
        ("a year", CaseQuery { plan_year: Some(PlanYear(110)), ..CaseQuery::default() }),
        ("a state", narrowed(CaseNarrowing { states: vec![State::CountyCheck], ..any() })),
        ("a level and a school", {
            let (levels, schools) = (vec!["無".to_owned()], vec!["500123".to_owned()]);
            narrowed(CaseNarrowing { levels, schools, ..any() })
        }),
        ("an amount", narrowed(CaseNarrowing { asked: AmountSpan { from: Some(20_000), to: Some(21_000) }, ..any() })),
        ("most applied for first", CaseQuery { order: CaseOrder::Asked, ..CaseQuery::default() }),
        ("a keyword that hits late", CaseQuery { keyword: Some("測試1老師".to_owned()), ..CaseQuery::default() }),
        ("a keyword that hits nothing", CaseQuery { keyword: Some("沒有".to_owned()), ..CaseQuery::default() }),
        ("a deep page", CaseQuery { offset: cases.saturating_sub(300), ..CaseQuery::default() }),
    ];
    for (name, query) in questions {
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let list = desktop.list_cases(&query).await.expect("a list");
            // As it goes to the screen: a list is there when it is text.
            serde_json::to_string(&list).expect("views are JSON");
            times.push(figures::since(start));
        }
        figures::spread(&format!("{name}, {cases} cases"), &times);
        figures::verdict(&format!("{name}, {cases} cases p99"), figures::quantile(&times, 0.99), "ms", ..=LIST);
    }

    let waiting = narrowed(CaseNarrowing { states: vec![State::CountyCheck], ..any() });
    let start = Instant::now();
    let all = desktop.list_ids(&waiting).await.expect("ids").cases;
    figures::verdict("all that fit, to choose them", figures::since(start), "ms", ..=LIST);
    let chosen: Vec<ChosenCase> = all.into_iter().take(CHOSEN).map(|case| ChosenCase { case, amount: None }).collect();
    let request = CasesPreviewRequest { cases: chosen.clone(), action: Some(Action::Approve) };
    let start = Instant::now();
    let preview = desktop.preview_cases(&request).await.expect("what would happen");
    figures::verdict("what 500 approvals would do", figures::since(start), "ms", ..=PREVIEW);
    assert_eq!(preview.rows.iter().filter(|row| row.refused.is_none()).count(), chosen.len());
    let start = Instant::now();
    let act = CasesAct { cases: chosen.clone(), action: Action::Approve, reason: None };
    let done = desktop.act_on_cases(&act).await.expect("done");
    let time = figures::since(start);
    println!("{} approved, {} of them at the service", chosen.len(), done.accepted);
    figures::verdict("500 cases approved at the desk, kept and sent", time, "ms", ..=BULK);
}
