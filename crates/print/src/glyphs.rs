//! Text made fit for the paper: every character without a glyph is found before printing, nothing invisible gets through,
//! and words too long for their cell get places to break.

use crate::{Fonts, Typeface};
use std::collections::BTreeSet;
use typst::text::FontInstance;

/// Printed in the place of a character without a glyph: the geta mark, which people know from type setting.
const REPLACEMENT: char = '〓';
/// A place where a line may break, without ink.
const BREAK: char = '\u{200B}';

/// The characters (or character with variation selector) of `texts` that `typeface` has no glyph for, each once, in order
/// of appearance. Empty when the typeface is not loaded, because then nothing can be printed with it either.
pub fn missing_glyphs<'a>(fonts: &Fonts, typeface: Typeface, texts: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let Some(mut pen) = Pen::new(fonts, typeface) else { return Vec::new() };
    for text in texts {
        pen.line(text);
    }
    pen.missing
}

/// Writes texts with the glyphs of one typeface and remembers what it could not write.
pub(crate) struct Pen<'f> {
    fonts: &'f Fonts,
    typeface: Typeface,
    /// The typeface's families, each with its weights.
    families: Vec<Vec<&'f FontInstance>>,
    pub(crate) missing: Vec<String>,
    seen: BTreeSet<String>,
}

impl<'f> Pen<'f> {
    pub(crate) fn new(fonts: &'f Fonts, typeface: Typeface) -> Option<Self> {
        let families: Vec<Vec<_>> =
            fonts.families(typeface).into_iter().map(|family| fonts.faces(family).collect()).collect();
        (!families.is_empty()).then(|| Self { fonts, typeface, families, missing: Vec::new(), seen: BTreeSet::new() })
    }

    /// Whether the typeface can draw `c` in every weight.
    pub(crate) fn draws(&self, c: char) -> bool {
        self.family_of(c).is_some()
    }

    /// The family that draws `c`: the first that has it in every weight.
    fn family_of(&self, c: char) -> Option<&Vec<&'f FontInstance>> {
        let draws = |faces: &Vec<&FontInstance>| faces.iter().all(|face| face.ttf().glyph_index(c).is_some());
        let place = self.fonts.0.drawn_by(self.typeface, c, || self.families.iter().position(draws))?;
        self.families.get(place)
    }

    /// A text of one or more lines, ready to print.
    pub(crate) fn line(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push('\n'),
                '\t' | '\u{A0}' => out.push(' '),
                c if is_invisible(c) => {}
                c => {
                    let selector = chars.next_if(|&next| is_selector(next));
                    out.push(self.glyph(c, selector));
                }
            }
        }
        out
    }

    /// Puts places to break into words wider than `room` (in em), so that no cell is ever too narrow for its text.
    pub(crate) fn fit(&self, text: &str, room: f64) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars() {
            // From U+2E80 on stand the scripts that break between any two characters.
            if c.is_whitespace() || c >= '\u{2E80}' {
                self.end_word(&mut word, room, &mut out);
                out.push(c);
            } else {
                word.push(c);
            }
        }
        self.end_word(&mut word, room, &mut out);
        out
    }

    fn end_word(&self, word: &mut String, room: f64, out: &mut String) {
        if word.chars().map(|c| self.width(c)).sum::<f64>() > room {
            for (number, c) in word.chars().enumerate() {
                if number > 0 {
                    out.push(BREAK);
                }
                out.push(c);
            }
        } else {
            out.push_str(word);
        }
        word.clear();
    }

    /// The width of a character in em.
    fn width(&self, c: char) -> f64 {
        let wide = |font: &&FontInstance| {
            let face = font.ttf();
            let advance = face.glyph_hor_advance(face.glyph_index(c)?)?;
            Some(f64::from(advance) / f64::from(face.units_per_em()))
        };
        self.family_of(c).and_then(|faces| faces.first().and_then(wide)).unwrap_or(1.0)
    }

    fn glyph(&mut self, c: char, selector: Option<char>) -> char {
        let Some(faces) = self.family_of(c) else {
            self.note(c.to_string());
            return REPLACEMENT;
        };
        if let Some(selector) = selector
            && faces.iter().any(|face| face.ttf().glyph_variation_index(c, selector).is_none())
        {
            // The character prints, but not in the shape the person chose.
            self.note(format!("{c}{selector}"));
        }
        c
    }

    fn note(&mut self, text: String) {
        if self.seen.insert(text.clone()) {
            self.missing.push(text);
        }
    }
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Control and format characters: without ink, and able to turn or hide what stands beside them.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || is_selector(c)
        || matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
