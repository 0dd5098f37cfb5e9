//! Tauri's build step: reads `tauri.conf.json`, the capabilities of the window and the icons.
//!
//! A capabilities path of our own makes Tauri print no rerun lines for it, so they are printed here.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=isolation");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(&["rpc"]));
    if let Err(error) = tauri_build::try_build(attributes) {
        // A build script's only way to speak is to fail: the chain of causes names the file and line.
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
