//! Opening the database: connections, migrations, and the service's identity.

use super::{DbError, Tx, lists, millis, row::args, sketches};
use domain::time::Timestamp;
use sqlx::{
    Connection as _, PgPool, SqlitePool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr as _, time::Duration};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/server-sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/server-postgres");

/// How long a request waits for a connection before it is told that the service is busy.
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(10);

/// How long SQLite waits for another program's lock on the file.
const WAIT_FOR_LOCK: Duration = Duration::from_secs(5);

/// Connections that read from SQLite at the same time.
const SQLITE_READERS: u32 = 4;

/// Connections to PostgreSQL of one running service.
const POSTGRES_CONNECTIONS: u32 = 10;

/// The database.
#[derive(Debug, Clone)]
pub enum Db {
    /// One writer, many readers (WAL).
    Sqlite {
        /// A single connection: writers queue here, not at the file's lock.
        write: SqlitePool,
        /// For reading only.
        read: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

impl Db {
    /// Opens `sqlite://PATH` or `postgres://…`, and brings it to this program's form.
    ///
    /// # Errors
    /// The address is of no known kind, the database cannot be reached, or a migration failed.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?.application_name("proteacher-server");
            let pool = PgPoolOptions::new()
                .max_connections(POSTGRES_CONNECTIONS)
                .acquire_timeout(WAIT_FOR_CONNECTION)
                .connect_with(options)
                .await?;
            POSTGRES.run(&pool).await?;
            let db = Self::Postgres(pool);
            lists::fill(&db).await?;
            sketches::fill(&db).await?;
            return Ok(db);
        }
        // The library is SQLCipher, for the desktop's sake. Its OpenSSL must not clean itself up while the thread of a
        // connection still works, which it does at the end of a program unless it was started like this.
        openssl_sys::init();
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(WAIT_FOR_LOCK)
            .foreign_keys(true);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(WAIT_FOR_CONNECTION)
                // When SQLite itself rolled back (disk full, I/O error), the driver still counts a transaction on this
                // connection and would never begin another one: such a connection is closed and a new one opened.
                .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
        };
        let write = pool(1).connect_with(options.clone()).await?;
        SQLITE.run(&write).await?;
        let read = pool(SQLITE_READERS).connect_with(options.read_only(true).create_if_missing(false)).await?;
        let db = Self::Sqlite { write, read };
        lists::fill(&db).await?;
        sketches::fill(&db).await?;
        Ok(db)
    }

    /// Begins a transaction that writes.
    pub async fn write(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that reads: all its queries see the same moment.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => {
                Tx::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
            }
        })
    }

    /// The service's identity: `fresh` the first time, and ever after what was first.
    pub async fn service_id(&self, fresh: &str, now: Timestamp) -> Result<String, DbError> {
        let mut tx = self.write().await?;
        let sql = "INSERT INTO service (id, service_id, change_seq, created_at) VALUES (1, $1, 0, $2) ON CONFLICT (id) DO NOTHING";
        tx.run(sql, args![fresh, millis(now)]).await?;
        let id = tx.one("SELECT service_id FROM service WHERE id = 1", args![]).await?.text(0)?;
        tx.commit().await?;
        Ok(id)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.read().await?.one("SELECT 1 FROM service WHERE id = 1", args![]).await.map(|_| ())
    }

    /// Closes every connection, after the last transaction has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::Code;

    #[tokio::test]
    async fn a_full_disk_is_said_and_the_service_goes_on_when_there_is_room_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = Db::open(&format!("sqlite://{}", folder.path().join("full.sqlite").display())).await.expect("opened");
        let id = db.service_id("first", Timestamp::UNIX_EPOCH).await.expect("written");
        let Db::Sqlite { write, .. } = &db else { panic!("SQLite was asked for") };
        for _ in 0..3 {
            // As many pages as there are: the next one finds no room.
            sqlx::query("PRAGMA max_page_count = 1").execute(write).await.expect("a limit");
            let mut tx = db.write().await.expect("begun");
            let sql = "UPDATE service SET service_id = $1 WHERE id = 1";
            let full = tx.run(sql, args!["x".repeat(1 << 20)]).await.expect_err("no room");
            assert_eq!(full.failure().code, Code::DiskFull);
            drop(tx);
            // Room again: another connection has no such limit, and neither has this one.
            sqlx::query("PRAGMA max_page_count = 1000000").execute(write).await.expect("no limit");
            assert_eq!(db.service_id("second", Timestamp::UNIX_EPOCH).await.expect("written"), id);
        }
    }
}
