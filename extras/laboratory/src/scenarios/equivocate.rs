//! Validators that sign two histories.
//!
//! The guilty ones' keys are on two nodes each. While the network is parted, one half meets the one copy, the other half the
//! other one.

use super::Scenario;
use crate::{
    case::{Case, Expect},
    plan::Plan,
    pool::Setup,
    world::World,
};
use bolao_ledger::Makers;

pub(super) const SCENARIO: Scenario = Scenario {
    name: "equivocate",
    about: "signs two histories, one for each half of a parted network",
    cases,
};

const KICKOFF_S: u64 = 900;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    if !kind.votes() {
        return Vec::new();
    }
    let third = (plan.validators - 1) / 3;
    let guilty = plan
        .guilty
        .map_or(vec![third, plan.validators / 2], |it| vec![it]);
    let minutes = plan.minutes.unwrap_or(3);
    let case = |guilty: usize| Case {
        scenario: SCENARIO.name,
        label: format!("{guilty} of {} validators", plan.validators),
        setup: Setup {
            copies: guilty,
            ..plan.setup(kind, vec![KICKOFF_S])
        },
        attackers: (0..guilty).chain(plan.nodes..plan.nodes + guilty).collect(),
        expect: if guilty <= third {
            Expect::Never
        } else {
            Expect::Sometimes
        },
        starts_apart: false,
        attack: Box::new(move |world| attack(world, minutes)),
    };
    let mut guilty: Vec<_> = guilty.into_iter().filter(|it| *it > 0).collect();
    guilty.dedup();
    guilty.into_iter().map(case).collect()
}

fn attack(world: &mut World, minutes: u64) -> bool {
    let guilty = world.attackers.len() / 2;
    let (ones, others) = world.attackers.split_at(guilty);
    let (ones, others) = (ones.to_vec(), others.to_vec());
    // Honest nodes of even and of odd numbers.
    let mut half = ones;
    half.extend(world.honest.iter().copied().filter(|node| node % 2 == 0));
    world.attack_begins();
    world.sim.partition(&half);
    for copy in others {
        world.sim.restart(copy);
        for node in 0..world.sim.count() {
            world.sim.connect(copy, node);
        }
    }
    let now = world.sim.now_ms();
    world.bets(0, now, now + minutes * 60_000);
    world.run(minutes * 60_000);
    world.sim.heal();
    world.run(120_000);
    world.watch.conflicts() > 0
}
