//! Papers outside a case in the real window: blank forms to take away, a record filled in with its paper beside it, and what one
//! paper offers to the next.

use crate::desk::{Desk, Service};
use fantoccini::key::Key;

#[tokio::test]
async fn papers_are_taken_away_filled_in_and_carried_on() {
    let data = tempfile::tempdir().expect("a folder");
    let mut service = Service::new();
    service.up().await;
    let desk = Desk::open(&service, data.path()).await;
    desk.sign_in("teacher-b").await;
    // From here on without a network.
    service.down();
    let window = &desk.window;

    window.click("nav:downloads").await;
    window.find("fill:adv_checklist").await;
    window.screenshot("30-downloads").await;
    for (kind, head) in [("pdf", b"%PDF-".as_slice()), ("odt", b"PK"), ("docx", b"PK")] {
        let file = data.path().join(format!("blank.{kind}"));
        window.click(&format!("blank:adv_checklist:{kind}")).await;
        window.choose_place("另存空白表", &file).await;
        let mut bytes = Vec::new();
        for _ in 0..200 {
            bytes = std::fs::read(&file).unwrap_or_default();
            if bytes.starts_with(head) {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(bytes.starts_with(head), "{kind}: {} bytes", bytes.len());
    }

    // What stands on the record of the conference before the lesson is offered to the record of the lesson.
    window.click("fill:pre_conference_a").await;
    window.type_into("field:pre_conference_a.teacher_name", "王同儕").await;
    window.type_into("field:pre_conference_a.unit", "水的旅行").await;
    desk.saved().await;
    window.screenshot("31-pre-conference").await;
    window.click("nav:downloads").await;
    window.click("fill:obs_flanders").await;
    window.find("suggestions").await;
    window.screenshot("32-suggestions").await;
    window.click("act:accept_all").await;
    window.wait_until_gone("suggestions").await;
    assert_eq!(window.value("field:obs_flanders.teacher_name").await, "王同儕");
    assert_eq!(window.value("field:obs_flanders.unit").await, "水的旅行");

    // Codes are tapped on the keyboard; matrix and ratios stand below and on the paper.
    // While the offers go, the page moves under the pointer: a person who missed clicks again.
    let has_the_keyboard =
        "return document.activeElement?.closest('[data-testid=\"field:obs_flanders.codes\"]') !== null";
    for _ in 0..20 {
        window.click("field:obs_flanders.codes").await;
        if window.page().execute(has_the_keyboard, Vec::new()).await.expect("an answer") == true {
            break;
        }
    }
    for code in ["5", "3", "6", "7", "9", "0"] {
        window.press(code).await;
    }
    window.press(&char::from(Key::Backspace).to_string()).await;
    desk.saved().await;
    window.wait_for_text("field:obs_flanders.ratios", "80.00").await;
    window.screenshot("33-flanders").await;

    // It is there again, and still nobody else's.
    window.click("nav:downloads").await;
    window.wait_for_text("fill:obs_flanders", "繼續填寫").await;
    window.click("fill:obs_flanders").await;
    window.wait_for_text("field:obs_flanders.ratios", "80.00").await;
    window.click("nav:home").await;
    assert!(!window.shows("waiting").await, "nothing waits to be sent");
    desk.window.close().await;
}
