//! What the miner is asked and what it answers.

use std::{fmt, sync::Arc};

use crate::hash::double_sha256;

/// Gives the time of the chain's clock in unix seconds, for headers.
pub type Clock = Arc<dyn Fn() -> u32 + Send + Sync>;

/// A block's header with the parts that the miner varies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Bitcoin's 80 bytes: version, previous hash, Merkle root (36..68), time (68..72), compact
    /// target, nonce (76..80), integers little-endian. The miner overwrites Merkle root and
    /// nonce, and moves the time forward from the one given here.
    pub header: [u8; 80],
    /// The greatest hash that is good enough: a 256-bit integer, little-endian.
    pub target: [u8; 32],
    /// The coinbase without the 16 bytes of extra nonce with which it ends.
    pub coinbase_prefix: Vec<u8>,
    /// The sibling hashes from the coinbase, leaf 0, up to the Merkle root.
    pub merkle_branch: Vec<[u8; 32]>,
    /// The last time that the header may carry, in unix seconds. One that is not after the
    /// header's own time keeps that time.
    pub max_time: u32,
}

impl Template {
    /// The time with which the search starts, in unix seconds.
    pub fn time(&self) -> u32 {
        let [a, b, c, d] = *self.time_bytes();
        u32::from_le_bytes([a, b, c, d])
    }

    fn time_bytes(&self) -> &[u8; 4] {
        self.header[68..].first_chunk().expect("12 bytes follow 68")
    }

    /// The Merkle root of the block whose coinbase ends in `extra_nonce`.
    pub fn merkle_root(&self, extra_nonce: &[u8; 16]) -> [u8; 32] {
        let coinbase = [self.coinbase_prefix.as_slice(), extra_nonce].concat();
        let leaf = double_sha256(&coinbase);
        self.merkle_branch.iter().fold(leaf, |left, right| {
            double_sha256([left, *right].as_flattened())
        })
    }

    /// The header with this extra nonce, time (unix seconds) and nonce.
    pub fn header_with(&self, extra_nonce: &[u8; 16], time: u32, nonce: u32) -> [u8; 80] {
        let mut header = self.header;
        header[36..68].copy_from_slice(&self.merkle_root(extra_nonce));
        header[68..72].copy_from_slice(&time.to_le_bytes());
        header[76..].copy_from_slice(&nonce.to_le_bytes());
        header
    }
}

/// A template under a name.
#[derive(Clone)]
pub struct Work {
    /// The caller's name for this work. One id is solved once.
    pub id: u64,
    /// What to search.
    pub template: Template,
    /// Moves the header's time forward every few seconds, and each time a thread has spent its
    /// nonces. Without it the time stays the template's until the extra nonces are spent too.
    pub clock: Option<Clock>,
}

impl Work {
    /// Work whose time is the template's.
    pub fn new(id: u64, template: Template) -> Self {
        Self {
            id,
            template,
            clock: None,
        }
    }

    /// The same work with a clock.
    pub fn with_clock(self, clock: Clock) -> Self {
        Self {
            clock: Some(clock),
            ..self
        }
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work")
            .field("id", &self.id)
            .field("template", &self.template)
            .field("clock", &self.clock.is_some())
            .finish()
    }
}

/// A header that meets its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The id of the work that it solves.
    pub work_id: u64,
    /// The whole header.
    pub header: [u8; 80],
    /// The last 16 bytes of the coinbase whose hash is in the header's Merkle root.
    pub extra_nonce: [u8; 16],
    /// The header's double SHA-256, in the order in which the function gives its bytes.
    pub hash: [u8; 32],
}
