//! What counts as a stamp.

use crate::paper::{self, Mark, grain, jpeg, layout, page};
use domain::paper::StampVerdict::{self, Empty, Stamped, Unsure};
use scan::{Input, Limits, read};

fn verdicts(marks: [Mark; 4], strength: u32) -> Vec<StampVerdict> {
    let bytes = jpeg(&grain(&page(1, 1, marks), strength));
    let scan = read(&[Input { name: "a.jpg".to_owned(), bytes }], Some(&layout(1)), &Limits::default()).unwrap();
    scan.pages[0].stamps.iter().map(|stamp| stamp.verdict).collect()
}

#[test]
fn marks_are_told_apart() {
    let red = Mark::Seal(paper::RED);
    let table = [
        ([Mark::Nothing; 4], [Empty; 4]),
        ([red, Mark::Nothing, Mark::Nothing, red], [Stamped, Empty, Empty, Stamped]),
        (
            [Mark::Seal(paper::BLUE), Mark::Seal(paper::BLACK), Mark::Signature, Mark::Dust],
            [Stamped, Stamped, Stamped, Empty],
        ),
        ([Mark::FaintSeal, red, Mark::FaintSeal, Mark::Nothing], [Unsure, Stamped, Unsure, Empty]),
    ];
    for (marks, expected) in table {
        for strength in [0, 8] {
            assert_eq!(verdicts(marks, strength), expected, "{marks:?} with grain {strength}");
        }
    }
}

#[test]
fn coloured_paper_is_not_ink() {
    let mut yellow = page(1, 1, [Mark::Nothing, Mark::Seal(paper::RED), Mark::Nothing, Mark::Signature]);
    for pixel in yellow.pixels_mut() {
        pixel.0[1] = (u32::from(pixel.0[1]) * 92 / 100) as u8;
        pixel.0[2] = (u32::from(pixel.0[2]) * 65 / 100) as u8;
    }
    let input = Input { name: "a.jpg".to_owned(), bytes: jpeg(&yellow) };
    let scan = read(&[input], Some(&layout(1)), &Limits::default()).unwrap();
    let verdicts: Vec<_> = scan.pages[0].stamps.iter().map(|stamp| stamp.verdict).collect();
    assert_eq!(verdicts, [Empty, Stamped, Empty, Stamped]);
}
