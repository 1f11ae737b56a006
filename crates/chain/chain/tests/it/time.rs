//! A miner who chooses timestamps as the rules allow gains next to nothing (time-warp).

use bolao_headers::{MEDIAN_BLOCKS, required_bits};
use bolao_ledger::{Genesis, Height, Target, TargetRule, UnixSeconds};
use proptest::prelude::*;

use crate::pool::START;

const INTERVAL: u32 = 60;
const HALF_LIFE: u32 = 3_600;
const FUTURE: u64 = 120;

fn pool() -> Genesis {
    Genesis {
        created: UnixSeconds(START),
        target: TargetRule::Asert {
            zero_bits_at_start: 24,
            block_interval_s: INTERVAL,
            half_life_s: HALF_LIFE,
        },
        ..Genesis::article()
    }
}

fn difficulty(genesis: &Genesis, height: u64, time: u64) -> f64 {
    let bits = required_bits(genesis, Height(height), UnixSeconds(time));
    let target = Target::from_compact(bits).to_be_bytes();
    let target = target
        .iter()
        .fold(0.0, |sum, byte| sum * 256.0 + f64::from(*byte));
    // That of Bitcoin's own easiest target is 1.
    f64::from(0xffff) * 2_f64.powi(208) / target
}

fn median(times: &[u64]) -> u64 {
    let mut last: Vec<u64> = times.iter().rev().take(MEDIAN_BLOCKS).copied().collect();
    last.sort_unstable();
    last[last.len() / 2]
}

proptest! {
    /// At any moment the difficulty is at least that of honest timestamps, but for what `max_future_s` allows.
    #[test]
    fn difficulty_cannot_be_talked_down(steps in prop::collection::vec((0_u64..400, 0.0_f64..=1.0), 1..200)) {
        let genesis = pool();
        let mut real = START;
        let mut times = vec![START];
        for (height, (passed, wish)) in (1_u64..).zip(steps) {
            real += passed;
            let (earliest, latest) = (median(&times), real + FUTURE);
            let span = (latest - earliest) as f64;
            times.push(earliest + (span * wish) as u64);
            let honest = difficulty(&genesis, height, real);
            let got = difficulty(&genesis, height, *times.last().unwrap());
            let bound = 2_f64.powf(FUTURE as f64 / f64::from(HALF_LIFE)) * 1.001;
            prop_assert!(honest / got <= bound, "{honest} / {got} at {height}");
        }
    }

    /// With a given hash rate, lies about time find at most a few blocks more than the pace, however long they last.
    #[test]
    fn lies_do_not_add_up(wishes in prop::collection::vec(0.0_f64..=1.0, 7), blocks in 100_u64..3_000) {
        let genesis = pool();
        let rate = difficulty(&genesis, 0, START) / f64::from(INTERVAL);
        let mut real = START as f64;
        let mut times = vec![START];
        for height in 0..blocks {
            let parent = *times.last().unwrap();
            real += difficulty(&genesis, height, parent) / rate;
            let (earliest, latest) = (median(&times), real as u64 + FUTURE);
            let wish = wishes[height as usize % wishes.len()];
            let span = latest.saturating_sub(earliest) as f64;
            times.push(earliest + (span * wish) as u64);
        }
        let fair = (real - START as f64) / f64::from(INTERVAL);
        let ahead = blocks as f64 - fair;
        prop_assert!(ahead <= FUTURE as f64 / f64::from(INTERVAL) + 2.0, "{ahead} blocks ahead");
    }
}
