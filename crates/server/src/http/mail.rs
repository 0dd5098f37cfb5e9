//! How the person wants to hear of messages by mail.

use super::{Refused, Signed, ask::Sent};
use crate::{Service, db, mail::last_daily};
use axum::{Json, extract::State};
use domain::ids::AccountId;
use wire::mail::{MailChoice, MailView};

pub(super) async fn chosen(State(service): State<Service>, signed: Signed) -> Result<Json<MailView>, Refused> {
    view(&service, signed.actor.person.id).await
}

pub(super) async fn choose(
    State(service): State<Service>,
    signed: Signed,
    sent: Sent,
) -> Result<Json<MailView>, Refused> {
    let choice: MailChoice = sent.parse()?;
    let (account, now) = (signed.actor.person.id, service.now());
    db::mail::choose(service.db(), account, choice, &last_daily(now, service.mail_hour()), now).await?;
    view(&service, account).await
}

async fn view(service: &Service, account: AccountId) -> Result<Json<MailView>, Refused> {
    let (choice, address) = db::mail::chosen(service.db(), account).await?;
    Ok(Json(MailView { choice, address, sends: service.office().sends(), hour: service.mail_hour() }))
}
