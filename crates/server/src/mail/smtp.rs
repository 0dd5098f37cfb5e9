//! SMTP: one connection to the server that takes the mails, and what each of its refusals means. Knows nothing of the queue.

use super::{Letter, MailId, Settings};
use domain::time::Timestamp;
use lettre::{
    Address, Message,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::ClientId,
    },
};
use std::{fmt, net::IpAddr, str::FromStr, time::Duration};
use url::Url;

/// How long connecting, or sending one mail, may take.
const MOST_TIME: Duration = Duration::from_secs(60);

/// As much of a server's words as is kept.
const LONGEST_REASON: usize = 300;

/// An address of a mail server that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadUrl(&'static str);

/// How the line to the server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    /// Not at all: for a server on the same machine or in the same closed network.
    None,
    /// By STARTTLS, without which nothing is sent.
    Starttls,
    /// From the first byte.
    Tls,
}

/// The server that takes the mails: `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST?tls=required`, `smtp://HOST`.
#[derive(Clone, PartialEq, Eq)]
pub struct Relay {
    host: String,
    port: u16,
    protection: Protection,
    user: Option<(String, String)>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the password.
        f.debug_struct("Relay").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}

impl FromStr for Relay {
    type Err = BadUrl;
    fn from_str(text: &str) -> Result<Self, BadUrl> {
        let url = Url::parse(text).map_err(|_| BadUrl("not an address like smtps://USER:PASSWORD@HOST"))?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (protection, usual_port) = match (url.scheme(), tls.as_deref()) {
            ("smtps", None) => (Protection::Tls, 465),
            ("smtp", Some("required")) => (Protection::Starttls, 587),
            ("smtp", None) => (Protection::None, 25),
            ("smtp" | "smtps", _) => {
                return Err(BadUrl("after `tls=` only `required` is known, and only with smtp://"));
            }
            _ => return Err(BadUrl("neither smtp:// nor smtps://")),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(BadUrl("it names no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let plain = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().map(|part| part.into_owned());
        let not_text = |_| BadUrl("its user or password is not text");
        let user = match url.password() {
            Some(password) => Some((plain(url.username()).map_err(not_text)?, plain(password).map_err(not_text)?)),
            None if url.username().is_empty() => None,
            None => return Err(BadUrl("it names a user without a password")),
        };
        let own_machine = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if user.is_some() && protection == Protection::None && !own_machine {
            return Err(BadUrl("a password would travel unprotected; use smtps:// or ?tls=required"));
        }
        Ok(Self { host, port: url.port().unwrap_or(usual_port), protection, user })
    }
}

/// As whom mails are sent: `NAME <ADDRESS>`, or an address alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = BadUrl;
    fn from_str(text: &str) -> Result<Self, BadUrl> {
        text.parse().map(Self).map_err(|_| BadUrl("not a mail address, alone or as NAME <ADDRESS>"))
    }
}

/// What became of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server took it.
    Sent,
    /// The server will never take it for this address.
    Refused(String),
    /// Not now, or not from us: something that may be mended.
    Later(String),
    /// The server cannot be reached, or the line broke.
    Down(String),
}

/// An open connection.
pub(super) struct Connection(AsyncSmtpConnection);

impl Connection {
    /// Connects, with TLS and a sign-in as the settings say.
    pub(super) async fn open(settings: &Settings) -> Result<Self, String> {
        let opened = tokio::time::timeout(MOST_TIME, Self::connect(settings)).await;
        opened.map_err(|_| "the server is too slow".to_owned())?.map_err(|error| reason(&error))
    }

    async fn connect(Settings { relay, from }: &Settings) -> Result<Self, Error> {
        let hello = ClientId::Domain(from.0.email.domain().to_owned());
        let tls = || TlsParameters::new(relay.host.clone());
        let wrapped = if relay.protection == Protection::Tls { Some(tls()?) } else { None };
        let place = (relay.host.as_str(), relay.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(place, Some(MOST_TIME), &hello, wrapped, None).await?;
        if relay.protection == Protection::Starttls {
            connection.starttls(tls()?, &hello).await?;
        }
        if let Some((user, password)) = &relay.user {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(Self(connection))
    }

    /// Sends one mail.
    pub(super) async fn send(
        &mut self,
        from: &Sender,
        to: &str,
        id: MailId,
        letter: &Letter,
        now: Timestamp,
    ) -> Outcome {
        // Only what every server takes; what else an account may have as its address is no address.
        let Some(to) = to.parse::<Address>().ok().filter(|_| to.is_ascii()) else {
            return Outcome::Refused("the account's mail address is none".to_owned());
        };
        let message = match message(from, &to, id, letter, now) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        match tokio::time::timeout(MOST_TIME, self.speak(from, to, &message)).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome::Down("the server is too slow".to_owned()),
        }
    }

    async fn speak(&mut self, from: &Sender, to: Address, message: &[u8]) -> Outcome {
        let connection = &mut self.0;
        // Who sends and whether anything is taken at all is between the two servers: no fault of the address.
        if let Err(error) = connection.command(Mail::new(Some(from.0.email.clone()), Vec::new())).await {
            return self.not_taken(&error, false).await;
        }
        if let Err(error) = connection.command(Rcpt::new(to, Vec::new())).await {
            return self.not_taken(&error, true).await;
        }
        if let Err(error) = connection.command(Data).await {
            return self.not_taken(&error, false).await;
        }
        match connection.message(message).await {
            Ok(_) => Outcome::Sent,
            // Some servers know only now for whom it is.
            Err(error) => self.not_taken(&error, true).await,
        }
    }

    /// What a refusal means; afterwards the connection is ready for the next mail.
    async fn not_taken(&mut self, error: &Error, of_the_address: bool) -> Outcome {
        if error.status().is_none() || self.0.command(Rset).await.is_err() {
            return Outcome::Down(reason(error));
        }
        if of_the_address && error.is_permanent() {
            Outcome::Refused(reason(error))
        } else {
            Outcome::Later(reason(error))
        }
    }

    /// Says goodbye.
    pub(super) async fn close(mut self) {
        // Everything is done; a server that does not answer is left alone.
        drop(tokio::time::timeout(Duration::from_secs(5), self.0.quit()).await);
    }
}

fn message(
    from: &Sender,
    to: &Address,
    id: MailId,
    letter: &Letter,
    now: Timestamp,
) -> Result<Vec<u8>, lettre::error::Error> {
    let mut message = Message::builder()
        .from(from.0.clone())
        .to(to.clone().into())
        .subject(letter.subject.clone())
        .date(now.into())
        .message_id(Some(format!("<{id}@{}>", from.0.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.clone())?;
    // Nobody's absence note shall answer a program.
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    message.headers_mut().insert_raw(HeaderValue::new(automatic, "auto-generated".to_owned()));
    Ok(message.formatted())
}

/// A reason as it is kept: the server's own words, shortened.
fn reason(error: &Error) -> String {
    let code = error.status().map(|code| format!("{code} ")).unwrap_or_default();
    let words = std::error::Error::source(error).map_or_else(|| error.to_string(), |source| source.to_string());
    format!("{code}{words}").replace('\0', "").chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers() {
        for (text, wanted) in [
            ("smtps://user:pass@mail.example", Ok((465, Protection::Tls, Some(("user", "pass"))))),
            (
                "smtp://user:p%40ss%3a@mail.example?tls=required",
                Ok((587, Protection::Starttls, Some(("user", "p@ss:")))),
            ),
            ("smtp://mail.example:2525", Ok((2525, Protection::None, None))),
            ("smtp://127.0.0.1", Ok((25, Protection::None, None))),
            ("smtp://user:pass@127.0.0.1", Ok((25, Protection::None, Some(("user", "pass"))))),
            ("smtp://user:pass@[::1]:25", Ok((25, Protection::None, Some(("user", "pass"))))),
            ("smtp://user:pass@localhost", Ok((25, Protection::None, Some(("user", "pass"))))),
            ("smtp://user:pass@mail.example", Err("unprotected")),
            ("smtp://user:pass@localhost.example", Err("unprotected")),
            ("smtp://mail.example?tls=opportunistic", Err("required")),
            ("smtps://user@mail.example", Err("without a password")),
            ("http://mail.example", Err("neither")),
            ("mail.example", Err("not an address")),
            ("smtp://", Err("host")),
        ] {
            match (text.parse::<Relay>(), wanted) {
                (Ok(relay), Ok((port, protection, user))) => {
                    let found = relay.user.as_ref().map(|(user, password)| (user.as_str(), password.as_str()));
                    assert_eq!((relay.port, relay.protection, found), (port, protection, user), "{text}");
                    assert!(!format!("{relay:?}").contains("pass"), "{text}: the password shows");
                }
                (Err(error), Err(words)) => assert!(error.0.contains(words), "{text}: {error}"),
                (found, wanted) => panic!("{text}: {found:?} is not {wanted:?}"),
            }
        }
    }

    #[test]
    fn senders() {
        for good in ["no-reply@example.edu.tw", "教專平臺 <no-reply@example.edu.tw>", "\"A, B\" <a@example.edu.tw>"]
        {
            assert!(good.parse::<Sender>().is_ok(), "{good}");
        }
        for bad in ["", "教專平臺", "a@", "a@b\r\nBcc: c@d.example"] {
            assert!(bad.parse::<Sender>().is_err(), "{bad}");
        }
    }
}
