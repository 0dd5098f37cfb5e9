//! Days, years and semesters at their borders.

use chrono::NaiveDate;
use domain::time::{PlanYear, Timestamp, roc_date, taipei_day};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn plan_years_and_semesters() {
    #[rustfmt::skip]
    let cases = [
        // day           in 111  semester
        ("2022-07-31",   false,  None),
        ("2022-08-01",   true,   Some(1)),
        ("2022-12-31",   true,   Some(1)),
        ("2023-01-01",   true,   Some(1)),
        ("2023-01-31",   true,   Some(1)),
        ("2023-02-01",   true,   Some(2)),
        ("2023-07-31",   true,   Some(2)),
        ("2023-08-01",   false,  None),
    ];
    for (text, within, semester) in cases {
        assert_eq!(PlanYear(111).contains(day(text)), within, "{text}");
        assert_eq!(PlanYear(111).semester(day(text)), semester, "{text}");
    }
    assert_eq!(PlanYear(112).semester(day("2024-02-29")), Some(2));
    assert_eq!((PlanYear(111).first_day(), PlanYear(111).last_day()), (day("2022-08-01"), day("2023-07-31")));
}

#[test]
fn any_number_is_a_plan_year_without_a_fall() {
    for year in [0, 1, 111, u16::MAX] {
        let year = PlanYear(year);
        assert_eq!(year.semester(year.first_day()), Some(1));
        assert_eq!(year.semester(year.last_day()), Some(2));
    }
}

#[test]
fn days_in_roc_years() {
    let cases = [
        ("2022-02-18", "111年2月18日"),
        ("1912-01-01", "1年1月1日"),
        ("1911-12-31", "前1年12月31日"),
        ("1910-10-10", "前2年10月10日"),
        ("2011-01-01", "100年1月1日"),
    ];
    for (text, expected) in cases {
        assert_eq!(roc_date(day(text)), expected);
    }
}

#[test]
fn a_day_begins_at_midnight_in_taipei() {
    let cases = [
        ("2022-05-23T15:59:59Z", "2022-05-23"),
        ("2022-05-23T16:00:00Z", "2022-05-24"),
        ("2022-12-31T16:00:00Z", "2023-01-01"),
        ("2024-02-28T16:00:00Z", "2024-02-29"),
    ];
    for (moment, expected) in cases {
        assert_eq!(taipei_day(moment.parse::<Timestamp>().unwrap()), day(expected));
    }
}
