//! Four interleaved streams by the `ARMv8` SHA-256 instructions.
//!
//! An instruction does four rounds on half of a state; streams that do not depend on each other
//! hide its latency. Of the last four rounds only the half with `h` is computed.
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
    Kernel, Scan, SearchHeader,
    batches::{self, Batch},
    sha256::{DIGEST_BITS, END, HEADER_BITS, INITIAL_STATE, K},
};

const STREAMS: usize = 4;

/// Made only where the CPU has NEON and the SHA-256 instructions.
#[derive(Debug)]
pub(super) struct Armv8Kernel(());

impl Armv8Kernel {
    pub(super) fn new() -> Option<Self> {
        let detected = std::arch::is_aarch64_feature_detected!("neon")
            && std::arch::is_aarch64_feature_detected!("sha2");
        detected.then_some(Self(()))
    }
}

impl Kernel for Armv8Kernel {
    fn name(&self) -> &'static str {
        "armv8"
    }

    fn chunk(&self) -> u32 {
        4_096
    }

    fn scan(&self, header: &SearchHeader, nonces: RangeInclusive<u32>) -> Scan {
        // SAFETY: a kernel is made only where both features were detected.
        Ok(unsafe { scan(header, nonces) })
    }
}

#[target_feature(enable = "neon,sha2")]
fn scan(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let [w0, w1, w2] = header.tail_words();
    let words = vector([w0, w1, w2, 0]);
    let midstate = halves(*header.midstate());
    batches::scan(header, nonces, |batch: &mut Batch<STREAMS>| {
        batch.0 = double_hash(midstate, words, batch.0);
    })
}

/// One vector of each stream.
type Streams = [uint32x4_t; STREAMS];

/// `abcd` and `efgh`.
type State = [uint32x4_t; 2];

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

/// The words with the constants of rounds `4 * group` to `4 * group + 3`.
#[target_feature(enable = "neon,sha2")]
fn add_constants<const GROUP: usize>(words: Streams) -> Streams {
    let k = vector(array::from_fn(|i| K[4 * GROUP + i]));
    words.map(|words| vaddq_u32(words, k))
}

#[target_feature(enable = "neon,sha2")]
fn four_rounds<const GROUP: usize>(states: &mut [State; STREAMS], words: Streams) {
    for (state, kw) in states.iter_mut().zip(add_constants::<GROUP>(words)) {
        let [abcd, efgh] = *state;
        *state = [
            vsha256hq_u32(abcd, efgh, kw),
            vsha256h2q_u32(efgh, abcd, kw),
        ];
    }
}

/// The next four schedule words, of the sixteen before.
#[target_feature(enable = "neon,sha2")]
fn next_words(w: &[Streams; 4]) -> Streams {
    array::from_fn(|i| {
        let sum = vsha256su0q_u32(w[0][i], w[1][i]);
        vsha256su1q_u32(sum, w[2][i], w[3][i])
    })
}

macro_rules! scheduled {
    ($states:ident, $w:ident, $($group:literal)+) => {$(
        $w[$group & 3] = next_words(&[
            $w[$group & 3],
            $w[($group + 1) & 3],
            $w[($group + 2) & 3],
            $w[($group + 3) & 3],
        ]);
        four_rounds::<$group>(&mut $states, $w[$group & 3]);
    )+};
}

/// As `batches::scan` asks; `words` are the first of the header's second block, 0 in place of
/// the nonce.
#[target_feature(enable = "neon,sha2")]
fn double_hash(midstate: State, words: uint32x4_t, nonces: [u32; STREAMS]) -> [u32; STREAMS] {
    let end = [vector([END, 0, 0, 0]); STREAMS];
    let zero = [vector([0; 4]); STREAMS];

    let words = nonces.map(|nonce| vsetq_lane_u32::<3>(nonce, words));
    let mut w = [words, end, zero, [vector([0, 0, 0, HEADER_BITS]); STREAMS]];
    let mut states = [midstate; STREAMS];
    four_rounds::<0>(&mut states, w[0]);
    four_rounds::<1>(&mut states, w[1]);
    four_rounds::<2>(&mut states, w[2]);
    four_rounds::<3>(&mut states, w[3]);
    scheduled!(states, w, 4 5 6 7 8 9 10 11 12 13 14 15);

    for (i, [abcd, efgh]) in states.into_iter().enumerate() {
        w[0][i] = vaddq_u32(abcd, midstate[0]);
        w[1][i] = vaddq_u32(efgh, midstate[1]);
    }
    (w[2], w[3]) = (end, [vector([0, 0, 0, DIGEST_BITS]); STREAMS]);
    states = [halves(INITIAL_STATE); STREAMS];
    four_rounds::<0>(&mut states, w[0]);
    four_rounds::<1>(&mut states, w[1]);
    four_rounds::<2>(&mut states, w[2]);
    four_rounds::<3>(&mut states, w[3]);
    scheduled!(states, w, 4 5 6 7 8 9 10 11 12 13 14);
    let last = add_constants::<15>(next_words(&[w[3], w[0], w[1], w[2]]));
    array::from_fn(|i| {
        let [abcd, efgh] = states[i];
        vgetq_lane_u32::<3>(vsha256h2q_u32(efgh, abcd, last[i]))
    })
}
