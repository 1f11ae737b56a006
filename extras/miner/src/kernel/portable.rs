//! Plain Rust for any CPU. Each step is a loop over lanes, of which the compiler makes the vectors
//! that the target always has: SSE2 on `x86_64`, NEON on `aarch64`.

#![allow(
    clippy::indexing_slicing,
    reason = "by lane and round, in arrays of constant length"
)]

use std::ops::RangeInclusive;

use super::{
    CHUNK, SearchHeader,
    batches::{self, Batch},
    cpu::CpuKernel,
    sha256::{DIGEST_BITS, END, HEADER_BITS, INITIAL_STATE, K, round, sigma0, sigma1},
};

/// So many that the loops stay loops until they are made vectors: with 8 the compiler unrolls them
/// first, and the kernel is three times slower.
const LANES: usize = 16;

type Word = [u32; LANES];

pub(super) fn kernel() -> CpuKernel {
    CpuKernel::portable("portable", CHUNK, scan)
}

fn scan(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let [w0, w1, w2] = header.tail_words().map(splat);
    batches::scan(header, nonces, |batch: &mut Batch<LANES>| {
        let mut words = [[0; LANES]; 16];
        [words[0], words[1], words[2], words[3]] = [w0, w1, w2, batch.0];
        words[4] = splat(END);
        words[15] = splat(HEADER_BITS);
        batch.0 = double_hash(header.midstate(), words);
    })
}

fn splat(word: u32) -> Word {
    [word; LANES]
}

/// As `batches::scan` asks, from the words of the header's second block.
fn double_hash(midstate: &[u32; 8], mut words: [Word; 16]) -> Word {
    let mut state = midstate.map(splat);
    rounds::<64>(&mut state, &mut words);

    words = [[0; LANES]; 16];
    for ((word, end), start) in words.iter_mut().zip(state).zip(midstate) {
        *word = end.map(|end| end.wrapping_add(*start));
    }
    words[8] = splat(END);
    words[15] = splat(DIGEST_BITS);
    state = INITIAL_STATE.map(splat);
    rounds::<61>(&mut state, &mut words);
    state[4]
}

/// The first `COUNT` rounds.
#[inline(never)]
fn rounds<const COUNT: usize>(state: &mut [Word; 8], w: &mut [Word; 16]) {
    for (t, k) in K.into_iter().enumerate().take(COUNT) {
        if t >= 16 {
            let (near, middle, far) = (w[(t + 14) & 15], w[(t + 9) & 15], w[(t + 1) & 15]);
            let word = &mut w[t & 15];
            for i in 0..LANES {
                let sigmas = sigma0(far[i]).wrapping_add(sigma1(near[i]));
                word[i] = word[i].wrapping_add(middle[i]).wrapping_add(sigmas);
            }
        }
        round_of_lanes(state, &w[t & 15], k);
    }
}

#[inline(always)]
fn round_of_lanes(state: &mut [Word; 8], word: &Word, k: u32) {
    let [a, b, c, d, e, f, g, h] = *state;
    let mut new_a = [0; LANES];
    let mut new_e = [0; LANES];
    for i in 0..LANES {
        let lane = [a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]];
        [new_a[i], _, _, _, new_e[i], ..] = round(lane, word[i].wrapping_add(k));
    }
    *state = [new_a, a, b, c, new_e, e, f, g];
}
