//! What the API needs of a node.

use std::time::Duration;

use async_trait::async_trait;
use bolao_discovery::Discovery;
use bolao_ledger::{
    AccountId, Block, BlockHash, Chips, MatchNo, Name, Reason, Score, Transaction, TxId,
};
use bolao_store::Reader;
use tokio::sync::broadcast;
use url::Url;

use crate::{EventText, FoundWork, MiningJob, NodeStatus, PeerView, WorkError};

/// A running node, seen from the API.
///
/// The API bounds what it passes on: bodies are decoded and within its size limits, and at most
/// a bounded number of calls waits at once. It drops a call whose caller has gone, so every
/// method must be safe to cancel.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// The chain on disk. Reads go to its snapshots and never wait for the core.
    fn reader(&self) -> &Reader;

    /// Checks a signed transaction against the tip and the mempool, keeps it and spreads it.
    async fn submit(&self, transaction: Transaction) -> Result<TxId, SubmitError>;

    /// Finds one block now, with whatever waits; returns once the peers have it or a bounded
    /// time has passed.
    async fn mine(&self) -> Result<BlockHash, MineError>;

    /// What an account is to mine now. Where it is the job that the miner has, waits for the next one, `patience` at
    /// most.
    async fn mining_job(
        &self,
        account: AccountId,
        known: Option<&str>,
        patience: Duration,
    ) -> Result<MiningJob, WorkError>;

    /// Takes what a miner found for a job. The same solution again gives the same block as long as that is on the chain.
    /// It waits for room in the core's queue, some seconds at most, and goes on when its caller has gone.
    async fn hand_in(&self, found: FoundWork) -> Result<BlockHash, WorkError>;

    /// Takes a block after full validation.
    async fn receive_block(&self, block: Block) -> Result<(), SubmitError>;

    /// Asks the peers for a chain with more work; true: this chain has been replaced.
    async fn consensus(&self) -> Result<bool, ConsensusError>;

    /// Bets under a name with a key of this node's wallet, which joins on first use.
    async fn classic_bet(&self, bet: ClassicBet) -> Result<TxId, ClassicBetError>;

    /// Adds a node by URL, and dials it; with `spread`, each learns of all the others. An error
    /// leaves the registered nodes as they were.
    async fn register_node(&self, url: Url, spread: bool) -> Result<(), RegisterError>;

    /// Adds several nodes by URL, and dials them soon; those known already are left as they are. An
    /// error adds none of them.
    async fn register_nodes(&self, urls: Vec<Url>) -> Result<(), RegisterError>;

    /// The registered nodes, such as `http://localhost:9001`, in the order of registration.
    fn network_nodes(&self) -> Vec<String>;

    /// This node as others register it, such as `http://localhost:9000`.
    fn own_url(&self) -> String;

    /// The node article's known nodes and the checks behind `/nodes/`.
    fn discovery(&self) -> &Discovery;

    /// The connected peers.
    fn peers(&self) -> Vec<PeerView>;

    /// How the node is.
    fn status(&self) -> NodeStatus;

    /// What happens from now on. A receiver that is too slow loses the oldest events.
    /// Each is written once, for all who listen.
    fn events(&self) -> broadcast::Receiver<EventText>;

    /// The local user's secret, which state-changing calls without a signature must carry.
    fn token(&self) -> &str;
}

/// A bet by name, as the betting article's page sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicBet {
    /// Who bets.
    pub name: Name,
    /// On which match.
    pub match_no: MatchNo,
    /// The prediction.
    pub score: Score,
    /// Chips put on it.
    pub stake: Chips,
}

/// Why a transaction or block was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// Against the rules.
    #[error("{message}")]
    Rejected {
        /// The stable code.
        reason: Reason,
        /// A sentence for people.
        message: String,
    },
    /// The core's queue is full; the same call may succeed a moment later.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping")]
    Stopped,
}

/// Why no block was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MineError {
    /// None within the time that one call may take.
    #[error("no block was found within {seconds} s: try again")]
    Timeout {
        /// How long was searched, in seconds.
        seconds: u64,
    },
    /// Other calls are mining already, or the core's queue is full.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping")]
    Stopped,
    /// The block that was found was not taken.
    #[error("{message}")]
    Rejected {
        /// The stable code.
        reason: Reason,
        /// A sentence for people.
        message: String,
    },
}

/// Why the peers could not be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsensusError {
    /// The core's queue is full.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping")]
    Stopped,
}

/// Why a bet by name was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClassicBetError {
    /// The name belongs to a key that this node's wallet does not hold.
    #[error(
        "the name `{name}` belongs to a player whose key is in another wallet: bet on the node \
         where `{name}` first bet, or choose another name"
    )]
    NameTaken {
        /// The name asked for.
        name: Name,
    },
    /// Against the rules.
    #[error("{message}")]
    Rejected {
        /// The stable code.
        reason: Reason,
        /// A sentence for people.
        message: String,
    },
    /// The core's queue is full.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping")]
    Stopped,
    /// The wallet keeps no more keys.
    #[error(
        "this node's wallet keeps keys for as many names as it may: bet under one of them, or through another node"
    )]
    TooManyNames,
    /// The wallet could not be used.
    #[error("the node's wallet cannot sign: {message}")]
    Wallet {
        /// What is wrong with it.
        message: String,
    },
}

/// Why a node was not registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The URL names no node that can be dialled.
    #[error("got `{url}`, wanted a node's URL such as http://localhost:9001: {reason}")]
    Unusable {
        /// The URL given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The list is full.
    #[error("{limit} nodes are registered already, which is the most that a node keeps")]
    Full {
        /// The most that are kept.
        limit: usize,
    },
    /// The core's queue is full.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping")]
    Stopped,
}
