//! Puts every pack's `print.typ` into the program: lists `forms/<id>/v<N>/print.typ` by form and version.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../../forms");
    let mut found = Vec::new();
    for form in folders(&root) {
        for version in folders(&form) {
            let number = name(&version).strip_prefix('v').and_then(|number| number.parse::<u32>().ok());
            let layout = version.join("print.typ");
            if let (Some(number), true) = (number, layout.is_file()) {
                let path = layout.canonicalize().expect("the file was just seen");
                found.push((name(&form), number, path));
            }
        }
    }
    found.sort();
    let mut out = String::from("static LAYOUT_FILES: &[(&str, u32, &str)] = &[\n");
    for (form, version, path) in found {
        let path = path.display().to_string();
        writeln!(out, "    ({form:?}, {version}, include_str!({path:?})),").expect("a String takes all");
    }
    out.push_str("];\n");
    let target = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it")).join("layouts.rs");
    fs::write(target, out).expect("OUT_DIR can be written");
}

fn name(path: &Path) -> String {
    path.file_name().expect("a listed folder has a name").to_string_lossy().into_owned()
}

fn folders(path: &Path) -> Vec<PathBuf> {
    println!("cargo::rerun-if-changed={}", path.display());
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}
