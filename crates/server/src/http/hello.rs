//! Who the service is and whether it is well.

use super::Refused;
use crate::Service;
use axum::{Json, extract::State, http::header, response::IntoResponse};
use wire::http::{Hello, PROTOCOL};

/// The oldest language that is understood.
const MINIMUM_PROTOCOL: u32 = 1;

pub(super) async fn hello(State(service): State<Service>) -> Json<Hello> {
    Json(Hello {
        service_id: service.id().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
        minimum_protocol: MINIMUM_PROTOCOL,
        plan_year: service.plan_year(),
        now: service.now(),
    })
}

pub(super) async fn health(State(service): State<Service>) -> Result<&'static str, Refused> {
    service.db().ping().await?;
    Ok("ok\n")
}

pub(super) async fn metrics(State(service): State<Service>) -> Result<impl IntoResponse, Refused> {
    let (waiting, failed) = crate::db::mail::counts(service.db()).await?;
    let text = service.metrics().text() + &crate::metrics::mails(waiting, failed);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
}
