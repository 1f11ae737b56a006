//! How many bets that count nowhere today would count.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{TargetRule, TxId};

use super::{KICKOFF_S, MATCH_MS, saw, seeds};
use crate::{
    kind::Kind,
    pool::Setup,
    scenarios::laptops::{DAY_MS, EVENINGS, all_meet, kickoff_s, plan_evenings},
    world::World,
};

const VALIDATORS: usize = 4;
const NODES: usize = 6;

/// A pool in which nobody cheats, and which validator saw which bet in time.
struct Trial {
    world: World,
    seen: BTreeMap<TxId, BTreeSet<usize>>,
}

impl Trial {
    fn new(kind: Kind, kickoffs: Vec<u64>, seed: u64) -> Self {
        let setup = Setup {
            kind,
            nodes: NODES,
            validators: VALIDATORS,
            kickoffs,
            target: TargetRule::Fixed { zero_bits: 1 },
            copies: 0,
        };
        let mut world = World::apart(&setup, &[], seed);
        world.meet();
        let seen = BTreeMap::new();
        Self { world, seen }
    }

    /// Lets time pass until this moment, and looks every half a minute who has seen what.
    fn run_to(&mut self, end_ms: u64) {
        while self.world.sim.now_ms() < end_ms {
            self.world.run(30_000);
            self.look();
        }
    }

    fn look(&mut self) {
        let world = &self.world;
        let up: Vec<_> = (0..VALIDATORS)
            .filter(|node| world.sim.is_up(*node))
            .collect();
        for (id, bet) in &world.watch.bets {
            let deadline = world.kickoff_ms(usize::from(bet.game.0) - 1);
            if world.sim.now_ms() < deadline + 60_000 {
                let saw = up.iter().filter(|node| saw(world, **node, id, deadline));
                self.seen.entry(*id).or_default().extend(saw);
            }
        }
    }
}

/// Bets in time of some runs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Bets {
    placed: usize,
    /// As the rules are.
    counting: usize,
    /// Besides, if validators of more than a third, a half or two thirds of the weight had to attest them.
    saved: [usize; 3],
}

impl Bets {
    fn note(&mut self, trial: &Trial) {
        let witness = trial.world.witness().expect("somebody is up in the end");
        for (id, bet) in &trial.world.watch.bets {
            self.placed += 1;
            if trial.world.fate(witness, id, bet).0 {
                self.counting += 1;
                continue;
            }
            let seen = trial.seen.get(id).map_or(0, BTreeSet::len);
            for (saved, (parts, of)) in self.saved.iter_mut().zip([(1, 3), (1, 2), (2, 3)]) {
                *saved += usize::from(seen * of > VALIDATORS * parts);
            }
        }
    }
}

/// Two of four validators are away from before the bets until after the match, or all are on in two halves.
fn halves(kind: Kind, both_on: bool) -> Bets {
    let mut bets = Bets::default();
    for seed in seeds() {
        let mut trial = Trial::new(kind, vec![KICKOFF_S], seed);
        trial.run_to(120_000);
        if both_on {
            trial.world.sim.partition(&[2, 3, 5]);
        } else {
            trial.world.stop(&[2, 3]);
        }
        for node in (0..NODES).filter(|node| both_on || ![2, 3].contains(node)) {
            let at = 180_000 + trial.world.sim.roll(KICKOFF_S * 1_000 - 300_000);
            trial.world.bet_at(node, 0, at);
        }
        trial.run_to(KICKOFF_S * 1_000 + MATCH_MS);
        trial.world.sim.heal();
        for node in [2, 3] {
            if !both_on {
                trial.world.sim.restart(node);
                trial.world.come_back(&[node]);
            }
        }
        trial.world.run(600_000);
        assert!(trial.world.sim.agree(), "{}", trial.world.sim.state());
        bets.note(&trial);
    }
    bets
}

#[test]
fn with_half_away_every_bet_would_be_saved_by_a_third_and_none_by_more_than_a_half() {
    for kind in [Kind::Pos, Kind::Hybrid] {
        let bets = halves(kind, false);
        eprintln!("half away, {kind}: {bets:?}");
        let lost = bets.placed - bets.counting;
        assert_eq!(bets.saved, [lost, 0, 0]);
        assert_eq!(lost > 0, kind == Kind::Pos, "blocks go on in a hybrid pool");
    }
}

#[test]
fn the_lighter_half_of_a_partition_would_be_saved_by_a_third_alone() {
    for kind in [Kind::Pos, Kind::Hybrid] {
        let bets = halves(kind, true);
        eprintln!("halves, {kind}: {bets:?}");
        let lost = bets.placed - bets.counting;
        assert!(lost > 0);
        assert_eq!(bets.saved, [lost, 0, 0]);
    }
}

#[test]
fn of_laptops_that_come_and_go_some_bets_would_be_saved() {
    for (kind, always_on) in [
        (Kind::Pos, 0),
        (Kind::Pos, 1),
        (Kind::Hybrid, 0),
        (Kind::Hybrid, 1),
    ] {
        let mut bets = Bets::default();
        for seed in seeds() {
            let mut trial = Trial::new(kind, (0..EVENINGS).map(kickoff_s).collect(), seed);
            plan_evenings(&mut trial.world, always_on);
            trial.run_to(EVENINGS * DAY_MS);
            all_meet(&mut trial.world, always_on);
            bets.note(&trial);
        }
        eprintln!("laptops, {always_on} always on, {kind}: {bets:?}");
        assert!(bets.saved[0] > 0 && bets.counting + bets.saved[0] <= bets.placed);
    }
}
