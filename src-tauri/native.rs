//! What only the system can do: bring the window to the front, say a last word.

use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogKind};
use wire::Failure;

/// Somebody started the program a second time: show the window that is there.
pub(crate) fn to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main")
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::warn!(%error, "the window did not come to the front");
    }
}

/// The program cannot start: say why before it ends.
pub(crate) fn say_cannot_start(app: &AppHandle, failure: &Failure) {
    let text = format!("教專通無法開啟這台電腦上的資料夾。\n請確認磁碟有空間，而且您可以寫入。\n\n{failure}");
    app.dialog().message(text).kind(MessageDialogKind::Error).title("教專通").blocking_show();
}
