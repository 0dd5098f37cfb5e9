//! Reads how many tests ran out of what test programs print, and says it in one line for all of them.

use std::fmt;
use std::ops::AddAssign;

/// Tests of one or more runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// Sums up the closing lines of cargo-nextest, `cargo test` and vitest found in `output`.
    pub(crate) fn read(output: &str) -> Self {
        let mut sum = Self::default();
        for line in output.lines() {
            let line = without_colours(line);
            if is_closing(&line) {
                sum += Self {
                    passed: before(&line, &["passed"]),
                    failed: before(&line, &["failed", "timed out", "exec failed"]),
                    skipped: before(&line, &["skipped", "ignored"]),
                };
            }
        }
        sum
    }

    pub(crate) fn ran(self) -> u64 {
        self.passed + self.failed
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

fn is_closing(line: &str) -> bool {
    // cargo-nextest shows what its tests printed indented, their own closing lines among it; those are in its summary.
    let cargo_test = line.starts_with("test result: ");
    let line = line.trim();
    let nextest = line.starts_with("Summary [");
    let vitest =
        line.strip_prefix("Tests ").is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    nextest || cargo_test || vitest
}

/// The sum of the numbers that stand directly before these words.
fn before(line: &str, words: &[&str]) -> u64 {
    words
        .iter()
        .flat_map(|word| line.match_indices(word).map(|(at, _)| &line[..at]))
        .filter_map(|left| left.strip_suffix(' '))
        .filter_map(|left| left[left.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1)..].parse::<u64>().ok())
        .sum()
}

/// Test programs colour their words when told to; an escape sequence ends with a letter.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            let _ = characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_read() {
        let table = [
            ("    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 7 filtered out", (0, 0, 0)),
            ("     Summary [   0.006s] 3 tests run: 3 passed, 0 skipped", (3, 0, 0)),
            (
                "\u{1b}[32;1m     Summary\u{1b}[0m [  12.1s] \u{1b}[1m14\u{1b}[0m tests run: \u{1b}[1m10\u{1b}[0m passed (2 slow), 3 failed, 1 timed out, 2 skipped",
                (10, 4, 2),
            ),
            ("     Summary [   0.2s] 2/9 tests run: 1 passed, 1 exec failed, 7 skipped", (1, 1, 7)),
            (
                "test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s",
                (4, 2, 1),
            ),
            ("      Tests  1 failed | 41 passed | 2 skipped (44)", (41, 1, 2)),
            (" Test Files  1 failed | 3 passed (4)", (0, 0, 0)),
            ("test counts::tests ... 7 passed", (0, 0, 0)),
        ];
        for (line, (passed, failed, skipped)) in table {
            assert_eq!(Counts::read(line), Counts { passed, failed, skipped }, "{line}");
        }
    }

    #[test]
    fn runs_are_summed_in_the_fixed_form() {
        let counts = Counts::read(
            "Summary [ 1s] 1 test run: 1 passed, 0 skipped\ntest result: ok. 2 passed; 0 failed; 0 ignored",
        );
        assert_eq!(counts.to_string(), "3 passed, 0 failed, 0 skipped");
    }
}
