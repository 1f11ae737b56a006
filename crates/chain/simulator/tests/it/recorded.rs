//! Runs of many seeds as they were recorded, so that a change of the source that means to change nothing shows that it does not.
//! With `BOLAO_WRITE_VECTORS=1` the test of all of them writes them anew.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use bolao_ledger::{Consensus, GENESIS_VERSION, Genesis, Hybrid, Pos};
use bolao_simulator::Sim;

use crate::{
    simulation::{eventful, genesis, join},
    slow_links::{members, of_validators},
};

/// Seeds of each kind of consensus.
const SEEDS: [(&str, u64); 3] = [("pow", 400), ("pos", 300), ("hybrid", 300)];

/// Lost messages, a crash, a partition and a clock that is ahead, in a pool whose validators vote.
fn voted(kind: &str, seed: u64) -> Sim {
    let consensus = match kind {
        "pos" => Consensus::Pos(Pos::appointed(members())),
        _ => Consensus::Hybrid(Hybrid::appointed(members())),
    };
    let genesis = Genesis {
        version: GENESIS_VERSION,
        consensus,
        ..genesis()
    };
    let mines = genesis.consensus.mines();
    let mut sim = of_validators(&genesis, seed);
    sim.links.loss_percent = 5;
    sim.set_clock(2, 3);
    for player in 1..4_u8 {
        let node = usize::from(player) % 4;
        sim.submit(node, join(&genesis, 40 + player));
        if mines {
            sim.mine(node);
        }
        sim.run_ms(1_500);
    }
    sim.crash(1);
    sim.partition(&[0]);
    sim.submit(0, join(&genesis, 50));
    sim.run_ms(2_000);
    sim.restart(1);
    sim.heal();
    sim.connect_all();
    sim.run_ms(10_000);
    sim
}

fn trace(kind: &str, seed: u64) -> String {
    let sim = if kind == "pow" {
        eventful(seed)
    } else {
        voted(kind, seed)
    };
    let [a, b, c, d, ..] = sim.trace();
    format!("{kind} {seed} {:08x}\n", u32::from_be_bytes([a, b, c, d]))
}

/// Runs every `step`th seed.
fn runs(step: usize) -> String {
    let runs: Vec<(&str, u64)> = SEEDS
        .iter()
        .flat_map(|(kind, seeds)| (0..*seeds).step_by(step).map(move |seed| (*kind, seed)))
        .collect();
    let cores = thread::available_parallelism().map_or(1, Into::into);
    thread::scope(|scope| {
        let parts: Vec<_> = runs
            .chunks(runs.len().div_ceil(cores))
            .map(|part| {
                scope.spawn(|| {
                    let traces = part.iter().map(|(kind, seed)| trace(kind, *seed));
                    traces.collect::<String>()
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).collect()
    })
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/recordings/simulator.txt")
}

fn are_as_recorded(traces: &str) {
    let recorded = fs::read_to_string(path()).unwrap();
    let others: Vec<_> = traces
        .lines()
        .filter(|line| !recorded.lines().any(|known| known == *line))
        .collect();
    assert!(
        others.is_empty(),
        "{} runs differ: {others:?}",
        others.len()
    );
}

#[test]
fn runs_are_as_recorded() {
    are_as_recorded(&runs(20));
}

/// Three minutes on two cores: for whoever moves the core's parts.
#[test]
#[ignore = "takes minutes: `cargo nextest run -p bolao-simulator --run-ignored only`"]
fn a_thousand_runs_are_as_recorded() {
    let traces = runs(1);
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        fs::write(path(), &traces).unwrap();
    }
    are_as_recorded(&traces);
}
