//! Headers that cost little do not fill the disk, and no branch that can win is lost over them.

use bolao_chain::{CoreConfig, Input, Request, Response};
use bolao_ledger::{Block, BlockHash, Height, Reason, Work, encode};

use crate::{
    pool::{Player, Recipe, Solo, chain, genesis, peer},
    stage::{Stage, huge},
};

fn solo(keep_side_headers: u64) -> Solo {
    let config = CoreConfig {
        keep_side_bodies: 4,
        keep_side_headers,
        ..CoreConfig::default()
    };
    let mut solo = Solo::with(&genesis(), config);
    solo.now.unix.0 += 5_000;
    solo
}

fn is_known(solo: &Solo, hash: BlockHash) -> bool {
    let snapshot = solo.core.reader().snapshot().unwrap();
    snapshot.header(&hash).unwrap().is_some()
}

fn known(solo: &Solo, blocks: &[Block]) -> usize {
    let known = blocks.iter().filter(|block| {
        let (hash, height) = (block.hash(), block.coinbase.height);
        let snapshot = solo.core.reader().snapshot().unwrap();
        let arrivals = snapshot.block_arrivals(height, &hash).unwrap();
        let known = is_known(solo, hash);
        assert_eq!(
            arrivals.is_some(),
            known,
            "its arrival goes with its header"
        );
        known
    });
    known.count()
}

/// Answers the first request that asks for this.
fn answer(stage: &mut Stage, response: Response) {
    let blocks = matches!(response, Response::Blocks(_));
    let wanted = |request: &Request| match request {
        Request::Headers { .. } => !blocks,
        Request::Blocks { .. } => blocks,
        _ => false,
    };
    let (id, _) = stage.asked("mallory", wanted).unwrap();
    stage.answer("mallory", id, Ok(response));
}

#[test]
fn blocks_that_break_rules_are_remembered_up_to_a_number() {
    let mut solo = solo(100);
    let bet = Player::new(3).bet(solo.pool(), 0, 1, 1);
    let mut bad = Vec::new();
    for time in 0..1_500 {
        let mut recipe = Recipe::on(solo.tip(), 1, 10 + time);
        recipe.transactions = vec![bet.clone()];
        let block = recipe.mined();
        let refused = solo.give(block.clone()).unwrap_err();
        assert_eq!(refused.reason, Reason::UnknownAccount);
        bad.push(block);
    }
    // 256 are left each time that there are twice as many.
    let left = known(&solo, &bad);
    assert!((256..=512).contains(&left), "{left}");
    let last = solo.give(bad[1_499].clone()).unwrap_err();
    assert_eq!(last.reason, Reason::KnownInvalid);
}

/// Every one of these branches has more work than our chain, and nobody gives their bodies.
#[test]
fn branches_of_headers_alone_are_kept_up_to_a_number_and_the_best_of_them_wins() {
    let mut solo = solo(100);
    let start = solo.tip();
    solo.mine();
    let mut stage = Stage::new(solo);
    let claim = stage.status(BlockHash([9; 32]), 1, Work::from_be_bytes([0; 32]));
    stage.join("mallory", claim);
    let offer = |stage: &mut Stage, blocks: &[Block]| {
        let status = stage.status(blocks[blocks.len() - 1].hash(), 1_000, huge());
        stage.input(Input::Request {
            peer: peer("mallory"),
            token: 1,
            request: Request::Status(status),
        });
        let headers = blocks.iter().map(|block| block.header).collect();
        answer(stage, Response::Headers(headers));
    };
    let best = chain(start, 1, 10, 2, 3);
    offer(&mut stage, &best);
    let mut flood = Vec::new();
    for time in 0..800 {
        let blocks = chain(start, 1, 20 + time, 3, 2);
        offer(&mut stage, &blocks);
        flood.extend(blocks);
    }
    let left = known(&stage.solo, &flood);
    assert!((500..=1_100).contains(&left), "{left}");
    assert_eq!(known(&stage.solo, &best), 3);
    answer(
        &mut stage,
        Response::Blocks(best.iter().map(encode).collect()),
    );
    assert_eq!(stage.solo.tip(), best[2].hash());
}

#[test]
fn a_deep_branch_with_less_work_goes_and_comes_again_when_it_grows() {
    let mut solo = solo(2);
    let start = solo.tip();
    let theirs = chain(start, 1, 10, 2, 9);
    solo.mine();
    solo.give(theirs[0].clone()).unwrap();
    for _ in 0..7 {
        solo.mine();
    }
    assert!(is_known(&solo, theirs[0].hash()), "few are no burden");
    let snapshot = solo.core.reader().snapshot().unwrap();
    let parent = snapshot.hash_at(Height(7)).unwrap().unwrap();
    drop(snapshot);
    let near: Vec<_> = (0..3)
        .flat_map(|time| chain(parent, 8, 5_010 + time, 3, 1))
        .collect();
    for block in &near {
        solo.give(block.clone()).unwrap();
    }
    assert_eq!(known(&solo, &near), 3);
    assert_eq!(known(&solo, &theirs), 0);
    let refused = solo.give(theirs[1].clone()).unwrap_err();
    assert_eq!(refused.reason, Reason::UnknownParent);
    let mut stage = Stage::new(solo);
    let claim = stage.status(theirs[8].hash(), 9, huge());
    stage.join("mallory", claim);
    let headers = theirs.iter().map(|block| block.header).collect();
    answer(&mut stage, Response::Headers(headers));
    answer(
        &mut stage,
        Response::Blocks(theirs.iter().map(encode).collect()),
    );
    assert_eq!(stage.solo.tip(), theirs[8].hash());
}

/// An honest peer answers on top of a branch that was named, and forgotten before the answer came.
#[test]
fn headers_on_a_branch_that_was_forgotten_meanwhile_are_nobodys_fault() {
    let mut solo = solo(2);
    let start = solo.tip();
    solo.mine();
    let mut stage = Stage::new(solo);
    let theirs = chain(start, 1, 10, 2, 15);
    let headers = |blocks: &[Block]| {
        let headers = blocks.iter().map(|block| block.header).collect();
        Ok(Response::Headers(headers))
    };
    let is_headers = |request: &Request| matches!(request, Request::Headers { .. });
    let claim = stage.status(theirs[2].hash(), 3, huge());
    stage.join("first", claim);
    let (id, _) = stage.asked("first", is_headers).unwrap();
    stage.answer("first", id, headers(&theirs[..3]));
    assert_eq!(known(&stage.solo, &theirs), 3);
    let claim = stage.status(theirs[14].hash(), 15, huge());
    stage.join("second", claim);
    let (id, request) = stage.asked("second", is_headers).unwrap();
    assert!(matches!(request, Request::Headers { locator, .. } if locator[0] == theirs[2].hash()));
    for _ in 0..9 {
        stage.solo.mine();
    }
    let parent = Recipe::on(stage.solo.tip(), 11, 5_010);
    for miner in 3..8 {
        let block = Recipe {
            miner,
            ..parent.clone()
        }
        .mined();
        stage.solo.give(block).unwrap();
    }
    assert_eq!(known(&stage.solo, &theirs), 0);
    stage.answer("second", id, headers(&theirs[3..]));
    assert_eq!(stage.solo.blamed(), None);
    let (id, _) = stage.asked("second", is_headers).unwrap();
    stage.answer("second", id, headers(&theirs));
    assert_eq!(known(&stage.solo, &theirs), 15);
}
