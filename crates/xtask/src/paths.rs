//! Where things are: the project's root, its scratch folder, and cargo's target folder.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// The project's root folder. Cargo tells it anew at every run: two checkouts that share a target folder share this program.
pub(crate) fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let crate_folder =
            std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
        let root = Path::new(&crate_folder).ancestors().nth(2);
        root.expect("this crate lies two folders below the root").to_owned()
    });
    &ROOT
}

/// Scratch files that may be deleted at any time: fonts copied for printing, the demo's data.
pub(crate) fn scratch() -> PathBuf {
    root().join(".build")
}

/// The fonts that printing uses, as `PROTEACHER_FONTS` names them.
pub(crate) fn fonts() -> PathBuf {
    scratch().join("fonts")
}

/// Cargo's target folder. On a continuous-integration machine it lies outside the checkout, so that a fresh clone
/// finds what the last run compiled.
pub(crate) fn target() -> PathBuf {
    if let Some(set) = std::env::var_os("CARGO_TARGET_DIR") {
        return root().join(set);
    }
    match std::env::var_os("HOME") {
        Some(home) if std::env::var("CI").as_deref() == Ok("true") => Path::new(&home).join(".cache/proteacher/target"),
        _ => root().join("target"),
    }
}

/// A program that `cargo build` put into the target folder.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// The window's program.
pub(crate) fn window() -> PathBuf {
    built("proteacher-desktop")
}

/// The central service's program.
pub(crate) fn service() -> PathBuf {
    built("proteacher-server")
}
