//! A friend whose node knows the attacker's alone (finding A8).
//!
//! The attacker puts the victim's bet into blocks that nobody else ever sees, until the match has begun. It has succeeded if
//! the victim's own node said that the bet was as safe as it gets (in a block; final where that can be), and it is not.

use bolao_ledger::Makers;
use std::collections::BTreeSet;

use super::Scenario;
use crate::{
    case::{Case, Expect, attackers},
    mining::Mines,
    plan::Plan,
    world::World,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "eclipse",
    about: "controls everything one friend's node hears from the others until kick-off",
    cases,
};

const KICKOFF_S: u64 = 900;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let by = attackers(plan, kind, &[5, 50]).into_iter();
    // Who has most of the votes decides for everybody, and needs no private chain.
    by.filter(|by| by.expect != Expect::Sometimes)
        .map(|by| {
            let (power, pool) = (by.power, plan.setup(kind, vec![KICKOFF_S]));
            Case::of(SCENARIO.name, by, pool, move |world| attack(world, power))
        })
        .collect()
}

fn attack(world: &mut World, power: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    let victim = world.sim.count() - 3;
    world.bets(0, 180_000, kickoff - 60_000);
    world.run_to(120_000);
    world.attack_begins();
    world.concerned = BTreeSet::from([victim]);
    let mut apart = guilty.clone();
    apart.push(victim);
    world.leave(&apart);
    // The victim mines as well as any friend; the attacker helps.
    world.give_power(guilty[0], power, Mines::Wanted);
    world.run_to(kickoff + 600_000);
    let told = |world: &World| {
        let bet = world.watch.bets.values().find(|bet| bet.node == victim);
        bet.is_some_and(|bet| {
            if world.votes() {
                bet.final_ms.is_some()
            } else {
                bet.block_ms.is_some()
            }
        })
    };
    let told = told(world);
    world.come_back(&apart);
    world.run(120_000);
    let counts = |world: &World, node: usize| {
        let mut bets = world
            .watch
            .bets
            .iter()
            .filter(|(_, bet)| bet.node == victim);
        bets.any(|(id, bet)| world.fate(node, id, bet).0)
    };
    told && !world.most(counts)
}
