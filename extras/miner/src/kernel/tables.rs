//! What the vector kernels need and no nonce changes.
//!
//! In the header's second block only word 3 is the nonce. Words 0 to 2 are the header's, word 4
//! is the padding bit, word 15 the length of 640 bits and the others are zero. So rounds 0 to 2
//! are done here, round 3 is an addition of the nonce, rounds 4 to 6 find a known `h`, words 16
//! and 17 are known, and words 18 to 33 need only some of their terms. In the block of the second
//! hash words 0 to 7 are the first hash, word 8 is the padding bit and word 15 a length of 256
//! bits. Its first round meets the initial state, which is known, and rounds 1 to 3 find a
//! known `h`.

use super::{
    SearchHeader,
    sha256::{DIGEST_BITS, END, HEADER_BITS, INITIAL_STATE, K, round, sigma0, sigma1},
};

/// Terms of the two hashes, each named for the round or schedule word that it belongs to.
///
/// `avx512.s` addresses the fields by position: `avx512.rs` asserts those that it uses.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Tables {
    pub(super) k: [u32; 64],

    /// `a` and `e` after round 3, but for the nonce word that is added to both.
    pub(super) first_a: u32,
    pub(super) first_e: u32,
    /// `b`, `c`, `d`, `f`, `g`, `h` after round 3.
    pub(super) first_bcd: [u32; 3],
    pub(super) first_fgh: [u32; 3],
    /// `h`, constant and word of rounds 4 to 6.
    pub(super) first_hkw: [u32; 3],
    /// Constants and words of rounds 15 to 17.
    pub(super) first_kw: [u32; 3],
    /// Terms of words 18 and 19.
    pub(super) first_w18: u32,
    pub(super) first_w19: u32,
    pub(super) end: u32,
    pub(super) header_bits: u32,
    pub(super) first_w16: u32,
    pub(super) first_w17: u32,
    /// Terms of words 30 to 32.
    pub(super) first_w30: [u32; 3],
    /// Keeps the next field where eight words are aligned.
    pub(super) unused: u32,
    pub(super) midstate: [u32; 8],

    /// `a` and `e` after round 0 of the second hash, but for word 0 that is added to both.
    pub(super) second_a: u32,
    pub(super) second_e: u32,
    /// `b`, `c`, `d`, `f`, `g` after round 0; `h` is in `second_hk`.
    pub(super) second_bcdfg: [u32; 5],
    /// `h` and constant of rounds 1 to 3.
    pub(super) second_hk: [u32; 3],
    /// Constants and words of rounds 8 and 15.
    pub(super) second_kw8: u32,
    pub(super) second_kw15: u32,
    /// Terms of words 17, 22 (and 31), 23 and 30.
    pub(super) second_w17: u32,
    pub(super) digest_bits: u32,
    pub(super) second_w23: u32,
    pub(super) second_w30: u32,
}

impl Tables {
    pub(super) fn new(header: &SearchHeader) -> Self {
        let midstate = *header.midstate();
        let [w0, w1, w2] = header.tail_words();
        let [k0, k1, k2, k3, k4, k5, k6, ..] = K;
        let w16 = sigma0(w1).wrapping_add(w0);
        let w17 = sum([sigma1(HEADER_BITS), sigma0(w2), w1]);

        let three = [(k0, w0), (k1, w1), (k2, w2)]
            .into_iter()
            .fold(midstate, |state, (k, w)| round(state, k.wrapping_add(w)));
        let [a, b, c, d, e, f, g, h] = round(three, k3);
        let [iv_a, iv_b, iv_c, _, iv_e, iv_f, iv_g, _] = INITIAL_STATE;
        let [second_a, _, _, _, second_e, ..] = round(INITIAL_STATE, k0);

        Self {
            k: K,
            first_a: a,
            first_e: e,
            first_bcd: [b, c, d],
            first_fgh: [f, g, h],
            first_hkw: [sum([h, k4, END]), g.wrapping_add(k5), f.wrapping_add(k6)],
            first_kw: [
                K[15].wrapping_add(HEADER_BITS),
                K[16].wrapping_add(w16),
                K[17].wrapping_add(w17),
            ],
            first_w18: sigma1(w16).wrapping_add(w2),
            first_w19: sigma1(w17).wrapping_add(sigma0(END)),
            end: END,
            header_bits: HEADER_BITS,
            first_w16: w16,
            first_w17: w17,
            first_w30: [
                sigma0(HEADER_BITS),
                sigma0(w16).wrapping_add(HEADER_BITS),
                sigma0(w17).wrapping_add(w16),
            ],
            unused: 0,
            midstate,
            second_a,
            second_e,
            second_bcdfg: [iv_a, iv_b, iv_c, iv_e, iv_f],
            second_hk: [
                iv_g.wrapping_add(k1),
                iv_f.wrapping_add(k2),
                iv_e.wrapping_add(k3),
            ],
            second_kw8: K[8].wrapping_add(END),
            second_kw15: K[15].wrapping_add(DIGEST_BITS),
            second_w17: sigma1(DIGEST_BITS),
            digest_bits: DIGEST_BITS,
            second_w23: sigma0(END),
            second_w30: sigma0(DIGEST_BITS),
        }
    }
}

fn sum(terms: [u32; 3]) -> u32 {
    terms.into_iter().fold(0, u32::wrapping_add)
}
