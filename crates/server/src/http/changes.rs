//! What changed for one person.

use super::{Refused, Signed, ask::Asked, cases::seen};
use crate::{Service, db};
use axum::{Json, extract::State};
use domain::workflow::Sight;
use serde::Deserialize;
use wire::http::ChangesPage;

#[derive(Debug, Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    after: u64,
}

pub(super) async fn since(
    State(service): State<Service>,
    signed: Signed,
    Asked(Since { after }): Asked<Since>,
) -> Result<Json<ChangesPage>, Refused> {
    let db::changes::Changes { cursor, more, cases, drafts, notices, gone, rule_sets } =
        db::changes::since(service.db(), &signed.actor, after).await?;
    let cases = cases.into_iter().filter_map(|case| {
        debug_assert!(
            crate::acts::sight_of(&case, &signed.actor) > Sight::Nothing,
            "a list holds only what may be seen"
        );
        seen(case, &signed.actor)
    });
    Ok(Json(ChangesPage { cursor, more, cases: cases.collect(), drafts, notices, gone, rule_sets }))
}
