//! Late bets: somebody mines a branch from before the kick-off after the match, and shows it.

use bolao_ledger::AccountId;

use super::evening::{Evening, KICKOFF_S, seeds};

const ALL: [usize; 4] = [0, 1, 2, 3];

/// What became of a case.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    cheated: u64,
    open: u64,
}

impl Outcome {
    pub(crate) fn note(&mut self, evening: &Evening, nodes: &[usize]) {
        evening.check();
        let cheated = nodes
            .iter()
            .any(|node| evening.counts(*node, evening.cheat()));
        self.cheated += u64::from(cheated);
        self.open += u64::from(!evening.is_over(nodes));
    }
}

pub(crate) fn none(seeds: &std::ops::Range<u64>, outcome: &Outcome) {
    eprintln!("{outcome:?} of {}", seeds.end);
    assert_eq!(*outcome, Outcome::default());
}

/// All are there; the cheat's branch has so many blocks.
fn all_online(blocks: usize, seed: u64, late: bool) -> Evening {
    let mut evening = Evening::with(&[1; 4], seed, |config| config.refuses_late = late);
    evening.bets(60);
    evening.until(KICKOFF_S - 100);
    // Nothing is final that he is to replace.
    evening.leave(&[4]);
    evening.until(KICKOFF_S + 120);
    evening.forge(blocks);
    evening.release(&ALL);
    evening.until(KICKOFF_S + 500);
    evening
}

#[test]
fn while_all_are_online_no_work_helps() {
    for blocks in [10, 100] {
        let (mut outcome, seeds) = (Outcome::default(), seeds(2));
        for seed in seeds.clone() {
            outcome.note(&all_online(blocks, seed, true), &ALL);
        }
        none(&seeds, &outcome);
    }
}

/// Else it would have nothing to propose, and its patience would never run.
#[test]
fn who_refuses_all_that_others_have_mines_a_block() {
    for seed in seeds(2) {
        let mut evening = Evening::with(&[1; 4], seed, |_| {});
        evening.until(KICKOFF_S - 100);
        evening.leave(&[4]);
        // Nobody mines, so that nothing is final that the cheat's branch contradicts.
        evening.sim.run_ms(220_000);
        evening.forge(3);
        evening.release(&ALL);
        evening.sim.run_ms(3_000);
        let before = evening.last_final(0);
        let refuses = |evening: &Evening, node| evening.sim.core(node).has_only_refusals();
        let template = |evening: &Evening, node| {
            let (now, miner) = (evening.sim.clock(node), AccountId([0; 32]));
            evening.sim.core(node).template(now, miner, b"").unwrap()
        };
        for node in ALL {
            assert!(refuses(&evening, node), "{}", evening.sim.state());
            assert!(template(&evening, node).job.wanted);
        }
        evening.sim.mine(2);
        evening.sim.run_ms(10_000);
        for node in ALL {
            assert!(!refuses(&evening, node), "{}", evening.sim.state());
            assert!(evening.last_final(node).0 > before.0);
        }
    }
}

/// Half are away from before the kick-off on; the cheat shows his branch while they are, or once they are back.
fn half_away(blocks: usize, seed: u64, shows_after: bool, late: bool) -> Evening {
    let mut evening = Evening::with(&[1; 4], seed, |config| config.refuses_late = late);
    evening.bets(60);
    evening.until(KICKOFF_S - 100);
    evening.leave(&[2, 3, 4]);
    evening.until(KICKOFF_S + 120);
    evening.forge(blocks);
    if !shows_after {
        evening.release(&[0, 1]);
        evening.until(KICKOFF_S + 240);
    }
    let pause = evening.sim.roll(10);
    evening.come_back(&[2]);
    if shows_after {
        evening.release(&[2]);
    }
    evening.until(KICKOFF_S + 240 + pause);
    evening.come_back(&[3]);
    evening.release(&ALL);
    evening.until(KICKOFF_S + 900);
    evening
}

#[test]
fn with_half_away_at_kickoff_no_work_helps() {
    for shows_after in [false, true] {
        let (mut outcome, seeds) = (Outcome::default(), seeds(2));
        for seed in seeds.clone() {
            outcome.note(&half_away(40, seed, shows_after, true), &ALL);
        }
        none(&seeds, &outcome);
    }
}

#[test]
fn a_validator_that_does_not_refuse_what_is_late_lets_late_bets_through() {
    let (mut outcome, seeds) = (Outcome::default(), seeds(3));
    for seed in seeds.clone() {
        outcome.note(&half_away(40, seed, false, false), &ALL);
    }
    eprintln!("{outcome:?} of {}", seeds.end);
    assert_eq!(outcome.cheated, seeds.end, "the control");
}
