//! Who of the validators is there, and who is away.

use std::collections::BTreeSet;

use bolao_chain::{Attendance, CoreConfig, Event};
use bolao_ledger::{Height, StateView};
use bolao_simulator::Sim;

use super::{check, config, height, join, pool_of, settled, validators, vote};

/// Who is there, as a node knows it.
fn attendance(sim: &Sim, node: usize) -> &Attendance {
    let mut events = sim.events(node).iter().rev();
    let last = events.find_map(|event| match event {
        Event::Attendance(attendance) => Some(attendance),
        _ => None,
    });
    last.unwrap()
}

/// Who is away, as a node knows it.
fn away(sim: &Sim, node: usize) -> Vec<usize> {
    let accounts: Vec<_> = attendance(sim, node).away().collect();
    let is_away = |who: &usize| accounts.contains(&vote(*who).account);
    (0..sim.count()).filter(is_away).collect()
}

#[test]
fn who_is_there_is_known_and_who_misses_three_blocks_is_away() {
    let mut sim = validators(4, 12);
    let observer = sim.add(CoreConfig::default());
    sim.connect_all();
    let voted = |sim: &Sim, node: usize, who: usize| {
        let all = attendance(sim, node).validators.iter();
        let mut own = all.filter(|one| one.account == vote(who).account);
        own.next().unwrap().last_vote.map(|last| last.height.0)
    };
    assert_eq!(voted(&sim, observer, 0), None);
    sim.submit(0, join(&sim, 1));
    sim.run_ms(3_000);
    sim.crash(3);
    for node in [0, observer] {
        assert!((0..4).all(|who| voted(&sim, node, who) == Some(1)));
    }
    for player in 2..=4 {
        assert_eq!(away(&sim, observer), [0_usize; 0]);
        sim.submit(0, join(&sim, player));
        let before = height(&sim, observer);
        assert!(sim.run_until(10_000, |sim| height(sim, observer) > before));
    }
    sim.run_ms(12_000);
    for node in [0, observer] {
        assert_eq!(away(&sim, node), [3], "{}", sim.state());
        assert_eq!(attendance(&sim, node).waits_since, None);
        assert_eq!(voted(&sim, node, 3), Some(1));
        assert!((0..3).all(|who| voted(&sim, node, who) == Some(height(&sim, 0))));
    }
    // Who has nothing to vote on is not away, however long that is.
    sim.restart(3);
    sim.connect_all();
    sim.run_ms(5_000);
    sim.submit(3, join(&sim, 5));
    sim.run_ms(60_000);
    for node in [0, observer] {
        assert_eq!(away(&sim, node), [0_usize; 0]);
        assert_eq!(voted(&sim, node, 3), Some(height(&sim, 0)));
    }
    check(&sim);
}

#[test]
fn who_has_heard_nobody_calls_nobody_away() {
    let mut sim = validators(2, 4);
    let newcomer = sim.add(CoreConfig::default());
    sim.submit(newcomer, join(&sim, 1));
    sim.run_ms(30_000);
    assert!(attendance(&sim, newcomer).waits_since.is_some());
    assert_eq!(away(&sim, newcomer), [0_usize; 0]);
    // Once it has heard them it can say who is away.
    sim.connect_all();
    assert!(sim.run_until(10_000, |sim| settled(sim, 1)));
    sim.crash(1);
    sim.submit(newcomer, join(&sim, 2));
    sim.run_ms(30_000);
    assert_eq!(away(&sim, newcomer), [1]);
    check(&sim);
}

#[test]
fn without_one_of_four_it_goes_on_and_without_two_it_waits() {
    let mut sim = validators(4, 4);
    sim.crash(3);
    sim.submit(0, join(&sim, 1));
    let joined = |node: usize, sim: &Sim| sim.core(node).pending() == 0 && height(sim, node) > 0;
    assert!(sim.run_until(10_000, |sim| (0..3).all(|node| joined(node, sim))));
    sim.crash(2);
    let before = height(&sim, 0);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(60_000);
    assert_eq!((height(&sim, 0), sim.core(0).pending()), (before, 1));
    assert_eq!(away(&sim, 0), [2, 3]);
    assert_eq!(away(&sim, 1), [2, 3]);
    assert!(attendance(&sim, 0).waits_since.is_some());
    // What waits is on the disk.
    sim.crash(0);
    sim.restart(0);
    assert_eq!(sim.core(0).pending(), 1);
    sim.restart(2);
    sim.connect_all();
    assert!(
        sim.run_until(30_000, |sim| (0..3).all(|node| height(sim, node) > before)),
        "{}",
        sim.state()
    );
    sim.restart(3);
    sim.connect_all();
    assert!(
        sim.run_until(30_000, |sim| settled(sim, 2)),
        "{}",
        sim.state()
    );
    assert_eq!(away(&sim, 1), [0_usize; 0]);
    check(&sim);
}

#[test]
fn validators_who_are_there_but_do_not_agree_are_told_from_those_who_are_away() {
    let mut sim = validators(4, 5);
    sim.crash(3);
    sim.set_clock(2, 60);
    sim.submit(0, join(&sim, 1));
    sim.run_ms(60_000);
    assert_eq!((height(&sim, 0), away(&sim, 0)), (0, vec![3]));
    assert!(
        attendance(&sim, 0).disagreement.is_some(),
        "{}",
        sim.state()
    );
    let account = |node: usize| vote(node).account;
    let mut against = BTreeSet::new();
    for _ in 0..60 {
        sim.run_ms(1_000);
        let told = attendance(&sim, 0).disagreement.as_ref().unwrap();
        assert!(!told.missing.contains(&account(3)), "is away: {told:?}");
        assert!(!told.missing.contains(&account(0)), "is here: {told:?}");
        against.extend(told.against.clone());
    }
    assert!(against.contains(&account(2)), "{against:?}");
    sim.crash(2);
    sim.run_ms(60_000);
    assert_eq!(away(&sim, 0), [2, 3]);
    assert!(
        attendance(&sim, 0).disagreement.is_none(),
        "{}",
        sim.state()
    );
}

#[test]
fn who_signed_twice_is_named_at_once_and_its_own_nodes_know_why_they_are_silent() {
    let mut signed_twice = 0;
    for seed in 0..36 {
        let mut configs: Vec<_> = (0..3).map(config).collect();
        configs.push(config(2));
        let mut sim = Sim::of(&pool_of(3), configs, seed);
        sim.connect_all();
        sim.run_ms(1_000);
        let twice = |sim: &Sim, node: usize| attendance(sim, node).twice().collect::<Vec<_>>();
        let copied = |sim: &Sim| (2..4).any(|node| attendance(sim, node).copied);
        for player in 0..20 {
            sim.submit(2, join(&sim, 2 * player + 1));
            sim.submit(3, join(&sim, 2 * player + 2));
            if sim.run_until(2_000, |sim| copied(sim)) {
                break;
            }
        }
        assert!(copied(&sim), "{}", sim.state());
        sim.run_ms(1_000);
        let two = vote(2).account;
        if twice(&sim, 0).is_empty() && twice(&sim, 1).is_empty() {
            // One of them heard the other in time, and signed nothing.
            continue;
        }
        signed_twice += 1;
        for node in 0..2 {
            assert_eq!(twice(&sim, node), [two], "{}", sim.state());
            assert!(
                attendance(&sim, node).waits_since.is_some(),
                "{seed} {:?} {}",
                attendance(&sim, node),
                sim.state()
            );
            assert!(!attendance(&sim, node).copied, "{}", sim.state());
        }
        // As long as it lasts, nobody says that it is away.
        sim.run_ms(60_000);
        for node in 0..2 {
            assert_eq!(twice(&sim, node), [two], "{}", sim.state());
            assert_eq!(away(&sim, node), [0_usize; 0]);
        }
        // One is stopped, the other starts again: twice, if it heard not all that the first one had signed.
        sim.crash(3);
        let done = |sim: &Sim| (0..3).all(|node| sim.core(node).pending() == 0);
        for _ in 0..2 {
            sim.crash(2);
            sim.restart(2);
            sim.connect_all();
            if sim.run_until(60_000, done) {
                break;
            }
        }
        assert!(
            sim.run_until(60_000, done),
            "{seed} {:?} {:?} {:?} {:?}",
            attendance(&sim, 0),
            attendance(&sim, 1),
            attendance(&sim, 2),
            (0..3)
                .map(|n| (height(&sim, n), sim.core(n).pending()))
                .collect::<Vec<_>>()
        );
        for node in 0..3 {
            assert_eq!(twice(&sim, node), []);
            assert!(!attendance(&sim, node).copied, "{}", sim.state());
        }
    }
    assert!(signed_twice > 3, "{signed_twice}");
}

/// Two machines with the home of a pool's only validator.
fn twins() -> Sim {
    let mut sim = Sim::of(&pool_of(1), vec![config(0), config(0)], 1);
    sim.connect_all();
    sim.run_ms(60_000);
    sim
}

#[test]
fn a_lone_validator_whose_home_runs_twice_makes_no_block_after_one_that_it_did_not_sign() {
    let elsewhere = |sim: &Sim| [0, 1].map(|node| attendance(sim, node).elsewhere);
    let mut sim = twins();
    // Together they would make the same block of what both hear at once.
    sim.disconnect(0, 1);
    sim.submit(1, join(&sim, 1));
    sim.run_ms(2_000);
    sim.connect_all();
    sim.run_ms(5_000);
    assert_eq!(elsewhere(&sim), [Some(Height(1)), None], "{}", sim.state());
    // What it hears now only the other takes into a block.
    sim.disconnect(0, 1);
    sim.submit(0, join(&sim, 2));
    sim.run_ms(10_000);
    assert_eq!(height(&sim, 0), 1);
    assert!(attendance(&sim, 0).copied);
    sim.connect_all();
    assert!(sim.run_until(10_000, |sim| height(sim, 0) == 2));
    // The other is stopped, and this one starts again.
    sim.crash(1);
    sim.crash(0);
    sim.restart(0);
    sim.submit(0, join(&sim, 3));
    sim.run_ms(10_000);
    let state = sim.core(0).reader().snapshot().unwrap();
    assert_eq!(
        (state.totals().unwrap().transactions, sim.core(0).pending()),
        (3, 0)
    );
    assert_eq!(attendance(&sim, 0).elsewhere, None);
}

#[test]
fn a_home_that_was_put_back_is_not_accused_of_the_blocks_that_it_has_forgotten() {
    let mut sim = twins();
    sim.crash(0);
    for player in 1..=3 {
        sim.submit(1, join(&sim, player));
        sim.run_ms(2_000);
    }
    sim.restart(0);
    sim.connect_all();
    assert!(sim.run_until(30_000, |sim| height(sim, 0) == 3));
    sim.run_ms(10_000);
    assert_eq!(attendance(&sim, 0).elsewhere, None, "{}", sim.state());
}
