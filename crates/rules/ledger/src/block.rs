//! Blocks and their Merkle tree.

use borsh::{BorshDeserialize, BorshSerialize};

use crate::{
    coinbase::Coinbase,
    hashes::{BlockHash, WitnessId, sha256d},
    header::Header,
    transaction::Transaction,
};

/// A block as its bytes decode; nothing is known of its validity.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Block {
    /// The 80 bytes that are hashed.
    pub header: Header,
    /// The coinbase: it names the account that found the block.
    pub coinbase: Coinbase,
    /// The transactions of players, in the order in which they are applied.
    pub transactions: Vec<Transaction>,
}

impl Block {
    /// The hash of the header.
    #[must_use]
    pub fn hash(&self) -> BlockHash {
        self.header.hash()
    }

    /// The leaves of the Merkle tree: the coinbase, then the transactions, signatures included.
    #[must_use]
    pub fn leaves(&self) -> Vec<WitnessId> {
        std::iter::once(self.coinbase.witness_id())
            .chain(self.transactions.iter().map(Transaction::witness_id))
            .collect()
    }
}

/// Bitcoin's Merkle root of the leaves; the coinbase is the first.
#[must_use]
pub fn merkle_root(leaves: &[WitnessId]) -> [u8; 32] {
    let mut level = hashes(leaves);
    while level.len() > 1 {
        level = level_above(&level);
    }
    level.first().copied().unwrap_or_default()
}

/// The siblings on the way from leaf `position` to the root, lowest first: fold them with
/// `sha256d(left ‖ right)`, the running hash on the left where that level's index is even.
#[must_use]
pub fn merkle_branch(leaves: &[WitnessId], position: usize) -> Vec<[u8; 32]> {
    let mut level = hashes(leaves);
    let mut index = position;
    let mut branch = Vec::new();
    while level.len() > 1 {
        if let Some(sibling) = level.get(index ^ 1).or_else(|| level.get(index)) {
            branch.push(*sibling);
        }
        level = level_above(&level);
        index /= 2;
    }
    branch
}

fn hashes(leaves: &[WitnessId]) -> Vec<[u8; 32]> {
    leaves.iter().map(|leaf| leaf.0).collect()
}

/// The hashes of pairs; the last of an odd number is paired with itself.
fn level_above(level: &[[u8; 32]]) -> Vec<[u8; 32]> {
    level
        .chunks(2)
        .map(|pair| match pair {
            [last] => sha256d([*last, *last].as_flattened()),
            pair => sha256d(pair.as_flattened()),
        })
        .collect()
}
