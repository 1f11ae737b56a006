//! Every kernel beside the plain double hash, nonce by nonce: 2^22 nonces, or as many as
//! `BOLAO_EXHAUSTIVE` says as a power of two (28 takes a few minutes,
//! so run it by `cargo test`, which has no limit of time).

use std::env;

use bolao_miner::{Kernel, SearchHeader};
use bolao_work::{meets_target, sha256d};

use crate::kernels_here;

/// So low that one nonce in 2^12 meets it.
const TARGET: [u8; 32] = {
    let mut target = [0xff; 32];
    (target[30], target[31]) = (0x0f, 0);
    target
};

fn nonces() -> std::ops::RangeInclusive<u32> {
    let bits = env::var("BOLAO_EXHAUSTIVE").map_or(22, |bits| bits.parse().unwrap());
    assert!(
        (12..=32).contains(&bits),
        "got 2^{bits} nonces, want 2^12 to 2^32"
    );
    0..=u32::try_from((1_u64 << bits) - 1).unwrap()
}

/// In the chunks in which the miner asks.
fn hits_of(kernel: &dyn Kernel, header: &[u8; 80]) -> Vec<u32> {
    let search = SearchHeader::new(header, TARGET);
    let (mut start, last) = nonces().into_inner();
    let mut hits = Vec::new();
    loop {
        let end = start.saturating_add(kernel.chunk() - 1).min(last);
        let hit = kernel.scan(&search, start..=end).unwrap();
        hits.extend(hit);
        let reached = hit.unwrap_or(end);
        if reached == last {
            return hits;
        }
        start = reached + 1;
    }
}

#[test]
fn every_kernel_finds_all_hits_and_no_others_slow() {
    let mut header: [u8; 80] = std::array::from_fn(|i| i as u8);
    let plain: Vec<u32> = nonces()
        .filter(|nonce| {
            header[76..].copy_from_slice(&nonce.to_le_bytes());
            meets_target(&sha256d(&header), &TARGET)
        })
        .collect();
    assert!(!plain.is_empty());
    for kernel in kernels_here() {
        let hits = hits_of(kernel.as_ref(), &header);
        assert!(
            hits == plain,
            "{}: {} hits, want {}",
            kernel.name(),
            hits.len(),
            plain.len()
        );
    }
}
