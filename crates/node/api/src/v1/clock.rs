//! Words on the machine's clock: its operator's, and those of players' pages.

use axum::response::{IntoResponse, Response};
use bolao_discovery::caller;
use bolao_ledger::{Reason, StateView as _, UnixSeconds};
use bolao_wallet::{clock_word, is_word_signed};
use http::{Extensions, HeaderMap, StatusCode};

use super::mine::check_token;
use crate::{
    body::ClockBody,
    extract::{Body, sent},
    problem::Problem,
    state::Api,
};

/// Tells this node the time that a player's page has, signed by the player: a witness to this machine's clock, where the page runs on
/// another machine. 204: the signature is good. A page on this machine, or one that has just told, is not listened to.
#[utoipa::path(post, path = "/api/v1/clock", tag = "node", operation_id = "tell_time", request_body = ClockBody,
    responses((status = NO_CONTENT)))]
pub(crate) async fn tell(
    api: Api,
    headers: HeaderMap,
    extensions: Extensions,
    Body(body): Body,
) -> Result<StatusCode, Problem> {
    let said: ClockBody = sent(
        &headers,
        &body,
        r#"{"account": "…", "at": 1900000000, "signature": "…"}"#,
    )?;
    let (at, pool) = (UnixSeconds(said.at), api.backend.reader().pool_id());
    let is_signed = |nonce: &String| {
        let text = clock_word(nonce);
        is_word_signed(&text, pool, &said.account, at, &said.signature)
    };
    if !api.backend.clock_nonces().iter().any(is_signed) {
        return Err(Problem::rejected(
            Reason::BadSignature,
            format!(
                "the signature is not {}'s over this time, this pool and the nonce that `/api/v1/status` gives now",
                said.account
            ),
        ));
    }
    let plays = api.read_few(|snapshot| {
        let genesis = api.backend.reader().genesis();
        let organises = snapshot.organisers(genesis)?.contains(&said.account);
        Ok(organises || snapshot.account(&said.account)?.is_some())
    })?;
    if !plays {
        return Err(Problem::rejected(
            Reason::UnknownAccount,
            format!("{} is not a player of this pool", said.account),
        ));
    }
    api.backend.told_time(caller(&extensions), said.account, at);
    Ok(StatusCode::NO_CONTENT)
}

/// Says that this machine's clock is right as it is, where the node is in doubt about it. For the node's own user, who can
/// read its token. The word holds until the clock is set, or the node stops.
#[utoipa::path(post, path = "/api/v1/clock/trust", tag = "node", security(("token" = [])),
    responses((status = NO_CONTENT, description = "The node goes by its clock")))]
pub(crate) async fn trust(api: Api, headers: HeaderMap) -> Response {
    if let Err(refused) = check_token(&api, &headers) {
        return *refused;
    }
    match api.backend.trust_clock().await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
