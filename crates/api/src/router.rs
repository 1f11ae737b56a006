//! Everything together, and what holds for every route.

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use bolao_discovery::{node_routes, online};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use crate::{
    ApiConfig, Backend, classic, config::QUICK, deadline, guard::check_host, problem::Problem,
    state::Api, v1,
};

/// The whole HTTP face of a node. Serve it with [`bolao_discovery::serve()`] and
/// [`crate::serve_limits`]; handlers want the caller's address as `ConnectInfo<SocketAddr>`.
pub fn router(backend: Arc<dyn Backend>, config: ApiConfig) -> Router {
    let nodes = node_routes(backend.discovery().clone()).layer(from_fn(|request, next| {
        deadline::within(QUICK, request, next)
    }));
    let api = Api::new(backend, config);
    Router::new()
        .route("/", get(front))
        .merge(classic::router(&api))
        .merge(v1::router(&api))
        .with_state(api.clone())
        .merge(nodes)
        .fallback(no_such_route)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(api.clone(), check_host))
        .layer(
            ServiceBuilder::new()
                .layer(SetResponseHeaderLayer::if_not_present(
                    header::X_CONTENT_TYPE_OPTIONS,
                    HeaderValue::from_static("nosniff"),
                ))
                .layer(CatchPanicLayer::custom(panicked))
                .layer(from_fn_with_state(api, shed_load)),
        )
}

/// Holds a place until the head of the answer is ready; without one, 503 at once.
async fn shed_load(
    State(api): State<Api>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let _place = api.requests.take(request.extensions())?;
    Ok(next.run(request).await)
}

/// `GET /`: browsers get a page, the article's programs `{}`.
async fn front(headers: HeaderMap) -> Response {
    let wants_page = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|accept| accept.to_str().ok())
        .flat_map(|accept| accept.split(','))
        .any(|range| range.trim_start().starts_with("text/html"));
    let mut response = if wants_page {
        Redirect::to("/api/docs").into_response()
    } else {
        online().await.into_response()
    };
    let vary = HeaderValue::from_static("accept");
    response.headers_mut().append(header::VARY, vary);
    response
}

async fn no_such_route(request: Request) -> Problem {
    let path: String = request.uri().path().chars().take(80).collect();
    Problem::not_found(format!(
        "this node has no {path}; /api/docs describes its API"
    ))
}

/// Answers 405; axum adds `Allow`.
pub(crate) async fn wrong_method(request: Request) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        format!(
            "{} does not take {}; the header Allow says what it takes",
            request.uri().path().chars().take(80).collect::<String>(),
            request
                .method()
                .as_str()
                .chars()
                .take(20)
                .collect::<String>(),
        ),
    )
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
