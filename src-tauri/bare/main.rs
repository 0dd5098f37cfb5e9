//! A window of Tauri with one line of text and nothing else: what the start and the memory of our window are measured against
//! (`cargo xtask bench window`). Never shipped.

fn main() {
    tauri::Builder::default()
        .run(tauri::generate_context!("src-tauri/bare/tauri.conf.json"))
        .expect("the system's web view opens a window");
}
