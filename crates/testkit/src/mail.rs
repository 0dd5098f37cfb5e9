//! A real mail server (nodemailer's `smtp-server`, installed with the UI's packages) in a process of its own: it takes mails, or
//! refuses them as a test tells it to.

use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// A mail as the server took it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TakenMail {
    /// Message-ID.
    pub id: String,
    /// Who signed in to send it.
    pub user: Option<String>,
    /// The sender's address.
    pub from: String,
    /// The recipient's address.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
    /// The text, decoded.
    pub text: String,
    /// Everything, as it came.
    pub raw: String,
}

/// The mail server. Dropped, it is stopped.
#[derive(Debug)]
pub struct MailServer {
    port: u16,
    running: Option<Running>,
    /// What it took before it was closed.
    before: Vec<TakenMail>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    tell: ChildStdin,
    hear: BufReader<ChildStdout>,
}

impl Running {
    fn start(port: u16) -> (Self, u16) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new("node")
            .arg(here.join("smtp.mjs"))
            .arg(port.to_string())
            .current_dir(here.join("../../ui"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js starts; `cargo xtask setup` installs what the mail server needs");
        let (tell, hear) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        let mut running = Self { child, tell, hear: BufReader::new(hear) };
        let port = running.hear()["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        (running, port.expect("the mail server listens"))
    }

    fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.hear.read_line(&mut line).expect("the mail server says text");
        serde_json::from_str(&line).expect("the mail server says JSON; its own complaint is above")
    }

    fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.tell, "{what}").expect("the mail server listens");
        self.hear()
    }

    fn taken(&mut self) -> Vec<TakenMail> {
        let mut answer = self.ask(&json!({ "list": true }));
        serde_json::from_value(answer["taken"].take()).expect("a list of mails")
    }
}

impl MailServer {
    /// Starts it on a free port.
    ///
    /// # Panics
    /// When it does not start; so do the other calls when it does not answer.
    pub fn start() -> Self {
        let (running, port) = Running::start(0);
        Self { port, running: Some(running), before: Vec::new() }
    }

    /// Its port, the same after it was closed and opened again.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it: whoever connects now is refused.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn close(&mut self) {
        if let Some(mut running) = self.running.take() {
            self.before.extend(running.taken());
            running.child.kill().expect("it can be ended");
            running.child.wait().expect("it ends");
        }
    }

    /// Opens it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn open(&mut self) {
        if self.running.is_none() {
            self.running = Some(Running::start(self.port).0);
        }
    }

    fn ask(&mut self, what: &Value) {
        self.running.as_mut().expect("it is open").ask(what);
    }

    /// Refuses mails from now on, at the step `from`, `rcpt` or `data`, with a code; for addresses that contain `to`. At `cut` and
    /// `hold` it takes them, and cuts the line or says nothing more.
    ///
    /// # Panics
    /// When it is closed.
    pub fn refuse(&mut self, step: &str, code: u16, to: &str) {
        self.ask(&json!({ "refuse": { "step": step, "code": code, "to": to } }));
    }

    /// Refuses nothing any more.
    ///
    /// # Panics
    /// When it is closed.
    pub fn accept(&mut self) {
        self.ask(&json!({ "accept": true }));
    }

    /// Waits until it has taken so many mails since it was opened; every mail it has taken.
    ///
    /// # Panics
    /// When it is closed.
    pub fn wait_for(&mut self, mails: usize) -> Vec<TakenMail> {
        self.ask(&json!({ "wait": mails }));
        self.taken()
    }

    /// Every mail it has taken, in order.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn taken(&mut self) -> Vec<TakenMail> {
        let now = self.running.as_mut().map(Running::taken).unwrap_or_default();
        [self.before.clone(), now].concat()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(Running { mut child, tell, .. }) = self.running.take() {
            // It ends when nobody speaks to it any more; a test that failed must not leave it behind either way.
            drop(tell);
            child.kill().ok();
            child.wait().ok();
        }
    }
}
