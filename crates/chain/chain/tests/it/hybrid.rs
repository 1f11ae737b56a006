//! Pools in which blocks of work are made final by validators.

mod checkpoint;
mod equivocation;
mod evening;
mod late;
mod others;
mod votes;

use bolao_chain::{CoreConfig, Event};
use bolao_ledger::{Consensus, GENESIS_VERSION, Genesis, Hybrid};
use bolao_simulator::Sim;

use crate::{
    pool::genesis,
    voting::{config, validator},
};

/// A pool of validators of these weights.
pub(crate) fn pool_of(weights: &[u64]) -> Genesis {
    let validators = weights.iter().enumerate();
    let validators = validators.map(|(who, weight)| validator(who, *weight));
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Hybrid(Hybrid::appointed(validators)),
        ..genesis()
    };
    genesis.check().unwrap();
    genesis
}

/// So many validators of one weight and so many nodes without a vote, all connected.
pub(crate) fn nodes(validators: usize, others: usize, seed: u64) -> Sim {
    let mut configs: Vec<_> = (0..validators).map(config).collect();
    configs.extend(vec![CoreConfig::default(); others]);
    let mut sim = Sim::of(&pool_of(&vec![1; validators]), configs, seed);
    sim.links.jitter_ms = 20;
    sim.connect_all();
    sim.run_ms(1_000);
    sim
}

/// The height of the last final block that a node's chain holds.
fn last_final(sim: &Sim, node: usize) -> u64 {
    let heights = sim.events(node).iter().filter_map(|event| match event {
        Event::Final { height, .. } => Some(height.0),
        _ => None,
    });
    heights.max().unwrap_or(0)
}

/// Whether all that are up have one tip, and it is final.
fn all_final(sim: &Sim) -> bool {
    let last = |node: usize| {
        let snapshot = sim.core(node).reader().snapshot().unwrap();
        snapshot.last_final().unwrap().map(|it| it.hash)
    };
    sim.agree() && (0..sim.count()).all(|node| last(node) == Some(sim.tip(node)))
}
