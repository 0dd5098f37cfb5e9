//! The sheet as a DOCX. The library cannot mark the rows that Word repeats on every page; an ODT has them.

use super::{Cell, Grid, OfficeError, Part, Row, Sheet, clean, look, numbered};
use docx_rs::{
    AlignmentType, Docx, HeightRule, LineSpacing, PageMargin, Paragraph, Run, RunFonts, Shading, Table, TableCell,
    TableLayoutType, TableRow, VAlignType, WidthType,
};
use std::io::Cursor;

/// Twentieths of a point in a millimetre.
fn twips(mm: u32) -> usize {
    (mm * 1440 * 10 / 254) as usize
}

pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, OfficeError> {
    let edge = i32::try_from(twips(look::EDGE_MM)).unwrap_or(0);
    let fonts = RunFonts::new().ascii(look::LATIN_FONT).hi_ansi(look::LATIN_FONT).east_asia(look::FONT);
    let mut docx = Docx::new()
        .page_size(u32::try_from(twips(210)).unwrap_or(0), u32::try_from(twips(297)).unwrap_or(0))
        .page_margin(PageMargin::new().top(edge).bottom(edge).left(edge).right(edge))
        .default_fonts(fonts)
        .default_size(half_points(look::BODY_PT))
        .add_paragraph(line(&sheet.header, look::BODY_PT, false).align(AlignmentType::Center))
        .add_paragraph(line(&sheet.title, look::TITLE_PT, true).align(AlignmentType::Center));
    for part in &sheet.parts {
        docx = match part {
            Part::Heading(text) => docx.add_paragraph(line(text, look::BODY_PT, true).keep_next(true)),
            Part::Notes(notes) => notes.iter().enumerate().fold(docx, |docx, (number, note)| {
                docx.add_paragraph(line(&numbered(notes, number, note), look::SMALL_PT, false))
            }),
            // A paragraph between two tables, or a word processor joins them.
            Part::Table(grid) => docx.add_table(table(grid)).add_paragraph(line("", 4, false)),
        };
    }
    let mut file = Cursor::new(Vec::new());
    docx.build().pack(&mut file).map_err(|why| OfficeError(why.to_string()))?;
    Ok(file.into_inner())
}

fn half_points(points: u32) -> usize {
    points as usize * 2
}

fn line(text: &str, points: u32, bold: bool) -> Paragraph {
    let run = Run::new().add_text(clean(text)).size(half_points(points));
    let run = if bold { run.bold() } else { run };
    Paragraph::new().add_run(run).line_spacing(LineSpacing::new().before(40).after(40))
}

fn table(grid: &Grid) -> Table {
    let all = twips(look::WIDTH_MM);
    let widths: Vec<usize> = grid.widths.iter().map(|share| all * *share as usize / 100).collect();
    let rows = grid.rows.iter().map(|one| row(one, &widths)).collect();
    Table::new(rows).layout(TableLayoutType::Fixed).width(all, WidthType::Dxa).set_grid(widths)
}

fn row(row: &Row, widths: &[usize]) -> TableRow {
    let mut at = 0;
    let mut cells = Vec::new();
    for one in &row.cells {
        let width = widths.iter().skip(at).take(one.span).sum();
        at += one.span;
        cells.push(cell(one, width));
    }
    let height = u32::try_from(twips(row.height)).unwrap_or(0);
    TableRow::new(cells).row_height(height as f32).height_rule(HeightRule::AtLeast)
}

fn cell(cell: &Cell, width: usize) -> TableCell {
    let mut made = TableCell::new().width(width, WidthType::Dxa).vertical_align(VAlignType::Center);
    if cell.span > 1 {
        made = made.grid_span(cell.span);
    }
    if cell.head {
        made = made.shading(Shading::new().fill("F2F2F2"));
    }
    for text in &cell.lines {
        let written = line(text, look::BODY_PT, false);
        made = made.add_paragraph(if cell.head { written.align(AlignmentType::Center) } else { written });
    }
    made
}
