//! The rules, as data and in words; invitations.

use bolao_ledger::{AccountId, PRESETS, StateView, table::Tickets};

use super::{
    page::{Page, PageQuery, Paging},
    pool::constant,
    read::{Reply, chain_json, json},
};
use crate::{
    body::{RulesBody, TicketBody},
    explain,
    state::Api,
};

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
    };
    Ok(constant(&api, json(&body)?))
}

/// How often tickets were used, in order of their keys. A ticket that nobody has joined with is not
/// on the chain.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "pool", params(PageQuery),
    responses((status = OK, body = Page<TicketBody>)))]
pub(crate) async fn invitations(api: Api, page: Paging<[u8; 32]>) -> Reply {
    chain_json(&api, move |_, snapshot| {
        let tickets = snapshot.scan::<Tickets>(&(), page.after.as_ref(), page.wanted())?;
        page.page(tickets, |(key, _)| *key).map(|(key, used)| {
            Ok(TicketBody {
                ticket: AccountId(key),
                used,
            })
        })
    })
    .await
}
