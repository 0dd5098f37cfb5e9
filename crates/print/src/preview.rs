//! The live paper beside the form: pictures of the pages and the place of every field on them.

use crate::{FieldArea, Fonts, PrintError, PrintRequest, places, sheet};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use typst::utils::hash128;
use typst_layout::Page;
use typst_svg::SvgOptions;

/// Sets papers again and again while a person types. What did not change since the last time is neither set nor drawn anew.
#[derive(Debug, Clone)]
pub struct Preview {
    fonts: Fonts,
    /// The pictures of the last setting by the hash of their page.
    drawn: Arc<Mutex<BTreeMap<u128, String>>>,
}

/// The pages as pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct PagePictures {
    /// One SVG document per page, text as outlines.
    pub pages: Vec<String>,
    /// Width of a page in points.
    pub width_pt: f64,
    /// Height of a page in points.
    pub height_pt: f64,
    /// Where each field stands.
    pub fields: Vec<FieldArea>,
    /// Characters the typeface has no glyph for, each once.
    pub missing_glyphs: Vec<String>,
}

impl Preview {
    /// A preview with these fonts.
    pub fn new(fonts: Fonts) -> Self {
        Self { fonts, drawn: Arc::default() }
    }

    /// The pages of a paper as they stand now.
    ///
    /// # Errors
    /// As [`crate::render`].
    pub fn pages(&self, request: &PrintRequest<'_>) -> Result<PagePictures, PrintError> {
        let sheet = sheet::set(&self.fonts, request)?;
        let pages = sheet.document.pages();
        let size = pages.first().map(|page| page.frame.size()).unwrap_or_default();
        let pictures = PagePictures {
            pages: self.draw(pages),
            width_pt: size.x.to_pt(),
            height_pt: size.y.to_pt(),
            fields: places::find(&sheet.document).fields,
            missing_glyphs: sheet.missing_glyphs,
        };
        sheet::forget_old();
        Ok(pictures)
    }

    fn draw(&self, pages: &[Page]) -> Vec<String> {
        // A panic elsewhere cannot leave the pictures half written: they are put in whole.
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *drawn);
        let mut pictures = Vec::with_capacity(pages.len());
        for page in pages {
            let hash = hash128(page);
            let picture = before.get(&hash).cloned().unwrap_or_else(|| typst_svg::svg(page, &SvgOptions::default()));
            drawn.insert(hash, picture.clone());
            pictures.push(picture);
        }
        pictures
    }
}
