//! Matches that are put off before they begin.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{MatchNo, Reason, Status};

use crate::game::{
    Game, KICKOFF, ORGANISER, bet, called_off, fixture, genesis, open, played, result, schedule,
    sealed, tip, version_2,
};

fn of(genesis: bolao_ledger::Genesis) -> Game {
    Game::joined_with(version_2(genesis, |v2| v2.put_off_stays_open = true), 3)
}

fn put_off(game: &mut Game) {
    let postponed = result(3, called_off(Status::Postponed));
    game.plays(ORGANISER, postponed).unwrap();
}

#[test]
fn betting_goes_on_until_the_new_kick_off() {
    let mut game = of(genesis());
    game.plays(2, bet(&[tip(3, 10)])).unwrap();
    put_off(&mut game);
    // The old kick-off is none.
    game.time = KICKOFF + 1;
    assert_eq!(game.plays(2, bet(&[tip(3, 20)])).unwrap().void_bets, []);
    let early = game.plays(ORGANISER, result(3, played("2-1")));
    assert_eq!(early, Err(Reason::ResultTooEarly));
    let at = KICKOFF + 5_000;
    let anew = fixture(3, "Soon", Some(at));
    game.plays(ORGANISER, schedule(anew)).unwrap();
    game.time = at - 1;
    assert_eq!(game.plays(3, bet(&[tip(3, 30)])).unwrap().void_bets, []);
    game.time = at;
    let late = game.plays(3, bet(&[tip(3, 1)])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    assert_eq!(game.pot(3), 50);
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
}

/// After the deadline and before kick-off, nothing is opened yet: betting goes on again.
#[test]
fn a_deadline_that_has_passed_is_lifted() {
    let mut genesis = genesis();
    genesis.rules.deadline_lead_s = 100;
    let mut game = of(genesis);
    game.time = KICKOFF - 50;
    let closed = game.plays(2, bet(&[tip(3, 1)])).unwrap();
    assert_eq!(closed.void_bets, [MatchNo(3)]);
    put_off(&mut game);
    assert_eq!(game.plays(2, bet(&[tip(3, 1)])).unwrap().void_bets, []);
}

#[test]
fn nothing_is_opened_before_it_is_played() {
    let mut game = of(sealed());
    let seal = game.seal(2, 3, "2-1", 7, 10);
    game.plays(2, seal).unwrap();
    put_off(&mut game);
    game.time = KICKOFF + 1;
    assert!(
        !game
            .game(3)
            .has_begun_at(bolao_ledger::UnixSeconds(game.time))
    );
    let opened = game.plays(2, open(3, "2-1", 7));
    assert_eq!(opened, Err(Reason::OpeningTooEarly));
}

/// What has begun stays closed: its seals may be open.
#[test]
fn a_match_that_has_begun_stays_closed() {
    let mut game = of(genesis());
    game.time = KICKOFF;
    put_off(&mut game);
    let late = game.plays(2, bet(&[tip(3, 1)])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    let anew = fixture(3, "Soon", Some(KICKOFF + 5_000));
    game.plays(ORGANISER, schedule(anew)).unwrap();
    put_off(&mut game);
    let late = game.plays(2, bet(&[tip(3, 1)])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
}
