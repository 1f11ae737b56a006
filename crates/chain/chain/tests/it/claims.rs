//! Peers that claim work they have not got, and that nobody is to wait for.

use bolao_chain::{CoreConfig, Input, Request, RequestFailure, Response, Status};
use bolao_ledger::{Block, BlockHash, BlockId, encode};

use crate::{
    pool::{Solo, chain, genesis, peer},
    stage::{Stage, huge},
};

fn is_headers(request: &Request) -> bool {
    matches!(request, Request::Headers { .. })
}

/// A core behind a chain of so many blocks.
fn behind(count: u64) -> (Stage, Vec<Block>) {
    let mut solo = Solo::new();
    solo.now.unix.0 += 1_000;
    let blocks = chain(solo.tip(), 1, 20, 2, count);
    (Stage::new(solo), blocks)
}

/// Answers what an honest peer and liars were asked: liars name a great chain and give nothing of it. Says how often
/// headers were asked of liars.
fn play(stage: &mut Stage, blocks: &[Block], honest: &str, claim: &Status) -> usize {
    let mut lied = 0;
    for (to, id, request) in std::mem::take(&mut stage.sent) {
        let truth = to == peer(honest);
        let response = match request {
            Request::Status(_) if truth => {
                let tip = BlockId {
                    hash: blocks.last().unwrap().hash(),
                    ..claim.tip
                };
                let work = blocks
                    .iter()
                    .fold(genesis().header().work(), |sum, it| sum + it.header.work());
                let status = Status {
                    tip,
                    work,
                    ..claim.clone()
                };
                Response::Status(status)
            }
            Request::Status(_) => Response::Status(claim.clone()),
            Request::Headers { .. } if truth => {
                Response::Headers(blocks.iter().map(|it| it.header).collect())
            }
            Request::Blocks { hashes } if truth => {
                let given = blocks.iter().filter(|it| hashes.contains(&it.hash()));
                Response::Blocks(given.map(encode).collect())
            }
            Request::Headers { .. } => {
                lied += 1;
                continue;
            }
            _ => continue,
        };
        let name = to.0.to_string();
        stage.answer(&name, id, Ok(response));
    }
    lied
}

#[test]
fn liars_cannot_starve_an_honest_peer() {
    for liars in [1, 2, 9] {
        let (mut stage, blocks) = behind(5);
        let claim = stage.status(BlockHash([9; 32]), 1_000_000, huge());
        for liar in 0..liars {
            stage.connect(&format!("a liar {liar}"));
        }
        stage.connect("honest");
        let began = stage.solo.now.mono_ms;
        while stage.solo.tip() != blocks[4].hash() {
            play(&mut stage, &blocks, "honest", &claim);
            stage.tick_ms(250);
            let waited = stage.solo.now.mono_ms - began;
            assert!(waited < 15_000, "{liars} liars starve the honest one");
        }
    }
}

#[test]
fn no_input_of_a_peer_makes_good_its_failures() {
    let (mut stage, blocks) = behind(1);
    let claim = stage.status(BlockHash([9; 32]), 1_000_000, huge());
    let orphan = chain(BlockHash([8; 32]), 5, 10, 1, 1).remove(0);
    stage.connect("liar");
    let mut asked = 0;
    for second in 0..600 {
        asked += play(&mut stage, &blocks, "nobody", &claim);
        stage.gossip("liar", &orphan);
        if second % 50 == 49 {
            stage.sent.clear();
            let gone = peer("liar");
            stage.input(Input::PeerDisconnected { peer: gone });
            stage.connect("liar");
        }
        stage.tick_ms(1_000);
    }
    // 5, 10, 20, … seconds of rest, and 6 of waiting each time.
    assert!((3..10).contains(&asked), "asked {asked} times");
}

#[test]
fn an_orphan_must_have_cost_work() {
    let (mut stage, _) = behind(1);
    stage.connect("mallory");
    let mut orphan = chain(BlockHash([8; 32]), 5, 10, 1, 1).remove(0);
    while orphan.header.meets_own_target() {
        orphan.header = orphan.header.with_nonce(orphan.header.nonce + 1);
    }
    assert_eq!(
        stage.gossip("mallory", &orphan),
        bolao_chain::Verdict::Reject
    );
    assert!(stage.solo.blamed().is_some());
}

#[test]
fn a_round_ends_at_its_deadline_whatever_is_on_its_way() {
    let (mut stage, _) = behind(1);
    let claim = stage.status(BlockHash([9; 32]), 1_000_000, huge());
    stage.join("liar", claim);
    stage.input(Input::SyncNow {
        token: 3,
        peers: Vec::new(),
    });
    assert!(stage.solo.core.is_syncing());
    stage.tick_ms(4_900);
    assert!(stage.ended.is_empty());
    stage.tick_ms(100);
    assert!(stage.solo.core.is_syncing());
    assert_eq!(stage.ended, [3]);
}

#[test]
fn a_round_waits_for_a_peer_of_whom_the_core_hears_a_moment_later() {
    let (mut stage, _) = behind(1);
    stage.input(Input::SyncNow {
        token: 4,
        peers: vec![peer("late")],
    });
    assert!(stage.ended.is_empty(), "nobody has said where he stands");
    let tip = stage.solo.core.tip();
    let same = stage.status(tip.hash, tip.height.get(), tip.work);
    stage.join("late", same);
    assert_eq!(stage.ended, [4]);
}

#[test]
fn a_fork_deeper_than_what_is_held_without_proof_is_followed() {
    let config = CoreConfig {
        header_margin: 10,
        ..CoreConfig::default()
    };
    let mut solo = Solo::with(&genesis(), config);
    solo.now.unix.0 += 5_000;
    let start = solo.tip();
    for block in chain(start, 1, 10, 1, 2_050) {
        solo.give(block).unwrap();
    }
    let theirs = chain(start, 1, 10, 2, 2_060);
    let headers: Vec<_> = theirs.iter().map(|it| it.header).collect();
    let mut stage = Stage::new(solo);
    let claim = stage.status(theirs[2_059].hash(), 2_060, huge());
    stage.join("honest", claim);
    for part in headers.chunks(2_000) {
        let (id, _) = stage.asked("honest", is_headers).unwrap();
        stage.answer("honest", id, Ok(Response::Headers(part.to_vec())));
    }
    let snapshot = stage.solo.core.reader().snapshot().unwrap();
    assert!(snapshot.header(&theirs[2_059].hash()).unwrap().is_some());
    assert!(
        stage
            .asked("honest", |it| matches!(it, Request::Blocks { .. }))
            .is_some()
    );
}

#[test]
fn what_our_own_network_refused_is_asked_again_and_nobody_is_punished() {
    let (mut stage, blocks) = behind(3);
    let claim = stage.status(blocks[2].hash(), 3, huge());
    stage.join("honest", claim);
    let (id, _) = stage.asked("honest", is_headers).unwrap();
    stage.answer("honest", id, Err(RequestFailure::Local));
    assert!(stage.asked("honest", is_headers).is_none(), "no pause");
    stage.tick_ms(250);
    let (id, _) = stage.asked("honest", is_headers).unwrap();
    let headers = blocks.iter().map(|it| it.header).collect();
    stage.answer("honest", id, Ok(Response::Headers(headers)));
    let is_blocks = |it: &Request| matches!(it, Request::Blocks { .. });
    let (id, _) = stage.asked("honest", is_blocks).unwrap();
    stage.answer("honest", id, Err(RequestFailure::Local));
    assert!(stage.solo.core.is_syncing(), "the branch was given up");
    stage.tick_ms(250);
    let (id, _) = stage.asked("honest", is_blocks).unwrap();
    let bodies = blocks.iter().map(encode).collect();
    stage.answer("honest", id, Ok(Response::Blocks(bodies)));
    assert_eq!(stage.solo.tip(), blocks[2].hash());
}
