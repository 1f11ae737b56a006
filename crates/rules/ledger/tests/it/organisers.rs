//! An organiser can never place, change, see or delete another player's tip: each is tried.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Action, Bet, MatchNo, Nonce, Reason, Score, Status, TxBody, UnixSeconds, seal_commitment,
};

use crate::game::{
    Game, KICKOFF, ORGANISER, account, bet, called_off, fixture, open, played, result, schedule,
    sealed, sign, tip_on, transfer,
};

const PLAYER: u8 = 2;

/// Match 3 with a tip of the player's, open or sealed with salt 7.
fn tipped(is_sealed: bool) -> Game {
    let mut genesis = if is_sealed {
        sealed()
    } else {
        crate::game::genesis()
    };
    genesis.rules.dispute_window_s = 2_000;
    let mut game = Game::joined_with(genesis, 3);
    let tip = if is_sealed {
        game.seal(PLAYER, 3, "2-1", 7, 100)
    } else {
        bet(&[tip_on(3, "2-1", 100)])
    };
    game.plays(PLAYER, tip).unwrap();
    game
}

/// The same without a tip.
fn tipped_nowhere() -> Game {
    Game::joined_with(crate::game::genesis(), 3)
}

fn players_bet(game: &Game) -> Option<Bet> {
    game.bet_of(3, PLAYER)
}

/// A transaction in the player's name that the organiser signed.
fn forged(game: &mut Game, action: Action) -> Result<(), Reason> {
    let body = TxBody {
        account: account(PLAYER),
        nonce: Nonce(game.nonce(PLAYER)),
        action,
    };
    let forged = sign(game.pool, ORGANISER, body);
    game.play(vec![forged]).map(|_| ())
}

#[test]
fn an_organiser_cannot_place_or_replace_anothers_tip() {
    for is_sealed in [false, true] {
        let mut game = tipped(is_sealed);
        let before = game.state.clone();
        let tip = |game: &Game, no| {
            if is_sealed {
                game.seal(ORGANISER, no, "0-0", 1, 1)
            } else {
                bet(&[tip_on(no, "0-0", 1)])
            }
        };
        for no in [1, 3] {
            let action = tip(&game, no);
            assert_eq!(forged(&mut game, action), Err(Reason::BadSignature));
        }
        assert_eq!(
            forged(&mut game, transfer(ORGANISER, 900)),
            Err(Reason::BadSignature)
        );
        // What the player has signed before cannot be played again.
        let own = tip(&game, 1);
        let old = game.act(PLAYER, own);
        game.play(vec![old.clone()]).unwrap();
        assert_eq!(game.play(vec![old]), Err(Reason::BadNonce));
        assert_ne!(game.state, before);
    }
}

#[test]
fn nothing_that_an_organiser_signs_touches_anothers_tip() {
    for is_sealed in [false, true] {
        let mut game = tipped(is_sealed);
        let tip = players_bet(&game);
        let acts = [
            schedule(fixture(3, "Soon", Some(KICKOFF + 100))),
            schedule(fixture(3, "Soon", None)),
            schedule(fixture(3, "Soon", Some(KICKOFF))),
            result(3, called_off(Status::Postponed)),
            schedule(fixture(3, "Soon", Some(KICKOFF))),
            result(3, called_off(Status::Cancelled)),
        ];
        for act in acts {
            game.plays(ORGANISER, act).unwrap();
            assert_eq!(players_bet(&game), tip);
        }
        game.time = KICKOFF;
        for outcome in [
            played("0-3"),
            called_off(Status::Abandoned),
            called_off(Status::Postponed),
            played("2-1"),
        ] {
            game.plays(ORGANISER, result(3, outcome)).unwrap();
            assert_eq!(players_bet(&game), tip);
        }
        game.wait_until(KICKOFF + 10_000);
        assert!(game.record(3).unwrap().is_settled());
        assert_eq!(players_bet(&game), tip);
        assert_eq!(game.points(PLAYER), if is_sealed { 0 } else { 4 });
    }
}

#[test]
fn an_organiser_cannot_give_a_tip_another_meaning() {
    let mut game = tipped(false);
    let renamed = schedule(fixture(3, "Other", Some(KICKOFF)));
    assert_eq!(
        game.plays(ORGANISER, renamed),
        Err(Reason::MatchNumberTaken)
    );
    // Another stage, where other points are given, is not taken over.
    let mut moved = fixture(3, "Soon", Some(KICKOFF));
    moved.stage = "Group A".parse().unwrap();
    game.plays(ORGANISER, schedule(moved)).unwrap();
    assert_eq!(game.game(3).fixture.stage.as_str(), "Final");
    // Sides are turned round only while every player can still answer.
    game.time = KICKOFF;
    let mut turned = fixture(3, "Soon", Some(KICKOFF + 10));
    std::mem::swap(&mut turned.home, &mut turned.away);
    assert_eq!(
        game.plays(ORGANISER, schedule(turned.clone())),
        Err(Reason::MatchStarted)
    );
    game.plays(ORGANISER, result(3, called_off(Status::Postponed)))
        .unwrap();
    turned.home.name = "Elsewhere".parse().unwrap();
    assert_eq!(
        game.plays(ORGANISER, schedule(turned)),
        Err(Reason::TeamsFixed)
    );
}

#[test]
fn teams_of_a_match_that_is_over_are_filled_in_only_where_nobody_tipped() {
    let mut game = tipped(false);
    game.time = KICKOFF;
    let filled = |no, code, kickoff| {
        let mut fixture = fixture(no, code, kickoff);
        fixture.home.name = "Portugal".parse().unwrap();
        schedule(fixture)
    };
    let earlier = game.game(3).fixture;
    assert_eq!(
        game.plays(ORGANISER, filled(3, "Soon", Some(KICKOFF))),
        Err(Reason::KickoffInThePast)
    );
    assert_eq!(game.game(3).fixture, earlier);

    let mut untouched = tipped_nowhere();
    untouched.time = KICKOFF;
    for (kickoff, reason) in [
        (Some(KICKOFF - 1), Reason::KickoffInThePast),
        (Some(KICKOFF + 9), Reason::MatchStarted),
        (None, Reason::MatchStarted),
    ] {
        assert_eq!(
            untouched.plays(ORGANISER, filled(3, "Soon", kickoff)),
            Err(reason)
        );
    }
    untouched
        .plays(ORGANISER, filled(3, "Soon", Some(KICKOFF)))
        .unwrap();
    let now = untouched.game(3);
    assert_eq!(now.fixture.home.name.as_str(), "Portugal");
    assert!(!now.is_open_at(UnixSeconds(untouched.time), &untouched.genesis.rules));
    let late = untouched
        .plays(PLAYER, bet(&[tip_on(3, "2-1", 1)]))
        .unwrap();
    assert_eq!(late.void_bets, [MatchNo(3)]);
}

#[test]
fn an_organiser_cannot_see_or_open_anothers_seal() {
    let mut game = tipped(true);
    let bolao_ledger::Placed::Sealed(commitment) = players_bet(&game).unwrap().placed else {
        panic!("the tip is open");
    };
    // Everything that an organiser has: the pool, the account, the match, every score, every key of the organiser's own.
    let guesses = (0..=99).flat_map(|home| (0..=9).map(move |away| (home, away)));
    for (home, away) in guesses {
        let score = Score::new(home, away).unwrap().into();
        for salt in [[0; 32], account(ORGANISER).0, game.pool.0, commitment] {
            let guess = seal_commitment(game.pool, &account(PLAYER), MatchNo(3), score, &salt);
            assert_ne!(guess, commitment);
        }
    }
    game.time = KICKOFF;
    // Even with score and salt in hand, only the player's own signature opens it.
    assert_eq!(
        game.plays(ORGANISER, open(3, "2-1", 7)),
        Err(Reason::NothingToOpen)
    );
    assert_eq!(
        forged(&mut game, open(3, "2-1", 7)),
        Err(Reason::BadSignature)
    );
    // No record keeps the player from opening it.
    game.plays(ORGANISER, result(3, called_off(Status::Postponed)))
        .unwrap();
    game.plays(PLAYER, open(3, "2-1", 7)).unwrap();
    assert_eq!(
        players_bet(&game).unwrap().score(),
        Some("2-1".parse().unwrap())
    );
}
