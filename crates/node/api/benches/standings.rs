//! The table of ten thousand players: a page of it as it is asked for again and again, the first
//! page after a block, and the tables that are added up.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

#[path = "../tests/it/certified.rs"]
mod certified;
#[path = "../tests/it/crowd.rs"]
mod crowd;
#[path = "../tests/it/node.rs"]
mod node;

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use bolao_api::{ApiConfig, Backend};
use criterion::{Criterion, criterion_group, criterion_main};
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

async fn get(router: &Router, path: &str) -> usize {
    let mut request = Request::get(path)
        .header("host", "localhost:9000")
        .body(Body::empty())
        .unwrap();
    let caller = SocketAddr::from(([127, 0, 0, 1], 4000));
    request.extensions_mut().insert(ConnectInfo(caller));
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap();
    body.to_bytes().len()
}

fn standings(c: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let node: Arc<dyn Backend> = Arc::new(crowd::crowd(node::easy()));
    let fresh = || bolao_api::router(node.clone(), ApiConfig::default());
    let router = fresh();
    let mut group = c.benchmark_group("standings of 10000");
    group.sample_size(20);
    for (name, path) in [
        ("page of 50", "/api/v1/standings"),
        ("page of 500", "/api/v1/standings?limit=500"),
        ("a player", "/api/v1/players/player 9999"),
    ] {
        let path = path.replace(' ', "%20");
        group.bench_function(name, |b| {
            b.to_async(&runtime).iter(|| get(&router, &path));
        });
    }
    for (name, path) in [
        ("first page after a block", "/api/v1/standings"),
        ("first page from a match on", "/api/v1/standings?from=ptch"),
        (
            "first page of a stage's matrix",
            "/api/v1/rounds/Semi-finals/matrix",
        ),
    ] {
        group.bench_function(name, |b| {
            b.to_async(&runtime).iter_batched(
                fresh,
                // Given back, so that its end is not measured.
                |router| async move { (get(&router, path).await, router) },
                criterion::BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, standings);
criterion_main!(benches);
