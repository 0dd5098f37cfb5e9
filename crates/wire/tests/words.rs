//! The words that cross borders: codes, refusals, acts, and the router's answers to what it does not know.

#![cfg(test)]

use domain::{
    case::{Carried, Deed, Process, SentPaper, StampedFile},
    form::{Answers, FormRef},
    ids::{AccountId, BlobHash, EventId},
    paper::ScanMismatch,
    people::Person,
    time::PlanYear,
    workflow::{Action, Missing, Refusal},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use wire::{
    Code, Failure,
    http::{Act, ActBody},
};

#[test]
fn every_code_is_one_snake_case_word_with_a_sensible_status() {
    let mut seen = BTreeSet::new();
    for code in Code::ALL {
        let text = code.as_str();
        assert!(seen.insert(text), "{text} twice");
        assert!(text.split('_').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase())), "{text}");
        assert!((400..600).contains(&code.status()), "{text}: {}", code.status());
        assert_eq!(json!(code), json!(text));
        assert_eq!(serde_json::from_value::<Code>(json!(text)).unwrap(), *code);
        assert_eq!(code.to_string(), text);
    }
}

/// What a service says about itself, about a person, and about what was asked.
#[test]
fn statuses_by_kind() {
    #[rustfmt::skip]
    let cases: [(u16, &[Code]); 9] = [
        (401, &[Code::NotSignedIn, Code::WrongPassword]),
        (403, &[Code::NotYours]),
        (404, &[Code::NotFound, Code::UnknownForm]),
        (409, &[Code::CaseMoved, Code::CaseExists, Code::NotInThisState, Code::WrongOffset]),
        (413, &[Code::TooLarge]),
        (422, &[Code::ActIncomplete, Code::AnswersIncomplete, Code::NotAPdf, Code::ActiveContent]),
        (426, &[Code::ProgramTooOld]),
        (429, &[Code::TooManyTries]),
        (503, &[Code::Busy, Code::Offline]),
    ];
    for (status, codes) in cases {
        for code in codes {
            assert_eq!(code.status(), status, "{code}");
        }
    }
}

#[test]
fn a_refusal_comes_back_with_figures_nobody_here_knows() {
    let text = r#"{"code":"case_moved","params":{"seq":4,"since_version_9":{"a":[1,null]}},"message":"moved"}"#;
    let failure: Failure = serde_json::from_str(text).unwrap();
    assert_eq!((failure.code, &failure.params["seq"]), (Code::CaseMoved, &json!(4)));
    assert_eq!(serde_json::to_value(&failure).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    let bare: Failure = serde_json::from_str(r#"{"code":"busy"}"#).unwrap();
    assert_eq!(bare, Failure::new(Code::Busy, ""));
    assert_eq!(Failure::with(Code::Busy, json!("no object"), "").params.len(), 0);
}

#[test]
fn refusals_of_rules_keep_their_figures() {
    let forms = vec!["plc_budget".parse().unwrap()];
    let state = domain::case::State::Closed;
    #[rustfmt::skip]
    let cases: Vec<(Failure, Code, Value)> = vec![
        (Refusal::NotYours.into(), Code::NotYours, json!({})),
        (Refusal::NotInThisState { action: Action::SendReport, state }.into(), Code::NotInThisState, json!({ "action": "send_report", "state": "closed" })),
        (Refusal::Missing(vec![Missing::StampMissing { forms }, Missing::ReasonMissing]).into(), Code::ActIncomplete,
            json!({ "missing": [{ "code": "stamp_missing", "params": { "forms": ["plc_budget"] } }, { "code": "reason_missing" }] })),
        (ScanMismatch::QrUnreadable.into(), Code::QrUnreadable, json!({})),
        (ScanMismatch::OtherCase { page: 2 }.into(), Code::OtherCase, json!({ "page": 2 })),
        (ScanMismatch::OtherForm { page: 2, form: "plc_budget".to_owned() }.into(), Code::OtherForm, json!({ "page": 2, "form": "plc_budget" })),
        (ScanMismatch::OtherRevision { page: 2, found: 1, wanted: 3 }.into(), Code::OtherRevision, json!({ "page": 2, "found": 1, "wanted": 3 })),
        (ScanMismatch::PagesMissing { missing: vec![2], pages: 3 }.into(), Code::PagesMissing, json!({ "missing": [2], "pages": 3 })),
        (ScanMismatch::PageTwice { page: 2 }.into(), Code::PageTwice, json!({ "page": 2 })),
        (ScanMismatch::PagesExtra { extra: 1, pages: 3 }.into(), Code::PagesExtra, json!({ "extra": 1, "pages": 3 })),
    ];
    for (failure, code, params) in cases {
        assert_eq!((failure.code, Value::Object(failure.params)), (code, params));
        assert!(!failure.message.is_empty(), "{code}");
    }
}

/// A mismatch has the same code in the rules and on the wire.
#[test]
fn mismatches_have_one_code() {
    let mismatch = ScanMismatch::PagesExtra { extra: 1, pages: 3 };
    let value = serde_json::to_value(&mismatch).unwrap();
    let failure = Failure::from(mismatch);
    assert_eq!(value, json!({ "code": failure.code, "params": failure.params }));
}

fn sent() -> SentPaper {
    SentPaper {
        form: FormRef { id: "plc_application".parse().unwrap(), version: 111, hash: "ab".repeat(32) },
        revision: 2,
        hash: "cd".repeat(32),
        answers: serde_json::from_value::<Answers>(json!({ "plc_name": "我愛上學" })).unwrap(),
        stamped: Some(StampedFile { blob: BlobHash::of(b"scan"), bytes: 4, pages: 1, stamps: vec![] }),
        stamped_revision: None,
    }
}

/// Every deed as it is sent, which the service of a later version must still read.
#[test]
fn acts_on_the_wire() {
    let to = || Person {
        id: AccountId("0190a5b8-c7d0-7def-8abc-0123456789ab".parse().unwrap()),
        name: "林老師".to_owned(),
    };
    let school =
        domain::people::School { code: "193625".to_owned(), name: "國小".to_owned(), county: "臺中市".to_owned() };
    let papers = || {
        json!([{
            "form": { "id": "plc_application", "version": 111, "hash": "ab".repeat(32) },
            "revision": 2,
            "hash": "cd".repeat(32),
            "answers": { "plc_name": "我愛上學" },
            "stamped": { "blob": BlobHash::of(b"scan"), "bytes": 4, "pages": 1, "stamps": [] },
        }])
    };
    // A correction goes without the stamped copy: the case has it.
    let corrected = SentPaper { stamped_revision: Some(1), ..sent() };
    let mut bare = papers();
    bare[0]["stamped"] = json!(null);
    let text = || "原因".to_owned();
    let carried = || {
        let case = "0190a5b8-c7d0-7def-8abc-0123456789aa".parse().unwrap();
        vec![Carried { case, name: "我愛上學".to_owned(), hash: "ab".repeat(32) }]
    };
    #[rustfmt::skip]
    let cases: Vec<(Deed, Value, usize)> = vec![
        (Deed::Opened { process: Process::Plc, plan_year: PlanYear(111), school }, json!({ "action": "open", "process": "plc", "plan_year": 111 }), 0),
        (Deed::Submitted { papers: vec![sent()] },  json!({ "action": "submit", "papers": papers() }), 1),
        (Deed::Passed { sheet: None },                              json!({ "action": "pass" }), 0),
        (Deed::Returned { reason: text(), sheet: None },         json!({ "action": "return", "reason": "原因" }), 0),
        (Deed::Approved { amount: Some(12_680) },   json!({ "action": "approve", "amount": 12_680 }), 0),
        (Deed::Approved { amount: None },           json!({ "action": "approve", "amount": null }), 0),
        (Deed::Rejected { reason: text() },         json!({ "action": "reject", "reason": "原因" }), 0),
        (Deed::Withdrawn,                           json!({ "action": "withdraw" }), 0),
        (Deed::ReportSent { papers: vec![sent()] }, json!({ "action": "send_report", "papers": papers() }), 1),
        (Deed::Imported { carried: carried() },     json!({ "action": "import", "carried": carried() }), 0),
        (Deed::Sent { papers: vec![sent()] },       json!({ "action": "send", "papers": papers() }), 1),
        (Deed::ConvenerCorrected { papers: vec![corrected] }, json!({ "action": "correct_convener", "papers": bare }), 0),
        (Deed::ConvenerChanged { to: to(), consent: text() }, json!({ "action": "change_convener", "to": to(), "consent": "原因" }), 0),
    ];
    let id = "0190a5b8-c7d0-7def-8abc-0123456789ff";
    for (deed, mut expected, files) in cases {
        let (body, blobs) = ActBody::of(&deed);
        let act = Act { id: EventId(id.parse().unwrap()), expect_seq: 3, remarks: Default::default(), body };
        expected["id"] = json!(id);
        expected["expect_seq"] = json!(3);
        let value = serde_json::to_value(&act).unwrap();
        assert_eq!(value, expected);
        assert_eq!(serde_json::from_value::<Act>(value).unwrap(), act);
        assert_eq!(blobs.len(), files, "{expected}");
    }
}

#[test]
fn acts_of_another_shape_are_refused() {
    let id = "0190a5b8-c7d0-7def-8abc-0123456789ff";
    #[rustfmt::skip]
    let cases = [
        json!({ "id": id, "expect_seq": 3 }),
        json!({ "id": id, "expect_seq": 3, "action": "explode" }),
        json!({ "id": id, "expect_seq": -1, "action": "pass" }),
        json!({ "id": "x", "expect_seq": 3, "action": "pass" }),
        json!({ "id": id, "action": "pass" }),
        json!({ "id": id, "expect_seq": 3, "action": "return" }),
        json!({ "id": id, "expect_seq": 3, "action": "return", "reason": null }),
        json!({ "id": id, "expect_seq": 3, "action": "approve", "amount": -1 }),
        json!({ "id": id, "expect_seq": 3, "action": "submit", "papers": [{}] }),
        json!([]),
        json!(null),
    ];
    for case in cases {
        assert!(serde_json::from_value::<Act>(case.clone()).is_err(), "{case}");
    }
}

/// The action of every row is a word of the wire.
#[test]
fn every_action_can_be_sent() {
    let bodies = [
        json!({ "action": "submit", "papers": [] }),
        json!({ "action": "pass" }),
        json!({ "action": "return", "reason": "a" }),
        json!({ "action": "approve" }),
        json!({ "action": "reject", "reason": "a" }),
        json!({ "action": "withdraw" }),
        json!({ "action": "send_report", "papers": [] }),
        json!({ "action": "change_convener", "to": { "id": "0190a5b8-c7d0-7def-8abc-0123456789ff", "name": "a" }, "consent": "b" }),
        json!({ "action": "correct_convener", "papers": [] }),
        json!({ "action": "import", "carried": [] }),
        json!({ "action": "send", "papers": [] }),
        json!({ "action": "assign", "reviewers": [] }),
        json!({ "action": "review", "sheet": sent() }),
        json!({ "action": "grant" }),
        json!({ "action": "grant_corrected" }),
        json!({ "action": "ask_correction", "reason": "a" }),
        json!({ "action": "deny", "reason": "a" }),
        json!({ "action": "resubmit", "papers": [] }),
        json!({ "action": "appeal", "papers": [] }),
        json!({ "action": "accept_appeal" }),
        json!({ "action": "refuse_appeal", "reason": "a" }),
        json!({ "action": "lapse" }),
        json!({ "action": "publish" }),
        json!({ "action": "issue", "on": "2026-11-24" }),
    ];
    for action in Action::ALL {
        let body = bodies.iter().find(|body| body["action"] == action.code()).unwrap();
        assert!(serde_json::from_value::<ActBody>(body.clone()).is_ok(), "{body}");
    }
}

/// What is written for a developer carries no secret.
#[test]
fn secrets_are_not_shown() {
    let sign_in = wire::http::SignIn { account: "teacher-a".to_owned(), password: "demo-secret".to_owned() };
    let shown = format!("{sign_in:?}");
    assert!(!shown.contains("demo-secret") && !shown.contains("teacher-a"), "{shown}");
}
