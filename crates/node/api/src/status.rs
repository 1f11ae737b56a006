//! How a node is.

use std::time::Duration;

use bolao_chain::ClockDoubt;
use bolao_ledger::{Height, UnixSeconds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{body::OwnVote, v1::game::clock};

/// The status of a node, apart from what its store knows.
#[derive(Clone, Debug)]
pub struct NodeStatus {
    /// The time at which the process started.
    pub started: UnixSeconds,
    /// The time since then, by a clock that is never set back.
    pub uptime: Duration,
    /// The node's progress in catching up.
    pub sync: SyncStatus,
    /// The node's mining, and its rate.
    pub mining: MiningStatus,
    /// The state of its own vote that the owner of its home is to know, if it is one.
    pub own_vote: Option<OwnVote>,
}

impl NodeStatus {
    /// Status of a node that does not run, whose store ends at a height.
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
                clock_agrees: false,
                clock_doubt: None,
            },
            mining: MiningStatus {
                mode: MiningMode::Manual,
                active: false,
                hashes_per_second: 0,
                threads: 0,
            },
            own_vote: None,
        }
    }
}

/// The progress of a node in catching up with its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SyncStatus {
    /// The step that the node is at.
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
    /// Seconds by which this machine's clock is ahead of most peers' clocks, or behind if negative; only if it is more than
    /// a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead_s: Option<i64>,
    /// True if validators besides this node are heard by whom the rules go, and this machine's clock agrees with theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clock_agrees: bool,
    /// The doubt about this machine's clock, for which this node, which alone decides on blocks, makes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_doubt: Option<ClockDoubt>,
}

/// A step of a node that catches up.
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

/// The mining of a node, and its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MiningStatus {
    /// The mode in which it looks for blocks.
    pub mode: MiningMode,
    /// True while it looks for a block.
    pub active: bool,
    /// Hashes a second, lately.
    pub hashes_per_second: u64,
    /// Threads used when it mines.
    pub threads: usize,
}

/// A mode of mining: the times at which a node looks for blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MiningMode {
    /// When `/mine` is called.
    Manual,
    /// When transactions are waiting.
    Pending,
    /// Always.
    Always,
}
