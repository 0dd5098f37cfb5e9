//! Certificates and proofs of training as PDFs. The words come from policy data, the facts from the caller.

use crate::{Fonts, PrintError, Typeface, glyphs::Pen, sheet, tagged};
use chrono::Datelike as _;
use domain::{
    certificate::{CertificateFacts, CertificateText},
    time::PlanYear,
};
use serde_json::json;
use std::sync::LazyLock;
use typst::{foundations::Bytes, syntax::Source};

/// A finished certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The PDF, one page.
    pub pdf: Vec<u8>,
    /// Characters the typeface has no glyph for; they print as 〓, so a certificate with any is not to be issued.
    pub missing_glyphs: Vec<String>,
}

static LAYOUT: LazyLock<Source> = LazyLock::new(|| sheet::layout_of(include_str!("../typ/certificate.typ")));

/// Sets a certificate (or a 數位研習證明) and writes it as a tagged PDF.
///
/// # Errors
/// The typeface is not there, or Typst refused the paper.
pub fn certificate(
    fonts: &Fonts,
    text: &CertificateText,
    facts: &CertificateFacts,
    typeface: Typeface,
) -> Result<Certificate, PrintError> {
    let mut pen = Pen::new(fonts, typeface).ok_or(PrintError::NoTypeface(typeface))?;
    let data = json!({
        "font": fonts.families(typeface),
        "title": pen.line(&text.title.zh),
        "number": pen.line(&facts.number),
        "body": pen.line(&text.written(facts)),
        "issuer": pen.line(&text.issuer.zh),
        "issued": pen.line(&issued(facts)),
    });
    let missing_glyphs = pen.missing;
    let data = serde_json::to_vec(&data).expect("texts always serialise");
    let document = sheet::plain(fonts, &LAYOUT, Bytes::new(data))?;
    let ident = format!("{}|{}", facts.number, text.title.zh);
    Ok(Certificate { pdf: tagged(&document, ident)?, missing_glyphs })
}

/// 中華民國一百零九年二月六日: dates of certificates are written out.
fn issued(facts: &CertificateFacts) -> String {
    let day = facts.issued_at;
    // A day before 1912 cannot be one of these; it stays readable all the same.
    let year = day.year() - PlanYear(0).first_day().year();
    let year = u32::try_from(year).map_or_else(|_| format!("前{}", 1 - year), in_words);
    format!("中華民國{year}年{}月{}日", in_words(day.month()), in_words(day.day()))
}

/// A number from 0 to 9,999 in Chinese: 109 → 一百零九, 12 → 十二.
fn in_words(number: u32) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    const UNITS: [&str; 4] = ["", "十", "百", "千"];
    if number == 0 || number > 9_999 {
        return if number == 0 { "零".to_owned() } else { number.to_string() };
    }
    let digits: Vec<u32> = (0..4_u32).rev().map(|place| number / 10_u32.pow(place) % 10).collect();
    let mut out = String::new();
    let mut gap = false;
    for (digit, place) in digits.into_iter().zip((0..4_usize).rev()) {
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        // 十二, not 一十二, at the head of a number.
        if !(digit == 1 && place == 1 && out.is_empty()) {
            out.push(DIGITS[digit as usize]);
        }
        out.push_str(UNITS[place]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn numbers_are_written_out() {
        let cases = [
            (0, "零"),
            (1, "一"),
            (10, "十"),
            (12, "十二"),
            (20, "二十"),
            (31, "三十一"),
            (99, "九十九"),
            (100, "一百"),
            (109, "一百零九"),
            (110, "一百一十"),
            (111, "一百一十一"),
            (1_005, "一千零五"),
            (10_000, "10000"),
        ];
        for (number, words) in cases {
            assert_eq!(in_words(number), words);
        }
    }
}
