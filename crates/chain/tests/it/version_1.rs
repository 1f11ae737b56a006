//! Pools of version 1, as the program of that time left them: they open, play on and audit clean.

use std::{fs, io::Read as _, path::Path};

use bolao_chain::{Core, CoreConfig, Input, Now, Output, StoredChain, audit};
use bolao_ledger::{
    Action, BetMode, Cause, Genesis, MatchNo, SealedBet, StateView as _, UnixSeconds, table,
};
use bolao_store::Store;
use flate2::read::GzDecoder;

use crate::pool::{Player, mine};

/// When these pools are played on, after their last block.
const NOW: u64 = 1_795_300_000;
/// A match that has not begun.
const OPEN_MATCH: u16 = 3;

fn data(name: &str) -> Vec<u8> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    fs::read(dir.join(name)).unwrap()
}

/// A kept pool: its genesis, which is written again byte for byte, and its store.
pub(crate) fn kept(name: &str) -> (Genesis, Store) {
    let text = String::from_utf8(data(&format!("{name}.genesis.json"))).unwrap();
    let genesis = Genesis::from_json(&text).unwrap();
    assert_eq!(genesis.to_json(), text, "byte for byte");

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chain.redb");
    let mut store = Vec::new();
    GzDecoder::new(&*data(&format!("{name}.redb.gz")))
        .read_to_end(&mut store)
        .unwrap();
    fs::write(&path, store).unwrap();
    (genesis, Store::open(&path).unwrap())
}

fn submit(core: &mut Core, now: Now, transaction: bolao_ledger::Transaction) {
    let outputs = core.handle(now, Input::submit(1, transaction)).unwrap();
    let taken = outputs
        .iter()
        .any(|output| matches!(output, Output::Reply { result: Ok(_), .. }));
    assert!(taken, "{outputs:?}");
}

fn opens_plays_on_and_audits(pool: &str, id: &str, height: u64) {
    // It is of an older format, so that opening it rebuilds what follows from its blocks.
    let (genesis, store) = kept(&format!("version-1-{pool}"));
    assert_eq!(genesis.pool_id().to_string(), id);
    assert_eq!(**store.genesis(), genesis);
    let snapshot = store.reader().snapshot().unwrap();
    let pages = snapshot.scan::<table::History>(&(), None, 1_000).unwrap();
    let history: Vec<_> = pages.into_iter().flat_map(|(_, page)| page.0).collect();
    for wanted in ["sent", "won"] {
        assert!(
            history.iter().any(|line| match line.cause {
                Cause::Sent(_) => wanted == "sent",
                Cause::Won(_) => wanted == "won",
                _ => false,
            }),
            "{wanted}"
        );
    }
    let record = snapshot.result(MatchNo(1)).unwrap().unwrap();
    assert_eq!((record.version, record.is_settled()), (1, true));
    assert_eq!(snapshot.totals().unwrap().bets, 7);
    drop(snapshot);

    let now = Now {
        unix: UnixSeconds(NOW),
        mono_ms: 0,
    };
    let mut core = Core::new(store, CoreConfig::default(), now).unwrap();
    assert_eq!((core.tip().height.0, core.pending()), (height, 1));
    let player = Player::new(9);
    let pool = genesis.pool_id();
    submit(&mut core, now, player.join(pool, "Newcomer"));
    let bet = match genesis.rules.bets {
        BetMode::Open => player.stake(pool, 1, OPEN_MATCH, 2, 7),
        BetMode::Sealed => {
            let tips = vec![SealedBet {
                match_no: MatchNo(OPEN_MATCH),
                commitment: [5; 32],
                stake: bolao_ledger::Chips(7),
            }];
            player.sign(pool, 1, Action::Seal { bets: tips })
        }
    };
    submit(&mut core, now, bet);
    let ana = genesis.organisers[0];
    let gift = Action::Transfer {
        to: ana,
        chips: bolao_ledger::Chips(3),
    };
    submit(&mut core, now, player.sign(pool, 2, gift));
    let block = Box::new(mine(&core.template(now, ana, b"").unwrap()));
    assert_eq!(block.transactions.len(), 4, "Ana's bet waited");
    core.handle(now, Input::Mined { token: 2, block }).unwrap();

    let snapshot = core.reader().snapshot().unwrap();
    let account = snapshot.account(&player.id()).unwrap().unwrap();
    assert_eq!(account.chips.0, 1_000 - 7 - 3);
    let stored = StoredChain {
        snapshot: &snapshot,
        genesis: &genesis,
    };
    let report = audit(&stored, |_, _| {}).unwrap();
    assert_eq!((report.height.0, report.bets), (height + 1, 8));
}

#[test]
fn an_open_pool_plays_on() {
    opens_plays_on_and_audits(
        "open",
        "ee2b63af63591829d1f0e11b6da140e12ea6960246863fd227633aab9943cf8c",
        21,
    );
}

#[test]
fn a_sealed_pool_plays_on() {
    opens_plays_on_and_audits(
        "sealed",
        "c86e0eefbf0a9ddc036a689dda7edd36c55810c76cc0dc9f45631e3cf7247a46",
        22,
    );
}
