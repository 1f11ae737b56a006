#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

use proptest::{array::uniform32, collection::vec, prelude::*};

use super::*;
use crate::hash::double_sha256;

fn with_nonce(mut header: [u8; 80], nonce: u32) -> [u8; 80] {
    header[76..].copy_from_slice(&nonce.to_le_bytes());
    header
}

fn scan_all(header: &[u8; 80], target: [u8; 32], nonces: RangeInclusive<u32>) -> Vec<u32> {
    let search = SearchHeader::new(header, target);
    let (mut start, last) = nonces.into_inner();
    let mut hits = Vec::new();
    while let Some(nonce) = Sha2Kernel.scan(&search, start..=last) {
        hits.push(nonce);
        match nonce.checked_add(1) {
            Some(next) if next <= last => start = next,
            _ => break,
        }
    }
    hits
}

fn plain_all(header: [u8; 80], target: [u8; 32], nonces: RangeInclusive<u32>) -> Vec<u32> {
    nonces
        .filter(|nonce| meets_target(&double_sha256(&with_nonce(header, *nonce)), &target))
        .collect()
}

/// Starts anywhere, the end of the nonce space included.
fn ranges() -> impl Strategy<Value = RangeInclusive<u32>> {
    let start = prop_oneof![any::<u32>(), (u32::MAX - 300)..=u32::MAX, 0..10u32];
    (start, 0..300u32).prop_map(|(start, more)| start..=start.saturating_add(more))
}

fn headers() -> impl Strategy<Value = [u8; 80]> {
    vec(any::<u8>(), 80).prop_map(|bytes| bytes.try_into().unwrap())
}

proptest! {
    #[test]
    fn finds_every_hit_and_makes_none_up(
        header in headers(),
        nonces in ranges(),
        low in uniform32(any::<u8>()),
        top in 0..64u8,
    ) {
        let mut target = low;
        target[31] = top;
        prop_assert_eq!(
            scan_all(&header, target, nonces.clone()),
            plain_all(header, target, nonces)
        );
    }

    #[test]
    fn a_target_that_equals_the_hash_is_met_and_one_less_is_not(header in headers(), nonce: u32) {
        let hash = double_sha256(&with_nonce(header, nonce));
        prop_assert_eq!(scan_all(&header, hash, nonce..=nonce), vec![nonce]);

        let mut less = hash;
        let lowest = less.iter().position(|byte| *byte != 0).unwrap();
        less[..lowest].fill(0xff);
        less[lowest] -= 1;
        prop_assert_eq!(scan_all(&header, less, nonce..=nonce), vec![]);
    }
}

#[test]
fn the_last_nonce_is_scanned_and_the_range_does_not_wrap() {
    let header = [7; 80];
    let tail = (u32::MAX - 20)..=u32::MAX;
    assert_eq!(
        scan_all(&header, [0xff; 32], tail.clone()),
        tail.collect::<Vec<_>>()
    );

    let search = SearchHeader::new(&header, [0; 32]);
    assert_eq!(Sha2Kernel.scan(&search, (u32::MAX - 20)..=u32::MAX), None);
    assert_eq!(Sha2Kernel.scan(&search, u32::MAX..=u32::MAX), None);
}

#[test]
#[allow(clippy::reversed_empty_ranges)]
fn an_empty_range_has_no_hit() {
    let search = SearchHeader::new(&[0; 80], [0xff; 32]);
    assert_eq!(Sha2Kernel.scan(&search, 5..=4), None);
}
