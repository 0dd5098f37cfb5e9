//! 更換社群召集人: whom the school can choose, what the new convener finds, and what they may correct.

use super::{Ground, application, returned, submitted};
use domain::{
    case::{Deed, SentPaper, State},
    form::content_hash,
    ids::{CaseId, EventId},
    notice::NoticeKind,
    people::Person,
    steps::DeedKind,
};
use reqwest::Method;
use serde_json::json;
use server::db::audit::{Verdict, verify};
use testkit::{Answer, Caller, paper_of_year, person};
use uuid::Uuid;
use wire::http::{Act, ActBody, ActDone, ConvenerPage, EventPage};

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

/// A paper as it was sent, with the convener of now on it.
pub(crate) fn renamed(sent: &SentPaper, name: &str) -> SentPaper {
    let mut paper = SentPaper { revision: sent.revision + 1, stamped: None, stamped_revision: None, ..sent.clone() };
    paper.answers.0.insert("convener_name".to_owned(), json!(name));
    hashed(paper)
}

fn hashed(mut paper: SentPaper) -> SentPaper {
    paper.hash = content_hash(&paper.form, &paper.answers);
    paper
}

async fn act_as(caller: &Caller, id: EventId, case: CaseId, expect_seq: u32, body: ActBody) -> Answer {
    let act = Act { id, expect_seq, remarks: Default::default(), body };
    caller.post(&format!("/v1/cases/{case}/acts"), json!(act)).await
}

fn correct(papers: Vec<SentPaper>) -> ActBody {
    ActBody::CorrectConvener { papers }
}

/// An application of teacher-a that was sent, and is teacher-b's now.
async fn handed_over(ground: &Ground, passed: bool) -> (Caller, CaseId, u32) {
    let (old, new, school) = (
        ground.signed_in("teacher-a").await,
        ground.signed_in("teacher-b").await,
        ground.signed_in("school193625").await,
    );
    let case = submitted(&old, 1).await;
    let too_early = correct(vec![renamed(&old.case(case).await.case.papers[0], "市北測試87老師")]);
    assert_eq!(old.act(case, 2, too_early).await.code(), "not_in_this_state", "it never changed hands");
    let mut seq = 2;
    if passed {
        seq = school.act(case, seq, ActBody::Pass { sheet: None }).await.read::<ActDone>().seq;
    }
    let change =
        ActBody::ChangeConvener { to: person("teacher-b").person, consent: "中市教專字第1號".to_owned() };
    seq = school.act(case, seq, change).await.read::<ActDone>().seq;
    (new, case, seq)
}

pub(crate) async fn the_new_convener_corrects_their_own_data(ground: Ground) {
    let (new, case, seq) = handed_over(&ground, true).await;
    let (school, county) = (ground.signed_in("school193625").await, ground.signed_in("county-taichung").await);
    let before = new.case(case).await.case;
    let path = format!("/v1/cases/{case}/drafts/plc_application");
    let push = |changes: serde_json::Value| json!({ "id": Uuid::now_v7(), "base": 1, "changes": changes });
    assert_eq!(new.post(&path, push(json!({ "convener_name": "乙", "plc_goals": "x" }))).await.code(), "not_editable");
    assert_eq!(new.post(&path, push(json!({ "convener_name": "市北測試88老師" }))).await.code(), "ok");
    let path = format!("/v1/cases/{case}/drafts/plc_budget");
    assert_eq!(new.post(&path, push(json!({}))).await.code(), "not_editable");

    let (told_school, told_county) = (school.changes(0).await, county.changes(0).await);
    let id = Uuid::now_v7().into();
    let name = person("teacher-b").person.name;
    let body = correct(vec![renamed(&before.papers[0], &name)]);
    let done: ActDone = act_as(&new, id, case, seq, body.clone()).await.read();
    assert_eq!((done.seq, done.case.case.state), (seq + 1, State::CountyCheck));
    assert_eq!(act_as(&new, id, case, seq, body).await.read::<ActDone>().seq, seq + 1, "sent again: done once");

    // The stamped copy is the one that was sent; which revision it shows is said. The 概算表 is as it was.
    let seen = county.case(case).await.case;
    let [application, budget] = &seen.papers[..] else { panic!("{:?}", seen.papers) };
    assert_eq!((application.answers.text("convener_name"), application.revision), (name.as_str(), 2));
    assert_eq!((&application.stamped, application.stamped_revision), (&before.papers[0].stamped, Some(1)));
    assert_eq!(budget, &before.papers[1]);
    let blob = application.stamped.clone().unwrap().blob;
    for reader in [&new, &county, &school] {
        assert!(reader.send(reader.request(Method::GET, &format!("/v1/blobs/{blob}"))).await.status.is_success());
    }
    // 歷程 and the log have it, by whom; no message goes out.
    let page: EventPage = county.get(&format!("/v1/cases/{case}/events")).await.read();
    let last = page.events.last().unwrap();
    assert!(matches!(&last.deed, Deed::ConvenerCorrected { papers } if papers.len() == 1), "{:?}", last.deed);
    assert_eq!((&last.by.person, last.seq), (&new.session().actor.person, seq + 1));
    assert_eq!(seen.steps.last().unwrap().what, DeedKind::ConvenerCorrected);
    for (office, told) in [(&school, told_school), (&county, told_county)] {
        let told = office.changes(told.cursor).await;
        assert_eq!((told.cases.len(), told.notices.len()), (1, 0));
    }
    let db = ground.db().await;
    let mut tx = db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit WHERE act = 'correct_convener' AND object = $1";
    assert_eq!(tx.one(sql, vec![case.to_string().into()]).await.unwrap().int(0).unwrap(), 1);
    drop(tx);
    assert!(matches!(verify(&db).await.unwrap(), Verdict::Whole { .. }));
    db.close().await;

    let again = correct(vec![renamed(application, "王老師")]);
    assert_eq!(new.act(case, seq + 1, again).await.code(), "not_in_this_state", "the name fits now");
    assert_eq!(county.act(case, seq + 1, ActBody::Approve { amount: None }).await.code(), "ok");
}

pub(crate) async fn nothing_else_is_corrected(ground: Ground) {
    let (new, case, seq) = handed_over(&ground, false).await;
    let before = new.case(case).await.case;
    let (application, budget) = (&before.papers[0], &before.papers[1]);
    let good = || renamed(application, &person("teacher-b").person.name);
    let with = |key: &str, value: serde_json::Value| {
        let mut paper = good();
        paper.answers.0.insert(key.to_owned(), value);
        hashed(paper)
    };
    let without = |key: &str| {
        let mut paper = good();
        paper.answers.0.remove(key);
        hashed(paper)
    };
    let other_version = {
        let old = paper_of_year("plc_application", 110, "typical", None);
        renamed(&old, &person("teacher-b").person.name)
    };
    let stamped = SentPaper { stamped: application.stamped.clone(), ..good() };
    let unhashed = SentPaper { hash: application.hash.clone(), ..good() };
    let same = SentPaper { stamped: None, ..application.clone() };
    #[rustfmt::skip]
    let cases = [
        (vec![with("plc_name", json!("一起學英文"))],   "other_field_changed", json!({ "form": "plc_application", "field": "plc_name" })),
        (vec![without("expected_outcomes")],            "other_field_changed", json!({ "form": "plc_application", "field": "expected_outcomes" })),
        (vec![with("convener_email", json!("沒有"))],   "answers_incomplete",  json!(null)),
        (vec![with("convener_name", json!(""))],        "answers_incomplete",  json!(null)),
        (vec![other_version],                           "other_field_changed", json!(null)),
        (vec![],                                        "act_incomplete",      json!(null)),
        (vec![same],                                    "act_incomplete",      json!({ "missing": [{ "code": "nothing_corrected" }] })),
        (vec![good(), good()],                          "bad_request",         json!(null)),
        (vec![stamped],                                 "bad_request",         json!(null)),
        (vec![unhashed],                                "hash_mismatch",       json!(null)),
        (vec![good(), renamed(budget, "乙")],           "not_editable",        json!({ "form": "plc_budget" })),
    ];
    for (number, (papers, code, params)) in cases.into_iter().enumerate() {
        let answer = new.act(case, seq, correct(papers)).await;
        assert_eq!(answer.code(), code, "{number}: {:?}", answer.body);
        if !params.is_null() {
            assert_eq!(answer.body["params"], params, "{number}");
        }
    }
    for (account, code) in
        [("teacher-a", "not_found"), ("school193625", "not_in_this_state"), ("ministry", "not_yours")]
    {
        let caller = ground.signed_in(account).await;
        assert_eq!(caller.act(case, seq, correct(vec![good()])).await.code(), code, "{account}");
    }
    assert_eq!(new.act(case, seq - 1, correct(vec![good()])).await.code(), "case_moved");
    assert_eq!(new.case(case).await.case, before, "nothing of it was kept");
    assert_eq!(new.act(case, seq, correct(vec![good()])).await.code(), "ok");
}
