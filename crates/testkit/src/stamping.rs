//! Paper as an office handles it: a print is rasterised, red seals are pressed beside the words of its sign cells, and the
//! pages come back as photographs. Where a word stands is asked of poppler, not of the program under test.

use image::{Rgb, RgbImage, imageops};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// As an office scanner is set: sharp enough for the QR, light enough for the mail.
const DPI: u32 = 150;
/// The side of a seal, in points: about 12 mm.
const SEAL: f64 = 34.0;

/// Scans a print: each page as a JPEG beside `print`, with a seal to the right of every word of `cells`.
///
/// # Panics
/// Without poppler, or when a word is not on the paper.
pub fn scan_with_seals(print: &Path, cells: &[&str]) -> Vec<PathBuf> {
    let stem = print.with_extension("");
    run(Command::new("pdftoppm").args(["-r", &DPI.to_string(), "-png"]).arg(print).arg(&stem));
    let mut pages: Vec<PathBuf> = std::fs::read_dir(print.parent().expect("a print lies in a folder"))
        .expect("the folder can be read")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let stem = stem.file_name().unwrap_or_default().to_string_lossy().into_owned();
            path.extension().is_some_and(|kind| kind == "png") && name.starts_with(&format!("{stem}-"))
        })
        .collect();
    pages.sort();
    let places: Vec<(usize, f64, f64)> = cells.iter().map(|word| place_after(print, word)).collect();
    pages
        .iter()
        .enumerate()
        .map(|(number, page)| {
            let mut picture = image::open(page).expect("poppler writes PNG").to_rgb8();
            for (_, x, y) in places.iter().filter(|(on, ..)| *on == number) {
                press(&mut picture, *x, *y);
            }
            std::fs::remove_file(page).expect("the picture was just written");
            let photo = page.with_extension("jpg");
            picture.save(&photo).expect("the photo can be written");
            photo
        })
        .collect()
}

/// The place of a seal after a word: page from 0, left and top in points.
fn place_after(print: &Path, word: &str) -> (usize, f64, f64) {
    let output = Command::new("pdftotext").args(["-bbox"]).arg(print).arg("-").output().expect("poppler is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut page = None;
    for line in text.lines().map(str::trim) {
        if line.starts_with("<page ") {
            page = Some(page.map_or(0, |page| page + 1));
        }
        let number =
            |name: &str| -> Option<f64> { line.split_once(&format!("{name}=\""))?.1.split('"').next()?.parse().ok() };
        if line.contains(&format!(">{word}<")) {
            let (right, top, bottom) = (number("xMax"), number("yMin"), number("yMax"));
            let (right, top, bottom) = (right.expect("a box"), top.expect("a box"), bottom.expect("a box"));
            return (page.expect("words stand on pages"), right + 24.0, (top + bottom - SEAL) / 2.0);
        }
    }
    panic!("{word} is not on the paper:\n{text}");
}

/// Presses a seal: a red frame with strokes inside, a little uneven as ink is.
fn press(picture: &mut RgbImage, x: f64, y: f64) {
    let pixels = |points: f64| (points * f64::from(DPI) / 72.0).round() as u32;
    let side = pixels(SEAL);
    let mut seal = RgbImage::from_pixel(side, side, Rgb([255, 255, 255]));
    for (px, py, pixel) in seal.enumerate_pixels_mut() {
        let edge = px.min(py).min(side - 1 - px).min(side - 1 - py);
        let stroke = (px * 7 / side).is_multiple_of(2) && (py * 9 / side) % 4 != 3;
        if edge < side / 14 || (edge > side / 7 && stroke && !(px * 31 + py * 17).is_multiple_of(11)) {
            *pixel = Rgb([196, 38, 30]);
        }
    }
    for (px, py, ink) in seal.enumerate_pixels() {
        let at = (pixels(x) + px, pixels(y) + py);
        if ink.0 != [255, 255, 255] && at.0 < picture.width() && at.1 < picture.height() {
            picture.put_pixel(at.0, at.1, *ink);
        }
    }
}

/// Turns a page as a hurried hand lays it on the glass: a quarter turn to the right.
///
/// # Panics
/// When the file is no picture.
pub fn turn(photo: &Path) {
    let turned = imageops::rotate90(&image::open(photo).expect("a picture").to_rgb8());
    turned.save(photo).expect("the photo can be written");
}

fn run(command: &mut Command) {
    let status = command.status().expect("poppler is installed");
    assert!(status.success(), "{command:?}");
}
