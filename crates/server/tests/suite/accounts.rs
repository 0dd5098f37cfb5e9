//! Signing in.

use super::Ground;
use chrono::TimeDelta;
use serde_json::json;
use testkit::{Caller, person};

pub(crate) async fn people_sign_in_and_out(ground: Ground) {
    for (account, expected) in server::demo::people() {
        let caller = ground.signed_in(account).await;
        assert_eq!(caller.session().actor, expected);
        assert_eq!(caller.get("/v1/me").await.read::<domain::people::Actor>(), expected);
        let ends_at = ground.server.clock().now() + TimeDelta::days(30);
        assert_eq!(caller.session().ends_at, ends_at);
    }
    assert_eq!(person("school193625").school.unwrap().name, "市立協和國小");
    let caller = ground.signed_in("teacher-a").await;
    let other = ground.signed_in("teacher-a").await;
    let out = caller.send(caller.request(reqwest::Method::DELETE, "/v1/sessions/current")).await;
    assert_eq!(out.status, 204);
    assert_eq!(caller.get("/v1/me").await.code(), "not_signed_in");
    assert_eq!(other.get("/v1/me").await.code(), "ok", "another computer stays signed in");
    assert_eq!(Caller::new(&ground.url()).get("/v1/me").await.code(), "not_signed_in");
}

pub(crate) async fn tries_are_throttled_and_lock_nobody_else_out(ground: Ground) {
    let caller = Caller::new(&ground.url());
    let sign_in = |account: &str, password: &str| json!({ "account": account, "password": password });
    for _ in 0..5 {
        assert_eq!(caller.post("/v1/sessions", sign_in("teacher-a", "wrong")).await.code(), "wrong_password");
    }
    let refused = caller.post("/v1/sessions", sign_in("teacher-a", "demo")).await;
    assert_eq!(refused.code(), "too_many_tries");
    assert_eq!(refused.body["params"]["retry_after_seconds"], 2);
    // Others, from the same address even, are not held up.
    ground.signed_in("teacher-b").await;
    ground.server.clock().advance(TimeDelta::seconds(2));
    assert_eq!(caller.post("/v1/sessions", sign_in("teacher-a", "wrong")).await.code(), "wrong_password");
    let refused = caller.post("/v1/sessions", sign_in("teacher-a", "demo")).await;
    assert_eq!(refused.body["params"]["retry_after_seconds"], 4, "the pause doubles");
    ground.server.clock().advance(TimeDelta::seconds(4));
    ground.signed_in("teacher-a").await;
    for _ in 0..5 {
        assert_eq!(caller.post("/v1/sessions", sign_in("teacher-a", "wrong")).await.code(), "wrong_password");
    }
}

pub(crate) async fn an_unknown_account_is_told_nothing(ground: Ground) {
    let caller = Caller::new(&ground.url());
    let known = caller.post("/v1/sessions", json!({ "account": "teacher-a", "password": "x" })).await;
    for account in ["teacher-z", "", "TEACHER-A", "teacher-a\u{0}", "' OR 1=1 --", &"長".repeat(5000)] {
        let unknown = caller.post("/v1/sessions", json!({ "account": account, "password": "x" })).await;
        assert_eq!((unknown.status, &unknown.body), (known.status, &known.body), "{account}");
    }
    let long = "x".repeat(1_000_000);
    let answer = caller.post("/v1/sessions", json!({ "account": "teacher-b", "password": long })).await;
    assert_eq!(answer.code(), "wrong_password");
}

pub(crate) async fn sessions_end(ground: Ground) {
    let caller = ground.signed_in("teacher-a").await;
    ground.server.clock().advance(TimeDelta::days(30) - TimeDelta::seconds(1));
    assert_eq!(caller.get("/v1/me").await.code(), "ok");
    ground.server.clock().advance(TimeDelta::seconds(1));
    assert_eq!(caller.get("/v1/me").await.code(), "not_signed_in");

    let caller = ground.signed_in("teacher-a").await;
    let db = ground.db().await;
    let now = ground.server.clock().now();
    assert!(server::db::accounts::reset_password(&db, "teacher-a", "$argon2id$", now).await.unwrap());
    assert!(!server::db::accounts::reset_password(&db, "teacher-z", "$argon2id$", now).await.unwrap());
    db.close().await;
    assert_eq!(caller.get("/v1/me").await.code(), "not_signed_in", "a new password ends the sessions");
}

pub(crate) async fn more_sign_ins_than_can_wait_are_told_to_come_back(_: Ground) {
    // Slow enough that the first are not done before the last have come.
    let cost = server::auth::HashCost { memory: 19 * 1024, rounds: 2, lanes: 1 };
    let hashing = server::auth::Hashing::new(cost).unwrap();
    let stored = hashing.hash("right").await.unwrap();
    let all = (0..100).map(|_| hashing.fits("right", Some(&stored)));
    let answers = futures_util::future::join_all(all).await;
    let busy = answers.iter().filter(|answer| answer.as_ref().is_err_and(|f| f.code == wire::Code::Busy)).count();
    assert_eq!(busy, 34, "two are at work and 64 wait");
    assert!(answers.iter().flatten().all(|fits| *fits));
    assert!(!hashing.fits("wrong", Some(&stored)).await.unwrap());
    assert!(!hashing.fits("nobody", None).await.unwrap(), "no account, no password");
}
