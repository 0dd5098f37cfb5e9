//! 縣市規定: set by the county's office, in versions, heard of by those it is for, and the law for every act of its plan year.

use super::{Ground, Kind, application, submitted};
use chrono::TimeDelta;
use domain::{
    case::{Process, State},
    ids::CaseId,
    policy::{CountyLevel, CountyRuleSet, CountyRules, CountyWindow, StampRule, Window, WindowKind},
    time::PlanYear,
};
use reqwest::Method;
use serde_json::{Value, json};
use server::db::audit::{Verdict, verify};
use testkit::{Answer, Caller, paper};
use uuid::Uuid;
use wire::http::{ActBody, ActDone, RulesPut};

/// What 臺中市 may ask for: everything its samples fulfil.
fn rules() -> CountyRules {
    let level = |zh: &str| CountyLevel { zh: zh.to_owned(), en: zh.to_owned(), max: None };
    CountyRules { levels: ["0", "學習社群", "專業實踐社群"].map(level).to_vec(), ..CountyRules::default() }
}

fn within(ground: &Ground, from: i64, to: i64) -> CountyWindow {
    let now = ground.server.clock().now();
    Window { from: now + TimeDelta::hours(from), to: now + TimeDelta::hours(to) }.into()
}

async fn put_as(
    caller: &Caller,
    id: Uuid,
    county: &str,
    year: u16,
    expect_version: u32,
    rules: &CountyRules,
) -> Answer {
    let put = RulesPut { id: id.into(), expect_version, rules: rules.clone() };
    let request = caller.request(Method::PUT, &format!("/v1/counties/{county}/rules/{year}"));
    caller.send(request.json(&put)).await
}

async fn put(caller: &Caller, year: u16, expect_version: u32, rules: &CountyRules) -> Answer {
    put_as(caller, Uuid::now_v7(), "臺中市", year, expect_version, rules).await
}

fn missing(answer: &Answer) -> &Value {
    assert_eq!(answer.code(), "act_incomplete");
    &answer.body["params"]["missing"][0]
}

pub(crate) async fn rules_come_in_versions(ground: Ground) {
    let county = ground.signed_in("county-taichung").await;
    let first: CountyRuleSet = put(&county, 111, 0, &rules()).await.read();
    assert_eq!((first.version, first.plan_year, first.county.as_str()), (1, PlanYear(111), "臺中市"));
    assert_eq!((first.by.name.as_str(), first.at), ("臺中市教專中心", ground.server.clock().now()));

    // Another officer who still looks at what ships: nothing is written, and the newest is told.
    let other = ground.another("county-two", "county-taichung").await;
    let late = CountyRules { max_per_plc: Some(9_000), ..rules() };
    let moved = put(&other, 111, 0, &late).await;
    assert_eq!(moved.code(), "rules_moved");
    let newest: CountyRuleSet = serde_json::from_value(moved.body["params"]["newest"].clone()).unwrap();
    assert_eq!(newest, first);
    for wrong in [2, 7] {
        assert_eq!(put(&other, 111, wrong, &late).await.code(), "rules_moved", "a version that is not there");
    }
    let id = Uuid::now_v7();
    let second: CountyRuleSet = put_as(&other, id, "臺中市", 111, 1, &late).await.read();
    assert_eq!((second.version, second.rules.max_per_plc), (2, Some(9_000)));
    // Sent again, it is the same version; with other words, it is another one's id.
    assert_eq!(put_as(&other, id, "臺中市", 111, 1, &late).await.read::<CountyRuleSet>(), second);
    assert_eq!(put_as(&other, id, "臺中市", 111, 1, &rules()).await.code(), "bad_request");
    assert_eq!(put_as(&other, id, "臺中市", 112, 1, &late).await.code(), "bad_request");
    assert_eq!(put_as(&county, id, "臺中市", 111, 1, &late).await.code(), "bad_request", "another's id");
    // Another plan year counts from 1 again.
    assert_eq!(put(&county, 112, 0, &rules()).await.read::<CountyRuleSet>().version, 1);
}

pub(crate) async fn rules_are_set_by_the_countys_own_office(ground: Ground) {
    #[rustfmt::skip]
    let lookers = [
        ("county-taichung",   "臺中市", "ok"),
        ("county-taichung",   "連江縣", "not_yours"),
        ("county-lienchiang", "臺中市", "not_yours"),
        ("teacher-a",         "臺中市", "not_yours"),
        ("principal-a",       "臺中市", "not_yours"),
        ("school193625",      "臺中市", "not_yours"),
        ("reviewer-a",        "臺中市", "not_yours"),
        ("ministry",          "臺中市", "not_yours"),
        ("platform",          "連江縣", "ok"),
        ("platform",          "沒有縣", "bad_id"),
    ];
    for (account, county, code) in lookers {
        let caller = ground.signed_in(account).await;
        let answer = put_as(&caller, Uuid::now_v7(), county, 111, 0, &rules()).await;
        assert_eq!(answer.code(), code, "{account} {county}");
    }
    let county = ground.signed_in("county-taichung").await;
    let wrong = CountyRules { max_per_plc: Some(-1), levels: Vec::new(), ..rules() };
    let refused = put(&county, 111, 1, &wrong).await;
    assert_eq!(refused.code(), "rules_invalid");
    let fields: Vec<&str> =
        refused.body["params"]["problems"].as_array().unwrap().iter().map(|p| p["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["levels", "max_per_plc"]);
    for year in ["0", "1000", "-1", "x"] {
        let request = county.request(Method::PUT, &format!("/v1/counties/臺中市/rules/{year}"));
        assert_eq!(county.send(request.json(&json!({}))).await.code(), "bad_id", "{year}");
    }
}

pub(crate) async fn rules_are_heard_of_by_those_they_are_for(ground: Ground) {
    let county = ground.signed_in("county-taichung").await;
    let everybody = [
        "county-taichung",
        "school193625",
        "teacher-a",
        "principal-a",
        "ministry",
        "platform",
        "county-lienchiang",
        "school-matsu",
        "teacher-c",
        "reviewer-a",
    ];
    let mut callers = Vec::new();
    for account in everybody {
        let caller = ground.signed_in(account).await;
        let cursor = caller.changes(0).await.cursor;
        callers.push((account, caller, cursor));
    }
    let first: CountyRuleSet = put(&county, 111, 0, &rules()).await.read();
    let second: CountyRuleSet = put(&county, 111, 1, &rules()).await.read();
    for (number, (account, caller, cursor)) in callers.iter().enumerate() {
        let told = caller.changes(*cursor).await;
        let expected = if number < 6 { vec![first.clone(), second.clone()] } else { vec![] };
        assert_eq!(told.rule_sets, expected, "{account}");
        assert!(told.cases.is_empty() && told.cursor > *cursor, "{account}");
        assert_eq!(caller.changes(told.cursor).await.rule_sets, [], "{account}: once");
        assert_eq!(caller.changes(0).await.rule_sets, expected, "{account}: in a snapshot, every version");
    }
}

/// A case is judged by the newest rules of its own county and plan year, and by nothing else.
pub(crate) async fn acts_are_judged_by_the_rules_of_their_year(ground: Ground) {
    let county = ground.signed_in("county-taichung").await;
    let teacher = ground.signed_in("teacher-a").await;
    let closed = |open: CountyWindow| CountyRules { windows: [(WindowKind::Apply, open)].into(), ..rules() };
    // Another year's window says nothing about this one.
    put(&county, 112, 0, &closed(within(&ground, -2, -1))).await.read::<CountyRuleSet>();
    let case = teacher.open_case().await;
    let open_112 = ActBody::Open { process: Process::Plc, plan_year: PlanYear(112) };
    let refused = teacher.act(Uuid::now_v7().into(), 0, open_112).await;
    assert_eq!(missing(&refused)["params"]["window"], "apply");

    // 臺中市 ships with: a scan of the 申請表 has to be there. The county's own rules ask for none.
    let bare = || ActBody::Submit {
        papers: vec![paper("plc_application", "typical", None), paper("plc_budget", "typical", None)],
    };
    assert_eq!(missing(&teacher.act(case, 1, bare()).await)["code"], "stamp_missing");
    // A ceiling that is only a hint stands against nothing; taken strictly it does, on one paper and between two.
    let mut strict = CountyRules { max_per_plc: Some(1), ..rules() };
    strict.strict_checks.insert("total_over".to_owned());
    put(&county, 111, 0, &strict).await.read::<CountyRuleSet>();
    let refused = teacher.act(case, 1, bare()).await;
    assert_eq!(refused.code(), "answers_incomplete");
    assert_eq!(refused.body["params"]["problems"][0]["code"], "total_over");
    let mut strict = rules();
    strict.levels.iter_mut().for_each(|level| level.max = Some(1));
    strict.strict_checks.insert("level_total_over".to_owned());
    put(&county, 111, 1, &strict).await.read::<CountyRuleSet>();
    let refused = teacher.act(case, 1, bare()).await;
    assert_eq!((refused.code(), &refused.body["params"]["form"]), ("answers_incomplete", &json!("plc_budget")));
    assert_eq!(refused.body["params"]["problems"][0]["code"], "level_total_over");
    strict.strict_checks.clear();
    put(&county, 111, 2, &strict).await.read::<CountyRuleSet>();
    assert_eq!(teacher.act(case, 1, bare()).await.code(), "ok");

    // What was sent and decided stays as it was, whatever the county asks for later.
    let sent = teacher.case(case).await;
    let stamped = CountyRules {
        stamps: [("plc_application".parse().unwrap(), StampRule::Stamped)].into(),
        max_per_plc: Some(1),
        strict_checks: ["total_over".to_owned()].into(),
        ..rules()
    };
    put(&county, 111, 3, &stamped).await.read::<CountyRuleSet>();
    assert_eq!(teacher.case(case).await, sent);
    let school = ground.signed_in("school193625").await;
    assert_eq!(school.act(case, 2, ActBody::Pass { sheet: None }).await.code(), "ok");
    assert_eq!(county.act(case, 3, ActBody::Approve { amount: Some(12_680) }).await.code(), "ok");

    // A county that has set nothing is judged by what ships.
    let other = ground.signed_in("teacher-c").await;
    let case = other.open_case().await;
    assert_eq!(missing(&other.act(case, 1, bare()).await)["code"], "stamp_missing");
}

/// Made in time and received too late is too late: the service's clock at the receipt decides.
pub(crate) async fn what_arrives_after_the_window_is_refused(ground: Ground) {
    let (county, teacher) = (ground.signed_in("county-taichung").await, ground.signed_in("teacher-a").await);
    let windows = [(WindowKind::Apply, within(&ground, -1, 1)), (WindowKind::Report, within(&ground, 2, 3))];
    put(&county, 111, 0, &CountyRules { windows: windows.into(), ..rules() }).await.read::<CountyRuleSet>();
    let case: CaseId = teacher.open_case().await;
    let made_in_time = application(&teacher, 1).await;
    ground.server.clock().advance(TimeDelta::hours(1) + TimeDelta::milliseconds(1));
    let late = teacher.act(case, 1, made_in_time.clone()).await;
    assert_eq!(
        (&missing(&late)["code"], &missing(&late)["params"]["window"]),
        (&json!("window_closed"), &json!("apply"))
    );
    assert_eq!(teacher.case(case).await.case.state, State::Draft);
    // The county moves the end: the same papers are in time.
    let windows = [(WindowKind::Apply, within(&ground, -2, 1)), (WindowKind::Report, within(&ground, 2, 3))];
    put(&county, 111, 1, &CountyRules { windows: windows.into(), ..rules() }).await.read::<CountyRuleSet>();
    assert_eq!(teacher.act(case, 1, made_in_time).await.read::<ActDone>().seq, 2);

    // The 成果報告 has days of its own.
    let school = ground.signed_in("school193625").await;
    school.act(case, 2, ActBody::Pass { sheet: None }).await.read::<ActDone>();
    county.act(case, 3, ActBody::Approve { amount: None }).await.read::<ActDone>();
    let report = super::report(&teacher, 9).await;
    let early = teacher.act(case, 4, report.clone()).await;
    assert_eq!(missing(&early)["params"]["window"], "report");
    ground.server.clock().advance(TimeDelta::hours(2));
    assert_eq!(teacher.act(case, 4, report).await.read::<ActDone>().seq, 5);
}

pub(crate) async fn versions_of_rules_are_logged_and_stay(ground: Ground) {
    let (county, teacher) = (ground.signed_in("county-taichung").await, ground.signed_in("teacher-a").await);
    submitted(&teacher, 1).await;
    put(&county, 111, 0, &rules()).await.read::<CountyRuleSet>();
    let db = ground.db().await;
    let Verdict::Whole { .. } = verify(&db).await.unwrap() else { panic!("the log fits") };
    let mut tx = db.read().await.unwrap();
    let row = tx.one("SELECT act, object, detail FROM audit ORDER BY seq DESC LIMIT 1", vec![]).await.unwrap();
    assert_eq!((row.text(0).unwrap(), row.text(1).unwrap()), ("county_rules".to_owned(), "臺中市/111".to_owned()));
    assert!(row.text(2).unwrap().contains(" version=1 body="));
    drop(tx);
    for sql in ["UPDATE county_rules SET version = 9", "DELETE FROM county_rules"] {
        let mut tx = db.write().await.unwrap();
        assert!(tx.run(sql, vec![]).await.is_err(), "{sql}");
    }
    // Whoever takes the guard away is found out.
    let (drop_guard, tamper) = match ground.kind {
        Kind::Sqlite => ("DROP TRIGGER county_rules_never_updated", "UPDATE county_rules SET body = body || ' '"),
        Kind::Postgres => {
            ("DROP TRIGGER county_rules_never_changed ON county_rules", "UPDATE county_rules SET body = body || ' '")
        }
    };
    let mut tx = db.write().await.unwrap();
    tx.run(drop_guard, vec![]).await.unwrap();
    tx.run(tamper, vec![]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(verify(&db).await.unwrap(), Verdict::RulesChanged { .. }));
    db.close().await;
}
