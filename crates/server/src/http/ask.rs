//! What comes in, taken apart: the session, the words of the path, the query, the body. Whatever does not fit is refused in the
//! same shape as everything else.

use super::{MOST_JSON_BYTES, Refused};
use crate::{Service, auth, db};
use axum::{
    body::{Body, BodyDataStream},
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request},
    http::{header, request::Parts},
};
use domain::{
    certification::PICKS,
    form::{FormId, Packs},
    ids::{BlobHash, CaseId},
    people::Actor,
    time::PlanYear,
};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    str::FromStr,
    time::Duration,
};
use wire::{Code, Failure};

/// A request that is not of the shape described.
pub(super) fn bad_request(message: impl Into<String>) -> Refused {
    Refused(Failure::new(Code::BadRequest, message))
}

/// Someone with a session.
#[derive(Debug)]
pub struct Signed {
    /// Who.
    pub actor: Actor,
    /// Their session, as it is kept.
    pub token_hash: String,
}

impl FromRequestParts<Service> for Signed {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Refused> {
        let not_signed_in = || Failure::new(Code::NotSignedIn, "no session, or one that has ended");
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(not_signed_in)?;
        let token_hash = auth::token_hash(token);
        let actor = db::sessions::who(service.db(), &token_hash, service.now()).await?.ok_or_else(not_signed_in)?;
        Ok(Self { actor, token_hash })
    }
}

/// The variable words of the path, in order.
#[derive(Debug)]
pub struct Words(Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for Words {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Path::<Vec<String>>::from_request_parts(parts, state).await {
            Ok(Path(words)) => Ok(Self(words)),
            Err(_) => Err(bad_id().into()),
        }
    }
}

fn bad_id() -> Failure {
    Failure::new(Code::BadId, "the id is not an id")
}

impl Words {
    /// The id at a place.
    ///
    /// # Errors
    /// `bad_id`.
    pub fn id<T: FromStr>(&self, place: usize) -> Result<T, Failure> {
        self.0.get(place).and_then(|word| word.parse().ok()).ok_or_else(bad_id)
    }

    /// The case, which is the first word.
    ///
    /// # Errors
    /// `bad_id`.
    pub fn case(&self) -> Result<CaseId, Failure> {
        self.id(0)
    }

    /// The file, which is the first word.
    ///
    /// # Errors
    /// `bad_id`.
    pub fn blob(&self) -> Result<BlobHash, Failure> {
        self.id(0)
    }

    /// The county at a place.
    ///
    /// # Errors
    /// `bad_id` when there is none of this name.
    pub fn county(&self, place: usize) -> Result<String, Failure> {
        let county = self.0.get(place).filter(|name| Packs::built_in().has_county(name));
        county.cloned().ok_or_else(bad_id)
    }

    /// The plan year at a place.
    ///
    /// # Errors
    /// `bad_id` when it is no year that has rules.
    pub fn plan_year(&self, place: usize) -> Result<PlanYear, Failure> {
        let year = self.0.get(place).and_then(|word| word.parse().ok());
        year.filter(|year| (1..=999).contains(year)).map(PlanYear).ok_or_else(bad_id)
    }

    /// The name of a draft, which is the second word: a form, or what is picked for the slots of a certification.
    ///
    /// # Errors
    /// `unknown_form`.
    pub fn form(&self) -> Result<FormId, Failure> {
        let known =
            |form: &FormId| form.as_str() == PICKS || Packs::built_in().newest().any(|(_, known)| known.id == *form);
        let form = self.id::<FormId>(1).ok().filter(known);
        form.ok_or_else(|| Failure::new(Code::UnknownForm, "there is no such form"))
    }
}

/// The query of the address.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(error) => Err(bad_request(error.body_text())),
        }
    }
}

/// A JSON body, not yet of any type.
#[derive(Debug)]
pub(super) struct Sent(pub(super) Value);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Refused;
    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let bytes = body_bytes(request.into_body()).await?;
        // The parser's words can repeat what was sent, so they are not told.
        serde_json::from_slice(&bytes).map(Self).map_err(|_| bad_request("the body is not JSON"))
    }
}

impl Sent {
    /// As a type.
    ///
    /// # Errors
    /// `bad_request`.
    pub(super) fn parse<T: DeserializeOwned>(self) -> Result<T, Refused> {
        serde_json::from_value(self.0).map_err(|_| bad_request("the body is not of the shape described"))
    }
}

async fn body_bytes(body: Body) -> Result<Vec<u8>, Refused> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| bad_request("the body ended early"))?;
        if bytes.len() + chunk.len() > MOST_JSON_BYTES {
            discard(stream).await;
            let limit = serde_json::json!({ "limit": MOST_JSON_BYTES });
            return Err(Refused(Failure::with(Code::TooLarge, limit, "the body is too large")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// How much of an unwanted body is read, in bytes and in time.
const MOST_DISCARDED: usize = 64 * 1024 * 1024;
const MOST_PATIENCE: Duration = Duration::from_secs(10);

/// Reads the rest of a body that is not wanted, so that the sender hears the answer instead of a broken line.
pub(super) async fn discard(mut stream: BodyDataStream) {
    let reading = async {
        let mut read = 0;
        while let Some(Ok(chunk)) = stream.next().await {
            read += chunk.len();
            if read > MOST_DISCARDED {
                return;
            }
        }
    };
    // Whoever is slower than that gets the answer all the same.
    tokio::time::timeout(MOST_PATIENCE, reading).await.ok();
}

/// Where the request comes from.
#[derive(Debug)]
pub(super) struct From(pub(super) IpAddr);

impl FromRequestParts<Service> for From {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Infallible> {
        let direct = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        // The last entry is the one that the proxy in front wrote itself; those before are claims.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        let seen = if service.behind_proxy() { forwarded.or(direct) } else { direct };
        Ok(Self(seen.unwrap_or(Ipv4Addr::UNSPECIFIED.into())))
    }
}
