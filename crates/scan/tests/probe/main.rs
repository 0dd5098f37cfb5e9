//! A reader for the guard's tests: an honest one, and ones that behave badly in every way a reader can.

use std::{alloc::Layout, io::Write as _, process, thread, time::Duration};

fn main() {
    let behaviour = std::env::args().nth(1).unwrap_or_default();
    match behaviour.as_str() {
        "read" => process::exit(scan::guard::reader_main()),
        "crash" => process::abort(),
        "silent" => process::exit(0),
        "hang" => loop {
            thread::sleep(Duration::from_secs(3600));
        },
        "out-of-memory" => std::alloc::handle_alloc_error(Layout::new::<u64>()),
        "babble" => {
            let mut out = std::io::stdout();
            while out.write_all(b"not an answer").is_ok() {}
        }
        // Shows whether the parent's environment, and so a passphrase in it, reaches the reader: it crashes only then.
        "leak" if std::env::var_os("CARGO_MANIFEST_DIR").is_some() => process::abort(),
        "leak" => process::exit(scan::guard::reader_main()),
        _ => process::exit(64),
    }
}
