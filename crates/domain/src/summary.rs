//! 彙整: what a 總表 takes in from the applications of its school, and whether they have changed since (`workflows.md` §3.3, §4).

use crate::{
    case::{Carried, Case, Process, State},
    draft::Changes,
    form::{Answers, Packs, check},
    policy::Policy,
    workflow::plc,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What importing gives: the fields of the 總表 that come from the applications, and which applications these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// `items` and `level_counts` (`forms.md` §2.3); the school's own data stay as they are.
    pub changes: Changes,
    /// The applications, in the order of the rows.
    pub carried: Vec<Carried>,
}

/// An application whose place in the 總表 is not what it was: 「內容已更動」.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Drift {
    /// Carried, and no longer passed: returned, withdrawn or not approved.
    Gone {
        /// 社群名稱.
        name: String,
    },
    /// Carried, and sent again with other content.
    Changed {
        /// 社群名稱.
        name: String,
    },
    /// Passed since, and not carried.
    New {
        /// 社群名稱.
        name: String,
    },
}

/// Whether a 總表 takes an application in this state: from the school's 形式審通過 on (`forms.md` §2.3).
pub fn is_carried(state: State) -> bool {
    matches!(state, State::CountyCheck | State::Running | State::Closed)
}

/// Whether an application may still come into the 總表: it is filled in, or waits for the school's 形式審.
pub fn is_waiting(state: State) -> bool {
    matches!(state, State::Draft | State::SchoolCheck)
}

/// Gathers what a 總表 takes in. `cases` are the school's cases of the plan year, in any order and with any state; `policy` that
/// of the county and the year, whose list of 級別 gives the order of the counts.
pub fn gather(cases: &[Case], policy: &Policy) -> Gathered {
    let passed = passed(cases);
    let items: Vec<Value> = passed.iter().map(|case| item(case, policy)).collect();
    let count = |level: &str| items.iter().filter(|item| item["plc_level"] == level).count();
    // Every level that the county has set is counted, 0 群 too, as on the office's own sheet.
    let levels = policy.list("plc_levels").iter().map(|level| level.zh.as_str());
    let counts: Vec<Value> = levels.map(|level| json!({ "level": level, "count": count(level) })).collect();
    let changes =
        Changes::from([("items".to_owned(), Value::Array(items)), ("level_counts".to_owned(), Value::Array(counts))]);
    Gathered { changes, carried: passed.into_iter().map(carried).collect() }
}

/// What is different now from what was carried, in the order of the 總表, new ones last.
pub fn drift(was: &[Carried], cases: &[Case]) -> Vec<Drift> {
    let now: Vec<Carried> = passed(cases).into_iter().map(carried).collect();
    let mut found = Vec::new();
    for one in was {
        match now.iter().find(|other| other.case == one.case) {
            None => found.push(Drift::Gone { name: one.name.clone() }),
            Some(other) if other.hash != one.hash => found.push(Drift::Changed { name: other.name.clone() }),
            Some(_) => {}
        }
    }
    let new = now.into_iter().filter(|one| was.iter().all(|other| other.case != one.case));
    found.extend(new.map(|one| Drift::New { name: one.name }));
    found
}

/// The applications that passed, in the order in which they were opened.
fn passed(cases: &[Case]) -> Vec<&Case> {
    let mut passed: Vec<&Case> =
        cases.iter().filter(|case| case.process == Process::Plc && is_carried(case.state)).collect();
    passed.sort_by_key(|case| (case.created_at, case.id));
    passed
}

fn answers<'a>(case: &'a Case, form: &str) -> Option<(&'a Answers, &'static crate::form::FormDef)> {
    let sent = case.papers.iter().find(|paper| paper.form.id.as_str() == form)?;
    let (def, _) = Packs::built_in().get(&sent.form.id, sent.form.version)?;
    Some((&sent.answers, def))
}

fn carried(case: &Case) -> Carried {
    let of = [plc::APPLICATION, plc::BUDGET];
    let papers = case.papers.iter().filter(|paper| of.contains(&paper.form.id.as_str()));
    let hashes: Vec<&str> = papers.map(|paper| paper.hash.as_str()).collect();
    let name =
        answers(case, plc::APPLICATION).map_or_else(String::new, |(answers, _)| answers.text("plc_name").to_owned());
    Carried { case: case.id, name, hash: hashes.join("+") }
}

/// One row: what stands on the application as it was sent; the amount is the 合計 of its 概算表.
fn item(case: &Case, policy: &Policy) -> Value {
    let nothing = Answers::default();
    let (application, members) = match answers(case, plc::APPLICATION) {
        Some((answers, def)) => {
            (answers, check(def, answers.clone(), policy).computed.get("member_count").cloned().unwrap_or(Value::Null))
        }
        None => (&nothing, Value::Null),
    };
    let copy = |key: &str| application.get(key).cloned().unwrap_or(Value::Null);
    json!({
        "plc_name": copy("plc_name"),
        "plc_level": copy("plc_level"),
        "plc_contents": copy("plc_contents"),
        "convener_name": copy("convener_name"),
        "member_count": members,
        "amount": amount(case, policy),
    })
}

/// 申請經費, NTD: the 合計 of the 概算表 as sent, 0 where none is sent or 是否申請經費 = 否.
pub fn amount(case: &Case, policy: &Policy) -> i64 {
    let unfunded = answers(case, plc::APPLICATION).is_some_and(|(answers, _)| answers.text("apply_funding") == "否");
    match answers(case, plc::BUDGET) {
        Some((budget, def)) if !unfunded => {
            check(def, budget.clone(), policy).computed.get("total").and_then(Value::as_i64).unwrap_or(0)
        }
        _ => 0,
    }
}
