//! The classic reads that people notice: the whole chain at the article's sizes, and a player's
//! bets while the chain grows.
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
#[path = "../tests/it/node.rs"]
mod node;

use std::{net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use bolao_api::{ApiConfig, ReadNode as _};
use bolao_ledger::{Chips, Fixture, Genesis, MatchCode, MatchNo, OpenBet, Score};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use http::Request;
use http_body_util::BodyExt as _;
use node::{TestNode, easy};
use tower::ServiceExt as _;

/// Bets of one player, in one transaction.
const TIPS: u16 = 100;

fn played(bets: usize) -> (Arc<TestNode>, Router) {
    let base = easy();
    let matches = (1..=TIPS)
        .map(|no| Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            ..base.matches[0].clone()
        })
        .collect();
    let node = Arc::new(TestNode::new(Genesis { matches, ..base }));
    for player in 0..bets / usize::from(TIPS) {
        let tips = (1..=TIPS)
            .map(|no| OpenBet {
                match_no: MatchNo(no),
                prediction: (Score::new(u64::from(no % 9), 1).unwrap()).into(),
                stake: Chips(0),
            })
            .collect();
        node.bet(&format!("Player {player}"), tips);
        if player % 10 == 9 {
            node.mine_now();
        }
    }
    let config = ApiConfig {
        classic: true,
        ..ApiConfig::default()
    };
    let router = bolao_api::router(node.clone(), config);
    (node, router)
}

async fn get(router: &Router, path: &str) -> usize {
    let mut request = Request::get(path)
        .header("host", "localhost:9000")
        .body(Body::empty())
        .unwrap();
    let caller = SocketAddr::from(([127, 0, 0, 1], 4000));
    request.extensions_mut().insert(ConnectInfo(caller));
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .len()
}

fn blockchain(c: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let (node, router) = played(1_000);
    let mut group = c.benchmark_group("GET /blockchain, 1,000 bets");
    group.throughput(Throughput::Elements(1));
    group.bench_function("ready bytes", |b| {
        b.to_async(&runtime).iter(|| get(&router, "/blockchain"));
    });
    // Another list of nodes each time, so that nothing ready fits.
    let mut count = 0_u64;
    group.bench_function("made each time", |b| {
        b.iter(|| {
            count += 1;
            *node.nodes.lock().unwrap() = vec![format!("http://localhost:{count}")];
            runtime.block_on(get(&router, "/blockchain"))
        });
    });
    let value: serde_json::Value = {
        let mut request = Request::get("/blockchain").body(Body::empty()).unwrap();
        let caller = SocketAddr::from(([127, 0, 0, 1], 4000));
        request.extensions_mut().insert(ConnectInfo(caller));
        let body = runtime.block_on(async {
            let response = router.clone().oneshot(request).await.unwrap();
            response.into_body().collect().await.unwrap().to_bytes()
        });
        serde_json::from_slice(&body).unwrap()
    };
    let bare = Router::new().route(
        "/blockchain",
        axum::routing::get(move || {
            let body = serde_json::to_vec(&value).unwrap();
            std::future::ready(([("content-type", "application/json")], body))
        }),
    );
    group.bench_function("bare handler that serialises", |b| {
        b.to_async(&runtime).iter(|| get(&bare, "/blockchain"));
    });
    group.finish();
}

fn player(c: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let mut group = c.benchmark_group("GET /player/NAME, 100 bets of the player");
    for bets in [1_000, 100_000] {
        let (node, router) = played(bets);
        let height = node.reader().snapshot().unwrap().tip().unwrap().height;
        let id = BenchmarkId::from_parameter(format!("{bets} bets, {height} blocks"));
        group.bench_function(id, |b| {
            b.to_async(&runtime)
                .iter(|| get(&router, "/player/Player%203"));
        });
    }
    group.finish();
}

criterion_group!(benches, blockchain, player);
criterion_main!(benches);
