//! Around every request: the time limit, the counters, one line of log. Routes, codes and times only.

use super::{MOST_TIME, Refused, answer::RefusedWith};
use crate::Service;
use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use std::time::Instant;
use wire::{Code, Failure};

/// Counts and logs.
pub(super) async fn observe(State(service): State<Service>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = match *request.method() {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    };
    let route =
        request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    let refusal = response.extensions().get::<RefusedWith>().map(|RefusedWith(code)| code.as_str());
    service.metrics().answered(method, &route, status, took);
    if let Some(code) = refusal {
        service.metrics().refused(code);
    }
    tracing::info!(method, route, status, refusal, ms = took.as_millis() as u64, "request");
    response
}

/// Ends requests that take too long. Uploads come in over slow lines and watch their own time.
pub(super) async fn limit_time(request: Request, next: Next) -> Response {
    if *request.method() == Method::PUT {
        return next.run(request).await;
    }
    match tokio::time::timeout(MOST_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let params = serde_json::json!({ "retry_after_seconds": 5 });
            Refused(Failure::with(Code::Busy, params, "the request took too long")).into_response()
        }
    }
}
