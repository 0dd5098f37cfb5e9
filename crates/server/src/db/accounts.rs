//! Accounts: people and offices that sign in.

use super::{Db, DbError, Row, Tx, args, audit, code, from_code, id, millis};
use domain::{
    ids::AccountId,
    people::{Actor, Person, Role, School},
    time::{PlanYear, Timestamp},
};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What is typed at the sign-in.
    pub account: String,
    /// Who it is; the id is the account's.
    pub actor: Actor,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
}

/// What the sign-in needs of an account.
#[derive(Debug, Clone)]
pub struct Lock {
    /// Whose account it is.
    pub id: AccountId,
    /// Argon2id, as a PHC string.
    pub password_hash: String,
}

/// Columns of [`actor`], in its order.
macro_rules! actor_columns {
    () => {
        "a.id, a.person_name, a.role, a.school_code, a.school_name, a.school_county, a.county, a.email, a.phone"
    };
}
pub(crate) use actor_columns;

/// Reads an actor from the columns of `actor_columns!`.
pub(crate) fn actor(row: &Row) -> Result<Actor, DbError> {
    let school = match (row.text_or_none(3)?, row.text_or_none(4)?, row.text_or_none(5)?) {
        (Some(code), Some(name), Some(county)) => Some(School { code, name, county }),
        _ => None,
    };
    Ok(Actor {
        person: Person { id: id(&row.text(0)?, "account id")?, name: row.text(1)? },
        role: from_code(row.text(2)?, "role")?,
        school,
        county: row.text_or_none(6)?,
        email: row.text_or_none(7)?,
        phone: row.text_or_none(8)?,
    })
}

/// Makes accounts; those whose name is taken stay as they are. Answers how many were made.
pub async fn add(db: &Db, new: &[NewAccount], now: Timestamp) -> Result<u64, DbError> {
    let mut tx = db.write().await?;
    tx.next_change().await?;
    let mut made = 0;
    for NewAccount { account, actor, password_hash } in new {
        let school = actor.school.as_ref();
        let sql = "INSERT INTO accounts (id, account, role, person_name, school_code, school_name, school_county, county, \
                   email, phone, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   ON CONFLICT (account) DO NOTHING";
        let inserted = tx
            .run(
                sql,
                args![
                    actor.person.id,
                    account,
                    code(&actor.role),
                    &actor.person.name,
                    school.map(|school| school.code.clone()),
                    school.map(|school| school.name.clone()),
                    school.map(|school| school.county.clone()),
                    actor.county.clone(),
                    actor.email.clone(),
                    actor.phone.clone(),
                    password_hash,
                    millis(now),
                ],
            )
            .await?;
        if inserted > 0 {
            let detail = format!("role={}", code(&actor.role));
            audit::append(&mut tx, now, "-", "account_added", &actor.person.id.to_string(), &detail).await?;
        }
        made += inserted;
    }
    tx.commit().await?;
    Ok(made)
}

/// Gives an account another password and ends its sessions; whether there is such an account.
pub async fn reset_password(db: &Db, account: &str, password_hash: &str, now: Timestamp) -> Result<bool, DbError> {
    let mut tx = db.write().await?;
    tx.next_change().await?;
    let sql = "UPDATE accounts SET password_hash = $2 WHERE account = $1 RETURNING id";
    let Some(row) = tx.maybe(sql, args![account, password_hash]).await? else { return Ok(false) };
    let id = row.text(0)?;
    tx.run("DELETE FROM sessions WHERE account_id = $1", args![&id]).await?;
    audit::append(&mut tx, now, "-", "password_reset", &id, "").await?;
    tx.commit().await?;
    Ok(true)
}

/// The lock of the account with this name.
pub async fn lock(db: &Db, account: &str) -> Result<Option<Lock>, DbError> {
    let mut tx = db.read().await?;
    let row = tx.maybe("SELECT id, password_hash FROM accounts WHERE account = $1", args![account]).await?;
    row.map(|row| Ok(Lock { id: id(&row.text(0)?, "account id")?, password_hash: row.text(1)? })).transpose()
}

/// A person who may become a convener, and whether they have ever signed in.
pub(crate) async fn candidate(tx: &mut Tx, account: AccountId) -> Result<Option<(Actor, bool)>, DbError> {
    let sql = concat!("SELECT ", actor_columns!(), ", a.last_sign_in FROM accounts a WHERE a.id = $1");
    let Some(row) = tx.maybe(sql, args![account]).await? else { return Ok(None) };
    Ok(Some((actor(&row)?, row.int_or_none(9)?.is_some())))
}

/// Whether the person convenes an application of the plan year (one that was not withdrawn or rejected).
pub(crate) async fn convenes(tx: &mut Tx, owner: AccountId, process: &str, year: PlanYear) -> Result<bool, DbError> {
    let sql = "SELECT id FROM cases WHERE owner_id = $1 AND process = $2 AND plan_year = $3 AND convenes = 1 LIMIT 1";
    Ok(tx.maybe(sql, args![owner, process, i64::from(year.0)]).await?.is_some())
}

/// The school's own accounts.
pub(crate) async fn of_school(tx: &mut Tx, school_code: &str) -> Result<Vec<AccountId>, DbError> {
    let sql = "SELECT id FROM accounts WHERE school_code = $1 AND role = 'school' ORDER BY id";
    tx.all(sql, args![school_code]).await?.iter().map(|row| id(&row.text(0)?, "account id")).collect()
}

/// The accounts of a county's office.
pub(crate) async fn of_county(tx: &mut Tx, county: &str) -> Result<Vec<AccountId>, DbError> {
    let sql = "SELECT id FROM accounts WHERE county = $1 AND role = 'county' ORDER BY id";
    tx.all(sql, args![county]).await?.iter().map(|row| id(&row.text(0)?, "account id")).collect()
}

/// The accounts of a national office, or all reviewers; without the service itself, which reads no messages.
pub(crate) async fn of_role(tx: &mut Tx, role: Role) -> Result<Vec<AccountId>, DbError> {
    let sql = "SELECT id FROM accounts WHERE role = $1 AND id <> $2 ORDER BY id";
    let rows = tx.all(sql, args![code(&role), AccountId::SERVICE]).await?;
    rows.iter().map(|row| id(&row.text(0)?, "account id")).collect()
}

/// Whether there is an account with this id.
pub async fn exists(db: &Db, account: AccountId) -> Result<bool, DbError> {
    let mut tx = db.read().await?;
    Ok(tx.maybe("SELECT id FROM accounts WHERE id = $1", args![account]).await?.is_some())
}
