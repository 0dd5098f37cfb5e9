//! Conveners: whom a school can choose for 更換社群召集人.

use super::{Refused, Signed, Words};
use crate::{Service, acts, db};
use axum::{Json, extract::State};
use domain::case::Case;
use wire::http::ConvenerPage;

pub(super) async fn choices(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
) -> Result<Json<ConvenerPage>, Refused> {
    let now = service.now();
    let judge = |case: Option<&Case>| acts::may_choose_convener(case, &signed.actor, now);
    Ok(Json(db::conveners::choices(service.db(), words.case()?, judge).await?))
}
