//! The versions of a case's papers that were sent, and what changed between two of them. They come from the service the first time
//! and stay in the store, so that a correction can be looked at without a line.

use crate::{Desktop, Seat, failure::of_store};
use domain::{
    case::{Case, Event, SentPaper},
    form::{FormId, Packs, difference},
    history::{compare_from, versions},
    ids::CaseId,
    steps::DeedKind,
    workflow::{self, Sight, Workflow, sight},
};
use store::KeptCase;
use wire::{
    Code, Failure,
    history::{CaseHistory, DifferenceOf, PaperDifference, PaperHistory, SentVersion},
    http::EventPage,
};

/// So many corrected cases are fetched beforehand in a run of sync; a county's first one may bring thousands.
const MOST_FETCHED: usize = 60;

impl Desktop {
    /// Every version of a case's papers.
    ///
    /// # Errors
    /// `not_found`; faults of the store. A service that cannot be reached only makes it incomplete.
    pub async fn case_history(&self, id: CaseId) -> Result<CaseHistory, Failure> {
        let seat = self.seat().await?;
        let (events, complete) = self.events(&seat, id).await?;
        let mut papers = Vec::new();
        for form in forms_sent(&events) {
            let Some((def, _)) = Packs::built_in().newest().find(|(def, _)| def.id == form) else { continue };
            papers.push(PaperHistory {
                name: def.name.clone(),
                versions: versions(&events, &form).map(|(event, paper)| version(event, paper)).collect(),
                compare_from: compare_from(&events, &form, seat.actor.role),
                form,
            });
        }
        papers.sort_by_key(|paper| workflow::papers_place(&paper.form));
        Ok(CaseHistory { case: id, papers, complete })
    }

    /// What changed between two versions of a paper.
    ///
    /// # Errors
    /// `not_found` when there is no such version here; `unknown_form` for a version of a form that this program does not know.
    pub async fn paper_difference(&self, of: &DifferenceOf) -> Result<PaperDifference, Failure> {
        let seat = self.seat().await?;
        let (events, _) = self.events(&seat, of.case).await?;
        let sent = |seq: u32| {
            let found = versions(&events, &of.form).find(|(event, _)| event.seq == seq);
            found.ok_or_else(|| Failure::new(Code::NotFound, "there is no such version of the paper here"))
        };
        let (before, now) = (sent(of.from)?, sent(of.to)?);
        let def = |paper: &SentPaper| {
            let found = Packs::built_in().get(&of.form, paper.form.version);
            found.map(|(def, _)| def).ok_or_else(|| crate::papers::unknown_form(&of.form))
        };
        let file = |paper: &SentPaper| paper.stamped.as_ref().map(|file| file.blob.clone());
        Ok(PaperDifference {
            form: of.form.clone(),
            from: version(before.0, before.1),
            to: version(now.0, now.1),
            fields: difference((def(before.1)?, &before.1.answers), (def(now.1)?, &now.1.answers)),
            other_file: file(before.1) != file(now.1),
        })
    }

    /// The events of a case, and whether they are all of them. The service is asked only where more than one version was sent
    /// and this computer does not have them yet.
    async fn events(&self, seat: &Seat, id: CaseId) -> Result<(Vec<Event>, bool), Failure> {
        let kept = seat.store.case(id).await.map_err(of_store)?;
        let kept = kept.ok_or_else(|| Failure::new(Code::NotFound, "there is no such case on this computer"))?;
        if !sees_papers(&kept.case, seat) || !kept.known {
            return Ok((Vec::new(), true));
        }
        let here = seat.store.events(id).await.map_err(of_store)?.unwrap_or_default();
        let level = here.last().is_some_and(|event| event.seq >= kept.case.seq);
        if level || !sent_again(&kept.case) {
            return Ok((here, true));
        }
        let asked = async {
            seat.check_service(&self.line.hello().await?.service_id).await?;
            let token = seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))?;
            self.fetch_events(seat, &token, id).await
        };
        match asked.await {
            Ok(page) => Ok((page.events, true)),
            Err(failure) if matches!(failure.code, Code::Offline | Code::NotSignedIn | Code::Busy) => {
                if failure.code == Code::Offline {
                    self.set_online(false);
                }
                Ok((here, false))
            }
            Err(failure) => Err(failure),
        }
    }

    async fn fetch_events(&self, seat: &Seat, token: &str, id: CaseId) -> Result<EventPage, Failure> {
        let page = self.line.events(token, id).await?;
        if !page.papers_hidden {
            seat.store.put_events(id, &page.events).await.map_err(of_store)?;
        }
        Ok(page)
    }

    /// Fetches the earlier versions of what came corrected and waits for this person, so that they can compare without a line.
    /// That it does not succeed stands in nobody's way: the page asks again.
    pub(crate) async fn fetch_corrected(&self, seat: &Seat, token: &str, came: &[CaseId]) -> Result<(), Failure> {
        let mut fetched = 0;
        for id in came {
            let Some(KeptCase { case, .. }) = seat.store.case(*id).await.map_err(of_store)? else { continue };
            let (table, how) = (Workflow::of(case.process), workflow::certifying(&case));
            let mine = table.waits_for(case.state, seat.actor.role, how);
            if !mine || !sees_papers(&case, seat) || !sent_again(&case) {
                continue;
            }
            match self.fetch_events(seat, token, *id).await {
                Ok(_) => fetched += 1,
                Err(failure) => {
                    tracing::debug!(code = %failure.code, "the earlier versions of a case did not come");
                    if failure.code == Code::Offline {
                        break;
                    }
                }
            }
            if fetched == MOST_FETCHED {
                break;
            }
        }
        Ok(())
    }
}

fn sees_papers(case: &Case, seat: &Seat) -> bool {
    sight(case, &seat.actor) >= Sight::Papers
}

/// Whether more than one version was sent, as far as 歷程 tells; one that begins later than the case does not tell.
fn sent_again(case: &Case) -> bool {
    let whole = case.steps.first().is_some_and(|step| step.what == DeedKind::Opened);
    let sent = |what| matches!(what, DeedKind::Submitted | DeedKind::ConvenerCorrected);
    !whole || case.steps.iter().filter(|step| sent(step.what)).count() > 1
}

fn forms_sent(events: &[Event]) -> Vec<FormId> {
    let mut forms: Vec<FormId> =
        events.iter().flat_map(|event| event.deed.papers()).map(|paper| paper.form.id.clone()).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn version(event: &Event, paper: &SentPaper) -> SentVersion {
    let name = &event.by.person.name;
    SentVersion {
        seq: event.seq,
        revision: paper.revision,
        at: event.at,
        by: (!name.is_empty()).then(|| name.clone()),
        role: event.by.role,
    }
}
