//! Lists of cases as this computer knows them: narrowed, with what the filters offer, and the rows of many cases at once.

use crate::{Desktop, Seat, failure::of_store};
use domain::{
    case::{Case, Process},
    certification::Reviewing,
    people::Role,
    workflow::{self, Sight, Workflow, certifying, sight},
};
use store::{CaseFilter, CaseRow as KeptRow, Order};
use wire::{
    Failure,
    choose::{CaseIds, CaseOrder},
    views::{CaseList, CaseQuery, CaseRow},
};

/// Rows of a list where the asker names no number.
pub(crate) const LIST_ROWS: u32 = 200;

impl Desktop {
    /// A page of the list of cases.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn list_cases(&self, query: &CaseQuery) -> Result<CaseList, Failure> {
        let seat = self.seat().await?;
        let filter = filter(query);
        let (rows, total) = seat.store.cases(&filter).await.map_err(of_store)?;
        let choices = match query.offset {
            0 => Some(seat.store.choices(&filter.criteria).await.map_err(of_store)?),
            _ => None,
        };
        let rows = seat.rows(&rows).await?;
        Ok(CaseList { rows, total, plan_years: seat.store.plan_years().await.map_err(of_store)?, choices })
    }

    /// Every case of a list, in its order.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn list_ids(&self, query: &CaseQuery) -> Result<CaseIds, Failure> {
        let seat = self.seat().await?;
        Ok(CaseIds { cases: seat.store.case_ids(&filter(query)).await.map_err(of_store)? })
    }
}

fn filter(query: &CaseQuery) -> CaseFilter {
    CaseFilter {
        criteria: query.criteria(),
        offset: query.offset,
        limit: if query.limit == 0 { LIST_ROWS } else { query.limit },
        owner: None,
        order: match query.order {
            CaseOrder::Newest => Order::Newest,
            CaseOrder::School => Order::School,
            CaseOrder::Asked => Order::Asked,
        },
    }
}

impl Seat {
    /// Rows as the person sees them. A review waits for a reviewer until their own sheet is sent, which only the case itself tells.
    pub(crate) async fn rows(&self, kept: &[KeptRow]) -> Result<Vec<CaseRow>, Failure> {
        let mut rows: Vec<CaseRow> = kept.iter().map(|row| self.row(row)).collect();
        if self.actor.role == Role::Reviewer {
            for row in rows.iter_mut().filter(|row| row.waits_for_me) {
                row.waits_for_me = workflow::sheet(&self.seen_case(row.id).await?, &self.actor).is_some();
            }
        }
        Ok(rows)
    }

    /// A row as the person sees it: with the acts that wait put on top, and nothing of papers that are hidden then.
    pub(crate) fn row(&self, row: &KeptRow) -> CaseRow {
        let case = case_of(row);
        let waits = Workflow::of(row.process).waits_for(row.seen, self.actor.role, certifying(&case));
        let shown = sight(&case, &self.actor) >= Sight::Papers;
        CaseRow {
            id: row.id,
            process: row.process,
            plan_year: row.plan_year,
            owner: row.owner.name.clone(),
            school: row.school.name.clone(),
            title: match row.process {
                Process::Summary => Self::summary_title(row.plan_year),
                Process::Plc if shown => row.title.clone(),
                Process::Plc | Process::Advanced => String::new(),
            },
            state: row.seen,
            state_label: row.seen.label().to_owned(),
            level: if shown { row.level.clone() } else { String::new() },
            asked: row.asked.filter(|_| shown),
            approved: row.approved,
            waits_for_me: waits,
            pending: row.pending,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A case as its row knows it, without papers: enough to decide on acts that carry none.
pub(crate) fn case_of(row: &KeptRow) -> Case {
    Case {
        id: row.id,
        process: row.process,
        plan_year: row.plan_year,
        school: row.school.clone(),
        owner: row.owner.clone(),
        state: row.seen,
        seq: row.seq,
        reason: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
        papers: Vec::new(),
        approved_amount: row.approved,
        carried: Vec::new(),
        returns: 0,
        remarks: Vec::new(),
        steps: Vec::new(),
        reviewing: Reviewing::default(),
    }
}
