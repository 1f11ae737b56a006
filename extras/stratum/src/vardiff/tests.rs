#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

const PER_MINUTE: u32 = 12;

fn block() -> Difficulty {
    Difficulty::from_hashes(60)
}

fn vardiff() -> Vardiff {
    Vardiff::new(
        Difficulty::from_hashes(22),
        Difficulty::from_hashes(12),
        PER_MINUTE,
    )
}

/// Lets a miner of this many hashes a second mine, shares as regular as can be, or with gaps as
/// chance gives them (from `draws`); gives the shares of each minute.
fn mine(
    vardiff: &mut Vardiff,
    speed: f64,
    minutes: u64,
    block: Difficulty,
    draws: &[f64],
) -> Vec<u32> {
    let mut counts = vec![0; usize::try_from(minutes).unwrap()];
    let end = Duration::from_secs(60 * minutes);
    let (mut now, mut tick) = (vardiff.since, vardiff.since + Duration::from_secs(5));
    let end = now + end;
    let start = now;
    let mut draws = draws.iter().cycle();
    loop {
        let difficulty = vardiff.difficulty(block);
        let hashes = difficulty.value() * 4_294_967_296.0;
        let gap = draws.next().map_or(1.0, |draw| -(1.0 - draw).ln());
        let share = now + Duration::from_secs_f64((hashes / speed * gap).min(1e6));
        while tick < share && tick < end {
            if vardiff.retarget(block, tick) {
                break;
            }
            tick += Duration::from_secs(5);
        }
        if tick < share && tick < end {
            // The difficulty changed while it searched: it starts anew.
            now = tick;
            tick += Duration::from_secs(5);
            continue;
        }
        if share >= end {
            return counts;
        }
        now = share;
        tick = tick.max(now);
        counts[usize::try_from(now.saturating_sub(start).as_secs() / 60).unwrap()] += 1;
        vardiff.share(difficulty);
        vardiff.retarget(block, now);
    }
}

#[test]
fn every_speed_comes_to_the_wanted_rate() {
    for speed in [1e4, 1e5, 1e6, 12e6, 50e6, 1e9, 1e12, 1e15] {
        let mut vardiff = vardiff();
        let counts = mine(&mut vardiff, speed, 12, block(), &[]);
        for count in &counts[8..] {
            assert!((8..=19).contains(count), "{speed}: {counts:?}");
        }
        let flood: u32 = counts.iter().sum();
        assert!(flood < 400, "{speed}: {counts:?}");
    }
}

#[test]
fn a_miner_that_slows_down_is_met() {
    let mut vardiff = vardiff();
    mine(&mut vardiff, 1e9, 10, block(), &[]);
    let counts = mine(&mut vardiff, 1e6, 20, block(), &[]);
    assert!(
        counts[15..].iter().all(|count| (8..=19).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn no_share_is_harder_than_a_block() {
    let mut vardiff = vardiff();
    let block = Difficulty::from_hashes(24);
    mine(&mut vardiff, 1e9, 2, block, &[]);
    assert_eq!(vardiff.difficulty(block), block.eased());
    let easier = Difficulty::from_hashes(10);
    assert_eq!(vardiff.difficulty(easier), easier.eased());
}

#[test]
fn the_floor_holds() {
    let mut vardiff = vardiff();
    mine(&mut vardiff, 1.0, 30, block(), &[]);
    assert_eq!(vardiff.difficulty(block()), Difficulty::from_hashes(12));
    vardiff.set(Difficulty::MIN, Duration::ZERO);
    assert_eq!(vardiff.difficulty(block()), Difficulty::from_hashes(12));
}

#[test]
fn the_rules_one_by_one() {
    let seconds = Duration::from_secs;
    let start = Difficulty::from_hashes(22);
    // A fast miner: sixteen shares in a second, five times a minute's worth and more.
    let mut fast = vardiff();
    for share in 1..16 {
        fast.share(start);
        assert!(!fast.retarget(block(), seconds(1)), "after {share}");
    }
    fast.share(start);
    assert!(fast.retarget(block(), seconds(1)));
    assert!((fast.difficulty(block()).value() / start.value() - 64.0).abs() < 1e-9);
    // No share.
    let mut slow = vardiff();
    assert!(!slow.retarget(block(), seconds(29)));
    assert!(slow.retarget(block(), seconds(30)));
    assert!((slow.difficulty(block()).value() / start.value() - 0.25).abs() < 1e-9);
    // Within the band nothing changes, and counting starts anew.
    let mut right = vardiff();
    (0..18).for_each(|_| right.share(start));
    assert!(!right.retarget(block(), seconds(90)));
    assert_eq!((right.shares, right.since), (0, seconds(90)));
    // Outside the band it does at the window's end, not before.
    (0..9).for_each(|_| right.share(start));
    assert!(!right.retarget(block(), seconds(179)));
    assert!(right.retarget(block(), seconds(180)));
    assert!((right.difficulty(block()).value() / start.value() - 0.5).abs() < 1e-9);
}

proptest! {
    /// With chance in play the rate stays near the wanted one, and never floods.
    #[test]
    fn chance_does_not_upset_it(
        draws in proptest::collection::vec(0.0_f64..1.0, 300..400),
        log_speed in 4.5_f64..12.0,
    ) {
        let mut vardiff = vardiff();
        let counts = mine(&mut vardiff, 10_f64.powf(log_speed), 30, block(), &draws);
        let settled: u32 = counts[10..].iter().sum();
        prop_assert!((100..=500).contains(&settled), "{:?}", counts);
        prop_assert!(counts.iter().all(|count| *count < 400), "{:?}", counts);
    }
}
