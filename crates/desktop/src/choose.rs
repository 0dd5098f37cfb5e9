//! 計畫挑選: what one act would do to many cases, what they cost, and the act itself, kept for all of them in one transaction.
//! Every case is decided by the same function as a single one.

use crate::{Desktop, Seat, failure::of_store, lists::case_of};
use domain::{
    case::{Case, Doer, Event, Process},
    choose::{self, Pick, budgets},
    form::Packs,
    ids::{CaseId, EventId},
    sync::MOST_ACTS,
    time::{PlanYear, Timestamp, taipei_day},
    workflow::{self, Action, Command, Decided, Effect, Facts, Need, To, Workflow},
};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use store::{CaseRow as KeptRow, OutboxItem};
use wire::{
    Code, Failure,
    choose::{
        BulkAct, CasesAct, CasesDone, CasesPreview, CasesPreviewRequest, ChosenCase, NoticeTo, PreviewNotice,
        PreviewRow, RefusedCase,
    },
    http::ActBody,
};

/// How long an act on many cases waits for the service before it answers that they wait.
const PATIENCE: Duration = Duration::from_secs(20);

/// Stands for the reason while it is not typed yet: the box that shows what an act does asks for the reason itself.
const SOME_REASON: &str = "…";

/// The rules that hold for cases of one year and county.
#[derive(Default)]
struct Rules(BTreeMap<(PlanYear, String), Facts>);

impl Rules {
    fn of(&mut self, seat: &Seat, case: &Case) -> &Facts {
        self.0.entry((case.plan_year, case.school.county.clone())).or_insert_with(|| {
            let policy = seat.policy_of(case);
            Facts { windows: policy.windows, stamps: policy.stamps, ..Facts::default() }
        })
    }
}

/// The acts of a part that one confirmation may give to many cases, in the order of the process.
pub(crate) fn bulk_acts(seat: &Seat, plan_year: PlanYear) -> Vec<Action> {
    let mut acts = Vec::new();
    for process in [Process::Plc, Process::Advanced] {
        let how = Packs::built_in().certifying(process, plan_year, seat.actor.own_county().unwrap_or_default());
        for row in Workflow::of(process).rows {
            let alone = row.needs.contains(&Need::SheetComplete);
            if row.who.is(seat.actor.role, how) && row.action.in_bulk() && !alone && !acts.contains(&row.action) {
                acts.push(row.action);
            }
        }
    }
    acts
}

fn decide(
    seat: &Seat,
    rules: &mut Rules,
    case: &Case,
    (action, reason, amount): (Action, &str, Option<u32>),
    now: Timestamp,
) -> Result<Decided, Failure> {
    let command = Command::in_bulk(action, reason, amount, taipei_day(now))
        .ok_or_else(|| Failure::new(Code::BadRequest, "this act is done case by case"))?;
    Ok(workflow::decide(case, command, &seat.actor, rules.of(seat, case), now)?)
}

/// What a case gets: what was written for it, else what it applied for.
fn amount_of(action: Action, chosen: &ChosenCase, row: &KeptRow) -> Option<u32> {
    chosen.amount.or(row.asked).filter(|_| action == Action::Approve)
}

impl Desktop {
    /// What a choice of cases comes to, and what an act would do to each.
    ///
    /// # Errors
    /// `too_many_cases` for an act; faults of the store.
    pub async fn preview_cases(&self, request: &CasesPreviewRequest) -> Result<CasesPreview, Failure> {
        let seat = self.seat().await?;
        if request.action.is_some() {
            within_bounds(request.cases.len())?;
        }
        let (rows, chosen) = seat.chosen(&request.cases).await?;
        let (mut rules, now) = (Rules::default(), self.now());
        let mut acts: Vec<BulkAct> = bulk_acts(&seat, seat.plan_year().await?)
            .into_iter()
            .map(|action| BulkAct { action, possible: 0 })
            .collect();
        let (mut picks, mut previews) = (Vec::new(), Vec::new());
        for row in &rows {
            let case = case_of(row);
            let possible: Vec<Action> = workflow::allowed(&case, &seat.actor, rules.of(&seat, &case), now)
                .into_iter()
                .filter(|allowed| allowed.missing.is_empty())
                .map(|allowed| allowed.action)
                .collect();
            for act in acts.iter_mut().filter(|act| possible.contains(&act.action)) {
                act.possible += 1;
            }
            let preview = request.action.map(|action| {
                let amount = amount_of(action, chosen[&row.id], row);
                let decided = decide(&seat, &mut rules, &case, (action, SOME_REASON, amount), now);
                seat.preview(row, &case, amount, decided)
            });
            // What it costs is asked of cases that can still get something.
            let counts = preview.as_ref().map_or(row.approved.is_none(), |preview| preview.refused.is_none());
            if counts && !row.seen.is_final() {
                let amount = match request.action {
                    Some(Action::Approve) | None => chosen[&row.id].amount.or(row.asked).unwrap_or(0),
                    Some(_) => row.asked.unwrap_or(0),
                };
                picks.push(Pick { case: row.id, plan_year: row.plan_year, school: row.school.clone(), amount });
            }
            previews.extend(preview);
        }
        let spent = seat.store.spent().await.map_err(of_store)?;
        let policy = |year, county: &str| seat.policy_in(Some(county), year);
        Ok(CasesPreview {
            chosen: u32::try_from(rows.len()).unwrap_or(u32::MAX),
            asked: rows.iter().filter_map(|row| seat.row(row).asked).map(i64::from).sum(),
            acts,
            most: u32::try_from(MOST_ACTS).unwrap_or(u32::MAX),
            rows: previews,
            budgets: budgets(&picks, &spent, policy),
        })
    }

    /// Does one act to many cases: decided here as a promise, kept in one transaction, and sent together when there is a line.
    /// Cases that it cannot be done to are named and left.
    ///
    /// # Errors
    /// `too_many_cases`, `bad_request` for acts that are done case by case; faults of the store, and then nothing is done.
    pub async fn act_on_cases(&self, act: &CasesAct) -> Result<CasesDone, Failure> {
        let seat = self.seat().await?;
        within_bounds(act.cases.len())?;
        if !act.action.in_bulk() {
            return Err(Failure::new(Code::BadRequest, "this act is done case by case"));
        }
        let (rows, chosen) = seat.chosen(&act.cases).await?;
        let (mut rules, now) = (Rules::default(), self.now());
        let reason = act.reason.as_deref().unwrap_or_default();
        let (mut items, mut refused) = (Vec::new(), Vec::new());
        for row in &rows {
            let case = case_of(row);
            let amount = amount_of(act.action, chosen[&row.id], row);
            match decide(&seat, &mut rules, &case, (act.action, reason, amount), now) {
                Ok(decided) => items.push(self.item(&seat, &case, decided, now)),
                Err(failure) => refused.push((row.id, failure)),
            }
        }
        let here: BTreeSet<CaseId> = rows.iter().map(|row| row.id).collect();
        let gone = chosen.keys().filter(|case| !here.contains(case));
        refused
            .extend(gone.map(|case| (*case, Failure::new(Code::NotFound, "there is no such case on this computer"))));
        seat.store.queue_all(&items).await.map_err(of_store)?;
        if !items.is_empty() {
            self.send_soon().await;
        }
        self.outcome(&seat, act.action, &items, refused).await
    }

    /// Sends at once what was just done; without a line it waits.
    pub(crate) async fn send_soon(&self) {
        let sent = self.is_online() && matches!(tokio::time::timeout(PATIENCE, self.run_sync()).await, Ok(Ok(_)));
        if !sent {
            self.nudge.notify_one();
        }
    }

    pub(crate) fn item(&self, seat: &Seat, case: &Case, decided: Decided, at: Timestamp) -> OutboxItem {
        let event = Event {
            id: EventId(self.new_id()),
            case: case.id,
            seq: case.seq + 1,
            at,
            by: Doer { person: seat.actor.person.clone(), role: seat.actor.role },
            to: decided.to,
            deed: decided.deed,
            remarks: Default::default(),
        };
        let (body, blobs) = ActBody::of(&event.deed);
        OutboxItem {
            event: event.id,
            case: case.id,
            opens: false,
            body: json!(body),
            blobs,
            expect_seq: case.seq,
            refused: None,
            created_at: at,
            predicted: event,
        }
    }

    /// What has come of the acts by now.
    pub(crate) async fn outcome(
        &self,
        seat: &Seat,
        action: Action,
        items: &[OutboxItem],
        mut refused: Vec<(CaseId, Failure)>,
    ) -> Result<CasesDone, Failure> {
        let waiting = seat.store.outbox(None).await.map_err(of_store)?;
        let waiting: BTreeMap<EventId, Option<serde_json::Value>> =
            waiting.into_iter().map(|item| (item.event, item.refused)).collect();
        let mut done = CasesDone { action, accepted: 0, waiting: 0, refused: Vec::new() };
        for item in items {
            match waiting.get(&item.event) {
                None => done.accepted += 1,
                Some(None) => done.waiting += 1,
                Some(Some(failure)) => {
                    let failure = serde_json::from_value(failure.clone())
                        .unwrap_or_else(|_| Failure::new(Code::Internal, "the refusal cannot be read"));
                    refused.push((item.case, failure));
                }
            }
        }
        let cases: Vec<CaseId> = refused.iter().map(|(case, _)| *case).collect();
        let rows = seat.store.rows_of(&cases).await.map_err(of_store)?;
        let rows: BTreeMap<CaseId, &KeptRow> = rows.iter().map(|row| (row.id, row)).collect();
        done.refused.extend(refused.into_iter().map(|(case, failure)| RefusedCase {
            row: rows.get(&case).map(|row| seat.row(row)),
            case,
            failure,
        }));
        Ok(done)
    }
}

/// No more cases than can be acted on at once.
pub(crate) fn within_bounds(cases: usize) -> Result<(), Failure> {
    if cases > MOST_ACTS {
        let limit = json!({ "limit": MOST_ACTS });
        return Err(Failure::with(Code::TooManyCases, limit, "too many cases at once"));
    }
    Ok(())
}

impl Seat {
    /// The rows of the chosen cases that are here, and every choice by its case, each once.
    async fn chosen<'a>(
        &self,
        cases: &'a [ChosenCase],
    ) -> Result<(Vec<KeptRow>, BTreeMap<CaseId, &'a ChosenCase>), Failure> {
        let chosen: BTreeMap<CaseId, &ChosenCase> = cases.iter().map(|chosen| (chosen.case, chosen)).collect();
        let ids: Vec<CaseId> = chosen.keys().copied().collect();
        Ok((self.store.rows_of(&ids).await.map_err(of_store)?, chosen))
    }

    fn preview(
        &self,
        row: &KeptRow,
        case: &Case,
        amount: Option<u32>,
        decided: Result<Decided, Failure>,
    ) -> PreviewRow {
        let ceiling = self.policy_of(case).number(choose::MAX_PER_PLC);
        let over = amount.zip(ceiling).map(|(amount, max)| i64::from(amount) - max).filter(|over| *over > 0);
        let (to_label, notices, refused) = match decided {
            Ok(Decided { to, then, .. }) => (to.label().to_owned(), then.iter().filter_map(notice).collect(), None),
            Err(failure) => (String::new(), Vec::new(), Some(failure)),
        };
        PreviewRow { row: self.row(row), to_label, notices, amount, over, refused }
    }
}

fn notice(Effect::Notice(kind, to): &Effect) -> Option<PreviewNotice> {
    let to = match to {
        To::Owner => NoticeTo::Owner,
        To::FormerOwner => NoticeTo::FormerOwner,
        To::School => NoticeTo::School,
        To::County => NoticeTo::County,
        To::Desk(_) => NoticeTo::Offices,
        To::Reviewers => NoticeTo::Reviewers,
        To::Ministry => NoticeTo::Ministry,
    };
    Some(PreviewNotice { title: Packs::built_in().notice(*kind)?.title.clone(), to })
}
