//! The pool's genesis file.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use bolao_ledger::encode;

use super::read::tagged;
use crate::{body::Bytes, state::Api};

/// The genesis file, which friends join with. It never changes.
#[utoipa::path(get, path = "/api/v1/pool/genesis", tag = "pool",
    responses((status = OK, description = "The genesis file", body = Object)))]
pub(crate) async fn genesis(api: Api) -> Response {
    constant(&api, api.genesis.clone())
}

/// The genesis document as it is encoded: the bytes whose hash is the pool's id.
#[utoipa::path(get, path = "/api/v1/pool/genesis.bin", tag = "pool",
    responses((status = OK, body = Bytes, content_type = "application/octet-stream")))]
pub(crate) async fn genesis_bytes(api: Api) -> Response {
    let mut response = constant(&api, encode(&**api.backend.reader().genesis()).into());
    let kind = HeaderValue::from_static("application/octet-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// An answer that never changes in a pool: its tag is the pool's id.
pub(super) fn constant(api: &Api, body: bytes::Bytes) -> Response {
    tagged(&format!(r#"W/"{}""#, api.backend.reader().pool_id()), body)
}
