//! A long chain does not fit anywhere: it is streamed.

use std::net::SocketAddr;

use axum::{body::Body, extract::ConnectInfo};
use bolao_ledger::{Fixture, Genesis, MatchCode, MatchNo};
use http::Request;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{
    app::{App, classic_on, tip},
    node::{TestNode, easy},
};

/// A pool with many matches.
fn many_matches(count: u16) -> Genesis {
    let base = easy();
    let matches = (1..=count)
        .map(|no| Fixture {
            no: MatchNo(no),
            code: MatchCode::new(&format!("M{no}")).unwrap(),
            ..base.matches[0].clone()
        })
        .collect();
    Genesis { matches, ..base }
}

fn fill(node: &TestNode, blocks: u64) {
    for block in 0..blocks {
        for player in 0..4 {
            let tips = (1..=100).map(|no| tip(no, block % 90, player)).collect();
            node.bet(&format!("Player {player}"), tips);
        }
        node.mine_now();
    }
}

fn get(path: &str) -> Request<Body> {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    let caller = SocketAddr::from(([127, 0, 0, 1], 4000));
    request.extensions_mut().insert(ConnectInfo(caller));
    request
}

#[tokio::test]
async fn a_long_chain_is_streamed_whole() {
    let app = App::new(many_matches(100), classic_on());
    fill(&app.node, 40);
    let response = app
        .router
        .clone()
        .oneshot(get("/blockchain"))
        .await
        .unwrap();
    assert!(!response.headers().contains_key("content-length"));
    let mut body = response.into_body();
    let (mut all, mut frames, mut longest_after_first) = (Vec::new(), 0, 0);
    while let Some(frame) = body.frame().await {
        let data = frame.unwrap().into_data().unwrap();
        if frames > 0 {
            longest_after_first = longest_after_first.max(data.len());
        }
        frames += 1;
        all.extend_from_slice(&data);
    }
    assert!(all.len() > 2_000_000, "{}", all.len());
    assert!(frames > 10, "{frames}");
    // A chunk ends with the block in which it became full.
    assert!(longest_after_first < 200_000, "{longest_after_first}");
    let chain: Value = serde_json::from_slice(&all).unwrap();
    let blocks = chain["chain"].as_array().unwrap();
    assert_eq!(blocks.len(), 41);
    assert_eq!(blocks[40]["bets"].as_array().unwrap().len(), 400);
    for pair in blocks.windows(2) {
        assert_eq!(pair[1]["previous_block_hash"], pair[0]["hash"]);
    }
}

#[tokio::test]
async fn a_stream_is_of_one_snapshot_and_waits_for_its_reader() {
    let app = App::new(many_matches(100), classic_on());
    fill(&app.node, 40);
    let response = app
        .router
        .clone()
        .oneshot(get("/blockchain"))
        .await
        .unwrap();
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    fill(&app.node, 2);
    let rest = body.collect().await.unwrap().to_bytes();
    let all = [first, rest].concat();
    let chain: Value = serde_json::from_slice(&all).unwrap();
    assert_eq!(chain["chain"].as_array().unwrap().len(), 41);
    assert_eq!(
        app.json("/blockchain").await["chain"]
            .as_array()
            .unwrap()
            .len(),
        43
    );
}

#[tokio::test]
async fn readers_who_leave_or_stall_take_no_places_for_good() {
    let app = App::new(many_matches(100), classic_on());
    fill(&app.node, 40);
    let mut stalled = Vec::new();
    let refused = loop {
        let response = app
            .router
            .clone()
            .oneshot(get("/blockchain"))
            .await
            .unwrap();
        if response.status() == 503 {
            break response;
        }
        stalled.push(response);
        assert!(stalled.len() < 1_000, "no limit on streams");
    };
    assert_eq!(refused.headers()["retry-after"], "1");
    drop(stalled);
    // The writers notice at their next chunk.
    let served = async {
        loop {
            let response = app
                .router
                .clone()
                .oneshot(get("/blockchain"))
                .await
                .unwrap();
            if response.status() == 200 {
                break response.into_body().collect().await.unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, served).await.unwrap();
}

#[tokio::test]
async fn every_bet_of_a_match_and_of_a_player_is_listed() {
    let app = App::new(many_matches(600), classic_on());
    for player in 0..300 {
        app.node
            .bet(&format!("P{player}"), vec![tip(1, player % 90, 0)]);
    }
    for round in 0..5_u16 {
        let tips = (1..=120).map(|no| tip(round * 120 + no, 1, 1)).collect();
        app.node.bet("John", tips);
    }
    app.node.mine_now();
    let list = app.json("/match/m1").await;
    let mut players: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|bet| bet["player"].as_str().unwrap())
        .collect();
    players.sort_unstable();
    players.dedup();
    assert_eq!(players.len(), 301);
    let list = app.json("/player/john").await;
    let codes: Vec<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|bet| bet["matchid"].as_str().unwrap().to_owned())
        .collect();
    let all: Vec<String> = (1..=600).map(|no| format!("M{no}")).collect();
    assert_eq!(codes, all);
}
