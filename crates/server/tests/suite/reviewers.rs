//! 審查委員 over HTTP: who keeps the pool, whom a case can be given to, proposals, and how like a case is to others.

use super::Ground;
use domain::{
    case::{Process, SentPaper, State},
    form::content_hash,
    ids::CaseId,
    people::Person,
    time::PlanYear,
};
use reqwest::Method;
use serde_json::{Value, json};
use server::db::Db;
use testkit::{Answer, Caller, form_review_that_passes, paper, person};
use uuid::Uuid;
use wire::{
    http::{Act, ActBody, ActDone, CaseAct, EventPage, ManyActs, ManyDone},
    reviewers::{ProposalPage, ReviewerPage, ReviewerRow},
};

const FORMS: [&str; 6] = [
    "open_class_proof",
    "plc_participation_proof",
    "pre_conference_a",
    "obs_std105",
    "post_conference_a",
    "adv_checklist",
];

/// The papers of an application by this person, the observation papers with these words in them.
fn papers(owner: &Caller, words: Option<&str>) -> Vec<SentPaper> {
    let mut papers: Vec<SentPaper> = FORMS.iter().map(|form| paper(form, "typical", None)).collect();
    let name = &owner.session().actor.person.name;
    for paper in &mut papers {
        let field = if paper.answers.get("observer").is_some() && paper.form.id.as_str() != FORMS[0] {
            "observer"
        } else {
            "teacher_name"
        };
        paper.answers.0.insert(field.to_owned(), name.clone().into());
    }
    if let Some(words) = words {
        say(&mut papers, words);
    }
    for paper in &mut papers {
        paper.hash = content_hash(&paper.form, &paper.answers);
    }
    papers
}

/// Puts words into the observation papers.
fn say(papers: &mut [SentPaper], words: &str) {
    for (place, fields) in
        [(2, &["lesson_context", "focus_and_tools"][..]), (4, &["facts", "relation", "insight", "next_action"])]
    {
        for (number, field) in fields.iter().enumerate() {
            let text = format!("{words}{number}").repeat(12);
            papers[place].answers.0.insert((*field).to_owned(), text.into());
        }
    }
    let facts = papers[3].answers.0["facts"].as_object_mut().unwrap();
    facts.values_mut().for_each(|fact| *fact = words.repeat(3).into());
}

/// Opens a certification of a plan year and sends it.
async fn sent(owner: &Caller, year: u16, words: Option<&str>) -> CaseId {
    let case = Uuid::now_v7().into();
    let body = ActBody::Open { process: Process::Advanced, plan_year: PlanYear(year) };
    owner.act(case, 0, body).await.read::<ActDone>();
    let mut papers = papers(owner, words);
    owner.stamp(&mut papers).await;
    let done: ActDone = owner.act(case, 1, ActBody::Submit { papers }).await.read();
    assert_eq!(done.case.case.state, State::FormReview);
    case
}

/// The 形式審查 lets it pass: it waits for reviewers.
async fn passed(county: &Caller, case: CaseId, seq: u32) {
    let sheet = Some(form_review_that_passes());
    let done: ActDone = county.act(case, seq, ActBody::Pass { sheet }).await.read();
    assert_eq!(done.case.case.state, State::FirstAssign);
}

/// A case of its own teacher at 協和國小 that waits for reviewers, at number 3.
async fn waiting(ground: &Ground, number: u32) -> CaseId {
    let owner = ground.applicant(&format!("applicant-{number}")).await;
    let case = sent(&owner, 111, None).await;
    passed(&ground.signed_in("county-taichung").await, case, 2).await;
    case
}

fn assign(accounts: &[&str]) -> ActBody {
    ActBody::Assign { reviewers: accounts.iter().map(|account| person(account).person).collect() }
}

fn put(county: Option<&str>, school: Option<&str>, active: bool) -> Value {
    let school = school.map(|code| json!({ "code": code, "name": "某國小", "county": "臺中市" }));
    json!({ "county": county, "school": school, "fields": ["數學"], "active": active, "most": null })
}

async fn keep(by: &Caller, account: &str, put: Value) -> Answer {
    let path = format!("/v1/reviewers/{}", person(account).person.id);
    by.send(by.request(Method::PUT, &path).json(&put)).await
}

async fn choices(by: &Caller, case: CaseId) -> Vec<(String, u32, Option<String>)> {
    let page: ReviewerPage = by.get(&format!("/v1/reviewers?case={case}")).await.read();
    page.rows.into_iter().map(|row| (row.account, row.load, row.unfit)).collect()
}

fn listed(rows: &[(&str, u32, Option<&str>)]) -> Vec<(String, u32, Option<String>)> {
    rows.iter().map(|(account, load, unfit)| ((*account).to_owned(), *load, unfit.map(str::to_owned))).collect()
}

/// Why the reviewers of an act were not taken.
fn unfit(answer: &Answer) -> Vec<&str> {
    assert_eq!(answer.code(), "act_incomplete", "{:?}", answer.body);
    let missing = answer.body["params"]["missing"].as_array().unwrap();
    let reviewers = missing.iter().flat_map(|one| one["params"]["reviewers"].as_array().into_iter().flatten());
    reviewers.map(|one| one["why"].as_str().unwrap()).collect()
}

pub(crate) async fn the_pool_is_kept_by_the_platform_and_the_own_county(ground: Ground) {
    let (platform, county) = (ground.signed_in("platform").await, ground.signed_in("county-taichung").await);
    let accounts = |page: ReviewerPage| page.rows.into_iter().map(|row| row.account).collect::<Vec<_>>();
    let mut all = accounts(platform.get("/v1/reviewers").await.read());
    all.sort();
    assert_eq!(all, ["reviewer-a", "reviewer-b", "reviewer-c"]);
    assert_eq!(accounts(county.get("/v1/reviewers").await.read()), ["reviewer-a"], "the own county's");

    let row: ReviewerRow = keep(&county, "reviewer-a", put(Some("臺中市"), Some("193625"), false)).await.read();
    assert_eq!((row.reviewer.active, row.reviewer.school.unwrap().code.as_str()), (false, "193625"));
    assert_eq!(row.reviewer.person, person("reviewer-a").person, "the name is the account's");
    let page: ReviewerPage = county.get("/v1/reviewers").await.read();
    assert!(!page.rows[0].reviewer.active, "and it stays");
    let national: ReviewerRow = keep(&platform, "reviewer-c", put(None, None, true)).await.read();
    assert_eq!(national.reviewer.county, None);

    for (caller, account, body, code) in [
        (&county, "reviewer-b", put(Some("連江縣"), None, true), "not_yours"),
        (&county, "reviewer-c", put(Some("臺中市"), None, true), "not_yours"),
        (&county, "reviewer-a", put(Some("連江縣"), None, true), "not_yours"),
        (&county, "reviewer-a", put(None, None, true), "not_yours"),
        (&platform, "teacher-a", put(None, None, true), "not_found"),
        (&platform, "reviewer-a", put(Some("亞特蘭提斯"), None, true), "bad_request"),
        (&platform, "reviewer-a", put(Some("臺中市"), Some(" "), true), "bad_request"),
        (&platform, "reviewer-a", json!({ "fields": ["占星"], "active": true }), "bad_request"),
        (&platform, "reviewer-a", json!({ "fields": ["數學", "數學"], "active": true }), "bad_request"),
        (&platform, "reviewer-a", json!({ "fields": [], "active": true, "most": -1 }), "bad_request"),
    ] {
        assert_eq!(keep(caller, account, body.clone()).await.code(), code, "{account} {body}");
    }
    for account in ["teacher-a", "principal-a", "school193625", "reviewer-a", "ministry"] {
        let caller = ground.signed_in(account).await;
        assert_eq!(caller.get("/v1/reviewers").await.code(), "not_yours", "{account}");
        assert_eq!(keep(&caller, "reviewer-a", put(Some("臺中市"), None, true)).await.code(), "not_yours", "{account}");
    }
    let nobody = Uuid::now_v7();
    let unknown = platform.request(Method::PUT, &format!("/v1/reviewers/{nobody}")).json(&put(None, None, true));
    assert_eq!(platform.send(unknown).await.code(), "not_found");
}

pub(crate) async fn a_case_is_given_to_those_without_a_conflict(ground: Ground) {
    let (platform, county) = (ground.signed_in("platform").await, ground.signed_in("county-taichung").await);
    let case = waiting(&ground, 1).await;
    let fit = listed(&[("reviewer-b", 0, None), ("reviewer-c", 0, None), ("reviewer-a", 0, None)]);
    let found = choices(&county, case).await;
    assert_eq!(found.len(), 3);
    assert!(fit.iter().all(|row| found.contains(row)), "{found:?}");

    // At the applicant's school; then out of the pool.
    keep(&platform, "reviewer-a", put(Some("臺中市"), Some("193625"), true)).await.read::<ReviewerRow>();
    keep(&platform, "reviewer-b", put(Some("連江縣"), None, false)).await.read::<ReviewerRow>();
    let found = choices(&county, case).await;
    assert!(found.contains(&("reviewer-a".to_owned(), 0, Some("same_school".to_owned()))), "{found:?}");
    assert!(found.contains(&("reviewer-b".to_owned(), 0, Some("inactive".to_owned()))), "{found:?}");
    let both = county.act(case, 3, assign(&["reviewer-a", "reviewer-b"])).await;
    assert_eq!(unfit(&both), ["same_school", "inactive"]);
    assert_eq!(unfit(&county.act(case, 3, assign(&["teacher-b"])).await), ["not_a_reviewer"]);
    assert_eq!(unfit(&county.act(case, 3, assign(&["reviewer-c", "reviewer-c"])).await), ["named_twice"]);
    let nobody = ActBody::Assign { reviewers: vec![Person { id: Uuid::now_v7().into(), name: "無".to_owned() }] };
    assert_eq!(unfit(&county.act(case, 3, nobody).await), ["not_a_reviewer"]);
    assert_eq!(county.act(case, 3, assign(&[])).await.code(), "act_incomplete");
    assert_eq!(ground.signed_in("reviewer-c").await.get(&format!("/v1/cases/{case}")).await.code(), "not_found");

    let proposed: ProposalPage = county.post("/v1/assignments/proposal", json!({ "cases": [case] })).await.read();
    let names: Vec<_> = proposed.proposals[0].reviewers.iter().map(|one| one.person.clone()).collect();
    assert_eq!(names, [person("reviewer-c").person]);
    let done: ActDone = county.act(case, 3, assign(&["reviewer-c"])).await.read();
    assert_eq!(done.case.case.state, State::FirstReview);

    // Two offices at once: the second is told who was first.
    let second = ground.another("county-taichung-2", "county-taichung").await;
    let late = second.act(case, 3, assign(&["reviewer-c"])).await;
    assert_eq!(late.code(), "case_moved");
    assert_eq!(
        (&late.body["params"]["by"], &late.body["params"]["action"]),
        (&json!("臺中市教專中心"), &json!("assign"))
    );

    // One who leaves in the middle is replaced: the case leaves their list, and the new one finds it.
    keep(&platform, "reviewer-b", put(Some("連江縣"), None, true)).await.read::<ReviewerRow>();
    let (leaving, new) = (ground.signed_in("reviewer-c").await, ground.signed_in("reviewer-b").await);
    let before = leaving.changes(0).await;
    assert_eq!(before.cases.len(), 1);
    county.act(case, 4, assign(&["reviewer-b"])).await.read::<ActDone>();
    assert_eq!(leaving.changes(before.cursor).await.gone, [case]);
    assert_eq!(leaving.get(&format!("/v1/cases/{case}")).await.code(), "not_found");
    assert!(!new.case(case).await.papers_hidden);
    let rows: ReviewerPage = platform.get("/v1/reviewers").await.read();
    let loads: Vec<_> = rows.rows.iter().map(|row| (row.account.as_str(), row.load)).collect();
    assert!(loads.contains(&("reviewer-b", 1)) && loads.contains(&("reviewer-c", 0)), "{loads:?}");

    // Whoever wrote in the first round does not review the second.
    let sheet = paper("adv_review", "typical", None);
    new.act(case, 5, ActBody::Review { sheet }).await.read::<ActDone>();
    let correct = ActBody::AskCorrection { reason: "請補充觀察事實".to_owned() };
    county.act(case, 6, correct).await.read::<ActDone>();
    let owner = ground.signed_in("applicant-1").await;
    let corrected =
        papers(&owner, None).into_iter().filter(|paper| FORMS[2..5].contains(&paper.form.id.as_str())).collect();
    let done: ActDone = owner.act(case, 7, ActBody::Resubmit { papers: corrected }).await.read();
    assert_eq!(done.case.case.state, State::SecondAssign);
    assert_eq!(unfit(&county.act(case, 8, assign(&["reviewer-b"])).await), ["earlier_round"]);
    assert!(choices(&county, case).await.contains(&("reviewer-c".to_owned(), 0, None)));
}

pub(crate) async fn whom_a_case_is_given_to_is_asked_by_its_desk_alone(ground: Ground) {
    let case = waiting(&ground, 1).await;
    let ask = json!({ "cases": [case] });
    for (account, code) in [
        ("applicant-1", "not_in_this_state"),
        ("teacher-b", "not_found"),
        ("school193625", "not_in_this_state"),
        ("county-lienchiang", "not_found"),
        ("reviewer-a", "not_found"),
        ("ministry", "not_in_this_state"),
        ("platform", "not_in_this_state"),
    ] {
        let caller = ground.signed_in(account).await;
        assert_eq!(caller.get(&format!("/v1/reviewers?case={case}")).await.code(), code, "{account}");
        let page: ProposalPage = caller.post("/v1/assignments/proposal", ask.clone()).await.read();
        assert_eq!((page.proposals.len(), page.refused[0].failure.code.as_str()), (0, code), "{account}");
    }
    let county = ground.signed_in("county-taichung").await;
    assert_eq!(county.get("/v1/reviewers?case=x").await.code(), "bad_request");
    assert_eq!(county.get(&format!("/v1/reviewers?case={}", Uuid::now_v7())).await.code(), "not_found");
    county.act(case, 3, assign(&["reviewer-a"])).await.read::<ActDone>();
    // While reviewers are at work one is replaced, not proposed anew.
    assert_eq!(choices(&county, case).await.len(), 3);
    let page: ProposalPage = county.post("/v1/assignments/proposal", ask).await.read();
    assert_eq!(page.refused[0].failure.code.as_str(), "not_in_this_state");
    let many: Vec<_> = (0..=domain::sync::MOST_ACTS).map(|_| Uuid::now_v7()).collect();
    assert_eq!(county.post("/v1/assignments/proposal", json!({ "cases": many })).await.code(), "too_many_cases");
}

pub(crate) async fn many_cases_are_given_out_at_once(ground: Ground) {
    let county = ground.signed_in("county-taichung").await;
    let mut cases = Vec::new();
    for number in 0..4 {
        cases.push(waiting(&ground, number).await);
    }
    county.act(cases[3], 3, assign(&["reviewer-a"])).await.read::<ActDone>();
    let page: ProposalPage = county.post("/v1/assignments/proposal", json!({ "cases": cases[..3] })).await.read();
    let loads: Vec<u32> = page.proposals.iter().flat_map(|one| &one.reviewers).map(|one| one.load).collect();
    assert!(loads.iter().all(|load| (1..=2).contains(load)), "{loads:?}");
    let one = |(case, seq): (CaseId, u32), reviewers| {
        let act = Act {
            id: Uuid::now_v7().into(),
            expect_seq: seq,
            remarks: Default::default(),
            body: ActBody::Assign { reviewers },
        };
        CaseAct { case, act }
    };
    let mut acts: Vec<CaseAct> = page
        .proposals
        .iter()
        .map(|one_of| one((one_of.case, 3), one_of.reviewers.iter().map(|one| one.person.clone()).collect()))
        .collect();
    acts.push(one((cases[3], 3), vec![person("reviewer-b").person]));
    let done: ManyDone = county.post("/v1/acts", json!(ManyActs { acts })).await.read();
    let codes: Vec<_> =
        done.results.iter().map(|one| one.refused.as_ref().map_or("ok", |failure| failure.code.as_str())).collect();
    assert_eq!(codes, ["ok", "ok", "ok", "case_moved"]);
    // Three reviewers, four cases, nobody has more than two.
    let rows: ReviewerPage = ground.signed_in("platform").await.get("/v1/reviewers").await.read();
    let mut loads: Vec<u32> = rows.rows.iter().map(|row| row.load).collect();
    loads.sort_unstable();
    assert_eq!(loads, [1, 1, 2]);
}

/// How like the case is to another, as the office reads it.
async fn likeness(county: &Caller, case: CaseId) -> Option<(u8, CaseId, u16)> {
    let found = county.case(case).await.case.reviewing.likeness?;
    Some((found.percent, found.other, found.other_year))
}

pub(crate) async fn what_is_like_anothers_is_found(ground: Ground) {
    let county = ground.signed_in("county-taichung").await;
    let first = ground.applicant("first").await;
    let elsewhere = ground.signed_in("teacher-c").await;
    testkit::qualify(&ground.server, "teacher-c", &elsewhere.session().actor).await;
    let (own, others) = ("本班學生在分組討論時能輪流發言並記錄", "教師以提問引導全班觀察實驗裝置的變化");
    let earlier = sent(&elsewhere, 110, Some(own)).await;
    let case = sent(&first, 111, Some(others)).await;
    assert_eq!(likeness(&county, case).await, None, "nothing like it");

    // Word for word from another county and an earlier year.
    let second = ground.applicant("second").await;
    let copy = sent(&second, 111, Some(own)).await;
    assert_eq!(likeness(&county, copy).await, Some((100, earlier, 110)));
    // The owner does not read it, nor does the school; the reviewer does.
    assert_eq!(second.case(copy).await.case.reviewing.likeness, None);
    assert_eq!(ground.signed_in("school193625").await.case(copy).await.case.reviewing.likeness, None);
    passed(&county, copy, 2).await;
    county.act(copy, 3, assign(&["reviewer-c"])).await.read::<ActDone>();
    let reviewer = ground.signed_in("reviewer-c").await;
    assert!(reviewer.case(copy).await.case.reviewing.likeness.is_some());
    // What happened tells what was sent; what was found by looking is not in it.
    let events: EventPage = county.get(&format!("/v1/cases/{copy}/events")).await.read();
    assert!(!json!(events).to_string().contains("likeness"));

    // Own words of an earlier year are one's own. Words of both: the nearer one is told.
    assert_eq!(likeness(&county, sent(&second, 110, Some(own)).await).await.unwrap().1, earlier);
    assert_eq!(likeness(&county, sent(&first, 110, Some(others)).await).await, None);

    // Corrected, it is compared anew.
    reviewer.act(copy, 4, ActBody::Review { sheet: paper("adv_review", "typical", None) }).await.read::<ActDone>();
    county.act(copy, 5, ActBody::AskCorrection { reason: "請修正".to_owned() }).await.read::<ActDone>();
    let rewritten = "學生以分數板比較大小並說明自己的理由與發現";
    let corrected = papers(&second, Some(rewritten))
        .into_iter()
        .filter(|paper| FORMS[2..5].contains(&paper.form.id.as_str()))
        .collect();
    second.act(copy, 6, ActBody::Resubmit { papers: corrected }).await.read::<ActDone>();
    assert_eq!(likeness(&county, copy).await, None);
    let third = ground.applicant("third").await;
    assert_eq!(likeness(&county, sent(&third, 111, Some(rewritten)).await).await.unwrap().1, copy);
}

/// What was sent to an older program is compared too, after this one has once looked at all of it.
pub(crate) async fn sketches_of_an_older_program_are_filled_once(ground: Ground) {
    let county = ground.signed_in("county-taichung").await;
    let words = "本班學生在分組討論時能輪流發言並記錄";
    let old = sent(&ground.applicant("old").await, 111, Some(words)).await;
    passed(&county, old, 2).await;
    county.act(old, 3, assign(&["reviewer-a"])).await.read::<ActDone>();
    let rows =
        async |db: &Db, table: &'static str| db.read().await.unwrap().one(table, vec![]).await.unwrap().int(0).unwrap();
    let (sketches, asked) = ("SELECT COUNT(*) FROM sketches", "SELECT COUNT(*) FROM assignments");
    let db = ground.db().await;
    assert_eq!((rows(&db, sketches).await, rows(&db, asked).await), (1, 1));
    let mut tx = db.write().await.unwrap();
    for sql in ["DELETE FROM sketches", "DELETE FROM assignments", "UPDATE sketches_filled SET revision = 0"] {
        tx.run(sql, vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
    let db = ground.db().await;
    assert_eq!((rows(&db, sketches).await, rows(&db, asked).await), (1, 1), "filled at the next start");
    db.close().await;
    let copy = sent(&ground.applicant("new").await, 111, Some(words)).await;
    assert_eq!(likeness(&county, copy).await.map(|found| found.1), Some(old));
}
