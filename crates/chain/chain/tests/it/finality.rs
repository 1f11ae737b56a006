//! What is final stays, wherever it was when it became so.

use bolao_chain::{
    Cause, Core, CoreConfig, CoreError, Event, FinalError, Input, Request, Response, StoredChain,
    audit,
};
use bolao_ledger::{Block, BlockHash, BlockId, Height, Reason, encode};
use bolao_simulator::Sim;
use bolao_store::{Certificate, Durability, FinalBlock, Store, StoreError};

use crate::{
    pool::{Player, Recipe, Solo, at, chain, genesis, mine},
    stage::{Stage, huge},
};

fn is_headers(request: &Request) -> bool {
    matches!(request, Request::Headers { .. })
}

fn is_blocks(request: &Request) -> bool {
    matches!(request, Request::Blocks { .. })
}

fn final_block(block: &Block) -> FinalBlock {
    FinalBlock {
        block: BlockId {
            height: block.coinbase.height,
            hash: block.hash(),
        },
        certificate: Certificate::new(vec![7; 100]).unwrap(),
    }
}

fn finalise(solo: &mut Solo, block: &Block) {
    solo.handle(Input::Final(final_block(block)));
}

fn refused(solo: &mut Solo, block: &Block) -> CoreError {
    let input = Input::Final(final_block(block));
    solo.core.handle(solo.now, input).unwrap_err()
}

fn hears_of(solo: &Solo, block: &Block) -> bool {
    let (height, hash) = (block.coinbase.height, block.hash());
    let mut events = solo.events();
    events.any(|event| *event == Event::Final { height, hash })
}

fn is_known(solo: &Solo, hash: BlockHash) -> bool {
    let snapshot = solo.core.reader().snapshot().unwrap();
    snapshot.header(&hash).unwrap().is_some()
}

/// A core that has time for long branches.
fn solo() -> Solo {
    let mut solo = Solo::new();
    solo.now.unix.0 += 1_000;
    solo
}

#[test]
fn a_final_block_is_never_left() {
    let mut solo = solo();
    let start = solo.tip();
    let ours = solo.mine();
    finalise(&mut solo, &ours);
    assert!(hears_of(&solo, &ours));
    let theirs = chain(start, 1, 10, 2, 3);
    let refused = solo.give(theirs[0].clone()).unwrap_err();
    assert_eq!(refused.reason, Reason::AgainstFinal);
    assert!(refused.message.contains(&ours.hash().to_string()));
    let more = solo.mine();
    assert_eq!(more.header.previous, ours.hash());
    // Above it branches come and go as ever.
    let above = chain(ours.hash(), 2, 1_010, 3, 2);
    solo.give(above[0].clone()).unwrap();
    solo.give(above[1].clone()).unwrap();
    assert_eq!(solo.tip(), above[1].hash());
}

#[test]
fn headers_that_leave_it_are_not_kept_and_nobody_is_blamed() {
    let mut solo = solo();
    let start = solo.tip();
    let ours = solo.mine();
    finalise(&mut solo, &ours);
    let theirs = chain(start, 1, 10, 2, 3);
    let mut stage = Stage::new(solo);
    let claim = stage.status(theirs[2].hash(), 3, huge());
    stage.join("other", claim);
    let (id, _) = stage.asked("other", is_headers).unwrap();
    let headers = theirs.iter().map(|it| it.header).collect();
    stage.answer("other", id, Ok(Response::Headers(headers)));
    assert!(theirs.iter().all(|it| !is_known(&stage.solo, it.hash())));
    assert!(!stage.solo.core.is_syncing());
    assert!(stage.solo.blamed().is_none());
    assert_eq!(stage.solo.tip(), ours.hash());
    stage.tick_ms(1_000);
    assert!(stage.asked("other", is_headers).is_none(), "no rest");
}

#[test]
fn a_lighter_branch_is_changed_to_when_its_block_is_final() {
    let mut solo = solo();
    let start = solo.tip();
    let theirs = chain(start, 1, 10, 2, 2);
    solo.give(theirs[0].clone()).unwrap();
    let ours = chain(start, 1, 10, 1, 4);
    for block in &ours {
        solo.give(block.clone()).unwrap();
    }
    assert_eq!(solo.tip(), ours[3].hash());
    finalise(&mut solo, &theirs[0]);
    assert_eq!(solo.tip(), theirs[0].hash());
    let change = solo.tip_change().unwrap();
    assert_eq!((change.cause, change.fork.hash), (Cause::Final, start));
    assert_eq!(change.disconnected.count(), 4);
    assert!(hears_of(&solo, &theirs[0]));
    let leaves = solo.core.reader().snapshot().unwrap().leaves().unwrap();
    assert!(
        leaves.iter().all(|(leaf, _)| *leaf != ours[3].hash()),
        "it has more work and is looked at again and again"
    );
    let on_ours = chain(ours[3].hash(), 5, 20, 1, 1).remove(0);
    let refused = solo.give(on_ours).unwrap_err();
    assert_eq!(refused.reason, Reason::AgainstFinal);
    solo.give(theirs[1].clone()).unwrap();
    assert_eq!(solo.tip(), theirs[1].hash());
}

/// The core's own chain is longer, and nothing is known of the final one's.
#[test]
fn a_final_block_that_is_not_known_is_fetched_from_a_lighter_branch() {
    let mut solo = solo();
    let start = solo.tip();
    let ours = chain(start, 1, 10, 1, 6);
    for block in &ours {
        solo.give(block.clone()).unwrap();
    }
    let theirs = chain(start, 1, 10, 2, 4);
    finalise(&mut solo, &theirs[2]);
    assert_eq!(solo.tip(), ours[5].hash());
    // Nobody knows better yet: but a chain of that height without the block is no way to go on.
    let more = chain(ours[5].hash(), 7, 20, 1, 1).remove(0);
    let refused = solo.give(more).unwrap_err();
    assert_eq!(refused.reason, Reason::AgainstFinal);
    // Another block than ours is final at that height: an audit of ours is clean all the same.
    let snapshot = solo.core.reader().snapshot().unwrap();
    let stored = StoredChain {
        genesis: solo.core.genesis(),
        snapshot: &snapshot,
    };
    audit(&stored, |_, _| {}).unwrap();
    drop(snapshot);
    let light = solo.core.tip().work;
    let mut stage = Stage::new(solo);
    let claim = stage.status(theirs[3].hash(), 4, light);
    stage.join("other", claim);
    let (id, _) = stage.asked("other", is_headers).unwrap();
    let headers = theirs.iter().map(|it| it.header).collect();
    stage.answer("other", id, Ok(Response::Headers(headers)));
    let (id, _) = stage.asked("other", is_blocks).unwrap();
    let bodies = theirs.iter().map(encode).collect();
    stage.answer("other", id, Ok(Response::Blocks(bodies)));
    assert_eq!(stage.solo.tip(), theirs[3].hash());
    let cause = stage.events.iter().find_map(|event| match event {
        Event::TipChanged(change) => Some(change.cause),
        _ => None,
    });
    assert_eq!(cause, Some(Cause::Final));
    assert!(hears_of(&stage.solo, &theirs[2]));
}

#[test]
fn a_final_block_above_the_tip_does_not_pin_the_core_to_a_wrong_branch() {
    let mut solo = solo();
    let start = solo.tip();
    let (wrong, right) = (chain(start, 1, 10, 1, 8), chain(start, 1, 10, 2, 5));
    // Somebody's block before it all: the fork is not the tip.
    solo.give(wrong[0].clone()).unwrap();
    finalise(&mut solo, &right[4]);
    let mut stage = Stage::new(solo);
    let claim = stage.status(wrong[7].hash(), 8, huge());
    stage.join("wrong", claim);
    let (id, _) = stage.asked("wrong", is_headers).unwrap();
    let headers = wrong.iter().map(|it| it.header).collect();
    stage.answer("wrong", id, Ok(Response::Headers(headers)));
    assert!(!is_known(&stage.solo, wrong[4].hash()));
    // Pushed one by one, those below the final height may be right, and the next cannot.
    for (height, block) in (1..).zip(&wrong).skip(1) {
        let given = stage.solo.give(block.clone());
        assert_eq!(given.is_ok(), height < 5, "at height {height}");
    }
    let claim = stage.status(right[4].hash(), 5, huge());
    stage.join("right", claim);
    let (id, _) = stage.asked("right", is_headers).unwrap();
    let headers = right.iter().map(|it| it.header).collect();
    stage.answer("right", id, Ok(Response::Headers(headers)));
    let (id, _) = stage.asked("right", is_blocks).unwrap();
    let bodies = right.iter().map(encode).collect();
    stage.answer("right", id, Ok(Response::Blocks(bodies)));
    assert_eq!(stage.solo.tip(), right[4].hash());
}

#[test]
fn a_leaf_that_nobody_has_bodies_of_does_not_keep_the_final_block_under_it() {
    let mut solo = solo();
    let start = solo.tip();
    let theirs = chain(start, 1, 10, 2, 4);
    for block in chain(start, 1, 10, 1, 3) {
        solo.give(block).unwrap();
    }
    finalise(&mut solo, &theirs[0]);
    let mut stage = Stage::new(solo);
    let claim = stage.status(theirs[3].hash(), 4, huge());
    stage.join("other", claim);
    let (id, _) = stage.asked("other", is_headers).unwrap();
    let headers = theirs.iter().map(|it| it.header).collect();
    stage.answer("other", id, Ok(Response::Headers(headers)));
    let (id, _) = stage.asked("other", is_blocks).unwrap();
    let bodies = vec![encode(&theirs[0])];
    stage.answer("other", id, Ok(Response::Blocks(bodies)));
    assert_eq!(stage.solo.tip(), theirs[0].hash());
}

#[test]
fn cores_that_were_apart_meet_at_the_final_block() {
    for seed in 0..8 {
        let mut net = Sim::new(&genesis(), 4, seed);
        net.connect(0, 1);
        net.connect(2, 3);
        net.run_ms(500);
        let light = net.mine(0);
        net.run_ms(500);
        for _ in 0..5 {
            net.mine(3);
            net.run_ms(500);
        }
        for node in 0..4 {
            net.input(node, Input::Final(final_block(&light)));
        }
        net.connect_all();
        assert!(net.run_until(5_000, Sim::agree), "{}", net.state());
        assert_eq!(net.tip(2), light.hash());
        net.mine(2);
        assert!(net.run_until(5_000, Sim::agree), "{}", net.state());
        assert!(net.blamed().is_empty(), "{:?}", net.blamed());
        let snapshot = net.core(2).reader().snapshot().unwrap();
        let source = StoredChain {
            genesis: net.genesis(),
            snapshot: &snapshot,
        };
        audit(&source, |_, _| {}).unwrap();
    }
}

#[test]
fn two_histories_end_the_core() {
    let mut solo = solo();
    let start = solo.tip();
    let (ours, theirs) = (chain(start, 1, 10, 1, 3), chain(start, 1, 10, 2, 3));
    for block in [&ours[0], &ours[1], &ours[2], &theirs[0]] {
        solo.give(block.clone()).unwrap();
    }
    finalise(&mut solo, &ours[1]);
    // Of the same height, of a lower one, and one that nobody has seen.
    for other in [&theirs[1], &theirs[0]] {
        let error = refused(&mut solo, other);
        assert!(matches!(
            error,
            CoreError::Final(FinalError::Conflict { .. })
        ));
        assert!(error.to_string().contains("two histories"), "{error}");
    }
    // The same again, and one under it, are no news.
    finalise(&mut solo, &ours[1]);
    finalise(&mut solo, &ours[0]);
    assert_eq!(solo.tip(), ours[2].hash());
}

#[test]
fn two_histories_end_the_core_after_a_restart_too() {
    let start = genesis().pool_id().into();
    let (ours, theirs) = (chain(start, 1, 10, 1, 3), chain(start, 1, 10, 2, 3));
    let is_conflict = |error: &CoreError| {
        let CoreError::Final(error) = error else {
            return false;
        };
        matches!(error, FinalError::Conflict { .. })
    };
    // Two of one height; and one whose header is not here, under one whose header is.
    for (first, second) in [(&ours[1], &theirs[1]), (&theirs[0], &ours[2])] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("chain.redb");
        let open = || Core::new(Store::open(&path).unwrap(), CoreConfig::default(), at(900));
        drop(Store::create(&path, &genesis()).unwrap());
        let mut core = open().unwrap();
        for block in &ours {
            let block = Box::new(block.clone());
            core.handle(at(900), Input::Mined { token: 1, block })
                .unwrap();
        }
        core.handle(at(900), Input::Final(final_block(first)))
            .unwrap();
        let error = core
            .handle(at(900), Input::Final(final_block(second)))
            .unwrap_err();
        assert!(is_conflict(&error), "{error}");
        drop(core);
        let error = open().unwrap_err();
        assert!(is_conflict(&error), "{error}");
        let store = Store::open(&path).unwrap();
        let snapshot = store.reader().snapshot().unwrap();
        let height = second.coinbase.height;
        let kept = [snapshot.final_at(height), snapshot.conflicting_final()];
        let evidence = Some(final_block(second));
        assert!(kept.into_iter().any(|it| it.unwrap() == evidence));
    }
}

#[test]
fn a_final_block_that_breaks_a_rule_ends_the_core() {
    let mut solo = solo();
    let mut recipe = solo.on_tip();
    recipe.transactions = vec![Player::new(9).bet(solo.pool(), 0, 1, 1)];
    let bad = recipe.mined();
    let child = Recipe::on(bad.hash(), 2, 1_011).mined();
    finalise(&mut solo, &child);
    let mut stage = Stage::new(solo);
    let claim = stage.status(child.hash(), 2, huge());
    stage.join("other", claim);
    let (id, _) = stage.asked("other", is_headers).unwrap();
    let headers = vec![bad.header, child.header];
    stage.answer("other", id, Ok(Response::Headers(headers)));
    let (id, _) = stage.asked("other", is_blocks).unwrap();
    let result = Ok(Response::Blocks(vec![encode(&bad), encode(&child)]));
    let peer = crate::pool::peer("other");
    let input = Input::Response { peer, id, result };
    let error = stage.solo.core.handle(stage.solo.now, input).unwrap_err();
    assert!(matches!(
        error,
        CoreError::Final(FinalError::Invalid { .. })
    ));
}

#[test]
fn what_is_final_is_so_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let start = genesis().pool_id().into();
    let (ours, theirs) = (chain(start, 1, 10, 1, 1), chain(start, 1, 10, 2, 4));
    let unknown = chain(ours[0].hash(), 2, 12, 3, 2);
    let open =
        |path| Core::new(Store::open(path).unwrap(), CoreConfig::default(), at(900)).unwrap();
    let give = |core: &mut Core, block: &Block| {
        let block = Box::new(block.clone());
        core.handle(at(900), Input::Mined { token: 1, block })
            .unwrap();
    };
    {
        let store = Store::create(&path, &genesis()).unwrap();
        let mut core = Core::new(store, CoreConfig::default(), at(900)).unwrap();
        give(&mut core, &ours[0]);
        let input = Input::Final(final_block(&ours[0]));
        core.handle(at(900), input).unwrap();
    }
    {
        let mut core = open(&path);
        for block in &theirs {
            give(&mut core, block);
        }
        assert_eq!(core.tip().hash, ours[0].hash());
        let last = core.reader().snapshot().unwrap().last_final().unwrap();
        assert_eq!(last, Some(final_block(&ours[0])));
        // One whose header has not come.
        let input = Input::Final(final_block(&unknown[1]));
        core.handle(at(900), input).unwrap();
    }
    let mut core = open(&path);
    let block = mine(&core.template(at(900), Player::new(3).id(), b"").unwrap());
    give(&mut core, &block);
    let other = Recipe::on(block.hash(), 3, 20).mined();
    give(&mut core, &other);
    assert_eq!(core.tip().hash, block.hash(), "another one of that height");
    for block in &unknown {
        give(&mut core, block);
    }
    assert_eq!(core.tip().hash, unknown[1].hash());
    assert_eq!(core.tip().height, Height(3));
}

/// What a crash left between the write of a final block and the look at what it contradicts.
#[test]
fn a_start_finds_a_final_block_that_our_chain_passed_by() {
    for (other, starts) in [(None, true), (Some(4), false)] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("chain.redb");
        let blocks = chain(genesis().pool_id().into(), 1, 10, 1, 6);
        let store = Store::create(&path, &genesis()).unwrap();
        let mut core = Core::new(store, CoreConfig::default(), at(1_000)).unwrap();
        for block in blocks.iter().cloned().map(Box::new) {
            let input = Input::Mined { token: 1, block };
            core.handle(at(1_000), input).unwrap();
        }
        drop(core);
        let mut store = Store::open(&path).unwrap();
        store
            .write::<_, StoreError>(Durability::Durable, |tables| {
                for block in [&blocks[0], &blocks[2], &blocks[4]] {
                    tables.put_final(&final_block(block))?;
                }
                other.map_or(Ok(()), |height| {
                    tables.put_final(&FinalBlock {
                        block: BlockId {
                            height: Height(height),
                            hash: BlockHash([9; 32]),
                        },
                        certificate: Certificate::default(),
                    })
                })
            })
            .unwrap();
        let core = Core::new(store, CoreConfig::default(), at(1_000));
        assert_eq!(core.is_ok(), starts, "{other:?}");
    }
}
