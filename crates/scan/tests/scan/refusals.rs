//! Files that are not what a stamped scan is, each with its code.

use crate::paper::{Mark, document, jpeg, page, pdf, png, png_bomb, saved, small_document};
use lopdf::{Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream, dictionary};
use scan::{ActiveKind, Input, Limits, ScanRefusal, check_upload, read};

fn read_one(name: &str, bytes: Vec<u8>) -> Result<scan::Scan, ScanRefusal> {
    read(&[Input { name: name.to_owned(), bytes }], None, &Limits::default())
}

fn with_catalog(change: impl FnOnce(&mut Document, &mut Dictionary)) -> Vec<u8> {
    let mut document = small_document();
    let mut catalog = document.catalog().unwrap().clone();
    change(&mut document, &mut catalog);
    *document.catalog_mut().unwrap() = catalog;
    saved(&mut document)
}

fn script() -> Dictionary {
    dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") }
}

fn active_files() -> Vec<(&'static str, ActiveKind, Vec<u8>)> {
    let on_first_page = |key: &str, value: Object| {
        let mut document = small_document();
        let id = document.get_pages()[&1];
        document.get_dictionary_mut(id).unwrap().set(key, value);
        saved(&mut document)
    };
    let annotation = |action: Dictionary| {
        let link = dictionary! { "Type" => "Annot", "Subtype" => "Link", "A" => action };
        Object::Array(vec![Object::Dictionary(link)])
    };
    let launch = dictionary! { "S" => "Launch", "F" => Object::string_literal("calc.exe") };
    let submit = dictionary! { "S" => "SubmitForm", "F" => Object::string_literal("http://192.0.2.1/") };
    vec![
        ("script on opening", ActiveKind::Javascript, with_catalog(|_, catalog| catalog.set("OpenAction", script()))),
        (
            "script by name",
            ActiveKind::Javascript,
            with_catalog(|document, catalog| {
                let action = document.add_object(script());
                let tree = dictionary! { "Names" => vec![Object::string_literal("a"), action.into()] };
                catalog.set("Names", dictionary! { "JavaScript" => tree });
            }),
        ),
        (
            "script that nothing refers to",
            ActiveKind::Javascript,
            with_catalog(|document, _| {
                document.add_object(script());
            }),
        ),
        (
            "opening action",
            ActiveKind::OpenAction,
            with_catalog(|_, catalog| {
                catalog.set(
                    "OpenAction",
                    dictionary! { "S" => "URI", "URI" => Object::string_literal("http://192.0.2.1/") },
                );
            }),
        ),
        (
            "action of a page",
            ActiveKind::AdditionalActions,
            on_first_page("AA", dictionary! { "O" => dictionary! { "S" => "Named", "N" => "Print" } }.into()),
        ),
        ("program", ActiveKind::Launch, on_first_page("Annots", annotation(launch))),
        ("sending", ActiveKind::RemoteAction, on_first_page("Annots", annotation(submit))),
        (
            "film",
            ActiveKind::RichMedia,
            on_first_page(
                "Annots",
                vec![Object::Dictionary(dictionary! { "Type" => "Annot", "Subtype" => "RichMedia" })].into(),
            ),
        ),
        (
            "attached file",
            ActiveKind::EmbeddedFile,
            with_catalog(|document, catalog| {
                let file = document.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"MZ".to_vec()));
                let spec = dictionary! { "Type" => "Filespec", "F" => Object::string_literal("a.exe"), "EF" => dictionary! { "F" => file } };
                let tree = dictionary! { "Names" => vec![Object::string_literal("a"), spec.into()] };
                catalog.set("Names", dictionary! { "EmbeddedFiles" => tree });
            }),
        ),
        (
            "form with fields",
            ActiveKind::Form,
            with_catalog(|document, catalog| {
                let field = document.add_object(dictionary! { "FT" => "Tx", "T" => Object::string_literal("a") });
                catalog.set("AcroForm", dictionary! { "Fields" => vec![field.into()] });
            }),
        ),
        (
            "form that is a program",
            ActiveKind::Xfa,
            with_catalog(|document, catalog| {
                let xfa = document.add_object(Stream::new(Dictionary::new(), b"<xdp/>".to_vec()));
                catalog.set("AcroForm", dictionary! { "Fields" => Vec::<Object>::new(), "XFA" => xfa });
            }),
        ),
    ]
}

#[test]
fn active_content_is_refused_by_its_kind_when_read_and_when_uploaded() {
    for (what, kind, bytes) in active_files() {
        let expected = ScanRefusal::ActiveContent { kind };
        assert_eq!(check_upload(&bytes), Err(expected.clone()), "{what}");
        assert_eq!(read_one("a.pdf", bytes), Err(expected), "{what}");
    }
}

/// A PDF of one page with a compressed object stream that holds `inside` as object 5, written by hand: the library
/// takes object streams apart when it saves.
fn with_object_stream(catalog: &str, inside: &[u8]) -> Vec<u8> {
    let content = [b"5 0  ".as_slice(), inside].concat();
    let mut stream = Stream::new(Dictionary::new(), content);
    stream.compress().unwrap();
    assert!(stream.dict.has(b"Filter"), "compressing made it smaller");
    let head = format!("<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length {}>>stream\n", stream.content.len());
    let objects = [
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").into_bytes(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>".to_vec(),
        [head.as_bytes(), &stream.content, b"\nendstream"].concat(),
    ];
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut table = String::from("xref\n0 5\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend_from_slice(object);
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    bytes.extend(format!("{table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    bytes
}

#[test]
fn active_content_hidden_in_an_object_stream_is_found() {
    let action = format!("<</S/JavaScript/JS({})>>", "app.alert(1);".repeat(40));
    let bytes = with_object_stream("/OpenAction 5 0 R", action.as_bytes());
    assert!(!bytes.windows(11).any(|window| window == b"/JavaScript"), "the script does not stand in the open");
    assert_eq!(check_upload(&bytes), Err(ScanRefusal::ActiveContent { kind: ActiveKind::Javascript }));
    let harmless = with_object_stream("", &b"(nothing) ".repeat(40));
    assert_eq!(check_upload(&harmless).map(|facts| facts.pages), Ok(1));
}

#[test]
fn what_only_shows_a_page_is_not_active() {
    let files = [
        ("nothing", with_catalog(|_, _| {})),
        (
            "a page to start with",
            with_catalog(|document, catalog| {
                let page = document.get_pages()[&1];
                catalog.set("OpenAction", vec![page.into(), "Fit".into()]);
            }),
        ),
        (
            "an empty form",
            with_catalog(|_, catalog| {
                catalog.set("AcroForm", dictionary! { "Fields" => Vec::<Object>::new() });
            }),
        ),
    ];
    for (what, bytes) in files {
        assert_eq!(check_upload(&bytes).map(|facts| facts.pages), Ok(1), "{what}");
        assert_eq!(read_one("a.pdf", bytes.clone()).map(|scan| scan.pdf), Ok(bytes), "{what}");
    }
}

#[test]
fn encrypted_files_are_refused_with_and_without_a_password() {
    for password in ["", "secret"] {
        let mut document = small_document();
        let id = Object::string_literal("0123456789abcdef");
        document.trailer.set("ID", vec![id.clone(), id]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: password,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let bytes = saved(&mut document);
        assert_eq!(check_upload(&bytes), Err(ScanRefusal::Encrypted), "password {password:?}");
        assert_eq!(read_one("a.pdf", bytes.clone()), Err(ScanRefusal::Encrypted), "password {password:?}");
    }
}

#[test]
fn files_of_another_kind_or_broken_are_refused() {
    let whole = pdf(&[page(1, 1, [Mark::Nothing; 4])]);
    let picture = jpeg(&page(1, 1, [Mark::Nothing; 4]));
    let text = b"Dear principal, please stamp this.\n".to_vec();
    let table = [
        ("text called pdf", "a.pdf", text.clone(), ScanRefusal::NotAPdf),
        ("text called PDF", "A.PDF", text.clone(), ScanRefusal::NotAPdf),
        ("text", "a.txt", text, ScanRefusal::UnsupportedType),
        ("another kind of picture", "a.gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), ScanRefusal::UnsupportedType),
        ("nothing in it", "a.pdf", Vec::new(), ScanRefusal::NotAPdf),
        ("a head alone", "a.pdf", b"%PDF-1.7\n".to_vec(), ScanRefusal::BrokenFile),
        ("a PDF cut in half", "a.pdf", whole[..whole.len() / 2].to_vec(), ScanRefusal::BrokenFile),
        ("a picture cut short", "a.jpg", picture[..300].to_vec(), ScanRefusal::BrokenFile),
        ("30 MB of nothing", "a.pdf", [b"%PDF-1.7\n".to_vec(), vec![b' '; 30 << 20]].concat(), ScanRefusal::BrokenFile),
        (
            "over all bounds",
            "a.pdf",
            vec![b'%'; (64 << 20) + 1],
            ScanRefusal::TooLarge { bytes: (64 << 20) + 1, limit: 64 << 20 },
        ),
    ];
    for (what, name, bytes, expected) in table {
        assert_eq!(read_one(name, bytes).map(|scan| scan.pages), Err(expected), "{what}");
    }
}

#[test]
fn uploads_are_measured() {
    let mut small = saved(&mut small_document());
    // Bytes after the end of a PDF are allowed, so any size can be made.
    let limit = domain::paper::MAX_UPLOAD_BYTES as usize;
    small.resize(limit, b'\n');
    assert_eq!(check_upload(&small).map(|facts| facts.bytes), Ok(2_097_152));
    small.push(b'\n');
    assert_eq!(check_upload(&small), Err(ScanRefusal::TooLarge { bytes: 2_097_153, limit: 2_097_152 }));
    assert_eq!(check_upload(b"PK\x03\x04"), Err(ScanRefusal::NotAPdf));
}

#[test]
fn pictures_that_unpack_to_too_much_are_refused() {
    let refusal = read_one("a.png", png_bomb(50_000)).unwrap_err();
    assert!(matches!(refusal, ScanRefusal::TooLarge { .. }), "{refusal:?}");
    let mut document = small_document();
    let bomb = dictionary! { "Subtype" => "Image", "Width" => 60_000, "Height" => 60_000, "BitsPerComponent" => 8, "ColorSpace" => "DeviceGray" };
    document.add_object(Stream::new(bomb, Vec::new()));
    let bytes = saved(&mut document);
    assert!(matches!(check_upload(&bytes), Err(ScanRefusal::TooLarge { .. })));
}

#[test]
fn object_streams_that_unpack_to_too_much_are_refused() {
    let bytes = with_object_stream("", &vec![b' '; 40 << 20]);
    assert!(bytes.len() < 200_000);
    assert_eq!(check_upload(&bytes), Err(ScanRefusal::BrokenFile));
}

#[test]
fn the_number_of_pages_is_bounded() {
    let limits = Limits { pages: 2, ..Limits::default() };
    let three = [1, 2, 3].map(|_| image::RgbImage::new(165, 234));
    let pictures = three.iter().map(|page| Input { name: "a.png".to_owned(), bytes: png(page) }).collect::<Vec<_>>();
    let expected = Err(ScanRefusal::TooManyPages { pages: 3, limit: 2 });
    assert_eq!(read(&pictures, None, &limits), expected);
    let bytes = saved(&mut document(&three));
    assert_eq!(read(&[Input { name: "a.pdf".to_owned(), bytes }], None, &limits), expected);
    assert_eq!(read(&[], None, &limits), Err(ScanRefusal::NoPages));
    let empty = saved(&mut document(&[]));
    assert_eq!(check_upload(&empty), Err(ScanRefusal::NoPages));
}

#[test]
fn a_pdf_among_others_is_refused() {
    let pdf = saved(&mut small_document());
    let inputs = [pdf.clone(), pdf].map(|bytes| Input { name: "a.pdf".to_owned(), bytes });
    assert_eq!(read(&inputs, None, &Limits::default()), Err(ScanRefusal::UnsupportedType));
}

#[test]
fn refusals_are_codes_with_parameters() {
    let table = [
        (ScanRefusal::NotAPdf, r#"{"code":"not_a_pdf"}"#),
        (ScanRefusal::UnsupportedType, r#"{"code":"unsupported_type"}"#),
        (ScanRefusal::TooLarge { bytes: 3, limit: 2 }, r#"{"code":"too_large","params":{"bytes":3,"limit":2}}"#),
        (
            ScanRefusal::ActiveContent { kind: ActiveKind::OpenAction },
            r#"{"code":"active_content","params":{"kind":"open_action"}}"#,
        ),
    ];
    for (refusal, json) in table {
        assert_eq!(serde_json::to_string(&refusal).unwrap(), json);
    }
}
