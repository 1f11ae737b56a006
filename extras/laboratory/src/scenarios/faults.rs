//! Mixed faults: crashes with loss of what was not durable, lost messages, parts of the network that lose touch, clocks that
//! differ. Nobody attacks. Whatever happens: nobody disagrees in the end, nothing final is taken back, nobody signs twice,
//! and no bet that a node took long enough before the kick-off is lost.

use super::Scenario;
use crate::{
    case::{Case, Expect},
    plan::Plan,
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "faults",
    about: "nobody: crashes, lost messages, partitions and clocks that differ, all at once",
    cases,
};

/// When the matches begin, in seconds.
const KICKOFFS_S: [u64; 3] = [300, 500, 1_500];
/// The time for which things go wrong, in milliseconds.
const SPAN_MS: u64 = 600_000;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    let loss = plan.loss_percent.unwrap_or(3);
    let case = |label: &str, expect: Expect, forget: bool| Case {
        scenario: SCENARIO.name,
        label: label.to_owned(),
        setup: plan.setup(kind, KICKOFFS_S.to_vec()),
        attackers: Vec::new(),
        expect,
        starts_apart: false,
        attack: Box::new(move |world| attack(world, loss, forget)),
    };
    let mut cases = vec![case("mixed faults", Expect::Never, false)];
    if kind.votes() {
        let label = "crashes lose the log of votes";
        cases.push(case(label, Expect::Sometimes, true));
    }
    cases
}

fn attack(world: &mut World, loss: u64, forget: bool) -> bool {
    world.sim.forget_votes = forget;
    world.sim.links.loss_percent = loss;
    let count = world.sim.count();
    for node in 0..count {
        // Within what clocks of a pool may differ.
        let off = i64::try_from(world.sim.roll(5)).unwrap_or(0) - 2;
        world.sim.set_clock(node, off);
    }
    for (index, kickoff) in KICKOFFS_S.iter().enumerate() {
        world.bets(index, 61_000, (kickoff * 1_000).min(SPAN_MS) - 20_000);
    }
    let end = world.sim.now_ms() + SPAN_MS;
    let mut heal_ms = None;
    while world.sim.now_ms() < end {
        let pause = 200 + world.sim.roll(8_000);
        world.run(pause);
        let now = world.sim.now_ms();
        let node = pick(world, count);
        match world.sim.roll(4) {
            0 | 1 if world.sim.is_up(node) => {
                world.sim.crash(node);
                let down = world.sim.roll(20_000);
                world.on_at(node, now + down);
            }
            2 if heal_ms.is_none() => {
                let part: Vec<_> = (0..count).filter(|_| world.sim.roll(3) == 0).collect();
                world.sim.partition(&part);
                heal_ms = Some(now + world.sim.roll(30_000));
            }
            _ => {}
        }
        if heal_ms.is_some_and(|at| at <= now) {
            world.sim.heal();
            heal_ms = None;
        }
    }
    world.sim.heal();
    world.sim.links.loss_percent = 0;
    // All are together long before the last match begins, so that every bet on it must count.
    world.run_to(world.kickoff_ms(KICKOFFS_S.len() - 1) + 60_000);
    let twice = world.sim.double_votes() > 0;
    if forget {
        return twice;
    }
    world.check_invariants();
    world.check_nothing_lost(KICKOFFS_S.len() - 1);
    twice
}

fn pick(world: &mut World, count: usize) -> usize {
    let sides = u64::try_from(count).unwrap_or(1);
    usize::try_from(world.sim.roll(sides)).unwrap_or(0)
}
