//! The whole node in one stream, for `bolao audit`.

use axum::response::IntoResponse;
use bolao_chain::{AuditFailure, look_up_all};
use bolao_store::StoreError;
use http::{Extensions, header};

use super::read::Reply;
use crate::{body::Bytes, export, state::Api, stream::answer};

fn damaged(failure: &AuditFailure) -> StoreError {
    StoreError::corrupt("of this node", &failure.place, &failure.what)
}

/// The tip, every block, every transaction that waits and every entry of the state, from one snapshot, once all of them can be looked up and the store's
/// file gives back what was written there. The format is that of the program's `bolao_replay::Decoder`; it ends with a record
/// of its own, so that a cut is noticed.
#[utoipa::path(get, path = "/api/v1/export", tag = "chain",
    responses((status = OK, body = Bytes, content_type = "application/octet-stream")))]
pub(crate) async fn export(api: Api, extensions: Extensions) -> Reply {
    let permit = api.exports.take(&extensions)?;
    let reader = api.backend.reader().clone();
    let answer = answer(permit, 0, move |sink| {
        reader.look_at_all()?;
        let snapshot = reader.snapshot()?;
        look_up_all(&snapshot).map_err(|failure| damaged(&failure))?;
        export::write(&snapshot, reader.pool_id(), |bytes| sink.put(bytes))
    })
    .await?;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((kind, answer.into_response()).into_response())
}
