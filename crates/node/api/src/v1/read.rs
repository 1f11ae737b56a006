//! Answers with an `ETag` that is the hash of their bytes. Whether the client has one already is seen for all routes alike
//! ([`crate::ready::unless_known`]).

use axum::response::{IntoResponse, Response};
use bolao_answers::Chain as _;
use bolao_ledger::sha256d;
use bolao_store::Snapshot;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;

use crate::{
    problem::Problem,
    ready::{LONGEST, Whole},
    state::Api,
};

/// The result of a handler.
pub(crate) type Reply = Result<Response, Problem>;

/// The tip on which an answer rests.
const TIP: HeaderName = HeaderName::from_static("bolao-tip");
/// The height of the last final block by which it was made.
const FINAL: HeaderName = HeaderName::from_static("bolao-final");
/// The time by which it was made, in unix seconds, where it depends on that.
pub(super) const NOW: HeaderName = HeaderName::from_static("bolao-now");

/// Reads and answers JSON.
pub(crate) async fn tagged_json<T: Serialize>(
    api: &Api,
    work: impl FnOnce(&Api, &Snapshot) -> Result<T, Problem> + Send + 'static,
) -> Reply {
    answer(api, move |api, snapshot| json(&work(api, snapshot)?)).await
}

/// The same for bytes that are no JSON.
pub(crate) async fn tagged_bytes(
    api: &Api,
    work: impl FnOnce(&Api, &Snapshot) -> Result<Vec<u8>, Problem> + Send + 'static,
) -> Reply {
    let bytes = move |api: &Api, snapshot: &Snapshot| Ok(work(api, snapshot)?.into());
    let mut response = answer(api, bytes).await?;
    let kind = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// The same for text of another type.
pub(crate) async fn tagged_text(
    api: &Api,
    kind: &'static str,
    work: impl FnOnce(&Api, &Snapshot) -> Result<String, Problem> + Send + 'static,
) -> Reply {
    let text = move |api: &Api, snapshot: &Snapshot| Ok(work(api, snapshot)?.into());
    let mut response = answer(api, text).await?;
    let kind = HeaderValue::from_static(kind);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// The same for the bytes of JSON.
pub(crate) async fn answer(
    api: &Api,
    work: impl FnOnce(&Api, &Snapshot) -> Result<Bytes, Problem> + Send + 'static,
) -> Reply {
    let shared = api.clone();
    let (tip, last_final, body) = api
        .read(move |snapshot| {
            let last_final = snapshot.final_height()?;
            Ok((snapshot.tip()?, last_final, work(&shared, snapshot)?))
        })
        .await?;
    let mut response = tagged(&body_tag(&body), body);
    if let Ok(tip) = HeaderValue::from_str(&tip.hash.to_string()) {
        response.headers_mut().insert(TIP, tip);
    }
    response.headers_mut().insert(FINAL, last_final.0.into());
    Ok(response)
}

/// The tag of an answer; weak, because answers are also sent compressed.
pub(crate) fn body_tag(body: &[u8]) -> String {
    format!(r#"W/"{}""#, hex::encode(sha256d(body)))
}

pub(crate) fn json(value: &impl Serialize) -> Result<Bytes, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer cannot be written as JSON");
        Problem::internal()
    })?;
    Ok(body.into())
}

/// JSON with its tag.
pub(crate) fn tagged(tag: &str, body: Bytes) -> Response {
    let whole = body.len() <= LONGEST;
    let mut response = (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        body,
    )
        .into_response();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    if whole {
        response.extensions_mut().insert(Whole);
    }
    response
}
