//! Everything together, and what holds for every route.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use bolao_discovery::{guarded, node_routes, online, within};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::{
    ApiConfig, Backend, classic,
    config::{QUICK, REQUESTS_AT_ONCE},
    guard::check_host,
    problem::Problem,
    state::Api,
    v1,
};

/// All HTTP routes of a node. Serve them with [`bolao_discovery::serve()`]: handlers want the caller's address as
/// `ConnectInfo<SocketAddr>`.
pub fn router(backend: Arc<dyn Backend>, config: ApiConfig) -> Router {
    let nodes = backend.discovery().cloned().map(node_routes);
    let nodes = nodes
        .unwrap_or_default()
        .layer(from_fn(|request, next: Next| {
            within(QUICK, next.run(request))
        }));
    let api = Api::new(backend, config);
    let routes = Router::new()
        .route("/", get(front))
        .merge(classic::router(&api))
        .merge(v1::router(&api))
        .with_state(api.clone())
        .merge(nodes)
        .fallback(no_such_route)
        .method_not_allowed_fallback(wrong_method);
    guarded(routes, REQUESTS_AT_ONCE, move |request| {
        check_host(&api.config, |name| api.backend.answers_to(name), request)
    })
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
    not_allowed(&request)
}

/// Answers 405 to HEAD where GET does more than read: axum takes HEAD for GET, and so would add no `Allow`.
pub(crate) async fn no_head(request: Request) -> Response {
    ([(header::ALLOW, "GET")], not_allowed(&request)).into_response()
}

fn not_allowed(request: &Request) -> Problem {
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
