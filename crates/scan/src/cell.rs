//! Is there ink in a sign cell? A cell is printed empty, its label stands outside, so ink inside is a seal or a
//! signature.
//!
//! The verdict is a hint for a person; nothing is decided by it.

use crate::place::Place;
use domain::paper::{Area, PrintLayout, SignCell, StampFinding, StampVerdict};
use image::RgbImage;

/// The cell is looked at in this many dots per inch of paper: a pen's line is then two dots wide.
const CELL_DPI: f64 = 150.0;

/// Left out at each edge, as a part of the cell's shorter side: the printed frame and small errors of position.
const INSET: f64 = 0.06;

/// Never less than this, in points.
const LEAST_INSET: f64 = 2.5;

/// Ink: this much darker than the paper, of 255 levels …
const INK_DARKER: i32 = 70;

/// … or this much more colourful than it.
const INK_COLOUR: i32 = 60;

/// A trace: a faint seal, a pencil, a shadow, ink from the back of the sheet.
const TRACE_DARKER: i32 = 25;

/// See [`TRACE_DARKER`].
const TRACE_COLOUR: i32 = 24;

/// Ink on this part of the cell is a seal or a signature. A private seal of 12 mm in a cell of 35 × 20 mm gives about
/// 0.06, a thin signature about 0.02.
const STAMPED_PART: f64 = 0.010;

/// Up to this part, ink is dust …
const EMPTY_INK_PART: f64 = 0.002;

/// … and up to this part, traces are the grain of the paper and of the scanner.
const EMPTY_TRACE_PART: f64 = 0.02;

/// A row or column near the edge with this part of it inked is the printed frame, not a seal.
const FRAME_PART: f64 = 0.6;

/// How near: this part of the cell's side.
const FRAME_BAND: f64 = 0.12;

/// At least this part of the cell must be in the picture.
const VISIBLE_PART: f64 = 0.9;

/// Looks at every sign cell of one page of the print; without a place nothing can be told.
pub(crate) fn look_at_all(
    page: &RgbImage,
    place: Option<&Place>,
    layout: &PrintLayout,
    number: u32,
) -> Vec<StampFinding> {
    let on_page = layout.sign_cells.iter().filter(|cell| cell.area.page == number);
    on_page
        .map(|SignCell { cell, area }| {
            let verdict = place.map_or(StampVerdict::Unsure, |place| look_at(page, place, area));
            StampFinding { cell: cell.clone(), verdict }
        })
        .collect()
}

fn look_at(page: &RgbImage, place: &Place, area: &Area) -> StampVerdict {
    let Some(patch) = Patch::cut(page, place, area) else { return StampVerdict::Unsure };
    let paper = patch.paper();
    let ink = patch.without_frame(&patch.marked(paper, INK_DARKER, INK_COLOUR));
    let traces = patch.without_frame(&patch.marked(paper, TRACE_DARKER, TRACE_COLOUR));
    let (ink, traces) = (patch.part_without_specks(&ink), patch.part_without_specks(&traces));
    if ink >= STAMPED_PART {
        StampVerdict::Stamped
    } else if ink <= EMPTY_INK_PART && traces <= EMPTY_TRACE_PART {
        StampVerdict::Empty
    } else {
        StampVerdict::Unsure
    }
}

/// The inside of a cell, turned upright.
struct Patch {
    width: usize,
    height: usize,
    dots: Vec<[u8; 3]>,
}

impl Patch {
    /// None when the cell is too small to tell or not wholly in the picture.
    fn cut(page: &RgbImage, place: &Place, area: &Area) -> Option<Self> {
        let inset = (area.width.min(area.height) * INSET).max(LEAST_INSET);
        let dot = 72.0 / CELL_DPI;
        let count = |length: f64| ((length - 2.0 * inset) / dot).floor().clamp(0.0, 4000.0) as usize;
        let (width, height) = (count(area.width), count(area.height));
        if width < 10 || height < 10 {
            return None;
        }
        let mut dots = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                let along = |start: f64, index: usize| start + inset + (index as f64 + 0.5) * dot;
                let (x, y) = place.pixel(along(area.x, column), along(area.y, row));
                if x >= 0.0 && y >= 0.0 && x < f64::from(page.width()) && y < f64::from(page.height()) {
                    dots.push(page.get_pixel(x as u32, y as u32).0);
                } else {
                    dots.push([255; 3]);
                }
            }
        }
        let (left, top) = place.pixel(area.x, area.y);
        let (right, bottom) = place.pixel(area.x + area.width, area.y + area.height);
        let inside = |a: f64, b: f64, length: u32| {
            let (low, high) = (a.min(b), a.max(b));
            (high.min(f64::from(length)) - low.max(0.0)).max(0.0) / (high - low)
        };
        let visible = inside(left, right, page.width()) * inside(top, bottom, page.height());
        (visible >= VISIBLE_PART).then_some(Self { width, height, dots })
    }

    /// The colour of the paper: per channel, a level that most of the cell is not brighter than.
    fn paper(&self) -> [i32; 3] {
        std::array::from_fn(|channel| {
            let mut levels: Vec<u8> = self.dots.iter().map(|dot| dot[channel]).collect();
            let at = levels.len() * 4 / 5;
            let (_, level, _) = levels.select_nth_unstable(at);
            i32::from(*level).max(1)
        })
    }

    /// Which dots are that much darker or more colourful than the paper.
    fn marked(&self, paper: [i32; 3], darker: i32, colour: i32) -> Vec<bool> {
        let marked = |dot: &[u8; 3]| {
            let on_white: [i32; 3] = std::array::from_fn(|c| (i32::from(dot[c]) * 255 / paper[c]).min(255));
            let light = (on_white[0] * 299 + on_white[1] * 587 + on_white[2] * 114) / 1000;
            let high = on_white.iter().max().copied().unwrap_or(255);
            let low = on_white.iter().min().copied().unwrap_or(255);
            255 - light >= darker || high - low >= colour
        };
        self.dots.iter().map(marked).collect()
    }

    /// Takes out the printed frame where a small error of position lets it reach into the patch.
    fn without_frame(&self, marks: &[bool]) -> Vec<bool> {
        let (width, height) = (self.width, self.height);
        let near_edge = |index: usize, length: usize| {
            let band = (length as f64 * FRAME_BAND).ceil() as usize;
            index < band || index + band >= length
        };
        let full = |count: usize, length: usize| count as f64 >= length as f64 * FRAME_PART;
        let row_is_frame = |row: usize| {
            let count = (0..width).filter(|column| marks[row * width + column]).count();
            near_edge(row, height) && full(count, width)
        };
        let column_is_frame = |column: usize| {
            let count = (0..height).filter(|row| marks[row * width + column]).count();
            near_edge(column, width) && full(count, height)
        };
        let rows: Vec<bool> = (0..height).map(row_is_frame).collect();
        let columns: Vec<bool> = (0..width).map(column_is_frame).collect();
        marks.iter().enumerate().map(|(at, mark)| *mark && !rows[at / width] && !columns[at % width]).collect()
    }

    /// The marked part of the cell; dots with fewer than two marked neighbours are dust.
    fn part_without_specks(&self, marks: &[bool]) -> f64 {
        let marked = |column: usize, row: usize| marks[row * self.width + column];
        let mut count = 0_usize;
        for row in 1..self.height - 1 {
            for column in 1..self.width - 1 {
                let around = (row - 1..=row + 1)
                    .flat_map(|row| (column - 1..=column + 1).map(move |column| (column, row)))
                    .filter(|(column, row)| marked(*column, *row));
                if marked(column, row) && around.count() >= 3 {
                    count += 1;
                }
            }
        }
        count as f64 / (self.width * self.height) as f64
    }
}
