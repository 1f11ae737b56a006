//! A node of the demo: its process, its home, and how others talk to it.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use bolao_api::body::StatusBody;
use bolao_client::{Client, as_view};
use bolao_node::Home;
use bolao_wallet::{Key, WalletFile};
use serde_json::Value;
use tokio::time::timeout;

use crate::process::Process;

/// The most time that one look at a node may take.
const HELLO: Duration = Duration::from_secs(2);

/// One node. Cheap to clone; all clones are of the same process.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// 1 for the first.
    pub(crate) no: usize,
    pub(crate) owner: &'static str,
    pub(crate) port: u16,
    pub(crate) key: Key,
    pub(crate) client: Client,
    pub(crate) home: PathBuf,
    process: Arc<Mutex<Option<Process>>>,
}

impl Node {
    /// The node of a home that has a wallet; it does not run yet.
    pub(crate) fn of(
        no: usize,
        owner: &'static str,
        home: &Home,
        port: u16,
    ) -> anyhow::Result<Self> {
        let client = Client::new(&format!("http://127.0.0.1:{port}"))?;
        Ok(Self {
            no,
            owner,
            port,
            key: WalletFile::open(home.wallet_path(), "")?.player(),
            client: client.with_token(home.token()?),
            home: home.dir().to_owned(),
            process: Arc::default(),
        })
    }

    /// Its process, while it is meant to run.
    pub(crate) fn process(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its process is meant to run.
    pub(crate) fn is_up(&self) -> bool {
        self.process().is_some()
    }

    /// Gives the node's status, as its API tells it.
    pub(crate) async fn status(&self) -> anyhow::Result<StatusBody> {
        let answer = timeout(HELLO, self.client.get("/api/v1/status")).await;
        as_view(answer.with_context(|| format!("node {} takes too long to answer", self.no))??)
    }
}

/// Whether something answers `{}` at `/`, as nodes and seed servers do.
pub(crate) async fn is_there(client: &Client) -> bool {
    let answer = timeout(HELLO, client.get("/")).await;
    matches!(answer, Ok(Ok(Value::Object(fields))) if fields.is_empty())
}
