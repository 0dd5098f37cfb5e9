//! Sessions and tries to sign in.

use super::{
    Db, DbError,
    accounts::{actor, actor_columns},
    args, audit, millis, moment,
};
use domain::{ids::AccountId, people::Actor, time::Timestamp};

/// Tries since the last success, as they stood before this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many.
    pub count: i64,
    /// The last one.
    pub last: Timestamp,
}

/// Counts a try before its password is looked at, so that many at once count too. `may` says from the tries before
/// whether this one is allowed; one that is not allowed is not counted.
pub async fn count_try(
    db: &Db,
    key: &str,
    now: Timestamp,
    forgotten_before: Timestamp,
    may: impl FnOnce(Option<Tries>) -> Result<(), wire::Failure> + Send,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    tx.run("DELETE FROM sign_in_tries WHERE last_at < $1", args![millis(forgotten_before)]).await?;
    // The insert locks the row on PostgreSQL, so that two tries at once are counted one after the other.
    let sql = "INSERT INTO sign_in_tries (try_key, tries, last_at) VALUES ($1, 1, $2) \
               ON CONFLICT (try_key) DO UPDATE SET tries = sign_in_tries.tries + 1 RETURNING tries, last_at";
    let row = tx.one(sql, args![key, millis(now)]).await?;
    let before = row.int(0)? - 1;
    may((before > 0).then_some(Tries { count: before, last: moment(row.int(1)?)? }))?;
    tx.run("UPDATE sign_in_tries SET last_at = $2 WHERE try_key = $1", args![key, millis(now)]).await?;
    tx.commit().await
}

/// Begins a session after a right password: the tries are forgotten, ended sessions are cleared away.
pub async fn begin(
    db: &Db,
    account: AccountId,
    try_key: &str,
    token_hash: &str,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<Actor, DbError> {
    let mut tx = db.write().await?;
    tx.next_change().await?;
    tx.run("DELETE FROM sign_in_tries WHERE try_key = $1", args![try_key]).await?;
    tx.run("DELETE FROM sessions WHERE ends_at <= $1", args![millis(now)]).await?;
    let sql = "INSERT INTO sessions (token_hash, account_id, created_at, ends_at) VALUES ($1, $2, $3, $4)";
    tx.run(sql, args![token_hash, account, millis(now), millis(ends_at)]).await?;
    tx.run("UPDATE accounts SET last_sign_in = $2 WHERE id = $1", args![account, millis(now)]).await?;
    let sql = concat!("SELECT ", actor_columns!(), " FROM accounts a WHERE a.id = $1");
    let actor = actor(&tx.one(sql, args![account]).await?)?;
    audit::append(&mut tx, now, &account.to_string(), "sign_in", &account.to_string(), "").await?;
    tx.commit().await?;
    Ok(actor)
}

/// Who a token belongs to, while its session lasts.
pub async fn who(db: &Db, token_hash: &str, now: Timestamp) -> Result<Option<Actor>, DbError> {
    let mut tx = db.read().await?;
    let sql = concat!(
        "SELECT ",
        actor_columns!(),
        " FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.token_hash = $1 AND s.ends_at > $2"
    );
    tx.maybe(sql, args![token_hash, millis(now)]).await?.as_ref().map(actor).transpose()
}

/// Ends a session.
pub async fn end(db: &Db, token_hash: &str) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    tx.run("DELETE FROM sessions WHERE token_hash = $1", args![token_hash]).await?;
    tx.commit().await
}
