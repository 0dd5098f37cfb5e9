//! The window's one command: every request of the UI goes through it to the list in `wire::rpc`.

use desktop::Desktop;
use serde_json::Value;
use std::sync::Arc;
use tauri::State;
use wire::Failure;

/// Carries out a command of `wire::rpc` by its name.
#[tauri::command]
pub(crate) async fn rpc(desktop: State<'_, Arc<Desktop>>, name: String, request: Value) -> Result<Value, Failure> {
    wire::rpc::route(desktop.inner().as_ref(), &name, request).await
}
