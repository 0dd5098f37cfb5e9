//! 更換社群召集人: whom the school can choose, and what the new convener finds.

use super::{Ground, application, returned};
use domain::{ids::CaseId, notice::NoticeKind, people::Person};
use serde_json::json;
use testkit::{Caller, person};
use uuid::Uuid;
use wire::http::{ActBody, ActDone, ConvenerPage};

async fn choices(caller: &Caller, case: CaseId) -> Vec<(String, bool)> {
    let page: ConvenerPage = caller.get(&format!("/v1/cases/{case}/conveners")).await.read();
    page.rows.into_iter().map(|row| (row.account, row.convenes)).collect()
}

fn listed(rows: &[(&str, bool)]) -> Vec<(String, bool)> {
    rows.iter().map(|(account, convenes)| ((*account).to_owned(), *convenes)).collect()
}

pub(crate) async fn who_could_take_over_is_listed(ground: Ground) {
    let (owner, school) = (ground.signed_in("teacher-a").await, ground.signed_in("school193625").await);
    let case = owner.open_case().await;
    assert_eq!(choices(&school, case).await, [], "the others never signed in");

    let (colleague, elsewhere) = (ground.signed_in("teacher-b").await, ground.signed_in("teacher-c").await);
    ground.signed_in("principal-a").await;
    elsewhere.open_case().await;
    let both = |busy| listed(&[("teacher-b", busy), ("principal-a", false)]);
    let found = choices(&school, case).await;
    assert_eq!(found.len(), 2, "of the case's school alone: {found:?}");
    assert!(both(false).iter().all(|row| found.contains(row)), "{found:?}");
    let page: ConvenerPage = school.get(&format!("/v1/cases/{case}/conveners")).await.read();
    let names: Vec<&str> = page.rows.iter().map(|row| row.person.name.as_str()).collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(page.rows.iter().any(|row| row.person == person("teacher-b").person));

    // Whoever convenes is shown as such; in another plan year, or after 撤案, they do not.
    let open = |year| ActBody::Open { process: domain::case::Process::Plc, plan_year: domain::time::PlanYear(year) };
    assert_eq!(colleague.act(Uuid::now_v7().into(), 0, open(112)).await.code(), "ok");
    assert!(choices(&school, case).await.contains(&("teacher-b".to_owned(), false)), "another plan year");
    let own = colleague.open_case().await;
    assert!(choices(&school, case).await.contains(&("teacher-b".to_owned(), true)));
    assert!(choices(&school, own).await.contains(&("teacher-a".to_owned(), true)), "and the other way round");
    assert_eq!(colleague.act(own, 1, ActBody::Withdraw).await.code(), "ok");
    assert!(choices(&school, case).await.contains(&("teacher-b".to_owned(), false)), "withdrawn");

    // Who may ask in which state: the matrix. Here, what is not there.
    let path = |case: CaseId| format!("/v1/cases/{case}/conveners");
    assert_eq!(school.get(&path(own)).await.code(), "not_in_this_state", "withdrawn: nothing to take over");
    assert_eq!(school.get(&path(Uuid::now_v7().into())).await.code(), "not_found");
    assert_eq!(ground.signed_in("school-matsu").await.get(&path(case)).await.code(), "not_found");
    assert_eq!(owner.get(&path(case)).await.code(), "not_in_this_state", "as the act itself");
}

pub(crate) async fn a_returned_application_is_handed_over_whole(ground: Ground) {
    let (old, new, school) = (
        ground.signed_in("teacher-a").await,
        ground.signed_in("teacher-b").await,
        ground.signed_in("school193625").await,
    );
    let case = old.open_case().await;
    let sent = application(&old, 1).await;
    assert_eq!(old.act(case, 1, sent).await.code(), "ok");
    assert_eq!(school.act(case, 2, returned()).await.code(), "ok");
    let (before_old, before_new) = (old.changes(0).await, new.changes(0).await);

    let to = Person { name: String::new(), ..person("teacher-b").person };
    let change = ActBody::ChangeConvener { to, consent: " 中市教專字第1號 ".to_owned() };
    let done: ActDone = school.act(case, 3, change).await.read();
    assert!(done.case.papers_hidden, "申請社群: the school sees the row only");
    assert_eq!(done.case.case.owner, person("teacher-b").person);

    // The old one is told, and to forget it; the new one is told, and finds what was sent, ready to be corrected.
    let told = old.changes(before_old.cursor).await;
    assert_eq!(told.notices.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::ConvenerLeft]);
    assert_eq!((told.gone, told.cases.len(), told.drafts.len()), (vec![case], 0, 0));
    let told = new.changes(before_new.cursor).await;
    assert_eq!(told.notices.iter().map(|notice| notice.kind).collect::<Vec<_>>(), [NoticeKind::ConvenerChanged]);
    assert_eq!(told.cases[0].case.reason.as_deref(), Some("您好，請核章後上傳檔案，再重新送出申請。"));
    let name = |draft: &wire::http::SeenDraft| draft.head.answers.text("plc_name").to_owned();
    let forms: Vec<(String, String)> = told.drafts.iter().map(|draft| (draft.form.to_string(), name(draft))).collect();
    assert!(forms.contains(&("plc_application".to_owned(), "我愛上學".to_owned())), "{forms:?}");
    assert_eq!(forms.len(), 2, "with the 概算表");

    let path = format!("/v1/cases/{case}/drafts/plc_application");
    let push =
        |base: u32, name: &str| json!({ "id": Uuid::now_v7(), "base": base, "changes": { "convener_name": name } });
    assert_eq!(old.post(&path, push(1, "原來的")).await.code(), "not_found", "typed elsewhere, not put into the case");
    assert_eq!(new.post(&path, push(1, "市北測試88老師")).await.code(), "ok");
    let again = application(&new, 2).await;
    assert_eq!(new.act(case, 4, again).await.code(), "ok");
}
