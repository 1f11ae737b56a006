//! A core over the store of one that is gone.

use bolao_chain::{Core, CoreConfig, Input};
use bolao_store::Store;

use crate::pool::{Player, at, genesis, mine};

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
