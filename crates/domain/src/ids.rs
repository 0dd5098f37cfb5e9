//! Names of things. Ids are UUIDv7 made by the caller (the desktop or the service), never here.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text was not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0}")]
pub struct NotAnId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::parse_str(text).map(Self).map_err(|_| NotAnId(text.chars().take(64).collect()))
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// One case (案件): a 社群 or a certification of one person in one plan year.
    CaseId,
    /// One act in the life of a case. Made where the person acts, so that the same act sent twice is one act.
    EventId,
    /// One message in 訊息通知.
    NoticeId,
    /// One remark on a field.
    RemarkId,
    /// One push of changed draft fields; the same push sent twice changes nothing.
    PushId,
    /// A person or office that signs in.
    AccountId,
    /// One version of a county's rules. Made where it is typed, so that the same version sent twice is one version.
    RuleSetId,
    /// One certificate in somebody's record.
    CertificateId,
}

impl AccountId {
    /// The service itself, which acts when a time limit is over. It signs in nowhere.
    pub const SERVICE: Self = Self(Uuid::nil());

    /// Somebody whose name a person may not know.
    pub const NOBODY: Self = Self(Uuid::max());
}

impl CaseId {
    /// Where the papers lie that a person fills in outside any case (單張表件). They stay on this computer and are never sent;
    /// no case ever has this id, because cases are numbered with UUIDv7.
    pub const LOOSE: Self = Self(Uuid::nil());
}

/// The SHA-256 of a file's bytes, 64 lower-case hex digits: the name under which a scan is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct BlobHash(String);

impl BlobHash {
    /// Hashes `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::Digest as _;
        Self(hex::encode(sha2::Sha256::digest(bytes)))
    }

    /// The 64 hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BlobHash {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        let fits = text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if fits { Ok(Self(text)) } else { Err(NotAnId(text.chars().take(80).collect())) }
    }
}

impl From<BlobHash> for String {
    fn from(hash: BlobHash) -> Self {
        hash.0
    }
}

impl FromStr for BlobHash {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.to_owned().try_into()
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
