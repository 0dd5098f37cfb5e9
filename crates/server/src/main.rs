//! `proteacher-server`: reads settings and words of the command line, and starts what they ask for.

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Parser, Subcommand, ValueEnum};
use domain::people::{Actor, Person, Role, School};
use server::{
    Clock, Service,
    config::Config,
    db::{self, accounts::NewAccount, audit::Verdict},
};
use std::{io::Read as _, sync::Arc};

/// The shortest password an office may set.
const SHORTEST_PASSWORD: usize = 8;

/// The central service of 教專通.
#[derive(Parser)]
#[command(version)]
struct Words {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Serves until it is told to stop
    Serve {
        /// With people whose password is `demo`; for this machine only
        #[arg(long)]
        demo: bool,
    },
    /// Brings the database to this program's form
    Migrate,
    /// Looks after accounts and the log
    Admin {
        #[command(subcommand)]
        what: Admin,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Makes an account; its password is read from standard input
    AddAccount(AddAccount),
    /// Gives an account another password, read from standard input, and ends its sessions
    ResetPassword {
        /// The account's name
        account: String,
    },
    /// Writes the texts of messages in force, as a file that PROTEACHER_NOTICES can name
    Notices,
    /// Says how many mails wait and which failed
    Mails {
        /// Puts those that failed back into the queue
        #[arg(long)]
        retry: bool,
    },
    /// Checks that nothing in the log of acts was changed or left out
    VerifyLog,
}

#[derive(clap::Args)]
struct AddAccount {
    /// What is typed at the sign-in
    account: String,
    /// The shown name
    #[arg(long)]
    name: String,
    /// The part it plays
    #[arg(long, value_enum)]
    role: RoleWord,
    /// 學校代碼, for teachers, principals and schools
    #[arg(long, requires_all = ["school_name", "county"])]
    school_code: Option<String>,
    /// 學校全銜
    #[arg(long)]
    school_name: Option<String>,
    /// 縣市, for schools and counties
    #[arg(long)]
    county: Option<String>,
    /// For forms that ask
    #[arg(long)]
    email: Option<String>,
    /// For forms that ask
    #[arg(long)]
    phone: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleWord {
    Teacher,
    Principal,
    School,
    County,
    Reviewer,
    Ministry,
    Platform,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Teacher => Self::Teacher,
            RoleWord::Principal => Self::Principal,
            RoleWord::School => Self::School,
            RoleWord::County => Self::County,
            RoleWord::Reviewer => Self::Reviewer,
            RoleWord::Ministry => Self::Ministry,
            RoleWord::Platform => Self::Platform,
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("PROTEACHER_LOG").unwrap_or_else(|_| "info,sqlx=warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let words = Words::parse();
    let demo = matches!(words.what, What::Serve { demo: true });
    let config = Config::read(|name| std::env::var(name).ok(), demo)?;
    match words.what {
        What::Serve { .. } => serve(config).await,
        What::Migrate => {
            server::open_database(&config.database_url, clock()()).await?.0.close().await;
            Ok(())
        }
        What::Admin { what } => admin(config, what).await,
    }
}

fn clock() -> Clock {
    Arc::new(chrono::Utc::now)
}

async fn serve(config: Config) -> Result<()> {
    let listen = config.listen;
    if config.mail.is_none() {
        tracing::info!("PROTEACHER_SMTP_URL is not set: messages are shown in the program and not sent as mail");
    }
    let service = Service::open(config, clock()).await?;
    let listener = tokio::net::TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    Ok(service.serve(listener, told_to_stop()).await?)
}

/// Until ctrl-c, or on Unix the signal with which a system stops its services.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).expect("the runtime handles signals");
        tokio::select! {
            result = tokio::signal::ctrl_c() => result.expect("the runtime handles signals"),
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.expect("the runtime handles signals");
}

async fn admin(config: Config, what: Admin) -> Result<()> {
    let now = clock()();
    if matches!(what, Admin::Notices) {
        print!("{}", server::notice_texts(config.notices.as_deref())?.as_toml());
        return Ok(());
    }
    let (db, _) = server::open_database(&config.database_url, now).await?;
    match what {
        Admin::AddAccount(words) => {
            let actor = actor(&words)?;
            let password_hash = hash_of_stdin(&config).await?;
            let new = NewAccount { account: words.account, actor, password_hash };
            ensure!(db::accounts::add(&db, &[new], now).await? == 1, "an account of this name exists already");
        }
        Admin::ResetPassword { account } => {
            let hash = hash_of_stdin(&config).await?;
            ensure!(db::accounts::reset_password(&db, &account, &hash, now).await?, "there is no account of this name");
        }
        Admin::Notices => unreachable!("written above, without a database"),
        Admin::Mails { retry } => mails(&db, retry, now).await?,
        Admin::VerifyLog => match db::audit::verify(&db).await? {
            Verdict::Whole { entries } => println!("{entries} entries, nothing changed and nothing missing"),
            Verdict::Broken { at } => bail!("entry {at} was changed, or one before it is missing"),
            Verdict::EventChanged { at } => bail!("the event of entry {at} is not what was logged"),
            Verdict::RulesChanged { at } => bail!("a county's rules are not what entry {at} says they were"),
            Verdict::RulesUnknown => bail!("there are rules of a county that were never logged"),
            Verdict::EventUnknown => bail!("a case has an event that was never logged"),
        },
    }
    db.close().await;
    Ok(())
}

async fn mails(db: &db::Db, retry: bool, now: domain::time::Timestamp) -> Result<()> {
    if retry {
        println!("{} put back into the queue", db::mail::retry_failed(db, now).await?);
    }
    let (waiting, failed) = db::mail::counts(db).await?;
    println!("{waiting} waiting, {failed} failed");
    for (account, at, reason) in db::mail::failed(db).await? {
        println!("{} {account}: {reason}", at.format("%Y-%m-%d %H:%MZ"));
    }
    Ok(())
}

fn actor(words: &AddAccount) -> Result<Actor> {
    let role = Role::from(words.role);
    let school = match (&words.school_code, &words.school_name, &words.county) {
        (Some(code), Some(name), Some(county)) => {
            Some(School { code: code.clone(), name: name.clone(), county: county.clone() })
        }
        _ => None,
    };
    let at_school = matches!(role.part(), Role::Teacher | Role::School);
    ensure!(!at_school || school.is_some(), "this role needs --school-code, --school-name and --county");
    ensure!(role != Role::County || words.county.is_some(), "this role needs --county");
    Ok(Actor {
        person: Person { id: uuid::Uuid::now_v7().into(), name: words.name.clone() },
        role,
        school,
        county: words.county.clone(),
        email: words.email.clone(),
        phone: words.phone.clone(),
    })
}

async fn hash_of_stdin(config: &Config) -> Result<String> {
    let mut password = String::new();
    std::io::stdin().read_to_string(&mut password).context("the password is read from standard input")?;
    let password = password.trim_end_matches(['\r', '\n']);
    ensure!(
        password.chars().count() >= SHORTEST_PASSWORD,
        "the password has fewer than {SHORTEST_PASSWORD} characters"
    );
    Ok(server::auth::Hashing::new(config.hash_cost)?.hash(password).await?)
}
