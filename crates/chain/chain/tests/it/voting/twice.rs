//! Nobody signs two things of which it may sign one, and who does is found out.

use bolao_chain::Event;
use bolao_simulator::Sim;

use super::{audited, check, config, join, pool_of, settled, validator, validators};

/// Cuts the power of one after the other, often, in the midst of votes.
fn power_cuts(seed: u64, forget: bool) -> Sim {
    let mut sim = validators(4, seed);
    sim.forget_votes = forget;
    sim.links.jitter_ms = 80;
    sim.links.loss_percent = 2;
    for round in 0..50_u8 {
        let node = usize::try_from(sim.roll(4)).unwrap();
        sim.submit(node, join(&sim, 2 * round + 1));
        let pause = sim.roll(150);
        sim.run_ms(pause);
        sim.crash(node);
        let down = sim.roll(60);
        sim.run_ms(down);
        sim.submit((node + 1) % 4, join(&sim, 2 * round + 2));
        sim.restart(node);
        sim.connect_all();
        let pause = sim.roll(300);
        sim.run_ms(pause);
    }
    sim.links.loss_percent = 0;
    sim.run_ms(1_000);
    sim
}

#[test]
fn fifty_power_cuts_make_no_double_vote() {
    let wanted = std::env::var("BOLAO_SEEDS").ok();
    for seed in 0..wanted.map_or(2, |count| count.parse().unwrap()) {
        let mut sim = power_cuts(seed, false);
        let answered = (0..4).flat_map(|node| sim.replies(node));
        let answered = answered.filter(|(_, reply)| reply.is_ok()).count() as u64;
        let all = |sim: &Sim| (answered..=100).any(|joined| settled(sim, joined));
        assert!(sim.run_until(60_000, all), "{}", sim.state());
        // What was not answered may be gone: it is sent again.
        for who in 1..=100 {
            sim.submit(0, join(&sim, who));
        }
        assert!(
            sim.run_until(60_000, |sim| settled(sim, 100)),
            "{}",
            sim.state()
        );
        check(&sim);
        audited(&sim, 0);
    }
}

#[test]
fn without_the_log_there_are_double_votes() {
    let found = (0..5).map(|seed| power_cuts(seed, true).double_votes());
    assert!(found.sum::<usize>() > 0);
}

#[test]
fn a_key_that_votes_in_two_places_is_found_out_and_makes_no_fork() {
    let mut found = 0;
    for seed in 0..8 {
        let mut configs: Vec<_> = (0..4).map(config).collect();
        configs.push(config(0));
        let mut sim = Sim::of(&pool_of(4), configs, seed);
        for (a, b) in [(0, 1), (0, 2), (4, 3), (1, 2), (2, 3), (1, 3)] {
            sim.connect(a, b);
        }
        sim.run_ms(1_000);
        for player in 0..20 {
            sim.submit(0, join(&sim, 2 * player + 1));
            sim.submit(4, join(&sim, 2 * player + 2));
            sim.run_ms(500);
        }
        let all = |sim: &Sim| settled(sim, 40);
        assert!(sim.run_until(60_000, all), "{}", sim.state());
        for event in (1..4).flat_map(|node| sim.events(node)) {
            if let Event::Guilty(proof) = event {
                assert!(proof.is_proof(sim.genesis().pool_id()));
                assert_eq!(proof.key, validator(0, 1).key);
                found += 1;
            }
        }
        assert!((0..5).all(|node| sim.failure(node).is_none()));
    }
    assert!(found > 0);
}
