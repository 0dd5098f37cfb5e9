//! Pictures and big PDFs become one small upright PDF.

use crate::paper::{self, Mark, grain, jpeg, layout, page, png, tag};
use domain::paper::{MAX_UPLOAD_BYTES, StampVerdict};
use image::imageops;
use lopdf::Document;
use scan::{Input, Limits, ScanRefusal, check_upload, pack, read, render_page};

const MARKS: [Mark; 4] = [Mark::Seal(paper::RED), Mark::Nothing, Mark::Nothing, Mark::Nothing];

fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input { name: name.to_owned(), bytes }
}

#[test]
fn pictures_become_upright_a4_pages_in_order() {
    let pictures = [
        input("1.jpg", jpeg(&imageops::rotate90(&page(1, 2, MARKS)))),
        input("2.png", png(&imageops::rotate180(&page(2, 2, MARKS)))),
    ];
    let scan = read(&pictures, Some(&layout(2)), &Limits::default()).unwrap();
    assert_eq!(
        scan.pages.iter().map(|page| (page.source.as_str(), page.rotation)).collect::<Vec<_>>(),
        [("1.jpg", 270), ("2.png", 180)]
    );
    let again = read(&[input("again.pdf", scan.pdf.clone())], Some(&layout(2)), &Limits::default()).unwrap();
    for (number, page) in (1..).zip(&again.pages) {
        assert_eq!((page.rotation, &page.qr), (0, &Some(tag(number, 2))));
    }
    assert_eq!(again.pages[1].stamps[0].verdict, StampVerdict::Stamped);
    assert_eq!(again.pages[1].stamps[1].verdict, StampVerdict::Empty);
    let document = Document::load_mem(&scan.pdf).unwrap();
    for id in document.page_iter() {
        let sheet = document.get_dictionary(id).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
        let sides = [&sheet[2], &sheet[3]].map(|side| side.as_float().unwrap().round());
        assert_eq!(sides, [595.0, 842.0]);
    }
}

#[test]
fn a_picture_over_the_limit_shrinks_and_still_reads() {
    let noisy = png(&grain(&page(1, 1, MARKS), 20));
    assert!(noisy.len() as u64 > MAX_UPLOAD_BYTES);
    let scan = read(&[input("big.png", noisy)], Some(&layout(1)), &Limits::default()).unwrap();
    assert!(scan.pdf.len() as u64 <= MAX_UPLOAD_BYTES);
    let again = read(&[input("small.pdf", scan.pdf)], Some(&layout(1)), &Limits::default()).unwrap();
    assert_eq!(again.pages[0].qr, Some(tag(1, 1)));
    assert_eq!(again.pages[0].stamps, scan.pages[0].stamps);
}

#[test]
fn a_pdf_over_the_limit_is_packed_anew() {
    let pages = [1, 2, 3].map(|number| grain(&page(number, 3, MARKS), 20));
    let bytes = paper::pdf(&pages);
    assert!(bytes.len() as u64 > MAX_UPLOAD_BYTES);
    assert!(matches!(check_upload(&bytes), Err(ScanRefusal::TooLarge { limit: MAX_UPLOAD_BYTES, .. })));
    let scan = read(&[input("big.pdf", bytes)], None, &Limits::default()).unwrap();
    let facts = check_upload(&scan.pdf).unwrap();
    assert_eq!((facts.bytes, facts.pages), (scan.pdf.len() as u64, 3));
    let again = read(&[input("small.pdf", scan.pdf)], None, &Limits::default()).unwrap();
    assert_eq!(
        again.pages.iter().map(|page| page.qr.clone()).collect::<Vec<_>>(),
        [1, 2, 3].map(|number| Some(tag(number, 3)))
    );
}

#[test]
fn what_cannot_be_made_small_enough_is_refused_with_its_size() {
    let limits = Limits { pdf_bytes: 20_000, ..Limits::default() };
    let refusal = read(&[input("a.jpg", jpeg(&page(1, 1, MARKS)))], None, &limits).unwrap_err();
    assert!(matches!(refusal, ScanRefusal::TooLarge { bytes: 20_001.., limit: 20_000 }), "{refusal:?}");
}

/// What is packed without a look at it: the same files are taken and refused, nothing is turned or found.
#[test]
fn an_enclosure_is_packed_without_a_look_at_its_pages() {
    let limits = Limits::default();
    let pictures =
        [input("1.jpg", jpeg(&imageops::rotate90(&page(1, 2, MARKS)))), input("2.png", png(&page(2, 2, MARKS)))];
    let packed = pack(&pictures, &limits).unwrap();
    assert_eq!(check_upload(&packed.pdf).unwrap().pages, 2);
    assert!(packed.pages.iter().all(|page| page.rotation == 0 && page.qr.is_none() && page.stamps.is_empty()));
    let clean = paper::pdf(&[page(1, 1, MARKS)]);
    assert_eq!(pack(&[input("a.pdf", clean.clone())], &limits).unwrap().pdf, clean, "kept byte for byte");
    let big = paper::pdf(&[1, 2, 3].map(|number| grain(&page(number, 3, MARKS), 20)));
    assert!(big.len() as u64 > MAX_UPLOAD_BYTES);
    assert_eq!(check_upload(&pack(&[input("big.pdf", big)], &limits).unwrap().pdf).unwrap().pages, 3);
    for (name, bytes, expected) in [
        ("a.pdf", b"text".to_vec(), ScanRefusal::NotAPdf),
        ("a.pdf", b"%PDF-1.4\n".to_vec(), ScanRefusal::BrokenFile),
        ("a.xlsx", b"PK".to_vec(), ScanRefusal::UnsupportedType),
    ] {
        assert_eq!(pack(&[input(name, bytes)], &limits), Err(expected), "{name}");
    }
    assert_eq!(pack(&[], &limits), Err(ScanRefusal::NoPages));
}

#[test]
fn a_page_is_drawn_for_the_screen() {
    let bytes = paper::pdf(&[page(1, 1, MARKS)]);
    let picture = image::load_from_memory(&render_page(&bytes, 0, 72.0).unwrap()).unwrap().into_rgb8();
    let (width, height) = picture.dimensions();
    assert!((594..=596).contains(&width) && (841..=843).contains(&height), "{width} × {height}");
    let ink = picture.pixels().filter(|pixel| pixel.0[0] > 120 && pixel.0[1] < 120).count();
    assert!(ink > 100, "the red seal is on the picture");
    assert_eq!(render_page(&bytes, 1, 72.0), Err(ScanRefusal::NoPages));
    assert_eq!(render_page(b"text", 0, 72.0), Err(ScanRefusal::NotAPdf));
}
