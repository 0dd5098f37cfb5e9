//! The life of a case, told to everybody as far as they may see it.

use super::{Ground, application, returned, submitted};
use domain::{ids::CaseId, steps::DeedKind};
use serde_json::json;
use testkit::{Caller, person};
use uuid::Uuid;
use wire::http::{ActBody, ActDone, EventPage};

async fn told(caller: &Caller, case: CaseId) -> EventPage {
    caller.get(&format!("/v1/cases/{case}/events")).await.read()
}

fn papers(page: &EventPage) -> Vec<usize> {
    page.events.iter().map(|event| event.deed.papers().len()).collect()
}

pub(crate) async fn the_life_of_a_case_is_told_by_sight(ground: Ground) {
    let (owner, school, county) = (
        ground.signed_in("teacher-a").await,
        ground.signed_in("school193625").await,
        ground.signed_in("county-taichung").await,
    );
    let case = submitted(&owner, 1).await;
    assert_eq!(papers(&told(&school, case).await), [0, 2]);
    assert_eq!(school.act(case, 2, returned()).await.code(), "ok");

    // Returned: its owner sees what was sent; the offices see that something was sent, and why it came back.
    let own = told(&owner, case).await;
    assert_eq!((papers(&own), own.papers_hidden), (vec![0, 2, 0], false));
    for office in [&school, &county] {
        let page = told(office, case).await;
        assert_eq!((papers(&page), page.papers_hidden), (vec![0; 3], true));
        let kinds: Vec<DeedKind> = page.events.iter().map(|event| event.deed.kind()).collect();
        assert_eq!(kinds, [DeedKind::Opened, DeedKind::Submitted, DeedKind::Returned]);
        assert_eq!(page.events[2].deed.reason(), Some("您好，請核章後上傳檔案，再重新送出申請。"));
        let text = json!(page).to_string();
        assert!(!text.contains("我愛上學"), "nothing of any paper");
        assert_eq!(page.events[0].by.person, person("teacher-a").person, "the row names the convener");
    }
    assert_eq!(told(&county, case).await.events[2].by.person.name, "", "and nobody else");
    assert_eq!(told(&owner, case).await.events[2].by.person.name, "市立協和國小");

    // Sent again: both versions are there for whoever sees the papers.
    let again = application(&owner, 2).await;
    assert_eq!(owner.act(case, 3, again).await.code(), "ok");
    for office in [&school, &county, &ground.signed_in("ministry").await] {
        assert_eq!(papers(&told(office, case).await), [0, 2, 0, 2]);
    }
    let steps = school.case(case).await.case.steps;
    let kinds: Vec<DeedKind> = steps.iter().map(|step| step.what).collect();
    assert_eq!(kinds, [DeedKind::Opened, DeedKind::Submitted, DeedKind::Returned, DeedKind::Submitted]);
    assert_eq!(steps[2].reason.as_deref(), Some("您好，請核章後上傳檔案，再重新送出申請。"));

    // Whoever sees no case sees none of its life either, and asks like everybody else.
    let path = |case: CaseId| format!("/v1/cases/{case}/events");
    for stranger in ["teacher-b", "school-matsu", "county-lienchiang", "reviewer-a"] {
        assert_eq!(ground.signed_in(stranger).await.get(&path(case)).await.code(), "not_found", "{stranger}");
    }
    assert_eq!(owner.get(&path(Uuid::now_v7().into())).await.code(), "not_found");
    assert_eq!(Caller::new(&ground.url()).get(&path(case)).await.code(), "not_signed_in");
    assert_eq!(owner.get("/v1/cases/x/events").await.code(), "bad_id");
}

pub(crate) async fn names_stay_with_those_who_may_know_them(ground: Ground) {
    let (old, new, school) = (
        ground.signed_in("teacher-a").await,
        ground.signed_in("teacher-b").await,
        ground.signed_in("school193625").await,
    );
    let case = submitted(&old, 1).await;
    assert_eq!(school.act(case, 2, returned()).await.code(), "ok");
    let change =
        ActBody::ChangeConvener { to: person("teacher-b").person, consent: "中市教專字第1號".to_owned() };
    school.act(case, 3, change).await.read::<ActDone>();
    // The row names the convener of now. Who convened before is known to those who saw the papers, not to the list.
    let county = ground.signed_in("county-taichung").await;
    let page = told(&county, case).await;
    let names: Vec<&str> = page.events.iter().map(|event| event.by.person.name.as_str()).collect();
    assert_eq!(names, ["", "", "", ""]);
    let text = json!([page, county.case(case).await]).to_string();
    assert!(!text.contains("市北測試87老師") && !text.contains("中市教專字"), "{text}");
    assert_eq!(told(&new, case).await.events[0].by.person, person("teacher-a").person);
    assert_eq!(old.get(&format!("/v1/cases/{case}/events")).await.code(), "not_found");
}
