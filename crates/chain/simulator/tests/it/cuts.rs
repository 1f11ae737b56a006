//! Bets of four validators, of which three reach only the first, or each the next, while links are cut in the middle of votes.
#![allow(clippy::print_stdout)]

use bolao_ledger::{Consensus, GENESIS_VERSION, Genesis, Pos};
use bolao_simulator::Sim;

use crate::{
    simulation::join,
    slow_links::{linked, members},
};

const STAR: [(usize, usize); 3] = [(0, 1), (0, 2), (0, 3)];
const LINE: [(usize, usize); 3] = [(0, 1), (1, 2), (2, 3)];
const RING: [(usize, usize); 4] = [(0, 1), (1, 2), (2, 3), (0, 3)];
const MESH: [(usize, usize); 6] = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];

/// So many cuts of each kind; `BOLAO_CUTS` says how many else, up to a hundred.
fn cuts() -> u8 {
    let wanted = std::env::var("BOLAO_CUTS").ok();
    wanted.and_then(|count| count.parse().ok()).unwrap_or(15)
}

fn heights(sim: &Sim) -> impl Iterator<Item = u64> {
    (0..sim.count()).map(|node| sim.core(node).tip().height.get())
}

/// The time from the links' return until everybody has a block that nobody had before, in milliseconds, of each return.
fn returns(links: &[(usize, usize)], latency_ms: u64) -> Vec<u64> {
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed(members())),
        ..Genesis::article()
    };
    let mut sim = linked(&genesis, 5, links);
    (sim.links.latency_ms, sim.links.jitter_ms) = (latency_ms, 20);
    sim.run_ms(5_000);
    let returns = (10..10 + cuts()).map(|player| {
        let at = usize::from(player) % sim.count();
        sim.submit(at, join(sim.genesis(), player));
        let votes_ms = sim.roll(300 + 5 * latency_ms);
        sim.run_ms(votes_ms);
        for (a, b) in links {
            sim.disconnect(*a, *b);
        }
        let outage_ms = 500 + sim.roll(8_000);
        sim.run_ms(outage_ms);
        let before = heights(&sim).max().unwrap();
        // Something waits for the block in any case.
        sim.submit(at, join(sim.genesis(), player + 100));
        let began = sim.now_ms();
        for (a, b) in links {
            sim.connect(*a, *b);
        }
        while heights(&sim).any(|height| height <= before) {
            sim.run_ms(10);
            assert!(sim.now_ms() - began < 60_000, "{}", sim.state());
        }
        let took = sim.now_ms() - began;
        sim.run_ms(2_000);
        took
    });
    let mut returns: Vec<_> = returns.collect();
    returns.sort_unstable();
    assert_eq!(sim.double_votes(), 0);
    returns
}

fn check(name: &str, links: &[(usize, usize)]) {
    for latency_ms in [0, 50, 100] {
        let took = returns(links, latency_ms);
        let most = took[took.len() - 1];
        let p99 = took[took.len() - 1 - (took.len() / 100).max(1)];
        println!(
            "{name}, {latency_ms} ms: {}, {p99}, {most}",
            took[took.len() / 2]
        );
        assert!(
            p99 <= 3_000 + 4 * latency_ms,
            "{name}, {latency_ms} ms: {took:?}"
        );
        assert!(most <= 8_000, "{name}, {latency_ms} ms: {took:?}");
    }
}

#[test]
fn a_star_goes_on_soon_after_its_links_return() {
    check("star", &STAR);
}

#[test]
fn a_line_goes_on_soon_after_its_links_return() {
    check("line", &LINE);
}

#[test]
fn a_ring_goes_on_soon_after_its_links_return() {
    check("ring", &RING);
}

#[test]
fn a_mesh_goes_on_soon_after_its_links_return() {
    check("mesh", &MESH);
}
