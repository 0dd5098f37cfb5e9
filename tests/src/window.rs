//! One open window and the words to drive it: find, click, type, choose, read, wait, look.
//!
//! Elements are named by their `data-testid`. Every word waits for its element; when it does not come, it fails with the
//! page's text and a picture of the page. `cargo xtask test` sets the environment that is read here.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How often an element is looked for, and how long apart: twenty seconds, longer than a person would wait.
const TRIES: u32 = 400;
const PAUSE: Duration = Duration::from_millis(50);

/// How a window is started.
#[derive(Debug)]
pub struct Start {
    environment: Vec<(&'static str, OsString)>,
}

impl Start {
    /// The window of one person: the address of the service, and a data folder shared with nobody.
    #[must_use]
    pub fn new(service: &str, data: &Path) -> Self {
        Self {
            environment: vec![
                ("PROTEACHER_SERVER_URL", service.into()),
                ("PROTEACHER_DATA_DIR", data.into()),
                ("PROTEACHER_PASSPHRASE", "a passphrase for tests".into()),
            ],
        }
    }

    /// The same with one more setting of the environment.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }
}

/// An open window. Dropped, its program is killed; [`Window::close`] ends it in peace.
#[derive(Debug)]
pub struct Window {
    page: Client,
    driver: Driver,
}

impl Window {
    /// Opens the program's window and waits until it has a page.
    ///
    /// # Panics
    /// Without the settings of `cargo xtask test`, and when the window does not open.
    pub async fn open(start: &Start) -> Self {
        let program = setting("PROTEACHER_WINDOW");
        let driver = Driver::start(start).await;
        let Value::Object(capabilities) = json!({ "tauri:options": { "application": program } }) else {
            unreachable!("written as an object one line above")
        };
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address)
            .await
            .expect("the driver opens the window");
        Self { page, driver }
    }

    /// The page itself, for what has no word here.
    #[must_use]
    pub fn page(&self) -> &Client {
        &self.page
    }

    /// The element, once it can be seen.
    ///
    /// # Panics
    /// When it does not appear; so do all words built on this one.
    pub async fn find(&self, id: &str) -> Element {
        for _ in 0..TRIES {
            if let Some(element) = self.look(id).await {
                return element;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.give_up(&format!("{id} does not appear")).await
    }

    /// Whether the element can be seen now.
    pub async fn shows(&self, id: &str) -> bool {
        self.look(id).await.is_some()
    }

    /// Waits until the element cannot be seen any more.
    ///
    /// # Panics
    /// When it stays.
    pub async fn wait_until_gone(&self, id: &str) {
        for _ in 0..TRIES {
            if !self.shows(id).await {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.give_up(&format!("{id} does not go away")).await;
    }

    /// Clicks, once the element can be seen, is not greyed out and stands still.
    ///
    /// # Panics
    /// When it stays grey, or something covers it.
    pub async fn click(&self, id: &str) {
        let mut refusal = String::from("it stays grey");
        for _ in 0..TRIES {
            let element = self.find(id).await;
            if element.is_enabled().await.unwrap_or(false) {
                self.bring_to_middle(id).await;
                self.wait_until_still(id).await;
                match element.click().await {
                    Ok(()) => return,
                    Err(error) => refusal = error.to_string(),
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.give_up(&format!("{id} cannot be clicked: {refusal}")).await;
    }

    /// Replaces what is in a field by `text`, key by key, and leaves the field, as a person does.
    ///
    /// # Panics
    /// When the field takes no keys.
    pub async fn type_into(&self, id: &str, text: &str) {
        let field = self.find(id).await;
        let select_all = format!("{}a{}", char::from(Key::Control), char::from(Key::Null));
        let erase = char::from(Key::Backspace).to_string();
        for keys in [select_all.as_str(), erase.as_str(), text] {
            if let Err(error) = field.send_keys(keys).await {
                self.give_up(&format!("{id} takes no keys: {error}")).await;
            }
        }
    }

    /// Chooses from a drop-down list by the words of the choice.
    ///
    /// # Panics
    /// When the list has no such choice.
    pub async fn choose(&self, id: &str, label: &str) {
        if let Err(error) = self.find(id).await.select_by_label(label).await {
            self.give_up(&format!("{id} offers no {label}: {error}")).await;
        }
    }

    /// The words an element shows.
    ///
    /// # Panics
    /// When the element does not appear.
    pub async fn text(&self, id: &str) -> String {
        match self.find(id).await.text().await {
            Ok(text) => text,
            Err(error) => self.give_up(&format!("{id} has no text: {error}")).await,
        }
    }

    /// What a field holds.
    ///
    /// # Panics
    /// When the element does not appear.
    pub async fn value(&self, id: &str) -> String {
        match self.find(id).await.prop("value").await {
            Ok(value) => value.unwrap_or_default(),
            Err(error) => self.give_up(&format!("{id} has no value: {error}")).await,
        }
    }

    /// Waits until the words an element shows contain `text`.
    ///
    /// # Panics
    /// When they do not.
    pub async fn wait_for_text(&self, id: &str, text: &str) {
        let mut last = String::new();
        for _ in 0..TRIES {
            if let Some(element) = self.look(id).await {
                last = element.text().await.unwrap_or_default();
                if last.contains(text) {
                    return;
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.give_up(&format!("{id} says {last:?}, not {text:?}")).await;
    }

    /// Answers the system's dialog for opening a file, which lies outside the page: `title` is the dialog's. The path is typed
    /// on the X display's keyboard, which has ASCII letters only.
    ///
    /// # Panics
    /// When no such dialog opens, or it does not take the file.
    pub async fn choose_file(&self, title: &str, file: &Path) {
        self.answer_dialog(title, "ctrl+l", file).await;
    }

    /// Presses a key where the keyboard is.
    ///
    /// # Panics
    /// When nothing on the page takes keys.
    pub async fn press(&self, key: &str) {
        let here = self.page.active_element().await.expect("something has the keyboard");
        here.send_keys(key).await.expect("it takes keys");
    }

    /// Answers the system's dialog for saving a file.
    ///
    /// # Panics
    /// When no such dialog opens, or it does not take the place.
    pub async fn choose_place(&self, title: &str, file: &Path) {
        self.answer_dialog(title, "ctrl+a", file).await;
    }

    /// Writes a picture of the page to `<name>.png` in `PROTEACHER_SHOTS`, or else `target/screenshots`.
    ///
    /// # Panics
    /// When there is no picture, or no place for it.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let folder = std::env::var_os("PROTEACHER_SHOTS")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots"), PathBuf::from);
        // The web view takes its picture with the next frame it paints, and a page at rest paints none: keep it painting,
        // unseen, for a second.
        let stir = "let n = 0; const timer = setInterval(() => { \
                    document.documentElement.style.opacity = ++n % 2 ? '0.999' : ''; \
                    if (n === 60) { clearInterval(timer); } }, 16);";
        self.page.execute(stir, Vec::new()).await.expect("the page runs scripts");
        let picture = self.page.screenshot().await.expect("the page can be pictured");
        std::fs::create_dir_all(&folder).expect("the folder for pictures can be made");
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, picture).expect("the picture can be written");
        file
    }

    /// Closes the window in peace: the program ends by itself.
    ///
    /// # Panics
    /// When the program does not end.
    pub async fn close(self) {
        self.page.close().await.expect("the window closes");
    }

    /// Ends the program as a power cut would, without a word to it.
    pub fn kill(mut self) {
        self.driver.signal("-KILL");
    }

    /// `clear` are the keys after which the dialog takes a whole path.
    async fn answer_dialog(&self, title: &str, clear: &str, file: &Path) {
        let name = format!("^{title}$");
        let path = file.display().to_string();
        for _ in 0..TRIES / 10 {
            // The dialog takes keys only a moment after it is drawn; until it has gone, everything is said again.
            if let Some(dialog) = hand(&["search", "--onlyvisible", "--name", &name])
                .and_then(|found| found.lines().last().map(String::from))
            {
                tokio::time::sleep(PAUSE * 10).await;
                for words in [
                    &["windowfocus", dialog.as_str()][..],
                    &["key", "--clearmodifiers", clear],
                    &["type", "--delay", "5", &path],
                    &["sleep", "0.3", "key", "Return"],
                ] {
                    hand(words);
                }
                for _ in 0..20 {
                    tokio::time::sleep(PAUSE).await;
                    if hand(&["search", "--onlyvisible", "--name", &name]).is_none() {
                        return;
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        self.give_up(&format!("the dialog {title} does not open, or does not take {path}")).await;
    }

    /// Scrolls as a person does, so that bars at the edges of the window cover nothing.
    async fn bring_to_middle(&self, id: &str) {
        let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
        // A page that is being left runs no scripts; the click that follows says so better.
        let _ = self.page.execute(script, vec![format!("[data-testid=\"{id}\"]").into()]).await;
    }

    /// Waits until the element was at the same place twice: what comes late may still push it from under the pointer.
    async fn wait_until_still(&self, id: &str) {
        let script = "const box = document.querySelector(arguments[0])?.getBoundingClientRect(); \
                      return box ? `${box.x} ${box.y} ${box.width} ${box.height}` : ''";
        let mut last = None;
        for _ in 0..TRIES {
            let here = self.page.execute(script, vec![format!("[data-testid=\"{id}\"]").into()]).await.ok();
            if here.is_some() && here == last {
                return;
            }
            last = here;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn look(&self, id: &str) -> Option<Element> {
        let element = self.page.find(Locator::Css(&format!("[data-testid=\"{id}\"]"))).await.ok()?;
        element.is_displayed().await.unwrap_or(false).then_some(element)
    }

    async fn give_up(&self, why: &str) -> ! {
        let picture = self.screenshot("failure").await;
        let text = self.page.execute("return document.body.innerText", Vec::new()).await.unwrap_or_default();
        panic!("{why}\npicture: {}\nthe page says:\n{}", picture.display(), text.as_str().unwrap_or_default());
    }
}

/// The driver of one window: a program between these tests and the web view, with the window's program as its child.
#[derive(Debug)]
struct Driver {
    process: Child,
    address: String,
}

impl Driver {
    async fn start(start: &Start) -> Self {
        let (port, inner) = (free_port(), free_port());
        let mut command = Command::new(setting("PROTEACHER_DRIVER"));
        command
            .args(["--port", &port.to_string(), "--native-port", &inner.to_string()])
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            // Chatter of the desktop's message bus; the program's own log goes to its data folder.
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // A group of its own, so that one signal reaches the driver, the web view's driver and the program.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let process = command.spawn().expect("PROTEACHER_DRIVER names a program");
        // Both must listen: the driver answers for the web view's driver before that one has started.
        for port in [port, inner] {
            for _ in 0..TRIES {
                if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    break;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
        Self { process, address: format!("http://127.0.0.1:{port}") }
    }

    fn signal(&mut self, signal: &str) {
        // A process group is named by its first process, with a minus before it. Already gone is as good as stopped.
        let _ = Command::new("kill")
            .args([signal, "--", &format!("-{}", self.process.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.signal("-KILL");
    }
}

/// Keys and windows of the X display, where the web view's driver cannot reach. What it found, when it found anything.
fn hand(words: &[&str]) -> Option<String> {
    let output = Command::new("xdotool").args(words).stderr(Stdio::null()).output().expect("xdotool is installed");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}

fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `cargo xtask test --only e2e`"))
}
