//! The limits a reader puts on itself before it touches a file, and how their breach looks from outside.
//!
//! On systems other than Unix there are none.

use crate::{Limits, ScanRefusal};
use std::process::ExitStatus;

/// Takes from this process what a reader does not need. A limit that the system does not know or already holds tighter
/// is passed over: the time limit of the caller holds in any case.
#[cfg(unix)]
pub(crate) fn confine(limits: &Limits) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let both = |value: u64| Rlimit { current: Some(value), maximum: Some(value) };
    let memory = limits.memory_bytes.saturating_add(mapped_bytes());
    let _ = setrlimit(Resource::As, both(memory));
    // One processor may be busy for as long as the caller waits; the second number ends a process that ignores the
    // first.
    let cpu = Rlimit { current: Some(limits.seconds + 1), maximum: Some(limits.seconds + 5) };
    let _ = setrlimit(Resource::Cpu, cpu);
    let _ = setrlimit(Resource::Core, both(0));
    // Standard input, output and errors are open already; nothing else may be opened.
    let _ = setrlimit(Resource::Nofile, both(3));
}

#[cfg(not(unix))]
pub(crate) fn confine(_limits: &Limits) {}

/// Address space that the program and its libraries take before they read anything: some hundred megabytes for a window
/// program, and much of it never used.
#[cfg(unix)]
fn mapped_bytes() -> u64 {
    const PAGE_BYTES: u64 = 4096;
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').next().and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * PAGE_BYTES
}

/// What a signal that ended the reader says.
#[cfg(unix)]
pub(crate) fn refusal_by_signal(status: ExitStatus) -> Option<ScanRefusal> {
    use rustix::process::Signal;
    use std::os::unix::process::ExitStatusExt as _;
    let signal = status.signal()?;
    if signal == Signal::XCPU.as_raw() {
        Some(ScanRefusal::ReadTimeout)
    } else if signal == Signal::KILL.as_raw() {
        // Nobody here sent it: the system ends processes this way when memory runs out.
        Some(ScanRefusal::OutOfMemory)
    } else {
        None
    }
}

#[cfg(not(unix))]
pub(crate) fn refusal_by_signal(_status: ExitStatus) -> Option<ScanRefusal> {
    None
}
