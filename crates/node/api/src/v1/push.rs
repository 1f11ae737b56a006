//! Browsers that this node tells of news by push messages.

use axum::Json;
use bolao_ledger::{Reason, StateView as _};
use http::{HeaderMap, StatusCode};

use crate::{
    body::{EndpointBody, PushBody, SubscriberBody},
    extract::{Body, sent},
    problem::Problem,
    state::Api,
};

/// The key that a browser subscribes with, where this node tells of news: its page has an address with `https://`.
#[utoipa::path(get, path = "/api/v1/push", tag = "node", responses((status = OK, body = PushBody)))]
pub(crate) async fn push(api: Api) -> Json<PushBody> {
    let key = api.backend.push_key();
    Json(PushBody { key })
}

/// Tells a player's browser of news from now on: betting on a match ends within two hours and there is no bet, a result is in,
/// somebody objects to one, the player leads. 204: it is kept. The player has joined and has signed it; 409 or 400 else. Of a player
/// the last four browsers are kept, of all a few hundred: 503 then, `subscribers-full`. 404, `no-push`: this node tells nobody.
#[utoipa::path(post, path = "/api/v1/push", tag = "node", operation_id = "subscribe",
    request_body = SubscriberBody, responses((status = NO_CONTENT)))]
pub(crate) async fn subscribe(
    api: Api,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<StatusCode, Problem> {
    let body: SubscriberBody = sent(
        &headers,
        &body,
        r#"{"account": "…", "address": {"endpoint": "https://…", "p256dh": "…", "auth": "…"}, "signature": "…"}"#,
    )?;
    let SubscriberBody {
        account: player,
        address,
        signature,
    } = body;
    if !address.is_signed(api.backend.reader().pool_id(), &player, &signature) {
        return Err(Problem::rejected(
            Reason::BadSignature,
            format!("the signature is not by {player} for this address and this pool"),
        ));
    }
    let has_joined = api.read_few(|snapshot| Ok(snapshot.account(&player)?.is_some()))?;
    if !has_joined {
        return Err(Problem::rejected(
            Reason::UnknownAccount,
            format!("{player} has not joined this pool: join first"),
        ));
    }
    api.backend.subscribe(player, address).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells a browser of nothing any more. 204, also where it was not told. Its address is a secret of its own, so nobody signs this.
#[utoipa::path(delete, path = "/api/v1/push", tag = "node", operation_id = "unsubscribe",
    request_body = EndpointBody, responses((status = NO_CONTENT)))]
pub(crate) async fn unsubscribe(
    api: Api,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<StatusCode, Problem> {
    let body: EndpointBody = sent(&headers, &body, r#"{"endpoint": "https://…"}"#)?;
    api.backend.unsubscribe(body.endpoint).await?;
    Ok(StatusCode::NO_CONTENT)
}
