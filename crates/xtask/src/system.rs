//! Debian and Ubuntu packages that a bare machine lacks. Other systems bring their web view with them.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// What the machine is to be made ready for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Build and open the window.
    Use,
    /// Run every test.
    Test,
}

/// A compiler for SQLCipher and its OpenSSL (which needs perl), WebKitGTK for the window, Chinese letters for the screen.
const TO_USE: &[&str] = &[
    "build-essential",
    "dbus",
    "fonts-noto-cjk",
    "librsvg2-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "perl",
    "pkg-config",
];

/// A virtual display with a hand for its file dialogs, the web view's driver, PDF tools to look at prints with, a word processor that
/// opens the ODT and DOCX forms, a second database.
const TO_TEST: &[&str] =
    &["dbus-x11", "libreoffice-writer-nogui", "poppler-utils", "postgresql", "webkit2gtk-driver", "xdotool", "xvfb"];

/// Installs the missing packages; does nothing where there is no `apt-get`.
pub(crate) fn install_packages(purpose: Purpose) -> Result<()> {
    if process::find("apt-get").is_none() {
        return Ok(());
    }
    let wanted = TO_USE.iter().chain(TO_TEST.iter().filter(|_| purpose == Purpose::Test));
    let missing: Vec<&str> = wanted.copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("System packages to install: {}", missing.join(" "));
    let Some(mut update) = as_root() else {
        bail!("these packages are missing, install them first: sudo apt-get install {}", missing.join(" "));
    };
    process::run(update.args(["apt-get", "update", "-q"]))?;
    let mut install = as_root().expect("was possible a moment ago");
    process::run(install.args(["apt-get", "install", "-q", "-y", "--no-install-recommends"]).args(&missing))
}

fn is_installed(package: &str) -> bool {
    process::answer(Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status}", package]))
        .is_some_and(|status| status.trim() == "installed")
}

/// `env` as the administrator: directly, or through sudo, which may ask for a password.
fn as_root() -> Option<Command> {
    let mut command = if is_root() {
        process::command("env")
    } else {
        let mut sudo = process::command(process::find("sudo")?);
        sudo.arg("env");
        sudo
    };
    command.arg("DEBIAN_FRONTEND=noninteractive");
    Some(command)
}

/// Whether this program runs as the administrator, whom PostgreSQL refuses to serve.
pub(crate) fn is_root() -> bool {
    process::answer(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
