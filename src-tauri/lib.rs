//! The window: opens `ui/dist` in the system's web view and nothing else.
//!
//! No rules, no storage, no network here: those are the `desktop` crate's.

/// Opens the window and returns when it is closed.
///
/// # Panics
/// When the system has no usable web view: there is no window to say so in.
pub fn run() {
    #[cfg(target_os = "linux")]
    work_around_blank_window();
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .run(tauri::generate_context!())
        .expect("the system's web view opens a window");
}

/// WebKitGTK's DMA-BUF renderer shows an empty window with some graphics drivers; without it every driver works.
/// A person who set the variable keeps their own choice.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the environment is changed before any other thread exists")]
fn work_around_blank_window() {
    const VARIABLE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(VARIABLE).is_none() {
        // SAFETY: first statement of the program, still single-threaded.
        unsafe { std::env::set_var(VARIABLE, "1") };
    }
}
