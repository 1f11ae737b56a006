//! The betting article's routes, to the letter (`curl`, its own page, its own programs).
//!
//! A façade over the signed chain: a bet by name is signed by the node's wallet, which is why
//! only this machine and its pages may call (see `guard`). Texts are sent as
//! `text/html; charset=utf-8` with status 200, as Flask does; errors are problem details.

pub(crate) mod bet;
mod blockchain;
mod fields;
mod lookup;
mod network;
mod receive;
mod render;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::{any, get, post},
};
use bolao_discovery::within;
use http::{Method, header};
use tower_http::{
    cors::{AllowHeaders, CorsLayer},
    validate_request::ValidateRequestHeaderLayer,
};

use crate::{
    config::{BLOCK_BODY, CLASSIC_BODY, CORS_KEPT, QUICK, SLOW},
    guard::{check_classic, readers},
    page::page_first,
    problem::Problem,
    ready::{RestsOn, ready},
    state::Api,
    stream::Answer,
    viewing::viewing,
};

/// Every classic path.
const PATHS: [&str; 11] = [
    "/blockchain",
    "/bet",
    "/bet/broadcast",
    "/mine",
    "/receive-new-block",
    "/register-node",
    "/register-and-broadcast-node",
    "/register-nodes-bulk",
    "/consensus",
    "/player/{name}",
    "/match/{code}",
];

/// The routes, or where they are off, what says so.
pub(crate) fn router(api: &Api) -> Router<Api> {
    let page_first = from_fn_with_state(api.clone(), page_first);
    let not_twice = from_fn_with_state(api.clone(), bet::not_twice);
    if !api.config.classic {
        return PATHS
            .iter()
            .fold(Router::new(), |router, path| router.route(path, any(off)))
            .layer((not_twice, page_first));
    }
    let kept = |rests_on| from_fn_with_state((api.clone(), rests_on), ready);
    let chain = Router::new()
        .route("/blockchain", get(blockchain::blockchain))
        .layer(kept(RestsOn::Node));
    let lookups = Router::new()
        .route("/player/{name}", get(lookup::player))
        .route("/match/{code}", get(lookup::match_bets))
        .layer(kept(RestsOn::Tip));
    let quick = Router::new()
        .route("/bet", post(bet::bet))
        .route("/bet/broadcast", post(bet::broadcast))
        .layer((
            from_fn(|request, next: Next| within(QUICK, next.run(request))),
            DefaultBodyLimit::max(CLASSIC_BODY),
        ));
    let receive = Router::new()
        .route("/receive-new-block", post(receive::receive_new_block))
        .layer(DefaultBodyLimit::max(BLOCK_BODY));
    let slow = Router::new()
        .route("/mine", get(network::mine).head(crate::problem::no_head))
        .route(
            "/consensus",
            get(network::consensus).head(crate::problem::no_head),
        )
        .route("/register-node", post(network::register_node))
        .route(
            "/register-and-broadcast-node",
            post(network::register_and_broadcast_node),
        )
        .route("/register-nodes-bulk", post(network::register_nodes_bulk))
        .layer(DefaultBodyLimit::max(CLASSIC_BODY))
        .merge(receive)
        .layer(from_fn(|request, next: Next| {
            within(SLOW, next.run(request))
        }));
    let cors = CorsLayer::new()
        .allow_origin(readers(api))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .allow_private_network(true)
        .max_age(CORS_KEPT);
    let checked = api.clone();
    #[expect(clippy::result_large_err, reason = "the layer needs a whole response")]
    let check = ValidateRequestHeaderLayer::custom(move |request: &mut Request| {
        check_classic(&checked.config, request).map_err(IntoResponse::into_response)
    });
    // A page may read why it is refused.
    let viewing = from_fn_with_state(api.clone(), viewing);
    let checked = (check, cors, viewing);
    let others = quick.merge(chain).merge(slow);
    others
        .method_not_allowed_fallback(crate::problem::wrong_method)
        .layer(checked.clone())
        .merge(
            lookups
                .method_not_allowed_fallback(crate::problem::wrong_method)
                .layer((page_first, checked)),
        )
        .layer(not_twice)
}

async fn off() -> Problem {
    Problem::not_found(
        "the articles' classic routes are off on this node: start it with --classic, or use \
         /api/v1 (described at /api/docs)",
    )
}

/// One of the articles' texts.
fn text(sentence: &'static str) -> Response {
    Html(sentence).into_response()
}

/// The same answer, said to be JSON.
fn json(answer: Answer) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        answer.into_response(),
    )
        .into_response()
}
