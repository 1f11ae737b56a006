//! Work for miners outside the node.

use bolao_ledger::{AccountId, Height};

/// What a miner is to search: a block that lacks nothing but its proof of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MiningJob {
    /// Names it to [`crate::ActOnNode::hand_in`].
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
