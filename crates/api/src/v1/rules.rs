//! The rules, as data and in words; invitations.

use axum::{extract::State, response::Response};
use bolao_ledger::{AccountId, PRESETS, StateView, table::Tickets};

use super::{
    page::{self, Page, PageQuery},
    pool::constant,
    read::{chain_json, json},
};
use crate::{
    body::{RulesBody, TicketBody},
    explain,
    extract::InQuery,
    problem::{Problem, ProblemBody},
    state::Api,
};

/// The rules, as data and in words. They never change.
#[utoipa::path(get, path = "/api/v1/pool/rules", tag = "pool", responses(
    (status = OK, body = RulesBody),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn rules(State(api): State<Api>) -> Result<Response, Problem> {
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
#[utoipa::path(get, path = "/api/v1/invitations", tag = "pool", params(PageQuery), responses(
    (status = OK, body = Page<TicketBody>),
    (status = NOT_MODIFIED, description = "The client's ETag is current"),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn invitations(
    State(api): State<Api>,
    InQuery(query): InQuery<PageQuery>,
) -> Result<Response, Problem> {
    let limit = page::limit(query.limit)?;
    let after: Option<[u8; 32]> = page::after(query.cursor.as_deref())?;
    chain_json(&api, move |snapshot| {
        let tickets = snapshot.scan::<Tickets>(&(), after.as_ref(), limit.saturating_add(1))?;
        Page::of(tickets, limit, |(key, _)| *key).map(|(key, used)| {
            Ok(TicketBody {
                ticket: AccountId(key),
                used,
            })
        })
    })
    .await
}
