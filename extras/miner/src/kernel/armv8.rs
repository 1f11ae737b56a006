//! Four interleaved streams by the `ARMv8` SHA-256 instructions.
//!
//! An instruction does four rounds on half of a state (`abcd` or `efgh`), or makes four schedule
//! words of the oldest eight (`vsha256su0q`) or newest eight (`vsha256su1q`). Streams that do not
//! depend on each other hide its latency.
//!
//! Rounds 0 to 3 of the header's second block are two additions, for of their words only the last
//! is the nonce. Schedule words need no instruction for a half that is made of padding or of the
//! header alone. Of the last four rounds only the half with `h` is computed. That leaves 104 of
//! these instructions a hash, where two whole compressions take 112.
#![allow(unsafe_code)]
#![allow(
    clippy::indexing_slicing,
    reason = "by constants and streams, in arrays of constant length"
)]

use std::{
    arch::aarch64::{
        uint32x4_t, vaddq_u32, vgetq_lane_u32, vld1q_u32, vsetq_lane_u32, vsha256h2q_u32,
        vsha256hq_u32, vsha256su0q_u32, vsha256su1q_u32,
    },
    array,
    ops::RangeInclusive,
};

use super::{
    SearchHeader,
    batches::{self, Batch},
    cpu::CpuKernel,
    sha256::{DIGEST_BITS, END, HEADER_BITS, INITIAL_STATE, K, round, sigma0, sigma1},
};

const STREAMS: usize = 4;

/// Gives the kernel, where the CPU has NEON and the SHA-256 instructions.
pub(super) fn kernel() -> Option<CpuKernel> {
    let detected = std::arch::is_aarch64_feature_detected!("neon")
        && std::arch::is_aarch64_feature_detected!("sha2");
    detected.then(|| {
        // SAFETY: the CPU has all that `scan` enables.
        unsafe { CpuKernel::new("armv8", 4_096, scan) }
    })
}

#[target_feature(enable = "neon,sha2")]
fn scan(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let start = Start::new(header);
    batches::scan(header, nonces, |batch: &mut Batch<STREAMS>| {
        batch.0 = double_hash(&start, batch.0);
    })
}

/// One vector of each stream.
type Streams = [uint32x4_t; STREAMS];

/// `abcd` and `efgh`.
type State = [uint32x4_t; 2];

/// The values that do not change with the nonce.
struct Start {
    midstate: State,
    /// After rounds 0 to 3 of the header's second block, but for the nonce word that is added to
    /// `a` and `e`.
    after_four_rounds: State,
    /// Words 0 to 2 of that block, and 0 in place of the nonce.
    words: uint32x4_t,
    /// Of words 16 to 19 what `vsha256su1q` adds, which no nonce changes.
    w16: uint32x4_t,
    /// Of words 28 to 31 what `vsha256su0q` gives, which is all but for `vsha256su1q`.
    w28: uint32x4_t,
}

impl Start {
    #[target_feature(enable = "neon")]
    fn new(header: &SearchHeader) -> Self {
        let midstate = *header.midstate();
        let [w0, w1, w2] = header.tail_words();
        let after_four_rounds = [w0, w1, w2, 0]
            .into_iter()
            .zip(K)
            .fold(midstate, |state, (w, k)| round(state, k.wrapping_add(w)));
        let w16 = sigma0(w1).wrapping_add(w0);
        let w17 = [sigma1(HEADER_BITS), sigma0(w2), w1]
            .into_iter()
            .fold(0, u32::wrapping_add);
        Self {
            midstate: halves(midstate),
            after_four_rounds: halves(after_four_rounds),
            words: vector([w0, w1, w2, 0]),
            w16: vector([0, sigma1(HEADER_BITS), sigma1(w16), sigma1(w17)]),
            w28: vector([
                0,
                0,
                sigma0(HEADER_BITS),
                HEADER_BITS.wrapping_add(sigma0(w16)),
            ]),
        }
    }
}

/// Lane 0 first.
#[target_feature(enable = "neon")]
fn vector(words: [u32; 4]) -> uint32x4_t {
    // SAFETY: four words are read from an array of four.
    unsafe { vld1q_u32(words.as_ptr()) }
}

#[target_feature(enable = "neon")]
fn halves([a, b, c, d, e, f, g, h]: [u32; 8]) -> State {
    [vector([a, b, c, d]), vector([e, f, g, h])]
}

/// Constants of rounds `4 * group` to `4 * group + 3`.
#[target_feature(enable = "neon")]
fn constants<const GROUP: usize>() -> uint32x4_t {
    vector(array::from_fn(|i| K[4 * GROUP + i]))
}

#[target_feature(enable = "neon")]
fn add(words: Streams, to_all: uint32x4_t) -> Streams {
    words.map(|words| vaddq_u32(words, to_all))
}

#[target_feature(enable = "neon,sha2")]
fn four_rounds<const GROUP: usize>(states: &mut [State; STREAMS], words: Streams) {
    let kw = add(words, constants::<GROUP>());
    for (state, kw) in states.iter_mut().zip(kw) {
        let [abcd, efgh] = *state;
        *state = [
            vsha256hq_u32(abcd, efgh, kw),
            vsha256h2q_u32(efgh, abcd, kw),
        ];
    }
}

/// The half of four schedule words that is made of the oldest eight.
#[target_feature(enable = "neon,sha2")]
fn from_old(w0: Streams, w4: Streams) -> Streams {
    array::from_fn(|i| vsha256su0q_u32(w0[i], w4[i]))
}

/// With what is made of the newest eight.
#[target_feature(enable = "neon,sha2")]
fn with_new(sum: Streams, w8: Streams, w12: Streams) -> Streams {
    array::from_fn(|i| vsha256su1q_u32(sum[i], w8[i], w12[i]))
}

/// The next four schedule words in place of the oldest.
#[target_feature(enable = "neon,sha2")]
fn advance<const GROUP: usize>(w: &mut [Streams; 4]) -> Streams {
    let [w0, w4, w8, w12] = array::from_fn(|i| w[(GROUP + i) & 3]);
    let next = with_new(from_old(w0, w4), w8, w12);
    w[GROUP & 3] = next;
    next
}

macro_rules! scheduled {
    ($states:ident, $w:ident, $($group:literal)+) => {$(
        let next = advance::<$group>(&mut $w);
        four_rounds::<$group>(&mut $states, next);
    )+};
}

/// As `batches::scan` asks.
#[target_feature(enable = "neon,sha2")]
fn double_hash(start: &Start, nonces: [u32; STREAMS]) -> [u32; STREAMS] {
    let zero = [vector([0; 4]); STREAMS];
    let end = [vector([END, 0, 0, 0]); STREAMS];
    let header_bits = [vector([0, 0, 0, HEADER_BITS]); STREAMS];
    let digest_bits = [vector([0, 0, 0, DIGEST_BITS]); STREAMS];

    let [abcd, efgh] = start.after_four_rounds;
    let mut states = nonces.map(|nonce| {
        let first_lane = vsetq_lane_u32::<0>(nonce, zero[0]);
        [vaddq_u32(abcd, first_lane), vaddq_u32(efgh, first_lane)]
    });
    four_rounds::<1>(&mut states, end);
    four_rounds::<2>(&mut states, zero);
    four_rounds::<3>(&mut states, header_bits);

    let words = nonces.map(|nonce| vsetq_lane_u32::<3>(nonce, start.words));
    let w16 = add(from_old(words, end), start.w16);
    four_rounds::<4>(&mut states, w16);
    let w20 = with_new(end, header_bits, w16);
    four_rounds::<5>(&mut states, w20);
    let w24 = with_new(zero, w16, w20);
    four_rounds::<6>(&mut states, w24);
    let w28 = with_new([start.w28; STREAMS], w20, w24);
    four_rounds::<7>(&mut states, w28);
    let mut w = [w16, w20, w24, w28];
    scheduled!(states, w, 8 9 10 11 12 13 14 15);

    let [abcd, efgh] = start.midstate;
    let w0 = states.map(|state| vaddq_u32(state[0], abcd));
    let w4 = states.map(|state| vaddq_u32(state[1], efgh));
    states = [halves(INITIAL_STATE); STREAMS];
    four_rounds::<0>(&mut states, w0);
    four_rounds::<1>(&mut states, w4);
    four_rounds::<2>(&mut states, end);
    four_rounds::<3>(&mut states, digest_bits);

    let w16 = with_new(from_old(w0, w4), end, digest_bits);
    four_rounds::<4>(&mut states, w16);
    let w20 = with_new(from_old(w4, end), digest_bits, w16);
    four_rounds::<5>(&mut states, w20);
    let w24 = with_new(end, w16, w20);
    four_rounds::<6>(&mut states, w24);
    let w28 = with_new(from_old(digest_bits, w16), w20, w24);
    four_rounds::<7>(&mut states, w28);
    w = [w16, w20, w24, w28];
    scheduled!(states, w, 8 9 10 11 12 13 14);

    let kw = add(advance::<15>(&mut w), constants::<15>());
    array::from_fn(|i| {
        let [abcd, efgh] = states[i];
        vgetq_lane_u32::<3>(vsha256h2q_u32(efgh, abcd, kw[i]))
    })
}

#[cfg(test)]
mod tests;
