//! 個人資料 at the desks: seen and judged without a line, changed with and without one, and filled by the office's lists.

use chrono::{DateTime, Utc};
use desktop::{Config, Desktop, ReaderProgram, World};
use domain::{
    certificate::CertificateKind,
    record::{FaultCode, Hours, Profile, TransferAnswer, TransferQuestion},
};
use std::{fs, io::Write as _, path::Path, sync::Arc};
use testkit::{Line, TestServer};
use uuid::Uuid;
use wire::{
    Code,
    exports::ListKind,
    record::{
        Certification, RecordImportFile, RecordImported, RecordListKind, RecordTemplate, RecordView, TransferPut,
    },
    rpc::{Commands as _, Nothing, SignInRequest},
    views::Page,
};

async fn desk(account: &str, url: &str, data: &Path, now: DateTime<Utc>) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: url.to_owned(),
        passphrase: None,
        fonts: Vec::new(),
        reader: ReaderProgram { program: "no-reader".into(), args: Vec::new() },
        keyring: false,
    };
    let world = World { now: Arc::new(move || now), id: Arc::new(Uuid::now_v7) };
    let desktop = Desktop::start(config, world).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop.run_sync().await.expect("level");
    desktop
}

async fn opened(desktop: &Desktop) -> RecordView {
    desktop.record_open(Nothing {}).await.expect("opened")
}

fn advanced(view: &RecordView) -> &Certification {
    view.certifications.iter().find(|certification| certification.kind == CertificateKind::Advanced).expect("there")
}

fn met(view: &RecordView) -> Vec<bool> {
    advanced(view).eligibility.iter().flat_map(|found| &found.lines).map(|line| line.met).collect()
}

#[tokio::test]
async fn eligibility_is_seen_without_a_line() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let now = server.clock().now();
    for (account, eligible, lines) in [
        ("teacher-a", true, [true; 6]),
        ("teacher-b", false, [true, false, false, false, false, true]),
        ("teacher-c", false, [true, true, true, false, false, false]),
    ] {
        let data = tempfile::tempdir().expect("a folder");
        let desktop = desk(account, &line.url(), data.path(), now).await;
        line.cut();
        let view = opened(&desktop).await;
        assert!(view.has_record && view.known && !view.waiting, "{account}");
        assert_eq!((advanced(&view).eligible, met(&view)), (eligible, lines.to_vec()), "{account}");
        line.restore();
    }
    // The others are not applied for here, and an office has no record.
    let data = tempfile::tempdir().expect("a folder");
    let teacher = desk("teacher-a", &server.url(), data.path(), now).await;
    let view = opened(&teacher).await;
    assert!(
        view.certifications.iter().all(|each| each.eligibility.is_some() == (each.kind == CertificateKind::Advanced))
    );
    let years: Vec<_> = view.trainings.iter().filter_map(|line| line.plan_year).map(|year| year.0).collect();
    assert_eq!((years, view.certificates.len()), (vec![110, 110, 110], 1));
    assert!(teacher.home(Nothing {}).await.expect("home").pages.contains(&Page::Certification));
    let data = tempfile::tempdir().expect("a folder");
    let office = desk("platform", &server.url(), data.path(), now).await;
    let view = opened(&office).await;
    assert!(!view.has_record && view.certifications.is_empty() && view.question.is_none());
    assert_eq!(office.profile_put(Profile::default()).await.unwrap_err().code, Code::NotYours);
    let home = office.home(Nothing {}).await.expect("home");
    assert!(home.tiles.iter().any(|tile| tile.page == Page::RecordImport));
    assert!(!home.pages.contains(&Page::Certification));
}

#[tokio::test]
async fn what_is_typed_of_the_post_waits_for_the_line() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let (now, data) = (server.clock().now(), tempfile::tempdir().expect("a folder"));
    let teacher = desk("teacher-b", &line.url(), data.path(), now).await;
    line.cut();
    let profile = Profile { serving: Some(true), tenured_since: Some("2010-08".parse().unwrap()), teaching_years: 12 };
    let view = teacher.profile_put(profile.clone()).await.expect("kept");
    assert!(view.waiting && view.profile == profile, "kept, not sent");
    assert_eq!(met(&view)[..3], [true; 3], "judged by what was typed");
    assert_eq!(teacher.status(Nothing {}).await.expect("status").waiting, 1);
    // Nothing that cannot be is kept in its place.
    let wrong = Profile { teaching_years: 71, ..profile.clone() };
    let refused = teacher.profile_put(wrong).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.params["problems"][0]["field"].as_str()),
        (Code::ProfileInvalid, Some("teaching_years"))
    );
    assert_eq!(opened(&teacher).await.profile, profile);
    line.restore();
    teacher.run_sync().await.expect("level");
    let view = opened(&teacher).await;
    assert!(!view.waiting && view.profile == profile);
    assert_eq!(teacher.status(Nothing {}).await.expect("status").waiting, 0);
    // Another computer of the same person is told, and what is typed there goes out at once.
    let other_data = tempfile::tempdir().expect("a folder");
    let other = desk("teacher-b", &server.url(), other_data.path(), now).await;
    assert_eq!(opened(&other).await.profile, profile);
    let later = Profile { teaching_years: 13, ..profile };
    assert!(!other.profile_put(later.clone()).await.expect("sent").waiting);
    teacher.run_sync().await.expect("level");
    assert_eq!(opened(&teacher).await.profile, later);
}

#[tokio::test]
async fn the_transfer_is_answered_over_the_line() {
    let server = TestServer::start();
    let line = Line::to(server.address());
    let (now, data) = (server.clock().now(), tempfile::tempdir().expect("a folder"));
    let teacher = desk("teacher-c", &line.url(), data.path(), now).await;
    let view = opened(&teacher).await;
    assert_eq!(
        (view.question, view.transfer.len(), view.certificates.len()),
        (Some(TransferQuestion::Certificates), 2, 0)
    );
    let put = TransferPut {
        answer: TransferAnswer::Import,
        certificates: view.transfer.iter().map(|certificate| certificate.id).collect(),
    };
    line.cut();
    assert_eq!(teacher.transfer_answer(put.clone()).await.unwrap_err().code, Code::Offline);
    assert_eq!(opened(&teacher).await, view, "the question stays");
    line.restore();
    let late = TransferPut { certificates: vec![Uuid::now_v7().into()], ..put.clone() };
    assert_eq!(teacher.transfer_answer(late).await.unwrap_err().code, Code::TransferMoved);
    let after = teacher.transfer_answer(put).await.expect("answered");
    assert_eq!((after.question, after.transfer.len(), after.certificates.len()), (None, 0, 2));
    line.cut();
    assert_eq!(opened(&teacher).await, after);
}

fn list(name: &str) -> String {
    format!("{}/tests/lists/{name}", env!("CARGO_MANIFEST_DIR"))
}

async fn import(
    desktop: &Desktop,
    list: RecordListKind,
    path: &str,
    dry: bool,
) -> Result<RecordImported, wire::Failure> {
    let path = path.to_owned();
    desktop.record_import(RecordImportFile { list, path, dry, skip_faulty: false }).await
}

#[tokio::test]
async fn lists_of_every_kind_are_imported() {
    let server = TestServer::start();
    let (now, data) = (server.clock().now(), tempfile::tempdir().expect("a folder"));
    let office = desk("platform", &server.url(), data.path(), now).await;
    for name in ["trainings.xlsx", "trainings.csv", "trainings-big5.csv"] {
        let dry = import(&office, RecordListKind::Trainings, &list(name), true).await.expect("read");
        assert_eq!((dry.rows, dry.new, dry.faulty, dry.done), (3, 3, 0, false), "{name}: {dry:?}");
    }
    let done = import(&office, RecordListKind::Trainings, &list("trainings.xlsx"), false).await.expect("imported");
    assert!(done.done);
    // The same list as a text says nothing new, whatever its signs are written in.
    for name in ["trainings.csv", "trainings-big5.csv"] {
        let again = import(&office, RecordListKind::Trainings, &list(name), false).await.expect("imported");
        assert_eq!((again.new, again.changed, again.unchanged), (0, 0, 3), "{name}: {again:?}");
    }
    let certificates = import(&office, RecordListKind::Certificates, &list("certificates.csv"), false).await;
    assert_eq!(certificates.expect("imported").new, 2);
    let data = tempfile::tempdir().expect("a folder");
    let teacher = desk("teacher-b", &server.url(), data.path(), now).await;
    let view = opened(&teacher).await;
    let hours: Hours = view.trainings.iter().map(|line| line.training.hours).sum();
    assert_eq!((hours, view.certificates.len(), view.transfer.len()), (Hours::halves(25), 1, 1));
    // Rows with faults are named by the lines of the file.
    let faulty = import(&office, RecordListKind::Trainings, &list("faulty.csv"), false).await.expect("read");
    let faults: Vec<_> = faulty.faults.iter().map(|fault| (fault.line, fault.column.as_str(), fault.code)).collect();
    #[rustfmt::skip]
    assert_eq!(faults, [
        (3, "account", FaultCode::UnknownAccount), (4, "day", FaultCode::BadDay), (6, "hours", FaultCode::BadHours), (7, "course", FaultCode::Doubled),
    ]);
    assert!(!faulty.done);
    for (account, code) in [("teacher-a", Code::NotYours), ("ministry", Code::NotYours)] {
        let data = tempfile::tempdir().expect("a folder");
        let other = desk(account, &server.url(), data.path(), now).await;
        let refused = import(&other, RecordListKind::Trainings, &list("trainings.csv"), true).await;
        assert_eq!(refused.unwrap_err().code, code, "{account}");
    }
}

#[tokio::test]
async fn a_template_is_filled_in_and_imported() {
    let server = TestServer::start();
    let (now, data) = (server.clock().now(), tempfile::tempdir().expect("a folder"));
    let office = desk("platform", &server.url(), data.path(), now).await;
    for (kind, ending) in [(ListKind::Xlsx, "xlsx"), (ListKind::Csv, "csv")] {
        for list in [RecordListKind::Trainings, RecordListKind::Certificates] {
            let path = data.path().join(format!("list.{ending}")).display().to_string();
            let template = RecordTemplate { list, kind, path: path.clone() };
            let written = office.record_template(template).await.expect("written");
            assert!(written.bytes > 0 && written.path == path);
            // Empty it has no rows, and its titles are the list's.
            let empty = import(&office, list, &path, true).await.unwrap_err();
            assert_eq!(empty.code, Code::NoRows, "{list:?} {ending}");
        }
    }
    let path = data.path().join("filled.csv").display().to_string();
    let template = RecordTemplate { list: RecordListKind::Trainings, kind: ListKind::Csv, path: path.clone() };
    office.record_template(template).await.expect("written");
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("there");
    write!(file, "\r\nteacher-b,\"研習,甲\",,初階,0.5,1110218,\r\n").expect("written");
    drop(file);
    let filled = import(&office, RecordListKind::Trainings, &path, true).await.expect("read");
    assert_eq!((filled.rows, filled.new), (1, 1), "{filled:?}");
}

#[tokio::test]
async fn files_that_are_no_list_are_refused() {
    let server = TestServer::start();
    let (now, data) = (server.clock().now(), tempfile::tempdir().expect("a folder"));
    let office = desk("platform", &server.url(), data.path(), now).await;
    let big = "帳號,課程名稱,類別,時數,研習日期\n".to_owned() + &"teacher-a,甲,進階,1,1110218\n".repeat(5001);
    let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
    let whole = fs::read(list("trainings.xlsx")).expect("there");
    let bomb = bomb();
    #[rustfmt::skip]
    let cases: [(&str, &[u8], Code); 11] = [
        ("empty.csv",   b"",                                     Code::ColumnsMissing),
        ("other.csv",   "姓名,電話\n甲,1\n".as_bytes(),          Code::ColumnsMissing),
        ("titles.csv",  "帳號,課程名稱,類別,時數,研習日期\n\n".as_bytes(), Code::NoRows),
        ("large.csv",   big.as_bytes(),                          Code::TooManyRows),
        ("strange.csv", b"\xff\xff\xff\x80\x80",                 Code::BrokenFile),
        ("list.pdf",    b"%PDF-1.7",                             Code::UnsupportedType),
        ("old.xlsx",    &old,                                    Code::Encrypted),
        ("text.xlsx",   "帳號".as_bytes(),                       Code::BrokenFile),
        ("cut.xlsx",    &whole[..whole.len() / 2],               Code::BrokenFile),
        ("bomb.xlsx",   &bomb,                                   Code::TooLarge),
        ("huge.csv",    &vec![b'a'; 9 * 1024 * 1024],            Code::TooLarge),
    ];
    for (name, bytes, code) in cases {
        let path = data.path().join(name);
        fs::write(&path, bytes).expect("written");
        let refused = import(&office, RecordListKind::Trainings, &path.display().to_string(), true).await.unwrap_err();
        assert_eq!(refused.code, code, "{name}: {refused}");
    }
    let refused = import(&office, RecordListKind::Trainings, "/nowhere/list.csv", true).await.unwrap_err();
    assert_eq!(refused.code, Code::FileAccess);
    let path = data.path().join("other.csv").display().to_string();
    let refused = import(&office, RecordListKind::Certificates, &path, true).await.unwrap_err();
    assert_eq!(refused.params["columns"], serde_json::json!(["帳號", "證號類別", "證號"]), "what is missing is named");
}

/// A small file that unpacks to more than any list.
fn bomb() -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    packed.start_file("xl/worksheets/sheet1.xml", options).expect("begun");
    for _ in 0..70 {
        packed.write_all(&vec![b' '; 1024 * 1024]).expect("written");
    }
    packed.finish().expect("whole").into_inner()
}
