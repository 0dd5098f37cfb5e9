//! Who is asking: passwords, tokens, and how often one may try. Knows neither HTTP nor SQL.

use argon2::{
    Argon2, Params,
    password_hash::{PasswordHasher as _, PasswordVerifier as _},
};
use domain::time::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::{net::IpAddr, sync::Arc};
use tokio::sync::Semaphore;
use wire::{Code, Failure};

use crate::db::sessions::Tries;

/// What hashing a password costs: memory in KiB, rounds, lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// KiB.
    pub memory: u32,
    /// Rounds.
    pub rounds: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    /// OWASP's first choice for Argon2id.
    fn default() -> Self {
        Self { memory: 19 * 1024, rounds: 2, lanes: 1 }
    }
}

/// Passwords hashed at the same time; each takes a core and 19 MiB.
const AT_ONCE: usize = 2;

/// Sign-ins that may wait for their turn; those beyond are told to come back.
const MAY_WAIT: usize = 64;

/// The longest password that is looked at, in bytes.
const LONGEST_PASSWORD: usize = 1024;

/// Hashes passwords, a few at a time and never on a thread that serves others.
#[derive(Debug, Clone)]
pub struct Hashing {
    cost: HashCost,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Hash of no one's password: an unknown account costs as much as a known one.
    nobody: Arc<str>,
}

impl Hashing {
    /// Prepares hashing at this cost.
    ///
    /// # Errors
    /// The cost is out of Argon2's range, or the system gives no random bytes.
    pub fn new(cost: HashCost) -> Result<Self, Failure> {
        let nobody = hash(cost, "nobody")?;
        Ok(Self {
            cost,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + MAY_WAIT)),
            nobody: nobody.into(),
        })
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// `busy`.
    pub async fn hash(&self, password: &str) -> Result<String, Failure> {
        let (cost, password) = (self.cost, password.to_owned());
        self.in_turn(move || hash(cost, &password)).await?
    }

    /// Whether the password fits; with no hash (no such account), as slow and never.
    ///
    /// # Errors
    /// `busy`.
    pub async fn fits(&self, password: &str, known: Option<&str>) -> Result<bool, Failure> {
        let stored = known.unwrap_or(&self.nobody).to_owned();
        let too_long = password.len() > LONGEST_PASSWORD;
        let is_known = known.is_some() && !too_long;
        let password = if too_long { String::new() } else { password.to_owned() };
        self.in_turn(move || {
            let fits = Argon2::default().verify_password(password.as_bytes(), stored.as_str()).is_ok();
            fits && is_known
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let busy = || Failure::with(Code::Busy, json!({ "retry_after_seconds": 5 }), "too many sign-ins at once");
        let _place = self.queue.try_acquire().map_err(|_| busy())?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| busy())?;
        // The turn goes along: a caller who hangs up does not free the core that is still busy.
        let job = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        job.await.map_err(|_| Failure::new(Code::Internal, "hashing stopped"))
    }
}

fn hash(cost: HashCost, password: &str) -> Result<String, Failure> {
    let failed = |_| Failure::new(Code::Internal, "a password could not be hashed");
    let params = Params::new(cost.memory, cost.rounds, cost.lanes, None)
        .map_err(|_| Failure::new(Code::Internal, "the hashing cost is out of range"))?;
    Ok(Argon2::from(params).hash_password(password.as_bytes()).map_err(failed)?.to_string())
}

/// A fresh token: 256 random bits as 64 hex digits.
///
/// # Errors
/// The system gives no random bytes.
pub fn fresh_token() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|_| Failure::new(Code::Internal, "no random bytes"))?;
    Ok(hex::encode(bytes))
}

/// How a token is kept. It has 256 random bits, so a fast hash is enough.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Under what tries to sign in are counted: an account from one address, so that nobody can lock others out.
pub fn try_key(account: &str, from: IpAddr) -> String {
    hex::encode(Sha256::digest(format!("{}\n{account}", network(from))))
}

/// One home or school has a whole /64 of IPv6 addresses to come from.
fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(v4) => v4.into(),
        IpAddr::V6(v6) => std::net::Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// Tries that cost nothing but their hash.
pub const FREE_TRIES: i64 = 5;

/// The longest pause between two tries.
const LONGEST_PAUSE_SECONDS: i64 = 15 * 60;

/// Whether another try is allowed now: after [`FREE_TRIES`], 2, 4, 8 … seconds after the last one.
///
/// # Errors
/// `too_many_tries` with `retry_after_seconds`.
pub fn may_try(before: Option<Tries>, now: Timestamp) -> Result<(), Failure> {
    let Some(Tries { count, last }) = before.filter(|tries| tries.count >= FREE_TRIES) else { return Ok(()) };
    let doublings = u32::try_from(count - FREE_TRIES + 1).unwrap_or(u32::MAX).min(10);
    let pause = 2_i64.pow(doublings).min(LONGEST_PAUSE_SECONDS);
    let wait = pause - (now - last).num_seconds();
    // A clock that went backwards must not lengthen the pause.
    let wait = wait.min(pause);
    if wait <= 0 {
        return Ok(());
    }
    Err(Failure::with(Code::TooManyTries, json!({ "retry_after_seconds": wait }), "too many tries to sign in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let last = Timestamp::from_timestamp_millis(1_650_000_000_000).unwrap();
        let waits = [0, 1, 4, 5, 6, 7, 12, 14, 15, 1000].map(|count| {
            may_try(Some(Tries { count, last }), last).err().map(|f| f.params["retry_after_seconds"].as_i64().unwrap())
        });
        assert_eq!(waits, [None, None, None, Some(2), Some(4), Some(8), Some(256), Some(900), Some(900), Some(900)]);
        let later = last + chrono::TimeDelta::seconds(8);
        assert!(may_try(Some(Tries { count: 7, last }), later).is_ok());
        assert!(may_try(None, last).is_ok());
    }

    #[test]
    fn tries_are_counted_by_account_and_network() {
        let key = |account, from: &str| try_key(account, from.parse().unwrap());
        assert_eq!(key("a", "10.0.0.1"), key("a", "::ffff:10.0.0.1"));
        assert_eq!(key("a", "2001:db8::1"), key("a", "2001:db8::ffff"));
        assert_ne!(key("a", "2001:db8::1"), key("a", "2001:db8:0:1::1"));
        assert_ne!(key("a", "10.0.0.1"), key("a", "10.0.0.2"));
        assert_ne!(key("a", "10.0.0.1"), key("b", "10.0.0.1"));
    }
}
