//! Drafts.

use super::{Ground, submitted};
use domain::{form::content_hash, ids::CaseId, paper::PrintedRevision};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::{Answer, Caller, form_ref, sample};
use uuid::Uuid;
use wire::http::DraftPushed;

async fn push(caller: &Caller, case: CaseId, base: u32, changes: Value) -> Answer {
    let body = json!({ "id": Uuid::now_v7(), "base": base, "changes": changes });
    caller.post(&format!("/v1/cases/{case}/drafts/plc_application"), body).await
}

pub(crate) async fn drafts_merge_field_by_field(ground: Ground) {
    let desk = ground.signed_in("teacher-a").await;
    let laptop = ground.signed_in("teacher-a").await;
    let case = desk.open_case().await;
    let first: DraftPushed = push(&desk, case, 0, json!({ "plc_name": "我愛上學", "plc_goals": "一" })).await.read();
    assert_eq!((first.head.revision, first.clashes.len()), (1, 0));
    let other: DraftPushed = push(&laptop, case, 0, json!({ "place": "會議室", "plc_goals": "二" })).await.read();
    assert_eq!(other.head.revision, 2);
    assert_eq!(
        other.head.answers.0,
        json!({ "plc_name": "我愛上學", "plc_goals": "一", "place": "會議室" }).as_object().unwrap().clone()
    );
    let clash = &other.clashes[0];
    assert_eq!((clash.field.as_str(), &clash.mine, &clash.theirs), ("plc_goals", &json!("二"), &json!("一")));
    let picked: DraftPushed = push(&laptop, case, 2, json!({ "plc_goals": "二", "place": null })).await.read();
    assert_eq!((picked.head.revision, picked.clashes.len()), (3, 0));
    assert_eq!(picked.head.answers.get("place"), None);
    let seen = desk.changes(0).await.drafts;
    assert_eq!((seen.len(), &seen[0].head), (1, &picked.head));
}

pub(crate) async fn the_same_push_changes_nothing(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = teacher.open_case().await;
    let path = format!("/v1/cases/{case}/drafts/plc_application");
    let body = json!({ "id": Uuid::now_v7(), "base": 0, "changes": { "plc_name": "我愛上學" } });
    let answers = join_all((0..5).map(|_| teacher.post(&path, body.clone()))).await;
    for answer in answers {
        assert_eq!(answer.read::<DraftPushed>().head.revision, 1);
    }
    push(&teacher, case, 1, json!({ "plc_name": "另一個" })).await.read::<DraftPushed>();
    let late = teacher.post(&path, body.clone()).await.read::<DraftPushed>();
    assert_eq!(late.head.answers.text("plc_name"), "我愛上學", "the answer of the first time");
    let mut changed = body.clone();
    changed["changes"]["plc_name"] = json!("別的");
    assert_eq!(teacher.post(&path, changed).await.code(), "bad_request");
    let elsewhere = format!("/v1/cases/{case}/drafts/plc_budget");
    assert_eq!(teacher.post(&elsewhere, body).await.code(), "bad_request");
}

pub(crate) async fn drafts_that_are_not_taken(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = teacher.open_case().await;
    for (account, code) in [
        ("teacher-b", "not_found"),
        ("school193625", "not_yours"),
        ("school-matsu", "not_found"),
        ("ministry", "not_yours"),
    ] {
        let caller = ground.signed_in(account).await;
        assert_eq!(push(&caller, case, 0, json!({ "plc_name": "x" })).await.code(), code, "{account}");
    }
    let long = "長".repeat(100 * 1024);
    let refused = push(&teacher, case, 0, json!({ "plc_name": long })).await;
    assert_eq!((refused.code(), &refused.body["params"]["limit"]), ("too_large", &json!(256 * 1024)));
    let huge = push(&teacher, case, 0, json!({ "plc_name": "x".repeat(3_000_000) })).await;
    assert_eq!(huge.code(), "too_large");
    assert_eq!(push(&teacher, Uuid::now_v7().into(), 0, json!({})).await.code(), "not_found");
    let path = format!("/v1/cases/{case}/drafts/plc_nonsense");
    let body = json!({ "id": Uuid::now_v7(), "base": 0, "changes": {} });
    assert_eq!(teacher.post(&path, body).await.code(), "unknown_form");
    assert!(teacher.changes(0).await.drafts.is_empty(), "nothing was kept");
    // Anything at all may stand in a draft; it is judged when it is sent.
    assert_eq!(push(&teacher, case, 0, json!({ "nonsense": [1, {}], "plc_name": "\u{0}" })).await.code(), "ok");

    let other = ground.signed_in("teacher-b").await;
    let case = submitted(&other, 1).await;
    assert_eq!(push(&other, case, 0, json!({ "plc_name": "x" })).await.code(), "not_editable");
}

pub(crate) async fn prints_travel_with_drafts(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = teacher.open_case().await;
    let (form, answers) = (form_ref("plc_application"), sample("plc_application", "typical"));
    let print = PrintedRevision {
        revision: 1,
        hash: content_hash(&form, &answers),
        form,
        answers,
        layout: domain::paper::PrintLayout::default(),
        printed_at: ground.server.clock().now(),
    };
    let send = async |print: &PrintedRevision| {
        let body = json!({ "id": Uuid::now_v7(), "base": 0, "changes": {}, "printed": [print] });
        teacher.post(&format!("/v1/cases/{case}/drafts/plc_application"), body).await
    };
    for _ in 0..2 {
        assert_eq!(send(&print).await.code(), "ok");
    }
    assert_eq!(teacher.changes(0).await.drafts[0].printed, std::slice::from_ref(&print));
    assert_eq!(send(&PrintedRevision { hash: "0".repeat(64), ..print.clone() }).await.code(), "hash_mismatch");
    assert_eq!(send(&PrintedRevision { revision: 0, ..print.clone() }).await.code(), "bad_request");
    assert_eq!(send(&PrintedRevision { form: form_ref("plc_budget"), ..print.clone() }).await.code(), "bad_request");
    let unknown = domain::form::FormRef { version: 7, ..print.form.clone() };
    assert_eq!(send(&PrintedRevision { form: unknown, ..print.clone() }).await.code(), "unknown_form");
    // Another computer printed another revision 1 meanwhile: both are kept, the paper's hash tells which is which.
    let mut other = print.clone();
    other.answers.0.insert("plc_name".to_owned(), json!("別的"));
    other.hash = content_hash(&other.form, &other.answers);
    assert_eq!(send(&other).await.code(), "ok");
    assert_eq!(teacher.changes(0).await.drafts[0].printed.len(), 2);
}
