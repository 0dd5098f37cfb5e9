//! `cargo xtask test`: all tests, and at the end one line with how many there were.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Context, Result, bail};
use cargo_metadata::{MetadataCommand, TargetKind};
use clap::ValueEnum;

use crate::counts::Counts;
use crate::display::Display;
use crate::postgres::Cluster;
use crate::system::Purpose;
use crate::{paths, process, setup};

/// A part that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Type check and unit tests of `ui/`
    Ui,
    /// The Rust workspace, the service on SQLite only
    Rust,
    /// The service's tests with a temporary PostgreSQL beside SQLite
    Postgres,
    /// The real window under a virtual display
    E2e,
}

/// What has run so far.
#[derive(Default)]
struct Tally {
    counts: Counts,
    broken: Vec<String>,
}

/// Runs the chosen parts, or all; goes on after a failure, so that one run shows everything.
pub(crate) fn test(only: &[Part]) -> Result<()> {
    let wanted = |part| only.is_empty() || only.contains(&part);
    setup::prepare(Purpose::Test)?;
    let mut tally = Tally::default();
    if wanted(Part::Ui) {
        tally.step("the UI's types", false, process::npm(&["run", "check"]));
        tally.step("the UI's tests", true, process::npm(&["test"]));
    }
    if wanted(Part::Rust) || wanted(Part::Postgres) {
        let part = tally.rust(wanted(Part::Rust), wanted(Part::Postgres));
        tally.note("Rust tests", part);
    }
    if wanted(Part::E2e) {
        let part = tally.window();
        tally.note("the window's tests", part);
    }
    tally.close()
}

impl Tally {
    /// Runs one program to its end. With `counted`, no test having run is a failure too.
    fn step(&mut self, name: &str, counted: bool, mut program: Command) {
        if std::io::stdout().is_terminal() {
            program.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
        }
        let outcome = process::run_and_read(&mut program).and_then(|(succeeded, said)| {
            let counts = Counts::read(&said);
            self.counts += counts;
            match (succeeded, counts) {
                (true, counts) if counted && counts.ran() == 0 => bail!("no test ran"),
                (true, _) => Ok(()),
                (false, Counts { failed: 0, .. }) => bail!("it failed outside its tests"),
                (false, _) => bail!("some of its tests failed"),
            }
        });
        self.note(name, outcome);
    }

    fn note(&mut self, name: &str, outcome: Result<()>) {
        if let Err(error) = outcome {
            self.broken.push(format!("{name}: {error:#}"));
        }
    }

    fn rust(&mut self, everything: bool, postgres: bool) -> Result<()> {
        let cluster = if postgres && cfg!(target_os = "linux") { Some(Cluster::start()?) } else { None };
        let with_database = |mut command: Command| {
            if let Some(cluster) = &cluster {
                command.env("PROTEACHER_TEST_POSTGRES_URL", cluster.url());
            }
            command
        };
        let chosen: &[&str] = if everything { &["--workspace"] } else { &["--package", "server"] };
        if setup::cargo_program("cargo-nextest", "*").is_ok() {
            let profile = if cluster.is_some() { "whole" } else { "default" };
            let run = ["nextest", "run", "--profile", profile];
            self.step("Rust tests", true, with_database(process::cargo(&[&run, chosen].concat())));
            if everything {
                self.step("examples in the documentation", false, process::cargo(&["test", "--doc", "--workspace"]));
            }
            return Ok(());
        }
        println!("cargo-nextest cannot be installed; `cargo test` runs the same tests");
        let chosen: &[&str] = if everything { &["--workspace", "--exclude", "journeys"] } else { chosen };
        self.step("Rust tests", true, with_database(process::cargo(&[&["test", "--no-fail-fast"], chosen].concat())));
        for story in stories()?.iter().filter(|_| everything) {
            self.step(story, true, with_database(process::cargo(&["test", "--package", "journeys", "--test", story])));
        }
        Ok(())
    }

    fn window(&mut self) -> Result<()> {
        if !cfg!(target_os = "linux") {
            println!(
                "The window's tests run on Linux only: elsewhere the web view has no driver that comes with the system"
            );
            return Ok(());
        }
        let driver = setup::cargo_program("tauri-driver", "^2")?;
        setup::build_ui()?;
        // The whole workspace here and below, as everywhere in this file: another selection has other features in its
        // dependencies, and would compile the largest of them once more.
        process::run(&mut process::cargo(&["build", "--workspace", "--bins"]))?;
        let display = Display::start()?;
        let cargo = process::cargo(&[]);
        // A message bus of its own, so that "only one window may run" does not see a person's own window.
        let mut tests = display.command("dbus-run-session");
        tests.arg("--").arg(cargo.get_program());
        if setup::cargo_program("cargo-nextest", "*").is_ok() {
            tests.args(["nextest", "run", "--profile", "window", "--workspace"]);
        } else {
            tests.args(["test", "--package", "journeys", "--test", "window", "--", "--test-threads=1"]);
        }
        tests
            .env("PROTEACHER_WINDOW", paths::window())
            .env("PROTEACHER_SERVICE", paths::service())
            .env("PROTEACHER_DRIVER", driver);
        self.step("the window's tests", true, tests);
        Ok(())
    }

    /// Says what broke, then the count alone on the last line.
    fn close(mut self) -> Result<()> {
        for broken in &self.broken {
            println!("FAILED {broken}");
        }
        // A part that broke before its tests could be counted is a failure as well.
        self.counts.failed = self.counts.failed.max(self.broken.len() as u64);
        println!("{}", self.counts);
        if self.counts.failed > 0 {
            std::process::exit(1);
        }
        Ok(())
    }
}

/// The test programs of `tests/` except the one that needs a window.
fn stories() -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(paths::root()).no_deps().exec().context("cargo metadata")?;
    let journeys =
        metadata.packages.iter().find(|package| package.name.as_str() == "journeys").context("tests/Cargo.toml")?;
    let tests = journeys.targets.iter().filter(|target| target.kind.contains(&TargetKind::Test));
    Ok(tests.map(|target| target.name.clone()).filter(|name| name != "window").collect())
}
