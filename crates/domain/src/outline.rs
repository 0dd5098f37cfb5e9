//! A case in outline, read from its text: everything but the answers of its papers, which are nearly all of it. Whoever only keeps
//! a case, and lists it, need not build them and write them again. Nothing is decided here.

use crate::{
    case::{Carried, Case, Process, SentPaper, StampedFile, State},
    certification::Reviewing,
    form::{Answers, FormRef},
    ids::CaseId,
    list::{Listed, Paper, listed_of},
    people::{Person, School},
    remark::Remark,
    steps::Step,
    time::{PlanYear, Timestamp},
};
use serde::{Deserialize, de::Error as _};
use serde_json::value::RawValue;

/// What a case's text says without its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The case, its papers without answers.
    pub case: Case,
    /// What its papers say to a list.
    pub listed: Listed,
}

impl Outline {
    /// Reads the text of a case: JSON as [`Case`] is written. What [`Case`] would not read is an error here too; of the answers
    /// only that they are an object of JSON is looked at.
    ///
    /// # Errors
    /// What does not fit, with its place.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        let written: Written<'_> = serde_json::from_str(text)?;
        let mut papers = Vec::with_capacity(written.papers.len());
        for paper in &written.papers {
            // A text of JSON that begins like this is an object: it was found to be JSON already.
            if !paper.answers.get().starts_with('{') {
                return Err(serde_json::Error::custom("answers are one object"));
            }
            papers.push(Paper { form: &paper.form, answers: paper.answers.get() });
        }
        let listed = listed_of(&papers)?;
        Ok(Self { case: written.bare(), listed })
    }
}

/// As [`Case`], with the answers left as they are written.
#[derive(Deserialize)]
struct Written<'a> {
    id: CaseId,
    process: Process,
    plan_year: PlanYear,
    school: School,
    owner: Person,
    state: State,
    seq: u32,
    reason: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(borrow)]
    papers: Vec<WrittenPaper<'a>>,
    approved_amount: Option<u32>,
    #[serde(default)]
    carried: Vec<Carried>,
    #[serde(default)]
    returns: u32,
    #[serde(default)]
    remarks: Vec<Remark>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    reviewing: Reviewing,
}

#[derive(Deserialize)]
struct WrittenPaper<'a> {
    form: FormRef,
    revision: u32,
    hash: String,
    #[serde(borrow)]
    answers: &'a RawValue,
    stamped: Option<StampedFile>,
    #[serde(default)]
    stamped_revision: Option<u32>,
}

impl Written<'_> {
    /// The case without answers. A field that a case gets later is missed here by the compiler.
    fn bare(self) -> Case {
        let bare = |WrittenPaper { form, revision, hash, answers: _, stamped, stamped_revision }: WrittenPaper<'_>| {
            SentPaper { form, revision, hash, answers: Answers::default(), stamped, stamped_revision }
        };
        Case {
            id: self.id,
            process: self.process,
            plan_year: self.plan_year,
            school: self.school,
            owner: self.owner,
            state: self.state,
            seq: self.seq,
            reason: self.reason,
            created_at: self.created_at,
            updated_at: self.updated_at,
            papers: self.papers.into_iter().map(bare).collect(),
            approved_amount: self.approved_amount,
            carried: self.carried,
            returns: self.returns,
            remarks: self.remarks,
            steps: self.steps,
            reviewing: self.reviewing,
        }
    }
}
