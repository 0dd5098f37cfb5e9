//! 更換社群召集人: whom the school can choose. Only the service knows who has signed in and who convenes, so without it there is
//! no list; the act itself is one like every other, in [`crate::cases`].

use crate::Desktop;
use domain::{ids::CaseId, workflow::Missing};
use wire::{
    Code, Failure,
    views::{ConvenerChoice, ConvenerChoices},
};

impl Desktop {
    /// The people who could take a case over.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`; as the act itself would be refused; faults of the store.
    pub async fn convener_choices(&self, case: CaseId) -> Result<ConvenerChoices, Failure> {
        let seat = self.seat().await?;
        let case_now = seat.seen_case(case).await?;
        let (old, note) = (case_now.owner.clone(), seat.policy_of(&case_now).member_change);
        let asked = async {
            seat.check_service(&self.line.hello().await?.service_id).await?;
            let token = seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))?;
            self.line.conveners(&token, case).await
        };
        let page = asked.await.inspect_err(|failure| {
            if failure.code == Code::Offline {
                self.set_online(false);
            }
        })?;
        let rows = page.rows.into_iter().filter(|row| row.person.id != old.id).map(|row| ConvenerChoice {
            person: row.person,
            account: row.account,
            missing: row.convenes.then_some(Missing::TargetConvenes),
        });
        Ok(ConvenerChoices { rows: rows.collect(), old, note })
    }
}
