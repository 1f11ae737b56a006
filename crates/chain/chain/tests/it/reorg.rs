//! Changing branches.

use std::sync::Arc;

use bolao_chain::{Blocks, Cause, CoreConfig, Event};
use bolao_ledger::{Reason, check_invariants, table};

use crate::pool::{Player, Solo, chain, genesis, loser};

#[test]
fn bets_of_the_losing_branch_return_and_the_lower_hash_wins_a_tie() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let anna = Player::new(3);
    let start = solo.tip();
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(anna.stake(pool, 1, 1, 2, 100)).unwrap();
    let ours = solo.mine();
    assert_eq!(solo.core.pending(), 0);
    let miner = loser(ours.hash(), |miner| chain(start, 1, 10, miner, 1).remove(0));
    let theirs = chain(start, 1, 10, miner, 2);
    solo.give(theirs[0].clone()).unwrap();
    assert_eq!(solo.tip(), ours.hash());
    solo.give(theirs[1].clone()).unwrap();
    assert_eq!(solo.tip(), theirs[1].hash());
    assert_eq!(solo.core.pending(), 2);
    let change = solo.tip_change().unwrap();
    assert_eq!((change.fork.hash, change.fork.height.0), (start, 0));
    assert_eq!(
        (change.old.hash, change.new.hash),
        (ours.hash(), solo.tip())
    );
    assert_eq!(change.cause, Cause::Mined);
    assert_eq!(change.disconnected.blocks, [Arc::new(ours)]);
    let theirs: Vec<_> = theirs.into_iter().map(Arc::new).collect();
    assert_eq!(change.connected.blocks, theirs);
    solo.mine();
    assert_eq!(solo.core.pending(), 0);
    let snapshot = solo.core.reader().snapshot().unwrap();
    let state = snapshot.memory_state().unwrap();
    assert_eq!(state.table::<table::Bets>().unwrap().len(), 1);
    check_invariants(&genesis().rules, &state).unwrap();
}

#[test]
fn what_contradicts_the_new_chain_is_dropped() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let start = solo.tip();
    let (anna, twin) = (Player::new(3), Player::new(4));
    solo.submit(anna.join(pool, "Anna")).unwrap();
    solo.submit(anna.bet(pool, 1, 1, 2)).unwrap();
    solo.mine();
    let mut theirs = chain(start, 1, 10, 2, 1);
    let mut recipe = crate::pool::Recipe::on(theirs[0].hash(), 2, 11);
    recipe.transactions = vec![twin.join(pool, "anna")];
    theirs.push(recipe.mined());
    for block in theirs {
        solo.give(block).unwrap();
    }
    let dropped: Vec<_> = solo
        .events()
        .filter_map(|event| match event {
            Event::TransactionDropped {
                id,
                transaction,
                reason,
                ..
            } => {
                assert_eq!(
                    (transaction.id(), transaction.body.account),
                    (*id, anna.id())
                );
                Some(reason.reason)
            }
            _ => None,
        })
        .collect();
    // Her bet goes with her joining: nothing else could ever make it ready, and she is to begin anew.
    assert_eq!(dropped, [Reason::NameTaken, Reason::BadNonce]);
    assert_eq!(solo.core.pending(), 0);
    let snapshot = solo.core.reader().snapshot().unwrap();
    assert_eq!(snapshot.pending_count().unwrap(), 0);
    assert_eq!(snapshot.next_nonce(&anna.id()).unwrap().0, 0);
    solo.submit(anna.join(pool, "Anna the second")).unwrap();
    solo.submit(anna.bet(pool, 1, 1, 2)).unwrap();
    assert_eq!(solo.mine().transactions.len(), 2);
}

#[test]
fn a_branch_with_an_invalid_block_is_rolled_back_as_a_whole() {
    let mut solo = Solo::new();
    let pool = solo.pool();
    let start = solo.tip();
    let ours = solo.mine();
    let before = solo
        .core
        .reader()
        .snapshot()
        .unwrap()
        .memory_state()
        .unwrap();
    let first = |miner| chain(start, 1, 10, miner, 1).remove(0);
    let good = first(loser(ours.hash(), first));
    solo.give(good.clone()).unwrap();
    let mut recipe = crate::pool::Recipe::on(good.hash(), 2, 11);
    recipe.transactions = vec![Player::new(9).bet(pool, 0, 1, 1)];
    let bad = recipe.mined();
    assert_eq!(
        solo.give(bad.clone()).unwrap_err().reason,
        Reason::KnownInvalid
    );
    assert_eq!(solo.tip(), ours.hash());
    let after = solo
        .core
        .reader()
        .snapshot()
        .unwrap()
        .memory_state()
        .unwrap();
    assert_eq!(before, after);
    // The good part of that branch may still win.
    let more = chain(good.hash(), 2, 12, 3, 1).remove(0);
    solo.give(more.clone()).unwrap();
    assert_eq!(solo.tip(), more.hash());
}

#[test]
fn a_deep_reorganisation() {
    let mut solo = Solo::new();
    solo.now.unix.0 += 500;
    let start = solo.tip();
    let ours = chain(start, 1, 10, 1, 100);
    for block in &ours {
        solo.give(block.clone()).unwrap();
    }
    let theirs = |miner| chain(start, 1, 10, miner, 101);
    let theirs = theirs(loser(ours[99].hash(), |miner| theirs(miner).remove(99)));
    for block in &theirs {
        solo.give(block.clone()).unwrap();
    }
    assert_eq!(solo.tip(), theirs[100].hash());
    let change = solo.tip_change().unwrap();
    assert_eq!(change.fork.hash, start);
    let count = |blocks: &Blocks| (blocks.blocks.len(), blocks.count());
    assert_eq!(count(&change.disconnected), (Blocks::MAX, 100));
    assert_eq!(count(&change.connected), (Blocks::MAX, 101));
    let ends = |blocks: &Blocks| {
        (
            blocks.blocks[0].hash(),
            blocks.blocks[Blocks::MAX - 1].hash(),
        )
    };
    assert_eq!(
        ends(&change.disconnected),
        (ours[99].hash(), ours[36].hash())
    );
    assert_eq!(
        ends(&change.connected),
        (theirs[37].hash(), theirs[100].hash())
    );
    let snapshot = solo.core.reader().snapshot().unwrap();
    for block in &theirs {
        let record = snapshot.header(&block.hash()).unwrap().unwrap();
        assert_eq!(snapshot.hash_at(record.height).unwrap(), Some(block.hash()));
    }
}

#[test]
fn bodies_of_lost_branches_go_when_they_are_deep() {
    let config = CoreConfig {
        keep_side_bodies: 4,
        ..CoreConfig::default()
    };
    let mut solo = Solo::with(&genesis(), config);
    let start = solo.tip();
    let lost = solo.mine();
    let theirs = chain(start, 1, 10, 2, 2);
    for block in &theirs {
        solo.give(block.clone()).unwrap();
    }
    let has_body = |solo: &Solo, hash| {
        let snapshot = solo.core.reader().snapshot().unwrap();
        snapshot.header(&hash).unwrap().unwrap().has_body
    };
    for _ in 0..3 {
        solo.mine();
        assert!(has_body(&solo, lost.hash()));
    }
    solo.mine();
    solo.mine();
    assert!(!has_body(&solo, lost.hash()));
    assert!(has_body(&solo, theirs[0].hash()));
}
