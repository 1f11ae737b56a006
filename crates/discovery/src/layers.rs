//! What every HTTP server of the project puts around its routes. Errors are problem details: 500 for a panic, 503 at
//! once for a request beyond the limit, 408 for an answer that is not begun in time.

use std::{
    any::Any,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use bolao_limits::{SlotLimits, Slots};
use http::{Extensions, HeaderValue, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use crate::Problem;

/// A router that answers panics, and takes `at_once` requests at a time from this machine and as many from others.
pub fn guarded(router: Router, at_once: usize) -> Router {
    let requests = Slots::new(SlotLimits {
        elsewhere: at_once,
        per_address: at_once,
        loopback: at_once,
    });
    router.layer(
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::if_not_present(
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn_with_state(requests, shed_load)),
    )
}

/// Answers 408 where the head of the answer is not ready within `limit`, the reading of the request's body included. The
/// rest of an answer that is streamed has no limit here.
pub async fn within(limit: Duration, request: Request, next: Next) -> Response {
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

/// Who calls. A request without a socket comes from this process.
pub fn caller(request: &Extensions) -> IpAddr {
    let caller = request.get::<ConnectInfo<SocketAddr>>();
    caller.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip())
}

/// Holds a slot until the head of the answer is ready; without one, 503 at once.
async fn shed_load(
    State(requests): State<Slots>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let _slot = requests
        .take(caller(request.extensions()))
        .ok_or_else(Problem::busy)?;
    Ok(next.run(request).await)
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let what = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!(what, "a handler panicked");
    Problem::internal().into_response()
}
