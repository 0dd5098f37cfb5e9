//! Printed revisions, scans and files.

use super::*;
use crate::{NewPrint, Scan, StoreError};
use domain::paper::{PrintLayout, PrintedRevision, ScannedPage, StampFinding, StampVerdict};
use std::collections::BTreeSet;

fn new_print(content: &str, pages: u32) -> NewPrint {
    NewPrint {
        form_ref: form_ref(),
        hash: content.repeat(64),
        answers: answers(json!({ "plc_name": content })),
        layout: PrintLayout { pages, ..PrintLayout::default() },
        printed_at: at(pages),
    }
}

async fn freeze(home: &Home, content: &str, pages: u32) -> PrintedRevision {
    let new = new_print(content, pages);
    let promised = home.store.revision_for(id(1), &form(), &new.hash).await.unwrap();
    let print = home.store.freeze(id(1), &form(), new).await.unwrap();
    assert_eq!(print.revision, promised);
    print
}

fn scan(content: &str, bytes: &[u8]) -> Scan {
    Scan {
        revision: 1,
        hash: content.repeat(64),
        file: StampedFile {
            blob: BlobHash::of(bytes),
            bytes: u32::try_from(bytes.len()).unwrap(),
            pages: 1,
            stamps: vec![StampFinding { cell: "sign_principal".into(), verdict: StampVerdict::Unsure }],
        },
        pages: vec![ScannedPage {
            source: "掃描.jpg".into(), rotation: 90, skew_deg: -0.25, qr: None, stamps: vec![]
        }],
    }
}

#[tokio::test]
async fn revisions_count_up_and_reprints_do_not() {
    let home = Home::with_case(1).await;
    let one = freeze(&home, "a", 3).await;
    assert_eq!(freeze(&home, "a", 3).await, one, "the same again");
    let two = freeze(&home, "b", 3).await;
    let three = freeze(&home, "a", 3).await;
    assert_eq!([one.revision, two.revision, three.revision], [1, 2, 3], "only the newest can be reprinted");
    let wider = freeze(&home, "a", 4).await;
    assert_eq!((wider.revision, wider.layout.pages), (3, 4), "the layout is that of the last paper");
    assert_eq!(home.reopened().await.store.printed(id(1), &form()).await.unwrap(), [one, two, wider]);
}

#[tokio::test]
async fn two_computers_may_print_the_same_number() {
    let home = Home::with_case(1).await;
    let ours = freeze(&home, "a", 3).await;
    let theirs = PrintedRevision { hash: "b".repeat(64), ..ours.clone() };
    home.store.add_printed(id(1), &form(), theirs.clone()).await.unwrap();
    assert_eq!(home.store.printed(id(1), &form()).await.unwrap(), [ours.clone(), theirs.clone()]);
    assert_eq!(home.store.unsent_printed(id(1), &form()).await.unwrap(), std::slice::from_ref(&ours));
    assert_eq!(freeze(&home, "b", 3).await, theirs, "both are the newest");
    assert_eq!(freeze(&home, "a", 3).await, ours);
    assert_eq!(freeze(&home, "c", 3).await.revision, 2);
}

#[tokio::test]
async fn prints_travel_with_a_push_even_when_no_field_changed() {
    let home = Home::with_case(1).await;
    let begin = async || home.store.begin_push(id(1), &form(), id(71)).await.unwrap();
    let head = |revision| DraftHead { revision, answers: answers(json!({ "a": 1 })), ..Default::default() };
    home.store.take_head(id(1), &form(), &head(1), None, &[]).await.unwrap();
    assert_eq!(begin().await, None);
    freeze(&home, "a", 3).await;
    assert_eq!(home.store.changed_drafts().await.unwrap(), [(id(1), form())]);
    assert_eq!(begin().await, Some((id(71), 1, Changes::new())));
    // Printed while the push is on its way: goes with the next one.
    let later = freeze(&home, "b", 3).await;
    home.store.take_head(id(1), &form(), &head(1), Some(&Changes::new()), &[]).await.unwrap();
    assert_eq!(home.store.unsent_printed(id(1), &form()).await.unwrap(), std::slice::from_ref(&later));
    home.store.add_printed(id(1), &form(), later).await.unwrap();
    assert_eq!(home.store.unsent_printed(id(1), &form()).await.unwrap(), []);
    assert_eq!(begin().await, None);
}

#[tokio::test]
async fn a_scan_comes_with_its_bytes() {
    let home = Home::with_case(1).await;
    let (first, second) = (scan("a", b"first"), scan("b", b"second"));
    home.store.put_scan(id(1), &form(), &first, b"first").await.unwrap();
    let refused = home.store.put_scan(id(1), &form(), &second, b"cut sh").await;
    assert!(matches!(refused, Err(StoreError::WrongHash(_))), "{refused:?}");
    let home = home.reopened().await;
    assert_eq!(home.store.scan(id(1), &form()).await.unwrap(), Some(first.clone()), "the earlier one stays");
    assert_eq!(home.store.blob(&first.file.blob).await.unwrap().as_deref(), Some(&b"first"[..]));
    home.store.put_scan(id(1), &form(), &second, b"second").await.unwrap();
    assert_eq!(home.store.scan(id(1), &form()).await.unwrap(), Some(second));
    home.store.remove_scan(id(1), &form()).await.unwrap();
    assert_eq!(home.store.scan(id(1), &form()).await.unwrap(), None);
}

#[tokio::test]
async fn only_files_nobody_names_are_dropped() {
    let home = Home::with_case(1).await;
    let files: [&[u8]; 4] = [b"of a scan", b"of an act", b"of a paper", b"of nobody"];
    home.store.put_scan(id(1), &form(), &scan("a", files[0]), files[0]).await.unwrap();
    home.store.queue(&OutboxItem { blobs: vec![BlobHash::of(files[1])], ..act(9, 1) }, None).await.unwrap();
    let mut with_papers = kept(1);
    with_papers.case.papers = vec![paper("名", files[2]), SentPaper { stamped: None, ..paper("名", b"") }];
    told(&home.store, 2, vec![with_papers], vec![], vec![], vec![]).await.unwrap();
    for file in files {
        home.store.put_blob(&BlobHash::of(file), file).await.unwrap();
        home.store.mark_there(&BlobHash::of(file)).await.unwrap();
        home.store.mark_there(&BlobHash::of(file)).await.unwrap();
    }
    assert_eq!(home.store.drop_unused_blobs().await.unwrap(), 1);
    for (file, kept) in files.iter().zip([true, true, true, false]) {
        assert_eq!(home.store.blob(&BlobHash::of(file)).await.unwrap().is_some(), kept);
    }
    let all: BTreeSet<_> = files.iter().map(|file| BlobHash::of(file)).collect();
    assert_eq!(home.store.there().await.unwrap(), all, "what the service holds is not forgotten with our copy");
}
