//! The plain hash that every found nonce is checked with.

use sha2::{Digest, Sha256};

/// SHA-256 of SHA-256, in the order in which the function gives its bytes (Bitcoin shows
/// them reversed).
pub fn double_sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(Sha256::digest(data)).into()
}

/// Whether `hash` is at most `target`, both read as little-endian 256-bit integers: Bitcoin's
/// condition for proof of work.
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
}
