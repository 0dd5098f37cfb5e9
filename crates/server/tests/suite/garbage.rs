//! Whatever comes in gets an answer with a code; and the description tells the truth about the rest.

use super::{Ground, submitted};
use reqwest::Method;
use serde_json::{Value, json};
use server::http::{ROUTES, Route};
use testkit::{Caller, pdf};
use uuid::Uuid;

fn method(route: &Route) -> Method {
    route.method.to_uppercase().parse().unwrap()
}

/// The path with every `{name}` replaced.
fn filled(path: &str, word: &dyn Fn(&str) -> String) -> String {
    let fill = |part: &str| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) => word(name),
        None => part.to_owned(),
    };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}

fn good(name: &str) -> String {
    match name {
        "form" => "plc_application".to_owned(),
        "sha256" => "ab".repeat(32),
        "county" => "臺中市".to_owned(),
        "plan_year" => "111".to_owned(),
        _ => Uuid::now_v7().to_string(),
    }
}

pub(crate) async fn every_route_refuses_garbage_with_a_code(ground: Ground) {
    let (nobody, teacher) = (Caller::new(&ground.url()), ground.signed_in("teacher-a").await);
    let case = teacher.open_case().await;
    let deep = "[".repeat(100_000);
    let bodies: Vec<&[u8]> = vec![
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"0",
        b"\"x\"",
        b"\xff\xfe",
        b"{\"id\":1}",
        deep.as_bytes(),
        b"{\"action\":\"open\"}",
    ];
    for route in ROUTES {
        let path = filled(route.path, &good);
        let plain = nobody.send(nobody.request(method(route), &path).body("{}")).await;
        if route.open {
            assert_ne!(plain.code(), "not_signed_in", "{path}");
        } else {
            assert_eq!(plain.code(), "not_signed_in", "{path}");
            for header in ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp4", "bearer\u{7f}"] {
                let request = nobody.request(method(route), &path);
                let request = match reqwest::header::HeaderValue::from_bytes(header.as_bytes()) {
                    Ok(value) => request.header("Authorization", value),
                    Err(_) => continue,
                };
                assert_eq!(nobody.send(request).await.code(), "not_signed_in", "{header:?}");
            }
        }
        if route.path.contains("current") {
            continue;
        }
        for word in ["x", "%00", "%FF", "..%2f..%2fetc", "0", "%E9%95%B7", &"a".repeat(4000), "' OR 1=1"] {
            if route.path.contains('{') {
                let path = filled(route.path, &|_| word.to_owned());
                let code = teacher.send(teacher.request(method(route), &path).body("{}")).await.code().to_owned();
                assert_eq!(code, "bad_id", "{} {path}", route.method);
            }
        }
        for body in bodies.iter().filter(|_| route.takes.is_some()) {
            let words = |name: &str| if name == "case" { case.to_string() } else { good(name) };
            let path = filled(route.path, &words);
            let code = teacher.send(teacher.request(method(route), &path).body(body.to_vec())).await.code().to_owned();
            assert_eq!(code, "bad_request", "{path} {:?}", String::from_utf8_lossy(&body[..body.len().min(40)]));
        }
    }
    for (body, code) in [
        (json!({ "id": Uuid::now_v7(), "expect_seq": 1, "action": "burn" }), "unknown_action"),
        (
            json!({ "id": Uuid::now_v7(), "expect_seq": 0, "action": "open", "process": "x", "plan_year": 111 }),
            "unknown_process",
        ),
        (json!({ "id": Uuid::now_v7(), "expect_seq": -1, "action": "withdraw" }), "bad_request"),
        (json!({ "id": "x", "expect_seq": 1, "action": "withdraw" }), "bad_request"),
        (json!({ "id": Uuid::now_v7(), "expect_seq": 1, "action": "return" }), "bad_request"),
        (json!({ "id": Uuid::now_v7(), "expect_seq": 1, "action": "submit", "papers": [{}] }), "bad_request"),
    ] {
        assert_eq!(teacher.post(&format!("/v1/cases/{case}/acts"), body.clone()).await.code(), code, "{body}");
    }
    for (method, path) in
        [(Method::GET, "/"), (Method::GET, "/v1/nothing"), (Method::PATCH, "/v1/hello"), (Method::POST, "/v1/cases")]
    {
        assert_eq!(teacher.send(teacher.request(method, path)).await.code(), "not_found", "{path}");
    }
    let large = teacher.send(teacher.request(Method::POST, "/v1/sessions").body(vec![b' '; 30_000_000])).await;
    assert_eq!(large.code(), "too_large");
    assert_eq!(teacher.case(case).await.case.seq, 1);
}

/// Whether a value is what the description says: no unknown key, none missing, all the way down.
fn fits(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = document.pointer(name.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("{name} is described"));
        return fits(document, schema, value, name);
    }
    if let Some(items) = value.as_array() {
        return items.iter().for_each(|item| fits(document, &schema["items"], item, at));
    }
    match schema["type"].as_str() {
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some("integer") => assert!(value.is_u64(), "{at}: {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        _ => {}
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for name in &required {
        assert!(value.get(name).is_some(), "{at} has no {name}: {value}");
    }
    for (key, inner) in value.as_object().unwrap() {
        let described = properties.get(key).unwrap_or_else(|| panic!("{at}.{key} is not described"));
        if !inner.is_null() || required.contains(&key.as_str()) {
            fits(document, described, inner, &format!("{at}.{key}"));
        }
    }
}

pub(crate) async fn the_description_is_true(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let document = teacher.get("/v1/openapi.json").await.body;
    for route in ROUTES {
        assert!(document["paths"][route.path][route.method]["summary"].is_string(), "{} {}", route.method, route.path);
    }
    let case = submitted(&teacher, 1).await;
    let push = json!({ "id": Uuid::now_v7(), "base": 0, "changes": { "plc_name": "x" } });
    let other = ground.signed_in("teacher-b").await;
    let other_case = other.open_case().await;
    let drafts = format!("/v1/cases/{other_case}/drafts/plc_application");
    let file = pdf(70, 100);
    let notice = school.changes(0).await.notices[0].id;
    let schema = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let withdraw = json!({ "id": Uuid::now_v7(), "expect_seq": 2, "action": "withdraw" });
    let county = ground.signed_in("county-taichung").await;
    let window = json!({ "from": "2022-04-01T00:00:00Z", "to": "2022-05-01T00:00:00Z" });
    let rules = json!({
        "windows": { "apply": window, "report": window },
        "stamps": { "plc_budget": "stamped" },
        "levels": [{ "zh": "學習社群", "en": "", "max": 5000 }],
        "strict_checks": ["total_over"],
    });
    let put: wire::http::RulesPut =
        serde_json::from_value(json!({ "id": Uuid::now_v7(), "expect_version": 0, "rules": rules })).unwrap();
    let saved = county.request(Method::PUT, "/v1/counties/臺中市/rules/112").json(&put);
    let rows = json!({ "list": "trainings", "dry": true, "skip_faulty": true, "rows": [{ "line": 2 }] });
    let mut told = vec![
        ("RulesPut", json!(put)),
        ("CountyRuleSet", county.send(saved).await.body),
        ("Hello", teacher.get("/v1/hello").await.body),
        ("Session", json!(teacher.session())),
        ("Actor", teacher.get("/v1/me").await.body),
        ("SeenCase", teacher.get(&format!("/v1/cases/{case}")).await.body),
        ("MailView", teacher.get("/v1/me/mail").await.body),
        ("MailChoice", teacher.get("/v1/me/mail").await.body["choice"].clone()),
        ("EventPage", teacher.get(&format!("/v1/cases/{case}/events")).await.body),
        ("ConvenerPage", school.get(&format!("/v1/cases/{case}/conveners")).await.body),
        ("CasePage", school.get("/v1/cases?limit=1").await.body),
        ("CasePage", school.get("/v1/cases?choices=true").await.body),
        ("ManyActs", json!({ "acts": [{ "case": case, "id": Uuid::now_v7(), "expect_seq": 2, "action": "pass" }] })),
        (
            "ManyDone",
            school
                .post(
                    "/v1/acts",
                    json!({ "acts": [
                        { "case": case, "id": Uuid::now_v7(), "expect_seq": 2, "action": "pass" },
                        { "case": case, "id": Uuid::now_v7(), "expect_seq": 2, "action": "pass" },
                    ] }),
                )
                .await
                .body,
        ),
        ("DraftPush", push.clone()),
        ("DraftPushed", other.post(&drafts, push).await.body),
        (
            "DraftPushed",
            other.post(&drafts, json!({ "id": Uuid::now_v7(), "base": 0, "changes": { "plc_name": "y" } })).await.body,
        ),
        ("BlobProgress", other.put_part(&domain::ids::BlobHash::of(&file), &file, 0, 9).await.body),
        ("SeenNotice", school.post(&format!("/v1/notices/{notice}/read"), json!({})).await.body),
        ("ChangesPage", other.get("/v1/changes").await.body),
        ("ChangesPage", school.get("/v1/changes").await.body),
        ("Act", withdraw),
        (
            "Act",
            json!(wire::http::Act {
                id: Uuid::now_v7().into(),
                expect_seq: 1,
                remarks: Default::default(),
                body: super::application(&teacher, 3).await
            }),
        ),
        ("ActDone", other.act(other_case, 1, wire::http::ActBody::Withdraw).await.body),
        ("PersonRecord", teacher.get("/v1/me/record").await.body),
        ("PersonRecord", ground.signed_in("teacher-c").await.get("/v1/me/record").await.body),
        ("PersonRecord", other.post("/v1/me/transfer", json!({ "answer": "no_data", "certificates": [] })).await.body),
        ("TransferPut", json!({ "answer": "no_data", "certificates": [] })),
        ("Profile", teacher.get("/v1/me/record").await.body["profile"].clone()),
        ("Eligibility", teacher.get("/v1/me/eligibility").await.body),
        ("ChangesPage", teacher.get("/v1/changes").await.body),
        ("RecordImport", rows.clone()),
        ("RecordImported", ground.signed_in("platform").await.post("/v1/records/imports", rows).await.body),
        ("Failure", teacher.get("/v1/nothing").await.body),
        ("SignIn", json!(wire::http::SignIn { account: "x".to_owned(), password: "x".to_owned() })),
    ];
    told.retain(|(name, value)| {
        fits(&document, &schema(name), value, name);
        false
    });
    assert!(document["components"]["schemas"].as_object().unwrap().len() > 20);
}

pub(crate) async fn the_program_counts(ground: Ground) {
    let teacher = ground.signed_in("teacher-a").await;
    let case = teacher.open_case().await;
    teacher.get("/v1/cases/x").await;
    let text = teacher.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for line in [
        "proteacher_requests_total{method=\"POST\",route=\"/v1/cases/{case}/acts\",status=\"200\"} 1",
        "proteacher_requests_total{method=\"GET\",route=\"/v1/cases/{case}\",status=\"400\"} 1",
        "proteacher_refusals_total{code=\"bad_id\"} 1",
        "proteacher_request_seconds_count{route=\"/v1/cases/{case}/acts\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains(&case.to_string()) && !text.contains("teacher-a"), "no ids, no people");
    let health = teacher.request(Method::GET, "/healthz").send().await.unwrap();
    assert_eq!((health.status().as_u16(), health.text().await.unwrap().as_str()), (200, "ok\n"));
}
