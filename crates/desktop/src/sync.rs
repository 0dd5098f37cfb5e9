//! Getting level with the service: the plan of `domain::sync` carried out, step by step. Everything that is taken off a
//! queue was acknowledged first; a line that breaks leaves everything as it was.

use crate::{Desktop, Seat, failure::of_store};
use domain::{
    form::FormId,
    ids::{BlobHash, CaseId, EventId, PushId},
    sync::{CaseHead, Heads, QueuedAct, Step, plan},
    workflow::{Action, advanced},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use store::{KeptCase, OutboxItem};
use wire::{
    Code, Failure,
    http::{Act, ActBody, CaseAct, DraftPush, ManyActs, SeenCase},
    views::SyncReport,
};

/// How often this computer asks what is new while nothing waits to be sent.
const CALM: Duration = Duration::from_secs(30);
/// The first pause after the line broke; it doubles up to [`CALM`], so that a service that comes back is not run over.
const BROKEN: Duration = Duration::from_secs(3);

impl Desktop {
    /// Stays level with the service for as long as the program runs: at once after every act, else every half minute.
    pub async fn keep_level(self: Arc<Self>) {
        let (mut pause, mut after_break) = (BROKEN, BROKEN);
        loop {
            // Nobody there, or a wait: both end early when somebody acts.
            let _ = tokio::time::timeout(pause, self.nudge.notified()).await;
            if self.seat().await.is_err() {
                let online = self.line.hello().await.is_ok();
                self.set_online(online);
                pause = CALM;
                continue;
            }
            pause = match self.run_sync().await {
                Ok(_) => {
                    after_break = BROKEN;
                    CALM
                }
                Err(failure) => {
                    tracing::debug!(code = %failure.code, "not level with the service");
                    let pause = after_break;
                    after_break = (after_break * 2).min(CALM);
                    pause
                }
            };
        }
    }

    /// One run of sync.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`, `other_service`; what the service refuses of single acts is kept with them instead.
    pub async fn run_sync(&self) -> Result<SyncReport, Failure> {
        let _one = self.sync.lock().await;
        let seat = self.seat().await?;
        let report = self.run_once(&seat).await;
        match &report {
            Ok(_) => self.set_online(true),
            Err(failure) if failure.code == Code::Offline => self.set_online(false),
            Err(failure) if failure.code == Code::NotSignedIn => {
                self.set_online(true);
                seat.token.write().await.take();
                seat.store.put_meta("token", &json!(null)).await.map_err(of_store)?;
            }
            Err(_) => {}
        }
        report
    }

    async fn run_once(&self, seat: &Seat) -> Result<SyncReport, Failure> {
        let hello = self.line.hello().await?;
        seat.check_service(&hello.service_id).await?;
        let behind = self.set_clock(hello.now);
        let token = seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))?;
        let mut report = SyncReport::default();
        self.send_profile(seat, &token, &mut report).await?;
        let mut stuck = BTreeSet::new();
        for step in plan(&heads(seat).await?) {
            match step {
                Step::PutBlob(blob) => match self.send_blob(seat, &token, &blob).await {
                    Ok(()) => report.sent += 1,
                    Err(failure) if is_final(failure.code) => {
                        self.refuse_acts_with(seat, &blob, &failure, &mut report).await?;
                    }
                    Err(failure) => return Err(failure),
                },
                Step::PushAct(case, _) | Step::PushDraft(case, _) if stuck.contains(&case) => {}
                Step::PushAct(case, event) => match self.send_act(seat, &token, case, event).await? {
                    true => report.sent += 1,
                    false => {
                        report.refused += 1;
                        stuck.insert(case);
                    }
                },
                Step::PushActs(acts) => self.send_acts(seat, &token, &acts, &mut report).await?,
                Step::PushDraft(case, form) => self.send_draft(seat, &token, case, &form, &mut report).await?,
                Step::PullChanges => self.pull(seat, &token, &mut report).await?,
            }
        }
        self.first_record(seat, &token).await?;
        for notice in seat.store.read_unsent().await.map_err(of_store)? {
            self.line.notice_read(&token, notice).await?;
            seat.store.read_sent(&[notice]).await.map_err(of_store)?;
        }
        let mut memory = seat.memory().await?;
        memory.plan_year = Some(hello.plan_year);
        memory.behind = behind;
        memory.synced_at = Some(self.now());
        seat.remember(&memory).await?;
        Ok(report)
    }

    /// Sends a file from wherever the service has got to.
    async fn send_blob(&self, seat: &Seat, token: &str, blob: &BlobHash) -> Result<(), Failure> {
        let bytes = seat.store.blob(blob).await.map_err(of_store)?;
        let bytes = bytes.ok_or_else(|| Failure::new(Code::BlobMissing, "the file is not on this computer"))?;
        let mut progress = self.line.blob_progress(token, blob).await?;
        // Twice at most: when another computer of the same person sends the same file, the offset moves once.
        for _ in 0..2 {
            if progress.complete {
                break;
            }
            let from = usize::try_from(progress.received).unwrap_or(0);
            progress = match self.line.put_blob(token, blob, &bytes, from).await {
                Ok(progress) => progress,
                Err(failure) if failure.code == Code::WrongOffset => self.line.blob_progress(token, blob).await?,
                Err(failure) => return Err(failure),
            };
        }
        if !progress.complete {
            return Err(Failure::new(Code::Offline, "the upload did not come to its end"));
        }
        seat.store.mark_there(blob).await.map_err(of_store)
    }

    /// A file the service will never take: the acts that need it are refused with its reason.
    async fn refuse_acts_with(
        &self,
        seat: &Seat,
        blob: &BlobHash,
        failure: &Failure,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        for item in seat.store.outbox(None).await.map_err(of_store)? {
            if item.refused.is_none() && item.blobs.contains(blob) {
                seat.store.act_refused(item.event, &json!(failure)).await.map_err(of_store)?;
                report.refused += 1;
            }
        }
        Ok(())
    }

    /// Sends an act; whether the service took it.
    async fn send_act(&self, seat: &Seat, token: &str, case: CaseId, event: EventId) -> Result<bool, Failure> {
        let queued = seat.store.outbox(Some(case)).await.map_err(of_store)?;
        let Some(item) = queued.into_iter().find(|item| item.event == event && item.refused.is_none()) else {
            return Ok(false);
        };
        let remarks = item.predicted.remarks;
        let act = Act { id: event, expect_seq: item.expect_seq, remarks, body: body_of(item.body)? };
        match self.line.act(token, case, &act).await {
            Ok(done) => {
                seat.store.act_accepted(event, kept(done.case)).await.map_err(of_store)?;
                Ok(true)
            }
            Err(failure) if is_final(failure.code) => {
                tracing::info!(code = %failure.code, "the service refused an act");
                seat.store.act_refused(event, &json!(failure)).await.map_err(of_store)?;
                Ok(false)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Sends acts of many cases together and takes the service's answers in one transaction. The same acts sent again, after a line
    /// that broke before the answer came, are answered as the first time.
    async fn send_acts(
        &self,
        seat: &Seat,
        token: &str,
        acts: &[(CaseId, EventId)],
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let wanted: BTreeSet<EventId> = acts.iter().map(|(_, event)| *event).collect();
        let mut queued = seat.store.outbox(None).await.map_err(of_store)?;
        queued.retain(|item| wanted.contains(&item.event) && item.refused.is_none());
        let mut many = ManyActs { acts: Vec::with_capacity(queued.len()) };
        for OutboxItem { event, case, expect_seq, body, predicted, .. } in &queued {
            let (remarks, body) = (predicted.remarks.clone(), body_of(body.clone())?);
            let act = Act { id: *event, expect_seq: *expect_seq, remarks, body };
            many.acts.push(CaseAct { case: *case, act });
        }
        let answer = match self.line.acts(token, &many).await {
            // A service that does not know acts on many cases yet takes them one by one; and where one of them is more than it can
            // bear, that one alone is held up.
            Err(failure) if is_final(failure.code) || failure.code == Code::Internal => {
                for (case, event) in acts {
                    match self.send_act(seat, token, *case, *event).await? {
                        true => report.sent += 1,
                        false => report.refused += 1,
                    }
                }
                return Ok(());
            }
            answer => answer?,
        };
        let (mut taken, mut refused, mut later) = (Vec::new(), Vec::new(), None);
        for (item, result) in queued.iter().zip(answer.results) {
            match result.refused {
                None => taken.push((item.event, result.case.map(kept))),
                Some(failure) if is_final(failure.code) => {
                    tracing::info!(code = %failure.code, "the service refused an act");
                    refused.push((item.event, json!(failure)));
                }
                Some(failure) => later = Some(failure),
            }
        }
        report.sent += u32::try_from(taken.len()).unwrap_or(u32::MAX);
        report.refused += u32::try_from(refused.len()).unwrap_or(u32::MAX);
        seat.store.acts_answered(taken, &refused).await.map_err(of_store)?;
        later.map_or(Ok(()), Err)
    }

    async fn send_draft(
        &self,
        seat: &Seat,
        token: &str,
        case: CaseId,
        form: &FormId,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let begun = seat.store.begin_push(case, form, PushId(self.new_id())).await.map_err(of_store)?;
        let Some((id, base, changes)) = begun else { return Ok(()) };
        let printed = seat.store.unsent_printed(case, form).await.map_err(of_store)?;
        let push = DraftPush { id, base, changes, printed };
        match self.line.push_draft(token, case, form, &push).await {
            Ok(pushed) => {
                let taken = seat.store.take_head(case, form, &pushed.head, Some(&push.changes), &pushed.clashes).await;
                let draft = taken.map_err(of_store)?;
                report.sent += 1;
                report.conflicts += u32::try_from(draft.clashes.len()).unwrap_or(u32::MAX);
                Ok(())
            }
            // The case went on elsewhere: the draft stays here, untouched, and what is new comes with the changes.
            Err(failure) if is_final(failure.code) => {
                tracing::info!(code = %failure.code, "the service did not take a draft");
                seat.store.drop_push(case, form).await.map_err(of_store)
            }
            Err(failure) => Err(failure),
        }
    }
}

fn body_of(queued: Value) -> Result<ActBody, Failure> {
    serde_json::from_value(queued)
        .map_err(|error| Failure::new(Code::StoreDamaged, format!("an act in the queue: {error}")))
}

fn kept(seen: SeenCase) -> KeptCase {
    KeptCase { case: seen.case, known: true, papers_hidden: seen.papers_hidden }
}

/// Whether asking again would get the same answer.
pub(crate) fn is_final(code: Code) -> bool {
    !matches!(
        code,
        Code::Offline
            | Code::NotSignedIn
            | Code::Busy
            | Code::TooManyTries
            | Code::Internal
            | Code::StoreBusy
            | Code::DiskFull
            | Code::StoreDamaged
            | Code::OtherService
    )
}

/// What this computer has to send.
async fn heads(seat: &Seat) -> Result<Heads, Failure> {
    let mut cases: BTreeMap<CaseId, CaseHead> = BTreeMap::new();
    let head = |case| CaseHead { case, known: false, changed_drafts: Vec::new(), queued: Vec::new() };
    for item in seat.store.outbox(None).await.map_err(of_store)? {
        cases.entry(item.case).or_insert_with(|| head(item.case)).queued.push(QueuedAct {
            event: item.event,
            opens: item.opens,
            reopens: item.body["action"] == Action::Import.code(),
            blobs: item.blobs,
            refused: item.refused.is_some(),
        });
    }
    // What somebody writes about another person's case stays here until it is sent with an act.
    let changed = seat.store.changed_drafts().await.map_err(of_store)?.into_iter();
    for (case, form) in changed.filter(|(_, form)| !advanced::is_sheet(form)) {
        cases.entry(case).or_insert_with(|| head(case)).changed_drafts.push(form);
    }
    let mut heads = Heads { cases: Vec::new(), blobs_there: seat.store.there().await.map_err(of_store)? };
    let known = seat.store.known_with_something_to_send().await.map_err(of_store)?;
    for (id, mut head) in cases {
        head.known = known.contains(&id);
        heads.cases.push(head);
    }
    Ok(heads)
}
