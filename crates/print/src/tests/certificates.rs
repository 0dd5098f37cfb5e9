//! Certificates and proofs of training: the words, the number, one page, no glyph missing without a word.

use super::*;
use crate::certificate;
use domain::certificate::{CertificateFacts, CertificateKind, CertificateNumber, CertificatePaper};
use domain::record::Hours;
use std::process::Command;

fn facts(name: &str) -> CertificateFacts {
    let number = CertificateNumber::new("臺北市", CertificateKind::Advanced, PlanYear(108), 13).unwrap();
    CertificateFacts {
        name: name.to_owned(),
        school: "臺北市立成淵高級中學".to_owned(),
        kind: CertificateKind::Advanced,
        plan_year: PlanYear(108),
        number: number.to_string(),
        hours: Some(Hours::whole(18)),
        issued_at: chrono::NaiveDate::from_ymd_opt(2020, 2, 6).unwrap(),
    }
}

fn page(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.pdf");
    fs::write(&file, pdf).unwrap();
    let text = Command::new("pdftotext").arg(&file).arg("-").output().expect("pdftotext runs");
    String::from_utf8_lossy(&text.stdout).chars().filter(|sign| !sign.is_whitespace() || *sign == '\u{c}').collect()
}

#[test]
fn a_certificate_says_who_what_and_when() {
    for (paper, wanted) in [
        (
            CertificatePaper::Certificate,
            "進階專業回饋人才認證證書臺北證號第B108000013號臺北市立成淵高級中學林測試君參加108學年度進階專業回饋人才認證，經審查合格，\
             特發給證書，以資證明。教育部中華民國一百零九年二月六日\u{c}",
        ),
        (
            CertificatePaper::Training,
            "進階專業回饋人才培訓數位研習證明臺北證號第B108000013號臺北市立成淵高級中學林測試君參與108學年度進階專業回饋人才培訓，\
             研習時數共計18小時，特此證明。教育部中華民國一百零九年二月六日\u{c}",
        ),
    ] {
        let text = Packs::built_in().certificate(CertificateKind::Advanced, paper).unwrap();
        let made = certificate(&FONTS, text, &facts("林測試"), Typeface::Serif).unwrap();
        assert_eq!(page(&made.pdf), wanted.replace(' ', ""));
        assert!(made.missing_glyphs.is_empty());
        assert_eq!(made, certificate(&FONTS, text, &facts("林測試"), Typeface::Serif).unwrap(), "the same bytes again");
        if let Some(folder) = std::env::var_os("PROTEACHER_PAPERS") {
            fs::create_dir_all(&folder).unwrap();
            fs::write(PathBuf::from(folder).join(format!("certificate-{paper:?}.pdf")), &made.pdf).unwrap();
        }
    }
}

/// The longest names of people and schools stay on the one page; a name that looks like a place for facts is a name.
#[test]
fn long_and_rare_names_stay_on_one_page() {
    let text = Packs::built_in().certificate(CertificateKind::Advanced, CertificatePaper::Certificate).unwrap();
    let mut long = facts(&"谷辣斯・尤達卡".repeat(6));
    long.school = "國立".to_owned() + &"花蓮高級農業職業學校".repeat(4);
    let made = certificate(&FONTS, text, &long, Typeface::Serif).unwrap();
    assert_eq!(page(&made.pdf).matches('\u{c}').count(), 1);
    let odd = certificate(&FONTS, text, &facts("{school}{name"), Typeface::Serif).unwrap();
    assert!(page(&odd.pdf).contains("{school}{name君"), "{}", page(&odd.pdf));
    let rare = certificate(&FONTS, text, &facts("王\u{30EDE}\u{E000}"), Typeface::Serif).unwrap();
    assert!(rare.missing_glyphs.contains(&"\u{E000}".to_owned()), "{:?}", rare.missing_glyphs);
}
