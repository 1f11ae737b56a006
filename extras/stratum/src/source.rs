//! What a node gives to the server.

use async_trait::async_trait;
use bolao_node::Change;
use bolao_work::Job;
use tokio::sync::watch;

use crate::{difficulty::Difficulty, reject::Reject};

/// A node, as far as a Stratum server needs one.
#[async_trait]
pub trait JobSource: Send + Sync + 'static {
    /// The data that the node needs to make a block of a header that was found: its own template of the block, most
    /// likely behind an `Arc`. Each connection keeps up to
    /// [`StratumConfig::jobs`](crate::StratumConfig::jobs) of them.
    type Block: Clone + Send + Sync + 'static;

    /// Gives the job that this worker is to mine now, and what the node needs to make a block of it. The name is what the miner
    /// was given as user name, up to a hundred bytes without control characters; the node says which it accepts, and
    /// [`Reject::Unauthorized`] of another.
    ///
    /// It is asked by every connection for every new block and every
    /// [`StratumConfig::refresh`](crate::StratumConfig::refresh): answer from memory.
    async fn job(&self, worker: &str) -> Result<(Job, Self::Block), Reject>;

    /// Changes when jobs are out of date: once [`JobSource::job`] gives the new ones, which miners have within
    /// [`StratumConfig::refresh_min`](crate::StratumConfig::refresh_min). The
    /// connections end when the sender is dropped.
    fn changes(&self) -> watch::Receiver<Change>;

    /// A header that meets its block's target, with the extra nonce with which the coinbase ends. [`Reject::Stale`] says
    /// that another block has taken its place.
    async fn submit(&self, worker: &str, found: Found<Self::Block>) -> Result<(), Reject>;

    /// Called for every share that counts, for whoever shows hash rates.
    fn share(&self, _worker: &str, _difficulty: Difficulty) {}
}

/// A block that a miner found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<B> {
    /// The data that the node gave with the job that it solves.
    pub block: B,
    /// The header, which meets the target.
    pub header: [u8; 80],
    /// The last 16 bytes of the coinbase in the header's Merkle root.
    pub extra_nonce: [u8; 16],
}
