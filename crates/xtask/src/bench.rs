//! `cargo xtask bench`: runs the workspace's benchmarks, which print their own figures and ratios.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{MetadataCommand, TargetKind};

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
        let mut run = process::cargo(&["bench", "--workspace", "--bench", bench]);
        if bench == WINDOW {
            run.envs(windows()?);
        }
        process::run(&mut run)?;
    }
    Ok(())
}

/// The benchmark of the window, which needs two programs that it does not build itself.
const WINDOW: &str = "window";

/// Builds the window as it is shipped and the bare one beside it; where they lie.
fn windows() -> Result<[(&'static str, PathBuf); 2]> {
    setup::build_ui()?;
    let what = ["--bin", "proteacher-desktop", "--example", "bare-window"];
    process::run(process::cargo(&["build", "--release", "--workspace"]).args(what))?;
    let release = paths::target().join("release");
    let named = |name: &str| format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok([
        ("PROTEACHER_WINDOW", release.join(named("proteacher-desktop"))),
        ("PROTEACHER_BARE_WINDOW", release.join("examples").join(named("bare-window"))),
    ])
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
