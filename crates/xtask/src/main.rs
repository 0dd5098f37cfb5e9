//! `cargo xtask …`: the project's own commands, the same on every system.
//!
//! Builds, starts and tests the other crates by calling cargo and npm; holds no rule of the product.

mod bench;
mod counts;
mod display;
mod form_version;
mod generate;
mod package;
mod paths;
mod postgres;
mod process;
mod run;
mod setup;
mod system;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "教專通 ProTeacher Desktop: run, test, generate, measure, package")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the UI, start a demo service on this machine and open the window, signed out
    Run {
        /// The service alone, until Ctrl-C
        #[arg(long)]
        headless: bool,
    },
    /// Every test: Rust, UI, the service on SQLite and PostgreSQL, the real window under a virtual display
    Test {
        /// Only this part; may be given several times
        #[arg(long, value_enum)]
        only: Vec<test::Part>,
    },
    /// Write the generated files: TypeScript types and client, form schema, workflow pages
    Gen {
        /// Write nothing; fail when a committed file differs from what would be written
        #[arg(long)]
        check: bool,
    },
    /// Begin the next version of a form, or compare its two newest: what differs, and what becomes of drafts
    FormVersion {
        /// The form's id, e.g. plc_application
        form: String,
        /// The plan year from which the new version holds
        plan_year: Option<u16>,
    },
    /// Run the benchmarks, or those whose name contains NAME
    Bench { name: Option<String> },
    /// Make the installers for this system
    Package,
    /// Install what a bare machine lacks and build the UI; `run`, `test` and `package` do this by themselves
    Setup,
}

fn main() -> ExitCode {
    match obey(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn obey(command: Command) -> Result<()> {
    match command {
        Command::Run { headless } => run::run(headless),
        Command::Test { only } => test::test(&only),
        Command::Gen { check } => generate::generate(check),
        Command::FormVersion { form, plan_year } => form_version::form_version(&form, plan_year),
        Command::Bench { name } => bench::bench(name.as_deref()),
        Command::Package => package::package(),
        Command::Setup => {
            setup::prepare(system::Purpose::Test)?;
            setup::build_ui()
        }
    }
}
