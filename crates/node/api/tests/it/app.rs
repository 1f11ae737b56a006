//! Requests to a router without a socket.

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use bolao_api::ApiConfig;
use bolao_discovery::problem_code;
use bolao_ledger::{Chips, Genesis, MatchNo, OpenBet, Reason, Score};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::node::{TestNode, easy};

pub struct App {
    pub node: Arc<TestNode>,
    pub router: Router,
}

#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub fn classic_on() -> ApiConfig {
    ApiConfig {
        classic: true,
        ..ApiConfig::default()
    }
}

pub fn tip(no: u16, home: u64, away: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: Score::new(home, away).unwrap().into(),
        stake: Chips(0),
    }
}

impl App {
    pub fn classic() -> Self {
        Self::new(easy(), classic_on())
    }

    pub fn new(genesis: Genesis, config: ApiConfig) -> Self {
        Self::of(Arc::new(TestNode::new(genesis)), config)
    }

    pub fn of(node: Arc<TestNode>, config: ApiConfig) -> Self {
        let router = bolao_api::router(node.clone(), config);
        Self { node, router }
    }

    pub async fn send(&self, mut request: Request<Body>) -> Reply {
        if request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .is_none()
        {
            let caller = SocketAddr::from(([127, 0, 0, 1], 5555));
            request.extensions_mut().insert(ConnectInfo(caller));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.request("GET", path, headers, "").await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Reply {
        self.request("POST", path, &[], body).await
    }

    pub async fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "localhost:9000");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn json(&self, path: &str) -> Value {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The detail of the problem that this must be, whose code is a rule's or its status's.
    pub fn problem(&self, status: u16) -> String {
        let (code, detail) = self.coded(status);
        let of_rules = Reason::of(&code).is_some();
        assert!(of_rules || code == problem_code(self.status), "{code}");
        detail
    }

    /// The code and the detail of the problem that this must be.
    pub fn coded(&self, status: u16) -> (String, String) {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let body = self.json();
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], "about:blank");
        assert!(body["title"].is_string());
        let text = |field: &str| body[field].as_str().unwrap().to_owned();
        (text("code"), text("detail"))
    }
}
