//! Files that go with a paper: read in a process of its own and kept in the store. Stamped paper coming back is bound to the
//! very print it shows; what is enclosed (such as 社群成果分享) is bound to nothing.

use crate::{
    Desktop, Seat,
    failure::{of_file, of_scan, of_store},
    hash_of, loose,
    papers::blocking,
};
use base64::Engine as _;
use domain::{
    case::StampedFile,
    ids::BlobHash,
    paper::{PrintKey, PrintLayout, PrintedRevision, ScannedPage, bind_scan},
    policy::StampRule,
};
use scan::guard;
use serde_json::json;
use std::path::Path;
use wire::{
    Code, Failure,
    rpc::{FormOf, Picture, ScanAttach, ScanPageOf},
    views::{Attached, CaseView},
};

/// A page on the screen: sharp enough to see whether a seal is there.
const SCREEN_DPI: f64 = 110.0;

impl Desktop {
    /// Reads files and keeps them with a form: bound to its current print, or as its enclosure where it has one.
    ///
    /// # Errors
    /// `not_editable`, everything the reader refuses, faults of the store; for a stamped copy also `not_printed` and every
    /// mismatch of `bind_scan`.
    pub async fn attach_scan(&self, attach: &ScanAttach) -> Result<Attached, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(attach.case).await?;
        let paper = seat.paper(&case, &attach.form).await?;
        if !paper.editable {
            return Err(Failure::new(Code::NotEditable, "a file cannot be attached in this state"));
        }
        // A paper outside any case is sent to nobody, so nothing goes with it.
        if paper.def.enclosure().is_some() && !loose::is_loose(&case) {
            return self.enclose(&seat, attach).await;
        }
        let newest = paper.current_print().cloned().or_else(|| paper.printed.last().cloned());
        let print = newest.filter(|print| print.layout.pages > 0);
        let print = print.ok_or_else(|| Failure::new(Code::NotPrinted, "the form was not printed yet"))?;
        let mut scan = self.read_guarded(picked(attach).await?, Some(print.layout.clone())).await?;
        if paper.rule != StampRule::Stamped {
            // Where nobody asks for seals, an empty cell is no finding.
            scan.pages.iter_mut().for_each(|page| page.stamps.clear());
        }
        let key = PrintKey {
            case: case.id,
            form: attach.form.clone(),
            revision: print.revision,
            hash: print.hash.clone(),
            pages: print.layout.pages,
        };
        bind_scan(&key, &scan.pages)?;
        if print.hash != paper.hash {
            // The paper in hand shows what was printed, but the draft has gone on since.
            return Err(Failure::new(Code::NotPrinted, "the form was changed after it was printed"));
        }
        let file = stamped_file(&scan)?;
        let kept =
            store::Scan { revision: print.revision, hash: print.hash, file: file.clone(), pages: scan.pages.clone() };
        seat.store.put_scan(case.id, &attach.form, &kept, &scan.pdf).await.map_err(of_store)?;
        Ok(Attached { pages: scan.pages, file, case: self.open_case(case.id).await? })
    }

    /// An enclosure says nothing about the print, so nothing is looked for on its pages, and it stays when answers change.
    async fn enclose(&self, seat: &Seat, attach: &ScanAttach) -> Result<Attached, Failure> {
        let inputs = picked(attach).await?;
        let reader = self.config.reader.clone();
        let limits = scan::Limits::default();
        let scan = blocking(move || guard::pack_guarded(&reader, &inputs, &limits).map_err(|e| of_scan(&e))).await?;
        let file = stamped_file(&scan)?;
        let kept = store::Scan { revision: 0, hash: String::new(), file: file.clone(), pages: scan.pages.clone() };
        seat.store.put_scan(attach.case, &attach.form, &kept, &scan.pdf).await.map_err(of_store)?;
        Ok(Attached { pages: scan.pages, file, case: self.open_case(attach.case).await? })
    }

    /// Takes the file of a form away again.
    ///
    /// # Errors
    /// `not_editable`; faults of the store.
    pub async fn remove_scan(&self, of: &FormOf) -> Result<CaseView, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(of.case).await?;
        if !seat.paper(&case, &of.form).await?.editable {
            return Err(Failure::new(Code::NotEditable, "the file cannot be removed in this state"));
        }
        seat.store.remove_scan(of.case, &of.form).await.map_err(of_store)?;
        self.open_case(of.case).await
    }

    /// A page of a paper's file as a picture; fetched from the service the first time somebody else's is looked at.
    ///
    /// # Errors
    /// `not_found`, `offline`, what the reader refuses.
    pub async fn scan_picture(&self, of: &ScanPageOf) -> Result<Picture, Failure> {
        let seat = self.seat().await?;
        let case = seat.seen_case(of.case).await?;
        let row = seat.paper(&case, &of.form).await?.row();
        let file = row.scan.ok_or_else(|| Failure::new(Code::NotFound, "there is no scan"))?;
        let pdf = self.blob(&seat, &file.blob).await?;
        let (reader, index) = (self.config.reader.clone(), of.page.saturating_sub(1) as usize);
        let png = blocking(move || {
            guard::render_guarded(&reader, &pdf, index, SCREEN_DPI, &scan::Limits::default()).map_err(|e| of_scan(&e))
        })
        .await?;
        Ok(Picture { png_base64: base64::engine::general_purpose::STANDARD.encode(png), pages: file.pages })
    }

    pub(crate) async fn blob(&self, seat: &Seat, blob: &BlobHash) -> Result<Vec<u8>, Failure> {
        if let Some(bytes) = seat.store.blob(blob).await.map_err(of_store)? {
            return Ok(bytes);
        }
        let token = seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))?;
        let bytes = self.line.blob(&token, blob).await?;
        if hash_of(&bytes) != *blob {
            return Err(Failure::new(Code::BlobMismatch, "the file that came is not the one asked for"));
        }
        seat.store.put_blob(blob, &bytes).await.map_err(of_store)?;
        Ok(bytes)
    }

    /// Reads files from outside in the guarded process.
    ///
    /// # Errors
    /// `file_access`, and everything the reader refuses.
    pub async fn read_files(&self, paths: &[String], layout: Option<PrintLayout>) -> Result<scan::Scan, Failure> {
        self.read_guarded(load(paths).await?, layout).await
    }

    async fn read_guarded(&self, inputs: Vec<scan::Input>, layout: Option<PrintLayout>) -> Result<scan::Scan, Failure> {
        let reader = self.config.reader.clone();
        let request = guard::ReadRequest { inputs, layout };
        let limits = scan::Limits::default();
        blocking(move || guard::read_guarded(&reader, &request, &limits).map_err(|refusal| of_scan(&refusal))).await
    }

    /// The layout of the newest print of a form.
    ///
    /// # Errors
    /// `not_printed`; faults of the store.
    pub async fn newest_print(&self, of: &FormOf) -> Result<PrintedRevision, Failure> {
        let seat = self.seat().await?;
        let printed = seat.store.printed(of.case, &of.form).await.map_err(of_store)?;
        printed.into_iter().next_back().ok_or_else(|| Failure::new(Code::NotPrinted, "the form was not printed yet"))
    }
}

/// The files a person picked: those with a path, then those that came with their content.
async fn picked(attach: &ScanAttach) -> Result<Vec<scan::Input>, Failure> {
    let mut inputs = load(&attach.paths).await?;
    for file in &attach.files {
        let bytes = base64::engine::general_purpose::STANDARD.decode(&file.base64);
        let bytes = bytes.map_err(|_| Failure::new(Code::BadRequest, "the file's content is not base64"))?;
        inputs.push(scan::Input { name: file.name.clone(), bytes });
    }
    Ok(inputs)
}

/// Loads files; a heap of files beyond the limit is refused before it fills the memory.
async fn load(paths: &[String]) -> Result<Vec<scan::Input>, Failure> {
    let limit = scan::Limits::default().input_bytes;
    let mut inputs = Vec::new();
    let mut total = 0;
    for path in paths.iter().map(Path::new) {
        total += tokio::fs::metadata(path).await.map_err(|error| of_file(path, &error))?.len();
        if total > limit {
            let params = json!({ "bytes": total, "limit": limit });
            return Err(Failure::with(Code::TooLarge, params, "the files are larger than can be read"));
        }
        let bytes = tokio::fs::read(path).await.map_err(|error| of_file(path, &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        inputs.push(scan::Input { name, bytes });
    }
    Ok(inputs)
}

fn stamped_file(scan: &scan::Scan) -> Result<StampedFile, Failure> {
    let number = |count: usize| u32::try_from(count).map_err(|_| Failure::new(Code::TooLarge, "beyond all limits"));
    Ok(StampedFile {
        blob: hash_of(&scan.pdf),
        bytes: number(scan.pdf.len())?,
        pages: number(scan.pages.len())?,
        stamps: scan.pages.iter().flat_map(|page: &ScannedPage| page.stamps.clone()).collect(),
    })
}
