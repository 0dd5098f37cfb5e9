//! 審查委員 and 分發委員: the pool, whom a case could be given to, proposals, and many cases given out at once. The pool lies at the
//! service alone, so without it there is no list; the act itself is one like every other and waits in the outbox.

use crate::{Desktop, Seat, choose::within_bounds, failure::of_store, lists::case_of};
use domain::{
    case::Process,
    certification::{Desk, FIELDS, Round},
    form::{Label, Packs},
    ids::CaseId,
    people::{Person, Role},
    time::PlanYear,
    workflow::{self, Action, Command, Facts},
};
use std::collections::BTreeMap;
use wire::{
    Code, Failure,
    choose::{CaseIds, CasesDone},
    reviewers::{AssignChoices, CasesAssign, ProposalAsk, ProposalPage, ReviewerSave, ReviewersView},
};

impl Desktop {
    /// The session's token, after a look whether it is still the same service.
    async fn token_on_line(&self, seat: &Seat) -> Result<String, Failure> {
        seat.check_service(&self.line.hello().await?.service_id).await?;
        seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))
    }

    /// Notes when there is no line.
    fn hear<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        answer.inspect_err(|failure| {
            if failure.code == Code::Offline {
                self.set_online(false);
            }
        })
    }

    /// The reviewers that this person keeps.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`, `not_yours`; faults of the store.
    pub async fn reviewer_pool(&self) -> Result<ReviewersView, Failure> {
        let seat = self.seat().await?;
        let asked = async {
            let token = self.token_on_line(&seat).await?;
            self.line.reviewers(&token, None).await
        };
        let rows = self.hear(asked.await)?.rows;
        let national = seat.actor.role == Role::Platform;
        let policy = seat.policy(seat.plan_year().await?);
        let fields =
            policy.list(FIELDS).iter().map(|field| Label { zh: field.zh.clone(), en: field.en.clone() }).collect();
        let counties = match &seat.actor.county {
            Some(county) if !national => vec![county.clone()],
            _ => policy.counties().into_iter().map(str::to_owned).collect(),
        };
        Ok(ReviewersView { rows, fields, counties, may_be_national: national })
    }

    /// Saves what the pool knows of a reviewer.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`; as the service refuses; faults of the store. Nothing is kept here then.
    pub async fn reviewer_put(&self, save: &ReviewerSave) -> Result<ReviewersView, Failure> {
        let seat = self.seat().await?;
        let sent = async {
            let token = self.token_on_line(&seat).await?;
            self.line.put_reviewer(&token, save.account, &save.put).await
        };
        self.hear(sent.await)?;
        self.reviewer_pool().await
    }

    /// Whom a case could be given to in its round.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`; `not_in_this_state` for a case that seeks nobody; as the act itself would be refused.
    pub async fn assign_choices(&self, case: CaseId) -> Result<AssignChoices, Failure> {
        let seat = self.seat().await?;
        let case_now = seat.seen_case(case).await?;
        let how = workflow::certifying(&case_now);
        let (round, how) = Round::of(case_now.state)
            .zip(how)
            .ok_or_else(|| Failure::new(Code::NotInThisState, "this case seeks no reviewers"))?;
        let asked = async {
            let token = self.token_on_line(&seat).await?;
            self.line.reviewers(&token, Some(case)).await
        };
        let rows = self.hear(asked.await)?.rows;
        Ok(AssignChoices {
            round,
            round_label: round.label().to_owned(),
            wanted: u8::try_from(how.reviewers_in(round)).unwrap_or(u8::MAX),
            asked: case_now.reviewing.reviewers(round).cloned().collect(),
            rows,
        })
    }

    /// A proposal for many cases; an office changes it as it likes.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`, `too_many_cases`.
    pub async fn assign_propose(&self, asked: CaseIds) -> Result<ProposalPage, Failure> {
        let seat = self.seat().await?;
        within_bounds(asked.cases.len())?;
        let answer = async {
            let token = self.token_on_line(&seat).await?;
            self.line.propose(&token, &ProposalAsk { cases: asked.cases }).await
        };
        self.hear(answer.await)
    }

    /// Gives reviewers to many cases: decided here as a promise, kept in one transaction, and sent together when there is a line.
    /// Whether a reviewer has a conflict is for the service to say.
    ///
    /// # Errors
    /// `too_many_cases`; faults of the store, and then nothing is done.
    pub async fn assign_cases(&self, assign: &CasesAssign) -> Result<CasesDone, Failure> {
        let seat = self.seat().await?;
        within_bounds(assign.cases.len())?;
        let chosen: BTreeMap<CaseId, &[Person]> =
            assign.cases.iter().map(|one| (one.case, one.reviewers.as_slice())).collect();
        let ids: Vec<CaseId> = chosen.keys().copied().collect();
        let rows = seat.store.rows_of(&ids).await.map_err(of_store)?;
        let now = self.now();
        let (mut items, mut refused) = (Vec::new(), Vec::new());
        for id in ids {
            let Some(row) = rows.iter().find(|row| row.id == id) else {
                refused.push((id, Failure::new(Code::NotFound, "there is no such case on this computer")));
                continue;
            };
            let case = case_of(row);
            let command = Command::Assign { reviewers: chosen[&id].to_vec() };
            match workflow::decide(&case, command, &seat.actor, &Facts::default(), now) {
                Ok(decided) => items.push(self.item(&seat, &case, decided, now)),
                Err(refusal) => refused.push((id, refusal.into())),
            }
        }
        seat.store.queue_all(&items).await.map_err(of_store)?;
        if !items.is_empty() {
            self.send_soon().await;
        }
        self.outcome(&seat, Action::Assign, &items, refused).await
    }
}

impl Seat {
    /// Whether this person's part sits at a desk of a certification in a plan year.
    pub(crate) fn sits_at(&self, desk: Desk, plan_year: PlanYear) -> bool {
        let county = self.actor.own_county().unwrap_or_default();
        let how = Packs::built_in().certifying(Process::Advanced, plan_year, county);
        how.is_some_and(|how| how.at(desk) == Some(self.actor.role))
    }
}
