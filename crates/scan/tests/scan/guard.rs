//! The child process: an honest one answers like the reader itself, a bad one costs nothing but a refusal.

use crate::paper::{self, Mark, layout, page, pdf, png_bomb, small_document};
use scan::{
    Input, Limits, ScanRefusal,
    guard::{ReadRequest, ReaderProgram, is_reader, pack_guarded, read_guarded, render_guarded},
    pack, read, render_page,
};

pub(crate) fn reader(behaviour: &str) -> ReaderProgram {
    ReaderProgram { program: env!("CARGO_BIN_EXE_scan-reader-probe").into(), args: vec![behaviour.to_owned()] }
}

fn request(name: &str, bytes: Vec<u8>) -> ReadRequest {
    ReadRequest { inputs: vec![Input { name: name.to_owned(), bytes }], layout: Some(layout(1)) }
}

#[test]
fn an_honest_reader_answers_as_the_library_does() {
    let limits = Limits::default();
    let bytes = pdf(&[page(1, 1, [Mark::Seal(paper::RED); 4])]);
    let request = request("a.pdf", bytes.clone());
    let here = read(&request.inputs, request.layout.as_ref(), &limits);
    assert_eq!(read_guarded(&reader("read"), &request, &limits), here);
    assert!(here.is_ok());
    assert_eq!(pack_guarded(&reader("read"), &request.inputs, &limits), pack(&request.inputs, &limits));
    assert_eq!(render_guarded(&reader("read"), &bytes, 0, 60.0, &limits), render_page(&bytes, 0, 60.0));
    assert_eq!(render_guarded(&reader("read"), &bytes, 7, 60.0, &limits), Err(ScanRefusal::NoPages));
}

#[test]
fn pictures_are_unpacked_and_packed_within_the_bounds_of_the_child() {
    let bytes = paper::jpeg(&image::imageops::rotate90(&page(1, 1, [Mark::Nothing; 4])));
    let scan = read_guarded(&reader("read"), &request("a.jpg", bytes), &Limits::default()).unwrap();
    assert_eq!((scan.pages[0].rotation, scan.pages[0].qr.clone()), (270, Some(paper::tag(1, 1))));
}

#[test]
fn refusals_come_through() {
    let table = [
        ("a.pdf", b"text".to_vec(), ScanRefusal::NotAPdf),
        ("a.doc", b"text".to_vec(), ScanRefusal::UnsupportedType),
        ("a.pdf", b"%PDF-1.4\n".to_vec(), ScanRefusal::BrokenFile),
    ];
    for (name, bytes, expected) in table {
        assert_eq!(read_guarded(&reader("read"), &request(name, bytes), &Limits::default()), Err(expected));
    }
    let bomb = read_guarded(&reader("read"), &request("a.png", png_bomb(50_000)), &Limits::default());
    assert!(matches!(bomb, Err(ScanRefusal::TooLarge { .. })), "{bomb:?}");
}

#[test]
fn bad_readers_are_a_refusal() {
    let table = [
        ("crash", ScanRefusal::ReaderCrashed),
        ("silent", ScanRefusal::ReaderCrashed),
        ("babble", ScanRefusal::ReaderCrashed),
        ("unknown", ScanRefusal::ReaderCrashed),
        ("out-of-memory", ScanRefusal::OutOfMemory),
    ];
    let small = paper::saved(&mut small_document());
    for (behaviour, expected) in table {
        let answer = read_guarded(&reader(behaviour), &request("a.pdf", small.clone()), &Limits::default());
        assert_eq!(answer, Err(expected), "{behaviour}");
    }
    let nowhere = ReaderProgram { program: "/nowhere/at/all".into(), args: Vec::new() };
    assert_eq!(read_guarded(&nowhere, &request("a.pdf", small), &Limits::default()), Err(ScanRefusal::ReaderCrashed));
}

#[test]
fn a_reader_that_hangs_is_ended() {
    // More than a pipe holds, so that the reader that never reads also blocks the writer.
    let request = request("a.pdf", vec![b'x'; 1 << 20]);
    let limits = Limits { seconds: 1, ..Limits::default() };
    assert_eq!(read_guarded(&reader("hang"), &request, &limits), Err(ScanRefusal::ReadTimeout));
}

#[cfg(unix)]
#[test]
fn a_reader_cannot_take_more_memory_than_it_may() {
    let limits = Limits { memory_bytes: 40 * 1024 * 1024, ..Limits::default() };
    let request = request("a.jpg", paper::jpeg(&image::RgbImage::new(5000, 7000)));
    assert_eq!(read_guarded(&reader("read"), &request, &limits), Err(ScanRefusal::OutOfMemory));
}

#[test]
fn the_parents_environment_does_not_reach_the_reader() {
    // The test runner sets this one for every test; the probe crashes when it sees it.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let request = request("a.pdf", paper::saved(&mut small_document()));
    assert!(read_guarded(&reader("leak"), &request, &Limits::default()).is_ok());
}

#[test]
fn too_much_is_refused_before_a_reader_starts() {
    let nowhere = ReaderProgram { program: "/nowhere/at/all".into(), args: Vec::new() };
    let limits = Limits { input_bytes: 3, ..Limits::default() };
    let expected = ScanRefusal::TooLarge { bytes: 4, limit: 3 };
    assert_eq!(read_guarded(&nowhere, &request("a.pdf", b"abcd".to_vec()), &limits), Err(expected.clone()));
    assert_eq!(render_guarded(&nowhere, b"abcd", 0, 60.0, &limits), Err(expected));
}

#[test]
fn a_program_knows_when_it_is_the_reader() {
    let args = |words: &[&str]| words.iter().map(Into::into).collect::<Vec<std::ffi::OsString>>().into_iter();
    assert!(is_reader(&["--scan-reader"], args(&["app", "--scan-reader"])));
    assert!(!is_reader(&["--scan-reader"], args(&["app"])));
    assert!(!is_reader(&["--scan-reader"], args(&["--scan-reader"])));
}
