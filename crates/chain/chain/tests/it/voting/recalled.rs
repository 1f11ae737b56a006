//! A validator that has lost what it signed, where no block comes without it.

use bolao_chain::{CoreConfig, Event};
use bolao_simulator::Sim;

use super::{config, join, settled, validator, validators};

/// The number of times that somebody was found to have signed twice. What reached nobody, nobody can hold against another.
fn found_out(sim: &Sim) -> usize {
    let events = (0..sim.count()).flat_map(|node| sim.events(node));
    events.filter(|it| matches!(it, Event::Guilty(_))).count()
}

/// A pool that cannot do without any of its validators, one of which loses its log in the midst of a vote.
fn lost(count: usize, seed: u64) -> Sim {
    let mut sim = validators(count, seed);
    sim.links.jitter_ms = 80;
    sim.submit(1, join(&sim, 1));
    let pause = sim.roll(250);
    sim.run_ms(pause);
    sim.crash(0);
    sim.run_ms(2_000);
    sim.submit(1, join(&sim, 2));
    sim.run_ms(10_000);
    sim.forget_votes = true;
    sim
}

fn starts(sim: &mut Sim, config: CoreConfig) {
    sim.configure(0, config);
    sim.restart(0);
    sim.connect_all();
    sim.forget_votes = false;
}

#[test]
fn two_of_two_and_three_of_three_go_on_and_sign_nothing_twice() {
    for (count, seed) in [2, 3]
        .into_iter()
        .flat_map(|it| (0..30).map(move |seed| (it, seed)))
    {
        let mut sim = lost(count, seed);
        let follows = CoreConfig {
            recalls: Some(validator(0, 1).key),
            ..CoreConfig::default()
        };
        starts(&mut sim, follows);
        assert!(!sim.core(0).has_recalled());
        let told = sim.run_until(30_000, |sim| sim.core(0).has_recalled());
        assert!(told, "{count} {seed}: {}", sim.state());
        sim.crash(0);
        starts(&mut sim, config(0));
        sim.submit(0, join(&sim, 3));
        let all = sim.run_until(120_000, |sim| settled(sim, 3));
        assert!(all, "{count} {seed}: {}", sim.state());
        assert_eq!(found_out(&sim), 0, "{count} {seed}: {}", sim.state());
        assert!((0..count).all(|node| sim.failure(node).is_none()));
        assert!(sim.blamed().is_empty(), "{:?}", sim.blamed());
    }
}

#[test]
fn without_asking_there_are_double_votes() {
    let found = (0..30).map(|seed| {
        let mut sim = lost(2, seed);
        starts(&mut sim, config(0));
        sim.run_ms(60_000);
        found_out(&sim)
    });
    assert!(found.sum::<usize>() > 0);
}

/// Who relays nothing of what a validator tells cannot make up for it.
#[test]
fn a_validator_that_is_not_there_has_told_nothing() {
    let mut sim = lost(3, 7);
    // A node without a vote answers, too.
    let watcher = sim.add(CoreConfig::default());
    sim.crash(2);
    let follows = CoreConfig {
        recalls: Some(validator(0, 1).key),
        ..CoreConfig::default()
    };
    starts(&mut sim, follows);
    sim.connect(0, watcher);
    sim.run_ms(60_000);
    assert!(!sim.core(0).has_recalled());
    sim.restart(2);
    sim.connect_all();
    assert!(sim.run_until(30_000, |sim| sim.core(0).has_recalled()));
}
