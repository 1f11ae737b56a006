//! The articles' routes about nodes, for nodes and seed servers alike.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Json, Router,
    extract::{ConnectInfo, DefaultBodyLimit, Path, State, rejection::BytesRejection},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get, post},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use url::{Host, Position, Url};

use crate::{Discovery, Node, Problem, Refused, unreadable};

/// Bytes; a NODE has sixty.
const MAX_BODY: usize = 4096;
/// `POST /` is also how others check whether we are here: they wait for two seconds in all.
const GREETING_WAIT: Duration = Duration::from_millis(750);
/// `POST /nodes/` answers with the list, in which the caller looks for itself.
const REGISTRATION_WAIT: Duration = Duration::from_secs(2);

/// All node routes, `GET /` included.
pub fn router(discovery: Discovery) -> Router {
    Router::new()
        .route("/", get(online))
        .merge(node_routes(discovery))
}

/// The node routes but `GET /`, for servers that give browsers a page there.
pub fn node_routes(discovery: Discovery) -> Router {
    Router::new()
        .route("/", post(greet))
        .route("/nodes/", get(list).post(register).delete(remove))
        .route("/nodes/{which}/", get(one))
        .route("/nodes", any(async || Redirect::permanent("nodes/")))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(discovery)
}

/// `GET /`: `{}`, "I am online".
pub async fn online() -> Json<Value> {
    Json(json!({}))
}

async fn greet(
    State(discovery): State<Discovery>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match take(&discovery, caller, &headers, body, GREETING_WAIT).await {
        Ok(node) => Json(node).into_response(),
        Err(problem) => (problem.status, Json(json!({}))).into_response(),
    }
}

/// Registers the node that a caller names.
async fn take(
    discovery: &Discovery,
    caller: SocketAddr,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
    wait: Duration,
) -> Result<Node, Problem> {
    deny_foreign_pages(headers)?;
    let node = node(body)?;
    match discovery.register(node, caller.ip(), wait).await {
        Err(refused @ Refused::TooFarInside(..)) => {
            tracing::debug!(%refused, %caller, "not taken");
            Err(Problem::new(StatusCode::FORBIDDEN, refused.to_string()))
        }
        // Who gets no room is answered like the others.
        Err(refused) => {
            tracing::debug!(%refused, %caller, "not listed");
            Ok(node)
        }
        Ok(()) => Ok(node),
    }
}

/// `GET /nodes/`. The article's program of today registers by it: its node is the body.
async fn list(
    State(discovery): State<Discovery>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Json<Vec<Node>> {
    if body.as_ref().is_ok_and(|body| !body.is_empty()) {
        // Whatever else the body is, the list was asked for.
        let _ = take(&discovery, caller, &headers, body, REGISTRATION_WAIT).await;
    }
    known(&discovery)
}

fn known(discovery: &Discovery) -> Json<Vec<Node>> {
    Json(discovery.known().list().to_vec())
}

/// `GET /nodes/random/`, `GET /nodes/0/`: one node, from which the article's own script begins. Who gets none gets `{}` there.
async fn one(State(discovery): State<Discovery>, Path(which): Path<String>) -> Response {
    let list = discovery.known().list();
    let place = match which.as_str() {
        "random" => (!list.is_empty()).then(|| rand::random_range(0..list.len())),
        number => number.parse().ok(),
    };
    match place.and_then(|place: usize| list.get(place)) {
        Some(node) => Json(*node).into_response(),
        None => (StatusCode::BAD_REQUEST, Json(json!({}))).into_response(),
    }
}

async fn register(
    State(discovery): State<Discovery>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Vec<Node>>, Problem> {
    take(&discovery, caller, &headers, body, REGISTRATION_WAIT).await?;
    Ok(known(&discovery))
}

async fn remove(
    State(discovery): State<Discovery>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Vec<Node>>, Problem> {
    deny_foreign_pages(&headers)?;
    let node = node(body)?;
    match discovery.remove(node, caller.ip()).await {
        Ok(_) => Ok(known(&discovery)),
        Err(refused) => {
            let status = match refused {
                Refused::StillAnswers(_) => StatusCode::FORBIDDEN,
                _ => StatusCode::TOO_MANY_REQUESTS,
            };
            Err(Problem::new(status, refused.to_string()))
        }
    }
}

fn node(body: Result<Bytes, BytesRejection>) -> Result<Node, Problem> {
    serde_json::from_slice(&body?).map_err(|error| {
        let wanted = r#"{"ip_address": "127.0.0.1", "port": 55000}"#;
        Problem::new(
            StatusCode::BAD_REQUEST,
            format!(
                "wanted exactly an object such as {wanted}: {}",
                unreadable(&error)
            ),
        )
    })
}

fn deny_foreign_pages(headers: &HeaderMap) -> Result<(), Problem> {
    if from_foreign_page(headers) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "web pages of other sites may not change the list of nodes",
        ));
    }
    Ok(())
}

/// Whether a request was made by a web page that is neither on this machine nor our own.
///
/// Our own are those whose origin is the `Host` of the request, if that is an IP literal: a
/// name could have been pointed at us (DNS rebinding). Programs send no `Origin` and pass.
pub fn from_foreign_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let Some(origin) = text("origin") else {
        return matches!(text("sec-fetch-site"), Some("cross-site" | "same-site"));
    };
    let Ok(origin) = Url::parse(origin) else {
        return true;
    };
    let local = match origin.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    let literal = matches!(origin.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)));
    let authority = &origin[Position::BeforeHost..Position::AfterPort];
    !(local || literal && Some(authority) == text("host"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn pages_of_this_machine_and_our_own_pass() {
        let foreign = |pairs: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, value.parse().unwrap());
            }
            from_foreign_page(&headers)
        };
        assert!(!foreign(&[]));
        assert!(!foreign(&[("origin", "http://localhost:3000")]));
        assert!(!foreign(&[
            ("origin", "http://127.0.0.1:3000"),
            ("sec-fetch-site", "cross-site")
        ]));
        assert!(!foreign(&[("origin", "http://[::1]:3000")]));
        assert!(!foreign(&[("sec-fetch-site", "same-origin")]));
        assert!(!foreign(&[("sec-fetch-site", "none")]));
        assert!(!foreign(&[
            ("origin", "http://192.168.1.5:9000"),
            ("host", "192.168.1.5:9000")
        ]));
        assert!(foreign(&[("sec-fetch-site", "cross-site")]));
        assert!(foreign(&[("origin", "null")]));
        assert!(foreign(&[("origin", "")]));
        assert!(foreign(&[("origin", "https://evil.example")]));
        assert!(foreign(&[("origin", "http://localhost.evil.example")]));
        assert!(foreign(&[
            ("origin", "http://evil.example:9000"),
            ("host", "evil.example:9000")
        ]));
        assert!(foreign(&[
            ("origin", "http://192.168.1.6:9000"),
            ("host", "192.168.1.5:9000")
        ]));
    }
}
