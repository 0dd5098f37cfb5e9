//! The print of a review: every round, every field by its own name, long remarks over several pages.

use super::*;
use crate::remarks;
use domain::{
    case::{Case as Application, Doer, Process, SentPaper, State},
    certification::Round,
    ids::{AccountId, RemarkId},
    people::{Person, Role, School},
    remark::Remark,
};
use std::process::Command;

const ID: &str = "0190a5b8-c7d0-7def-8abc-0123456789ab";

fn remark(round: u32, form: &str, field: &str, text: &str, answer: Option<&str>, settled: bool) -> Remark {
    let person = Person { id: ID.parse::<AccountId>().unwrap(), name: "介壽國(中)小承辦人".to_owned() };
    Remark {
        id: ID.parse::<RemarkId>().unwrap(),
        round,
        review: None,
        form: form.parse().unwrap(),
        field: field.to_owned(),
        text: text.to_owned(),
        by: Doer { person, role: Role::School },
        at: "2022-02-20T02:00:00Z".parse().unwrap(),
        answer: answer.map(str::to_owned),
        settled,
    }
}

fn application(remarks: Vec<Remark>) -> Application {
    let sent = |id: &str| {
        let (_, form) = Packs::built_in().for_year(&id.parse().unwrap(), PlanYear(111)).unwrap();
        SentPaper {
            form: form.clone(),
            revision: 1,
            hash: String::new(),
            answers: Answers::default(),
            stamped: None,
            stamped_revision: None,
        }
    };
    let at = "2022-02-18T02:00:00Z".parse().unwrap();
    Application {
        id: ID.parse::<CaseId>().unwrap(),
        process: Process::Plc,
        plan_year: PlanYear(111),
        school: School { code: "090501".into(), name: "縣立介壽國(中)小".into(), county: "連江縣".into() },
        owner: Person { id: ID.parse::<AccountId>().unwrap(), name: "陳喆".into() },
        state: State::Draft,
        seq: 5,
        reason: Some("您好，請看各欄意見，修正後再重新送出申請。".into()),
        created_at: at,
        updated_at: at,
        papers: vec![sent("plc_application"), sent("plc_budget")],
        approved_amount: None,
        carried: Vec::new(),
        returns: 2,
        steps: Vec::new(),
        reviewing: Default::default(),
        remarks,
    }
}

fn text_of(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("r.pdf");
    fs::write(&file, pdf).unwrap();
    let text = Command::new("pdftotext").args(["-layout"]).arg(&file).arg("-").output().expect("pdftotext runs");
    String::from_utf8_lossy(&text.stdout).chars().filter(|sign| !sign.is_whitespace()).collect()
}

/// What reviewers asked stands under their round, apart from what came with a return.
#[test]
fn remarks_of_reviewers_go_by_their_round() {
    let mut first = remark(1, "pre_conference_a", "unit", "請說明單元。", None, false);
    first.review = Some(Round::First);
    let mut second = remark(1, "pre_conference_a", "unit", "請再補充。", None, false);
    second.review = Some(Round::Second);
    let returned = remark(1, "pre_conference_a", "unit", "未核章。", None, true);
    let case = Application { process: Process::Advanced, ..application(vec![returned, first, second]) };
    let sheet = remarks(&FONTS, &case, "", Typeface::Serif).unwrap();
    let text = text_of(&sheet.pdf);
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
    let order = ["認證教師", "第1次退件", "未核章。", "初審意見", "請說明單元。", "複審意見", "請再補充。"].map(place);
    assert!(order.is_sorted(), "{order:?}");
    assert!(!text.contains("社群名稱") && !text.contains("召集人"), "{text}");
}

#[test]
fn a_review_is_printed_round_by_round() {
    let case = application(vec![
        remark(
            1,
            "plc_application",
            "plc_summary",
            "請補充學生學習成果，\n並說明與學校課程的關係。",
            Some("已補充於第三段。"),
            true,
        ),
        remark(1, "plc_application", "schedule", "缺一場公開授課（備觀議課）。", None, false),
        remark(2, "plc_budget", "lecturer_external_1", "鐘點費節數與年度預定進度表不符。", None, false),
    ]);
    let sheet = remarks(&FONTS, &case, "我愛上學", Typeface::Serif).unwrap();
    assert_eq!((sheet.pages, sheet.missing_glyphs.len()), (1, 0));
    if let Some(folder) = std::env::var_os("PROTEACHER_PAPERS") {
        fs::create_dir_all(&folder).unwrap();
        fs::write(PathBuf::from(folder).join("remarks.pdf"), &sheet.pdf).unwrap();
    }
    let text = text_of(&sheet.pdf);
    for wanted in [
        "審查意見",
        "111學年度連江縣縣立介壽國(中)小",
        "我愛上學",
        "第1次退件",
        "第2次退件",
        "年度預定進度表",
        "已解決",
        "待回覆",
        "已補充於第三段。",
        "介壽國(中)小承辦人",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    assert_eq!(sheet, remarks(&FONTS, &case, "我愛上學", Typeface::Serif).unwrap(), "the same bytes again");
}

#[test]
fn the_longest_remarks_go_on_over_the_page_and_hostile_text_is_text() {
    let long = "鳳".repeat(domain::remark::MOST_CHARS);
    let hostile = "#panic(\"x\") $a$ = [b] \u{202e}𠮷";
    let many = (0..20).map(|_| remark(1, "plc_application", "plc_goals", &long, Some(&long), false));
    let case = application(many.chain([remark(2, "plc_application", "plc_name", hostile, None, false)]).collect());
    let sheet = remarks(&FONTS, &case, hostile, Typeface::Serif).unwrap();
    assert!(sheet.pages > 5, "{} pages", sheet.pages);
    let text = text_of(&sheet.pdf);
    assert_eq!(text.matches('鳳').count(), 40 * domain::remark::MOST_CHARS, "nothing is cut");
    assert!(text.contains("#panic(\"x\")$a$=[b]"));
}
