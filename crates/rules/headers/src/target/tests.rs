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

/// Gives the number of leading zero bits that the hashes that meet a target have.
fn zero_bits(bits: CompactTarget) -> u32 {
    let bytes = Target::from_compact(bits).to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let next = bytes.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap() * 8 + next
}

/// Blocks that a machine of 2^43 hashes a second (some 9 TH/s) finds in a minute in a quiet pool with a new pool's target.
fn burst(genesis: &Genesis) -> (Height, UnixSeconds) {
    let start = genesis.created.0 + 7 * 86_400;
    let (mut height, mut spent) = (Height(0), 0_u128);
    while spent < 60 << 43 {
        let seconds = u64::try_from(spent >> 43).unwrap();
        let bits = required_bits(genesis, height, UnixSeconds(start + seconds));
        spent += 1 << zero_bits(bits);
        height = height.next();
    }
    (height, UnixSeconds(start + 60))
}

#[test]
fn after_a_burst_of_hash_power_a_hybrid_pool_goes_on_within_ten_minutes() {
    let pow = Genesis {
        created: UnixSeconds(1_000_000),
        target: bolao_ledger::DEFAULT_TARGET,
        ..Genesis::article()
    };
    let hybrid = hybrid(pow.clone());
    let (height, parent) = burst(&hybrid);
    assert!(zero_bits(required_bits(&hybrid, height, parent)) > 40);
    // One core of a laptop: some 2^23 hashes a second.
    let found_after = |genesis: &Genesis| {
        let mut chance = 1.0_f64;
        let later = |seconds: u64| UnixSeconds(parent.0 + seconds);
        (1..7_200).find(|seconds| {
            let bits = zero_bits(bits_at(genesis, height, parent, later(*seconds)));
            chance *= (-(0.5_f64.powi(i32::try_from(bits).unwrap() - 23))).exp();
            chance < 0.01
        })
    };
    let found = found_after(&hybrid);
    assert!(found.is_some_and(|seconds| seconds < 600), "{found:?}");
    assert_eq!(found_after(&pow), None, "the control");
}

/// A pool whose blocks a validator makes final.
fn hybrid(genesis: Genesis) -> Genesis {
    let validator = bolao_ledger::Validator {
        account: bolao_ledger::AccountId([1; 32]),
        key: bolao_ledger::ValidatorKey([2; 32]),
        weight: 1,
    };
    Genesis {
        consensus: bolao_ledger::Consensus::Hybrid(bolao_ledger::Hybrid::appointed([validator])),
        ..genesis
    }
}

/// # Rule A5, as `vectors/asert.py` has it.
#[test]
#[allow(clippy::indexing_slicing)]
fn vectors_of_targets_that_ease() {
    let pools: serde_json::Value =
        serde_json::from_str(include_str!("../../vectors/eased.json")).unwrap();
    let pools = pools.as_array().unwrap();
    assert!(pools.len() >= 6);
    let mut eased = 0;
    for pool in pools {
        let number = |key: &str| u32::try_from(pool[key].as_u64().unwrap()).unwrap();
        let genesis = hybrid(Genesis {
            target: TargetRule::Asert {
                zero_bits_at_start: number("zero_bits_at_start").try_into().unwrap(),
                block_interval_s: number("block_interval_s"),
                half_life_s: number("half_life_s"),
            },
            ..asert()
        });
        for point in pool["points"].as_array().unwrap() {
            let number = |place: usize| point[place].as_u64().unwrap();
            let since = |place| UnixSeconds(genesis.created.0 + number(place));
            let (height, parent, time) = (Height(number(0)), since(1), since(2));
            let bits = bits_at(&genesis, height, parent, time);
            let shown = format!("{:#010x}", bits.to_consensus());
            assert_eq!(shown, point[3], "{}: {point}", pool["name"]);
            eased += usize::from(bits != required_bits(&genesis, height, parent));
        }
    }
    assert!(eased > 100, "{eased}");
}

#[test]
fn a_target_eases_step_by_step_down_to_the_limit() {
    let genesis = hybrid(asert());
    // An hour ahead of the pace.
    let (height, parent) = (Height(120), UnixSeconds(genesis.created.0 + 3_600));
    let at = |seconds: u64| bits_at(&genesis, height, parent, UnixSeconds(parent.0 + seconds));
    let first = required_bits(&genesis, height, parent);
    assert_eq!((zero_bits(first), at(0), at(120)), (21, first, first));
    let zeros = [121, 140, 141, 160, 161].map(|seconds| zero_bits(at(seconds)));
    assert_eq!(zeros, [20, 20, 19, 19, 18]);
    assert_eq!(at(1 << 40), target_limit(&genesis).to_compact_lossy());
    for seconds in [0, 120, 121, 141] {
        let time = UnixSeconds(parent.0 + seconds);
        let end = bits_hold_until(&genesis, height, parent, time).unwrap();
        let end = end.0 - parent.0;
        assert_eq!(at(seconds), at(end));
        assert_ne!(at(seconds), at(end + 1));
    }
    let last = UnixSeconds(parent.0 + 1_000_000);
    assert_eq!(bits_hold_until(&genesis, height, parent, last), None);
}
