//! Whole nodes on loopback.

use std::{
    net::Ipv4Addr,
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use bolao_ledger::Genesis;
use bolao_miner::{Miner, Options};
use bolao_node::{Home, Node, NodeConfig, RunError};
use bolao_store::Reader;
use bolao_work::StartSearcher;
use reqwest::Client;
use serde_json::json;
use tokio::{runtime::Runtime, sync::oneshot, task::JoinHandle};

/// Nothing here takes so long.
const TIMEOUT: Duration = Duration::from_mins(1);

/// One thread that searches.
fn one_thread() -> StartSearcher {
    Miner::starter(Options::with_threads(NonZeroUsize::new(1)))
}

pub(crate) fn config(home: &Home) -> NodeConfig {
    let nodes = home.dir().join("nodes.json");
    let mut config = NodeConfig::new(Ipv4Addr::LOCALHOST.into(), 0, nodes);
    config.api.classic = true;
    config.searcher = Some(one_thread());
    config
}

pub(crate) fn runtime() -> Runtime {
    Runtime::new().unwrap()
}

pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) reader: Reader,
    stop: oneshot::Sender<()>,
    done: JoinHandle<Result<(), RunError>>,
}

impl Running {
    pub(crate) fn start(runtime: &Runtime, home: &Home, genesis: &Genesis) -> Self {
        Self::start_as(runtime, home, genesis, config(home))
    }

    pub(crate) fn start_as(
        runtime: &Runtime,
        home: &Home,
        genesis: &Genesis,
        config: NodeConfig,
    ) -> Self {
        let node = Node::start(home.clone(), genesis.clone(), config);
        let node = runtime.block_on(node).unwrap();
        let (url, reader) = (node.url().to_owned(), node.reader().clone());
        let (stop, stopped) = oneshot::channel();
        let done = runtime.spawn(node.run(async {
            let _ = stopped.await;
        }));
        Self {
            url,
            reader,
            stop,
            done,
        }
    }

    pub(crate) fn height(&self) -> u64 {
        self.reader.snapshot().unwrap().tip().unwrap().height.0
    }

    /// The article's way to join two nodes. Returns once they have registered each other.
    pub(crate) async fn register(client: &Client, at: &str, other: &str) {
        let answer = client
            .post(format!("{at}/register-and-broadcast-node"))
            .body(json!({ "newnodeurl": other }).to_string())
            .send();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    }

    pub(crate) fn stop(self, runtime: &Runtime) {
        self.stop.send(()).unwrap();
        runtime.block_on(self.done).unwrap().unwrap();
    }
}

/// Looks ten times in a millisecond whether something is there, without a thread of the runtime's.
pub(crate) fn wait_until(what: &str, mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < TIMEOUT, "{what} did not come");
        std::thread::sleep(Duration::from_micros(50));
    }
}
