//! Mail for messages: what is written, when it goes out, and what happens when it does not. The queue itself is
//! `crate::db::mail`; nothing here decides who hears of what.
//!
//! A mail goes out at least once: it is marked after the next server took it. A program that is ended between the two sends it
//! again when the lease has passed, with the same Message-ID, by which the receiving side can tell that it is the same mail.

mod letter;
mod smtp;

pub use letter::{Letter, PostOffice};
pub use smtp::{BadUrl, Relay, Sender};

use crate::{
    Service,
    db::{
        self, DbError,
        mail::{End, Job},
        reminders::Due,
    },
};
use chrono::TimeDelta;
use domain::{
    form::Packs,
    notice::due_mark,
    policy::{Window, WindowKind},
    time::{PlanYear, Timestamp, taipei_day, taipei_hour},
};
use smtp::{Connection, Outcome};
use std::{fmt, time::Duration};
use tokio::{sync::watch, time::MissedTickBehavior};

/// How often a running service looks for what is due; a new mail is looked for at once.
pub const LOOKS_EVERY: Duration = Duration::from_secs(30);

/// How long a taken mail is nobody else's. Longer than sending one may take.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// The pauses between tries, in minutes; the last one repeats.
const PAUSES: [i64; 6] = [1, 5, 15, 60, 180, 360];

/// A mail that was not taken for so long is given up. Mail servers themselves try for about five days.
const GIVE_UP: TimeDelta = TimeDelta::days(5);

/// Mails that ended are forgotten after this time.
const FORGET: TimeDelta = TimeDelta::days(90);

/// A mail in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailId(pub uuid::Uuid);

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where and as whom mails are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The server that takes them.
    pub relay: Relay,
    /// The sender.
    pub from: Sender,
}

/// Looks for what is due until the service stops: for what the clock brings every half minute, for a mail that was put into the
/// queue here at once.
pub(crate) async fn keep(service: Service, every: Duration, mut stopping: watch::Receiver<bool>) {
    let mut looks = tokio::time::interval(every);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let looked = tokio::select! {
            _ = looks.tick() => round(&service).await,
            () = service.mail_queued() => deliver(&service).await,
            () = told_to_stop(&mut stopping) => return,
        };
        if let Err(error) = looked {
            tracing::warn!(%error, "mails and reminders wait for the next look");
        }
    }
}

async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    // An error means that the service is gone, which is a stop too.
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// One look: appeals whose days are over, reminders whose moment has come, daily mails that are due, and then everything in the
/// queue.
///
/// # Errors
/// The database's. What was done before stays done.
pub async fn round(service: &Service) -> Result<(), DbError> {
    crate::appeals::lapse(service).await?;
    let now = service.now();
    let sets = db::county_rules::in_force(service.db()).await?;
    let windows = |year: PlanYear, county: &str, kind| {
        let rules = sets.get(&(county.to_owned(), year));
        Packs::built_in().policy_with(year, Some(county), rules).windows.get(&kind).copied()
    };
    remind(service, now, &windows).await?;
    let today = last_daily(now, service.mail_hour());
    db::mail::put_daily(service.db(), service.office(), &today, now).await?;
    deliver(service).await
}

/// The last day (in Taipei) whose hour for daily mails has come.
pub fn last_daily(now: Timestamp, hour: u8) -> String {
    let today = taipei_day(now);
    let day = if taipei_hour(now) >= hour { Some(today) } else { today.pred_opt() };
    day.unwrap_or(today).to_string()
}

/// Reminds of every window that closes soon. `windows` says when one is open.
///
/// # Errors
/// The database's.
pub async fn remind(
    service: &Service,
    now: Timestamp,
    windows: &(dyn Fn(PlanYear, &str, WindowKind) -> Option<Window> + Sync),
) -> Result<(), DbError> {
    let marks = Packs::built_in().reminders();
    let this = service.plan_year();
    let policy = Packs::built_in().policy(this, None);
    // Reports of last year's cases may be due while next year's applications come in.
    let years = [PlanYear(this.0.saturating_sub(1)), this, PlanYear(this.0.saturating_add(1))];
    for county in policy.counties() {
        for (plan_year, kind) in years.into_iter().flat_map(|year| WindowKind::ALL.map(|kind| (year, kind))) {
            let Some(window) = windows(plan_year, county, kind) else { continue };
            let Some(days_before) = due_mark(&window, marks, service.mail_hour(), now) else { continue };
            let due = Due { kind, county, plan_year, window, days_before };
            db::reminders::remind(service.db(), service.office(), &due, now).await?;
        }
    }
    Ok(())
}

/// Sends what is due, over one connection. A server that cannot be reached ends the round.
async fn deliver(service: &Service) -> Result<(), DbError> {
    let Some(settings) = service.mail() else { return Ok(()) };
    let db = service.db();
    let mut connection: Option<Connection> = None;
    let mut ended = false;
    while !service.stopping() {
        let now = service.now();
        let Some(job) = db::mail::take(db, now, now + LEASE).await? else { break };
        let outcome = send(settings, &mut connection, &job, now).await;
        let end = end_of(&job, &outcome, service.now());
        match &end {
            End::Sent => {}
            End::Failed { reason } => tracing::warn!(mail = %job.id, reason = code_of(reason), "a mail failed"),
            End::Later { reason, .. } => {
                tracing::info!(mail = %job.id, tries = job.tries, reason = code_of(reason), "a mail waits");
            }
        }
        db::mail::end(db, &job, &end, service.now()).await?;
        service.metrics().mail(match end {
            End::Sent => "sent",
            End::Failed { .. } => "failed",
            End::Later { .. } => "postponed",
        });
        if matches!(outcome, Outcome::Down(_)) {
            break;
        }
        ended = true;
    }
    if let Some(connection) = connection {
        connection.close().await;
    }
    if ended { db::mail::forget(db, service.now() - FORGET).await } else { Ok(()) }
}

async fn send(settings: &Settings, connection: &mut Option<Connection>, job: &Job, now: Timestamp) -> Outcome {
    let Some(address) = &job.address else { return Outcome::Refused("no address is known".to_owned()) };
    let mut open = match connection.take() {
        Some(open) => open,
        None => match Connection::open(settings).await {
            Ok(open) => open,
            Err(reason) => return Outcome::Down(reason),
        },
    };
    let outcome = open.send(&settings.from, address, job.id, &job.letter, now).await;
    // A broken connection is of no more use; the next round opens another.
    if !matches!(outcome, Outcome::Down(_)) {
        *connection = Some(open);
    }
    outcome
}

fn end_of(job: &Job, outcome: &Outcome, now: Timestamp) -> End {
    match outcome {
        Outcome::Sent => End::Sent,
        Outcome::Refused(reason) => End::Failed { reason: reason.clone() },
        Outcome::Later(reason) | Outcome::Down(reason) if now - job.made_at >= GIVE_UP => {
            End::Failed { reason: format!("given up: {reason}") }
        }
        Outcome::Later(reason) | Outcome::Down(reason) => {
            let try_number = usize::try_from(job.tries).unwrap_or(usize::MAX);
            let minutes = PAUSES[try_number.saturating_sub(1).min(PAUSES.len() - 1)];
            End::Later { reason: reason.clone(), due: now + TimeDelta::minutes(minutes) }
        }
    }
}

/// The part of a reason that a log may have: a server's words after its code can repeat the address.
fn code_of(reason: &str) -> &str {
    let is_code = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    reason.split(' ').find(is_code).unwrap_or("no code")
}
