//! The modern API: JSON under `/api/v1`, described by `OpenAPI`, errors as problem details.
//!
//! Lists have opaque cursors. Answers about the chain carry an `ETag` that changes with the tip and the last final block.
//! What changes something takes a signed transaction, or the local user's token.

mod asked;
mod blocks;
mod branches;
mod calendar;
mod chain;
mod clock;
mod description;
mod events;
mod export;
pub(crate) mod fixtures;
pub(crate) mod game;
mod handovers;
mod invitations;
mod late_blocks;
pub(crate) mod mine;
mod mining;
mod notices;
mod openings;
mod page;
mod players;
mod pool;
mod proofs;
mod push;
mod read;
mod rehearsal;
mod rules;
mod slip;
mod sources;
mod status;
mod tables;
mod transactions;
mod validators;
pub(crate) mod views;
mod wishes;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::get,
};
use bolao_discovery::within;
use http::{HeaderValue, Method, header};
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, NotForContentType, Predicate},
    },
    cors::{AllowHeaders, CorsLayer},
};
use utoipa::{OpenApi as _, openapi};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::{Config, SwaggerUi};

use description::{Description, described};
use read::{body_tag, json, tagged};

use crate::{
    config::{CORS_KEPT, LONG_POLL, PLAN_BODY, QUICK, SLOW, SUBMIT_BODY, SUBMIT_WORK, V1_BODY},
    guard::readers,
    problem::Problem,
    ready::{RestsOn, ready},
    state::Api,
    viewing::viewing,
};

/// Routes whose answers have a tag: who has one already is answered 304.
fn with_tags(mut routes: OpenApiRouter<Api>) -> OpenApiRouter<Api> {
    let known = openapi::Response::new("The client's ETag is current");
    for path in routes.get_openapi_mut().paths.paths.values_mut() {
        if let Some(operation) = &mut path.get {
            let responses = &mut operation.responses.responses;
            responses.insert("304".to_owned(), known.clone().into());
        }
    }
    routes
}

/// The place of the description.
const DESCRIPTION: &str = "/api/v1/openapi.json";
/// The same from the page of the docs.
const DESCRIPTION_FROM_DOCS: &str = "../v1/openapi.json";
/// No frame around the description, and nothing from elsewhere: it shares the page's origin.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; \
                           img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Errors of the description's own files, as all others, and its policy.
async fn of_docs(mut response: Response) -> Response {
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let what = status.canonical_reason().unwrap_or("the request failed");
        return Problem::new(status, what.to_lowercase()).into_response();
    }
    let policy = HeaderValue::from_static(DOCS_POLICY);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // The crate names the page from the top of the host, which may be another's.
    if let Some(place) = headers.get_mut(header::LOCATION) {
        *place = HeaderValue::from_static("docs/");
    }
    response
}

/// Routes whose answers depend on the tip and the final blocks alone.
fn of_tip() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(asked::of_tip())
        .routes(routes!(pool::genesis))
        .routes(routes!(pool::genesis_bytes))
        .routes(routes!(rules::rules))
        .routes(routes!(blocks::blocks))
        .routes(routes!(blocks::block))
        .routes(routes!(slip::slip))
        .routes(routes!(chain::chain))
        .routes(routes!(tables::standings_csv))
        .routes(routes!(tables::standings_json))
        .routes(routes!(tables::tips_csv))
        .routes(routes!(tables::tips_json))
}

/// Routes whose answers depend on the same, and say which matches are closed now, which validators are there or where the page is.
fn of_clock() -> OpenApiRouter<Api> {
    asked::of_clock()
        .routes(routes!(validators::attendance))
        .routes(routes!(calendar::calendar))
        .routes(routes!(proofs::proofs))
        .routes(routes!(late_blocks::late_blocks))
}

/// Routes whose answers depend on what waits here, or on what this node noticed.
fn of_store() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(notices::notices))
        .routes(routes!(branches::branches))
        .routes(routes!(transactions::transactions, transactions::submit))
        .routes(routes!(transactions::transaction))
        .routes(routes!(openings::openings, openings::deal_openings))
}

/// Routes whose answers are made for each request.
fn others() -> OpenApiRouter<Api> {
    let quick = with_tags(asked::of_live())
        .routes(routes!(status::status))
        .routes(routes!(status::peers))
        .routes(routes!(events::events))
        .routes(routes!(players::nonce))
        .routes(routes!(invitations::invitation))
        .routes(routes!(invitations::inviter))
        .routes(routes!(invitations::keep))
        .routes(routes!(export::export))
        .routes(routes!(wishes::wishes))
        .routes(routes!(clock::tell))
        .routes(routes!(clock::trust))
        .routes(routes!(sources::sources))
        .routes(routes!(sources::competitions))
        .routes(routes!(sources::say))
        .routes(routes!(sources::live))
        .routes(routes!(handovers::hand_over))
        .routes(routes!(handovers::take_over))
        .routes(routes!(push::push, push::subscribe, push::unsubscribe))
        .layer(from_fn(|request, next: Next| {
            within(QUICK, next.run(request))
        }));
    let slow = OpenApiRouter::new()
        .routes(routes!(mine::mine))
        .layer(from_fn(|request, next: Next| {
            within(SLOW, next.run(request))
        }));
    let waiting = OpenApiRouter::new()
        .routes(routes!(mining::template))
        .layer(from_fn(|request, next: Next| {
            within(LONG_POLL + QUICK, next.run(request))
        }));
    let submitting = OpenApiRouter::new()
        .routes(routes!(mining::submit))
        .layer(from_fn(|request, next: Next| {
            within(SUBMIT_WORK, next.run(request))
        }));
    let planning = OpenApiRouter::new()
        .routes(routes!(fixtures::plan))
        .routes(routes!(fixtures::text))
        .layer((
            from_fn(|request, next: Next| within(QUICK, next.run(request))),
            DefaultBodyLimit::max(PLAN_BODY),
        ));
    quick
        .merge(slow)
        .merge(waiting)
        .merge(submitting)
        .merge(planning)
}

/// The description of the API in `OpenAPI` 3.1.
pub fn openapi() -> openapi::OpenApi {
    let kept = with_tags(of_tip().merge(of_clock()).merge(of_store()));
    described(kept.merge(others()).into_openapi())
}

/// The routes under `/api`, the description and its page included.
pub(crate) fn router(api: &Api) -> Router<Api> {
    let kept = |routes: OpenApiRouter<Api>, rests_on: RestsOn| {
        let ready = from_fn_with_state((api.clone(), rests_on), ready);
        with_tags(routes).layer((ready, CompressionLayer::new()))
    };
    // An export is made while it is read, at the speed of a disk.
    let but_exports = NotForContentType::const_new("application/octet-stream");
    let but_exports = DefaultPredicate::new().and(but_exports);
    let submitted = DefaultBodyLimit::max(SUBMIT_BODY);
    let (routes, description) = kept(of_tip(), RestsOn::Tip)
        .merge(kept(of_clock(), RestsOn::Clock))
        .merge(kept(of_store().layer(submitted), RestsOn::Store))
        .merge(others().layer(CompressionLayer::new().compress_when(but_exports)))
        .split_for_parts();
    let cors = CorsLayer::new()
        .allow_origin(readers(api))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::list([
            header::CONTENT_TYPE,
            header::ACCEPT,
            header::IF_NONE_MATCH,
            events::LAST_EVENT_ID,
        ]))
        .expose_headers([header::ETAG, header::LOCATION])
        .max_age(CORS_KEPT);
    // Its badge would show the description to a checker on the web.
    let docs = SwaggerUi::new("/api/docs")
        .config(Config::new([DESCRIPTION_FROM_DOCS]).validator_url("none"));
    let docs = Router::<Api>::from(docs).layer(map_response(of_docs));
    let description = json(&described(description)).map(|it| (body_tag(&it), it));
    let description = get(async move || {
        let described = description.as_ref().map_err(|_| Problem::internal());
        described.map(|(tag, body)| tagged(tag, body.clone()))
    });
    let ready = from_fn_with_state((api.clone(), RestsOn::Program), ready);
    let description = Router::new().route(
        DESCRIPTION,
        description.layer((ready, CompressionLayer::new())),
    );
    routes
        .merge(description)
        .merge(docs.layer(CompressionLayer::new()))
        .method_not_allowed_fallback(crate::problem::wrong_method)
        .layer((
            cors,
            from_fn_with_state(api.clone(), viewing),
            DefaultBodyLimit::max(V1_BODY),
        ))
}
