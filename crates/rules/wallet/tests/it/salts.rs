//! Salts of sealed bets, as other languages must compute them, and that they give nothing away.
//!
//! `BOLAO_WRITE_VECTORS=1` rewrites the file.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    Action, Chips, Genesis, MatchNo, Nonce, OpenBet, PoolId, Prediction, Score, actions,
    item::Answer, seal_commitment,
};
use bolao_wallet::{Draft, Key, KeyIndex, Keyring, Phrase};
use proptest::prelude::*;
use serde_json::{Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/salts.json");

const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn key(index: u32) -> Key {
    Keyring::new(&Phrase::parse(WORDS).unwrap()).key(KeyIndex::try_from(index).unwrap())
}

fn bet(no: u16, home: u64, away: u64) -> OpenBet {
    OpenBet {
        match_no: MatchNo(no),
        prediction: Score::new(home, away).unwrap().into(),
        stake: Chips(10),
    }
}

fn computed() -> Value {
    let article = Genesis::article().pool_id();
    let cases = [
        (0, article, 1, 1, (2, 1)),
        (0, article, 1, 2, (2, 1)),
        (0, article, 2, 1, (2, 1)),
        (0, PoolId([7; 32]), 1, 1, (2, 1)),
        (1, article, 1, 1, (2, 1)),
        (u32::MAX >> 1, article, u16::MAX, u64::MAX, (99, 99)),
        (0, article, 258, 1 << 40 | 3, (0, 0)),
    ];
    let salts: Vec<Value> = cases
        .into_iter()
        .map(|(index, pool, no, nonce, (home, away))| {
            let (key, bet) = (key(index), bet(no, home, away));
            let sealed = key.seal(pool, Nonce(nonce), &bet);
            json!({
                "index": index,
                "account": key.account(),
                "pool": pool,
                "match_no": no,
                "nonce": nonce.to_string(),
                "salt": hex::encode(key.salt(pool, MatchNo(no), Nonce(nonce))),
                "prediction": bet.prediction,
                "commitment": hex::encode(sealed.commitment),
            })
        })
        .collect();
    json!({ "words": WORDS, "salts": salts })
}

#[test]
fn vectors_hold() {
    let computed = computed();
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        let text = serde_json::to_string_pretty(&computed).unwrap() + "\n";
        std::fs::write(PATH, text).unwrap();
    }
    let written: Value = serde_json::from_slice(&std::fs::read(PATH).unwrap()).unwrap();
    assert_eq!(computed, written);
}

#[test]
fn a_draft_seals_for_its_own_nonce() {
    let (key, pool) = (key(0), Genesis::article().pool_id());
    let mut draft = Draft::new(key.account(), Nonce(4));
    let answer = |it| Answer::try_from(it).unwrap();
    let answered = |no, prediction| OpenBet {
        prediction,
        ..bet(no, 0, 0)
    };
    let bets = [
        bet(1, 2, 1),
        bet(2, 0, 0),
        answered(16_384, Prediction::Option(answer(255))),
        answered(16_385, Prediction::Number(answer(9_999))),
    ];
    for nonce in [Nonce(4), Nonce(5)] {
        let body = draft.seal_bets(&key, pool, &bets);
        assert_eq!(body.nonce, nonce);
        let Action::Seal(actions::Seal { bets: sealed }) = body.action else {
            panic!("no seal");
        };
        for (sealed, bet) in sealed.iter().zip(&bets) {
            let found = key.reopen(pool, bet.match_no, nonce, &sealed.commitment);
            assert_eq!(found, Some(bet.prediction));
            assert_eq!(sealed.stake, bet.stake);
        }
    }
}

#[test]
fn opening_a_tip_does_not_open_the_one_that_it_replaced() {
    let (key, pool) = (key(0), Genesis::article().pool_id());
    let earlier = key.seal(pool, Nonce(1), &bet(1, 3, 0));
    let standing = key.seal(pool, Nonce(2), &bet(1, 1, 1));
    let opening = key
        .opening(pool, MatchNo(1), Nonce(2), &standing.commitment)
        .unwrap();
    let guessed = (0..=99)
        .flat_map(|home| (0..=99).map(move |away| Score::new(home, away).unwrap()))
        .any(|score| {
            seal_commitment(
                pool,
                &key.account(),
                MatchNo(1),
                score.into(),
                &opening.salt,
            ) == earlier.commitment
        });
    assert!(!guessed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_sealed_opens_with_the_same_key_match_and_nonce_alone(
        no in any::<u16>(), nonce in any::<u64>(), other in any::<u64>(), home in 0_u64..100, away in 0_u64..100,
    ) {
        let (mine, pool) = (key(0), PoolId([3; 32]));
        let bet = bet(no, home, away);
        let sealed = mine.seal(pool, Nonce(nonce), &bet);
        let opening = mine
            .opening(pool, bet.match_no, Nonce(nonce), &sealed.commitment)
            .unwrap();
        prop_assert_eq!(opening.prediction, bet.prediction);
        let fits = seal_commitment(pool, &mine.account(), bet.match_no, opening.prediction, &opening.salt);
        prop_assert_eq!(fits, sealed.commitment);
        let salt = mine.salt(pool, bet.match_no, Nonce(nonce));
        prop_assert_ne!(salt, key(1).salt(pool, bet.match_no, Nonce(nonce)));
        prop_assert_ne!(salt, mine.salt(PoolId([4; 32]), bet.match_no, Nonce(nonce)));
        prop_assert_ne!(salt, mine.salt(pool, MatchNo(no ^ 1), Nonce(nonce)));
        prop_assume!(other != nonce);
        prop_assert_ne!(salt, mine.salt(pool, bet.match_no, Nonce(other)));
    }
}

#[test]
fn another_key_pool_match_or_nonce_opens_nothing() {
    let (mine, pool) = (key(0), PoolId([3; 32]));
    let sealed = mine.seal(pool, Nonce(5), &bet(1, 2, 1)).commitment;
    assert!(mine.reopen(pool, MatchNo(1), Nonce(5), &sealed).is_some());
    assert_eq!(key(1).reopen(pool, MatchNo(1), Nonce(5), &sealed), None);
    assert_eq!(
        mine.reopen(PoolId([4; 32]), MatchNo(1), Nonce(5), &sealed),
        None
    );
    assert_eq!(mine.reopen(pool, MatchNo(2), Nonce(5), &sealed), None);
    assert_eq!(mine.reopen(pool, MatchNo(1), Nonce(6), &sealed), None);
}
