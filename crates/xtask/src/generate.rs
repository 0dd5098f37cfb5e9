//! `cargo xtask gen`: the committed files that are made from Rust types, form packs and workflow tables.

use anyhow::Result;

use crate::process;

/// Writes them, or with `check` only compares.
pub(crate) fn generate(check: bool) -> Result<()> {
    let mut generator =
        process::cargo(&["run", "--quiet", "--package", "wire", "--features", "ts", "--example", "gen", "--"]);
    if check {
        generator.arg("--check");
    }
    generator.args(["ui/src/gen", "docs/generated"]);
    process::run(&mut generator)
}
