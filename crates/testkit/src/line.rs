//! A line between a client and a service that can be cut: at once, after so many bytes sent, or before the next answer.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{oneshot, watch},
};

#[derive(Debug, Default)]
struct Plan {
    cut: bool,
    /// Bytes that may still go up before the line is cut.
    left: Option<u64>,
    /// The next answer is swallowed and its connection closed.
    drop_answer: bool,
    /// The same for the first request that contains this text.
    drop_answer_to: Option<String>,
    /// Bytes that went up since the line was laid.
    sent: u64,
}

#[derive(Debug, Clone)]
struct State {
    plan: Arc<Mutex<Plan>>,
    /// Counts cuts: every connection ends with the next one.
    cuts: watch::Sender<u64>,
}

impl State {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cut(&self) {
        self.plan().cut = true;
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

/// The line. Clients speak to [`Line::url`]. Dropped, it is cut for good.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    state: State,
    running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Line {
    /// Lays a line to a service.
    ///
    /// # Panics
    /// When this machine has no free port.
    pub fn to(service: SocketAddr) -> Self {
        let state = State { plan: Arc::default(), cuts: watch::Sender::new(0) };
        let (stop, stopped) = oneshot::channel::<()>();
        let (ready, started) = std::sync::mpsc::channel();
        let shared = state.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
                ready.send(listener.local_addr().expect("an address")).expect("the test waits for it");
                tokio::select! {
                    () = accept(listener, service, shared) => {}
                    _ = stopped => {}
                }
            });
        });
        let address = started.recv().expect("the line is laid");
        Self { address, state, running: Some((stop, thread)) }
    }

    /// Where clients reach the service through it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts it: open connections break, new ones are closed at once.
    pub fn cut(&self) {
        self.state.cut();
    }

    /// Mends it. Plans that have not come true are forgotten.
    pub fn restore(&self) {
        let sent = self.state.plan().sent;
        *self.state.plan() = Plan { sent, ..Plan::default() };
    }

    /// Cuts it once `bytes` more have gone from clients to the service.
    pub fn cut_after_bytes(&self, bytes: u64) {
        self.state.plan().left = Some(bytes);
    }

    /// Lets the next request through and swallows its answer: the client sees a broken connection.
    pub fn drop_next_response(&self) {
        self.state.plan().drop_answer = true;
    }

    /// Lets the next request that contains `text` (a part of its path) through and swallows its answer.
    pub fn drop_response_to(&self, text: &str) {
        self.state.plan().drop_answer_to = Some(text.to_owned());
    }

    /// Whether it is cut now.
    pub fn is_cut(&self) -> bool {
        self.state.plan().cut
    }

    /// Bytes that went from clients to the service since the line was laid.
    pub fn bytes_sent(&self) -> u64 {
        self.state.plan().sent
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.send(()).ok();
            thread.join().ok();
        }
    }
}

async fn accept(listener: TcpListener, service: SocketAddr, state: State) {
    while let Ok((client, _)) = listener.accept().await {
        if !state.plan().cut {
            tokio::spawn(connection(client, service, state.clone()));
        }
    }
}

/// Both directions of one connection, until one ends or the line is cut.
async fn connection(client: TcpStream, service: SocketAddr, state: State) {
    let mut cuts = state.cuts.subscribe();
    let Ok(service) = TcpStream::connect(service).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_service, to_service) = service.into_split();
    tokio::select! {
        () = up(from_client, to_service, &state) => {}
        () = down(from_service, to_client, &state) => {}
        _ = cuts.changed() => {}
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &State) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let (may, cut) = {
            let mut plan = state.plan();
            let may = plan.left.map_or(read as u64, |left| left.min(read as u64));
            plan.left = plan.left.map(|left| left - may);
            plan.sent += may;
            let sent = &buffer[..usize::try_from(may).unwrap_or(read)];
            let wanted = |text: &mut String| sent.windows(text.len()).any(|part| part == text.as_bytes());
            if plan.drop_answer_to.take_if(wanted).is_some() {
                plan.drop_answer = true;
            }
            (usize::try_from(may).unwrap_or(read), plan.left == Some(0))
        };
        if to.write_all(&buffer[..may]).await.is_err() {
            return;
        }
        if cut {
            // What was let through arrives before the line breaks.
            to.shutdown().await.ok();
            state.cut();
            return;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: &State) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if std::mem::take(&mut state.plan().drop_answer) || to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
