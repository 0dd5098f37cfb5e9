//! A virtual X display for the window's tests, so that they neither need nor disturb a person's screen.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::{self, Running};

/// A display that exists until this value goes.
pub(crate) struct Display {
    name: String,
    _server: Running,
}

impl Display {
    /// Starts Xvfb on a display number it picks itself, large enough for the whole window.
    pub(crate) fn start() -> Result<Self> {
        let mut xvfb = process::command("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1440x960x24", "-nolisten", "tcp"]);
        xvfb.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Running(xvfb.spawn().context("Xvfb is not installed")?);
        let said = server.0.stdout.take().expect("the stream was asked for above");
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number).context("Xvfb")?;
        ensure!(!number.trim().is_empty(), "Xvfb found no free display");
        Ok(Self { name: format!(":{}", number.trim()), _server: server })
    }

    /// A call of a program that opens its windows here.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = process::command(program);
        command
            .env("DISPLAY", &self.name)
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        command
    }
}
