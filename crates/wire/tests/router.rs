//! The router: every command by its name, and nothing else.

#![cfg(test)]

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    pin::pin,
    task::{Context, Poll, Waker},
};
use wire::{
    Code, Failure,
    choose::*,
    mail::*,
    reviewers::*,
    rpc::{self, *},
    rules::*,
    views::*,
};

/// Answers every command with a refusal that tells that it was reached.
struct Reached;

macro_rules! reached {
    ($($name:ident($request:ty) -> $answer:ty;)+) => {
        impl rpc::Commands for Reached {
            $(async fn $name(&self, _: $request) -> Result<$answer, Failure> {
                Err(Failure::new(Code::Internal, stringify!($name)))
            })+
        }
    };
}
wire::commands!(reached);

/// The commands above never wait.
fn route(name: &str, request: Value) -> Failure {
    let future = pin!(rpc::route(&Reached, name, request));
    let mut future = future;
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.unwrap_err(),
        Poll::Pending => panic!("{name} waits"),
    }
}

const CASE: &str = "0190a5b8-c7d0-7def-8abc-0123456789ab";

#[test]
fn names_are_unique() {
    assert_eq!(NAMES.iter().collect::<BTreeSet<_>>().len(), NAMES.len());
}

#[test]
fn a_known_command_is_reached() {
    #[rustfmt::skip]
    let cases = [
        ("home", json!({})),
        ("case_open", json!({ "case": CASE })),
        ("case_act", json!({ "case": CASE, "action": "return", "reason": "原因" })),
        ("case_list", json!({ "plan_year": null, "keyword": null })),
        ("case_list", json!({ "narrowing": { "states": ["county_check"], "asked": { "from": 1 } }, "order": "asked" })),
        ("case_ids", json!({})),
        ("cases_preview", json!({ "cases": [{ "case": CASE }] })),
        ("cases_act", json!({ "cases": [{ "case": CASE, "amount": 5 }], "action": "approve" })),
        ("case_save_draft", json!({ "case": CASE, "form": "plc_budget", "changes": { "a": null } })),
        ("rules_open", json!({})),
        ("rules_save", json!({ "plan_year": 111, "rules": { "windows": {}, "levels": [{ "zh": "無" }] } })),
        ("scan_attach", json!({ "case": CASE, "form": "plc_budget" })),
    ];
    for (name, request) in cases {
        let failure = route(name, request);
        assert_eq!((failure.code, failure.message.as_str()), (Code::Internal, name));
    }
}

#[test]
fn others_and_other_shapes_are_bad_requests() {
    #[rustfmt::skip]
    let cases = [
        ("no_such_command", json!({})),
        ("", json!({})),
        ("Home", json!({})),
        ("home", json!(null)),
        ("case_open", json!({})),
        ("case_open", json!({ "case": "x" })),
        ("case_open", json!({ "case": 5 })),
        ("case_act", json!({ "case": CASE, "action": "explode" })),
        ("case_save_draft", json!({ "case": CASE, "form": "../etc", "changes": {} })),
        ("case_save_draft", json!({ "case": CASE, "form": "plc_budget", "changes": [] })),
        ("case_new", json!({ "process": "no_such_process" })),
        ("case_list", json!({ "narrowing": { "states": ["burnt"] } })),
        ("case_list", json!({ "narrowing": { "asked": { "from": -1 } } })),
        ("cases_act", json!({ "cases": [{ "case": CASE, "amount": -5 }], "action": "approve" })),
        ("cases_act", json!({ "cases": [{ "case": "x" }], "action": "approve" })),
    ];
    for (name, request) in cases {
        assert_eq!(route(name, request.clone()).code, Code::BadRequest, "{name} {request}");
    }
}

/// A message goes to a log; what a person typed does not.
#[test]
fn a_refusal_does_not_repeat_what_was_sent() {
    let failure = route("sign_in", json!({ "account": "teacher-a", "password": 20220501 }));
    assert_eq!(failure.code, Code::BadRequest);
    assert!(!failure.message.contains("20220501"), "{failure}");
    let failure = route("case_open", json!({ "case": "王老師" }));
    assert!(!failure.message.contains("王老師"), "{failure}");
}
