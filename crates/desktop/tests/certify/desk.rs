//! Somebody's desk in the story of a certification: a computer with a line that can be cut and a clock that may be wrong.

use chrono::TimeDelta;
use desktop::{Config, Desktop, ReaderProgram, World, find_fonts};
use domain::{
    case::State,
    form::{FormId, Level},
    ids::CaseId,
    workflow::Action,
};
use serde_json::Value;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tempfile::TempDir;
use testkit::{FakeClock, Line, TestServer};
use uuid::Uuid;
use wire::{
    rpc::{CaseAct, FormOf, SaveDraft, SignInRequest, UnlockRequest},
    views::{CaseView, Delivery, FormView},
};

pub(crate) fn form(id: &str) -> FormId {
    id.parse().expect("a form's id")
}

/// Somebody's computer, with a line of its own and a clock that may be wrong.
pub(crate) struct Desk {
    pub(crate) account: &'static str,
    pub(crate) desktop: Desktop,
    pub(crate) line: Line,
    clock: FakeClock,
    /// By how many hours this computer's clock is ahead of the service's.
    pub(crate) ahead: Arc<AtomicI64>,
    data: TempDir,
}

impl Desk {
    pub(crate) async fn of(server: &TestServer, account: &'static str) -> Self {
        let (line, clock, ahead) = (Line::to(server.address()), server.clock().clone(), Arc::new(AtomicI64::new(0)));
        let data = tempfile::tempdir().expect("a folder");
        let desktop = started(&line, &clock, &ahead, &data).await;
        let desk = Self { account, desktop, line, clock, ahead, data };
        desk.sign_in().await;
        desk
    }

    pub(crate) async fn sign_in(&self) {
        let request = SignInRequest { account: self.account.to_owned(), password: "demo".to_owned() };
        self.desktop.sign_in_with(request).await.expect("the demo people sign in");
        self.level().await;
    }

    /// The program is started anew, without a line.
    pub(crate) async fn start_again(&mut self) {
        self.desktop = started(&self.line, &self.clock, &self.ahead, &self.data).await;
        let request = UnlockRequest { account: self.account.to_owned(), passphrase: Some("demo".to_owned()) };
        self.desktop.unlock_with(request).await.expect("unlocked");
    }

    pub(crate) async fn level(&self) {
        let report = self.desktop.run_sync().await.expect("the service is there");
        let waiting = self.desktop.status_view().await.expect("a status").waiting;
        assert_eq!((report.refused, report.conflicts, waiting), (0, 0, 0), "{}", self.account);
    }

    pub(crate) async fn case(&self, case: CaseId) -> CaseView {
        self.desktop.open_case(case).await.expect("opened")
    }

    /// The case as it stands here once this desk is level with the service.
    pub(crate) async fn news(&self, case: CaseId) -> CaseView {
        self.level().await;
        self.case(case).await
    }

    pub(crate) async fn form(&self, case: CaseId, id: &str) -> FormView {
        self.desktop.open_form(&FormOf { case, form: form(id) }).await.expect("opened")
    }

    /// Types a whole paper.
    pub(crate) async fn fill(&self, case: CaseId, id: &str, answers: Value) {
        let changes = self.desktop.changes_to(case, &form(id), answers).await.expect("an object");
        let saved = self.desktop.save_draft(SaveDraft { case, form: form(id), changes }).await.expect("saved");
        let wrong: Vec<_> = saved.problems.iter().filter(|one| one.level == Level::Error).collect();
        assert!(wrong.is_empty(), "{id}: {wrong:?}");
    }

    pub(crate) async fn act(&self, case: CaseId, action: Action, reason: &str) -> CaseView {
        let act = CaseAct {
            case,
            action,
            reason: Some(reason.to_owned()),
            amount: None,
            to: None,
            consent: None,
            reviewers: Vec::new(),
        };
        self.desktop.act(act).await.expect("the act is allowed")
    }

    /// An act that goes through at once.
    pub(crate) async fn done(&self, case: CaseId, action: Action, reason: &str, state: State) {
        self.act(case, action, reason).await;
        let view = self.news(case).await;
        assert_eq!(view.state, state);
        assert!(matches!(view.delivery, Delivery::Accepted { .. }), "{:?}", view.delivery);
    }

    /// The titles of the messages, oldest first.
    pub(crate) async fn told(&self) -> Vec<String> {
        let rows = self.desktop.list_notices().await.expect("messages").rows;
        rows.into_iter().rev().map(|row| row.title.zh).collect()
    }
}

async fn started(line: &Line, clock: &FakeClock, ahead: &Arc<AtomicI64>, data: &TempDir) -> Desktop {
    let config = Config {
        data: data.path().to_owned(),
        server: line.url(),
        passphrase: None,
        fonts: find_fonts(None),
        reader: ReaderProgram { program: env!("CARGO_BIN_EXE_desktop-reader-probe").into(), args: Vec::new() },
        keyring: false,
    };
    let (clock, ahead) = (clock.clone(), ahead.clone());
    let now = Arc::new(move || clock.now() + TimeDelta::hours(ahead.load(Ordering::SeqCst)));
    Desktop::start(config, World { now, id: Arc::new(Uuid::now_v7) }).await.expect("the folder can be made")
}
