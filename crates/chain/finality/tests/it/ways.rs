//! What a pool of validators does in ordinary and less ordinary days.

use crate::sim::{Plan, Sim};

fn run(sim: &mut Sim, heights: u64, limit: u64) {
    let done = sim.run_to(heights, limit);
    assert!(done, "{}", sim.describe());
    assert_eq!((sim.forks(), sim.double_votes()), (0, 0));
}

#[test]
fn nothing_is_sent_or_waited_for_while_nothing_waits() {
    let mut sim = Sim::new(Plan::of(4), 3);
    run(&mut sim, 10, 60_000);
    sim.run(10_000);
    let (sent, trace) = (sim.sent, sim.trace);
    assert!(sim.rests(), "{}", sim.describe());
    sim.run(3_600_000);
    assert_eq!((sim.sent, sim.trace), (sent, trace));
    sim.plan.heights = 11;
    run(&mut sim, 11, 60_000);
}

#[test]
fn one_validator_decides_alone() {
    let mut sim = Sim::new(Plan::of(1), 4);
    run(&mut sim, 10, 10_000);
    assert!(sim.longest() <= 1, "{} ms", sim.longest());
}

#[test]
fn one_of_four_may_be_away() {
    let mut sim = Sim::new(Plan::of(4), 5);
    sim.plan.heights = 40;
    sim.kill(2);
    let alive = |sim: &Sim| [0, 1, 3].map(|node| sim.height(node));
    for _ in 0..600 {
        sim.run(100);
    }
    assert_eq!(alive(&sim), [40; 3], "{}", sim.describe());
    // A round of the one that is away, and another of one at which nothing waits.
    assert!(sim.longest() < 4_000, "{} ms", sim.longest());
    sim.restart(2);
    run(&mut sim, 40, 60_000);
}

#[test]
fn with_two_of_four_away_nothing_is_decided_until_one_returns() {
    let mut sim = Sim::new(Plan::of(4), 6);
    sim.plan.heights = 30;
    run(&mut sim, 3, 60_000);
    sim.kill(0);
    sim.kill(3);
    sim.run(2_000);
    let before = sim.height(1).max(sim.height(2));
    sim.run(600_000);
    assert_eq!(sim.height(1).max(sim.height(2)), before);
    sim.restart(3);
    for _ in 0..100 {
        sim.run(1_000);
    }
    assert_eq!(sim.height(1), 30, "{}", sim.describe());
    assert_eq!((sim.forks(), sim.double_votes()), (0, 0));
}

#[test]
fn a_proposer_without_anything_lets_the_next_have_a_turn() {
    let plan = Plan {
        only: Some(2),
        ..Plan::of(4)
    };
    let mut sim = Sim::new(plan, 7);
    run(&mut sim, 10, 240_000);
    let found = sim.decided.values().flatten();
    assert!(found.into_iter().all(|decision| decision.hash.0[0] == 2));
    assert!(sim.rests());
}

#[test]
fn refused_blocks_are_voted_down_at_once_and_others_decided() {
    let plan = Plan {
        idle_percent: 0,
        refused: Some(1),
        heights: 30,
        ..Plan::of(4)
    };
    let mut sim = Sim::new(plan, 8);
    run(&mut sim, 30, 240_000);
    let found = sim.decided.values().flatten();
    assert!(found.into_iter().all(|decision| decision.hash.0[0] != 1));
    // The time of a round's votes, but not that of its proposal.
    assert!(sim.longest() < 600, "{} ms", sim.longest());
}

#[test]
fn who_refuses_what_enough_others_vote_for_is_asked_again() {
    let plan = Plan {
        idle_percent: 0,
        refused: Some(1),
        doubter: Some(3),
        heights: 30,
        ..Plan::of(4)
    };
    let mut sim = Sim::new(plan, 11);
    run(&mut sim, 30, 240_000);
    assert!(sim.precommits(3, 1) > 0);
    assert!(sim.longest() < 600, "{} ms", sim.longest());
}

#[test]
fn validators_that_cannot_reach_one_another_are_reached_by_way_of_others() {
    let plan = Plan {
        idle_percent: 0,
        ..Plan::of(4)
    };
    let mut sim = Sim::new(plan, 9);
    // A ring: 0, 1, 2, 3.
    sim.cuts = [(0, 2), (1, 3)].into();
    run(&mut sim, 10, 60_000);
    assert!(sim.longest() < 600, "{} ms", sim.longest());
}

#[test]
fn halves_that_part_and_meet_again_go_on() {
    let mut sim = Sim::new(Plan::of(4), 10);
    sim.plan.heights = 20;
    run(&mut sim, 5, 60_000);
    sim.cuts = [(0, 2), (0, 3), (1, 2), (1, 3)].into();
    sim.run(60_000);
    assert!(sim.lowest() < 20);
    sim.cuts.clear();
    run(&mut sim, 20, 60_000);
}
