//! What was already written once and could stand here too: answers of other papers of the case, and of the person's 社群 of
//! earlier years. They are offered, never put in: a person accepts them one by one or all at once.

use super::{Answers, FormDef, FormId, Label, Prefill, shape::is_blank};
use crate::{people::Actor, policy::ConvenerFields, time::PlanYear};
use serde::Serialize;
use serde_json::{Value, json};

/// An answer that is offered for a field that has none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Suggestion {
    /// The field's key.
    pub field: String,
    /// The field's label.
    pub label: Label,
    /// The answer.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub value: Value,
    /// The paper it stands on.
    pub source: Label,
    /// The plan year of that paper's case, when it is another case.
    pub plan_year: Option<u16>,
}

/// A new convener's own data, for the answers of the one before that they may correct (`workflows.md` §5). Offered like the rest,
/// though the fields are not blank.
pub fn suggest_own(form: &FormDef, answers: &Answers, own: &ConvenerFields, person: &Actor) -> Vec<Suggestion> {
    let source = Label { zh: "個人資料".to_owned(), en: "your profile".to_owned() };
    let offered = own.keys().filter_map(|key| {
        let field = form.field(key)?;
        let value = match field.prefill.as_ref()? {
            Prefill::PersonName => person.person.name.clone(),
            Prefill::PersonEmail => person.email.clone()?,
            Prefill::PersonPhone => person.phone.clone()?,
            Prefill::SchoolName | Prefill::County | Prefill::Form(_) => return None,
        };
        let differs = !value.trim().is_empty() && answers.text(key).trim() != value.trim();
        let (field, label) = (key.to_owned(), field.label.clone());
        differs.then(|| Suggestion { field, label, value: json!(value), source: source.clone(), plan_year: None })
    });
    offered.collect()
}

/// A paper that answers can come from.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// The form.
    pub form: &'a FormDef,
    /// Its answers.
    pub answers: &'a Answers,
    /// The plan year of another case of the same person; none: a paper of this case.
    pub plan_year: Option<u16>,
}

/// Fields that stand on papers of different cases: target form and key, source form and key.
///
/// The platform holds the 社群 cases, so name, convener and time can be offered from them (`forms.md` §3.4); a 社群 that goes on
/// keeps its facts from one year to the next (§2.1).
const ACROSS_CASES: &[(&str, &str, &str, &str)] = &[
    ("plc_application", "plc_name", "plc_application", "plc_name"),
    ("plc_application", "plc_level", "plc_application", "plc_level"),
    ("plc_application", "plc_goals", "plc_application", "plc_goals"),
    ("plc_application", "school_scope", "plc_application", "school_scope"),
    ("plc_application", "partner_schools", "plc_application", "partner_schools"),
    ("plc_application", "continuity", "plc_application", "continuity"),
    ("plc_application", "continuity_year", "plc_application", "continuity"),
    ("plc_application", "grade_subject_scope", "plc_application", "grade_subject_scope"),
    ("plc_application", "teaching_stage", "plc_application", "teaching_stage"),
    ("plc_application", "members", "plc_application", "members"),
    ("plc_application", "schedule", "plc_application", "schedule"),
    ("plc_application", "expected_outcomes", "plc_application", "expected_outcomes"),
    ("plc_participation_proof", "plc_name", "plc_application", "plc_name"),
    ("plc_participation_proof", "convener_name", "plc_application", "convener_name"),
    ("plc_participation_proof", "is_convener", "plc_application", "convener_name"),
    ("plc_participation_proof", "period_from", "plc_application", "schedule"),
    ("plc_participation_proof", "period_to", "plc_application", "schedule"),
    ("adv_checklist", "c5_from", "plc_application", "schedule"),
    ("adv_checklist", "c5_to", "plc_application", "schedule"),
];

/// Of each of these one is filled in (`forms.md` §3.2, 表件清單), so what a pack names of one stands for all of them.
const SLOTS: &[&[&str]] = &[
    &["pre_conference_a", "pre_conference_b"],
    &[
        "obs_std105",
        "obs_std101",
        "obs_anecdotal",
        "obs_verbal_flow",
        "obs_at_task",
        "obs_movement",
        "obs_flanders",
        "obs_verbatim",
    ],
    &["post_conference_a", "post_conference_b"],
];

fn slot(form: &str) -> &'static [&'static str] {
    SLOTS.iter().find(|slot| slot.contains(&form)).copied().unwrap_or_default()
}

/// What can be offered for the blank fields of a form, in its order; the first source that has an answer offers it, so the
/// nearest comes first in `sources`. `person` is the name of whoever fills the form in, `plan_year` that of the paper.
pub fn suggest(
    form: &FormDef,
    answers: &Answers,
    sources: &[Source<'_>],
    person: &str,
    plan_year: PlanYear,
) -> Vec<Suggestion> {
    let blank = |key: &str| answers.get(key).is_none_or(is_blank);
    let fields = form.fields().filter(|field| field.takes_answer() && !field.read_only && blank(&field.key));
    fields
        .filter_map(|field| {
            let wanted = match &field.prefill {
                Some(Prefill::Form(path)) => path.split_once('.'),
                _ => None,
            };
            sources.iter().find_map(|source| {
                let value = offered(&form.id, &field.key, wanted, source, person, plan_year)?;
                (!is_blank(&value)).then(|| Suggestion {
                    field: field.key.clone(),
                    label: field.label.clone(),
                    value,
                    source: source.form.name.clone(),
                    plan_year: source.plan_year,
                })
            })
        })
        .collect()
}

fn offered(
    form: &FormId,
    key: &str,
    wanted: Option<(&str, &str)>,
    source: &Source<'_>,
    person: &str,
    plan_year: PlanYear,
) -> Option<Value> {
    let from = source.form.id.as_str();
    let Some(source_year) = source.plan_year else {
        let (_, source_key) = wanted.filter(|(wanted, _)| *wanted == from || slot(wanted).contains(&from))?;
        let value = source.answers.get(source_key)?;
        return match key {
            // 公開授課實施日期 is the first 觀課 of the 公開授課實施證明: it comes before the lesson of the peer.
            "c3_date" => Some(json!(days(value, "obs_date").min()?)),
            _ => Some(value.clone()),
        };
    };
    let row = |row: &&(&str, &str, &str, &str)| row.0 == form.as_str() && row.1 == key && row.2 == from;
    let (_, _, _, source_key) = ACROSS_CASES.iter().find(row)?;
    let value = source.answers.get(source_key)?;
    Some(match key {
        // A 社群 of the year before goes on; one of long ago begins anew.
        "continuity" | "continuity_year" if source_year + 1 != plan_year.0 => return None,
        "continuity" => json!("續辦第幾年"),
        "continuity_year" => json!(source.answers.get("continuity_year").and_then(Value::as_i64).unwrap_or(1) + 1),
        // The same sessions on other days.
        "schedule" => value.as_array()?.iter().map(without_day).collect(),
        "is_convener" => json!(if value.as_str()?.trim() == person { "是" } else { "否" }),
        "period_from" | "c5_from" => json!(days(value, "session_date").min()?),
        "period_to" | "c5_to" => json!(days(value, "session_date").max()?),
        _ => value.clone(),
    })
}

/// A session of last year without its day.
fn without_day(session: &Value) -> Value {
    let mut session = session.clone();
    if let Some(row) = session.as_object_mut() {
        row.remove("session_date");
    }
    session
}

/// The days in a column of a table, such as those of a 年度預定進度表; days written `YYYY-MM-DD` sort as text.
fn days<'v>(table: &'v Value, column: &str) -> impl Iterator<Item = &'v str> {
    let rows = table.as_array().into_iter().flatten();
    rows.filter_map(move |row| row.get(column)?.as_str()).filter(|day| super::shape::parse_date(day).is_some())
}
