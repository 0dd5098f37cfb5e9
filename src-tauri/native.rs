//! What only the system can do: bring the window to the front, open a print in the system's viewer, say a last word.

use serde_json::Value;
use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use tauri_plugin_opener::OpenerExt as _;
use wire::Failure;

/// Somebody started the program a second time: show the window that is there.
pub(crate) fn to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main")
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window did not come to the front");
    }
}

/// A print opens in the system's viewer, from where it goes to the printer. `PROTEACHER_NO_VIEWER` keeps it closed.
pub(crate) fn after(app: &AppHandle, name: &str, answer: &Value) {
    if name != "case_print" || std::env::var_os("PROTEACHER_NO_VIEWER").is_some() {
        return;
    }
    let Some(path) = answer["path"].as_str() else { return };
    if let Err(error) = app.opener().open_path(path, None::<&str>) {
        tracing::warn!(%error, "no viewer opened the print");
    }
}

/// The program cannot start: say why before it ends.
pub(crate) fn say_cannot_start(app: &AppHandle, failure: &Failure) {
    let text = format!("教專通無法開啟這台電腦上的資料夾。\n請確認磁碟有空間，而且您可以寫入。\n\n{failure}");
    app.dialog().message(text).kind(MessageDialogKind::Error).title("教專通").blocking_show();
}
