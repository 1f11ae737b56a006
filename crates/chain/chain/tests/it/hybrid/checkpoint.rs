//! Newcomers whose invitation names a final block, and validators of long ago who sign another history with more work.

use std::path::Path;

use bolao_chain::{Core, CoreConfig, CoreError, FinalError, Input};
use bolao_ledger::{BlockId, Genesis, Height};
use bolao_store::Store;

use super::pool_of;
use crate::{
    pool::{Player, Solo, at},
    voting::{
        checkpoint::{named, place, talk},
        config,
    },
};

/// A history of blocks that the only validator makes final, one for each of these players.
fn history(genesis: &Genesis, players: &[u8]) -> Solo {
    let mut solo = Solo::with(genesis, config(0));
    for who in players {
        let join = Player::new(*who).join(genesis.pool_id(), &format!("Player {who}"));
        solo.submit(join).unwrap();
        solo.mine();
    }
    assert_eq!(last_final(&solo), players.len() as u64);
    solo
}

/// A home of its own that is started.
fn home(path: &Path, genesis: &Genesis, block: Option<BlockId>) -> Solo {
    let store = if path.exists() {
        Store::open(path).unwrap()
    } else {
        Store::create(path, genesis).unwrap()
    };
    let now = at(10);
    Solo {
        core: Core::new(store, named(block), now).unwrap(),
        now,
        out: Vec::new(),
    }
}

fn last_final(solo: &Solo) -> u64 {
    let snapshot = solo.core.reader().snapshot().unwrap();
    snapshot.last_final().unwrap().map_or(0, |it| it.height.0)
}

/// The true history, and a longer one by the same key.
fn histories(genesis: &Genesis) -> (Solo, Solo) {
    (
        history(genesis, &[3, 4, 5, 6]),
        history(genesis, &[3, 9, 10, 11, 12, 13, 14]),
    )
}

#[test]
fn a_newcomer_with_an_invitation_takes_nothing_of_another_history() {
    let genesis = pool_of(&[1]);
    let (friend, liar) = histories(&genesis);
    let invited = place(&friend, 3);
    let mut new = Solo::with(&genesis, named(Some(invited)));
    let blamed = talk(&mut new, &[("liar", &liar)]).unwrap();
    assert_eq!(new.core.tip().height, Height(0));
    assert_eq!(last_final(&new), 0);
    assert_eq!(blamed, [""; 0], "anybody can write a link");
    talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 4));
    // Without one it cannot know: this is what the invitation is for.
    let mut fooled = Solo::with(&genesis, named(None));
    talk(&mut fooled, &[("liar", &liar)]).unwrap();
    assert_eq!(fooled.tip(), liar.tip());
    // With both it takes the friend's; it is then proven that the validator has signed two.
    let mut new = Solo::with(&genesis, named(Some(invited)));
    let error = talk(&mut new, &[("friend", &friend), ("liar", &liar)]).unwrap_err();
    assert!(
        matches!(error, CoreError::Final(FinalError::Conflict { .. })),
        "{error}"
    );
    assert_eq!(new.core.tip().hash, friend.tip());
}

#[test]
fn a_home_changes_to_the_named_block_from_a_chain_with_more_work() {
    let genesis = pool_of(&[1]);
    let friend = history(&genesis, &[3, 4, 5]);
    // Nobody has made anything of these blocks final.
    let mut own = Solo::with(&genesis, CoreConfig::default());
    for _ in 0..9 {
        own.mine();
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let mut kept = home(&path, &genesis, None);
    talk(&mut kept, &[("own", &own)]).unwrap();
    assert_eq!(kept.tip(), own.tip());
    drop(kept);
    let invited = place(&friend, 2);
    let mut invited = home(&path, &genesis, Some(invited));
    talk(&mut invited, &[("friend", &friend)]).unwrap();
    assert_eq!((invited.tip(), last_final(&invited)), (friend.tip(), 3));
}

/// Also while its certificates are still missing, and after a restart.
#[test]
fn the_named_block_holds_before_any_certificate_is_here() {
    let genesis = pool_of(&[1]);
    let (friend, liar) = histories(&genesis);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let invited = Some(place(&friend, 3));
    let mut new = home(&path, &genesis, invited);
    // One that has the blocks and no certificate.
    let mut uncertified = Solo::with(&genesis, CoreConfig::default());
    for height in 1..=4 {
        let snapshot = friend.core.reader().snapshot().unwrap();
        let block = snapshot.block_at(Height(height)).unwrap().unwrap();
        uncertified.give(block).unwrap();
    }
    talk(&mut new, &[("friend", &uncertified)]).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 0));
    // Both histories have block 1.
    talk(&mut new, &[("liar", &liar)]).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 1));
    drop(new);
    let mut new = home(&path, &genesis, invited);
    talk(&mut new, &[("liar", &liar)]).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 1));
    talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 4));
}

#[test]
fn another_link_takes_the_place_of_a_wrong_one() {
    let genesis = pool_of(&[1]);
    let (friend, liar) = histories(&genesis);
    let mut new = Solo::with(&genesis, named(Some(place(&liar, 3))));
    talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!((new.core.tip().height, last_final(&new)), (Height(0), 0));
    let right = Input::MissingCheckpoint(place(&friend, 3));
    new.core.handle(new.now, right).unwrap();
    talk(&mut new, &[("friend", &friend)]).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 4));
    // With final blocks of its own it needs no link's.
    let wrong = Input::MissingCheckpoint(place(&liar, 6));
    new.core.handle(new.now, wrong).unwrap();
    assert_eq!((new.tip(), last_final(&new)), (friend.tip(), 4));
}

#[test]
fn final_blocks_outweigh_the_invitation() {
    let genesis = pool_of(&[1]);
    let (friend, liar) = histories(&genesis);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let mut kept = home(&path, &genesis, None);
    talk(&mut kept, &[("liar", &liar)]).unwrap();
    assert_eq!(last_final(&kept), 7);
    drop(kept);
    let kept = home(&path, &genesis, Some(place(&friend, 3)));
    assert_eq!((kept.tip(), last_final(&kept)), (liar.tip(), 7));
}
