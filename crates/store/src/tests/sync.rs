//! Pages of changes: whole or not at all, and deletion only where the service says so.

use super::*;
use crate::{KeptNotice, NewPrint, Scan};
use domain::{
    draft::DraftHead,
    notice::NoticeKind,
    paper::{PrintLayout, PrintedRevision},
};

fn notice(number: u32, read: bool) -> KeptNotice {
    KeptNotice { id: id(number), kind: NoticeKind::N1, case: id(1), at: at(number), read, words: None }
}

/// A case with everything a case can have here.
async fn furnished() -> Home {
    let home = Home::with_case(1).await;
    home.store.save_draft(id(1), &form(), &changes(json!({ "a": "mine" })), at(1)).await.unwrap();
    home.store.queue(&act(9, 1), None).await.unwrap();
    let print = NewPrint {
        form_ref: form_ref(),
        hash: "a".repeat(64),
        answers: Answers::default(),
        layout: PrintLayout::default(),
        printed_at: at(1),
    };
    home.store.freeze(id(1), &form(), print).await.unwrap();
    let file = StampedFile { blob: BlobHash::of(b"x"), bytes: 1, pages: 1, stamps: vec![] };
    let scan = Scan { revision: 1, hash: "a".repeat(64), file, pages: vec![] };
    home.store.put_scan(id(1), &form(), &scan, b"x").await.unwrap();
    home
}

/// Cases, drafts, acts, prints and scans that are here.
async fn inventory(home: &Home) -> [usize; 5] {
    let store = &home.store;
    [
        usize::from(store.case(id(1)).await.unwrap().is_some()),
        store.drafts(id(1)).await.unwrap().len(),
        store.outbox(Some(id(1))).await.unwrap().len(),
        store.printed(id(1), &form()).await.unwrap().len(),
        usize::from(store.scan(id(1), &form()).await.unwrap().is_some()),
    ]
}

#[tokio::test]
async fn only_a_withdrawn_case_goes() {
    let home = furnished().await;
    told(&home.store, 2, vec![kept(2)], vec![], vec![], vec![id(3)]).await.unwrap();
    assert_eq!(inventory(&home).await, [1; 5], "absence deletes nothing");
    told(&home.store, 3, vec![kept(1)], vec![], vec![], vec![id(1)]).await.unwrap();
    assert_eq!(inventory(&home).await, [1; 5], "a page that contradicts itself deletes nothing");
    told(&home.store, 4, vec![], vec![], vec![], vec![id(1)]).await.unwrap();
    assert_eq!(inventory(&home).await, [0; 5]);
    assert!(home.store.case(id(2)).await.unwrap().is_some(), "others stay");
    assert_eq!(home.store.cursor().await.unwrap(), 4);
}

/// What was typed into a case and never sent is not lost with it: it lies beside the papers outside any case.
#[tokio::test]
async fn a_case_that_goes_leaves_what_was_typed_here_alone() {
    let home = Home::with_case(1).await;
    let store = &home.store;
    let head = DraftHead { revision: 1, answers: answers(json!({ "a": "sent", "b": "sent" })), ..Default::default() };
    told(store, 2, vec![], vec![(id(1), form(), head, vec![])], vec![], vec![]).await.unwrap();
    store.save_draft(id(1), &form(), &changes(json!({ "a": "typed", "b": null, "c": "new" })), at(5)).await.unwrap();
    told(store, 3, vec![], vec![], vec![], vec![id(1)]).await.unwrap();
    assert!(store.drafts(id(1)).await.unwrap().is_empty());
    let left = store.draft(CaseId::LOOSE, &form()).await.unwrap().unwrap();
    assert_eq!(left.answers, answers(json!({ "a": "typed", "c": "new" })), "what the service has went with the case");
    assert_eq!((left.saved_at, left.clashes.len()), (at(5), 0));
    assert_eq!(store.changed_drafts().await.unwrap(), [], "and it is never sent");

    // A paper that lies there already stays as it is; where both say something, a person picks.
    store.save_draft(CaseId::LOOSE, &form(), &changes(json!({ "c": "own" })), at(6)).await.unwrap();
    told(store, 4, vec![kept(2)], vec![], vec![], vec![]).await.unwrap();
    store.save_draft(id(2), &form(), &changes(json!({ "c": "second", "d": "second" })), at(7)).await.unwrap();
    told(store, 5, vec![], vec![], vec![], vec![id(2)]).await.unwrap();
    let home = home.reopened().await;
    let left = home.store.draft(CaseId::LOOSE, &form()).await.unwrap().unwrap();
    assert_eq!(left.answers, answers(json!({ "a": "typed", "c": "own", "d": "second" })));
    let shown: Vec<_> = left.clashes.iter().map(|clash| (clash.field.as_str(), &clash.mine, &clash.theirs)).collect();
    assert_eq!(shown, [("c", &json!("own"), &json!("second"))]);
}

#[tokio::test]
async fn a_page_brings_everything() {
    let home = furnished().await;
    assert_eq!(home.store.cursor().await.unwrap(), 1);
    let head = DraftHead { revision: 3, answers: answers(json!({ "a": "theirs", "b": 1 })), ..Default::default() };
    let print = PrintedRevision {
        revision: 2,
        form: form_ref(),
        hash: "b".repeat(64),
        answers: Answers::default(),
        layout: PrintLayout::default(),
        printed_at: at(2),
    };
    let newer = KeptCase { case: Case { state: State::SchoolCheck, seq: 4, ..case(1) }, ..kept(1) };
    told(
        &home.store,
        u64::MAX,
        vec![newer.clone()],
        vec![(id(1), form(), head, vec![print])],
        vec![notice(5, false)],
        vec![],
    )
    .await
    .unwrap();
    let home = home.reopened().await;
    assert_eq!(home.store.cursor().await.unwrap(), u64::MAX);
    assert_eq!(home.store.case(id(1)).await.unwrap(), Some(newer));
    let draft = home.store.draft(id(1), &form()).await.unwrap().unwrap();
    assert_eq!(draft.answers, answers(json!({ "a": "mine", "b": 1 })));
    assert_eq!(draft.clashes.len(), 1);
    assert_eq!(home.store.printed(id(1), &form()).await.unwrap().len(), 2);
    assert_eq!(home.store.notices().await.unwrap(), [notice(5, false)]);
    assert_eq!(home.store.outbox(None).await.unwrap().len(), 1, "what waits still waits");
}

#[tokio::test]
async fn a_page_is_taken_whole_or_not_at_all() {
    let home = furnished().await;
    home.sql("CREATE TRIGGER trip BEFORE INSERT ON notices BEGIN SELECT raise(ABORT, 'tripped'); END").await;
    let page = told(&home.store, 9, vec![kept(2)], vec![], vec![notice(5, false)], vec![id(1)]).await;
    assert!(matches!(page, Err(crate::StoreError::Sql(_))), "{page:?}");
    assert_eq!(inventory(&home).await, [1; 5]);
    assert_eq!(home.store.case(id(2)).await.unwrap(), None);
    assert_eq!(home.store.cursor().await.unwrap(), 1);
}

#[tokio::test]
async fn notices_are_confirmed_once() {
    let home = Home::new().await;
    home.store.put_notices(&[notice(1, false), notice(3, true), notice(2, false)]).await.unwrap();
    assert_eq!(home.store.notices().await.unwrap(), [notice(3, true), notice(2, false), notice(1, false)]);
    assert_eq!(home.store.unread_count().await.unwrap(), 2);
    for number in [1, 3, 99] {
        home.store.mark_read(id(number)).await.unwrap();
    }
    assert_eq!(home.store.read_unsent().await.unwrap(), [id(1)], "the service knows of 3");
    home.store.put_notices(&[notice(1, false)]).await.unwrap();
    assert_eq!(home.store.unread_count().await.unwrap(), 1, "older news does not unread it");
    assert_eq!(home.store.read_unsent().await.unwrap(), [id(1)]);
    home.store.read_sent(&[id(1)]).await.unwrap();
    assert_eq!(home.store.read_unsent().await.unwrap(), []);
    home.store.mark_read(id(2)).await.unwrap();
    home.store.put_notices(&[notice(2, true)]).await.unwrap();
    assert_eq!(home.store.read_unsent().await.unwrap(), [], "confirmed elsewhere too");
}

#[tokio::test]
async fn small_values_are_kept_by_name() {
    let home = Home::new().await;
    assert_eq!(home.store.meta("settings").await.unwrap(), None);
    for value in [json!({ "語言": "zh-TW" }), json!(null), json!([1, "二"])] {
        home.store.put_meta("settings", &value).await.unwrap();
        assert_eq!(home.store.meta("settings").await.unwrap(), Some(value));
    }
}

#[tokio::test]
async fn a_message_keeps_the_words_that_came_with_it() {
    let home = Home::new().await;
    let label = |zh: &str, en: &str| domain::form::Label { zh: zh.to_owned(), en: en.to_owned() };
    let words = domain::notice::NoticeText { title: label("標題", "Title"), body: label("內容", "Text") };
    let newer = KeptNotice { kind: NoticeKind::Newer, words: Some(words), ..notice(2, false) };
    home.store.put_notices(&[notice(1, false), newer.clone()]).await.unwrap();
    let home = home.reopened().await;
    assert_eq!(home.store.notices().await.unwrap(), [newer, notice(1, false)]);
}

/// A store as the program before had it: its messages have no words of their own.
#[tokio::test]
async fn messages_from_before_they_had_words_are_still_there() {
    let home = Home::new().await;
    home.store.put_notices(&[notice(1, true)]).await.unwrap();
    let home = home.back_at(2).await.reopened().await;
    assert_eq!(home.store.notices().await.unwrap(), [notice(1, true)]);
}
