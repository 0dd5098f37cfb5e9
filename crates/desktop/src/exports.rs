//! A list of cases as a file: every case of the question, whatever a page of the screen holds, read from the store page by page.

use crate::{Desktop, Seat, failure::of_store, forms::written};
use domain::{
    case::{Case, Process},
    form::{Answers, Packs, budget_total, participants},
    list::Criteria,
    time::{Timestamp, taipei_clock},
    workflow::{Sight, plc, sight},
};
use print::{ListCell, ListError, ListFormat, Listing};
use std::path::Path;
use store::{CaseFilter, CaseRow};
use wire::{
    Code, Failure,
    exports::{Exported, ListExport, ListKind},
    views::CaseQuery,
};

/// Cases read at once: enough that the store is asked seldom, few enough that their papers fit into memory many times over.
const PORTION: u32 = 400;

/// The columns, as the offices keep their own lists. The words are the file's, whatever language the window speaks.
const TITLES: [&str; 14] = [
    "學年度",
    "縣市",
    "學校代碼",
    "學校",
    "社群名稱",
    "級別",
    "召集人",
    "參與人數",
    "申請經費",
    "核定金額",
    "狀態",
    "原因訊息",
    "建立時間",
    "最後更新時間",
];

/// What a paper says that lists and charts ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PaperFacts {
    /// 社群級別.
    pub(crate) level: String,
    /// The convener among them.
    pub(crate) members: Option<u32>,
    /// The sum of the 概算表, or nothing applied for.
    pub(crate) applied: Option<u32>,
}

impl Desktop {
    /// Writes a list of cases.
    ///
    /// # Errors
    /// `file_access`; faults of the store.
    pub async fn export_list(&self, export: &ListExport) -> Result<Exported, Failure> {
        let seat = self.seat().await?;
        let format = match export.kind {
            ListKind::Xlsx => ListFormat::Xlsx,
            ListKind::Csv => ListFormat::Csv,
        };
        let mut listing = Listing::begin(format, "案件", &TITLES).map_err(|error| of_list(&error))?;
        let mut cases = Cases::of(&export.query);
        while let Some(portion) = cases.next(&seat).await? {
            for (row, case) in &portion {
                let facts = seat.paper_facts(case).await?;
                listing.row(&cells(row, case, &facts)).map_err(|error| of_list(&error))?;
            }
        }
        let rows = listing.rows();
        let file = listing.finish().map_err(|error| of_list(&error))?;
        let path = Path::new(&export.path);
        let done = written(path, &file, 0, Vec::new()).await?;
        Ok(Exported { path: path.display().to_string(), rows, bytes: done.bytes })
    }
}

pub(crate) fn of_list(error: &ListError) -> Failure {
    Failure::new(Code::Internal, error.to_string())
}

/// The cases of a question, portion by portion, each as the person believes it to be.
pub(crate) struct Cases {
    filter: CaseFilter,
    last: Option<CaseRow>,
    done: bool,
}

impl Cases {
    pub(crate) fn of(query: &CaseQuery) -> Self {
        // A 總表 is no row of a list of 社群.
        let criteria = Criteria { process: Some(Process::Plc), ..query.criteria() };
        let filter = CaseFilter { criteria, limit: PORTION, ..CaseFilter::default() };
        Self { filter, last: None, done: false }
    }

    /// The next cases; none: there are no more.
    pub(crate) async fn next(&mut self, seat: &Seat) -> Result<Option<Vec<(CaseRow, Case)>>, Failure> {
        if self.done {
            return Ok(None);
        }
        let found = seat.store.whole_cases(&self.filter, self.last.as_ref()).await.map_err(of_store)?;
        self.done = found.len() < PORTION as usize;
        self.last = found.last().map(|(row, _)| row.clone());
        let mut cases = Vec::with_capacity(found.len());
        for (row, kept) in found {
            // A case with something on its way stands where the person believes it to stand.
            let case = if row.pending { seat.seen_case(row.id).await? } else { kept.case };
            cases.push((row, case));
        }
        Ok((!cases.is_empty()).then_some(cases))
    }
}

impl Seat {
    /// What the papers of a case say, where this person may see them: the drafts of the own case, else what was sent.
    pub(crate) async fn paper_facts(&self, case: &Case) -> Result<PaperFacts, Failure> {
        let sees = sight(case, &self.actor);
        if sees < Sight::Papers {
            return Ok(PaperFacts::default());
        }
        let mut application = sent(case, plc::APPLICATION);
        let mut budget = sent(case, plc::BUDGET);
        if sees == Sight::Own {
            let editable = plc::editable(case.state);
            for draft in self.store.drafts(case.id).await.map_err(of_store)? {
                let typed = Some((None, draft.answers));
                match draft.form.as_str() {
                    plc::APPLICATION if editable.contains(&draft.form) => application = typed,
                    plc::BUDGET if editable.contains(&draft.form) => budget = typed,
                    _ => {}
                }
            }
        }
        let (_, application) = application.unwrap_or_default();
        let no_money = application.text("apply_funding") == "否";
        Ok(PaperFacts {
            level: application.text("plc_level").to_owned(),
            members: participants(&application).and_then(|count| u32::try_from(count).ok()),
            applied: if no_money {
                Some(0)
            } else {
                budget.and_then(|(version, answers)| total(case, version, &answers))
            },
        })
    }
}

/// A paper as it was sent, and the version of its form.
fn sent(case: &Case, form: &str) -> Option<(Option<u32>, Answers)> {
    let paper = case.papers.iter().find(|paper| paper.form.id.as_str() == form)?;
    Some((Some(paper.form.version), paper.answers.clone()))
}

/// The sum of a 概算表.
fn total(case: &Case, version: Option<u32>, answers: &Answers) -> Option<u32> {
    let form = plc::BUDGET.parse().ok()?;
    let (def, _) = match version {
        Some(version) => Packs::built_in().get(&form, version)?,
        None => Packs::built_in().for_year(&form, case.plan_year)?,
    };
    u32::try_from(budget_total(def, answers)).ok()
}

fn cells(row: &CaseRow, case: &Case, facts: &PaperFacts) -> Vec<ListCell> {
    vec![
        ListCell::Name(case.plan_year.0.into()),
        case.school.county.as_str().into(),
        case.school.code.as_str().into(),
        case.school.name.as_str().into(),
        row.title.as_str().into(),
        facts.level.as_str().into(),
        case.owner.name.as_str().into(),
        facts.members.map(i64::from).into(),
        facts.applied.map(i64::from).into(),
        case.approved_amount.map(i64::from).into(),
        case.state.label().into(),
        case.reason.as_deref().unwrap_or_default().into(),
        moment(case.created_at),
        moment(case.updated_at),
    ]
}

/// On the clock of Taipei: a list has no room for time zones.
fn moment(at: Timestamp) -> ListCell {
    ListCell::Moment(taipei_clock(at))
}
