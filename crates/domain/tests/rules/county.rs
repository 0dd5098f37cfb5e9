//! 縣市規定: what a county sets lies over what ships, each field has its effect, and faults are named at their field.

use crate::sample::{answers, form_id, person};
use domain::{
    form::{Beside, COUNTY_HINTS, FormDef, FormId, Level, NAMED_CHECKS, Packs, TOGETHER_CHECKS, check, check_together},
    ids::RuleSetId,
    policy::{
        CountyLevel, CountyRuleSet, CountyRules, CountyWindow, Policy, STAMPABLE, StampRule, Window, WindowKind,
        rules_to_begin_with,
    },
    time::PlanYear,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

const YEAR: PlanYear = PlanYear(111);

fn shipped(county: &str) -> Policy {
    Packs::built_in().policy(YEAR, Some(county))
}

fn form(id: &str) -> &'static FormDef {
    Packs::built_in().for_year(&form_id(id), YEAR).unwrap().0
}

fn level(zh: &str, max: Option<i32>) -> CountyLevel {
    CountyLevel { zh: zh.to_owned(), en: String::new(), max }
}

/// Rules in which nothing is wrong and nothing is asked.
fn plain() -> CountyRules {
    CountyRules { levels: vec![level("進階", None)], ..CountyRules::default() }
}

fn window(from: &str, to: &str) -> CountyWindow {
    Window { from: from.parse().unwrap(), to: to.parse().unwrap() }.into()
}

fn set(plan_year: u16, version: u32, rules: CountyRules) -> CountyRuleSet {
    CountyRuleSet {
        id: RuleSetId(Uuid::from_u128(u128::from(version))),
        county: "臺中市".to_owned(),
        plan_year: PlanYear(plan_year),
        version,
        at: crate::sample::now(),
        by: person(9, "承辦人"),
        rules,
    }
}

/// Editing what is in force and changing nothing changes nothing.
#[test]
fn what_ships_is_what_editing_begins_with() {
    for county in ["臺中市", "連江縣", "新北市", "桃園市", "花蓮縣"] {
        for year in [102, 106, 111] {
            let shipped = Packs::built_in().policy(PlanYear(year), Some(county));
            let rules = CountyRules::of(&shipped);
            assert_eq!(rules.validate(), [], "{county} {year}");
            let (before, mut after) = (shipped.clone(), shipped.with(&rules.clone().tidy()));
            // Options lose what only the files say of them: codes, help, former names.
            assert_eq!(CountyRules::of(&after), rules, "{county} {year}");
            after.lists.clone_from(&before.lists);
            assert_eq!(after, before, "{county} {year}");
        }
    }
    let taichung = CountyRules::of(&shipped("臺中市"));
    assert!(taichung.member_change.unwrap().contains("務必發函報教育局變更"));
    assert_eq!(taichung.stamps[&form_id("plc_application")], StampRule::Upload);
    let ceilings = |year| Packs::built_in().policy(PlanYear(year), Some("桃園市")).level_ceilings;
    assert_eq!((ceilings(102)["進階"], ceilings(111).len()), (10_000, 0));
}

/// A county's set replaces each field it can set, also with nothing, and leaves the rest.
#[test]
fn a_set_lies_over_what_ships() {
    let taichung = shipped("臺中市");
    let open = window("2022-04-01T00:00:00Z", "2022-05-01T00:00:00Z");
    let rules = CountyRules {
        windows: [(WindowKind::Report, open)].into(),
        stamps: [(form_id("plc_budget"), StampRule::Upload)].into(),
        levels: vec![level("甲", Some(7_000)), level("乙", None)],
        max_per_plc: Some(15_000),
        max_per_school: Some(60_000),
        total_budget: Some(1_000_000),
        min_members: Some(6),
        min_sessions: Some(8),
        sessions_each_semester: Some(4),
        strict_checks: ["enough_members".to_owned()].into(),
        message: Some("請留意公告".to_owned()),
        member_change: None,
    };
    let policy = taichung.clone().with(&rules);
    assert_eq!(policy.windows, [(WindowKind::Report, open.whole().unwrap())].into());
    // What a certification asks for is not the county's to set.
    let of_county = |policy: &Policy, theirs: bool| -> BTreeMap<FormId, StampRule> {
        let stamps = policy.stamps.clone().into_iter();
        stamps.filter(|(form, _)| STAMPABLE.contains(&form.as_str()) == theirs).collect()
    };
    assert_eq!(of_county(&policy, true), rules.stamps);
    assert_eq!(of_county(&policy, false), of_county(&taichung, false));
    assert_eq!(of_county(&policy, false).len(), 3);
    assert_eq!(policy.list("plc_levels").iter().map(|o| o.zh.as_str()).collect::<Vec<_>>(), ["甲", "乙"]);
    assert_eq!(policy.level_ceilings, [("甲".to_owned(), 7_000)].into());
    let numbers =
        ["max_per_plc", "max_per_school", "total_budget", "min_members", "min_sessions", "sessions_each_semester"];
    assert_eq!(numbers.map(|name| policy.number(name)), [15_000, 60_000, 1_000_000, 6, 8, 4].map(Some),);
    assert_eq!(policy.strict_checks, rules.strict_checks);
    assert_eq!((policy.message.as_deref(), policy.member_change.as_deref()), (Some("請留意公告"), None));
    // What a county does not set is the country's.
    assert_eq!(policy.number("nhi_rate"), taichung.number("nhi_rate"));
    assert_eq!(policy.list("plc_contents"), taichung.list("plc_contents"));
    let bare = taichung.with(&plain());
    assert_eq!((bare.number("sessions_each_semester"), of_county(&bare, true).len(), bare.windows.len()), (None, 0, 0));
}

fn problems(id: &str, given: Value, policy: &Policy) -> Vec<(String, Level)> {
    let problems = check(form(id), answers(given), policy).problems.into_iter();
    problems.map(|problem| (problem.code.to_string(), problem.level)).collect()
}

fn both(level: &str, total: i64, policy: &Policy) -> Vec<(String, Level)> {
    let application = answers(json!({ "plc_level": level, "apply_funding": "是" }));
    let budget = answers(json!({ "meals": { "quantity": 1, "unit_price": total } }));
    let papers = [
        Beside { form: form("plc_application"), answers: &application },
        Beside { form: form("plc_budget"), answers: &budget },
    ];
    let found = check_together(&papers, "", policy).into_iter();
    found.map(|(at, problem)| (format!("{at}.{}:{}", problem.field, problem.code), problem.level)).collect()
}

/// Every number, the ceilings and the strictness do something: with the rule the hint is there, without it is not.
#[test]
fn every_rule_has_its_effect() {
    let row = json!({ "session_date": "2022-09-01" });
    let application = json!({ "convener_name": "陳老師", "members": [{ "name": "林老師" }], "schedule": [row] });
    let budget = json!({ "meals": { "quantity": 1, "unit_price": 8_000 } });
    let summary = json!({ "items": [{ "plc_name": "甲", "amount": 40_000 }, { "plc_name": "乙", "amount": 30_000 }] });
    type Change = fn(&mut CountyRules);
    #[rustfmt::skip]
    let cases: [(&str, &Value, &str, Change); 5] = [
        ("plc_application", &application, "enough_members",         |rules| rules.min_members = Some(3)),
        ("plc_application", &application, "enough_sessions",        |rules| rules.min_sessions = Some(2)),
        ("plc_application", &application, "schedule_each_semester", |rules| rules.sessions_each_semester = Some(1)),
        ("plc_budget",      &budget,      "total_over",             |rules| rules.max_per_plc = Some(7_500)),
        ("plc_summary",     &summary,     "school_total_over",      |rules| rules.max_per_school = Some(69_999)),
    ];
    for (id, given, code, change) in cases {
        let found = |rules: &CountyRules| {
            let all = problems(id, given.clone(), &shipped("花蓮縣").with(rules));
            all.into_iter().find(|(found, _)| found == code).map(|(_, level)| level)
        };
        let mut rules = plain();
        assert_eq!(found(&rules), None, "{code} without a rule");
        change(&mut rules);
        assert_eq!(found(&rules), Some(Level::Warning), "{code}");
        rules.strict_checks.insert(code.to_owned());
        assert_eq!(found(&rules), Some(Level::Error), "{code} taken strictly");
    }
    let mut rules = CountyRules { levels: vec![level("甲", Some(7_500)), level("乙", None)], ..plain() };
    let over = |level| vec![("plc_budget.total:level_total_over".to_owned(), level)];
    let policy = |rules: &CountyRules| shipped("花蓮縣").with(rules);
    assert_eq!(both("甲", 7_500, &policy(&rules)), []);
    assert_eq!(both("甲", 7_501, &policy(&rules)), over(Level::Warning));
    assert_eq!(both("乙", 7_501, &policy(&rules)), []);
    rules.strict_checks.insert("level_total_over".to_owned());
    assert_eq!(both("甲", 7_501, &policy(&rules)), over(Level::Error));
    // A level that the county does not have cannot be chosen.
    let chosen = |name: &str| {
        let all = check(form("plc_application"), answers(json!({ "plc_level": name })), &policy(&rules)).problems;
        all.into_iter().any(|problem| problem.field == "plc_level")
    };
    assert!(chosen("學習社群") && !chosen("甲"));
}

/// The catalogue holds every hint of the papers of a 社群 that is about what a county asks for, and nothing else.
#[test]
fn the_catalogue_is_whole() {
    for name in COUNTY_HINTS {
        let level = NAMED_CHECKS.iter().find(|check| check.name == *name).map(|check| check.level);
        let level = level.or_else(|| TOGETHER_CHECKS.iter().find(|check| check.name == *name).map(|check| check.level));
        assert_eq!(level, Some(Level::Warning), "{name}");
    }
    let packs = ["plc_application", "plc_budget", "plc_summary"].map(form);
    for name in packs.iter().flat_map(|form| &form.checks) {
        let hint = NAMED_CHECKS.iter().any(|check| check.name == name && check.level == Level::Warning);
        assert_eq!(hint, COUNTY_HINTS.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn faults_are_named_at_their_field() {
    type Change = fn(&mut CountyRules);
    #[rustfmt::skip]
    let cases: [(Change, &[(&str, &str)]); 13] = [
        (|_| {},                                                          &[]),
        (|r| { r.windows.insert(WindowKind::Summary, window("2022-05-02T00:00:00Z", "2022-05-01T00:00:00Z")); }, &[("windows.summary.to", "window_ends_first")]),
        (|r| { r.windows.insert(WindowKind::Report, CountyWindow { from: Some(crate::sample::now()), to: None }); }, &[("windows.report.to", "required")]),
        (|r| { r.windows.insert(WindowKind::Apply, window("2022-05-01T00:00:00Z", "2022-05-01T00:00:00Z")); },   &[]),
        (|r| r.levels.clear(),                                            &[("levels", "too_few_rows")]),
        (|r| r.levels = vec![level("進階", None), level(" \u{3000}", Some(-1)), level("進階 ", None)], &[("levels.1.zh", "required"), ("levels.1.max", "below_min"), ("levels.2.zh", "level_twice")]),
        (|r| r.levels[0].zh = "長".repeat(21),                            &[("levels.0.zh", "too_long")]),
        (|r| r.levels = (0..51).map(|n| level(&n.to_string(), None)).collect(), &[("levels", "too_many_rows")]),
        (|r| (r.max_per_plc, r.min_members) = (Some(-1), Some(1_000)),    &[("max_per_plc", "below_min"), ("min_members", "above_max")]),
        (|r| (r.total_budget, r.min_sessions) = (Some(999_999_999), Some(0)), &[]),
        (|r| { r.strict_checks.insert("misc_over".to_owned()); },         &[("strict_checks", "unknown_check")]),
        (|r| { r.stamps.insert(form_id("plc_report"), StampRule::Stamped); }, &[("stamps.plc_report", "cannot_be_stamped")]),
        (|r| r.message = Some("字".repeat(501)),                          &[("message", "too_long")]),
    ];
    for (change, expected) in cases {
        let mut rules = plain();
        change(&mut rules);
        let found = rules.validate();
        let found: Vec<_> = found.iter().map(|problem| (problem.field.as_str(), problem.code.as_str())).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn words_are_kept_without_blanks_around_them() {
    let rules = CountyRules {
        levels: vec![CountyLevel { zh: " 甲\u{3000}".to_owned(), en: " ".to_owned(), max: None }],
        stamps: [(form_id("plc_budget"), StampRule::None)].into(),
        message: Some(" \n".to_owned()),
        member_change: Some(" 請發函 ".to_owned()),
        ..CountyRules::default()
    };
    let tidy = rules.tidy();
    assert_eq!((tidy.levels[0].zh.as_str(), tidy.levels[0].en.as_str()), ("甲", "甲"));
    assert_eq!((tidy.stamps.len(), tidy.message, tidy.member_change.as_deref()), (0, None, Some("請發函")));
}

#[test]
fn differences_are_told_field_by_field() {
    let before = plain();
    let after = CountyRules {
        windows: [(WindowKind::Apply, window("2022-04-01T00:00:00Z", "2022-05-01T00:00:00Z"))].into(),
        stamps: [(form_id("plc_budget"), StampRule::Stamped)].into(),
        max_per_plc: Some(15_000),
        strict_checks: ["total_over".to_owned()].into(),
        ..plain()
    };
    let told: Vec<_> = after.changes_from(&before).into_iter().map(|c| (c.field, c.before, c.after)).collect();
    let opened = json!({ "from": "2022-04-01T00:00:00Z", "to": "2022-05-01T00:00:00Z" });
    #[rustfmt::skip]
    assert_eq!(told, [
        ("windows.apply".to_owned(),             Value::Null,   opened),
        ("stamps.plc_budget".to_owned(),         json!("none"), json!("stamped")),
        ("max_per_plc".to_owned(),               Value::Null,   json!(15_000)),
        ("strict_checks.total_over".to_owned(),  json!(false),  json!(true)),
    ]);
    assert_eq!(before.changes_from(&before), []);
    assert_eq!(before.changes_from(&after).len(), 4);
}

/// A new plan year begins with the year before it, without its days; a year with a version of its own has that.
#[test]
fn a_new_year_begins_with_the_one_before() {
    let open = window("2022-04-01T00:00:00Z", "2022-05-01T00:00:00Z");
    let rules = |max| CountyRules { windows: [(WindowKind::Apply, open)].into(), max_per_plc: Some(max), ..plain() };
    let sets = [set(111, 1, rules(1)), set(111, 2, rules(2)), set(113, 1, rules(3))];
    let begin = |year| {
        let (rules, own) = rules_to_begin_with(&sets, PlanYear(year), &shipped("臺中市"));
        (rules.max_per_plc, rules.windows.len(), own.map(|set| set.version))
    };
    assert_eq!(begin(110), (None, 0, None), "what ships, for no later year tells about an earlier one");
    assert_eq!(begin(111), (Some(2), 1, Some(2)));
    assert_eq!(begin(112), (Some(2), 0, None));
    assert_eq!(begin(113), (Some(3), 1, Some(1)));
}

/// A set that an earlier or later program wrote still reads: fields it does not know of are not set.
#[test]
fn sets_of_other_programs_are_read() {
    let rules: CountyRules =
        serde_json::from_value(json!({ "levels": [{ "zh": "甲" }], "something_later": 1 })).unwrap();
    assert_eq!(rules, CountyRules { levels: vec![level("甲", None)], ..CountyRules::default() });
}

#[test]
fn counties_are_known_by_name() {
    let known = |name| Packs::built_in().has_county(name);
    assert!(known("臺中市") && known("連江縣"));
    assert!(!known("臺中") && !known("") && !known("臺中市 / 中區"));
}
