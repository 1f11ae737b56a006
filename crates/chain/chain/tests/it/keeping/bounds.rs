//! How much is kept, and of whom.

use bolao_ledger::{Reason, Transaction};

use super::*;

fn refused(given: Result<Accepted, Rejection>) -> Reason {
    given.unwrap_err().reason
}

/// Before the chain has a player's seal, a transaction must be there that the next block may hold.
#[test]
fn a_seal_that_waits_behind_a_gap_counts_for_nothing() {
    let mut sim = keepers(3, 40);
    sim.partition(&[3]);
    // A key that has not joined, and a player who leaves out a nonce.
    for (who, nonce, before) in [(2, 1, join(&sim, 2)), (1, 2, seal(&sim, 1, 1))] {
        let bet = seal(&sim, who, nonce);
        sim.submit(3, bet);
        assert_eq!(waiting(&sim, who), 1);
        let deal = dealt(&sim, who, nonce, 0, &keys(3));
        let given = give(&mut sim, 3, deal.clone());
        assert_eq!(refused(given), Reason::NothingToOpen);
        // What was missing comes.
        sim.submit(3, before);
        give(&mut sim, 3, deal).unwrap();
    }
    check(&sim);
}

fn waiting(sim: &Sim, who: u8) -> usize {
    let snapshot = sim.core(3).reader().snapshot().unwrap();
    snapshot.pending_of(&Player::new(who).id()).unwrap().len()
}

#[test]
fn an_account_has_two_deals_for_each_match_at_most() {
    let mut sim = keepers(3, 41);
    let most = 2 * sim.genesis().matches.len() as u64;
    sim.partition(&[3]);
    for nonce in 1..=most + 1 {
        let bet = seal(&sim, 1, nonce);
        sim.submit(3, bet);
    }
    let all: Vec<Deal> = (1..=most + 1)
        .map(|nonce| dealt(&sim, 1, nonce, 0, &keys(3)))
        .collect();
    let (last, first) = all.split_last().unwrap();
    // In one go nothing is taken, and one by one all but the last.
    let input = Input::Deals {
        token: 77,
        deals: all.clone(),
    };
    sim.input(3, input);
    let (_, result) = sim.replies(3).last().unwrap().clone();
    assert_eq!(refused(result), Reason::MempoolFull);
    for deal in first {
        give(&mut sim, 3, deal.clone()).unwrap();
    }
    let given = give(&mut sim, 3, last.clone());
    assert_eq!(refused(given), Reason::MempoolFull);
    // Anew is no more than before.
    let anew = dealt(&sim, 1, 1, 1, &keys(3));
    give(&mut sim, 3, anew).unwrap();
    // Once the bets are in blocks, what they replaced is forgotten.
    sim.heal();
    sim.run_ms(70_000);
    give(&mut sim, 3, last.clone()).unwrap();
    check(&sim);
}

/// What counts is what lies there, whoever is the next to come.
#[test]
fn short_deals_leave_room_for_a_long_one_and_newcomers_for_players() {
    let config = CoreConfig {
        kept_bytes: 1_500,
        ..CoreConfig::default()
    };
    let mut sim = keepers_and(3, 42, config);
    sim.partition(&[3]);
    let bets: Vec<Transaction> = (1..=6).map(|nonce| seal(&sim, 1, nonce)).collect();
    let newcomer = [join(&sim, 2), seal(&sim, 2, 1)];
    for transaction in bets.into_iter().chain(newcomer) {
        sim.submit(3, transaction);
    }
    let (short, long) = (keys(1), keys(3));
    let deal = |sim: &mut Sim, who, nonce, round, keys: &[ValidatorKey]| {
        let deal = dealt(sim, who, nonce, round, keys);
        give(sim, 3, deal)
    };
    for nonce in 1..=3 {
        deal(&mut sim, 1, nonce, 0, &short).unwrap();
    }
    let given = deal(&mut sim, 2, 1, 0, &short);
    assert_eq!(refused(given), Reason::MempoolFull);
    deal(&mut sim, 1, 4, 0, &long).unwrap();
    deal(&mut sim, 1, 5, 0, &long).unwrap();
    let given = deal(&mut sim, 1, 6, 0, &short);
    assert_eq!(refused(given), Reason::MempoolFull);
    // In place of another, only what is no longer.
    let given = deal(&mut sim, 1, 1, 1, &long);
    assert_eq!(refused(given), Reason::MempoolFull);
    for nonce in [4, 5] {
        deal(&mut sim, 1, nonce, 1, &short).unwrap();
    }
    deal(&mut sim, 1, 6, 0, &short).unwrap();
    // A restart makes no room.
    sim.crash(3);
    sim.restart(3);
    let given = deal(&mut sim, 1, 1, 1, &long);
    assert_eq!(refused(given), Reason::MempoolFull);
    deal(&mut sim, 1, 1, 1, &short).unwrap();
}

/// Its player can make any number of deals of one round, each of which would take the last one's place.
#[test]
fn within_a_round_a_deal_keeps_its_place_for_a_while() {
    let mut sim = keepers(3, 43);
    let bet = seal(&sim, 1, 1);
    sim.submit(3, bet);
    sim.run_ms(2_000);
    let mut deals: Vec<Deal> = (1..=5)
        .map(|entropy| deal_of(&sim, 1, opening(1), 0, &keys(3), entropy))
        .collect();
    deals.sort_by_key(|deal| std::cmp::Reverse(deal.body.id()));
    let id = deals[0].body.seal();
    give(&mut sim, 3, deals[0].clone()).unwrap();
    // Two programs of the player's that did not know of one another.
    give(&mut sim, 3, deals[1].clone()).unwrap();
    for deal in &deals[2..] {
        let given = give(&mut sim, 3, deal.clone());
        assert_eq!(refused(given), Reason::AlreadyKnown);
    }
    sim.run_ms(5_000);
    for node in 0..4 {
        assert_eq!(kept(&sim, node, &id).unwrap().deal, deals[1]);
    }
    // In the end it is the same for all all the same.
    sim.run_ms(60_000);
    give(&mut sim, 3, deals[4].clone()).unwrap();
    sim.run_ms(130_000);
    for node in 0..4 {
        assert_eq!(kept(&sim, node, &id).unwrap().deal, deals[4]);
    }
    let anew = dealt(&sim, 1, 1, 1, &keys(3));
    give(&mut sim, 3, anew).unwrap();
    check(&sim);
}
