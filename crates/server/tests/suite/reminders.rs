//! Reminders before a window closes: to whoever still has something to do, once, and not after the end.

use super::{
    Ground,
    mail::{again, choose, set, to_and_subject, with_mail},
    report, submitted,
};
use domain::{
    notice::NoticeKind::{self, CheckClosing, WindowClosing},
    policy::{Window, WindowKind},
    time::{PlanYear, Timestamp},
};
use testkit::Caller;
use wire::http::ActBody;

fn window_to(to: &str) -> Window {
    Window { from: "2022-04-01T00:00:00Z".parse().unwrap(), to: to.parse::<Timestamp>().unwrap() }
}

/// Applications close on May 23 at noon in Taipei, reports a month later, in 臺中市 alone.
async fn remind(ground: &Ground) {
    let windows = |year: PlanYear, county: &str, deadline| {
        let closes = match deadline {
            WindowKind::Apply => "2022-05-23T04:00:00Z",
            WindowKind::Summary => "2022-05-31T04:00:00Z",
            WindowKind::Report => "2022-06-23T04:00:00Z",
            WindowKind::Certify | WindowKind::SecondReview => return None,
        };
        (year.0 == 111 && county == "臺中市").then(|| window_to(closes))
    };
    ground.server.remind(windows).await;
    ground.server.mail_round().await;
}

pub(crate) async fn whoever_has_something_to_do_is_reminded_once(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let (draft, sent) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-b").await);
    let (away, quiet) = (ground.signed_in("teacher-c").await, ground.another("teacher-q", "teacher-a").await);
    let school = ground.signed_in("school193625").await;
    for teacher in [&draft, &away, &quiet] {
        teacher.open_case().await;
    }
    choose(&quiet, "at_once", false).await;
    choose(&school, "never", true).await;
    submitted(&sent, 1).await;
    submitted(&ground.another("teacher-s", "teacher-a").await, 2).await;
    let kinds = async |caller: &Caller| {
        let notices = caller.changes(0).await.notices;
        let closing = |kind: &NoticeKind| kind.is_reminder();
        notices.iter().map(|notice| notice.kind).filter(closing).collect::<Vec<_>>()
    };
    for (moment, marks) in [
        ("2022-05-15T22:59:00Z", 0),
        ("2022-05-15T23:00:00Z", 1),
        ("2022-05-17T00:00:00Z", 1),
        ("2022-05-21T22:59:00Z", 1),
        ("2022-05-21T23:00:00Z", 2),
        ("2022-05-22T23:00:00Z", 2),
        ("2022-05-24T00:00:00Z", 2),
    ] {
        set(&ground, moment);
        for _ in 0..2 {
            remind(&ground).await;
        }
        assert_eq!(kinds(&draft).await, vec![WindowClosing; marks], "{moment}");
        assert_eq!(kinds(&school).await, vec![CheckClosing; marks], "{moment}");
        for other in [&sent, &away, &quiet] {
            assert_eq!(kinds(other).await, [], "{moment}");
        }
    }
    let taken = mail.taken();
    assert_eq!(to_and_subject(&taken), [("teacher-a", "專業學習社群申請即將截止"); 2]);
    assert!(taken[0].text.contains("111學年度專業學習社群的申請期程於111年5月23日 12:00截止"), "{}", taken[0].text);
}

pub(crate) async fn a_reminder_may_come_late_but_not_twice_and_not_after_the_end(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let (teacher, late) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-b").await);
    teacher.open_case().await;
    // The service was down on the seventh day before the end.
    set(&ground, "2022-05-18T04:00:00Z");
    let ground = again(ground, mail.port()).await;
    remind(&ground).await;
    // Whoever begins after the reminder hears the next one.
    late.open_case().await;
    let ground = again(ground, mail.port()).await;
    remind(&ground).await;
    assert_eq!(to_and_subject(&mail.taken()), [("teacher-a", "專業學習社群申請即將截止")]);
    set(&ground, "2022-05-23T04:00:01Z");
    remind(&ground).await;
    assert_eq!(mail.taken().len(), 1, "the window is closed");
    // Down on both days: one reminder, for the day that is nearer.
    let db = ground.db().await;
    let mut tx = db.write().await.unwrap();
    for table in ["DELETE FROM reminders", "DELETE FROM reminder_runs"] {
        tx.run(table, vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
    set(&ground, "2022-05-23T03:00:00Z");
    for _ in 0..2 {
        remind(&ground).await;
    }
    let mut told = mail.taken();
    told.sort_by(|a, b| a.to.cmp(&b.to));
    assert_eq!(
        to_and_subject(&told).iter().map(|(to, _)| *to).collect::<Vec<_>>(),
        ["teacher-a", "teacher-a", "teacher-b"]
    );
}

pub(crate) async fn a_running_community_is_reminded_of_its_report(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let county = ground.signed_in("county-taichung").await;
    let case = submitted(&teacher, 1).await;
    assert_eq!(school.act(case, 2, ActBody::Pass { sheet: None }).await.code(), "ok");
    assert_eq!(county.act(case, 3, ActBody::Approve { amount: None }).await.code(), "ok");
    set(&ground, "2022-06-16T00:00:00Z");
    remind(&ground).await;
    // Sessions have ended by now.
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let papers = report(&teacher, 30).await;
    assert_eq!(teacher.act(case, 4, papers).await.code(), "ok");
    set(&ground, "2022-06-22T00:00:00Z");
    remind(&ground).await;
    let told: Vec<_> = teacher.changes(0).await.notices.iter().map(|notice| notice.kind).collect();
    assert_eq!(told, [NoticeKind::PlcPassed, NoticeKind::N3, NoticeKind::ReportClosing], "sent: no more reminders");
    let last = school.changes(0).await.notices.pop().unwrap();
    assert_eq!((last.kind, last.case), (NoticeKind::ReportSent, case), "the school hears of the report");
    let taken = mail.taken();
    assert_eq!(to_and_subject(&taken).last(), Some(&("school193625", "專業學習社群成果報告送出")));
    assert!(taken.iter().any(|mail| mail.text.contains("成果報告的繳交期程於111年6月23日 12:00截止")));
}

/// The windows of a real round are those that counties have set; a school without a sent 總表 is reminded of it.
pub(crate) async fn a_school_is_reminded_of_its_summary_by_its_countys_own_window(ground: Ground) {
    let (ground, mut mail) = with_mail(ground).await;
    let teacher = ground.signed_in("teacher-a").await;
    let case = submitted(&teacher, 1).await;
    set(&ground, "2022-05-24T00:00:00Z");
    ground.server.mail_round().await;
    mail.taken();
    let mut rules = serde_json::to_value(domain::policy::CountyRules::of(
        &domain::form::Packs::built_in().policy(PlanYear(111), Some("臺中市")),
    ))
    .unwrap();
    rules["windows"]["summary"] = serde_json::json!({ "from": "2022-05-01T00:00:00Z", "to": "2022-05-31T04:00:00Z" });
    // Sessions have ended by now.
    let (county, school) = (ground.signed_in("county-taichung").await, ground.signed_in("school193625").await);
    let put = serde_json::json!({ "id": uuid::Uuid::now_v7(), "expect_version": 0, "rules": rules });
    let request = county.request(reqwest::Method::PUT, "/v1/counties/臺中市/rules/111").json(&put);
    assert_eq!(county.send(request).await.code(), "ok");
    let reminded = async || {
        let school = ground.signed_in("school193625").await;
        let notices = school.changes(0).await.notices;
        notices.iter().filter(|notice| notice.kind == NoticeKind::SummaryClosing).count()
    };
    ground.server.mail_round().await;
    assert_eq!(reminded().await, 0, "nothing passed yet: no 總表 to send");
    assert_eq!(school.act(case, 2, ActBody::Pass { sheet: None }).await.code(), "ok");
    set(&ground, "2022-05-29T23:00:00Z");
    for _ in 0..2 {
        ground.server.mail_round().await;
    }
    assert_eq!(reminded().await, 1);
}
