//! A node of the demo, and what others see of it.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use bolao_api::body::StatusBody;
use bolao_client::{Client, as_view};
use bolao_ledger::AccountId;
use bolao_wallet::Key;
use serde_json::Value;
use tokio::time::timeout;

use crate::process::Process;

/// How long one look at a node may take.
const HELLO: Duration = Duration::from_secs(2);
/// How long mining one block on request may take.
const MINING: Duration = Duration::from_secs(30);

/// What others see of a node: enough to look at it and to talk to it.
#[derive(Clone, Debug)]
pub(crate) struct NodeInfo {
    /// 1 for the first.
    pub(crate) no: usize,
    pub(crate) owner: &'static str,
    pub(crate) account: AccountId,
    pub(crate) port: u16,
    pub(crate) mines: bool,
    pub(crate) client: Client,
    pub(crate) up: Arc<AtomicBool>,
}

impl NodeInfo {
    /// Whether its process is meant to run.
    pub(crate) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// How it is.
    pub(crate) async fn status(&self) -> anyhow::Result<StatusBody> {
        let answer = timeout(HELLO, self.client.get("/api/v1/status")).await;
        as_view(answer.with_context(|| format!("node {} takes too long to answer", self.no))??)
    }

    /// Has it find one block now.
    pub(crate) async fn mine(&self) -> anyhow::Result<()> {
        self.client.command("/api/v1/mine", MINING).await?;
        Ok(())
    }
}

/// One node.
#[derive(Debug)]
pub(crate) struct DemoNode {
    pub(crate) info: NodeInfo,
    pub(crate) key: Key,
    pub(crate) home: PathBuf,
    pub(crate) log: PathBuf,
    pub(crate) process: Option<Process>,
}

/// Whether something answers `{}` at `/`, as nodes and seed servers do.
pub(crate) async fn is_there(client: &Client) -> bool {
    let answer = timeout(HELLO, client.get("/")).await;
    matches!(answer, Ok(Ok(Value::Object(fields))) if fields.is_empty())
}
