//! What every kernel must do.

use std::ops::RangeInclusive;

use bolao_miner::{Kernel, SearchHeader};
use bolao_work::{meets_target, sha256d};
use proptest::{array::uniform32, collection::vec, prelude::*};

use crate::kernels_here;

fn with_nonce(mut header: [u8; 80], nonce: u32) -> [u8; 80] {
    header[76..].copy_from_slice(&nonce.to_le_bytes());
    header
}

fn scan_all(
    kernel: &dyn Kernel,
    header: &[u8; 80],
    target: [u8; 32],
    nonces: RangeInclusive<u32>,
) -> Vec<u32> {
    let search = SearchHeader::new(header, target);
    let (mut start, last) = nonces.into_inner();
    let mut hits = Vec::new();
    while let Some(nonce) = kernel.scan(&search, start..=last).unwrap() {
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
        .filter(|nonce| meets_target(&sha256d(&with_nonce(header, *nonce)), &target))
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
        let hits = plain_all(header, target, nonces.clone());
        for kernel in kernels_here() {
            let found = scan_all(kernel.as_ref(), &header, target, nonces.clone());
            prop_assert_eq!(&found, &hits, "{}", kernel.name());
        }
    }

    #[test]
    fn a_target_that_equals_the_hash_is_met_and_one_less_is_not(header in headers(), nonce: u32) {
        let hash = sha256d(&with_nonce(header, nonce));
        let mut less = hash;
        let lowest = less.iter().position(|byte| *byte != 0).unwrap();
        less[..lowest].fill(0xff);
        less[lowest] -= 1;
        for kernel in kernels_here() {
            let name = kernel.name();
            let found = scan_all(kernel.as_ref(), &header, hash, nonce..=nonce);
            prop_assert_eq!(found, vec![nonce], "{}", name);
            let found = scan_all(kernel.as_ref(), &header, less, nonce..=nonce);
            prop_assert!(found.is_empty(), "{}", name);
        }
    }
}

#[test]
fn the_top_word_alone_does_not_make_a_hit() {
    for kernel in kernels_here() {
        let header = [3; 80];
        let nonces = 0..=200;
        for nonce in nonces.clone() {
            let mut target = sha256d(&with_nonce(header, nonce));
            target[..28].fill(0);
            let found = scan_all(kernel.as_ref(), &header, target, nonces.clone());
            assert!(!found.contains(&nonce), "{}", kernel.name());
            assert_eq!(found, plain_all(header, target, nonces.clone()));
        }
    }
}

#[test]
fn the_ends_of_the_nonce_range_are_scanned_and_it_does_not_wrap() {
    let header = [7; 80];
    for kernel in kernels_here() {
        for length in [1, 2, 20, 31, 32, 33, 64, 100] {
            let tail = (u32::MAX - (length - 1))..=u32::MAX;
            let found = scan_all(kernel.as_ref(), &header, [0xff; 32], tail.clone());
            assert_eq!(found, tail.clone().collect::<Vec<_>>(), "{}", kernel.name());
            let head = 0..=length - 1;
            let found = scan_all(kernel.as_ref(), &header, [0xff; 32], head.clone());
            assert_eq!(found, head.clone().collect::<Vec<_>>(), "{}", kernel.name());

            let search = SearchHeader::new(&header, [0; 32]);
            assert_eq!(kernel.scan(&search, tail), Ok(None));
            assert_eq!(kernel.scan(&search, head), Ok(None));
        }
    }
}

#[test]
#[allow(clippy::reversed_empty_ranges)]
fn an_empty_range_has_no_hit() {
    let search = SearchHeader::new(&[0; 80], [0xff; 32]);
    for kernel in kernels_here() {
        assert_eq!(kernel.scan(&search, 5..=4), Ok(None), "{}", kernel.name());
    }
}

#[test]
fn chunks_are_whole_batches_and_not_too_long() {
    for kernel in kernels_here()
        .iter()
        .filter(|kernel| kernel.name() != "gpu")
    {
        assert_eq!(kernel.chunk() % 32, 0, "{}", kernel.name());
        assert!(
            (1_024..=8_192).contains(&kernel.chunk()),
            "{}",
            kernel.name()
        );
    }
}
