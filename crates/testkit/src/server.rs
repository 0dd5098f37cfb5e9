//! The service in a thread of its own, on a free port of this machine, with files in a temporary folder.

use crate::FakeClock;
use domain::{
    policy::{Window, WindowKind},
    time::PlanYear,
};
use server::{Service, auth::HashCost, config::Config};
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Fast, and good for nothing else.
const CHEAP: HashCost = HashCost { memory: 8, rounds: 1, lanes: 1 };

/// A service with the demo people (password `demo`). Dropped, it is stopped and its files are deleted.
#[derive(Debug)]
pub struct TestServer {
    folder: TempDir,
    database_url: String,
    clock: FakeClock,
    address: SocketAddr,
    mail: Option<u16>,
    notices: Option<PathBuf>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    service: Service,
    runtime: tokio::runtime::Handle,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl TestServer {
    /// Starts a service on SQLite in a temporary folder.
    ///
    /// # Panics
    /// When it does not start; so do the other calls.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("service.sqlite").display());
        Self::begin(folder, url)
    }

    /// Starts a service on another database, e.g. `postgres://…`; uploads lie in a temporary folder all the same.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_on(database_url: &str) -> Self {
        Self::begin(tempfile::tempdir().expect("a temporary folder"), database_url.to_owned())
    }

    fn begin(folder: TempDir, database_url: String) -> Self {
        let address = (Ipv4Addr::LOCALHOST, 0).into();
        let mut server = Self {
            folder,
            database_url,
            clock: FakeClock::default(),
            address,
            mail: None,
            notices: None,
            running: None,
        };
        server.run();
        server
    }

    fn run(&mut self) {
        let config = Config {
            listen: self.address,
            database_url: self.database_url.clone(),
            blobs: self.blobs(),
            plan_year: PlanYear(111),
            behind_proxy: false,
            mail: self.mail.map(|port| server::mail::Settings {
                relay: format!("smtp://127.0.0.1:{port}").parse().expect("the address of a mail server"),
                from: "教師專業發展支持作業平臺 <no-reply@proteacher.example>".parse().expect("a sender"),
            }),
            mail_hour: 7,
            // Tests say when it is looked for mails, so that none of them waits.
            mail_looks: None,
            notices: self.notices.clone(),
            hash_cost: CHEAP,
            demo: true,
        };
        let clock = self.clock.clone();
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = tokio::net::TcpListener::bind(config.listen).await.expect("the port is free");
                let address = listener.local_addr().expect("the listener has an address");
                let service = Service::open(config, Arc::new(move || clock.now())).await.expect("the service opens");
                let runtime = tokio::runtime::Handle::current();
                ready.send((address, service.clone(), runtime)).expect("the test waits for it");
                let stop = async {
                    // The sender is dropped when the test ends: that is a stop too.
                    stopped.await.ok();
                };
                service.serve(listener, stop).await.expect("the service serves");
            });
        });
        let (address, service, runtime) = started.recv().expect("the service starts");
        self.address = address;
        self.running = Some(Running { service, runtime, stop, thread });
    }

    /// Where it answers, e.g. `http://127.0.0.1:40001`; the same after a restart.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its database.
    pub fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Its folder of uploads.
    pub fn blobs(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    /// Sends mails to the server on this port of this machine from now on; starts anew for it.
    ///
    /// # Panics
    /// When it does not start.
    pub fn send_mail_to(&mut self, port: u16) {
        self.mail = Some(port);
        self.restart();
    }

    /// Takes the texts of messages from a file from now on; starts anew for it.
    ///
    /// # Panics
    /// When it does not start.
    pub fn take_texts_from(&mut self, file: PathBuf) {
        self.notices = Some(file);
        self.restart();
    }

    /// Looks once for reminders and mails that are due, and sends them.
    ///
    /// # Panics
    /// When the service is stopped or its database refuses.
    pub async fn mail_round(&self) {
        let running = self.running.as_ref().expect("it runs");
        let service = running.service.clone();
        let round = running.runtime.spawn(async move { server::mail::round(&service).await });
        round.await.expect("no panic").expect("the database answers");
    }

    /// Looks once for reminders, with windows of the test's own.
    ///
    /// # Panics
    /// When the service is stopped or its database refuses.
    pub async fn remind(&self, windows: impl Fn(PlanYear, &str, WindowKind) -> Option<Window> + Send + Sync + 'static) {
        let running = self.running.as_ref().expect("it runs");
        let service = running.service.clone();
        let look = running.runtime.spawn(async move { server::mail::remind(&service, service.now(), &windows).await });
        look.await.expect("no panic").expect("the database answers");
    }

    /// Its clock.
    pub fn clock(&self) -> &FakeClock {
        &self.clock
    }

    /// Stops it in peace: running requests end first. Data stay.
    ///
    /// # Panics
    /// When the service panicked.
    pub fn stop(&mut self) {
        if let Some(Running { service, stop, thread, .. }) = self.running.take() {
            drop(service);
            // Sending fails only when it has stopped by itself, which joining tells.
            stop.send(()).ok();
            thread.join().expect("the service ended in peace");
        }
    }

    /// Starts it again after [`TestServer::stop`], on the same port with the same data; a running one is stopped first.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&mut self) {
        self.stop();
        self.run();
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(Running { service, stop, thread, .. }) = self.running.take() {
            drop(service);
            stop.send(()).ok();
            thread.join().ok();
        }
    }
}
