//! What others try, and what is refused.

use bolao_chain::{Input, Request};
use bolao_ledger::{Reason, Signature};
use bolao_openings::{receipt, take};
use ed25519_zebra::SigningKey;

use super::*;

pub(super) fn push(sim: &mut Sim, from: usize, to: usize, given: Kept) {
    let request = Request::PushKept(vec![given]);
    let peer = Sim::peer(from);
    let token = u64::MAX;
    sim.input(
        to,
        Input::Request {
            peer,
            token,
            request,
        },
    );
}

fn secret(who: usize) -> SigningKey {
    SigningKey::from([u8::try_from(who).unwrap() + 1; 32])
}

/// A dishonest keeper, or one whose clock is ahead, gives its share out before the kick-off.
#[test]
fn honest_nodes_neither_keep_nor_pass_on_shares_that_come_early() {
    let mut sim = keepers(4, 10);
    let bet = seal(&sim, 1, 1);
    sim.submit(4, bet);
    let deal = dealt(&sim, 1, 1, 0, &keys(4));
    give(&mut sim, 4, deal.clone()).unwrap();
    sim.run_ms(3_000);
    let (id, pool) = (deal.body.seal(), sim.genesis().pool_id());
    let mut early = Kept::from(deal.clone());
    for who in 0..4 {
        let (place, share) = take(pool, &deal.body, &secret(who)).unwrap();
        early.shares.insert(place, share);
    }
    push(&mut sim, 1, 4, early.clone());
    sim.run_ms(70_000);
    for node in 0..5 {
        assert!(kept(&sim, node, &id).unwrap().shares.is_empty());
    }
    check(&sim);
    // Nor does a keeper whose clock is ahead give its own out: no block has passed the kick-off.
    sim.set_clock(0, 2_000);
    sim.run_ms(70_000);
    assert!(kept(&sim, 0, &id).unwrap().shares.is_empty());
    sim.set_clock(0, 0);
    until_begun(&mut sim, 5);
    assert!(opens(&sim, 4, &id));
}

/// Nor one whose chain is ahead of its clock.
#[test]
fn a_keeper_waits_for_its_own_clock() {
    let mut sim = keepers(4, 11);
    let bet = seal(&sim, 1, 1);
    sim.submit(4, bet);
    let deal = dealt(&sim, 1, 1, 0, &keys(4));
    give(&mut sim, 4, deal.clone()).unwrap();
    sim.run_ms(3_000);
    sim.set_clock(3, -30);
    until_begun(&mut sim, 10);
    let id = deal.body.seal();
    assert_eq!(kept(&sim, 4, &id).unwrap().shares.len(), 3);
    assert!(kept(&sim, 3, &id).unwrap().shares.is_empty());
    sim.run_ms(25_000);
    assert_eq!(kept(&sim, 3, &id).unwrap().shares.len(), 4);
    sim.run_ms(5_000);
    assert_eq!(kept(&sim, 4, &id).unwrap().shares.len(), 4);
}

#[test]
fn a_known_deal_with_a_wrong_signature_is_refused() {
    let mut sim = keepers(2, 12);
    let bet = seal(&sim, 1, 1);
    sim.submit(2, bet);
    let deal = dealt(&sim, 1, 1, 0, &keys(2));
    give(&mut sim, 2, deal.clone()).unwrap();
    give(&mut sim, 2, deal.clone()).unwrap();
    let mut forged = deal.clone();
    forged.signature.0[0] ^= 1;
    let refused = give(&mut sim, 2, forged.clone()).unwrap_err();
    assert_eq!(refused.reason, Reason::BadSignature);
    push(&mut sim, 1, 2, forged.into());
    let kept = kept(&sim, 2, &deal.body.seal()).unwrap();
    assert_eq!(kept.deal.signature, deal.signature);
}

#[test]
fn a_share_or_receipt_that_is_not_the_keepers_is_its_senders_fault() {
    for wrong_share in [true, false] {
        // The third keeper votes, and gives nothing of its own.
        let liar = 2;
        let mut sim = Sim::of(
            &sealed_pool(3),
            vec![keeper(0), keeper(1), config(liar), CoreConfig::default()],
            12,
        );
        sim.connect_all();
        sim.run_ms(1_000);
        let bets = [join(&sim, 1), seal(&sim, 1, 1)];
        for it in bets {
            sim.submit(3, it);
        }
        let deal = dealt(&sim, 1, 1, 0, &keys(3));
        give(&mut sim, 3, deal.clone()).unwrap();
        until_begun(&mut sim, 5);
        let (id, pool) = (deal.body.seal(), sim.genesis().pool_id());
        let before = kept(&sim, 3, &id).unwrap();
        assert_eq!((before.receipts.len(), before.shares.len()), (2, 2));
        let place = deal.body.place_of(&keys(3)[liar]).unwrap();
        let mut wrong = Kept::from(deal.clone());
        if wrong_share {
            let (_, mut share) = take(pool, &deal.body, &secret(liar)).unwrap();
            share.0[0] ^= 1;
            wrong.shares.insert(place, share);
        } else {
            let forged = receipt(pool, deal.body.id(), &secret(0));
            wrong.receipts.insert(place, forged);
        }
        push(&mut sim, liar, 3, wrong);
        let [(3, why)] = sim.blamed() else {
            panic!("{:?}", sim.blamed());
        };
        assert!(why.ends_with("is not good"), "{why}");
        assert_eq!(kept(&sim, 3, &id), Some(before));
        assert!(opens(&sim, 3, &id));
    }
}

#[test]
fn what_is_dealt_of_no_seal_or_by_another_or_to_strangers_changes_nothing() {
    let mut sim = keepers(3, 13);
    let refused = |given: Result<Accepted, Rejection>| given.unwrap_err().reason;
    // Before the bet.
    let first = dealt(&sim, 1, 1, 0, &keys(3));
    let given = give(&mut sim, 3, first.clone());
    assert_eq!(refused(given), Reason::NothingToOpen);
    let bet = seal(&sim, 1, 1);
    sim.submit(3, bet);
    // By another player, of that seal.
    let mut forged = first.clone();
    forged.signature =
        Player::new(2).sign_bytes(&forged.body.signing_bytes(sim.genesis().pool_id()));
    let given = give(&mut sim, 3, forged);
    assert_eq!(refused(given), Reason::BadSignature);
    // Another player's own deal of a seal of the same score.
    let given = dealt(&sim, 2, 1, 0, &keys(3));
    let given = give(&mut sim, 3, given);
    assert_eq!(refused(given), Reason::NothingToOpen);
    // To somebody who is no validator.
    let given = dealt(&sim, 1, 1, 0, &keys(4));
    let given = give(&mut sim, 3, given);
    assert_eq!(refused(given), Reason::UnknownValidator);
    // Of a match that is not there.
    let mut given = first.clone();
    given.body.match_no = MatchNo(99);
    let given = give(&mut sim, 3, given);
    assert_eq!(refused(given), Reason::UnknownMatch);
    // A good one beside a bad one.
    let mut bad = first.clone();
    bad.signature = Signature([0; 64]);
    bad.body.round = 1;
    let deals = vec![first.clone(), bad];
    sim.input(3, Input::Deals { token: 78, deals });
    let (_, result) = sim.replies(3).last().unwrap().clone();
    assert_eq!(refused(result), Reason::BadSignature);
    sim.run_ms(70_000);
    for node in 0..4 {
        assert_eq!(kept(&sim, node, &first.body.seal()), None);
    }
    check(&sim);
}

#[test]
fn of_one_seal_one_deal_is_kept_that_of_the_highest_round() {
    let mut sim = keepers(3, 14);
    let bet = seal(&sim, 1, 1);
    sim.submit(3, bet);
    let (first, second) = (
        dealt(&sim, 1, 1, 0, &keys(2)),
        dealt(&sim, 1, 1, 1, &keys(3)),
    );
    let id = first.body.seal();
    give(&mut sim, 3, first.clone()).unwrap();
    sim.run_ms(3_000);
    assert_eq!(kept(&sim, 0, &id).unwrap().receipts.len(), 2);
    // Again is no error, and no news.
    give(&mut sim, 3, first.clone()).unwrap();
    // To other keepers, since there are more now.
    give(&mut sim, 1, second.clone()).unwrap();
    sim.run_ms(3_000);
    for node in 0..4 {
        let kept = kept(&sim, node, &id).unwrap();
        assert_eq!(kept.deal, second);
        assert_eq!(kept.receipts.len(), 3);
    }
    // Whoever replays the first one changes nothing.
    let given = give(&mut sim, 3, first.clone());
    assert_eq!(given.unwrap_err().reason, Reason::AlreadyKnown);
    push(&mut sim, 0, 3, first.into());
    sim.run_ms(70_000);
    assert_eq!(kept(&sim, 3, &id).unwrap().deal, second);
    check(&sim);
}

#[test]
fn a_pool_without_keepers_takes_no_deals() {
    let mut genesis = sealed_pool(1);
    genesis.rules.anybody_opens = false;
    let mut sim = Sim::of(&genesis, vec![keeper(0)], 15);
    sim.run_ms(1_000);
    let deal = dealt(&sim, 1, 1, 0, &keys(1));
    let given = give(&mut sim, 0, deal);
    assert_eq!(given.unwrap_err().reason, Reason::UnknownAction);
}
