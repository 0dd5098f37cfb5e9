//! Opening and closing the encrypted file, and the one connection everything goes through.

use crate::{Result, StoreError, cases};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection,
    migrate::{MigrateError, Migrator},
    sqlite::SqliteConnectOptions,
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::sync::{Mutex, MutexGuard};
use zeroize::Zeroizing;

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/desktop");

/// How long a write waits for another program that holds the store.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// The key of a store: 32 random bytes, used as they are. Forgotten from memory when dropped.
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for wrapping them.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// SQLCipher's notation of a raw key: no derivation is run over it.
    fn pragma(&self) -> String {
        let digits = Zeroizing::new(hex::encode(self.0.as_slice()));
        format!("\"x'{}'\"", *digits)
    }
}

/// A person's store. Its calls take turns on one connection; each answers when its transaction is on the disk.
pub struct Store {
    door: Door,
    line: Mutex<Line>,
}

/// What it takes to connect, also later again.
struct Door {
    path: PathBuf,
    key: Key,
    wait: Duration,
}

/// The connection, and whether a transaction was left open by a call that was dropped half-way.
pub(crate) struct Line {
    pub(crate) conn: Connection,
    open: bool,
}

/// A connection that is closed when it is let go. SQLCipher frees its memory when the program exits; a connection whose
/// thread still works then would end the program with a crash, after everything was done.
pub(crate) struct Connection(Option<SqliteConnection>);

impl std::ops::Deref for Connection {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl std::ops::DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.0.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The thread of the connection answers when it has closed the file; no runtime is needed for that.
        if let Some(Err(error)) = self.0.take().map(|conn| futures_executor::block_on(conn.close())) {
            tracing::warn!(%error, "the store did not close cleanly");
        }
    }
}

impl Store {
    /// Opens the store at `path`, or makes it, and brings it up to date. A store that a newer program has used is left as it is.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`], [`StoreError::TooNew`], or a fault of the disk.
    pub async fn open(path: &Path, key: &Key) -> Result<Self> {
        Self::open_waiting(path, key, BUSY_WAIT).await
    }

    /// [`Self::open`] with another patience towards other programs.
    pub(crate) async fn open_waiting(path: &Path, key: &Key, wait: Duration) -> Result<Self> {
        // OpenSSL, which SQLCipher encrypts with, would clean itself up when the program exits, while the thread of a
        // connection may still be at work. Started like this before anybody else starts it, it leaves that be.
        openssl_sys::init();
        let door = Door { path: path.to_owned(), key: Key::new(*key.bytes()), wait };
        let mut conn = door.connect().await?;
        // Only the first page is read here: when it decrypts, the key is right, and any other page that does not is damage.
        first_page(&mut conn).await.map_err(|error| match error {
            StoreError::Damaged => StoreError::WrongKey,
            other => other,
        })?;
        set_up(&mut conn).await?;
        let found = newest_migration(&mut conn).await?;
        let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
        if found.is_some_and(|found| found > known) {
            return Err(StoreError::TooNew { found: found.unwrap_or(0), known });
        }
        write_ahead(&mut conn, wait).await?;
        if found != Some(known) {
            migrate(&mut conn).await?;
        }
        match cases::fill(&mut conn).await {
            // A damaged page must not keep what a person types from being saved.
            Err(StoreError::Damaged) => tracing::warn!("the columns of lists could not be filled"),
            filled => filled?,
        }
        Ok(Self { door, line: Mutex::new(Line { conn, open: false }) })
    }

    /// The connection for reading.
    pub(crate) async fn read(&self) -> Result<MutexGuard<'_, Line>> {
        let mut line = self.line.lock().await;
        line.forget_left_over().await;
        // Once SQLCipher has met a damaged page it refuses everything on that connection, the sound pages too. What a person
        // types must still be saved beside a damaged scan, so the connection is made anew.
        match first_page(&mut line.conn).await {
            Ok(()) => {}
            Err(StoreError::Busy) => return Err(StoreError::Busy),
            Err(error) => {
                tracing::warn!(%error, "the store's connection is made anew");
                line.conn = self.door.connect().await?;
                set_up(&mut line.conn).await?;
            }
        }
        Ok(line)
    }

    /// Begins a write; it must go through [`Work::end`].
    pub(crate) async fn write(&self) -> Result<Work<'_>> {
        let mut line = self.read().await?;
        line.open = true;
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *line.conn).await?;
        Ok(Work { line })
    }
}

impl Line {
    /// Rolls back what a call left that was dropped before it ended. `sqlx`'s own transactions are not used: when SQLite itself
    /// has already rolled back (disk full, I/O error), their depth count stays wrong and the connection never begins again.
    async fn forget_left_over(&mut self) {
        if self.open {
            // "No transaction is active" is the answer we hope for.
            let _ = sqlx::raw_sql("ROLLBACK").execute(&mut *self.conn).await;
            self.open = false;
        }
    }
}

/// A write in progress: one transaction.
pub(crate) struct Work<'a> {
    line: MutexGuard<'a, Line>,
}

impl Work<'_> {
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.line.conn
    }

    /// Commits what was done, or takes all of it back.
    pub(crate) async fn end<T>(mut self, done: Result<T>) -> Result<T> {
        let done = match done {
            Ok(value) => match sqlx::raw_sql("COMMIT").execute(&mut *self.line.conn).await {
                Ok(_) => {
                    self.line.open = false;
                    Ok(value)
                }
                Err(error) => Err(error.into()),
            },
            Err(error) => Err(error),
        };
        self.line.forget_left_over().await;
        done
    }
}

impl Door {
    /// Opens the file and says the key, without reading anything.
    async fn connect(&self) -> Result<Connection> {
        let options = SqliteConnectOptions::new()
            .filename(&self.path)
            .create_if_missing(true)
            .pragma("key", self.key.pragma())
            // SQLCipher would write its own complaints to stderr; every fault is answered as a `StoreError` instead.
            .pragma("cipher_log_level", "NONE")
            // Sorting must not spill what people wrote into plain temporary files.
            .pragma("temp_store", "MEMORY")
            .foreign_keys(true)
            .busy_timeout(self.wait)
            // The first statement is the key.
            .disable_statement_logging();
        Ok(Connection(Some(options.connect().await?)))
    }
}

/// Settings that need the schema read. Every acknowledged commit is on the disk, not only in the system's memory.
async fn set_up(conn: &mut SqliteConnection) -> Result<()> {
    sqlx::raw_sql("PRAGMA synchronous = FULL").execute(conn).await?;
    Ok(())
}

/// Switches to the write-ahead log. Where two programs make the same store at once, SQLite answers one of them busy without
/// waiting, so the waiting is done here.
async fn write_ahead(conn: &mut SqliteConnection, wait: Duration) -> Result<()> {
    const TRIES: u32 = 50;
    for _ in 1..TRIES {
        match sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(&mut *conn).await.map_err(StoreError::from) {
            Err(StoreError::Busy) => tokio::time::sleep(wait / TRIES).await,
            done => return done.map(drop),
        }
    }
    sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(conn).await?;
    Ok(())
}

/// Reads the file's first page and nothing else.
async fn first_page(conn: &mut SqliteConnection) -> Result<()> {
    sqlx::query("PRAGMA schema_version").fetch_one(conn).await?;
    Ok(())
}

/// The newest migration the store has had; none for a new file.
async fn newest_migration(conn: &mut SqliteConnection) -> Result<Option<i64>> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE name = $1")
        .bind(&*MIGRATIONS.table_name)
        .fetch_one(&mut *conn)
        .await?;
    if tables == 0 {
        return Ok(None);
    }
    let newest = format!("SELECT max(version) FROM {}", MIGRATIONS.table_name);
    Ok(sqlx::query_scalar(AssertSqlSafe(newest)).fetch_one(conn).await?)
}

/// Brings the store up to date in one transaction, so that two programs starting at once, or a crash, leave all or nothing.
async fn migrate(conn: &mut SqliteConnection) -> Result<()> {
    let mut all = conn.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS.run_direct(None, &mut *all, false).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::Sql(sqlx::Error::Migrate(Box::new(other))),
    })?;
    all.commit().await?;
    Ok(())
}
