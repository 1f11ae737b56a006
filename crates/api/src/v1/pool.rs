//! The pool's rules.

use axum::{extract::State, response::Response};
use bolao_ledger::{BetMode, Limits, Membership, StateView, TargetRule};
use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    read::{chain_json, tagged},
    views::Lookup,
};
use crate::{
    body::{Moment, PlayerRef, TotalsBody},
    problem::{Problem, ProblemBody},
    state::Api,
};

/// A pool: its rules and how far it has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PoolBody {
    /// The hash of the genesis header.
    id: String,
    name: String,
    created: Moment,
    /// How blocks become final.
    #[schema(example = "pow")]
    consensus: &'static str,
    /// How hard blocks are.
    #[schema(value_type = Object, example = json!({"rule": "fixed", "zero_bits": 16}))]
    target: TargetRule,
    /// How far ahead of a node's clock a block's time may lie, in seconds.
    max_future_s: u32,
    /// Bounds on sizes and counts.
    #[schema(value_type = Object)]
    limits: Limits,
    /// Who may join.
    #[schema(value_type = String, example = "open")]
    membership: Membership,
    /// Chips that a player gets on joining.
    starting_chips: u64,
    /// Whether tips can be read before kick-off: `open` or `sealed`.
    #[schema(value_type = String, example = "open")]
    tips: BetMode,
    /// Who may schedule matches and record results; names where they have joined.
    organisers: Vec<PlayerRef>,
    /// How many matches there are now.
    matches: u64,
    totals: TotalsBody,
}

/// The pool: its rules and how far it has come.
#[utoipa::path(get, path = "/api/v1/pool", tag = "pool", responses(
    (status = OK, body = PoolBody),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn pool(State(api): State<Api>) -> Result<Response, Problem> {
    let reader = api.backend.reader().clone();
    chain_json(&api, move |snapshot| {
        let genesis = reader.genesis();
        let totals = snapshot.totals()?;
        Ok(PoolBody {
            id: reader.pool_id().to_string(),
            name: genesis.name.as_str().to_owned(),
            created: genesis.created.into(),
            consensus: genesis.consensus.name(),
            target: genesis.target,
            max_future_s: genesis.max_future_s,
            limits: genesis.limits,
            membership: genesis.membership,
            starting_chips: genesis.starting_chips.0,
            tips: genesis.rules.bets,
            organisers: Lookup::new(snapshot).players(&genesis.organisers)?,
            matches: totals.matches,
            totals: totals.into(),
        })
    })
    .await
}

/// The genesis file, which friends join with. It never changes.
#[utoipa::path(get, path = "/api/v1/pool/genesis", tag = "pool", responses(
    (status = OK, description = "The genesis file", body = Object),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
))]
pub(crate) async fn genesis(State(api): State<Api>) -> Response {
    constant(&api, api.genesis.clone())
}

/// What never changes in a pool: its tag is the pool's id.
pub(super) fn constant(api: &Api, body: Bytes) -> Response {
    tagged(&format!(r#"W/"{}""#, api.backend.reader().pool_id()), body)
}
