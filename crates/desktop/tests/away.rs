//! What a person takes away from their desktop, or sees of what came before: versions of a paper and what changed, lists as files,
//! bundles, figures.

use desktop::{Config, Desktop, ReaderProgram, World, find_fonts};
use domain::{
    case::{SentPaper, State},
    form::{Change, FormId, SpanKind, content_hash},
    ids::CaseId,
    steps::DeedKind,
    workflow::Action,
};
use lopdf::{Document, Object, ObjectId};
use serde_json::json;
use std::{
    collections::BTreeSet,
    io::{Cursor, Read as _},
    path::Path,
};
use testkit::{Caller, TestServer, paper, pdf};
use wire::{
    Code,
    charts::{ChartsExport, ChartsOf},
    exports::{BundleOf, ListExport, ListKind, WhyMissing},
    history::DifferenceOf,
    http::{ActBody, ActDone},
    rpc::{CaseAct, SignInRequest},
    views::CaseQuery,
};

async fn signed_in(server: &TestServer, data: &Path, account: &str) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.url(),
        passphrase: None,
        fonts: find_fonts(None),
        reader: ReaderProgram { program: env!("CARGO_BIN_EXE_desktop-reader-probe").into(), args: Vec::new() },
        keyring: false,
    };
    let desktop = Desktop::start(config, World::real()).await.expect("the folder can be made");
    let request = SignInRequest { account: account.to_owned(), password: "demo".to_owned() };
    desktop.sign_in_with(request).await.expect("the demo people sign in");
    desktop.run_sync().await.expect("the service is there");
    desktop
}

fn application() -> FormId {
    "plc_application".parse().expect("a form's id")
}

/// The 申請表 with another name and one session on another day.
fn corrected(name: &str, day: &str, scan: &[u8]) -> SentPaper {
    let mut sent = paper("plc_application", "typical", Some(scan));
    sent.answers.0.insert("plc_name".to_owned(), json!(name));
    if let Some(row) = sent.answers.0.get_mut("schedule").and_then(|rows| rows.get_mut(0)) {
        row["session_date"] = json!(day);
    }
    sent.hash = content_hash(&sent.form, &sent.answers);
    sent
}

async fn submit(caller: &Caller, case: CaseId, seq: u32, name: &str, day: &str) {
    let scans = [pdf(seq * 10, 100), pdf(seq * 10 + 1, 100)];
    for scan in &scans {
        caller.upload(scan).await;
    }
    let papers = vec![corrected(name, day, &scans[0]), paper("plc_budget", "typical", Some(&scans[1]))];
    caller.act(case, seq, ActBody::Submit { papers }).await.read::<ActDone>();
}

async fn act(desktop: &Desktop, case: CaseId, action: Action, reason: Option<&str>, amount: Option<u32>) {
    let reason = reason.map(str::to_owned);
    desktop
        .act(CaseAct { case, action, reason, amount, to: None, consent: None, reviewers: Vec::new() })
        .await
        .expect("the act is allowed");
    desktop.run_sync().await.expect("level");
}

/// The school's copy fetches the earlier version when the corrected one comes, and compares without a line.
#[tokio::test]
async fn a_correction_is_compared_without_a_line() {
    let mut server = TestServer::start();
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().expect("a folder")).collect();
    let teacher = Caller::signed_in(&server.url(), "teacher-a").await;
    let case = teacher.open_case().await;
    submit(&teacher, case, 1, "我愛上學", "2022-10-03").await;
    let school = signed_in(&server, folders[0].path(), "school193625").await;
    let history = school.case_history(case).await.expect("a history");
    assert_eq!((history.papers.len(), history.complete), (0, true), "one version: nothing to compare, nothing to ask");
    act(&school, case, Action::Return, Some("名稱請再想想"), None).await;
    let view = school.open_case(case).await.expect("opened");
    assert!(view.papers_hidden);
    assert_eq!(
        view.steps.iter().map(|step| step.what).collect::<Vec<_>>(),
        [DeedKind::Opened, DeedKind::Submitted, DeedKind::Returned]
    );
    assert_eq!(school.case_history(case).await.expect("a history").papers.len(), 0, "no version while it is corrected");

    submit(&teacher, case, 3, "我愛上學囉", "2022-10-05").await;
    // The ministry acts on nothing, so nothing was fetched for it beforehand.
    let ministry = signed_in(&server, folders[1].path(), "ministry").await;
    school.run_sync().await.expect("level");
    server.stop();

    let history = school.case_history(case).await.expect("a history");
    let of = history.papers.iter().find(|paper| paper.form == application()).expect("the 申請表 was sent");
    let versions: Vec<(u32, Option<&str>)> =
        of.versions.iter().map(|version| (version.seq, version.by.as_deref())).collect();
    assert_eq!(versions, [(2, Some("市北測試87老師")), (4, Some("市北測試87老師"))]);
    assert_eq!((of.compare_from, history.complete), (Some(2), true));
    let of = DifferenceOf { case, form: application(), from: 2, to: 4 };
    let found = school.paper_difference(&of).await.expect("a comparison");
    let fields: Vec<&str> = found.fields.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["plc_name", "schedule"]);
    let Change::Text { spans } = &found.fields[0].change else { panic!("a name is a text") };
    let drawn: Vec<(SpanKind, &str)> = spans.iter().map(|span| (span.kind, span.text.as_str())).collect();
    assert_eq!(drawn, [(SpanKind::Same, "我愛上學"), (SpanKind::Added, "囉")]);
    assert!(found.other_file, "another scan came with it");
    let same = DifferenceOf { form: "plc_budget".parse().expect("a form's id"), ..of.clone() };
    assert_eq!(school.paper_difference(&same).await.expect("a comparison").fields, []);
    let wrong = DifferenceOf { from: 3, ..of };
    assert_eq!(school.paper_difference(&wrong).await.expect_err("a return sends nothing").code, Code::NotFound);

    let history = ministry.case_history(case).await.expect("a history");
    assert_eq!((history.papers.len(), history.complete), (0, false), "said to be incomplete, not made up");
    assert_eq!(ministry.open_case(case).await.expect("opened").steps.len(), 4, "the steps are there all the same");
    server.restart();
    let history = ministry.case_history(case).await.expect("a history");
    assert_eq!((history.papers.len(), history.complete), (2, true));
    server.stop();
    assert!(ministry.case_history(case).await.expect("a history").complete, "kept from then on");
}

/// A part of a workbook.
fn part(workbook: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook is a zip");
    let mut text = String::new();
    archive.by_name(name).expect("the part is there").read_to_string(&mut text).expect("XML is text");
    text
}

#[tokio::test]
async fn a_list_becomes_a_file_that_an_office_can_use() {
    let server = TestServer::start();
    let folders: Vec<_> = (0..2).map(|_| tempfile::tempdir().expect("a folder")).collect();
    let teacher = Caller::signed_in(&server.url(), "teacher-a").await;
    let case = teacher.open_case().await;
    submit(&teacher, case, 1, "=1+1,\"共備\"", "2022-10-03").await;
    Caller::signed_in(&server.url(), "teacher-b").await.open_case().await;
    let school = signed_in(&server, folders[0].path(), "school193625").await;
    act(&school, case, Action::Pass, None, None).await;
    let county = signed_in(&server, folders[1].path(), "county-taichung").await;
    act(&county, case, Action::Approve, None, Some(12_680)).await;

    let export = |kind, name: &str| ListExport {
        query: CaseQuery::default(),
        kind,
        path: folders[1].path().join(name).display().to_string(),
    };
    let written = county.export_list(&export(ListKind::Csv, "cases.csv")).await.expect("written");
    let bytes = std::fs::read(&written.path).expect("the file is there");
    assert_eq!((written.rows, usize::try_from(written.bytes).expect("small")), (2, bytes.len()));
    let text = String::from_utf8(bytes).expect("UTF-8");
    let lines: Vec<&str> =
        text.strip_prefix('\u{feff}').expect("the mark that Excel looks for").split("\r\n").collect();
    assert_eq!(
        lines[0],
        "學年度,縣市,學校代碼,學校,社群名稱,級別,召集人,參與人數,申請經費,核定金額,狀態,原因訊息,建立時間,最後更新時間"
    );
    // The newer case has no papers to be seen: its columns are empty, not zero.
    assert!(lines[1].starts_with("111,臺中市,193625,市立協和國小,,,市北測試18老師,,,,申請社群,,20"), "{}", lines[1]);
    assert!(lines[2].starts_with("111,臺中市,193625,市立協和國小,\"'=1+1,\"\"共備\"\"\","), "{}", lines[2]);
    assert!(lines[2].contains(",12680,執行後並填寫成果報告書,,"), "{}", lines[2]);
    assert_eq!(lines.len(), 4);

    let written = county.export_list(&export(ListKind::Xlsx, "cases.xlsx")).await.expect("written");
    let workbook = std::fs::read(&written.path).expect("the file is there");
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<v>12680</v>") && sheet.contains("<v>111</v>"), "numbers are numbers");
    assert!(!sheet.contains("<f>"), "nothing is a formula");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("<autoFilter ref=\"A1:N3\""), "{sheet}");
    let strings = part(&workbook, "xl/sharedStrings.xml");
    assert!(
        strings.contains("=1+1,\"共備\"") || strings.contains("=1+1,&quot;共備&quot;"),
        "as it was typed: {strings}"
    );
    assert!(part(&workbook, "xl/styles.xml").contains("quotePrefix=\"1\""));
    assert!(part(&workbook, "xl/styles.xml").contains("yyyy-mm-dd hh:mm"));

    // The question of the list is the question of the file.
    let query = CaseQuery { keyword: Some("18老師".to_owned()), limit: 1, ..CaseQuery::default() };
    let one = ListExport { query, ..export(ListKind::Csv, "one.csv") };
    assert_eq!(county.export_list(&one).await.expect("written").rows, 1);
    let nowhere = ListExport { path: "/no/such/folder/list.csv".to_owned(), ..one };
    assert_eq!(county.export_list(&nowhere).await.expect_err("no such folder").code, Code::FileAccess);
}

/// More cases than are read at once, each once.
#[tokio::test]
async fn a_long_list_is_whole() {
    let server = TestServer::start();
    let spread = testkit::Spread { county: "臺中市", schools: 1, years: 1, states: &[State::SchoolCheck] };
    testkit::fill_sent(server.database_url(), server.clock().now(), 1_001, spread).await;
    let data = tempfile::tempdir().expect("a folder");
    let county = signed_in(&server, data.path(), "county-taichung").await;
    let path = data.path().join("all.csv").display().to_string();
    let export = ListExport { query: CaseQuery::default(), kind: ListKind::Csv, path };
    assert_eq!(county.export_list(&export).await.expect("written").rows, 1_001);
    let text = std::fs::read_to_string(&export.path).expect("the file is there");
    let owners: BTreeSet<&str> = text.lines().skip(1).filter_map(|line| line.split(',').nth(6)).collect();
    assert_eq!(owners.len(), 1_001);
    let too_many = BundleOf { cases: Vec::new(), query: CaseQuery::default(), path: export.path.clone() };
    let refused = county.write_bundle(&too_many).await.expect_err("more than one PDF takes");
    assert_eq!((refused.code, &refused.params["limit"]), (Code::TooManyCases, &json!(500)));
}

fn outline(document: &Document, first: &Object, depth: usize, found: &mut Vec<(usize, String, ObjectId)>) {
    let mut next = first.as_reference().ok();
    while let Some(id) = next {
        let item = document.get_dictionary(id).expect("a bookmark");
        let Ok(Object::String(title, _)) = item.get(b"Title") else { panic!("a bookmark has words") };
        let units: Vec<u16> = title[2..].chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
        let page = item.get(b"Dest").and_then(Object::as_array).expect("a place")[0].as_reference().expect("a page");
        found.push((depth, String::from_utf16(&units).expect("words"), page));
        if let Ok(beneath) = item.get(b"First") {
            outline(document, beneath, depth + 1, found);
        }
        next = item.get(b"Next").ok().and_then(|next| next.as_reference().ok());
    }
}

#[tokio::test]
async fn the_papers_of_cases_become_one_file() {
    let mut server = TestServer::start();
    let folders: Vec<_> = (0..2).map(|_| tempfile::tempdir().expect("a folder")).collect();
    let (first, second) =
        (Caller::signed_in(&server.url(), "teacher-a").await, Caller::signed_in(&server.url(), "teacher-b").await);
    let sent = first.open_case().await;
    submit(&first, sent, 1, "我愛上學", "2022-10-03").await;
    let draft = second.open_case().await;
    let school = signed_in(&server, folders[0].path(), "school193625").await;
    let other = signed_in(&server, folders[1].path(), "school193625").await;
    let path = folders[0].path().join("bundle.pdf");
    let of = BundleOf { cases: vec![sent, draft], query: CaseQuery::default(), path: path.display().to_string() };
    let bundled = school.write_bundle(&of).await.expect("bundled");
    assert_eq!(bundled.cases, 2);
    let missing: Vec<_> = bundled.missing.iter().map(|part| (part.case, part.why)).collect();
    assert_eq!(missing, [(draft, WhyMissing::NotSent)]);

    let bytes = std::fs::read(&path).expect("the file is there");
    assert_eq!(bytes.len(), bundled.bytes as usize);
    let document = Document::load_mem(&bytes).expect("a PDF");
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    assert_eq!(pages.len(), bundled.pages as usize);
    // Nothing points to what is not there, and every page has what it needs.
    for object in document.objects.values() {
        let mut waiting = vec![object];
        while let Some(object) = waiting.pop() {
            match object {
                Object::Reference(id) => assert!(document.objects.contains_key(id), "{id:?}"),
                Object::Array(items) => waiting.extend(items),
                Object::Dictionary(dict) => waiting.extend(dict.iter().map(|(_, value)| value)),
                Object::Stream(stream) => waiting.extend(stream.dict.iter().map(|(_, value)| value)),
                _ => {}
            }
        }
    }
    let mut keys = BTreeSet::new();
    for page in &pages {
        let page = document.get_dictionary(*page).expect("a page");
        assert!(page.has(b"Resources") || page.has(b"Contents"));
        assert!(page.has(b"MediaBox"));
        let key = page.get(b"StructParents").and_then(Object::as_i64).expect("every page is in the structure");
        assert!(keys.insert(key), "{key} twice");
    }
    // The bookmarks: the contents, the case, its four parts; a case without papers has no page to lead to.
    let catalog = document.catalog().expect("a catalog");
    let outlines = catalog.get(b"Outlines").and_then(Object::as_reference).expect("bookmarks");
    let mut found = Vec::new();
    outline(
        &document,
        document.get_dictionary(outlines).expect("bookmarks").get(b"First").expect("some"),
        0,
        &mut found,
    );
    let words: Vec<(usize, &str)> = found.iter().map(|(depth, words, _)| (*depth, words.as_str())).collect();
    assert_eq!(
        words,
        [
            (0, "目次"),
            (0, "我愛上學　市立協和國小"),
            (1, "教師專業學習社群申請表"),
            (1, "教師專業學習社群申請表（核章掃描檔）"),
            (1, "教師專業學習社群經費概算表"),
            (1, "教師專業學習社群經費概算表（核章掃描檔）"),
        ]
    );
    let place = |id: &ObjectId| pages.iter().position(|page| page == id).expect("a page of the file");
    let places: Vec<usize> = found.iter().map(|(_, _, page)| place(page)).collect();
    assert_eq!((places[0], places[1]), (1, places[2]), "the contents stand behind the cover");
    assert!(places[2..].is_sorted() && places[2] == 2, "{places:?}");
    assert_eq!(places[3] + 1, places[4], "a scan of one page");
    assert_eq!(places[5] + 1, pages.len());
    // The links of the contents lead where the bookmarks do; a line may be more than one link wide.
    let links = document.get_dictionary(pages[1]).expect("a page").get(b"Annots").expect("links");
    let links = match links {
        Object::Reference(id) => document.get_object(*id).and_then(Object::as_array).expect("links"),
        other => other.as_array().expect("links"),
    };
    let mut targets: Vec<usize> = Vec::new();
    for link in links {
        let link = document.get_dictionary(link.as_reference().expect("a link")).expect("a link");
        assert!(!link.has(b"A"), "it leads nowhere outside");
        targets.push(place(
            &link.get(b"Dest").and_then(Object::as_array).expect("a place")[0].as_reference().expect("a page"),
        ));
    }
    targets.dedup();
    assert_eq!(targets, [places[2], places[3], places[4], places[5]]);
    // A pdf/ua reader finds the names of the scans.
    let alts = document.objects.values().filter(|object| object.as_dict().is_ok_and(|dict| dict.has(b"Alt"))).count();
    assert!(alts >= 2);

    // Without a line, on a computer that never looked at the scans: named, and everything else is there.
    server.stop();
    let path = folders[1].path().join("bundle.pdf");
    let of = BundleOf { path: path.display().to_string(), ..of };
    let without = other.write_bundle(&of).await.expect("bundled");
    let missing: Vec<_> =
        without.missing.iter().map(|part| (part.paper.as_ref().map(|name| name.zh.as_str()), part.why)).collect();
    assert_eq!(
        missing,
        [
            (Some("教師專業學習社群申請表"), WhyMissing::FileNotHere),
            (Some("教師專業學習社群經費概算表"), WhyMissing::FileNotHere),
            (None, WhyMissing::NotSent),
        ]
    );
    assert_eq!(without.pages + 2, bundled.pages);
    assert!(!folders[1].path().join("bundle.pdf.part").exists());
    let nobody = BundleOf {
        cases: Vec::new(),
        query: CaseQuery { keyword: Some("沒有".to_owned()), ..CaseQuery::default() },
        ..of
    };
    assert_eq!(other.write_bundle(&nobody).await.expect_err("nothing to bundle").code, Code::NotFound);
}

#[tokio::test]
async fn the_figures_of_a_year_are_counted_here() {
    let mut server = TestServer::start();
    let data = tempfile::tempdir().expect("a folder");
    let teacher = Caller::signed_in(&server.url(), "teacher-a").await;
    let case = teacher.open_case().await;
    submit(&teacher, case, 1, "我愛上學", "2022-10-03").await;
    Caller::signed_in(&server.url(), "teacher-b").await.open_case().await;
    let school = signed_in(&server, data.path(), "school193625").await;
    act(&school, case, Action::Pass, None, None).await;
    server.stop();
    let view = school.charts_view(&ChartsOf { plan_year: None }).await.expect("figures");
    assert_eq!((view.plan_year.0, view.cases, view.plan_years.len()), (111, 2, 1));
    let states: Vec<State> = view.states.iter().map(|state| state.state).collect();
    assert_eq!(states, [State::Draft, State::SchoolCheck, State::CountyCheck]);
    let last = view.days.last().expect("a day");
    assert_eq!(last.counts, [1, 0, 1]);
    assert!(view.days.iter().all(|day| day.counts.len() == 3));
    assert_eq!(view.schools.len(), 1);
    assert_eq!((view.schools[0].name.as_str(), view.schools[0].cases), ("市立協和國小", 2));
    assert!(view.schools[0].applied > 0 && view.schools[0].approved == 0);
    assert_eq!(
        view.levels.last().map(|level| (level.name.as_str(), level.cases)),
        Some(("", 1)),
        "the draft's is not seen"
    );
    let path = data.path().join("figures.xlsx");
    let export = ChartsExport { plan_year: None, path: path.display().to_string() };
    let written = school.export_charts(&export).await.expect("written");
    assert_eq!(written.rows as usize, view.days.len() + view.levels.len() + view.schools.len());
    let workbook = std::fs::read(path).expect("the file is there");
    let names = part(&workbook, "xl/workbook.xml");
    assert!(["各狀態件數", "各級別經費", "各校經費"].iter().all(|name| names.contains(name)), "{names}");
}
