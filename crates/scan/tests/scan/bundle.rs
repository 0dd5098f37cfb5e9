//! Many PDFs into one: whole, renumbered, and without anything that acts.

use crate::guard::reader;
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use scan::{
    Limits, ScanRefusal,
    bundle::{Binder, Bookmark, part},
    guard::part_guarded,
};

/// A PDF of so many pages in a tree of two levels, which carry what a hostile or careless program leaves: actions, links, a key of
/// a structure, an indirect length.
fn outside(pages: usize) -> Vec<u8> {
    let mut document = Document::with_version("1.6");
    let (root, branch) = (document.new_object_id(), document.new_object_id());
    let length = document.add_object(Object::Integer(9));
    let mut kids = Vec::new();
    for number in 0..pages {
        let mut content = Stream::new(Dictionary::new(), format!("%page {number:02}").into_bytes());
        content.dict.set("Length", length);
        let content = document.add_object(content);
        let link = document.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Link", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()],
            "A" => dictionary! { "S" => "URI", "URI" => Object::string_literal("https://evil.example") },
        });
        kids.push(Object::Reference(document.add_object(dictionary! {
            "Type" => "Page", "Parent" => branch, "Contents" => content, "Annots" => vec![link.into()], "StructParents" => 7,
            "AA" => dictionary! { "O" => dictionary! { "S" => "Named", "N" => "Print" } },
        })));
    }
    let count = i64::try_from(pages).unwrap();
    document.objects.insert(
        branch,
        dictionary! { "Type" => "Pages", "Parent" => root, "Kids" => kids, "Count" => count, "Rotate" => 90 }.into(),
    );
    let media: Vec<Object> = vec![0.into(), 0.into(), 595.into(), 842.into()];
    document.objects.insert(
        root,
        dictionary! { "Type" => "Pages", "Kids" => vec![branch.into()], "Count" => count, "MediaBox" => media, "Resources" => Dictionary::new() }.into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn files_from_outside_become_one_without_what_acts() {
    let mut file = Vec::new();
    let mut binder = Binder::begin(&mut file).unwrap();
    let mut firsts = Vec::new();
    for (number, pages) in [3, 1, 4].into_iter().enumerate() {
        let ask = binder.ask(Some(format!("掃描檔{number}")), Vec::new());
        // The guarded child answers as the library does.
        let here = part(&outside(pages), &ask).unwrap();
        let (whole, bytes) = part_guarded(&reader("read"), &outside(pages), &ask, &Limits::default()).unwrap();
        assert_eq!(here, (whole.clone(), bytes.clone()));
        // The second one goes in front.
        let added = binder.add(whole, &bytes, number == 1).unwrap();
        assert_eq!(added.len(), pages);
        firsts.push(added[0]);
    }
    assert_eq!(binder.pages(), 8);
    let beneath = vec![Bookmark { words: "下一層".to_owned(), page: firsts[2], beneath: Vec::new() }];
    let marks = [
        Bookmark { words: "第二".to_owned(), page: firsts[1], beneath: Vec::new() },
        Bookmark { words: "第一".to_owned(), page: firsts[0], beneath },
    ];
    let size = binder.finish("彙整", &marks).unwrap();
    assert_eq!(size, file.len() as u64);
    assert!(scan::check_upload(&file).is_ok_and(|facts| facts.pages == 8), "{:?}", scan::check_upload(&file));

    let document = Document::load_mem(&file).unwrap();
    let pages: Vec<_> = document.get_pages().into_values().collect();
    let words: Vec<String> = pages
        .iter()
        .map(|page| String::from_utf8(document.get_page_content(*page)).unwrap())
        .map(|content| content[content.find("%page ").unwrap()..][..8].to_owned())
        .collect();
    let order = ["00", "00", "01", "02", "00", "01", "02", "03"];
    assert_eq!(words, order.map(|number| format!("%page {number}")));
    let mut keys = Vec::new();
    for page in &pages {
        let page = document.get_dictionary(*page).unwrap();
        assert_eq!(page.get(b"Rotate").and_then(Object::as_i64).unwrap(), 90, "from the tree above");
        assert!(page.has(b"MediaBox") && page.has(b"Resources"));
        assert!(!page.has(b"AA") && !page.has(b"Annots"));
        keys.push(page.get(b"StructParents").and_then(Object::as_i64).unwrap());
    }
    assert_eq!(keys, [3, 0, 1, 2, 4, 5, 6, 7]);
    assert!(!file.windows(4).any(|four| four == b"evil"));
    let figures =
        document.objects.values().filter(|object| object.as_dict().is_ok_and(|dict| dict.has(b"Alt"))).count();
    assert_eq!(figures, 8);
}

#[test]
fn what_is_no_sound_pdf_is_refused() {
    let mut file = Vec::new();
    let binder = Binder::begin(&mut file).unwrap();
    let ask = binder.ask(Some(String::new()), Vec::new());
    let good = outside(1);
    let locked = String::from_utf8_lossy(&good).replace("/Root ", "/Encrypt 1 0 R/Root ").into_bytes();
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("text", b"only a text".to_vec()),
        ("cut", good[..good.len() / 3].to_vec()),
        ("no pages", outside(0)),
        ("locked", locked),
    ] {
        let refused = part_guarded(&reader("read"), &bytes, &ask, &Limits::default());
        assert!(refused.is_err(), "{what}");
    }
    let small = Limits { input_bytes: 10, ..Limits::default() };
    let refused = part_guarded(&reader("read"), &good, &ask, &small);
    assert!(matches!(refused, Err(ScanRefusal::TooLarge { .. })), "{refused:?}");
    assert_eq!(part_guarded(&reader("crash"), &good, &ask, &Limits::default()), Err(ScanRefusal::ReaderCrashed));
}
