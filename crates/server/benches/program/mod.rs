//! The service's program, as an office starts it, on a free port of this machine.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The running program; killed with -9 when dropped.
pub(crate) struct Program {
    child: Child,
    url: String,
}

/// The address of the service's database.
pub(crate) fn database(data: &Path) -> String {
    format!("sqlite://{}", data.join("service.sqlite").display())
}

impl Program {
    pub(crate) fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_proteacher-server"))
            .arg("serve")
            .env("PROTEACHER_LISTEN", "127.0.0.1:0")
            .env("PROTEACHER_DATABASE_URL", database(data))
            .env("PROTEACHER_BLOBS", format!("file://{}", data.join("blobs").display()))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut log = BufReader::new(child.stderr.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("address=") {
            line.clear();
            assert!(log.read_line(&mut line).expect("the log is text") > 0, "the service ended before it served");
        }
        let url = format!("http://{}", line.split("address=").nth(1).expect("looked for above").trim());
        // Somebody has to go on reading, or the service would wait for it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Milliseconds of processor time it has had; Linux tells them, in hundredths of a second.
    pub(crate) fn cpu(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name in brackets may have blanks; user and system time are the 12th and 13th word after it.
        let words: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |place: usize| words.get(place)?.parse::<f64>().ok();
        Some((ticks(11)? + ticks(12)?) * 10.0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which the caller notices.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
