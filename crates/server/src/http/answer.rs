//! Refusals as HTTP answers, always `{code, params, message}`.

use crate::{db::DbError, files::FileError};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::any::Any;
use wire::{Code, Failure};

/// A refusal on its way out.
#[derive(Debug)]
pub struct Refused(pub Failure);

/// The code of a refusal, beside the answer, for the counters.
#[derive(Debug, Clone, Copy)]
pub(super) struct RefusedWith(pub(super) Code);

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self(error.failure())
    }
}

impl From<FileError> for Refused {
    fn from(error: FileError) -> Self {
        Self(error.failure())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(failure) = self;
        let status = StatusCode::from_u16(failure.code.status()).expect("every code has a valid status");
        let wait = failure.params.get("retry_after_seconds").and_then(serde_json::Value::as_u64);
        let code = failure.code;
        let mut response = (status, Json(failure)).into_response();
        response.extensions_mut().insert(RefusedWith(code));
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
        }
        response
    }
}

/// A path or method that is in no list.
pub(super) async fn no_such_route() -> Refused {
    Refused(Failure::new(Code::NotFound, "there is no such route"))
}

/// The last resort: a bug in one request must not take the others down.
pub(super) fn panicked(_panic: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request panicked");
    Refused(Failure::new(Code::Internal, "something is wrong on this side")).into_response()
}
