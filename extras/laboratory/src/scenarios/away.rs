//! A late bet while a third of the weight or more is away, so that nothing becomes final: what refuses it is what the validators
//! that stayed saw, and testify to those who come back. Without those rules of `hybrid` it counts.

use super::Scenario;
use crate::{
    case::{Attackers, Case, Expect},
    mining::Mines,
    plan::Plan,
    pool::{Setup, right_score},
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "away",
    about: "bets after the kick-off while half of the validators are away, and nothing becomes final",
    cases,
};

/// When the match begins, in seconds.
const KICKOFF_S: u64 = 900;
/// The attacker's share of the hash power, in percent.
const SHARE: u64 = 90;
/// Unknown peers of each validator that stays, and how far their clocks are ahead, in milliseconds.
const STRANGERS: usize = 8;
const YEAR_MS: u64 = 365 * 86_400_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    // One who votes alone, and is away, sees nothing; where nobody mines, nothing goes on meanwhile.
    if plan.validators < 2 || !(kind.mines() && kind.votes()) {
        return Vec::new();
    }
    let power = plan.power_of(plan.share.unwrap_or(SHARE));
    let minutes = plan.minutes.unwrap_or(10);
    let stay = plan.validators.div_ceil(2);
    let case = |label: &str, expect: Expect, (refuses, strangers): (bool, usize)| {
        let pool = Setup {
            strangers,
            refuses,
            ..plan.setup(kind, vec![KICKOFF_S])
        };
        let away = plan.validators - stay;
        let by = Attackers {
            nodes: vec![plan.nodes - 1],
            label: format!("{away} of {} validators away{label}", plan.validators),
            expect,
            power,
        };
        Case::of(SCENARIO.name, by, pool, move |world| {
            attack(world, away, power, minutes)
        })
    };
    vec![
        case("", Expect::Never, (true, 0)),
        case(
            ", strangers tell the others a wrong time",
            Expect::Never,
            (true, stay * STRANGERS),
        ),
        case(", the others refuse nothing", Expect::Sometimes, (false, 0)),
    ]
}

fn attack(world: &mut World, away: usize, power: u64, minutes: u64) -> bool {
    let kickoff = world.kickoff_ms(0);
    let cheat = world.attackers[0];
    let away: Vec<_> = (0..away).collect();
    world.bets(0, 60_000, kickoff - 120_000);
    world.run_to(kickoff - 60_000);
    world.attack_begins();
    world.stop(&[cheat]);
    world.stop(&away);
    strangers_come(world, away.len());
    world.run_to(kickoff + 120_000);
    // What happened since is bet on by a clock of before.
    world.start_apart(&[cheat], kickoff - 50_000);
    world.cheat(cheat, 0, right_score());
    world.give_power(cheat, power, Mines::Always);
    world.run_until(minutes * 60_000, |world| {
        holds(world, cheat) && world.is_ahead(cheat)
    });
    world.give_power(cheat, 0, Mines::Wanted);
    let now = world.sim.now_ms();
    world.set_clocks(&[cheat], now);
    world.come_back(&[cheat]);
    world.run(120_000);
    // They return one after the other, and judge by what they hear.
    for node in away {
        world.sim.restart(node);
        world.come_back(&[node]);
        world.run(30_000);
    }
    world.run(600_000);
    world.most(holds)
}

/// Strangers connect with the validators that stay, and tell them a time of theirs.
fn strangers_come(world: &mut World, away: usize) {
    let strangers = world.players.len()..world.sim.count();
    let ahead = world.sim.now_ms() + YEAR_MS;
    for (number, stranger) in strangers.enumerate() {
        world.give_power(stranger, 0, Mines::Wanted);
        world.set_clocks(&[stranger], ahead);
        world.sim.restart(stranger);
        world.sim.connect(stranger, away + number / STRANGERS);
    }
}

/// Whether the late bet counts at a node.
fn holds(world: &World, node: usize) -> bool {
    let cheat = world.players[world.attackers[0]].id();
    world.counts(node, cheat, 0, right_score())
}
