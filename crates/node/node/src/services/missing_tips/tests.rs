#![allow(clippy::unwrap_used)]

use bolao_ledger::{Chips, MatchNo, OpenBet, Score};
use bolao_wallet::Draft;

use super::*;
use crate::services::opening::tests::{Setting, setting};

const HOUR: u64 = 3_600;

fn items(setting: &Setting) -> Vec<Item> {
    setting.reader.snapshot().unwrap().items().unwrap()
}

fn lacks(setting: &Setting, player: &AccountId) -> Vec<u16> {
    let (snapshot, items) = (setting.reader.snapshot().unwrap(), items(setting));
    let missing = missing(&snapshot, player, &items).unwrap();
    missing.iter().map(|item| item.no.0).collect()
}

#[tokio::test]
async fn a_tip_counts_from_when_it_waits_for_its_block() {
    let setting = setting().await;
    let key = setting.signer.wallet().await.player();
    assert_eq!(lacks(&setting, &key.account()), [2]);
    assert_eq!(lacks(&setting, &AccountId([7; 32])), [1, 2]);

    let (pool, account) = (setting.signer.pool(), key.account());
    let nonce = setting.reader.snapshot().unwrap().next_nonce(&account);
    let tip = OpenBet {
        match_no: MatchNo(2),
        prediction: Score::new(0, 0).unwrap().into(),
        stake: Chips::ZERO,
    };
    let body = Draft::new(account, nonce.unwrap()).seal_bets(&key, pool, &[tip]);
    setting.signer.submit(key.sign(pool, body)).await.unwrap();
    assert!(lacks(&setting, &account).is_empty());
}

#[tokio::test]
async fn matches_close_from_a_time_before_betting_ends_until_it_does() {
    let setting = setting().await;
    let (started, items) = (setting.started, items(&setting));
    let closing = |after_s: u64, within_s: u64| -> Vec<(u64, usize)> {
        let now = UnixSeconds(started.0 + after_s);
        let closing = closing(&items, &setting.reader.genesis().rules, now, within_s).into_iter();
        let closing = closing.map(|(closes, items)| (closes.0 - started.0, items.len()));
        closing.collect()
    };
    assert_eq!(closing(0, HOUR), [(HOUR, 2)]);
    assert_eq!(closing(0, HOUR - 1), []);
    assert_eq!(closing(1, HOUR - 1), [(HOUR, 2)]);
    assert_eq!(closing(HOUR - 1, u64::MAX), [(HOUR, 2)]);
    assert_eq!(closing(HOUR, u64::MAX), []);
}
