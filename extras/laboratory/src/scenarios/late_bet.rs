//! A friend bets on a score that everybody knows already (finding A1).
//!
//! The attacker stops its node before the kick-off, sets the clock back after the match, bets, makes
//! blocks until its chain would be taken, and comes back.

use super::Scenario;
use crate::{
    case::{Attackers, Case, Expect, attackers},
    mining::Mines,
    plan::Plan,
    pool::right_score,
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "late-bet",
    about: "bets after the match and dates the bet back to before the kick-off",
    cases,
};

/// When the match begins, in seconds.
const KICKOFF_S: u64 = 900;
/// The time that a match lasts, in milliseconds.
const MATCH_MS: u64 = 105 * 60_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let minutes = plan.minutes.unwrap_or(10);
    let case = |by: Attackers, always: bool| {
        let (power, pool) = (by.power, plan.setup(kind, vec![KICKOFF_S]));
        Case::of(SCENARIO.name, by, pool, move |world| {
            attack(world, power, minutes, always)
        })
    };
    let all = attackers(plan, kind, &[5, 50, 90]).into_iter();
    let mut cases: Vec<Case> = all.map(|by| case(by, false)).collect();
    if kind == Makers::Pow && plan.share.is_none() {
        let share = 5;
        let by = Attackers {
            nodes: vec![plan.nodes - 1],
            label: format!("{share} %, and the others mine all the time"),
            expect: Expect::Measured,
            power: plan.power_of(share),
        };
        cases.push(case(by, true));
    }
    cases
}

fn attack(world: &mut World, power: u64, minutes: u64, always: bool) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    let cheat = guilty[0];
    if always {
        world.honest_mine_always();
    }
    world.bets(0, 60_000, kickoff - 5_000);
    world.run_to(kickoff - 60_000);
    world.attack_begins();
    world.stop(&guilty);
    world.run_to(kickoff + MATCH_MS);
    world.record(0, right_score());
    world.run(60_000);
    // What everybody knows by now is bet on by a clock of before.
    world.start_apart(&guilty, kickoff - 50_000);
    world.cheat(cheat, 0, right_score());
    world.give_power(cheat, power, Mines::Always);
    let won = world.run_until(minutes * 60_000, |world| {
        holds(world, cheat) && world.is_ahead(cheat)
    });
    if !won {
        // It may ask the others to take the bet as one of before.
        world.come_back(&guilty);
        world.run(60_000);
    }
    world.give_power(cheat, 0, Mines::Wanted);
    let now = world.sim.now_ms();
    world.set_clocks(&guilty, now);
    world.come_back(&guilty);
    world.run(180_000);
    world.most(holds)
}

/// Whether the late bet counts at a node.
fn holds(world: &World, node: usize) -> bool {
    let cheat = world.players[world.attackers[0]].id();
    world.counts(node, cheat, 0, right_score())
}
