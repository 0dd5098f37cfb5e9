//! What the papers of one case say about each other: days of the same event, who taught and who observed, money asked for
//! (`forms.md` §4). Each check has a name and is said at the field that a person would correct.

use super::{Answers, FormDef, FormId, Level, Problem, ProblemCode, problem::into_params, shape::parse_date};
use crate::policy::Policy;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// A paper among those of a case.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// The form.
    pub form: &'a FormDef,
    /// Its answers.
    pub answers: &'a Answers,
}

/// What a check may look at.
struct Papers<'a> {
    all: &'a [Beside<'a>],
    /// The name of the person whose case it is.
    applicant: &'a str,
    policy: &'a Policy,
}

/// The form, the field and the figures.
type Finding = (FormId, String, Value);

/// A check over the papers of a case.
pub struct TogetherCheck {
    /// Its name, which is also the code of what it finds, unless `code` says otherwise.
    pub name: &'static str,
    /// How much it weighs.
    pub level: Level,
    code: Option<ProblemCode>,
    run: fn(&Papers<'_>) -> Vec<Finding>,
}

impl std::fmt::Debug for TogetherCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn named(name: &'static str, level: Level, run: fn(&Papers<'_>) -> Vec<Finding>) -> TogetherCheck {
    TogetherCheck { name, level, code: None, run }
}

/// Every check over several papers, in the order of `forms.md` §4.
pub const TOGETHER_CHECKS: &[TogetherCheck] = &[
    // §4.1, and §3.8: the days on the 檢核表 equal those on the papers they are about.
    TogetherCheck { name: "days_across", level: Level::Error, code: Some(ProblemCode::OutOfOrder), run: days_across },
    named("day_differs", Level::Error, day_differs),
    // §4.2.
    named("observes_oneself", Level::Error, observes_oneself),
    named("not_the_applicant", Level::Error, not_the_applicant),
    // workflows.md §5: when the convener changes, the names inside the forms do not.
    named("convener_differs", Level::Warning, convener_differs),
    // §4.3.
    TogetherCheck {
        name: "own_lesson_first",
        level: Level::Error,
        code: Some(ProblemCode::OutOfOrder),
        run: own_lesson_first,
    },
    // §4.4.
    named("few_activities", Level::Warning, few_activities),
    // §4.5.
    named("funding_differs", Level::Error, funding_differs),
    // §4.6.
    named("budget_not_wanted", Level::Warning, budget_not_wanted),
    // §6: 每群上限 by 社群級別.
    named("level_total_over", Level::Warning, level_total_over),
];

/// Whether a county can name this check.
pub(crate) fn is_together_check(name: &str) -> bool {
    TOGETHER_CHECKS.iter().any(|check| check.name == name)
}

/// What is wrong between the papers of a case, each finding at the form it should be corrected in. Papers that are not there, and
/// fields that are blank, say nothing; with a blank `applicant` nobody knows whose papers they are, and names are not compared.
pub fn check_together(papers: &[Beside<'_>], applicant: &str, policy: &Policy) -> Vec<(FormId, Problem)> {
    let subject = Papers { all: papers, applicant: applicant.trim(), policy };
    let mut found = Vec::new();
    for check in TOGETHER_CHECKS {
        let code = || check.code.clone().unwrap_or_else(|| ProblemCode::Named(check.name.to_owned()));
        let level = if policy.strict_checks.contains(check.name) { Level::Error } else { check.level };
        found.extend(
            (check.run)(&subject).into_iter().map(|(form, field, params)| {
                (form, Problem { field, code: code(), params: into_params(params), level })
            }),
        );
    }
    found
}

impl<'a> Papers<'a> {
    fn get(&self, id: &str) -> Option<Beside<'a>> {
        self.all.iter().copied().find(|paper| paper.form.id.as_str() == id)
    }

    /// The papers whose ids begin so: one conference has two forms, one observation eight.
    fn family(&self, prefix: &'static str) -> impl Iterator<Item = Beside<'a>> + use<'a> {
        self.all.iter().copied().filter(move |paper| paper.form.id.as_str().starts_with(prefix))
    }

    fn conferences_and_records(&self) -> impl Iterator<Item = Beside<'a>> + use<'a> {
        self.family("pre_conference_").chain(self.family("obs_")).chain(self.family("post_conference_"))
    }
}

impl<'a> Beside<'a> {
    fn day(&self, key: &str) -> Option<NaiveDate> {
        parse_date(self.word(key))
    }

    fn word(&self, key: &str) -> &'a str {
        self.answers.text(key).trim()
    }

    fn at(&self, field: &str, params: Value) -> Finding {
        (self.form.id.clone(), field.to_owned(), params)
    }

    fn name(&self) -> Value {
        json!(self.form.name)
    }
}

/// 觀察前會談 ≤ 觀察 ≤ 觀察後會談, between the papers.
fn days_across(papers: &Papers<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut after = |earlier: Beside<'_>, earlier_key: &str, later: Beside<'_>, later_key: &str| {
        if let (Some(first), Some(second)) = (earlier.day(earlier_key), later.day(later_key))
            && second < first
        {
            found.push(later.at(later_key, json!({ "after": first, "paper": earlier.name() })));
        }
    };
    for record in papers.family("obs_") {
        papers.family("pre_conference_").for_each(|pre| after(pre, "pre_date", record, "obs_date"));
        papers.family("post_conference_").for_each(|post| after(record, "obs_date", post, "post_date"));
    }
    if papers.family("obs_").next().is_none() {
        for post in papers.family("post_conference_") {
            papers.family("pre_conference_").for_each(|pre| after(pre, "pre_date", post, "post_date"));
        }
    }
    found
}

/// The 檢核表 repeats days of other papers; they are the same days.
fn day_differs(papers: &Papers<'_>) -> Vec<Finding> {
    let Some(list) = papers.get("adv_checklist") else { return Vec::new() };
    let mut found = Vec::new();
    let mut same = |key: &str, days: Vec<(Beside<'_>, NaiveDate)>| {
        let Some(day) = list.day(key) else { return };
        if let Some((paper, wanted)) = days.first().filter(|_| days.iter().all(|(_, other)| *other != day)) {
            found.push(list.at(key, json!({ "value": day, "wanted": wanted, "paper": paper.name() })));
        }
    };
    let days = |prefix: &'static str, key: &str| {
        papers.family(prefix).filter_map(|paper| Some((paper, paper.day(key)?))).collect::<Vec<_>>()
    };
    same("c4_pre_date", days("pre_conference_", "pre_date"));
    same("c4_obs_date", days("obs_", "obs_date"));
    same("c4_post_date", days("post_conference_", "post_date"));
    same("c5_from", days("plc_participation_proof", "period_from"));
    same("c5_to", days("plc_participation_proof", "period_to"));
    let proof = papers.get("open_class_proof");
    same("c3_date", proof.map(|proof| lessons(proof).map(|(_, day)| (proof, day)).collect()).unwrap_or_default());
    found
}

/// The days of 入班教學觀察 on the 公開授課實施證明, with the number of the row.
fn lessons<'a>(proof: Beside<'a>) -> impl Iterator<Item = (usize, NaiveDate)> + use<'a> {
    let rows = proof.answers.rows("lessons").iter().enumerate();
    rows.filter_map(|(number, row)| Some((number, parse_date(row.get("obs_date")?.as_str()?)?)))
}

/// The applicant observes a peer: on the papers of the observation somebody else teaches.
fn observes_oneself(papers: &Papers<'_>) -> Vec<Finding> {
    let own = |paper: &Beside<'_>| !papers.applicant.is_empty() && paper.word("teacher_name") == papers.applicant;
    let found = papers.conferences_and_records().filter(own);
    found.map(|paper| paper.at("teacher_name", json!({ "value": papers.applicant }))).collect()
}

/// On the applicant's own proofs it is the applicant who teaches, takes part and applies.
fn not_the_applicant(papers: &Papers<'_>) -> Vec<Finding> {
    let own = ["open_class_proof", "plc_participation_proof", "adv_checklist", "adv_appeal"];
    let named = own.into_iter().filter_map(|id| papers.get(id)).filter_map(|paper| {
        let name = paper.word("teacher_name");
        (![name, papers.applicant].contains(&"") && name != papers.applicant)
            .then(|| paper.at("teacher_name", json!({ "value": name, "wanted": papers.applicant })))
    });
    named.collect()
}

/// 社群召集人 on the papers of a 社群 is the teacher whose case it is; after 更換社群召集人 the name is for the new one to correct.
fn convener_differs(papers: &Papers<'_>) -> Vec<Finding> {
    let named = ["plc_application", "plc_report"].into_iter().filter_map(|id| papers.get(id)).filter_map(|paper| {
        let name = paper.word("convener_name");
        (![name, papers.applicant].contains(&"") && name != papers.applicant)
            .then(|| paper.at("convener_name", json!({ "value": name, "wanted": papers.applicant })))
    });
    named.collect()
}

/// 公開授課 comes before the day on which the applicant observes the peer (note of c3 on the 檢核表); one lesson that does
/// is enough.
fn own_lesson_first(papers: &Papers<'_>) -> Vec<Finding> {
    let Some(proof) = papers.get("open_class_proof") else { return Vec::new() };
    let Some((number, first)) = lessons(proof).min_by_key(|(_, day)| *day) else { return Vec::new() };
    let observed = papers.family("obs_").filter_map(|record| Some((record, record.day("obs_date")?)));
    let Some((record, observed)) = observed.min_by_key(|(_, day)| *day) else { return Vec::new() };
    if first < observed {
        return Vec::new();
    }
    vec![proof.at(&format!("lessons.{number}.obs_date"), json!({ "before": observed, "paper": record.name() }))]
}

/// 至少一學期參與同一社群三次活動; how many is the number `activities_each_semester`. Only where the 社群's own schedule is known.
fn few_activities(papers: &Papers<'_>) -> Vec<Finding> {
    let (Some(proof), Some(application)) = (papers.get("plc_participation_proof"), papers.get("plc_application"))
    else {
        return Vec::new();
    };
    let same = !proof.word("plc_name").is_empty() && proof.word("plc_name") == application.word("plc_name");
    let (true, Some(from), Some(to), Some(least)) =
        (same, proof.day("period_from"), proof.day("period_to"), papers.policy.number("activities_each_semester"))
    else {
        return Vec::new();
    };
    let days = application.answers.rows("schedule").iter();
    let inside =
        days.filter_map(|row| parse_date(row.get("session_date")?.as_str()?)).filter(|day| (from..=to).contains(day));
    let count = i64::try_from(inside.count()).unwrap_or(i64::MAX);
    if count >= least { Vec::new() } else { vec![proof.at("period_to", json!({ "min": least, "count": count }))] }
}

/// 總表: 申請經費 of a 社群 is the 合計 of its 經費概算表, and nothing where no money is applied for.
fn funding_differs(papers: &Papers<'_>) -> Vec<Finding> {
    let (Some(summary), Some(application)) = (papers.get("plc_summary"), papers.get("plc_application")) else {
        return Vec::new();
    };
    let name = application.word("plc_name");
    let wanted = match (wants_money(application), papers.get("plc_budget")) {
        (false, _) => 0,
        (true, Some(budget)) => total(budget, papers.policy),
        (true, None) => return Vec::new(),
    };
    let rows = summary.answers.rows("items").iter().enumerate();
    let of_this = |row: &Value| row.get("plc_name").and_then(Value::as_str).map(str::trim) == Some(name);
    rows.filter(|(_, row)| !name.is_empty() && of_this(row))
        .filter_map(|(number, row)| Some((number, row.get("amount")?.as_i64()?)))
        .filter(|(_, amount)| *amount != wanted)
        .map(|(number, amount)| {
            summary.at(&format!("items.{number}.amount"), json!({ "value": amount, "wanted": wanted }))
        })
        .collect()
}

/// 是否申請經費 = 否: the 經費概算表 is not needed, and what stands in it is not sent.
fn budget_not_wanted(papers: &Papers<'_>) -> Vec<Finding> {
    let (Some(application), Some(budget)) = (papers.get("plc_application"), papers.get("plc_budget")) else {
        return Vec::new();
    };
    let total = total(budget, papers.policy);
    if wants_money(application) || total == 0 {
        return Vec::new();
    }
    vec![budget.at("total", json!({ "value": total }))]
}

/// The county's ceiling for the 社群級別 that is applied for.
fn level_total_over(papers: &Papers<'_>) -> Vec<Finding> {
    let (Some(application), Some(budget)) = (papers.get("plc_application"), papers.get("plc_budget")) else {
        return Vec::new();
    };
    let level = application.word("plc_level");
    let Some(max) = papers.policy.level_ceilings.get(level).copied().map(i64::from) else { return Vec::new() };
    let total = total(budget, papers.policy);
    if !wants_money(application) || total <= max {
        return Vec::new();
    }
    vec![budget.at("total", json!({ "max": max, "value": total, "level": level }))]
}

fn wants_money(application: Beside<'_>) -> bool {
    application.word("apply_funding") != "否"
}

fn total(budget: Beside<'_>, policy: &Policy) -> i64 {
    let computed = super::cross::compute(budget.form, budget.answers, policy);
    computed.get("total").and_then(Value::as_i64).unwrap_or(0)
}
