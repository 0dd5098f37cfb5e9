//! The outbox: order, once only, accepted, refused, and that answers stay whatever becomes of an act.

use super::*;
use crate::StoreError;

async fn waiting(home: &Home, case: Option<u32>) -> Vec<(EventId, bool)> {
    let items = home.store.outbox(case.map(id)).await.unwrap();
    items.into_iter().map(|item| (item.event, item.refused.is_some())).collect()
}

#[tokio::test]
async fn an_act_is_kept_as_it_was_queued() {
    let home = Home::with_case(1).await;
    let item = OutboxItem {
        opens: true,
        blobs: vec![BlobHash::of(b"a"), BlobHash::of(b"b")],
        predicted: Event { deed: Deed::Submitted { papers: vec![paper("名", b"a")] }, ..event(9, 1) },
        ..act(9, 1)
    };
    home.store.queue(&item, None).await.unwrap();
    home.store.queue(&item, None).await.unwrap();
    let home = home.reopened().await;
    assert_eq!(home.store.outbox(None).await.unwrap(), [item]);
}

#[tokio::test]
async fn a_case_opened_here_comes_with_its_act_or_not_at_all() {
    let home = Home::new().await;
    let local = KeptCase { known: false, ..kept(1) };
    let refused = home.store.queue(&act(9, 2), Some(&local)).await;
    assert!(matches!(refused, Err(StoreError::NoSuchCase(_))), "{refused:?}");
    assert_eq!(home.store.case(id(1)).await.unwrap(), None, "taken back");
    home.store.queue(&act(9, 1), Some(&local)).await.unwrap();
    assert_eq!(home.store.case(id(1)).await.unwrap(), Some(local));
    assert_eq!(waiting(&home, Some(1)).await, [(id(9), false)]);
}

#[tokio::test]
async fn acts_leave_when_accepted_and_stay_when_refused() {
    let home = Home::with_case(1).await;
    home.store.take_changes(2, vec![kept(2)], vec![], vec![], vec![]).await.unwrap();
    home.store.save_draft(id(1), &form(), &changes(json!({ "a": 1 })), at(1)).await.unwrap();
    // Later ids first: the order is that of queueing.
    for (event, of) in [(14, 1), (13, 2), (12, 1), (11, 1), (10, 2)] {
        home.store.queue(&act(event, of), None).await.unwrap();
    }
    assert_eq!(waiting(&home, Some(1)).await, [(id(14), false), (id(12), false), (id(11), false)]);

    let now = KeptCase { case: Case { state: State::Withdrawn, seq: 2, ..case(1) }, ..kept(1) };
    home.store.act_accepted(id(14), now.clone()).await.unwrap();
    assert_eq!(home.store.case(id(1)).await.unwrap(), Some(now));

    home.store.act_refused(id(12), &json!({ "code": "case_moved" })).await.unwrap();
    let home = home.reopened().await;
    let everything = [(id(13), false), (id(12), true), (id(11), false), (id(10), false)];
    assert_eq!(waiting(&home, None).await, everything);
    let refused = home.store.outbox(Some(id(1))).await.unwrap().remove(0);
    assert_eq!(refused.refused, Some(json!({ "code": "case_moved" })));

    home.store.drop_refused(id(2)).await.unwrap();
    assert_eq!(waiting(&home, None).await, everything, "nothing of that case was refused");
    home.store.drop_refused(id(1)).await.unwrap();
    assert_eq!(waiting(&home, None).await, [(id(13), false), (id(10), false)]);
    let draft = home.store.draft(id(1), &form()).await.unwrap().unwrap();
    assert_eq!(draft.answers, answers(json!({ "a": 1 })), "a refusal never destroys answers");
}
