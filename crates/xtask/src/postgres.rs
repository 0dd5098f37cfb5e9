//! A PostgreSQL server for one test run: in a temporary folder, reachable only through a socket in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{process, system};

/// Names the socket's file; nothing listens on the network.
const PORT: u16 = 54_329;

/// A running cluster; dropped, it is stopped and its files are deleted.
pub(crate) struct Cluster {
    folder: TempDir,
    programs: PathBuf,
}

impl Cluster {
    /// Starts an empty cluster whose only account is `postgres`, without a password.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs().context("PostgreSQL is not installed: `initdb` was not found")?;
        // Directly under /tmp: a socket's path may be at most 107 bytes long.
        let folder = tempfile::Builder::new().prefix("proteacher-pg").tempdir().context("temporary folder")?;
        if system::is_root() {
            process::run(process::command("chown").arg("postgres").arg(folder.path()))?;
        }
        let cluster = Self { folder, programs };
        let data = cluster.data();
        cluster.call(
            "initdb",
            &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            &data,
        )?;
        // A test run's data need not survive a power cut.
        let settings = format!(
            "listen_addresses = ''\nport = {PORT}\nunix_socket_directories = '{}'\nfsync = off\nsynchronous_commit = off\n\
             full_page_writes = off\nmax_connections = 200\n",
            cluster.folder.path().display()
        );
        let file = data.join("postgresql.auto.conf");
        fs::write(&file, settings).with_context(|| file.display().to_string())?;
        let log = cluster.folder.path().join("log");
        cluster.call("pg_ctl", &["start", "--wait", "--silent", "--log", &log.to_string_lossy()], &data)?;
        Ok(cluster)
    }

    /// Where tests connect, as `PROTEACHER_TEST_POSTGRES_URL`.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@localhost:{PORT}/postgres?host={}", self.folder.path().display())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn call(&self, program: &str, arguments: &[&str], data: &Path) -> Result<()> {
        // PostgreSQL refuses to run as the administrator; its package brought an account for it.
        let mut command = if system::is_root() {
            let mut as_postgres = process::command("runuser");
            as_postgres.args(["-u", "postgres", "--"]).arg(self.programs.join(program));
            as_postgres
        } else {
            process::command(self.programs.join(program))
        };
        command.args(arguments).arg("-D").arg(data).current_dir("/").env_remove("LC_ALL");
        process::run(command.stdout(std::process::Stdio::null()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.call("pg_ctl", &["stop", "--mode=immediate", "--silent"], &self.data()) {
            eprintln!("the test database may still be running: {error:#}");
        }
    }
}

/// The folder of the newest installed version: Debian keeps these programs out of `PATH`.
fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian
        .filter_map(|version| {
            let number: u32 = version.file_name().to_str()?.parse().ok()?;
            Some((number, version.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max()
        .map(|(_, programs)| programs);
    let elsewhere = || process::answer(Command::new("pg_config").arg("--bindir")).map(|said| said.trim().into());
    newest.or_else(elsewhere)
}
