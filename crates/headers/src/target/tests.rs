#![allow(clippy::unwrap_used)]

use super::*;

fn asert() -> Genesis {
    Genesis {
        created: UnixSeconds(1_000_000),
        target: TargetRule::Asert {
            zero_bits_at_start: 20,
            block_interval_s: 60,
            half_life_s: 3_600,
        },
        ..Genesis::article()
    }
}

fn target(genesis: &Genesis, height: u64, seconds: u64) -> Target {
    let time = UnixSeconds(genesis.created.0 + seconds);
    Target::from_compact(required_bits(genesis, Height(height), time))
}

#[test]
fn fixed_pools_never_change() {
    let genesis = Genesis::article();
    for (height, time) in [(0, 0), (7, 1 << 31), (u64::MAX, u64::MAX)] {
        let bits = required_bits(&genesis, Height(height), UnixSeconds(time));
        assert_eq!(bits, genesis.target.initial_bits());
    }
}

#[test]
fn block_one_has_genesis_target_and_the_pace_keeps_it() {
    let genesis = asert();
    let first = Target::from_compact(genesis.target.initial_bits());
    for height in [0, 1, 2, 1_000, 100_000] {
        assert_eq!(target(&genesis, height, height * 60), first);
    }
}

#[test]
fn a_half_life_behind_doubles_and_one_ahead_halves() {
    let genesis = asert();
    let value = |seconds| {
        let target = target(&genesis, if seconds == 0 { 0 } else { 100 }, seconds);
        let bytes = target.to_be_bytes();
        bytes
            .iter()
            .fold(0.0, |sum, byte| sum * 256.0 + f64::from(*byte))
    };
    let (first, late, early) = (value(0), value(6_000 + 3_600), value(6_000 - 3_600));
    assert!((late / first - 2.0).abs() < 0.001, "{}", late / first);
    assert!((first / early - 2.0).abs() < 0.001, "{}", first / early);
}

#[test]
fn a_sleeping_pool_wakes_at_the_limit() {
    let genesis = asert();
    let limit = target_limit(&genesis);
    assert_eq!(
        target(&genesis, 5, 30 * 86_400).to_compact_lossy(),
        limit.to_compact_lossy()
    );
    let zeros = limit
        .to_be_bytes()
        .iter()
        .take_while(|byte| **byte == 0)
        .count();
    assert_eq!(zeros, 1, "20 bits less 8 are 12");
}
