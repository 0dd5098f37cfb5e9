//! Files as pages of pixels: pictures are unpacked, PDF pages are drawn, both within bounds.
//!
//! One page at a time is held in memory. What the pixels show is not looked at here.

use crate::{
    Input, Limits,
    check::{Bounds, clean_pages, has_signature},
    refusal::ScanRefusal,
};
use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::InterpreterSettings,
    hayro_syntax::{LoadPdfError, Pdf},
    vello_cpu::color::palette::css::WHITE,
};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Rgb, RgbImage, codecs::png, imageops};
use std::io::Cursor;

/// A4 upright, width and height in points.
pub(crate) const A4: (f64, f64) = (595.276, 841.890);

/// Points per inch.
const POINTS: f64 = 72.0;

/// No drawn page is longer than this on a side, whatever size the PDF claims.
const LONGEST_SIDE: f64 = 6000.0;

/// Nor has it more pixels than A4 at 400 dpi.
const MOST_DRAWN_PIXELS: f64 = 16_000_000.0;

/// How much the object streams of a PDF may unpack to inside the child process.
const UNPACKED: usize = 64 * 1024 * 1024;

/// How far the sides of a page may be from A4 to be taken as A4: scanners cut and feed a few millimetres wrong.
const A4_TOLERANCE: f64 = 0.04;

/// The pixels of one page.
pub(crate) struct Sheet {
    /// Colours on white.
    pub(crate) picture: RgbImage,
    /// How many pixels a point of the printed A4 page covers; none when the proportions are not those of A4.
    pub(crate) pixels_per_point: Option<f64>,
}

/// The picked files, known to be one clean PDF or pictures.
pub(crate) enum Source<'a> {
    /// One PDF.
    Pdf { input: &'a Input, pdf: Box<Pdf> },
    /// One or more pictures, a page each.
    Pictures { inputs: &'a [Input], limits: Limits },
}

impl<'a> Source<'a> {
    pub(crate) fn open(inputs: &'a [Input], limits: &Limits) -> Result<Self, ScanRefusal> {
        let bytes = inputs.iter().map(|input| input.bytes.len() as u64).sum::<u64>();
        if bytes > limits.input_bytes {
            return Err(ScanRefusal::TooLarge { bytes, limit: limits.input_bytes });
        }
        match inputs {
            [] => Err(ScanRefusal::NoPages),
            [input] if has_signature(&input.bytes) => Self::open_pdf(input, limits),
            [input] if picture_format(&input.bytes).is_none() && has_pdf_name(&input.name) => Err(ScanRefusal::NotAPdf),
            pictures if pictures.iter().any(|input| picture_format(&input.bytes).is_none()) => {
                Err(ScanRefusal::UnsupportedType)
            }
            pictures if pictures.len() > limits.pages as usize => {
                Err(ScanRefusal::TooManyPages { pages: pictures.len() as u32, limit: limits.pages })
            }
            pictures => Ok(Self::Pictures { inputs: pictures, limits: *limits }),
        }
    }

    fn open_pdf(input: &'a Input, limits: &Limits) -> Result<Self, ScanRefusal> {
        let bounds = Bounds { unpacked: UNPACKED, pages: limits.pages, pixels: limits.pixels };
        let pages = clean_pages(&input.bytes, &bounds)?;
        let pdf = open_for_drawing(input.bytes.clone())?;
        // Two readers that count differently see two documents: what was checked is then not what people would see.
        if pdf.pages().len() != pages as usize {
            return Err(ScanRefusal::BrokenFile);
        }
        Ok(Self::Pdf { input, pdf: Box::new(pdf) })
    }

    pub(crate) fn page_count(&self) -> usize {
        match self {
            Self::Pdf { pdf, .. } => pdf.pages().len(),
            Self::Pictures { inputs, .. } => inputs.len(),
        }
    }

    /// The file a page comes from.
    pub(crate) fn name(&self, index: usize) -> &str {
        match self {
            Self::Pdf { input, .. } => &input.name,
            Self::Pictures { inputs, .. } => &inputs[index].name,
        }
    }

    /// The PDF itself, when it is small enough to be sent as it is.
    pub(crate) fn keepable_pdf(&self, limit: u64) -> Option<&[u8]> {
        match self {
            Self::Pdf { input, .. } if input.bytes.len() as u64 <= limit => Some(&input.bytes),
            Self::Pdf { .. } | Self::Pictures { .. } => None,
        }
    }

    /// One page with at most `dpi` dots per inch of A4; pictures are never enlarged.
    pub(crate) fn raster(&self, index: usize, dpi: f64) -> Result<Sheet, ScanRefusal> {
        match self {
            Self::Pdf { pdf, .. } => draw(pdf, index, dpi),
            Self::Pictures { inputs, limits } => {
                let picture = shrunk_to(unpack(&inputs[index].bytes, limits.pixels)?, dpi);
                let pixels_per_point = a4_scale(picture.width().into(), picture.height().into());
                Ok(Sheet { picture, pixels_per_point })
            }
        }
    }
}

/// Draws one page of a PDF, counted from 0, as PNG for the screen. The PDF need not be clean: nothing in it is run.
/// Like [`crate::read`], this belongs into the child process: [`crate::guard::render_guarded`].
///
/// # Errors
/// `not_a_pdf`, `encrypted`, `broken_file`, or `no_pages` when there is no such page.
pub fn render_page(pdf: &[u8], page_index: usize, dpi: f64) -> Result<Vec<u8>, ScanRefusal> {
    if !has_signature(pdf) {
        return Err(ScanRefusal::NotAPdf);
    }
    let pdf = open_for_drawing(pdf.to_vec())?;
    let sheet = draw(&pdf, page_index, dpi)?;
    let mut bytes = Vec::new();
    let encoder = png::PngEncoder::new_with_quality(&mut bytes, png::CompressionType::Fast, png::FilterType::Adaptive);
    sheet.picture.write_with_encoder(encoder).map_err(|_| ScanRefusal::BrokenFile)?;
    Ok(bytes)
}

fn open_for_drawing(bytes: Vec<u8>) -> Result<Pdf, ScanRefusal> {
    Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ScanRefusal::Encrypted,
        LoadPdfError::Invalid => ScanRefusal::BrokenFile,
    })
}

fn draw(pdf: &Pdf, index: usize, dpi: f64) -> Result<Sheet, ScanRefusal> {
    let page = pdf.pages().get(index).ok_or(ScanRefusal::NoPages)?;
    let (width, height) = page.render_dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    if !(width.is_finite() && height.is_finite() && width >= 1.0 && height >= 1.0) {
        return Err(ScanRefusal::BrokenFile);
    }
    // Some programs write a page's pixels as points; such a page is taken as A4 of that many dots.
    let wanted = match a4_scale(width, height) {
        Some(points) => dpi / POINTS / points,
        None => dpi / POINTS,
    };
    let scale = wanted.min(LONGEST_SIDE / width.max(height)).min((MOST_DRAWN_PIXELS / (width * height)).sqrt());
    if width.min(height) * scale < 1.0 {
        return Err(ScanRefusal::BrokenFile);
    }
    let settings = PixmapSettings { x_scale: scale as f32, y_scale: scale as f32, bg_color: WHITE };
    let pixels = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (pixel_width, pixel_height) = (u32::from(pixels.width()), u32::from(pixels.height()));
    let rgb = pixels.data_as_u8_slice().chunks_exact(4).flat_map(|rgba| [rgba[0], rgba[1], rgba[2]]).collect();
    let picture = RgbImage::from_raw(pixel_width, pixel_height, rgb).ok_or(ScanRefusal::BrokenFile)?;
    Ok(Sheet { picture, pixels_per_point: a4_scale(width * scale, height * scale) })
}

/// How many units of `width` × `height`, upright or lying, make one point of A4; none when it is not shaped like A4.
fn a4_scale(width: f64, height: f64) -> Option<f64> {
    let (short, long) = (width.min(height), width.max(height));
    let shape = (long / short) / (A4.1 / A4.0);
    ((shape - 1.0).abs() <= A4_TOLERANCE).then_some(f64::midpoint(short / A4.0, long / A4.1))
}

fn has_pdf_name(name: &str) -> bool {
    name.rsplit_once('.').is_none_or(|(_, ending)| ending.eq_ignore_ascii_case("pdf"))
}

fn picture_format(bytes: &[u8]) -> Option<ImageFormat> {
    image::guess_format(bytes).ok().filter(|format| matches!(format, ImageFormat::Jpeg | ImageFormat::Png))
}

fn unpack(bytes: &[u8], most_pixels: u64) -> Result<RgbImage, ScanRefusal> {
    let format = picture_format(bytes).ok_or(ScanRefusal::UnsupportedType)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    // Eight bytes is the widest pixel there is: four channels of sixteen bits.
    limits.max_alloc = Some(most_pixels.saturating_mul(8));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| picture_refusal(&error, most_pixels))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > most_pixels {
        return Err(ScanRefusal::TooLarge { bytes: pixels.saturating_mul(3), limit: most_pixels * 3 });
    }
    let orientation = decoder.orientation().map_err(|_| ScanRefusal::BrokenFile)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| picture_refusal(&error, most_pixels))?;
    let mut picture = DynamicImage::ImageRgb8(on_white(picture));
    picture.apply_orientation(orientation);
    Ok(picture.into_rgb8())
}

fn picture_refusal(error: &image::ImageError, most_pixels: u64) -> ScanRefusal {
    match error {
        image::ImageError::Limits(_) => {
            ScanRefusal::TooLarge { bytes: most_pixels.saturating_mul(8) + 1, limit: most_pixels.saturating_mul(8) }
        }
        _ => ScanRefusal::BrokenFile,
    }
}

/// Transparent parts of a picture show the paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let over = |channel: u8| {
            let (channel, alpha) = (u32::from(channel), u32::from(alpha));
            ((channel * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

/// The picture with at most `dpi` dots per inch if it were to fill an A4 page.
fn shrunk_to(picture: RgbImage, dpi: f64) -> RgbImage {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let scale = (A4.1 / POINTS * dpi / width.max(height)).max(A4.0 / POINTS * dpi / width.min(height));
    if scale >= 1.0 {
        return picture;
    }
    let side = |length: f64| ((length * scale).round() as u32).max(1);
    imageops::thumbnail(&picture, side(width), side(height))
}
