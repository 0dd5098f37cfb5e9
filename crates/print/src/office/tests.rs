//! Every form as a file for a word processor: whole, the same every time, with every label; and LibreOffice reads it.

use super::{OfficeFormat, OfficeRequest, office};
use crate::Header;
use domain::{
    form::{Answers, FieldDef, FieldKind, FormDef, Packs, check},
    time::PlanYear,
};
use serde_json::Value;
use std::{
    fs,
    io::{Cursor, Read as _},
    path::PathBuf,
};

const FORMATS: [(OfficeFormat, &str); 2] = [(OfficeFormat::Odt, "odt"), (OfficeFormat::Docx, "docx")];

fn blank(form: &FormDef, format: OfficeFormat) -> Vec<u8> {
    let policy = Packs::built_in().policy(PlanYear(form.plan_year), None);
    let header = Header { plan_year: form.plan_year, county: "", school: "" };
    office(&OfficeRequest { form, filled: None, policy: &policy, header }, format).unwrap()
}

fn filled(form: &FormDef, sample: &str, format: OfficeFormat) -> Vec<u8> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join(format!("forms/{}/v{}/samples/{sample}.json", form.id, form.version));
    let sample: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let policy = Packs::built_in().policy(PlanYear(form.plan_year), sample["county"].as_str());
    let answers: Answers = serde_json::from_value(sample["answers"].clone()).unwrap();
    let checked = check(form, answers, &policy);
    let header = Header { plan_year: form.plan_year, county: "連江縣", school: "縣立介壽國(中)小" };
    let request = OfficeRequest { form, filled: Some((&checked.answers, &checked.computed)), policy: &policy, header };
    office(&request, format).unwrap()
}

/// Every text a person should find on the blank form.
fn labels(form: &FormDef) -> Vec<String> {
    fn of_field(field: &FieldDef, found: &mut Vec<String>) {
        found.push(field.label.zh.clone());
        if let FieldKind::Rows { fields, .. } | FieldKind::Group { fields } = &field.kind {
            fields.iter().for_each(|field| of_field(field, found));
        }
    }
    let mut found = vec![form.title.zh.clone()];
    form.fields().for_each(|field| of_field(field, &mut found));
    found.extend(form.sections.iter().flat_map(|section| &section.notes).map(|note| note.zh.clone()));
    found
}

/// The text of the document's XML without its marks.
fn text_of(file: &[u8], part: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut xml = String::new();
    zip.by_name(part).unwrap().read_to_string(&mut xml).unwrap();
    let mut text = String::new();
    let mut reader = quick_xml::Reader::from_str(&xml);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Text(part) => text.push_str(&part),
            quick_xml::events::Event::GeneralRef(name) => {
                let sign = match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    other => panic!("&{other};"),
                };
                text.push(sign);
            }
            quick_xml::events::Event::Eof => return text,
            _ => {}
        }
    }
}

fn body(format: OfficeFormat) -> &'static str {
    match format {
        OfficeFormat::Odt => "content.xml",
        OfficeFormat::Docx => "word/document.xml",
    }
}

#[test]
fn every_blank_form_holds_every_label_and_is_the_same_every_time() {
    for (form, _) in Packs::built_in().all() {
        for (format, name) in FORMATS {
            let file = blank(form, format);
            assert_eq!(file, blank(form, format), "{} {name}", form.id);
            let text = text_of(&file, body(format));
            for label in labels(form) {
                assert!(text.contains(&label), "{} {name} lacks {label}", form.id);
            }
        }
    }
}

#[test]
fn a_filled_form_holds_what_was_answered() {
    let (form, _) = Packs::built_in().newest().find(|(form, _)| form.id.as_str() == "plc_application").unwrap();
    for (format, name) in FORMATS {
        let text = text_of(&filled(form, "typical", format), body(format));
        for wanted in ["111學年度 連江縣 縣立介壽國(中)小", "我愛上學", "■同校", "□跨校", "陳喆", "111年9月14日"]
        {
            assert!(text.contains(wanted), "{name} lacks {wanted}");
        }
        assert!(!text.contains("跨校之合作學校"), "{name}: what the form hides is not written");
    }
    let (budget, _) = Packs::built_in().newest().find(|(form, _)| form.id.as_str() == "plc_budget").unwrap();
    for (format, name) in FORMATS {
        let text = text_of(&filled(budget, "typical", format), body(format));
        for wanted in ["19,000", "6,000", "連江縣 / 南竿鄉", "會(主)計主任"] {
            assert!(text.contains(wanted), "{name} lacks {wanted}");
        }
    }
}

#[test]
fn hostile_answers_stay_text() {
    let (form, _) = Packs::built_in().newest().find(|(form, _)| form.id.as_str() == "plc_application").unwrap();
    let policy = Packs::built_in().policy(PlanYear(form.plan_year), None);
    let hostile = "</text:p></w:t>&lt;&amp;\"'<script>\u{7}\u{0}甲";
    let answers =
        Answers(serde_json::json!({ "plc_name": hostile, "plc_summary": hostile }).as_object().unwrap().clone());
    let checked = check(form, answers, &policy);
    let header = Header { plan_year: 111, county: "", school: hostile };
    for (format, name) in FORMATS {
        let request =
            OfficeRequest { form, filled: Some((&checked.answers, &checked.computed)), policy: &policy, header };
        let text = text_of(&office(&request, format).unwrap(), body(format));
        assert!(text.contains("</text:p></w:t>&lt;&amp;\"'<script>甲"), "{name}: {text}");
    }
}

/// Where `cargo xtask test` installs LibreOffice and the tools that read its PDFs.
#[cfg(target_os = "linux")]
mod with_libreoffice {
    use super::*;
    use std::{path::Path, process::Command};

    /// The whole way an office goes: open the file and see the form. Needs LibreOffice; `cargo xtask test` installs it.
    #[test]
    fn libreoffice_opens_every_form() {
        let folder = tempfile::tempdir().unwrap();
        let mut wanted = Vec::new();
        for (form, _) in Packs::built_in().all() {
            for (format, kind) in FORMATS {
                for (name, file) in [("blank", blank(form, format)), ("filled", filled(form, "typical", format))] {
                    let stem = format!("{}-{}-{name}-{kind}", form.id, form.version);
                    fs::write(folder.path().join(format!("{stem}.{kind}")), file).unwrap();
                    wanted.push((form, name, stem));
                }
            }
        }
        for kind in ["odt", "docx"] {
            convert(folder.path(), kind);
        }
        for (form, name, stem) in wanted {
            let pdf = folder.path().join(format!("{stem}.pdf"));
            let text = Command::new("pdftotext").arg("-raw").arg(&pdf).arg("-").output().expect("pdftotext runs");
            assert!(text.status.success(), "LibreOffice made no PDF of {stem}");
            // LibreOffice breaks lines in cells; blanks and line ends say nothing here.
            let bare = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
            let text = bare(&String::from_utf8_lossy(&text.stdout));
            let labels = if name == "blank" { labels(form) } else { vec![form.title.zh.clone()] };
            for label in labels {
                assert!(holds(&text, &bare(&label)), "{stem} lacks {label} in {text}");
            }
        }
    }

    /// Whether the words stand in the text of a page. A cell of several lines may be read with its neighbour's words in between.
    fn holds(text: &str, label: &str) -> bool {
        const PIECES: usize = 4;
        const BETWEEN: usize = 48;
        let (text, label): (Vec<char>, Vec<char>) = (text.chars().collect(), label.chars().collect());
        (0..text.len()).any(|start| {
            let (mut at, mut pieces) = (start, 1);
            label.iter().all(|sign| {
                let ahead = text[at.min(text.len())..].iter().take(BETWEEN).position(|found| found == sign);
                // Before the first sign nothing may be skipped: the next start is tried instead.
                pieces += usize::from(ahead.is_some_and(|skipped| skipped > 0));
                at += ahead.map_or(0, |skipped| skipped + 1);
                ahead.is_some() && pieces <= PIECES
            })
        })
    }

    fn convert(folder: &Path, kind: &str) {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let files: Vec<PathBuf> = files.filter(|file| file.extension().is_some_and(|found| found == kind)).collect();
        let profile = folder.join("profile");
        let done = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", profile.display()))
            .args(["--headless", "--convert-to", "pdf", "--outdir"])
            .arg(folder)
            .args(files)
            .output()
            .expect("soffice runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }
}
