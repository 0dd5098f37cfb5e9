//! How long a county waits for a list of 10,000 cases as a file, every one with its papers, and for the figures of a plan year.

mod desk;
#[path = "../../../tests/benches/figures/mod.rs"]
mod figures;

use std::time::Instant;
use testkit::{Spread, TestServer, fill_sent};
use wire::{
    charts::ChartsOf,
    exports::{ListExport, ListKind},
    rpc::SignInRequest,
    views::CaseQuery,
};

const CASES: u32 = 10_000;
const ROUNDS: usize = 5;
/// Milliseconds to the written file.
const EXPORT: f64 = 2_000.0;
/// Milliseconds to the figures.
const CHARTS: f64 = 2_000.0;

#[tokio::main]
async fn main() {
    let server = tokio::task::spawn_blocking(TestServer::start).await.expect("the service starts");
    let spread = Spread { county: "臺中市", schools: 50, years: 1, states: &[domain::case::State::SchoolCheck] };
    fill_sent(server.database_url(), server.clock().now(), CASES, spread).await;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let desktop = desk::desktop(&folder.path().join("county"), &server.url(), server.clock()).await;
    let request = SignInRequest { account: "county-taichung".to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("a demo person signs in");
    desktop.run_sync().await.expect("the service is there");

    for (kind, name) in [(ListKind::Xlsx, "cases.xlsx"), (ListKind::Csv, "cases.csv")] {
        let path = folder.path().join(name).display().to_string();
        let export = ListExport { query: CaseQuery::default(), kind, path };
        let mut took = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            let written = desktop.export_list(&export).await.expect("the list is written");
            took.push(figures::since(start));
            assert_eq!(written.rows, CASES);
        }
        figures::spread(name, &took);
        figures::verdict(&format!("{name} of {CASES} cases"), figures::quantile(&took, 0.5), "ms", ..=EXPORT);
    }
    let start = Instant::now();
    let view = desktop.charts_view(&ChartsOf { plan_year: None }).await.expect("the figures");
    assert_eq!(view.cases, CASES);
    figures::verdict(&format!("figures of {CASES} cases"), figures::since(start), "ms", ..=CHARTS);
}
