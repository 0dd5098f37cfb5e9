//! 審查意見 over the line: who sees them, what is refused, and that each travels with its act.

use super::{Ground, application, returned, submitted};
use domain::remark::Remarks;
use serde_json::{Value, json};
use testkit::Caller;
use uuid::Uuid;
use wire::http::{Act, ActBody};

async fn act(caller: &Caller, case: domain::ids::CaseId, expect_seq: u32, body: ActBody, remarks: Value) -> String {
    let remarks: Remarks = serde_json::from_value(remarks).unwrap();
    let act = Act { id: Uuid::now_v7().into(), expect_seq, remarks, body };
    caller.post(&format!("/v1/cases/{case}/acts"), json!(act)).await.code().to_owned()
}

pub(crate) async fn remarks_travel_with_their_act(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let county = ground.signed_in("county-taichung").await;
    let case = submitted(&teacher, 1).await;
    let id = Uuid::now_v7();
    let ask =
        |field: &str| json!({ "asked": [{ "id": id, "form": "plc_application", "field": field, "text": "請補充" }] });
    let nothing = || json!({});
    assert_eq!(act(&school, case, 2, returned(), ask("no_such_field")).await, "bad_request");
    assert_eq!(act(&school, case, 2, ActBody::Pass { sheet: None }, ask("plc_summary")).await, "bad_request");
    assert_eq!(act(&school, case, 2, returned(), ask("plc_summary")).await, "ok");

    // The owner reads it at once; the offices see no content of an application that is being corrected.
    assert_eq!(teacher.case(case).await.case.remarks[0].text, "請補充");
    for office in [&school, &county] {
        let seen = office.case(case).await;
        assert!(seen.papers_hidden && seen.case.remarks.is_empty());
        let told = office.changes(0).await.cases;
        assert!(told.iter().all(|seen| seen.case.remarks.is_empty()));
    }
    let answer = json!({ "answered": [{ "remark": id, "text": "已補充" }] });
    let body = application(&teacher, 2).await;
    assert_eq!(act(&teacher, case, 3, body, answer).await, "ok");
    let remark = school.case(case).await.case.remarks.remove(0);
    assert_eq!((remark.answer.as_deref(), remark.round, remark.settled), (Some("已補充"), 1, false));
    assert_eq!(act(&school, case, 4, ActBody::Pass { sheet: None }, nothing()).await, "ok");
    assert!(county.case(case).await.case.remarks[0].settled);
    let opening = ActBody::Open { process: domain::case::Process::Plc, plan_year: domain::time::PlanYear(112) };
    assert_eq!(act(&teacher, Uuid::now_v7().into(), 0, opening, ask("plc_summary")).await, "bad_request");
}
