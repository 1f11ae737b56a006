//! The first voting key of a pool's maker, as other languages must compute it.
//!
//! `BOLAO_WRITE_VECTORS=1` rewrites the file.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    Consensus, GENESIS_VERSION, Genesis, Pos, UnixSeconds, Validator, ValidatorKey,
};
use bolao_wallet::{KeyIndex, Keyring, Phrase};
use ed25519_zebra::VerificationKeyBytes;
use serde_json::{Value, json};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/voting.json");

const WORDS: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn keyring(words: &str) -> Keyring {
    Keyring::new(&Phrase::parse(words).unwrap())
}

/// A pool that was made at a time, whose maker votes with a key.
fn pool(words: &str, created: u64, key: ValidatorKey) -> Genesis {
    let account = keyring(words).key(KeyIndex::PLAYER).account();
    Genesis {
        version: GENESIS_VERSION,
        created: UnixSeconds(created),
        organisers: vec![account],
        consensus: Consensus::Pos(Pos::appointed([Validator {
            account,
            key,
            weight: 1,
        }])),
        ..Genesis::article()
    }
}

fn key(words: &str, genesis: &Genesis) -> ValidatorKey {
    let key = keyring(words).first_voting_key(genesis);
    ValidatorKey(VerificationKeyBytes::from(&key).into())
}

fn computed() -> Value {
    let words_24 = format!("{}art", "abandon ".repeat(23));
    let keys: Vec<_> = [WORDS, &words_24]
        .into_iter()
        .flat_map(|words| [1_780_000_000, 1_790_000_000].map(|created| (words, created)))
        .map(|(words, created)| {
            let draft = pool(words, created, ValidatorKey([1; 32]));
            let key = key(words, &draft);
            let genesis = pool(words, created, key);
            let index = KeyIndex::of_first_vote(&genesis).get();
            json!({
                "words": words,
                "genesis": serde_json::from_str::<Value>(&genesis.to_json()).unwrap(),
                "pool": genesis.pool_id(),
                "path": format!("m/44'/1987015781'/{index}'"),
                "key": key,
            })
        })
        .collect();
    json!({ "first_voting_keys": keys })
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
fn each_pool_and_each_phrase_has_its_own_key_whatever_genesis_names() {
    let (one, other) = (ValidatorKey([1; 32]), ValidatorKey([2; 32]));
    let first = pool(WORDS, 1, one);
    assert_eq!(key(WORDS, &first), key(WORDS, &pool(WORDS, 1, other)));
    assert_ne!(key(WORDS, &first), key(WORDS, &pool(WORDS, 2, one)));
    let words_24 = format!("{}art", "abandon ".repeat(23));
    assert_ne!(key(WORDS, &first), key(&words_24, &first));
    let player = keyring(WORDS).key(KeyIndex::PLAYER).account();
    assert_ne!(key(WORDS, &first).0, player.0);
}
