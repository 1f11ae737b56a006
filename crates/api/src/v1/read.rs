//! Answers with an `ETag`: made of the tip where they depend on the chain alone.

use axum::response::{IntoResponse, Response};
use bolao_ledger::sha256d;
use bolao_store::{Snapshot, Tip};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{problem::Problem, state::Api};

/// Reads and answers JSON, or 304 where the client has it already.
pub(crate) async fn chain_json<T: Serialize>(
    api: &Api,
    headers: &HeaderMap,
    work: impl FnOnce(&Snapshot) -> Result<T, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let known = headers.get(header::IF_NONE_MATCH).cloned();
    let (tag, body) = api
        .read(move |snapshot| {
            let tag = tip_tag(&snapshot.tip()?);
            if known.is_some_and(|known| matches(&known, &tag)) {
                return Ok((tag, None));
            }
            Ok((tag, Some(json(&work(snapshot)?)?)))
        })
        .await?;
    Ok(tagged(&tag, "application/json", body))
}

/// The same for what changes without the tip, such as what waits: the tag is made of the answer, which spares the
/// way to the client and no reading.
pub(crate) async fn tagged_json<T: Serialize>(
    api: &Api,
    headers: &HeaderMap,
    work: impl FnOnce(&Snapshot) -> Result<T, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let known = headers.get(header::IF_NONE_MATCH).cloned();
    let (tag, body) = api
        .read(move |snapshot| {
            let body = json(&work(snapshot)?)?;
            let tag = format!(r#"W/"{}""#, hex::encode(sha256d(&body)));
            let known = known.is_some_and(|known| matches(&known, &tag));
            Ok((tag, (!known).then_some(body)))
        })
        .await?;
    Ok(tagged(&tag, "application/json", body))
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written as JSON");
        Problem::internal()
    })
}

/// An answer with its tag; 304 without a body.
pub(crate) fn tagged(
    tag: &str,
    kind: &'static str,
    body: Option<impl Into<axum::body::Body>>,
) -> Response {
    let mut response = match body {
        Some(body) => {
            let kind = HeaderValue::from_static(kind);
            ([(header::CONTENT_TYPE, kind)], body.into()).into_response()
        }
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    let check = HeaderValue::from_static("no-cache");
    headers.insert(header::CACHE_CONTROL, check);
    response
}

/// Weak, because answers are also sent compressed.
fn tip_tag(tip: &Tip) -> String {
    format!(r#"W/"{}-{}""#, env!("CARGO_PKG_VERSION"), tip.hash)
}

/// Whether `If-None-Match` names the tag (RFC 9110: compared weakly).
pub(crate) fn matches(known: &HeaderValue, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.to_str().is_ok_and(|known| {
        known.trim() == "*" || known.split(',').any(|known| bare(known) == bare(tag))
    })
}
