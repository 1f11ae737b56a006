//! axum's extractors with problem details for rejections.

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use bolao_discovery::unreadable;
use bytes::Bytes;
use http::{HeaderMap, header, request::Parts};
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Values from the path.
#[derive(Debug)]
pub(crate) struct InPath<T>(pub(crate) T);

/// Values from the query.
#[derive(Debug)]
pub(crate) struct InQuery<T>(pub(crate) T);

/// The whole body, within the route's limit.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) Bytes);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(Path::from_request_parts(parts, state).await?.0))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for InQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(Query::from_request_parts(parts, state).await?.0))
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Ok(Self(Bytes::from_request(request, state).await?))
    }
}

/// The form of a request's body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Bytes,
}

/// The form that a request gives of its body.
pub(crate) fn kind(headers: &HeaderMap) -> Option<Kind> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        Some(Kind::Json)
    } else if kind.eq_ignore_ascii_case("application/octet-stream") {
        Some(Kind::Bytes)
    } else {
        None
    }
}

/// The JSON that a request sends; `wanted` is an example of it.
pub(crate) fn sent<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: &[u8],
    wanted: &str,
) -> Result<T, Problem> {
    if kind(headers) != Some(Kind::Json) {
        return Err(Problem::wants_type("application/json"));
    }
    serde_json::from_slice(body)
        .map_err(|error| Problem::bad_request(format!("wanted {wanted}: {}", unreadable(&error))))
}
