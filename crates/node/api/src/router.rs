//! Everything together, and what holds for every route.

use std::sync::Arc;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    routing::get,
};
use bolao_discovery::{caller, guarded, node_routes, within};
use bolao_ledger::UnixSeconds;

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

/// The header in which a page tells its time, in unix seconds.
const PAGE_TIME: &str = "bolao-time";

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
        if let Some(time) = page_time(request) {
            api.backend.told_time(caller(request.extensions()), time);
        }
        if let Some(host) = host {
            api.backend
                .called(caller(request.extensions()), host.host());
        }
        Ok(())
    })
}

/// The time of the page that sends a request, which it tells with each.
fn page_time(request: &Request) -> Option<UnixSeconds> {
    let told = request.headers().get(PAGE_TIME)?.to_str().ok()?;
    told.parse().ok().map(UnixSeconds)
}
