//! Tests of the store on real files: what was acknowledged is there, whatever happens to the program or the disk.

mod county_rules;
mod drafts;
mod faults;
mod kill;
mod lists;
mod merging;
mod outbox;
mod papers;
mod sync;

use crate::{KeptCase, KeptNotice, Key, OutboxItem, Result, Store, ToldCase};
use domain::{
    case::{Case, Deed, Doer, Event, Process, SentPaper, StampedFile, State},
    draft::{Changes, DraftHead},
    form::{Answers, FormId, FormRef},
    ids::{BlobHash, CaseId, EventId},
    outline::Outline,
    paper::PrintedRevision,
    people::{Person, Role, School},
    time::{PlanYear, Timestamp},
};
use serde_json::{Value, json};
use std::{path::PathBuf, str::FromStr, time::Duration};

/// Takes a page of changes in which these cases come, as the service writes them.
async fn told(
    store: &Store,
    cursor: u64,
    cases: Vec<KeptCase>,
    drafts: Vec<(CaseId, FormId, DraftHead, Vec<PrintedRevision>)>,
    notices: Vec<KeptNotice>,
    gone: Vec<CaseId>,
) -> Result<()> {
    let cases = cases.into_iter().map(|KeptCase { case, papers_hidden, .. }| {
        let text = json!(case).to_string();
        ToldCase { outline: Outline::read(&text).expect("as a case is written"), text, papers_hidden }
    });
    store.take_changes(cursor, cases.collect(), drafts, notices, gone).await
}

/// A store of its own in a folder of its own, under a path as Windows and people make them.
struct Home {
    _folder: tempfile::TempDir,
    path: PathBuf,
    store: Store,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("王 老師's #1 100% 資料");
        std::fs::create_dir(&inner).unwrap();
        let path = inner.join("store.db");
        let store = Store::open(&path, &key()).await.unwrap();
        Self { _folder: folder, path, store }
    }

    /// Closes and opens again.
    async fn reopened(self) -> Self {
        let Self { _folder, path, store } = self;
        drop(store);
        let store = Store::open(&path, &key()).await.unwrap();
        Self { _folder, path, store }
    }

    /// The store as a program left it that knew the migrations up to this one.
    async fn back_at(self, version: u32) -> Self {
        let undone: [(u32, &[&str]); 4] = [
            (5, &["DROP TABLE case_events"]),
            (
                4,
                &[
                    "DROP INDEX cases_newest_of_state",
                    "DROP INDEX cases_newest_of_school",
                    "ALTER TABLE cases DROP COLUMN seen_state",
                    "ALTER TABLE cases DROP COLUMN seq",
                    "ALTER TABLE cases DROP COLUMN school_code",
                    "ALTER TABLE cases DROP COLUMN county",
                    "ALTER TABLE cases DROP COLUMN level",
                    "ALTER TABLE cases DROP COLUMN asked",
                    "ALTER TABLE cases DROP COLUMN approved",
                    "DELETE FROM meta WHERE name = 'listed'",
                ],
            ),
            (3, &["ALTER TABLE notices DROP COLUMN words"]),
            (2, &["DROP TABLE county_rules"]),
        ];
        let newest = crate::open::MIGRATIONS.iter().map(|migration| migration.version).max().unwrap();
        assert_eq!(newest, i64::from(undone[0].0), "the newest migration is undone here too");
        for (number, statements) in undone.into_iter().filter(|(number, _)| *number > version) {
            for statement in statements {
                self.sql(statement).await;
            }
            let forget = match number {
                5 => "DELETE FROM _sqlx_migrations WHERE version = 5",
                4 => "DELETE FROM _sqlx_migrations WHERE version = 4",
                3 => "DELETE FROM _sqlx_migrations WHERE version = 3",
                _ => "DELETE FROM _sqlx_migrations WHERE version = 2",
            };
            self.sql(forget).await;
        }
        self
    }

    /// A home with one case that the service knows.
    async fn with_case(number: u32) -> Self {
        let home = Self::new().await;
        told(&home.store, 1, vec![kept(number)], vec![], vec![], vec![]).await.unwrap();
        home
    }

    /// SQL aside from the store's calls.
    async fn sql(&self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&mut *self.store.read().await.unwrap().conn).await.unwrap();
    }
}

fn key() -> Key {
    Key::new([7; 32])
}

/// A short patience, for tests in which it runs out.
const IMPATIENT: Duration = Duration::from_millis(20);

fn id<T: FromStr<Err: std::fmt::Debug>>(number: u32) -> T {
    format!("{number:032x}").parse().unwrap()
}

fn form() -> FormId {
    "plc_application".parse().unwrap()
}

fn at(minute: u32) -> Timestamp {
    format!("2026-03-01T{:02}:{:02}:00Z", minute / 60 % 24, minute % 60).parse().unwrap()
}

fn changes(value: Value) -> Changes {
    serde_json::from_value(value).unwrap()
}

fn answers(value: Value) -> Answers {
    serde_json::from_value(value).unwrap()
}

fn form_ref() -> FormRef {
    FormRef { id: form(), version: 1, hash: "ab".repeat(32) }
}

fn paper(name: &str, scan: &[u8]) -> SentPaper {
    SentPaper {
        form: form_ref(),
        revision: 1,
        hash: "cd".repeat(32),
        answers: answers(json!({ "plc_name": name })),
        stamped: Some(StampedFile { blob: BlobHash::of(scan), bytes: 3, pages: 1, stamps: vec![] }),
        stamped_revision: None,
    }
}

fn person(number: u32) -> Person {
    Person { id: id(1000 + number), name: format!("教師{number}") }
}

/// A case of one person; opened later when its number is higher.
fn case(number: u32) -> Case {
    Case {
        id: id(number),
        process: Process::Plc,
        plan_year: PlanYear(u16::try_from(111 + number % 2).unwrap()),
        school: School { code: "193625".into(), name: format!("第{number}國小"), county: "連江縣".into() },
        owner: person(number % 3),
        state: State::Draft,
        seq: 1,
        reason: None,
        created_at: at(number),
        updated_at: at(number),
        papers: vec![],
        approved_amount: None,
        carried: Vec::new(),
        returns: 0,
        remarks: Vec::new(),
        steps: Vec::new(),
        reviewing: Default::default(),
    }
}

fn kept(number: u32) -> KeptCase {
    KeptCase { case: case(number), known: true, papers_hidden: false }
}

fn act(number: u32, of: u32) -> OutboxItem {
    OutboxItem {
        event: id(number),
        case: id(of),
        opens: false,
        body: json!({ "action": "withdraw" }),
        blobs: vec![],
        predicted: event(number, of),
        expect_seq: 1,
        refused: None,
        created_at: at(number),
    }
}

fn event(number: u32, of: u32) -> Event {
    Event {
        id: id::<EventId>(number),
        case: id::<CaseId>(of),
        seq: 2,
        at: at(number),
        by: Doer { person: person(of % 3), role: Role::Teacher },
        to: State::Withdrawn,
        deed: Deed::Withdrawn,
        remarks: Default::default(),
    }
}

/// Every future of the store can move between threads, as the window's and the service's tasks do.
#[test]
fn calls_can_move_between_threads() {
    fn sendable<T: Send>(_: &T) {}
    async fn calls(store: &Store) {
        let (case, form) = (id(1), form());
        let _ = store.save_draft(case, &form, &Changes::new(), at(0)).await;
        let _ = store.settle_clash(case, &form, "", Value::Null, at(0)).await;
        let _ = store.cases(&crate::CaseFilter::default()).await;
        let _ = store.queue(&act(1, 1), None).await;
        let _ = told(store, 0, vec![], vec![], vec![], vec![]).await;
        let _ = Store::open(std::path::Path::new(""), &key()).await;
    }
    fn check(store: &Store) {
        sendable(&calls(store));
    }
    let _ = check;
}
