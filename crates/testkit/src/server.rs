//! The service in a thread of its own, on a free port of this machine, with files in a temporary folder.

use crate::FakeClock;
use domain::time::PlanYear;
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
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
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
        let mut server = Self { folder, database_url, clock: FakeClock::default(), address, running: None };
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
                ready.send(address).expect("the test waits for it");
                let stop = async {
                    // The sender is dropped when the test ends: that is a stop too.
                    stopped.await.ok();
                };
                service.serve(listener, stop).await.expect("the service serves");
            });
        });
        self.address = started.recv().expect("the service starts");
        self.running = Some(Running { stop, thread });
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

    /// Its clock.
    pub fn clock(&self) -> &FakeClock {
        &self.clock
    }

    /// Stops it in peace: running requests end first. Data stay.
    ///
    /// # Panics
    /// When the service panicked.
    pub fn stop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
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
        if let Some(Running { stop, thread }) = self.running.take() {
            stop.send(()).ok();
            thread.join().ok();
        }
    }
}
