//! How a page lies: the quarter turn that makes it upright, and the small skew that remains.
//!
//! The QR gives the turn; the lines of text and tables give the skew more exactly than a QR of two centimetres can.

use image::GrayImage;

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Turn {
    /// Clockwise turn that makes it upright: 0, 90, 180 or 270.
    pub(crate) rotation: u32,
    /// What remains then, in degrees, clockwise positive.
    pub(crate) skew_deg: f64,
}

impl Turn {
    /// The angle of the page's upper edge in the picture, clockwise, in degrees.
    pub(crate) fn angle(self) -> f64 {
        self.skew_deg - f64::from(self.rotation)
    }
}

/// A skewed feed beyond this is not looked for without a QR, in degrees.
const WIDEST_SKEW: f64 = 5.0;

/// How far the QR's own angle may be off, in degrees.
const QR_PRECISION: f64 = 1.2;

/// Pixels darker than this belong to lines and letters.
const DARK: u8 = 128;

/// With fewer dark pixels than this there are no lines to go by.
const FEWEST_DARK: usize = 400;

/// At most about so many dark pixels are looked at.
const MOST_DARK: usize = 60_000;

/// Measures a page whose QR is turned clockwise by `qr_angle` degrees, or one without a readable QR, which is taken as
/// upright.
pub(crate) fn measure(page: &GrayImage, qr_angle: Option<f64>) -> Turn {
    let angle = qr_angle.unwrap_or(0.0);
    let quarter = (angle / 90.0).round();
    let rotation = (-quarter * 90.0).rem_euclid(360.0) as u32 % 360;
    let coarse = angle - quarter * 90.0;
    let reach = if qr_angle.is_some() { QR_PRECISION } else { WIDEST_SKEW };
    let dark = dark_pixels(page);
    if dark.len() < FEWEST_DARK {
        return Turn { rotation, skew_deg: coarse };
    }
    // Rows of text stay rows under a half turn; under a quarter turn they run down the page.
    let lying = rotation % 180 == 90;
    let rough = sharpest(&dark, lying, coarse, reach, 0.1);
    Turn { rotation, skew_deg: sharpest(&dark, lying, rough, 0.1, 0.02) }
}

fn dark_pixels(page: &GrayImage) -> Vec<(f64, f64)> {
    let count = page.as_raw().iter().filter(|pixel| **pixel < DARK).count();
    let step = count / MOST_DARK + 1;
    let dark = page.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < DARK);
    dark.step_by(step).map(|(x, y, _)| (f64::from(x), f64::from(y))).collect()
}

/// The angle around `middle` under which the dark pixels gather in the fewest rows.
fn sharpest(dark: &[(f64, f64)], lying: bool, middle: f64, reach: f64, step: f64) -> f64 {
    let steps = (reach / step).round() as i32;
    let candidates = (-steps..=steps).map(|index| middle + f64::from(index) * step);
    let scored = candidates.map(|angle| (sharpness(dark, lying, angle), angle));
    scored.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(middle, |(_, angle)| angle)
}

fn sharpness(dark: &[(f64, f64)], lying: bool, angle: f64) -> f64 {
    let (sin, cos) = angle.to_radians().sin_cos();
    let mut rows: Vec<u32> = Vec::new();
    // Wide enough that no row is negative for the angles that are tried.
    let offset = 2000.0;
    for &(x, y) in dark {
        let row = if lying { x * cos + y * sin } else { y * cos - x * sin };
        let row = (row + offset).max(0.0) as usize;
        if row >= rows.len() {
            rows.resize(row + 1, 0);
        }
        rows[row] += 1;
    }
    rows.iter().map(|count| f64::from(*count).powi(2)).sum()
}
