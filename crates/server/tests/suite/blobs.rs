//! Uploads over bad lines, and who may have a file.

use super::{Ground, returned, submitted};
use domain::{ids::BlobHash, paper::MAX_UPLOAD_BYTES};
use reqwest::{Method, StatusCode};
use testkit::{Caller, Line, pdf};
use wire::http::{ActBody, BlobProgress};

async fn progress(caller: &Caller, blob: &BlobHash) -> (u64, bool) {
    let BlobProgress { received, complete } = caller.get(&format!("/v1/blobs/{blob}/progress")).await.read();
    (received, complete)
}

async fn download(caller: &Caller, blob: &BlobHash) -> (StatusCode, Vec<u8>) {
    let response = caller.request(Method::GET, &format!("/v1/blobs/{blob}")).send().await.unwrap();
    (response.status(), response.bytes().await.unwrap().to_vec())
}

pub(crate) async fn an_upload_goes_on_where_it_was_cut(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    for (mark, cut) in (1..).zip([1_usize, 2, 4095, 4096, 4097, 65_536, 99_999]) {
        let bytes = pdf(mark, 100_000);
        let blob = BlobHash::of(&bytes);
        assert_eq!(progress(&teacher, &blob).await, (0, false));
        teacher.put_part(&blob, &bytes, 0, cut).await.read::<BlobProgress>();
        assert_eq!(progress(&teacher, &blob).await, (cut as u64, false));
        let gap = teacher.put_part(&blob, &bytes, cut + 1, bytes.len()).await;
        assert_eq!((gap.code(), &gap.body["params"]["offset"]), ("wrong_offset", &cut.into()));
        // A part that begins before the end of what is there is taken from where it is new.
        let end = (cut + 10).min(bytes.len());
        teacher.put_part(&blob, &bytes, cut / 2, end).await.read::<BlobProgress>();
        let done: BlobProgress = teacher.put_part(&blob, &bytes, end, bytes.len()).await.read();
        assert!(done.complete);
        assert_eq!(progress(&teacher, &blob).await, (bytes.len() as u64, true));
        assert_eq!(download(&teacher, &blob).await, (StatusCode::OK, bytes.clone()));
        let again: BlobProgress = teacher.put_part(&blob, &bytes, 0, bytes.len()).await.read();
        assert!(again.complete, "the same upload again changes nothing");
    }
    assert_eq!(
        std::fs::read_dir(ground.server.blobs().join("partial"))
            .unwrap()
            .flat_map(|d| std::fs::read_dir(d.unwrap().path()).unwrap())
            .count(),
        0
    );
}

pub(crate) async fn a_cut_line_loses_nothing_that_arrived(ground: Ground) {
    let straight = ground.signed_in("teacher-a").await;
    let line = Line::to(ground.server.address());
    let teacher = Caller::signed_in(&line.url(), "teacher-a").await;
    let bytes = pdf(1, 600_000);
    let blob = BlobHash::of(&bytes);
    let mut cuts = 0;
    for allowed in [3_000_u64, 70_000, 150_000, 200_000, 1_000_000] {
        line.restore();
        line.cut_after_bytes(allowed);
        let (from, _) = progress(&straight, &blob).await;
        let from = usize::try_from(from).unwrap();
        let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
        let request = teacher.request(Method::PUT, &format!("/v1/blobs/{blob}")).header("Content-Range", range);
        cuts += u32::from(teacher.try_send(request.body(bytes[from..].to_vec())).await.is_err());
        let (now, complete) = progress(&straight, &blob).await;
        assert!(complete || now >= from as u64, "what was there stays there");
    }
    assert!(cuts >= 2, "the line was cut {cuts} times");
    assert_eq!(progress(&straight, &blob).await, (bytes.len() as u64, true));
    // The answer is lost, the upload is not.
    let bytes = pdf(2, 1000);
    let blob = BlobHash::of(&bytes);
    line.restore();
    line.drop_next_response();
    let range = format!("bytes 0-{}/{}", bytes.len() - 1, bytes.len());
    let request = teacher.request(Method::PUT, &format!("/v1/blobs/{blob}")).header("Content-Range", range);
    assert!(teacher.try_send(request.body(bytes.clone())).await.is_err());
    assert_eq!(progress(&straight, &blob).await, (bytes.len() as u64, true));
}

pub(crate) async fn files_that_are_not_taken(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let good = pdf(1, 1000);
    let mut broken = good.clone();
    broken.truncate(60);
    let javascript =
        String::from_utf8(good.clone()).unwrap().replace("/Mark 1", "/AA << /O << /S /JavaScript /JS (x) >> >>");
    for (code, bytes) in [
        ("not_a_pdf", b"PK\x03\x04 a zip".to_vec()),
        ("not_a_pdf", b"x".to_vec()),
        ("broken_file", broken),
        ("active_content", javascript.into_bytes()),
    ] {
        let blob = BlobHash::of(&bytes);
        assert_eq!(teacher.put_part(&blob, &bytes, 0, bytes.len()).await.code(), code);
        assert_eq!(progress(&teacher, &blob).await, (0, false), "it is thrown away");
        assert_eq!(download(&teacher, &blob).await.0, StatusCode::NOT_FOUND);
    }
    let other = BlobHash::of(b"something else");
    assert_eq!(teacher.put_part(&other, &good, 0, good.len()).await.code(), "blob_mismatch");
    assert_eq!(progress(&teacher, &other).await, (0, false));

    let limit = usize::try_from(MAX_UPLOAD_BYTES).unwrap();
    let largest = pdf(1, limit - 2000);
    let largest = [largest.as_slice(), &vec![b'\n'; limit - largest.len()]].concat();
    assert_eq!(largest.len(), limit);
    teacher.upload(&largest).await;
    let larger = [largest.as_slice(), b"\n"].concat();
    let refused = teacher.put_part(&BlobHash::of(&larger), &larger, 0, 100).await;
    assert_eq!((refused.code(), &refused.body["params"]["limit"]), ("too_large", &limit.into()));
    let huge = vec![b'x'; 30_000_000];
    assert_eq!(teacher.put_part(&BlobHash::of(&huge), &huge, 0, huge.len()).await.code(), "too_large");

    let blob = BlobHash::of(b"never sent");
    for (range, body) in
        [("bytes 0-9/10", 9), ("bytes 0-9/10", 11), ("bytes 5-4/10", 1), ("lines 0-9/10", 10), ("bytes 0-9/*", 10)]
    {
        let request = teacher.request(Method::PUT, &format!("/v1/blobs/{blob}")).header("Content-Range", range);
        assert_eq!(
            teacher.send(request.body(vec![b'x'; body])).await.code(),
            "bad_request",
            "{range} with {body} bytes"
        );
    }
}

pub(crate) async fn a_file_is_its_senders_until_it_is_in_a_paper(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let school = ground.signed_in("school193625").await;
    let (colleague, elsewhere) = (ground.signed_in("teacher-b").await, ground.signed_in("school-matsu").await);
    let private = pdf(500, 100);
    let blob = teacher.upload(&private).await;
    for caller in [&school, &colleague, &elsewhere] {
        assert_eq!(download(caller, &blob).await.0, StatusCode::NOT_FOUND);
        assert_eq!(progress(caller, &blob).await, (0, false), "nobody learns that it is there");
    }
    let case = submitted(&teacher, 1).await;
    let sent = teacher.case(case).await.case.papers[0].stamped.clone().unwrap().blob;
    assert_eq!(download(&school, &sent).await.0, StatusCode::OK);
    assert_eq!(download(&colleague, &sent).await.0, StatusCode::NOT_FOUND);
    assert_eq!(download(&elsewhere, &sent).await.0, StatusCode::NOT_FOUND);
    school.act(case, 2, returned()).await.read::<wire::http::ActDone>();
    assert_eq!(download(&school, &sent).await.0, StatusCode::NOT_FOUND, "申請社群: no content");
    assert_eq!(teacher.act(case, 3, ActBody::Withdraw).await.code(), "ok");
    assert_eq!(download(&teacher, &sent).await.0, StatusCode::OK);
}
