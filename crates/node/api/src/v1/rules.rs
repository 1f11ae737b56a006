//! The rules, as data and in words.

use bolao_ledger::PRESETS;
use bolao_rulebook::{explain, said};

use super::{
    pool::constant,
    read::{Reply, json},
};
use crate::{body::RulesBody, state::Api};

/// The rules, as data and in words. They never change.
#[utoipa::path(get, path = "/api/v1/pool/rules", tag = "pool", responses((status = OK, body = RulesBody)))]
pub(crate) async fn rules(api: Api) -> Reply {
    let reader = api.backend.reader();
    let genesis = reader.genesis();
    let body = RulesBody {
        pool: reader.pool_id(),
        name: genesis.name.to_string(),
        rules: genesis.rules.clone(),
        preset: PRESETS
            .iter()
            .find(|(_, scoring)| *scoring == genesis.rules.scoring)
            .map(|(name, _)| (*name).to_owned()),
        sentences: explain(genesis),
        said: said(genesis),
    };
    Ok(constant(&api, json(&body)?))
}
