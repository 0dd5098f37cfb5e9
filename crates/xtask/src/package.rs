//! `cargo xtask package`: this system's installer, with the window, its icon and the fonts of a print.

use anyhow::Result;

use crate::system::Purpose;
use crate::{paths, process, setup};

/// What this system installs from.
const INSTALLER: &str = if cfg!(windows) {
    "nsis"
} else if cfg!(target_os = "macos") {
    "dmg"
} else {
    "deb"
};

/// The fonts are named here and not in `tauri.conf.json`, because a build for development must not need them.
const WITH_FONTS: &str = r#"{"bundle":{"resources":{".build/fonts/":"fonts/"}}}"#;

/// Builds the optimised program and wraps it.
pub(crate) fn package() -> Result<()> {
    setup::prepare(Purpose::Use)?;
    setup::build_ui()?;
    let program = if cfg!(windows) { "tauri.cmd" } else { "tauri" };
    let mut tauri = process::command(paths::root().join("ui/node_modules/.bin").join(program));
    tauri.args(["build", "--bundles", INSTALLER, "--config", WITH_FONTS]);
    process::run(&mut tauri)?;
    println!("The installer is in {}", paths::target().join("release/bundle").join(INSTALLER).display());
    Ok(())
}
