//! The bytes of uploaded files: partial ones per sender, complete ones by their hash. What is complete is durable: synced,
//! renamed into place, the folder synced. Nothing here knows who may see a file.

use domain::{
    ids::{AccountId, BlobHash},
    paper::MAX_UPLOAD_BYTES,
};
use scan::{ScanRefusal, UploadFacts};
use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use wire::{Code, Failure};

/// Uploads that one sender can leave unfinished.
const MOST_PARTIAL: usize = 64;

/// Writers of one file come one after the other; files share this many locks.
const LOCKS: usize = 32;

/// Why a file could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A rule said no.
    #[error(transparent)]
    Refused(#[from] Failure),
    /// The disk said no.
    #[error("file: {0}")]
    Disk(#[from] io::Error),
}

impl FileError {
    /// The refusal that a caller of the service gets.
    pub fn failure(self) -> Failure {
        match self {
            Self::Refused(failure) => failure,
            Self::Disk(error) if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => {
                Failure::new(Code::DiskFull, "the service's disk is full")
            }
            Self::Disk(error) => {
                tracing::error!(%error, "file");
                Failure::new(Code::Internal, "the service's files failed")
            }
        }
    }
}

/// The folder of uploads.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
    locks: Arc<[Mutex<()>; LOCKS]>,
}

impl Files {
    /// Opens the folder, making it when it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(root: &Path) -> io::Result<Self> {
        fs::create_dir_all(root.join("partial"))?;
        fs::create_dir_all(root.join("kept"))?;
        Ok(Self { root: root.to_owned(), locks: Arc::new(std::array::from_fn(|_| Mutex::new(()))) })
    }

    fn partial(&self, sender: AccountId, blob: &BlobHash) -> PathBuf {
        self.root.join("partial").join(sender.to_string()).join(blob.as_str())
    }

    fn kept(&self, blob: &BlobHash) -> PathBuf {
        self.root.join("kept").join(&blob.as_str()[..2]).join(blob.as_str())
    }

    fn lock(&self, blob: &BlobHash) -> MutexGuard<'_, ()> {
        let number = usize::from_str_radix(&blob.as_str()[..4], 16).expect("a hash is hex digits") % LOCKS;
        // A writer that panicked left a shorter partial file at worst, which is what partial files are for.
        self.locks[number].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much of an upload is there.
    pub fn received(&self, sender: AccountId, blob: &BlobHash) -> u64 {
        fs::metadata(self.partial(sender, blob)).map_or(0, |meta| meta.len())
    }

    /// Writes bytes that begin at `offset` of the file; those that are there already are skipped. Answers how much is there.
    ///
    /// # Errors
    /// `wrong_offset` when bytes before `offset` are missing, `too_large`, or the disk's.
    pub fn append(&self, sender: AccountId, blob: &BlobHash, offset: u64, bytes: &[u8]) -> Result<u64, FileError> {
        let _one_writer = self.lock(blob);
        let path = self.partial(sender, blob);
        let there = self.received(sender, blob);
        let Some(skip) = there.checked_sub(offset) else { return Err(wrong_offset(there).into()) };
        let new = usize::try_from(skip).ok().and_then(|skip| bytes.get(skip..)).unwrap_or(&[]);
        if there + new.len() as u64 > MAX_UPLOAD_BYTES {
            return Err(too_large().into());
        }
        if there == 0 {
            self.begin(&path)?;
        }
        fs::OpenOptions::new().append(true).create(true).open(&path)?.write_all(new)?;
        Ok(there + new.len() as u64)
    }

    fn begin(&self, path: &Path) -> Result<(), FileError> {
        let folder = path.parent().expect("partial files lie in a folder of their sender");
        fs::create_dir_all(folder)?;
        if !path.exists() && fs::read_dir(folder)?.count() >= MOST_PARTIAL {
            return Err(Failure::with(
                Code::Busy,
                serde_json::json!({ "retry_after_seconds": 3600 }),
                "too many unfinished uploads",
            )
            .into());
        }
        Ok(())
    }

    /// Checks a completely received file and keeps it durably. A file that does not pass is thrown away.
    ///
    /// # Errors
    /// `blob_mismatch`, the refusals of [`scan::check_upload`], or the disk's.
    pub fn finish(&self, sender: AccountId, blob: &BlobHash) -> Result<UploadFacts, FileError> {
        let _one_writer = self.lock(blob);
        let path = self.partial(sender, blob);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            // Another request of the same upload was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::read(self.kept(blob))?,
            Err(error) => return Err(error.into()),
        };
        let checked = if BlobHash::of(&bytes) == *blob {
            scan::check_upload(&bytes).map_err(|error| refusal(&error))
        } else {
            Err(Failure::new(Code::BlobMismatch, "the bytes have another hash"))
        };
        let facts = match checked {
            Ok(facts) => facts,
            Err(failure) => {
                remove(&path)?;
                return Err(failure.into());
            }
        };
        let kept = self.kept(blob);
        if kept.exists() {
            remove(&path)?;
            return Ok(facts);
        }
        let folder = kept.parent().expect("kept files lie in a folder");
        let new_folder = !folder.exists();
        fs::create_dir_all(folder)?;
        // Windows flushes only a file that was opened for writing.
        fs::OpenOptions::new().write(true).open(&path)?.sync_all()?;
        fs::rename(&path, &kept)?;
        sync_folder(folder)?;
        if new_folder {
            sync_folder(&self.root.join("kept"))?;
        }
        Ok(facts)
    }

    /// The bytes of a complete file.
    ///
    /// # Errors
    /// The disk's.
    pub fn read(&self, blob: &BlobHash) -> Result<Vec<u8>, FileError> {
        Ok(fs::read(self.kept(blob))?)
    }

    /// Throws unfinished uploads away that nobody went on with since `before`.
    ///
    /// # Errors
    /// The disk's.
    pub fn forget_partial(&self, before: std::time::SystemTime) -> io::Result<()> {
        for sender in fs::read_dir(self.root.join("partial"))? {
            for file in fs::read_dir(sender?.path())? {
                let file = file?;
                if file.metadata()?.modified()? < before {
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A rename is durable once its folder is; Windows has no such call and needs none.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The upload goes on at `offset`.
pub fn wrong_offset(offset: u64) -> Failure {
    Failure::with(Code::WrongOffset, serde_json::json!({ "offset": offset }), "bytes before these are missing")
}

/// More than the platform takes.
pub fn too_large() -> Failure {
    Failure::with(Code::TooLarge, serde_json::json!({ "limit": MAX_UPLOAD_BYTES }), "the file is too large")
}

/// A refusal of the reader in the words of the wire.
fn refusal(refusal: &ScanRefusal) -> Failure {
    let message = refusal.to_string();
    let plain = |code| Failure::new(code, message.clone());
    match refusal {
        ScanRefusal::NotAPdf => plain(Code::NotAPdf),
        ScanRefusal::UnsupportedType => plain(Code::UnsupportedType),
        ScanRefusal::BrokenFile => plain(Code::BrokenFile),
        ScanRefusal::Encrypted => plain(Code::Encrypted),
        ScanRefusal::ActiveContent { kind } => {
            Failure::with(Code::ActiveContent, serde_json::json!({ "kind": kind }), message)
        }
        ScanRefusal::TooLarge { bytes, limit } => {
            Failure::with(Code::TooLarge, serde_json::json!({ "bytes": bytes, "limit": limit }), message)
        }
        ScanRefusal::TooManyPages { pages, limit } => {
            Failure::with(Code::TooManyPages, serde_json::json!({ "pages": pages, "limit": limit }), message)
        }
        ScanRefusal::NoPages => plain(Code::NoPages),
        ScanRefusal::ReadTimeout => plain(Code::ReadTimeout),
        ScanRefusal::ReaderCrashed | ScanRefusal::OutOfMemory => plain(Code::ReaderCrashed),
    }
}
