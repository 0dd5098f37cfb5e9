//! One application makes the whole trip in the real window: drafted without a network, printed, stamped, scanned, sent when
//! the service comes up, returned, corrected, sent again and passed. Every step leaves a picture.

use crate::desk::{Desk, Service};
use testkit::stamping;

const RETURN_REASON: &str = "您好，請核章後上傳檔案，再重新送出申請。";
const SUMMARY: &str = "讓學生一起愛上學習。本社群由跨任教階段的老師組成，以素養導向教學設計為主軸，透過共同備課、公開授課與專業回饋，\
                       分享班級經營與學習診斷的經驗，並邀請校內外的專家到校輔導，期望把有效的作法帶回每一間教室，落實教師專業學習社群永續發展的目標。";
/// The words beside the sign cells of the 概算表.
const SIGN_WORDS: [&str; 4] = ["承辦人", "承辦主任", "會(主)計主任", "校長"];

impl Desk {
    /// Adds the first row of a table, unless it is there.
    async fn first_row(&self, table: &str, column: &str) {
        let cell = format!("field:plc_application.{table}.0.{column}");
        for _ in 0..20 {
            if self.window.shows(&cell).await {
                return;
            }
            self.saved().await;
            self.window.click(&format!("act:add:{table}")).await;
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        }
        panic!("{table} takes no row");
    }

    async fn send(&self) {
        self.window.click("act:submit").await;
        self.window.click("act:confirm").await;
        self.window.wait_for_text("state", "形式審").await;
    }

    async fn fill_application(&self) {
        let field = |key: &str| format!("field:plc_application.{key}");
        let window = &self.window;
        window.choose(&field("plc_level"), "學習社群").await;
        window.type_into(&field("plc_name"), "我愛上學").await;
        window.type_into(&field("plc_summary"), SUMMARY).await;
        self.tick(&field("school_scope:同校")).await;
        self.tick(&field("continuity:非續辦")).await;
        window.choose(&field("grade_subject_scope"), "跨學年/同領域").await;
        window.choose(&field("teaching_stage"), "跨任教階段").await;
        self.tick(&field("apply_funding:是")).await;
        self.first_row("members", "name").await;
        for (column, text) in
            [("name", "陳喆"), ("duty", "教務組長"), ("school", "市立協和國小"), ("subject", "國語文")]
        {
            window.type_into(&field(&format!("members.0.{column}")), text).await;
        }
        self.tick(&field("plc_contents:素養導向教學設計")).await;
        self.first_row("schedule", "activity").await;
        window.type_into(&field("schedule.0.session_date"), "1111019").await;
        window.type_into(&field("schedule.0.start_time"), "1330").await;
        window.type_into(&field("schedule.0.end_time"), "1530").await;
        window.type_into(&field("schedule.0.activity"), "開講座讓社群召集人能了解如何永續發展").await;
        window.choose(&field("schedule.0.mode"), "專題講座").await;
        window.type_into(&field("schedule.0.place"), "市大").await;
        self.saved().await;
    }

    async fn fill_report(&self) {
        for (key, number) in
            [("sessions_per_year", "8"), ("co_planning_count", "2"), ("observation_count", "2"), ("debrief_count", "2")]
        {
            self.window.type_into(&format!("field:plc_report.{key}"), number).await;
        }
        self.tick("field:plc_report.operation_modes:1.共同備課").await;
        self.saved().await;
    }

    async fn fill_budget(&self) {
        let field = |key: &str| format!("field:plc_budget.{key}");
        let window = &self.window;
        window.choose(&field("county_district:county"), "臺中市").await;
        window.choose(&field("county_district"), "北屯區").await;
        window.type_into(&field("lecturer_external_1.quantity"), "3").await;
        window.type_into(&field("lecturer_external_1.unit_price"), "2000").await;
        window.wait_for_text(&field("lecturer_external_1.subtotal"), "6,000").await;
        self.saved().await;
    }
}

#[tokio::test]
async fn one_application_makes_the_whole_trip() {
    let (at_home, at_school) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut service = Service::new();
    service.up().await;

    // The teacher signs in once; then there is no network.
    let teacher = Desk::open(&service, at_home.path()).await;
    teacher.window.find("field:sign_in.account").await;
    teacher.window.screenshot("01-sign-in").await;
    teacher.sign_in("teacher-a").await;
    teacher.window.screenshot("02-home").await;
    service.down();

    teacher.window.click("nav:cases").await;
    teacher.window.click("act:new").await;
    teacher.window.wait_for_text("state", "申請社群").await;
    teacher.window.screenshot("03-case-new").await;
    teacher.window.click("act:edit:plc_application").await;
    teacher.fill_application().await;
    teacher.window.screenshot("04-application").await;
    teacher.back().await;
    teacher.window.click("act:edit:plc_budget").await;
    teacher.fill_budget().await;
    teacher.window.screenshot("05-budget").await;
    teacher.back().await;

    // Printed, stamped, scanned.
    let application = stamping::scan_with_seals(&teacher.print("plc_application").await, &[]);
    let budget = stamping::scan_with_seals(&teacher.print("plc_budget").await, &SIGN_WORDS);
    teacher.window.screenshot("06-printed").await;
    teacher.attach("plc_application", &application).await;
    teacher.accept_attached().await;
    teacher.attach("plc_budget", &budget).await;
    teacher.window.screenshot("07-attached").await;
    teacher.accept_attached().await;
    teacher.send().await;
    teacher.window.wait_for_text("delivery", "尚未送達").await;
    teacher.window.screenshot("08-queued").await;

    // The service comes up.
    service.up().await;
    teacher.window.click("act:sync").await;
    teacher.window.wait_for_text("delivery", "已送達").await;
    teacher.window.screenshot("09-accepted").await;

    // The school looks at it and returns it.
    let school = Desk::open(&service, at_school.path()).await;
    school.sign_in("school193625").await;
    school.window.click("nav:search").await;
    school.open_first_case().await;
    school.window.screenshot("10-school-case").await;
    school.window.click("act:review").await;
    school.window.find("act:return").await;
    school.window.screenshot("11-school-review").await;
    school.window.click("act:return").await;
    school.window.type_into("field:return.reason", RETURN_REASON).await;
    school.window.screenshot("12-return").await;
    school.window.click("act:confirm").await;
    school.window.wait_for_text("state", "申請社群").await;
    school.window.click("act:sync").await;

    // The teacher is told, and corrects.
    teacher.window.click("act:sync").await;
    teacher.window.wait_for_text("reason", RETURN_REASON).await;
    teacher.window.screenshot("13-returned").await;
    teacher.window.click("nav:messages").await;
    teacher.window.wait_for_text("notice:0", "專業學習社群退件").await;
    teacher.window.screenshot("14-messages").await;
    teacher.window.click("nav:cases").await;
    teacher.open_first_case().await;
    teacher.window.click("act:edit:plc_application").await;
    teacher.window.type_into("field:plc_application.plc_name", "我們都愛上學").await;
    teacher.saved().await;
    teacher.back().await;
    teacher.window.wait_for_text("paper-status:plc_application", "重新列印").await;

    // The old scan no longer counts, not even when it is attached again.
    let corrected = stamping::scan_with_seals(&teacher.print("plc_application").await, &[]);
    teacher.pick("plc_application", &application).await;
    teacher.window.wait_for_text("failure", "內容已經改過").await;
    teacher.window.screenshot("15-old-scan").await;
    teacher.window.click("act:cancel_attach").await;
    teacher.attach("plc_application", &corrected).await;
    teacher.accept_attached().await;
    let budget = stamping::scan_with_seals(&teacher.print("plc_budget").await, &SIGN_WORDS);
    teacher.attach("plc_budget", &budget).await;
    teacher.accept_attached().await;
    teacher.send().await;
    teacher.window.click("act:sync").await;
    teacher.window.wait_for_text("delivery", "已送達").await;

    // The school passes it.
    school.window.click("act:sync").await;
    school.window.wait_for_text("state", "形式審").await;
    school.window.click("act:pass").await;
    school.window.click("act:confirm").await;
    school.window.wait_for_text("state", "執行計畫挑選_可彙整").await;
    school.window.click("act:sync").await;
    school.window.screenshot("16-passed-at-school").await;
    teacher.window.click("act:sync").await;
    teacher.window.wait_for_text("state", "執行計畫挑選_可彙整").await;
    teacher.window.screenshot("17-passed").await;
    school.window.close().await;

    // The county approves it with an amount.
    let at_county = tempfile::tempdir().expect("a folder");
    let county = Desk::open(&service, at_county.path()).await;
    county.sign_in("county-taichung").await;
    county.window.click("act:sync").await;
    county.window.click("nav:search").await;
    county.open_first_case().await;
    county.window.click("act:approve").await;
    county.window.type_into("field:approve.amount", "6000").await;
    county.window.screenshot("18-approve").await;
    county.window.click("act:confirm").await;
    county.window.wait_for_text("state", "執行後並填寫成果報告書").await;
    county.window.click("act:sync").await;
    county.window.wait_for_text("delivery", "已送達").await;
    county.window.close().await;

    // The year is over: the report with its enclosure, sent once and for all.
    teacher.window.click("act:sync").await;
    teacher.window.wait_for_text("state", "執行後並填寫成果報告書").await;
    teacher.window.click("act:edit:plc_report").await;
    teacher.fill_report().await;
    teacher.window.screenshot("19-report").await;
    teacher.back().await;
    teacher.attach("plc_report", &application).await;
    teacher.window.screenshot("20-enclosure").await;
    teacher.accept_attached().await;
    teacher.window.click("act:send_report").await;
    teacher.window.screenshot("21-send-report").await;
    teacher.window.click("act:confirm").await;
    teacher.window.wait_for_text("state", "結案_可彙整").await;
    teacher.window.click("act:sync").await;
    teacher.window.wait_for_text("delivery", "已送達").await;
    teacher.window.screenshot("22-closed").await;
    teacher.window.close().await;
}

/// The power goes in the middle of a form, and comes back without a network.
#[tokio::test]
async fn what_was_typed_survives_a_killed_window() {
    let data = tempfile::tempdir().expect("a folder");
    let mut service = Service::new();
    service.up().await;
    let desk = Desk::open(&service, data.path()).await;
    desk.sign_in("teacher-b").await;
    service.down();
    desk.window.click("nav:cases").await;
    desk.window.click("act:new").await;
    desk.window.click("act:edit:plc_application").await;
    desk.window.type_into("field:plc_application.plc_name", "停電前打的字").await;
    desk.saved().await;
    desk.window.kill();

    let desk = Desk::open(&service, data.path()).await;
    desk.window.type_into("field:unlock.passphrase", "not the passphrase").await;
    desk.window.click("act:unlock").await;
    desk.window.find("failure").await;
    desk.window.screenshot("25-wrong-passphrase").await;
    desk.window.type_into("field:unlock.passphrase", "a passphrase for tests").await;
    desk.window.click("act:unlock").await;
    desk.window.click("nav:cases").await;
    desk.open_first_case().await;
    desk.window.click("act:edit:plc_application").await;
    desk.window.find("field:plc_application.plc_name").await;
    assert_eq!(desk.window.value("field:plc_application.plc_name").await, "停電前打的字");
    desk.window.close().await;
}
