//! From points of the print to pixels of the scan: the page's scale, turn and shift, taken from its QR.
//!
//! A flat sheet on a scanner is turned, shifted and perhaps scaled a little; bent paper is beyond this.

use crate::{
    qr::{FoundQr, Pixel},
    sheet::{A4, Sheet},
    skew::Turn,
};
use domain::paper::PrintLayout;

/// The scale of a full page is more exact than that of the small QR; within this they are taken as equal.
const SAME_SCALE: f64 = 0.02;

/// A printer's "fit to page" changes the scale by a few per cent; beyond this the sheet does not fill the picture and
/// points far from the QR cannot be told.
const PRINTER_SCALE: f64 = 0.10;

/// Where the points of a printed page lie in the picture of its scan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// A point of the print (in points, from its top left corner) …
    print_anchor: (f64, f64),
    /// … and where it is in the picture.
    anchor: Pixel,
    pixels_per_point: f64,
    sin: f64,
    cos: f64,
}

impl Place {
    /// None when the scale cannot be trusted.
    pub(crate) fn of(sheet: &Sheet, qr: &FoundQr, turn: Turn, layout: &PrintLayout) -> Option<Self> {
        let (sin, cos) = turn.angle().to_radians().sin_cos();
        let area = layout.qr.iter().find(|area| area.page == qr.tag.page && area.width > 0.0 && area.height > 0.0);
        let Some(area) = area else {
            let (width, height) = sheet.picture.dimensions();
            let anchor = (f64::from(width) / 2.0, f64::from(height) / 2.0);
            let print_anchor = (A4.0 / 2.0, A4.1 / 2.0);
            return Some(Self { print_anchor, anchor, pixels_per_point: sheet.pixels_per_point?, sin, cos });
        };
        let by_qr = qr.side / f64::midpoint(area.width, area.height);
        let by_page = sheet.pixels_per_point?;
        let apart = (by_qr / by_page - 1.0).abs();
        let pixels_per_point = match apart {
            apart if apart <= SAME_SCALE => by_page,
            apart if apart <= PRINTER_SCALE => by_qr,
            _ => return None,
        };
        let print_anchor = (area.x + area.width / 2.0, area.y + area.height / 2.0);
        Some(Self { print_anchor, anchor: qr.centre, pixels_per_point, sin, cos })
    }

    /// Where a point of the print lies.
    pub(crate) fn pixel(&self, x: f64, y: f64) -> Pixel {
        let x = (x - self.print_anchor.0) * self.pixels_per_point;
        let y = (y - self.print_anchor.1) * self.pixels_per_point;
        (self.anchor.0 + x * self.cos - y * self.sin, self.anchor.1 + x * self.sin + y * self.cos)
    }
}
