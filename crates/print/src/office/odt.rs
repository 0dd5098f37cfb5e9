//! The sheet as an ODT: the few files of an OpenDocument text, packed as the standard asks (`mimetype` first and unpacked).

use super::{Cell, Grid, OfficeError, Part, Row, Sheet, clean, look, numbered};
use quick_xml::escape::escape;
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{Cursor, Write as _},
};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

const MIME: &str = "application/vnd.oasis.opendocument.text";

const NAMESPACES: &str = concat!(
    r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" "#,
    r#"xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" "#,
    r#"xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" "#,
    r#"xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" "#,
    r#"xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" "#,
    r#"xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" "#,
    r#"xmlns:dc="http://purl.org/dc/elements/1.1/" "#,
    r#"office:version="1.3""#
);

pub(super) fn write(sheet: &Sheet) -> Result<Vec<u8>, OfficeError> {
    // No clock: the same form always gives the same file.
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let packed = stored.compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let files = [
        ("mimetype", MIME.to_owned(), stored),
        ("META-INF/manifest.xml", manifest(), packed),
        ("meta.xml", meta(sheet), packed),
        ("styles.xml", styles(), packed),
        ("content.xml", content(sheet), packed),
    ];
    for (name, text, options) in files {
        zip.start_file(name, options).map_err(|why| OfficeError(why.to_string()))?;
        zip.write_all(text.as_bytes()).map_err(|why| OfficeError(why.to_string()))?;
    }
    Ok(zip.finish().map_err(|why| OfficeError(why.to_string()))?.into_inner())
}

fn xml(root: &str, body: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} {NAMESPACES}>{body}</{root}>")
}

fn manifest() -> String {
    let entry = |path: &str, kind: &str| {
        format!(r#"<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>"#)
    };
    let entries = [
        entry("/", MIME),
        entry("content.xml", "text/xml"),
        entry("styles.xml", "text/xml"),
        entry("meta.xml", "text/xml"),
    ];
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">{}</manifest:manifest>",
        entries.concat()
    )
}

fn meta(sheet: &Sheet) -> String {
    let title = escape(&sheet.title);
    xml(
        "office:document-meta",
        &format!("<office:meta><dc:title>{title}</dc:title><dc:language>zh-TW</dc:language></office:meta>"),
    )
}

fn styles() -> String {
    let (font, latin) = (look::FONT, look::LATIN_FONT);
    let faces = [font, latin]
        .map(|face| format!(r#"<style:font-face style:name="{face}" svg:font-family="'{face}'"/>"#))
        .concat();
    let paragraph = |name: &str, points: u32, more: &str, text: &str| {
        format!(
            "<style:style style:name=\"{name}\" style:family=\"paragraph\"><style:paragraph-properties \
             fo:margin-top=\"0.7mm\" fo:margin-bottom=\"0.7mm\" {more}/><style:text-properties fo:font-size=\"{points}pt\" \
             style:font-size-asian=\"{points}pt\" {text}/></style:style>"
        )
    };
    let bold = r#"fo:font-weight="bold" style:font-weight-asian="bold""#;
    let center = r#"fo:text-align="center""#;
    let edge = look::EDGE_MM;
    let body = format!(
        "<office:font-face-decls>{faces}</office:font-face-decls><office:styles><style:default-style \
         style:family=\"paragraph\"><style:text-properties style:font-name=\"{latin}\" style:font-name-asian=\"{font}\" \
         fo:font-size=\"{body}pt\" style:font-size-asian=\"{body}pt\" fo:language=\"en\" fo:country=\"US\" \
         style:language-asian=\"zh\" style:country-asian=\"TW\"/></style:default-style>{}{}{}{}{}{}</office:styles>\
         <office:automatic-styles><style:page-layout style:name=\"A4\"><style:page-layout-properties \
         fo:page-width=\"210mm\" fo:page-height=\"297mm\" fo:margin=\"{edge}mm\"/></style:page-layout></office:automatic-styles>\
         <office:master-styles><style:master-page style:name=\"Standard\" style:page-layout-name=\"A4\"/></office:master-styles>",
        paragraph("Line", look::BODY_PT, "", ""),
        paragraph("Header", look::BODY_PT, center, ""),
        paragraph("Title", look::TITLE_PT, center, bold),
        paragraph("Heading", look::BODY_PT, r#"fo:keep-with-next="always""#, bold),
        paragraph("Name", look::BODY_PT, center, ""),
        paragraph("Note", look::SMALL_PT, "", ""),
        body = look::BODY_PT,
    );
    xml("office:document-styles", &body)
}

fn content(sheet: &Sheet) -> String {
    let mut automatic = Automatic::default();
    let mut body = String::new();
    paragraph(&mut body, "Header", &sheet.header);
    paragraph(&mut body, "Title", &sheet.title);
    for part in &sheet.parts {
        match part {
            Part::Heading(text) => paragraph(&mut body, "Heading", text),
            Part::Notes(notes) => {
                for (number, note) in notes.iter().enumerate() {
                    paragraph(&mut body, "Note", &numbered(notes, number, note));
                }
            }
            Part::Table(grid) => {
                table(&mut body, &mut automatic, grid);
                paragraph(&mut body, "Note", "");
            }
        }
    }
    let styles = automatic.styles();
    xml(
        "office:document-content",
        &format!(
            "<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        ),
    )
}

fn paragraph(out: &mut String, style: &str, text: &str) {
    write!(out, r#"<text:p text:style-name="{style}">{}</text:p>"#, escape(clean(text))).expect("a String takes all");
}

/// The styles of columns and rows that were asked for: an OpenDocument text names each width and height.
#[derive(Default)]
struct Automatic {
    /// Tenths of a millimetre.
    columns: BTreeSet<u32>,
    /// Millimetres.
    rows: BTreeSet<u32>,
}

impl Automatic {
    fn styles(&self) -> String {
        let width = look::WIDTH_MM;
        let mut out = format!(
            "<style:style style:name=\"Table\" style:family=\"table\"><style:table-properties style:width=\"{width}mm\" \
             table:align=\"left\" table:border-model=\"collapsing\"/></style:style>"
        );
        for tenths in &self.columns {
            write!(
                out,
                "<style:style style:name=\"C{tenths}\" style:family=\"table-column\"><style:table-column-properties \
                 style:column-width=\"{}.{}mm\"/></style:style>",
                tenths / 10,
                tenths % 10
            )
            .expect("a String takes all");
        }
        for height in &self.rows {
            write!(
                out,
                "<style:style style:name=\"R{height}\" style:family=\"table-row\"><style:table-row-properties \
                 style:min-row-height=\"{height}mm\"/></style:style>"
            )
            .expect("a String takes all");
        }
        for (name, fill) in [("Cell", ""), ("Head", " fo:background-color=\"#f2f2f2\"")] {
            write!(
                out,
                "<style:style style:name=\"{name}\" style:family=\"table-cell\"><style:table-cell-properties \
                 fo:border=\"0.5pt solid #000000\" fo:padding=\"1mm\" style:vertical-align=\"middle\"{fill}/></style:style>"
            )
            .expect("a String takes all");
        }
        out
    }
}

fn table(out: &mut String, automatic: &mut Automatic, grid: &Grid) {
    out.push_str(r#"<table:table table:style-name="Table">"#);
    for share in &grid.widths {
        let tenths = share * look::WIDTH_MM / 10;
        automatic.columns.insert(tenths);
        write!(out, r#"<table:table-column table:style-name="C{tenths}"/>"#).expect("a String takes all");
    }
    if grid.head_rows > 0 {
        out.push_str("<table:table-header-rows>");
    }
    for (number, one) in grid.rows.iter().enumerate() {
        row(out, automatic, one);
        if number + 1 == grid.head_rows {
            out.push_str("</table:table-header-rows>");
        }
    }
    out.push_str("</table:table>");
}

fn row(out: &mut String, automatic: &mut Automatic, row: &Row) {
    automatic.rows.insert(row.height);
    write!(out, r#"<table:table-row table:style-name="R{}">"#, row.height).expect("a String takes all");
    for one in &row.cells {
        cell(out, one);
    }
    out.push_str("</table:table-row>");
}

fn cell(out: &mut String, cell: &Cell) {
    let (style, paragraph_style) = if cell.head { ("Head", "Name") } else { ("Cell", "Line") };
    write!(
        out,
        r#"<table:table-cell table:style-name="{style}" table:number-columns-spanned="{}" office:value-type="string">"#,
        cell.span
    )
    .expect("a String takes all");
    for text in &cell.lines {
        paragraph(out, paragraph_style, text);
    }
    out.push_str("</table:table-cell>");
    for _ in 1..cell.span {
        out.push_str("<table:covered-table-cell/>");
    }
}
