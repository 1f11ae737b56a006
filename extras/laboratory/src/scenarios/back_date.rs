//! Blocks with false times (finding A5).
//!
//! - *Ahead*: the attacker dates a block to after the kick-off before it, so that the bets of the last minute are void.
//! - *Back*: the attacker stays connected, and dates a block with a bet of its own to before the kick-off.

use super::Scenario;
use crate::{
    case::{Case, attackers},
    mining::Mines,
    plan::Plan,
    pool::right_score,
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "back-date",
    about: "dates blocks ahead, so that others are late, or back, so that it is not",
    cases,
};

/// When the match begins, in seconds.
const KICKOFF_S: u64 = 900;
/// The time before the kick-off to which a clock is set back, in milliseconds.
const BEHIND_MS: u64 = 30_000;
/// The time before the kick-off at which a bet is still to be in time, in milliseconds.
const IN_TIME_MS: u64 = 10_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let ahead_s = plan.ahead_s.unwrap_or(100);
    let pool = || plan.setup(kind, vec![KICKOFF_S]);
    let by = || attackers(plan, kind, &[5, 50]).into_iter();
    let ahead = by().map(|by| {
        let (power, by) = (by.power, by.who(&format!("{ahead_s} s ahead")));
        Case::of(SCENARIO.name, by, pool(), move |world| {
            close_early(world, power, ahead_s)
        })
    });
    let back = by().map(|by| {
        let (power, by) = (by.power, by.who("back"));
        Case::of(SCENARIO.name, by, pool(), move |world| {
            bet_late(world, power)
        })
    });
    ahead.chain(back).collect()
}

fn close_early(world: &mut World, power: u64, ahead_s: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    let from = kickoff.saturating_sub(ahead_s * 1_000);
    world.bets(0, from + 5_000, kickoff - IN_TIME_MS);
    world.run_to(from);
    world.attack_begins();
    let ahead = world.sim.now_ms() + ahead_s * 1_000;
    world.set_clocks(&guilty, ahead + 1_000);
    world.give_power(guilty[0], power, Mines::Paced);
    world.run_to(kickoff);
    world.give_power(guilty[0], 0, Mines::Wanted);
    world.run(120_000);
    let out = |world: &World, node: usize| {
        let mut bets = world.watch.bets.iter();
        bets.any(|(id, bet)| !world.fate(node, id, bet).0)
    };
    world.most(out)
}

fn bet_late(world: &mut World, power: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let guilty = world.attackers.clone();
    let cheat = guilty[0];
    world.bets(0, 60_000, kickoff - IN_TIME_MS);
    world.run_to(kickoff - 2_000);
    world.attack_begins();
    // From now on its blocks, and what it votes for, are of half a minute ago.
    world.set_clocks(&guilty, kickoff - BEHIND_MS);
    world.run_to(kickoff + 8_000);
    world.cheat(cheat, 0, right_score());
    world.give_power(cheat, power, Mines::Always);
    world.run(60_000);
    world.give_power(cheat, 0, Mines::Wanted);
    let now = world.sim.now_ms();
    world.set_clocks(&guilty, now);
    world.run(120_000);
    let id = world.players[cheat].id();
    world.most(|world, node| world.counts(node, id, 0, right_score()))
}
