//! Answers with an `ETag`: made of the tip where they depend on the chain alone. Whether the client has one already is
//! seen where it is kept ready (see [`crate::ready`]).

use axum::response::{IntoResponse, Response};
use bolao_ledger::sha256d;
use bolao_store::{Snapshot, Tip};
use bytes::Bytes;
use http::{HeaderValue, header};
use serde::Serialize;

use crate::{
    problem::Problem,
    ready::{LONGEST, Whole},
    state::Api,
};

/// What a handler gives.
pub(crate) type Reply = Result<Response, Problem>;

/// Reads and answers JSON.
pub(crate) async fn chain_json<T: Serialize>(
    api: &Api,
    work: impl FnOnce(&Api, &Snapshot) -> Result<T, Problem> + Send + 'static,
) -> Reply {
    let shared = api.clone();
    let (tag, body) = api
        .read(move |snapshot| Ok((tip_tag(&snapshot.tip()?), json(&work(&shared, snapshot)?)?)))
        .await?;
    Ok(tagged(&tag, body))
}

/// The same for what changes without the tip, such as what waits: the tag is made of the answer.
pub(crate) async fn tagged_json<T: Serialize>(
    api: &Api,
    work: impl FnOnce(&Api, &Snapshot) -> Result<T, Problem> + Send + 'static,
) -> Reply {
    let shared = api.clone();
    let (tag, body) = api
        .read(move |snapshot| {
            let body = json(&work(&shared, snapshot)?)?;
            Ok((format!(r#"W/"{}""#, hex::encode(sha256d(&body))), body))
        })
        .await?;
    Ok(tagged(&tag, body))
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

/// Weak, because answers are also sent compressed.
fn tip_tag(tip: &Tip) -> String {
    format!(r#"W/"{}-{}""#, env!("CARGO_PKG_VERSION"), tip.hash)
}
