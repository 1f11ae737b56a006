//! The network falls into parts across a kick-off. Nobody attacks.

use super::Scenario;
use crate::{
    case::{Case, Expect},
    plan::Plan,
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "partition",
    about: "nobody: the network is parted while bets are placed and a match begins",
    cases,
};

const KICKOFF_S: u64 = 900;
/// The time for which all are together again before they are compared, in milliseconds: in a hybrid pool, halves of the
/// votes that saw different bets wait for some minutes.
const CALM_MS: u64 = 600_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let minutes = plan.minutes.unwrap_or(10);
    let case = |label: &str, every: usize| Case {
        scenario: SCENARIO.name,
        label: format!("{label} for {minutes} min"),
        setup: plan.setup(kind, vec![KICKOFF_S]),
        attackers: Vec::new(),
        expect: Expect::Never,
        starts_apart: false,
        attack: Box::new(move |world| attack(world, minutes, every)),
    };
    vec![case("halves", 2), case("one in four apart", 4)]
}

/// Every so manieth node is in the other part.
fn attack(world: &mut World, minutes: u64, every: usize) -> bool {
    let kickoff = world.kickoff_ms(0);
    let span = minutes * 60_000;
    let from = kickoff.saturating_sub(span / 2).max(60_000);
    world.bets(0, from, kickoff - 5_000);
    world.run_to(from);
    world.attack_begins();
    let part: Vec<_> = (0..world.sim.count()).step_by(every).collect();
    world.sim.partition(&part);
    world.run(span);
    world.sim.heal();
    world.run(CALM_MS);
    world.check_invariants();
    false
}
