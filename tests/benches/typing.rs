//! How long the paper beside the form takes to follow a key, on the screen: from the key's event in the page until the picture
//! of the page with the new text has been painted. In the real window, with the typical 申請表 of ten sessions.
//!
//! `cargo xtask bench typing` builds the programs, opens a virtual display and names everything in the environment.

mod figures;

use journeys::window::{Start, Window};
use serde_json::{Value, json};
use std::{
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Milliseconds on the screen.
const ON_SCREEN: f64 = 50.0;
const KEYS: usize = 60;
const SESSIONS: usize = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let Some(service) = std::env::var_os("PROTEACHER_SERVICE") else {
        return println!("not measured: call `cargo xtask bench typing`, which provides a window");
    };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let service = Service::start(Path::new(&service), folder.path()).await;
    let window = Window::open(&Start::new(&service.url, folder.path())).await;
    window.type_into("field:sign_in.account", "teacher-b").await;
    window.type_into("field:sign_in.password", "demo").await;
    window.click("act:sign_in").await;
    window.click("nav:downloads").await;
    window.find("fill:plc_application").await;
    save(&window).await;
    let start = Instant::now();
    window.click("fill:plc_application").await;
    window.find("paper:1").await;
    println!(
        "from the click until the form and its paper are there, at the pace of the driver: {:.0} ms",
        figures::since(start)
    );

    let mut times = Vec::with_capacity(KEYS);
    for key in 0..=KEYS {
        let took = type_one(&window, &format!("我愛上學{key}")).await;
        // The first of them fills what the others find.
        if key > 0 {
            times.push(took);
        }
    }
    figures::spread("the paper follows a key, on the screen", &times);
    figures::verdict("the paper follows a key", figures::quantile(&times, 0.5), "ms", ..=ON_SCREEN);
    window.close().await;
}

/// Puts the sample's answers into the loose paper, as the page itself would.
async fn save(window: &Window) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms/plc_application/v111/samples/typical.json");
    let mut sample: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("the sample")).expect("JSON");
    let answers = sample["answers"].as_object_mut().expect("answers");
    // What is only shown is not sent.
    answers.remove("school_name");
    let rows = answers["schedule"].as_array().cloned().unwrap_or_default();
    answers.insert("schedule".to_owned(), rows.iter().cycle().take(SESSIONS).cloned().collect());
    let script = "const done = arguments[1]; const call = (name, request) => window.__TAURI_INTERNALS__.invoke('rpc', { name, request }); \
                  call('form_list', {}).then(({ case: id }) => call('case_save_draft', { case: id, form: 'plc_application', changes: arguments[0] })) \
                  .then(() => done(''), (error) => done(JSON.stringify(error)));";
    let said = window.page().execute_async(script, vec![json!(answers)]).await.expect("the page runs scripts");
    assert_eq!(said, json!(""), "the sample is saved");
}

/// One key in 社群名稱; milliseconds until the new picture was painted.
async fn type_one(window: &Window, text: &str) -> f64 {
    let script = "const [text, done] = arguments; \
                  const at = document.querySelector('[data-testid=\"field:plc_application.plc_name\"]'); \
                  const field = at.matches('input') ? at : at.querySelector('input'); \
                  const picture = () => document.querySelector('[data-testid=\"paper:1\"] img'); \
                  const before = picture().src; const start = performance.now(); \
                  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, text); \
                  field.dispatchEvent(new InputEvent('input', { bubbles: true })); \
                  const look = () => { const now = picture(); \
                    if (now && now.src !== before && now.complete && now.naturalWidth > 0) \
                      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))); \
                    else setTimeout(look, 1); }; look();";
    let took = window.page().execute_async(script, vec![json!(text)]).await.expect("the paper follows");
    // Saving at the pause is not what is measured here.
    tokio::time::sleep(Duration::from_millis(700)).await;
    took.as_f64().expect("milliseconds")
}

/// The demo service, for signing in once.
struct Service {
    url: String,
    process: Child,
}

impl Service {
    async fn start(program: &Path, folder: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let file = |name: &str| folder.join(name).display().to_string();
        let process = Command::new(program)
            .args(["serve", "--demo"])
            .env("PROTEACHER_LISTEN", address.to_string())
            .env("PROTEACHER_DATABASE_URL", format!("sqlite://{}", file("service.sqlite")))
            .env("PROTEACHER_BLOBS", format!("file://{}", file("blobs")))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the service starts");
        for _ in 0..400 {
            if TcpStream::connect(address).is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        Self { url: format!("http://{address}"), process }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
