//! What a node may tune. No rule of the pool is among it.

use bolao_finality::Verified;
use bolao_ledger::{AccountId, BlockId, VerifyBatch, verify_batch};
use ed25519_zebra::SigningKey;

/// The key that a node votes with, and the account whose vote it is.
#[derive(Clone, Debug)]
pub struct VotingKey {
    /// The account whose vote it is: the blocks that it makes are this account's.
    pub account: AccountId,
    /// Signs the votes.
    pub key: SigningKey,
}

/// The key of a validator whose home has lost what it signed.
#[derive(Clone, Debug)]
pub struct Recalls {
    /// Signs what the node tells others who have lost what they signed, and no vote.
    pub key: SigningKey,
    /// Whether the home is a copy of minutes before it was lost.
    pub is_fresh: bool,
}

/// Bounds and times of a node.
#[derive(Clone, Debug)]
pub struct CoreConfig {
    /// The most transactions that wait.
    pub mempool_transactions: usize,
    /// The most bytes of transactions that wait.
    pub mempool_bytes: usize,
    /// The longest request that the network carries, in bytes. Longer blocks are announced instead of pushed.
    pub max_request_bytes: usize,
    /// The time between two questions for a peer's status while it or we change or differ, in milliseconds; twice as long after
    /// each time that nothing did.
    pub status_interval_ms: u64,
    /// The longest time between two of these questions, in milliseconds.
    pub status_interval_max_ms: u64,
    /// The time that a peer may take to answer, in milliseconds.
    pub request_timeout_ms: u64,
    /// The most requests that one peer has not answered. Below what the network allows.
    pub requests_per_peer: usize,
    /// The most requests that all peers together have not answered. Below what the network allows.
    pub requests_in_all: usize,
    /// The most headers of a branch that are held before it has more work than ours, beyond twice what our chain has above the
    /// fork.
    pub header_margin: usize,
    /// The depth below the tip down to which bodies of lost branches are kept, in blocks.
    pub keep_side_bodies: u64,
    /// The number of headers of other branches that are kept before those that are deep and have no more work than our chain go.
    pub keep_side_headers: u64,
    /// The number of bytes of players' deals for keepers that are kept before no more are taken.
    pub kept_bytes: u64,
    /// The time for which a transaction waits for one with a lower nonce, in milliseconds.
    pub gap_timeout_ms: u64,
    /// The time for which a round of [`crate::Input::SyncNow`] waits for the peers' statuses, in milliseconds.
    pub round_timeout_ms: u64,
    /// The most peers that new transactions and blocks are pushed to.
    pub push_peers: usize,
    /// The key that this node votes with, where validators make the blocks. Without it, or while it is in no set of validators,
    /// the node follows.
    pub validator: Option<VotingKey>,
    /// The key of a validator whose home has lost what it signed: the node follows, and asks the others for that.
    pub recalls: Option<Recalls>,
    /// The key of this node's that players deal shares of their openings to: the one that it votes with, or would.
    pub keeper: Option<SigningKey>,
    /// The time for which a validator that decides alone waits for its peers before it votes, after the start and after each
    /// block that it then gets, in milliseconds: its home may be an old copy, and voting then would sign a second history.
    pub hears_first_ms: u64,
    /// The time after the start for which a validator that decides alone votes on nothing in any case, in milliseconds: whoever listened
    /// to it may know of blocks that its disk has lost.
    pub hears_pages_ms: u64,
    /// The time after the start before which dates of lists prove nothing to a validator that decides alone, in milliseconds: players'
    /// nodes that it does not know may still connect.
    pub dates_after_ms: u64,
    /// The operator's word that the clock is right as it is at the start, where this node decides alone.
    pub trusts_clock: bool,
    /// A final block that an invitation names. Where validators vote, no history without it is taken.
    pub named: Option<BlockId>,
    /// The function that verifies the signatures of blocks.
    pub verify: VerifyBatch,
    /// Validators' signatures that were checked.
    pub verified: Verified,
    /// Whether a validator of a `hybrid` pool refuses blocks that came late. Tests show what it is for by doing without.
    pub refuses_late: bool,
    /// Whether it refuses branches without bets that it saw count in time.
    pub refuses_lacking: bool,
}

impl Default for CoreConfig {
    fn default() -> Self {
        Self {
            mempool_transactions: 10_000,
            mempool_bytes: 8_000_000,
            max_request_bytes: 64 * 1024,
            status_interval_ms: 2_000,
            status_interval_max_ms: 24 * 3_600_000,
            request_timeout_ms: 6_000,
            requests_per_peer: 7,
            requests_in_all: 60,
            header_margin: 20_000,
            keep_side_bodies: 1_000,
            keep_side_headers: 10_000,
            kept_bytes: 64 << 20,
            gap_timeout_ms: 600_000,
            round_timeout_ms: 5_000,
            push_peers: 64,
            validator: None,
            recalls: None,
            keeper: None,
            hears_first_ms: 0,
            hears_pages_ms: 0,
            dates_after_ms: 0,
            trusts_clock: false,
            named: None,
            verify: verify_batch,
            verified: Verified::default(),
            refuses_late: true,
            refuses_lacking: true,
        }
    }
}
