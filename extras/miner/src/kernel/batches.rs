//! Walks a range of nonces in batches and looks at what a vector kernel makes of them.

use std::ops::RangeInclusive;

use super::{SearchHeader, sha256::INITIAL_STATE};

/// The lowest nonce of `nonces` that meets the target.
///
/// `double_hash` gets a batch of nonces, each as the big-endian word that header bytes 76..80
/// are, and replaces each by word 7 of its double hash, the initial state not yet added. Lanes
/// past the range's end are hashed and not looked at; what passes by its top word is hashed
/// again in full.
#[inline(always)]
pub(super) fn scan<const N: usize>(
    header: &SearchHeader,
    nonces: RangeInclusive<u32>,
    mut double_hash: impl FnMut(&mut Batch<N>),
) -> Option<u32> {
    let (mut base, last) = nonces.into_inner();
    let top = header.target_top();
    let mut batch = Batch([0; N]);
    while base <= last {
        for (lane, word) in (0..).zip(&mut batch.0) {
            *word = base.wrapping_add(lane).swap_bytes();
        }
        double_hash(&mut batch);

        let mut passing = 0;
        for word in batch.0 {
            passing += u32::from(is_low(word, top));
        }
        if passing > 0 {
            let hit = (base..=last)
                .zip(batch.0)
                .find(|(nonce, word)| is_low(*word, top) && header.is_met_by(*nonce));
            if let Some((nonce, _)) = hit {
                return Some(nonce);
            }
        }
        base = base.checked_add(u32::try_from(N).ok()?)?;
    }
    None
}

#[inline(always)]
fn is_low(word: u32, top: u32) -> bool {
    word.wrapping_add(INITIAL_STATE[7]).swap_bytes() <= top
}

/// Words of as many nonces, where a vector can be loaded at once.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Batch<const N: usize>(pub(super) [u32; N]);
