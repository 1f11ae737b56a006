//! The arithmetic of proof of work.

use sha2::{Digest as _, Sha256};

/// SHA-256 of SHA-256, in the order in which the function gives its bytes (Bitcoin shows them reversed).
#[must_use]
pub fn sha256d(data: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(data)).into()
}

/// The Merkle root over leaf `position`, whose siblings up to the root are `branch`, lowest first.
#[must_use]
pub fn merkle_root(leaf: [u8; 32], position: usize, branch: &[[u8; 32]]) -> [u8; 32] {
    let mut index = position;
    branch.iter().fold(leaf, |hash, sibling| {
        let is_left = index.is_multiple_of(2);
        index /= 2;
        let pair = if is_left {
            [hash, *sibling]
        } else {
            [*sibling, hash]
        };
        sha256d(pair.as_flattened())
    })
}

/// Whether `hash` is at most `target`, both read as little-endian 256-bit integers: Bitcoin's condition for proof of work.
#[must_use]
pub fn meets_target(hash: &[u8; 32], target: &[u8; 32]) -> bool {
    hash.iter().rev().le(target.iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_byte_weighs_most_and_equality_meets() {
        let mut target = [0; 32];
        target[31] = 1;
        assert!(meets_target(&target, &target));

        let mut below = [0xff; 32];
        below[31] = 0;
        assert!(meets_target(&below, &target));

        let mut above = target;
        above[0] = 1;
        assert!(!meets_target(&above, &target));
    }

    #[test]
    fn every_leaf_has_the_same_root() {
        let leaves = [[1; 32], [2; 32], [3; 32], [4; 32]];
        let pair = |left: [u8; 32], right: [u8; 32]| sha256d([left, right].as_flattened());
        let [a, b, c, d] = leaves;
        let (low, high) = (pair(a, b), pair(c, d));
        let root = pair(low, high);
        let branches = [[b, high], [a, high], [d, low], [c, low]];
        for (position, (leaf, branch)) in leaves.iter().zip(branches).enumerate() {
            assert_eq!(merkle_root(*leaf, position, &branch), root, "{position}");
        }
        assert_eq!(merkle_root(a, 0, &[]), a);
    }
}
