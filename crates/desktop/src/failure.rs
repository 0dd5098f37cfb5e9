//! Faults of the disk, the store and the print, in the words every border uses.

use serde_json::json;
use std::{io, path::Path};
use store::StoreError;
use wire::{Code, Failure};

/// A fault of the local store.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` calls")]
pub(crate) fn of_store(error: StoreError) -> Failure {
    let message = error.to_string();
    match error {
        StoreError::WrongKey => Failure::new(Code::WrongPassphrase, message),
        StoreError::TooNew { found, known } => {
            Failure::with(Code::StoreTooNew, json!({ "found": found, "known": known }), message)
        }
        StoreError::Damaged => Failure::new(Code::StoreDamaged, message),
        StoreError::Busy => Failure::new(Code::StoreBusy, message),
        StoreError::NoSuchCase(_) | StoreError::NoSuchDraft => Failure::new(Code::NotFound, message),
        StoreError::DiskFull => Failure::new(Code::DiskFull, message),
        _ => Failure::new(Code::Internal, message),
    }
}

/// A fault of a file or folder.
pub(crate) fn of_file(path: &Path, error: &io::Error) -> Failure {
    let code = if error.kind() == io::ErrorKind::StorageFull { Code::DiskFull } else { Code::FileAccess };
    Failure::with(code, json!({ "path": path.display().to_string() }), error.to_string())
}

/// What the reader of scans refused. Its codes are among ours.
pub(crate) fn of_scan(refusal: &scan::ScanRefusal) -> Failure {
    let message = refusal.to_string();
    let value = serde_json::to_value(refusal).unwrap_or_default();
    let code = serde_json::from_value(value["code"].clone()).unwrap_or(Code::BrokenFile);
    Failure::with(code, value["params"].clone(), message)
}
