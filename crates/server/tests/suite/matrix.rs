//! Every role × every state × every object and act, asked over HTTP. What comes back is compared twice: with the rules of
//! `domain`, cell by cell, and with the table beside this file, which people read and which no rule can change unseen.

use super::{Ground, application, conveners::renamed, report, returned};
use domain::{
    case::{Case, Process, State},
    ids::CaseId,
    people::{Actor, Role},
    time::PlanYear,
    workflow::{Action, Need, Row, Sight, Who, Workflow, sight},
};
use reqwest::Method;
use serde_json::json;
use std::fmt::Write as _;
use testkit::{Caller, paper, person};
use uuid::Uuid;
use wire::http::{ActBody, ActDone};

/// Who looks: a heading of the table, and the account.
const LOOKERS: &[(&str, &str)] = &[
    ("teacher: the owner", "owner"),
    ("teacher: a colleague", "teacher-b"),
    ("teacher: elsewhere", "teacher-c"),
    ("principal: of the school", "principal-a"),
    ("school: the own", "school193625"),
    ("school: another", "school-matsu"),
    ("county: the own", "county-taichung"),
    ("county: another", "county-lienchiang"),
    ("reviewer", "reviewer-a"),
    ("ministry", "ministry"),
    ("platform", "platform"),
];

/// A case in a state, with an owner of its own, reached by real acts as far as they go.
async fn case_in(ground: &Ground, state: State, number: u32) -> (Caller, CaseId, u32) {
    let owner = ground.another(&format!("owner-{number}"), "teacher-a").await;
    let (school, county) = (ground.signed_in("school193625").await, ground.signed_in("county-taichung").await);
    let case = owner.open_case().await;
    let mut steps: Vec<(&Caller, ActBody)> = vec![(&owner, application(&owner, 1000 + number).await)];
    match state {
        State::SchoolCheck => {}
        // Sent once and returned: there are papers that nobody else may see any more.
        State::Draft => steps.push((&school, returned())),
        State::Withdrawn => steps.extend([(&school, returned()), (&owner, ActBody::Withdraw)]),
        State::CountyCheck => steps.push((&school, ActBody::Pass { sheet: None })),
        State::Rejected => {
            let reject = ActBody::Reject { reason: "經費不足".to_owned() };
            steps.extend([(&school, ActBody::Pass { sheet: None }), (&county, reject)]);
        }
        State::Running | State::Closed => {
            steps.extend([(&school, ActBody::Pass { sheet: None }), (&county, ActBody::Approve { amount: None })]);
        }
        other => unreachable!("{other:?} is no state of a 社群"),
    }
    let mut seq = 1;
    for (caller, act) in steps {
        seq = caller.act(case, seq, act).await.read::<ActDone>().seq;
    }
    if state == State::Closed {
        let body = report(&owner, 20_000 + number).await;
        seq = owner.act(case, seq, body).await.read::<ActDone>().seq;
    }
    assert_eq!(owner.case(case).await.case.state, state);
    (owner, case, seq)
}

/// An act as someone would send it who forgot what can be forgotten, so that a person who may act is told what is missing.
fn half_hearted(action: Action) -> ActBody {
    match action {
        Action::Submit => ActBody::Submit { papers: Vec::new() },
        Action::Pass => ActBody::Pass { sheet: None },
        Action::Return => ActBody::Return { reason: " ".to_owned(), sheet: None },
        Action::Approve => ActBody::Approve { amount: None },
        Action::Reject => ActBody::Reject { reason: String::new() },
        Action::Withdraw => ActBody::Withdraw,
        Action::SendReport => ActBody::SendReport { papers: Vec::new() },
        Action::ChangeConvener => ActBody::ChangeConvener { to: person("teacher-b").person, consent: String::new() },
        Action::CorrectConvener => ActBody::CorrectConvener { papers: Vec::new() },
        Action::Import => ActBody::Import { carried: Vec::new() },
        Action::Send => ActBody::Send { papers: Vec::new() },
        Action::Assign => ActBody::Assign { reviewers: Vec::new() },
        Action::Review => ActBody::Review { sheet: paper("plc_budget", "typical", None) },
        Action::Grant => ActBody::Grant { reason: String::new() },
        Action::GrantCorrected => ActBody::GrantCorrected { reason: String::new() },
        Action::AskCorrection => ActBody::AskCorrection { reason: String::new() },
        Action::Deny => ActBody::Deny { reason: String::new() },
        Action::Resubmit => ActBody::Resubmit { papers: Vec::new() },
        Action::Appeal => ActBody::Appeal { papers: Vec::new() },
        Action::AcceptAppeal => ActBody::AcceptAppeal,
        Action::RefuseAppeal => ActBody::RefuseAppeal { reason: String::new() },
        Action::Lapse => ActBody::Lapse,
        Action::Publish => ActBody::Publish,
        Action::Issue => ActBody::Issue { on: "2022-10-01".parse().unwrap() },
    }
}

/// The row of a 社群 for this state, action and part.
fn row_of(state: State, action: Action, role: Role) -> Option<&'static Row> {
    let mut rows = Workflow::of(Process::Plc).rows.iter();
    rows.find(|row| row.from == state && row.action == action && row.who.is(role, None))
}

/// What one person gets to see of a case, and the codes of what they try.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    row: bool,
    listed: bool,
    told: bool,
    papers: bool,
    blob: bool,
    draft: bool,
    push: String,
    /// Asking who could take the case over.
    conveners: String,
    acts: Vec<(Action, String)>,
}

async fn look(
    ground: &Ground,
    looker: &Caller,
    case: CaseId,
    seq: u32,
    blob: &str,
    number: &mut u32,
    state: State,
) -> Seen {
    let answer = looker.get(&format!("/v1/cases/{case}")).await;
    let row = answer.status.is_success();
    let papers = row && !answer.body["case"]["papers"].as_array().unwrap().is_empty();
    if row {
        assert_eq!(answer.body["papers_hidden"], !papers);
    } else {
        assert_eq!(answer.code(), "not_found");
    }
    let list = looker.get("/v1/cases?limit=200").await.body;
    let listed = list["rows"].as_array().unwrap().iter().any(|row| row["case"]["id"] == json!(case));
    let changes = looker.changes(0).await;
    let told = changes.cases.iter().find(|seen| seen.case.id == case);
    assert!(told.is_none_or(|seen| seen.case.papers.is_empty() != papers));
    let file = looker.send(looker.request(Method::GET, &format!("/v1/blobs/{blob}"))).await;
    let push = json!({ "id": Uuid::now_v7(), "base": 0, "changes": {} });
    let push = looker.post(&format!("/v1/cases/{case}/drafts/plc_application"), push).await;
    let conveners = looker.get(&format!("/v1/cases/{case}/conveners")).await.code().to_owned();
    let draft = changes.drafts.iter().any(|draft| draft.case == case);
    let mut acts = Vec::new();
    for action in Action::ALL {
        let at_once = row_of(state, action, looker.session().actor.role).is_some_and(|row| row.needs.is_empty());
        let code = if at_once {
            // This would move the case: it is tried on another one of the kind.
            *number += 1;
            let (owner, case, seq) = Box::pin(case_in(ground, state, *number)).await;
            let own = action == Action::Withdraw && looker.session().actor.person.name.ends_with("之二");
            let looker = if own { &owner } else { looker };
            looker.act(case, seq, half_hearted(action)).await.code().to_owned()
        } else {
            looker.act(case, seq, half_hearted(action)).await.code().to_owned()
        };
        acts.push((action, code));
    }
    Seen {
        row,
        listed,
        told: told.is_some(),
        papers,
        blob: file.status.is_success(),
        draft,
        push: push.code().to_owned(),
        conveners,
        acts,
    }
}

/// The same from the rules alone.
fn ruled(case: &Case, looker: &Actor) -> Seen {
    let state = case.state;
    let sight = sight(case, looker);
    let editable = domain::workflow::plc::editable(state).iter().any(|form| form.as_str() == "plc_application");
    let push = match sight {
        Sight::Nothing => "not_found",
        Sight::Row | Sight::Papers => "not_yours",
        Sight::Own if editable => "ok",
        Sight::Own => "not_editable",
    };
    let part = match looker.role.part() {
        Role::Teacher => sight == Sight::Own,
        Role::School | Role::County => sight > Sight::Nothing,
        _ => false,
    };
    let act = |action| {
        let code = match row_of(state, action, looker.role) {
            _ if sight == Sight::Nothing => "not_found",
            _ if !part => "not_yours",
            None => "not_in_this_state",
            // None of these cases changed hands.
            Some(row) if row.needs.contains(&Need::ConvenerDiffers) => "not_in_this_state",
            Some(row) if row.needs.is_empty() => "ok",
            Some(_) => "act_incomplete",
        };
        (action, code.to_owned())
    };
    // Nobody is told who could take over but who may change the convener.
    let (_, conveners) = act(Action::ChangeConvener);
    let conveners = if conveners == "act_incomplete" { "ok".to_owned() } else { conveners };
    let seen = sight > Sight::Nothing;
    Seen {
        row: seen,
        listed: seen,
        told: seen,
        papers: sight >= Sight::Papers,
        blob: sight >= Sight::Papers,
        draft: sight == Sight::Own,
        push: push.to_owned(),
        conveners,
        acts: Action::ALL.map(act).to_vec(),
    }
}

pub(crate) async fn who_sees_and_does_what(ground: Ground) {
    let mut table = String::new();
    let mut number = 0;
    let roles: std::collections::BTreeSet<Role> =
        LOOKERS.iter().filter(|(_, account)| *account != "owner").map(|(_, account)| person(account).role).collect();
    assert_eq!(roles.len(), Role::ALL.len(), "every role looks");
    for state in Workflow::of(Process::Plc).states() {
        number += 1;
        let (owner, case, seq) = case_in(&ground, state, number).await;
        // A draft of every case, made behind the service's back where the state lets no draft in.
        let db = ground.db().await;
        let mut tx = db.write().await.unwrap();
        let change = tx.next_change().await.unwrap();
        let sql = "INSERT INTO drafts (case_id, form, owner_id, change_seq, head) \
                   VALUES ($1, 'plc_budget', $2, $3, '{\"revision\":1,\"answers\":{},\"changed\":{}}')";
        tx.run(sql, vec![case.into(), owner.session().actor.person.id.into(), change.into()]).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        let blob = owner.case(case).await.case.papers[0].stamped.clone().unwrap().blob;
        writeln!(table, "{} {}", json!(state).as_str().unwrap(), state.label()).unwrap();
        for (heading, account) in LOOKERS {
            let looker = if *account == "owner" { owner.clone() } else { ground.signed_in(account).await };
            let seen = look(&ground, &looker, case, seq, blob.as_str(), &mut number, state).await;
            let known = owner.case(case).await.case;
            assert_eq!(seen, ruled(&known, &looker.session().actor), "{heading} in {state:?}");
            let objects = [("row", seen.row), ("papers", seen.papers), ("blob", seen.blob), ("draft", seen.draft)];
            let objects: Vec<&str> = objects.into_iter().filter(|(_, sees)| *sees).map(|(object, _)| object).collect();
            let may = seen.acts.iter().filter(|(_, code)| code == "ok" || code == "act_incomplete");
            let may: Vec<&str> = may.map(|(action, _)| action.code()).collect();
            let edits = if seen.push == "ok" { "edits" } else { "" };
            let line = format!("  {heading:<26} sees {:<22} {edits:<6} may {}", objects.join(" "), may.join(" "));
            writeln!(table, "{}", line.trim_end()).unwrap();
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots", omit_expression => true }, {
        insta::assert_snapshot!("who_sees_and_does_what", table);
    });
}

/// The case in the hands of another teacher of its school.
async fn handed_over(ground: &Ground, case: CaseId, seq: u32, number: u32) -> Caller {
    let next = ground.another(&format!("next-{number}"), "teacher-a").await;
    let to = next.session().actor.person.clone();
    let change = ActBody::ChangeConvener { to, consent: "中市教專字第1號".to_owned() };
    ground.signed_in("school193625").await.act(case, seq, change).await.read::<ActDone>();
    next
}

/// Each row of the process, walked with everything it needs, ends where the table says.
pub(crate) async fn every_row_of_the_process_can_be_walked(ground: Ground) {
    for (number, row) in (1..).zip(Workflow::of(Process::Plc).rows) {
        let (mut owner, case, mut seq) = case_in(&ground, row.from, 5000 + number).await;
        if row.needs.contains(&Need::ConvenerDiffers) {
            owner = handed_over(&ground, case, seq, number).await;
            seq += 1;
        }
        let actor = match row.who {
            Who::Part(Role::Teacher) => owner.clone(),
            Who::Part(Role::School) => ground.signed_in("school193625").await,
            Who::Part(Role::County) => ground.signed_in("county-taichung").await,
            other => panic!("nobody plays {other:?} here"),
        };
        let body = match row.action {
            Action::Submit => application(&owner, 9000 + number).await,
            Action::Return => returned(),
            Action::Reject => ActBody::Reject { reason: "經費不足".to_owned() },
            Action::ChangeConvener => {
                let next = ground.another(&format!("next-{number}"), "teacher-a").await;
                ActBody::ChangeConvener {
                    to: next.session().actor.person.clone(),
                    consent: "中市教專字第1號".to_owned(),
                }
            }
            Action::CorrectConvener => {
                let sent = owner.case(case).await.case.papers;
                ActBody::CorrectConvener { papers: vec![renamed(&sent[0], &owner.session().actor.person.name)] }
            }
            Action::SendReport => report(&owner, 9000 + number).await,
            other => half_hearted(other),
        };
        let done: ActDone = actor.act(case, seq, body).await.read();
        assert_eq!((done.seq, done.case.case.state), (seq + 1, row.to), "{}", row.source);
    }
    let same_year = ActBody::Open { process: Process::Plc, plan_year: PlanYear(111) };
    let fresh = ground.another("fresh", "teacher-a").await;
    assert_eq!(fresh.act(Uuid::now_v7().into(), 0, same_year).await.code(), "ok");
}
