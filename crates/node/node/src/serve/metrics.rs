//! Numbers about the pools of a host, for Prometheus, each by its code. None names a player.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Instant,
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bolao_api::{ApiConfig, LiveNode as _, ReadNode as _, check_host};
use bolao_discovery::{Problem, ProblemCode};
use http::header;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

use crate::{reach::registry::Registry as HostNames, reading::read, serve::backend::NodeBackend};

/// The media type of what is encoded.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The route of whatever is not one of ours: the page's files, and nothing.
const OTHER: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPool {
    pool: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    pool: String,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCode {
    pool: String,
    code: Cow<'static, str>,
}

type Requests = Family<OfRoute, Histogram, fn() -> Histogram>;

/// The numbers of a host: those that are counted, and the rest as they are. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct HostMetrics {
    /// The nodes by their pools' codes: one that has stopped is gone.
    nodes: Arc<Mutex<BTreeMap<String, Weak<NodeBackend>>>>,
    requests: Requests,
    refused: Family<OfCode, Counter>,
}

fn histogram() -> Histogram {
    // From a millisecond to some sixteen seconds.
    Histogram::new(exponential_buckets(0.001, 4.0, 8))
}

impl Default for HostMetrics {
    fn default() -> Self {
        Self {
            nodes: Arc::default(),
            requests: Family::new_with_constructor(histogram),
            refused: Family::default(),
        }
    }
}

/// The page that is scraped, by the names that the host itself answers to.
pub(crate) fn page(measured: HostMetrics, guards: ApiConfig, names: Arc<HostNames>) -> Router {
    let guard = from_fn(move |request: Request, next: Next| {
        let checked = check_host(&guards, |name| names.answers_to(name), &request);
        async move {
            match checked {
                Ok(_) => next.run(request).await,
                Err(problem) => problem.into_response(),
            }
        }
    });
    let answer = move || {
        let measured = measured.clone();
        async move { measured.answer().await }
    };
    Router::new().route("/metrics", get(answer)).layer(guard)
}

impl HostMetrics {
    /// Adds a pool's node, and gives its routes, whose answers are then counted.
    pub(crate) fn add(&self, code: &str, node: &Arc<NodeBackend>, router: Router) -> Router {
        let mut nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        nodes.insert(code.to_owned(), Arc::downgrade(node));
        let (requests, refused) = (self.requests.clone(), self.refused.clone());
        let pool = code.to_owned();
        router.layer(from_fn(move |request: Request, next: Next| {
            let (requests, refused) = (requests.clone(), refused.clone());
            let pool = pool.clone();
            async move {
                let matched = request.extensions().get::<MatchedPath>();
                let route = matched.map_or(OTHER, MatchedPath::as_str).to_owned();
                let start = Instant::now();
                let response = next.run(request).await;
                let took = start.elapsed().as_secs_f64();
                if let Some(ProblemCode(code)) = response.extensions().get() {
                    let (pool, code) = (pool.clone(), code.clone());
                    refused.get_or_create(&OfCode { pool, code }).inc();
                }
                requests
                    .get_or_create(&OfRoute { pool, route })
                    .observe(took);
                response
            }
        }))
    }

    fn nodes(&self) -> Vec<(String, Arc<NodeBackend>)> {
        let nodes = self.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        let there = nodes.iter();
        there
            .filter_map(|(code, node)| Some((code.clone(), node.upgrade()?)))
            .collect()
    }

    async fn answer(&self) -> Response {
        match self.text().await {
            Ok(text) => ([(header::CONTENT_TYPE, KIND)], text).into_response(),
            Err(_) => Problem::internal().into_response(),
        }
    }

    async fn text(&self) -> Result<String, fmt::Error> {
        let mut all = Registry::with_prefix("bolao");
        let gauges = Gauges::register(&mut all);
        let reorgs = Family::<OfPool, Counter>::default();
        let help = "How often blocks of the chain were replaced";
        all.register("reorgs", help, reorgs.clone());
        for (pool, node) in self.nodes() {
            let of = OfPool { pool };
            gauges.read(&of, &node).await;
            let replaced = node.pool.watch.reorganisations();
            reorgs.get_or_create(&of).inc_by(replaced);
        }
        let help = "Requests that were refused, by the code of the problem";
        all.register("refused", help, self.refused.clone());
        let help = "Time until a request's answer starts, by its route";
        all.register("request_seconds", help, self.requests.clone());
        let mut text = String::new();
        encode(&mut text, &all)?;
        Ok(text)
    }
}

/// The numbers that go up and down, of each pool.
struct Gauges([Family<OfPool, Gauge>; 6]);

impl Gauges {
    fn register(all: &mut Registry) -> Self {
        let gauges = [
            ("tip_height", "The height of the last block"),
            ("final_height", "The height of the last final block"),
            ("mempool", "Transactions waiting for a block"),
            ("peers", "Connected nodes"),
            (
                "certificate_expires",
                "The end of the page's certificate, in seconds since 1970",
            ),
            ("disk_free_bytes", "Free space on the home's disk"),
        ];
        Self(gauges.map(|(name, help)| {
            let gauge = Family::<OfPool, Gauge>::default();
            all.register(name, help, gauge.clone());
            gauge
        }))
    }

    async fn read(&self, of: &OfPool, node: &NodeBackend) {
        let chain = read(node.reader(), |snapshot| {
            let last = snapshot.last_final()?;
            Ok((snapshot.tip()?, last, snapshot.pending_count()?))
        });
        let chain = chain.await;
        let of_chain = chain.as_ref();
        let until = node.link().certificate_until;
        let values = [
            of_chain.map(|(tip, ..)| tip.height.0),
            of_chain.and_then(|(_, last, _)| Some(last.as_ref()?.height.0)),
            of_chain.map(|(.., pending)| *pending),
            u64::try_from(node.peers().len()).ok(),
            until.map(|until| u64::try_from(until.as_second()).unwrap_or_default()),
            node.pool.home.room(),
        ];
        for (gauge, value) in self.0.iter().zip(values) {
            if let Some(value) = value {
                let value = i64::try_from(value).unwrap_or(i64::MAX);
                gauge.get_or_create(of).set(value);
            }
        }
    }
}
