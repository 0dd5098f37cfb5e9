//! Old and new text in one. Pieces are words where letters make words, and single signs where they do not, as in Chinese.

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Beyond so many pieces on either side nobody reads a comparison, and making it would take long: the text is replaced whole.
const MOST_PIECES: usize = 8_000;

/// What a piece of text is in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SpanKind {
    /// In both.
    Same,
    /// In the old text alone.
    Removed,
    /// In the new text alone.
    Added,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Span {
    /// In which of the two it stands.
    pub kind: SpanKind,
    /// The piece.
    pub text: String,
}

/// Old and new text in one: what is the same and what was removed makes the old text, what is the same and what was added the
/// new one.
pub fn spans(old: &str, new: &str) -> Vec<Span> {
    if old == new {
        return one(SpanKind::Same, old);
    }
    let (was, now) = (pieces(old), pieces(new));
    if was.len().max(now.len()) > MOST_PIECES {
        return replaced(old, new);
    }
    let mut blocks = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &was, &now) {
        let (_, old, new) = op.as_tag_tuple();
        let (old, new) = (was.get(old).unwrap_or_default().concat(), now.get(new).unwrap_or_default().concat());
        blocks.push(if op.tag() == DiffTag::Equal { Block::Same(new) } else { Block::Changed(old, new) });
    }
    written(&calm(blocks))
}

/// The whole text removed and the whole text added.
pub(super) fn replaced(old: &str, new: &str) -> Vec<Span> {
    if old == new {
        return one(SpanKind::Same, old);
    }
    let mut spans = one(SpanKind::Removed, old);
    spans.extend(one(SpanKind::Added, new));
    spans
}

fn one(kind: SpanKind, text: &str) -> Vec<Span> {
    if text.is_empty() { Vec::new() } else { vec![Span { kind, text: text.to_owned() }] }
}

/// Letters and digits of words as they hang together, white space as it hangs together, every other sign alone.
fn pieces(text: &str) -> Vec<&str> {
    #[derive(PartialEq)]
    enum Sort {
        Word,
        Space,
        Alone,
    }
    let sort = |sign: char| {
        if sign == '\n' {
            Sort::Alone
        } else if sign.is_whitespace() {
            Sort::Space
        } else if sign.is_ascii_alphanumeric() || (sign.is_alphabetic() && sign < '\u{2e80}') {
            Sort::Word
        } else {
            Sort::Alone
        }
    };
    let mut found = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, sign) in text.char_indices() {
        let kind = sort(sign);
        if before.as_ref().is_some_and(|before| *before != kind || kind == Sort::Alone) {
            found.extend(text.get(start..at));
            start = at;
        }
        before = Some(kind);
    }
    found.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    found
}

enum Block {
    Same(String),
    /// Removed, added.
    Changed(String, String),
}

impl Block {
    fn weight(&self) -> usize {
        match self {
            Self::Same(text) => text.chars().count(),
            Self::Changed(old, new) => old.chars().count().max(new.chars().count()),
        }
    }
}

/// A sign or two that happen to be the same between two changes make confetti of a sentence: they go into the change.
fn calm(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut rest = blocks.into_iter().peekable();
    while let Some(block) = rest.next() {
        let weight = block.weight();
        match (out.last_mut(), block) {
            (Some(Block::Changed(old, new)), Block::Changed(more_old, more_new)) => {
                old.push_str(&more_old);
                new.push_str(&more_new);
            }
            (Some(last @ Block::Changed(..)), Block::Same(text))
                if weight <= 2
                    && !text.contains('\n')
                    && rest.peek().is_some_and(|next| last.weight() > weight && next.weight() > weight) =>
            {
                if let Block::Changed(old, new) = last {
                    old.push_str(&text);
                    new.push_str(&text);
                }
            }
            (_, block) => out.push(block),
        }
    }
    out
}

fn written(blocks: &[Block]) -> Vec<Span> {
    let mut spans = Vec::new();
    for block in blocks {
        match block {
            Block::Same(text) => spans.extend(one(SpanKind::Same, text)),
            Block::Changed(old, new) => {
                spans.extend(one(SpanKind::Removed, old));
                spans.extend(one(SpanKind::Added, new));
            }
        }
    }
    spans
}
