//! What only the system can do: bring the window to the front, say a last word.

use desktop::Desktop;
use std::{sync::Arc, time::Duration};
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

/// The store is closed before the program ends. A sync that waits for the line does not hold the window back: what it was
/// sending is on the disk.
pub(crate) fn close_store(app: &AppHandle) {
    const PATIENCE: Duration = Duration::from_secs(2);
    if let Some(desktop) = app.try_state::<Arc<Desktop>>() {
        let closing = async { tokio::time::timeout(PATIENCE, desktop.lock_seat()).await };
        if tauri::async_runtime::block_on(closing).is_err() {
            tracing::info!("the program ends while the store is in use");
        }
    }
}

/// The program cannot start: say why before it ends.
pub(crate) fn say_cannot_start(app: &AppHandle, failure: &Failure) {
    let text = format!("教專通無法開啟這台電腦上的資料夾。\n請確認磁碟有空間，而且您可以寫入。\n\n{failure}");
    app.dialog().message(text).kind(MessageDialogKind::Error).title("教專通").blocking_show();
}
