//! Drafts through the store's calls: saving, 儲存, going back, pushing, clashes and their choice.

use super::*;
use crate::{Draft, StoreError};
use domain::{
    draft::{Clash, DraftHead},
    ids::PushId,
};

fn head(revision: u32, value: Value) -> DraftHead {
    DraftHead { revision, answers: answers(value), changed: std::collections::BTreeMap::new() }
}

async fn save(home: &Home, value: Value) -> Draft {
    home.store.save_draft(id(1), &form(), &changes(value), at(5)).await.unwrap()
}

async fn take(home: &Home, head: &DraftHead, pushed: Option<&Changes>, clashes: &[Clash]) -> Draft {
    home.store.take_head(id(1), &form(), head, pushed, clashes).await.unwrap()
}

async fn changed(home: &Home) -> bool {
    !home.store.changed_drafts().await.unwrap().is_empty()
}

fn clash(field: &str, mine: Value, theirs: Value) -> Clash {
    Clash { field: field.into(), mine, theirs }
}

#[tokio::test]
async fn saves_add_up_and_survive() {
    let home = Home::with_case(1).await;
    assert_eq!(home.store.draft(id(1), &form()).await.unwrap(), None);
    save(&home, json!({ "a": "1", "b": [1, 2.5, null], "c": "gone" })).await;
    let draft = save(&home, json!({ "a": "2", "c": null, "中文": "字" })).await;
    let expected = Draft {
        case: id(1),
        form: form(),
        head: DraftHead::default(),
        answers: answers(json!({ "a": "2", "b": [1, 2.5, null], "中文": "字" })),
        kept: Answers::default(),
        clashes: vec![],
        saved_at: at(5),
        push: None,
    };
    assert_eq!(draft, expected);
    let home = home.reopened().await;
    assert_eq!(home.store.draft(id(1), &form()).await.unwrap(), Some(expected.clone()));
    assert_eq!(home.store.drafts(id(1)).await.unwrap(), [expected]);
    assert_eq!(home.store.drafts(id(2)).await.unwrap(), []);
}

#[tokio::test]
async fn what_cannot_be_edited_says_so() {
    let home = Home::with_case(1).await;
    let refused = home.store.save_draft(id(2), &form(), &changes(json!({ "a": 1 })), at(1)).await;
    assert!(matches!(refused, Err(StoreError::NoSuchCase(case)) if case == id(2)), "{refused:?}");
    let refused = home.store.revert_draft(id(1), &form(), at(1)).await;
    assert!(matches!(refused, Err(StoreError::NoSuchDraft)), "{refused:?}");
    let refused = home.store.settle_clash(id(1), &form(), "a", json!(1), at(1)).await;
    assert!(matches!(refused, Err(StoreError::NoSuchDraft)), "{refused:?}");
    home.store.keep_draft(id(1), &form()).await.unwrap();
    assert_eq!(home.store.drafts(id(1)).await.unwrap(), []);
}

#[tokio::test]
async fn going_back_goes_to_what_was_kept() {
    let home = Home::with_case(1).await;
    save(&home, json!({ "a": "kept" })).await;
    home.store.keep_draft(id(1), &form()).await.unwrap();
    save(&home, json!({ "a": "later", "b": "later" })).await;
    // What others changed meanwhile is not undone with it.
    take(&home, &head(1, json!({ "c": "theirs" })), None, &[]).await;
    let draft = home.store.revert_draft(id(1), &form(), at(6)).await.unwrap();
    assert_eq!(draft.answers, answers(json!({ "a": "kept", "c": "theirs" })));
    assert_eq!(draft.saved_at, at(6));
}

#[tokio::test]
async fn a_push_is_the_same_push_until_it_is_answered() {
    let home = Home::with_case(1).await;
    let (first, second): (PushId, PushId) = (id(71), id(72));
    let begin = async |push| home.store.begin_push(id(1), &form(), push).await.unwrap();
    assert_eq!(begin(first).await, None, "no draft");
    save(&home, json!({ "a": "1" })).await;
    assert!(changed(&home).await);
    let sent = changes(json!({ "a": "1" }));
    assert_eq!(begin(first).await, Some((first, 0, sent.clone())));
    save(&home, json!({ "a": "2", "b": "x" })).await;
    let home = home.reopened().await;
    let begin = async |push| home.store.begin_push(id(1), &form(), push).await.unwrap();
    assert_eq!(begin(second).await, Some((first, 0, sent.clone())), "after a restart too");
    let draft = take(&home, &head(1, json!({ "a": "1" })), Some(&sent), &[]).await;
    assert_eq!((draft.answers, draft.push), (answers(json!({ "a": "2", "b": "x" })), None));
    assert_eq!(draft.clashes, [], "typing on is no clash with oneself");
    assert_eq!(begin(second).await, Some((second, 1, changes(json!({ "a": "2", "b": "x" })))));
    home.store.drop_push(id(1), &form()).await.unwrap();
    assert_eq!(begin(first).await.unwrap().0, first);
    take(&home, &head(2, json!({ "a": "2", "b": "x" })), Some(&sent), &[]).await;
    assert!(!changed(&home).await);
    assert_eq!(begin(second).await, None, "nothing left to send");
}

#[tokio::test]
async fn a_push_keeps_its_base_when_other_news_comes() {
    let home = Home::with_case(1).await;
    take(&home, &head(3, json!({ "a": "old" })), None, &[]).await;
    save(&home, json!({ "a": "mine" })).await;
    home.store.begin_push(id(1), &form(), id(71)).await.unwrap();
    take(&home, &head(5, json!({ "a": "theirs" })), None, &[]).await;
    let again = home.store.begin_push(id(1), &form(), id(72)).await.unwrap().unwrap();
    assert_eq!(again, (id(71), 3, changes(json!({ "a": "mine" }))), "a newer base would overwrite what was not seen");
}

#[tokio::test]
async fn a_clash_waits_for_the_person() {
    let home = Home::with_case(1).await;
    take(&home, &head(1, json!({ "a": "base", "b": "base" })), None, &[]).await;
    save(&home, json!({ "a": "mine", "c": "new" })).await;
    let draft = take(&home, &head(2, json!({ "a": "theirs", "b": "news" })), None, &[]).await;
    assert_eq!(draft.answers, answers(json!({ "a": "mine", "b": "news", "c": "new" })));
    assert_eq!(draft.clashes, [clash("a", json!("mine"), json!("theirs"))]);
    assert!(!changed(&home).await, "waits");
    let push = home.store.begin_push(id(1), &form(), id(71)).await.unwrap().unwrap();
    assert_eq!(push.2, changes(json!({ "c": "new" })), "the clashing field is not sent");
    home.store.drop_push(id(1), &form()).await.unwrap();

    // News and typing keep both sides up to date.
    let draft = take(&home, &head(3, json!({ "a": "theirs 2", "b": "news" })), None, &[]).await;
    assert_eq!(draft.clashes, [clash("a", json!("mine"), json!("theirs 2"))]);
    let draft = save(&home, json!({ "a": null })).await;
    assert_eq!(draft.clashes, [clash("a", json!(null), json!("theirs 2"))]);
    assert_eq!(home.reopened().await.store.draft(id(1), &form()).await.unwrap(), Some(draft));
}

#[tokio::test]
async fn the_choice_is_sent_or_equals_theirs() {
    for (pick, sends) in [(json!("mine"), true), (json!("theirs"), false), (json!("both"), true), (json!(null), true)] {
        let home = Home::with_case(1).await;
        take(&home, &head(1, json!({ "a": "base" })), None, &[]).await;
        save(&home, json!({ "a": "mine" })).await;
        take(&home, &head(2, json!({ "a": "theirs" })), None, &[]).await;
        let draft = home.store.settle_clash(id(1), &form(), "a", pick.clone(), at(9)).await.unwrap();
        assert_eq!(draft.clashes, [], "{pick}");
        assert_eq!(draft.answers.get("a"), Some(&pick).filter(|pick| !pick.is_null()));
        assert_eq!(changed(&home).await, sends, "{pick}");
        // The same news again does not ask again.
        let draft = take(&home, &head(2, json!({ "a": "theirs" })), None, &[]).await;
        assert_eq!(draft.clashes, [], "{pick}");
        let back = home.store.revert_draft(id(1), &form(), at(10)).await.unwrap();
        assert_eq!(back.answers, draft.answers, "a choice is kept");
    }
}

#[tokio::test]
async fn a_draft_may_come_before_its_case() {
    let home = Home::new().await;
    take(&home, &head(2, json!({ "plc_name": "先到" })), None, &[]).await;
    told(&home.store, 1, vec![kept(1)], vec![], vec![], vec![]).await.unwrap();
    let (rows, _) = home.store.cases(&crate::CaseFilter { limit: 1, ..Default::default() }).await.unwrap();
    assert_eq!(rows[0].title, "先到");
    let draft = home.store.draft(id(1), &form()).await.unwrap().unwrap();
    assert_eq!(
        (draft.answers, draft.kept),
        (answers(json!({ "plc_name": "先到" })), answers(json!({ "plc_name": "先到" })))
    );
}
