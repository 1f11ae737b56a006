//! What nodes keep, and how they put it together.

use bolao_ledger::{Signature, decode, encode};
use bolao_openings::{Deal, Kept, NotKept, receipt};

use super::*;

fn kept(round: u8) -> Kept {
    let (keys, entropy) = (keepers(3), Entropy([8; 32]));
    let opening = opening(3, 2, 1);
    let body = deal(POOL, account(2), &opening, round, &publics(&keys), &entropy).unwrap();
    let signature = Signature(player(2).sign(&body.signing_bytes(POOL)).into());
    Deal { body, signature }.into()
}

fn with(places: &[u8], shares: &[u8]) -> Kept {
    let (keys, mut kept) = (keepers(3), kept(0));
    let id = kept.deal.body.id();
    for place in places {
        let key = &keys[usize::from(*place)];
        kept.receipts.insert(*place, receipt(POOL, id, key));
    }
    for place in shares {
        let (place, share) = take(POOL, &kept.deal.body, &keys[usize::from(*place)]).unwrap();
        kept.shares.insert(place, share);
    }
    kept
}

#[test]
fn parts_come_together_in_any_order() {
    let parts = [with(&[0], &[]), with(&[1, 2], &[2]), with(&[], &[0, 2])];
    let (mut one, mut other) = (kept(0), kept(0));
    for part in &parts {
        assert_eq!(one.merge(POOL, part.clone(), true), Ok(true));
        assert_eq!(one.merge(POOL, part.clone(), true), Ok(false));
    }
    for part in parts.iter().rev() {
        assert!(other.merge(POOL, part.clone(), true).is_ok());
    }
    assert_eq!(one, other);
    assert_eq!(one, with(&[0, 1, 2], &[0, 2]));
    assert_eq!(one.opening(POOL).unwrap(), opening(3, 2, 1));
    assert_eq!(decode::<Kept>(&encode(&one)).unwrap(), one);
}

#[test]
fn whose_parts_are_there_is_compared_and_not_how_they_are_signed() {
    let one = with(&[0, 2], &[1]);
    let mut other = one.clone();
    other.deal.signature = Signature([1; 64]);
    other.receipts.insert(2, Signature([2; 64]));
    assert_ne!(one, other);
    assert_eq!(one.digest(), other.digest());
    let others = [
        kept(0),
        kept(1),
        with(&[0], &[1]),
        with(&[0, 1], &[1]),
        with(&[0, 2], &[]),
        with(&[0, 2], &[2]),
        with(&[0], &[1, 2]),
        with(&[0, 1, 2], &[]),
    ];
    let mut digests: Vec<_> = others.iter().map(Kept::digest).collect();
    assert!(!digests.contains(&one.digest()));
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), others.len());
}

#[test]
fn shares_before_their_time_are_not_taken_over() {
    let mut early = kept(0);
    assert_eq!(early.merge(POOL, with(&[1], &[0, 1]), false), Ok(true));
    assert_eq!(early, with(&[1], &[]));
}

#[test]
fn what_is_no_keepers_is_not_taken_over() {
    let not = |what, place| Err(NotKept { what, place });
    let mut wrong = with(&[1], &[]);
    let signature = wrong.receipts.remove(&1).unwrap();
    wrong.receipts.insert(0, signature);
    assert_eq!(kept(0).merge(POOL, wrong, true), not("receipt", 0));
    let mut nobodys = kept(0);
    nobodys.receipts.insert(9, signature);
    assert_eq!(kept(0).merge(POOL, nobodys, true), not("receipt", 9));
    let mut wrong = with(&[], &[1]);
    wrong.shares.get_mut(&1).unwrap().0[3] ^= 1;
    let mut before = kept(0);
    assert_eq!(before.merge(POOL, wrong, true), not("share", 1));
    assert_eq!(before, kept(0));
}

#[test]
fn of_two_deals_one_replaces_the_other() {
    assert!(kept(1).replaces(&kept(0)));
    assert!(!kept(0).replaces(&kept(1)));
    let one = kept(0);
    assert!(!one.replaces(&one));
    let mut other = one.clone();
    other.deal.body.handed.pop();
    assert_ne!(one.replaces(&other), other.replaces(&one));
}

#[test]
fn places_out_of_order_do_not_decode() {
    let kept = with(&[0, 1], &[]);
    let mut bytes = encode(&kept);
    let first = bytes.len() - 4 - 2 * 65;
    assert_eq!((bytes[first], bytes[first + 65]), (0, 1));
    bytes[first] = 1;
    let error = decode::<Kept>(&bytes).unwrap_err().to_string();
    assert!(error.contains("the place 1 is out of order"), "{error}");
}
