//! For a person who makes next year's form: says in what two versions of a form differ, options of the year included, and what
//! becomes of a draft that was begun in the earlier one.
//!
//! `cargo run -p print --example versions -- forms/plc_application/v110 forms/plc_application/v111`; paths are seen from the root
//! of the project. `cargo xtask form-version FORM [PLAN-YEAR]` calls it.

use anyhow::{Context as _, Result, bail, ensure};
use domain::{
    form::{Answers, FieldDef, FieldKind, FormDef, Level, Opt, Options, Packs, check, compare, migrate},
    policy::Policy,
    time::PlanYear,
};
use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<()> {
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [before, after] = args.as_slice() else {
        bail!(
            "usage: versions FORM-FOLDER-BEFORE FORM-FOLDER-AFTER, e.g. forms/plc_application/v110 forms/plc_application/v111"
        )
    };
    let texts = [text(&before.join("form.toml"))?, text(&after.join("form.toml"))?];
    let policy_files = policy_files()?;
    let policy_files: Vec<(&str, &str)> =
        policy_files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let forms: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let packs = Packs::parse(&forms, &policy_files)?;
    let versions: Vec<&FormDef> = packs.all().map(|(form, _)| form).collect();
    let [old, new] = versions.as_slice() else { bail!("these are not two versions of one form") };
    ensure!(old.id == new.id, "these are two forms: {} and {}", old.id, new.id);
    let policy = |form: &FormDef| packs.policy(PlanYear(form.plan_year), None);
    say_differences(old, new, &policy(old), &policy(new));
    for file in samples(before)? {
        say_migrated(old, new, &policy(new), &file)?;
    }
    Ok(())
}

fn say_differences(old: &FormDef, new: &FormDef, before: &Policy, after: &Policy) {
    println!("{} v{} → v{}", new.id, old.version, new.version);
    let found = compare(old, new);
    found.iter().for_each(|difference| println!("  {difference}"));
    let mut lists = BTreeSet::new();
    new.fields().for_each(|field| list_names(field, &mut lists));
    let mut same = found.is_empty();
    for list in lists {
        for line in options_changed(before.list(list), after.list(list)) {
            same = false;
            println!("  {list}: {line}");
        }
    }
    if same {
        println!("  no difference");
    }
}

/// `+` a new option, `-` one that is gone, `~` one that has another label now.
fn options_changed(before: &[Opt], after: &[Opt]) -> Vec<String> {
    let had = |zh: &String| before.iter().any(|option| option.zh == *zh);
    let mut lines = Vec::new();
    let mut renamed = BTreeSet::new();
    for option in after.iter().filter(|option| !had(&option.zh)) {
        match option.was.iter().find(|was| had(was)) {
            Some(was) => {
                renamed.insert(was);
                lines.push(format!("~ {was} → {}", option.zh));
            }
            None => lines.push(format!("+ {}", option.zh)),
        }
    }
    let gone = |option: &&Opt| after.iter().all(|now| now.zh != option.zh) && !renamed.contains(&option.zh);
    lines.extend(before.iter().filter(gone).map(|option| format!("- {}", option.zh)));
    lines
}

fn list_names<'a>(field: &'a FieldDef, found: &mut BTreeSet<&'a str>) {
    match &field.kind {
        FieldKind::Choice { options: Options::Policy { list } }
        | FieldKind::Choices { options: Options::Policy { list } }
        | FieldKind::PerItem { items: Options::Policy { list }, .. } => {
            found.insert(list);
        }
        FieldKind::Rows { fields, .. } | FieldKind::Group { fields } => {
            fields.iter().for_each(|field| list_names(field, found));
        }
        _ => {}
    }
}

/// A sample of the earlier version, seen through the later one.
fn say_migrated(old: &FormDef, new: &FormDef, policy: &Policy, file: &Path) -> Result<()> {
    let sample: Value = serde_json::from_str(&fs::read_to_string(file)?).with_context(|| file.display().to_string())?;
    let answers: Answers = serde_json::from_value(sample["answers"].clone())?;
    let total = answers.0.len();
    let migrated = migrate(new, &[old], policy, answers);
    let kept = migrated.answers.0.len();
    let checked = check(new, migrated.answers, policy);
    let errors = checked.problems.iter().filter(|problem| problem.level == Level::Error);
    let errors: Vec<String> = errors.map(|problem| format!("{} {}", problem.field, problem.code)).collect();
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    println!("draft like {name}: {kept} of {total} answers carried over");
    for key in migrated.left_out.keys() {
        println!("  left out, kept in the store: {key}");
    }
    for error in errors.iter().take(10) {
        println!("  to do in v{}: {error}", new.version);
    }
    if let Some(more) = errors.len().checked_sub(10).filter(|more| *more > 0) {
        println!("  and {more} more");
    }
    Ok(())
}

fn text(file: &Path) -> Result<(String, String)> {
    let name = file.to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(file).with_context(|| name.clone())?;
    Ok((name, text))
}

fn policy_files() -> Result<Vec<(String, String)>> {
    let entries = fs::read_dir("policy").context("policy/, seen from the root of the project")?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    files.iter().map(|file| text(file)).collect()
}

fn samples(pack: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(pack.join("samples")).with_context(|| pack.display().to_string())?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|kind| kind == "json"));
    files.sort();
    Ok(files)
}
