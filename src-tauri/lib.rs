//! The window: opens `ui/dist` in the system's web view and hands its one command to the `desktop` crate.
//!
//! No rules, no storage, no network here.

mod native;
mod rpc;

use desktop::{Config, Desktop, World, find_fonts};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use tauri::{Manager as _, RunEvent};

/// What makes this program the guarded reader of files from outside.
const READER: &str = "--scan-reader";

/// Opens the window and returns when it is closed.
///
/// # Panics
/// When the system has no usable web view: there is no window to say so in.
pub fn run() {
    if desktop::is_reader(&[READER], std::env::args_os()) {
        std::process::exit(desktop::reader_main());
    }
    #[cfg(target_os = "linux")]
    work_around_blank_window();
    let mut builder = tauri::Builder::default();
    // One window per person and computer. A window with a data folder of its own is another computer's, so to speak.
    if std::env::var_os("PROTEACHER_DATA_DIR").is_none() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| native::to_front(app)));
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(tauri::generate_handler![rpc::rpc])
        .setup(|app| {
            let config = config(app.path().resource_dir().ok().as_deref());
            match tauri::async_runtime::block_on(Desktop::start(config, World::real())) {
                Ok(desktop) => {
                    let desktop = Arc::new(desktop);
                    tauri::async_runtime::spawn(Arc::clone(&desktop).keep_level());
                    app.manage(desktop);
                    Ok(())
                }
                Err(failure) => {
                    native::say_cannot_start(app.handle(), &failure);
                    Err(failure.into())
                }
            }
        })
        .build(tauri::generate_context!())
        .expect("the system's web view opens a window")
        .run(|app, event| {
            if matches!(event, RunEvent::Exit) {
                native::close_store(app);
            }
        });
}

/// What the window is told by its surroundings (contracts: `PROTEACHER_*` are read at start).
fn config(resources: Option<&Path>) -> Config {
    let text = |name| std::env::var(name).ok().filter(|text: &String| !text.is_empty());
    let passphrase = text("PROTEACHER_PASSPHRASE");
    let program = std::env::current_exe().unwrap_or_default();
    let server = text("PROTEACHER_SERVER_URL").unwrap_or_else(|| "http://127.0.0.1:8787".to_owned());
    Config {
        data: text("PROTEACHER_DATA_DIR").map(PathBuf::from).or_else(desktop::default_data_folder).unwrap_or_default(),
        server: server.trim_end_matches('/').to_owned(),
        keyring: passphrase.is_none(),
        passphrase,
        fonts: find_fonts(resources),
        reader: desktop::ReaderProgram { program, args: vec![READER.to_owned()] },
    }
}

/// WebKitGTK's DMA-BUF renderer shows an empty window with some graphics drivers; without it every driver works.
/// A person who set the variable keeps their own choice.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the environment is changed before any other thread exists")]
fn work_around_blank_window() {
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: no other thread has been started yet.
        unsafe { std::env::set_var(VARIABLE, "1") };
    }
}
