//! 個人資料: what may be saved, what 資料轉移 asks, and rows of an office's lists as they are read.

use chrono::NaiveDate;
use domain::{
    certificate::{CertificateKind, CertificatePaper},
    record::{
        CertificateRow, CertificateSource, FaultCode, HeldCertificate, Hours, PersonRecord, Profile, Training,
        TrainingKind, TrainingRow, Transfer, TransferAnswer, TransferQuestion, read_certificate, read_day,
        read_training,
    },
    time::{PlanYear, YearMonth},
};
use serde_json::json;
use uuid::Uuid;

fn today() -> NaiveDate {
    "2022-09-01".parse().unwrap()
}

#[test]
fn a_profile_that_cannot_be_is_not_saved() {
    #[rustfmt::skip]
    let cases = [
        // tenured since      years  fields with an error
        (None,                0,     vec![]),
        (Some("1970-01"),     70,    vec![]),
        (Some("1969-12"),     0,     vec!["tenured_since"]),
        (Some("2022-09"),     0,     vec![]),
        (Some("2022-10"),     71,    vec!["tenured_since", "teaching_years"]),
    ];
    for (since, teaching_years, expected) in cases {
        let tenured_since = since.map(|since| since.parse().unwrap());
        let profile = Profile { serving: Some(true), tenured_since, teaching_years };
        let fields: Vec<String> = profile.validate(today()).into_iter().map(|problem| problem.field).collect();
        assert_eq!(fields, expected, "{since:?} {teaching_years}");
    }
    for text in ["", "2019", "2019-13", "2019-00", "19-01", "2019-1", "+019-01", "2019-01-01", "０２19-01"] {
        assert!(text.parse::<YearMonth>().is_err(), "{text}");
        assert!(
            serde_json::from_value::<Profile>(json!({ "tenured_since": text, "teaching_years": 1 })).is_err(),
            "{text}"
        );
    }
}

#[test]
fn hours_are_counted_in_halves() {
    #[rustfmt::skip]
    let cases = [
        ("3", Some(6)), ("1.5", Some(3)), ("12.0", Some(24)), (" 6 小時", Some(12)), ("0.50", Some(1)), ("999", Some(1998)),
        ("0", None), ("-3", None), ("1.25", None), ("1,5", None), ("", None), (".5", None), ("3.", None), ("1000", None),
        ("999999999999", None), ("三", None), ("3h", None), ("1e3", None), ("NaN", None),
    ];
    for (text, halves) in cases {
        assert_eq!(Hours::read(text), halves.map(Hours::halves), "{text}");
    }
    for (hours, value, words) in [(Hours::whole(18), json!(18), "18"), (Hours::halves(3), json!(1.5), "1.5")] {
        assert_eq!((json!(hours), hours.to_string().as_str()), (value.clone(), words));
        assert_eq!(serde_json::from_value::<Hours>(value).unwrap(), hours);
    }
    assert!(serde_json::from_value::<Hours>(json!(1.25)).is_err());
    assert!(serde_json::from_value::<Hours>(json!(-1)).is_err());
}

#[test]
fn days_are_read_as_offices_write_them() {
    #[rustfmt::skip]
    let cases = [
        ("2022-02-18", true), ("2022/2/18", true), ("111/2/18", true), ("111.02.18", true), ("1110218", true), ("20220218", true),
        ("111年2月18日", true), ("民國111年2月18日", true), (" 111-02-18 ", true),
        ("", false), ("111/13/01", false), ("111/2/30", false), ("2022-02-18 09:30", false), ("2/18/2022", false), ("11102", false),
        ("2022", false), ("x", false), ("111/2/18/1", false), ("1110229", false), ("0000-01-01", false),
    ];
    for (text, reads) in cases {
        let expected = reads.then(|| NaiveDate::from_ymd_opt(2022, 2, 18).unwrap());
        assert_eq!(read_day(text), expected, "{text}");
    }
    assert_eq!(read_day("109/2/29"), NaiveDate::from_ymd_opt(2020, 2, 29));
    assert_eq!(read_day("990101"), NaiveDate::from_ymd_opt(2010, 1, 1));
}

fn row() -> TrainingRow {
    let text = |text: &str| text.to_owned();
    TrainingRow {
        line: 2,
        account: text("teacher-a"),
        course: text("專業回饋實務探討"),
        code: text("2-4"),
        kind: text("進階"),
        hours: text("6"),
        day: text("111/2/18"),
        source: text("全國教師在職進修資訊網"),
    }
}

#[test]
fn rows_of_training_are_read_or_say_why_not() {
    let (account, training) = read_training(&row(), today()).unwrap();
    assert_eq!(
        (account.as_str(), training.hours, training.kind),
        ("teacher-a", Hours::whole(6), TrainingKind::Advanced)
    );
    assert_eq!((training.plan_year(), training.name().2), (Some(PlanYear(110)), "2-4"));

    type Change = fn(&mut TrainingRow);
    #[rustfmt::skip]
    let cases: &[(Change, &str, FaultCode)] = &[
        (|r| r.account = " ".to_owned(),          "account", FaultCode::Blank),
        (|r| r.course.clear(),                    "course",  FaultCode::Blank),
        (|r| r.course = "課".repeat(201),         "course",  FaultCode::TooLong),
        (|r| r.source = "來\0源".to_owned(),      "source",  FaultCode::TooLong),
        (|r| r.kind = "高階".to_owned(),          "kind",    FaultCode::UnknownKind),
        (|r| r.kind.clear(),                      "kind",    FaultCode::Blank),
        (|r| r.hours = "六".to_owned(),           "hours",   FaultCode::BadHours),
        (|r| r.hours = "0".to_owned(),            "hours",   FaultCode::BadHours),
        (|r| r.day = "111/2/30".to_owned(),       "day",     FaultCode::BadDay),
        (|r| r.day = "2022-09-02".to_owned(),     "day",     FaultCode::DayToCome),
    ];
    for (change, column, code) in cases {
        let mut row = row();
        change(&mut row);
        let faults = read_training(&row, today()).unwrap_err();
        assert_eq!((faults.len(), faults[0].column.as_str(), faults[0].code, faults[0].line), (1, *column, *code, 2));
    }
    let nothing = read_training(&TrainingRow { line: 7, ..TrainingRow::default() }, today()).unwrap_err();
    let columns: Vec<&str> = nothing.iter().map(|fault| fault.column.as_str()).collect();
    assert_eq!(columns, ["account", "course", "kind", "hours", "day"], "everything that is wrong is said at once");
}

#[test]
fn rows_of_certificates_are_read_or_say_why_not() {
    let row = |kind: &str, plan_year: &str, number: &str, issued_on: &str, old_system: &str| {
        let [account, kind, plan_year, number, issued_on, old_system] =
            ["teacher-a", kind, plan_year, number, issued_on, old_system].map(str::to_owned);
        CertificateRow { line: 3, account, kind, plan_year, number, issued_on, old_system }
    };
    // The rows of the slides: an old one holds a year alone.
    let (_, read) = read_certificate(&row("初階認證", "95", "A104000811", "2006-10-23", "是"), today()).unwrap();
    assert_eq!(
        (read.kind, read.plan_year, read.source),
        (CertificateKind::Entry, Some(PlanYear(95)), CertificateSource::OldSystem)
    );
    let (_, read) = read_certificate(&row("進階", "96學年度", "96", "", ""), today()).unwrap();
    assert_eq!((read.number.as_str(), read.issued_on, read.source), ("96", None, CertificateSource::Entered));
    let (_, read) = read_certificate(&row("教學輔導認證", "", "C104001811", "", "否"), today()).unwrap();
    assert_eq!((read.plan_year, read.kind), (None, CertificateKind::Mentor));
    #[rustfmt::skip]
    let cases = [
        (row("", "95", "A1", "", ""),               "kind",       FaultCode::Blank),
        (row("認證", "95", "A1", "", ""),           "kind",       FaultCode::UnknownKind),
        (row("初階", "0", "A1", "", ""),            "plan_year",  FaultCode::BadYear),
        (row("初階", "1000", "A1", "", ""),         "plan_year",  FaultCode::BadYear),
        (row("初階", "95", "", "", ""),             "number",     FaultCode::Blank),
        (row("初階", "95", &"1".repeat(65), "", ""), "number",    FaultCode::TooLong),
        (row("初階", "95", "A1", "昨天", ""),       "issued_on",  FaultCode::BadDay),
        (row("初階", "95", "A1", "2022-09-02", ""), "issued_on",  FaultCode::DayToCome),
        (row("初階", "95", "A1", "", "也許"),       "old_system", FaultCode::NotYesNo),
    ];
    for (row, column, code) in cases {
        let faults = read_certificate(&row, today()).unwrap_err();
        assert_eq!((faults.len(), faults[0].column.as_str(), faults[0].code), (1, column, code), "{row:?}");
    }
}

/// Only of what was issued here is there a paper to print: whoever imported a year for a number has their paper elsewhere.
#[test]
fn papers_are_printed_of_what_was_issued_here() {
    let training = |kind, day: &str| Training {
        course: "進階研習".to_owned(),
        code: String::new(),
        kind,
        hours: Hours::halves(9),
        day: day.parse().unwrap(),
        source: String::new(),
    };
    let trained = PersonRecord {
        trainings: vec![
            training(TrainingKind::Advanced, "2021-08-21"),
            training(TrainingKind::Advanced, "2021-08-22"),
            training(TrainingKind::Entry, "2021-08-22"),
            training(TrainingKind::Advanced, "2022-10-02"),
        ],
        ..PersonRecord::default()
    };
    let until = "2022-10-01".parse().unwrap();
    assert_eq!(trained.hours_for(CertificateKind::Advanced, until), Hours::whole(9), "of its kind, until its day");
    let held = |number: &str, issued_on: Option<&str>, source, waits| HeldCertificate {
        id: Uuid::from_u128(1).into(),
        kind: CertificateKind::Advanced,
        plan_year: Some(PlanYear(111)),
        number: number.to_owned(),
        issued_on: issued_on.map(|day| day.parse().unwrap()),
        source,
        waits,
    };
    let (certificate, proof) = (CertificatePaper::Certificate, CertificatePaper::Training);
    let (number, day) = ("臺中證號第B111000001號", Some("2022-10-01"));
    let (issued, entered, old) = (CertificateSource::Issued, CertificateSource::Entered, CertificateSource::OldSystem);
    #[rustfmt::skip]
    let cases = [
        (held(number, day, issued, false),       vec![certificate, proof]),
        (held("B111000001", day, issued, false), vec![certificate, proof]),
        (held("111", day, issued, false),        vec![]),
        (held(number, None, issued, false),      vec![]),
        (held(number, day, entered, false),      vec![]),
        (held("96", None, entered, false),       vec![]),
        (held("96", None, old, true),            vec![]),
        (held(number, day, old, true),           vec![]),
    ];
    for (held, papers) in cases {
        assert_eq!(trained.papers_of(&held), papers, "{held:?}");
    }
    let untrained = PersonRecord::default();
    assert_eq!(untrained.papers_of(&held(number, day, issued, false)), [certificate], "there are no hours to tell");
}

#[test]
fn what_the_transfer_asks() {
    let certificate = |waits| HeldCertificate {
        id: Uuid::from_u128(1).into(),
        kind: CertificateKind::Entry,
        plan_year: Some(PlanYear(95)),
        number: "A104000811".to_owned(),
        issued_on: None,
        source: CertificateSource::OldSystem,
        waits,
    };
    let answered = |answer| Transfer::Answered { answer, at: chrono::DateTime::UNIX_EPOCH };
    #[rustfmt::skip]
    let cases = [
        (vec![],                                     Transfer::Open,                      Some(TransferQuestion::NoData)),
        (vec![certificate(true)],                    Transfer::Open,                      Some(TransferQuestion::Certificates)),
        (vec![certificate(false)],                   answered(TransferAnswer::Import),    None),
        (vec![],                                     answered(TransferAnswer::AllWrong),  None),
        (vec![],                                     answered(TransferAnswer::NoData),    None),
        // They came after the person was told that there are none.
        (vec![certificate(true)],                    answered(TransferAnswer::NoData),    Some(TransferQuestion::Certificates)),
        (vec![certificate(false), certificate(true)], answered(TransferAnswer::Import),   Some(TransferQuestion::Certificates)),
    ];
    for (certificates, transfer, expected) in cases {
        let counting = certificates.iter().filter(|certificate| !certificate.waits).count();
        let record = PersonRecord { certificates, transfer, ..PersonRecord::default() };
        assert_eq!(record.question(), expected, "{record:?}");
        assert_eq!(record.counting().count(), counting);
    }
    for (question, takes) in
        [(TransferQuestion::Certificates, [true, true, false]), (TransferQuestion::NoData, [false, false, true])]
    {
        let answers = [TransferAnswer::Import, TransferAnswer::AllWrong, TransferAnswer::NoData];
        assert_eq!(answers.map(|answer| question.takes(answer)), takes);
    }
}

#[test]
fn a_record_lists_the_newest_first() {
    let training = |on: &str| Training {
        course: "研習".to_owned(),
        code: String::new(),
        kind: TrainingKind::Advanced,
        hours: Hours::whole(3),
        day: on.parse().unwrap(),
        source: String::new(),
    };
    let mut record = PersonRecord {
        trainings: ["2021-09-01", "2022-07-31", "2022-08-01"].map(training).to_vec(),
        ..PersonRecord::default()
    };
    record.sort();
    let days: Vec<String> = record.trainings.iter().map(|training| training.day.to_string()).collect();
    assert_eq!(days, ["2022-08-01", "2022-07-31", "2021-09-01"]);
    assert_eq!(record.trainings[0].plan_year(), Some(PlanYear(111)));
    assert_eq!(record.trainings[1].plan_year(), Some(PlanYear(110)));
    assert_eq!(record.trainings[0].name().2, "研習", "a course without a code goes by its name");
    // A record of an earlier or later program still reads.
    assert_eq!(serde_json::from_value::<PersonRecord>(json!({ "more": 1 })).unwrap(), PersonRecord::default());
}
