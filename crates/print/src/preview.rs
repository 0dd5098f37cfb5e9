//! The live paper beside the form: pictures of the pages and the place of every field on them.

use crate::{FieldArea, Fonts, PrintError, PrintRequest, places, sheet};
use typst_svg::SvgOptions;

/// Sets papers again and again while a person types. What did not change since the last time is not set anew.
#[derive(Debug, Clone)]
pub struct Preview {
    fonts: Fonts,
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
        Self { fonts }
    }

    /// The pages of a paper as they stand now.
    ///
    /// # Errors
    /// As [`crate::render`].
    pub fn pages(&self, request: &PrintRequest<'_>) -> Result<PagePictures, PrintError> {
        let sheet = sheet::set(&self.fonts, request)?;
        let pages = sheet.document.pages();
        let size = pages.first().map(|page| page.frame.size()).unwrap_or_default();
        let options = SvgOptions::default();
        let pictures = PagePictures {
            pages: pages.iter().map(|page| typst_svg::svg(page, &options)).collect(),
            width_pt: size.x.to_pt(),
            height_pt: size.y.to_pt(),
            fields: places::find(&sheet.document).fields,
            missing_glyphs: sheet.missing_glyphs,
        };
        sheet::forget_old();
        Ok(pictures)
    }
}
