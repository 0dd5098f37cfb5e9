//! Mails: each once, to whoever wants it, whatever happens to the mail server, to the service or to both.

use super::{Ground, application, returned, submitted};
use chrono::TimeDelta;
use domain::ids::CaseId;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testkit::{Caller, MailServer, TakenMail, TestServer, person};

/// The service on a mail server.
pub(super) async fn with_mail(ground: Ground) -> (Ground, MailServer) {
    let mail = MailServer::start();
    (again(ground, mail.port()).await, mail)
}

/// The service, started anew.
pub(super) async fn again(mut ground: Ground, port: u16) -> Ground {
    let started = tokio::task::spawn_blocking(move || {
        ground.server.send_mail_to(port);
        ground
    });
    started.await.unwrap()
}

/// Teacher-a's application, returned by the school: a mail to the school, one to the teacher.
async fn returned_once(ground: &Ground, mark: u32) -> CaseId {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let case = submitted(&teacher, mark).await;
    assert_eq!(school.act(case, 2, returned()).await.code(), "ok");
    case
}

pub(super) fn to_and_subject(mails: &[TakenMail]) -> Vec<(&str, &str)> {
    mails.iter().map(|mail| (mail.to.split('@').next().unwrap(), mail.subject.as_str())).collect()
}

const BOTH: [(&str, &str); 2] = [("school193625", "專業學習社群送件"), ("teacher-a", "專業學習社群退件")];

pub(super) async fn choose(caller: &Caller, mail: &str, reminders: bool) -> Value {
    let request = caller.request(reqwest::Method::PUT, "/v1/me/mail");
    caller.send(request.json(&json!({ "mail": mail, "reminders": reminders }))).await.body
}

fn pass(ground: &Ground, minutes: i64) {
    ground.server.clock().advance(TimeDelta::minutes(minutes));
}

pub(super) fn set(ground: &Ground, to: &str) {
    ground.server.clock().set(to.parse().unwrap());
}

async fn counts(ground: &Ground) -> (u32, u32) {
    let db = ground.db().await;
    let counts = server::db::mail::counts(&db).await.unwrap();
    db.close().await;
    counts
}

pub(crate) async fn a_mail_says_what_the_office_says_and_no_more(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    returned_once(&ground, 1).await;
    assert_eq!(mail.taken(), [], "nothing goes out inside the request");
    for _ in 0..3 {
        ground.server.mail_round().await;
    }
    let taken = mail.taken();
    assert_eq!(to_and_subject(&taken), BOTH);
    let text =
        "您好！您的專業學習社群申請之狀態為退件，敬請了解退件原因，並依照退件意見修改後重新送件，以利社群申請作業。";
    let end = "教師專業發展支持作業平臺\n工作小組 敬上\n此信件為系統自動產生，請勿直接回覆。\n";
    assert_eq!(taken[1].text, format!("{text}\n\n{end}"));
    assert_eq!(
        (taken[1].from.as_str(), taken[1].to.as_str()),
        ("no-reply@proteacher.example", "teacher-a@example.edu.tw")
    );
    for mail in &taken {
        for line in ["Auto-Submitted: auto-generated", "Date: Wed, 27 Apr 2022 04:00:00 +0000", "charset=utf-8"] {
            assert!(mail.raw.contains(line), "{line}: {}", mail.raw);
        }
        for name in ["市北測試", "協和國小", "我愛上學", "請核章後"] {
            assert!(!mail.text.contains(name) && !mail.subject.contains(name), "{name}: {}", mail.text);
        }
    }
}

pub(crate) async fn a_mail_server_may_be_down_for_a_day(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    mail.close();
    returned_once(&ground, 1).await;
    for _ in 0..24 {
        ground.server.mail_round().await;
        pass(&ground, 60);
    }
    // So may the service, at the same time.
    let ground = again(ground, mail.port()).await;
    mail.open();
    for _ in 0..24 {
        pass(&ground, 60);
        ground.server.mail_round().await;
    }
    let mut taken = mail.taken();
    taken.sort_by(|a, b| a.to.cmp(&b.to));
    assert_eq!(to_and_subject(&taken), BOTH);
    assert_eq!(counts(&ground).await, (0, 0));
}

pub(crate) async fn refusals_are_for_now_or_for_ever(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    mail.refuse("rcpt", 450, "school193625");
    mail.refuse("rcpt", 550, "teacher-a");
    let case = returned_once(&ground, 1).await;
    ground.server.mail_round().await;
    assert_eq!((mail.taken(), counts(&ground).await), (vec![], (1, 1)));
    let db = ground.db().await;
    let failed = server::db::mail::failed(&db).await.unwrap();
    assert_eq!((failed[0].0.as_str(), failed[0].2.contains("550"), failed.len()), ("teacher-a", true, 1));
    mail.accept();
    ground.server.mail_round().await;
    assert_eq!(mail.taken(), [], "the pause is not over");
    pass(&ground, 1);
    ground.server.mail_round().await;
    assert_eq!(to_and_subject(&mail.taken()), BOTH[..1], "the one that was refused for ever is not tried again");

    // That we may not send at all is no fault of the address, however sternly it is said.
    let teacher = ground.signed_in("teacher-a").await;
    mail.refuse("from", 550, "no-reply");
    let papers = application(&teacher, 2).await;
    assert_eq!(teacher.act(case, 3, papers).await.code(), "ok");
    ground.server.mail_round().await;
    assert_eq!(counts(&ground).await, (1, 1));
    mail.accept();
    mail.refuse("data", 451, "school193625");
    pass(&ground, 1);
    ground.server.mail_round().await;
    assert_eq!(counts(&ground).await, (1, 1));
    mail.accept();
    pass(&ground, 5);
    ground.server.mail_round().await;
    assert_eq!((mail.taken().len(), counts(&ground).await), (2, (0, 1)));

    // Mended by the office, the one that failed goes out after all.
    assert_eq!(server::db::mail::retry_failed(&db, ground.server.clock().now()).await.unwrap(), 1);
    ground.server.mail_round().await;
    assert_eq!(to_and_subject(&mail.taken())[2], BOTH[1]);

    let metrics = teacher.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for line in [
        "proteacher_mails_total{outcome=\"sent\"} 3",
        "proteacher_mails_total{outcome=\"failed\"} 1",
        "proteacher_mails_total{outcome=\"postponed\"} 3",
        "proteacher_mails{state=\"waiting\"} 0",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line}\n{metrics}");
    }
    db.close().await;
}

pub(crate) async fn a_mail_that_is_never_taken_is_given_up(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    mail.refuse("rcpt", 450, "example");
    returned_once(&ground, 1).await;
    for _ in 0..5 * 4 {
        ground.server.mail_round().await;
        pass(&ground, 6 * 60);
    }
    assert_eq!(counts(&ground).await, (2, 0), "for five days it waits");
    ground.server.mail_round().await;
    assert_eq!(counts(&ground).await, (0, 2));
    mail.accept();
    pass(&ground, 24 * 60);
    ground.server.mail_round().await;
    assert_eq!(mail.taken(), []);
}

pub(crate) async fn a_program_may_end_at_any_point(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let case = returned_once(&ground, 1).await;
    // A program that took a mail and was killed before it sent it.
    let (db, now) = (ground.db().await, ground.server.clock().now());
    let taken = server::db::mail::take(&db, now, now + TimeDelta::minutes(10)).await.unwrap().unwrap();
    let ground = again(ground, mail.port()).await;
    ground.server.mail_round().await;
    assert_eq!(to_and_subject(&mail.taken()), BOTH[1..], "what another program holds is left to it");
    pass(&ground, 10);
    ground.server.mail_round().await;
    assert_eq!(to_and_subject(&mail.taken()), [BOTH[1], BOTH[0]]);
    // If it was alive after all, it changes nothing any more.
    let late = server::db::mail::End::Failed { reason: "too late".to_owned() };
    server::db::mail::end(&db, &taken, &late, now).await.unwrap();
    assert_eq!(counts(&ground).await, (0, 0));
    db.close().await;

    // The server took it, but nobody heard that: it goes out again, and is the same mail by its Message-ID.
    mail.refuse("cut", 0, "school193625");
    let teacher = ground.signed_in("teacher-a").await;
    let papers = application(&teacher, 2).await;
    assert_eq!(teacher.act(case, 3, papers).await.code(), "ok");
    ground.server.mail_round().await;
    assert_eq!(counts(&ground).await, (1, 0));
    mail.accept();
    pass(&ground, 1);
    ground.server.mail_round().await;
    let taken = mail.taken();
    assert_eq!((taken.len(), &taken[2].id, &taken[2].text), (4, &taken[3].id, &taken[3].text));
    let ids: BTreeSet<_> = taken.iter().map(|mail| &mail.id).collect();
    assert_eq!(ids.len(), 3, "mails of different messages have different ids");
}

pub(crate) async fn two_services_send_each_mail_once(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let case = returned_once(&ground, 1).await;
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    for round in 0..10 {
        let papers = application(&teacher, 2 + round).await;
        assert_eq!(teacher.act(case, 3 + 2 * round, papers).await.code(), "ok");
        assert_eq!(school.act(case, 4 + 2 * round, returned()).await.code(), "ok");
    }
    let (url, port) = (ground.server.database_url().to_owned(), mail.port());
    let second = tokio::task::spawn_blocking(move || {
        let mut second = TestServer::start_on(&url);
        second.send_mail_to(port);
        second
    });
    let second = second.await.unwrap();
    tokio::join!(ground.server.mail_round(), second.mail_round());
    let taken = mail.taken();
    let ids: BTreeSet<_> = taken.iter().map(|mail| &mail.id).collect();
    assert_eq!((taken.len(), ids.len(), counts(&ground).await), (22, 22, (0, 0)));
}

pub(crate) async fn everybody_chooses_how_to_hear(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let by_default = json!({
        "choice": { "mail": "at_once", "reminders": true },
        "address": "teacher-a@example.edu.tw", "sends": true, "hour": 7,
    });
    assert_eq!(teacher.get("/v1/me/mail").await.body, by_default);
    assert_eq!(choose(&school, "never", true).await["choice"], json!({ "mail": "never", "reminders": true }));
    assert_eq!(school.get("/v1/me/mail").await.body["choice"]["mail"], "never");
    let case = returned_once(&ground, 1).await;
    // Whoever wants no more mails gets none of those that wait.
    choose(&teacher, "never", true).await;
    choose(&teacher, "at_once", true).await;
    ground.server.mail_round().await;
    assert_eq!(mail.taken(), []);
    assert_eq!(teacher.changes(0).await.notices.len(), 1, "in the program it is all the same");
    let papers = application(&teacher, 2).await;
    assert_eq!(teacher.act(case, 3, papers).await.code(), "ok");
    assert_eq!(school.act(case, 4, returned()).await.code(), "ok");
    ground.server.mail_round().await;
    assert_eq!(to_and_subject(&mail.taken()), BOTH[1..]);
    for bad in [json!({ "mail": "often", "reminders": true }), json!({ "mail": "daily" })] {
        let request = teacher.request(reqwest::Method::PUT, "/v1/me/mail").json(&bad);
        assert_eq!(teacher.send(request).await.code(), "bad_request", "{bad}");
    }
}

pub(crate) async fn one_mail_a_day_tells_what_is_new(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    choose(&school, "daily", true).await;
    choose(&teacher, "never", true).await;
    let case = returned_once(&ground, 1).await;
    let papers = application(&teacher, 2).await;
    assert_eq!(teacher.act(case, 3, papers).await.code(), "ok");
    let read = school.changes(0).await.notices[0].id;
    school.post(&format!("/v1/notices/{read}/read"), json!({})).await;
    // 06:59 and 07:00 in Taipei.
    for (moment, mails) in [
        ("2022-04-27T22:59:59Z", 0),
        ("2022-04-27T23:00:00Z", 1),
        ("2022-04-28T05:00:00Z", 1),
        ("2022-04-28T23:00:00Z", 1),
        ("2022-04-30T23:00:00Z", 1),
    ] {
        set(&ground, moment);
        ground.server.mail_round().await;
        assert_eq!(mail.taken().len(), mails, "{moment}");
    }
    let first = &mail.taken()[0];
    assert_eq!((first.to.as_str(), first.subject.as_str()), ("school193625@example.edu.tw", "訊息通知每日彙整"));
    assert_eq!(first.text.matches("・111年4月27日 專業學習社群送件").count(), 1, "{}", first.text);
    assert!(first.text.contains("請勿直接回覆"));
    // The service was down at seven: the mail goes out late, and tells only what came since the last one.
    assert_eq!(school.act(case, 4, returned()).await.code(), "ok");
    for mark in [3, 4] {
        let papers = application(&teacher, mark).await;
        assert_eq!(teacher.act(case, mark * 2 - 1, papers).await.code(), "ok");
        assert_eq!(school.act(case, mark * 2, returned()).await.code(), "ok");
    }
    set(&ground, "2022-05-02T10:00:00Z");
    let ground = again(ground, mail.port()).await;
    for _ in 0..2 {
        ground.server.mail_round().await;
    }
    assert_eq!(mail.taken().len(), 2);
    assert_eq!(mail.taken()[1].text.matches("專業學習社群送件").count(), 2);
}

pub(crate) async fn no_address_no_mail(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let teacher = ground.signed_in("teacher-a").await;
    let case = submitted(&teacher, 1).await;
    let db = ground.db().await;
    let mut tx = db.write().await.unwrap();
    tx.run("UPDATE accounts SET email = NULL WHERE account = $1", vec!["teacher-a".into()]).await.unwrap();
    // Known when it was queued, gone when it is sent.
    tx.run("UPDATE accounts SET email = ' ' WHERE account = $1", vec!["school193625".into()]).await.unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    assert_eq!(teacher.get("/v1/me/mail").await.body["address"], Value::Null);
    let school = ground.signed_in("school193625").await;
    assert_eq!(school.act(case, 2, returned()).await.code(), "ok");
    ground.server.mail_round().await;
    assert_eq!((mail.taken(), counts(&ground).await), (vec![], (0, 1)));
}

pub(crate) async fn without_a_mail_server_messages_stay_in_the_program(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    assert_eq!(teacher.get("/v1/me/mail").await.body["sends"], false);
    assert_eq!(choose(&teacher, "daily", true).await["choice"]["mail"], "daily", "kept for when there are mails");
    returned_once(&ground, 1).await;
    set(&ground, "2022-04-28T23:00:00Z");
    ground.server.mail_round().await;
    assert_eq!((counts(&ground).await, teacher.changes(0).await.notices.len()), ((0, 0), 1));
    // Nothing old goes out when a mail server is set up later.
    let (ground, mut mail) = with_mail(ground).await;
    ground.server.mail_round().await;
    assert_eq!(mail.taken(), []);
}

pub(crate) async fn a_message_keeps_the_words_it_was_given(ground: Ground) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notices.toml");
    std::fs::write(
        &file,
        "[[notice]]\nkind = \"plc_sent\"\nsource = \"x\"\ntitle = { zh = \"新件\", en = \"New\" }\n\
         body = { zh = \"{plan_year}學年度有新件。\", en = \"Something new for {plan_year}.\" }\n",
    )
    .unwrap();
    let (mut ground, mut mail) = with_mail(ground).await;
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    submitted(&teacher, 1).await;
    let path = file.clone();
    ground = tokio::task::spawn_blocking(move || {
        ground.server.take_texts_from(path);
        ground
    })
    .await
    .unwrap();
    submitted(&ground.signed_in("teacher-b").await, 2).await;
    let words: Vec<_> = school.changes(0).await.notices.into_iter().filter_map(|notice| notice.words).collect();
    assert_eq!(words[0].title.zh, "專業學習社群送件", "made before the office changed the text");
    assert_eq!((words[1].body.zh.as_str(), words[1].body.en.as_str()), ("111學年度有新件。", "Something new for 111."));
    ground.server.mail_round().await;
    assert_eq!(to_and_subject(&mail.taken()), [("school193625", "專業學習社群送件"), ("school193625", "新件")]);
    assert_eq!(person("school193625").email.as_deref(), Some(mail.taken()[0].to.as_str()));
}
