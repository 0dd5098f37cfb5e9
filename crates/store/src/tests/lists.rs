//! Lists of cases: order, filters, pages, and that a long list is read through its index.

use super::*;
use crate::{CaseFilter, lists::page_query};
use domain::{ids::AccountId, list::Criteria};

async fn home_with(count: u32) -> Home {
    let home = Home::new().await;
    let cases = (1..=count).map(kept).collect();
    home.store.take_changes(1, cases, vec![], vec![], vec![]).await.unwrap();
    home
}

fn all() -> CaseFilter {
    CaseFilter { limit: 100, ..Default::default() }
}

fn narrowed(criteria: Criteria) -> CaseFilter {
    CaseFilter { criteria, ..all() }
}

async fn shown(home: &Home, filter: &CaseFilter) -> (Vec<u32>, u32) {
    let (rows, total) = home.store.cases(filter).await.unwrap();
    let number = |id: CaseId| (1..=500).find(|number| super::id::<CaseId>(*number) == id).unwrap();
    (rows.iter().map(|row| number(row.id)).collect(), total)
}

#[tokio::test]
async fn filters_order_and_pages() {
    let home = home_with(7).await;
    let keyword = |text: &str| narrowed(Criteria { keyword: Some(text.into()), ..Criteria::default() });
    let year = |year| Criteria { plan_year: Some(PlanYear(year)), ..Criteria::default() };
    for (filter, expected, total) in [
        (all(), vec![7, 6, 5, 4, 3, 2, 1], 7),
        (CaseFilter { limit: 2, offset: 0, ..all() }, vec![7, 6], 7),
        (CaseFilter { limit: 2, offset: 6, ..all() }, vec![1], 7),
        (CaseFilter { limit: 2, offset: 7, ..all() }, vec![], 7),
        (narrowed(year(112)), vec![7, 5, 3, 1], 4),
        (narrowed(year(99)), vec![], 0),
        (CaseFilter { owner: Some(person(1).id), ..all() }, vec![7, 4, 1], 3),
        (CaseFilter { owner: Some(person(1).id), ..narrowed(year(111)) }, vec![4], 1),
        (keyword("第3國"), vec![3], 1),
        (keyword("  教師2 "), vec![5, 2], 2),
        (keyword(""), vec![7, 6, 5, 4, 3, 2, 1], 7),
        (keyword("%"), vec![], 0),
        (keyword("第_國小"), vec![], 0),
        (keyword("\\"), vec![], 0),
        (keyword("' OR 1 = 1 --"), vec![], 0),
    ] {
        assert_eq!(shown(&home, &filter).await, (expected, total), "{filter:?}");
    }
    assert_eq!(home.store.plan_years().await.unwrap(), [PlanYear(112), PlanYear(111)]);
}

#[tokio::test]
async fn a_row_says_what_the_case_says() {
    let home = home_with(1).await;
    home.store.queue(&act(50, 1), None).await.unwrap();
    let (rows, _) = home.store.cases(&all()).await.unwrap();
    let case = case(1);
    let expected = crate::CaseRow {
        id: case.id,
        process: case.process,
        plan_year: case.plan_year,
        owner: case.owner,
        school: case.school,
        title: String::new(),
        state: case.state,
        // An act that waits is believed.
        seen: State::Withdrawn,
        seq: 2,
        level: String::new(),
        asked: None,
        approved: None,
        created_at: case.created_at,
        updated_at: case.updated_at,
        pending: true,
    };
    assert_eq!(rows, [expected]);
}

#[tokio::test]
async fn the_title_is_what_the_person_sees() {
    let home = home_with(1).await;
    let title = async || home.store.cases(&all()).await.unwrap().0[0].title.clone();
    let tell = async |papers: Vec<SentPaper>, papers_hidden: bool| {
        let told = KeptCase { case: Case { papers, ..case(1) }, known: true, papers_hidden };
        home.store.take_changes(2, vec![told], vec![], vec![], vec![]).await.unwrap();
    };
    tell(vec![paper("送出的名稱", b"pdf")], false).await;
    assert_eq!(title().await, "送出的名稱");
    home.store.save_draft(id(1), &form(), &changes(json!({ "plc_name": "正在寫的 \"名稱\"" })), at(2)).await.unwrap();
    assert_eq!(title().await, "正在寫的 \"名稱\"");
    home.store.save_draft(id(1), &form(), &changes(json!({ "plc_name": null })), at(2)).await.unwrap();
    assert_eq!(title().await, "送出的名稱");
    // A form that the person may no longer see leaves no title behind.
    tell(vec![], true).await;
    assert_eq!(title().await, "");
    assert_eq!(shown(&home, &narrowed(Criteria { keyword: Some("送出".into()), ..Criteria::default() })).await.1, 0);
}

#[tokio::test]
async fn odd_answers_in_the_title_harm_nothing() {
    let home = home_with(1).await;
    for odd in [json!(12), json!({ "a": [1] }), json!(["x"]), json!(true), json!("\u{0}a")] {
        home.store.save_draft(id(1), &form(), &changes(json!({ "plc_name": odd })), at(2)).await.unwrap();
        assert_eq!(home.store.cases(&all()).await.unwrap().1, 1, "{odd}");
        assert_eq!(home.store.draft(id(1), &form()).await.unwrap().unwrap().answers.get("plc_name"), Some(&odd));
    }
}

/// The first page of 10,000 cases reads one page's worth of rows: through an index, without sorting.
#[tokio::test]
async fn a_long_list_is_read_through_an_index() {
    use sqlx::Row as _;
    let home = Home::new().await;
    let many = (1..=10_000).map(kept).collect();
    home.store.take_changes(1, many, vec![], vec![], vec![]).await.unwrap();
    let owner: AccountId = person(1).id;
    for (filter, index) in [
        (all(), "cases_newest"),
        (
            narrowed(Criteria { plan_year: Some(PlanYear(111)), ..Criteria::default() }),
            "cases_newest_of_year (plan_year=?)",
        ),
        (CaseFilter { owner: Some(owner), ..all() }, "cases_newest_of_owner (owner_id=?)"),
        (narrowed(Criteria { keyword: Some("國小".into()), ..Criteria::default() }), "cases_newest"),
    ] {
        let mut query = page_query(&filter);
        let explain = format!("EXPLAIN QUERY PLAN {}", sqlx::Execute::sql(query.build()).as_str());
        let rows = sqlx::query(sqlx::AssertSqlSafe(explain))
            .fetch_all(&mut *home.store.read().await.unwrap().conn)
            .await
            .unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
        assert!(plan[0].contains(&format!("USING INDEX {index}")), "{plan:?}");
        assert!(plan.iter().any(|step| step.contains("outbox_of_case (case_id=?)")), "{plan:?}");
        assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{plan:?}");
    }
    let (rows, total) = home.store.cases(&all()).await.unwrap();
    assert_eq!((rows.len(), total), (100, 10_000));
}
