//! Events: the whole life of a case, every version that was sent with it, as far as a person may see it.

use super::{Refused, Signed, Words};
use crate::{
    Service,
    acts::{not_found, sight_of},
    db,
};
use axum::{Json, extract::State};
use domain::{history::seen_events, workflow::Sight};
use wire::http::EventPage;

pub(super) async fn of_case(
    State(service): State<Service>,
    signed: Signed,
    words: Words,
) -> Result<Json<EventPage>, Refused> {
    let found = db::events::of_case(service.db(), words.case()?).await?;
    let (case, events) = found.ok_or_else(not_found)?;
    let sight = sight_of(&case, &signed.actor);
    if sight == Sight::Nothing {
        return Err(not_found().into());
    }
    let events = seen_events(events, &case, sight, &signed.actor);
    Ok(Json(EventPage { events, papers_hidden: sight < Sight::Papers }))
}
