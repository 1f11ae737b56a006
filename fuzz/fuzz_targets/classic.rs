//! Bodies and paths at the betting article's routes and at the one that takes signed transactions: the first byte
//! chooses the route. Nothing answers with 5xx.
#![no_main]
#![allow(dead_code, unreachable_pub)]

#[path = "../../crates/node/api/tests/it/certified.rs"]
mod certified;
#[path = "../../crates/node/api/tests/it/node.rs"]
mod node;

use std::{cell::RefCell, net::SocketAddr, sync::Arc};

use axum::{Router, body::Body, extract::ConnectInfo};
use bolao_api::ApiConfig;
use http::Request;
use libfuzzer_sys::fuzz_target;
use node::{TestNode, easy};
use tower::ServiceExt as _;

const ROUTES: [&str; 6] = [
    "/bet",
    "/bet/broadcast",
    "/receive-new-block",
    "/register-node",
    "/register-nodes-bulk",
    "/api/v1/transactions",
];

/// Inputs that one node sees; then a fresh one takes its place, so that memory stays bounded.
const INPUTS_PER_NODE: usize = 256;

thread_local! {
    static ROUTER: RefCell<(usize, Router)> = RefCell::default();
}

fn router() -> Router {
    ROUTER.with_borrow_mut(|(left, router)| {
        if *left == 0 {
            let config = ApiConfig {
                classic: true,
                ..ApiConfig::default()
            };
            *router = bolao_api::router(Arc::new(TestNode::new(easy())), config);
            *left = INPUTS_PER_NODE;
        }
        *left -= 1;
        router.clone()
    })
}

fuzz_target!(|data: &[u8]| {
    let Some((route, body)) = data.split_first() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let router = router();
        let path = ROUTES[usize::from(*route) % ROUTES.len()];
        let mut request = Request::post(path)
            .header("host", "localhost:9000")
            .header("content-type", "application/json")
            .body(Body::from(body.to_vec()))
            .unwrap();
        let caller = SocketAddr::from(([127, 0, 0, 1], 4_000));
        request.extensions_mut().insert(ConnectInfo(caller));
        let response = router.oneshot(request).await.unwrap();
        assert!(
            !response.status().is_server_error(),
            "{path}: {}",
            response.status()
        );
    });
});
