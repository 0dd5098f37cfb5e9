//! Signing in and out.

use super::{
    Refused, Signed,
    ask::{From, Sent},
};
use crate::{Service, auth, db};
use axum::{Json, extract::State, http::StatusCode};
use chrono::TimeDelta;
use domain::people::Actor;
use wire::{
    Code, Failure,
    http::{Session, SignIn},
};

/// How long a session lasts.
const SESSION: TimeDelta = TimeDelta::days(30);

/// Tries are forgotten after this time without another.
const FORGET_TRIES: TimeDelta = TimeDelta::days(1);

pub(super) async fn sign_in(
    State(service): State<Service>,
    From(address): From,
    sent: Sent,
) -> Result<(StatusCode, Json<Session>), Refused> {
    let SignIn { account, password } = sent.parse()?;
    let (db, now) = (service.db(), service.now());
    let key = auth::try_key(&account, address);
    db::sessions::count_try(db, &key, now, now - FORGET_TRIES, |before| auth::may_try(before, now)).await?;
    // No account's name has a NUL, and PostgreSQL does not take one in a question.
    let lock = if account.contains('\0') { None } else { db::accounts::lock(db, &account).await? };
    let known = lock.as_ref().map(|lock| lock.password_hash.as_str());
    let fits = service.hashing().fits(&password, known).await?;
    let Some(lock) = lock.filter(|_| fits) else {
        return Err(Failure::new(Code::WrongPassword, "account or password is wrong").into());
    };
    let token = auth::fresh_token()?;
    let ends_at = now + SESSION;
    let actor = db::sessions::begin(db, lock.id, &key, &auth::token_hash(&token), now, ends_at).await?;
    Ok((StatusCode::CREATED, Json(Session { token, actor, ends_at })))
}

pub(super) async fn sign_out(State(service): State<Service>, signed: Signed) -> Result<StatusCode, Refused> {
    db::sessions::end(service.db(), &signed.token_hash).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn me(signed: Signed) -> Json<Actor> {
    Json(signed.actor)
}
