//! The `sha2` crate's own compression, two for each nonce: what the other kernels are measured
//! against.

use std::ops::RangeInclusive;

use sha2::block_api::compress256;

use super::{
    DIGEST_BLOCK, HEADER_END, Kernel, Scan, SearchHeader, put_state, sha256::INITIAL_STATE,
    state_bytes,
};
use bolao_work::meets_target;

/// Runs on every CPU, and by its SHA instructions (x86 SHA-NI, `ARMv8`) where it has them:
/// `sha2` looks at run time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sha2Kernel;

/// Nonces hashed side by side. Independent compressions overlap in an out-of-order CPU, and no
/// block is loaded right after the narrower stores that fill it; both stall a loop that hashes
/// one nonce at a time.
const LANES: u32 = 8;

impl Kernel for Sha2Kernel {
    fn name(&self) -> &'static str {
        "sha2"
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        Ok(lowest(header, nonces))
    }
}

fn lowest(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let (mut base, last) = nonces.into_inner();
    let target_top = header.target_top();

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
