//! The live paper beside the form: pictures of the pages and the place of every field on them.

use crate::{FieldArea, Fonts, PrintError, PrintRequest, places, sheet};
use std::collections::BTreeSet;
use typst::utils::hash128;
use typst_layout::Page;
use typst_svg::SvgOptions;

/// The pages as pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct PagePictures {
    /// One for each page.
    pub pages: Vec<PagePicture>,
    /// Width of a page in points.
    pub width_pt: f64,
    /// Height of a page in points.
    pub height_pt: f64,
    /// Where each field stands.
    pub fields: Vec<FieldArea>,
    /// Characters the typeface has no glyph for, each once.
    pub missing_glyphs: Vec<String>,
}

/// One page as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePicture {
    /// Names what the page shows: the same for the same picture.
    pub hash: String,
    /// An SVG document, text as outlines; none where the caller holds it already.
    pub svg: Option<String>,
}

/// The pages of a paper as they stand now, again and again while a person types. What did not change since the last time is not set
/// anew, and a page whose hash is among those `held` is neither drawn nor carried: a key changes one page of many.
///
/// # Errors
/// As [`crate::render`].
pub fn preview(fonts: &Fonts, request: &PrintRequest<'_>, held: &[String]) -> Result<PagePictures, PrintError> {
    let sheet = sheet::set(fonts, request)?;
    let held: BTreeSet<&str> = held.iter().map(String::as_str).collect();
    let pages = sheet.document.pages();
    let size = pages.first().map(|page| page.frame.size()).unwrap_or_default();
    let pictures = PagePictures {
        pages: pages.iter().map(|page| picture(page, &held)).collect(),
        width_pt: size.x.to_pt(),
        height_pt: size.y.to_pt(),
        fields: places::find(&sheet.document).fields,
        missing_glyphs: sheet.missing_glyphs,
    };
    sheet::forget_old();
    Ok(pictures)
}

fn picture(page: &Page, held: &BTreeSet<&str>) -> PagePicture {
    let hash = format!("{:032x}", hash128(page));
    let svg = (!held.contains(hash.as_str())).then(|| typst_svg::svg(page, &SvgOptions::default()));
    PagePicture { hash, svg }
}
