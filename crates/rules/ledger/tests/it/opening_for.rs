//! Seals that others open.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{MatchNo, Reason};

use crate::game::{Game, KICKOFF, open, open_for, played, ruled, sealed};

fn sealed_by_two() -> Game {
    let genesis = ruled(sealed(), |it| it.rules.anybody_opens = true);
    let mut game = Game::joined_with(genesis, 3);
    let seal = game.seal(2, 3, "2-1", 7, 10);
    game.plays(2, seal).unwrap();
    game
}

#[test]
fn whoever_knows_score_and_salt_opens() {
    let mut game = sealed_by_two();
    let opens = || open_for(2, 3, "2-1", 7);
    assert_eq!(game.plays(3, opens()), Err(Reason::OpeningTooEarly));
    game.time = KICKOFF;
    let guessed = game.plays(3, open_for(2, 3, "2-0", 7));
    assert_eq!(guessed, Err(Reason::BadOpening));
    let other = game.plays(3, open_for(1, 3, "2-1", 7));
    assert_eq!(other, Err(Reason::NothingToOpen));
    assert_eq!(game.plays(3, opens()).unwrap().void_bets, []);
    assert_eq!(game.game(3).unopened, 0);
    let game = game.recorded(played("2-1"));
    assert_eq!((game.points(2), game.points(3)), (4, 0));
}

/// # Rule O7: nobody makes another's transaction invalid by opening first.
#[test]
fn what_is_open_already_makes_an_opening_void() {
    let mut game = sealed_by_two();
    game.time = KICKOFF;
    game.plays(3, open_for(2, 3, "2-1", 7)).unwrap();
    assert_eq!(
        game.plays(2, open(3, "2-1", 7)).unwrap().void_bets,
        [MatchNo(3)]
    );
    assert_eq!(game.nonce(2), 3);
    let none = game.plays(3, open(3, "2-1", 7));
    assert_eq!(none, Err(Reason::NothingToOpen));
}

#[test]
fn the_window_is_the_same() {
    let mut game = sealed_by_two();
    game.time = KICKOFF + 600;
    let late = game.plays(3, open_for(2, 3, "2-1", 7)).unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
    assert_eq!(game.game(3).unopened, 1);
}
