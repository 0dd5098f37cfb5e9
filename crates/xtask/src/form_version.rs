//! `cargo xtask form-version`: next year's version of a form, begun as a copy of this year's, and what differs between the two.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::{paths, process};

/// Copies the newest version of a form to the version of `plan_year`, unless it is there; then says in what the two differ and what
/// becomes of drafts. Without a year, compares the two newest versions.
pub(crate) fn form_version(form: &str, plan_year: Option<u16>) -> Result<()> {
    let folder = paths::root().join("forms").join(form);
    ensure!(folder.is_dir(), "there is no form {form}; see forms/");
    let mut versions = versions(&folder)?;
    if let Some(year) = plan_year {
        let wanted = u32::from(year);
        if !versions.contains(&wanted) {
            let newest = *versions.last().with_context(|| format!("forms/{form} has no version"))?;
            ensure!(wanted > newest, "the newest version is {newest}; a new one comes after it");
            begin(&folder, newest, year)?;
            println!(
                "forms/{form}/v{wanted} is a copy of v{newest}: edit it, then call this again to see the differences"
            );
            versions.push(wanted);
        }
    }
    let [.., before, after] = versions.as_slice() else { bail!("forms/{form} has only one version; name a plan year") };
    let version = |number: &u32| format!("forms/{form}/v{number}");
    let arguments = ["run", "--quiet", "--package", "print", "--example", "versions", "--"];
    process::run(process::cargo(&arguments).args([version(before), version(after)]))
}

/// The numbers of the versions, oldest first.
fn versions(folder: &Path) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let name = entry?.file_name();
        found.extend(name.to_string_lossy().strip_prefix('v').and_then(|number| number.parse::<u32>().ok()));
    }
    found.sort_unstable();
    Ok(found)
}

/// Copies the pack; the copy says its own version and year.
fn begin(folder: &Path, newest: u32, year: u16) -> Result<()> {
    let (from, to) = (folder.join(format!("v{newest}")), folder.join(format!("v{year}")));
    copy(&from, &to)?;
    let file = to.join("form.toml");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    fs::write(&file, dated(&text, year)).with_context(|| file.display().to_string())
}

/// The head of a `form.toml` with another version and plan year; everything below it as it was.
fn dated(text: &str, year: u16) -> String {
    let mut in_head = true;
    let line = |line: &str| {
        in_head &= !line.starts_with('[');
        match line.split_once('=').map(|(key, _)| key.trim()) {
            Some(key @ ("version" | "plan_year")) if in_head => format!("{key} = {year}"),
            _ => line.to_owned(),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target: PathBuf = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_says_its_own_year() {
        let text = "id = \"a\"\nversion = 110\nplan_year = 110\n\n[[sections]]\nversion = 110\n";
        assert_eq!(dated(text, 112), "id = \"a\"\nversion = 112\nplan_year = 112\n\n[[sections]]\nversion = 110\n");
    }

    #[test]
    fn a_pack_is_copied_whole() {
        let folder = std::env::temp_dir().join(format!("form-version-{}", std::process::id()));
        let samples = folder.join("v110/samples");
        fs::create_dir_all(&samples).unwrap();
        fs::write(folder.join("v110/form.toml"), "version = 110\nplan_year = 110\n").unwrap();
        fs::write(samples.join("empty.json"), "{}").unwrap();
        begin(&folder, 110, 111).unwrap();
        assert_eq!(versions(&folder).unwrap(), [110, 111]);
        assert_eq!(fs::read_to_string(folder.join("v111/form.toml")).unwrap(), "version = 111\nplan_year = 111\n");
        assert_eq!(fs::read_to_string(folder.join("v111/samples/empty.json")).unwrap(), "{}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
