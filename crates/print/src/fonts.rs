//! The fonts of the paper: loaded once from bytes, never searched for, never replaced by another without saying so.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, Ordering},
    },
};
use typst::{
    foundations::Bytes,
    layout::Abs,
    text::{Font, FontBook, FontInstance, FontVariations},
    utils::LazyHash,
};

/// The family every official paper is set in unless a person prefers 標楷體.
pub(crate) const SERIF: &str = "Noto Serif TC";
/// The family of the footer.
pub(crate) const SANS: &str = "Noto Sans TC";
/// Names under which the systems and their users keep a 標楷體.
const KAI: [&str; 9] = [
    "DFKai-SB",
    "標楷體",
    "BiauKai",
    "BiauKaiTC",
    "TW-Kai",
    "TW-Kai-98_1",
    "全字庫正楷體",
    "AR PL UKai TW",
    "AR PL KaitiM Big5",
];

/// The families that carry on a 標楷體 of the national character set with its rarer characters, in the same hand.
const KAI_MORE: [&str; 6] =
    ["TW-Kai-Ext-B", "TW-Kai-Ext-B-98_1", "TW-Kai-Plus", "TW-Kai-Plus-98_1", "全字庫正楷體 Ext-B", "全字庫正楷體 Plus"];

/// The typeface of a print.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Typeface {
    /// 明體: Noto Serif TC, always there.
    #[default]
    Serif,
    /// 標楷體 of the system, when it was among the loaded fonts.
    Kai,
}

/// The fonts cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// A needed family was not among the files.
    #[error("the font family {0} is missing")]
    Missing(&'static str),
}

/// The loaded fonts. Cloning is cheap.
#[derive(Clone)]
pub struct Fonts(pub(crate) Arc<FontSet>);

pub(crate) struct FontSet {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    /// The same fonts, opened for questions about their glyphs.
    faces: Vec<FontInstance>,
    /// 標楷體 and what carries it on; empty when it was not loaded.
    kai: Vec<String>,
    /// Which family of a typeface draws a character, as far as it was asked: [`FontSet::drawn_by`] explains the numbers.
    drawn: [Box<[AtomicU8]>; 2],
    /// How many pages each form last had: the first guess for its next setting, nothing else.
    pub(crate) pages_last: Mutex<BTreeMap<(String, u32), u32>>,
}

/// Characters below this code are remembered: all that a typeface here is likely to have.
const REMEMBERED: usize = 0x3_0000;
/// Not asked yet. Else the number of the family from 1.
const UNKNOWN: u8 = 0;
/// No family draws it.
const NOWHERE: u8 = u8::MAX;

impl FontSet {
    /// The place of the first family of a typeface that draws a character, by `search`, which is asked once for each character:
    /// a paper has thousands of them, most of them over and over.
    pub(crate) fn drawn_by(
        &self,
        typeface: Typeface,
        c: char,
        search: impl FnOnce() -> Option<usize>,
    ) -> Option<usize> {
        let drawn = match typeface {
            Typeface::Serif => &self.drawn[0],
            Typeface::Kai => &self.drawn[1],
        };
        let Some(known) = drawn.get(c as usize) else { return search() };
        match known.load(Ordering::Relaxed) {
            UNKNOWN => {
                let found = search();
                let family = found.map_or(NOWHERE, |place| u8::try_from(place + 1).expect("a dozen families at most"));
                known.store(family, Ordering::Relaxed);
                found
            }
            NOWHERE => None,
            family => Some(usize::from(family) - 1),
        }
    }
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts").field("faces", &self.0.fonts.len()).field("kai", &self.0.kai).finish()
    }
}

impl Fonts {
    /// Reads font files (TTF, OTF, TTC). Files that are no fonts, and families the papers do not use, are passed over.
    ///
    /// # Errors
    /// Noto Serif TC or Noto Sans TC is not among them.
    pub fn load(files: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, FontError> {
        let used =
            |family: &str| family == SERIF || family == SANS || KAI.contains(&family) || KAI_MORE.contains(&family);
        let fonts: Vec<Font> = files
            .into_iter()
            .flat_map(|bytes| Font::iter(Bytes::new(bytes)).collect::<Vec<_>>())
            .filter(|font| used(&font.info().family))
            .collect();
        let has = |family: &str| fonts.iter().any(|font| font.info().family == family);
        for family in [SERIF, SANS] {
            if !has(family) {
                return Err(FontError::Missing(family));
            }
        }
        let more = KAI_MORE.into_iter().filter(|family| has(family));
        let kai = KAI
            .into_iter()
            .find(|family| has(family))
            .into_iter()
            .flat_map(|main| [main].into_iter().chain(more.clone()));
        let kai = kai.map(str::to_owned).collect();
        // The size matters to variable fonts only, and not to which glyphs there are.
        let open =
            |font: &Font| font.clone().instantiate(font.info().variant, Abs::pt(11.0), &FontVariations::default());
        let faces = fonts.iter().map(open).collect();
        let book = LazyHash::new(FontBook::from_fonts(&fonts));
        let unasked = || (0..REMEMBERED).map(|_| AtomicU8::new(UNKNOWN)).collect();
        let drawn = [unasked(), unasked()];
        Ok(Self(Arc::new(FontSet { book, fonts, faces, kai, drawn, pages_last: Mutex::default() })))
    }

    /// Whether a typeface can be printed with.
    pub fn has(&self, typeface: Typeface) -> bool {
        !self.families(typeface).is_empty()
    }

    /// The names of a typeface's families, the main one first; none when it was not loaded.
    pub(crate) fn families(&self, typeface: Typeface) -> Vec<&str> {
        match typeface {
            Typeface::Serif => vec![SERIF],
            Typeface::Kai => self.0.kai.iter().map(String::as_str).collect(),
        }
    }

    /// The faces of a family.
    pub(crate) fn faces<'s>(&'s self, family: &'s str) -> impl Iterator<Item = &'s FontInstance> {
        let both = self.0.fonts.iter().zip(&self.0.faces);
        both.filter(move |(font, _)| font.info().family == family).map(|(_, face)| face)
    }
}
