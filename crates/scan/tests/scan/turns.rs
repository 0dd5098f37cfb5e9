//! Pages are known for what they are however they lie on the scanner.

use crate::paper::{self, Mark, grain, jpeg, layout, moved, page, pdf, skewed, tag};
use domain::paper::{StampVerdict, bind_scan};
use image::imageops;
use scan::{Input, Limits, read};

const SEALED: [Mark; 4] = [Mark::Seal(paper::RED), Mark::Nothing, Mark::Signature, Mark::Seal(paper::RED)];
const VERDICTS: [StampVerdict; 4] =
    [StampVerdict::Stamped, StampVerdict::Empty, StampVerdict::Stamped, StampVerdict::Stamped];

fn input(name: &str, bytes: Vec<u8>) -> Input {
    Input { name: name.to_owned(), bytes }
}

#[test]
fn a_scan_of_three_pages_is_kept_as_it_is_and_belongs_to_its_print() {
    let bytes = pdf(&[1, 2, 3].map(|number| page(number, 3, SEALED)));
    let scan = read(&[input("scan.pdf", bytes.clone())], Some(&layout(3)), &Limits::default()).unwrap();
    assert_eq!(scan.pdf, bytes);
    assert_eq!(scan.pages.len(), 3);
    for (number, page) in (1..).zip(&scan.pages) {
        assert_eq!(page.qr, Some(tag(number, 3)), "page {number}");
        assert_eq!((page.source.as_str(), page.rotation), ("scan.pdf", 0));
        assert!(page.skew_deg.abs() <= 0.1, "page {number} is taken as skewed by {}", page.skew_deg);
    }
    assert!(scan.pages[0].stamps.is_empty() && scan.pages[1].stamps.is_empty());
    assert_eq!(scan.pages[2].stamps.iter().map(|stamp| stamp.verdict).collect::<Vec<_>>(), VERDICTS);
    let print = domain::paper::PrintKey {
        case: tag(1, 3).case.unwrap(),
        form: tag(1, 3).form,
        revision: 2,
        hash: format!("0a1b2c3d{}", "0".repeat(56)),
        pages: 3,
    };
    assert_eq!(bind_scan(&print, &scan.pages), Ok(()));
}

#[test]
fn turned_and_skewed_pages_are_read() {
    let upright = grain(&page(1, 1, SEALED), 6);
    for skew in [-2.0, 0.0, 2.0] {
        let fed = skewed(&upright, skew);
        // The page on the glass, and the clockwise turn that makes it upright again.
        let turned = [
            (fed.clone(), 0),
            (imageops::rotate90(&fed), 270),
            (imageops::rotate180(&fed), 180),
            (imageops::rotate270(&fed), 90),
        ];
        for (picture, rotation) in turned {
            let scan = read(&[input("a.jpg", jpeg(&picture))], Some(&layout(1)), &Limits::default()).unwrap();
            let page = &scan.pages[0];
            let what = format!("turn {rotation}, skew {skew}");
            assert_eq!(page.qr, Some(tag(1, 1)), "{what}");
            assert_eq!(page.rotation, rotation, "{what}");
            assert!((page.skew_deg - skew).abs() <= 0.15, "{what}: {}", page.skew_deg);
            assert_eq!(page.stamps.iter().map(|stamp| stamp.verdict).collect::<Vec<_>>(), VERDICTS, "{what}");
        }
    }
}

#[test]
fn a_printer_and_a_glass_that_shift_and_scale_do_not_mislead() {
    let upright = page(1, 1, SEALED);
    for (scale, shift) in [(0.96, (0.0, 0.0)), (1.0, (11.0, -9.0)), (0.97, (-8.0, 6.0)), (1.03, (0.0, 0.0))] {
        let picture = moved(&upright, 0.6, scale, shift);
        let scan = read(&[input("a.jpg", jpeg(&picture))], Some(&layout(1)), &Limits::default()).unwrap();
        let verdicts: Vec<_> = scan.pages[0].stamps.iter().map(|stamp| stamp.verdict).collect();
        assert_eq!(verdicts, VERDICTS, "scale {scale}, shift {shift:?}");
    }
}

#[test]
fn a_pdf_that_turns_its_page_itself_is_upright() {
    let mut document = paper::document(&[imageops::rotate270(&page(1, 1, SEALED))]);
    let id = document.get_pages()[&1];
    document.get_dictionary_mut(id).unwrap().set("Rotate", 90);
    let bytes = paper::saved(&mut document);
    let scan = read(&[input("a.pdf", bytes)], Some(&layout(1)), &Limits::default()).unwrap();
    assert_eq!((scan.pages[0].rotation, &scan.pages[0].qr), (0, &Some(tag(1, 1))));
    assert_eq!(scan.pages[0].stamps.iter().map(|stamp| stamp.verdict).collect::<Vec<_>>(), VERDICTS);
}

#[test]
fn a_page_without_a_qr_of_ours_says_so() {
    let mut blank = page(1, 1, SEALED);
    for (x, y, pixel) in blank.enumerate_pixels_mut() {
        if f64::from(x) > paper::dots(500.0) && f64::from(y) > paper::dots(760.0) {
            *pixel = paper::PAPER;
        }
    }
    let scan = read(&[input("a.png", paper::png(&blank))], Some(&layout(1)), &Limits::default()).unwrap();
    assert_eq!(scan.pages[0].qr, None);
    assert!(scan.pages[0].stamps.iter().all(|stamp| stamp.verdict == StampVerdict::Unsure));
    assert_eq!(scan.pages[0].stamps.len(), 4);
}
