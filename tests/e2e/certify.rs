//! 進階專業回饋人才認證 in the real window: one program, in which one person after another signs in, from the application of a
//! teacher to the number of the certificate. It passes at once; the longer ways need no window.

use crate::desk::{Desk, Service};
use fantoccini::Locator;
use serde_json::{Value, json};
use testkit::{person, sample, stamping};

/// Of these a stamped copy goes along.
const STAMPED: [&str; 3] = ["open_class_proof", "plc_participation_proof", "adv_checklist"];
/// The forms that are picked by hand, with their slots and names; the other slots have one form each.
const PICKED: [(&str, &str, &str); 3] = [
    ("slot_pre", "pre_conference_a", "觀察前會談紀錄表-甲"),
    ("slot_obs", "obs_std105", "105年版教師專業發展規準觀察紀錄表"),
    ("slot_post", "post_conference_a", "觀察後回饋會談紀錄表-甲"),
];
const FORMS: [&str; 6] = [
    "open_class_proof",
    "plc_participation_proof",
    "pre_conference_a",
    "obs_std105",
    "post_conference_a",
    "adv_checklist",
];

/// The sample of a form as this story's teacher would fill it in.
fn answers(form: &str) -> Value {
    let (teacher, mut text) = (person("teacher-a"), json!(sample(form, "typical")).to_string());
    let school = teacher.school.expect("a teacher has a school");
    for (theirs, own) in
        [("王小明", &teacher.person.name), ("臺北市立成淵高級中學", &school.name), ("臺北市", &school.county)]
    {
        text = text.replace(theirs, own);
    }
    serde_json::from_str(&text).expect("still JSON")
}

impl Desk {
    /// Asks the program what the page would ask, for what would take too long by hand.
    async fn ask(&self, name: &str, request: Value) -> Value {
        let script = "const [name, request, done] = arguments; \
                      window.__TAURI_INTERNALS__.invoke('rpc', { name, request }) \
                      .then((answer) => done({ answer }), (failure) => done({ failure }))";
        let said = self.window.page().execute_async(script, vec![name.into(), request]).await.expect("an answer");
        assert_eq!(said["failure"], Value::Null, "{name}");
        said["answer"].clone()
    }

    /// Types a whole paper at once.
    async fn type_paper(&self, case: &str, form: &str, changes: Value) {
        self.ask("case_save_draft", json!({ "case": case, "form": form, "changes": changes })).await;
    }

    /// The case whose page has been opened.
    async fn opened_case(&self) -> String {
        self.window.find("state").await;
        let address = self.window.page().execute("return location.hash", Vec::new()).await.expect("an address");
        let case = address.as_str().and_then(|address| address.strip_prefix("#/case/"));
        case.expect("the address of a case").to_owned()
    }

    /// The one before signs out, and this one finds the certification that waits for them in the list.
    async fn is_taken_by(&self, account: &str, state: &str) {
        self.window.click("act:sign_out").await;
        self.sign_in(account).await;
        self.window.click("nav:search").await;
        self.window.choose("field:search.process", "進階認證").await;
        self.open_first_case().await;
        self.window.wait_for_text("state", state).await;
    }

    /// Does an act, and waits until the service has it.
    async fn does(&self, action: &str, state: &str) {
        self.window.click(&format!("act:{action}")).await;
        self.window.click("act:confirm").await;
        self.window.wait_for_text("state", state).await;
        self.window.click("act:sync").await;
        self.window.wait_for_text("delivery", "已送達").await;
        self.window.wait_until_gone("waiting").await;
    }
}

#[tokio::test]
async fn a_certification_passes_at_once() {
    let data = tempfile::tempdir().expect("a folder");
    let mut service = Service::new();
    service.up().await;
    let desk = Desk::open(&service, data.path()).await;
    let window = &desk.window;

    // The teacher sees that everything asked for is there, picks the forms, and sends what they filled in.
    desk.sign_in("teacher-a").await;
    window.click("nav:certification").await;
    window.click("tile:advanced").await;
    window.find("act:fix_profile").await;
    window.screenshot("70-eligible").await;
    window.click("act:new").await;
    let case = desk.opened_case().await;
    for (slot, form, name) in PICKED {
        window.choose(&format!("field:{slot}"), name).await;
        window.find(&format!("paper:{form}")).await;
    }
    window.screenshot("71-slots").await;
    for form in FORMS {
        desk.type_paper(&case, form, answers(form)).await;
    }
    // The number of what waits goes, once everything has been sent.
    window.click("act:sync").await;
    window.wait_until_gone("waiting").await;
    for form in STAMPED {
        let scan = stamping::scan_with_seals(&desk.print(form).await, &[]);
        desk.attach(form, &scan).await;
        desk.accept_attached().await;
        window.find(&format!("act:scan:{form}")).await;
    }
    for form in FORMS.into_iter().filter(|form| !STAMPED.contains(form)) {
        window.wait_for_text(&format!("paper-status:{form}"), "完成").await;
    }
    window.screenshot("72-filled-in").await;
    desk.does("submit", "形式審查").await;

    // 形式審查 at the county, with its sheet beside the papers.
    desk.is_taken_by("county-taichung", "形式審查").await;
    window.find("act:write_sheet").await;
    window.screenshot("73-case-at-county").await;
    let mut checked = answers("adv_form_review");
    (checked["result"], checked["reason"]) = (json!("通過"), Value::Null);
    for row in checked["slots"].as_array_mut().expect("rows") {
        row["stamped_ok"] = json!("是");
    }
    desk.type_paper(&case, "adv_form_review", checked).await;
    window.click("act:write_sheet").await;
    window.wait_for_text("sheet-result", "通過").await;
    window.screenshot("74-form-review").await;
    desk.does("pass", "初審分發委員").await;

    // 分發委員.
    window.click("nav:assign").await;
    window.click(&format!("change:{case}")).await;
    window.find("reviewer:reviewer-a").await;
    desk.tick("reviewer:reviewer-a").await;
    window.screenshot("75-assign-box").await;
    window.click("act:store").await;
    window.wait_for_text(&format!("reviewers:{case}"), "審查委員甲").await;
    window.screenshot("76-assign").await;
    window.click("act:confirm").await;
    window.wait_for_text("plan", "審查委員甲").await;
    window.click("act:send").await;
    window.find("result").await;
    window.screenshot("77-assigned").await;
    window.click("act:close").await;

    // The reviewer reads, remarks at a field, and writes the 審查標準表 by hand.
    desk.is_taken_by("reviewer-a", "初審").await;
    window.screenshot("78-case-at-reviewer").await;
    window.click("act:write_sheet").await;
    let field = |key: &str| format!("field:adv_review.{key}");
    for key in ["grade_pre", "grade_obs", "grade_post"] {
        desk.tick(&field(&format!("{key}:第1等級"))).await;
    }
    desk.tick(&field("similarity:未達60%相仿")).await;
    window.type_into(&field("comment"), "觀察紀錄能呈現具體事實。").await;
    desk.tick(&field("result_first:通過")).await;
    window.click("tab:post_conference_a").await;
    window.click("act:remark:post_conference_a.next_action").await;
    window.type_into("remark:post_conference_a.next_action", "後續行動可再具體。").await;
    window.wait_for_text("sheet-result", "通過").await;
    window.screenshot("79-review").await;
    window.click("act:review").await;
    window.wait_for_text("remarks-along", "1 則").await;
    window.click("act:confirm").await;
    window.wait_for_text("state", "初審判定").await;
    window.click("act:sync").await;
    window.wait_for_text("delivery", "已送達").await;

    // The county decides, the platform publishes, the ministry issues.
    desk.is_taken_by("county-taichung", "初審判定").await;
    window.find("decide").await;
    window.screenshot("80-decide").await;
    desk.does("grant", "通過").await;
    desk.is_taken_by("platform", "通過").await;
    desk.does("publish", "產證").await;
    desk.is_taken_by("ministry", "產證").await;
    desk.does("issue", "發證").await;
    window.wait_for_text("certificate-number", "臺中證號第B111000001號").await;

    // The teacher has the number, and nobody's name.
    desk.is_taken_by("teacher-a", "發證").await;
    window.wait_for_text("certificate-number", "臺中證號第B111000001號").await;
    window.screenshot("81-certificate").await;
    let page = window.page().find(Locator::Css("body")).await.expect("a page").text().await.expect("words");
    assert!(!page.contains("審查委員甲"), "{page}");
    desk.window.close().await;
}
