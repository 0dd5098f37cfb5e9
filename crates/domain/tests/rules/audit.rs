//! A log in which anything was changed, left out, moved or put in is broken at that place.

use crate::sample::now;
use domain::audit::{Entry, GENESIS, Linked, first_break, link};

fn log() -> Vec<Linked> {
    let mut previous = GENESIS.to_owned();
    (1..=5)
        .map(|seq| {
            let entry = Entry {
                seq,
                at: now(),
                actor: "teacher-a".to_owned(),
                act: "submit".to_owned(),
                object: format!("case-{seq}"),
                detail: "to=school_check seq=2".to_owned(),
            };
            let hash = link(&previous, &entry);
            previous.clone_from(&hash);
            Linked { entry, hash }
        })
        .collect()
}

#[test]
fn an_untouched_log_is_whole() {
    assert_eq!(first_break(&log()), None);
    assert_eq!(first_break(&[]), None);
    assert_eq!(first_break(&log()[..3]), None, "what came later does not change what was before");
}

#[test]
fn every_tampering_shows_where_it_was_done() {
    type Tamper = fn(&mut Vec<Linked>);
    let cases: [(&str, Tamper, u64); 13] = [
        ("number", |log| log[2].entry.seq = 9, 3),
        ("time", |log| log[2].entry.at += chrono::TimeDelta::milliseconds(1), 3),
        ("actor", |log| log[2].entry.actor = "teacher-b".to_owned(), 3),
        ("act", |log| log[2].entry.act = "pass".to_owned(), 3),
        ("object", |log| log[2].entry.object = "case-4".to_owned(), 3),
        ("detail", |log| log[2].entry.detail.push(' '), 3),
        (
            "a letter over the border",
            |log| {
                let letter = log[2].entry.act.pop().unwrap();
                log[2].entry.object.insert(0, letter);
            },
            3,
        ),
        ("hash", |log| log[2].hash = log[1].hash.clone(), 3),
        (
            "an entry and its own hash",
            |log| {
                log[2].entry.actor = "teacher-b".to_owned();
                log[2].hash = link(&log[1].hash.clone(), &log[2].entry);
            },
            4,
        ),
        ("left out", |log| drop(log.remove(2)), 3),
        ("the first left out", |log| drop(log.remove(0)), 1),
        ("two exchanged", |log| log.swap(2, 3), 3),
        ("put in twice", |log| log.insert(3, log[2].clone()), 4),
    ];
    for (name, tamper, broken) in cases {
        let mut log = log();
        tamper(&mut log);
        assert_eq!(first_break(&log), Some(broken), "{name}");
    }
}
