//! Calling other programs: every call is shown, runs in the project's root, and finds the same folders.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::paths;

/// A call of `program` in the project's root, with the folders that builds and tests agree on.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(paths::root())
        .env("CARGO_TARGET_DIR", paths::target())
        .env("PROTEACHER_FONTS", paths::fonts())
        // The child cargo decides for itself; these describe the build of this program, not of the next.
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_PKG_NAME");
    command
}

/// `cargo` with these words.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments);
    cargo
}

/// `npm` with these words, in `ui/`. On Windows npm is a script, which only its full name finds.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(arguments).current_dir(paths::root().join("ui"));
    npm
}

/// Shows the call, runs it to its end and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("$ {shown}");
    let status = command.status().with_context(|| format!("cannot start: {shown}"))?;
    if !status.success() {
        bail!("failed ({status}): {shown}");
    }
    Ok(())
}

/// Runs a program silently; its standard output when it succeeds, nothing when it is missing or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program while showing what it says; whether it succeeded, and what it said on both streams.
pub(crate) fn run_and_read(command: &mut Command) -> Result<(bool, String)> {
    let shown = show(command);
    println!("$ {shown}");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start: {shown}"))?;
    let out = child.stdout.take().expect("the stream was asked for above");
    let err = child.stderr.take().expect("the stream was asked for above");
    let reader = std::thread::spawn(move || copy_lines(err, std::io::stderr()));
    let mut said = copy_lines(out, std::io::stdout());
    said.push_str(&reader.join().expect("copying lines does not panic"));
    let status = child.wait().with_context(|| format!("lost: {shown}"))?;
    Ok((status.success(), said))
}

fn copy_lines(from: impl Read, mut to: impl Write) -> String {
    let mut all = String::new();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // The reader of our own output may be gone; the count at the end still needs the rest.
        let _ = to.write_all(&line);
        all.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    all
}

/// Where a program is, looking through `PATH` and then cargo's own folder of installed programs.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(cargo_bin()).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

/// The folder `cargo install` fills.
pub(crate) fn cargo_bin() -> Option<PathBuf> {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || std::env::home_dir().map(|home| home.join(".cargo"));
    cargo_home.or_else(home).map(|folder| folder.join("bin"))
}

/// A program that is stopped when this value goes: politely first, so that it can finish its writes.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let asked = cfg!(unix)
            && answer(Command::new("kill").args(["-TERM", &self.0.id().to_string()])).is_some()
            && (0..50).any(|_| {
                std::thread::sleep(std::time::Duration::from_millis(100));
                self.0.try_wait().is_ok_and(|status| status.is_some())
            });
        if !asked {
            // Already gone is as good as stopped.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

fn show(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
