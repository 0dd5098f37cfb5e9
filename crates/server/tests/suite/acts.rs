//! Acts: each once, by the right person, on what is really there.

use super::{Ground, application, report, returned, submitted};
use chrono::TimeDelta;
use domain::{
    case::{Process, SentPaper, State},
    form::{Answers, content_hash},
    ids::CaseId,
    notice::NoticeKind,
    people::Person,
    time::PlanYear,
};
use futures_util::future::join_all;
use serde_json::json;
use testkit::{Caller, paper, pdf, person};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone};

pub(crate) async fn one_application_makes_the_whole_trip(ground: Ground) {
    let (teacher, school, county) = (
        ground.signed_in("teacher-a").await,
        ground.signed_in("school193625").await,
        ground.signed_in("county-taichung").await,
    );
    let case = submitted(&teacher, 1).await;
    assert_eq!(school.changes(0).await.notices[0].kind, NoticeKind::PlcSent);
    let seen = school.case(case).await;
    assert!(!seen.papers_hidden);
    assert_eq!(seen.case.papers[0].answers.text("plc_name"), "我愛上學");

    let done: ActDone = school.act(case, 2, returned()).await.read();
    assert!(done.case.papers_hidden && done.case.case.papers.is_empty(), "申請社群: the school sees the row only");
    let own = teacher.case(case).await.case;
    assert_eq!((own.state, own.reason.as_deref()), (State::Draft, Some("您好，請核章後上傳檔案，再重新送出申請。")));
    let told = teacher.changes(0).await;
    assert_eq!(told.notices.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::N1]);

    let again = application(&teacher, 2).await;
    assert_eq!(teacher.act(case, 3, again).await.code(), "ok");
    assert_eq!(teacher.case(case).await.case.reason, None);
    assert_eq!(school.act(case, 4, ActBody::Pass { sheet: None }).await.code(), "ok");
    assert_eq!(county.case(case).await.case.state.label(), "執行計畫挑選_可彙整");
    let done: ActDone = county.act(case, 5, ActBody::Approve { amount: Some(12_680) }).await.read();
    assert_eq!((done.seq, done.case.case.approved_amount, done.case.case.state), (6, Some(12_680), State::Running));
    assert_eq!(teacher.changes(0).await.notices.last().unwrap().kind, NoticeKind::N3);
}

/// S8: the report goes with what the form wants enclosed, nobody returns it, and those above see both.
pub(crate) async fn a_report_needs_what_belongs_to_it_and_is_final(ground: Ground) {
    let (teacher, other) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-b").await);
    let (school, county) = (ground.signed_in("school193625").await, ground.signed_in("county-taichung").await);
    let case = submitted(&teacher, 1).await;
    assert_eq!(school.act(case, 2, ActBody::Pass { sheet: None }).await.code(), "ok");
    let early = teacher.act(case, 3, report(&teacher, 50).await).await;
    assert_eq!(early.code(), "not_in_this_state");
    assert_eq!(county.act(case, 3, ActBody::Approve { amount: Some(12_680) }).await.code(), "ok");

    let ActBody::SendReport { papers: good } = report(&teacher, 51).await else { unreachable!() };
    let with = |change: &dyn Fn(&mut Vec<SentPaper>)| {
        let mut papers = good.clone();
        change(&mut papers);
        ActBody::SendReport { papers }
    };
    let bare = || with(&|papers| papers[0].stamped = None);
    let nothing = || ActBody::SendReport { papers: Vec::new() };
    let unanswered = |papers: &mut Vec<SentPaper>| {
        papers[0].answers.0.remove("sessions_per_year");
        papers[0].hash = content_hash(&papers[0].form, &papers[0].answers);
    };
    for (code, body) in [
        ("answers_incomplete", with(&unanswered)),
        ("act_incomplete", bare()),
        ("act_incomplete", nothing()),
        ("not_editable", with(&|papers| papers.push(paper("plc_budget", "typical", None)))),
        ("blob_missing", with(&|papers| papers[0] = paper("plc_report", "typical", Some(&pdf(777, 300))))),
        ("blob_missing", report(&other, 52).await),
    ] {
        assert_eq!(teacher.act(case, 4, body).await.code(), code);
    }
    let told = |answer: testkit::Answer| answer.body["params"]["missing"].clone();
    let name = json!({ "zh": "成果分享", "en": "the results" });
    let lacks =
        json!({ "code": "enclosure_missing", "params": { "papers": [{ "form": "plc_report", "name": name }] } });
    assert_eq!(told(teacher.act(case, 4, bare()).await), json!([lacks.clone()]));
    let unfinished = json!({ "code": "papers_incomplete", "params": { "forms": ["plc_report"] } });
    assert_eq!(told(teacher.act(case, 4, nothing()).await), json!([unfinished, lacks]));
    assert_eq!(school.act(case, 4, with(&|_| {})).await.code(), "not_in_this_state");

    let done: ActDone = teacher.act(case, 4, with(&|_| {})).await.read();
    assert_eq!((done.seq, done.case.case.state.label()), (5, "結案_可彙整"));
    for looker in [&school, &county] {
        let seen = looker.case(case).await.case;
        let forms: Vec<&str> = seen.papers.iter().map(|paper| paper.form.id.as_str()).collect();
        assert_eq!(forms, ["plc_application", "plc_budget", "plc_report"]);
        let file = seen.papers[2].stamped.clone().unwrap();
        assert_eq!(looker.get(&format!("/v1/blobs/{}", file.blob)).await.status, 200);
    }
    assert_eq!(teacher.act(case, 5, with(&|_| {})).await.code(), "not_in_this_state");
    for caller in [&school, &county] {
        assert_eq!(caller.act(case, 5, returned()).await.code(), "not_in_this_state", "there is no way back");
    }
}

pub(crate) async fn the_same_act_is_done_once(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case: CaseId = Uuid::now_v7().into();
    let body = ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
    let open = json!(Act { id: Uuid::now_v7().into(), expect_seq: 0, remarks: Default::default(), body });
    let path = format!("/v1/cases/{case}/acts");
    for answer in join_all((0..5).map(|_| teacher.post(&path, open.clone()))).await {
        assert_eq!(answer.read::<ActDone>().seq, 1);
    }
    let submit = json!(Act {
        id: Uuid::now_v7().into(),
        expect_seq: 1,
        remarks: Default::default(),
        body: application(&teacher, 1).await
    });
    for answer in join_all((0..5).map(|_| teacher.post(&path, submit.clone()))).await {
        let done = answer.read::<ActDone>();
        assert_eq!((done.seq, done.case.case.seq, done.case.case.state), (2, 2, State::SchoolCheck));
    }
    let school = ground.signed_in("school193625").await;
    assert_eq!(school.changes(0).await.notices.len(), 1, "told once");
    school.act(case, 2, returned()).await.read::<ActDone>();
    let late = teacher.post(&path, submit).await.read::<ActDone>();
    assert_eq!((late.seq, late.case.case.seq), (2, 3), "the number of the first time, the case of now");
}

pub(crate) async fn an_id_is_not_used_twice(ground: Ground) {
    let (teacher, other) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-b").await);
    let (case, id) = (teacher.open_case().await, Uuid::now_v7());
    let withdraw = json!({ "id": id, "expect_seq": 1, "action": "withdraw" });
    let path = format!("/v1/cases/{case}/acts");
    assert_eq!(teacher.post(&path, withdraw.clone()).await.code(), "ok");
    let changed = json!({ "id": id, "expect_seq": 2, "action": "withdraw" });
    assert_eq!(teacher.post(&path, changed).await.code(), "bad_request");
    assert_eq!(other.post(&path, withdraw.clone()).await.code(), "bad_request");
    let elsewhere = format!("/v1/cases/{}/acts", Uuid::now_v7());
    assert_eq!(teacher.post(&elsewhere, withdraw).await.code(), "bad_request");
    let reopen = ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
    assert_eq!(teacher.act(case, 0, reopen).await.code(), "case_exists");
}

pub(crate) async fn two_people_act_at_once(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let case = submitted(&teacher, 1).await;
    let acts = [ActBody::Pass { sheet: None }, returned(), ActBody::Pass { sheet: None }, returned()];
    let answers = join_all(acts.map(|act| school.act(case, 2, act))).await;
    let mut codes: Vec<&str> = answers.iter().map(testkit::Answer::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["case_moved", "case_moved", "case_moved", "ok"]);
    let moved = answers.iter().find(|answer| answer.code() == "case_moved").unwrap();
    assert_eq!(moved.body["params"]["seq"], 3);
    assert_eq!(school.case(case).await.case.seq, 3);
}

pub(crate) async fn one_person_convenes_once(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let open = |year| ActBody::Open { process: Process::Plc, plan_year: PlanYear(year) };
    let answers = join_all((0..2).map(|_| teacher.act(Uuid::now_v7().into(), 0, open(111)))).await;
    let mut codes: Vec<&str> = answers.iter().map(testkit::Answer::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["act_incomplete", "ok"]);
    let refused = answers.iter().find(|answer| answer.code() != "ok").unwrap();
    assert_eq!(refused.body["params"]["missing"], json!([{ "code": "already_convener" }]));
    assert_eq!(teacher.act(Uuid::now_v7().into(), 0, open(112)).await.code(), "ok", "another plan year");
    let first = answers.into_iter().find(|answer| answer.code() == "ok").unwrap().read::<ActDone>();
    assert_eq!(teacher.act(first.case.case.id, 1, ActBody::Withdraw).await.code(), "ok");
    teacher.open_case().await;
    for (account, code) in [("principal-a", "ok"), ("school193625", "not_yours"), ("ministry", "not_yours")] {
        let caller = ground.signed_in(account).await;
        assert_eq!(caller.act(Uuid::now_v7().into(), 0, open(111)).await.code(), code, "{account}");
    }
    let teacher = ground.signed_in("teacher-b").await;
    assert_eq!(teacher.act(Uuid::now_v7().into(), 1, open(111)).await.code(), "case_moved");
}

pub(crate) async fn papers_are_checked_again(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = teacher.open_case().await;
    let ActBody::Submit { papers: good } = application(&teacher, 1).await else { unreachable!() };
    let with = |change: &dyn Fn(&mut Vec<SentPaper>)| {
        let mut papers = good.clone();
        change(&mut papers);
        ActBody::Submit { papers }
    };
    for (code, body) in [
        (
            "answers_incomplete",
            with(&|papers| {
                papers[0].answers.0.remove("plc_name");
                papers[0].hash = content_hash(&papers[0].form, &papers[0].answers);
            }),
        ),
        (
            "hash_mismatch",
            with(&|papers| {
                papers[0].answers.0.remove("plc_name");
            }),
        ),
        ("hash_mismatch", with(&|papers| papers[0].revision = 0)),
        ("unknown_form", with(&|papers| papers[0].form.hash = "0".repeat(64))),
        ("unknown_form", with(&|papers| papers[0].form.version = 1)),
        ("bad_request", with(&|papers| papers.push(papers[0].clone()))),
        ("act_incomplete", with(&|papers| papers.truncate(1))),
        ("act_incomplete", with(&|papers| papers[1].stamped = None)),
        ("act_incomplete", ActBody::Submit { papers: Vec::new() }),
    ] {
        assert_eq!(teacher.act(case, 1, body).await.code(), code);
    }
    let incomplete = with(&|papers| {
        papers[0].answers = Answers::default();
        papers[0].hash = content_hash(&papers[0].form, &papers[0].answers);
    });
    let answer = teacher.act(case, 1, incomplete).await;
    assert_eq!(answer.body["params"]["form"], "plc_application");
    assert!(answer.body["params"]["problems"].as_array().unwrap().iter().any(|p| p["field"] == "plc_name"));
    assert_eq!(teacher.case(case).await.case.seq, 1, "nothing was done");
    assert_eq!(teacher.act(case, 1, with(&|_| {})).await.code(), "ok");
}

pub(crate) async fn money_decides_which_papers_are_due(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = teacher.open_case().await;
    let file = pdf(9, 100);
    teacher.upload(&file).await;
    let mut alone = paper("plc_application", "typical", Some(&file));
    let refused = teacher.act(case, 1, ActBody::Submit { papers: vec![alone.clone()] }).await;
    let missing = &refused.body["params"]["missing"][0];
    assert_eq!(missing, &json!({ "code": "papers_incomplete", "params": { "forms": ["plc_budget"] } }));
    alone.answers.0.insert("apply_funding".to_owned(), "否".into());
    alone.hash = content_hash(&alone.form, &alone.answers);
    assert_eq!(teacher.act(case, 1, ActBody::Submit { papers: vec![alone] }).await.code(), "ok");
}

pub(crate) async fn files_must_be_there_and_ones_own(ground: Ground) {
    let (teacher, other) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-b").await);
    let case = teacher.open_case().await;
    let body = application(&other, 1).await;
    let refused = teacher.act(case, 1, body.clone()).await;
    assert_eq!(refused.code(), "blob_missing");
    let ActBody::Submit { papers } = &body else { unreachable!() };
    assert_eq!(refused.body["params"]["sha256"], json!(papers[0].stamped.as_ref().unwrap().blob));
    application(&teacher, 1).await;
    // Size and pages in the case are what the service found, not what was claimed.
    let ActBody::Submit { mut papers } = body else { unreachable!() };
    let real = papers[0].stamped.as_ref().unwrap().bytes;
    papers[0].stamped.as_mut().unwrap().bytes = 1;
    papers[0].stamped.as_mut().unwrap().pages = 99;
    let done: ActDone = teacher.act(case, 1, ActBody::Submit { papers }).await.read();
    let file = done.case.case.papers[0].stamped.clone().unwrap();
    assert_eq!((file.bytes, file.pages), (real, 1));
}

fn change_to(account: &str) -> ActBody {
    let to = Person { name: "另一個名字".to_owned(), ..person(account).person };
    ActBody::ChangeConvener { to, consent: "中市教專字第1號".to_owned() }
}

pub(crate) async fn the_convener_changes(ground: Ground) {
    let (old, new, school) = (
        ground.signed_in("teacher-a").await,
        ground.signed_in("teacher-b").await,
        ground.signed_in("school193625").await,
    );
    let case = old.open_case().await;
    let push = json!({ "id": Uuid::now_v7(), "base": 0, "changes": { "plc_name": "我愛上學" } });
    assert_eq!(old.post(&format!("/v1/cases/{case}/drafts/plc_application"), push).await.code(), "ok");
    let (before_old, before_new) = (old.changes(0).await, new.changes(0).await);
    assert_eq!((before_old.cases.len(), before_new.cases.len()), (1, 0));

    assert_eq!(school.act(case, 1, change_to("teacher-b")).await.code(), "ok");
    let told = old.changes(before_old.cursor).await;
    assert_eq!((told.gone, told.cases.len(), told.drafts.len()), (vec![case], 0, 0));
    let told = new.changes(before_new.cursor).await;
    assert_eq!(told.cases[0].case.owner, person("teacher-b").person, "under the name of the account");
    assert_eq!(told.drafts[0].head.answers.text("plc_name"), "我愛上學");
    assert_eq!(told.notices[0].kind, NoticeKind::ConvenerChanged);
    assert_eq!(old.changes(0).await.notices[0].kind, NoticeKind::ConvenerLeft);
    assert_eq!(old.get(&format!("/v1/cases/{case}")).await.code(), "not_found");
    assert_eq!(old.act(case, 2, ActBody::Withdraw).await.code(), "not_found");
    // And back again: no computer is told to forget what it has just got.
    assert_eq!(school.act(case, 2, change_to("teacher-a")).await.code(), "ok");
    let told = old.changes(0).await;
    assert_eq!((told.gone.len(), told.cases.len()), (0, 1));
    assert_eq!(new.changes(0).await.gone, [case]);
}

pub(crate) async fn nobody_takes_over_who_may_not(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let case = teacher.open_case().await;
    let refused = |answer: testkit::Answer| {
        assert_eq!(answer.code(), "act_incomplete");
        assert_eq!(answer.body["params"]["missing"][0]["code"], "target_convenes");
    };
    refused(school.act(case, 1, change_to("teacher-b")).await);
    ground.signed_in("teacher-b").await.open_case().await;
    refused(school.act(case, 1, change_to("teacher-b")).await);
    for account in ["teacher-c", "school193625", "ministry"] {
        ground.signed_in(account).await;
        refused(school.act(case, 1, change_to(account)).await);
    }
    let nobody = Person { id: Uuid::now_v7().into(), name: String::new() };
    refused(school.act(case, 1, ActBody::ChangeConvener { to: nobody, consent: "x".to_owned() }).await);
    ground.signed_in("principal-a").await;
    assert_eq!(school.act(case, 1, change_to("principal-a")).await.code(), "ok");
}

pub(crate) async fn windows_are_judged_by_the_services_clock(ground: Ground) {
    let db = ground.db().await;
    let mut actor = person("teacher-a");
    actor.person.id = Uuid::now_v7().into();
    actor.county = Some("新北市".to_owned());
    actor.school = actor.school.map(|school| domain::people::School {
        county: "新北市".to_owned(),
        code: "014601".to_owned(),
        ..school
    });
    let row = db
        .read()
        .await
        .unwrap()
        .one("SELECT password_hash FROM accounts WHERE account = 'teacher-a'", vec![])
        .await
        .unwrap();
    let new = server::db::accounts::NewAccount {
        account: "new-taipei".to_owned(),
        actor,
        password_hash: row.text(0).unwrap(),
    };
    server::db::accounts::add(&db, &[new], ground.server.clock().now()).await.unwrap();
    db.close().await;
    let teacher = Caller::signed_in(&ground.url(), "new-taipei").await;
    let closes: domain::time::Timestamp = "2022-05-23T04:00:00Z".parse().unwrap();
    let open = || ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
    ground.server.clock().set(closes + TimeDelta::milliseconds(1));
    let late = teacher.act(Uuid::now_v7().into(), 0, open()).await;
    assert_eq!(late.code(), "act_incomplete");
    assert_eq!(late.body["params"]["missing"][0]["code"], "window_closed");
    ground.server.clock().set(closes);
    assert_eq!(teacher.act(Uuid::now_v7().into(), 0, open()).await.code(), "ok");
}
