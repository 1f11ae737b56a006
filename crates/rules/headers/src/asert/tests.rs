#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{CompactTarget, Target};
use serde_json::Value;

use super::*;

fn bits(value: &Value) -> CompactTarget {
    let text = value.as_str().unwrap().trim_start_matches("0x");
    CompactTarget::from_consensus(u32::from_str_radix(text, 16).unwrap())
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

#[test]
fn vectors() {
    let runs: Vec<Value> = serde_json::from_str(include_str!("../../vectors/asert.json")).unwrap();
    assert!(runs.len() >= 7);
    for run in runs {
        let asert = Asert {
            anchor: Target::from_compact(bits(&run["anchor_bits"])),
            limit: Target::from_compact(bits(&run["limit_bits"])),
            interval_s: number(&run["interval_s"]).try_into().unwrap(),
            half_life_s: number(&run["half_life_s"]).try_into().unwrap(),
        };
        for point in run["points"].as_array().unwrap() {
            let time = number(&point[1]) - number(&run["anchor_parent_time"]);
            let height = number(&point[0]) - number(&run["anchor_height"]);
            let got = asert.next_target(time.into(), height.try_into().unwrap());
            assert_eq!(
                got.to_compact_lossy(),
                bits(&point[2]),
                "{} at {point}",
                run["name"]
            );
        }
    }
}

#[test]
fn extremes_stay_within_one_and_the_limit() {
    let limit = eased(Target::from_be_bytes([0xff; 32]), 0);
    for half_life_s in [0, 1, u32::MAX] {
        let asert = Asert {
            anchor: limit,
            limit,
            interval_s: u32::MAX,
            half_life_s,
        };
        let easiest = asert.next_target(i128::from(u64::MAX), 0);
        assert!(easiest <= limit);
        let hardest = asert.next_target(-i128::from(u64::MAX), u64::MAX);
        assert!(
            hardest
                >= Target::from_le_bytes({
                    let mut one = [0; 32];
                    one[0] = 1;
                    one
                })
        );
    }
}

#[test]
fn easing_stops_at_one_zero_bit() {
    let hard = Target::from_compact(CompactTarget::from_consensus(0x1f00_ffff));
    let eight = eased(hard, 8).to_compact_lossy();
    assert_eq!(eight, CompactTarget::from_consensus(0x2000_ffff));
    assert_eq!(
        eased(hard, 100).to_compact_lossy(),
        CompactTarget::from_consensus(0x207f_ffff)
    );
}
