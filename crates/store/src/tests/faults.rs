//! Bad luck: another key, a newer program, a full disk, another program in the way, a damaged file.

use super::*;
use crate::StoreError;
use std::io::Read as _;

/// Everything in the store's folder, as bytes.
fn everything(home: &Home) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(home.path.parent().unwrap()).unwrap() {
        std::fs::File::open(entry.unwrap().path()).unwrap().read_to_end(&mut bytes).unwrap();
    }
    bytes
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn nothing_readable_lies_on_the_disk() {
    let home = Home::with_case(1).await;
    let secret = "林小明的社群 secret-plan";
    home.store.save_draft(id(1), &form(), &changes(json!({ "plc_name": secret })), at(2)).await.unwrap();
    home.store.put_blob(&BlobHash::of(b"%PDF-1.7 stamped"), b"%PDF-1.7 stamped").await.unwrap();
    home.sql("SELECT body FROM case_bodies").await;
    // Both with the log beside the file and after it was folded in.
    for round in 0..2 {
        let bytes = everything(&home);
        assert!(bytes.len() > 4096, "the store is on the disk");
        for text in [secret, "secret-plan", "教師1", "%PDF-1.7", "CREATE TABLE", "SQLite format 3", "plc_application"]
        {
            assert!(!contains(&bytes, text), "round {round}: {text:?} is readable on the disk");
        }
        home.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    }
    let home = home.reopened().await;
    let draft = home.store.draft(id(1), &form()).await.unwrap().unwrap();
    assert_eq!(draft.answers.text("plc_name"), secret);
}

#[tokio::test]
async fn another_key_is_refused_and_harms_nothing() {
    let home = Home::with_case(1).await;
    drop(home.store);
    let refused = Store::open(&home.path, &Key::new([8; 32])).await.map(drop);
    assert!(matches!(refused, Err(StoreError::WrongKey)), "{refused:?}");
    let store = Store::open(&home.path, &key()).await.unwrap();
    assert_eq!(store.case(id(1)).await.unwrap(), Some(kept(1)));
}

#[tokio::test]
async fn a_file_that_is_not_a_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let text = "這不是資料庫".repeat(1000);
    std::fs::write(&path, &text).unwrap();
    let refused = Store::open(&path, &key()).await.map(drop);
    assert!(matches!(refused, Err(StoreError::WrongKey)), "{refused:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_missing_folder_is_a_fault_of_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Store::open(&folder.path().join("no").join("store.db"), &key()).await.map(drop);
    assert!(matches!(refused, Err(StoreError::Io { code: 14 })), "{refused:?}");
}

#[tokio::test]
async fn a_newer_store_is_left_as_it_is() {
    let home = Home::with_case(1).await;
    home.sql(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .await;
    drop(home.store);
    let before = std::fs::read(&home.path).unwrap();
    let refused = Store::open(&home.path, &key()).await.map(drop);
    let newest = crate::open::MIGRATIONS.iter().map(|migration| migration.version).max().unwrap();
    assert!(matches!(refused, Err(StoreError::TooNew { found: 9999, known }) if known == newest), "{refused:?}");
    assert_eq!(std::fs::read(&home.path).unwrap(), before);
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_passes() {
    let home = Home::with_case(1).await;
    home.store.save_draft(id(1), &form(), &changes(json!({ "plc_name": "before" })), at(2)).await.unwrap();
    let quota: i64 =
        sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut *home.store.read().await.unwrap().conn).await.unwrap();
    let set = |pages: i64| format!("PRAGMA max_page_count = {pages}");
    let limit = async |pages: i64| {
        let mut line = home.store.read().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(set(pages))).execute(&mut *line.conn).await.unwrap();
    };
    limit(quota).await;
    let long = changes(json!({ "plc_name": "x".repeat(200_000) }));
    // Again and again: a failed write must not keep the next one from beginning.
    for _ in 0..3 {
        let refused = home.store.save_draft(id(1), &form(), &long, at(3)).await.map(drop);
        assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    }
    let refused = home.store.put_blob(&BlobHash::of(&[1; 300_000]), &[1; 300_000]).await;
    assert!(matches!(refused, Err(StoreError::DiskFull)), "{refused:?}");
    let draft = home.store.draft(id(1), &form()).await.unwrap().unwrap();
    assert_eq!(draft.answers.text("plc_name"), "before");
    limit(1_000_000).await;
    home.store.save_draft(id(1), &form(), &long, at(4)).await.unwrap();
    let home = home.reopened().await;
    let draft = home.store.draft(id(1), &form()).await.unwrap().unwrap();
    assert_eq!(draft.answers.text("plc_name").len(), 200_000);
}

#[tokio::test]
async fn another_program_in_the_way_is_told() {
    let home = Home::with_case(1).await;
    let other = Store::open_waiting(&home.path, &key(), IMPATIENT).await.unwrap();
    home.sql("BEGIN IMMEDIATE").await;
    for _ in 0..2 {
        let refused = other.save_draft(id(1), &form(), &changes(json!({ "plc_name": "b" })), at(2)).await.map(drop);
        assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    }
    assert_eq!(other.case(id(1)).await.unwrap(), Some(kept(1)), "reading goes on");
    home.sql("COMMIT").await;
    other.save_draft(id(1), &form(), &changes(json!({ "plc_name": "b" })), at(2)).await.unwrap();
}

#[tokio::test]
async fn a_locked_file_is_busy_when_opened() {
    let home = Home::with_case(1).await;
    home.sql("PRAGMA locking_mode = EXCLUSIVE; UPDATE cases SET known = 1;").await;
    let refused = Store::open_waiting(&home.path, &key(), IMPATIENT).await.map(drop);
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
}

/// One byte of any page: never taken for a wrong key but in the first page, never silently wrong, and what lies on sound pages
/// can be read and written on.
#[tokio::test]
async fn a_damaged_page_is_told_and_spares_the_others() {
    const PAGE: usize = 4096;
    let home = Home::with_case(1).await;
    let (file, hash) = (vec![5; 40_000], BlobHash::of(&[5; 40_000]));
    home.store.put_blob(&hash, &file).await.unwrap();
    let long = answers(json!({ "long": "長".repeat(10_000) }));
    home.store.save_draft(id(1), &form(), &changes(json!(long)), at(1)).await.unwrap();
    drop(home.store);
    let sound = std::fs::read(&home.path).unwrap();
    let (mut lost_files, mut lost_cases, mut unopened) = (0, 0, 0);
    for page in 0..sound.len() / PAGE {
        let mut damaged = sound.clone();
        damaged[page * PAGE + 1000] ^= 0xff;
        std::fs::write(&home.path, &damaged).unwrap();
        let store = match Store::open(&home.path, &key()).await {
            Ok(store) => store,
            Err(StoreError::WrongKey) if page == 0 => continue,
            Err(StoreError::Damaged) => {
                unopened += 1;
                continue;
            }
            Err(other) => panic!("page {page}: {other:?}"),
        };
        let mut sound_calls = 0;
        for _ in 0..2 {
            match store.blob(&hash).await {
                Ok(read) => {
                    assert!(read.as_ref() == Some(&file), "page {page}: another file");
                    sound_calls += 1;
                }
                Err(StoreError::Damaged) => lost_files += 1,
                Err(other) => panic!("page {page}: {other:?}"),
            }
            match store.case(id(1)).await {
                Ok(read) => {
                    assert_eq!(read, Some(kept(1)), "page {page}");
                    sound_calls += 1;
                }
                Err(StoreError::Damaged) => lost_cases += 1,
                Err(other) => panic!("page {page}: {other:?}"),
            }
            match store.save_draft(id(1), &form(), &Changes::new(), at(1)).await {
                Ok(draft) => {
                    assert!(draft.answers == long, "page {page}: other answers");
                    sound_calls += 1;
                }
                Err(StoreError::Damaged) => {}
                Err(other) => panic!("page {page}: {other:?}"),
            }
        }
        assert!(sound_calls > 0, "page {page}: one page took everything with it");
        drop(store);
    }
    assert!(lost_files >= 2 * 9, "the file fills nine pages: {lost_files}");
    assert!((1..=8).contains(&lost_cases) && (1..=4).contains(&unopened), "{lost_cases} {unopened}");
}

#[tokio::test]
async fn a_value_that_cannot_be_read_is_damage() {
    let home = Home::with_case(1).await;
    home.sql("UPDATE case_bodies SET body = '{\"id\": 3}'").await;
    let read = home.store.case(id(1)).await;
    assert!(matches!(read, Err(StoreError::Damaged)), "{read:?}");
}

#[tokio::test]
async fn a_call_that_was_dropped_half_way_leaves_nothing() {
    let home = Home::with_case(1).await;
    let mut work = home.store.write().await.unwrap();
    sqlx::raw_sql("UPDATE cases SET title = 'half'").execute(work.conn()).await.unwrap();
    drop(work);
    let (rows, _) = home.store.cases(&crate::CaseFilter { limit: 1, ..Default::default() }).await.unwrap();
    assert_eq!(rows[0].title, "");
    home.store.put_meta("after", &json!(1)).await.unwrap();
}

#[tokio::test]
async fn the_file_is_opened_as_promised() {
    let home = Home::new().await;
    for (pragma, expected) in [
        ("PRAGMA journal_mode", "wal"),
        ("PRAGMA synchronous", "2"),
        ("PRAGMA foreign_keys", "1"),
        ("PRAGMA busy_timeout", "5000"),
        ("PRAGMA temp_store", "2"),
    ] {
        use sqlx::Row as _;
        let row = sqlx::query(pragma).fetch_one(&mut *home.store.read().await.unwrap().conn).await.unwrap();
        let found = row.try_get::<String, _>(0).unwrap_or_else(|_| row.get::<i64, _>(0).to_string());
        assert_eq!(found, expected, "{pragma}");
    }
}

#[tokio::test]
async fn two_programs_can_make_the_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (a, b) = (key(), key());
    let (one, two) = tokio::join!(Store::open(&path, &a), Store::open(&path, &b));
    one.unwrap().put_meta("name", &json!("甲")).await.unwrap();
    assert_eq!(two.unwrap().meta("name").await.unwrap(), Some(json!("甲")));
}
