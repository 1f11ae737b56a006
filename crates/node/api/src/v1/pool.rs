//! The pool's rules.

use axum::response::Response;
use bolao_ledger::StateView;
use bolao_openings::few;
use bytes::Bytes;

use super::{
    openings,
    read::{Reply, tagged, tagged_json},
    views::Lookup,
};
use crate::{
    body::{PoolBody, moment},
    state::Api,
};

/// The pool: its rules and how far it has come.
#[utoipa::path(get, path = "/api/v1/pool", tag = "pool", responses((status = OK, body = PoolBody)))]
pub(crate) async fn pool(api: Api) -> Reply {
    tagged_json(&api, move |api, snapshot| {
        let genesis = api.backend.reader().genesis();
        let totals = snapshot.totals()?;
        let mut lookup = Lookup::new(snapshot);
        let keepers = openings::keepers(snapshot, genesis)?;
        let keepers: Vec<_> = keepers.iter().map(|one| one.account).collect();
        let could_look = if few(keepers.len()) {
            lookup.players(&keepers)?
        } else {
            Vec::new()
        };
        Ok(PoolBody {
            id: api.backend.reader().pool_id(),
            name: genesis.name.as_str().to_owned(),
            created: moment(genesis.created),
            consensus: genesis.consensus.name().to_owned(),
            target: genesis.target,
            max_future_s: genesis.max_future_s,
            limits: genesis.limits,
            membership: genesis.membership,
            starting_chips: genesis.starting_chips.0,
            tips: genesis.rules.bets,
            could_look,
            organisers: lookup.players(&snapshot.organisers(genesis)?)?,
            matches: totals.matches,
            totals: totals.into(),
        })
    })
    .await
}

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
