//! What a node may tune. No rule of the pool is among it.

use bolao_ledger::Height;

/// Bounds and times of a node.
#[derive(Clone, Debug)]
pub struct CoreConfig {
    /// The most transactions that wait.
    pub mempool_transactions: usize,
    /// The most bytes of transactions that wait.
    pub mempool_bytes: usize,
    /// The longest request that the network carries, in bytes. Longer blocks are announced instead of pushed.
    pub max_request_bytes: usize,
    /// How often a peer is asked for its status, in milliseconds.
    pub status_interval_ms: u64,
    /// How long a peer may take to answer, in milliseconds.
    pub request_timeout_ms: u64,
    /// How long a round of [`crate::Input::SyncNow`] waits for the peers' statuses, in milliseconds.
    pub round_timeout_ms: u64,
    /// The most peers that new transactions and blocks are pushed to.
    pub push_peers: usize,
    /// No block at or below this height is ever replaced: the seam for finality.
    pub finalised: Option<Height>,
}

impl Default for CoreConfig {
    fn default() -> Self {
        Self {
            mempool_transactions: 10_000,
            mempool_bytes: 8_000_000,
            max_request_bytes: 64 * 1024,
            status_interval_ms: 2_000,
            request_timeout_ms: 6_000,
            round_timeout_ms: 5_000,
            push_peers: 64,
            finalised: None,
        }
    }
}
