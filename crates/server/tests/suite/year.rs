//! One plan year as its people live it: a county sets its rules, two schools and their teachers apply, are returned with remarks,
//! correct, change a convener; both schools send their 總表; the county decides many at once; reports close the year. In the end
//! nobody was told anything twice, and the log is whole.

use super::{
    Ground, application,
    mail::{set, with_mail},
    report, returned, submitted,
};
use domain::{
    case::{Carried, Process, State},
    form::Packs,
    ids::{CaseId, RemarkId},
    people::{Actor, Person, School},
    policy::CountyRules,
    remark::{NewRemark, RemarkAnswer, Remarks},
    time::PlanYear,
};
use serde_json::{Value, json};
use server::db::{
    accounts::NewAccount,
    audit::{Verdict, verify},
};
use std::collections::BTreeSet;
use testkit::{Caller, TakenMail, paper, pdf};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone, CaseAct, ManyActs, ManyDone};

/// Someone new at a school of its own county; the password is everybody's.
async fn join(ground: &Ground, account: &str, like: &str, school: &School) {
    let db = ground.db().await;
    let mut tx = db.read().await.unwrap();
    let row = tx.one("SELECT password_hash FROM accounts WHERE account = 'teacher-a'", vec![]).await.unwrap();
    drop(tx);
    let person = Person { id: Uuid::now_v7().into(), name: format!("{account}老師") };
    let email = Some(format!("{account}@example.edu.tw"));
    let actor = Actor { person, school: Some(school.clone()), email, ..testkit::person(like) };
    let new = NewAccount { account: account.to_owned(), actor, password_hash: row.text(0).unwrap() };
    server::db::accounts::add(&db, &[new], ground.server.clock().now()).await.unwrap();
    db.close().await;
}

/// The county's rules of the year: three windows and a ceiling.
async fn rules(ground: &Ground) {
    let policy = Packs::built_in().policy(PlanYear(111), Some("臺中市"));
    let mut rules: Value = json!(CountyRules::of(&policy));
    let window = |from: &str, to: &str| json!({ "from": from, "to": to });
    rules["windows"] = json!({
        "apply": window("2022-05-01T00:00:00Z", "2022-05-20T09:00:00Z"),
        "summary": window("2022-05-01T00:00:00Z", "2022-05-31T09:00:00Z"),
        "report": window("2022-06-01T00:00:00Z", "2022-07-15T09:00:00Z"),
    });
    let county = ground.signed_in("county-taichung").await;
    let put = json!({ "id": Uuid::now_v7(), "expect_version": 0, "rules": rules });
    let request = county.request(reqwest::Method::PUT, "/v1/counties/臺中市/rules/111").json(&put);
    assert_eq!(county.send(request).await.code(), "ok");
}

fn carried(cases: &[CaseId]) -> ActBody {
    let one = |case: &CaseId| Carried { case: *case, name: "我愛上學".to_owned(), hash: "ab".repeat(32) };
    ActBody::Import { carried: cases.iter().map(one).collect() }
}

async fn seq(caller: &Caller, case: CaseId) -> u32 {
    caller.case(case).await.case.seq
}

/// Acts as somebody who looked at the case just now.
async fn act(caller: &Caller, case: CaseId, body: ActBody) -> String {
    let seq = seq(caller, case).await;
    caller.act(case, seq, body).await.code().to_owned()
}

/// Imports and sends a school's 總表; a first time it is opened too.
async fn summarize(school: &Caller, summary: Option<CaseId>, cases: &[CaseId], mark: u32) -> CaseId {
    let case = match summary {
        Some(case) => case,
        None => {
            let case = Uuid::now_v7().into();
            let open = ActBody::Open { process: Process::Summary, plan_year: PlanYear(111) };
            school.act(case, 0, open).await.read::<ActDone>();
            case
        }
    };
    assert_eq!(act(school, case, carried(cases)).await, "ok");
    let scan = pdf(80_000 + mark, 200);
    school.upload(&scan).await;
    let sent = ActBody::Send { papers: vec![paper("plc_summary", "typical", Some(&scan))] };
    assert_eq!(act(school, case, sent).await, "ok");
    case
}

fn codes(done: &ManyDone) -> Vec<&str> {
    done.results.iter().map(|one| one.refused.as_ref().map_or("ok", |failure| failure.code.as_str())).collect()
}

pub(crate) async fn one_plan_year(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let second = School { code: "193999".into(), name: "臺中市立第二國小".into(), county: "臺中市".into() };
    let first = testkit::person("teacher-a").school.unwrap();
    for (account, school) in [("t3", &first), ("u1", &second), ("u2", &second), ("u3", &second), ("u4", &second)] {
        join(&ground, account, "teacher-a", school).await;
    }
    join(&ground, "school193999", "school193625", &second).await;

    // Before the window nobody begins.
    set(&ground, "2022-04-29T02:00:00Z");
    rules(&ground).await;
    let early = ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
    let refused = ground.signed_in("teacher-a").await.act(Uuid::now_v7().into(), 0, early).await;
    assert_eq!(refused.body["params"]["missing"][0]["code"], "window_closed");

    // Six teachers apply.
    set(&ground, "2022-05-02T02:00:00Z");
    let mut cases = Vec::new();
    for (number, account) in ["teacher-a", "teacher-b", "t3", "u1", "u2", "u3"].into_iter().enumerate() {
        let teacher = ground.signed_in(account).await;
        cases.push(submitted(&teacher, 10 + u32::try_from(number).unwrap()).await);
    }
    let (school, other) = (ground.signed_in("school193625").await, ground.signed_in("school193999").await);
    assert_eq!(act(&school, cases[0], ActBody::Pass { sheet: None }).await, "ok");
    assert_eq!(
        other.act(cases[0], 3, ActBody::Pass { sheet: None }).await.code(),
        "not_found",
        "the other school's eyes end at its gate"
    );

    // One comes back with a remark, is corrected and answered, and passes.
    let remark = RemarkId(Uuid::now_v7());
    let asked = NewRemark {
        id: remark,
        form: "plc_application".parse().unwrap(),
        field: "plc_summary".to_owned(),
        text: "請補充學生學習成果".to_owned(),
    };
    let remarks = Remarks { asked: vec![asked], ..Remarks::default() };
    let back = Act { id: Uuid::now_v7().into(), expect_seq: 2, remarks, body: returned() };
    assert_eq!(school.post(&format!("/v1/cases/{}/acts", cases[1]), json!(back)).await.code(), "ok");
    let teacher = ground.signed_in("teacher-b").await;
    let answered = vec![RemarkAnswer { remark, text: "已補充".to_owned() }];
    let remarks = Remarks { answered, ..Remarks::default() };
    let again = Act { id: Uuid::now_v7().into(), expect_seq: 3, remarks, body: application(&teacher, 30).await };
    assert_eq!(teacher.post(&format!("/v1/cases/{}/acts", cases[1]), json!(again)).await.code(), "ok");
    assert_eq!(school.case(cases[1]).await.case.remarks[0].answer.as_deref(), Some("已補充"));
    assert_eq!(act(&school, cases[1], ActBody::Pass { sheet: None }).await, "ok");
    // One is given up.
    assert_eq!(act(&school, cases[2], returned()).await, "ok");
    assert_eq!(act(&ground.signed_in("t3").await, cases[2], ActBody::Withdraw).await, "ok");
    // One changes hands: the new convener has signed in, the old one sees it no more.
    let (old, new) = (ground.signed_in("u3").await, ground.signed_in("u4").await);
    let to = new.session().actor.person.clone();
    let change = ActBody::ChangeConvener { to, consent: "中市教專字第7號".to_owned() };
    assert_eq!(act(&other, cases[5], change).await, "ok");
    assert_eq!(old.get(&format!("/v1/cases/{}", cases[5])).await.code(), "not_found");
    for case in &cases[3..6] {
        assert_eq!(act(&other, *case, ActBody::Pass { sheet: None }).await, "ok");
    }

    // Both schools send their 總表. The county returns one application; its school imports anew.
    set(&ground, "2022-05-10T02:00:00Z");
    let (school, other) = (ground.signed_in("school193625").await, ground.signed_in("school193999").await);
    let county = ground.signed_in("county-taichung").await;
    let summary = summarize(&school, None, &cases[..2], 1).await;
    let others = summarize(&other, None, &cases[3..6], 2).await;
    assert_eq!(act(&county, cases[0], returned()).await, "ok");
    let teacher = ground.signed_in("teacher-a").await;
    let again = application(&teacher, 40).await;
    assert_eq!(act(&teacher, cases[0], again).await, "ok");
    assert_eq!(act(&school, cases[0], ActBody::Pass { sheet: None }).await, "ok");
    assert_eq!(
        county.case(summary).await.case.state,
        State::Sent,
        "what was sent stays, until the school takes it back"
    );
    summarize(&school, Some(summary), &cases[..2], 3).await;
    assert!(!county.case(others).await.papers_hidden);

    // The window closes on whoever is late; returns are over too.
    set(&ground, "2022-05-21T02:00:00Z");
    let late = ground.signed_in("t3").await;
    let begin = ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
    assert_eq!(late.act(Uuid::now_v7().into(), 0, begin).await.code(), "act_incomplete");
    let county = ground.signed_in("county-taichung").await;
    assert_eq!(act(&county, cases[0], returned()).await, "act_incomplete");

    // The county decides on all at once; a second officer, who saw the same list, is told what the first did.
    let on = |case: CaseId, expect_seq: u32, body: ActBody| {
        let act = Act { id: Uuid::now_v7().into(), expect_seq, remarks: Remarks::default(), body };
        CaseAct { case, act }
    };
    let mut batch = Vec::new();
    for case in [0, 1, 3, 4] {
        batch.push(on(cases[case], seq(&county, cases[case]).await, ActBody::Approve { amount: Some(10_000) }));
    }
    let no = ActBody::Reject { reason: "經費不足".to_owned() };
    batch.push(on(cases[5], seq(&county, cases[5]).await, no));
    let same: Vec<CaseAct> = batch.iter().map(|one| on(one.case, one.act.expect_seq, one.act.body.clone())).collect();
    let done: ManyDone = county.post("/v1/acts", json!(ManyActs { acts: batch })).await.read();
    assert_eq!(codes(&done), ["ok"; 5]);
    let officer = ground.another("county-taichung-b", "county-taichung").await;
    let done: ManyDone = officer.post("/v1/acts", json!(ManyActs { acts: same })).await.read();
    assert_eq!(codes(&done), ["case_moved"; 5]);
    assert_eq!(done.results[0].refused.as_ref().unwrap().params["action"], "approve");

    // After its own window a 總表 is taken back no more.
    set(&ground, "2022-06-01T02:00:00Z");
    let school = ground.signed_in("school193625").await;
    assert_eq!(act(&school, summary, carried(&cases[..2])).await, "act_incomplete");

    // The reports close the year, once and for all.
    set(&ground, "2022-06-20T02:00:00Z");
    for (number, (account, case)) in [("teacher-a", 0), ("teacher-b", 1), ("u1", 3), ("u2", 4)].into_iter().enumerate()
    {
        let teacher = ground.signed_in(account).await;
        let body = report(&teacher, 50 + u32::try_from(number).unwrap()).await;
        assert_eq!(act(&teacher, cases[case], body.clone()).await, "ok");
        assert_eq!(act(&teacher, cases[case], body).await, "not_in_this_state");
    }
    let county = ground.signed_in("county-taichung").await;
    let mut states = Vec::new();
    for case in &cases {
        states.push(county.case(*case).await.case.state);
    }
    let closed = State::Closed;
    assert_eq!(states, [closed, closed, State::Withdrawn, closed, closed, State::Rejected]);
    let found = county.get("/v1/cases?plan_year=111&state=closed&limit=50").await.body;
    assert_eq!(found["rows"].as_array().unwrap().len(), 4);

    // Every message went out as one mail, and the log holds every act.
    for _ in 0..3 {
        ground.server.mail_round().await;
    }
    let taken: Vec<TakenMail> = mail.taken();
    let ids: BTreeSet<&str> = taken.iter().map(|mail| mail.id.as_str()).collect();
    assert_eq!(ids.len(), taken.len(), "no mail twice");
    let db = ground.db().await;
    let mut tx = db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM notices n JOIN accounts a ON a.id = n.account_id WHERE a.email IS NOT NULL";
    let told = tx.one(sql, vec![]).await.unwrap().int(0).unwrap();
    drop(tx);
    assert_eq!(i64::try_from(taken.len()).unwrap(), told);
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Whole { .. }));
    db.close().await;
}
