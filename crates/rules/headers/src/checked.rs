//! A header after all rules that its ancestors decide.

use std::ops::Deref;

use bolao_ledger::{BlockHash, BlockId, Genesis, Header, Height, Work};

use crate::rank::Rank;

/// A header, and where it stands in its chain. It is read as a [`BlockId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHeader {
    /// The 80 bytes.
    pub header: Header,
    /// The height, which counts the blocks between it and genesis, itself included; and the hash of the header.
    pub block: BlockId,
    /// Work from genesis up to this block.
    pub work: Work,
}

impl ChainHeader {
    /// Gives the rank of the branch that ends with it.
    #[must_use]
    pub const fn rank(&self) -> Rank {
        Rank::new(self.work, self.block.hash)
    }
}

impl Deref for ChainHeader {
    type Target = BlockId;

    fn deref(&self) -> &BlockId {
        &self.block
    }
}

/// A header that keeps every rule that its ancestors decide. [`crate::HeaderChain::check`] makes it; it is read as a
/// [`ChainHeader`] and cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedHeader(ChainHeader);

impl CheckedHeader {
    /// Genesis, under which there is nothing.
    #[must_use]
    pub fn genesis(genesis: &Genesis) -> Self {
        let header = genesis.header();
        Self(ChainHeader {
            header,
            block: BlockId {
                height: Height::ZERO,
                hash: header.hash(),
            },
            work: header.work(),
        })
    }

    /// Takes a checked header as a store kept it: no rule is checked again. Nobody but a store's reader has a reason to call
    /// this.
    #[must_use]
    pub const fn from_store(kept: ChainHeader) -> Self {
        Self(kept)
    }

    pub(crate) fn on(parent: &Self, header: Header, hash: BlockHash) -> Self {
        Self(ChainHeader {
            header,
            block: BlockId {
                height: parent.height.next(),
                hash,
            },
            work: parent.work + header.work(),
        })
    }
}

impl Deref for CheckedHeader {
    type Target = ChainHeader;

    fn deref(&self) -> &ChainHeader {
        &self.0
    }
}
