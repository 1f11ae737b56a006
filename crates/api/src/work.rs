//! Work for miners outside the node.

use bolao_ledger::{AccountId, Height, Reason};

/// What a miner is to search: a block that lacks nothing but its proof of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiningJob {
    /// Names it to [`crate::Backend::hand_in`].
    pub id: String,
    /// Who is named in the coinbase.
    pub account: AccountId,
    /// The block's height.
    pub height: Height,
    /// The header's 80 bytes, with nonce 0 and for an extra nonce of zeros.
    pub header: [u8; 80],
    /// The greatest hash that is good enough: a 256-bit integer, little-endian.
    pub target: [u8; 32],
    /// The coinbase without the 16 bytes of extra nonce with which it ends.
    pub coinbase_prefix: Vec<u8>,
    /// The siblings of the coinbase up to the Merkle root, lowest first.
    pub merkle_branch: Vec<[u8; 32]>,
    /// The earliest time that the header may carry, in unix seconds.
    pub min_time: u32,
    /// The latest time that the header may carry now, in unix seconds.
    pub max_time: u32,
    /// How many transactions the block holds.
    pub transactions: usize,
    /// Whether the pool has use for the block: transactions wait, or a kick-off is to be closed.
    pub wanted: bool,
}

/// What a miner found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundWork {
    /// The [`MiningJob::id`].
    pub template: String,
    /// The last bytes of the coinbase.
    pub extra_nonce: [u8; 16],
    /// The header's time, in unix seconds.
    pub time: u32,
    /// The header's nonce.
    pub nonce: u32,
}

/// Why what a miner found became no block.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkError {
    /// The id is none of a node's making.
    #[error(
        "`template` is no template's id: give the `id` of an answer of /api/v1/mining/template"
    )]
    NoTemplate,
    /// The template is not kept any more: the chain has gone on, or the node was started anew.
    #[error("the template is out of date: the chain has gone on, take the next template")]
    Stale,
    /// The time is none that the header may carry.
    #[error("got `time` {got}, wanted one from {min} to {max}, in unix seconds")]
    BadTime {
        /// The one given.
        got: u32,
        /// The earliest.
        min: u64,
        /// The latest.
        max: u64,
    },
    /// Against the rules.
    #[error("{message}")]
    Rejected {
        /// The stable code.
        reason: Reason,
        /// A sentence for people.
        message: String,
    },
    /// The core's queue was full, for what was found as long as the node lets it wait.
    #[error("the node is busy: try again in a moment")]
    Busy,
    /// The node is shutting down or has failed.
    #[error("the node is stopping")]
    Stopped,
}
