//! What a miner finds, and how fast it searches.

use std::fmt;

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

impl Solution {
    /// The header's time, in unix seconds.
    pub fn time(&self) -> u32 {
        self.word(68)
    }

    /// The header's nonce.
    pub fn nonce(&self) -> u32 {
        self.word(76)
    }

    fn word(&self, at: usize) -> u32 {
        let word = self.header.get(at..).and_then(<[u8]>::first_chunk);
        u32::from_le_bytes(*word.expect("a word is at 68 and at 76"))
    }
}

/// The speed of the miner, and the work that it has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct HashRate {
    /// Hashes a second of all threads together, over the last ten seconds of searching.
    pub hashes_per_second: u64,
    /// Hashes since the miner was started.
    pub total_hashes: u64,
}

impl HashRate {
    /// A speed, without a count of the work.
    #[must_use]
    pub const fn of(hashes_per_second: u64) -> Self {
        Self {
            hashes_per_second,
            total_hashes: 0,
        }
    }
}

impl fmt::Display for HashRate {
    /// One decimal and a unit, as in `8.3 MH/s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, scale) = [("TH/s", 1_000_000_000_000), ("GH/s", 1_000_000_000)]
            .into_iter()
            .chain([("MH/s", 1_000_000), ("kH/s", 1_000)])
            .find(|(_, scale)| self.hashes_per_second >= *scale)
            .unwrap_or(("H/s", 1));
        let tenth = self.hashes_per_second % scale * 10 / scale;
        write!(f, "{}.{tenth} {unit}", self.hashes_per_second / scale)
    }
}
