//! The pool's genesis file.

use axum::response::Response;
use bytes::Bytes;

use super::read::tagged;
use crate::state::Api;

/// The genesis file, which friends join with. It never changes.
#[utoipa::path(get, path = "/api/v1/pool/genesis", tag = "pool",
    responses((status = OK, description = "The genesis file", body = Object)))]
pub(crate) async fn genesis(api: Api) -> Response {
    constant(&api, api.genesis.clone())
}

/// An answer that never changes in a pool: its tag is the pool's id.
pub(super) fn constant(api: &Api, body: Bytes) -> Response {
    tagged(&format!(r#"W/"{}""#, api.backend.reader().pool_id()), body)
}
