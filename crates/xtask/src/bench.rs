//! `cargo xtask bench`: runs the workspace's benchmarks, which print their own figures and ratios.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{MetadataCommand, TargetKind};

use crate::display::Display;
use crate::postgres::Cluster;
use crate::system::Purpose;
use crate::{paths, process, setup};

/// Runs every benchmark, or those whose name contains `name`, one after another so that none disturbs another.
pub(crate) fn bench(name: Option<&str>) -> Result<()> {
    let all = benchmarks()?;
    let wanted: Vec<_> = all.iter().filter(|bench| name.is_none_or(|name| bench.contains(name))).collect();
    ensure!(!wanted.is_empty(), "no such benchmark; there are: {}", all.join(" "));
    setup::prepare(Purpose::Test)?;
    for bench in wanted {
        // The whole workspace: another selection has other features in its dependencies, and would compile the largest of them
        // once more.
        let run = ["bench", "--workspace", "--bench", bench];
        match bench.as_str() {
            "window" => process::run(process::cargo(&run).envs(programs()?))?,
            "typing" => in_a_window(&run)?,
            "lists" => on_both_databases(&run)?,
            _ => process::run(&mut process::cargo(&run))?,
        }
    }
    Ok(())
}

/// Runs a benchmark of the service, with a PostgreSQL server beside it where there is one.
fn on_both_databases(run: &[&str]) -> Result<()> {
    let cluster = if cfg!(target_os = "linux") { Some(Cluster::start()?) } else { None };
    let url = cluster.as_ref().map(Cluster::url);
    process::run(process::cargo(run).envs(url.map(|url| ("PROTEACHER_TEST_POSTGRES_URL", url))))
}

/// Builds the programs as they are shipped, and a bare window beside ours; where they lie.
fn programs() -> Result<[(&'static str, PathBuf); 3]> {
    setup::build_ui()?;
    process::run(&mut process::cargo(&["build", "--release", "--workspace", "--bins", "--example", "bare-window"]))?;
    let release = paths::target().join("release");
    let named = |name: &str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok([
        ("PROTEACHER_WINDOW", release.join(named("proteacher-desktop"))),
        ("PROTEACHER_SERVICE", release.join(named("proteacher-server"))),
        ("PROTEACHER_BARE_WINDOW", release.join("examples").join(named("bare-window"))),
    ])
}

/// Runs a benchmark that drives the real window, on a display of its own.
fn in_a_window(run: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("measured on Linux only: elsewhere the web view has no driver that comes with the system");
        return Ok(());
    }
    let driver = setup::cargo_program("tauri-driver", "^2")?;
    let programs = programs()?;
    let display = Display::start()?;
    let cargo = process::cargo(&[]);
    let mut bench = display.command("dbus-run-session");
    bench.arg("--").arg(cargo.get_program()).args(run).envs(programs).env("PROTEACHER_DRIVER", driver);
    process::run(&mut bench)
}

/// The name of every benchmark of the workspace.
fn benchmarks() -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(paths::root()).no_deps().exec().context("cargo metadata")?;
    Ok(metadata
        .packages
        .iter()
        .flat_map(|package| &package.targets)
        .filter(|target| target.kind.contains(&TargetKind::Bench))
        .map(|target| target.name.clone())
        .collect())
}
