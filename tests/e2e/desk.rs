//! A service that comes and goes, and a person at a window: the words that stories in the real window are told with.

use fantoccini::{Locator, elements::Element};
use journeys::window::{Start, Window};
use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// The service as a process of its own, on one address for the whole story.
pub(crate) struct Service {
    folder: tempfile::TempDir,
    address: SocketAddr,
    process: Option<Child>,
}

impl Service {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        Self { folder: tempfile::tempdir().expect("a temporary folder"), address, process: None }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) async fn up(&mut self) {
        let program = std::env::var("PROTEACHER_SERVICE").expect("run `cargo xtask test --only e2e`");
        let file = |name: &str| self.folder.path().join(name).display().to_string();
        let process = Command::new(program)
            .args(["serve", "--demo"])
            .env("PROTEACHER_LISTEN", self.address.to_string())
            .env("PROTEACHER_DATABASE_URL", format!("sqlite://{}", file("service.sqlite")))
            .env("PROTEACHER_BLOBS", format!("file://{}", file("blobs")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.process = Some(process.expect("the service starts"));
        for _ in 0..400 {
            if TcpStream::connect(self.address).is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the service does not come up");
    }

    pub(crate) fn down(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("the service runs");
            process.wait().expect("the service ends");
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.down();
    }
}

/// A person at a window.
pub(crate) struct Desk {
    pub(crate) window: Window,
}

impl Desk {
    pub(crate) async fn open(service: &Service, data: &Path) -> Self {
        Self { window: Window::open(&Start::new(&service.url(), data)).await }
    }

    pub(crate) async fn sign_in(&self, account: &str) {
        self.window.type_into("field:sign_in.account", account).await;
        self.window.type_into("field:sign_in.password", "demo").await;
        self.window.click("act:sign_in").await;
        self.window.find("nav:home").await;
    }

    /// Ticks an option and sees that it is ticked: while problems come and go above it, the page moves under the pointer.
    pub(crate) async fn tick(&self, id: &str) {
        for _ in 0..20 {
            self.window.click(id).await;
            let ticked = self.window.find(id).await.prop("checked").await.expect("an option can be asked");
            if ticked.as_deref() == Some("true") {
                return;
            }
        }
        panic!("{id} cannot be ticked");
    }

    pub(crate) async fn saved(&self) {
        self.window.wait_for_text("save-state", "已儲存").await;
    }

    /// Back to the case page.
    pub(crate) async fn back(&self) {
        self.window.page().back().await.expect("there is a page before");
        self.window.find("state").await;
    }

    /// The first case of the list that is shown.
    pub(crate) async fn open_first_case(&self) {
        // The cell with the name, because a row as such has no middle that the driver could click.
        let name = Locator::Css("[data-testid^='case:'] td, [data-testid^='case:'] th");
        for _ in 0..100 {
            if let Ok(row) = self.window.page().find(name).await
                && Element::click(&row).await.is_ok()
                && self.window.shows("state").await
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.window.find("state").await;
    }

    /// Prints a paper from the case page: the PDF's path.
    pub(crate) async fn print(&self, form: &str) -> PathBuf {
        self.window.click(&format!("act:print:{form}")).await;
        let path = PathBuf::from(self.window.text("printed-path").await);
        assert!(path.is_file(), "{} was written", path.display());
        self.window.click("act:close_print").await;
        path
    }

    /// Picks files for a paper, as a person does in the page.
    pub(crate) async fn pick(&self, form: &str, files: &[PathBuf]) {
        self.window.click(&format!("act:attach:{form}")).await;
        self.window.find("act:pick").await;
        let input = self.window.page().find(Locator::Css("[data-testid='field:scan.files']")).await;
        let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
        input.expect("the page takes files").send_keys(&names.join("\n")).await.expect("the files are taken");
    }

    pub(crate) async fn attach(&self, form: &str, files: &[PathBuf]) {
        self.pick(form, files).await;
        self.window.find("attached").await;
        self.window.find(&format!("scan:{form}")).await;
    }

    /// Agrees to what was found in the files, once its picture is there; the box goes.
    pub(crate) async fn accept_attached(&self) {
        self.window.click("act:confirm").await;
        self.window.wait_until_gone("attached").await;
    }
}
