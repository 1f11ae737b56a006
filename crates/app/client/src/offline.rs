//! The API's reading routes over a stopped home's disk, without a socket.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, request::Builder},
};
use bolao_api::ApiConfig;
use bolao_store::{Reader, Store};
use reqwest::StatusCode;
use serde_json::Value;
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
    pub fn new(store: &Store) -> Self {
        let reader = store.reader();
        let router = bolao_api::router(Arc::new(reader.clone()), ApiConfig::default());
        Self { router, reader }
    }

    /// The reader of the store.
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

    /// Gives the answer at a path, of any length, to be read piece by piece.
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
