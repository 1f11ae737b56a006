//! A player's way from one device to another.

use std::time::Instant;

use axum::Json;
use bolao_discovery::caller;
use http::{Extensions, HeaderMap, StatusCode};

use crate::{
    Code,
    body::{HandedOverBody, HandoverBody},
    extract::{Body, InPath, sent},
    handovers::NotHeld,
    problem::Problem,
    state::Api,
};

/// Bytes of what is held.
const MOST_BYTES: usize = 4096;
const ID_DIGITS: usize = 32;

/// Holds an encrypted player for another device: five minutes, in memory, to be taken once. 204: it is held. 409,
/// `handover-taken`: something is held under this id. 429: the caller's address asks too often, or has eight held. 503,
/// `handovers-full`: 256 are held.
#[utoipa::path(post, path = "/api/v1/handovers", tag = "node", operation_id = "hand_over",
    request_body = HandoverBody, responses((status = NO_CONTENT)))]
pub(crate) async fn hand_over(
    api: Api,
    headers: HeaderMap,
    extensions: Extensions,
    Body(body): Body,
) -> Result<StatusCode, Problem> {
    api.handover_pace.take(&extensions)?;
    let HandoverBody { id, sealed } = sent(
        &headers,
        &body,
        r#"{"id": "32 hexadecimal digits", "sealed": "…"}"#,
    )?;
    if id.len() != ID_DIGITS || !id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Problem::bad_request(
            "`id` must be 32 hexadecimal digits in lower case",
        ));
    }
    if sealed.len() > MOST_BYTES {
        return Err(Problem::bad_request(format!(
            "`sealed` must be at most {MOST_BYTES} bytes, and is {}",
            sealed.len()
        )));
    }
    match api
        .handovers
        .hold(id, sealed, caller(&extensions), Instant::now())
    {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(NotHeld::Taken) => Err(Problem::coded(
            Code::HandoverTaken,
            "something is held under this id: draw another one",
        )),
        Err(NotHeld::TooMany) => Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "this address has as many players on their way as one may: try again in five minutes",
        )),
        Err(NotHeld::Full) => Err(Problem::coded(
            Code::HandoversFull,
            "this node holds as many players on their way as it can: try again in five minutes",
        )),
    }
}

/// Gives an encrypted player to the other device, and forgets it. 404, `no-handover`: nothing is held under this id; it was taken, or
/// five minutes have passed.
#[utoipa::path(delete, path = "/api/v1/handovers/{id}", tag = "node", operation_id = "take_over",
    params(("id" = String, Path, description = "As it was handed over.")), responses((status = OK, body = HandedOverBody)))]
pub(crate) async fn take_over(
    api: Api,
    extensions: Extensions,
    InPath(id): InPath<String>,
) -> Result<Json<HandedOverBody>, Problem> {
    api.handover_pace.take(&extensions)?;
    let sealed = api.handovers.take(&id, Instant::now()).ok_or_else(|| {
        Problem::coded(
            Code::NoHandover,
            "nothing is held under this id: it was taken already, or five minutes have passed",
        )
    })?;
    Ok(Json(HandedOverBody { sealed }))
}
