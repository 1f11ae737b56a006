//! A core over the store of one that is gone.

use bolao_chain::{Core, CoreConfig, Event, Input, Output};
use bolao_ledger::{Action, Ledger, Reason, actions};
use bolao_store::{Durability, Store, StoreError};

use crate::pool::{ORGANISER, Player, Solo, at, chain, fixture, genesis, mine};

#[test]
fn tip_and_pending_are_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let anna = Player::new(3);
    let (tip, digest);
    {
        let store = Store::create(&path, &genesis()).unwrap();
        let mut core = Core::new(store, CoreConfig::default(), at(10)).unwrap();
        let pool = core.genesis().pool_id();
        for transaction in [anna.join(pool, "Anna"), anna.bet(pool, 1, 1, 1)] {
            core.handle(at(10), Input::submit(1, transaction)).unwrap();
        }
        let block = Box::new(mine(&core.template(at(10), anna.id(), b"").unwrap()));
        core.handle(at(10), Input::Mined { token: 2, block })
            .unwrap();
        for nonce in [2, 3, 5] {
            let transaction = anna.bet(pool, nonce, 1, nonce);
            core.handle(at(10), Input::submit(nonce, transaction))
                .unwrap();
        }
        tip = core.tip();
        digest = core.pending();
    }
    let store = Store::open(&path).unwrap();
    let mut core = Core::new(store, CoreConfig::default(), at(20)).unwrap();
    assert_eq!(core.tip(), tip);
    assert_eq!((digest, core.pending()), (3, 3));
    let block = Box::new(mine(&core.template(at(20), anna.id(), b"").unwrap()));
    assert_eq!(block.transactions.len(), 2);
    core.handle(at(20), Input::Mined { token: 2, block })
        .unwrap();
    assert_eq!(core.pending(), 1);
}

/// The match that it is on comes back from a lost branch, and so stands behind it on the disk.
#[test]
fn a_bet_outlives_a_reorganisation_and_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let (anna, boss) = (Player::new(3), Player::new(ORGANISER));
    {
        let store = Store::create(&path, &genesis()).unwrap();
        let mut core = Core::new(store, CoreConfig::default(), at(10)).unwrap();
        let pool = core.genesis().pool_id();
        let fixture = fixture(200, "Final", Some(crate::pool::START + 1_000));
        let mut mine_with = |transactions: Vec<_>| {
            for transaction in transactions {
                core.handle(at(10), Input::submit(1, transaction)).unwrap();
            }
            let block = mine(&core.template(at(10), anna.id(), b"").unwrap());
            let input = Input::Mined {
                token: 1,
                block: Box::new(block),
            };
            core.handle(at(10), input).unwrap();
            core.tip().hash
        };
        let common = mine_with(vec![anna.join(pool, "Anna"), boss.join(pool, "Boss")]);
        mine_with(vec![boss.sign(
            pool,
            1,
            Action::Schedule(actions::Schedule { fixture }),
        )]);
        let bet = anna.bet(pool, 1, 200, 2);
        core.handle(at(10), Input::submit(1, bet)).unwrap();
        for block in chain(common, 2, 11, 2, 2) {
            let block = Box::new(block);
            core.handle(at(10), Input::Mined { token: 1, block })
                .unwrap();
        }
        assert_eq!((core.tip().height.0, core.pending()), (3, 2));
    }
    let core = Core::new(Store::open(&path).unwrap(), CoreConfig::default(), at(20)).unwrap();
    assert_eq!(core.pending(), 2);
    let block = mine(&core.template(at(20), anna.id(), b"").unwrap());
    assert_eq!(block.transactions.len(), 2);
}

/// Peers' transactions are on the disk as well.
#[test]
fn what_a_restart_drops_is_told_to_whoever_gave_it() {
    for own in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("chain.redb");
        let boss = Player::new(ORGANISER);
        {
            let mut solo = Solo::on(Store::create(&path, &genesis()).unwrap());
            let pool = solo.pool();
            solo.submit(boss.join(pool, "Boss")).unwrap();
            solo.mine();
            let fixture = fixture(9, "Nine", Some(crate::pool::START + 20));
            let expires = boss.sign(pool, 1, Action::Schedule(actions::Schedule { fixture }));
            if own {
                solo.submit(expires).unwrap();
            } else {
                solo.hear(&expires);
            }
            assert_eq!(solo.core.pending(), 1);
        }
        let core = Core::new(Store::open(&path).unwrap(), CoreConfig::default(), at(30)).unwrap();
        assert_eq!(core.pending(), 0);
        let snapshot = core.reader().snapshot().unwrap();
        let told = snapshot.notices(None, 9).unwrap();
        assert_eq!(told.len(), usize::from(own), "{told:?}");
    }
}

/// The power goes once a block is on the disk, and before it is said what that block has overtaken. An old transaction with a later nonce,
/// which anybody may have kept, waited behind a gap.
#[test]
fn what_stood_before_a_power_cut_is_overtaken_and_nothing_else_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let anna = Player::new(3);
    let (mut there, pool) = (Solo::new(), genesis().pool_id());
    let stood = anna.bet(pool, 1, 1, 1);
    {
        let mut here = Solo::on(Store::create(&path, &genesis()).unwrap());
        here.submit(anna.join(pool, "Anna")).unwrap();
        let block = here.mine();
        there.give(block).unwrap();
        here.submit(stood.clone()).unwrap();
        here.submit(anna.bet(pool, 3, 1, 9)).unwrap();
    }
    for nonce in 1..4 {
        there.submit(anna.bet(pool, nonce, 1, 4)).unwrap();
    }
    let block = there.mine();
    let mut store = Store::open(&path).unwrap();
    let chain = store.reader().snapshot().unwrap();
    let chain = chain.header_chain(&block.header.previous).unwrap().unwrap();
    let header = chain.check(&genesis(), &block.header).unwrap();
    let block = block.check(&genesis(), pool).unwrap();
    store
        .write::<_, StoreError>(Durability::Durable, |tables| {
            tables.put_header(&header)?;
            let (genesis, height) = (genesis(), header.height);
            let applied = Ledger::new(&genesis).apply_block(&*tables, height, &block);
            tables.connect(&applied.unwrap())
        })
        .unwrap();

    let mut core = Core::new(store, CoreConfig::default(), at(20)).unwrap();
    let out = core.handle(at(20), Input::Tick).unwrap();
    let overtaken = out.iter().filter_map(|output| match output {
        Output::Event(Event::TransactionDropped { id, overtaken, .. }) if *overtaken => Some(*id),
        _ => None,
    });
    assert_eq!(overtaken.collect::<Vec<_>>(), [stood.id()]);
    assert_eq!(core.pending(), 0);
}

#[test]
fn what_a_restart_drops_is_heard_of() {
    let mut store = Store::in_memory(&genesis()).unwrap();
    let bet = Player::new(3).bet(genesis().pool_id(), 0, 1, 1);
    store
        .write::<_, StoreError>(Durability::Durable, |tables| tables.put_pending(&bet))
        .unwrap();
    let mut core = Core::new(store, CoreConfig::default(), at(10)).unwrap();
    let out = core.handle(at(10), Input::Tick).unwrap();
    let dropped = out.iter().find_map(|output| match output {
        Output::Event(Event::TransactionDropped { id, reason, .. }) => Some((*id, reason.reason)),
        _ => None,
    });
    assert_eq!(dropped, Some((bet.id(), Reason::UnknownAccount)));
}
