//! What changed: in order, whole, once.

use super::{Ground, submitted};
use serde_json::json;
use std::collections::BTreeSet;
use uuid::Uuid;
use wire::http::{ActBody, SeenNotice};

pub(crate) async fn changes_come_in_order_and_whole(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let start = teacher.changes(0).await;
    assert!(!start.more && start.cases.is_empty() && start.drafts.is_empty());
    let case = submitted(&teacher, 1).await;
    let told = teacher.changes(start.cursor).await;
    assert_eq!((told.cases.len(), told.cases[0].case.id, told.cases[0].case.seq), (1, case, 2));
    let silence = teacher.changes(told.cursor).await;
    assert_eq!((silence.cases.len(), silence.cursor), (0, told.cursor));
    // A cursor from another life of the database: everything again.
    assert_eq!(teacher.changes(told.cursor + 1000).await.cases.len(), 1);

    let notice = school.changes(0).await.notices.remove(0);
    assert!(!notice.read);
    let path = format!("/v1/notices/{}/read", notice.id);
    let before = school.changes(0).await.cursor;
    for _ in 0..2 {
        assert!(school.post(&path, json!({})).await.read::<SeenNotice>().read);
    }
    let told = school.changes(before).await;
    assert_eq!((told.notices.len(), told.notices[0].read), (1, true));
    assert_eq!(teacher.post(&path, json!({})).await.code(), "not_found", "another's message");
}

pub(crate) async fn many_changes_come_in_pages(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let mut expected = BTreeSet::new();
    for _ in 0..150 {
        let case = teacher.open_case().await;
        expected.insert(case);
        assert_eq!(teacher.act(case, 1, ActBody::Withdraw).await.code(), "ok");
    }
    let last = teacher.open_case().await;
    expected.insert(last);
    let school = ground.signed_in("school193625").await;
    for number in 0..90 {
        let push = json!({ "id": Uuid::now_v7(), "base": number, "changes": { "plc_name": number.to_string() } });
        assert_eq!(teacher.post(&format!("/v1/cases/{last}/drafts/plc_application"), push).await.code(), "ok");
    }
    let mut found = BTreeSet::new();
    let (mut cursor, mut pages) = (0, 0);
    loop {
        let page = school.changes(cursor).await;
        assert!(page.cursor >= cursor && page.drafts.is_empty());
        for case in page.cases {
            assert!(found.insert(case.case.id), "told once");
        }
        pages += 1;
        cursor = page.cursor;
        if !page.more {
            break;
        }
    }
    assert_eq!(found, expected);
    assert_eq!(pages, 1, "151 things fit on a page");
    let db = ground.db().await;
    let mut tx = db.write().await.unwrap();
    for number in 0..1_200_i64 {
        let change = tx.next_change().await.unwrap();
        let sql =
            "INSERT INTO notices (id, account_id, kind, case_id, at, change_seq) VALUES ($1, $2, 'n1', $3, $4, $5)";
        let arguments = vec![
            Uuid::now_v7().to_string().into(),
            teacher.session().actor.person.id.into(),
            last.into(),
            number.into(),
            change.into(),
        ];
        tx.run(sql, arguments).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
    let (mut cursor, mut sizes, mut notices) = (0, Vec::new(), BTreeSet::new());
    loop {
        let page = teacher.changes(cursor).await;
        sizes.push(page.cases.len() + page.drafts.len() + page.notices.len() + usize::from(page.record.is_some()));
        notices.extend(page.notices.iter().map(|notice| notice.id));
        cursor = page.cursor;
        if !page.more {
            break;
        }
    }
    assert_eq!((sizes, notices.len()), (vec![500, 500, 353], 1_200));
}

pub(crate) async fn a_restart_forgets_nothing(mut ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = submitted(&teacher, 1).await;
    let hello: wire::http::Hello = teacher.get("/v1/hello").await.read();
    let blob = teacher.case(case).await.case.papers[0].stamped.clone().unwrap().blob;
    ground = tokio::task::spawn_blocking(move || {
        ground.server.restart();
        ground
    })
    .await
    .unwrap();
    let after: wire::http::Hello = teacher.get("/v1/hello").await.read();
    assert_eq!(hello.service_id, after.service_id);
    assert_eq!(teacher.case(case).await.case.seq, 2, "the session goes on too");
    let file = teacher.send(teacher.request(reqwest::Method::GET, &format!("/v1/blobs/{blob}"))).await;
    assert_eq!(file.status, 200);
    assert_eq!((hello.plan_year.0, hello.protocol, hello.now), (111, 1, ground.server.clock().now()));
}
