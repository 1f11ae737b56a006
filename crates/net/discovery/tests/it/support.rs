//! Nodes of ours, and fake ones that speak plain HTTP.

use std::{
    future::pending,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bolao_discovery::{Discovery, DiscoveryConfig, KnownNodes, Limits, Node, Seed, router, serve};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};

pub(crate) async fn listen() -> (TcpListener, Node) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let node = listener.local_addr().unwrap().try_into().unwrap();
    (listener, node)
}

pub(crate) fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

/// A server that dies with this.
pub(crate) struct Running {
    pub(crate) node: Node,
    pub(crate) discovery: Discovery,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start(configure: impl FnOnce(&mut DiscoveryConfig)) -> Self {
        let (listener, node) = listen().await;
        let mut config = DiscoveryConfig::new(Some(node));
        configure(&mut config);
        let discovery = Discovery::open(config).unwrap();
        let router = router(discovery.clone());
        let task = tokio::spawn(async move {
            serve(listener, router, Limits::default(), pending()).await;
        });
        Self {
            node,
            discovery,
            task,
        }
    }

    pub(crate) async fn with_seed(seed: &Node) -> Self {
        let seed = Seed::new(&seed.ip().to_string(), seed.port()).unwrap();
        Self::start(|config| config.seeds = vec![seed]).await
    }

    pub(crate) fn known(&self) -> &KnownNodes {
        self.discovery.known()
    }

    /// As a crash: connections are cut, nobody listens any more.
    pub(crate) async fn kill(mut self) -> Node {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.node
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits until the known nodes are exactly these.
pub(crate) async fn knows(known: &KnownNodes, wanted: &[Node]) {
    let mut wanted = wanted.to_vec();
    wanted.sort();
    let mut changes = known.subscribe();
    let met = changes.wait_for(|nodes| {
        let mut nodes = nodes.to_vec();
        nodes.sort();
        nodes == wanted
    });
    let met = timeout(Duration::from_secs(20), met).await.is_ok();
    assert!(met, "known {:?}, wanted {wanted:?}", known.list());
}

/// A plain HTTP server that answers every request with the same bytes.
pub(crate) struct Fake {
    pub(crate) node: Node,
    pub(crate) requests: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Fake {
    pub(crate) async fn start(answer: impl Into<Vec<u8>>) -> Self {
        let (listener, node) = listen().await;
        Self::on(listener, node, answer)
    }

    /// Answers 200 with a JSON text.
    pub(crate) async fn json(body: &str) -> Self {
        Self::start(ok(body)).await
    }

    pub(crate) fn on(listener: TcpListener, node: Node, answer: impl Into<Vec<u8>>) -> Self {
        let answer: Arc<[u8]> = answer.into().into();
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(reply(stream, Arc::clone(&answer)));
            }
        });
        Self {
            node,
            requests,
            task,
        }
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub(crate) async fn kill(mut self) -> Node {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.node
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn ok(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").into()
}

async fn reply(mut stream: TcpStream, answer: Arc<[u8]>) {
    // The requests of these tests fit into one segment.
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await;
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
    while matches!(stream.read(&mut request).await, Ok(1..)) {}
}
