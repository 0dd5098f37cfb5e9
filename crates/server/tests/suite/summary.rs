//! The 總表 of a school: imported, sent, seen by the county, taken back.

use super::{Ground, returned, submitted};
use domain::{
    case::{Carried, Process, State},
    ids::CaseId,
    notice::NoticeKind,
    people::Role,
    time::PlanYear,
    workflow::{Action, Sight, Workflow, sight},
};
use serde_json::json;
use testkit::{Caller, paper, pdf};
use uuid::Uuid;
use wire::http::{ActBody, ActDone};

async fn opened(school: &Caller) -> CaseId {
    let case = Uuid::now_v7().into();
    let body = ActBody::Open { process: Process::Summary, plan_year: PlanYear(111) };
    school.act(case, 0, body).await.read::<ActDone>();
    case
}

fn import(cases: &[CaseId]) -> ActBody {
    let carried = |case: &CaseId| Carried { case: *case, name: "我愛上學".to_owned(), hash: "ab".repeat(32) };
    ActBody::Import { carried: cases.iter().map(carried).collect() }
}

/// The filled-in 總表 with its stamped copy, as 臺中市 asks for it.
async fn sent(school: &Caller, mark: u32) -> ActBody {
    let scan = pdf(70_000 + mark, 200);
    school.upload(&scan).await;
    ActBody::Send { papers: vec![paper("plc_summary", "typical", Some(&scan))] }
}

async fn told(caller: &Caller) -> Vec<NoticeKind> {
    caller.changes(0).await.notices.into_iter().map(|notice| notice.kind).collect()
}

pub(crate) async fn a_summary_is_sent_and_taken_back(ground: Ground) {
    let (teacher, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let county = ground.signed_in("county-taichung").await;
    let application = submitted(&teacher, 1).await;
    assert_eq!(school.act(application, 2, ActBody::Pass { sheet: None }).await.code(), "ok");

    let summary = opened(&school).await;
    let again = ActBody::Open { process: Process::Summary, plan_year: PlanYear(111) };
    let refused = school.act(Uuid::now_v7().into(), 0, again.clone()).await;
    assert_eq!(refused.body["params"]["missing"], json!([{ "code": "summary_exists" }]));
    // Another account of the same school makes no second one either.
    let colleague = ground.another("school193625-b", "school193625").await;
    assert_eq!(colleague.act(Uuid::now_v7().into(), 0, again).await.code(), "act_incomplete");

    let done: ActDone = school.act(summary, 1, import(&[application])).await.read();
    assert_eq!((done.case.case.state, done.case.case.carried.len()), (State::Editing, 1));
    let push = json!({ "id": Uuid::now_v7(), "base": 0, "changes": { "class_count": 25 } });
    let path = format!("/v1/cases/{summary}/drafts/plc_summary");
    assert_eq!(school.post(&path, push).await.code(), "ok");
    let foreign = json!({ "id": Uuid::now_v7(), "base": 1, "changes": { "class_count": 1 } });
    assert_eq!(county.post(&path, foreign).await.code(), "not_yours");
    let unstamped = ActBody::Send { papers: vec![paper("plc_summary", "typical", None)] };
    let refused = school.act(summary, 2, unstamped).await;
    assert_eq!(refused.body["params"]["missing"][0]["code"], "stamp_missing");
    assert_eq!(told(&county).await, [], "nothing was sent yet");

    let body = sent(&school, 1).await;
    assert_eq!(school.act(summary, 2, body).await.code(), "ok");
    let seen = county.case(summary).await;
    assert_eq!((seen.case.state, seen.papers_hidden), (State::Sent, false));
    assert_eq!(seen.case.papers[0].answers.rows("items").len(), 4);
    assert_eq!(told(&county).await, [NoticeKind::SummarySent]);
    // Looking withdraws nothing: after sending no draft is taken.
    let late = json!({ "id": Uuid::now_v7(), "base": 1, "changes": { "class_count": 26 } });
    assert_eq!(school.post(&path, late).await.code(), "not_editable");

    assert_eq!(school.act(summary, 3, import(&[application])).await.code(), "ok");
    let seen = county.case(summary).await;
    assert_eq!((seen.case.state, seen.papers_hidden), (State::Editing, true), "the sent copy is taken back");
    assert!(told(&county).await.contains(&NoticeKind::SummaryWithdrawn));
    let body = sent(&school, 2).await;
    assert_eq!(school.act(summary, 4, body).await.read::<ActDone>().seq, 5);
    assert!(!county.case(summary).await.papers_hidden);
}

pub(crate) async fn a_summary_carries_its_own_schools_applications(ground: Ground) {
    let (teacher, elsewhere) = (ground.signed_in("teacher-a").await, ground.signed_in("teacher-c").await);
    let school = ground.signed_in("school193625").await;
    let (own, foreign) = (submitted(&teacher, 1).await, submitted(&elsewhere, 2).await);
    let summary = opened(&school).await;
    let next_year = ActBody::Open { process: Process::Plc, plan_year: PlanYear(112) };
    let later: CaseId = Uuid::now_v7().into();
    assert_eq!(ground.signed_in("teacher-b").await.act(later, 0, next_year).await.code(), "ok");
    for strange in [vec![foreign], vec![own, own], vec![Uuid::now_v7().into()], vec![later], vec![summary]] {
        assert_eq!(school.act(summary, 1, import(&strange)).await.code(), "bad_request", "{strange:?}");
    }
    // The school imports while the application is being returned: what was carried is kept, and can be shown as changed.
    assert_eq!(school.act(own, 2, returned()).await.code(), "ok");
    let done: ActDone = school.act(summary, 1, import(&[own])).await.read();
    assert_eq!(done.case.case.carried[0].case, own);
    assert_eq!(teacher.act(own, 3, import(&[])).await.code(), "not_in_this_state", "no act of an application");
}

pub(crate) async fn who_sees_and_does_what_with_a_summary(ground: Ground) {
    let school = ground.signed_in("school193625").await;
    let summary = opened(&school).await;
    let mut seq = 1;
    let mut lines = Vec::new();
    for state in Workflow::of(Process::Summary).states() {
        if state == State::Sent {
            let body = sent(&school, 9).await;
            seq = school.act(summary, seq, body).await.read::<ActDone>().seq;
        }
        for account in [
            "school193625",
            "school-matsu",
            "teacher-a",
            "principal-a",
            "county-taichung",
            "county-lienchiang",
            "reviewer-a",
            "ministry",
            "platform",
        ] {
            let looker = ground.signed_in(account).await;
            let actor = &looker.session().actor;
            let case = school.case(summary).await.case;
            let ruled = sight(&case, actor);
            let answer = looker.get(&format!("/v1/cases/{summary}")).await;
            let found = match (answer.code(), answer.body["papers_hidden"].as_bool()) {
                ("not_found", _) => Sight::Nothing,
                (_, Some(true)) => Sight::Row,
                _ if account == "school193625" => Sight::Own,
                _ => Sight::Papers,
            };
            assert_eq!(found, ruled, "{account} in {state:?}");
            let mut may = Vec::new();
            for action in Action::ALL {
                // Sent as somebody would who forgot everything: an act that needs nothing is not tried but looked up.
                let mut rows = Workflow::of(Process::Summary).rows.iter();
                let row =
                    rows.find(|row| row.from == state && row.action == action && row.who.is(actor.role, None));
                let body = match action {
                    Action::Send => ActBody::Send { papers: Vec::new() },
                    Action::Import if ruled == Sight::Own => {
                        may.extend(row.map(|_| "import"));
                        continue;
                    }
                    Action::Import => import(&[]),
                    Action::Pass => ActBody::Pass { sheet: None },
                    Action::Return => returned(),
                    Action::Approve => ActBody::Approve { amount: None },
                    Action::Withdraw => ActBody::Withdraw,
                    _ => continue,
                };
                let code = looker.act(summary, seq, body).await.code().to_owned();
                let expected = match (ruled, row) {
                    (Sight::Nothing, _) => "not_found",
                    (Sight::Own, Some(_)) => "act_incomplete",
                    (Sight::Own, None) => "not_in_this_state",
                    // The county is a part of the case, but no row is its own.
                    _ if actor.role == Role::County => "not_in_this_state",
                    _ => "not_yours",
                };
                assert_eq!(code, expected, "{account} {action:?} in {state:?}");
                may.extend((code == "act_incomplete").then_some(action.code()));
            }
            lines.push(format!("{state:?} {account}: sees {found:?} may {}", may.join(" ")).trim_end().to_owned());
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    Editing school193625: sees Own may import send
    Editing school-matsu: sees Nothing may
    Editing teacher-a: sees Nothing may
    Editing principal-a: sees Nothing may
    Editing county-taichung: sees Row may
    Editing county-lienchiang: sees Nothing may
    Editing reviewer-a: sees Nothing may
    Editing ministry: sees Row may
    Editing platform: sees Row may
    Sent school193625: sees Own may import
    Sent school-matsu: sees Nothing may
    Sent teacher-a: sees Nothing may
    Sent principal-a: sees Nothing may
    Sent county-taichung: sees Papers may
    Sent county-lienchiang: sees Nothing may
    Sent reviewer-a: sees Nothing may
    Sent ministry: sees Papers may
    Sent platform: sees Papers may
    ");
}
