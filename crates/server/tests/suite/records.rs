//! 個人資料: a person's own, changed by the person and by the office's lists, heard of by the person alone, and judged for a
//! certification.

use super::Ground;
use domain::{
    certificate::CertificateKind,
    eligibility::Eligibility,
    record::{CertificateSource, Fault, FaultCode, Hours, PersonRecord, Transfer, TransferAnswer, TransferQuestion},
    time::PlanYear,
};
use reqwest::Method;
use serde_json::{Value, json};
use server::db::audit::{Verdict, verify};
use testkit::{Answer, Caller};
use uuid::Uuid;
use wire::record::RecordImported;

async fn record(caller: &Caller) -> PersonRecord {
    caller.get("/v1/me/record").await.read()
}

async fn put_profile(caller: &Caller, profile: Value) -> Answer {
    caller.send(caller.request(Method::PUT, "/v1/me/profile").json(&profile)).await
}

async fn answer(caller: &Caller, answer: &str, certificates: &[Uuid]) -> Answer {
    caller.post("/v1/me/transfer", json!({ "answer": answer, "certificates": certificates })).await
}

fn course(account: &str, code: &str, hours: &str, day: &str) -> Value {
    json!({ "account": account, "course": "進階研習", "code": code, "kind": "進階", "hours": hours, "day": day })
}

/// Rows with their lines, as a file has them beneath its titles.
fn list(name: &str, dry: bool, skip_faulty: bool, rows: &[Value]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .zip(2..)
        .map(|(row, line): (&Value, u32)| {
            let mut row = row.clone();
            row["line"] = json!(line);
            row
        })
        .collect();
    json!({ "list": name, "dry": dry, "skip_faulty": skip_faulty, "rows": rows })
}

async fn import(caller: &Caller, list: Value) -> RecordImported {
    caller.post("/v1/records/imports", list).await.read()
}

fn counts(done: &RecordImported) -> (u32, u32, u32, u32, u32, bool) {
    (done.rows, done.new, done.changed, done.unchanged, done.faulty, done.done)
}

fn faults(done: &RecordImported) -> Vec<(u32, &str, FaultCode)> {
    done.faults.iter().map(|fault| (fault.line, fault.column.as_str(), fault.code)).collect()
}

pub(crate) async fn everybody_sees_and_changes_the_own_record_alone(ground: Ground) {
    for (account, code) in [
        ("teacher-a", "ok"),
        ("principal-a", "ok"),
        ("school193625", "not_yours"),
        ("county-taichung", "not_yours"),
        ("reviewer-a", "not_yours"),
        ("ministry", "not_yours"),
        ("platform", "not_yours"),
    ] {
        let caller = ground.signed_in(account).await;
        let profile = json!({ "serving": true, "tenured_since": "2012-08", "teaching_years": 9 });
        assert_eq!(caller.get("/v1/me/record").await.code(), code, "{account}");
        assert_eq!(put_profile(&caller, profile).await.code(), code, "{account}");
        assert_eq!(caller.get("/v1/me/eligibility").await.code(), code, "{account}");
        if code != "ok" {
            assert_eq!(answer(&caller, "no_data", &[]).await.code(), code, "{account}");
        }
    }
    let (teacher, other) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-b").await);
    let before = record(&other).await;
    let cursor = teacher.changes(0).await.cursor;
    let saved: PersonRecord =
        put_profile(&teacher, json!({ "serving": false, "tenured_since": null, "teaching_years": 1 })).await.read();
    assert_eq!(
        (saved.profile.serving, saved.profile.tenured_since, saved.profile.teaching_years),
        (Some(false), None, 1)
    );
    assert_eq!(record(&teacher).await, saved);
    // Whoever it is about hears of it, once; nobody else does.
    assert_eq!(teacher.changes(cursor).await.record, Some(saved.clone()));
    assert_eq!(teacher.changes(teacher.changes(cursor).await.cursor).await.record, None);
    assert_eq!(other.changes(cursor).await.record, None);
    assert_eq!(record(&other).await, before);
    // The same again changes nothing.
    let cursor = teacher.changes(0).await.cursor;
    put_profile(&teacher, json!({ "serving": false, "tenured_since": null, "teaching_years": 1 }))
        .await
        .read::<Value>();
    assert_eq!(teacher.changes(cursor).await.record, None);
    assert_eq!(teacher.changes(0).await.record, Some(saved.clone()), "a new computer is told the record");

    for (wrong, code) in [
        (json!({ "serving": true, "tenured_since": "1969-12", "teaching_years": 1 }), "profile_invalid"),
        (json!({ "serving": true, "tenured_since": "2099-01", "teaching_years": 1 }), "profile_invalid"),
        (json!({ "serving": true, "tenured_since": null, "teaching_years": 71 }), "profile_invalid"),
        (json!({ "serving": true, "tenured_since": "2019-13", "teaching_years": 1 }), "bad_request"),
        (json!({ "serving": true, "tenured_since": null, "teaching_years": -1 }), "bad_request"),
        (json!({ "serving": "yes", "tenured_since": null, "teaching_years": 1 }), "bad_request"),
    ] {
        assert_eq!(put_profile(&teacher, wrong.clone()).await.code(), code, "{wrong}");
    }
    assert_eq!(record(&teacher).await, saved, "what was refused changed nothing");
}

pub(crate) async fn the_transfer_is_answered_by_its_person(ground: Ground) {
    // Those of the slides wait for teacher-c.
    let teacher = ground.signed_in("teacher-c").await;
    let before = record(&teacher).await;
    assert_eq!(before.question(), Some(TransferQuestion::Certificates));
    let numbers: Vec<&str> = before.certificates.iter().map(|certificate| certificate.number.as_str()).collect();
    assert_eq!(numbers, ["96", "A104000811"]);
    let ids: Vec<Uuid> = before.certificates.iter().map(|certificate| certificate.id.0).collect();
    for (wrong, certificates) in [
        ("no_data", vec![]),
        ("import", vec![]),
        ("import", vec![Uuid::now_v7()]),
        ("all_wrong", vec![ids[0], ids[1], Uuid::now_v7()]),
    ] {
        assert_eq!(answer(&teacher, wrong, &certificates).await.code(), "transfer_moved", "{wrong}");
    }
    assert_eq!(record(&teacher).await, before);
    // What waits does not count.
    let eligible: Eligibility = teacher.get("/v1/me/eligibility").await.read();
    let certificate_line = |found: &Eligibility| found.lines[3].met;
    assert!(!certificate_line(&eligible));

    let after: PersonRecord = answer(&teacher, "import", &ids).await.read();
    assert!(after.certificates.iter().all(|certificate| !certificate.waits));
    assert!(matches!(after.transfer, Transfer::Answered { answer: TransferAnswer::Import, .. }));
    assert!(certificate_line(&teacher.get("/v1/me/eligibility").await.read()));
    // Sent again, it is answered as the first time; another answer comes too late.
    assert_eq!(answer(&teacher, "import", &ids).await.read::<PersonRecord>(), after);
    assert_eq!(answer(&teacher, "all_wrong", &ids).await.code(), "transfer_moved");

    // Where the old system has nothing it is confirmed once; what comes later is asked about all the same.
    let principal = ground.signed_in("principal-a").await;
    assert_eq!(record(&principal).await.question(), Some(TransferQuestion::NoData));
    assert_eq!(answer(&principal, "import", &[]).await.code(), "transfer_moved");
    assert_eq!(answer(&principal, "no_data", &[]).await.read::<PersonRecord>().question(), None);
    let platform = ground.signed_in("platform").await;
    let row = |issued: &str| json!({ "account": "principal-a", "kind": "初階認證", "plan_year": "95", "number": "95", "issued_on": issued, "old_system": "是" });
    import(&platform, list("certificates", false, false, &[row("")])).await;
    let asked = record(&principal).await;
    assert_eq!(asked.question(), Some(TransferQuestion::Certificates));
    let wrong = answer(&principal, "all_wrong", &[asked.certificates[0].id.0]).await.read::<PersonRecord>();
    assert_eq!((wrong.certificates.len(), wrong.question()), (0, None));
    // The same row again does not ask a second time; one that says something new does.
    assert_eq!(counts(&import(&platform, list("certificates", false, false, &[row("")])).await), (1, 0, 0, 1, 0, true));
    assert_eq!(record(&principal).await.question(), None);
    assert_eq!(
        counts(&import(&platform, list("certificates", false, false, &[row("95/10/23")])).await),
        (1, 0, 1, 0, 0, true)
    );
    assert_eq!(record(&principal).await.question(), Some(TransferQuestion::Certificates));
}

pub(crate) async fn lists_are_imported_once_and_whole(ground: Ground) {
    let (platform, teacher) = (ground.signed_in("platform").await, ground.signed_in("principal-a").await);
    let rows = [
        course("principal-a", "A1", "1.5", "110/9/1"),
        course("principal-a", "A1", "3", "2021-09-02"),
        course("teacher-b", "", "6", "1100901"),
    ];
    let cursor = teacher.changes(0).await.cursor;
    let dry = import(&platform, list("trainings", true, false, &rows)).await;
    assert_eq!(counts(&dry), (3, 3, 0, 0, 0, false));
    assert_eq!(record(&teacher).await.trainings, [], "looking writes nothing");
    assert_eq!(teacher.changes(cursor).await.record, None);

    let done = import(&platform, list("trainings", false, false, &rows)).await;
    assert_eq!(counts(&done), (3, 3, 0, 0, 0, true));
    let known = teacher.changes(cursor).await.record.expect("the person hears of it");
    let hours: Vec<Hours> = known.trainings.iter().map(|training| training.hours).collect();
    assert_eq!(hours, [Hours::whole(3), Hours::halves(3)], "newest first");
    // The same list again is the same rows; other hours correct one.
    let again = import(&platform, list("trainings", false, false, &rows)).await;
    assert_eq!(counts(&again), (3, 0, 0, 3, 0, true));
    assert_eq!(record(&teacher).await, known);
    let corrected = [course("principal-a", "A1", "2", "110/9/1"), rows[1].clone()];
    assert_eq!(counts(&import(&platform, list("trainings", true, false, &corrected)).await), (2, 0, 1, 1, 0, false));
    assert_eq!(counts(&import(&platform, list("trainings", false, false, &corrected)).await), (2, 0, 1, 1, 0, true));
    assert_eq!(record(&teacher).await.trainings[1].hours, Hours::whole(2));

    // A certificate of the office counts at once.
    let mut row = json!({ "account": "teacher-b", "kind": "初階認證", "plan_year": "108", "number": "臺中證號第A108000124號", "issued_on": "2020-02-06" });
    let certificates = list("certificates", false, false, std::slice::from_ref(&row));
    assert_eq!(counts(&import(&platform, certificates).await), (1, 1, 0, 0, 0, true));
    // And goes on counting where the old system knows it too.
    row["old_system"] = json!("是");
    assert_eq!(counts(&import(&platform, list("certificates", false, false, &[row])).await), (1, 0, 0, 1, 0, true));
    let held = record(&ground.signed_in("teacher-b").await).await.certificates;
    assert_eq!(
        (held.len(), held[0].waits, held[0].source, held[0].kind),
        (1, false, CertificateSource::Entered, CertificateKind::Entry)
    );
    assert_eq!(held[0].plan_year, Some(PlanYear(108)));
}

pub(crate) async fn faulty_rows_are_named_and_the_office_chooses(ground: Ground) {
    let (platform, teacher) = (ground.signed_in("platform").await, ground.signed_in("principal-a").await);
    let rows = [
        course("principal-a", "B1", "3", "110/9/1"),
        course("nobody", "B1", "3", "110/9/1"),
        course("school193625", "B1", "3", "110/9/1"),
        course("principal-a", "B2", "3", "111/2/30"),
        course("principal-a", "B2", "1.25", "111/2/28"),
        course("principal-a", "B1", "6", "110/9/1"),
        course("", "B2", "x", "2099-01-01"),
        course("principal-a", "B3", "3", "110/9/3"),
        course("a\0b", "B3", "3", "110/9/3"),
    ];
    let expected = [
        (3, "account", FaultCode::UnknownAccount),
        (4, "account", FaultCode::NotATeacher),
        (5, "day", FaultCode::BadDay),
        (6, "hours", FaultCode::BadHours),
        (7, "course", FaultCode::Doubled),
        (8, "account", FaultCode::Blank),
        (8, "day", FaultCode::DayToCome),
        (8, "hours", FaultCode::BadHours),
        (10, "account", FaultCode::TooLong),
    ];
    let dry = import(&platform, list("trainings", true, false, &rows)).await;
    assert_eq!((counts(&dry), faults(&dry)), ((9, 2, 0, 0, 7, false), expected.to_vec()));
    let doubled =
        Fault { line: 7, column: "course".to_owned(), code: FaultCode::Doubled, value: String::new(), first: Some(2) };
    assert_eq!(dry.faults[4], doubled, "the line that says the same is named");
    // All or none: none.
    let none = import(&platform, list("trainings", false, false, &rows)).await;
    assert_eq!((counts(&none), faults(&none)), (counts(&dry), expected.to_vec()));
    assert_eq!(record(&teacher).await.trainings, []);
    // Those that are right, the others left out.
    let some = import(&platform, list("trainings", false, true, &rows)).await;
    assert_eq!(counts(&some), (9, 2, 0, 0, 7, true));
    let codes: Vec<String> = record(&teacher).await.trainings.into_iter().map(|training| training.code).collect();
    assert_eq!(codes, ["B3", "B1"]);

    for account in ["teacher-a", "principal-a", "school193625", "county-taichung", "reviewer-a", "ministry"] {
        let caller = ground.signed_in(account).await;
        for dry in [true, false] {
            let answer = caller.post("/v1/records/imports", list("trainings", dry, true, &rows)).await;
            assert_eq!(answer.code(), "not_yours", "{account}");
        }
    }
    let many = vec![course("principal-a", "B4", "3", "110/9/1"); 5001];
    let refused = platform.post("/v1/records/imports", list("trainings", true, true, &many)).await;
    assert_eq!((refused.code(), &refused.body["params"]["limit"]), ("too_many_rows", &json!(5000)));
    assert_eq!(platform.post("/v1/records/imports", list("trainings", true, true, &[])).await.code(), "no_rows");
    for wrong in [
        list("people", true, true, &rows),
        json!({ "list": "trainings", "dry": true, "skip_faulty": true, "rows": [1] }),
        json!({ "list": "trainings", "dry": true, "rows": [] }),
        json!({ "list": "trainings", "dry": true, "skip_faulty": true, "rows": [{ "line": -1 }] }),
    ] {
        assert_eq!(platform.post("/v1/records/imports", wrong).await.code(), "bad_request");
    }
}

/// As many rows as an import takes, in one go.
pub(crate) async fn the_largest_list_is_taken(ground: Ground) {
    let platform = ground.signed_in("platform").await;
    let rows: Vec<Value> =
        (0..5000).map(|row| course(["teacher-a", "teacher-b"][row % 2], &format!("C{row}"), "1", "110/9/1")).collect();
    let done = import(&platform, list("trainings", false, false, &rows)).await;
    assert_eq!(counts(&done), (5000, 5000, 0, 0, 0, true));
    assert_eq!(counts(&import(&platform, list("trainings", true, false, &rows)).await), (5000, 0, 0, 5000, 0, false));
    let wrong: Vec<Value> = (0..5000).map(|row| course("nobody", &format!("C{row}"), "1", "110/9/1")).collect();
    let all_wrong = import(&platform, list("trainings", false, true, &wrong)).await;
    assert_eq!(
        (counts(&all_wrong), all_wrong.faults.len()),
        ((5000, 0, 0, 0, 5000, true), 500),
        "the first faults are told"
    );
}

pub(crate) async fn eligibility_is_judged_by_the_service(ground: Ground) {
    let eligible = async |account: &str, question: &str| -> Eligibility {
        ground.signed_in(account).await.get(&format!("/v1/me/eligibility{question}")).await.read()
    };
    let whole = eligible("teacher-a", "").await;
    assert_eq!((whole.plan_year, whole.is_eligible(), whole.lines.len()), (PlanYear(111), true, 6), "{whole:?}");
    let unmet = |found: &Eligibility| found.lines.iter().filter(|line| !line.met).count();
    assert_eq!(unmet(&eligible("teacher-b", "").await), 4, "years twice, certificate, hours");
    // By the plan year that is asked for: two years later the training is too old.
    let later = eligible("teacher-a", "?plan_year=113&certification=advanced").await;
    assert_eq!((later.plan_year, unmet(&later)), (PlanYear(113), 2));
    let teacher = ground.signed_in("teacher-a").await;
    assert_eq!(
        teacher.get("/v1/me/eligibility?certification=mentor").await.code(),
        "not_found",
        "not applied for here"
    );
    for wrong in ["certification=x", "plan_year=x", "plan_year=-1"] {
        assert_eq!(teacher.get(&format!("/v1/me/eligibility?{wrong}")).await.code(), "bad_request", "{wrong}");
    }
    // And by the service's clock: years grow while nobody does anything.
    put_profile(&teacher, json!({ "serving": true, "tenured_since": "2019-09", "teaching_years": 3 }))
        .await
        .read::<Value>();
    let tenured = async || eligible("teacher-a", "").await.lines[1].met;
    let grown = ground.server.clock().now().date_naive() >= "2022-09-01".parse().unwrap();
    assert_eq!(tenured().await, grown);
    ground.server.clock().set("2022-09-01T00:00:00Z".parse().unwrap());
    let teacher_again = Caller::signed_in(&ground.url(), "teacher-a").await;
    assert!(teacher_again.get("/v1/me/eligibility").await.read::<Eligibility>().lines[1].met);
}

pub(crate) async fn what_is_done_to_records_is_logged(ground: Ground) {
    let db = ground.db().await;
    let log = async || {
        let mut tx = db.read().await.unwrap();
        let rows = tx.all("SELECT act, object, detail FROM audit ORDER BY seq", vec![]).await.unwrap();
        let text = |row: &server::db::Row| [0, 1, 2].map(|column| row.text(column).unwrap()).join(" ");
        rows.iter().map(text).collect::<Vec<String>>()
    };
    let before = log().await.len();
    let teacher = ground.signed_in("teacher-c").await;
    put_profile(&teacher, json!({ "serving": true, "tenured_since": "2012-08", "teaching_years": 41 }))
        .await
        .read::<Value>();
    let ids: Vec<Uuid> = record(&teacher).await.certificates.iter().map(|certificate| certificate.id.0).collect();
    answer(&teacher, "all_wrong", &ids).await.read::<Value>();
    let platform = ground.signed_in("platform").await;
    let rows = [course("teacher-b", "D1", "3", "110/9/1"), course("nobody", "D1", "3", "110/9/1")];
    import(&platform, list("trainings", true, true, &rows)).await;
    import(&platform, list("trainings", false, false, &rows)).await;
    import(&platform, list("trainings", false, true, &rows)).await;
    let entries = log().await;
    let entries: Vec<&String> = entries[before..].iter().filter(|entry| !entry.starts_with("sign")).collect();
    assert_eq!(entries.len(), 3, "looking and doing nothing are no deeds: {entries:?}");
    let (set, hash) = entries[0].split_once(" profile=").expect("pinned by its hash and not told");
    assert!(set.starts_with("profile_set ") && hash.len() == 64, "{entries:?}");
    assert!(hash.bytes().all(|sign| sign.is_ascii_hexdigit()), "{entries:?}");
    assert!(entries[1].ends_with("answer=all_wrong certificates=2"), "{entries:?}");
    assert!(entries[2].starts_with("record_import trainings rows=2 new=1 changed=0 left_out=1 body="), "{entries:?}");
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Whole { .. }));
    db.close().await;
}
