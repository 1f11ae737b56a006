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
use bolao_ledger::AccountId;
use bolao_wallet::Key;
use serde_json::Value;
use tokio::time::timeout;

use super::child::Process;
use crate::{
    source::{Client, as_view},
    view::Status,
};

/// How long one look at a node may take.
const HELLO: Duration = Duration::from_secs(2);
/// How long mining one block on request may take.
const MINING: Duration = Duration::from_secs(30);

/// What others see of a node: enough to look at it and to talk to it.
#[derive(Clone, Debug)]
pub(super) struct Face {
    /// 1 for the first.
    pub(super) no: usize,
    pub(super) owner: &'static str,
    pub(super) account: AccountId,
    pub(super) port: u16,
    pub(super) mines: bool,
    pub(super) client: Client,
    pub(super) up: Arc<AtomicBool>,
}

impl Face {
    /// Whether its process is meant to run.
    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// How it is.
    pub(super) async fn status(&self) -> anyhow::Result<Status> {
        let answer = timeout(HELLO, self.client.get("/api/v1/status")).await;
        as_view(answer.with_context(|| format!("node {} takes too long to answer", self.no))??)
    }

    /// Has it find one block now.
    pub(super) async fn mine(&self) -> anyhow::Result<()> {
        self.client.command("/api/v1/mine", MINING).await?;
        Ok(())
    }
}

/// One node.
#[derive(Debug)]
pub(super) struct DemoNode {
    pub(super) face: Face,
    pub(super) key: Key,
    pub(super) home: PathBuf,
    pub(super) log: PathBuf,
    pub(super) process: Option<Process>,
}

/// Whether something answers `{}` at `/`, as nodes and seed servers do.
pub(super) async fn is_there(client: &Client) -> bool {
    let answer = timeout(HELLO, client.get("/")).await;
    matches!(answer, Ok(Ok(Value::Object(fields))) if fields.is_empty())
}
