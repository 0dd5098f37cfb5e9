//! The QR of a page as rectangles of whole modules. Error level M: a seal across a corner still leaves it readable.

use crate::PrintError;
use qrcode::{Color, EcLevel, QrCode};
use serde::Serialize;

/// A QR without its quiet zone.
#[derive(Debug, Serialize)]
pub(crate) struct Qr {
    /// Modules per side.
    size: usize,
    /// Dark runs: column, row, length, in modules.
    runs: Vec<(usize, usize, usize)>,
}

impl Qr {
    pub(crate) fn of(text: &str) -> Result<Self, PrintError> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| PrintError::Qr)?;
        let size = code.width();
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (number, color) in code.into_colors().into_iter().enumerate() {
            let (row, column) = (number / size, number % size);
            if color == Color::Light {
                continue;
            }
            match runs.last_mut() {
                Some((x, y, length)) if *y == row && *x + *length == column => *length += 1,
                _ => runs.push((column, row, 1)),
            }
        }
        Ok(Self { size, runs })
    }
}
