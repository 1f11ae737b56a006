//! Words → keys → accounts → signatures, as other languages must compute them.
//!
//! `BOLAO_WRITE_VECTORS=1` rewrites the file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Action, Chips, Fixture, Genesis, MatchCode, MatchNo, Name, Nonce, OpenBet, Score, Team, Text,
    actions,
};
use bolao_wallet::{Draft, Key, KeyIndex, Keyring, Phrase};
use serde_json::{Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/accounts.json");

const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn key(words: &str, index: u32) -> Key {
    Keyring::new(&Phrase::parse(words).unwrap()).key(KeyIndex::try_from(index).unwrap())
}

fn fixture() -> Fixture {
    let team = |name: &str| Team {
        name: Text::new(name).unwrap(),
        code: None,
    };
    Fixture {
        no: MatchNo(3),
        code: MatchCode::new("Final").unwrap(),
        home: team("Portugal"),
        away: team("Netherlands"),
        kickoff: None,
        stage: Text::new("Final").unwrap(),
    }
}

fn computed() -> Value {
    let words_24 = format!("{}art", "abandon ".repeat(23));
    let accounts: Vec<_> = [WORDS, &words_24]
        .into_iter()
        .flat_map(|words| [0, 1, 2, u32::MAX >> 1].map(|index| (words, index)))
        .map(|(words, index)| {
            json!({
                "words": words,
                "path": format!("m/44'/1651469409'/{index}'"),
                "account": key(words, index).account(),
            })
        })
        .collect();

    let genesis = Genesis::article();
    let pool = genesis.pool_id();
    let key = key(WORDS, 0);
    let mut draft = Draft::new(key.account(), Nonce::ZERO);
    let bodies = [
        draft.join(Name::new("Ana Conceição").unwrap()),
        draft.bet(vec![OpenBet {
            match_no: MatchNo(2),
            prediction: Score::new(3, 1).unwrap().into(),
            stake: Chips(10),
        }]),
        draft.body(Action::Schedule(actions::Schedule { fixture: fixture() })),
    ];
    let signed: Vec<_> = bodies
        .into_iter()
        .map(|body| {
            let transaction = key.sign(pool, body);
            let json = json!({ "id": transaction.id(), "transaction": transaction });
            transaction.check(&genesis, pool).unwrap();
            json
        })
        .collect();
    json!({
        "accounts": accounts,
        "signed": { "words": WORDS, "index": 0, "pool": pool, "transactions": signed },
    })
}

#[test]
fn vectors_hold() {
    let computed = computed();
    if std::env::var_os("BOLAO_WRITE_VECTORS").is_some() {
        std::fs::write(
            PATH,
            serde_json::to_string_pretty(&computed).unwrap() + "\n",
        )
        .unwrap();
    }
    let written: Value = serde_json::from_slice(&std::fs::read(PATH).unwrap()).unwrap();
    assert_eq!(computed, written);
}

#[test]
fn a_signature_serves_its_own_account_and_pool_alone() {
    let genesis = Genesis::article();
    let pool = genesis.pool_id();
    let (mine, theirs) = (key(WORDS, 0), key(WORDS, 1));
    let body = Draft::new(mine.account(), Nonce::ZERO).join(Name::new("Ana").unwrap());
    assert!(mine.sign(pool, body.clone()).check(&genesis, pool).is_ok());
    assert!(
        theirs
            .sign(pool, body.clone())
            .check(&genesis, pool)
            .is_err()
    );
    let other = bolao_ledger::PoolId([7; 32]);
    assert!(mine.sign(other, body).check(&genesis, pool).is_err());
}

#[test]
fn drafts_number_themselves() {
    let account = key(WORDS, 0).account();
    let mut draft = Draft::new(account, Nonce(4));
    assert_eq!(draft.bet(Vec::new()).nonce, Nonce(4));
    assert_eq!(
        draft
            .body(Action::Schedule(actions::Schedule { fixture: fixture() }))
            .nonce,
        Nonce(5)
    );
    assert_eq!(draft.next_nonce(), Nonce(6));
}
