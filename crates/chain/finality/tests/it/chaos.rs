//! Safety and liveness under seeds, and controls that show that the tests can fail.

use crate::sim::{POOL, Plan, Sim, public};

pub(crate) fn seeds(ordinary: u64) -> std::ops::Range<u64> {
    let wanted = std::env::var("BOLAO_SEEDS").ok();
    0..wanted
        .and_then(|count| count.parse().ok())
        .unwrap_or(ordinary)
}

fn check(sim: &Sim, seed: u64) {
    assert_eq!(sim.forks(), 0, "seed {seed}: a fork\n{}", sim.describe());
    assert_eq!(sim.double_votes(), 0, "seed {seed}: a double vote");
}

/// Crashes by chance, often of several at a time, and then all is well.
fn chaos(plan: &Plan, seed: u64) -> Sim {
    let mut sim = Sim::new(plan.clone(), seed);
    for _ in 0..30 {
        let (pause, down) = (50 + sim.roll(400), 20 + sim.roll(800));
        sim.run(pause);
        let node = sim.roll(sim.count() as u64) as usize;
        sim.crash_in(0, node, down);
    }
    sim.run(2_000);
    sim.plan.loss_percent = 0;
    sim
}

fn chaotic(count: usize) -> Plan {
    Plan {
        loss_percent: 2,
        changing: true,
        heights: 40,
        ..Plan::of(count)
    }
}

#[test]
fn four_validators_decide_in_turn() {
    let mut sim = Sim::new(Plan::of(4), 1);
    assert!(sim.run_to(10, 60_000), "{}", sim.describe());
    check(&sim, 1);
    sim.run(5_000);
    assert!(
        sim.rests(),
        "nothing waits, and somebody does\n{}",
        sim.describe()
    );
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let run = |seed| chaos(&chaotic(4), seed).trace;
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn crashes_and_loss_make_no_fork_and_no_double_vote() {
    for seed in seeds(15) {
        let mut sim = chaos(&chaotic(4), seed);
        check(&sim, seed);
        assert!(sim.run_to(40, 120_000), "seed {seed}\n{}", sim.describe());
        check(&sim, seed);
        assert_eq!(sim.muted, 0, "seed {seed}");
        assert!(sim.backed > 0, "seed {seed}");
    }
}

#[test]
fn ten_validators_stand_it_too() {
    for seed in seeds(2) {
        let mut sim = chaos(&chaotic(10), seed);
        assert!(sim.run_to(40, 120_000), "seed {seed}\n{}", sim.describe());
        check(&sim, seed);
    }
}

#[test]
fn without_the_log_there_are_double_votes() {
    let plan = Plan {
        log: false,
        ..chaotic(4)
    };
    let found: usize = (0..5).map(|seed| chaos(&plan, seed).double_votes()).sum();
    assert!(found > 0);
}

#[test]
fn one_of_four_with_two_minds_makes_no_fork_and_is_found_out() {
    let plan = Plan {
        twins: vec![0],
        ..Plan::of(4)
    };
    let mut proofs = 0;
    for seed in seeds(5) {
        let mut sim = Sim::new(plan.clone(), seed);
        // Each of the two sees one half of the others.
        sim.cuts = [(0, 2), (0, 3), (1, 4), (0, 4)].into();
        assert!(sim.run_to(10, 240_000), "seed {seed}\n{}", sim.describe());
        check(&sim, seed);
        proofs += accusations(&sim, 0);
    }
    assert!(proofs > 0);
}

/// Proofs that this one cheated; there must be none against others.
fn accusations(sim: &Sim, liar: usize) -> usize {
    for proof in &sim.guilty {
        assert!(proof.is_proof(POOL));
        assert_eq!(proof.key, public(liar), "an honest validator is accused");
    }
    sim.guilty.len()
}

#[test]
fn one_of_four_that_signs_anything_makes_no_fork_and_is_found_out() {
    let plan = Plan {
        liar: Some(1),
        loss_percent: 2,
        spoilt_percent: 5,
        heights: 20,
        ..Plan::of(4)
    };
    for seed in seeds(3) {
        let mut sim = chaos(&plan, seed);
        assert!(sim.run_to(20, 240_000), "seed {seed}\n{}", sim.describe());
        check(&sim, seed);
        assert!(accusations(&sim, 1) > 0, "seed {seed}");
    }
}

#[test]
fn more_than_a_third_with_two_minds_make_forks() {
    let mut sim = Sim::new(
        Plan {
            twins: vec![0, 1],
            ..Plan::of(4)
        },
        1,
    );
    let (here, there) = ([0, 1, 2], [3, 4, 5]);
    sim.cuts = here.iter().flat_map(|a| there.map(|b| (*a, b))).collect();
    sim.run_to(10, 60_000);
    assert!(sim.forks() > 0, "{}", sim.describe());
}
