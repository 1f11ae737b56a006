//! Matches of which the day is known and not the time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{MatchDay, MatchNo, Reason, UnixSeconds};

use crate::game::{
    Game, ORGANISER, START, bet, day, fixture, genesis, open, played, result, ruled, schedule,
    sealed, three_organisers, tip,
};

/// The day of match 1.
const BEGINS: u64 = START + 2_000;
const ENDS: u64 = START + 4_000;

fn known() -> MatchDay {
    MatchDay {
        match_no: MatchNo(1),
        begins: UnixSeconds(BEGINS),
        ends: UnixSeconds(ENDS),
    }
}

fn of(genesis: bolao_ledger::Genesis) -> Game {
    Game::joined_with(ruled(genesis, |it| it.days = Some(vec![known()])), 3)
}

#[test]
fn betting_ends_when_the_day_begins_and_the_result_comes_once_it_is_over() {
    let mut game = of(genesis());
    game.time = BEGINS - 1;
    assert_eq!(game.plays(2, bet(&[tip(1, 10)])).unwrap().void_bets, []);
    game.time = BEGINS;
    let late = game.plays(2, bet(&[tip(1, 20), tip(2, 5)])).unwrap();
    // Of the other match no day is known.
    assert_eq!(late.void_bets, [MatchNo(1)]);
    let record = || result(1, played("2-1"));
    game.time = ENDS - 1;
    assert_eq!(game.plays(ORGANISER, record()), Err(Reason::ResultTooEarly));
    game.time = ENDS;
    game.plays(ORGANISER, record()).unwrap();
    game.wait_until(ENDS + 300);
    assert!(game.record(1).unwrap().is_settled());
    assert_eq!(game.chips(2), 995);
}

#[test]
fn a_kick_off_takes_the_days_place() {
    let mut game = of(genesis());
    let at = ENDS - 500;
    game.time = BEGINS + 1;
    let closed = game.plays(2, bet(&[tip(1, 1)])).unwrap();
    assert_eq!(closed.void_bets, [MatchNo(1)]);
    // Until its time is known: then betting goes on until it kicks off.
    let fixture = fixture(1, "PtCh", Some(at));
    game.plays(ORGANISER, schedule(fixture)).unwrap();
    assert_eq!(game.game(1).day, None);
    game.time = at - 1;
    assert_eq!(game.plays(2, bet(&[tip(1, 1)])).unwrap().void_bets, []);
    game.time = at;
    assert_eq!(
        game.plays(2, bet(&[tip(1, 1)])).unwrap().void_bets,
        [MatchNo(1)]
    );
    game.plays(ORGANISER, result(1, played("2-1"))).unwrap();
    let refused = game.plays(ORGANISER, day(1, Some((at + 100, at + 200))));
    assert_eq!(refused, Err(Reason::MatchStarted));
}

#[test]
fn a_schedule_without_a_time_leaves_the_day() {
    let mut game = of(genesis());
    let mut named = fixture(1, "PtCh", None);
    named.home.name = bolao_ledger::Text::new("Portugal").unwrap();
    game.plays(ORGANISER, schedule(named)).unwrap();
    assert_eq!(game.game(1).deadline, Some(UnixSeconds(BEGINS)));
    assert_eq!(game.game(1).fixture.home.name.as_str(), "Portugal");
}

#[test]
fn organisers_set_and_move_days() {
    let mut game = Game::joined_with(
        ruled(three_organisers(2), |it| it.days = Some(Vec::new())),
        3,
    );
    let first = || day(2, Some((BEGINS, ENDS)));
    game.plays(1, first()).unwrap();
    assert_eq!(game.game(2).day, None);
    game.plays(2, first()).unwrap();
    assert_eq!(game.game(2).deadline, Some(UnixSeconds(BEGINS)));
    // What was signed is spent: one alone does not set it again.
    let second = || day(2, Some((BEGINS + 5_000, ENDS + 5_000)));
    game.plays(2, second()).unwrap();
    assert_eq!(game.game(2).deadline, Some(UnixSeconds(BEGINS)));
    game.plays(3, second()).unwrap();
    assert_eq!(game.game(2).deadline, Some(UnixSeconds(BEGINS + 5_000)));
    for who in [1, 2] {
        game.plays(who, day(2, None)).unwrap();
    }
    assert_eq!((game.game(2).day, game.game(2).deadline), (None, None));
}

/// Whoever sets a day late ends betting at once, and not earlier.
#[test]
fn a_day_that_has_begun_ends_betting_at_once() {
    let mut game = of(genesis());
    game.plays(3, bet(&[tip(2, 7)])).unwrap();
    game.time = BEGINS + 10;
    game.plays(ORGANISER, day(2, Some((BEGINS, ENDS)))).unwrap();
    assert_eq!((game.pot(2), game.game(2).bets), (7, 1));
    let late = game.plays(3, bet(&[tip(2, 9)])).unwrap();
    assert_eq!(late.void_bets, [MatchNo(2)]);
}

#[test]
fn seals_are_opened_once_the_day_is_over() {
    let mut game = of(sealed());
    let seal = game.seal(2, 1, "2-1", 7, 10);
    game.plays(2, seal).unwrap();
    game.time = ENDS - 1;
    let early = game.plays(2, open(1, "2-1", 7));
    assert_eq!(early, Err(Reason::OpeningTooEarly));
    let mut late = game.clone();
    game.time = ENDS + 599;
    assert_eq!(game.plays(2, open(1, "2-1", 7)).unwrap().void_bets, []);
    late.time = ENDS + 600;
    assert_eq!(
        late.plays(2, open(1, "2-1", 7)).unwrap().void_bets,
        [MatchNo(1)]
    );
}

#[test]
fn a_match_without_a_day_is_encoded_as_it_always_was() {
    let game = of(genesis());
    let (with, without) = (game.game(1), game.game(2));
    let length = |game: &bolao_ledger::Match| bolao_ledger::encode(game).len();
    let shorter = bolao_ledger::Match {
        day: None,
        ..with.clone()
    };
    assert_eq!(length(&with), length(&shorter) + 16);
    assert_eq!(
        bolao_ledger::decode::<bolao_ledger::Match>(&bolao_ledger::encode(&without)).unwrap(),
        without
    );
    let mut cut = bolao_ledger::encode(&with);
    cut.pop();
    assert!(bolao_ledger::decode::<bolao_ledger::Match>(&cut).is_err());
}
