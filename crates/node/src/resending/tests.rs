#![allow(clippy::unwrap_used)]

use bolao_ledger::{Chips, Score};
use tokio::time::{Instant, timeout_at};

use super::*;
use crate::opening::tests::{Setting, block, setting};

fn bet(no: u16, home: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        score: Score::new(home, 0).unwrap(),
        stake: Chips::ZERO,
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
    let (height, hash) = setting.tip();
    let block = block(
        hash,
        height.next(),
        setting.started,
        &setting.reader,
        vec![by],
    );
    setting.take(block).await;
}

/// What waits of the player: nonces, and what is bet.
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
    tokio::spawn(run(signer, events));
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
async fn of_several_bets_on_a_match_the_last_is_sent_and_none_that_came_too_late() {
    let setting = setting().await;
    let mut dropped = Vec::new();
    for (nonce, bets) in [(2, vec![bet(1, 5), bet(2, 3)]), (3, vec![bet(1, 7)])] {
        dropped.push(Arc::new(sealed(&setting, nonce, &bets).await));
    }
    let kickoff = setting.reader.snapshot().unwrap().matches().unwrap();
    let late = kickoff.first().unwrap().fixture.kickoff.unwrap();
    send(&setting.signer, dropped.clone(), late).await.unwrap();
    assert_eq!(waiting(&setting).await, []);
    send(&setting.signer, dropped.clone(), setting.started)
        .await
        .unwrap();
    let wanted = [(2, vec![bet(2, 3)]), (3, vec![bet(1, 7)])];
    assert_eq!(waiting(&setting).await, wanted);
    // What is there is not sent twice.
    send(&setting.signer, dropped, setting.started)
        .await
        .unwrap();
    assert_eq!(waiting(&setting).await, wanted);
}

/// A stranger may keep an old signature for a later nonce, and give it to any node.
#[tokio::test]
async fn what_waited_behind_a_gap_is_never_signed_anew() {
    let setting = setting().await;
    let mut events = setting.engine.events();
    let old = sealed(&setting, 3, &[bet(1, 9)]).await;
    setting.signer.submit(old.clone()).await.unwrap();
    // Elsewhere the player has bet, with that nonce too.
    let (height, hash) = setting.tip();
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
