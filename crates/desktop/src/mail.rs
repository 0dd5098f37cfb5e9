//! Mails for messages: what the person chose. The choice is kept at the service, which sends the mails, so it is seen and made
//! only with a line; nothing is shown that the service did not say.

use crate::Desktop;
use wire::{
    Code, Failure,
    mail::{MailChoice, MailView},
};

impl Desktop {
    /// What holds for this person now.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`, `other_service`.
    pub async fn mail_choice(&self) -> Result<MailView, Failure> {
        let token = self.at_the_service().await?;
        self.heard(self.line.mail(&token).await)
    }

    /// Chooses; answers what the service keeps.
    ///
    /// # Errors
    /// `offline`, `not_signed_in`, `other_service`.
    pub async fn choose_mail(&self, choice: &MailChoice) -> Result<MailView, Failure> {
        let token = self.at_the_service().await?;
        self.heard(self.line.choose_mail(&token, choice).await)
    }

    /// The person's session, once it is sure that the service is their own.
    pub(crate) async fn at_the_service(&self) -> Result<String, Failure> {
        let seat = self.seat().await?;
        let hello = self.heard(self.line.hello().await)?;
        seat.check_service(&hello.service_id).await?;
        seat.token().await.ok_or_else(|| Failure::new(Code::NotSignedIn, "the session has ended"))
    }

    pub(crate) fn heard<T>(&self, answer: Result<T, Failure>) -> Result<T, Failure> {
        answer.inspect_err(|failure| {
            if failure.code == Code::Offline {
                self.set_online(false);
            }
        })
    }
}
