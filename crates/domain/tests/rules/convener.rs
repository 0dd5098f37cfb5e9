//! 更正召集人資料: when there is such an act, what it may change, and what it leaves.

use crate::sample::{
    answers, application, case, form_id, handed_over, now, own, owner, pack_answers, paper_facts, policy, scan,
};
use domain::{
    case::{Case, CompletePaper, Deed, State},
    form::{Answers, PackError, Packs, check, suggest_own},
    people::{Actor, Role},
    workflow::{
        Action, Command, Facts, Refusal, allowed, convener, decide,
        plc::{APPLICATION, BUDGET},
    },
};
use serde_json::json;

fn facts() -> Facts {
    let papers = vec![paper_facts(form_id(APPLICATION), true, false)];
    Facts { papers, convener: policy().convener, corrected: true, ..Facts::default() }
}

fn offered(case: &Case) -> bool {
    let acts = allowed(case, &own(Role::Teacher), &facts(), now());
    acts.iter().any(|allowed| allowed.action == Action::CorrectConvener)
}

fn correct(case: &Case, papers: Vec<CompletePaper>) -> Result<Deed, Refusal> {
    decide(case, Command::CorrectConvener { papers }, &own(Role::Teacher), &facts(), now()).map(|decided| decided.deed)
}

/// Handed over, a name that is another's, papers that are locked: without any of it nobody is shown such an act, and none is taken.
#[test]
fn only_a_case_that_was_handed_over_and_names_another_can_be_corrected() {
    let county = || handed_over(State::CountyCheck);
    let never = Case { steps: Vec::new(), ..county() };
    let named = Case { papers: vec![application(&owner().name, "我愛上學").sent()], ..county() };
    let spaced = Case { papers: vec![application(" 陳老師 ", "我愛上學").sent()], ..county() };
    let blank = Case { papers: vec![application("", "我愛上學").sent()], ..county() };
    let unsent = Case { papers: Vec::new(), ..county() };
    let nobody = Case { owner: domain::people::Person { name: " ".to_owned(), ..owner() }, ..county() };
    let cases = [
        (county(), true),
        (handed_over(State::SchoolCheck), true),
        (handed_over(State::Draft), false),
        (handed_over(State::Running), false),
        (handed_over(State::Closed), false),
        (case(State::CountyCheck), false),
        (never, false),
        (named, false),
        (spaced, false),
        (blank, false),
        (unsent, false),
        (nobody, false),
    ];
    for (number, (case, possible)) in cases.into_iter().enumerate() {
        assert_eq!(offered(&case), possible, "{number}");
        let forms = convener::correctable(&case, &policy().convener).len();
        assert_eq!(forms, usize::from(possible), "{number}");
        match correct(&case, vec![application("王老師", "我愛上學")]) {
            Ok(_) => assert!(possible, "{number}"),
            Err(refusal) => {
                let state = case.state;
                let no_such = Refusal::NotInThisState { action: Action::CorrectConvener, state };
                assert_eq!((refusal, possible), (no_such, false), "{number}");
            }
        }
    }
}

/// The case goes on where it is, with the new name, the old stamped copy and the revision that the copy shows.
#[test]
fn a_correction_changes_the_name_and_keeps_the_stamped_copy() {
    let mut case = handed_over(State::CountyCheck);
    let paper = |revision, name| CompletePaper { revision, stamped: None, ..application(name, "我愛上學") };
    for (revision, name) in [(2, "王老師"), (3, "陳老師")] {
        let decided = decide(
            &case,
            Command::CorrectConvener { papers: vec![paper(revision, name)] },
            &own(Role::Teacher),
            &facts(),
            now(),
        )
        .unwrap();
        case.apply(&crate::sample::event(revision, &own(Role::Teacher), decided));
        let [sent] = &case.papers[..] else { panic!("{:?}", case.papers) };
        assert_eq!(
            (sent.answers.text("convener_name"), sent.revision, case.state),
            (name, revision, State::CountyCheck)
        );
        assert_eq!((&sent.stamped, sent.stamped_revision), (&Some(scan()), Some(1)), "the copy shows what was stamped");
    }
    assert!(!offered(&case), "the name is the convener's now");
}

/// What was never stamped has no older copy to speak of.
#[test]
fn without_a_stamped_copy_there_is_none_after_it() {
    let mut case = handed_over(State::SchoolCheck);
    case.papers[0].stamped = None;
    let Ok(Deed::ConvenerCorrected { papers }) = correct(&case, vec![application("陳老師", "我愛上學")]) else {
        panic!()
    };
    assert_eq!((&papers[0].stamped, papers[0].stamped_revision), (&None, None));
}

#[test]
fn any_other_answer_is_refused_by_its_name() {
    let case = handed_over(State::SchoolCheck);
    let refused =
        |form: &str, field: &str| Err(Refusal::OtherFieldChanged { form: form_id(form), field: field.to_owned() });
    assert_eq!(correct(&case, vec![application("陳老師", "一起學英文")]), refused(APPLICATION, "plc_name"));
    // Another form, or the form in another version: all of it would be another.
    let mut other = application("陳老師", "我愛上學");
    other.form.version = 2;
    assert_eq!(correct(&case, vec![other]), refused(APPLICATION, ""));
    let mut budget = application("陳老師", "我愛上學");
    budget.form.id = form_id(BUDGET);
    assert_eq!(correct(&case, vec![budget]), refused(BUDGET, ""));
}

/// The answers of a correction: the convener's own as typed, the rest as sent; absent and `null` are one.
#[test]
fn what_is_typed_is_laid_over_what_was_sent() {
    let own = policy().convener_of(&form_id(APPLICATION)).unwrap().clone();
    let sent = answers(json!({ "plc_name": "甲", "convener_name": "前", "convener_phone": "1", "plc_goals": null }));
    let typed = answers(json!({ "plc_name": "乙", "convener_name": "後", "convener_email": "a@b.tw" }));
    let laid = convener::overlay(&sent, Some(&typed), &own);
    let expected = json!({ "plc_name": "甲", "convener_name": "後", "convener_email": "a@b.tw", "plc_goals": null });
    assert_eq!(json!(laid), expected);
    assert_eq!(convener::overlay(&sent, None, &own), sent);
    assert_eq!(convener::other_field(&sent, &laid, &own), None);
    assert_eq!(convener::other_field(&sent, &answers(json!({ "plc_name": "甲" })), &own), None);
    assert_eq!(convener::other_field(&sent, &typed, &own), Some("plc_name".to_owned()));
    assert_eq!(convener::other_field(&sent, &answers(json!({})), &own), Some("plc_name".to_owned()));
}

/// The list of the convener's own answers is data: every published version has them, and a misspelt one is found when it is read.
#[test]
fn the_convener_s_own_answers_are_on_the_forms() {
    let own = policy().convener_of(&form_id(APPLICATION)).unwrap().clone();
    assert_eq!(own.keys().collect::<Vec<_>>(), ["convener_name", "convener_phone", "convener_email"]);
    for (def, _) in Packs::built_in().all().filter(|(def, _)| def.id == own.form) {
        assert!(own.keys().all(|key| def.field(key).is_some()), "v{}", def.version);
    }
    let form = "id = \"plc_application\"\nversion = 1\nplan_year = 111\ntitle = { zh = \"甲\", en = \"A\" }\n\
                name = { zh = \"甲\", en = \"A\" }\nsections = []\n";
    let policy = "\n[[convener]]\nsource = \"s\"\nform = \"plc_application\"\nname = \"convener_nmae\"\ncontact = []\n";
    let read = Packs::parse(&[("forms/plc_application/v1/form.toml", form)], &[("policy/convener.toml", policy)]);
    let PackError { file, line, reason } = read.unwrap_err();
    assert_eq!((file.as_str(), line), ("policy/convener.toml", 4));
    assert_eq!(reason, "plc_application has no field convener_nmae");
}

/// What was sent was judged by the rules of its day: an error elsewhere does not keep a new convener from correcting their own data,
/// one of their own does.
#[test]
fn only_errors_of_the_convener_s_own_answers_stand_against_a_correction() {
    let own = policy().convener_of(&form_id(APPLICATION)).unwrap().clone();
    let (def, mut answers) = pack_answers(APPLICATION);
    answers.0.insert("plc_summary".to_owned(), json!("太短"));
    let checked = |answers: &Answers| check(def, answers.clone(), &policy());
    assert!(checked(&answers).complete().is_err());
    assert!(checked(&answers).complete_for(&own).is_ok());
    answers.0.insert("convener_email".to_owned(), json!("不是信箱"));
    let errors = checked(&answers).complete_for(&own).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["convener_email"]);
}

/// The new convener's profile is offered, where it says something else than the paper.
#[test]
fn ones_own_data_is_offered() {
    let own_data = policy().convener_of(&form_id(APPLICATION)).unwrap().clone();
    let (def, _) = pack_answers(APPLICATION);
    let person = Actor { phone: Some("0912-345678".to_owned()), email: Some(" ".to_owned()), ..own(Role::Teacher) };
    let typed = answers(json!({ "convener_name": "陳老師", "convener_phone": "1", "convener_email": "a@b.tw" }));
    let offered = suggest_own(def, &typed, &own_data, &person);
    let offered: Vec<_> = offered.iter().map(|offer| (offer.field.as_str(), offer.value.clone())).collect();
    assert_eq!(offered, [("convener_phone", json!("0912-345678"))]);
}
