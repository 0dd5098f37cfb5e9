//! Messages.

use super::{Refused, Signed, Words};
use crate::{Service, acts::not_found, db};
use axum::{Json, extract::State};
use wire::http::SeenNotice;

pub(super) async fn read(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
) -> Result<Json<SeenNotice>, Refused> {
    let notice = db::notices::read(service.db(), signed.actor.person.id, words.id(0)?, service.now()).await?;
    Ok(Json(notice.ok_or_else(not_found)?))
}
