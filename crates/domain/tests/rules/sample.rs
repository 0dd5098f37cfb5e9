//! People, cases and papers that the tests share.

use domain::{
    case::{Case, CompletePaper, Doer, Event, Process, StampedFile, State},
    certification::{Assignment, Certifying, Reviewing, Round},
    form::{Answers, FormDef, FormId, FormRef, Label, Packs, check, content_hash},
    ids::{AccountId, BlobHash, CaseId, EventId},
    people::{Actor, Person, Role, School},
    policy::Policy,
    remark::Remarks,
    steps::{DeedKind, Step},
    time::{PlanYear, Timestamp},
    workflow::{Decided, PaperFacts, Who, Workflow, plc},
};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn now() -> Timestamp {
    "2022-05-01T04:00:00Z".parse().unwrap()
}

pub(crate) fn form_id(id: &str) -> FormId {
    id.parse().unwrap()
}

pub(crate) fn answers(value: Value) -> Answers {
    serde_json::from_value(value).unwrap()
}

pub(crate) fn policy() -> Policy {
    Packs::built_in().policy(PlanYear(111), None)
}

pub(crate) fn person(number: u128, name: &str) -> Person {
    Person { id: AccountId(Uuid::from_u128(number)), name: name.to_owned() }
}

pub(crate) fn owner() -> Person {
    person(1, "陳老師")
}

pub(crate) fn home_school() -> School {
    school("193625", "臺中市")
}

fn school(code: &str, county: &str) -> School {
    School { code: code.to_owned(), name: format!("{county}立國小"), county: county.to_owned() }
}

/// Someone with this part at the case: its owner, its school's clerk, its county's office, or a national office.
pub(crate) fn own(role: Role) -> Actor {
    let who = if role.part() == Role::Teacher { owner() } else { person(50, "承辦人") };
    let works_at_school = matches!(role, Role::Teacher | Role::Principal | Role::School);
    Actor {
        person: who,
        role,
        school: works_at_school.then(home_school),
        county: (works_at_school || role == Role::County).then(|| "臺中市".to_owned()),
        email: None,
        phone: None,
    }
}

/// Someone with this part elsewhere: another teacher of the same school, another school, another county.
pub(crate) fn foreign(role: Role) -> Actor {
    let mut actor = Actor { person: person(99, "他人"), ..own(role) };
    match role {
        Role::School => actor.school = Some(school("014601", "新北市")),
        Role::County => actor.county = Some("連江縣".to_owned()),
        _ => {}
    }
    actor
}

/// The process that has this state; no two share one.
pub(crate) fn process_of(state: State) -> Process {
    Process::ALL.into_iter().find(|process| Workflow::of(*process).states().contains(&state)).unwrap()
}

pub(crate) fn case(state: State) -> Case {
    let process = process_of(state);
    Case {
        id: CaseId(Uuid::from_u128(7)),
        process,
        plan_year: PlanYear(111),
        school: home_school(),
        owner: own(Workflow::of(process).opener).person,
        state,
        seq: 1,
        reason: None,
        created_at: now(),
        updated_at: now(),
        papers: Vec::new(),
        approved_amount: None,
        carried: Vec::new(),
        returns: 0,
        remarks: Vec::new(),
        steps: Vec::new(),
        reviewing: reviewing(state),
    }
}

/// How a certification is run in the sample's county.
pub(crate) fn certifying(process: Process) -> Option<&'static Certifying> {
    Packs::built_in().certifying(process, PlanYear(111), &home_school().county)
}

/// The review of a certification in this state: its reviewer is asked while a round is under review, and the days for an appeal run
/// while one is possible.
fn reviewing(state: State) -> Reviewing {
    let asked = Round::under_review(state);
    let appeals = matches!(state, State::FirstFailed | State::SecondFailed);
    let assignment = |round| Assignment { round, reviewer: own(Role::Reviewer).person, at: now() };
    Reviewing {
        assignments: asked.map(assignment).into_iter().collect(),
        appeal_until: appeals.then(|| now() + chrono::TimeDelta::days(5)),
        ..Reviewing::default()
    }
}

/// The service as it acts when a time is over.
pub(crate) fn service() -> Actor {
    let person = Person { id: AccountId::SERVICE, name: "系統".to_owned() };
    Actor { person, role: Role::Platform, school: None, county: None, email: None, phone: None }
}

/// Whoever a row of this process is for.
pub(crate) fn whose(process: Process, who: Who) -> Actor {
    match who {
        Who::Part(role) => own(role),
        Who::Desk(desk) => own(certifying(process).unwrap().at(desk).unwrap()),
        Who::Clock => service(),
    }
}

pub(crate) fn event(seq: u32, by: &Actor, decided: Decided) -> Event {
    Event {
        id: EventId(Uuid::from_u128(1000 + u128::from(seq))),
        case: CaseId(Uuid::from_u128(7)),
        seq,
        at: now() + chrono::TimeDelta::minutes(i64::from(seq)),
        by: Doer { person: by.person.clone(), role: by.role },
        to: decided.to,
        deed: decided.deed,
        remarks: Remarks::default(),
    }
}

pub(crate) fn scan() -> StampedFile {
    StampedFile { blob: BlobHash::of(b"scan"), bytes: 4, pages: 1, stamps: Vec::new() }
}

/// What the report wants enclosed.
pub(crate) fn outcome() -> Label {
    Label { zh: "成果分享".to_owned(), en: "results".to_owned() }
}

/// How far a paper has come, with what its form wants enclosed.
pub(crate) fn paper_facts(form: FormId, complete: bool, stamped: bool) -> PaperFacts {
    let encloses = (form.as_str() == plc::REPORT).then(outcome);
    PaperFacts { form, complete, stamped, encloses }
}

/// A paper of this form with nothing to fill in, which is all that the rules of a process see of it.
pub(crate) fn paper(id: &FormId, stamped: bool) -> CompletePaper {
    let text = format!(
        "id = \"{id}\"\nversion = 1\nplan_year = 111\ntitle = {{ zh = \"甲\", en = \"A\" }}\n\
         name = {{ zh = \"甲\", en = \"A\" }}\nsections = []\n"
    );
    let def = FormDef::parse("form.toml", &text, &|_| false, &|_| false).unwrap();
    let hash = "ab".repeat(32);
    CompletePaper {
        form: FormRef { id: id.clone(), version: 1, hash: hash.clone() },
        revision: 1,
        hash,
        answers: check(&def, Answers::default(), &policy()).complete().unwrap(),
        stamped: stamped.then(scan),
    }
}

/// An 申請表 as short as one can be: who convenes, and a name that is nobody's business after it was sent.
pub(crate) fn application(convener: &str, plc_name: &str) -> CompletePaper {
    let field = |key: &str| format!("{{ key = \"{key}\", kind = \"text\", label = {{ zh = \"甲\", en = \"A\" }} }}");
    let fields: Vec<String> = ["plc_name", "convener_name", "convener_phone", "convener_email"].map(field).into();
    let text = format!(
        "id = \"plc_application\"\nversion = 1\nplan_year = 111\ntitle = {{ zh = \"甲\", en = \"A\" }}\n\
         name = {{ zh = \"甲\", en = \"A\" }}\n[[sections]]\nkey = \"a\"\ntitle = {{ zh = \"甲\", en = \"A\" }}\n\
         fields = [{}]\n",
        fields.join(", ")
    );
    let def = FormDef::parse("form.toml", &text, &|_| false, &|_| false).unwrap();
    let form = FormRef { id: form_id(plc::APPLICATION), version: 1, hash: "ab".repeat(32) };
    let typed = answers(json!({ "convener_name": convener, "plc_name": plc_name }));
    let answers = check(&def, typed, &policy()).complete().unwrap();
    CompletePaper { revision: 1, hash: content_hash(&form, answers.answers()), form, answers, stamped: Some(scan()) }
}

/// A case that was handed over after its papers were sent: they still name the convener before.
pub(crate) fn handed_over(state: State) -> Case {
    let mut case = case(state);
    if case.process == Process::Plc {
        case.papers = vec![application("前召集人", "我愛上學").sent()];
        case.steps = vec![Step {
            seq: 1,
            at: now(),
            from: Some(state),
            to: state,
            what: DeedKind::ConvenerChanged,
            role: Role::School,
            by: None,
            reason: None,
        }];
    }
    case
}

/// A form and the answers of its typical sample.
pub(crate) fn pack_answers(form: &str) -> (&'static FormDef, Answers) {
    let text = match form {
        "plc_application" => include_str!("../../../../forms/plc_application/v111/samples/typical.json"),
        "plc_budget" => include_str!("../../../../forms/plc_budget/v111/samples/typical.json"),
        other => panic!("no sample of {other} here"),
    };
    let mut sample: Value = serde_json::from_str(text).unwrap();
    let (def, _) = Packs::built_in().get(&form_id(form), 111).unwrap();
    (def, answers(sample["answers"].take()))
}
