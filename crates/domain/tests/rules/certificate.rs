//! Numbers of certificates in both their forms, and what is none.

use domain::{
    certificate::{CertificateKind, CertificateNumber, CertificatePaper},
    form::Packs,
    time::PlanYear,
};

#[test]
fn numbers_are_read_and_written() {
    #[rustfmt::skip]
    let table = [
        // text                        county        kind                        year serial   written
        ("臺北證號第B108000013號", Some("臺北"), CertificateKind::Advanced, 108, 13,   "臺北證號第B108000013號"),
        ("新竹縣證號第C099000001號", Some("新竹縣"), CertificateKind::Mentor, 99,  1,    "新竹縣證號第C099000001號"),
        ("A104000811",             None,         CertificateKind::Entry,    104, 811,  "A104000811"),
        (" C104001811號 ",         None,         CertificateKind::Mentor,   104, 1811, "C104001811"),
    ];
    for (text, county, kind, year, serial, written) in table {
        let number: CertificateNumber = text.parse().unwrap();
        assert_eq!(
            (number.county.as_deref(), number.kind, number.plan_year, number.serial),
            (county, kind, PlanYear(year), serial),
            "{text}"
        );
        assert_eq!(number.to_string(), written);
        assert_eq!(number.to_string().parse(), Ok(number));
    }
    // Old lists have a year alone, or anything: such a text is kept as it is, and is no number.
    for text in [
        "",
        "96",
        "D108000013",
        "B10800001",
        "B1080000130",
        "B108000000",
        "臺證號第B108000013號",
        "ab證號第B108000013號",
        "B１０８000013",
    ] {
        assert!(text.parse::<CertificateNumber>().is_err(), "{text}");
    }
}

#[test]
fn a_number_is_made_for_a_county() {
    let number =
        |county: &str, serial| CertificateNumber::new(county, CertificateKind::Advanced, PlanYear(111), serial);
    assert_eq!(number("臺中市", 7).unwrap().to_string(), "臺中證號第B111000007號");
    assert_eq!(number("連江縣", 999_999).unwrap().to_string(), "連江證號第B111999999號");
    assert_eq!(number("", 7).unwrap().to_string(), "B111000007");
    assert!(number("臺中市", 0).is_err() && number("臺中市", 1_000_000).is_err());
}

#[test]
fn every_certificate_has_its_words() {
    for kind in CertificateKind::ALL {
        let text = Packs::built_in().certificate(kind, CertificatePaper::Certificate).unwrap();
        assert!(text.body.zh.contains("{name}") && text.body.zh.contains("{plan_year}"), "{kind:?}");
        // Nobody has seen the papers themselves: the mark stays until the office has.
        assert_eq!(text.mark.as_deref(), Some("derived:recall"), "{kind:?}");
    }
    for kind in [CertificateKind::Entry, CertificateKind::Advanced] {
        let text = Packs::built_in().certificate(kind, CertificatePaper::Training).unwrap();
        assert!(text.body.zh.contains("{hours}"), "{kind:?}");
    }
}
