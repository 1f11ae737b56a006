//! A burst of hash power that leaves the others with a target they cannot meet.

use bolao_ledger::{Makers, TargetRule};

use super::Scenario;
use crate::{
    case::{Case, Expect},
    mining::{COMPUTER, Mines},
    plan::Plan,
    pool::Setup,
    world::World,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "burst",
    about: "mines for a minute with a machine like 10,000 of the friends' computers, and goes",
    cases,
};

/// When the match begins, in seconds.
const KICKOFF_S: u64 = 2_400;
/// The machine's power, in friends' computers.
const COMPUTERS: u64 = 10_000;
/// A pool that makes no block for so long, in milliseconds, has come to a stop.
const STOPPED_MS: u64 = 600_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let expect = match kind {
        // The control: its target does not ease while no block comes.
        Makers::Pow => Expect::Sometimes,
        Makers::Pos | Makers::Hybrid => Expect::Never,
    };
    let label = if kind.mines() {
        "a minute of a big machine"
    } else {
        "a minute of a big machine, for which there is no use"
    };
    vec![Case {
        scenario: SCENARIO.name,
        label: label.to_owned(),
        setup: Setup {
            // As in new pools, but for the first target: blocks are to be found in simulated time.
            target: TargetRule::Asert {
                zero_bits_at_start: 4,
                block_interval_s: 60,
                half_life_s: 3_600,
            },
            ..plan.setup(kind, vec![KICKOFF_S])
        },
        attackers: vec![plan.nodes - 1],
        expect,
        starts_apart: false,
        attack: Box::new(attack),
    }]
}

fn attack(world: &mut World) -> bool {
    let kickoff = world.kickoff_ms(0);
    let cheat = world.attackers[0];
    world.run_to(120_000);
    world.attack_begins();
    world.give_power(cheat, COMPUTERS * COMPUTER, Mines::Always);
    world.run(60_000);
    world.give_power(cheat, 0, Mines::Wanted);
    let now = world.sim.now_ms();
    world.bets(0, now, now + 60_000);
    world.run_to(kickoff + 120_000);
    let slow = world
        .watch
        .bets
        .values()
        .filter(|bet| bet.block_ms.is_none_or(|at| at - bet.at_ms > STOPPED_MS));
    slow.count() * 2 > world.watch.bets.len()
}
