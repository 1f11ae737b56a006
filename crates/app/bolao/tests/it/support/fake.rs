//! A node that speaks only the node article's routes, and counts who calls.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Port, free_port};

/// A plain program: it answers the routes with what it was told. Gone when dropped.
#[derive(Debug)]
pub(crate) struct FakeNode {
    port: Port,
    calls: Arc<Calls>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Calls {
    greetings: AtomicUsize,
    lists: AtomicUsize,
    nodes: Mutex<Vec<Value>>,
}

impl FakeNode {
    /// A node that knows others.
    pub(crate) async fn start(nodes: Vec<Value>) -> Self {
        let port = free_port();
        let calls = Arc::new(Calls {
            nodes: Mutex::new(nodes),
            ..Calls::default()
        });
        let router = Router::new()
            .route("/", get(async || Json(json!({}))).post(greet))
            .route("/nodes/", get(list))
            .route("/nodes/", post(list))
            .with_state(Arc::clone(&calls));
        let listener = TcpListener::bind(("127.0.0.1", port.number()))
            .await
            .unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { port, calls, task }
    }

    /// Its NODE.
    pub(crate) fn node(&self) -> Value {
        json!({ "ip_address": "127.0.0.1", "port": self.port.number() })
    }

    /// Its address as a seed server's.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port.number())
    }

    /// How often it was asked whether it is there.
    pub(crate) fn greetings(&self) -> usize {
        self.calls.greetings.load(Ordering::SeqCst)
    }

    /// How often it was asked for its list, or told of a node.
    pub(crate) fn lists(&self) -> usize {
        self.calls.lists.load(Ordering::SeqCst)
    }
}

impl Drop for FakeNode {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn greet(State(calls): State<Arc<Calls>>, body: Bytes) -> Bytes {
    calls.greetings.fetch_add(1, Ordering::SeqCst);
    body
}

async fn list(State(calls): State<Arc<Calls>>) -> Json<Vec<Value>> {
    calls.lists.fetch_add(1, Ordering::SeqCst);
    Json(calls.nodes.lock().unwrap().clone())
}
