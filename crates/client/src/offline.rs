//! The API's reading routes over a stopped home's disk, without a socket: a node that has nothing but a store.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, request::Builder},
};
use bolao_api::{
    ActOnNode, ApiConfig, ClassicNode, EventText, MiningMode, MiningStatus, NodeStatus, PeerView,
    ReadNode, SyncState, SyncStatus,
};
use bolao_discovery::{Discovery, DiscoveryConfig};
use bolao_ledger::Height;
use bolao_store::{Reader, Store};
use bolao_terminal::time;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::sync::broadcast;
use tower::ServiceExt as _;

use crate::ApiError;

/// The longest answer, in bytes.
const MAX_ANSWER: usize = 32 << 20;

/// A stopped home's API.
#[derive(Debug)]
pub struct Offline {
    router: Router,
    reader: Reader,
}

impl Offline {
    /// The API over a store that nobody else has open.
    pub fn new(store: Store) -> anyhow::Result<Self> {
        let reader = store.reader();
        let tip = reader.snapshot()?.tip()?;
        let (events, _) = broadcast::channel(1);
        let backend = StoppedNode {
            reader: reader.clone(),
            discovery: Discovery::open(DiscoveryConfig::new(None))?,
            events,
            height: tip.height,
        };
        let router = bolao_api::router(Arc::new(backend), ApiConfig::default());
        Ok(Self { router, reader })
    }

    /// The store.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The JSON at a path.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        json(self.stream(path).await?).await
    }

    /// The answer to JSON that is posted.
    pub async fn post(&self, path: &str, value: &Value) -> anyhow::Result<Value> {
        let request = Request::post(path).header("content-type", "application/json");
        let body = Body::from(serde_json::to_vec(value)?);
        json(self.answer(request, body).await?).await
    }

    /// What is at a path, of any length, to be read piece by piece.
    pub async fn stream(&self, path: &str) -> anyhow::Result<Body> {
        self.answer(Request::get(path), Body::empty()).await
    }

    async fn answer(&self, request: Builder, body: Body) -> anyhow::Result<Body> {
        let request = request.header("host", "localhost").body(body)?;
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {});
        let status = response.status();
        if !status.is_success() {
            let status = StatusCode::from_u16(status.as_u16())?;
            let body = to_bytes(response.into_body(), MAX_ANSWER).await?;
            return Err(ApiError::of(status, &body).into());
        }
        Ok(response.into_body())
    }
}

async fn json(body: Body) -> anyhow::Result<Value> {
    let body = to_bytes(body, MAX_ANSWER).await?;
    serde_json::from_slice(&body).context("the store's answer is not JSON")
}

/// A node that can be read and does nothing.
#[derive(Debug)]
struct StoppedNode {
    reader: Reader,
    discovery: Discovery,
    events: broadcast::Sender<EventText>,
    height: Height,
}

impl ReadNode for StoppedNode {
    fn reader(&self) -> &Reader {
        &self.reader
    }

    fn own_url(&self) -> String {
        String::new()
    }

    fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    fn peers(&self) -> Vec<PeerView> {
        Vec::new()
    }

    fn status(&self) -> NodeStatus {
        NodeStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started: time::now(),
            uptime: Duration::ZERO,
            sync: SyncStatus {
                state: SyncState::Alone,
                headers: self.height,
                blocks: self.height,
                target: self.height,
            },
            mining: MiningStatus {
                mode: MiningMode::Manual,
                active: false,
                hashes_per_second: 0,
                threads: 0,
            },
        }
    }

    fn events(&self) -> broadcast::Receiver<EventText> {
        self.events.subscribe()
    }

    fn token(&self) -> &'static str {
        // Nobody can call from outside.
        ""
    }
}

impl ActOnNode for StoppedNode {}
impl ClassicNode for StoppedNode {}
