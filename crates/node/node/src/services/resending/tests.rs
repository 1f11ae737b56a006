#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_chain::{CoreConfig, Rejection};
use bolao_ledger::{BlockId, Chips, Genesis, MatchCode, Name, Reason, Score};
use bolao_wallet::Draft;

use tokio::time::{Instant, timeout_at};

use super::*;
use crate::services::opening::tests::{Setting, block, setting, setting_with};

fn bet(no: u16, home: u64) -> OpenBet {
    staked(no, home, 0)
}

fn staked(no: u16, home: u64, chips: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: Score::new(home, 0).unwrap().into(),
        stake: Chips(chips),
    }
}

/// Six matches, and so many transactions that may wait, of one account and in all.
async fn six_matches(pending_per_account: u32, mempool_transactions: usize) -> Setting {
    let change = |genesis: &mut Genesis| {
        genesis.limits.pending_per_account = pending_per_account;
        for no in 3..=6 {
            let mut game = genesis.matches[0].clone();
            game.no = MatchNo(no);
            game.code = MatchCode::new(&format!("M{no}")).unwrap();
            genesis.matches.push(game);
        }
    };
    let bounds = CoreConfig {
        mempool_transactions,
        ..CoreConfig::default()
    };
    setting_with(change, bounds).await
}

fn lose(transaction: Transaction) -> Lost {
    Lost {
        transaction: Arc::new(transaction),
        since: None,
    }
}

/// Signs bets as a device does that knows of so many transactions of its key.
async fn sealed(setting: &Setting, nonce: u64, bets: &[OpenBet]) -> Transaction {
    let (key, pool) = (
        setting.signer.wallet().await.player(),
        setting.signer.pool(),
    );
    let body = Draft::new(key.account(), Nonce(nonce)).seal_bets(&key, pool, bets);
    key.sign(pool, body)
}

/// A block of another machine holds that one, and this one's are dropped.
async fn overtaken(setting: &Setting, by: Transaction) {
    let BlockId { height, hash } = setting.tip();
    let block = block(
        hash,
        height.next(),
        setting.started,
        &setting.reader,
        vec![by],
    );
    setting.take(block).await;
}

/// The waiting transactions of the player: nonces, and what is bet.
async fn waiting(setting: &Setting) -> Vec<(u64, Vec<OpenBet>)> {
    let key = setting.signer.wallet().await.player();
    let waiting = setting.reader.snapshot().unwrap().ready_of(&key.account());
    let bets = |it: &Transaction| (it.body.nonce.0, placed(&key, &setting.reader, it));
    waiting.unwrap().iter().map(bets).collect()
}

#[tokio::test]
async fn what_lost_its_nonce_to_another_device_is_sent_again() {
    let setting = setting().await;
    let events = setting.engine.events();
    let signer = Arc::clone(&setting.signer);
    let (found, gathered) = mpsc::channel(MOST);
    tokio::spawn(async move {
        tokio::join!(gather(&signer, events, found), send_all(&signer, gathered))
    });
    // The chain has a seal of the first match from before; this changes it.
    let signed = sealed(&setting, 2, &[bet(1, 5), bet(2, 4)]).await;
    setting.signer.submit(signed).await.unwrap();
    let other = sealed(&setting, 2, &[bet(2, 1)]).await;
    overtaken(&setting, other).await;

    let limit = Instant::now() + Duration::from_secs(10);
    let found = timeout_at(limit, async {
        loop {
            let found = waiting(&setting).await;
            if !found.is_empty() {
                return found;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    // Of the second match nobody knows which was meant.
    assert_eq!(found.await.unwrap(), [(3, vec![bet(1, 5)])]);
}

#[tokio::test]
async fn of_several_bets_on_a_match_the_last_is_sent() {
    let setting = setting().await;
    let mut dropped = Vec::new();
    for (nonce, bets) in [(2, vec![bet(1, 5), bet(2, 3)]), (3, vec![bet(1, 7)])] {
        dropped.push(lose(sealed(&setting, nonce, &bets).await));
    }
    send(&setting.signer, dropped.clone(), setting.started).await;
    let wanted = [(2, vec![bet(2, 3), bet(1, 7)])];
    assert_eq!(waiting(&setting).await, wanted);
    // What is there is not sent twice.
    send(&setting.signer, dropped, setting.started).await;
    assert_eq!(waiting(&setting).await, wanted);
}

#[tokio::test]
async fn none_is_sent_that_came_too_late() {
    let over = |genesis: &mut Genesis| genesis.matches[1].kickoff = Some(genesis.created);
    let setting = setting_with(over, CoreConfig::default()).await;
    let both = sealed(&setting, 2, &[bet(1, 5), bet(2, 3)]).await;
    let later = send(&setting.signer, vec![lose(both)], setting.started).await;
    assert_eq!(waiting(&setting).await, [(2, vec![bet(1, 5)])]);
    assert!(later.is_empty());
}

#[tokio::test]
async fn a_bet_that_is_refused_takes_no_other_along() {
    let setting = six_matches(64, 64).await;
    // Of 1,000 chips the first wants more, and the last two together.
    let bets = [staked(1, 5, 1_500), staked(2, 3, 600), staked(3, 1, 600)];
    let dropped = vec![lose(sealed(&setting, 2, &bets).await)];
    let later = send(&setting.signer, dropped, setting.started).await;
    assert_eq!(waiting(&setting).await, [(2, vec![bets[1]])]);
    assert!(later.is_empty(), "there will not be more chips");
}

/// However few transactions of one account may wait.
#[tokio::test]
async fn a_long_slip_is_sent_again_whole() {
    let setting = six_matches(3, 64).await;
    let bets: Vec<_> = (1..=6).map(|no| bet(no, 5)).collect();
    let dropped = vec![lose(sealed(&setting, 2, &bets).await)];
    send(&setting.signer, dropped, setting.started).await;
    assert_eq!(waiting(&setting).await, [(2, bets)]);
}

#[tokio::test]
async fn where_a_slip_is_not_taken_whole_all_its_other_bets_are() {
    let setting = six_matches(3, 64).await;
    let mut bets: Vec<_> = (1..=6).map(|no| bet(no, 5)).collect();
    bets[1].stake = Chips(1_001);
    let dropped = vec![lose(sealed(&setting, 2, &bets).await)];
    send(&setting.signer, dropped, setting.started).await;
    bets.remove(1);
    assert_eq!(waiting(&setting).await, [(2, bets)]);
}

/// Two seals of other matches wait, and the third transaction has lost its place.
async fn full(setting: &Setting) -> Vec<Lost> {
    for (nonce, no) in [(2, 4), (3, 5)] {
        let other = sealed(setting, nonce, &[bet(no, 1)]).await;
        setting.signer.submit(other).await.unwrap();
    }
    vec![lose(sealed(setting, 4, &[bet(1, 5)]).await)]
}

/// A bet that is refused because too much waits is tried again once a block has made room, and what was sent is not sent twice.
#[tokio::test]
async fn what_a_full_node_refuses_is_sent_once_there_is_room() {
    for setting in [six_matches(2, 64).await, six_matches(64, 2).await] {
        let dropped = full(&setting).await;
        let later = send(&setting.signer, dropped, setting.started).await;
        assert_eq!(waiting(&setting).await.len(), 2);
        setting.mine(setting.started).await;
        assert_eq!(waiting(&setting).await, []);
        let later = send(&setting.signer, later, setting.started).await;
        assert_eq!(waiting(&setting).await, [(4, vec![bet(1, 5)])]);
        assert!(later.is_empty());
    }
}

/// An account that has sent as much as it may for now may send again in a while.
#[tokio::test]
async fn what_comes_too_often_is_tried_again() {
    let change = |genesis: &mut Genesis| {
        genesis.bounds = Some(bolao_ledger::Bounds {
            window_s: 600,
            account_transactions: 2,
            account_bytes: 65_536,
            joins: 100,
        });
    };
    let setting = setting_with(change, CoreConfig::default()).await;
    let dropped = vec![lose(sealed(&setting, 2, &[bet(1, 5)]).await)];
    // It has joined and bet just now.
    let later = send(&setting.signer, dropped, setting.started).await;
    assert_eq!(waiting(&setting).await, []);
    assert_eq!(later.len(), 1, "it was given up");
}

/// Events of any transaction are a reason to try, so that there may be hundreds of tries a minute.
#[tokio::test]
async fn what_finds_no_room_is_tried_for_an_hour_however_often() {
    let setting = six_matches(2, 64).await;
    let mut later = full(&setting).await;
    let at = |seconds| UnixSeconds(setting.started.0 + seconds);
    for _ in 0..400 {
        later = send(&setting.signer, later, at(0)).await;
        assert!(!later.is_empty());
    }
    later = send(&setting.signer, later, at(3_599)).await;
    assert!(!later.is_empty());
    later = send(&setting.signer, later, at(3_600)).await;
    assert!(later.is_empty());
}

/// A stranger may keep an old signature for a later nonce, and give it to any node.
#[tokio::test]
async fn what_waited_behind_a_gap_is_never_signed_anew() {
    let setting = setting().await;
    let mut events = setting.engine.events();
    let old = sealed(&setting, 3, &[bet(1, 9)]).await;
    setting.signer.submit(old.clone()).await.unwrap();
    // Elsewhere the player has bet, with that nonce too.
    let BlockId { height, hash } = setting.tip();
    let bets = [(2, bet(1, 1)), (3, bet(2, 1))];
    let mut others = Vec::new();
    for (nonce, bet) in bets {
        others.push(sealed(&setting, nonce, &[bet]).await);
    }
    let block = block(
        hash,
        height.next(),
        setting.started,
        &setting.reader,
        others,
    );
    setting.take(block).await;
    let found = async {
        loop {
            let event = events.recv().await.unwrap();
            if matches!(event, Event::TransactionDropped { .. }) {
                return lost(event);
            }
        }
    };
    let limit = Instant::now() + Duration::from_secs(10);
    assert_eq!(timeout_at(limit, found).await.unwrap(), None);
}

/// A drop, as the core tells of it.
fn dropped(transaction: &Arc<Transaction>) -> Event {
    Event::TransactionDropped {
        id: transaction.id(),
        transaction: Arc::clone(transaction),
        reason: Rejection {
            reason: Reason::BadNonce,
            message: String::new(),
        },
        overtaken: true,
    }
}

/// A block may overtake more of strangers' than are looked at together.
#[tokio::test]
async fn strangers_take_no_place_of_ones_own() {
    let setting = setting().await;
    let (signer, stranger) = (&setting.signer, Key::generate().unwrap());
    let join = |key: &Key, name: &str| {
        let body = Draft::new(key.account(), Nonce::ZERO).join(Name::new(name).unwrap());
        Arc::new(key.sign(signer.pool(), body))
    };
    let of_stranger = join(&stranger, "Carla");
    signer.submit((*of_stranger).clone()).await.unwrap();
    let bet = bolao_api::ClassicBet {
        name: Name::new("Bruno").unwrap(),
        match_no: MatchNo(1),
        score: Score::new(2, 1).unwrap(),
        stake: Chips::ZERO,
    };
    signer.bet(bet, setting.started).await.unwrap();
    setting.mine(setting.started).await;

    let wallet = signer.wallet().await;
    let bruno = wallet.index_of_name(&Name::new("Bruno").unwrap().folded());
    let own = [wallet.key(bruno.unwrap()), wallet.player()].map(|key| join(&key, "Bruno"));
    // The filter waits for no bet that is being sent.
    let (events, drops) = tokio::sync::broadcast::channel(1_024);
    for transaction in std::iter::repeat_n(&of_stranger, 2 * MOST).chain(&own) {
        events.send(dropped(transaction)).unwrap();
    }
    let (found, mut waiting) = mpsc::channel(MOST);
    let gathering = Arc::clone(signer);
    let gathering = tokio::spawn(async move { gather(&gathering, drops, found).await });
    let limit = Instant::now() + Duration::from_secs(10);
    for own in &own {
        let found = timeout_at(limit, waiting.recv()).await.unwrap().unwrap();
        assert_eq!(found.body.account, own.body.account);
    }
    assert!(waiting.try_recv().is_err());
    gathering.abort();
    drop(wallet);
}

/// A name's key is found by the name under which its account has joined.
#[tokio::test]
async fn keys_of_names_are_found_without_making_all() {
    let setting = setting().await;
    let mut wallet = setting.signer.wallet().await;
    let names = ["Bruno", "Carla"].map(|name| Name::new(name).unwrap());
    let [bruno, carla] = names.each_ref().map(|name| {
        let index = wallet.account_for_name(&name.folded()).unwrap();
        wallet.key(index)
    });
    // Somebody else has joined as Carla.
    let stranger = Key::generate().unwrap();
    for (key, name) in [(&bruno, &names[0]), (&stranger, &names[1])] {
        let join = Draft::new(key.account(), Nonce::ZERO).join(name.clone());
        let join = key.sign(setting.signer.pool(), join);
        setting.signer.submit(join).await.unwrap();
    }
    setting.mine(setting.started).await;
    let snapshot = setting.reader.snapshot().unwrap();
    let found = |key: &Key| {
        let found = key_of_name(&wallet, &snapshot, &key.account()).unwrap();
        found.map(|key| key.account())
    };
    assert_eq!(found(&bruno), Some(bruno.account()));
    assert_eq!(found(&stranger), None);
    assert_eq!(found(&carla), None, "who has not joined has no bets");
}
