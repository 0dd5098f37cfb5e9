//! The calls, each a use case of `desktop` and the exit code of what became of it.

use crate::{Arguments, BlankFormat, Call, CaseCall, ProcessName, ask, show};
use desktop::{Config, Desktop, World, find_fonts};
use serde::Serialize;
use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};
use wire::{
    Code, Failure,
    exports::{ListExport, ListKind},
    rpc::{CaseAct, FormOf, SaveDraft, ScanAttach, SignInRequest, UnlockRequest},
    views::{CaseQuery, ConvenerChoice, FileKind},
};

/// What a call came to.
struct Done {
    json: Value,
    text: String,
    exit: u8,
}

fn done(json: &impl Serialize, text: impl Into<String>) -> Result<Done, Failure> {
    let json = serde_json::to_value(json).map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
    Ok(Done { json, text: text.into(), exit: 0 })
}

/// Runs a call and says what came of it.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    let wants_json = arguments.json;
    match call(arguments).await {
        Ok(done) => {
            say(&if wants_json { done.json.to_string() } else { done.text });
            ExitCode::from(done.exit)
        }
        Err(failure) => {
            if wants_json {
                say(&json!(failure).to_string());
            }
            eprintln!("{}", show::failure(&failure));
            ExitCode::from(exit_of(failure.code))
        }
    }
}

/// Writes to stdout. A reader that went away early (`| head`) is no fault of ours.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The exit code that goes with a refusal.
fn exit_of(code: Code) -> u8 {
    match code {
        Code::Offline => 5,
        Code::AnswersIncomplete | Code::NotPrintable => 3,
        Code::BadId | Code::BadRequest | Code::UnknownForm | Code::UnknownAction | Code::UnknownProcess => 2,
        Code::FileAccess
        | Code::DiskFull
        | Code::FontsMissing
        | Code::Internal
        | Code::StoreBusy
        | Code::StoreDamaged
        | Code::StoreTooNew
        | Code::Locked
        | Code::WrongPassphrase => 1,
        _ => 4,
    }
}

async fn call(arguments: Arguments) -> Result<Done, Failure> {
    match &arguments.call {
        Call::Forms => {
            let forms = Desktop::form_entries();
            return done(&forms, show::forms(&forms));
        }
        Call::Check { form, answers } => {
            let checked = Desktop::check_form(form, read_json(answers)?)?;
            let mut done = done(&checked, show::problems(&checked.problems))?;
            done.exit = if checked.complete { 0 } else { 3 };
            return Ok(done);
        }
        _ => {}
    }
    let desktop = start(&arguments).await?;
    match arguments.call {
        Call::Print { form, answers, o } => {
            let printed = desktop.print_draft(&form, read_json(&answers)?, &o).await?;
            printed_done(&printed)
        }
        Call::Blank { form, format, o } => {
            let kind = match format {
                BlankFormat::Pdf => FileKind::Pdf,
                BlankFormat::Odt => FileKind::Odt,
                BlankFormat::Docx => FileKind::Docx,
            };
            let written = desktop.write_blank(&form, kind, &o).await?;
            // A word processor makes the pages of an ODT or a DOCX.
            let pages = (kind == FileKind::Pdf).then_some(written.pages);
            let text = format!("{}，{} 位元組", o.display(), written.bytes);
            done(&json!({ "pages": pages, "bytes": written.bytes }), text)
        }
        Call::SignIn { account } => sign_in(&desktop, account).await,
        Call::Scan { files, o, print } => scan(&desktop, &files, &o, print).await,
        Call::SignOut => {
            unlock(&desktop).await?;
            desktop.sign_out_here().await?;
            forget_account(&desktop);
            done(&json!({ "signed_out": true }), "已登出")
        }
        Call::Whoami => {
            unlock(&desktop).await?;
            let session = desktop.session().await?;
            let text = session.actor.as_ref().map_or(String::new(), |actor| actor.person.name.clone());
            done(&session.actor, text)
        }
        Call::Sync => {
            unlock(&desktop).await?;
            let report = desktop.run_sync().await?;
            let text = format!(
                "已送出 {}，收到 {}，未被接受 {}，兩邊都改過 {}",
                report.sent, report.received, report.refused, report.conflicts
            );
            done(&report, text)
        }
        Call::Case(case) => {
            unlock(&desktop).await?;
            case_call(&desktop, case).await
        }
        Call::Forms | Call::Check { .. } | Call::ScanReader => {
            Err(Failure::new(Code::Internal, "this call was answered before"))
        }
    }
}

async fn case_call(desktop: &Desktop, call: CaseCall) -> Result<Done, Failure> {
    let view = match call {
        CaseCall::New { process: ProcessName::Plc } => desktop.new_plc_case().await?,
        CaseCall::List { export: Some(path) } => {
            let kind = match path.extension().and_then(|ending| ending.to_str()) {
                Some("xlsx") => ListKind::Xlsx,
                Some("csv") => ListKind::Csv,
                _ => return Err(Failure::new(Code::BadRequest, "a list is written as .xlsx or .csv")),
            };
            let path = path.display().to_string();
            let written = desktop.export_list(&ListExport { query: CaseQuery::default(), kind, path }).await?;
            return done(&written, format!("{}，{} 件", written.path, written.rows));
        }
        CaseCall::List { export: None } => {
            let list = desktop.list_cases(&CaseQuery { limit: 100_000, ..CaseQuery::default() }).await?;
            return done(&list.rows, show::cases(&list.rows));
        }
        CaseCall::Show { id } => desktop.open_case(parse(&id)?).await?,
        CaseCall::Set { id, form, answers } => {
            let (case, form) = (parse(&id)?, form_id(&form)?);
            let changes = desktop.changes_to(case, &form, read_json(&answers)?).await?;
            desktop.save_draft(SaveDraft { case, form: form.clone(), changes }).await?;
            desktop.keep_draft(&FormOf { case, form }).await?;
            desktop.open_case(case).await?
        }
        CaseCall::Print { id, form, o } => {
            let case = parse(&id)?;
            let printed = desktop.print(&FormOf { case, form: form_id(&form)? }, Some(o)).await?;
            if !printed.missing_glyphs.is_empty() {
                eprintln!("這些字印不出來：{}", printed.missing_glyphs.join("、"));
            }
            desktop.open_case(case).await?
        }
        CaseCall::Attach { id, form, files } => {
            let paths = files.iter().map(|file| file.display().to_string()).collect();
            let attach = ScanAttach { case: parse(&id)?, form: form_id(&form)?, paths, files: Vec::new() };
            desktop.attach_scan(&attach).await?.case
        }
        CaseCall::Act { id, action, reason, to, amount } => {
            let action = serde_json::from_value(json!(action))
                .map_err(|_| Failure::with(Code::UnknownAction, json!({ "action": action }), "no such act"))?;
            let case = parse(&id)?;
            let to = match to {
                Some(to) => Some(new_convener(desktop, &id, &to).await?.person),
                None => None,
            };
            let consent = reason.clone().filter(|_| to.is_some());
            desktop.act(CaseAct { case, action, reason, amount, to, consent, reviewers: Vec::new() }).await?
        }
    };
    done(&view, show::case(&view))
}

/// The person of this account or id among those whom the school can choose.
async fn new_convener(desktop: &Desktop, case: &str, named: &str) -> Result<ConvenerChoice, Failure> {
    let choices = desktop.convener_choices(parse(case)?).await?;
    let found = choices.rows.into_iter().find(|row| row.account == named || row.person.id.to_string() == named);
    found.ok_or_else(|| Failure::new(Code::NotFound, "nobody of this account can be chosen"))
}

async fn start(arguments: &Arguments) -> Result<Desktop, Failure> {
    let data = match &arguments.data {
        Some(data) => data.clone(),
        None => desktop::default_data_folder()
            .ok_or_else(|| Failure::new(Code::FileAccess, "this system names no data folder; use --data"))?,
    };
    let program = std::env::current_exe().map_err(|error| Failure::new(Code::Internal, error.to_string()))?;
    let config = Config {
        data,
        server: arguments.server.trim_end_matches('/').to_owned(),
        passphrase: std::env::var("PROTEACHER_PASSPHRASE").ok().filter(|passphrase| !passphrase.is_empty()),
        fonts: find_fonts(None),
        reader: desktop::ReaderProgram { program, args: vec!["scan-reader".to_owned()] },
        keyring: std::env::var_os("PROTEACHER_PASSPHRASE").is_none(),
    };
    Desktop::start(config, World::real()).await
}

async fn sign_in(desktop: &Desktop, account: String) -> Result<Done, Failure> {
    let password = ask::secret("密碼：").map_err(|error| Failure::new(Code::BadRequest, error.to_string()))?;
    desktop.sign_in_with(SignInRequest { account: account.clone(), password }).await?;
    remember_account(desktop, &account)?;
    if let Err(failure) = desktop.run_sync().await {
        eprintln!("{}", show::failure(&failure));
    }
    let session = desktop.session().await?;
    let name = session.actor.as_ref().map_or(String::new(), |actor| actor.person.name.clone());
    done(&session.actor, format!("已登入：{name}"))
}

/// Opens the store of whoever signed in here last.
async fn unlock(desktop: &Desktop) -> Result<(), Failure> {
    let account = std::fs::read_to_string(account_file(desktop))
        .map_err(|_| Failure::new(Code::NotSignedIn, "sign in first: proteacher sign-in --account NAME"))?;
    let request = |passphrase| UnlockRequest { account: account.trim().to_owned(), passphrase };
    match desktop.unlock_with(request(None)).await {
        Err(failure) if failure.code == Code::WrongPassphrase && ask::has_person() => {
            let passphrase = ask::secret("這台電腦上的密碼：").map_err(|_| failure)?;
            desktop.unlock_with(request(Some(passphrase))).await
        }
        other => other,
    }
}

fn account_file(desktop: &Desktop) -> PathBuf {
    desktop.data_folder().join("command-line-account")
}

fn remember_account(desktop: &Desktop, account: &str) -> Result<(), Failure> {
    std::fs::write(account_file(desktop), account).map_err(|error| Failure::new(Code::FileAccess, error.to_string()))
}

fn forget_account(desktop: &Desktop) {
    if let Err(error) = std::fs::remove_file(account_file(desktop)) {
        eprintln!("{error}");
    }
}

async fn scan(desktop: &Desktop, files: &[PathBuf], to: &Path, print: Option<Vec<String>>) -> Result<Done, Failure> {
    let layout = match print.as_deref() {
        Some([case, form]) => {
            unlock(desktop).await?;
            let of = FormOf { case: parse(case)?, form: form_id(form)? };
            Some(desktop.newest_print(&of).await?.layout)
        }
        _ => None,
    };
    let paths: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let scan = desktop.read_files(&paths, layout).await?;
    std::fs::write(to, &scan.pdf).map_err(|error| Failure::new(Code::FileAccess, error.to_string()))?;
    let text = format!("{} 頁，{} 位元組", scan.pages.len(), scan.pdf.len());
    done(&json!({ "pages": scan.pages, "bytes": scan.pdf.len() }), text)
}

fn printed_done(printed: &wire::views::Printed) -> Result<Done, Failure> {
    let json = json!({ "pages": printed.pages, "bytes": printed.bytes, "missing_glyphs": printed.missing_glyphs });
    let mut text = format!("{} 頁，{} 位元組", printed.pages, printed.bytes);
    if !printed.missing_glyphs.is_empty() {
        text = format!("{text}；這些字印不出來：{}", printed.missing_glyphs.join("、"));
    }
    done(&json, text)
}

fn read_json(path: &Path) -> Result<Value, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(drop)
    } else {
        std::fs::read_to_string(path).map(|read| text = read)
    };
    read.map_err(|error| {
        Failure::with(Code::FileAccess, json!({ "path": path.display().to_string() }), error.to_string())
    })?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| Failure::new(Code::BadRequest, format!("not JSON: {error}")))
}

fn parse<T: std::str::FromStr>(id: &str) -> Result<T, Failure> {
    id.parse().map_err(|_| Failure::with(Code::BadId, json!({ "id": id }), "not an id"))
}

fn form_id<T: std::str::FromStr>(form: &str) -> Result<T, Failure> {
    form.parse().map_err(|_| Failure::with(Code::UnknownForm, json!({ "form": form }), "not a form's id"))
}
