//! Secrets asked of a person or read from a pipe.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Whether a person sits at the keyboard.
pub(crate) fn has_person() -> bool {
    io::stdin().is_terminal()
}

/// One line from stdin: typed without being shown, or piped.
pub(crate) fn secret(prompt: &str) -> io::Result<String> {
    if has_person() {
        io::stderr().write_all(prompt.as_bytes())?;
        return rpassword::read_password();
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
