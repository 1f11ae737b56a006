//! What is allowed, right beside what is not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{Chips, MAX_TIPS, MatchNo, Transaction, decode, encode};

use crate::game::{Game, ORGANISER, START, fixture, genesis, many_tips, tip};

#[test]
fn a_late_tip_is_void_and_takes_nothing_with_it() {
    let mut game = Game::joined(2);
    game.time = START + 1_000;
    let outcomes = game
        .play(vec![
            game.bet(2, 1, &[tip(3, u64::MAX), tip(1, 10)]),
            game.bet(2, 2, &[tip(3, 1)]),
        ])
        .unwrap();
    assert_eq!(outcomes[0].void_tips, [MatchNo(3)]);
    assert_eq!(outcomes[1].void_tips, [MatchNo(3)]);
    assert_eq!((game.pot(1), game.pot(3)), (10, 0));
    assert_eq!((game.chips(2), game.nonce(2)), (990, 3));
    assert_eq!(game.state.totals.bets, 1);
    assert_eq!(game.state.totals.transactions, 4);
}

#[test]
fn the_last_second_before_kick_off_counts() {
    let mut game = Game::joined(2);
    game.time = START + 999;
    let outcomes = game.play(vec![game.bet(2, 1, &[tip(3, 10)])]).unwrap();
    assert_eq!(outcomes[0].void_tips, []);
    assert_eq!(game.pot(3), 10);

    // What stands at kick-off stands for good.
    game.time = START + 1_000;
    game.play(vec![game.bet(2, 2, &[tip(3, 20)])]).unwrap();
    assert_eq!((game.pot(3), game.chips(2)), (10, 990));
}

#[test]
fn a_replaced_bet_frees_its_stake() {
    let mut game = Game::joined(2);
    game.play(vec![game.bet(2, 1, &[tip(1, 1_000)])]).unwrap();
    assert_eq!(game.chips(2), 0);
    game.play(vec![game.bet(2, 2, &[tip(1, 400), tip(2, 600)])])
        .unwrap();
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (400, 600, 0));
    assert_eq!(game.state.totals.bets, 2);
    assert_eq!(game.state.matches[&MatchNo(1)].bets, 1);
    game.play(vec![game.bet(2, 3, &[tip(1, 0), tip(2, 0)])])
        .unwrap();
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (0, 0, 1_000));
    assert_eq!(game.state.totals.bets, 2);
}

#[test]
fn the_organiser_moves_a_kick_off_ahead_and_bets_stay() {
    let mut game = Game::joined(2);
    game.play(vec![game.bet(2, 1, &[tip(3, 10)])]).unwrap();
    game.time = START + 999;
    game.play(vec![
        game.schedule(ORGANISER, 1, fixture(3, "SOON", Some(START + 1_000_000))),
        game.schedule(ORGANISER, 2, fixture(4, "New", None)),
    ])
    .unwrap();
    game.time = START + 5_000;
    let outcomes = game
        .play(vec![game.bet(2, 2, &[tip(3, 30), tip(4, 1)])])
        .unwrap();
    assert_eq!(outcomes[0].void_tips, []);
    assert_eq!((game.pot(3), game.pot(4), game.chips(2)), (30, 1, 969));
}

#[test]
fn joining_gives_the_starting_chips() {
    let game = Game::joined(3);
    assert_eq!(game.state.totals.accounts, 3);
    assert_eq!(game.state.totals.chips_issued, Chips(3_000));
    assert_eq!((game.chips(2), game.nonce(2)), (1_000, 1));
}

#[test]
fn a_full_round_is_one_transaction() {
    let mut genesis = genesis();
    genesis.limits.matches = 200;
    genesis.matches = (0..128)
        .map(|no| fixture(no, &format!("M{no}"), None))
        .collect();
    let mut game = Game::with(genesis);
    let bet = game.bet(2, 1, &many_tips(MAX_TIPS));
    assert_eq!(encode(&bet).len(), 32 + 8 + 1 + 4 + 128 * 12 + 64);
    assert_eq!(decode::<Transaction>(&encode(&bet)).unwrap(), bet);
    game.play(vec![game.join(2, 0, "Ana"), bet]).unwrap();
    assert_eq!(game.state.totals.bets, 128);
}
