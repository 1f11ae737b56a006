//! What a miner works on.

use std::sync::Arc;

use bolao_ledger::{
    AccountId, Block, Coinbase, EXTRA_NONCE_BYTES, Header, Transaction, UnixSeconds, encode,
};
use bolao_work::Job;

/// A block that lacks nothing but its proof of work: the job for whoever searches, and the rest of the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The job to be searched. Its header has nonce 0 and is for the coinbase below.
    pub job: Job,
    /// The coinbase, its extra nonce all zero.
    pub coinbase: Coinbase,
    /// The transactions in an order that is valid.
    pub transactions: Arc<Vec<Transaction>>,
}

impl Template {
    /// The header with nonce 0, for the coinbase with an extra nonce of zeros.
    #[must_use]
    pub fn header(&self) -> Header {
        Header::from_bytes(&self.job.header)
    }

    /// The same block for another miner's account; costs a hash for each level of the Merkle tree.
    #[must_use]
    pub fn for_miner(&self, miner: AccountId) -> Self {
        let mut template = self.clone();
        template.coinbase.miner = miner;
        let job = &mut template.job;
        job.coinbase_prefix = coinbase_prefix(&template.coinbase);
        let root = job.merkle_root(&template.coinbase.extra_nonce);
        job.header[36..68].copy_from_slice(&root);
        template
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

/// The encoded coinbase up to the extra nonce, which is its end.
pub(crate) fn coinbase_prefix(coinbase: &Coinbase) -> Vec<u8> {
    let mut bytes = encode(coinbase);
    bytes.truncate(bytes.len().saturating_sub(EXTRA_NONCE_BYTES));
    bytes
}

/// A time as a header carries it.
pub(crate) fn header_time(time: UnixSeconds) -> u32 {
    u32::try_from(time.0).unwrap_or(u32::MAX)
}
