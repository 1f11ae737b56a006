//! What a miner works on.

use std::sync::Arc;

use bolao_ledger::{
    AccountId, Block, Coinbase, EXTRA_NONCE_BYTES, Header, HeaderFields, Height, Transaction,
    UnixSeconds, encode, sha256d,
};

/// A block that lacks nothing but its proof of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The block's height.
    pub height: Height,
    /// The header with nonce 0, for the coinbase below.
    pub header: Header,
    /// The coinbase, its extra nonce all zero.
    pub coinbase: Coinbase,
    /// The transactions in an order that is valid.
    pub transactions: Arc<Vec<Transaction>>,
    /// The siblings of the coinbase up to the Merkle root, lowest first.
    pub merkle_branch: Vec<[u8; 32]>,
    /// The greatest hash allowed, a 256-bit number in little-endian bytes.
    pub target: [u8; 32],
    /// The earliest time that the header may carry.
    pub min_time: UnixSeconds,
    /// The latest time that the header may carry: nodes accept it now, and the transactions do then what they do at the
    /// header's time.
    pub max_time: UnixSeconds,
    /// From when on the transactions would do something else or not apply: the first of the deadlines that they keep.
    pub changes_at: Option<UnixSeconds>,
}

impl Template {
    /// What the header is to carry once so many seconds have passed.
    #[must_use]
    pub fn time_after(&self, seconds: u64) -> UnixSeconds {
        self.later(self.header.time(), seconds)
    }

    /// The latest time that the header may carry once so many seconds have passed.
    #[must_use]
    pub fn max_time_after(&self, seconds: u64) -> UnixSeconds {
        self.later(self.max_time, seconds)
    }

    fn later(&self, time: UnixSeconds, seconds: u64) -> UnixSeconds {
        let later = UnixSeconds(time.0.saturating_add(seconds));
        last_before(self.changes_at).map_or(later, |last| later.min(last))
    }

    /// The encoded coinbase up to the extra nonce, which is its end.
    #[must_use]
    pub fn coinbase_prefix(&self) -> Vec<u8> {
        let mut bytes = encode(&self.coinbase);
        bytes.truncate(bytes.len().saturating_sub(EXTRA_NONCE_BYTES));
        bytes
    }

    /// The same block for another miner's account; costs a hash for each level of the Merkle tree.
    #[must_use]
    pub fn for_miner(&self, miner: AccountId) -> Self {
        let coinbase = Coinbase {
            miner,
            ..self.coinbase.clone()
        };
        let root = self
            .merkle_branch
            .iter()
            .fold(coinbase.witness_id().0, |left, right| {
                sha256d([left, *right].as_flattened())
            });
        let header = Header::new(HeaderFields {
            previous: self.header.previous(),
            merkle_root: root,
            time: u32::try_from(self.header.time().0).unwrap_or(u32::MAX),
            bits: self.header.bits().to_consensus(),
            nonce: 0,
        });
        Self {
            header,
            coinbase,
            ..self.clone()
        }
    }

    /// The block with the header and the extra nonce that a miner found.
    #[must_use]
    pub fn block(&self, header: Header, extra_nonce: [u8; EXTRA_NONCE_BYTES]) -> Block {
        Block {
            header,
            coinbase: Coinbase {
                extra_nonce,
                ..self.coinbase.clone()
            },
            transactions: self.transactions.to_vec(),
        }
    }
}

/// The last second before a time.
pub(crate) fn last_before(changes_at: Option<UnixSeconds>) -> Option<UnixSeconds> {
    changes_at.map(|at| UnixSeconds(at.0.saturating_sub(1)))
}
