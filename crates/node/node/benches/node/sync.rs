//! A node with an empty store catches up.

use std::time::{Duration, Instant};

use bolao_chain::Core;
use bolao_ledger::{Decision, Height, Ledger, MemoryState, StateView as _};
use bolao_node::Home;
use bolao_store::Store;

use crate::{
    chain::{Maker, fill},
    homes::{Homes, temp_dir},
    link::{Spent, catch_up, config, now},
    report::{Report, Times, ms, per_second, ratio, timed},
    running::{Running, runtime, wait_until},
};

const BLOCKS: usize = 3_000;
const BETS_PER_BLOCK: usize = 5;
const PLAYERS: usize = 50;
const REPEATS: usize = 3;
/// Of the pools in which a block has one bet.
const VALIDATORS: [u8; 2] = [1, 4];

pub(crate) fn run(report: &mut Report, _: &mut Homes) {
    for validators in VALIDATORS {
        let mut maker = Maker::certified(PLAYERS, validators);
        maker.grow(BLOCKS, 1, 1);
        let what = format!("of a sealed bet each, which {validators} of {validators} made final");
        section(report, &maker, &what);
    }
    let mut maker = Maker::new(PLAYERS);
    maker.grow(BLOCKS * BETS_PER_BLOCK, 1, BETS_PER_BLOCK);
    section(report, &maker, &format!("of {BETS_PER_BLOCK} bets"));
}

fn section(report: &mut Report, maker: &Maker, what: &str) {
    let blocks = maker.blocks.len();
    let (mut bare, mut disk, mut memory, mut quic) = <(Times, Times, Times, Times)>::default();
    let (mut connected, mut spent) = (Times::default(), Vec::new());
    for _ in 0..REPEATS {
        bare.push(rules_alone(maker));
        let (time, parts) = two_cores(maker, true);
        disk.push(time);
        spent.push((time, parts));
        memory.push(two_cores(maker, false).0);
        let (first, all) = two_nodes(maker);
        connected.push(first);
        quic.push(all);
    }

    let rules = bare.rate(blocks);
    let beside = |rate: f64| ratio(rate, rules, "only the rules");
    report.section(&format!("Catching up {blocks} blocks {what}, blocks/s"));
    report.row(
        "only the rules: check and apply, in memory",
        &per_second(rules),
        "",
    );
    let rate = memory.rate(blocks);
    report.row(
        "two cores and the wire's bytes, store in memory",
        &per_second(rate),
        &beside(rate),
    );
    let rate = disk.rate(blocks);
    report.row(
        "two cores and the wire's bytes, store on disk",
        &per_second(rate),
        &beside(rate),
    );
    let rate = quic.rate(blocks);
    report.row(
        "two nodes over QUIC, from registering to the last block",
        &per_second(rate),
        &beside(rate),
    );
    report.row("  of which to the first block", &ms(connected.median()), "");
    spent.sort_by_key(|(time, _)| *time);
    let (time, parts) = spent[spent.len() / 2];
    report.note(&format!(
        "On disk, {} in all: the late core {}, the one ahead {}, encoding and decoding {}, {} answers with blocks.",
        ms(time), ms(parts.late), ms(parts.ahead), ms(parts.wire), parts.answers
    ));
}

/// Checks certificates, signatures and rules, one block after the other.
fn rules_alone(maker: &Maker) -> Duration {
    let blocks = maker.blocks.clone();
    let ledger = Ledger::new(&maker.genesis);
    let (time, ()) = timed(|| {
        let mut state = MemoryState::default();
        state.commit(&ledger.genesis_delta(&state).unwrap());
        let mut certificates = maker.certificates.iter();
        for (height, block) in (1..).zip(blocks) {
            if let Some(certificate) = certificates.next() {
                let height = Height(height);
                let set = state.validator_set_after(height).unwrap().unwrap();
                let decision = Decision::plain(height, block.hash());
                certificate
                    .verify(&set, maker.pool, height, decision)
                    .unwrap();
            }
            let block = block.check(&maker.genesis, maker.pool).unwrap();
            let applied = ledger.apply_block(&state, Height(height), &block).unwrap();
            state.commit(applied.delta());
        }
    });
    time
}

fn two_cores(maker: &Maker, on_disk: bool) -> (Duration, Spent) {
    let dir = temp_dir();
    let store = |name: &str| {
        if on_disk {
            Store::create(&dir.path().join(name), &maker.genesis).unwrap()
        } else {
            Store::in_memory(&maker.genesis).unwrap()
        }
    };
    let mut full = store("full.redb");
    fill(&mut full, maker, 256);
    let mut ahead = Core::new(full, config(), now()).unwrap();
    let mut late = Core::new(store("late.redb"), config(), now()).unwrap();
    timed(|| catch_up(&mut late, &mut ahead))
}

/// The time to the first block, and to the last.
fn two_nodes(maker: &Maker) -> (Duration, Duration) {
    let runtime = runtime();
    let client = reqwest::Client::new();
    let (dir_a, dir_b) = (temp_dir(), temp_dir());
    let homes = [&dir_a, &dir_b].map(|dir| Home::open(dir.path()).unwrap());
    fill(
        &mut Store::create(&homes[0].chain_path(), &maker.genesis).unwrap(),
        maker,
        256,
    );
    let [ahead, late] = homes.map(|home| Running::start(&runtime, &home, &maker.genesis));
    let began = Instant::now();
    let (at, other) = (ahead.url.clone(), late.url.clone());
    let registered = runtime.spawn(async move { Running::register(&client, &at, &other).await });
    wait_until("the first block", || late.height() > 0);
    let first = began.elapsed();
    wait_until("the last block", || {
        late.height() == maker.blocks.len() as u64
    });
    let all = began.elapsed();
    runtime.block_on(registered).unwrap();
    for node in [late, ahead] {
        node.stop(&runtime);
    }
    (first, all)
}
