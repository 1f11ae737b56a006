//! The block header: Bitcoin's own 80 bytes.

use std::fmt;

use bitcoin::{
    CompactTarget, Target, TxMerkleNode, Work,
    block::{self, Version},
    consensus,
    hashes::Hash as _,
};
use borsh::{BorshDeserialize, BorshSerialize, io};

use crate::{hashes::BlockHash, units::UnixSeconds};

/// The length of a header, in bytes.
pub const HEADER_BYTES: usize = 80;

/// Bitcoin's header: version, previous hash, Merkle root, time, compact target, nonce; little-endian, 80 bytes,
/// identified by its double SHA-256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Header(block::Header);

/// What a header is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderFields {
    /// The block that this one builds upon.
    pub previous: BlockHash,
    /// Commitment to the body.
    pub merkle_root: [u8; 32],
    /// Unix seconds, as the miner says.
    pub time: u32,
    /// The target in compact form (nBits).
    pub bits: u32,
    /// What miners vary.
    pub nonce: u32,
}

impl Header {
    /// A header of version 1.
    #[must_use]
    pub fn new(fields: HeaderFields) -> Self {
        Self(block::Header {
            version: Version::ONE,
            prev_blockhash: bitcoin::BlockHash::from_byte_array(fields.previous.0),
            merkle_root: TxMerkleNode::from_byte_array(fields.merkle_root),
            time: fields.time,
            bits: CompactTarget::from_consensus(fields.bits),
            nonce: fields.nonce,
        })
    }

    /// Reads the 80 bytes; any 80 bytes are a header.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; HEADER_BYTES]) -> Self {
        Self(consensus::deserialize(bytes).expect("every 80 bytes are a header"))
    }

    /// The 80 bytes that are hashed.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        consensus::Encodable::consensus_encode(&self.0, &mut bytes.as_mut_slice())
            .expect("a header is 80 bytes long");
        bytes
    }

    /// The block's identity: the double SHA-256 of the 80 bytes.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        BlockHash(self.0.block_hash().to_byte_array())
    }

    /// The block that this one builds upon.
    #[must_use]
    pub fn previous(&self) -> BlockHash {
        BlockHash(self.0.prev_blockhash.to_byte_array())
    }

    /// Commitment to the body.
    #[must_use]
    pub fn merkle_root(&self) -> [u8; 32] {
        self.0.merkle_root.to_byte_array()
    }

    /// The miner's time.
    #[must_use]
    pub fn time(&self) -> UnixSeconds {
        UnixSeconds(self.0.time.into())
    }

    /// The version field, which miners may roll; no rule reads it.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.0.version.to_consensus()
    }

    /// The compact target.
    #[must_use]
    pub fn bits(&self) -> CompactTarget {
        self.0.bits
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> u32 {
        self.0.nonce
    }

    /// The same header with another nonce.
    #[must_use]
    pub fn with_nonce(mut self, nonce: u32) -> Self {
        self.0.nonce = nonce;
        self
    }

    /// The target that the bits stand for.
    #[must_use]
    pub fn target(&self) -> Target {
        self.0.target()
    }

    /// The expected number of hashes for this header's target.
    #[must_use]
    pub fn work(&self) -> Work {
        self.0.work()
    }

    /// Whether the hash is at or below the header's own target. Whether that target is the required one is the
    /// chain's question.
    #[must_use]
    pub fn meets_own_target(&self) -> bool {
        self.0.validate_pow(self.0.target()).is_ok()
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl BorshSerialize for Header {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.to_bytes())
    }
}

impl BorshDeserialize for Header {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let mut bytes = [0; HEADER_BYTES];
        reader.read_exact(&mut bytes)?;
        Ok(Self::from_bytes(&bytes))
    }
}
