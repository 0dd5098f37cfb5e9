//! The cover of a bundle and its table of contents. It lies in front of pages that it does not know; their numbers come from the
//! caller, counted without these pages.

use crate::{Fonts, PrintError, Typeface, glyphs::Pen, sheet, tagged};
use serde_json::{Value, json};
use std::sync::LazyLock;
use typst::{foundations::Bytes, syntax::Source};

/// What the cover says and the contents list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleContents {
    /// The title.
    pub title: String,
    /// Lines of the cover: name and value.
    pub facts: Vec<(String, String)>,
    /// The cases, in order.
    pub cases: Vec<BundleCase>,
    /// Pages behind these.
    pub pages_behind: usize,
}

/// A case of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleCase {
    /// 社群名稱.
    pub title: String,
    /// School, convener, state.
    pub about: String,
    /// Its papers; a case without any says why in one that is missing.
    pub papers: Vec<BundlePaper>,
}

/// A paper of the contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundlePaper {
    /// What it is.
    pub name: String,
    /// Where it begins among the pages behind, from 0; else why it is missing.
    pub place: Result<usize, String>,
}

/// The pages in front of a bundle.
#[derive(Debug, Clone, PartialEq)]
pub struct BundleFront {
    /// The PDF. A link to the page N behind goes to `bundle:N`.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: usize,
}

static LAYOUT: LazyLock<Source> = LazyLock::new(|| sheet::layout_of(include_str!("../typ/bundle.typ")));

/// Sets cover and contents.
///
/// # Errors
/// The typeface is not there, or Typst refused the pages.
pub fn bundle_front(fonts: &Fonts, contents: &BundleContents, typeface: Typeface) -> Result<BundleFront, PrintError> {
    // How many pages there are decides about their own numbers, and those hardly ever about the number of pages.
    let mut front = 2;
    for _ in 0..4 {
        let data = written(fonts, contents, typeface, front)?;
        let document = sheet::plain(fonts, &LAYOUT, Bytes::new(data))?;
        let found = document.pages().len();
        if found == front {
            let ident = format!("bundle|{}|{}", contents.title, contents.pages_behind);
            return Ok(BundleFront { pdf: tagged(&document, ident)?, pages: found });
        }
        front = found;
    }
    Err(PrintError::Typeset("the number of pages does not settle".to_owned()))
}

fn written(fonts: &Fonts, contents: &BundleContents, typeface: Typeface, front: usize) -> Result<Vec<u8>, PrintError> {
    let mut pen = Pen::new(fonts, typeface).ok_or(PrintError::NoTypeface(typeface))?;
    let mut cases = Vec::new();
    for (number, case) in (1..).zip(&contents.cases) {
        let first = case.papers.iter().find_map(|paper| paper.place.as_ref().ok());
        let page = |place: Option<&usize>| place.map_or(Value::Null, |place| json!((front + place + 1).to_string()));
        let mut papers = Vec::new();
        for paper in &case.papers {
            papers.push(json!({
                "name": pen.line(&paper.name),
                "page": match &paper.place {
                    Ok(place) => page(Some(place)),
                    Err(why) => json!(format!("缺：{}", pen.line(why))),
                },
                "target": paper.place.as_ref().ok(),
            }));
        }
        cases.push(json!({
            "number": number,
            "title": pen.line(&case.title),
            "about": pen.line(&case.about),
            "page": page(first),
            "target": first,
            "papers": papers,
        }));
    }
    let missing = contents.cases.iter().flat_map(|case| &case.papers).filter(|paper| paper.place.is_err()).count();
    let facts: Vec<Value> = contents
        .facts
        .iter()
        .map(|(name, value)| json!({ "name": pen.line(name), "value": pen.line(value) }))
        .collect();
    let data = json!({
        "font": fonts.families(typeface),
        "title": pen.line(&contents.title),
        "contents": "目次",
        "facts": facts,
        "missing": (missing > 0).then(|| format!("缺 {missing} 件，目次上以「缺」標明，並說明原因。")),
        "pages": front + contents.pages_behind,
        "cases": cases,
    });
    Ok(serde_json::to_vec(&data).expect("texts and numbers always serialise"))
}
