//! Matches that are put off before they begin.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Genesis, MatchNo, Move, Quorum, Reason, StateView as _, Status, UnixSeconds, table::Moves,
};

use crate::game::{
    Game, KICKOFF, ORGANISER, START, account, bet, called_off, fixture, genesis, open, played,
    result, ruled, schedule, sealed, three_organisers, tip,
};

/// How much notice the pools below want, in seconds.
const NOTICE_S: u32 = 100;

fn of(genesis: Genesis) -> Game {
    Game::joined_with(ruled(genesis, |it| it.rules.put_off_stays_open = true), 3)
}

/// A pool in which betting is prolonged only with notice.
fn with_notice(genesis: Genesis) -> Game {
    let genesis = ruled(genesis, |it| {
        it.rules.put_off_stays_open = true;
        it.rules.notice_s = NOTICE_S;
    });
    Game::joined_with(genesis, 3)
}

fn move_to(game: &mut Game, kickoff: u64) {
    let anew = fixture(3, "Soon", Some(kickoff));
    game.plays(ORGANISER, schedule(anew)).unwrap();
}

/// Whether a bet on the match counts at a time.
fn takes_bets(game: &mut Game, time: u64) -> bool {
    game.time = time;
    let outcome = game.plays(2, bet(&[tip(3, 1)])).unwrap();
    outcome.void_bets.is_empty()
}

fn moves(game: &Game) -> Vec<Move> {
    let moves = game.state.scan::<Moves>(&MatchNo(3), None, 100).unwrap();
    moves.into_iter().map(|(_, one)| one).collect()
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
    assert!(!game.game(3).has_begun_at(UnixSeconds(game.time)));
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

/// The organiser moves the kick-off seconds before it, and bets when the real match is over.
#[test]
fn a_kick_off_that_is_moved_late_takes_no_bets_after_the_one_that_stood() {
    let mut game = with_notice(genesis());
    game.time = KICKOFF - 5;
    move_to(&mut game, KICKOFF + 5_000);
    assert!(takes_bets(&mut game, KICKOFF - 1));
    assert!(!takes_bets(&mut game, KICKOFF));
    // Nor does it help to move it again, or to put it off.
    move_to(&mut game, KICKOFF + 9_000);
    assert!(!takes_bets(&mut game, KICKOFF + 1));
    put_off(&mut game);
    assert!(!takes_bets(&mut game, KICKOFF + 2));
    move_to(&mut game, KICKOFF + 10_000);
    assert!(!takes_bets(&mut game, KICKOFF + 3));
    assert_eq!(game.pot(3), 1);
}

#[test]
fn a_match_that_is_put_off_late_takes_no_bets_after_the_kick_off_that_stood() {
    let mut game = with_notice(genesis());
    game.time = KICKOFF - 5;
    put_off(&mut game);
    assert!(takes_bets(&mut game, KICKOFF - 1));
    assert!(!takes_bets(&mut game, KICKOFF));
    game.time = KICKOFF + 1;
    move_to(&mut game, KICKOFF + 5_000);
    assert!(!takes_bets(&mut game, KICKOFF + 2));
    game.time = KICKOFF + 5_000;
    game.plays(ORGANISER, result(3, played("2-1"))).unwrap();
    assert_eq!(game.bet_of(3, 2).unwrap().time.0, KICKOFF - 1);
}

/// To the second.
#[test]
fn with_notice_a_match_stays_open() {
    let last = KICKOFF - u64::from(NOTICE_S);
    for (late, put_off_first) in [(0, false), (1, false), (0, true), (1, true)] {
        let mut game = with_notice(genesis());
        game.time = last + late;
        if put_off_first {
            put_off(&mut game);
            // Without a kick-off it takes none.
            assert_eq!(takes_bets(&mut game, last + late), late == 1);
        }
        move_to(&mut game, KICKOFF + 500);
        assert_eq!(takes_bets(&mut game, KICKOFF), late == 0);
    }
}

/// The end of betting is what counts, not the kick-off that is in the book: else two moves would do what one may not.
#[test]
fn notice_is_given_before_the_end_of_betting_that_stands() {
    let mut game = with_notice(genesis());
    game.time = KICKOFF - 5;
    move_to(&mut game, KICKOFF + 5_000);
    move_to(&mut game, KICKOFF + 9_000);
    assert!(!takes_bets(&mut game, KICKOFF));
    // An earlier kick-off always ends it earlier.
    let mut game = with_notice(genesis());
    game.time = START + 10;
    move_to(&mut game, START + 20);
    assert!(!takes_bets(&mut game, START + 20));
}

#[test]
fn putting_off_is_signed_by_as_many_as_a_schedule() {
    let genesis = || {
        let mut genesis = three_organisers(2);
        genesis.rules.results_quorum = Quorum::of(1);
        genesis
    };
    let put_off = || result(3, called_off(Status::Postponed));
    let mut game = with_notice(genesis());
    game.plays(1, put_off()).unwrap();
    assert!(!game.game(3).postponed);
    game.plays(2, put_off()).unwrap();
    assert!(game.game(3).postponed);
    let mut before = of(genesis());
    before.plays(1, put_off()).unwrap();
    assert!(before.game(3).postponed);
}

#[test]
fn every_move_is_kept() {
    let mut game = with_notice(genesis());
    let at = |time: u64| Some(UnixSeconds(time));
    move_to(&mut game, KICKOFF - 50);
    assert_eq!(moves(&game)[0].earliest, None, "it was brought forward");
    move_to(&mut game, KICKOFF + 50);
    put_off(&mut game);
    move_to(&mut game, KICKOFF + 70);
    // The same again, or other teams, are no move.
    move_to(&mut game, KICKOFF + 70);
    let moves = moves(&game);
    let ways: Vec<_> = moves.iter().map(|one| (one.from, one.to)).collect();
    assert_eq!(
        ways,
        [
            (None, at(KICKOFF + 70)),
            (at(KICKOFF + 50), None),
            (at(KICKOFF - 50), at(KICKOFF + 50)),
            (at(KICKOFF), at(KICKOFF - 50)),
        ]
    );
    assert_eq!(moves[0].earliest, at(KICKOFF - 50));
    assert_eq!(moves[0].signers, [account(ORGANISER)]);
}
