//! How a node is.

use std::{net::SocketAddr, time::Duration};

use bolao_ledger::{BlockHash, Height, UnixSeconds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a node is, apart from what its store knows.
#[derive(Clone, Debug)]
pub struct NodeStatus {
    /// The program's version, such as `0.1.0`.
    pub version: String,
    /// When the process started.
    pub started: UnixSeconds,
    /// How long ago that was, by a clock that is never set back.
    pub uptime: Duration,
    /// How far it has caught up.
    pub sync: SyncStatus,
    /// Whether and how fast it mines.
    pub mining: MiningStatus,
}

/// How far a node has caught up with its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncStatus {
    /// What it is doing.
    pub state: SyncState,
    /// The height of the best header known.
    #[schema(value_type = u64)]
    pub headers: Height,
    /// The height of the last block applied.
    #[schema(value_type = u64)]
    pub blocks: Height,
    /// The height of the best tip that a peer has reported.
    #[schema(value_type = u64)]
    pub target: Height,
}

/// What a node that catches up is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SyncState {
    /// Nobody is connected, so nobody can be asked.
    Alone,
    /// Fetching headers.
    Headers,
    /// Fetching and applying blocks.
    Blocks,
    /// As far as the best peer.
    Synced,
}

/// Whether and how fast a node mines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MiningStatus {
    /// When it looks for blocks.
    pub mode: MiningMode,
    /// Whether it is looking for one now.
    pub active: bool,
    /// Hashes a second, lately.
    pub hashes_per_second: u64,
    /// Threads used when it mines.
    pub threads: usize,
}

/// When a node looks for blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MiningMode {
    /// When somebody calls mine.
    Manual,
    /// Whenever transactions wait.
    Pending,
    /// Always.
    Always,
}

/// A connected peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerView {
    /// Its identity, in base 58.
    pub id: String,
    /// The UDP address at the other end.
    pub address: SocketAddr,
    /// Whether this node dialled.
    pub outbound: bool,
    /// How long it has been connected.
    pub connected_for: Duration,
    /// What it calls itself: printable, at most 64 characters, otherwise unchecked.
    pub agent: String,
    /// The tip that it last reported.
    pub tip: Option<(BlockHash, Height)>,
}
