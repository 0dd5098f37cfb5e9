//! `cargo xtask bench`: runs the workspace's benchmarks, which print their own figures and ratios.

use anyhow::{Context, Result, ensure};
use cargo_metadata::{MetadataCommand, TargetKind};

use crate::system::Purpose;
use crate::{paths, process, setup};

/// Runs every benchmark, or those whose name contains `name`, one after another so that none disturbs another.
pub(crate) fn bench(name: Option<&str>) -> Result<()> {
    let all = benchmarks()?;
    let wanted: Vec<_> = all.iter().filter(|(_, bench)| name.is_none_or(|name| bench.contains(name))).collect();
    ensure!(!wanted.is_empty(), "no such benchmark; there are: {}", names(&all));
    setup::prepare(Purpose::Test)?;
    for (package, bench) in wanted {
        process::run(&mut process::cargo(&["bench", "--package", package, "--bench", bench]))?;
    }
    Ok(())
}

/// Package and name of every benchmark of the workspace.
fn benchmarks() -> Result<Vec<(String, String)>> {
    let metadata = MetadataCommand::new().current_dir(paths::root()).no_deps().exec().context("cargo metadata")?;
    Ok(metadata
        .packages
        .iter()
        .flat_map(|package| package.targets.iter().map(move |target| (package, target)))
        .filter(|(_, target)| target.kind.contains(&TargetKind::Bench))
        .map(|(package, target)| (package.name.to_string(), target.name.clone()))
        .collect())
}

fn names(benchmarks: &[(String, String)]) -> String {
    benchmarks.iter().map(|(_, bench)| bench.as_str()).collect::<Vec<_>>().join(" ")
}
