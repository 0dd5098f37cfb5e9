//! Dated rules: which list, number and window holds for a county in a year.

use crate::sample::{form_id, now};
use domain::{
    form::Packs,
    notice::NoticeKind,
    policy::{PolicyBook, StampRule, Window, WindowKind},
    time::PlanYear,
};

const BOOK: &str = r#"
[[list]]
name = "levels"
source = "測試"
to_year = 110
options = [{ zh = "舊", en = "Old" }]
[[list]]
name = "levels"
source = "測試"
from_year = 111
options = [{ zh = "新", en = "New" }]
[[number]]
name = "fee"
source = "測試"
to_year = 109
value = 191
[[number]]
name = "fee"
source = "測試"
from_year = 110
value = 211
[[number]]
name = "least"
source = "測試"
[[county]]
county = "甲縣"
source = "測試"
from_year = 111
to_year = 112
strict_checks = ["misc_over"]
stamps = { plc_budget = "stamped" }
numbers = { least = 6, fee = 100 }
windows = { apply = { from = "2022-04-19T16:00:00Z", to = "2022-05-23T04:00:00Z" } }
message = { zh = "請注意公告", en = "Mind the news" }
[county.lists]
levels = [{ zh = "進階", en = "Advanced" }, { zh = "示範", en = "Model" }]
[[county]]
county = "甲縣"
source = "測試"
from_year = 112
numbers = { least = 8 }
"#;

#[test]
fn the_rules_of_a_county_in_a_year() {
    let book = PolicyBook::parse([("policy/all.toml", BOOK)]).unwrap();
    #[rustfmt::skip]
    let rows = [
        // county       year  list                fee        least     strict stamp              window  message
        (None,          109,  vec!["舊"],         Some(191), None,     0,     StampRule::None,    false, None),
        (None,          110,  vec!["舊"],         Some(211), None,     0,     StampRule::None,    false, None),
        (None,          111,  vec!["新"],         Some(211), None,     0,     StampRule::None,    false, None),
        (Some("乙縣"),  111,  vec!["新"],         Some(211), None,     0,     StampRule::None,    false, None),
        (Some("甲縣"),  110,  vec!["舊"],         Some(211), None,     0,     StampRule::None,    false, None),
        (Some("甲縣"),  111,  vec!["進階", "示範"], Some(100), Some(6),  1,     StampRule::Stamped, true,  Some("請注意公告")),
        (Some("甲縣"),  112,  vec!["進階", "示範"], Some(100), Some(8),  1,     StampRule::Stamped, true,  Some("請注意公告")),
        (Some("甲縣"),  113,  vec!["新"],         Some(211), Some(8),  0,     StampRule::None,    false, None),
    ];
    for (county, year, list, fee, least, strict, stamp, window, message) in rows {
        let policy = book.policy(PlanYear(year), county);
        let labels: Vec<&str> = policy.list("levels").iter().map(|option| option.zh.as_str()).collect();
        assert_eq!(labels, list, "{county:?} {year}");
        assert_eq!((policy.number("fee"), policy.number("least")), (fee, least), "{county:?} {year}");
        assert_eq!(
            (policy.strict_checks.len(), policy.stamp_rule(&form_id("plc_budget"))),
            (strict, stamp),
            "{county:?} {year}"
        );
        assert_eq!(
            (policy.windows.contains_key(&WindowKind::Apply), policy.message.as_deref()),
            (window, message),
            "{county:?} {year}"
        );
    }
    assert!(book.policy(PlanYear(111), None).list("no such list").is_empty());
    assert!(book.has_number("least") && !book.has_number("no such number"));
}

/// A rule that nobody would follow is refused with the line of its county, others with their own line.
#[test]
fn faults_are_refused_with_their_place() {
    let county = |rest: &str| format!("{BOOK}[[county]]\nsource = \"測試\"\ncounty = \"丙縣\"\n{rest}\n");
    let line_of_county = BOOK.lines().count() + 3;
    #[rustfmt::skip]
    let cases = [
        (county("strict_checks = [\"misc_ovr\"]"),                  line_of_county,     "unknown check misc_ovr"),
        (county("numbers = { leest = 3 }"),                         line_of_county,     "no number leest"),
        (county("lists = { lewels = [] }"),                         line_of_county,     "no list lewels"),
        (county("windows.report = { from = \"2022-05-02T00:00:00Z\", to = \"2022-05-01T00:00:00Z\" }"), line_of_county, "closes before it opens"),
        (county("colour = \"red\""),                                line_of_county + 1, "unknown field `colour`"),
        (county("stamps = { plc_budget = \"perhaps\" }"),           line_of_county + 1, "unknown variant `perhaps`"),
        ("\n[[number]]\nname = \"fee\"\nvalue = 3\n".to_owned(),    2,                  "missing field `source`"),
        ("# 中文\n[[number]]\nname = 金額\n".to_owned(),            3,                  ""),
    ];
    for (text, line, reason) in cases {
        let error = PolicyBook::parse([("policy/test.toml", text.as_str())]).unwrap_err();
        assert_eq!((error.file.as_str(), error.line), ("policy/test.toml", line), "{error}");
        assert!(error.reason.contains(reason), "{error} should say {reason}");
    }
}

#[test]
fn both_ends_belong_to_a_window() {
    let window = Window { from: now(), to: now() + chrono::TimeDelta::hours(1) };
    let second = chrono::TimeDelta::seconds(1);
    for (moment, within) in
        [(window.from - second, false), (window.from, true), (window.to, true), (window.to + second, false)]
    {
        assert_eq!(window.contains(moment), within, "{moment}");
    }
}

#[test]
fn every_notice_has_words_in_both_languages() {
    for kind in NoticeKind::ALL {
        let text = Packs::built_in().notice(kind).unwrap_or_else(|| panic!("{kind:?} has no text"));
        for label in [&text.title, &text.body] {
            assert!(!label.zh.trim().is_empty() && !label.en.trim().is_empty(), "{kind:?}");
        }
    }
}
