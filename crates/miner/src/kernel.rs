//! Scanning a range of nonces under one header.
//!
//! A header is 80 bytes, so its first SHA-256 takes two 64-byte blocks. The nonce lies in the
//! second: the state after the first (the midstate) is computed once a header, and each nonce
//! costs two compressions instead of three.

use std::{fmt, ops::RangeInclusive};

use sha2::block_api::compress256;

use crate::hash::meets_target;

/// SHA-256's initial state (FIPS 180-4, section 5.3.3).
const INITIAL_STATE: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// A header made ready for scanning: all that does not change with the nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SearchHeader {
    midstate: [u32; 8],
    tail: [u8; 12],
    target: [u8; 32],
}

impl SearchHeader {
    /// Hashes the first 64 bytes of `header`. The nonce in bytes 76..80 is ignored; `target` is
    /// little-endian.
    pub fn new(header: &[u8; 80], target: [u8; 32]) -> Self {
        let mut first = [0; 64];
        first.copy_from_slice(&header[..64]);
        let mut midstate = INITIAL_STATE;
        compress256(&mut midstate, &[first]);

        let mut tail = [0; 12];
        tail.copy_from_slice(&header[64..76]);
        Self {
            midstate,
            tail,
            target,
        }
    }

    /// SHA-256's state after the header's bytes 0..64.
    pub fn midstate(&self) -> &[u32; 8] {
        &self.midstate
    }

    /// The header's bytes 64..76: the last 4 of the Merkle root, the time and the compact
    /// target.
    pub fn tail(&self) -> &[u8; 12] {
        &self.tail
    }

    /// The greatest hash that is good enough, little-endian.
    pub fn target(&self) -> &[u8; 32] {
        &self.target
    }
}

/// A way to compute SHA-256d. The miner calls it from many threads with small ranges and looks
/// for new work between the calls, so a call should take well under a millisecond.
pub trait Kernel: fmt::Debug + Send + Sync {
    /// A short name for logs and benches.
    fn name(&self) -> &'static str;

    /// The lowest nonce of `nonces` whose header meets the target. The miner checks what is
    /// returned by a plain double hash.
    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32>;
}

/// Runs on every CPU, and by its SHA instructions (x86 SHA-NI, `ARMv8`) where it has them:
/// `sha2` looks at run time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sha2Kernel;

/// Nonces hashed side by side. Independent compressions overlap in an out-of-order CPU, and no
/// block is loaded right after the narrower stores that fill it; both stall a loop that hashes
/// one nonce at a time.
const LANES: u32 = 8;

/// The second block of the first hash without the header's tail: padding, and 80 bytes in bits.
const HEADER_END: [u8; 64] = {
    let mut block = [0; 64];
    block[16] = 0x80;
    [block[62], block[63]] = 640_u16.to_be_bytes();
    block
};

/// The block of the second hash without the first hash: padding, and 32 bytes in bits.
const DIGEST_BLOCK: [u8; 64] = {
    let mut block = [0; 64];
    block[32] = 0x80;
    [block[62], block[63]] = 256_u16.to_be_bytes();
    block
};

impl Kernel for Sha2Kernel {
    fn name(&self) -> &'static str {
        "sha2"
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
        let (mut base, last) = nonces.into_inner();
        let [.., a, b, c, d] = header.target;
        let target_top = u32::from_le_bytes([a, b, c, d]);

        let mut ends = [HEADER_END; LANES as usize];
        for block in &mut ends {
            block[..12].copy_from_slice(&header.tail);
        }
        let mut digests = [DIGEST_BLOCK; LANES as usize];

        // Lanes past `last` are hashed and not looked at.
        while base <= last {
            for (lane, block) in (0..LANES).zip(&mut ends) {
                block[12..16].copy_from_slice(&base.wrapping_add(lane).to_le_bytes());
            }
            let mut states = [header.midstate; LANES as usize];
            for (state, block) in states.iter_mut().zip(&ends) {
                compress256(state, std::slice::from_ref(block));
            }
            for (state, block) in states.iter().zip(&mut digests) {
                put_state(block, state);
            }
            states = [INITIAL_STATE; LANES as usize];
            for (state, block) in states.iter_mut().zip(&digests) {
                compress256(state, std::slice::from_ref(block));
            }

            for (lane, state) in (0..=(last - base).min(LANES - 1)).zip(&states) {
                if state[7].swap_bytes() <= target_top
                    && meets_target(&state_bytes(state), &header.target)
                {
                    return Some(base + lane);
                }
            }
            base = base.checked_add(LANES)?;
        }
        None
    }
}

fn put_state(block: &mut [u8; 64], state: &[u32; 8]) {
    for (bytes, word) in block.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}

fn state_bytes(state: &[u32; 8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

#[cfg(test)]
mod tests;
