//! Friends whose computers are on for an hour in the evening, by chance. Nobody attacks.

use super::Scenario;
use crate::{
    case::{Case, Expect},
    plan::Plan,
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "laptops",
    about: "nobody: friends' computers are on for an hour each evening, when they bet",
    cases,
};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
/// On how many evenings a match begins.
const EVENINGS: u64 = 3;

/// At nine in the evening; the simulation begins at midnight.
const fn kickoff_s(evening: u64) -> u64 {
    evening * 86_400 + 21 * 3_600
}

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let half = plan.validators.div_ceil(2);
    let counts = plan
        .always_on
        .map_or(vec![0, 1, half, plan.validators], |on| vec![on]);
    let case = |on: usize| Case {
        scenario: SCENARIO.name,
        label: match on {
            0 => "all come and go".to_owned(),
            _ if kind.votes() && on <= plan.validators => {
                format!("{on} of {} validators always on", plan.validators)
            }
            _ => format!("{on} always on"),
        },
        setup: plan.setup(kind, (0..EVENINGS).map(kickoff_s).collect()),
        attackers: Vec::new(),
        expect: Expect::Measured,
        starts_apart: false,
        attack: Box::new(move |world| attack(world, on)),
    };
    let mut counts = counts;
    counts.dedup();
    counts.into_iter().map(case).collect()
}

/// The nodes of the lowest numbers are always on: in a pool of validators, those that vote.
fn attack(world: &mut World, always_on: usize) -> bool {
    for node in always_on..world.sim.count() {
        world.off_at(node, 120_000 + world_pause(node));
    }
    for node in 0..world.sim.count() {
        let mut next = 0;
        for evening in 0..EVENINGS {
            let on = evening * DAY_MS + 18 * HOUR_MS + world.sim.roll(4 * HOUR_MS);
            if node >= always_on {
                world.on_at(node, on);
                world.off_at(node, on + HOUR_MS);
            }
            // Who sits down bets on the next match that has not begun.
            let bets = on + 60_000 + world.sim.roll(HOUR_MS / 2);
            let game = (next..EVENINGS).find(|game| world.kickoff_ms(index(*game)) > bets + 60_000);
            if let Some(game) = game {
                world.bet_at(node, index(game), bets);
                next = game + 1;
            }
        }
    }
    world.run_to(EVENINGS * DAY_MS);
    // In the end all meet.
    for node in always_on..world.sim.count() {
        let now = world.sim.now_ms();
        world.on_at(node, now + world_pause(node));
    }
    world.run(HOUR_MS);
    false
}

/// Not all in the same instant.
const fn world_pause(node: usize) -> u64 {
    node as u64 * 1_000
}

fn index(game: u64) -> usize {
    usize::try_from(game).unwrap_or(usize::MAX)
}
