//! Everything together, and what holds for every route.

use std::sync::Arc;

use axum::{
    Router,
    middleware::{Next, from_fn},
    routing::get,
};
use bolao_discovery::{caller, guarded, node_routes, within};

use crate::{
    ApiConfig, Backend, classic,
    config::{QUICK, REQUESTS_AT_ONCE},
    guard::check_host,
    page,
    problem::wrong_method,
    ready::unless_known,
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
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn(unless_known));
    guarded(routes, REQUESTS_AT_ONCE, move |request| {
        let host = check_host(&api.config, |name| api.backend.answers_to(name), request)?;
        if let Some(host) = host {
            api.backend
                .called(caller(request.extensions()), host.host());
        }
        Ok(())
    })
}
