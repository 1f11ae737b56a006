//! Scanning a range of nonces under one header.
//!
//! A header is 80 bytes, so its first SHA-256 takes two 64-byte blocks. The nonce lies in the
//! second: the state after the first (the midstate) is computed once a header, and each nonce
//! costs two compressions instead of three. `tables` and `lanes` say what else the kernels
//! save.

#![allow(
    clippy::inline_always,
    reason = "vector operations must become single instructions of the function around them"
)]
#![allow(
    clippy::many_single_char_names,
    reason = "SHA-256 calls its words a to h"
)]

use std::{fmt, num::NonZeroUsize, ops::RangeInclusive};

use sha2::block_api::compress256;

use bolao_work::meets_target;

#[cfg(target_arch = "aarch64")]
mod armv8;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod batches;
mod choice;
mod cpu;
mod lanes;
mod portable;
mod program;
mod sha256;
mod sha2_loop;
#[cfg(target_arch = "x86_64")]
mod sha_ni;
mod tables;

pub use choice::{KernelInfo, UnknownKernel, by_name, fastest, kernels};
pub use program::Program;
pub use sha2_loop::Sha2Kernel;
use sha256::INITIAL_STATE;

/// Nonces in a call of [`Kernel::scan`] for a kernel that does not say otherwise: some 0.1 ms of
/// SHA instructions, 1 ms without.
pub(crate) const CHUNK: u32 = 1_024;

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

    /// The same header under another target.
    #[must_use]
    pub const fn with_target(self, target: [u8; 32]) -> Self {
        Self { target, ..self }
    }

    /// The top 32 bits of the target.
    pub fn target_top(&self) -> u32 {
        top_word(&self.target)
    }

    /// The tail as SHA-256 reads it.
    fn tail_words(&self) -> [u32; 3] {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.tail;
        [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(u32::from_be_bytes)
    }

    /// Whether the header with `nonce` meets the target, by the whole double hash.
    pub fn is_met_by(&self, nonce: u32) -> bool {
        meets_target(&self.hash(nonce), &self.target)
    }

    /// The double hash of the header with `nonce`.
    pub fn hash(&self, nonce: u32) -> [u8; 32] {
        let mut block = HEADER_END;
        block[..12].copy_from_slice(&self.tail);
        block[12..16].copy_from_slice(&nonce.to_le_bytes());
        let mut state = self.midstate;
        compress256(&mut state, &[block]);

        let mut block = DIGEST_BLOCK;
        put_state(&mut block, &state);
        let mut state = INITIAL_STATE;
        compress256(&mut state, &[block]);
        state_bytes(&state)
    }
}

/// The result of a scan: the lowest hit, if there is one.
pub type Scan = Result<Option<u32>, KernelError>;

/// Why a kernel cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct KernelError {
    what: String,
}

impl KernelError {
    /// With a sentence that says what failed.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// A way to compute SHA-256d. The miner calls it from many threads with small ranges and looks
/// for new work between the calls, so a call should take well under a millisecond, on a GPU well
/// under a tenth of a second.
pub trait Kernel: fmt::Debug + Send + Sync {
    /// A short name for logs and benches.
    fn name(&self) -> &'static str;

    /// Gives the number of nonces that a call should be given, at least 1: so many that what is computed once a
    /// call does not count, and so few that new work waits far less than a millisecond on a CPU
    /// for which the kernel is made. It may change from call to call.
    fn chunk(&self) -> u32 {
        CHUNK
    }

    /// Gives the number of threads that keep a device busy that computes by itself; `None` where the threads
    /// compute, one on each core.
    fn threads(&self) -> Option<NonZeroUsize> {
        None
    }

    /// The lowest nonce of `nonces` whose header meets the target. The miner checks it by a plain
    /// double hash. After an error or a wrong nonce it goes over to another kernel, and has the same
    /// nonces scanned again.
    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan;
}

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

/// The top 32 bits of a little-endian 256-bit integer.
pub fn top_word(number: &[u8; 32]) -> u32 {
    let [.., a, b, c, d] = *number;
    u32::from_le_bytes([a, b, c, d])
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
