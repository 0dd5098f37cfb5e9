//! Any bytes at all: a scan or a refusal, never a panic.

use crate::paper::{PAPER, document, saved};
use image::RgbImage;
use proptest::prelude::*;
use scan::{Input, Limits, check_upload, read, render_page};
use std::sync::LazyLock;

static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| saved(&mut document(&[RgbImage::from_pixel(160, 90, PAPER)])));

/// Small bounds, so that a case takes no longer than it must.
const LIMITS: Limits =
    Limits { input_bytes: 1 << 20, pdf_bytes: 1 << 20, pages: 4, pixels: 1 << 20, seconds: 10, memory_bytes: 1 << 30 };

fn survives(name: &str, bytes: Vec<u8>) {
    let _ = check_upload(&bytes);
    let _ = render_page(&bytes, 0, 20.0);
    let _ = read(&[Input { name: name.to_owned(), bytes }], None, &LIMITS);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..4000), name in "[a-z]{0,3}(\\.(pdf|jpg|png))?") {
        survives(&name, bytes);
    }

    #[test]
    fn a_pdf_with_any_bytes_after_its_head(bytes in prop::collection::vec(any::<u8>(), 0..4000)) {
        survives("a.pdf", [b"%PDF-1.7\n".to_vec(), bytes].concat());
    }

    #[test]
    fn a_pdf_with_damage(cut in 0.0..1.0, changes in prop::collection::vec((0.0..1.0, any::<u8>()), 0..12)) {
        let mut bytes = WHOLE.clone();
        for (at, byte) in changes {
            let at = (at * (bytes.len() - 1) as f64) as usize;
            bytes[at] = byte;
        }
        let kept = bytes.len() - (cut * 200.0) as usize;
        bytes.truncate(kept);
        survives("a.pdf", bytes);
    }
}
