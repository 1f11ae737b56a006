//! Bets of validators whose links are cut in the middle of votes and return: how soon the next block is final then.
//! `BOLAO_CUTS=100` measures a hundred returns of each kind.
#![allow(clippy::print_stdout)]

use bolao_ledger::{Consensus, GENESIS_VERSION, Genesis, Pos};
use bolao_simulator::Sim;

use crate::{
    simulation::join,
    slow_links::{linked, members_of},
};

const STAR: [(usize, usize); 3] = [(0, 1), (0, 2), (0, 3)];
const LINE: [(usize, usize); 3] = [(0, 1), (1, 2), (2, 3)];
const RING: [(usize, usize); 4] = [(0, 1), (1, 2), (2, 3), (0, 3)];
const TWO_STARS: [(usize, usize); 5] = [(0, 1), (0, 2), (0, 3), (3, 4), (3, 5)];
const MESH: [(usize, usize); 6] = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];

/// So many cuts of each kind; `BOLAO_CUTS` says how many else, up to a hundred.
fn cuts() -> u8 {
    let wanted = std::env::var("BOLAO_CUTS").ok();
    wanted.and_then(|count| count.parse().ok()).unwrap_or(15)
}

fn heights(sim: &Sim) -> impl Iterator<Item = u64> {
    (0..sim.count()).map(|node| sim.core(node).tip().height.get())
}

/// The time from the links' return until everybody has a block that nobody had before, in milliseconds, of each return. `one_way`
/// if each link loses only what goes one way, until it breaks and is made anew.
fn returns(links: &[(usize, usize)], latency_ms: u64, one_way: bool) -> Vec<u64> {
    let last = links.iter().map(|(_, b)| *b).max().unwrap();
    let members = members_of(u8::try_from(last).unwrap() + 1);
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus: Consensus::Pos(Pos::appointed(members)),
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
            if !one_way {
                sim.disconnect(*a, *b);
            } else if sim.roll(2) == 0 {
                sim.lose(*a, *b);
            } else {
                sim.lose(*b, *a);
            }
        }
        let outage_ms = 500 + sim.roll(8_000);
        sim.run_ms(outage_ms);
        let before = heights(&sim).max().unwrap();
        // Something waits for the block in any case.
        sim.submit(at, join(sim.genesis(), player + 100));
        let began = sim.now_ms();
        sim.heal();
        for (a, b) in links {
            sim.disconnect(*a, *b);
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

/// Gives what 99 of 100 took at most, in milliseconds; none may take more than eight seconds.
fn measure(name: &str, links: &[(usize, usize)], latency_ms: u64, one_way: bool) -> u64 {
    let took = returns(links, latency_ms, one_way);
    let most = took[took.len() - 1];
    let p99 = took[took.len() - 1 - (took.len() / 100).max(1)];
    let p50 = took[took.len() / 2];
    println!("{name}, {latency_ms} ms, one way {one_way}: {p50}, {p99}, {most}");
    assert!(most <= 8_000, "{name}, {latency_ms} ms: {took:?}");
    p99
}

fn check(name: &str, links: &[(usize, usize)]) {
    for latency_ms in [0, 50, 100] {
        for one_way in [false, true] {
            let p99 = measure(name, links, latency_ms, one_way);
            assert!(p99 <= 3_000 + 4 * latency_ms, "{name}, {latency_ms} ms");
        }
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

/// Six validators, each block by way of three links: not as soon, but none waits for long.
#[test]
fn two_stars_go_on_after_their_links_return() {
    for (latency_ms, one_way) in [(0, false), (50, true), (100, false)] {
        measure("two stars", &TWO_STARS, latency_ms, one_way);
    }
}
