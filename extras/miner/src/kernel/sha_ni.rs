//! Eight interleaved streams by the x86 SHA instructions.
//!
//! An instruction does two rounds on a state held as the vectors `abef` and `cdgh`; streams that
//! do not depend on each other hide its latency. Rounds 0 and 1 are done once a header, and the
//! last two rounds of the second hash are left out: `f` before them is `h` after them.
#![allow(unsafe_code)]
#![allow(
    clippy::indexing_slicing,
    reason = "by constants and streams, in arrays of constant length"
)]

use std::{
    arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_cvtsi128_si32,
        _mm_insert_epi32, _mm_set_epi32, _mm_sha256msg1_epu32, _mm_sha256msg2_epu32,
        _mm_sha256rnds2_epu32, _mm_shuffle_epi32,
    },
    array,
    ops::RangeInclusive,
};

use super::{
    SearchHeader,
    batches::{self, Batch},
    cpu::CpuKernel,
    sha256::{DIGEST_BITS, END, HEADER_BITS, INITIAL_STATE, K, round},
};

const STREAMS: usize = 8;

/// Gives the kernel, where the CPU has the SHA instructions, SSE 4.1 and SSSE3.
pub(super) fn kernel() -> Option<CpuKernel> {
    let detected = is_x86_feature_detected!("sha")
        && is_x86_feature_detected!("sse4.1")
        && is_x86_feature_detected!("ssse3");
    detected.then(|| {
        // SAFETY: the CPU has all that `scan` enables.
        unsafe { CpuKernel::new("sha-ni", 4_096, scan) }
    })
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
fn scan(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let start = Start::new(header);
    batches::scan(header, nonces, |batch: &mut Batch<STREAMS>| {
        batch.0 = double_hash(&start, batch.0);
    })
}

/// One vector of each stream.
type Streams = [__m128i; STREAMS];

#[derive(Clone, Copy)]
struct State {
    abef: __m128i,
    cdgh: __m128i,
}

impl State {
    #[target_feature(enable = "sse2")]
    fn new([a, b, c, d, e, f, g, h]: [u32; 8]) -> Self {
        Self {
            abef: vector([f, e, b, a]),
            cdgh: vector([h, g, d, c]),
        }
    }
}

/// The values that do not change with the nonce.
struct Start {
    midstate: State,
    after_two_rounds: State,
    /// Words 0 to 2 of the header's second block, and 0 in place of the nonce.
    words: __m128i,
}

impl Start {
    #[target_feature(enable = "sse2")]
    fn new(header: &SearchHeader) -> Self {
        let [w0, w1, w2] = header.tail_words();
        let midstate = *header.midstate();
        let one = round(midstate, K[0].wrapping_add(w0));
        Self {
            midstate: State::new(midstate),
            after_two_rounds: State::new(round(one, K[1].wrapping_add(w1))),
            words: vector([w0, w1, w2, 0]),
        }
    }
}

/// Lane 0 first.
#[target_feature(enable = "sse2")]
fn vector(words: [u32; 4]) -> __m128i {
    let [a, b, c, d] = words.map(u32::cast_signed);
    _mm_set_epi32(d, c, b, a)
}

/// Constants of rounds `4 * group` to `4 * group + 3`.
#[target_feature(enable = "sse2")]
fn constants<const GROUP: usize>() -> __m128i {
    vector(array::from_fn(|i| K[4 * GROUP + i]))
}

/// The first two of four rounds; `kw` is constants plus words.
#[target_feature(enable = "sha,sse4.1,ssse3")]
fn two_rounds(states: &mut [State; STREAMS], kw: Streams) {
    for (state, kw) in states.iter_mut().zip(kw) {
        let abef = _mm_sha256rnds2_epu32(state.cdgh, state.abef, kw);
        *state = State {
            abef,
            cdgh: state.abef,
        };
    }
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
fn add_constants<const GROUP: usize>(words: Streams) -> Streams {
    let k = constants::<GROUP>();
    words.map(|words| _mm_add_epi32(words, k))
}

/// The upper two lanes in the place of the lower.
#[target_feature(enable = "sha,sse4.1,ssse3")]
fn upper(kw: Streams) -> Streams {
    kw.map(|kw| _mm_shuffle_epi32::<0x0e>(kw))
}

#[target_feature(enable = "sha,sse4.1,ssse3")]
fn four_rounds<const GROUP: usize>(states: &mut [State; STREAMS], words: Streams) {
    let kw = add_constants::<GROUP>(words);
    two_rounds(states, kw);
    two_rounds(states, upper(kw));
}

/// The next four schedule words, of the sixteen before.
#[target_feature(enable = "sha,sse4.1,ssse3")]
fn next_words(w: &[Streams; 4]) -> Streams {
    array::from_fn(|i| {
        let [w0, w1, w2, w3] = [w[0][i], w[1][i], w[2][i], w[3][i]];
        let near = _mm_alignr_epi8::<4>(w3, w2);
        let sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), near);
        _mm_sha256msg2_epu32(sum, w3)
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

/// As `batches::scan` asks.
#[target_feature(enable = "sha,sse4.1,ssse3")]
fn double_hash(start: &Start, nonces: [u32; STREAMS]) -> [u32; STREAMS] {
    let end = [vector([END, 0, 0, 0]); STREAMS];
    let zero = [vector([0; 4]); STREAMS];

    let words = nonces.map(|nonce| _mm_insert_epi32::<3>(start.words, nonce.cast_signed()));
    let mut w = [words, end, zero, [vector([0, 0, 0, HEADER_BITS]); STREAMS]];
    let mut states = [start.after_two_rounds; STREAMS];
    two_rounds(&mut states, upper(add_constants::<0>(w[0])));
    four_rounds::<1>(&mut states, w[1]);
    four_rounds::<2>(&mut states, w[2]);
    four_rounds::<3>(&mut states, w[3]);
    scheduled!(states, w, 4 5 6 7 8 9 10 11 12 13 14 15);

    for (i, state) in states.iter().enumerate() {
        let abef = _mm_add_epi32(state.abef, start.midstate.abef);
        let cdgh = _mm_add_epi32(state.cdgh, start.midstate.cdgh);
        let (abef, dchg) = (
            _mm_shuffle_epi32::<0x1b>(abef),
            _mm_shuffle_epi32::<0xb1>(cdgh),
        );
        w[0][i] = _mm_blend_epi16::<0xf0>(abef, dchg);
        w[1][i] = _mm_alignr_epi8::<8>(dchg, abef);
    }
    (w[2], w[3]) = (end, [vector([0, 0, 0, DIGEST_BITS]); STREAMS]);
    states = [State::new(INITIAL_STATE); STREAMS];
    four_rounds::<0>(&mut states, w[0]);
    four_rounds::<1>(&mut states, w[1]);
    four_rounds::<2>(&mut states, w[2]);
    four_rounds::<3>(&mut states, w[3]);
    scheduled!(states, w, 4 5 6 7 8 9 10 11 12 13 14);
    let last = next_words(&[w[3], w[0], w[1], w[2]]);
    two_rounds(&mut states, add_constants::<15>(last));
    states.map(|state| _mm_cvtsi128_si32(state.abef).cast_unsigned())
}
