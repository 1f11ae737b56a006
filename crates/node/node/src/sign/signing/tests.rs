#![allow(clippy::unwrap_used)]

use bolao_chain::{Core, CoreConfig};
use bolao_ledger::{Chips, Genesis, MatchNo, Score};
use bolao_store::Store;
use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::clock::now;

struct Setting {
    signer: Arc<Signer>,
    reader: Reader,
    engine: Engine,
    key: Key,
    _home: tempfile::TempDir,
    _stop: tokio_util::sync::DropGuard,
}

const NAME: &str = "John";
/// Of match 2.
const KICKOFF: UnixSeconds = UnixSeconds(4_000_000_000);

/// A core without a network, and the key that the name will bet with.
fn setting() -> Setting {
    let home = tempfile::tempdir().unwrap();
    let wallet = WalletFile::create(home.path().join("wallet.json"), "").unwrap();
    let key = wallet.key(KeyIndex::of_name(&Name::new(NAME).unwrap().folded()));
    let mut genesis = Genesis::article();
    genesis.matches.get_mut(1).unwrap().kickoff = Some(KICKOFF);
    let store = Store::in_memory(&genesis).unwrap();
    let reader = store.reader();
    let core = Core::new(store, CoreConfig::default(), now()).unwrap();
    let cancel = CancellationToken::new();
    let (engine, _, _) = Engine::start(core, |_| {}, None, cancel.clone()).unwrap();
    Setting {
        signer: Arc::new(Signer::new(
            wallet,
            engine.clone(),
            reader.clone(),
            Home::open(home.path()).unwrap(),
        )),
        reader,
        engine,
        key,
        _home: home,
        _stop: cancel.drop_guard(),
    }
}

fn bet(home: u64) -> ClassicBet {
    ClassicBet {
        name: Name::new(NAME).unwrap(),
        match_no: MatchNo(1),
        score: Score::new(home, 0).unwrap(),
        stake: Chips::ZERO,
    }
}

fn unix() -> UnixSeconds {
    now().unix
}

impl Setting {
    fn nonces(&self) -> Vec<u64> {
        let pending = self.reader.snapshot().unwrap().pending().unwrap();
        let mut nonces: Vec<u64> = pending.iter().map(|waiting| waiting.body.nonce.0).collect();
        nonces.sort_unstable();
        nonces
    }
}

#[tokio::test]
async fn a_caller_who_hangs_up_leaves_no_nonce_to_be_taken_twice() {
    let setting = setting();
    let mut calls = Vec::new();
    for home in 1..=3 {
        let mut call = Box::pin(setting.signer.bet(bet(home), unix()));
        assert!(
            (&mut call).now_or_never().is_none(),
            "it waits for the core"
        );
        calls.push(call);
    }
    drop(calls);
    setting.signer.bet(bet(4), unix()).await.unwrap();
    // The calls take the wallet in the order in which they came.
    assert_eq!(setting.nonces(), [0, 1, 2, 3, 4]);
}

#[tokio::test]
async fn a_gap_in_the_nonces_is_filled_first() {
    let setting = setting();
    setting.signer.bet(bet(1), unix()).await.unwrap();
    let tip = OpenBet {
        match_no: MatchNo(1),
        prediction: Score::new(9, 9).unwrap().into(),
        stake: Chips::ZERO,
    };
    let body = Draft::new(setting.key.account(), Nonce(3)).bet(vec![tip]);
    let stranded = setting.key.sign(setting.reader.pool_id(), body);
    setting.engine.submit(stranded).await.unwrap();
    assert_eq!(setting.nonces(), [0, 1, 3]);
    setting.signer.bet(bet(2), unix()).await.unwrap();
    assert_eq!(setting.nonces(), [0, 1, 2, 3]);
    setting.signer.bet(bet(3), unix()).await.unwrap();
    assert_eq!(setting.nonces(), [0, 1, 2, 3, 4]);
}

/// The rehearsal refuses what a precheck of its own once refused.
#[tokio::test]
async fn a_bad_first_bet_leaves_nothing_behind() {
    let setting = setting();
    let of = |match_no, stake| ClassicBet {
        match_no: MatchNo(match_no),
        stake: Chips(stake),
        ..bet(1)
    };
    for (bet, now, wanted) in [
        (of(99, 0), unix(), Reason::UnknownMatch),
        (of(1, 1_000_001), unix(), Reason::BadStake),
        (of(1, 1_001), unix(), Reason::NotEnoughChips),
        (of(2, 0), KICKOFF, Reason::BetAfterKickoff),
    ] {
        let error = setting.signer.bet(bet, now).await.unwrap_err();
        let NodeError::Rejected(Rejection { reason, .. }) = error else {
            panic!("{error}");
        };
        assert_eq!(reason, wanted);
    }
    assert_eq!(setting.signer.wallet().await.names().count(), 0);
    assert!(setting.nonces().is_empty());
}

#[tokio::test]
async fn the_players_own_name_has_the_players_own_key() {
    let setting = setting();
    setting
        .signer
        .home
        .set_profile(&crate::home::Profile {
            name: Some("JOHN".to_owned()),
            ..crate::home::Profile::default()
        })
        .unwrap();
    setting.signer.bet(bet(1), unix()).await.unwrap();
    let pending = setting.reader.snapshot().unwrap().pending().unwrap();
    let own = setting.signer.player();
    assert_eq!(pending.len(), 2, "joined, and bet");
    assert!(pending.iter().all(|waiting| waiting.body.account == own));
    // The node's own joining finds that done.
    let name = Name::new(NAME).unwrap();
    assert_eq!(setting.signer.join_player(&name, None).await.unwrap(), None);
}
