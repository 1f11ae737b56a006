//! `POST /receive-new-block`.
//!
//! A BLOCK shows neither signatures nor coinbase, so it cannot be validated. What is accepted is
//! a BLOCK that is, field for field, one of our main chain, all of which is fully validated; or
//! one that also carries `raw`, the hexadecimal canonical encoding, which full validation takes.

use axum::{extract::State, response::Response};
use bolao_ledger::{Block, BlockHash, decode};
use bolao_store::Snapshot;
use serde_json::{Map, Value};

use super::{
    fields::{Fields, Spellings},
    render::Names,
    text,
};
use crate::{NodeError, extract::Body, problem::Problem, state::Api};

const BLOCK: Spellings = &["new_block", "newblock"];
const EXAMPLE: &str = r#"{"new_block":{"index":2,"timestamp":1559764800,"bets":[],"nonce":7,"hash":"0000…","previous_block_hash":"…"}}"#;

/// `POST /receive-new-block`.
pub(crate) async fn receive_new_block(
    State(api): State<Api>,
    Body(body): Body,
) -> Result<Response, Problem> {
    let mut fields = Fields::read(&body, &[BLOCK], EXAMPLE)?;
    drop(body);
    let Value::Object(mut shown) = fields.take(BLOCK)? else {
        return Err(Problem::bad_request(format!(
            "`new_block`: wanted a block, such as {EXAMPLE}"
        )));
    };
    let raw = shown.remove("raw").as_ref().and_then(decoded);
    let raw =
        raw.filter(|block| !shown.contains_key("hash") || hash_of(&shown) == Some(block.hash()));
    let accepted = is_ours(&api, shown).await? || valid_raw(&api, raw).await?;
    Ok(text(if accepted {
        "New block received and accepted."
    } else {
        "New block rejected."
    }))
}

async fn is_ours(api: &Api, block: Map<String, Value>) -> Result<bool, Problem> {
    let Some(hash) = hash_of(&block) else {
        return Ok(false);
    };
    api.read(move |snapshot| {
        Ok(rendered(snapshot, &hash)?.is_some_and(|ours| ours == Value::Object(block)))
    })
    .await
}

fn hash_of(block: &Map<String, Value>) -> Option<BlockHash> {
    block.get("hash")?.as_str()?.parse().ok()
}

/// Our own rendering of a block of the main chain.
fn rendered(snapshot: &Snapshot, hash: &BlockHash) -> Result<Option<Value>, Problem> {
    let Some(record) = snapshot.header(hash)? else {
        return Ok(None);
    };
    if snapshot.hash_at(record.height)? != Some(*hash) {
        return Ok(None);
    }
    let block = Names::new(snapshot).block(record.height)?;
    serde_json::to_value(block).map(Some).map_err(|error| {
        tracing::error!(%error, "a block cannot be shown");
        Problem::internal()
    })
}

fn decoded(raw: &Value) -> Option<Block> {
    let bytes = hex::decode(raw.as_str()?).ok()?;
    decode(&bytes).ok()
}

async fn valid_raw(api: &Api, raw: Option<Block>) -> Result<bool, Problem> {
    let Some(block) = raw else {
        return Ok(false);
    };
    match api.backend.receive_block(block).await {
        Ok(()) => Ok(true),
        Err(NodeError::Rejected(rejection)) => {
            tracing::debug!(code = %rejection.reason, %rejection, "a posted block was rejected");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
