//! For a person who writes a form pack: judges its samples and sets its paper from the files as they are on the disk, so that
//! nothing has to be compiled between two looks.
//!
//! `cargo run -p print --example pack -- forms/plc_report/v111 target/pack` says of each sample what differs from what it
//! expects, and writes `<sample>.pdf` and `<sample>-<page>.png` (100 dots per inch) into the folder. Paths are seen from the
//! root of the project.

use anyhow::{Context as _, Result, bail, ensure};
use domain::{
    form::{Answers, FormDef, Packs, check},
    policy::Policy,
    time::PlanYear,
};
use print::{Fonts, Header, PrintRequest, Tag, Typeface, render_with};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn main() -> Result<()> {
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [pack, out] = args.as_slice() else {
        bail!("usage: pack FORM-FOLDER OUT-FOLDER, e.g. forms/plc_report/v111 target/pack")
    };
    fs::create_dir_all(out)?;
    let form_file = pack.join("form.toml");
    let name = form_file.to_string_lossy().replace('\\', "/");
    let text = fs::read_to_string(&form_file).with_context(|| name.clone())?;
    let policy_files = policy_files()?;
    let policy_files: Vec<(&str, &str)> =
        policy_files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let packs = Packs::parse(&[(&name, &text)], &policy_files)?;
    let (form, _) = packs.all().next().context("one form was read")?;
    let layout = fs::read_to_string(pack.join("print.typ")).ok();
    if layout.is_none() {
        println!("no print.typ yet: samples are judged only");
    }
    let fonts = fonts()?;
    let mut wrong = 0;
    for file in files(&pack.join("samples"))?.iter().filter(|file| file.extension().is_some_and(|kind| kind == "json"))
    {
        let sample: Value =
            serde_json::from_str(&fs::read_to_string(file)?).with_context(|| file.display().to_string())?;
        let policy = packs.policy(PlanYear(form.plan_year), sample["county"].as_str());
        wrong += usize::from(!judge(form, file, &sample, &policy)?);
        if let Some(layout) = &layout {
            let pages =
                picture(&fonts, form, &sample, &policy, layout, &out.join(file.file_stem().unwrap_or_default()));
            match pages {
                Ok(said) => println!("  {said}"),
                Err(why) => {
                    wrong += 1;
                    println!("  NOT SET: {why:#}");
                }
            }
        }
    }
    ensure!(wrong == 0, "{wrong} things differ");
    Ok(())
}

/// Says what differs between what a sample expects and what is found.
fn judge(form: &FormDef, file: &Path, sample: &Value, policy: &Policy) -> Result<bool> {
    let answers: Answers = serde_json::from_value(sample["answers"].clone())?;
    let checked = check(form, answers, policy);
    let mut found: Vec<String> = checked.problems.iter().map(|one| format!("{} {}", one.field, one.code)).collect();
    let expected = sample["expected"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let mut expected: Vec<String> =
        expected.iter().map(|one| format!("{} {}", text(&one["field"]), text(&one["code"]))).collect();
    found.sort();
    expected.sort();
    let mut right = found == expected;
    println!("{}: {}", file.display(), if right { "as expected" } else { "DIFFERS" });
    for extra in found.iter().filter(|one| !expected.contains(one)) {
        println!("  found, not expected: {extra}");
    }
    for missing in expected.iter().filter(|one| !found.contains(one)) {
        println!("  expected, not found: {missing}");
    }
    if sample["complete"].as_bool() != Some(checked.is_complete()) {
        right = false;
        println!("  complete is {} here", checked.is_complete());
    }
    for (key, value) in sample["computed"].as_object().into_iter().flatten() {
        if checked.computed.get(key) != Some(value) {
            right = false;
            println!("  computed {key} is {}", checked.computed.get(key).unwrap_or(&Value::Null));
        }
    }
    Ok(right)
}

fn picture(fonts: &Fonts, form: &FormDef, sample: &Value, policy: &Policy, layout: &str, to: &Path) -> Result<String> {
    let answers: Answers = serde_json::from_value(sample["answers"].clone())?;
    let checked = check(form, answers, policy);
    let computed: BTreeMap<String, Value> = checked.computed;
    let request = PrintRequest {
        form,
        answers: &checked.answers,
        computed: &computed,
        policy,
        header: Header { plan_year: form.plan_year, county: "連江縣", school: "縣立介壽國(中)小" },
        tag: Tag::Draft,
        typeface: Typeface::Serif,
    };
    let printed = render_with(fonts, &request, layout)?;
    let pdf = to.with_extension("pdf");
    fs::write(&pdf, &printed.pdf)?;
    let drawn = Command::new("pdftoppm").args(["-r", "100", "-png"]).arg(&pdf).arg(to).status();
    let drawn =
        if drawn.is_ok_and(|status| status.success()) { "pictures beside it" } else { "no pdftoppm, no pictures" };
    let missing = printed.missing_glyphs.join(" ");
    Ok(format!(
        "{}: {} pages, {} bytes, {} sign cells, {drawn}{}",
        pdf.display(),
        printed.layout.pages,
        printed.pdf.len(),
        printed.layout.sign_cells.len(),
        if missing.is_empty() { String::new() } else { format!(", no glyph for {missing}") },
    ))
}

fn policy_files() -> Result<Vec<(String, String)>> {
    let read = |file: PathBuf| Ok((file.to_string_lossy().replace('\\', "/"), fs::read_to_string(&file)?));
    files(Path::new("policy"))?.into_iter().map(read).collect()
}

fn fonts() -> Result<Fonts> {
    let folder = std::env::var_os("PROTEACHER_FONTS").map_or_else(|| PathBuf::from(".build/fonts"), PathBuf::from);
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(next) = folders.pop() {
        for path in files(&next)? {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "ttf") {
                found.push(fs::read(path)?);
            }
        }
    }
    Ok(Fonts::load(found)?)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    Ok(files)
}
