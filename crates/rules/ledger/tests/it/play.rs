//! What is allowed, right beside what is not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Cause, Chips, MAX_BETS, MatchNo, Reason, StateView, Transaction, decode, encode, table,
};

use crate::game::{
    Game, KICKOFF, ORGANISER, START, TICKET, account, bet, by_invitation, fixture, genesis,
    invitation, many_bets, schedule, tip, transfer,
};

#[test]
fn a_late_tip_is_void_and_takes_nothing_with_it() {
    let mut game = Game::joined(2);
    game.time = KICKOFF;
    let outcomes = game
        .play(vec![
            game.bet(2, 1, &[tip(3, 1_000_000), tip(1, 10)]),
            game.bet(2, 2, &[tip(3, 1)]),
        ])
        .unwrap();
    assert_eq!(outcomes[0].void_bets, [MatchNo(3)]);
    assert_eq!(outcomes[1].void_bets, [MatchNo(3)]);
    assert_eq!((game.pot(1), game.pot(3)), (10, 0));
    assert_eq!((game.chips(2), game.nonce(2)), (990, 3));
    assert_eq!(game.totals().bets, 1);
    assert_eq!(game.totals().transactions, 4);
}

#[test]
fn the_last_second_before_kick_off_counts() {
    let mut game = Game::joined(2);
    game.time = KICKOFF - 1;
    let outcomes = game.play(vec![game.bet(2, 1, &[tip(3, 10)])]).unwrap();
    assert_eq!(outcomes[0].void_bets, []);
    assert_eq!(game.pot(3), 10);

    // What stands at kick-off stands for good.
    game.time = KICKOFF;
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
    assert_eq!(game.totals().bets, 2);
    assert_eq!(game.game(1).bets, 1);
    game.play(vec![game.bet(2, 3, &[tip(1, 0), tip(2, 0)])])
        .unwrap();
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (0, 0, 1_000));
    assert_eq!(game.totals().bets, 2);
}

#[test]
fn the_organiser_moves_a_kick_off_ahead_and_bets_stay() {
    let mut game = Game::joined(2);
    game.play(vec![game.bet(2, 1, &[tip(3, 10)])]).unwrap();
    game.time = KICKOFF - 1;
    game.play(vec![
        game.schedule(ORGANISER, 1, fixture(3, "SOON", Some(START + 1_000_000))),
        game.schedule(ORGANISER, 2, fixture(4, "New", None)),
    ])
    .unwrap();
    game.time = START + 5_000;
    let outcomes = game
        .play(vec![game.bet(2, 2, &[tip(3, 30), tip(4, 1)])])
        .unwrap();
    assert_eq!(outcomes[0].void_bets, []);
    assert_eq!((game.pot(3), game.pot(4), game.chips(2)), (30, 1, 969));
}

#[test]
fn joining_gives_the_starting_chips() {
    let game = Game::joined(3);
    assert_eq!(game.totals().accounts, 3);
    assert_eq!(game.totals().chips_issued, Chips(3_000));
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
    let bet = game.bet(2, 1, &many_bets(MAX_BETS));
    assert_eq!(encode(&bet).len(), 32 + 8 + 1 + 4 + 128 * 13 + 64);
    assert_eq!(decode::<Transaction>(&encode(&bet)).unwrap(), bet);
    game.play(vec![game.join(2, 0, "Ana"), bet]).unwrap();
    assert_eq!(game.totals().bets, 128);
}

#[test]
fn the_pools_time_never_runs_back() {
    let mut game = Game::joined(2);
    game.wait_until(KICKOFF);
    // A block may say an earlier time than the one before it (B9); a deadline that has passed stays passed.
    game.time = KICKOFF - 100;
    let outcome = game.plays(2, bet(&[tip(3, 10)])).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(3)]);
    assert_eq!(game.totals().clock.0, KICKOFF);
    let earlier = schedule(fixture(3, "Soon", Some(KICKOFF + 100)));
    assert_eq!(game.plays(ORGANISER, earlier), Err(Reason::MatchStarted));
}

#[test]
fn betting_ends_a_lead_before_kick_off() {
    let mut genesis = genesis();
    genesis.rules.deadline_lead_s = 60;
    let mut game = Game::joined_with(genesis, 2);
    game.time = KICKOFF - 61;
    assert_eq!(game.plays(2, bet(&[tip(3, 1)])).unwrap().void_bets, []);
    game.time = KICKOFF - 60;
    let outcome = game.plays(2, bet(&[tip(3, 2)])).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(3)]);
    assert_eq!(game.pot(3), 1);
}

/// Whether a tip counts after betting had ended and the kick-off was moved to a later time.
fn reopens(later_kickoff_reopens: bool) -> bool {
    let mut genesis = genesis();
    genesis.rules.deadline_lead_s = 60;
    genesis.rules.later_kickoff_reopens = later_kickoff_reopens;
    let mut game = Game::joined_with(genesis, 2);
    game.time = KICKOFF - 30;
    let later = schedule(fixture(3, "Soon", Some(KICKOFF + 500)));
    game.plays(ORGANISER, later).unwrap();
    assert_eq!(game.game(3).fixture.kickoff.unwrap().0, KICKOFF + 500);
    let outcome = game.plays(2, bet(&[tip(3, 1)])).unwrap();
    outcome.void_bets.is_empty()
}

#[test]
fn a_later_kick_off_opens_betting_again_where_the_rules_say_so() {
    assert!(reopens(true));
    assert!(!reopens(false));
}

#[test]
fn an_earlier_kick_off_ends_betting_earlier() {
    let mut game = Game::joined(2);
    game.plays(2, bet(&[tip(3, 5)])).unwrap();
    let earlier = schedule(fixture(3, "Soon", Some(START + 10)));
    game.plays(ORGANISER, earlier).unwrap();
    game.time = START + 10;
    let outcome = game.plays(2, bet(&[tip(3, 7)])).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(3)]);
    assert_eq!(game.pot(3), 5);
}

#[test]
fn chips_are_given_and_the_history_says_so() {
    let mut game = Game::joined(3);
    game.plays(2, transfer(3, 250)).unwrap();
    game.plays(3, bet(&[tip(1, 1_250)])).unwrap();
    game.plays(3, bet(&[tip(1, 50), tip(2, 100)])).unwrap();
    let lines: Vec<_> = game
        .state
        .scan::<table::History>(&account(3), None, 100)
        .unwrap()
        .into_iter()
        .flat_map(|(_, page)| page.0)
        .map(|line| (line.cause, line.amount.0, line.balance.0))
        .collect();
    assert_eq!(
        lines,
        [
            (Cause::Joined, 1_000, 1_000),
            (Cause::Received(account(2)), 250, 1_250),
            (Cause::Staked(MatchNo(1)), 1_250, 0),
            (Cause::Freed(MatchNo(1)), 1_200, 1_200),
            (Cause::Staked(MatchNo(2)), 100, 1_100),
        ]
    );
    assert_eq!(game.chips(2), 750);
}

#[test]
fn an_invited_player_joins_and_organisers_need_no_ticket() {
    let mut game = Game::with(by_invitation());
    let invited = |who| game.join_with(who, invitation(game.pool, ORGANISER, who, 2));
    let joins = vec![game.join(ORGANISER, 0, "Host"), invited(2), invited(3)];
    game.play(joins).unwrap();
    assert_eq!(game.totals().accounts, 3);
    let used = game.state.get::<table::Tickets>(&account(TICKET).0);
    assert_eq!(used.unwrap(), Some(2));
}
