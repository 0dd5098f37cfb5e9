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
    told(&home.store, 2, vec![kept(2)], vec![], vec![], vec![]).await.unwrap();
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

/// A case as the service tells it to those who judge: sent, with its papers.
fn sent(number: u32) -> KeptCase {
    let papers = vec![paper("我愛上學", b"pdf")];
    KeptCase { case: Case { state: State::CountyCheck, seq: 3, papers, ..case(number) }, ..kept(number) }
}

/// A county's decision, as it is believed before the service knows of it.
fn decision(event: u32, of: u32) -> OutboxItem {
    let predicted = Event {
        id: id(event),
        seq: 4,
        to: State::Running,
        deed: Deed::Approved { amount: Some(8_000) },
        ..super::event(event, of)
    };
    OutboxItem { expect_seq: 3, predicted, ..act(event, of) }
}

async fn rows(home: &Home) -> Vec<(CaseId, State, State, u32, Option<u32>, bool)> {
    let filter = crate::CaseFilter { limit: 100, ..Default::default() };
    let rows = home.store.cases(&filter).await.unwrap().0.into_iter();
    rows.map(|row| (row.id, row.state, row.seen, row.seq, row.approved, row.pending)).collect()
}

#[tokio::test]
async fn acts_on_many_cases_are_kept_all_or_none() {
    let home = Home::new().await;
    told(&home.store, 1, vec![sent(1), sent(2), sent(3)], vec![], vec![], vec![]).await.unwrap();
    let unknown = home.store.queue_all(&[decision(11, 1), decision(12, 2), decision(19, 9)]).await;
    assert!(matches!(unknown, Err(StoreError::NoSuchCase(_))), "{unknown:?}");
    assert!(waiting(&home, None).await.is_empty(), "taken back whole");
    home.store.queue_all(&[decision(11, 1), decision(12, 2)]).await.unwrap();
    let home = home.reopened().await;
    use State::{CountyCheck, Running};
    let believed = [
        (id(3), CountyCheck, CountyCheck, 3, None, false),
        (id(2), CountyCheck, Running, 4, Some(8_000), true),
        (id(1), CountyCheck, Running, 4, Some(8_000), true),
    ];
    assert_eq!(rows(&home).await, believed, "what waits is believed, and the list is narrowed by it");
    let spent = home.store.spent().await.unwrap();
    assert_eq!(spent.iter().map(|spent| spent.amount).sum::<i64>(), 16_000);

    // One is taken, one refused, in one answer; papers are not sent along and stay.
    let answered = KeptCase {
        case: Case { papers: vec![], state: Running, seq: 4, approved_amount: Some(8_000), ..sent(1).case },
        ..kept(1)
    };
    let refused = [(id(12), json!({ "code": "case_moved" }))];
    home.store.acts_answered(vec![(id(11), Some(answered))], &refused).await.unwrap();
    assert_eq!(waiting(&home, None).await, [(id(12), true)]);
    assert_eq!(home.store.case(id(1)).await.unwrap().unwrap().case.papers, sent(1).case.papers);
    let now = [
        (id(3), CountyCheck, CountyCheck, 3, None, false),
        (id(2), CountyCheck, CountyCheck, 3, None, true),
        (id(1), Running, Running, 4, Some(8_000), false),
    ];
    assert_eq!(rows(&home).await, now, "a refused act is not believed");

    // Acting again is the answer to a refusal.
    home.store.queue_all(&[decision(22, 2)]).await.unwrap();
    assert_eq!(waiting(&home, None).await, [(id(22), false)]);
    // Returned and hidden now: nothing of the papers stays.
    let hidden = KeptCase {
        case: Case { papers: vec![], state: State::Draft, seq: 4, ..sent(2).case },
        papers_hidden: true,
        known: true,
    };
    home.store.acts_answered(vec![(id(22), Some(hidden))], &[]).await.unwrap();
    assert!(home.store.case(id(2)).await.unwrap().unwrap().case.papers.is_empty());
    // A case that left the person's sight with the act goes with the next changes, not before.
    home.store.queue_all(&[decision(23, 3)]).await.unwrap();
    home.store.acts_answered(vec![(id(23), None)], &[]).await.unwrap();
    assert!(waiting(&home, None).await.is_empty() && home.store.case(id(3)).await.unwrap().is_some());
}
