//! 資格檢核 at its borders, by the rules that ship and by those of a certification that only this test knows.

use chrono::NaiveDate;
use domain::{
    certificate::CertificateKind,
    eligibility::{Asked, Eligibility, EligibilityRules, eligibility},
    form::Packs,
    policy::PolicyBook,
    record::{CertificateSource, HeldCertificate, Hours, PersonRecord, Profile, Training, TrainingKind},
    time::PlanYear,
};
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// 2022-09-01 lies in 學年度 111, which is applied for.
const TODAY: &str = "2022-09-01";

fn advanced() -> EligibilityRules {
    Packs::built_in().eligibility(CertificateKind::Advanced.code(), PlanYear(111), Some("臺中市")).unwrap()
}

fn training(kind: TrainingKind, on: &str, halves: u32) -> Training {
    let hours = Hours::halves(halves);
    Training {
        course: "進階研習".to_owned(), code: on.to_owned(), kind, hours, day: day(on), source: String::new()
    }
}

fn certificate(kind: CertificateKind, waits: bool) -> HeldCertificate {
    let source = CertificateSource::OldSystem;
    HeldCertificate {
        id: Uuid::from_u128(1).into(),
        kind,
        plan_year: None,
        number: "96".to_owned(),
        issued_on: None,
        source,
        waits,
    }
}

/// Somebody who fulfils everything on [`TODAY`].
fn eligible() -> PersonRecord {
    PersonRecord {
        profile: Profile { serving: Some(true), tenured_since: Some("2019-09".parse().unwrap()), teaching_years: 3 },
        trainings: vec![
            training(TrainingKind::Advanced, "2021-08-01", 24),
            training(TrainingKind::Advanced, TODAY, 12),
        ],
        certificates: vec![certificate(CertificateKind::Entry, false)],
        ..PersonRecord::default()
    }
}

/// The lines that fail, by their names.
fn failing(found: &Eligibility) -> Vec<String> {
    let name = |asked: &Asked| serde_json::to_value(asked).unwrap()["type"].as_str().unwrap().to_owned();
    found.lines.iter().filter(|line| !line.met).map(|line| name(&line.asked)).collect()
}

fn judge(record: &PersonRecord) -> Eligibility {
    eligibility(record, &advanced(), PlanYear(111), day(TODAY))
}

#[test]
fn every_line_by_itself() {
    let whole = judge(&eligible());
    assert_eq!((whole.is_eligible(), whole.lines.len()), (true, 6), "{whole:?}");
    let everything = ["identity", "tenured_years", "teaching_years", "entry_cert", "training_hours", "training_year"];
    let nobody = judge(&PersonRecord::default());
    assert_eq!(failing(&nobody), everything);
    assert!(!nobody.is_eligible());

    type Change = fn(&mut PersonRecord);
    #[rustfmt::skip]
    let cases: &[(&str, Change, &[&str])] = &[
        ("nothing is said of the post",      |r| r.profile.serving = None,                                         &["identity"]),
        ("代理教師",                          |r| r.profile.serving = Some(false),                                  &["identity"]),
        ("未取得正式教師 is left blank",      |r| r.profile.tenured_since = None,                                   &["tenured_years"]),
        ("a month short of three years",     |r| r.profile.tenured_since = Some("2019-10".parse().unwrap()),       &["tenured_years"]),
        ("a month that is to come",          |r| r.profile.tenured_since = Some("2022-10".parse().unwrap()),       &["tenured_years"]),
        ("two years of teaching",            |r| r.profile.teaching_years = 2,                                     &["teaching_years"]),
        ("no certificate, no training",      |r| r.certificates.clear(),                                           &["entry_cert"]),
        ("the certificate waits for 資料轉移", |r| r.certificates[0].waits = true,                                 &["entry_cert"]),
        ("another certificate",              |r| r.certificates[0].kind = CertificateKind::Mentor,                 &["entry_cert"]),
        ("half an hour short",               |r| r.trainings[1].hours = Hours::halves(11),                         &["training_hours"]),
        ("training of another kind",         |r| r.trainings[1].kind = TrainingKind::Entry,                        &["training_hours"]),
        ("the first day of the year before", |r| r.trainings[0].day = day("2021-08-01"),                           &[]),
        ("a day before that",                |r| r.trainings[0].day = day("2021-07-31"),                           &["training_hours"]),
        ("everything too early",             |r| for t in &mut r.trainings { t.day = day("2021-07-31") },          &["training_hours", "training_year"]),
        ("a training of tomorrow",           |r| r.trainings[1].day = day("2022-09-02"),                           &["training_hours"]),
        ("no training",                      |r| r.trainings.clear(),                                              &["training_hours", "training_year"]),
    ];
    for (what, change, expected) in cases {
        let mut record = eligible();
        change(&mut record);
        assert_eq!(failing(&judge(&record)), *expected, "{what}");
    }
}

#[test]
fn training_in_the_place_of_the_certificate() {
    #[rustfmt::skip]
    let cases = [
        // day           halves  will do
        ("2017-01-01",   12,     true),
        ("2016-12-31",   12,     false),
        ("2017-01-01",   11,     false),
        ("2022-09-01",   12,     true),
        ("2022-09-02",   12,     false),
    ];
    for (on, halves, will_do) in cases {
        let mut record = eligible();
        record.certificates.clear();
        record.trainings.push(training(TrainingKind::Entry, on, halves));
        assert_eq!(judge(&record).is_eligible(), will_do, "{on} {halves}");
    }
    // Halves add up, and a county may ask for the certificate itself.
    let mut record = eligible();
    record.certificates.clear();
    record.trainings.push(training(TrainingKind::Entry, "2018-02-01", 11));
    record.trainings.push(training(TrainingKind::Entry, "2019-02-01", 1));
    let book = book("refused_by = [\"甲縣\"]");
    for (county, will_do) in [(Some("甲縣"), false), (Some("乙縣"), true), (None, true)] {
        let rules = book.eligibility("test", PlanYear(111), county).unwrap();
        let found = eligibility(&record, &rules, PlanYear(111), day(TODAY));
        assert_eq!(found.is_eligible(), will_do, "{county:?}");
        let Asked::EntryCert { instead, .. } = &found.lines[0].asked else { panic!("{found:?}") };
        assert_eq!(instead.as_ref().map(|instead| instead.hours), will_do.then_some(Hours::whole(6)));
    }
}

/// The years of two plans: 15 hours within the earlier, 18 in all later.
#[test]
fn hours_of_two_periods() {
    #[rustfmt::skip]
    let cases: &[(&[(&str, u32)], bool)] = &[
        // trainings (day, halves), in an application for 學年度 108                           enough
        (&[("2018-08-01", 30)],                                                                true),
        (&[("2018-07-31", 30)],                                                                false), // before the two 學年度
        (&[("2019-06-30", 30)],                                                                true),
        (&[("2019-07-01", 30)],                                                                false), // of the later plan: 18
        (&[("2019-07-01", 36)],                                                                true),
        (&[("2019-06-30", 29)],                                                                false),
        (&[("2019-06-30", 18), ("2019-07-01", 12)],                                            false), // 15 in all, but of both
        (&[("2019-06-30", 18), ("2019-07-01", 18)],                                            true),  // 18 in all
        (&[("2019-06-30", 18), ("2019-07-01", 17)],                                            false),
        (&[("2019-06-30", 30), ("2019-07-01", 1)],                                             true),  // finished before: not lost
        (&[("2020-02-29", 36)],                                                                true),
        (&[("2020-07-31", 36)],                                                                true),
        (&[("2020-08-01", 36)],                                                                false), // 學年度 109
    ];
    let rules = advanced();
    for (trainings, enough) in cases {
        let trainings = trainings.iter().map(|(on, halves)| training(TrainingKind::Advanced, on, *halves)).collect();
        let record = PersonRecord { trainings, ..eligible() };
        let found = eligibility(&record, &rules, PlanYear(108), day("2022-08-31"));
        let line = found.lines.iter().find(|line| matches!(line.asked, Asked::TrainingHours { .. })).unwrap();
        assert_eq!(line.met, *enough, "{:?} {line:?}", record.trainings);
    }
}

#[test]
fn years_are_full_on_the_first_of_their_month() {
    #[rustfmt::skip]
    let cases = [
        // since      today          full years
        ("2019-09",  "2022-08-31",   2),
        ("2019-09",  "2022-09-01",   3),
        ("2020-02",  "2023-01-31",   2),
        ("2020-02",  "2023-02-01",   3),
        ("2021-02",  "2024-02-29",   3),
        ("2020-02",  "2024-02-29",   4),
        ("1970-01",  "2022-12-31",   52),
        ("2022-09",  "2022-09-30",   0),
        ("2022-10",  "2022-09-30",   0),
        ("9999-12",  "2022-09-30",   0),
    ];
    for (since, today, years) in cases {
        let month: domain::time::YearMonth = since.parse().unwrap();
        assert_eq!(month.full_years_to(day(today)), years, "{since} {today}");
    }
}

#[test]
fn the_figures_are_told() {
    let mut record = eligible();
    record.trainings.push(training(TrainingKind::Advanced, "2020-05-05", 3));
    let found = serde_json::to_value(judge(&record)).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&found["lines"]).unwrap());
}

/// A certification of this test: another section, nothing else.
fn book(instead: &str) -> PolicyBook {
    let text = format!(
        r#"
[[eligibility.test]]
to_year = 110
source = "測試"
teaching_years = 5
[[eligibility.test]]
from_year = 111
source = "測試"
[eligibility.test.certificate]
kinds = ["entry"]
[eligibility.test.certificate.instead]
source = "測試"
kind = "entry"
from = "2017-01-01"
hours = 6
{instead}
"#
    );
    PolicyBook::parse([("policy/test.toml", text.as_str())]).unwrap()
}

#[test]
fn another_certification_is_another_section() {
    let book = book("");
    let rules = |year| book.eligibility("test", PlanYear(year), None).unwrap();
    let found = eligibility(&eligible(), &rules(110), PlanYear(110), day(TODAY));
    assert_eq!(failing(&found), ["teaching_years"]);
    assert_eq!(found.lines.len(), 1, "what a section leaves out is not asked for");
    assert!(eligibility(&eligible(), &rules(111), PlanYear(111), day(TODAY)).is_eligible());
    assert!(book.eligibility("another", PlanYear(111), None).is_none());
}

#[test]
fn faults_of_a_section_are_refused_with_their_line() {
    let section = |rest: &str| format!("[[eligibility.test]]\nsource = \"測試\"\n{rest}\n");
    let training = |rest: &str| {
        section(&format!("training = {{ source = \"測試\", kind = \"advanced\", plan_years = 2, periods = [{rest}] }}"))
    };
    let period = |rest: &str| format!("{{ source = \"測試\", hours = 18, {rest} }}");
    #[rustfmt::skip]
    let cases = [
        (section("tenured = 3"),                                                                    "unknown field `tenured`"),
        ("[[eligibility.test]]\ntenured_years = 3\n".to_owned(),                                    "missing field `source`"),
        (section("certificate = { kinds = [] }"),                                                   "no kind"),
        (section("certificate = { kinds = [\"first\"] }"),                                          "unknown variant"),
        (training(""),                                                                              "within no time"),
        (training(&period("from = \"2019-07-01\", to = \"2019-06-30\"")),                           "ends before it begins"),
        (training(&[period("from = \"2018-07-01\""), period("from = \"2019-07-01\"")].join(", ")),  "one after the other"),
        (training(&period("from = \"2019-02-30\"")),                                                ""),
    ];
    for (text, reason) in cases {
        let error = PolicyBook::parse([("policy/test.toml", text.as_str())]).unwrap_err();
        assert!(error.file == "policy/test.toml" && error.reason.contains(reason), "{error} should say {reason}");
    }
    // Beside the list of districts, a county that is misspelt would be a rule that nobody follows.
    let districts =
        "[[list]]\nname = \"county_districts\"\nsource = \"測試\"\noptions = [{ zh = \"甲縣 / 乙鄉\", en = \"A\" }]\n";
    let text = section(
        "certificate = { kinds = [\"entry\"], instead = { source = \"測試\", kind = \"entry\", from = \"2017-01-01\", hours = 6, refused_by = [\"甲市\"] } }",
    );
    let error = PolicyBook::parse([("policy/a.toml", districts), ("policy/b.toml", text.as_str())]).unwrap_err();
    assert_eq!((error.file.as_str(), error.reason.as_str()), ("policy/b.toml", "no county 甲市"));
}

proptest! {
    /// More training never makes anybody less eligible.
    #[test]
    fn more_training_never_hurts(
        days in prop::collection::vec((0_u64..1500, 1_u32..40), 0..6),
        more in (0_u64..1500, 1_u32..40),
        year in 107_u16..113,
    ) {
        let first = day("2018-01-01");
        let training = |(after, halves): (u64, u32)| {
            let day = first + chrono::Days::new(after);
            Training { day, ..training(TrainingKind::Advanced, "2018-01-01", halves) }
        };
        let judge = |trainings: Vec<Training>| {
            let record = PersonRecord { trainings, ..eligible() };
            eligibility(&record, &advanced(), PlanYear(year), day(TODAY)).is_eligible()
        };
        let before: Vec<Training> = days.into_iter().map(training).collect();
        let mut after = before.clone();
        after.push(training(more));
        prop_assert!(!judge(before) || judge(after));
    }
}
