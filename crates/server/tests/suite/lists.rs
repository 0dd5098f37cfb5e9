//! The list of cases.

use super::{Ground, Kind, application_for, returned, submitted};
use domain::{
    case::State,
    ids::CaseId,
    list::{AmountSpan, Choices, Criteria},
    time::PlanYear,
};
use server::db::{Query, lists};
use std::collections::BTreeSet;
use testkit::{Caller, person};
use wire::http::{ActBody, ActDone, CasePage};

async fn page(caller: &Caller, query: &str) -> CasePage {
    caller.get(&format!("/v1/cases?{query}")).await.read()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

async fn count(caller: &Caller, query: &str) -> usize {
    page(caller, query).await.rows.len()
}

pub(crate) async fn lists_are_searched_and_paged(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let mut opened = Vec::new();
    for _ in 0..7 {
        let case = teacher.open_case().await;
        assert_eq!(teacher.act(case, 1, ActBody::Withdraw).await.code(), "ok");
        opened.push(case);
    }
    let sent = submitted(&teacher, 1).await;
    opened.push(sent);
    opened.reverse();
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = page(&school, &format!("limit=3{after}")).await;
        found.extend(page.rows.into_iter().map(|row| row.case.id));
        let Some(next) = page.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, opened, "newest first, each once");
    assert!(page(&school, "").await.rows.iter().all(|row| row.case.papers.is_empty()));

    for (account, cases) in [
        ("teacher-a", 8),
        ("teacher-b", 0),
        ("school-matsu", 0),
        ("county-taichung", 8),
        ("county-lienchiang", 0),
        ("reviewer-a", 0),
        ("ministry", 8),
        ("platform", 8),
    ] {
        assert_eq!(count(&ground.signed_in(account).await, "").await, cases, "{account}");
    }
    for (keyword, cases) in
        [("愛上", 1), ("協和", 8), ("87老師", 8), ("沒有這個", 0), ("%", 0), ("_", 0), ("!", 0), ("'", 0)]
    {
        assert_eq!(count(&school, &format!("keyword={}", encoded(keyword))).await, cases, "{keyword}");
    }
    assert_eq!((count(&school, "plan_year=111").await, count(&school, "plan_year=110").await), (8, 0));
    // 申請社群: the name stands in a form, so the school does not find the case by it; the teacher does.
    assert_eq!(school.act(sent, 2, returned()).await.code(), "ok");
    let name = format!("keyword={}", encoded("愛上"));
    assert_eq!((count(&school, &name).await, count(&teacher, &name).await), (0, 1));
    let many = "school=1&".repeat(101);
    for query in [
        "limit=x",
        "after=-1",
        "plan_year=99999999",
        "keyword=%00",
        "state=burnt",
        "asked_from=-1",
        "asked_to=x",
        "level=%00",
        "choices=2",
        &many,
    ] {
        assert_eq!(school.get(&format!("/v1/cases?{query}")).await.code(), "bad_request", "{query}");
    }
    let all: BTreeSet<_> = page(&school, "limit=1000").await.rows.into_iter().map(|row| row.case.id).collect();
    assert_eq!(all.len(), 8);
}

/// Five applications of 臺中市 and one of 連江縣, in several states; by their letters.
async fn some(ground: &Ground) -> Vec<CaseId> {
    let (school, county) = (ground.signed_in("school193625").await, ground.signed_in("county-taichung").await);
    let matsu = ground.signed_in("teacher-c").await;
    let mut cases = Vec::new();
    for (number, level, amount) in [
        (0, "學習社群", 4_000),
        (1, "學習社群", 12_000),
        (2, "無", 0),
        (3, "無", 15_000),
        (4, "學習社群", 9_000),
        (5, "無", 7_000),
    ] {
        let teacher =
            if number == 5 { matsu.clone() } else { ground.another(&format!("t{number}"), "teacher-a").await };
        let case = teacher.open_case().await;
        let body = application_for(&teacher, 10 + number, level, amount).await;
        teacher.act(case, 1, body).await.read::<ActDone>();
        if (1..=4).contains(&number) {
            school.act(case, 2, ActBody::Pass { sheet: None }).await.read::<ActDone>();
        }
        if number == 3 {
            county.act(case, 3, ActBody::Approve { amount: Some(10_000) }).await.read::<ActDone>();
        }
        if number == 4 {
            county.act(case, 3, returned()).await.read::<ActDone>();
        }
        cases.push(case);
    }
    cases
}

/// Which of the cases a question finds, by letters, newest first.
async fn letters(caller: &Caller, cases: &[CaseId], query: &str) -> String {
    let found = page(caller, query).await.rows.into_iter();
    found.map(|row| "abcdef".as_bytes()[cases.iter().position(|case| *case == row.case.id).unwrap()] as char).collect()
}

pub(crate) async fn lists_are_narrowed(ground: Ground) {
    let cases = some(&ground).await;
    let (county, platform) = (ground.signed_in("county-taichung").await, ground.signed_in("platform").await);
    let (plc, none) = (format!("level={}", encoded("學習社群")), format!("level={}", encoded("無")));
    for (query, in_county, everywhere) in [
        ("", "edcba", "fedcba"),
        ("state=school_check", "a", "fa"),
        ("state=county_check&state=running", "dcb", "dcb"),
        ("state=rejected", "", ""),
        ("school=193625", "edcba", "edcba"),
        ("school=193625&school=724601", "edcba", "fedcba"),
        ("school=%25", "", ""),
        (&plc, "ba", "ba"),
        (&none, "dc", "fdc"),
        (&format!("{plc}&{none}&state=county_check"), "cb", "cb"),
        ("asked_from=4000&asked_to=12000", "ba", "fba"),
        ("asked_from=4001", "db", "fdb"),
        ("asked_to=0", "c", "c"),
        ("approved_from=10000", "d", "d"),
        ("approved_to=9999", "", ""),
        ("process=plc&plan_year=111&state=draft", "e", "e"),
        ("plan_year=110", "", ""),
        (&format!("keyword={}&asked_from=1", encoded("愛上")), "dba", "fdba"),
        ("limit=2", "ed", "fe"),
        ("unknown=1", "edcba", "fedcba"),
    ] {
        assert_eq!(letters(&county, &cases, query).await, in_county, "{query}");
        assert_eq!(letters(&platform, &cases, query).await, everywhere, "{query}");
    }
    // Pages of a narrowed list, one by one, go on where the last ended.
    let (mut found, mut after) = (String::new(), String::new());
    loop {
        let query = format!("{none}&limit=1{after}");
        found += &letters(&platform, &cases, &query).await;
        let Some(next) = page(&platform, &query).await.next else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, "fdc");
}

/// `111:5 | draft:1 … | 193625:5 | 學習社群:2 …`
fn written(choices: &Choices) -> String {
    let years: Vec<_> = choices.plan_years.iter().map(|one| format!("{}:{}", one.plan_year.0, one.cases)).collect();
    let states: Vec<_> = choices.states.iter().map(|one| format!("{:?}:{}", one.state, one.cases)).collect();
    let schools: Vec<_> = choices.schools.iter().map(|one| format!("{}:{}", one.code, one.cases)).collect();
    let mut levels: Vec<_> = choices.levels.iter().map(|one| format!("{}:{}", one.level, one.cases)).collect();
    levels.sort_unstable();
    [years, states, schools, levels].map(|some| some.join(" ")).join(" | ")
}

async fn offered(caller: &Caller, query: &str) -> String {
    written(&page(caller, &format!("choices=true&{query}")).await.choices.unwrap())
}

/// What stands in papers that a person may not see is found by no filter and counted in none.
pub(crate) async fn hidden_papers_do_not_show_through_filters(ground: Ground) {
    let cases = some(&ground).await;
    let (county, school) = (ground.signed_in("county-taichung").await, ground.signed_in("school193625").await);
    let owner = ground.signed_in("t4").await;
    let plc = format!("level={}", encoded("學習社群"));
    // E was sent with this level and amount, and returned: its owner's alone again.
    for (query, hidden, own) in [
        (plc.as_str(), "ba", "e"),
        ("asked_from=9000&asked_to=9000", "", "e"),
        ("asked_from=0", "dcba", "e"),
        ("asked_to=999999", "dcba", "e"),
        ("state=draft", "e", "e"),
        (&format!("state=draft&{plc}"), "", "e"),
        (&format!("keyword={}", encoded("愛上")), "dcba", "e"),
    ] {
        for looker in [&county, &school] {
            assert_eq!(letters(looker, &cases, query).await, hidden, "{query}");
        }
        assert_eq!(letters(&owner, &cases, query).await, own, "{query}");
    }
    let all = "111:5 | Draft:1 SchoolCheck:1 CountyCheck:2 Running:1 | 193625:5 | 學習社群:2 無:2";
    for looker in [&county, &school] {
        assert_eq!(offered(looker, "").await, all);
        assert_eq!(
            offered(looker, &plc).await,
            "111:2 | SchoolCheck:1 CountyCheck:1 | 193625:2 | 學習社群:2 無:2",
            "a choice is counted under the other filters"
        );
        assert_eq!(
            offered(looker, "state=draft").await,
            "111:1 | Draft:1 SchoolCheck:1 CountyCheck:2 Running:1 | 193625:1 | "
        );
    }
    assert_eq!(offered(&owner, "").await, "111:1 | Draft:1 | 193625:1 | 學習社群:1");
    assert_eq!(
        offered(&ground.signed_in("ministry").await, "state=school_check").await,
        "111:2 | Draft:1 SchoolCheck:2 CountyCheck:2 Running:1 | 193625:1 724601:1 | 學習社群:1 無:1"
    );
    assert_eq!(offered(&ground.signed_in("reviewer-a").await, "").await, " |  |  | ");
    assert!(page(&county, "").await.choices.is_none(), "counted only when asked");
}

/// How the database would answer.
async fn plan(ground: &Ground, query: Query) -> String {
    let db = ground.db().await;
    let mut tx = db.read().await.unwrap();
    let (words, column) = match ground.kind {
        Kind::Sqlite => ("EXPLAIN QUERY PLAN ", 3),
        Kind::Postgres => {
            // An empty table is read whole, whatever its indexes.
            tx.run("SET LOCAL enable_seqscan = off", vec![]).await.unwrap();
            tx.run("SET LOCAL enable_bitmapscan = off", vec![]).await.unwrap();
            ("EXPLAIN ", 0)
        }
    };
    let rows = tx.built(&query.behind(words)).await.unwrap();
    rows.iter().map(|row| row.text(column).unwrap()).collect::<Vec<_>>().join("\n")
}

/// The first page of any list reads narrow rows in the order of an index and looks up the cases of the page alone; choices are
/// counted in an index without the rows.
pub(crate) async fn first_pages_go_by_an_index(ground: Ground) {
    let any = Criteria::default;
    let narrowed = [
        any(),
        Criteria { plan_year: Some(PlanYear(111)), ..any() },
        Criteria { states: vec![State::CountyCheck], ..any() },
        Criteria { states: vec![State::CountyCheck, State::Running], plan_year: Some(PlanYear(111)), ..any() },
        Criteria { levels: vec!["無".to_owned()], ..any() },
        Criteria { asked: AmountSpan { from: Some(1), to: None }, ..any() },
        Criteria { keyword: Some("沒有這個".to_owned()), ..any() },
        Criteria { keyword: Some("國小".to_owned()), plan_year: Some(PlanYear(111)), ..any() },
    ];
    for account in ["county-taichung", "ministry", "school193625", "teacher-a"] {
        let actor = person(account);
        for criteria in &narrowed {
            let search = lists::Search { criteria: criteria.clone(), after: Some(90_000), limit: 50 };
            let found = plan(&ground, lists::page_query(&actor, &search).unwrap()).await;
            match ground.kind {
                Kind::Sqlite => {
                    let inner: Vec<_> =
                        found.lines().filter(|step| step.contains(" r ") || step.ends_with(" r")).collect();
                    assert!(
                        inner.iter().all(|step| step.starts_with("SEARCH r USING ")),
                        "{account} {criteria:?}\n{found}"
                    );
                    let from_a_place = found.contains("opened_seq<?") || found.contains("rowid<?");
                    assert!(from_a_place, "{account} {criteria:?}\n{found}");
                    // Only the page itself may be sorted: the rows come in the order of the list.
                    let before_page = found.split("SCAN p").next().unwrap();
                    assert!(!before_page.contains("TEMP B-TREE"), "{account} {criteria:?}\n{found}");
                }
                Kind::Postgres => {
                    assert!(found.contains("on case_rows r"), "{found}");
                    assert!(!found.contains("Seq Scan on case_rows"), "{account} {criteria:?}\n{found}");
                }
            }
        }
        for criteria in &narrowed {
            let (groups, schools) = lists::choices_queries(&actor, criteria).unwrap();
            for query in [groups, schools] {
                let found = plan(&ground, query).await;
                // Of the few rows of a school or a person, the rows themselves may be read.
                if ground.kind == Kind::Sqlite && ["county-taichung", "ministry"].contains(&account) {
                    assert!(found.contains("USING COVERING INDEX"), "{account} {criteria:?}\n{found}");
                    assert!(!found.contains("TEMP B-TREE"), "{account} {criteria:?}\n{found}");
                }
            }
        }
    }
}

/// After a program that knew no such rows, they are there as if they always had been.
pub(crate) async fn rows_of_an_older_program_are_filled_once(mut ground: Ground) {
    let cases = some(&ground).await;
    let county = ground.signed_in("county-taichung").await;
    let before = (letters(&county, &cases, "asked_from=1").await, offered(&county, "").await);
    let db = ground.db().await;
    let mut tx = db.write().await.unwrap();
    tx.run("DELETE FROM case_rows", vec![]).await.unwrap();
    tx.run("UPDATE case_rows_filled SET revision = 0", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    assert_eq!(letters(&county, &cases, "").await, "");
    ground = tokio::task::spawn_blocking(move || {
        ground.server.restart();
        ground
    })
    .await
    .unwrap();
    assert_eq!((letters(&county, &cases, "asked_from=1").await, offered(&county, "").await), before);
    assert_eq!(letters(&county, &cases, "").await, "edcba", "in the order in which they were opened");
    // The next act finds its row, and the next start does not fill again.
    let db = ground.db().await;
    let mut tx = db.read().await.unwrap();
    let revision = tx.one("SELECT revision FROM case_rows_filled WHERE id = 1", vec![]).await.unwrap();
    assert_eq!(revision.count(0).unwrap(), domain::list::Listed::REVISION);
    drop(tx);
    db.close().await;
    let done = county.act(cases[1], 3, ActBody::Reject { reason: "經費不足".to_owned() }).await;
    assert_eq!(done.code(), "ok");
    assert_eq!(letters(&county, &cases, "state=rejected").await, "b");
}
