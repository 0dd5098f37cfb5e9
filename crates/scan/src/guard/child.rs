//! The other end of the guard: what the child process does from start to end.

use super::{Answer, Ask, Task, bounds, frame, inputs_of};
use crate::{ScanRefusal, bundle::part, pack, read, render_page};
use std::{
    io::{self, Write as _},
    panic, thread,
};

/// The readers follow nested structures; they get more stack than the system's default.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// The biggest request: a little more than callers may send, so that they are the ones who refuse.
const BIGGEST_REQUEST: u64 = 1024 * 1024 * 1024;

/// Reads one request from standard input, limits this process, does the work and writes the answer to standard output.
/// Returns the exit code: 0 when an answer was written. Call it before anything else of the program is set up, and end
/// the process with what it returns.
pub fn reader_main() -> i32 {
    // Messages of a panic can carry parts of the file, and nobody reads them.
    panic::set_hook(Box::new(|_| {}));
    let Ok((ask, parts)) = frame::read::<Ask>(&mut io::stdin().lock(), BIGGEST_REQUEST) else { return 2 };
    bounds::confine(&ask.limits);
    let work = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || carry_out(ask, parts));
    let Ok(work) = work else { return 3 };
    // A reader that panics has met a file that no sound program writes.
    let (answer, part) = work.join().unwrap_or_else(|_| (Answer::Refused(ScanRefusal::BrokenFile), Vec::new()));
    let written = frame::pack(&answer, &[&part]).and_then(|message| {
        let mut out = io::stdout().lock();
        out.write_all(&message)?;
        out.flush()
    });
    if written.is_ok() { 0 } else { 4 }
}

fn carry_out(ask: Ask, mut parts: Vec<Vec<u8>>) -> (Answer, Vec<u8>) {
    let done = match ask.what {
        Task::Read { names, layout } => inputs_of(names, parts)
            .ok_or(ScanRefusal::NoPages)
            .and_then(|inputs| read(&inputs, layout.as_ref(), &ask.limits))
            .map(|scan| (Answer::Scan { pages: scan.pages }, scan.pdf)),
        Task::Pack { names } => inputs_of(names, parts)
            .ok_or(ScanRefusal::NoPages)
            .and_then(|inputs| pack(&inputs, &ask.limits))
            .map(|scan| (Answer::Scan { pages: scan.pages }, scan.pdf)),
        Task::Render { page_index, dpi } => {
            let pdf = parts.pop().unwrap_or_default();
            render_page(&pdf, page_index, dpi).map(|png| (Answer::Picture, png))
        }
        Task::Part(wanted) => {
            let pdf = parts.pop().unwrap_or_default();
            part(&pdf, &wanted).map(|(part, bytes)| (Answer::Part(Box::new(part)), bytes))
        }
    };
    done.unwrap_or_else(|refusal| (Answer::Refused(refusal), Vec::new()))
}
