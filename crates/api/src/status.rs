//! How a node is.

use std::time::Duration;

use bolao_ledger::{Height, UnixSeconds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::v1::game::clock;

/// How a node is, apart from what its store knows.
#[derive(Clone, Debug)]
pub struct NodeStatus {
    /// When the process started.
    pub started: UnixSeconds,
    /// How long ago that was, by a clock that is never set back.
    pub uptime: Duration,
    /// How far it has caught up.
    pub sync: SyncStatus,
    /// Whether and how fast it mines.
    pub mining: MiningStatus,
}

impl NodeStatus {
    /// That of a node that does not run, whose store ends at a height.
    pub(crate) fn stopped(height: Height) -> Self {
        Self {
            started: clock(),
            uptime: Duration::ZERO,
            sync: SyncStatus {
                state: SyncState::Alone,
                headers: height,
                blocks: height,
                target: height,
                clock_ahead_s: None,
            },
            mining: MiningStatus {
                mode: MiningMode::Manual,
                active: false,
                hashes_per_second: 0,
                threads: 0,
            },
        }
    }
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
    /// How many seconds this machine's clock is ahead of most peers' clocks, or behind if negative; only if it is more than
    /// a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead_s: Option<i64>,
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
    /// A peer has blocks for which it is too early by this machine's clock.
    HeldBack,
    /// No peer has the final block that this home's invitation names.
    NamedMissing,
    /// Every peer whose chain is so long has another block where this home's invitation names one.
    NamedElsewhere,
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
