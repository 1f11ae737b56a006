//! The main chain in parts, for whoever checks it.

use bolao_ledger::{BlockHash, Height};
use bolao_store::{Snapshot, StoreError};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::read::{Reply, tagged_bytes};
use crate::{body::Bytes, export, extract::InQuery, problem::Problem, state::Api};

/// The part of the chain that the reader has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChainQuery {
    /// The hash of the highest block that the reader has; genesis if absent.
    above: Option<String>,
    /// The height of the highest block whose certificate the reader has; 0 if absent.
    proven: Option<u64>,
}

/// The end of the chain, and the next blocks of it above the one that the reader has, each with its certificate if it has
/// one; before them certificates that came since for blocks further down. A part is about 512 KiB long: whoever has read
/// it asks for the next, until the last block is the tip. The form is that of `/api/v1/export`, without the state. 400:
/// `proven` is above `above`. 409: the block `above` is not in the main chain, or no longer.
#[utoipa::path(get, path = "/api/v1/chain", tag = "chain", params(ChainQuery),
    responses((status = OK, body = Bytes, content_type = "application/octet-stream")))]
pub(crate) async fn chain(api: Api, InQuery(query): InQuery<ChainQuery>) -> Reply {
    let above: Option<BlockHash> = query
        .above
        .map(|hash| hash.parse())
        .transpose()
        .map_err(|error| Problem::bad_request(format!("`above`: {error}")))?;
    let proven = Height(query.proven.unwrap_or_default());
    tagged_bytes(&api, move |api, snapshot| {
        let above = above.map_or(Ok(Height::ZERO), |hash| place(snapshot, hash))?;
        if proven > above {
            return Err(Problem::bad_request(format!(
                "`proven`: got {proven}, wanted at most {above}, the height of the block `above`"
            )));
        }
        let mut bytes = Vec::new();
        export::write_part(
            snapshot,
            api.backend.reader().pool_id(),
            above,
            proven,
            |piece| {
                bytes.extend_from_slice(piece);
                Ok::<_, StoreError>(())
            },
        )?;
        Ok(bytes)
    })
    .await
}

/// The height of a block of the main chain.
fn place(snapshot: &Snapshot, hash: BlockHash) -> Result<Height, Problem> {
    if let Some(record) = snapshot.header(&hash)?
        && snapshot.is_main(&record)?
    {
        return Ok(record.height);
    }
    Err(Problem::new(
        StatusCode::CONFLICT,
        format!("block {hash} is not in this node's chain: start again without `above`"),
    ))
}
