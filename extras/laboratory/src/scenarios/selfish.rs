//! A miner who holds its blocks back, so that others work in vain (Eyal and Sirer, "Majority is not enough", 2013).
//!
//! The attacker's node hears the others by a spy and tells them nothing. On the others' finding a block: if they are ahead
//! now, it takes their chain; if both are level, or it is one ahead, it shows all it has; else it shows as much as they have.

use bolao_ledger::{AccountId, Block, Height, Makers};

use super::Scenario;
use crate::{
    case::{Case, Expect},
    mining::{COMPUTER, Mines},
    plan::Plan,
    world::World,
};

pub(super) const SCENARIO: Scenario = Scenario {
    name: "selfish",
    about: "holds its blocks back, so that it finds more of them than its share",
    cases,
};

/// The time for which everybody mines, in milliseconds.
const SPAN_MS: u64 = 20 * 60_000;
/// The time until the attacker has heard of a block, in milliseconds.
const LOOK_MS: u64 = 50;

fn cases(plan: &Plan, kind: Makers) -> Vec<Case> {
    // Where validators make the blocks, there is nothing to mine.
    if !kind.mines() {
        return Vec::new();
    }
    let shares = plan.share.map_or(vec![20, 33, 45], |share| vec![share]);
    let case = |share: u64| Case {
        scenario: SCENARIO.name,
        label: format!("{share} % of the hash power"),
        setup: plan.setup(kind, Vec::new()),
        attackers: vec![plan.nodes - 1],
        expect: Expect::Measured,
        starts_apart: false,
        attack: Box::new(move |world| attack(world, share)),
    };
    shares.into_iter().map(case).collect()
}

fn attack(world: &mut World, share: u64) -> bool {
    let cheat = world.attackers[0];
    let spy = world.organiser;
    let first = world.height(spy);
    world.leave(&[cheat]);
    // All together have one computer, so that blocks travel much faster than they are found.
    let others = world.honest.len() as u64;
    for node in world.honest.clone() {
        world.give_power(node, COMPUTER * (100 - share) / 100 / others, Mines::Always);
    }
    world.give_power(cheat, COMPUTER * share / 100, Mines::Always);
    world.attack_begins();
    let mut public = world.height(spy);
    let end = world.sim.now_ms() + SPAN_MS;
    while world.sim.now_ms() < end {
        world.run(LOOK_MS);
        let (theirs, own) = (world.height(spy), world.height(cheat));
        if theirs == public {
            continue;
        }
        public = theirs;
        let lead = own.0.saturating_sub(theirs.0);
        if own < theirs {
            give(world, spy, cheat, theirs);
        } else if lead <= 1 {
            give(world, cheat, spy, own);
        } else {
            give(world, cheat, spy, theirs);
        }
        public = public.max(world.height(spy));
    }
    world.give_power(cheat, 0, Mines::Wanted);
    world.come_back(&[cheat]);
    world.run(30_000);
    let (mine, all) = found(world, spy, cheat, first);
    mine * 100 > all * share
}

/// Shows one node's chain to another, up to a height.
fn give(world: &mut World, from: usize, to: usize, up_to: Height) {
    let state = world.state(from);
    let known = world.state(to);
    let mut blocks: Vec<Block> = Vec::new();
    let mut height = up_to;
    while height > Height(0)
        && let Ok(Some(block)) = state.block_at(height)
        && !matches!(known.block_bytes(&block.hash()), Ok(Some(_)))
    {
        blocks.push(block);
        height = Height(height.0 - 1);
    }
    for block in blocks.into_iter().rev() {
        world.sim.give(to, block);
    }
}

/// Gives the number of blocks in a node's chain, above a height, that the attacker found, and the number of all.
fn found(world: &World, node: usize, cheat: usize, from: Height) -> (u64, u64) {
    let state = world.state(node);
    let miner = AccountId([u8::try_from(cheat).unwrap_or(u8::MAX); 32]);
    let heights = from.0 + 1..=world.height(node).0;
    let blocks = heights.filter_map(|height| state.block_at(Height(height)).ok().flatten());
    blocks.fold((0, 0), |(mine, all), block| {
        (mine + u64::from(block.coinbase.miner == miner), all + 1)
    })
}
