//! Sample answers, papers as they are sent, demo people, and small PDFs.

use domain::{
    case::{SentPaper, StampedFile},
    form::{Answers, FormId, FormRef, Packs, content_hash},
    ids::BlobHash,
    people::Actor,
    time::PlanYear,
};
use std::{fmt::Write as _, path::PathBuf};

/// The answers of `forms/<form>/v<newest>/samples/<name>.json`.
///
/// # Panics
/// When there is no such sample.
pub fn sample(form: &str, name: &str) -> Answers {
    sample_of(&form_ref(form), name)
}

fn sample_of(form: &FormRef, name: &str) -> Answers {
    let FormRef { id, version, .. } = form;
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join(format!("forms/{id}/v{version}/samples/{name}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut sample: serde_json::Value = serde_json::from_str(&text).expect("samples are JSON");
    serde_json::from_value(sample["answers"].take()).expect("samples have answers")
}

/// The newest version of a form.
///
/// # Panics
/// When there is no such form.
pub fn form_ref(form: &str) -> FormRef {
    let id: FormId = form.parse().expect("a form's id");
    Packs::built_in().newest().find(|(_, known)| known.id == id).expect("the form exists").1.clone()
}

/// A paper as it is sent: revision 1 of a sample, with the file that was uploaded for it.
///
/// # Panics
/// When there is no such sample.
pub fn paper(form: &str, name: &str, stamped: Option<&[u8]>) -> SentPaper {
    paper_of(form_ref(form), name, stamped)
}

/// A 形式審查表 that lets a case pass: the sample with everything in order.
///
/// # Panics
/// When the sample is of another shape.
pub fn form_review_that_passes() -> SentPaper {
    let mut sheet = paper("adv_form_review", "typical", None);
    let answers = &mut sheet.answers.0;
    answers.insert("result".to_owned(), "通過".into());
    answers.remove("reason");
    for row in answers["slots"].as_array_mut().expect("the sample has rows") {
        row["stamped_ok"] = "是".into();
        row["comment"] = "".into();
    }
    sheet.hash = content_hash(&sheet.form, &sheet.answers);
    sheet
}

/// [`paper`] in the version of a plan year.
///
/// # Panics
/// When there is no such sample.
pub fn paper_of_year(form: &str, year: u16, name: &str, stamped: Option<&[u8]>) -> SentPaper {
    let id: FormId = form.parse().expect("a form's id");
    let (_, form) = Packs::built_in().for_year(&id, PlanYear(year)).expect("the form exists");
    paper_of(form.clone(), name, stamped)
}

fn paper_of(form: FormRef, name: &str, stamped: Option<&[u8]>) -> SentPaper {
    let answers = sample_of(&form, name);
    let stamped = stamped.map(|pdf| StampedFile {
        blob: BlobHash::of(pdf),
        bytes: pdf.len().try_into().expect("a small PDF"),
        pages: 1,
        stamps: Vec::new(),
    });
    SentPaper { revision: 1, hash: content_hash(&form, &answers), form, answers, stamped, stamped_revision: None }
}

/// The demo person with this account.
///
/// # Panics
/// When there is none.
pub fn person(account: &str) -> Actor {
    server::demo::people().into_iter().find(|(name, _)| *name == account).expect("a demo account").1
}

/// A PDF of one empty page, about `bytes` long. Another `mark` makes another file.
///
/// # Panics
/// Never: a text takes everything.
pub fn pdf(mark: u32, bytes: usize) -> Vec<u8> {
    let filling = "x".repeat(bytes);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Mark {mark} /Contents 4 0 R >>"),
        format!("<< /Length {} >>\nstream\n%{filling}\nendstream", filling.len() + 1),
    ];
    let mut text = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        writeln!(table, "{:010} 00000 n ", text.len()).expect("a String takes all");
        writeln!(text, "{number} 0 obj\n{object}\nendobj").expect("a String takes all");
    }
    let start = text.len();
    write!(text, "xref\n0 5\n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
        .expect("a String takes all");
    text.into_bytes()
}

/// A photograph as a telephone takes it: a JPEG of so many pixels, full of small things.
///
/// # Panics
/// Never: memory takes everything.
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).to_le_bytes()[2];
    let picture =
        image::RgbImage::from_fn(width, height, |x, y| image::Rgb([noise(x, y), noise(y, x), noise(x, x + y)]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("memory takes all");
    bytes.into_inner()
}
