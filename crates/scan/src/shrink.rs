//! Pages of pixels become one PDF within the upload limit: A4, one JPEG a page, upright where the QR told which way is
//! up.
//!
//! Nothing of the original files is carried over but their pixels: no names, places or cameras.

use crate::{
    refusal::ScanRefusal,
    sheet::{A4, Source},
};
use domain::paper::ScannedPage;
use image::{DynamicImage, RgbImage, codecs::jpeg::JpegEncoder, imageops};
use lopdf::{Document, Object, Stream, dictionary};

/// One way of packing pages.
struct Packing {
    dpi: f64,
    quality: u8,
    grey: bool,
    /// What a dense page of Chinese text with seals takes relative to the other rows (measured, in KB).
    weight: u64,
}

/// From the best to the smallest. Colour is kept as long as possible: a red seal should stay red.
const PACKINGS: [Packing; 8] = [
    Packing { dpi: 300.0, quality: 80, grey: false, weight: 1000 },
    Packing { dpi: 300.0, quality: 65, grey: false, weight: 780 },
    Packing { dpi: 200.0, quality: 80, grey: false, weight: 540 },
    Packing { dpi: 200.0, quality: 65, grey: false, weight: 415 },
    Packing { dpi: 150.0, quality: 75, grey: false, weight: 333 },
    Packing { dpi: 150.0, quality: 60, grey: false, weight: 280 },
    Packing { dpi: 150.0, quality: 50, grey: false, weight: 248 },
    Packing { dpi: 150.0, quality: 50, grey: true, weight: 235 },
];

/// A packing is tried when it is expected to miss the limit by no more than this factor: pages differ.
const WORTH_TRYING: f64 = 1.3;

/// Bytes of PDF around the pictures: for each page, and for the whole file.
const AROUND_PAGE: u64 = 600;

/// See [`AROUND_PAGE`].
const AROUND_FILE: u64 = 2000;

/// A page's JPEG and how it lies on A4.
struct PackedPage {
    jpeg: Vec<u8>,
    width: u32,
    height: u32,
    grey: bool,
}

/// Packs the pages as well as the limit allows.
///
/// # Errors
/// `too_large` with the smallest size that was reached when even the smallest packing is over the limit.
pub(crate) fn to_pdf(source: &Source, pages: &[ScannedPage], limit: u64) -> Result<Vec<u8>, ScanRefusal> {
    let mut next = 0;
    loop {
        let packing = &PACKINGS[next];
        let last = next + 1 == PACKINGS.len();
        let expected = match pack(source, pages, packing, limit, last)? {
            Packed::Fits(packed) => {
                let pdf = build(packed)?;
                let bytes = pdf.len() as u64;
                if bytes <= limit {
                    return Ok(pdf);
                }
                bytes
            }
            Packed::Over { expected } => expected,
        };
        if last {
            return Err(ScanRefusal::TooLarge { bytes: expected, limit });
        }
        let hopeful = |packing: &Packing| {
            let bytes = expected as f64 * packing.weight as f64 / PACKINGS[next].weight as f64;
            bytes <= limit as f64 * WORTH_TRYING
        };
        let rest = PACKINGS.iter().enumerate().skip(next + 1);
        next = rest.clone().find(|(_, packing)| hopeful(packing)).map_or(PACKINGS.len() - 1, |(index, _)| index);
    }
}

enum Packed {
    Fits(Vec<PackedPage>),
    /// What the whole would take.
    Over {
        expected: u64,
    },
}

/// Stops as soon as the limit is passed, unless the true size is wanted.
fn pack(
    source: &Source,
    pages: &[ScannedPage],
    packing: &Packing,
    limit: u64,
    to_the_end: bool,
) -> Result<Packed, ScanRefusal> {
    let mut packed = Vec::with_capacity(pages.len());
    let mut bytes = AROUND_FILE;
    for (index, page) in pages.iter().enumerate() {
        let picture = upright(source.raster(index, packing.dpi)?.picture, page.rotation);
        let page = encode(picture, packing)?;
        bytes += page.jpeg.len() as u64 + AROUND_PAGE;
        if bytes > limit && !to_the_end {
            return Ok(Packed::Over { expected: bytes * pages.len() as u64 / (index as u64 + 1) });
        }
        if bytes <= limit {
            packed.push(page);
        }
    }
    Ok(if bytes <= limit { Packed::Fits(packed) } else { Packed::Over { expected: bytes } })
}

fn upright(picture: RgbImage, rotation: u32) -> RgbImage {
    match rotation {
        90 => imageops::rotate90(&picture),
        180 => imageops::rotate180(&picture),
        270 => imageops::rotate270(&picture),
        _ => picture,
    }
}

fn encode(picture: RgbImage, packing: &Packing) -> Result<PackedPage, ScanRefusal> {
    let (width, height) = picture.dimensions();
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, packing.quality);
    let encoded = if packing.grey {
        encoder.encode_image(&DynamicImage::ImageRgb8(picture).into_luma8())
    } else {
        encoder.encode_image(&picture)
    };
    encoded.map_err(|_| ScanRefusal::BrokenFile)?;
    Ok(PackedPage { jpeg, width, height, grey: packing.grey })
}

fn build(pages: Vec<PackedPage>) -> Result<Vec<u8>, ScanRefusal> {
    let mut document = Document::with_version("1.7");
    let tree = document.new_object_id();
    let mut kids: Vec<Object> = Vec::with_capacity(pages.len());
    for page in pages {
        kids.push(add_page(&mut document, tree, page).into());
    }
    let count = kids.len() as u32;
    document.set_object(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).map_err(|_| ScanRefusal::BrokenFile)?;
    Ok(bytes)
}

/// The picture fills the sheet as far as its proportions allow, in the middle; a lying picture makes a lying sheet.
fn add_page(document: &mut Document, tree: lopdf::ObjectId, page: PackedPage) -> lopdf::ObjectId {
    let (width, height) = (f64::from(page.width), f64::from(page.height));
    let sheet = if width > height { (A4.1, A4.0) } else { A4 };
    let scale = (sheet.0 / width).min(sheet.1 / height);
    let (drawn_width, drawn_height) = (width * scale, height * scale);
    let (left, bottom) = ((sheet.0 - drawn_width) / 2.0, (sheet.1 - drawn_height) / 2.0);
    let picture = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => page.width,
        "Height" => page.height,
        "ColorSpace" => if page.grey { "DeviceGray" } else { "DeviceRGB" },
        "BitsPerComponent" => 8,
        "Filter" => "DCTDecode",
    };
    let picture = document.add_object(Stream::new(picture, page.jpeg).with_compression(false));
    let drawing = format!("q {drawn_width:.3} 0 0 {drawn_height:.3} {left:.3} {bottom:.3} cm /Page Do Q");
    let drawing = document.add_object(Stream::new(dictionary! {}, drawing.into_bytes()));
    document.add_object(dictionary! {
        "Type" => "Page",
        "Parent" => tree,
        "MediaBox" => vec![0.into(), 0.into(), Object::Real(sheet.0 as f32), Object::Real(sheet.1 as f32)],
        "Resources" => dictionary! { "XObject" => dictionary! { "Page" => picture } },
        "Contents" => drawing,
    })
}
