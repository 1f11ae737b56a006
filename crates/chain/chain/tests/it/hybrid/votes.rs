//! Votes alone: blocks become final, whoever is away, crashes or comes late.

use bolao_chain::CoreConfig;
use bolao_simulator::Sim;

use super::{all_final, last_final, nodes, pool_of};
use crate::voting::{audited, check, config, height, join, settled};

#[test]
fn one_validator_makes_each_block_final_at_once() {
    let mut sim = nodes(1, 1, 1);
    for player in 1..=3 {
        sim.submit(1, join(&sim, player));
        sim.run_ms(100);
        let block = sim.mine(1);
        assert!(sim.run_until(2_000, all_final), "{}", sim.state());
        assert_eq!(sim.tip(0), block.hash());
    }
    assert_eq!((last_final(&sim, 0), last_final(&sim, 1)), (3, 3));
    check(&sim);
    (0..2).for_each(|node| audited(&sim, node));
}

#[test]
fn validators_agree_on_blocks_that_anybody_finds() {
    for count in [2, 4, 7] {
        let mut sim = nodes(count, 2, 2);
        for player in 1..=6 {
            sim.submit(usize::from(player) % count, join(&sim, player));
            sim.run_ms(150);
            sim.mine(usize::from(player) % (count + 2));
        }
        let done = |sim: &Sim| settled(sim, 6) && all_final(sim);
        assert!(sim.run_until(5_000, done), "{}", sim.state());
        check(&sim);
        (0..count).for_each(|node| audited(&sim, node));
    }
}

#[test]
fn where_two_find_a_block_at_once_one_becomes_final() {
    for seed in 0..10 {
        let mut sim = nodes(4, 1, seed);
        for round in 0..5 {
            sim.mine(round % 5);
            sim.mine((round + 2) % 5);
            let pause = sim.roll(100);
            sim.run_ms(pause);
        }
        assert!(sim.run_until(30_000, all_final), "{}", sim.state());
        check(&sim);
        audited(&sim, 4);
    }
}

#[test]
fn without_a_quorum_blocks_go_on_and_are_final_when_it_returns() {
    let mut sim = nodes(4, 1, 4);
    sim.mine(4);
    assert!(sim.run_until(2_000, all_final));
    sim.crash(2);
    sim.crash(3);
    for _ in 0..5 {
        sim.mine(4);
        sim.run_ms(2_000);
    }
    assert_eq!((height(&sim, 0), last_final(&sim, 0)), (6, 1));
    sim.restart(2);
    sim.connect_all();
    let up = |sim: &Sim| [0, 1, 2, 4].iter().all(|node| last_final(sim, *node) == 6);
    assert!(sim.run_until(30_000, up), "{}", sim.state());
    sim.restart(3);
    sim.connect_all();
    assert!(sim.run_until(30_000, all_final), "{}", sim.state());
    check(&sim);
    (0..5).for_each(|node| audited(&sim, node));
}

#[test]
fn who_joins_late_gets_the_certificates() {
    let mut sim = nodes(4, 0, 5);
    for _ in 0..150 {
        sim.mine(0);
        sim.run_ms(300);
    }
    assert!(sim.run_until(5_000, all_final), "{}", sim.state());
    let late = sim.add(CoreConfig::default());
    sim.connect(late, 1);
    assert!(sim.run_until(10_000, all_final), "{}", sim.state());
    audited(&sim, late);
    sim.mine(late);
    assert!(sim.run_until(5_000, all_final), "{}", sim.state());
    check(&sim);
}

#[test]
fn power_cuts_make_no_double_vote() {
    for seed in 0..3 {
        let mut sim = nodes(4, 1, seed);
        sim.links.jitter_ms = 80;
        sim.links.loss_percent = 2;
        for _ in 0..30 {
            let node = usize::try_from(sim.roll(4)).unwrap();
            sim.mine(node);
            let pause = sim.roll(150);
            sim.run_ms(pause);
            sim.crash(node);
            let down = sim.roll(60);
            sim.run_ms(down);
            sim.mine((node + 1) % 4);
            sim.restart(node);
            sim.connect_all();
            let pause = sim.roll(300);
            sim.run_ms(pause);
        }
        sim.links.loss_percent = 0;
        assert!(sim.run_until(60_000, all_final), "{}", sim.state());
        check(&sim);
        audited(&sim, 0);
    }
}

#[test]
fn a_lighter_branch_is_changed_to_when_validators_decided_it() {
    // One is cut off and mines more than the others, who decide.
    let configs = (0..4).map(config).collect();
    let mut sim = Sim::of(&pool_of(&[1; 4]), configs, 7);
    sim.connect_all();
    sim.run_ms(1_000);
    sim.partition(&[3]);
    for _ in 0..8 {
        sim.mine(3);
        sim.run_ms(500);
    }
    for _ in 0..3 {
        sim.mine(0);
        sim.run_ms(1_000);
    }
    assert_eq!((last_final(&sim, 0), last_final(&sim, 3)), (3, 0));
    sim.heal();
    assert!(sim.run_until(60_000, all_final), "{}", sim.state());
    assert_eq!(height(&sim, 3), 3);
    check(&sim);
}

#[test]
fn the_only_validator_comes_back_and_makes_final_what_was_mined_meanwhile() {
    for seed in 0..5 {
        let mut sim = nodes(1, 1, seed);
        for _ in 0..3 {
            sim.mine(0);
            sim.run_ms(500);
        }
        assert!(sim.run_until(2_000, all_final), "{}", sim.state());
        sim.crash(0);
        sim.mine(1);
        sim.run_ms(1_000);
        sim.mine(1);
        sim.restart(0);
        sim.connect_all();
        assert!(sim.run_until(10_000, all_final), "{}", sim.state());
        check(&sim);
    }
}

#[test]
fn a_validator_alone_makes_blocks_final_that_follow_at_once() {
    let mut sim = Sim::of(&pool_of(&[1]), vec![config(0)], 1);
    for player in 1..=5 {
        sim.submit(0, join(&sim, player));
        sim.mine(0);
        assert!(all_final(&sim), "{}", sim.state());
        let pause = sim.roll(100);
        sim.run_ms(pause);
    }
    check(&sim);
}

/// A validator's clock is two days ahead for a while. What it found then, and the others hold back, it leaves with its clock right
/// again: at once, or after a restart.
#[test]
fn a_validator_leaves_its_own_blocks_that_are_ahead() {
    for restarts in [false, true] {
        let mut sim = nodes(3, 1, 41);
        sim.mine(3);
        assert!(sim.run_until(2_000, all_final));
        sim.run_ms(15_000);
        sim.set_clock(2, 2 * 86_400);
        for player in 1..=3 {
            sim.submit(2, join(&sim, player));
            sim.mine(2);
            sim.run_ms(10_000);
        }
        assert_eq!((height(&sim, 2), height(&sim, 0)), (4, 1));
        sim.set_clock(2, 0);
        if restarts {
            sim.crash(2);
            sim.restart(2);
            sim.connect_all();
        }
        sim.run_ms(30_000);
        assert!(height(&sim, 2) < 4, "{}", sim.state());
        // One block of another's is enough.
        sim.mine(3);
        assert!(sim.run_until(30_000, all_final), "{}", sim.state());
        check(&sim);
        audited(&sim, 2);
    }
}

/// One block is ahead, and before the peers' clocks are known again, one of the right time stands on it: the median of eleven allows
/// that.
#[test]
fn a_validator_leaves_what_is_ahead_under_a_block_that_is_not() {
    for restarts in [false, true] {
        let mut sim = nodes(3, 1, 43);
        for _ in 0..12 {
            sim.mine(3);
            sim.run_ms(1_000);
        }
        assert!(sim.run_until(2_000, all_final), "{}", sim.state());
        sim.run_ms(15_000);
        sim.set_clock(2, 2 * 86_400);
        sim.submit(2, join(&sim, 1));
        let ahead = sim.mine(2);
        sim.run_ms(10_000);
        sim.set_clock(2, 0);
        if restarts {
            sim.crash(2);
            sim.restart(2);
        }
        sim.submit(2, join(&sim, 2));
        let above = sim.mine(2);
        assert_eq!(above.header.previous, ahead.hash());
        assert!(above.header.time() < ahead.header.time());
        assert_eq!((height(&sim, 2), height(&sim, 0)), (14, 12));
        sim.connect_all();
        sim.run_ms(30_000);
        assert!(height(&sim, 2) < 14, "{}", sim.state());
        // Both joined again, in a block of now.
        sim.mine(2);
        assert!(sim.run_until(30_000, all_final), "{}", sim.state());
        assert_eq!(height(&sim, 0), 13);
        check(&sim);
        audited(&sim, 2);
    }
}
