//! Sealed tips: who learns what, and when.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{MatchNo, Placed, Reason, Score, seal_commitment};

use crate::game::{
    Game, KICKOFF, ORGANISER, account, fixture, open, played, result, schedule, score, sealed,
};

/// Players 1 to 4 have joined a pool with sealed tips.
fn joined() -> Game {
    Game::joined_with(sealed(), 4)
}

fn seal(game: &mut Game, who: u8, predicted: &str, seed: u8, stake: u64) {
    let seal = game.seal(who, 3, predicted, seed, stake);
    assert_eq!(game.plays(who, seal).unwrap().void_bets, []);
}

#[test]
fn only_the_last_seal_before_the_deadline_can_be_opened() {
    let mut game = joined();
    seal(&mut game, 2, "1-0", 1, 10);
    seal(&mut game, 2, "2-1", 2, 20);
    assert_eq!((game.game(3).bets, game.game(3).unopened), (1, 1));
    assert_eq!((game.pot(3), game.chips(2)), (20, 980));

    game.time = KICKOFF;
    let late = game.seal(2, 3, "3-0", 3, 30);
    assert_eq!(game.plays(2, late).unwrap().void_bets, [MatchNo(3)]);
    for (predicted, seed) in [("1-0", 1), ("3-0", 3)] {
        let refused = game.plays(2, open(3, predicted, seed));
        assert_eq!(refused, Err(Reason::BadOpening), "{predicted}");
    }
    game.plays(2, open(3, "2-1", 2)).unwrap();
    let bet = game.bet_of(3, 2).unwrap();
    assert_eq!(bet.score(), Some(score("2-1")));
    assert!(bet.opened.is_some());
    assert_eq!(game.game(3).unopened, 0);
}

#[test]
fn a_seal_that_is_not_opened_is_no_tip_and_leaves_its_stake() {
    let mut game = joined();
    seal(&mut game, 2, "2-1", 2, 100);
    seal(&mut game, 3, "1-0", 3, 50);
    seal(&mut game, 4, "0-0", 4, 0);
    game.time = KICKOFF;
    game.plays(3, open(3, "1-0", 3)).unwrap();
    let mut game = game.recorded(played("2-1"));
    assert_eq!(game.points(3), 3);
    assert_eq!(game.standing(2).bets, 0);
    // Others may open until 600 s after kick-off: later than the 300 s in which the record can be disputed.
    assert_eq!(game.record(3).unwrap().final_at.unwrap().0, KICKOFF + 600);
    game.wait_until(KICKOFF + 599);
    assert!(!game.record(3).unwrap().is_settled());

    game.time = KICKOFF + 600;
    let outcome = game.plays(2, open(3, "2-1", 2)).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(3)]);
    assert!(game.record(3).unwrap().is_settled());
    assert_eq!((game.points(2), game.points(3)), (0, 3));
    assert_eq!((game.chips(2), game.chips(3), game.pot(3)), (900, 1_100, 0));
    assert_eq!(game.game(3).unopened, 2);
}

#[test]
fn a_seal_opened_after_a_provisional_result_has_its_points() {
    let mut game = joined();
    seal(&mut game, 2, "2-1", 2, 100);
    seal(&mut game, 3, "1-1", 3, 100);
    let mut game = game.recorded(played("2-1"));
    assert_eq!(game.points(2), 0);
    game.plays(2, open(3, "2-1", 2)).unwrap();
    assert_eq!((game.points(2), game.standing(2).exact), (4, 1));
    // A correction takes them off again, and gives another what is due.
    game.plays(3, open(3, "1-1", 3)).unwrap();
    game.plays(ORGANISER, result(3, played("1-1"))).unwrap();
    assert_eq!((game.points(2), game.points(3)), (0, 4));
    assert_eq!((game.standing(2).exact, game.standing(2).bets), (0, 1));
    game.wait_until(KICKOFF + 1_000);
    assert_eq!((game.chips(2), game.chips(3)), (900, 1_100));
}

#[test]
fn seals_say_nothing_but_that_they_are_there() {
    let pool = sealed().pool_id();
    let commitment = |who, no, predicted: Score, seed| {
        seal_commitment(
            pool,
            &account(who),
            MatchNo(no),
            predicted.into(),
            &[seed; 32],
        )
    };
    let own = commitment(2, 3, score("2-1"), 7);
    // Whoever knows everything but the salt finds no score that fits.
    for home in 0..=20 {
        for away in 0..=20 {
            let guess = Score::new(home, away).unwrap();
            assert!((0..7).all(|seed| commitment(2, 3, guess, seed) != own));
        }
    }
    // Account and match are bound.
    assert_ne!(commitment(3, 3, score("2-1"), 7), own);
    assert_ne!(commitment(2, 1, score("2-1"), 7), own);

    // A node holds the same of two players with other scores and the same commitment bytes' length.
    let mut game = joined();
    seal(&mut game, 2, "2-1", 7, 5);
    let bet = game.bet_of(3, 2).unwrap();
    assert_eq!(bet.placed, Placed::Sealed(own));
    assert_eq!((bet.score(), bet.stake.0, bet.opened), (None, 5, None));
}

#[test]
fn a_copied_seal_is_of_no_use() {
    let mut game = joined();
    seal(&mut game, 2, "2-1", 7, 5);
    let copied = game.seal(2, 3, "2-1", 7, 5);
    game.plays(3, copied).unwrap();
    game.time = KICKOFF;
    game.plays(2, open(3, "2-1", 7)).unwrap();
    // Score and salt are public now, but the commitment names the account that made it.
    let refused = game.plays(3, open(3, "2-1", 7));
    assert_eq!(refused, Err(Reason::BadOpening));
}

#[test]
fn a_match_that_is_moved_before_kick_off_shows_nobodys_tip() {
    let mut genesis = sealed();
    genesis.rules.deadline_lead_s = 60;
    genesis.rules.later_kickoff_reopens = true;
    let mut game = Game::joined_with(genesis, 4);
    seal(&mut game, 2, "2-1", 7, 5);
    game.time = KICKOFF - 10;
    let early = game.plays(2, open(3, "2-1", 7));
    assert_eq!(early, Err(Reason::OpeningTooEarly));
    let moved = schedule(fixture(3, "Soon", Some(KICKOFF + 500)));
    game.plays(ORGANISER, moved).unwrap();
    seal(&mut game, 2, "0-2", 8, 5);
    game.time = KICKOFF;
    let early = game.plays(2, open(3, "0-2", 8));
    assert_eq!(early, Err(Reason::OpeningTooEarly));
    game.time = KICKOFF + 500;
    game.plays(2, open(3, "0-2", 8)).unwrap();
}
