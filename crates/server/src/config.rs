//! Settings, read from the environment once at the start.

use crate::{auth::HashCost, mail};
use domain::time::PlanYear;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct BadSetting {
    /// The variable.
    pub name: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// How the service runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `PROTEACHER_LISTEN`: where it listens.
    pub listen: SocketAddr,
    /// `PROTEACHER_DATABASE_URL`: `sqlite://PATH` or `postgres://…`.
    pub database_url: String,
    /// `PROTEACHER_BLOBS`: the folder of uploads, as `file:///PATH`.
    pub blobs: PathBuf,
    /// `PROTEACHER_PLAN_YEAR`: the plan year that can be applied for now.
    pub plan_year: PlanYear,
    /// `PROTEACHER_BEHIND_PROXY=1`: a proxy in front of the service sets `X-Forwarded-For`, and nobody reaches the service past
    /// it. Then tries to sign in are counted by the address that the proxy saw.
    pub behind_proxy: bool,
    /// `PROTEACHER_SMTP_URL` and `PROTEACHER_MAIL_FROM`: where and as whom mails are sent; without them there are none.
    pub mail: Option<mail::Settings>,
    /// `PROTEACHER_MAIL_HOUR`: the hour of the day, in Taipei, of daily mails and reminders.
    pub mail_hour: u8,
    /// How often it is looked for mails and reminders that are due; none, in tests: when it is asked to.
    pub mail_looks: Option<Duration>,
    /// `PROTEACHER_NOTICES`: a file with texts of messages in the place of the program's own.
    pub notices: Option<PathBuf>,
    /// What hashing a password costs; smaller in tests only.
    pub hash_cost: HashCost,
    /// Demo people with a known password; only on loopback.
    pub demo: bool,
}

impl Config {
    /// Reads the settings with `var`, which answers a variable's value.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(var: impl Fn(&str) -> Option<String>, demo: bool) -> Result<Self, BadSetting> {
        let var = |name: &str| var(name).filter(|value| !value.is_empty());
        let bad = |name, reason: &str| BadSetting { name, reason: reason.to_owned() };
        let listen: SocketAddr = match var("PROTEACHER_LISTEN") {
            Some(text) => text.parse().map_err(|_| bad("PROTEACHER_LISTEN", "not an address like 127.0.0.1:8787"))?,
            None => (Ipv4Addr::LOCALHOST, 8787).into(),
        };
        if demo && !listen.ip().is_loopback() {
            return Err(bad("PROTEACHER_LISTEN", "with --demo only this machine may reach the service; use 127.0.0.1"));
        }
        let database_url = var("PROTEACHER_DATABASE_URL").unwrap_or_else(|| "sqlite://proteacher.sqlite".to_owned());
        if !["sqlite://", "postgres://", "postgresql://"].iter().any(|kind| database_url.starts_with(kind)) {
            return Err(bad("PROTEACHER_DATABASE_URL", "neither sqlite:// nor postgres://"));
        }
        let blobs = var("PROTEACHER_BLOBS").unwrap_or_else(|| "file://proteacher-blobs".to_owned());
        let Some(blobs) = blobs.strip_prefix("file://") else {
            return Err(bad("PROTEACHER_BLOBS", "only a folder, as file:///PATH, is supported by this version"));
        };
        let plan_year = match var("PROTEACHER_PLAN_YEAR") {
            Some(text) => text.parse().map_err(|_| bad("PROTEACHER_PLAN_YEAR", "not a 學年度 like 111"))?,
            None => 111,
        };
        let mail = match (var("PROTEACHER_SMTP_URL"), var("PROTEACHER_MAIL_FROM")) {
            (Some(url), Some(from)) => Some(mail::Settings {
                relay: url.parse().map_err(|error: mail::BadUrl| bad("PROTEACHER_SMTP_URL", &error.to_string()))?,
                from: from.parse().map_err(|error: mail::BadUrl| bad("PROTEACHER_MAIL_FROM", &error.to_string()))?,
            }),
            (Some(_), None) => return Err(bad("PROTEACHER_MAIL_FROM", "with a mail server, mails need a sender")),
            (None, _) => None,
        };
        let mail_hour = match var("PROTEACHER_MAIL_HOUR") {
            Some(text) => text.parse().ok().filter(|hour| *hour < 24),
            None => Some(7),
        };
        Ok(Self {
            listen,
            database_url,
            blobs: PathBuf::from(blobs),
            plan_year: PlanYear(plan_year),
            behind_proxy: var("PROTEACHER_BEHIND_PROXY").is_some_and(|value| value == "1"),
            mail,
            mail_hour: mail_hour.ok_or_else(|| bad("PROTEACHER_MAIL_HOUR", "not an hour from 0 to 23"))?,
            mail_looks: Some(mail::LOOKS_EVERY),
            notices: var("PROTEACHER_NOTICES").map(PathBuf::from),
            hash_cost: HashCost::default(),
            demo,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn read(settings: &[(&str, &str)], demo: bool) -> Result<Config, &'static str> {
        let var = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Config::read(var, demo).map_err(|bad| bad.name)
    }

    #[test]
    fn settings_are_read_or_named() {
        for (settings, demo, refused) in [
            (&[][..], true, None),
            (&[("PROTEACHER_LISTEN", "127.0.0.9:1")], true, None),
            (&[("PROTEACHER_LISTEN", "[::1]:1")], true, None),
            (&[("PROTEACHER_LISTEN", "0.0.0.0:8787")], false, None),
            (&[("PROTEACHER_LISTEN", "0.0.0.0:8787")], true, Some("PROTEACHER_LISTEN")),
            (&[("PROTEACHER_LISTEN", "192.168.1.2:8787")], true, Some("PROTEACHER_LISTEN")),
            (&[("PROTEACHER_LISTEN", "localhost")], false, Some("PROTEACHER_LISTEN")),
            (&[("PROTEACHER_DATABASE_URL", "mysql://x")], false, Some("PROTEACHER_DATABASE_URL")),
            (&[("PROTEACHER_BLOBS", "s3://bucket/prefix")], false, Some("PROTEACHER_BLOBS")),
            (&[("PROTEACHER_PLAN_YEAR", "2022年")], false, Some("PROTEACHER_PLAN_YEAR")),
            (&[("PROTEACHER_MAIL_FROM", "a@example.edu.tw")], false, None),
            (&[("PROTEACHER_SMTP_URL", "smtp://localhost")], false, Some("PROTEACHER_MAIL_FROM")),
            (
                &[("PROTEACHER_SMTP_URL", "smtp://localhost"), ("PROTEACHER_MAIL_FROM", "x")],
                false,
                Some("PROTEACHER_MAIL_FROM"),
            ),
            (
                &[("PROTEACHER_SMTP_URL", "localhost"), ("PROTEACHER_MAIL_FROM", "a@b.tw")],
                false,
                Some("PROTEACHER_SMTP_URL"),
            ),
            (&[("PROTEACHER_SMTP_URL", "smtp://localhost"), ("PROTEACHER_MAIL_FROM", "a@b.tw")], false, None),
            (&[("PROTEACHER_MAIL_HOUR", "24")], false, Some("PROTEACHER_MAIL_HOUR")),
        ] {
            assert_eq!(read(settings, demo).err(), refused, "{settings:?}");
        }
    }

    #[test]
    fn without_settings_it_stays_on_this_machine() {
        let config = read(&[], false).unwrap();
        assert!(config.listen.ip().is_loopback());
        assert_eq!(config.plan_year.0, 111);
    }
}
