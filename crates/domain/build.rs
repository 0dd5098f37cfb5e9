//! Puts the form packs and the policy files into the program: lists `forms/*/v*/form.toml` and `policy/**/*.toml`.

#![expect(clippy::disallowed_methods, reason = "a build script reads files; the rules it prepares them for do not")]

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn main() {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..");
    let mut out = String::new();
    for (name, folder, wanted) in [("FORM_FILES", "forms", "form.toml"), ("POLICY_FILES", "policy", ".toml")] {
        let mut files = Vec::new();
        walk(&root.join(folder), &mut files);
        files.retain(|file| file.to_string_lossy().ends_with(wanted));
        files.sort();
        writeln!(out, "static {name}: &[(&str, &str)] = &[").expect("a String takes all");
        for file in files {
            let path = file.canonicalize().expect("the file was just listed");
            let short = file.strip_prefix(&root).expect("it lies below the root").to_string_lossy().replace('\\', "/");
            writeln!(out, "    ({short:?}, include_str!({:?})),", path.display().to_string())
                .expect("a String takes all");
        }
        out.push_str("];\n");
    }
    let target = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it")).join("packs.rs");
    fs::write(target, out).expect("OUT_DIR can be written");
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
