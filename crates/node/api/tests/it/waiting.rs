//! Miners wait for their next template in a bounded number of places, and what they found waits for the core.

use std::{net::SocketAddr, sync::Arc};

use axum::{body::Body, extract::ConnectInfo};
use http::Request;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    app::{App, Reply},
    node::account,
};

async fn ask(app: &App, caller: &str, known: &str) -> Reply {
    let path = format!("/api/v1/mining/template?account={}{known}", account("John"));
    let mut request = Request::get(path)
        .header("host", "localhost:9000")
        .body(Body::empty())
        .unwrap();
    let caller = SocketAddr::new(caller.parse().unwrap(), 4_000);
    request.extensions_mut().insert(ConnectInfo(caller));
    app.send(request).await
}

fn asked(app: &App) -> usize {
    app.node.calls.lock().unwrap().len()
}

/// Lets as many miners of one address wait.
async fn wait(app: &Arc<App>, waiting: &mut JoinSet<Reply>, caller: &str, count: usize) {
    let before = asked(app);
    for _ in 0..count {
        let (app, caller) = (Arc::clone(app), caller.to_owned());
        waiting.spawn(async move { ask(&app, &caller, "&known=a-job").await });
    }
    while asked(app) < before + count {
        tokio::task::yield_now().await;
    }
}

async fn is_refused(app: &App, caller: &str) {
    let refused = ask(app, caller, "&known=a-job").await;
    refused.problem(503);
    assert_eq!(refused.header("retry-after"), "1");
}

// The time stands still as long as somebody has something to do.
#[tokio::test(start_paused = true)]
async fn no_address_takes_the_places_of_all_miners() {
    let app = Arc::new(App::classic());
    let (mut greedy, mut others) = (JoinSet::new(), JoinSet::new());
    wait(&app, &mut greedy, "192.0.2.1", 16).await;
    is_refused(&app, "192.0.2.1").await;
    is_refused(&app, "::ffff:192.0.2.1").await;
    // Who does not wait needs no place.
    assert_eq!(ask(&app, "192.0.2.1", "").await.status, 200);
    assert_eq!(ask(&app, "192.0.2.1", "&known=other").await.status, 503);
    for caller in ["192.0.2.2", "192.0.2.3", "2001:db8::1"] {
        wait(&app, &mut others, caller, 16).await;
    }
    is_refused(&app, "192.0.2.4").await;
    // This machine has as many for itself.
    wait(&app, &mut others, "127.0.0.1", 64).await;
    is_refused(&app, "127.0.0.1").await;
    greedy.shutdown().await;
    wait(&app, &mut others, "192.0.2.4", 16).await;
    for reply in others.join_all().await {
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_stays_busy_asks_to_hand_in_again() {
    let app = App::classic();
    let found = json!({
        "template": "crowded", "extra_nonce": "00".repeat(16), "time": 1, "nonce": 2,
    });
    let kind = [("content-type", "application/json")];
    let path = "/api/v1/mining/submit";
    let reply = app.request("POST", path, &kind, found.to_string()).await;
    reply.problem(503);
    assert_eq!(reply.header("retry-after"), "1");
}
