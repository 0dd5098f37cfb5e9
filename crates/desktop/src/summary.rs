//! 彙整計畫與成果: the 總表 of a school, made from the applications that this computer knows, and what the office above sees of it.

use crate::{Desktop, Seat, failure::of_store};
use domain::{
    case::{Case, Process, State},
    draft::Changes,
    form::{FormId, Packs, check},
    people::Role,
    summary::{self, Gathered},
    time::PlanYear,
    workflow::{self, Action, Allowed, Refusal, Sight, sight},
};
use serde_json::Value;
use std::collections::BTreeMap;
use store::OutboxItem;
use wire::{
    Code, Failure,
    rpc::CaseAct,
    views::{OwnSummary, SchoolSummary, SummaryLine, SummaryResults, SummaryView},
};

fn form() -> FormId {
    workflow::summary::SUMMARY.parse().expect("the id of the 總表 is a form id")
}

impl Seat {
    /// What stands in a list for a 總表, which has no name of its own.
    pub(crate) fn summary_title(plan_year: PlanYear) -> String {
        Packs::built_in().for_year(&form(), plan_year).map_or_else(String::new, |(def, _)| def.name.zh.clone())
    }

    /// The applications of a 總表's school and plan year.
    async fn applications(&self, of: &Case) -> Result<Vec<Case>, Failure> {
        let mut cases = self.store.believed_cases(Process::Plc, of.plan_year).await.map_err(of_store)?;
        cases.retain(|case| case.school.code == of.school.code);
        Ok(cases)
    }

    /// What the 總表 takes in now.
    pub(crate) async fn gathered(&self, of: &Case) -> Result<Gathered, Failure> {
        Ok(summary::gather(&self.applications(of).await?, &self.policy_of(of)))
    }

    /// Keeps an import in one piece: the act, and the fields it fills in. The first one keeps the paper's first values too.
    pub(crate) async fn queue_import(&self, item: &OutboxItem, mut changes: Changes) -> Result<(), Failure> {
        let mut case = self.seen_case(item.case).await?;
        case.apply(&item.predicted);
        let paper = self.paper(&case, &form()).await?;
        if paper.draft.is_none() {
            for (key, value) in paper.checked.answers.0 {
                changes.entry(key).or_insert(value);
            }
        }
        self.store.queue_filling(item, &form(), &changes).await.map_err(of_store)
    }
}

impl Desktop {
    /// 彙整計畫與成果 of a plan year; none: the one that can be applied for.
    ///
    /// # Errors
    /// `not_yours` for people who have nothing to do with a 總表; faults of the store.
    pub async fn open_summary(&self, plan_year: Option<PlanYear>) -> Result<SummaryView, Failure> {
        let seat = self.seat().await?;
        let current = seat.plan_year().await?;
        let plan_year = plan_year.unwrap_or(current);
        let applications = seat.store.believed_cases(Process::Plc, plan_year).await.map_err(of_store)?;
        let summaries = seat.store.believed_cases(Process::Summary, plan_year).await.map_err(of_store)?;
        let mut plan_years = seat.store.plan_years().await.map_err(of_store)?;
        if !plan_years.contains(&current) {
            plan_years.insert(0, current);
        }
        let (own, schools) = match seat.actor.role {
            Role::School => (Some(self.own_summary(&seat, plan_year, &applications, &summaries).await?), Vec::new()),
            Role::County | Role::Ministry | Role::Platform => (None, schools(&seat, &applications, &summaries)),
            Role::Teacher | Role::Principal | Role::Reviewer => {
                return Err(Failure::new(Code::NotYours, "the summary is the school's"));
            }
        };
        Ok(SummaryView { plan_year, plan_years, own, schools })
    }

    /// 匯入資料 or 重新匯入資料 into the own school's 總表 of the plan year that can be applied for; it is made when there is none.
    ///
    /// # Errors
    /// What `domain` refuses; faults of the store.
    pub async fn import_summary(&self) -> Result<SummaryView, Failure> {
        let seat = self.seat().await?;
        let plan_year = seat.plan_year().await?;
        let own = seat.store.believed_cases(Process::Summary, plan_year).await.map_err(of_store)?;
        let case = match own.into_iter().find(|case| seat.owns(case)) {
            Some(case) => case.id,
            None => self.new_case(Process::Summary).await?.id,
        };
        self.act(CaseAct {
            case,
            action: Action::Import,
            reason: None,
            amount: None,
            to: None,
            consent: None,
            reviewers: Vec::new(),
        })
        .await?;
        self.open_summary(Some(plan_year)).await
    }

    async fn own_summary(
        &self,
        seat: &Seat,
        plan_year: PlanYear,
        applications: &[Case],
        summaries: &[Case],
    ) -> Result<OwnSummary, Failure> {
        let own = summaries.iter().find(|case| seat.owns(case));
        let view = match own {
            Some(case) => Some(self.open_case(case.id).await?),
            None => None,
        };
        let import_missing = match &view {
            Some(view) => import_of(&view.allowed).map(|allowed| allowed.missing.clone()),
            None => match self.try_open(seat, Process::Summary).await? {
                Ok(_) if plan_year == seat.plan_year().await? => Some(Vec::new()),
                Ok(_) | Err(Refusal::NotYours | Refusal::NotInThisState { .. } | Refusal::OtherFieldChanged { .. }) => {
                    None
                }
                Err(Refusal::Missing(missing)) => Some(missing),
            },
        };
        let lines = |wanted: fn(State) -> bool| {
            applications.iter().filter(move |case| wanted(case.state)).map(|case| line(seat, case))
        };
        let ended = |state| applications.iter().filter(move |case| case.state == state);
        let count = |state| u32::try_from(ended(state).count()).unwrap_or(u32::MAX);
        let approved =
            [State::Running, State::Closed].into_iter().flat_map(ended).filter_map(|case| case.approved_amount);
        Ok(OwnSummary {
            can_import: import_missing.as_ref().is_some_and(Vec::is_empty),
            import_missing: import_missing.unwrap_or_default(),
            replaces: own.is_some_and(|case| !case.carried.is_empty()),
            withdraws: own.is_some_and(|case| case.state == State::Sent),
            ready: lines(summary::is_carried).collect(),
            waiting: lines(summary::is_waiting).collect(),
            drift: own
                .filter(|case| !case.carried.is_empty())
                .map_or_else(Vec::new, |case| summary::drift(&case.carried, applications)),
            results: SummaryResults {
                running: count(State::Running),
                closed: count(State::Closed),
                approved: i32::try_from(approved.map(u64::from).sum::<u64>()).unwrap_or(i32::MAX),
            },
            case: view,
        })
    }
}

fn import_of(allowed: &[Allowed]) -> Option<&Allowed> {
    allowed.iter().find(|allowed| allowed.action == Action::Import)
}

fn line(seat: &Seat, case: &Case) -> SummaryLine {
    let seen = sight(case, &seat.actor) >= Sight::Papers;
    let application = case.papers.iter().find(|paper| paper.form.id.as_str() == workflow::plc::APPLICATION);
    SummaryLine {
        case: case.id,
        name: application.filter(|_| seen).map_or_else(String::new, |paper| paper.answers.text("plc_name").to_owned()),
        convener: case.owner.name.clone(),
        state_label: case.state.label().to_owned(),
        amount: seen.then(|| ntd(summary::amount(case, &seat.policy_of(case)))),
    }
}

fn ntd(amount: i64) -> i32 {
    i32::try_from(amount).unwrap_or(i32::MAX)
}

/// Every school that has applications or a 總表, by its code.
fn schools(seat: &Seat, applications: &[Case], summaries: &[Case]) -> Vec<SchoolSummary> {
    let mut by_school: BTreeMap<&str, (&domain::people::School, Vec<Case>, Option<&Case>)> = BTreeMap::new();
    for case in applications.iter().filter(|case| case.state != State::Withdrawn) {
        let entry = by_school.entry(&case.school.code).or_insert_with(|| (&case.school, Vec::new(), None));
        entry.1.push(case.clone());
    }
    for case in summaries {
        by_school.entry(&case.school.code).or_insert_with(|| (&case.school, Vec::new(), None)).2 = Some(case);
    }
    by_school.into_values().map(|(school, cases, summary)| school_row(seat, school, &cases, summary)).collect()
}

fn school_row(seat: &Seat, school: &domain::people::School, cases: &[Case], summary: Option<&Case>) -> SchoolSummary {
    let seen = |case: &&Case| sight(case, &seat.actor) >= Sight::Papers;
    let sent = summary.filter(seen);
    let figure = |key: &str| {
        let case = sent?;
        let paper = case.paper(&form())?;
        let (def, _) = Packs::built_in().get(&paper.form.id, paper.form.version)?;
        check(def, paper.answers.clone(), &seat.policy_of(case)).computed.get(key).and_then(Value::as_i64)
    };
    SchoolSummary {
        school: school.clone(),
        case: summary.map(|case| case.id),
        state_label: summary.map(|case| case.state.label().to_owned()),
        viewable: sent.is_some(),
        sent_at: sent.map(|case| case.updated_at),
        communities: figure("plc_total").and_then(|count| u32::try_from(count).ok()),
        amount: figure("funding_total").map(ntd),
        passed: u32::try_from(cases.iter().filter(|case| summary::is_carried(case.state)).count()).unwrap_or(u32::MAX),
        drift: sent.map_or_else(Vec::new, |case| summary::drift(&case.carried, cases)),
    }
}
