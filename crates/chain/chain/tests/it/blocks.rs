//! Bad blocks, and what is remembered of them.

use bolao_chain::{Event, Input, Output, Topic, Verdict};
use bolao_ledger::{Block, Reason, encode};

use crate::pool::{Player, Solo, chain, grind, peer};

fn gossip(solo: &mut Solo, block: &Block) -> Verdict {
    solo.handle(Input::Gossip {
        peer: peer("mallory"),
        token: 7,
        topic: Topic::Blocks,
        bytes: encode(block),
    });
    verdict(solo)
}

fn verdict(solo: &Solo) -> Verdict {
    solo.out
        .iter()
        .find_map(|output| match output {
            Output::Verdict { token: 7, verdict } => Some(*verdict),
            _ => None,
        })
        .unwrap()
}

fn connect(solo: &mut Solo) {
    let peer = peer("mallory");
    solo.handle(Input::PeerConnected { peer });
}

#[test]
fn a_mutated_body_does_not_poison_the_genuine_block() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let (anna, bert) = (Player::new(3), Player::new(4));
    let mut recipe = solo.on_tip();
    recipe.transactions = vec![anna.join(pool, "Anna"), bert.join(pool, "Bert")];
    let genuine = recipe.mined();
    // Three leaves: the last one twice leaves the root as it was.
    let mut doubled = genuine.clone();
    doubled.transactions.push(genuine.transactions[1].clone());
    assert_eq!(doubled.hash(), genuine.hash());
    connect(&mut solo);
    assert_eq!(gossip(&mut solo, &doubled), Verdict::Reject);
    assert_eq!(solo.blamed().unwrap().reason, Reason::DuplicateTransaction);
    let mut shortened = genuine.clone();
    shortened.transactions.pop();
    assert_eq!(
        solo.give(shortened).unwrap_err().reason,
        Reason::BadMerkleRoot
    );
    solo.give(genuine.clone()).unwrap();
    assert_eq!(solo.tip(), genuine.hash());
}

#[test]
fn an_invalid_block_is_remembered_with_its_descendants() {
    let mut solo = Solo::new();
    let mut recipe = solo.on_tip();
    recipe.transactions = vec![Player::new(3).bet(solo.pool(), 0, 1, 1)];
    let bad = recipe.mined();
    assert_eq!(
        solo.give(bad.clone()).unwrap_err().reason,
        Reason::UnknownAccount
    );
    assert_eq!(
        solo.give(bad.clone()).unwrap_err().reason,
        Reason::KnownInvalid
    );
    let child = chain(bad.hash(), 2, 11, 1, 1).remove(0);
    assert_eq!(
        solo.give(child.clone()).unwrap_err().reason,
        Reason::InvalidAncestor
    );
    connect(&mut solo);
    // Whoever forwards it may not have applied it.
    assert_eq!(gossip(&mut solo, &child), Verdict::Ignore);
    assert!(solo.blamed().is_none());
    solo.mine();
    assert_eq!(solo.core.tip().height.0, 1);
}

#[test]
fn a_block_from_the_future_waits_and_nobody_is_punished() {
    let mut solo = Solo::new();
    let mut recipe = solo.on_tip();
    recipe.time += 121;
    let block = recipe.mined();
    connect(&mut solo);
    assert_eq!(gossip(&mut solo, &block), Verdict::Ignore);
    assert!(solo.blamed().is_none());
    solo.handle(Input::Tick);
    assert_eq!(solo.core.tip().height.0, 0);
    solo.now.unix.0 += 1;
    solo.handle(Input::Tick);
    assert_eq!(solo.tip(), block.hash());
    assert!(
        solo.events()
            .any(|it| matches!(it, Event::TipChanged { .. }))
    );
}

#[test]
fn an_orphan_makes_its_sender_tell_its_status() {
    let mut solo = Solo::new();
    let orphan = chain(bolao_ledger::BlockHash([9; 32]), 5, 10, 1, 1).remove(0);
    connect(&mut solo);
    solo.handle(Input::PeerDisconnected {
        peer: peer("mallory"),
    });
    solo.handle(Input::PeerConnected {
        peer: peer("mallory"),
    });
    assert_eq!(gossip(&mut solo, &orphan), Verdict::Ignore);
    assert!(solo.blamed().is_none());
    assert_eq!(solo.give(orphan).unwrap_err().reason, Reason::UnknownParent);
}

#[test]
fn garbage_is_rejected_and_its_sender_dropped() {
    for (topic, bytes) in [
        (Topic::Blocks, vec![1, 2, 3]),
        (Topic::Blocks, vec![0; 2_000_000]),
        (Topic::Transactions, Vec::new()),
        (Topic::Transactions, vec![0; 9_000]),
    ] {
        let mut solo = Solo::new();
        connect(&mut solo);
        solo.handle(Input::Gossip {
            peer: peer("mallory"),
            token: 7,
            topic,
            bytes,
        });
        assert_eq!(verdict(&solo), Verdict::Reject);
        assert!(solo.blamed().is_some());
    }
}

#[test]
fn a_block_that_came_by_push_is_still_forwarded_by_gossip() {
    let mut solo = Solo::new();
    let block = solo.mine();
    connect(&mut solo);
    assert_eq!(gossip(&mut solo, &block), Verdict::Accept);
}

#[test]
fn side_branches_deep_below_are_not_kept() {
    let mut solo = Solo::new();
    let first = chain(solo.tip(), 1, 10, 1, 150);
    solo.now.unix.0 += 200;
    for block in &first {
        solo.give(block.clone()).unwrap();
    }
    let side = chain(solo.pool().into(), 1, 10, 2, 1).remove(0);
    assert!(solo.give(side.clone()).is_err());
    let snapshot = solo.core.reader().snapshot().unwrap();
    assert!(snapshot.header(&side.hash()).unwrap().is_none());
}

#[test]
fn strangers_cannot_fill_the_disk_with_side_blocks() {
    let mut solo = Solo::new();
    let start = solo.tip();
    let mut blocks: Vec<_> = (2..60)
        .flat_map(|miner| chain(start, 1, 10, miner, 1))
        .collect();
    blocks.sort_by_key(|block| block.hash().to_string());
    solo.give(blocks.remove(0)).unwrap();
    connect(&mut solo);
    let kept = blocks
        .into_iter()
        .filter(|block| {
            assert_eq!(gossip(&mut solo, block), Verdict::Ignore);
            let snapshot = solo.core.reader().snapshot().unwrap();
            snapshot.block_bytes(&block.hash()).unwrap().is_some()
        })
        .count();
    assert_eq!(kept, 16);
    assert!(solo.blamed().is_none());
}

#[test]
fn a_header_above_its_target_is_refused_before_its_body_is_looked_at() {
    let mut solo = Solo::new();
    let mut block = solo.on_tip().unmined();
    while block.header.meets_own_target() {
        block.header = block.header.with_nonce(block.header.nonce + 1);
    }
    assert_eq!(
        solo.give(block.clone()).unwrap_err().reason,
        Reason::HighHash
    );
    block.header = grind(block.header);
    solo.give(block).unwrap();
}

#[test]
fn a_side_block_is_not_forwarded_and_its_forwarder_not_blamed() {
    let (mut near, mut far) = (Solo::new(), Solo::new());
    let start = near.tip();
    let (ours, theirs) = (chain(start, 1, 10, 1, 2), chain(start, 1, 10, 2, 1));
    let mut recipe = crate::pool::Recipe::on(theirs[0].hash(), 2, 11);
    recipe.transactions = vec![Player::new(3).bet(near.pool(), 0, 1, 1)];
    let bad = recipe.mined();
    near.give(theirs[0].clone()).unwrap();
    for block in ours {
        near.give(block).unwrap();
    }
    connect(&mut near);
    // As heavy as our branch and not applied here: it may be bad, and it is.
    assert_eq!(gossip(&mut near, &bad), Verdict::Ignore);
    let published = |solo: &Solo| {
        let is_publish = |it: &Output| matches!(it, Output::Publish { .. });
        solo.out.iter().any(is_publish)
    };
    assert!(!published(&near));
    near.handle(Input::Request {
        peer: peer("mallory"),
        token: 8,
        request: bolao_chain::Request::PushBlock(Box::new(bad.clone())),
    });
    assert!(!published(&near));
    // Whose tip it builds on finds out, and blames nobody.
    far.give(theirs[0].clone()).unwrap();
    connect(&mut far);
    assert_eq!(gossip(&mut far, &bad), Verdict::Ignore);
    assert!(far.blamed().is_none());
    assert_eq!(far.tip(), theirs[0].hash());
}

#[test]
fn a_mutated_body_cannot_take_the_place_of_one_that_waits() {
    for mutated_first in [true, false] {
        let mut solo = Solo::new();
        let mut recipe = solo.on_tip();
        recipe.time += 121;
        recipe.transactions = vec![Player::new(3).join(solo.pool(), "Anna")];
        let genuine = recipe.mined();
        let mut mutated = genuine.clone();
        mutated.transactions.clear();
        let both = if mutated_first {
            [&mutated, &genuine]
        } else {
            [&genuine, &mutated]
        };
        for block in both {
            assert!(solo.give(block.clone()).is_err());
        }
        solo.now.unix.0 += 1;
        solo.handle(Input::Tick);
        assert_eq!(solo.tip(), genuine.hash());
    }
}
