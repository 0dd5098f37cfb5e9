//! What lists know of a case, what their filters offer, and the money of a choice.

use crate::sample::{answers, case};
use domain::{
    case::{Case, Process, SentPaper, State},
    choose::{Pick, Spent, budgets},
    form::Packs,
    ids::CaseId,
    list::{Choices, Criteria, Group, Listed, choices, listed},
    people::School,
    time::PlanYear,
};
use serde_json::{Value, json};
use uuid::Uuid;

fn paper(form: &str, content: Value) -> SentPaper {
    let (_, form) = Packs::built_in().for_year(&form.parse().unwrap(), PlanYear(111)).unwrap();
    SentPaper {
        form: form.clone(),
        revision: 1,
        hash: String::new(),
        answers: answers(content),
        stamped: None,
        stamped_revision: None,
    }
}

#[test]
fn the_papers_say_level_and_amount() {
    let application = |funding: &str| {
        paper("plc_application", json!({ "plc_name": "我愛上學", "plc_level": "學習社群", "apply_funding": funding }))
    };
    let budget = |lines: Value| paper("plc_budget", lines);
    let two_lines = || {
        budget(json!({
            "lecturer_internal": { "quantity": 4, "unit_price": 1000 },
            "printing": { "quantity": 1, "unit_price": 680 },
        }))
    };
    let huge = || budget(json!({ "printing": { "quantity": 9_999_999, "unit_price": 999 } }));
    let broken = || budget(json!({ "printing": { "quantity": "x", "unit_price": [] } }));
    for (papers, asked) in [
        (vec![application("是"), two_lines()], 4_680),
        (vec![two_lines(), application("是")], 4_680),
        (vec![application("是"), huge()], u32::MAX),
        (vec![application("是"), broken()], 0),
        (vec![application("是")], 0),
        // 是否申請經費 = 否: what an earlier budget says counts for nothing.
        (vec![application("否"), two_lines()], 0),
    ] {
        let found = listed(&Case { papers, ..case(State::CountyCheck) });
        let expected =
            Listed { title: "我愛上學".to_owned(), level: "學習社群".to_owned(), asked: Some(asked) };
        assert_eq!(found, expected);
    }
    assert_eq!(listed(&case(State::Draft)), Listed::default());
}

fn group(year: u16, state: State, level: &str, cases: u32) -> Group {
    Group { plan_year: PlanYear(year), process: Process::Plc, state, level: level.to_owned(), cases }
}

/// `111:5 110:1 | draft:2 … | 學習社群:3`
fn written(choices: &Choices) -> String {
    let years: Vec<String> =
        choices.plan_years.iter().map(|one| format!("{}:{}", one.plan_year.0, one.cases)).collect();
    let states: Vec<String> = choices.states.iter().map(|one| format!("{:?}:{}", one.state, one.cases)).collect();
    let levels: Vec<String> = choices.levels.iter().map(|one| format!("{}:{}", one.level, one.cases)).collect();
    [years.join(" "), states.join(" "), levels.join(" ")].join(" | ")
}

#[test]
fn every_choice_is_counted_under_the_other_filters() {
    let groups = [
        group(111, State::Draft, "", 2),
        group(111, State::CountyCheck, "學習社群", 3),
        group(111, State::CountyCheck, "無", 1),
        group(111, State::Running, "學習社群", 4),
        group(110, State::Closed, "無", 5),
    ];
    let any = Criteria::default;
    for (criteria, expected) in [
        (any(), "111:10 110:5 | Draft:2 CountyCheck:4 Running:4 Closed:5 | 學習社群:7 無:6"),
        (
            Criteria { plan_year: Some(PlanYear(111)), ..any() },
            "111:10 110:5 | Draft:2 CountyCheck:4 Running:4 | 學習社群:7 無:1",
        ),
        (
            Criteria { states: vec![State::CountyCheck, State::Running], ..any() },
            "111:8 | Draft:2 CountyCheck:4 Running:4 Closed:5 | 學習社群:7 無:1",
        ),
        (
            Criteria { levels: vec!["無".to_owned()], plan_year: Some(PlanYear(111)), ..any() },
            "111:1 110:5 | CountyCheck:1 | 學習社群:7 無:1",
        ),
        // What is chosen can be let go, even where nothing of it is left.
        (
            Criteria {
                plan_year: Some(PlanYear(109)),
                states: vec![State::Rejected],
                levels: vec!["進階".to_owned()],
                ..any()
            },
            "109:0 | Rejected:0 | 進階:0",
        ),
    ] {
        assert_eq!(written(&choices(&groups, Vec::new(), &criteria)), expected, "{criteria:?}");
    }
}

fn school(code: &str) -> School {
    School { code: code.to_owned(), name: format!("{code}國小"), county: "臺中市".to_owned() }
}

fn pick(number: u128, year: u16, code: &str, amount: u32) -> Pick {
    Pick { case: CaseId(Uuid::from_u128(number)), plan_year: PlanYear(year), school: school(code), amount }
}

#[test]
fn a_choice_is_held_against_every_ceiling() {
    let spent = [
        Spent { plan_year: PlanYear(111), school: school("193625"), amount: 15_000 },
        Spent { plan_year: PlanYear(111), school: school("193601"), amount: 10_000 },
        Spent { plan_year: PlanYear(110), school: school("193625"), amount: 99_000 },
        Spent {
            plan_year: PlanYear(111),
            school: School { county: "連江縣".to_owned(), ..school("291501") },
            amount: 7,
        },
    ];
    let picks = [
        pick(1, 111, "193625", 12_000),
        pick(2, 111, "193625", 15_001),
        pick(3, 111, "193602", 15_000),
        pick(4, 110, "193625", u32::MAX),
    ];
    let rules = |year: PlanYear, county: &str| {
        let mut policy = Packs::built_in().policy(year, Some(county));
        if year == PlanYear(111) {
            for (name, value) in [("max_per_plc", 15_000), ("max_per_school", 40_000), ("total_budget", 60_000)] {
                policy.numbers.insert(name.to_owned(), value);
            }
        }
        policy
    };
    let found = budgets(&picks, &spent, rules);
    let [now, before] = &found[..] else { panic!("two years: {found:?}") };
    assert_eq!((now.plan_year.0, now.cases, now.amount, now.already), (111, 3, 42_001, 25_000));
    assert_eq!((now.ceiling, now.left, now.max_per_plc), (Some(60_000), Some(-7_001), Some(15_000)));
    assert_eq!(now.over, [picks[1].case], "15,000 is within, a dollar more is not");
    let of = |place: usize| {
        let school = &now.schools[place];
        (school.school.code.as_str(), school.cases, school.amount, school.already, school.left)
    };
    assert_eq!(of(0), ("193602", 1, 15_000, 0, Some(25_000)));
    assert_eq!(of(1), ("193625", 2, 27_001, 15_000, Some(-2_001)));
    // Nothing is set in that year, so nothing is over, however much it is.
    assert_eq!((before.ceiling, before.left, before.max_per_plc, before.over.len()), (None, None, None, 0));
    assert_eq!((before.amount, before.already, before.schools[0].left), (i64::from(u32::MAX), 99_000, None));
}
