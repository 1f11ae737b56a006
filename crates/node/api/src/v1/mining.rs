//! Work for miners of other processes and machines. Whoever may submit a transaction may also submit a block: its proof
//! of work is all that it needs.

use axum::{Json, response::IntoResponse};
use bolao_ledger::{AccountId, FoldedName, Reason, StateView as _};
use http::{Extensions, HeaderMap, HeaderValue, header};
use serde::Deserialize;
use utoipa::IntoParams;

use super::read::Reply;
use crate::{
    body::{SolutionBody, TakenBody, TemplateBody},
    config::LONG_POLL,
    extract::{Body, InQuery, sent},
    problem::Problem,
    state::Api,
};

/// The account of a block, and the template that the miner has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateQuery {
    /// The block's miner: an account or a player's name.
    account: String,
    /// The `id` of the template that the miner has. While it is current, the answer waits for the next, 25 seconds
    /// at most.
    known: Option<String>,
}

/// A template: what a miner is to search now.
///
/// 503: too many miners wait already, in all or from this address; ask without `known`.
#[utoipa::path(get, path = "/api/v1/mining/template", tag = "mining", params(TemplateQuery),
    responses((status = OK, body = TemplateBody)))]
pub(crate) async fn template(
    api: Api,
    InQuery(query): InQuery<TemplateQuery>,
    extensions: Extensions,
) -> Reply {
    let account = account(&api, query.account).await?;
    let _place = match query.known {
        Some(_) => Some(api.waiting_miners.take(&extensions)?),
        None => None,
    };
    let known = query.known.as_deref();
    let job = api.backend.mining_job(account, known, LONG_POLL).await?;
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((fresh, Json(TemplateBody::new(account, job))).into_response())
}

async fn account(api: &Api, text: String) -> Result<AccountId, Problem> {
    if let Ok(account) = text.parse() {
        return Ok(account);
    }
    api.read(move |snapshot| {
        let owner = match FoldedName::of(&text) {
            Ok(name) => snapshot.name_owner(&name)?,
            Err(_) => None,
        };
        owner.ok_or_else(|| {
            let text: String = text.chars().take(80).collect();
            Problem::rejected(
                Reason::UnknownAccount,
                format!("got {text:?}, wanted an account (`bolao wallet account`) or the name of a player of this pool"),
            )
        })
    })
    .await
}

/// Submits what a miner found.
///
/// The same solution again has the same answer while its block is on the chain, so that a miner whose answer was lost may
/// ask again; the node remembers the last 64 until it ends. 409: the template is out of date, take the next one. 503: the
/// node had no room for the block for ten seconds, submit the solution again.
#[utoipa::path(post, path = "/api/v1/mining/submit", tag = "mining", operation_id = "submit_solution",
    request_body = SolutionBody, responses((status = OK, body = TakenBody)))]
pub(crate) async fn submit(
    api: Api,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<TakenBody>, Problem> {
    const WANTED: &str = r#"{"template": "ID", "extra_nonce": "32 HEXADECIMAL DIGITS", "time": SECONDS, "nonce": NUMBER}"#;
    let solution: SolutionBody = sent(&headers, &body, WANTED)?;
    let hash = api.backend.submit_work(solution).await?;
    Ok(Json(TakenBody { hash }))
}
