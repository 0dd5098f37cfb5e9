//! Reading files from outside in a child process that may crash, hang or run out of memory without harm.
//!
//! The child is the calling program itself with a hidden first argument; there it runs [`reader_main`] before anything
//! else. It sees only the part of the environment that starts it (so no passphrase), gets the files through its standard
//! input and answers on its standard output. On Unix it limits its own memory, processor time, open files and core dumps
//! first. On Windows only the time limit and the bounds inside the readers hold: the libraries that offer job objects
//! without unsafe code do not fit the versions used here. A child that is too slow is ended everywhere.

mod bounds;
mod child;
mod frame;

pub use child::reader_main;

use crate::{
    Input, Limits, Scan, ScanRefusal,
    bundle::{Part, PartAsk},
};
use domain::paper::{PrintLayout, ScannedPage};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    io::{ErrorKind, Read, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

/// The program that runs [`reader_main`]: in the product its own executable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderProgram {
    /// Path of the executable.
    pub program: PathBuf,
    /// What makes it a reader, e.g. `scan-reader`.
    pub args: Vec<String>,
}

/// What to read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadRequest {
    /// One PDF, or one or more pictures.
    pub inputs: Vec<Input>,
    /// The layout of the print that the scan should show.
    pub layout: Option<PrintLayout>,
}

/// What the child is asked; the files follow as parts of the message.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ask {
    limits: Limits,
    what: Task,
}

#[derive(Debug, Serialize, Deserialize)]
enum Task {
    Read { names: Vec<String>, layout: Option<PrintLayout> },
    Pack { names: Vec<String> },
    Render { page_index: usize, dpi: f64 },
    Part(PartAsk),
}

/// What the child says; the PDF or picture follows as the only part of the message.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Scan { pages: Vec<ScannedPage> },
    Picture,
    Part(Box<Part>),
    Refused(ScanRefusal),
}

/// The child's error output is kept to this many bytes, to tell how it died; it is never shown or logged.
const KEPT_ERRORS: usize = 16 * 1024;

/// An answer bigger than this is none: a page's picture for the screen has at most some 50 MB.
const BIGGEST_ANSWER: u64 = 96 * 1024 * 1024;

/// [`crate::read`] in a child process.
///
/// # Errors
/// Those of [`crate::read`], and `read_timeout`, `out_of_memory` or `reader_crashed` when the child was lost.
pub fn read_guarded(reader: &ReaderProgram, request: &ReadRequest, limits: &Limits) -> Result<Scan, ScanRefusal> {
    let layout = request.layout.clone();
    scan_of(reader, &request.inputs, |names| Task::Read { names, layout }, limits)
}

/// [`crate::pack`] in a child process.
///
/// # Errors
/// Those of [`crate::pack`], and `read_timeout`, `out_of_memory` or `reader_crashed` when the child was lost.
pub fn pack_guarded(reader: &ReaderProgram, inputs: &[Input], limits: &Limits) -> Result<Scan, ScanRefusal> {
    scan_of(reader, inputs, |names| Task::Pack { names }, limits)
}

fn scan_of(
    reader: &ReaderProgram,
    inputs: &[Input],
    task: impl FnOnce(Vec<String>) -> Task,
    limits: &Limits,
) -> Result<Scan, ScanRefusal> {
    let bytes = inputs.iter().map(|input| input.bytes.len() as u64).sum::<u64>();
    if bytes > limits.input_bytes {
        return Err(ScanRefusal::TooLarge { bytes, limit: limits.input_bytes });
    }
    let names = inputs.iter().map(|input| input.name.clone()).collect();
    let ask = Ask { limits: *limits, what: task(names) };
    let parts: Vec<&[u8]> = inputs.iter().map(|input| input.bytes.as_slice()).collect();
    match talk(reader, &ask, &parts)? {
        (Answer::Scan { pages }, pdf) => Ok(Scan { pdf, pages }),
        (Answer::Refused(refusal), _) => Err(refusal),
        (Answer::Picture | Answer::Part(_), _) => Err(ScanRefusal::ReaderCrashed),
    }
}

/// [`crate::render_page`] in a child process.
///
/// # Errors
/// Those of [`crate::render_page`], and `too_large`, `read_timeout`, `out_of_memory` or `reader_crashed`.
pub fn render_guarded(
    reader: &ReaderProgram,
    pdf: &[u8],
    page_index: usize,
    dpi: f64,
    limits: &Limits,
) -> Result<Vec<u8>, ScanRefusal> {
    if pdf.len() as u64 > limits.input_bytes {
        return Err(ScanRefusal::TooLarge { bytes: pdf.len() as u64, limit: limits.input_bytes });
    }
    let ask = Ask { limits: *limits, what: Task::Render { page_index, dpi } };
    match talk(reader, &ask, &[pdf])? {
        (Answer::Picture, png) => Ok(png),
        (Answer::Refused(refusal), _) => Err(refusal),
        (Answer::Scan { .. } | Answer::Part(_), _) => Err(ScanRefusal::ReaderCrashed),
    }
}

/// [`crate::bundle::part`] in a child process.
///
/// # Errors
/// Those of [`crate::bundle::part`], and `too_large`, `read_timeout`, `out_of_memory` or `reader_crashed`.
pub fn part_guarded(
    reader: &ReaderProgram,
    pdf: &[u8],
    ask: &PartAsk,
    limits: &Limits,
) -> Result<(Part, Vec<u8>), ScanRefusal> {
    if pdf.len() as u64 > limits.input_bytes {
        return Err(ScanRefusal::TooLarge { bytes: pdf.len() as u64, limit: limits.input_bytes });
    }
    let ask = Ask { limits: *limits, what: Task::Part(ask.clone()) };
    match talk(reader, &ask, &[pdf])? {
        (Answer::Part(part), bytes) => Ok((*part, bytes)),
        (Answer::Refused(refusal), _) => Err(refusal),
        (Answer::Scan { .. } | Answer::Picture, _) => Err(ScanRefusal::ReaderCrashed),
    }
}

fn talk(reader: &ReaderProgram, ask: &Ask, parts: &[&[u8]]) -> Result<(Answer, Vec<u8>), ScanRefusal> {
    let message = frame::pack(ask, parts).map_err(|_| ScanRefusal::ReaderCrashed)?;
    let mut child = command(reader).spawn().map_err(|_| ScanRefusal::ReaderCrashed)?;
    let (Some(mut to_child), Some(mut from_child), Some(errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        end(&mut child);
        return Err(ScanRefusal::ReaderCrashed);
    };
    // Each pipe has a thread of its own, so that neither side waits for the other with a full pipe. The threads end
    // with the child: a dead child's pipes are closed.
    let (say, hear) = mpsc::channel();
    // A child that died early closes the pipe; its answer or its end tells why.
    thread::spawn(move || to_child.write_all(&message));
    thread::spawn(move || say.send(frame::read::<Answer>(&mut from_child, BIGGEST_ANSWER)));
    let errors = first_bytes_of(errors);
    let heard = hear.recv_timeout(Duration::from_secs(ask.limits.seconds));
    let lost = match heard {
        Ok(Ok((answer, mut parts))) => {
            end(&mut child);
            return Ok((answer, parts.pop().unwrap_or_default()));
        }
        Err(RecvTimeoutError::Timeout) => ScanRefusal::ReadTimeout,
        Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => cause_of_death(&mut child, &errors),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => ScanRefusal::ReaderCrashed,
    };
    end(&mut child);
    Err(lost)
}

fn command(reader: &ReaderProgram) -> Command {
    let mut command = Command::new(&reader.program);
    command.args(&reader.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_clear().envs(KEPT_VARIABLES.iter().filter_map(|name| Some((*name, std::env::var_os(name)?))));
    #[cfg(windows)]
    {
        use std::os::windows::process::CommandExt as _;
        /// CREATE_NO_WINDOW: no console flashes up beside the window.
        const NO_WINDOW: u32 = 0x0800_0000;
        command.creation_flags(NO_WINDOW);
    }
    command
}

/// What the system's loader needs to start the program at all.
const KEPT_VARIABLES: [&str; 4] = ["LD_LIBRARY_PATH", "SystemRoot", "SystemDrive", "PATH"];

fn end(child: &mut Child) {
    // Both fail only when the child is already gone, which is what is wanted.
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads everything, so that the child never waits, and keeps the beginning.
fn first_bytes_of(mut errors: impl Read + Send + 'static) -> mpsc::Receiver<Vec<u8>> {
    let (say, hear) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = errors.read(&mut buffer) {
            let room = KEPT_ERRORS - kept.len();
            kept.extend_from_slice(&buffer[..count.min(room)]);
        }
        say.send(kept)
    });
    hear
}

/// What Rust's runtime prints before it aborts because memory was refused.
const MEMORY_REFUSED: &[u8] = b"memory allocation of ";

/// A child closes its output a moment before it is gone; it is waited for this often …
const LAST_BREATHS: u32 = 100;

/// … for so long.
const BREATH: Duration = Duration::from_millis(20);

/// Why a child that closed its output without an answer died.
fn cause_of_death(child: &mut Child, errors: &mpsc::Receiver<Vec<u8>>) -> ScanRefusal {
    let errors = errors.recv_timeout(LAST_BREATHS * BREATH).unwrap_or_default();
    if errors.windows(MEMORY_REFUSED.len()).any(|window| window == MEMORY_REFUSED) {
        return ScanRefusal::OutOfMemory;
    }
    for _ in 0..LAST_BREATHS {
        match child.try_wait() {
            Ok(None) => thread::sleep(BREATH),
            Ok(Some(status)) => return bounds::refusal_by_signal(status).unwrap_or(ScanRefusal::ReaderCrashed),
            Err(_) => break,
        }
    }
    ScanRefusal::ReaderCrashed
}

/// Owned pieces of a request, as the child gets them.
fn inputs_of(names: Vec<String>, parts: Vec<Vec<u8>>) -> Option<Vec<Input>> {
    (names.len() == parts.len())
        .then(|| names.into_iter().zip(parts).map(|(name, bytes)| Input { name, bytes }).collect())
}

/// The arguments that a program compares its own with, to know that it is to be a reader.
pub fn is_reader(reader: &[&str], mut args: impl Iterator<Item = OsString>) -> bool {
    args.next();
    reader.iter().all(|wanted| args.next().is_some_and(|arg| arg == *wanted))
}
