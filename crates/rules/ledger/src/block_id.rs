//! A block by its height and hash.

use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize, io};
use serde::{Deserialize, Serialize};

use crate::{hashes::BlockHash, units::Height};

/// A block, by its height and its hash.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlockId {
    /// Its height.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub height: Height,
    /// Its hash.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub hash: BlockHash,
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} at height {}", self.hash, self.height)
    }
}

impl BlockId {
    /// The bytes that [`Self::read_hash_first`] reads: those of tips and of the status of a node.
    pub fn write_hash_first<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        BorshSerialize::serialize(&(self.hash, self.height), writer)
    }

    /// Of the hash, and the height behind it.
    pub fn read_hash_first<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let (hash, height) = BorshDeserialize::deserialize_reader(reader)?;
        Ok(Self { height, hash })
    }
}
