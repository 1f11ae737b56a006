//! The block header: Bitcoin's own 80 bytes.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    codec::decode,
    hashes::{BlockHash, sha256d},
    pow::{CompactTarget, Target, Work},
    units::UnixSeconds,
};

/// The length of a header, in bytes.
pub const HEADER_BYTES: usize = 80;

/// Bitcoin's header: 80 bytes, numbers little-endian, identified by its double SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Header {
    /// 1 in ours. Miners may vary it; no rule reads it.
    pub version: i32,
    /// The block that this one builds upon.
    pub previous: BlockHash,
    /// Commitment to the body.
    pub merkle_root: [u8; 32],
    /// Unix seconds, as the miner says.
    pub time: u32,
    /// The target in compact form (nBits).
    pub bits: u32,
    /// The nonce: the number that miners vary.
    pub nonce: u32,
}

impl Header {
    /// Reads the 80 bytes; any 80 bytes are a header.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Self {
        decode(bytes).expect("every 80 bytes are a header")
    }

    /// The 80 bytes that are hashed.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        borsh::to_writer(bytes.as_mut_slice(), &self).expect("a header is 80 bytes long");
        bytes
    }

    /// The block's identity: the double SHA-256 of the 80 bytes.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        BlockHash(sha256d(&self.to_bytes()))
    }

    /// The miner's time.
    #[must_use]
    pub fn time(&self) -> UnixSeconds {
        UnixSeconds(self.time.into())
    }

    /// The compact target.
    #[must_use]
    pub const fn bits(&self) -> CompactTarget {
        CompactTarget::from_consensus(self.bits)
    }

    /// The same header with another nonce.
    #[must_use]
    pub const fn with_nonce(mut self, nonce: u32) -> Self {
        self.nonce = nonce;
        self
    }

    /// The target that the bits stand for.
    #[must_use]
    pub fn target(&self) -> Target {
        Target::from_compact(self.bits())
    }

    /// The expected number of hashes for this header's target.
    #[must_use]
    pub fn work(&self) -> Work {
        self.target().to_work()
    }

    /// Whether the hash is at or below the header's own target. Whether that target is the required one is the
    /// chain's question.
    #[must_use]
    pub fn meets_own_target(&self) -> bool {
        self.target().is_met_by(self.hash())
    }
}
