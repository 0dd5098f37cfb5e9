//! Why a file cannot be taken, as codes with parameters; the sentences that a person reads live in the window.

use serde::{Deserialize, Serialize};

/// Why a scan cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum ScanRefusal {
    /// The name or the place says PDF, the content does not (`forms.md` §0.1: the `%PDF-` signature counts).
    #[error("this is not a PDF")]
    NotAPdf,
    /// Neither one PDF nor one or more JPEG and PNG pictures.
    #[error("only one PDF, or JPEG and PNG pictures, can be read")]
    UnsupportedType,
    /// The file says what it is but cannot be read.
    #[error("the file is damaged")]
    BrokenFile,
    /// The PDF is protected, with or without a password to open it.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// The PDF does something when it is opened, or carries other files.
    #[error("the PDF has active content: {kind:?}")]
    ActiveContent {
        /// What was found.
        kind: ActiveKind,
    },
    /// Too big: the files, what they unpack to, or the finished PDF after all shrinking.
    #[error("{bytes} bytes are more than {limit}")]
    TooLarge {
        /// How big it is, in bytes.
        bytes: u64,
        /// How big it may be, in bytes.
        limit: u64,
    },
    /// More pages than a scan may have.
    #[error("{pages} pages are more than {limit}")]
    TooManyPages {
        /// Pages counted; counting stops soon after the limit.
        pages: u32,
        /// How many there may be.
        limit: u32,
    },
    /// There is no page, or not the one that was asked for.
    #[error("there is no such page")]
    NoPages,
    /// The reader was stopped because it took too long.
    #[error("reading took too long")]
    ReadTimeout,
    /// The reader ended without an answer.
    #[error("the reader stopped unexpectedly")]
    ReaderCrashed,
    /// The reader was stopped because it wanted too much memory.
    #[error("reading needs too much memory")]
    OutOfMemory,
}

/// Kinds of active content, the gravest first: a file with several of them is refused for the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActiveKind {
    /// A script.
    Javascript,
    /// Starts a program.
    Launch,
    /// Carries another file.
    EmbeddedFile,
    /// A form that is itself a program (XFA).
    Xfa,
    /// Does more than show a page when the document is opened.
    OpenAction,
    /// Does something when a page or field is entered or left.
    AdditionalActions,
    /// Sends or fetches data, or leads into other files.
    RemoteAction,
    /// Plays sound, film or three-dimensional scenes.
    RichMedia,
    /// Has fields that can still be filled in.
    Form,
}
