//! What others try.

use std::collections::{BTreeMap, BTreeSet};

use bolao_ledger::{PoolId, Signature, ValidatorKey};
use bolao_openings::{
    CombineError, Deal, DealError, Entropy, SHARE_BYTES, Share, combine, deal, is_held, needed,
    receipt, take,
};
use vsss_rs::Gf256;

use super::*;

/// Whatever two of four keepers hold, every value of every byte of prediction and salt is as likely as any other: for each there is
/// exactly one share of a third keeper that makes it.
#[test]
fn two_of_four_keepers_learn_nothing() {
    let keys = keepers(4);
    assert_eq!(needed(4), 3);
    let deal = dealt(&opening(3, 2, 1), &keys);
    for (first, second, third) in [
        (0, 1, 2),
        (0, 2, 1),
        (0, 3, 1),
        (1, 2, 0),
        (1, 3, 2),
        (2, 3, 0),
    ] {
        let pair = shares(&deal, [&keys[first], &keys[second]]);
        let too_few = CombineError::TooFew { got: 2, needed: 3 };
        assert_eq!(combine(POOL, &deal, &pair), Err(too_few));
        let point = |place: usize| u8::try_from(place + 1).unwrap();
        let mut seen = vec![BTreeSet::new(); SHARE_BYTES];
        for byte in 0..=255 {
            let mut known: Vec<Vec<u8>> = pair
                .iter()
                .map(|(place, share)| [&[place + 1], share.0.as_slice()].concat())
                .collect();
            known.push([&[point(third)], [byte; SHARE_BYTES].as_slice()].concat());
            let secret = Gf256::combine_bytes(&known).unwrap();
            for (value, seen) in secret.into_iter().zip(&mut seen) {
                seen.insert(value);
            }
        }
        assert!(seen.iter().all(|values| values.len() == 256));
    }
}

#[test]
fn a_wrong_share_is_known_as_one_and_the_others_suffice() {
    let (keys, opening) = (keepers(4), opening(3, 2, 1));
    let deal = dealt(&opening, &keys);
    let mut all = shares(&deal, &keys);
    let mut wrong = all[&1].clone();
    wrong.0[0] ^= 1;
    assert!(!deal.hands(POOL, 1, &wrong));
    all.insert(1, wrong);
    assert_eq!(combine(POOL, &deal, &all), Ok(opening));
    all.remove(&2);
    let too_few = CombineError::TooFew { got: 2, needed: 3 };
    assert_eq!(combine(POOL, &deal, &all), Err(too_few));
}

#[test]
fn a_good_share_at_another_place_or_of_another_deal_counts_for_nothing() {
    let keys = keepers(3);
    let (one, other) = (
        dealt(&opening(3, 2, 1), &keys),
        dealt(&opening(4, 2, 1), &keys),
    );
    let share = shares(&one, &keys)[&0].clone();
    assert!(one.hands(POOL, 0, &share));
    assert!(!one.hands(POOL, 1, &share));
    assert!(!one.hands(POOL, 9, &share));
    assert!(!other.hands(POOL, 0, &share));
    assert!(!one.hands(PoolId([7; 32]), 0, &share));
}

/// Mallory bets on a match that begins early, and puts what Ana handed to the keepers for a later match into his deal: they would
/// give out what they decrypt.
#[test]
fn anothers_ciphertext_is_not_decrypted() {
    let keys = keepers(3);
    let anas = dealt(&opening(3, 2, 1), &keys);
    let entropy = Entropy([5; 32]);
    let mallorys = deal(
        POOL,
        account(9),
        &opening(1, 0, 0),
        0,
        &publics(&keys),
        &entropy,
    );
    let mallorys = mallorys.unwrap();
    let mut stolen = mallorys.clone();
    for (to, from) in stolen.handed.iter_mut().zip(&anas.handed) {
        to.clone_from(from);
    }
    // The same with another's seal, as if he could bet with it.
    let mut copied = anas.clone();
    copied.account = account(9);
    let mut earlier = anas.clone();
    earlier.match_no = mallorys.match_no;
    let mut again = anas.clone();
    again.round = 1;
    for key in &keys {
        assert!(take(POOL, &anas, key).is_some());
        for body in [&stolen, &copied, &earlier, &again] {
            assert_eq!(take(POOL, body, key), None);
        }
        assert_eq!(take(PoolId([7; 32]), &anas, key), None);
    }
}

#[test]
fn a_share_that_is_not_what_was_signed_is_not_held() {
    let keys = keepers(3);
    let mut deal = dealt(&opening(3, 2, 1), &keys);
    deal.handed[1].hash[0] ^= 1;
    assert!(take(POOL, &deal, &keys[0]).is_some());
    assert_eq!(take(POOL, &deal, &keys[1]), None);
    let mut deal = dealt(&opening(3, 2, 1), &keys);
    deal.handed[2].sealed[40] ^= 1;
    assert_eq!(take(POOL, &deal, &keys[2]), None);
    assert_eq!(take(POOL, &deal, &player(50)), None);
}

#[test]
fn shares_of_something_else_open_nothing() {
    let keys = keepers(3);
    let mut deal = dealt(&opening(3, 2, 1), &keys);
    let other = dealt(&opening(3, 4, 1), &keys);
    // A player who signs hashes that fit one opening, and the commitment of another.
    deal.commitment = other.commitment;
    assert_eq!(take(POOL, &deal, &keys[0]), None);
}

#[test]
fn a_deal_that_is_changed_or_anothers_is_refused() {
    let (keys, pool) = (keepers(3), POOL);
    let body = dealt(&opening(3, 2, 1), &keys);
    let signed = |body: DealBody, by: u8| {
        let signature = player(by).sign(&body.signing_bytes(pool));
        let signature = Signature(signature.into());
        Deal { body, signature }
    };
    let good = signed(body.clone(), 2);
    assert_eq!(good.check(pool), Ok(()));
    assert_eq!(good.check(PoolId([7; 32])), Err(DealError::Signature));
    assert_eq!(
        signed(body.clone(), 3).check(pool),
        Err(DealError::Signature)
    );
    let mut changed = good.clone();
    changed.body.round = 1;
    assert_eq!(changed.check(pool), Err(DealError::Signature));
    let mut twice = body.clone();
    twice.handed[1] = twice.handed[0].clone();
    assert_eq!(signed(twice, 2).check(pool), Err(DealError::Order));
    let mut none = body.clone();
    none.handed.clear();
    assert_eq!(
        signed(none, 2).check(pool),
        Err(DealError::Keepers { got: 0 })
    );
}

#[test]
fn a_keeper_that_nothing_can_be_encrypted_to_is_named() {
    let mut keys = publics(&keepers(3));
    let entropy = Entropy([8; 32]);
    let mut small = [0; 32];
    small[0] = 1;
    for bad in [ValidatorKey(small), ValidatorKey([2; 32])] {
        keys[0] = bad;
        let made = deal(POOL, account(2), &opening(3, 2, 1), 0, &keys, &entropy);
        assert_eq!(made.unwrap_err(), DealError::Key(bad));
    }
    keys[0] = keys[1];
    let made = deal(POOL, account(2), &opening(3, 2, 1), 0, &keys, &entropy);
    assert_eq!(made.unwrap_err(), DealError::Order);
}

#[test]
fn a_receipt_is_of_one_keeper_deal_and_pool() {
    let keys = keepers(3);
    let (one, other) = (
        dealt(&opening(3, 2, 1), &keys),
        dealt(&opening(4, 2, 1), &keys),
    );
    let given = receipt(POOL, one.id(), &keys[0]);
    assert!(is_held(POOL, one.id(), &public(&keys[0]), &given));
    assert!(!is_held(POOL, one.id(), &public(&keys[1]), &given));
    assert!(!is_held(POOL, other.id(), &public(&keys[0]), &given));
    assert!(!is_held(
        PoolId([7; 32]),
        one.id(),
        &public(&keys[0]),
        &given
    ));
}

/// The same entropy twice gives neither the same polynomial nor the same keys for what is encrypted.
#[test]
fn entropy_that_comes_twice_gives_nothing_away() {
    let keys = keepers(3);
    let (one, other) = (
        dealt(&opening(3, 2, 1), &keys),
        dealt(&opening(3, 2, 2), &keys),
    );
    let of = |deal: &DealBody| shares(deal, &keys);
    for (place, share) in of(&one) {
        let difference: BTreeSet<u8> = (share.0.iter().zip(of(&other)[&place].0))
            .map(|(a, b)| a ^ b)
            .collect();
        // One polynomial for both would leave nothing but the scores' difference.
        assert!(difference.len() > 20);
        let place = usize::from(place);
        assert_ne!(
            one.handed[place].encapsulated,
            other.handed[place].encapsulated
        );
    }
    let none: BTreeMap<u8, Share> = BTreeMap::new();
    assert!(combine(POOL, &one, &none).is_err());
}
