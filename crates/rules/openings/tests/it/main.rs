//! Deals from the outside.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod attacks;
mod kept;
mod properties;
mod vectors;

use std::collections::BTreeMap;

use bolao_ledger::{AccountId, MatchNo, Opening, PoolId, Score, ValidatorKey};
use bolao_openings::{DealBody, Entropy, Share, deal, take};
use ed25519_zebra::{SigningKey, VerificationKeyBytes};

const POOL: PoolId = PoolId([1; 32]);

/// Keepers in the order of their keys.
fn keepers(count: u8) -> Vec<SigningKey> {
    let mut keys: Vec<SigningKey> = (0..count)
        .map(|no| SigningKey::from([100 + no; 32]))
        .collect();
    keys.sort_by_key(public);
    keys
}

fn public(key: &SigningKey) -> ValidatorKey {
    ValidatorKey(VerificationKeyBytes::from(key).into())
}

fn publics(keys: &[SigningKey]) -> Vec<ValidatorKey> {
    keys.iter().map(public).collect()
}

fn player(no: u8) -> SigningKey {
    SigningKey::from([no; 32])
}

fn account(no: u8) -> AccountId {
    AccountId(VerificationKeyBytes::from(&player(no)).into())
}

fn opening(no: u16, home: u64, away: u64) -> Opening {
    Opening {
        match_no: MatchNo(no),
        prediction: Score::new(home, away).unwrap().into(),
        salt: [9; 32],
    }
}

fn dealt(opening: &Opening, keys: &[SigningKey]) -> DealBody {
    let entropy = Entropy([8; 32]);
    deal(POOL, account(2), opening, 0, &publics(keys), &entropy).unwrap()
}

fn shares<'a>(
    deal: &DealBody,
    keys: impl IntoIterator<Item = &'a SigningKey>,
) -> BTreeMap<u8, Share> {
    let taken = keys.into_iter().map(|key| take(POOL, deal, key).unwrap());
    taken.collect()
}
