//! The offices' part of the year in the real window: the county sets its rules, the school remarks and returns, sees what was
//! corrected, makes and sends the 總表; the county approves from its list; the school sees what came of it.

use crate::desk::{Desk, Service};
use domain::ids::CaseId;
use fantoccini::Locator;
use testkit::{Caller, paper, pdf};
use wire::http::{ActBody, ActDone};

/// The application of teacher-c, sent over the line; a corrected one says more. The window's own way of sending is another story.
async fn send(teacher: &Caller, case: CaseId, seq: u32, corrected: bool) {
    let scans = [pdf(seq, 100), pdf(seq + 1000, 100)];
    for scan in &scans {
        teacher.upload(scan).await;
    }
    let mut papers =
        vec![paper("plc_application", "typical", Some(&scans[0])), paper("plc_budget", "typical", Some(&scans[1]))];
    if corrected {
        let goals = "1.提升教師素養導向教學設計之能力。2.每學期公開授課二次。3.發展跨任教階段之教學資源。";
        papers[0].answers.0.insert("plc_goals".to_owned(), serde_json::json!(goals));
        papers[0].hash = domain::form::content_hash(&papers[0].form, &papers[0].answers);
    }
    teacher.act(case, seq, ActBody::Submit { papers }).await.read::<ActDone>();
}

impl Desk {
    async fn level(&self) {
        self.window.click("act:sync").await;
        self.window.wait_for_text("delivery", "已送達").await;
    }

    /// Ticks the first case of a list.
    async fn tick_first(&self) {
        let tick = Locator::Css("[data-testid^='tick:']");
        for _ in 0..100 {
            if let Ok(found) = self.window.page().find(tick).await
                && found.click().await.is_ok()
            {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("no case can be ticked");
    }
}

#[tokio::test]
async fn the_offices_live_their_year() {
    let folders = [tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder")];
    let mut service = Service::new();
    service.up().await;
    let teacher = Caller::signed_in(&service.url(), "teacher-c").await;
    let case = teacher.open_case().await;
    send(&teacher, case, 1, false).await;

    // The county says what it asks for this year.
    let county = Desk::open(&service, folders[0].path()).await;
    county.sign_in("county-lienchiang").await;
    county.window.click("nav:rules").await;
    county.window.type_into("field:rules.total_budget", "400000").await;
    county.window.click("act:save_rules").await;
    county.window.find("version:1").await;
    county.window.screenshot("51-county-rules").await;

    // The school writes at the field what is missing, and returns.
    let school = Desk::open(&service, folders[1].path()).await;
    school.sign_in("school-matsu").await;
    school.window.click("nav:search").await;
    school.open_first_case().await;
    school.window.click("act:review").await;
    school.window.click("act:remark:plc_application.plc_goals").await;
    school.window.type_into("remark:plc_application.plc_goals", "目標請寫明公開授課的次數。").await;
    school.window.click("act:return").await;
    school.window.type_into("field:return.reason", "請看各欄意見。").await;
    school.window.wait_for_text("remarks-along", "1 則").await;
    school.window.screenshot("52-remark-and-return").await;
    school.window.click("act:confirm").await;
    school.window.wait_for_text("state", "申請社群").await;
    school.level().await;

    // Corrected: what changed is marked, and it passes.
    let seq = teacher.case(case).await.case.seq;
    assert_eq!(teacher.case(case).await.case.remarks[0].text, "目標請寫明公開授課的次數。");
    send(&teacher, case, seq, true).await;
    school.window.click("act:sync").await;
    school.window.wait_for_text("state", "形式審").await;
    school.window.click("act:review").await;
    school.window.find("act:pass").await;
    school.window.find("settle:plc_application.plc_goals").await;
    school.window.screenshot("53-what-was-corrected").await;
    school.window.click("act:pass").await;
    school.window.click("act:confirm").await;
    school.window.wait_for_text("state", "執行計畫挑選_可彙整").await;
    school.level().await;

    // The 總表: imported, filled in, sent.
    school.window.click("nav:summary").await;
    school.window.click("act:import").await;
    school.window.wait_for_text("state", "彙整中").await;
    school.window.screenshot("54-summary-imported").await;
    school.window.click("act:edit:plc_summary").await;
    for (key, text) in [
        ("class_count", "9"),
        ("student_count", "120"),
        ("teacher_count", "30"),
        ("principal_name", "陳校長"),
        ("principal_phone", "0836-22222"),
        ("principal_email", "principal@example.edu.tw"),
        ("handler_name_title", "林雅婷 教務主任"),
        ("handler_phone", "0836-22222"),
        ("handler_email", "handler@example.edu.tw"),
    ] {
        school.window.type_into(&format!("field:plc_summary.{key}"), text).await;
    }
    school.saved().await;
    school.window.screenshot("55-summary-form").await;
    school.back().await;
    school.window.click("act:send").await;
    school.window.screenshot("56-summary-send").await;
    school.window.click("act:confirm").await;
    school.window.wait_for_text("state", "已送出").await;
    school.level().await;

    // The county reads it, and approves from its list.
    county.window.click("act:sync").await;
    county.window.click("nav:summary").await;
    county.window.wait_for_text("school:724601", "已送出").await;
    county.window.screenshot("57-county-summaries").await;
    county.window.click("nav:choose").await;
    county.tick_first().await;
    county.window.wait_for_text("chosen", "已選 1 件").await;
    county.window.screenshot("58-county-choose").await;
    county.window.click("act:approve").await;
    county.window.find("total").await;
    county.window.wait_for_text("budget:111", "縣市總經費 400,000 元").await;
    county.window.screenshot("59-county-preview").await;
    county.window.click("act:confirm").await;
    county.window.find("result").await;
    county.window.screenshot("60-county-result").await;
    county.window.click("act:close").await;
    county.window.click("nav:charts").await;
    county.window.screenshot("61-county-charts").await;
    county.window.close().await;

    // The school sees what came of it.
    school.window.click("act:sync").await;
    school.window.click("nav:search").await;
    school.open_first_case().await;
    school.window.wait_for_text("state", "執行後並填寫成果報告書").await;
    school.window.screenshot("62-school-approved").await;
    school.window.close().await;
}
