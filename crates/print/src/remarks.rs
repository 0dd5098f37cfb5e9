//! The print of a review: what was asked at single fields and what was answered, round by round.

use crate::{Fonts, Header, PrintError, Typeface, glyphs::Pen, sheet, tagged};
use domain::{
    case::{Case, Process},
    form::{FormDef, Packs},
    remark::Remark,
};
use serde_json::{Value, json};
use std::sync::LazyLock;
use typst::{foundations::Bytes, syntax::Source};

/// A finished print of a review.
#[derive(Debug, Clone, PartialEq)]
pub struct RemarkSheet {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// Its pages.
    pub pages: u32,
    /// Characters the typeface has no glyph for; they print as 〓.
    pub missing_glyphs: Vec<String>,
}

static LAYOUT: LazyLock<Source> = LazyLock::new(|| sheet::layout_of(include_str!("../typ/remarks.typ")));

/// Sets the remarks of a case and writes them as a tagged PDF. The fields are named as on the papers that were sent.
///
/// # Errors
/// The typeface is not there, or Typst refused the paper.
pub fn remarks(fonts: &Fonts, case: &Case, title: &str, typeface: Typeface) -> Result<RemarkSheet, PrintError> {
    let mut pen = Pen::new(fonts, typeface).ok_or(PrintError::NoTypeface(typeface))?;
    let header = Header { plan_year: case.plan_year.0, county: &case.school.county, school: &case.school.name };
    let mut facts = match case.process {
        Process::Advanced => vec![("認證教師", case.owner.name.clone())],
        Process::Plc | Process::Summary => {
            vec![("社群名稱", title.to_owned()), ("召集人", case.owner.name.clone())]
        }
    };
    facts.push(("狀態", case.state.label().to_owned()));
    facts.extend(case.reason.iter().map(|reason| ("原因訊息", reason.clone())));
    let facts: Vec<[String; 2]> =
        facts.into_iter().map(|(name, value)| [name.to_owned(), lines(&mut pen, &value)]).collect();
    // Oldest first: what came with one return, or out of one round of review, stands together.
    let rounds: Vec<Value> = case
        .remarks
        .chunk_by(|one, next| title_of(one) == title_of(next))
        .map(|remarks| {
            let rows: Vec<Value> = remarks.iter().map(|remark| row(&mut pen, case, remark)).collect();
            json!({ "title": title_of(&remarks[0]), "rows": rows })
        })
        .collect();
    let data = json!({
        "font": fonts.families(typeface),
        "title": "審查意見",
        "header": pen.line(&format!("{}學年度 {} {}", header.plan_year, header.county, header.school)),
        "facts": facts,
        "columns": ["表單／欄位", "審查意見", "回覆", "狀態"],
        "rounds": rounds,
    });
    let missing_glyphs = pen.missing;
    let data = serde_json::to_vec(&data).expect("texts always serialise");
    let document = sheet::plain(fonts, &LAYOUT, Bytes::new(data))?;
    let pages = u32::try_from(document.pages().len()).unwrap_or(u32::MAX);
    Ok(RemarkSheet { pdf: tagged(&document, format!("{}|{}|remarks", case.id, case.seq))?, pages, missing_glyphs })
}

/// 第 1 次退件, or 初審意見 of a reviewer.
fn title_of(remark: &Remark) -> String {
    match remark.review {
        Some(review) => format!("{}意見", review.label()),
        None => format!("第 {} 次退件", remark.round),
    }
}

/// A text of several lines, each made fit for the paper.
fn lines(pen: &mut Pen<'_>, text: &str) -> String {
    text.split('\n').map(|line| pen.line(line)).collect::<Vec<_>>().join("\n")
}

fn row(pen: &mut Pen<'_>, case: &Case, remark: &Remark) -> Value {
    let def: Option<&FormDef> = case
        .paper(&remark.form)
        .and_then(|paper| Packs::built_in().get(&paper.form.id, paper.form.version))
        .map(|(def, _)| def);
    let form = def.map_or(remark.form.as_str(), |def| def.name.zh.as_str());
    let field =
        def.and_then(|def| def.field(&remark.field)).map_or(remark.field.as_str(), |field| field.label.zh.as_str());
    json!({
        "field": lines(pen, &format!("{form}\n{field}")),
        "text": lines(pen, &format!("{}\n（{}）", remark.text, remark.by.person.name)),
        "answer": lines(pen, remark.answer.as_deref().unwrap_or("")),
        "state": if remark.settled { "已解決" } else if remark.answer.is_some() { "已回覆" } else { "待回覆" },
    })
}
