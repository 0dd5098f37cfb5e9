//! `proteacher`: the use cases of the window on a command line. One JSON document on stdout with `--json`; messages on
//! stderr. Exit codes: 0 done, 1 anything else, 2 usage, 3 problems in the answers, 4 refused, 5 offline.

mod ask;
mod run;
mod show;

use clap::{Parser, Subcommand, ValueEnum};
use std::{path::PathBuf, process::ExitCode};

/// 教專通 on the command line.
#[derive(Debug, Parser)]
#[command(name = "proteacher", version)]
struct Arguments {
    /// Folder of the local stores; default: the platform's data folder.
    #[arg(long, global = true, env = "PROTEACHER_DATA_DIR")]
    data: Option<PathBuf>,
    /// Address of the central service.
    #[arg(long, global = true, env = "PROTEACHER_SERVER_URL", default_value = "http://127.0.0.1:8787")]
    server: String,
    /// One JSON document on stdout.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    call: Call,
}

#[derive(Debug, Subcommand)]
enum Call {
    /// Lists the forms.
    Forms,
    /// Checks answers.
    Check {
        /// The form's id.
        form: String,
        /// A JSON file of answers; `-`: stdin.
        answers: PathBuf,
    },
    /// Prints answers outside a case, marked 草稿.
    Print {
        /// The form's id.
        form: String,
        /// A JSON file of answers; `-`: stdin.
        answers: PathBuf,
        /// The PDF to write.
        #[arg(short)]
        o: PathBuf,
    },
    /// Writes the empty form.
    Blank {
        /// The form's id.
        form: String,
        /// The kind of file.
        #[arg(long, default_value = "pdf")]
        format: BlankFormat,
        /// The file to write.
        #[arg(short)]
        o: PathBuf,
    },
    /// Reads a scan into one PDF under the limit.
    Scan {
        /// One PDF, or pictures in page order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The PDF to write.
        #[arg(short)]
        o: PathBuf,
        /// Look at the sign cells of this case's newest print of a form.
        #[arg(long = "for", num_args = 2, value_names = ["CASE", "FORM"])]
        print: Option<Vec<String>>,
    },
    /// Signs in; the password comes on stdin.
    SignIn {
        /// The account.
        #[arg(long)]
        account: String,
    },
    /// Ends the session.
    SignOut,
    /// Shows the account.
    Whoami,
    /// Cases.
    #[command(subcommand)]
    Case(CaseCall),
    /// Gets level with the service.
    Sync,
    /// Reads files from outside for the program itself.
    #[command(hide = true)]
    ScanReader,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum BlankFormat {
    Pdf,
    Odt,
    Docx,
}

#[derive(Debug, Subcommand)]
enum CaseCall {
    /// Opens a case.
    New {
        /// The process.
        process: ProcessName,
    },
    /// Lists the cases on this computer.
    List {
        /// Write the list into this file instead: .xlsx or .csv.
        #[arg(long)]
        export: Option<PathBuf>,
    },
    /// Shows a case.
    Show {
        /// The case.
        id: String,
    },
    /// Replaces the answers of a form.
    Set {
        /// The case.
        id: String,
        /// The form.
        form: String,
        /// A JSON file of answers; `-`: stdin.
        answers: PathBuf,
    },
    /// Prints a form for stamping.
    Print {
        /// The case.
        id: String,
        /// The form.
        form: String,
        /// The PDF to write.
        #[arg(short)]
        o: PathBuf,
    },
    /// Attaches a stamped scan, or what is enclosed with a form.
    Attach {
        /// The case.
        id: String,
        /// The form.
        form: String,
        /// One PDF, or pictures in page order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Acts on a case: submit, pass, return, …
    Act {
        /// The case.
        id: String,
        /// The act's code.
        action: String,
        /// The reason, where the act needs one; of change_convener, the reference of the county's consent.
        #[arg(long)]
        reason: Option<String>,
        /// The new convener: account or id.
        #[arg(long)]
        to: Option<String>,
        /// The approved amount in NTD.
        #[arg(long)]
        amount: Option<u32>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProcessName {
    /// 教師專業學習社群.
    Plc,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if matches!(arguments.call, Call::ScanReader) {
        return ExitCode::from(u8::try_from(scan_reader()).unwrap_or(1));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(run::run(arguments)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(1)
        }
    }
}

/// This program as the guarded reader of files from outside.
fn scan_reader() -> i32 {
    desktop::reader_main()
}
