//! A node's jobs for standard miners.

use std::sync::Arc;

use async_trait::async_trait;
use bolao_api::NodeError;
use bolao_chain::Template;
use bolao_node::{Change, OutsideWork, ServeMiners, WorkError};
use bolao_work::Job;
use tokio::sync::watch;

use crate::{
    config::StratumConfig,
    reject::Reject,
    server::serve,
    source::{Found, JobSource},
};

/// The server that a node is given for standard miners.
#[must_use]
pub fn server() -> ServeMiners {
    ServeMiners::new(|listener, work, stop| {
        let stopped = stop.cancelled_owned();
        Box::pin(serve(listener, work, StratumConfig::default(), stopped))
    })
}

#[async_trait]
impl JobSource for OutsideWork {
    type Block = Arc<Template>;

    async fn job(&self, worker: &str) -> Result<(Job, Self::Block), Reject> {
        self.job(worker).await.map_err(|error| match error {
            WorkError::NobodysName => Reject::Unauthorized(error.to_string()),
            error => Reject::no_work(error),
        })
    }

    fn changes(&self) -> watch::Receiver<Change> {
        self.changes()
    }

    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), Reject> {
        let taking = self.submit(worker, &found.block, &found.header, found.extra_nonce);
        taking.await.map_err(|error| match error {
            WorkError::Node(NodeError::Stale) => Reject::Stale("the chain has moved on".into()),
            WorkError::Waits | WorkError::Node(NodeError::Busy | NodeError::Stopped) => {
                Reject::not_taken(error)
            }
            error => Reject::Other(format!("the block was rejected: {error}")),
        })
    }
}
