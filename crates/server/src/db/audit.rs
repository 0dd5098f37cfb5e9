//! The log of every act: appended in the transaction of the act itself, each entry's hash over the one before.

use super::{Db, DbError, Tx, args, millis, moment};
use domain::{
    audit::{Entry, GENESIS, link},
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};

/// What a look at the whole log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything fits.
    Whole {
        /// How many entries there are.
        entries: u64,
    },
    /// An entry was changed, or one before it is missing.
    Broken {
        /// The number of the first entry that does not fit.
        at: u64,
    },
    /// An event of a case is not what the log says it was.
    EventChanged {
        /// The number of the log's entry.
        at: u64,
    },
    /// A case has an event that the log does not know.
    EventUnknown,
    /// A version of a county's rules is not what the log says it was.
    RulesChanged {
        /// The number of the log's entry.
        at: u64,
    },
    /// There is a version of a county's rules that the log does not know.
    RulesUnknown,
}

/// Appends an entry. The transaction must have taken its number ([`Tx::next_change`]), so that entries come one by one.
pub(crate) async fn append(
    tx: &mut Tx,
    at: Timestamp,
    actor: &str,
    act: &str,
    object: &str,
    detail: &str,
) -> Result<(), DbError> {
    let last = tx.maybe("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", args![]).await?;
    let (seq, previous) = match last {
        Some(row) => (row.int(0)? + 1, row.text(1)?),
        None => (1, GENESIS.to_owned()),
    };
    let [actor, act, object, detail] = [actor, act, object, detail].map(str::to_owned);
    let entry = Entry { seq: seq.unsigned_abs(), at, actor, act, object, detail };
    let hash = link(&previous, &entry);
    let sql = "INSERT INTO audit (seq, at, actor, act, object, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.run(sql, args![seq, millis(at), entry.actor, entry.act, entry.object, entry.detail, hash]).await?;
    Ok(())
}

/// The part of an entry's detail that pins an event's text.
pub(crate) fn event_detail(event: &str, seq: u32, to: &str, body: &str) -> String {
    format!("event={event} seq={seq} to={to} body={}", hex::encode(Sha256::digest(body.as_bytes())))
}

/// Checks the whole log and every event against it.
pub async fn verify(db: &Db) -> Result<Verdict, DbError> {
    const PAGE: i64 = 1000;
    let mut tx = db.read().await?;
    let (mut previous, mut expected, mut events, mut rule_sets) = (GENESIS.to_owned(), 1_u64, 0_i64, 0_i64);
    loop {
        let sql = "SELECT seq, at, actor, act, object, detail, hash FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2";
        let rows = tx.all(sql, args![expected.cast_signed(), PAGE]).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let entry = Entry {
                seq: row.int(0)?.unsigned_abs(),
                at: moment(row.int(1)?)?,
                actor: row.text(2)?,
                act: row.text(3)?,
                object: row.text(4)?,
                detail: row.text(5)?,
            };
            let hash = row.text(6)?;
            if entry.seq != expected || link(&previous, &entry) != hash {
                return Ok(Verdict::Broken { at: expected });
            }
            if let Some(event) = entry.detail.strip_prefix("event=").and_then(|rest| rest.split(' ').next()) {
                events += 1;
                if !fits(&mut tx, event, &entry).await? {
                    return Ok(Verdict::EventChanged { at: expected });
                }
            }
            if let Some(rules) = entry.detail.strip_prefix("rules=").and_then(|rest| rest.split(' ').next()) {
                rule_sets += 1;
                if !rules_fit(&mut tx, rules, &entry).await? {
                    return Ok(Verdict::RulesChanged { at: expected });
                }
            }
            previous = hash;
            expected += 1;
        }
    }
    if tx.one("SELECT COUNT(*) FROM events", args![]).await?.int(0)? != events {
        return Ok(Verdict::EventUnknown);
    }
    if tx.one("SELECT COUNT(*) FROM county_rules", args![]).await?.int(0)? != rule_sets {
        return Ok(Verdict::RulesUnknown);
    }
    Ok(Verdict::Whole { entries: expected - 1 })
}

/// Whether the stored version of a county's rules is the one that the entry logged.
async fn rules_fit(tx: &mut Tx, id: &str, entry: &Entry) -> Result<bool, DbError> {
    let sql = "SELECT county, plan_year, version, account_id, body FROM county_rules WHERE id = $1";
    let Some(row) = tx.maybe(sql, args![id]).await? else { return Ok(false) };
    let body = hex::encode(Sha256::digest(row.text(4)?.as_bytes()));
    Ok(entry.detail == format!("rules={id} version={} body={body}", row.int(2)?)
        && entry.object == format!("{}/{}", row.text(0)?, row.int(1)?)
        && entry.actor == row.text(3)?)
}

/// Whether the stored event is the one that the entry logged.
async fn fits(tx: &mut Tx, event: &str, entry: &Entry) -> Result<bool, DbError> {
    let sql = "SELECT seq, case_id, actor_id, body FROM events WHERE id = $1";
    let Some(row) = tx.maybe(sql, args![event]).await? else { return Ok(false) };
    let body = row.text(3)?;
    let pinned = format!(" body={}", hex::encode(Sha256::digest(body.as_bytes())));
    let seq = format!(" seq={} ", row.int(0)?);
    Ok(entry.detail.ends_with(&pinned)
        && entry.detail.contains(&seq)
        && row.text(1)? == entry.object
        && row.text(2)? == entry.actor)
}
