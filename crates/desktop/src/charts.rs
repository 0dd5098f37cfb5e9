//! 統計: the figures of a plan year, counted from what lies in the store, so that they are there without a line.

use crate::{
    Desktop,
    exports::{Cases, PaperFacts, of_list},
    failure::of_store,
    forms::written,
};
use chrono::NaiveDate;
use domain::{
    case::{Case, State},
    time::{PlanYear, taipei_day},
};
use print::{ListCell, ListFormat, Listing};
use std::{collections::BTreeMap, path::Path};
use wire::{
    Failure,
    charts::{Amounts, ChartsExport, ChartsOf, ChartsView, DayCounts, StateName},
    exports::Exported,
    views::CaseQuery,
};

/// More days than this are not told apart on a screen; of longer years every second, third … day is shown.
const MOST_DAYS: usize = 120;

impl Desktop {
    /// The figures of a plan year.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn charts_view(&self, of: &ChartsOf) -> Result<ChartsView, Failure> {
        let seat = self.seat().await?;
        let plan_years = seat.store.plan_years().await.map_err(of_store)?;
        let plan_year = match of.plan_year.or_else(|| plan_years.first().copied()) {
            Some(year) => year,
            None => seat.plan_year().await?,
        };
        let query = CaseQuery { plan_year: Some(plan_year), ..CaseQuery::default() };
        let mut count = Count::default();
        let mut cases = Cases::of(&query);
        while let Some(portion) = cases.next(&seat).await? {
            for (_, case) in &portion {
                count.take(case, &seat.paper_facts(case).await?);
            }
        }
        Ok(count.view(plan_year, plan_years))
    }

    /// The figures as a workbook: a sheet for each chart.
    ///
    /// # Errors
    /// `file_access`; faults of the store.
    pub async fn export_charts(&self, export: &ChartsExport) -> Result<Exported, Failure> {
        let view = self.charts_view(&ChartsOf { plan_year: export.plan_year }).await?;
        let (rows, file) = workbook(&view).map_err(|error| of_list(&error))?;
        let path = Path::new(&export.path);
        let done = written(path, &file, 0, Vec::new()).await?;
        Ok(Exported { path: path.display().to_string(), rows, bytes: done.bytes })
    }
}

fn workbook(view: &ChartsView) -> Result<(u32, Vec<u8>), print::ListError> {
    let number = |count: u32| ListCell::Number(count.into());
    let mut titles = vec!["日期"];
    titles.extend(view.states.iter().map(|state| state.label.as_str()));
    let mut listing = Listing::begin(ListFormat::Xlsx, "各狀態件數", &titles)?;
    for day in &view.days {
        let mut cells = vec![ListCell::Moment(day.day.and_hms_opt(0, 0, 0).unwrap_or_default())];
        cells.extend(day.counts.iter().map(|count| number(*count)));
        listing.row(&cells)?;
    }
    for (name, first, groups) in [("各級別經費", "級別", &view.levels), ("各校經費", "學校", &view.schools)]
    {
        listing.sheet(name, &[first, "件數", "申請經費", "核定金額"])?;
        for group in groups {
            let name = group.name.as_str().into();
            listing.row(&[name, number(group.cases), number(group.applied), number(group.approved)])?;
        }
    }
    Ok((listing.rows(), listing.finish()?))
}

#[derive(Default)]
struct Count {
    cases: u32,
    /// What every day adds to and takes from each state.
    moves: BTreeMap<NaiveDate, BTreeMap<State, i64>>,
    levels: BTreeMap<String, Amounts>,
    schools: BTreeMap<String, Amounts>,
}

impl Count {
    fn take(&mut self, case: &Case, facts: &PaperFacts) {
        self.cases += 1;
        let mut stands = None;
        for step in &case.steps {
            self.moved(taipei_day(step.at), stands, step.to);
            stands = Some(step.to);
        }
        // A case that was kept before there was a 歷程 is seen where it stands, from its last change on.
        if stands != Some(case.state) {
            self.moved(taipei_day(case.updated_at), stands, case.state);
        }
        for (groups, name) in [(&mut self.levels, &facts.level), (&mut self.schools, &case.school.name)] {
            let group = groups.entry(name.clone()).or_insert_with(|| Amounts {
                name: name.clone(),
                cases: 0,
                applied: 0,
                approved: 0,
            });
            group.cases += 1;
            group.applied = group.applied.saturating_add(facts.applied.unwrap_or(0));
            group.approved = group.approved.saturating_add(case.approved_amount.unwrap_or(0));
        }
    }

    fn moved(&mut self, day: NaiveDate, from: Option<State>, to: State) {
        if from == Some(to) {
            return;
        }
        let moves = self.moves.entry(day).or_default();
        if let Some(from) = from {
            *moves.entry(from).or_default() -= 1;
        }
        *moves.entry(to).or_default() += 1;
    }

    fn view(self, plan_year: PlanYear, plan_years: Vec<PlanYear>) -> ChartsView {
        let occurs = |state: &State| self.moves.values().any(|moves| moves.contains_key(state));
        let states: Vec<State> = State::ALL.into_iter().filter(occurs).collect();
        let mut counts = vec![0_i64; states.len()];
        let mut days: Vec<DayCounts> = Vec::new();
        for (day, moves) in &self.moves {
            for (count, state) in counts.iter_mut().zip(&states) {
                *count += moves.get(state).copied().unwrap_or(0);
            }
            let counts = counts.iter().map(|count| u32::try_from(*count).unwrap_or(0)).collect();
            days.push(DayCounts { day: *day, counts });
        }
        ChartsView {
            plan_year,
            plan_years,
            cases: self.cases,
            states: states.iter().map(|state| StateName { state: *state, label: state.label().to_owned() }).collect(),
            days: thinned(days),
            levels: by_money(self.levels),
            schools: by_money(self.schools),
        }
    }
}

/// The last day stays whatever happens: it is how things stand now.
fn thinned(days: Vec<DayCounts>) -> Vec<DayCounts> {
    let every = days.len().div_ceil(MOST_DAYS).max(1);
    let last = days.len().saturating_sub(1);
    days.into_iter().enumerate().filter(|(at, _)| (last - at).is_multiple_of(every)).map(|(_, day)| day).collect()
}

/// Those with the most money first, then by name; what is not known comes last.
fn by_money(groups: BTreeMap<String, Amounts>) -> Vec<Amounts> {
    let mut groups: Vec<Amounts> = groups.into_values().collect();
    groups.sort_by_key(|group| (group.name.is_empty(), std::cmp::Reverse(group.applied.max(group.approved))));
    groups
}
