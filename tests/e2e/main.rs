//! The real window, driven as a person would: its program, its web view, its files.
//!
//! Runs under `cargo xtask test`, which provides a display, the driver and the built programs. No rule is tested here
//! that a test without a window can test.

mod certify;
mod desk;
mod papers;
mod trip;
mod year;

use fantoccini::Locator;
use journeys::window::{Start, Window};

/// A service that is not there: the window must open all the same.
const NO_SERVICE: &str = "http://127.0.0.1:9";

#[tokio::test]
async fn the_window_opens_on_the_sign_in_page() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(&Start::new(NO_SERVICE, data.path())).await;

    window.type_into("field:sign_in.account", "teacher-a 王小明").await;
    assert_eq!(window.value("field:sign_in.account").await, "teacher-a 王小明");
    window.screenshot("sign-in").await;

    window.close().await;
}

/// The isolation frame stands between the page and the program: present, out of sight, and refusing what is not on its list.
#[tokio::test]
async fn the_isolation_frame_guards_the_page() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let window = Window::open(&Start::new(NO_SERVICE, data.path())).await;
    window.find("field:sign_in.account").await;

    let frame = window.page().find(Locator::Css("#__tauri_isolation__")).await.expect("the isolation frame");
    assert!(
        !frame.is_displayed().await.expect("an answer about the frame"),
        "the isolation frame covers a part of the page"
    );
    for (call, allowed) in
        [("plugin:window|set_title", true), ("plugin:window|hide", false), ("plugin:fs|read_file", false)]
    {
        let script = "const done = arguments[1]; \
                      window.__TAURI_INTERNALS__.invoke(arguments[0], { value: '教專通' }).then(() => done(true), () => done(false))";
        let answer = window.page().execute_async(script, vec![call.into()]).await.expect("an answer to the call");
        assert_eq!(answer, allowed, "{call}");
    }

    window.close().await;
}

/// Dialogs of the system are not part of the page; the stories that attach a scan or save a print need them answered.
#[tokio::test]
async fn the_systems_file_dialogs_can_be_answered() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let scan = data.path().join("scan 001.pdf");
    std::fs::write(&scan, b"any file").expect("a file");
    let window = Window::open(&Start::new(NO_SERVICE, data.path())).await;
    window.find("field:sign_in.account").await;

    let script = "window.__TAURI_INTERNALS__.invoke(arguments[0], { options: { title: arguments[1] } }).then((path) => { window.chosen = path })";
    let ask = async |call: &str, title: &str| {
        window.page().execute(script, vec![call.into(), title.into()]).await.expect("the call is sent")
    };
    let chosen = async || window.page().execute("return window.chosen", Vec::new()).await.expect("an answer");

    ask("plugin:dialog|open", "選擇掃描檔").await;
    window.choose_file("選擇掃描檔", &scan).await;
    assert_eq!(chosen().await, scan.display().to_string());

    let print = data.path().join("print.pdf");
    ask("plugin:dialog|save", "另存").await;
    window.choose_place("另存", &print).await;
    assert_eq!(chosen().await, print.display().to_string());

    window.close().await;
}
