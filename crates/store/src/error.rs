//! What can go wrong with the store, sorted by what a person can do about it.

use domain::ids::{BlobHash, CaseId};

/// A fault of the local store. Nothing that was acknowledged before is touched by any of them.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key does not open this file (or its first page is not what we wrote; the two cannot be told apart).
    #[error("the key does not open this store")]
    WrongKey,
    /// A newer program has used the store.
    #[error("the store was made by a newer program: it is at {found}, this program knows {known}")]
    TooNew {
        /// The store's newest migration.
        found: i64,
        /// The newest migration this program has.
        known: i64,
    },
    /// A page or a value is not what was written.
    #[error("the store is damaged")]
    Damaged,
    /// Another program holds the store for longer than we wait.
    #[error("another program is using the store")]
    Busy,
    /// No room on the disk.
    #[error("the disk is full")]
    DiskFull,
    /// The disk or the file refused.
    #[error("the store's file cannot be read or written (SQLite code {code})")]
    Io {
        /// SQLite's extended result code.
        code: i32,
    },
    /// The case is not in the store; the service may have withdrawn it meanwhile.
    #[error("the case {0} is not in the store")]
    NoSuchCase(CaseId),
    /// The draft is not in the store.
    #[error("the case has no such draft or field that waits for a choice")]
    NoSuchDraft,
    /// The bytes are not those of the hash: a broken download.
    #[error("the bytes do not have the hash {0}")]
    WrongHash(BlobHash),
    /// Anything else; a fault of this program.
    #[error("the store's database refused: {0}")]
    Sql(#[source] sqlx::Error),
}

/// SQLite's primary result codes (<https://sqlite.org/rescode.html>); the extended ones carry them in the low byte.
mod code {
    pub(super) const ERROR: i32 = 1;
    pub(super) const PERM: i32 = 3;
    pub(super) const BUSY: i32 = 5;
    pub(super) const LOCKED: i32 = 6;
    pub(super) const NOMEM: i32 = 7;
    pub(super) const READONLY: i32 = 8;
    pub(super) const IOERR: i32 = 10;
    pub(super) const CORRUPT: i32 = 11;
    pub(super) const FULL: i32 = 13;
    pub(super) const CANTOPEN: i32 = 14;
    pub(super) const NOTADB: i32 = 26;
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(fault) => {
                let extended = fault.code().and_then(|code| code.parse().ok()).unwrap_or(0);
                if is_codec_fault(extended, fault.message()) {
                    return Self::Damaged;
                }
                Self::of_code(extended).unwrap_or(Self::Sql(error))
            }
            sqlx::Error::Io(fault) if fault.kind() == std::io::ErrorKind::StorageFull => Self::DiskFull,
            sqlx::Error::Io(_) => Self::Io { code: code::IOERR },
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Damaged,
            _ => Self::Sql(error),
        }
    }
}

/// Whether this is SQLCipher after a page that did not decrypt: it then answers "out of memory" or an error without words of its
/// own, where a fault of SQL would be named. Or our own JSON no longer is JSON.
fn is_codec_fault(extended: i32, message: &str) -> bool {
    extended == code::NOMEM || (extended == code::ERROR && matches!(message, "SQL logic error" | "malformed JSON"))
}

impl StoreError {
    /// What a result code of SQLite means here. A page that does not decrypt (`NOTADB`) means damage once the key has opened
    /// the store; [`crate::Store::open`] itself reads it as a wrong key.
    pub(crate) fn of_code(extended: i32) -> Option<Self> {
        match extended & 0xff {
            code::BUSY | code::LOCKED => Some(Self::Busy),
            code::FULL => Some(Self::DiskFull),
            code::NOTADB | code::CORRUPT => Some(Self::Damaged),
            code::PERM | code::READONLY | code::IOERR | code::CANTOPEN => Some(Self::Io { code: extended }),
            _ => None,
        }
    }
}
