//! Pools whose blocks validators make or finish, as a program of November 2026 left them: they open, audit clean, and a `hybrid` one
//! goes on.

use bolao_chain::{Core, CoreConfig, Input, Now, StoredChain, audit};
use bolao_ledger::{Genesis, MatchNo, StateView as _, UnixSeconds};

use crate::{
    pool::{Player, mine},
    version_1::kept,
};

/// When these pools are opened, after their last block.
const NOW: u64 = 1_795_300_000;

fn now() -> Now {
    Now {
        unix: UnixSeconds(NOW),
        mono_ms: 0,
    }
}

/// Opens such a pool and checks all that it holds.
fn opened(pool: &str, id: &str, tip: &str) -> (Core, Genesis) {
    let (genesis, store) = kept(&format!("version-2-{pool}"));
    assert_eq!(genesis.pool_id().to_string(), id);
    let core = Core::new(store, CoreConfig::default(), now()).unwrap();

    let snapshot = core.reader().snapshot().unwrap();
    let last = snapshot.last_final().unwrap().unwrap();
    assert_eq!(
        (core.tip().hash.to_string(), last.hash),
        (tip.to_owned(), core.tip().hash)
    );
    let record = snapshot.result(MatchNo(1)).unwrap().unwrap();
    assert_eq!((record.version, record.is_settled()), (0, true));
    assert_eq!(snapshot.totals().unwrap().bets, 5);
    let validators = snapshot.validator_set_after(last.height).unwrap().unwrap();
    assert_eq!(validators.total(), 2);
    let stored = StoredChain {
        snapshot: &snapshot,
        genesis: &genesis,
    };
    let report = audit(&stored, |_, _| {}).unwrap();
    assert_eq!((report.height, report.bets), (core.tip().height, 5));
    (core, genesis)
}

#[test]
fn a_pool_of_validators_audits_clean() {
    let (mut core, genesis) = opened(
        "pos",
        "f7d0edeb544871dce2572866aa899fc3c01bc85ca19c3a7c6ac1fe464018c6a5",
        "164afac1855b7f6c830ee9a4357eeec06807d93382d79a51ca404e5b9290cfba",
    );
    let join = Player::new(9).join(genesis.pool_id(), "Newcomer");
    core.handle(now(), Input::submit(1, join)).unwrap();
    assert_eq!(core.pending(), 1, "its validators are not here");
}

#[test]
fn a_hybrid_pool_audits_clean_and_goes_on() {
    let (mut core, genesis) = opened(
        "hybrid",
        "623b0d8db5cebc52c1b3fe157227a51d9cffe42ee8dc42ff236813a0f62eb1fc",
        "0000374bc32edf61b315188f60449b19ee021d0345a56fdb51c99f3a01aa834c",
    );
    let before = core.tip().height;
    let join = Player::new(9).join(genesis.pool_id(), "Newcomer");
    core.handle(now(), Input::submit(1, join)).unwrap();
    let miner = genesis.organisers[0];
    let block = Box::new(mine(&core.template(now(), miner, b"").unwrap()));
    core.handle(now(), Input::Mined { token: 2, block })
        .unwrap();
    assert_eq!((core.tip().height, core.pending()), (before.next(), 0));
    let snapshot = core.reader().snapshot().unwrap();
    assert_eq!(snapshot.last_final().unwrap().unwrap().height, before);
}
