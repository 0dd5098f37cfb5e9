//! Paper for the tests: pages as our prints look (text, a table, sign cells, a QR), seals, and PDFs made of them.

use domain::paper::{Area, PrintLayout, QrTag, SignCell};
use image::{GrayImage, ImageFormat, Rgb, RgbImage};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use std::io::Cursor;

/// Dots per inch of the pages.
pub(crate) const DPI: f64 = 200.0;
pub(crate) const PAPER: Rgb<u8> = Rgb([251, 251, 249]);
pub(crate) const BLACK: Rgb<u8> = Rgb([25, 25, 28]);
pub(crate) const RED: Rgb<u8> = Rgb([196, 40, 44]);
pub(crate) const BLUE: Rgb<u8> = Rgb([38, 60, 160]);

const A4: (f64, f64) = (595.276, 841.89);
const QR: (f64, f64, f64) = (510.0, 768.0, 52.0);

/// Left edges, top, width and height of the sign cells, and their names; in points.
const CELLS: [(&str, f64); 4] =
    [("sign_clerk", 56.0), ("sign_director", 176.0), ("sign_accountant", 296.0), ("sign_principal", 416.0)];
const CELL: (f64, f64, f64) = (640.0, 120.0, 64.0);

/// What is put into a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Mark {
    Nothing,
    Seal(Rgb<u8>),
    FaintSeal,
    Signature,
    Dust,
}

pub(crate) fn dots(points: f64) -> f64 {
    points * DPI / 72.0
}

pub(crate) fn tag(page: u32, pages: u32) -> QrTag {
    format!("PT1 0190a3c4d5e67f8091a2b3c4d5e6f708 plc_application 1 2 {page}/{pages} 0a1b2c3d").parse().unwrap()
}

/// The layout of a print whose last page has the sign cells.
pub(crate) fn layout(pages: u32) -> PrintLayout {
    let area = |x, y, width, height, page| Area { page, x, y, width, height };
    let sign_cells = CELLS
        .iter()
        .map(|(cell, x)| SignCell { cell: (*cell).to_owned(), area: area(*x, CELL.0, CELL.1, CELL.2, pages) });
    PrintLayout {
        pages,
        sign_cells: sign_cells.collect(),
        qr: (1..=pages).map(|page| area(QR.0, QR.1, QR.2, QR.2, page)).collect(),
    }
}

fn fill(page: &mut RgbImage, x: f64, y: f64, width: f64, height: f64, colour: Rgb<u8>) {
    let (left, top, right, bottom) = (dots(x), dots(y), dots(x + width), dots(y + height));
    for row in top.round() as u32..(bottom.round() as u32).min(page.height()) {
        for column in left.round() as u32..(right.round() as u32).min(page.width()) {
            page.put_pixel(column, row, colour);
        }
    }
}

fn frame(page: &mut RgbImage, x: f64, y: f64, width: f64, height: f64) {
    fill(page, x, y, width, 1.0, BLACK);
    fill(page, x, y + height - 1.0, width, 1.0, BLACK);
    fill(page, x, y, 1.0, height, BLACK);
    fill(page, x + width - 1.0, y, 1.0, height, BLACK);
}

/// One page as printed, with marks in its sign cells when it is the last one.
pub(crate) fn page(number: u32, pages: u32, marks: [Mark; 4]) -> RgbImage {
    let mut page = RgbImage::from_pixel(dots(A4.0).round() as u32, dots(A4.1).round() as u32, PAPER);
    for line in 0..24 {
        for word in 0..12 {
            let length = 20.0 + f64::from((line * 7 + word * 5) % 17);
            fill(&mut page, 56.0 + f64::from(word) * 40.0, 70.0 + f64::from(line) * 20.0, length, 8.0, BLACK);
        }
    }
    for row in 0..4 {
        fill(&mut page, 56.0, 560.0 + f64::from(row) * 18.0, 480.0, 0.8, BLACK);
    }
    if number == pages {
        for ((_, x), mark) in CELLS.iter().zip(marks) {
            // The printed label stands above the cell.
            fill(&mut page, *x + 20.0, CELL.0 - 16.0, 60.0, 9.0, BLACK);
            frame(&mut page, *x, CELL.0, CELL.1, CELL.2);
            put_mark(&mut page, *x + 60.0, CELL.0 + 32.0, mark);
        }
    }
    draw_qr(&mut page, &tag(number, pages).to_string());
    page
}

fn draw_qr(page: &mut RgbImage, text: &str) {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).unwrap();
    let modules = code.width();
    let module = QR.2 / modules as f64;
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let (x, y) = ((at % modules) as f64, (at / modules) as f64);
            fill(page, QR.0 + x * module, QR.1 + y * module, module, module, BLACK);
        }
    }
}

fn put_mark(page: &mut RgbImage, x: f64, y: f64, mark: Mark) {
    match mark {
        Mark::Nothing => {}
        Mark::Seal(colour) => seal(page, x, y, colour),
        Mark::FaintSeal => seal(page, x, y, Rgb([238, 218, 218])),
        Mark::Signature => {
            for step in 0..400 {
                let t = f64::from(step) / 400.0;
                let wave = (t * 25.0).sin() * 12.0;
                fill(page, x - 40.0 + t * 80.0, y + wave, 1.4, 1.4, BLUE);
            }
        }
        Mark::Dust => {
            for speck in 0..12 {
                let (dx, dy) = (f64::from(speck * 37 % 90) - 45.0, f64::from(speck * 23 % 40) - 20.0);
                let (column, row) = (dots(x + dx) as u32, dots(y + dy) as u32);
                page.put_pixel(column, row, BLACK);
            }
        }
    }
}

/// A square private seal of 12 mm: a frame with strokes in it.
fn seal(page: &mut RgbImage, x: f64, y: f64, colour: Rgb<u8>) {
    let (left, top, side) = (x - 17.0, y - 17.0, 34.0);
    for edge in [0.0, side - 2.5] {
        fill(page, left, top + edge, side, 2.5, colour);
        fill(page, left + edge, top, 2.5, side, colour);
    }
    for stroke in 0..4 {
        fill(page, left + 6.0, top + 6.0 + f64::from(stroke) * 6.5, 22.0, 2.2, colour);
        fill(page, left + 6.0 + f64::from(stroke) * 6.5, top + 6.0, 2.2, 22.0, colour);
    }
}

/// The page as it comes from a feeder: turned clockwise about its middle by `degrees`, on a white ground.
pub(crate) fn skewed(page: &RgbImage, degrees: f64) -> RgbImage {
    moved(page, degrees, 1.0, (0.0, 0.0))
}

/// Turned clockwise, scaled and then shifted (in points).
pub(crate) fn moved(page: &RgbImage, degrees: f64, scale: f64, shift: (f64, f64)) -> RgbImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (middle_x, middle_y) = (f64::from(page.width()) / 2.0, f64::from(page.height()) / 2.0);
    RgbImage::from_fn(page.width(), page.height(), |x, y| {
        let (dx, dy) = (f64::from(x) - middle_x - dots(shift.0), f64::from(y) - middle_y - dots(shift.1));
        let (from_x, from_y) = ((dx * cos + dy * sin) / scale + middle_x, (dy * cos - dx * sin) / scale + middle_y);
        image::imageops::interpolate_bilinear(page, from_x.max(-1.0) as f32, from_y.max(-1.0) as f32).unwrap_or(PAPER)
    })
}

/// Grain as a scanner adds it; the same every time.
pub(crate) fn grain(page: &RgbImage, strength: u32) -> RgbImage {
    let mut state = 0x2545_f491_u32;
    let mut page = page.clone();
    for channel in page.iter_mut() {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let change = (state % (2 * strength + 1)) as i32 - strength as i32;
        *channel = (i32::from(*channel) + change).clamp(0, 255) as u8;
    }
    page
}

pub(crate) fn jpeg(page: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(page).unwrap();
    bytes
}

pub(crate) fn png(page: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    page.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A PNG whose head claims a size that its few bytes do not have.
pub(crate) fn png_bomb(side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    GrayImage::new(1, 1).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let mut bytes = bytes.into_inner();
    bytes[16..20].copy_from_slice(&side.to_be_bytes());
    bytes[20..24].copy_from_slice(&side.to_be_bytes());
    let sum = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    })
}

/// A scanner's PDF: one JPEG a page.
pub(crate) fn pdf(pages: &[RgbImage]) -> Vec<u8> {
    saved(&mut document(pages))
}

pub(crate) fn saved(document: &mut Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(crate) fn document(pages: &[RgbImage]) -> Document {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for page in pages {
        let (width, height) = (f64::from(page.width()) * 72.0 / DPI, f64::from(page.height()) * 72.0 / DPI);
        let picture = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => page.width(), "Height" => page.height(),
            "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8, "Filter" => "DCTDecode",
        };
        let picture = document.add_object(Stream::new(picture, jpeg(page)).with_compression(false));
        let drawing = format!("q {width} 0 0 {height} 0 0 cm /P Do Q").into_bytes();
        let drawing = document.add_object(Stream::new(Dictionary::new(), drawing));
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => drawing,
            "MediaBox" => vec![0.into(), 0.into(), Object::Real(width as f32), Object::Real(height as f32)],
            "Resources" => dictionary! { "XObject" => dictionary! { "P" => picture } },
        });
        kids.push(page.into());
    }
    let count = kids.len() as u32;
    document.set_object(tree, dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document
}

/// A small PDF of one empty page.
pub(crate) fn small_document() -> Document {
    document(&[RgbImage::from_pixel(165, 234, PAPER)])
}
