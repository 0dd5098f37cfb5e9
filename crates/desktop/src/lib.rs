//! The use cases of 教專通 without a window: sign in, open, save, print, attach, act, sync. The window and the command line
//! are two faces of this crate. It decides nothing that `domain` decides, and holds no SQL.

mod bundle;
mod cases;
mod certificates;
mod certification;
mod charts;
mod choose;
mod closing;
mod commands;
mod conveners;
mod exports;
mod failure;
mod fonts;
mod forms;
mod history;
mod line;
mod lists;
mod loose;
mod mail;
mod notices;
mod papers;
mod people;
mod pull;
mod record;
mod record_lists;
mod remarks;
mod reviewers;
mod rules;
mod scans;
mod seat;
mod sheet;
mod summary;
mod sync;
mod vault;

pub use fonts::find_fonts;
pub use forms::{CheckedForm, FormEntry};
pub use seat::Seat;

use chrono::{TimeDelta, Utc};
use domain::{ids::BlobHash, time::Timestamp};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};
use tokio::sync::{Mutex, Notify, OnceCell, RwLock};
use uuid::Uuid;
use wire::{Failure, views::Settings};

/// Where the clock and new ids come from; tests bring their own.
#[derive(Clone)]
pub struct World {
    /// The time now.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// A new UUIDv7.
    pub id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

impl World {
    /// This computer's clock and fresh ids.
    pub fn real() -> Self {
        Self { now: Arc::new(Utc::now), id: Arc::new(Uuid::now_v7) }
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

/// What a desktop is told when it starts.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder of all stores.
    pub data: PathBuf,
    /// The service's address, without a slash at its end.
    pub server: String,
    /// The passphrase of the store; else the password of the first sign-in is used.
    pub passphrase: Option<String>,
    /// Folders with the fonts for prints.
    pub fonts: Vec<PathBuf>,
    /// The program, with its arguments, that reads files from outside in a process of its own.
    pub reader: ReaderProgram,
    /// The system's keyring may be used.
    pub keyring: bool,
}

/// The desktop: everything behind the window.
#[derive(Debug)]
pub struct Desktop {
    config: Config,
    world: World,
    line: line::Line,
    seat: RwLock<Option<Arc<Seat>>>,
    settings: RwLock<Settings>,
    online: AtomicBool,
    /// By how many milliseconds this computer's clock is behind the service's; 0: it is not wrong.
    behind: AtomicI64,
    sync: Mutex<()>,
    nudge: Notify,
    fonts: OnceCell<Arc<fonts::Loaded>>,
    bundling: bundle::Bundling,
}

impl Desktop {
    /// A desktop with nobody signed in.
    ///
    /// # Errors
    /// `file_access` when the data folder cannot be made.
    pub async fn start(config: Config, world: World) -> Result<Self, Failure> {
        tokio::fs::create_dir_all(&config.data).await.map_err(|error| failure::of_file(&config.data, &error))?;
        let line = line::Line::new(&config.server)?;
        let desktop = Self {
            line,
            world,
            seat: RwLock::new(None),
            settings: RwLock::new(Settings::default()),
            online: AtomicBool::new(false),
            behind: AtomicI64::new(0),
            sync: Mutex::new(()),
            nudge: Notify::new(),
            fonts: OnceCell::new(),
            bundling: bundle::Bundling::default(),
            config,
        };
        desktop.sweep_prints().await;
        desktop.read_settings().await;
        Ok(desktop)
    }

    /// The time now, by the service's clock as far as it is known: windows and the days for an appeal are judged by it there, and a
    /// computer may be a day wrong.
    fn now(&self) -> Timestamp {
        (self.world.now)() + TimeDelta::milliseconds(self.behind.load(Ordering::Relaxed))
    }

    /// Looks at the service's clock. A minute is no fault: an answer takes its time. Answers what is to be remembered.
    fn set_clock(&self, service: Timestamp) -> i64 {
        let behind = service - (self.world.now)();
        let wrong = if behind.abs() < TimeDelta::minutes(1) { 0 } else { behind.num_milliseconds() };
        self.behind.store(wrong, Ordering::Relaxed);
        wrong
    }

    fn new_id(&self) -> Uuid {
        (self.world.id)()
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// `locked` when nobody is.
    pub(crate) async fn seat(&self) -> Result<Arc<Seat>, Failure> {
        self.seat.read().await.clone().ok_or_else(|| Failure::new(wire::Code::Locked, "nobody is signed in"))
    }

    fn set_online(&self, online: bool) {
        self.online.store(online, Ordering::Relaxed);
    }

    fn is_online(&self) -> bool {
        self.online.load(Ordering::Relaxed)
    }

    /// Removes PDFs that were written for the system's viewer in an earlier run.
    async fn sweep_prints(&self) {
        let folder = self.prints_folder();
        if let Err(error) = tokio::fs::remove_dir_all(&folder).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "old prints could not be removed");
        }
    }

    fn prints_folder(&self) -> PathBuf {
        self.config.data.join("prints")
    }
}

/// The name under which bytes are kept.
fn hash_of(bytes: &[u8]) -> BlobHash {
    BlobHash::of(bytes)
}

pub use scan::guard::{ReaderProgram, is_reader, reader_main};

/// The folder of all stores where nobody names one.
pub fn default_data_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("tw", "", "ProTeacher").map(|folders| folders.data_local_dir().to_owned())
}

impl Desktop {
    /// The folder of all stores.
    pub fn data_folder(&self) -> &std::path::Path {
        &self.config.data
    }
}
