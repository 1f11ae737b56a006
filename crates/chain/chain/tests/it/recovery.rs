//! New stores from what is found in damaged ones: any bytes with blocks, certificates and transactions among them.

use std::fs;

use bolao_chain::{Recovered, StoredChain, audit, recover};
use bolao_ledger::{Genesis, Height, encode};
use bolao_simulator::Sim;
use bolao_store::{NoticedChange, Reader, RecoveryScan, Store};

use crate::{
    hybrid::nodes,
    pool::{Player, Solo, at},
    voting::{join, settled, validators},
};

/// What a file holds of a store, one thing after the other, the last first, with something else in between.
fn pieces(reader: &Reader) -> Vec<Vec<u8>> {
    let snapshot = reader.snapshot().unwrap();
    let mut pieces = vec![vec![1; 5_000]];
    for height in (1..=snapshot.tip().unwrap().height.0).rev().map(Height) {
        pieces.push(encode(&snapshot.block_at(height).unwrap().unwrap()));
        if let Some(proven) = snapshot.final_at(height).unwrap() {
            pieces.push(encode(&(proven.hash, proven.certificate)));
        }
        pieces.push(vec![7; 33]);
    }
    let waiting = snapshot.pending().unwrap();
    pieces.extend(waiting.iter().map(encode));
    pieces
}

fn salvaged(genesis: &Genesis, pieces: &[Vec<u8>]) -> (Store, Recovered) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("damaged");
    fs::write(&path, pieces.concat()).unwrap();
    let remains = RecoveryScan::find(&path, genesis).unwrap();
    let mut store = Store::in_memory(genesis).unwrap();
    let players = [Player::new(9).id()];
    let now = at(100).unix;
    let salvaged = recover(&remains, &mut store, &players, now, |_, _| {}).unwrap();
    let snapshot = store.reader().snapshot().unwrap();
    let (_, notice) = snapshot.notices(None, 1).unwrap().remove(0);
    let Recovered { kept, found, .. } = salvaged;
    assert_eq!(notice.change, NoticedChange::Mended { kept, found });
    assert_eq!(snapshot.tip().unwrap().height, kept);
    let chain = StoredChain {
        genesis,
        snapshot: &snapshot,
    };
    assert_eq!(audit(&chain, |_, _| {}).unwrap().height, kept);
    (store, salvaged)
}

/// All of it comes back from a whole file.
fn comes_back(genesis: &Genesis, reader: &Reader) -> Recovered {
    let (store, salvaged) = salvaged(genesis, &pieces(reader));
    let (here, there) = (
        store.reader().snapshot().unwrap(),
        reader.snapshot().unwrap(),
    );
    assert_eq!(here.tip().unwrap(), there.tip().unwrap());
    assert_eq!(here.memory_state().unwrap(), there.memory_state().unwrap());
    let finals = |snapshot: &bolao_store::Snapshot| {
        let finals = snapshot.finals_down().unwrap();
        finals.collect::<Result<Vec<_>, _>>().unwrap()
    };
    assert_eq!(finals(&here), finals(&there));
    assert_eq!(here.pending_ids(9).unwrap(), there.pending_ids(9).unwrap());
    salvaged
}

fn played() -> Solo {
    let mut solo = Solo::new();
    let pool = solo.pool();
    for seed in 1..=5 {
        let player = Player::new(seed);
        solo.submit(player.join(pool, &format!("Player {seed}")))
            .unwrap();
        solo.mine();
    }
    solo.submit(Player::new(1).bet(pool, 1, 1, 2)).unwrap();
    solo.submit(Player::new(9).join(pool, "Not yet")).unwrap();
    solo
}

#[test]
fn a_mined_chain_and_what_waits() {
    let solo = played();
    let salvaged = comes_back(solo.core.genesis(), &solo.core.reader());
    let wanted = Recovered {
        kept: Height(5),
        found: Height(5),
        waiting: 2,
    };
    assert_eq!(salvaged, wanted);
}

#[test]
fn it_ends_below_the_first_block_that_is_broken() {
    let solo = played();
    let mut pieces = pieces(&solo.core.reader());
    // The last byte of the third block belongs to a signature.
    let third = pieces
        .iter_mut()
        .filter(|it| it.len() > 100)
        .nth(3)
        .unwrap();
    *third.last_mut().unwrap() ^= 1;
    let (_, salvaged) = salvaged(solo.core.genesis(), &pieces);
    assert_eq!((salvaged.kept, salvaged.found), (Height(2), Height(5)));
}

#[test]
fn blocks_above_one_that_is_gone_still_say_how_high_the_chain_was() {
    let solo = played();
    let mut pieces = pieces(&solo.core.reader());
    let mut long = (0..pieces.len()).filter(|at| pieces[*at].len() > 100);
    let second = long.nth(4).unwrap();
    pieces.remove(second);
    let (_, salvaged) = salvaged(solo.core.genesis(), &pieces);
    assert_eq!((salvaged.kept, salvaged.found), (Height(1), Height(5)));
}

#[test]
fn nothing_comes_from_nothing() {
    let (_, salvaged) = salvaged(&Solo::new().core.genesis().clone(), &[vec![0; 10_000]]);
    assert_eq!((salvaged.kept, salvaged.found), (Height(0), Height(0)));
}

fn run(mut sim: Sim, mined: bool) -> Sim {
    for player in 1..=4 {
        sim.submit(0, join(&sim, player));
        sim.run_ms(300);
        if mined {
            sim.mine(0);
        }
    }
    assert!(
        sim.run_until(10_000, |sim| settled(sim, 4)),
        "{}",
        sim.state()
    );
    sim
}

#[test]
fn certificates_come_with_the_blocks_of_validators() {
    let sim = run(validators(4, 1), false);
    let reader = sim.core(0).reader();
    assert!(comes_back(sim.genesis(), &reader).kept >= Height(4));
    // Without its certificate, a block is none.
    let all = pieces(&reader);
    let proof = reader
        .snapshot()
        .unwrap()
        .final_at(Height(2))
        .unwrap()
        .unwrap();
    let proof = encode(&(proof.hash, proof.certificate));
    let fewer: Vec<_> = all.into_iter().filter(|it| *it != proof).collect();
    let (_, salvaged) = salvaged(sim.genesis(), &fewer);
    assert_eq!(salvaged.kept, Height(1));
    assert_eq!(
        salvaged.found,
        reader.snapshot().unwrap().tip().unwrap().height
    );
}

#[test]
fn a_block_that_is_not_decided_yet_counts_as_seen() {
    let sim = run(validators(4, 1), false);
    let reader = sim.core(0).reader();
    let last = reader.snapshot().unwrap().last_final().unwrap().unwrap();
    let certificate = encode(&(last.hash, &last.certificate));
    let mut all = pieces(&reader);
    all.retain(|it| *it != certificate);
    let (_, salvaged) = salvaged(sim.genesis(), &all);
    assert_eq!(salvaged.kept.next(), last.height);
    assert_eq!(salvaged.found, last.height);
}

#[test]
fn certificates_come_with_blocks_of_work_that_are_final() {
    let sim = run(nodes(4, 1, 1), true);
    let reader = sim.core(0).reader();
    assert!(reader.snapshot().unwrap().last_final().unwrap().is_some());
    comes_back(sim.genesis(), &reader);
}

#[test]
fn a_block_that_was_not_decided_does_not_displace_the_one_that_was() {
    let sim = run(validators(4, 1), false);
    let reader = sim.core(0).reader();
    let snapshot = reader.snapshot().unwrap();
    let tip = snapshot.tip().unwrap();
    let mut rival = snapshot.block_at(tip.height).unwrap().unwrap();
    while rival.header.hash() >= tip.hash {
        rival.header.nonce += 1;
    }
    let mut all = pieces(&reader);
    all.push(encode(&rival));
    let (store, salvaged) = salvaged(sim.genesis(), &all);
    assert_eq!(salvaged.kept, tip.height);
    assert_eq!(
        store.reader().snapshot().unwrap().tip().unwrap().hash,
        tip.hash
    );
}
