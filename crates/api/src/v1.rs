//! The modern API: JSON under `/api/v1`, described by `OpenAPI`, errors as problem details.
//!
//! Lists have opaque cursors. Answers about the chain carry an `ETag` that changes with the tip.
//! What changes something takes a signed transaction, or the local user's token.

mod action;
mod bets;
mod blocks;
mod events;
mod export;
pub(crate) mod game;
mod history;
mod log;
mod matches;
mod mine;
mod mining;
mod notices;
mod page;
mod payout;
mod players;
mod pool;
mod read;
mod rehearsal;
mod results;
mod rounds;
mod rules;
mod slip;
mod standings;
mod status;
mod tables;
mod transactions;
mod views;
mod votes;

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, map_response},
    response::{IntoResponse, Response},
};
use bolao_discovery::within;
use http::{Method, StatusCode, header};
use tower_http::{
    classify::ServerErrorsFailureClass,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
    cors::{AllowHeaders, CorsLayer},
    trace::TraceLayer,
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    config::{CORS_KEPT, HAND_IN, LONG_POLL, QUICK, SLOW, V1_BODY},
    guard::readers,
    problem::Problem,
    state::Api,
};

/// What the description says besides the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bolao",
        description = "A node of a football betting pool on a small blockchain. Hashes are 64 \
                       hexadecimal digits in Bitcoin's byte order, amounts are integers, times \
                       are RFC 3339 in UTC. Lists hand out an opaque `next_cursor`; a page may be \
                       shorter than `limit` although more follows. Answers about the chain carry \
                       an ETag. Errors are problem details (RFC 9457).",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(crate::problem::ProblemBody<'static>)),
    modifiers(&Token),
    tags(
        (name = "node", description = "This node"),
        (name = "pool", description = "Rules, matches, players, bets, standings"),
        (name = "chain", description = "Blocks and transactions"),
        (name = "mining", description = "Work for miners"),
    )
)]
struct Description;

/// The bearer token of the node's own user.
struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
        if let Some(components) = openapi.components.as_mut() {
            let mut bearer = Http::new(HttpAuthScheme::Bearer);
            bearer.description =
                Some("The token in the file `token` of the node's home directory".to_owned());
            components.add_security_scheme("token", SecurityScheme::Http(bearer));
        }
    }
}

/// Errors of the page's own files, as all others.
async fn as_problem(response: Response) -> Response {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let what = status.canonical_reason().unwrap_or("the request failed");
        return Problem::new(status, what.to_lowercase()).into_response();
    }
    response
}

fn described() -> (Router<Api>, utoipa::openapi::OpenApi) {
    let quick = OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(status::status))
        .routes(routes!(status::peers))
        .routes(routes!(events::events))
        .routes(routes!(pool::pool))
        .routes(routes!(pool::genesis))
        .routes(routes!(rules::rules))
        .routes(routes!(rules::invitations))
        .routes(routes!(matches::matches))
        .routes(routes!(matches::one_match))
        .routes(routes!(bets::bets))
        .routes(routes!(results::results))
        .routes(routes!(results::objections))
        .routes(routes!(bets::of_match))
        .routes(routes!(standings::standings))
        .routes(routes!(rounds::rounds))
        .routes(routes!(rounds::matrix))
        .routes(routes!(log::log))
        .routes(routes!(notices::notices))
        .routes(routes!(votes::votes))
        .routes(routes!(tables::standings_csv))
        .routes(routes!(tables::standings_json))
        .routes(routes!(tables::tips_csv))
        .routes(routes!(tables::tips_json))
        .routes(routes!(players::players))
        .routes(routes!(players::player))
        .routes(routes!(players::nonce))
        .routes(routes!(history::history))
        .routes(routes!(bets::of_player))
        .routes(routes!(blocks::blocks))
        .routes(routes!(blocks::block))
        .routes(routes!(blocks::block_transactions))
        .routes(routes!(transactions::transactions, transactions::submit))
        .routes(routes!(transactions::transaction))
        .routes(routes!(slip::slip))
        .routes(routes!(export::export))
        .layer(from_fn(|request, next| within(QUICK, request, next)));
    let slow = OpenApiRouter::new()
        .routes(routes!(mine::mine))
        .layer(from_fn(|request, next| within(SLOW, request, next)));
    let waiting = OpenApiRouter::new()
        .routes(routes!(mining::template))
        .layer(from_fn(|request, next| {
            within(LONG_POLL + QUICK, request, next)
        }));
    let handing_in = OpenApiRouter::new()
        .routes(routes!(mining::submit))
        .layer(from_fn(|request, next| within(HAND_IN, request, next)));
    quick
        .merge(slow)
        .merge(waiting)
        .merge(handing_in)
        .split_for_parts()
}

/// The description of the API in `OpenAPI` 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    described().1
}

/// The routes under `/api`, the description and its page included.
pub(crate) fn router(api: &Api) -> Router<Api> {
    let (routes, description) = described();
    let docs = SwaggerUi::new("/api/docs").url("/api/v1/openapi.json", description);
    routes
        .merge(Router::<Api>::from(docs).layer(map_response(as_problem)))
        .method_not_allowed_fallback(crate::router::wrong_method)
        .layer(DefaultBodyLimit::max(V1_BODY))
        .layer(CompressionLayer::new().compress_when(
            DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream")),
        ))
        .layer(
            CorsLayer::new()
                .allow_origin(readers(api))
                .allow_methods([Method::GET, Method::POST])
                .allow_headers(AllowHeaders::list([
                    header::CONTENT_TYPE,
                    header::ACCEPT,
                    header::IF_NONE_MATCH,
                ]))
                .expose_headers([header::ETAG, header::LOCATION])
                .max_age(CORS_KEPT),
        )
        .layer(TraceLayer::new_for_http().on_failure(log_failure))
}

/// A node that is too busy, or stops, says so to whoever asks; that is no fault to be looked into.
fn log_failure(class: ServerErrorsFailureClass, latency: Duration, _: &tracing::Span) {
    match class {
        ServerErrorsFailureClass::StatusCode(StatusCode::SERVICE_UNAVAILABLE) => {
            tracing::debug!(?latency, "answered that the node is not available");
        }
        class => tracing::error!(%class, ?latency, "a request failed"),
    }
}
