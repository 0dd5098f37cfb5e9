//! Acts on many cases at once: each judged by itself, each done once, all written together.

use super::{Ground, returned, submitted};
use domain::{case::State, ids::CaseId, notice::NoticeKind};
use serde_json::{Value, json};
use testkit::{Answer, Caller};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone, CaseAct, ManyActs, ManyDone};

fn on(case: CaseId, expect_seq: u32, body: ActBody) -> CaseAct {
    CaseAct { case, act: Act { id: Uuid::now_v7().into(), expect_seq, remarks: Default::default(), body } }
}

async fn send(caller: &Caller, acts: &ManyActs) -> Answer {
    caller.post("/v1/acts", json!(acts)).await
}

/// So many applications that wait for the county, of a teacher each.
async fn waiting(ground: &Ground, count: u32) -> Vec<CaseId> {
    let school = ground.signed_in("school193625").await;
    let mut cases = Vec::new();
    for number in 0..count {
        let teacher = ground.another(&format!("t{number}"), "teacher-a").await;
        let case = submitted(&teacher, 20 + number).await;
        school.act(case, 2, ActBody::Pass { sheet: None }).await.read::<ActDone>();
        cases.push(case);
    }
    cases
}

fn approve(amount: u32) -> ActBody {
    ActBody::Approve { amount: Some(amount) }
}

/// How many lines the log has, and how many events there are.
async fn written(ground: &Ground) -> (i64, i64) {
    let db = ground.db().await;
    let mut tx = db.read().await.unwrap();
    let audit = tx.one("SELECT COUNT(*) FROM audit", vec![]).await.unwrap().int(0).unwrap();
    let events = tx.one("SELECT COUNT(*) FROM events", vec![]).await.unwrap().int(0).unwrap();
    drop(tx);
    db.close().await;
    (audit, events)
}

fn codes(done: &ManyDone) -> Vec<&str> {
    done.results.iter().map(|one| one.refused.as_ref().map_or("ok", |failure| failure.code.as_str())).collect()
}

pub(crate) async fn many_acts_are_done_and_every_refusal_is_named(ground: Ground) {
    let cases = waiting(&ground, 7).await;
    let elsewhere = submitted(&ground.signed_in("teacher-c").await, 3).await;
    let county = ground.signed_in("county-taichung").await;
    let at_school = submitted(&ground.signed_in("teacher-b").await, 4).await;
    let before = written(&ground).await;
    let acts = ManyActs {
        acts: vec![
            on(cases[0], 3, approve(8_000)),
            on(cases[1], 2, approve(8_000)),
            on(elsewhere, 2, approve(8_000)),
            on(cases[2], 3, returned()),
            on(at_school, 2, approve(1)),
            on(cases[3], 3, ActBody::Reject { reason: " ".to_owned() }),
            on(cases[4], 3, ActBody::Approve { amount: None }),
            on(cases[0], 4, approve(9_000)),
            on(Uuid::now_v7().into(), 3, approve(1)),
            on(cases[5], 3, ActBody::Reject { reason: "經費不足".to_owned() }),
        ],
    };
    let done: ManyDone = send(&county, &acts).await.read();
    let expected = [
        "ok",
        "case_moved",
        "not_found",
        "ok",
        "not_in_this_state",
        "act_incomplete",
        "ok",
        "not_in_this_state",
        "not_found",
        "ok",
    ];
    assert_eq!(codes(&done), expected);
    // Four were done: four events and four lines of the log, nothing of the others.
    assert_eq!(written(&ground).await, (before.0 + 4, before.1 + 4));
    let (states, amounts): (Vec<State>, Vec<Option<u32>>) = {
        let mut found = Vec::new();
        for case in &cases {
            let seen = county.case(*case).await.case;
            found.push((seen.state, seen.approved_amount));
        }
        found.into_iter().unzip()
    };
    use State::{CountyCheck, Draft, Rejected, Running};
    assert_eq!(states, [Running, CountyCheck, Draft, CountyCheck, Running, Rejected, CountyCheck]);
    assert_eq!(amounts, [Some(8_000), None, None, None, None, None, None]);
    // The answer tells how each case stands now, without its papers; what is hidden now is marked so.
    let first = done.results[0].case.as_ref().unwrap();
    assert_eq!((done.results[0].seq, first.case.state, first.case.papers.len()), (Some(4), Running, 0));
    assert_eq!(county.case(cases[0]).await.case.papers.len(), 2, "the papers stay where they were");
    assert!(done.results[3].case.as_ref().unwrap().papers_hidden);
    // Every act has its messages, and everybody hears of what changed.
    let teacher = ground.signed_in("t0").await;
    let told = teacher.changes(0).await;
    let kinds: Vec<NoticeKind> = told.notices.iter().map(|notice| notice.kind).collect();
    assert_eq!((kinds, told.cases[0].case.state), (vec![NoticeKind::PlcPassed, NoticeKind::N3], Running));
    let school = ground.signed_in("school193625").await.changes(0).await;
    assert_eq!(school.notices.iter().filter(|notice| notice.kind == NoticeKind::N2).count(), 1);
    let db = ground.db().await;
    let verdict = server::db::audit::verify(&db).await.unwrap();
    assert!(matches!(verdict, server::db::audit::Verdict::Whole { .. }), "{verdict:?}");
    db.close().await;
}

pub(crate) async fn many_acts_sent_again_are_done_once(ground: Ground) {
    let cases = waiting(&ground, 4).await;
    let county = ground.signed_in("county-taichung").await;
    let acts = ManyActs { acts: cases.iter().map(|case| on(*case, 3, approve(5_000))).collect() };
    let before = written(&ground).await;
    // The same acts at the same moment and again: the answers are the same, and each was done once.
    let answers = futures_util::future::join_all((0..3).map(|_| send(&county, &acts))).await;
    let again = send(&county, &acts).await;
    for answer in answers.into_iter().chain([again]) {
        let done: ManyDone = answer.read();
        assert_eq!(codes(&done), ["ok"; 4]);
        assert!(done.results.iter().all(|one| one.seq == Some(4)));
    }
    assert_eq!(written(&ground).await, (before.0 + 4, before.1 + 4));
    // An id with other content is another act, and none of it is done.
    let mut other = acts.clone();
    other.acts[1].act.body = approve(6_000);
    other.acts[2].case = cases[3];
    let done: ManyDone = send(&county, &other).await.read();
    assert_eq!(codes(&done), ["ok", "bad_request", "bad_request", "ok"]);
    assert_eq!(county.case(cases[1]).await.case.approved_amount, Some(5_000));
    // Some of them alone, as when a program sends the rest: one by one or together is the same.
    let lone = &acts.acts[0];
    let done: ActDone = county.post(&format!("/v1/cases/{}/acts", lone.case), json!(lone.act)).await.read();
    assert_eq!(done.seq, 4);
}

pub(crate) async fn the_second_of_two_officers_is_told_what_the_first_did(ground: Ground) {
    let cases = waiting(&ground, 2).await;
    let (first, second) =
        (ground.signed_in("county-taichung").await, ground.another("county-second", "county-taichung").await);
    let acts = |amount| ManyActs { acts: cases.iter().map(|case| on(*case, 3, approve(amount))).collect() };
    let done: ManyDone = send(&first, &acts(7_000)).await.read();
    assert_eq!(codes(&done), ["ok", "ok"]);
    let late: ManyDone = send(&second, &acts(9_000)).await.read();
    assert_eq!(codes(&late), ["case_moved", "case_moved"]);
    let told = json!(late.results[0].refused.as_ref().unwrap().params);
    assert_eq!(told["seq"], 4);
    assert_eq!((&told["action"], &told["role"]), (&json!("approve"), &json!("county")));
    assert_eq!(told["by"], json!(first.session().actor.person.name));
    assert_eq!(told["state_label"], "執行後並填寫成果報告書");
    assert!(told["at"].is_string() && told.get("amount").is_none());
    assert_eq!(second.case(cases[0]).await.case.approved_amount, Some(7_000));
    // The same for a single act, and nobody else is told anything.
    let alone = second.act(cases[1], 3, returned()).await;
    assert_eq!((alone.code(), &alone.body["params"]["action"]), ("case_moved", &json!("approve")));
    let stranger = ground.signed_in("county-lienchiang").await.act(cases[1], 3, returned()).await;
    assert_eq!((stranger.code(), &stranger.body["params"]), ("not_found", &json!({})));
}

pub(crate) async fn what_cannot_be_read_is_refused_at_its_place(ground: Ground) {
    let cases = waiting(&ground, 1).await;
    let county = ground.signed_in("county-taichung").await;
    let good = json!(on(cases[0], 3, approve(5_000)));
    let with = |changes: Value| {
        let mut act = good.clone();
        act.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        act
    };
    let acts = json!({ "acts": [
        with(json!({ "case": "x" })),
        with(json!({ "action": "burn" })),
        with(json!({ "expect_seq": -1 })),
        with(json!({ "amount": -5 })),
        json!(null),
        good,
    ] });
    let done: ManyDone = county.post("/v1/acts", acts).await.read();
    assert_eq!(codes(&done), ["bad_id", "unknown_action", "bad_request", "bad_request", "bad_id", "ok"]);
    let done: ManyDone = county.post("/v1/acts", json!({ "acts": [] })).await.read();
    assert!(done.results.is_empty());
    let much = county.post("/v1/acts", json!({ "acts": vec![Value::Null; 501] })).await;
    assert_eq!((much.code(), &much.body["params"]["limit"]), ("too_many_cases", &json!(500)));
}
