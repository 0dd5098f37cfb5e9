//! Finding the QR of one of our prints on a page, and how it lies there.
//!
//! Whether it belongs to the wanted print is not asked here; codes that are not ours are passed over.

use domain::paper::QrTag;
use image::{GrayImage, imageops};
use rqrr::PreparedImage;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A point on the page's picture, in pixels from its top left corner.
pub(crate) type Pixel = (f64, f64);

/// The QR of one of our prints.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoundQr {
    pub(crate) tag: QrTag,
    /// The middle of the symbol.
    pub(crate) centre: Pixel,
    /// Length of a side of the symbol without its quiet zone, in pixels.
    pub(crate) side: f64,
    /// How far the symbol is turned clockwise, in degrees from -180 to 180; right to about half a degree.
    pub(crate) angle: f64,
}

/// Looks over the whole page once.
pub(crate) fn find(page: &GrayImage) -> Option<FoundQr> {
    find_in(page, (0.0, 0.0), 1.0)
}

/// Looks at the corners enlarged, where our prints have their QR, then at the whole page in plain black and white:
/// helps against uneven light, small symbols and greyish prints.
pub(crate) fn find_thoroughly(page: &GrayImage) -> Option<FoundQr> {
    let (width, height) = page.dimensions();
    let (part_width, part_height) = (width * 2 / 5, height * 3 / 10);
    let corners = [(0, 0), (1, 0), (0, 1), (1, 1)];
    let in_corners = || {
        corners.iter().find_map(|&(right, below)| {
            let (left, top) = (right * (width - part_width), below * (height - part_height));
            let part = doubled(&imageops::crop_imm(page, left, top, part_width, part_height).to_image());
            find_in(&part, (f64::from(left), f64::from(top)), 2.0)
        })
    };
    find(page).or_else(in_corners).or_else(|| find(&black_and_white(page)))
}

/// Twice as wide and high, with the grey between two pixels between them.
fn doubled(part: &GrayImage) -> GrayImage {
    let (width, height) = part.dimensions();
    let level = |x: u32, y: u32| u32::from(part.get_pixel(x.min(width - 1), y.min(height - 1)).0[0]);
    GrayImage::from_fn(width * 2, height * 2, |x, y| {
        let (left, top, right, bottom) = (x / 2, y / 2, x.div_ceil(2), y.div_ceil(2));
        let sum = level(left, top) + level(right, top) + level(left, bottom) + level(right, bottom);
        image::Luma([(sum / 4) as u8])
    })
}

/// Looks at a part of the page that begins at `origin` and is enlarged by `zoom`.
fn find_in(part: &GrayImage, origin: Pixel, zoom: f64) -> Option<FoundQr> {
    // The finder indexes by what it believes to have found; a page that leads it astray counts as one without a QR.
    let seen = catch_unwind(AssertUnwindSafe(|| decode_all(part))).unwrap_or_default();
    seen.into_iter().next().map(|qr| FoundQr {
        centre: (origin.0 + qr.centre.0 / zoom, origin.1 + qr.centre.1 / zoom),
        side: qr.side / zoom,
        ..qr
    })
}

fn decode_all(part: &GrayImage) -> Vec<FoundQr> {
    let (width, height) = part.dimensions();
    if width < 21 || height < 21 {
        return Vec::new();
    }
    let pixels = part.as_raw();
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width as usize, height as usize, |x, y| pixels[y * width as usize + x]);
    let grids = prepared.detect_grids();
    grids.iter().filter_map(|grid| Some((grid, grid.decode().ok()?.1.parse().ok()?))).map(placed).collect()
}

fn placed<G: rqrr::BitGrid>((grid, tag): (&rqrr::Grid<G>, QrTag)) -> FoundQr {
    // The finder's far bounds lie one module beyond the symbol.
    let modules = grid.grid.size() as f64;
    let inside = modules / (modules + 1.0);
    let [origin, ..] = grid.bounds;
    let corner = |index: usize| {
        let bound = grid.bounds[index];
        let from_origin = |bound: i32, origin: i32| f64::from(origin) + f64::from(bound - origin) * inside;
        (from_origin(bound.x, origin.x), from_origin(bound.y, origin.y))
    };
    let corners = [corner(0), corner(1), corner(2), corner(3)];
    // Mean of the two edges that run along the text, and of the two that run down the page.
    let mean = |a: Pixel, b: Pixel, c: Pixel, d: Pixel| ((b.0 - a.0 + d.0 - c.0) / 2.0, (b.1 - a.1 + d.1 - c.1) / 2.0);
    let along = mean(corners[0], corners[1], corners[3], corners[2]);
    let down = mean(corners[0], corners[3], corners[1], corners[2]);
    let middle = |value: fn(&Pixel) -> f64| corners.iter().map(value).sum::<f64>() / 4.0;
    FoundQr {
        tag,
        centre: (middle(|corner| corner.0), middle(|corner| corner.1)),
        side: f64::midpoint(along.0.hypot(along.1), down.0.hypot(down.1)),
        angle: (along.1 - down.0).atan2(along.0 + down.1).to_degrees(),
    }
}

/// Black and white by Otsu's threshold (the one that parts the grey levels into the two most even groups).
fn black_and_white(page: &GrayImage) -> GrayImage {
    let mut counts = [0_u64; 256];
    for pixel in page.as_raw() {
        counts[usize::from(*pixel)] += 1;
    }
    let total = page.as_raw().len() as f64;
    let sum: f64 = counts.iter().enumerate().map(|(level, count)| level as f64 * *count as f64).sum();
    let (mut dark, mut dark_sum, mut best, mut threshold) = (0.0, 0.0, -1.0, 127);
    for (level, count) in counts.iter().enumerate() {
        dark += *count as f64;
        dark_sum += level as f64 * *count as f64;
        let light = total - dark;
        if dark > 0.0 && light > 0.0 {
            let apart = dark * light * (dark_sum / dark - (sum - dark_sum) / light).powi(2);
            if apart > best {
                (best, threshold) = (apart, level);
            }
        }
    }
    let mut page = page.clone();
    for pixel in page.iter_mut() {
        *pixel = if usize::from(*pixel) <= threshold { 0 } else { 255 };
    }
    page
}
