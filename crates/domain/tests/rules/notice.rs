//! Messages: their texts as an office edits them, and when somebody is reminded.

use chrono::TimeDelta;
use domain::{
    form::Packs,
    notice::{About, NoticeKind, NoticeTexts, due_mark},
    policy::{Window, WindowKind},
    time::{PlanYear, Timestamp},
};

fn built_in() -> &'static NoticeTexts {
    Packs::built_in().notices()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn about() -> About {
    About { plan_year: PlanYear(111), closes: Some(at("2022-05-23T04:00:00Z")) }
}

#[test]
fn every_text_is_filled_to_its_end() {
    for kind in NoticeKind::ALL {
        let text = built_in().get(kind).unwrap().filled(&about());
        for words in [&text.title.zh, &text.title.en, &text.body.zh, &text.body.en] {
            assert!(!words.contains(['{', '}']), "{kind:?}: {words}");
        }
    }
    let closing = built_in().get(NoticeKind::WindowClosing).unwrap().filled(&about());
    assert!(closing.body.zh.contains("111學年度") && closing.body.zh.contains("於111年5月23日 12:00截止"));
    assert!(closing.body.en.contains("close on 2022-05-23 12:00."));
}

#[test]
fn the_texts_written_as_a_file_are_the_same_texts() {
    let file = built_in().as_toml();
    assert_eq!(NoticeTexts::default().replaced_by("notices.toml", &file).unwrap(), *built_in());
    assert_eq!(built_in().replaced_by("notices.toml", "").unwrap(), *built_in(), "what is left out stays");
    let odd = "[[notice]]\nkind = \"n1\"\nsource = 's'\ntitle = { zh = '\"引號\\', en = 'a' }\nbody = { zh = \"一\\n二\", en = '''b''' }\n";
    let changed = built_in().replaced_by("notices.toml", odd).unwrap();
    assert_eq!(changed.get(NoticeKind::N1).unwrap().body.zh, "一\n二");
    assert_eq!(changed.get(NoticeKind::N2), built_in().get(NoticeKind::N2));
    assert_eq!(NoticeTexts::default().replaced_by("again.toml", &changed.as_toml()).unwrap(), changed);
}

#[test]
fn faults_of_an_offices_file_are_refused_with_their_place() {
    let notice = |kind: &str, title: &str, body: &str| {
        format!(
            "# 本處的通知\n\n[[notice]]\nkind = \"{kind}\"\nsource = \"s\"\ntitle = {{ zh = \"{title}\", en = \"t\" }}\n\
             body = {{ zh = \"{body}\", en = \"b\" }}\n"
        )
    };
    let mail = |title: &str| {
        format!("\n[mail]\nsource = \"s\"\nfooter = \"f\"\ndaily_title = \"{title}\"\ndaily_intro = \"i\"\n")
    };
    for (text, line, reason) in [
        (notice("n99", "標題", "內容"), 4, "no such kind"),
        (notice("newer", "標題", "內容"), 4, "no such kind"),
        (notice("n1", "標題", "{plan_year}的{name}"), 4, "{name} is not known here; there is {plan_year}"),
        (notice("n1", "標題", "於{closes}截止"), 4, "{closes} is not known here"),
        (notice("window_closing", "標題", "於{closes}與{plan_year截止"), 4, "{plan_year截止 is not known here"),
        (notice("n1", "標題\\nBcc: x", "內容"), 4, "one line"),
        (notice("n1", "標題", " "), 4, "both languages"),
        (notice("n1", "標題", "內容") + &notice("n1", "標題", "內容"), 11, "has a text already"),
        (notice("n1", "標題", "內容").replace("body", "text"), 3, "unknown field `text`"),
        (notice("n1", "標題", "內容").replace("source = \"s\"\n", ""), 3, "missing field `source`"),
        ("[[county]]\ncounty = \"甲縣\"\n".to_owned(), 1, "unknown field `county`"),
        (mail("一\\n二"), 3, "one line"),
        (mail("{plan_year}"), 3, "nothing is filled"),
        ("[[notice]\n".to_owned(), 1, ""),
    ] {
        let error = built_in().replaced_by("notices.toml", &text).unwrap_err();
        assert_eq!(error.file, "notices.toml");
        assert!(error.reason.contains(reason), "{error} should say {reason}");
        assert!(
            error.line == line || (error.line > line && reason.starts_with("unknown field `text")),
            "{error}: {line}"
        );
    }
}

/// A service that is newer than the program knows more kinds; their words come along.
#[test]
fn a_kind_of_a_newer_service_can_be_read() {
    let kind: NoticeKind = serde_json::from_str("\"n99\"").unwrap();
    assert_eq!(kind, NoticeKind::Newer);
    assert!(!NoticeKind::ALL.contains(&kind));
    for kind in NoticeKind::ALL {
        let word = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<NoticeKind>(&word).unwrap(), kind, "{word}");
    }
}

#[test]
fn reminders_come_at_their_hour_and_not_after_the_end() {
    // The window opens on May 20 and closes on May 30 at noon; 7 o'clock in Taipei is 23 o'clock of the day before in UTC.
    let window = Window { from: at("2022-05-20T00:00:00Z"), to: at("2022-05-30T04:00:00Z") };
    for (now, due) in [
        ("2022-05-22T22:59:59Z", None),
        ("2022-05-22T23:00:00Z", Some(7)),
        ("2022-05-28T22:59:59Z", Some(7)),
        ("2022-05-28T23:00:00Z", Some(1)),
        ("2022-05-30T04:00:00Z", Some(1)),
        ("2022-05-30T04:00:01Z", None),
    ] {
        assert_eq!(due_mark(&window, &[7, 1], 7, at(now)), due, "{now}");
        assert_eq!(due_mark(&window, &[1, 7], 7, at(now)), due, "in any order");
    }
    assert_eq!(due_mark(&window, &[30], 7, window.from - TimeDelta::seconds(1)), None, "not before it opens");
    assert_eq!(due_mark(&window, &[30], 7, window.from), Some(30));
    assert_eq!(due_mark(&window, &[], 7, window.to), None);
    // At the last midnight of a year, and with a mark that lies before all days.
    let new_year = Window { from: at("2022-12-01T00:00:00Z"), to: at("2022-12-31T16:00:00Z") };
    assert_eq!(due_mark(&new_year, &[1, u16::MAX], 0, at("2022-12-30T16:00:00Z")), Some(1));
    assert_eq!(due_mark(&new_year, &[1], 24, at("2022-12-31T00:00:00Z")), None, "there is no such hour");
}

#[test]
fn windows_are_the_countys() {
    let policy = |county| Packs::built_in().policy(PlanYear(111), Some(county));
    assert_eq!(policy("新北市").windows[&WindowKind::Apply].to, at("2022-05-23T04:00:00Z"));
    assert!(policy("臺中市").windows.is_empty());
    let policy = policy("新北市");
    let counties = policy.counties();
    assert_eq!((counties.len(), counties[0], counties[21]), (22, "臺北市", "連江縣"));
    assert_eq!(Packs::built_in().reminders(), [7, 1]);
}
