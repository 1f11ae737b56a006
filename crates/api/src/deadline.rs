//! A time limit whose end is answered as problem details.

use std::time::Duration;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use crate::problem::Problem;

/// Answers 408 where the head of the answer is not ready within `limit`. The rest of an answer
/// that is streamed has no limit here.
pub(crate) async fn within(limit: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            format!(
                "the request took longer than {} s, its body included",
                limit.as_secs()
            ),
        )
        .into_response(),
    }
}
