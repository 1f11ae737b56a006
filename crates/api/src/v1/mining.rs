//! Work for miners of other processes and machines. Who may hand in a transaction may also hand in a block: its proof of
//! work is all that it needs.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use bolao_ledger::{AccountId, FoldedName, Reason, StateView as _};
use http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::transactions::{Kind, kind};
use crate::{
    FoundWork, MiningJob,
    config::LONG_POLL,
    extract::{Body, InQuery},
    problem::{Problem, ProblemBody},
    state::Api,
};

/// Whose block, and what is there already.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateQuery {
    /// Who is named as the block's miner: an account or a player's name.
    account: String,
    /// The `id` of the template that the miner has. While it is current, the answer waits for the next, 25 seconds
    /// at most.
    known: Option<String>,
}

/// A block that lacks nothing but its proof of work.
///
/// The coinbase is `coinbase_prefix` and 16 bytes of the miner's choice, the extra nonce. Its double SHA-256, folded with
/// `merkle_branch` from the left, gives bytes 36 to 68 of the header. Bytes 68 to 72 are the time, 76 to 80 the nonce,
/// both little-endian.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TemplateBody {
    /// Names the template where a solution is handed in.
    id: String,
    /// Who is named as the block's miner.
    account: String,
    height: u64,
    /// The header's 80 bytes, for an extra nonce of zeros, with nonce 0 and with the node's time of now.
    header: String,
    /// The greatest hash that is good enough, as hashes are shown.
    target: String,
    coinbase_prefix: String,
    /// The siblings of the coinbase up to the Merkle root, lowest first: plain bytes.
    merkle_branch: Vec<String>,
    /// The earliest time that the header may carry, in unix seconds.
    min_time: u32,
    /// The latest one. It moves on with the clock.
    max_time: u32,
    /// How many transactions the block holds.
    transactions: usize,
    /// Whether the pool has use for the block: transactions wait, or a kick-off is to be closed. Nodes that mine
    /// whenever transactions wait look for it.
    wanted: bool,
}

impl From<MiningJob> for TemplateBody {
    fn from(job: MiningJob) -> Self {
        let mut target = job.target;
        target.reverse();
        Self {
            id: job.id,
            account: job.account.to_string(),
            height: job.height.0,
            header: hex::encode(job.header),
            target: hex::encode(target),
            coinbase_prefix: hex::encode(&job.coinbase_prefix),
            merkle_branch: job.merkle_branch.iter().map(hex::encode).collect(),
            min_time: job.min_time,
            max_time: job.max_time,
            transactions: job.transactions,
            wanted: job.wanted,
        }
    }
}

/// What a miner is to search now.
///
/// 503: too many miners wait already, in all or from this address; ask without `known`.
#[utoipa::path(get, path = "/api/v1/mining/template", tag = "mining", params(TemplateQuery), responses(
    (status = OK, body = TemplateBody),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn template(
    State(api): State<Api>,
    InQuery(query): InQuery<TemplateQuery>,
    extensions: Extensions,
) -> Result<Response, Problem> {
    let account = account(&api, query.account).await?;
    let _place = match query.known {
        Some(_) => Some(api.waiting_miners.take(&extensions)?),
        None => None,
    };
    let known = query.known.as_deref();
    let job = api.backend.mining_job(account, known, LONG_POLL).await?;
    let fresh = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((fresh, Json(TemplateBody::from(job))).into_response())
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

/// What a miner found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Solution {
    /// The template's `id`.
    template: String,
    /// The last 16 bytes of the coinbase, in hexadecimal.
    #[schema(example = "000102030405060708090a0b0c0d0e0f")]
    extra_nonce: String,
    /// The header's time, in unix seconds.
    time: u32,
    /// The header's nonce.
    nonce: u32,
}

/// A block that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Taken {
    /// Its hash.
    hash: String,
}

/// Hands in what a miner found.
///
/// The same solution again has the same answer while its block is on the chain, so that a miner whose answer was lost may
/// ask again; the node remembers the last 64 until it ends. 409: the template is out of date, take the next one. 503: the
/// node had no room for the block for ten seconds, hand it in again.
#[utoipa::path(post, path = "/api/v1/mining/submit", tag = "mining", request_body = Solution, responses(
    (status = OK, body = Taken),
    (status = "default", body = ProblemBody<'static>, content_type = "application/problem+json"),
))]
pub(crate) async fn submit(
    State(api): State<Api>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Taken>, Problem> {
    if !matches!(kind(&headers), Some(Kind::Json)) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "wanted the content type application/json",
        ));
    }
    let solution: Solution = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request(format!(
            r#"wanted {{"template": "ID", "extra_nonce": "HEXADECIMAL", "time": SECONDS, "nonce": NUMBER}}: {error}"#
        ))
    })?;
    let mut extra_nonce = [0; 16];
    hex::decode_to_slice(&solution.extra_nonce, &mut extra_nonce).map_err(|_| {
        Problem::bad_request("`extra_nonce`: wanted 16 bytes as 32 hexadecimal digits")
    })?;
    let found = FoundWork {
        template: solution.template,
        extra_nonce,
        time: solution.time,
        nonce: solution.nonce,
    };
    let hash = api.backend.hand_in(found).await?;
    Ok(Json(Taken {
        hash: hash.to_string(),
    }))
}
