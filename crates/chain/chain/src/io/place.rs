//! Places of blocks, for whoever speaks of one that need not be here.

use std::fmt;

use bolao_ledger::{BlockHash, Height};
use bolao_store::{Certificate, FinalBlock};

/// A block's place in the tree of headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The height of the block.
    pub height: Height,
    /// The hash of the block.
    pub hash: BlockHash,
}

impl Place {
    /// The block of this place with what proves that it is final.
    pub(crate) fn proven_by(self, proof: Vec<u8>) -> FinalBlock {
        FinalBlock {
            height: self.height,
            hash: self.hash,
            certificate: Certificate::new(proof).expect("64 signatures are short"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "block {} at height {}", self.hash, self.height)
    }
}

impl From<&FinalBlock> for Place {
    fn from(block: &FinalBlock) -> Self {
        Self {
            height: block.height,
            hash: block.hash,
        }
    }
}

/// The final block that an invitation names and that our chain lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingCheckpoint {
    /// The block that the invitation names.
    pub block: Place,
    /// Whether every peer whose chain is so long has another block there.
    pub is_elsewhere: bool,
}
