//! Cases as this computer knows them: the case page, opening and acting.

use crate::{
    Desktop, Seat, certification, choose, closing::closing, failure::of_store, lists::LIST_ROWS, papers::Paper,
};
use domain::{
    case::{Case, CompletePaper, Event, Process, State},
    certification::{Desk, Outcome, Picks, Round, offered},
    eligibility::unmet_for,
    form::Packs,
    ids::{CaseId, EventId},
    list::Criteria,
    paper::PrintLayout,
    people::Role,
    steps::Step,
    time::taipei_day,
    workflow::{self, Action, Command, Facts, PaperFacts, Sight, Workflow, advanced, sight},
};
use serde_json::json;
use std::collections::BTreeSet;
use store::{CaseFilter, KeptCase, NewPrint, OutboxItem};
use wire::{
    Code, Failure,
    choose::CaseNarrowing,
    http::ActBody,
    rpc::CaseAct,
    views::{CaseQuery, CaseRow, CaseView, Delivery, HomeView, Page, Place, Station, StepRow, Tile},
};

/// So many of the cases that wait for a person stand on the first page.
const FIRST_ROWS: u32 = 20;

impl Seat {
    /// The case with the acts that wait to be sent put on top: what the person believes to be true.
    pub(crate) async fn seen_case(&self, id: CaseId) -> Result<Case, Failure> {
        if id == CaseId::LOOSE {
            return self.loose_case().await;
        }
        Ok(self.kept_case(id).await?.1)
    }

    async fn kept_case(&self, id: CaseId) -> Result<(KeptCase, Case, Vec<OutboxItem>), Failure> {
        let kept = self.store.case(id).await.map_err(of_store)?;
        let kept = kept.ok_or_else(|| Failure::new(Code::NotFound, "there is no such case on this computer"))?;
        let waiting = self.store.outbox(Some(id)).await.map_err(of_store)?;
        let mut case = kept.case.clone();
        for item in waiting.iter().take_while(|item| item.refused.is_none()).filter(|item| !item.opens) {
            case.apply(&item.predicted);
        }
        Ok((kept, case, waiting))
    }

    fn facts(&self, case: &Case, papers: &[Paper], picks: &Picks) -> Facts {
        let policy = self.policy_of(case);
        let is_sheet = |paper: &&Paper| advanced::is_sheet(&paper.def.id);
        let due = papers.iter().filter(|paper| paper.takes_typing() && paper.needed && !is_sheet(paper));
        let complete = |paper: &Paper| paper.draft.is_some() && paper.checked.is_complete();
        Facts {
            ineligible: Vec::new(),
            empty_slots: workflow::empty_slots(case, picks),
            sheet_complete: papers.iter().filter(is_sheet).any(complete),
            sheet_says: papers
                .iter()
                .filter(is_sheet)
                .find_map(|paper| advanced::sheet_says(&paper.def.id, &paper.checked.answers)),
            offered: offered(case, &policy),
            // Only the service knows who may review what; it decides.
            unfit: Vec::new(),
            windows: policy.windows,
            stamps: policy.stamps,
            papers: due
                .map(|paper| PaperFacts {
                    form: paper.def.id.clone(),
                    complete: paper.is_complete(),
                    stamped: paper.current_scan().is_some(),
                    encloses: paper.def.required_enclosure().cloned(),
                })
                .collect(),
            convenes_another: false,
            // Only the service knows who else convenes; it decides.
            target_convenes_nothing: true,
            corrected: papers.iter().any(Paper::is_corrected),
            convener: policy.convener,
        }
    }
}

impl Desktop {
    /// 首頁: pages, tiles and what waits, by role.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn home_view(&self) -> Result<HomeView, Failure> {
        let seat = self.seat().await?;
        let plan_year = seat.plan_year().await?;
        let teacher = seat.actor.role.part() == Role::Teacher;
        let reviewer = seat.actor.role == Role::Reviewer;
        let (todo, waiting) = self.waiting_here(&seat).await?;
        let open = self.try_open(&seat, Process::Plc).await?;
        let tile = |key: &str, page, waiting| Tile { key: key.to_owned(), page, waiting };
        let figures = matches!(seat.actor.role, Role::School | Role::County | Role::Ministry | Role::Platform);
        let chooses = !choose::bulk_acts(&seat, plan_year).is_empty();
        let mut tiles = if teacher {
            vec![tile("plc_apply", Page::Cases, waiting), tile("plc_search", Page::Search, 0)]
        } else {
            let choose = chooses.then(|| tile("case_choose", Page::Choose, waiting));
            let search = tile("case_search", Page::Search, if chooses { 0 } else { waiting });
            let summary = (!reviewer).then(|| tile("summary", Page::Summary, 0));
            choose.into_iter().chain(summary).chain([search]).collect()
        };
        if figures {
            tiles.push(tile("charts", Page::Charts, 0));
        }
        if seat.actor.role == Role::Platform {
            tiles.push(tile("record_import", Page::RecordImport, 0));
        }
        let mut pages = vec![Page::Home];
        if teacher {
            pages.push(Page::Certification);
        }
        pages.push(Page::Functions);
        if teacher {
            pages.push(Page::Cases);
        } else if !reviewer {
            pages.push(Page::Summary);
        }
        if chooses {
            pages.push(Page::Choose);
        }
        if seat.sits_at(Desk::Assign, plan_year) {
            pages.push(Page::Assign);
            tiles.push(tile("assign", Page::Assign, self.waiting_for_reviewers().await?));
        }
        if matches!(seat.actor.role, Role::County | Role::Platform) {
            pages.push(Page::Reviewers);
            tiles.push(tile("reviewers", Page::Reviewers, 0));
        }
        pages.push(Page::Search);
        if figures {
            pages.push(Page::Charts);
        }
        if seat.actor.own_county().is_some() {
            pages.push(Page::Rules);
            if !teacher {
                tiles.push(tile("county_rules", Page::Rules, 0));
            }
        }
        pages.extend([Page::Messages, Page::Downloads, Page::Guide, Page::Profile, Page::Settings]);
        Ok(HomeView {
            pages,
            tiles,
            todo,
            message: seat.policy(plan_year).message,
            can_open: open.is_ok(),
            open_missing: match open {
                Err(workflow::Refusal::Missing(missing)) => missing,
                _ => Vec::new(),
            },
            plan_year,
        })
    }

    /// How many cases here wait for their reviewers, in whatever round.
    async fn waiting_for_reviewers(&self) -> Result<u32, Failure> {
        let states = State::ALL.into_iter().filter(|state| Round::seeks_reviewers(*state)).collect();
        let narrowing = CaseNarrowing { states, ..CaseNarrowing::default() };
        Ok(self.list_cases(&CaseQuery { limit: 1, narrowing, ..CaseQuery::default() }).await?.total)
    }

    /// The cases that wait for the person, newest first, and how many there are in all.
    async fn waiting_here(&self, seat: &Seat) -> Result<(Vec<CaseRow>, u32), Failure> {
        let (plan_year, county) = (seat.plan_year().await?, seat.actor.own_county().unwrap_or_default());
        let mut states: BTreeSet<State> = BTreeSet::new();
        for process in Process::ALL {
            let how = Packs::built_in().certifying(process, plan_year, county);
            let rows = Workflow::of(process).rows.iter();
            let mine = rows.filter(|row| row.who.is(seat.actor.role, how) && row.action.is_next_step());
            states.extend(mine.map(|row| row.from));
        }
        if states.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let narrowing = CaseNarrowing { states: states.into_iter().collect(), ..CaseNarrowing::default() };
        let reviews = seat.actor.role == Role::Reviewer;
        // Of the cases under review those are left out that wait for other reviewers only: they have to be looked at one by one.
        let limit = if reviews { LIST_ROWS } else { FIRST_ROWS };
        let mut list = self.list_cases(&CaseQuery { limit, narrowing, ..CaseQuery::default() }).await?;
        if reviews {
            list.rows.retain(|row| row.waits_for_me);
            list.total = u32::try_from(list.rows.len()).unwrap_or(u32::MAX);
            list.rows.truncate(FIRST_ROWS as usize);
        }
        Ok((list.rows, list.total))
    }

    pub(crate) async fn try_open(
        &self,
        seat: &Seat,
        process: Process,
    ) -> Result<Result<workflow::Decided, workflow::Refusal>, Failure> {
        let plan_year = seat.plan_year().await?;
        let filter = CaseFilter {
            criteria: Criteria { plan_year: Some(plan_year), process: Some(process), ..Criteria::default() },
            limit: LIST_ROWS,
            owner: Some(seat.actor.person.id),
            ..CaseFilter::default()
        };
        let (own, _) = seat.store.cases(&filter).await.map_err(of_store)?;
        let convenes = own.iter().any(|row| !matches!(row.state, State::Rejected | State::Withdrawn));
        let windows = seat.policy(plan_year).windows;
        // Of a record that has not come yet nothing is said; the service has it, and decides.
        let record = seat.judged_record().await?;
        let county = seat.actor.own_county();
        let ineligible = record
            .map_or_else(Vec::new, |record| unmet_for(process, &record, plan_year, county, taipei_day(self.now())));
        let facts = Facts { windows, convenes_another: convenes, ineligible, ..Facts::default() };
        Ok(workflow::open(process, plan_year, &seat.actor, &facts, self.now()))
    }

    /// Opens a new case here; the service hears of it at the next sync.
    ///
    /// # Errors
    /// What `domain` refuses; faults of the store.
    pub async fn new_case(&self, process: Process) -> Result<CaseView, Failure> {
        let seat = self.seat().await?;
        let plan_year = seat.plan_year().await?;
        let decided = self.try_open(&seat, process).await??;
        let event = Event {
            id: EventId(self.new_id()),
            case: CaseId(self.new_id()),
            seq: 1,
            at: self.now(),
            by: domain::case::Doer { person: seat.actor.person.clone(), role: seat.actor.role },
            to: decided.to,
            deed: decided.deed,
            remarks: Default::default(),
        };
        let case = Case::open(&event).ok_or_else(|| Failure::new(Code::Internal, "an opening opens a case"))?;
        let item = OutboxItem {
            event: event.id,
            case: case.id,
            opens: true,
            body: json!(ActBody::Open { process, plan_year }),
            blobs: Vec::new(),
            expect_seq: 0,
            refused: None,
            created_at: event.at,
            predicted: event,
        };
        let kept = KeptCase { case: Case { seq: 0, ..case }, known: false, papers_hidden: false };
        seat.store.queue(&item, Some(&kept)).await.map_err(of_store)?;
        self.nudge.notify_one();
        self.open_case(kept.case.id).await
    }

    /// Opens a new 社群 case.
    ///
    /// # Errors
    /// As [`Self::new_case`].
    pub async fn new_plc_case(&self) -> Result<CaseView, Failure> {
        self.new_case(Process::Plc).await
    }

    /// The case page.
    ///
    /// # Errors
    /// `not_found`; faults of the store.
    pub async fn open_case(&self, id: CaseId) -> Result<CaseView, Failure> {
        let seat = self.seat().await?;
        let (kept, case, waiting) = seat.kept_case(id).await?;
        let sight = sight(&case, &seat.actor);
        let hidden = sight < Sight::Papers;
        let papers = if hidden { Vec::new() } else { seat.papers(&case).await? };
        let picks = seat.picks(&case).await?;
        let facts = seat.facts(&case, &papers, &picks);
        let drafts = if sight == Sight::Own { seat.store.drafts(id).await.map_err(of_store)? } else { Vec::new() };
        let (policy, now) = (seat.policy_of(&case), self.now());
        let allowed = workflow::allowed(&case, &seat.actor, &facts, now);
        let closing = closing(&case, &waiting, &allowed, seat.actor.role, &policy, now);
        Ok(CaseView {
            id,
            process: case.process,
            plan_year: case.plan_year,
            state: case.state,
            state_label: case.state.label().to_owned(),
            school: case.school.clone(),
            owner: case.owner.clone(),
            message: policy.message,
            reason: case.reason.clone(),
            approved_amount: case.approved_amount,
            stations: stations(&case),
            steps: case.steps.iter().map(step_row).collect(),
            papers: papers.iter().map(Paper::row).collect(),
            papers_hidden: hidden,
            allowed,
            certification: seat.certification_view(&case, &picks, hidden).await?,
            unsent_remarks: if hidden { 0 } else { seat.unsent_remarks(&case).await? },
            remarks: if hidden { 0 } else { u32::try_from(case.remarks.len()).unwrap_or(u32::MAX) },
            delivery: delivery(&kept, &waiting),
            closing,
            clashing: u32::try_from(drafts.iter().map(|draft| draft.clashes.len()).sum::<usize>()).unwrap_or(u32::MAX),
        })
    }

    /// Acts on a case: decided here as a promise, kept with what it needs in one transaction, and sent at the next sync.
    ///
    /// # Errors
    /// What `domain` refuses; faults of the store.
    pub async fn act(&self, act: CaseAct) -> Result<CaseView, Failure> {
        let seat = self.seat().await?;
        let (_, _, waiting) = seat.kept_case(act.case).await?;
        if waiting.iter().any(|item| item.refused.is_some()) {
            // Acting again is the answer to a refusal.
            seat.store.drop_refused(act.case).await.map_err(of_store)?;
        }
        let (_, case, waiting) = seat.kept_case(act.case).await?;
        let papers = match sight(&case, &seat.actor) {
            Sight::Nothing => return Err(Failure::new(Code::NotFound, "there is no such case for this person")),
            Sight::Row => Vec::new(),
            Sight::Papers | Sight::Own => seat.papers(&case).await?,
        };
        let facts = seat.facts(&case, &papers, &seat.picks(&case).await?);
        let reason = act.reason.unwrap_or_default();
        let mut filled = None;
        let command = match act.action {
            Action::Submit => Command::Submit { papers: self.complete(&seat, &case, papers).await? },
            Action::SendReport => Command::SendReport { papers: self.complete(&seat, &case, papers).await? },
            Action::Send => Command::Send { papers: self.complete(&seat, &case, papers).await? },
            Action::CorrectConvener => Command::CorrectConvener { papers: self.complete(&seat, &case, papers).await? },
            Action::Import => {
                let gathered = seat.gathered(&case).await?;
                filled = Some(gathered.changes);
                Command::Import { carried: gathered.carried }
            }
            Action::Pass => Command::Pass { sheet: self.sheet(&seat, &case, papers).await? },
            Action::Return => Command::Return { reason, sheet: self.sheet(&seat, &case, papers).await? },
            Action::Approve => Command::Approve { amount: act.amount },
            Action::Reject => Command::Reject { reason },
            Action::Withdraw => Command::Withdraw,
            Action::ChangeConvener => {
                let to = act.to.ok_or_else(|| Failure::new(Code::BadRequest, "the act names no new convener"))?;
                Command::ChangeConvener { to, consent: act.consent.unwrap_or_default() }
            }
            Action::Assign => Command::Assign { reviewers: act.reviewers },
            Action::Review => Command::Review { sheet: self.sheet(&seat, &case, papers).await? },
            Action::Grant => Command::Decide { outcome: Outcome::Passed, reason },
            Action::GrantCorrected => Command::Decide { outcome: Outcome::PassedAfterCorrection, reason },
            Action::AskCorrection => Command::Decide { outcome: Outcome::CorrectAndReview, reason },
            Action::Deny => Command::Decide { outcome: Outcome::Failed, reason },
            Action::Resubmit => Command::Resubmit { papers: self.complete(&seat, &case, papers).await? },
            Action::Appeal => Command::Appeal { papers: self.complete(&seat, &case, papers).await? },
            Action::AcceptAppeal => Command::AcceptAppeal,
            Action::RefuseAppeal => Command::RefuseAppeal { reason },
            Action::Lapse => Command::Lapse,
            Action::Publish => Command::Publish,
            // The service counts the number.
            Action::Issue => Command::Issue { number: None, on: taipei_day(self.now()) },
        };
        let decided = workflow::decide(&case, command, &seat.actor, &facts, self.now())?;
        let remarks = seat.remarks_for(&case, act.action).await?;
        let at = self.now();
        let event = Event {
            id: EventId(self.new_id()),
            case: case.id,
            seq: case.seq + 1,
            at,
            by: domain::case::Doer { person: seat.actor.person.clone(), role: seat.actor.role },
            to: decided.to,
            deed: decided.deed,
            remarks,
        };
        let (body, blobs) = ActBody::of(&event.deed);
        let opening = u32::from(waiting.iter().any(|item| item.opens));
        let item = OutboxItem {
            event: event.id,
            case: case.id,
            opens: false,
            body: json!(body),
            blobs,
            expect_seq: case.seq + opening,
            refused: None,
            created_at: at,
            predicted: event,
        };
        match filled {
            Some(changes) => seat.queue_import(&item, changes).await?,
            None => seat.store.queue(&item, None).await.map_err(of_store)?,
        }
        self.nudge.notify_one();
        self.open_case(case.id).await
    }

    /// The sheet that this person writes about the case, when it is complete.
    async fn sheet(&self, seat: &Seat, case: &Case, papers: Vec<Paper>) -> Result<Option<CompletePaper>, Failure> {
        let sheets = papers.into_iter().filter(|paper| advanced::is_sheet(&paper.def.id)).collect();
        Ok(self.complete(seat, case, sheets).await?.pop())
    }

    /// The papers that are due and complete, each frozen as a revision. What is missing, `decide` names.
    async fn complete(&self, seat: &Seat, case: &Case, papers: Vec<Paper>) -> Result<Vec<CompletePaper>, Failure> {
        let mut complete = Vec::new();
        let open = |paper: &Paper| paper.takes_typing() && paper.needed && paper.draft.is_some();
        for paper in papers.into_iter().filter(open) {
            // What is corrected keeps the stamped copy it was sent with.
            let stamped = paper.current_scan().filter(|_| paper.editable).map(|scan| scan.file.clone());
            let (form, hash, printed) = (paper.form.clone(), paper.hash.clone(), paper.current_print().cloned());
            let answers = match &paper.corrects {
                Some(own) => paper.checked.complete_for(own),
                None => paper.checked.complete(),
            };
            let Ok(answers) = answers else { continue };
            let revision = match printed {
                Some(print) => print.revision,
                // Never printed, because nobody asks for its paper: frozen now, without a layout.
                None => {
                    let new = NewPrint {
                        form_ref: form.clone(),
                        hash: hash.clone(),
                        answers: answers.answers().clone(),
                        layout: PrintLayout::default(),
                        printed_at: self.now(),
                    };
                    seat.store.freeze(case.id, &form.id, new).await.map_err(of_store)?.revision
                }
            };
            complete.push(CompletePaper { form, revision, hash, answers, stamped });
        }
        Ok(complete)
    }
}

/// The way of the case: done, here, ahead. A case that ended elsewhere stands at its end.
fn stations(case: &Case) -> Vec<Station> {
    const APPLICATION: &[State] =
        &[State::Draft, State::SchoolCheck, State::CountyCheck, State::Running, State::Closed];
    const SUMMARY: &[State] = &[State::Editing, State::Sent];
    let way: &[State] = match case.process {
        Process::Plc => APPLICATION,
        Process::Summary => SUMMARY,
        Process::Advanced => &certification::way(case),
    };
    let here = way.iter().position(|state| *state == case.state);
    let mut stations: Vec<Station> = way
        .iter()
        .enumerate()
        .map(|(number, state)| Station {
            state: *state,
            label: state.label().to_owned(),
            place: match here {
                Some(here) if number < here => Place::Done,
                Some(here) if number == here => Place::Here,
                _ => Place::Ahead,
            },
        })
        .collect();
    if here.is_none() {
        stations.truncate(1);
        stations.push(Station { state: case.state, label: case.state.label().to_owned(), place: Place::Here });
    }
    stations
}

fn step_row(step: &Step) -> StepRow {
    StepRow {
        seq: step.seq,
        at: step.at,
        what: step.what,
        role: step.role,
        by: step.by.as_ref().map(|by| by.name.clone()),
        reason: step.reason.clone(),
        to_label: step.to.label().to_owned(),
        moved: step.from != Some(step.to),
    }
}

fn delivery(kept: &KeptCase, waiting: &[OutboxItem]) -> Delivery {
    if let Some(refused) = waiting.iter().find_map(|item| item.refused.clone()) {
        let failure = serde_json::from_value(refused)
            .unwrap_or_else(|_| Failure::new(Code::Internal, "the refusal cannot be read"));
        return Delivery::Refused { failure };
    }
    if waiting.iter().any(|item| !item.opens) {
        Delivery::Queued
    } else if kept.known {
        Delivery::Accepted { seq: kept.case.seq }
    } else {
        Delivery::Local
    }
}
