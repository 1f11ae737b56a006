//! The last block of a chain.

use std::ops::Deref;

use bolao_ledger::{BlockId, UnixSeconds, Work};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::{checked::CheckedHeader, rank::Rank};

/// The last block of a chain, as stores and exports keep it. It is read as a [`BlockId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Tip {
    /// The block; at genesis its hash is the pool's id.
    #[borsh(
        serialize_with = "BlockId::write_hash_first",
        deserialize_with = "BlockId::read_hash_first"
    )]
    pub block: BlockId,
    /// Work of the whole chain, genesis included as the writer counted it.
    #[borsh(serialize_with = "Work::write_le", deserialize_with = "Work::read_le")]
    pub work: Work,
    /// The block's own time.
    pub time: UnixSeconds,
}

impl From<&CheckedHeader> for Tip {
    fn from(header: &CheckedHeader) -> Self {
        Self {
            block: header.block,
            work: header.work,
            time: header.header.time(),
        }
    }
}

impl Deref for Tip {
    type Target = BlockId;

    fn deref(&self) -> &BlockId {
        &self.block
    }
}

impl Tip {
    /// The rank of the chain: its work, and the hash of its tip.
    #[must_use]
    pub const fn rank(&self) -> Rank {
        Rank::new(self.work, self.block.hash)
    }
}
