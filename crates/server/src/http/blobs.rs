//! Files: uploads that survive a cut line, and downloads for those who may see them.

use super::{
    Refused, Signed, Words,
    ask::{bad_request, discard},
};
use crate::{
    Service,
    acts::{not_found, sight_of},
    db,
    files::{FileError, too_large, wrong_offset},
};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, header},
    response::IntoResponse,
};
use domain::{
    ids::{AccountId, BlobHash},
    paper::MAX_UPLOAD_BYTES,
    workflow::Sight,
};
use futures_util::StreamExt as _;
use std::time::Duration;
use wire::{Code, Failure, http::BlobProgress};

/// How long an upload may stand still.
const MOST_SILENCE: Duration = Duration::from_secs(30);

/// How long one request of an upload may take: 2 MB at 4 kB/s.
const MOST_TIME: Duration = Duration::from_secs(600);

pub(super) async fn progress(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
) -> Result<Json<BlobProgress>, Refused> {
    let (blob, sender) = (words.blob()?, signed.actor.person.id);
    if let Some(kept) = db::blobs::find(service.db(), &blob, sender).await? {
        return Ok(Json(BlobProgress { received: kept.bytes.into(), complete: true }));
    }
    Ok(Json(BlobProgress { received: service.files().received(sender, &blob), complete: false }))
}

/// Which part of a file a body is: `bytes FROM-TO/TOTAL`, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    from: u64,
    to: u64,
    total: u64,
}

impl Part {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
        let part = match text(header::CONTENT_RANGE) {
            Some(range) => {
                let (range, total) = range.strip_prefix("bytes ")?.split_once('/')?;
                let (from, to) = range.split_once('-')?;
                Self { from: from.parse().ok()?, to: to.parse().ok()?, total: total.parse().ok()? }
            }
            None => {
                let total: u64 = text(header::CONTENT_LENGTH)?.parse().ok()?;
                Self { from: 0, to: total.checked_sub(1)?, total }
            }
        };
        (part.from <= part.to && part.to < part.total).then_some(part)
    }
}

pub(super) async fn put(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<BlobProgress>, Refused> {
    let (blob, sender) = (words.blob()?, signed.actor.person.id);
    let part = Part::of(&headers).ok_or_else(|| bad_request("no part like `Content-Range: bytes FROM-TO/TOTAL`"))?;
    if part.total > MAX_UPLOAD_BYTES {
        discard(body.into_data_stream()).await;
        return Err(too_large().into());
    }
    if let Some(kept) = db::blobs::find(service.db(), &blob, sender).await? {
        discard(body.into_data_stream()).await;
        return Ok(Json(BlobProgress { received: kept.bytes.into(), complete: true }));
    }
    let there = service.files().received(sender, &blob);
    if part.from > there {
        discard(body.into_data_stream()).await;
        return Err(wrong_offset(there).into());
    }
    let received = tokio::time::timeout(MOST_TIME, receive(&service, sender, &blob, part, body)).await;
    let received = received.map_err(|_| bad_request("the upload took too long"))??;
    if received < part.total {
        return Ok(Json(BlobProgress { received, complete: false }));
    }
    let facts = on_disk(&service, &blob, move |files, blob| files.finish(sender, blob)).await?;
    let kept = db::blobs::Kept { bytes: u32::try_from(facts.bytes).map_err(|_| too_large())?, pages: facts.pages };
    db::blobs::put(service.db(), &blob, kept, sender, service.now()).await?;
    Ok(Json(BlobProgress { received: facts.bytes, complete: true }))
}

/// So many bytes are gathered before they are written: the network brings them in many small pieces.
const PIECE: usize = 256 * 1024;

/// Writes what comes in, so that a cut line loses nothing that arrived.
async fn receive(
    service: &Service,
    sender: AccountId,
    blob: &BlobHash,
    part: Part,
    body: Body,
) -> Result<u64, Refused> {
    let mut stream = body.into_data_stream();
    let mut piece = Vec::with_capacity(PIECE);
    let mut offset = part.from;
    let ended = loop {
        let end = offset + piece.len() as u64;
        let next = tokio::time::timeout(MOST_SILENCE, stream.next()).await;
        match next {
            Ok(Some(Ok(chunk))) if end + chunk.len() as u64 > part.to + 1 => {
                break Err(bad_request("the body is longer than announced"));
            }
            Ok(Some(Ok(chunk))) => piece.extend_from_slice(&chunk),
            Ok(Some(Err(_))) => break Err(bad_request("the upload was cut")),
            Ok(None) if end == part.to + 1 => break Ok(()),
            Ok(None) => break Err(bad_request("the body is shorter than announced")),
            Err(_) => break Err(bad_request("the upload stood still")),
        }
        if piece.len() >= PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(PIECE));
            offset = write(service, sender, blob, offset, full).await?;
        }
    };
    // What arrived is kept, whatever ended it: the next request goes on from there.
    let offset = write(service, sender, blob, offset, piece).await?;
    ended?;
    Ok(service.files().received(sender, blob).max(offset))
}

/// Writes a piece at its place; where the next one goes.
async fn write(
    service: &Service,
    sender: AccountId,
    blob: &BlobHash,
    offset: u64,
    piece: Vec<u8>,
) -> Result<u64, Refused> {
    let end = offset + piece.len() as u64;
    if !piece.is_empty() {
        on_disk(service, blob, move |files, blob| files.append(sender, blob, offset, &piece)).await?;
    }
    Ok(end)
}

async fn on_disk<T: Send + 'static>(
    service: &Service,
    blob: &BlobHash,
    work: impl FnOnce(&crate::files::Files, &BlobHash) -> Result<T, FileError> + Send + 'static,
) -> Result<T, Refused> {
    let (files, blob) = (service.files().clone(), blob.clone());
    let job = tokio::task::spawn_blocking(move || work(&files, &blob));
    Ok(job.await.map_err(|_| Failure::new(Code::Internal, "writing the file stopped"))??)
}

pub(super) async fn get(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
) -> Result<impl IntoResponse, Refused> {
    let blob = words.blob()?;
    let own = db::blobs::find(service.db(), &blob, signed.actor.person.id).await?.is_some();
    let cases = if own { Vec::new() } else { db::cases::with_blob(service.db(), &blob).await? };
    if !own && !cases.iter().any(|case| sight_of(case, &signed.actor) >= Sight::Papers) {
        return Err(not_found().into());
    }
    let bytes = on_disk(&service, &blob, |files, blob| files.read(blob)).await?;
    // What was uploaded never runs as a page of this service.
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ];
    Ok((headers, Bytes::from(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_or_refused() {
        let check = |range: Option<&str>, length: Option<&str>, expected: Option<(u64, u64, u64)>| {
            let mut headers = HeaderMap::new();
            range.map(|range| headers.insert(header::CONTENT_RANGE, range.parse().unwrap()));
            length.map(|length| headers.insert(header::CONTENT_LENGTH, length.parse().unwrap()));
            let expected = expected.map(|(from, to, total)| Part { from, to, total });
            assert_eq!(Part::of(&headers), expected, "{range:?} {length:?}");
        };
        check(Some("bytes 0-9/10"), None, Some((0, 9, 10)));
        check(Some("bytes 5-7/10"), Some("3"), Some((5, 7, 10)));
        check(None, Some("10"), Some((0, 9, 10)));
        for range in
            ["bytes 0-10/10", "bytes 5-4/10", "bytes */10", "0-9/10", "bytes 0-9/*", "bytes -1-9/10", "", "bytes 0-9"]
        {
            check(Some(range), Some("10"), None);
        }
        check(Some("bytes 0-99999999999999999999/99999999999999999999"), None, None);
        check(None, Some("0"), None);
        check(None, None, None);
    }
}
