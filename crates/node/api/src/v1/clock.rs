//! The operator's word on the machine's clock.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};

use super::mine::check_token;
use crate::{problem::Problem, state::Api};

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
