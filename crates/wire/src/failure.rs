//! Refusals: a stable code, the figures of a sentence, and an English message for logs. Sentences for people are the UI's.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal;)+) => {
        /// Every refusal there is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code, for tables and tests.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as text.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// The HTTP status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)+ }
            }
        }
    };
}

codes! {
    // Who is asking.
    /// No session, or one that has ended.
    NotSignedIn = "not_signed_in", 401;
    /// Account or password is wrong.
    WrongPassword = "wrong_password", 401;
    /// Too many tries; `retry_after_seconds`.
    TooManyTries = "too_many_tries", 429;
    /// The person may not do this.
    NotYours = "not_yours", 403;
    // What is asked for.
    /// There is no such thing, or not for this person.
    NotFound = "not_found", 404;
    /// The request is not of the shape described.
    BadRequest = "bad_request", 400;
    /// The id is not an id.
    BadId = "bad_id", 400;
    /// There is no such form.
    UnknownForm = "unknown_form", 404;
    /// There is no such act.
    UnknownAction = "unknown_action", 400;
    /// There is no such process.
    UnknownProcess = "unknown_process", 400;
    // Acts on a case.
    /// The state knows no such act for this person; `action`, `state`.
    NotInThisState = "not_in_this_state", 409;
    /// Something is missing; `missing` lists it.
    ActIncomplete = "act_incomplete", 422;
    /// The answers have errors; `form`, `problems`.
    AnswersIncomplete = "answers_incomplete", 422;
    /// A correction of the convener's data changes another answer; `form`, `field` (empty: the paper cannot be corrected at all).
    OtherFieldChanged = "other_field_changed", 422;
    /// Somebody acted meanwhile; `seq` is the case's now, and `by`, `role`, `action`, `at`, `state_label` tell what was done
    /// last.
    CaseMoved = "case_moved", 409;
    /// More cases than can be acted on, or bound into one PDF, at once; `limit`.
    TooManyCases = "too_many_cases", 422;
    /// The paper cannot be edited now.
    NotEditable = "not_editable", 409;
    /// A case with this id exists already.
    CaseExists = "case_exists", 409;
    /// The revision's hash does not fit its content.
    HashMismatch = "hash_mismatch", 422;
    // Rules of a county.
    /// Another officer saved meanwhile; `newest` is the version in force now.
    RulesMoved = "rules_moved", 409;
    /// The rules have errors; `problems`.
    RulesInvalid = "rules_invalid", 422;
    // 個人資料 and lists of the office.
    /// What is said of the post cannot be; `problems`.
    ProfileInvalid = "profile_invalid", 422;
    /// 資料轉移 does not ask this, or not any more.
    TransferMoved = "transfer_moved", 409;
    /// More rows than one import takes; `limit`.
    TooManyRows = "too_many_rows", 422;
    /// The file lacks columns of the list; `columns`.
    ColumnsMissing = "columns_missing", 422;
    /// The file has no row.
    NoRows = "no_rows", 422;
    // Certificates.
    /// It is not a certificate that was issued here: its papers are not printed here.
    CertificateNotIssued = "certificate_not_issued", 409;
    /// The record knows of no hours that the proof of training could tell.
    NoTrainingHours = "no_training_hours", 422;
    /// A paper that certifies something would have a gap: the typeface lacks signs; `signs`.
    SignsMissing = "signs_missing", 422;
    // Files.
    /// Larger than allowed; `limit`.
    TooLarge = "too_large", 413;
    /// Not a PDF; `head` tells what the file looks like.
    NotAPdf = "not_a_pdf", 422;
    /// Not a kind of file that can be read.
    UnsupportedType = "unsupported_type", 422;
    /// Damaged.
    BrokenFile = "broken_file", 422;
    /// Protected by a password.
    Encrypted = "encrypted", 422;
    /// Carries scripts, actions, forms or embedded files; `kind`.
    ActiveContent = "active_content", 422;
    /// Too many pages; `limit`.
    TooManyPages = "too_many_pages", 422;
    /// Without pages.
    NoPages = "no_pages", 422;
    /// Reading took too long.
    ReadTimeout = "read_timeout", 422;
    /// The reader stopped on this file.
    ReaderCrashed = "reader_crashed", 422;
    /// Reading the file asked for too much memory.
    OutOfMemory = "out_of_memory", 422;
    /// The upload goes on elsewhere; `offset` is where.
    WrongOffset = "wrong_offset", 409;
    /// The bytes do not have the hash they were announced with.
    BlobMismatch = "blob_mismatch", 422;
    /// A file that an act needs is not there; `sha256`.
    BlobMissing = "blob_missing", 409;
    /// A person stopped it before it was done.
    Stopped = "stopped", 409;
    // Scans.
    /// No QR could be read.
    QrUnreadable = "qr_unreadable", 422;
    /// A page belongs to another case; `page`.
    OtherCase = "other_case", 422;
    /// A page belongs to another form; `page`, `form`.
    OtherForm = "other_form", 422;
    /// A page belongs to another revision; `page`, `found`, `wanted`.
    OtherRevision = "other_revision", 422;
    /// Pages are missing; `missing`, `pages`.
    PagesMissing = "pages_missing", 422;
    /// A page is there twice; `page`.
    PageTwice = "page_twice", 422;
    /// The whole print is there and more pages beside it; `extra`, `pages`.
    PagesExtra = "pages_extra", 422;
    /// The form was not printed since its last change.
    NotPrinted = "not_printed", 409;
    /// The draft cannot be printed for stamping yet; `problems`.
    NotPrintable = "not_printable", 422;
    // The own computer.
    /// The local store is locked.
    Locked = "locked", 401;
    /// The passphrase is wrong.
    WrongPassphrase = "wrong_passphrase", 401;
    /// The store was made by a newer program; `found`, `known`.
    StoreTooNew = "store_too_new", 409;
    /// The store cannot be read.
    StoreDamaged = "store_damaged", 500;
    /// Another program is writing to the store.
    StoreBusy = "store_busy", 503;
    /// The disk is full.
    DiskFull = "disk_full", 507;
    /// A file on this computer cannot be read or written; `path`.
    FileAccess = "file_access", 500;
    /// Fonts are missing; `folder`.
    FontsMissing = "fonts_missing", 500;
    // The line.
    /// The service cannot be reached.
    Offline = "offline", 503;
    /// It is not the service this store belongs to.
    OtherService = "other_service", 409;
    /// The service speaks a newer language; `minimum`.
    ProgramTooOld = "program_too_old", 426;
    /// The service is busy; `retry_after_seconds`.
    Busy = "busy", 503;
    /// Something is wrong on this side.
    Internal = "internal", 500;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal as it crosses every border.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[error("{code}: {message}")]
pub struct Failure {
    /// What.
    pub code: Code,
    /// The figures a sentence needs.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub params: Map<String, Value>,
    /// For logs, English. Never answers, names or ids of people.
    #[serde(default)]
    pub message: String,
}

impl Failure {
    /// A refusal without figures.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, params: Map::new(), message: message.into() }
    }

    /// A refusal with figures, given as a JSON object.
    pub fn with(code: Code, params: Value, message: impl Into<String>) -> Self {
        let params = if let Value::Object(map) = params { map } else { Map::new() };
        Self { code, params, message: message.into() }
    }
}

impl From<domain::workflow::Refusal> for Failure {
    fn from(refusal: domain::workflow::Refusal) -> Self {
        use domain::workflow::Refusal::{Missing, NotInThisState, NotYours, OtherFieldChanged};
        let message = refusal.to_string();
        match refusal {
            NotInThisState { action, state } => {
                Self::with(Code::NotInThisState, json!({ "action": action, "state": state }), message)
            }
            NotYours => Self::new(Code::NotYours, message),
            OtherFieldChanged { form, field } => {
                Self::with(Code::OtherFieldChanged, json!({ "form": form, "field": field }), message)
            }
            Missing(missing) => Self::with(Code::ActIncomplete, json!({ "missing": missing }), message),
        }
    }
}

impl From<domain::paper::ScanMismatch> for Failure {
    fn from(mismatch: domain::paper::ScanMismatch) -> Self {
        use domain::paper::ScanMismatch as M;
        let message = mismatch.to_string();
        let (code, params) = match mismatch {
            M::QrUnreadable => (Code::QrUnreadable, json!({})),
            M::OtherCase { page } => (Code::OtherCase, json!({ "page": page })),
            M::OtherForm { page, form } => (Code::OtherForm, json!({ "page": page, "form": form })),
            M::OtherRevision { page, found, wanted } => {
                (Code::OtherRevision, json!({ "page": page, "found": found, "wanted": wanted }))
            }
            M::PagesMissing { missing, pages } => (Code::PagesMissing, json!({ "missing": missing, "pages": pages })),
            M::PageTwice { page } => (Code::PageTwice, json!({ "page": page })),
            M::PagesExtra { extra, pages } => (Code::PagesExtra, json!({ "extra": extra, "pages": pages })),
        };
        Self::with(code, params, message)
    }
}
