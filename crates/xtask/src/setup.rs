//! Makes a machine ready: system packages, Node.js packages, fonts for printing, test programs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::system::{self, Purpose};
use crate::{paths, process};

/// The fonts of a print, pinned by `ui/package-lock.json`: folder of the npm package and file in it.
const FONTS: &[(&str, &str)] = &[
    ("noto-serif-tc", "400Regular/NotoSerifTC_400Regular.ttf"),
    ("noto-serif-tc", "700Bold/NotoSerifTC_700Bold.ttf"),
    ("noto-sans-tc", "400Regular/NotoSansTC_400Regular.ttf"),
    ("noto-sans-tc", "700Bold/NotoSansTC_700Bold.ttf"),
];

const OLDEST_NODE: u32 = 20;

/// Everything that building and (for [`Purpose::Test`]) testing need, except the UI's own build.
pub(crate) fn prepare(purpose: Purpose) -> Result<()> {
    system::install_packages(purpose)?;
    check_node()?;
    install_node_packages()?;
    copy_fonts()
}

/// Builds `ui/dist`, which the window's program contains.
pub(crate) fn build_ui() -> Result<()> {
    process::run(&mut process::npm(&["run", "build"]))
}

/// Installs a program from crates.io unless it is there; its path.
pub(crate) fn cargo_program(name: &str, version: &str) -> Result<std::path::PathBuf> {
    if let Some(found) = process::find(name) {
        return Ok(found);
    }
    println!("Installing {name}, once");
    let mut install = process::cargo(&["install", name, "--version", version, "--locked"]);
    // Beside the project's own target folder, so that neither waits for the other's lock or grows the other's files.
    process::run(install.env("CARGO_TARGET_DIR", paths::target().join("programs")))?;
    process::find(name).with_context(|| format!("{name} was installed but is not found in cargo's bin folder"))
}

fn check_node() -> Result<()> {
    let said = process::answer(process::command("node").arg("--version")).unwrap_or_default();
    let major = said.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        Some(major) => bail!("Node.js {OLDEST_NODE} or newer is needed to build the UI; this is {major}"),
        None => bail!("Node.js {OLDEST_NODE} or newer is needed to build the UI; `node` was not found"),
    }
}

/// `npm ci`, but only when `ui/package-lock.json` is not the one installed last.
fn install_node_packages() -> Result<()> {
    let ui = paths::root().join("ui");
    let wanted = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json")?;
    let stamp = ui.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    process::run(&mut process::npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}

/// Copies the print fonts and their licence out of `ui/node_modules`, where they came with everything else pinned.
fn copy_fonts() -> Result<()> {
    let to = paths::fonts();
    fs::create_dir_all(&to).with_context(|| to.display().to_string())?;
    for (package, file) in FONTS {
        let folder = paths::root().join("ui/node_modules/@expo-google-fonts").join(package);
        let name = Path::new(file).file_name().expect("every entry of the table names a file");
        copy_if_changed(&folder.join(file), &to.join(name))?;
        copy_if_changed(&folder.join("LICENSE_FONT"), &to.join(format!("LICENSE-{package}.txt")))?;
    }
    Ok(())
}

fn copy_if_changed(from: &Path, to: &Path) -> Result<()> {
    let bytes = fs::read(from).with_context(|| format!("{} (is it in ui/package.json?)", from.display()))?;
    if fs::read(to).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    fs::write(to, bytes).with_context(|| to.display().to_string())
}
