//! The central service of 教專通: keeps cases, drafts and files, and decides on every act by the rules of `domain`.
//!
//! It keeps no state of its own between requests beside its database and its folder of uploads. The desktop's promise and this
//! law come from the same functions.

pub mod acts;
pub mod appeals;
pub mod auth;
pub mod config;
pub mod db;
pub mod demo;
pub mod files;
pub mod http;
pub mod mail;
pub mod metrics;

use config::Config;
use domain::{
    form::Packs,
    notice::NoticeTexts,
    policy::PolicyError,
    time::{PlanYear, Timestamp},
};
use std::{
    fmt,
    future::Future,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::net::TcpListener;
use wire::Failure;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How long running requests may go on after the service was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(20);

/// Unfinished uploads are forgotten after this many seconds without another part: thirty days.
const FORGET_UPLOADS_SECONDS: i64 = 30 * 24 * 3600;

/// A service that cannot start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Db(#[from] db::DbError),
    /// The folder of uploads, or the network.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Hashing, or the system's random bytes.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The texts of messages.
    #[error("PROTEACHER_NOTICES: {0}")]
    Texts(#[from] PolicyError),
    /// Demo people in a service that is not a demo.
    #[error("the database holds demo people, whose password everybody knows; use another one, or --demo")]
    DemoPeople,
}

struct Inner {
    id: String,
    db: db::Db,
    files: files::Files,
    hashing: auth::Hashing,
    metrics: metrics::Metrics,
    office: mail::PostOffice,
    mail_queued: tokio::sync::Notify,
    stopping: AtomicBool,
    clock: Clock,
    config: Config,
}

/// The running service, shared by all requests.
#[derive(Clone)]
pub struct Service(Arc<Inner>);

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl Service {
    /// Opens database and files, and makes the demo people when asked to.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        let texts = notice_texts(config.notices.as_deref())?;
        let (db, id) = open_database(&config.database_url, clock()).await?;
        let files = files::Files::open(&config.blobs)?;
        if let Ok(seconds) = u64::try_from((clock)().timestamp() - FORGET_UPLOADS_SECONDS) {
            files.forget_partial(std::time::UNIX_EPOCH + Duration::from_secs(seconds))?;
        }
        let hashing = auth::Hashing::new(config.hash_cost)?;
        let demo = config.demo;
        let office = mail::PostOffice::new(texts, config.mail.is_some());
        let metrics = metrics::Metrics::default();
        let (mail_queued, stopping) = (tokio::sync::Notify::new(), AtomicBool::new(false));
        let service =
            Self(Arc::new(Inner { id, db, files, hashing, metrics, office, mail_queued, stopping, clock, config }));
        if demo {
            demo::make_people(&service).await?;
        } else {
            for (_, person) in demo::people() {
                if db::accounts::exists(service.db(), person.person.id).await? {
                    return Err(StartError::DemoPeople);
                }
            }
        }
        Ok(service)
    }

    /// Serves until `stop`, then lets running requests finish.
    ///
    /// # Errors
    /// The network's.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), StartError> {
        use axum::serve::ListenerExt as _;
        let (told, mut stopping) = tokio::sync::watch::channel(false);
        let service = self.clone();
        let graceful = async move {
            stop.await;
            tracing::info!("stopping");
            service.0.stopping.store(true, Ordering::Relaxed);
            told.send_replace(true);
        };
        let looking = stopping.clone();
        let looks = self.0.config.mail_looks.map(|every| tokio::spawn(mail::keep(self.clone(), every, looking)));
        let late = async move {
            // An error means that the sender is gone, which is also a stop.
            drop(stopping.wait_for(|stopping| *stopping).await);
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        // Small answers go out at once. A connection that is gone already needs no such setting.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let app = http::router(self.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::select! {
            served = axum::serve(listener, app).with_graceful_shutdown(graceful) => served?,
            () = late => tracing::warn!("requests were still running when the service stopped"),
        }
        // A mail on its way is sent to its end, so that nobody sends it again.
        if let Some(looks) = looks
            && tokio::time::timeout(LAST_REQUESTS, looks).await.is_err()
        {
            tracing::warn!("a mail was still on its way when the service stopped");
        }
        self.db().close().await;
        Ok(())
    }

    /// The service's identity, made once with its database.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The database.
    pub fn db(&self) -> &db::Db {
        &self.0.db
    }

    /// The files.
    pub fn files(&self) -> &files::Files {
        &self.0.files
    }

    /// The hashing of passwords.
    pub fn hashing(&self) -> &auth::Hashing {
        &self.0.hashing
    }

    /// The counters.
    pub fn metrics(&self) -> &metrics::Metrics {
        &self.0.metrics
    }

    /// The moment.
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// The plan year that can be applied for.
    pub fn plan_year(&self) -> PlanYear {
        self.0.config.plan_year
    }

    /// The words of messages, and whether they go out as mail.
    pub fn office(&self) -> &mail::PostOffice {
        &self.0.office
    }

    /// Where and as whom mails are sent, when they are.
    pub fn mail(&self) -> Option<&mail::Settings> {
        self.0.config.mail.as_ref()
    }

    /// The hour of the day, in Taipei, of daily mails and reminders.
    pub fn mail_hour(&self) -> u8 {
        self.0.config.mail_hour
    }

    /// Something may have been put into the queue of mails.
    pub(crate) fn look_for_mail(&self) {
        self.0.mail_queued.notify_one();
    }

    /// It was told to stop: nothing long is begun any more.
    fn stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    async fn mail_queued(&self) {
        self.0.mail_queued.notified().await;
    }

    /// Whether a proxy in front tells where requests come from.
    pub fn behind_proxy(&self) -> bool {
        self.0.config.behind_proxy
    }
}

/// Opens the database, brings it to this program's form, and gives it the service's identity when it has none yet.
///
/// # Errors
/// The database's.
pub async fn open_database(url: &str, now: Timestamp) -> Result<(db::Db, String), StartError> {
    let db = db::Db::open(url).await?;
    let mut fresh = [0_u8; 16];
    getrandom::fill(&mut fresh).map_err(|_| Failure::new(wire::Code::Internal, "no random bytes"))?;
    let id = db.service_id(&uuid::Builder::from_random_bytes(fresh).into_uuid().to_string(), now).await?;
    Ok((db, id))
}

/// The texts of messages: the program's own, with those of the office's file in their place.
///
/// # Errors
/// The file cannot be read; a fault in it, with its line.
pub fn notice_texts(file: Option<&Path>) -> Result<NoticeTexts, StartError> {
    let own = Packs::built_in().notices();
    let Some(file) = file else { return Ok(own.clone()) };
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| PolicyError {
        file: name.clone(),
        line: 1,
        reason: error.to_string(),
    })?;
    Ok(own.replaced_by(&name, &text)?)
}
