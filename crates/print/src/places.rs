//! Where things stand on the paper, read from the layout itself: fields (for the live paper), sign cells and QR codes.

use domain::paper::{Area, SignCell};
use typst::layout::{Frame, FrameItem, Point, Transform};
use typst_layout::PagedDocument;

/// A field's place on the paper. A field that goes on over a page break has one area per page.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldArea {
    /// The field: `key`, or `rows_key.2.column` with rows from 0.
    pub field: String,
    /// Its place.
    pub area: Area,
}

#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) fields: Vec<FieldArea>,
    pub(crate) sign_cells: Vec<SignCell>,
    pub(crate) qr: Vec<Area>,
}

/// Collects the labelled blocks: `field:<key>`, `sign:<key>` and `qr` (the shared Typst library sets them).
pub(crate) fn find(document: &PagedDocument) -> Places {
    let mut places = Places::default();
    for (page, sheet) in (1..).zip(document.pages()) {
        walk(&sheet.frame, Transform::identity(), &mut |label, frame, transform| {
            let corner = Point::zero().transform(transform);
            let area = Area {
                page,
                x: corner.x.to_pt(),
                y: corner.y.to_pt(),
                width: frame.width().to_pt(),
                height: frame.height().to_pt(),
            };
            match label.split_once(':') {
                Some(("field", key)) => places.fields.push(FieldArea { field: key.to_owned(), area }),
                Some(("sign", key)) => places.sign_cells.push(SignCell { cell: key.to_owned(), area }),
                None if label == "qr" => places.qr.push(area),
                _ => {}
            }
        });
    }
    places
}

fn walk(frame: &Frame, transform: Transform, found: &mut dyn FnMut(&str, &Frame, Transform)) {
    for (position, item) in frame.items() {
        let FrameItem::Group(group) = item else { continue };
        let inner = transform.pre_concat(Transform::translate(position.x, position.y)).pre_concat(group.transform);
        if let Some(label) = group.label {
            found(&label.resolve(), &group.frame, inner);
        }
        walk(&group.frame, inner, found);
    }
}
