//! A small HTTP client, as scripts are: no JSON content type unless asked for, no redirects.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, header::HeaderMap, redirect::Policy};
use serde_json::Value;

const TIMEOUT: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_secs(2);

/// A server.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: Client,
    base: String,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    async fn of(request: RequestBuilder) -> reqwest::Result<Self> {
        let response = request.send().await?;
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The JSON of a good answer.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }

    /// One of the articles' texts, sent as Flask does.
    #[track_caller]
    pub(crate) fn assert_text(&self, text: &str) {
        assert_eq!((self.status, self.text.as_str()), (200, text), "{self:?}");
        assert_eq!(self.header("content-type"), "text/html; charset=utf-8");
    }

    /// A clear refusal; its sentence.
    #[track_caller]
    pub(crate) fn problem(&self) -> String {
        assert!((400..500).contains(&self.status), "{self:?}");
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        let problem: Value = serde_json::from_str(&self.text).unwrap();
        assert_eq!(problem["status"], self.status, "{self:?}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.len() > 10, "{self:?}");
        detail.to_owned()
    }
}

impl Http {
    pub(crate) fn new(base: String) -> Self {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .pool_max_idle_per_host(0)
            .timeout(TIMEOUT)
            .build()
            .unwrap();
        Self { client, base }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request).await.unwrap()
    }

    /// The answer, or none if the server closed the connection or is not there.
    pub(crate) async fn try_send(&self, request: RequestBuilder) -> Option<Answer> {
        Answer::of(request).await.ok()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    /// Like `get`, but gives up soon.
    pub(crate) async fn try_get(&self, path: &str) -> Option<Answer> {
        self.try_send(self.request("GET", path).timeout(SHORT))
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: impl Into<String>) -> Answer {
        self.send(self.request("POST", path).body(body.into()))
            .await
    }

    pub(crate) async fn delete(&self, path: &str, body: impl Into<String>) -> Answer {
        self.send(self.request("DELETE", path).body(body.into()))
            .await
    }
}
