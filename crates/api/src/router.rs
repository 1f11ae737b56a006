//! Everything together, and what holds for every route.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use bolao_discovery::{guarded, node_routes, within};
use http::{StatusCode, header};

use crate::{
    ApiConfig, Backend, classic,
    config::{QUICK, REQUESTS_AT_ONCE},
    guard::check_host,
    page,
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
        .route("/", get(page::front))
        .merge(classic::router(&api))
        .merge(v1::router(&api))
        .fallback(page::elsewhere)
        .with_state(api.clone())
        .merge(nodes)
        .method_not_allowed_fallback(wrong_method);
    guarded(routes, REQUESTS_AT_ONCE, move |request| {
        check_host(&api.config, |name| api.backend.answers_to(name), request)
    })
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
