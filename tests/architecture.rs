//! The house rules, checked: who may use whom, where SQL and the window's bridge may stand, that documents name files that
//! exist. What a rule is for stands in ARCHITECTURE.md; here it only cannot be forgotten.

#![expect(clippy::unwrap_used, reason = "a test may fall over, and the functions below are only called by tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// One crate's place: which of ours it may use, what of others' it may not name, and what it may not even contain
/// through others.
struct Place {
    name: &'static str,
    ours: &'static [&'static str],
    never_directly: &'static [&'static str],
    never_at_all: &'static [&'static str],
}

/// What a rule may not contain: anything that waits, stores, listens or draws.
const IMPURE: &[&str] = &["tokio", "sqlx", "reqwest", "hyper", "axum", "tauri"];

const PLACES: &[Place] = &[
    Place { name: "domain", ours: &[], never_directly: &[], never_at_all: IMPURE },
    Place { name: "wire", ours: &["domain"], never_directly: &[], never_at_all: IMPURE },
    Place { name: "print", ours: &["domain"], never_directly: &[], never_at_all: IMPURE },
    Place { name: "scan", ours: &["domain"], never_directly: &[], never_at_all: IMPURE },
    Place { name: "store", ours: &["domain"], never_directly: &[], never_at_all: &["axum", "reqwest", "tauri"] },
    Place {
        name: "desktop",
        ours: &["domain", "wire", "print", "scan", "store"],
        never_directly: &["sqlx", "libsqlite3-sys"],
        never_at_all: &["axum", "tauri"],
    },
    Place {
        name: "cli",
        ours: &["desktop", "wire"],
        never_directly: &["sqlx", "reqwest"],
        never_at_all: &["axum", "tauri"],
    },
    Place { name: "server", ours: &["domain", "wire", "scan"], never_directly: &[], never_at_all: &["tauri", "typst"] },
    Place {
        name: "proteacher-desktop",
        ours: &["desktop", "wire"],
        never_directly: &["sqlx", "reqwest", "libsqlite3-sys"],
        never_at_all: &["axum"],
    },
    Place { name: "testkit", ours: &["domain", "wire", "server"], never_directly: &[], never_at_all: &["tauri"] },
    Place { name: "xtask", ours: &[], never_directly: &[], never_at_all: &["tokio", "tauri"] },
    Place { name: "journeys", ours: &[], never_directly: &[], never_at_all: &["tauri"] },
];

#[test]
fn every_crate_uses_only_what_its_place_allows() {
    let metadata = MetadataCommand::new().current_dir(root()).exec().unwrap();
    let ours: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    let placed: BTreeSet<&str> = PLACES.iter().map(|place| place.name).collect();
    assert_eq!(ours, placed, "every crate of the workspace has a row in PLACES");

    let mut wrong = Vec::new();
    for place in PLACES {
        let package = metadata.packages.iter().find(|package| package.name.as_str() == place.name).unwrap();
        let direct = normal_dependencies(&metadata, &package.id);
        for (name, _) in &direct {
            if ours.contains(name) && !place.ours.contains(name) {
                wrong.push(format!("{} may not use our {name}", place.name));
            }
            if place.never_directly.contains(name) {
                wrong.push(format!("{} may not name {name}", place.name));
            }
        }
        for (name, through) in all_dependencies(&metadata, &package.id) {
            if place.never_at_all.contains(&name) {
                wrong.push(format!("{} may not contain {name}, which comes through {through}", place.name));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Names and ids of what a package links, build scripts and tests aside.
fn normal_dependencies<'a>(metadata: &'a Metadata, id: &PackageId) -> Vec<(&'a str, &'a PackageId)> {
    let node = metadata.resolve.as_ref().unwrap().nodes.iter().find(|node| node.id == *id).unwrap();
    node.deps
        .iter()
        .filter(|dependency| dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal))
        .map(|dependency| (metadata[&dependency.pkg].name.as_str(), &dependency.pkg))
        .collect()
}

/// Everything a package links, with the one through which it was found first.
fn all_dependencies<'a>(metadata: &'a Metadata, id: &PackageId) -> BTreeMap<&'a str, &'a str> {
    let mut found = BTreeMap::new();
    let mut open = normal_dependencies(metadata, id).into_iter().map(|(name, id)| (name, id, name)).collect::<Vec<_>>();
    let mut seen = BTreeSet::new();
    while let Some((name, id, through)) = open.pop() {
        if seen.insert(id) {
            found.entry(name).or_insert(through);
            open.extend(normal_dependencies(metadata, id).into_iter().map(|(next, id)| (next, id, name)));
        }
    }
    found
}

#[test]
fn one_file_of_the_ui_speaks_to_the_program() {
    let importers: Vec<String> =
        ui_sources().filter(|(_, text)| text.contains("@tauri-apps/")).map(|(path, _)| path).collect();
    assert_eq!(importers, ["ui/src/platform.ts"]);
}

/// Which state a case is in and who looks at it is decided by rules; the screen only draws what they allow.
#[test]
fn the_ui_decides_nothing_by_state_or_role() {
    let states = domain::case::State::ALL.iter().map(|state| serde_json::to_value(state).unwrap());
    let roles = domain::people::Role::ALL.iter().map(|role| serde_json::to_value(role).unwrap());
    let names: Vec<String> = states.chain(roles).map(|name| name.as_str().unwrap().to_owned()).collect();
    let deciding = ["===", "!==", "case ", "{#if", "if (", "{:else if"];
    let mut wrong = Vec::new();
    for (path, text) in ui_sources() {
        let made = path.starts_with("ui/src/gen/") || path.starts_with("ui/src/text/") || path.contains(".test.");
        for (number, line) in text.lines().enumerate().filter(|_| !made) {
            let names_one = names
                .iter()
                .any(|name| ["'", "\"", "`"].iter().any(|quote| line.contains(&format!("{quote}{name}{quote}"))));
            if names_one && deciding.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "ask the view what is allowed instead of comparing a state or a role");
}

#[test]
fn sql_stands_only_where_the_data_is_kept() {
    let verbs = ["SELECT ", "INSERT INTO ", "INSERT OR ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];
    let mut wrong = Vec::new();
    for (path, text) in sources(&["crates", "src-tauri"], &["rs"]).filter(|(path, _)| is_program(path)) {
        let home = ["crates/server/src/db", "crates/store/"].iter().any(|home| path.starts_with(home));
        for (number, line) in text.lines().enumerate().filter(|_| !home) {
            let code = line.split("//").next().unwrap_or_default();
            let quoted = code
                .split('"')
                .skip(1)
                .step_by(2)
                .any(|text| verbs.iter().any(|verb| text.trim_start().starts_with(verb)));
            if quoted || code.contains("sqlx::query") {
                wrong.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

/// Tests and benchmarks look at a database from outside; programs do not.
fn is_program(path: &str) -> bool {
    !["/tests/", "/benches/"].iter().any(|folder| path.contains(folder))
}

#[test]
fn the_database_knows_nothing_of_http() {
    let wrong: Vec<String> = rust_sources()
        .filter(|(path, text)| path.starts_with("crates/server/src/db") && text.contains("axum"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// A skipped test looks like a passed one to whoever reads only the last line.
#[test]
fn no_test_is_switched_off_and_no_promise_is_left_in_the_code() {
    // Put together here, so that this file does not find itself.
    let banned = [
        ["#[ig", "nore"].concat(),
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        [".sk", "ip("].concat(),
        [".on", "ly("].concat(),
    ];
    let mut wrong = Vec::new();
    for (path, text) in rust_sources().chain(ui_sources()) {
        for (number, line) in text.lines().enumerate() {
            // `skip` is an ordinary word of Rust's iterators and a switch only in the UI's tests.
            let words = if path.ends_with(".rs") { &banned[..3] } else { &banned[..] };
            if words.iter().any(|word| line.contains(word.as_str())) {
                wrong.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn both_databases_of_the_service_have_the_same_migrations() {
    let names =
        |folder: &str| -> BTreeSet<String> { files(&root().join(folder)).iter().map(|path| file_name(path)).collect() };
    let sqlite = names("migrations/server-sqlite");
    assert_eq!(sqlite, names("migrations/server-postgres"));
    assert!(!sqlite.is_empty(), "the service has a schema");
}

/// Programs inside npm packages come one package per system. A lock file written on one system may leave the others out, and
/// then `npm ci` fails everywhere.
#[test]
fn the_lock_file_of_the_ui_serves_every_system() {
    let text = fs::read_to_string(root().join("ui/package-lock.json")).unwrap();
    let lock: serde_json::Value = serde_json::from_str(&text).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    let missing: Vec<&String> = packages
        .values()
        .filter_map(|package| package["optionalDependencies"].as_object())
        .flat_map(|optional| optional.keys())
        .filter(|name| !packages.keys().any(|path| path.ends_with(&format!("node_modules/{name}"))))
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn documents_name_files_that_exist() {
    let mut missing = Vec::new();
    let mut read = 0;
    for document in documents() {
        let text = fs::read_to_string(root().join(&document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        for path in text.split('`').skip(1).step_by(2).filter_map(named_path) {
            read += 1;
            if !root().join(path).exists() {
                missing.push(format!("{document} names {path}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    assert!(read > 0, "the documents name no file at all: the reader of paths is broken");
}

#[test]
fn paths_are_told_from_other_words() {
    let table = [
        ("crates/domain/src/lib.rs", Some("crates/domain/src/lib.rs")),
        ("crates/desktop/src/cases.rs :: open", Some("crates/desktop/src/cases.rs")),
        ("forms/<form-id>/v<N>/form.toml", Some("forms/")),
        ("ui/src/form/fields/*.svelte", Some("ui/src/form/fields/")),
        ("docs/", Some("docs/")),
        ("ui/dist", None),
        ("/v1/changes", None),
        ("text/plain", None),
        ("cargo xtask run", None),
    ];
    for (words, path) in table {
        assert_eq!(named_path(words), path, "{words}");
    }
}

/// Folders of this project that a document may speak of; what is built or installed into them is not checked.
const FOLDERS: &[&str] = &[
    ".cargo",
    ".ci",
    ".config",
    "crates",
    "docs",
    "forms",
    "icons",
    "isolation",
    "migrations",
    "policy",
    "src-tauri",
    "tests",
    "ui",
];
const MADE: &[&str] = &["ui/dist", "ui/node_modules"];

/// The path that words in backticks name, up to its first placeholder.
fn named_path(words: &str) -> Option<&str> {
    let word = words.split_whitespace().next()?.trim_end_matches([',', '.', ':', ';']);
    let (first, _) = word.split_once('/')?;
    if !FOLDERS.contains(&first) || MADE.iter().any(|made| word.starts_with(made)) {
        return None;
    }
    match word.find(['<', '*', '…', '{', '[', '(']) {
        Some(placeholder) => word[..placeholder].rfind('/').map(|end| &word[..=end]),
        None => Some(word),
    }
}

fn documents() -> Vec<String> {
    let mut documents: Vec<String> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(String::from).to_vec();
    documents.extend(files(&root().join("docs")).iter().map(|path| shown(path)).filter(|path| path.ends_with(".md")));
    documents
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Path from the root, and text, of everything written by hand in Rust.
fn rust_sources() -> impl Iterator<Item = (String, String)> {
    sources(&["crates", "src-tauri", "tests"], &["rs"])
}

fn ui_sources() -> impl Iterator<Item = (String, String)> {
    sources(&["ui/src"], &["ts", "svelte", "js"])
}

fn sources(folders: &[&str], endings: &'static [&'static str]) -> impl Iterator<Item = (String, String)> {
    let all: Vec<PathBuf> = folders.iter().flat_map(|folder| files(&root().join(folder))).collect();
    assert!(!all.is_empty(), "{folders:?} hold no file: these tests look in the wrong place");
    all.into_iter()
        .filter(move |path| path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)))
        .map(|path| (shown(&path), fs::read_to_string(&path).unwrap()))
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
