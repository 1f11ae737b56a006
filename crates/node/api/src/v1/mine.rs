//! Mining on request, for the node's own user.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use bolao_ledger::sha256d;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{
    body::MinedBody,
    problem::Problem,
    state::{Api, place},
};

/// Finds one block now. For the node's own user, who can read its token.
#[utoipa::path(post, path = "/api/v1/mine", tag = "node", security(("token" = [])),
    responses((status = OK, body = MinedBody)))]
pub(crate) async fn mine(api: Api, headers: HeaderMap) -> Response {
    if let Err(refused) = check_token(&api, &headers) {
        return *refused;
    }
    match mined(&api).await {
        Ok(mined) => Json(mined).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn mined(api: &Api) -> Result<MinedBody, Problem> {
    let _place = place(&api.slow_calls)?;
    let hash = api.backend.mine().await?;
    Ok(MinedBody { hash })
}

/// Lets pass whoever can read the node's token: its own user.
pub(super) fn check_token(api: &Api, headers: &HeaderMap) -> Result<(), Box<Response>> {
    if carries_token(headers, api.backend.token()) {
        return Ok(());
    }
    let challenge = [(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))];
    let problem = Problem::new(
        StatusCode::UNAUTHORIZED,
        "wanted `Authorization: Bearer TOKEN` with the token in the node's home directory",
    );
    Err(Box::new((challenge, problem).into_response()))
}

pub(crate) fn carries_token(headers: &HeaderMap, token: Option<&str>) -> bool {
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, given)| given.trim());
    // Hashes are compared, so that the time taken says nothing about the token.
    let hash = |text: &str| sha256d(text.as_bytes());
    token.is_some_and(|token| !token.is_empty()) && given.map(hash) == token.map(hash)
}
