//! Numbers about the node, for Prometheus. None names a player.

use std::{borrow::Cow, fmt, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bolao_api::{ApiConfig, LiveNode as _, ReadNode as _, check_host};
use bolao_discovery::{Limits, Problem, ProblemCode, serve};
use futures::FutureExt as _;
use http::header;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use tokio::net::TcpListener;

use crate::{reading::read, serve::backend::NodeBackend, services::Made};

/// The media type of what is encoded.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The route of whatever is not one of ours: the page's files, and nothing.
const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct For {
    code: Cow<'static, str>,
}

type Requests = Family<Of, Histogram, fn() -> Histogram>;

/// A node's numbers: those that are counted, and the rest as they are. Clones share them.
#[derive(Clone)]
pub(crate) struct Metrics {
    node: Arc<NodeBackend>,
    requests: Requests,
    refused: Family<For, Counter>,
}

fn histogram() -> Histogram {
    // From a millisecond to some sixteen seconds.
    Histogram::new(exponential_buckets(0.001, 4.0, 8))
}

impl Metrics {
    /// Of a node.
    pub(crate) fn new(node: Arc<NodeBackend>) -> Self {
        Self {
            node,
            requests: Family::new_with_constructor(histogram),
            refused: Family::default(),
        }
    }

    /// Gives the service that answers at a listener, and the node's routes, whose answers are then counted.
    pub(crate) fn serve(
        self,
        listener: TcpListener,
        guards: ApiConfig,
        router: Router,
    ) -> (Made, Router) {
        let router = self.measured(router);
        let stop = self.node.pool.stop.clone().cancelled_owned();
        let served = serve(listener, self.page(guards), Limits::default(), stop);
        (("metrics", served.boxed()), router)
    }

    fn measured(&self, router: Router) -> Router {
        let (requests, refused) = (self.requests.clone(), self.refused.clone());
        router.layer(from_fn(move |request: Request, next: Next| {
            let (requests, refused) = (requests.clone(), refused.clone());
            async move {
                let matched = request.extensions().get::<MatchedPath>();
                let route = matched.map_or(OTHER, MatchedPath::as_str).to_owned();
                let start = Instant::now();
                let response = next.run(request).await;
                let took = start.elapsed().as_secs_f64();
                requests.get_or_create(&Of { route }).observe(took);
                if let Some(ProblemCode(code)) = response.extensions().get() {
                    let code = code.clone();
                    refused.get_or_create(&For { code }).inc();
                }
                response
            }
        }))
    }

    /// The page that is scraped, by the names that the node itself answers to.
    fn page(self, guards: ApiConfig) -> Router {
        let node = Arc::clone(&self.node);
        let guard = from_fn(move |request: Request, next: Next| {
            let checked = check_host(&guards, |name| node.answers_to(name), &request);
            async move {
                match checked {
                    Ok(_) => next.run(request).await,
                    Err(problem) => problem.into_response(),
                }
            }
        });
        let answer = move || {
            let metrics = self.clone();
            async move { metrics.answer().await }
        };
        Router::new().route("/metrics", get(answer)).layer(guard)
    }

    async fn answer(&self) -> Response {
        match self.text().await {
            Ok(text) => ([(header::CONTENT_TYPE, KIND)], text).into_response(),
            Err(_) => Problem::internal().into_response(),
        }
    }

    async fn text(&self) -> Result<String, fmt::Error> {
        let mut all = Registry::with_prefix("bolao");
        let mut gauge = |name: &str, help: &str, value: u64| {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            all.register(name, help, ConstGauge::new(value));
        };
        let chain = read(self.node.reader(), |snapshot| {
            let last = snapshot.last_final()?;
            Ok((snapshot.tip()?, last, snapshot.pending_count()?))
        });
        if let Some((tip, last, pending)) = chain.await {
            gauge("tip_height", "The height of the last block", tip.height.0);
            if let Some(last) = last {
                let help = "The height of the last final block";
                gauge("final_height", help, last.height.0);
            }
            gauge("mempool", "Transactions waiting for a block", pending);
        }
        let peers = u64::try_from(self.node.peers().len()).unwrap_or(u64::MAX);
        gauge("peers", "Connected nodes", peers);
        if let Some(until) = self.node.link().certificate_until {
            let until = u64::try_from(until.as_second()).unwrap_or_default();
            let help = "The end of the page's certificate, in seconds since 1970";
            gauge("certificate_expires", help, until);
        }
        if let Some(room) = self.node.pool.home.room() {
            gauge("disk_free_bytes", "Free space on the home's disk", room);
        }
        let reorgs = self.node.pool.watch.reorganisations();
        let help = "How often blocks of the chain were replaced";
        all.register("reorgs", help, ConstCounter::new(reorgs));
        let help = "Requests that were refused, by the code of the problem";
        all.register("refused", help, self.refused.clone());
        let help = "Time until a request's answer starts, by its route";
        all.register("request_seconds", help, self.requests.clone());
        let mut text = String::new();
        encode(&mut text, &all)?;
        Ok(text)
    }
}
