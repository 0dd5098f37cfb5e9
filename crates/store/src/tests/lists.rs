//! Lists of cases: order, filters, pages, and that a long list is read through its index.

use super::*;
use crate::{CaseFilter, lists::page_query};
use domain::{ids::AccountId, list::Criteria};

async fn home_with(count: u32) -> Home {
    let home = Home::new().await;
    let cases = (1..=count).map(kept).collect();
    told(&home.store, 1, cases, vec![], vec![], vec![]).await.unwrap();
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
        let case = KeptCase { case: Case { papers, ..case(1) }, known: true, papers_hidden };
        told(&home.store, 2, vec![case], vec![], vec![], vec![]).await.unwrap();
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
    told(&home.store, 1, many, vec![], vec![], vec![]).await.unwrap();
    let owner: AccountId = person(1).id;
    for (filter, index) in [
        (all(), "cases_newest"),
        (
            narrowed(Criteria { plan_year: Some(PlanYear(111)), ..Criteria::default() }),
            "cases_newest_of_year (plan_year=?)",
        ),
        (CaseFilter { owner: Some(owner), ..all() }, "cases_newest_of_owner (owner_id=?)"),
        (
            narrowed(Criteria { states: vec![State::CountyCheck], ..Criteria::default() }),
            "cases_newest_of_state (seen_state=?)",
        ),
        (
            narrowed(Criteria { schools: vec!["193625".into()], ..Criteria::default() }),
            "cases_newest_of_school (school_code=?)",
        ),
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

fn sent(number: u32, level: &str, amount: u32) -> KeptCase {
    let form = |id: &str| {
        let (_, form) = domain::form::Packs::built_in().for_year(&id.parse().unwrap(), PlanYear(111)).unwrap();
        form.clone()
    };
    let funding = if amount == 0 { "否" } else { "是" };
    let application = json!({ "plc_name": format!("社群{number}"), "plc_level": level, "apply_funding": funding });
    let budget = json!({ "materials": { "quantity": amount, "unit_price": 1 } });
    let paper = |id: &str, content| SentPaper { form: form(id), answers: answers(content), ..paper("", b"pdf") };
    let papers = vec![paper("plc_application", application), paper("plc_budget", budget)];
    let school = School { code: format!("19360{}", number % 3), ..case(number).school };
    KeptCase { case: Case { state: State::CountyCheck, seq: 3, papers, school, ..case(number) }, ..kept(number) }
}

#[tokio::test]
async fn a_list_is_narrowed_ordered_and_counted() {
    use domain::list::AmountSpan;
    let home = Home::new().await;
    let cases =
        vec![sent(1, "學習社群", 9_000), sent(2, "無", 0), sent(3, "無", 12_000), sent(4, "學習社群", 15_000), kept(5)];
    told(&home.store, 1, cases, vec![], vec![], vec![]).await.unwrap();
    let any = Criteria::default;
    let plc = || vec!["學習社群".to_owned()];
    let span = |from, to| AmountSpan { from, to };
    for (criteria, expected) in [
        (Criteria { levels: plc(), ..any() }, vec![4, 1]),
        (Criteria { levels: vec!["無".into(), "學習社群".into()], states: vec![State::Draft], ..any() }, vec![]),
        (Criteria { states: vec![State::Draft, State::Closed], ..any() }, vec![5]),
        (Criteria { schools: vec!["193601".into(), "193602".into()], ..any() }, vec![4, 2, 1]),
        (Criteria { asked: span(Some(9_000), Some(12_000)), ..any() }, vec![3, 1]),
        (Criteria { asked: span(None, Some(0)), ..any() }, vec![2]),
        (Criteria { approved: span(Some(0), None), ..any() }, vec![]),
        (Criteria { process: Some(Process::Plc), keyword: Some("社群4".into()), levels: plc(), ..any() }, vec![4]),
        (Criteria { levels: vec!["' OR 1 = 1 --".into()], ..any() }, vec![]),
    ] {
        let found = shown(&home, &narrowed(criteria.clone())).await;
        assert_eq!(found, (expected.clone(), u32::try_from(expected.len()).unwrap()), "{criteria:?}");
        let ids = home.store.case_ids(&CaseFilter { limit: 1, ..narrowed(criteria) }).await.unwrap();
        let expected: Vec<CaseId> = expected.into_iter().map(id).collect();
        assert_eq!(ids, expected, "all of them, whatever the page");
    }
    let ordered = async |order| shown(&home, &CaseFilter { order, ..all() }).await.0;
    assert_eq!(ordered(crate::Order::Asked).await, [4, 3, 1, 2, 5]);
    assert_eq!(ordered(crate::Order::School).await, [3, 4, 1, 2, 5]);
    let choices = home.store.choices(&Criteria { states: vec![State::CountyCheck], ..any() }).await.unwrap();
    let levels: Vec<_> = choices.levels.iter().map(|one| (one.level.as_str(), one.cases)).collect();
    let schools: Vec<_> = choices.schools.iter().map(|one| (one.code.as_str(), one.cases)).collect();
    assert_eq!(levels, [("學習社群", 2), ("無", 2)]);
    assert_eq!(schools, [("193600", 1), ("193601", 2), ("193602", 1)]);
    assert_eq!(choices.states.iter().map(|one| one.cases).collect::<Vec<_>>(), [1, 4]);
    let rows = home.store.rows_of(&[id(4), id(2), id(99)]).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| (row.id, row.level.as_str(), row.asked)).collect();
    assert_eq!(found, [(id(4), "學習社群", Some(15_000)), (id(2), "無", Some(0))]);
    // A case whose papers are hidden again is found by none of it.
    let hidden = Case { papers: vec![], state: State::Draft, seq: 4, ..sent(4, "學習社群", 15_000).case };
    let case = KeptCase { case: hidden, papers_hidden: true, known: true };
    told(&home.store, 2, vec![case], vec![], vec![], vec![]).await.unwrap();
    assert_eq!(shown(&home, &narrowed(Criteria { levels: plc(), ..any() })).await.0, [1]);
    assert_eq!(shown(&home, &narrowed(Criteria { asked: span(Some(12_001), None), ..any() })).await.0, [0_u32; 0]);
}

/// A store of the first version: its cases are found by the new filters when it is opened.
#[tokio::test]
async fn rows_of_an_older_program_are_filled() {
    let home = Home::new().await;
    told(&home.store, 1, vec![sent(1, "學習社群", 9_000), sent(2, "無", 0)], vec![], vec![], vec![]).await.unwrap();
    home.store.queue(&act(50, 2), None).await.unwrap();
    home.sql(
        "UPDATE cases SET seen_state = '', seq = 0, school_code = '', county = '', level = '', asked = NULL, approved = NULL; \
         DELETE FROM meta WHERE name = 'listed'",
    )
    .await;
    let home = home.reopened().await;
    let rows = home.store.rows_of(&[id(1), id(2)]).await.unwrap();
    let found: Vec<_> =
        rows.iter().map(|row| (row.seen, row.school.code.as_str(), row.level.as_str(), row.asked)).collect();
    let expected =
        [(State::Withdrawn, "193602", "無", Some(0)), (State::CountyCheck, "193601", "學習社群", Some(9_000))];
    assert_eq!(found, expected);
}
