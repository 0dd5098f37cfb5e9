//! `kill -9` at any moment: every save that was acknowledged is there afterwards. The victim is this test program itself,
//! started anew with the store's path in its environment.

use super::*;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

const PATH: &str = "STORE_KILL_PATH";
const FIRST: &str = "STORE_KILL_FIRST";
const ROUNDS: u32 = 100;

/// Saves numbers until it is killed, and prints each one when the store has answered. Does nothing in an ordinary run.
#[tokio::test]
async fn victim() {
    let Ok(path) = std::env::var(PATH) else { return };
    let first: u64 = std::env::var(FIRST).unwrap().parse().unwrap();
    let store = Store::open(path.as_ref(), &key()).await.unwrap();
    for number in first.. {
        // Some saves are short and some fill many pages.
        let filler = "字".repeat(if number % 3 == 0 { 20_000 } else { 20 });
        let typed = changes(json!({ "number": number, format!("field{}", number % 50): number, "filler": filler }));
        store.save_draft(id(1), &form(), &typed, at(1)).await.unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "saved {number}").unwrap();
        out.flush().unwrap();
    }
}

/// A small generator, so that the moments differ from round to round and are the same in every run.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Starts the victim, kills it when it has acknowledged `saves` and some moments went by, and answers the last acknowledged.
fn run_and_kill(path: &std::path::Path, first: u64, saves: u64, moments: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::kill::victim", "--nocapture", "--test-threads=1"])
        .env(PATH, path)
        .env(FIRST, first.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut acknowledged = first - 1;
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: &str| line.split_once("saved ").and_then(|(_, number)| number.parse::<u64>().ok());
    while acknowledged < first - 1 + saves {
        let line = lines.next().expect("the victim saves until it is killed").unwrap();
        acknowledged = number(&line).unwrap_or(acknowledged);
    }
    std::thread::sleep(Duration::from_micros(moments));
    child.kill().unwrap();
    child.wait().unwrap();
    // What it managed to say before it died counts too; a line cut short does not.
    let mut rest = String::new();
    for line in lines.map_while(std::io::Result::ok) {
        acknowledged = number(&line).filter(|number| *number == acknowledged + 1).unwrap_or(acknowledged);
        rest = line;
    }
    drop(rest);
    acknowledged
}

#[tokio::test]
async fn every_acknowledged_save_outlives_the_program() {
    let Home { _folder, path, store } = Home::with_case(1).await;
    drop(store);
    let (mut random, mut first) = (0x9e37_79b9_7f4a_7c15_u64, 1_u64);
    for round in 0..ROUNDS {
        let (saves, moments) = (next(&mut random) % 4, next(&mut random) % 4_000);
        let acknowledged = run_and_kill(&path, first, saves, moments);
        let store = Store::open(&path, &key()).await.unwrap();
        let found = store.draft(id(1), &form()).await.unwrap();
        let found = found.map_or(0, |draft| draft.answers.get("number").and_then(Value::as_u64).unwrap());
        // One more may have reached the disk without anyone having been told.
        assert!(
            (acknowledged..=acknowledged + 1).contains(&found),
            "round {round}: {acknowledged} acknowledged, {found} found"
        );
        let sound: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&mut *store.read().await.unwrap().conn)
            .await
            .unwrap();
        assert_eq!(sound, "ok", "round {round}");
        drop(store);
        first = found + 1;
    }
    assert!(first > u64::from(ROUNDS), "the victim did save: {first}");
}
