//! Bets that the chips at hand do not reach for.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{BlockContext, Ledger, MatchNo, Overlay, Reason, UnixSeconds};

use crate::game::{Game, KICKOFF, bet, genesis, ruled, tip};

fn joined() -> Game {
    Game::joined_with(ruled(genesis(), |it| it.rules.short_bets_void = true), 2)
}

/// The stake that was to be free is locked in a match that has begun: the other bets of the transaction count as far as the
/// chips reach, and the next transaction follows on.
#[test]
fn a_late_bet_frees_nothing_and_the_rest_counts_in_the_order_written() {
    let mut game = joined();
    game.plays(2, bet(&[tip(3, 900)])).unwrap();
    game.time = KICKOFF;
    let tips = [tip(3, 0), tip(1, 60), tip(2, 50)];
    let outcome = game.plays(2, bet(&tips)).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(3), MatchNo(2)]);
    assert_eq!((game.pot(1), game.pot(2), game.pot(3)), (60, 0, 900));
    assert_eq!((game.chips(2), game.nonce(2)), (40, 3));
    // The other way round the other one counts.
    let outcome = game.plays(2, bet(&[tip(2, 40), tip(1, 61)])).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(1)]);
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (60, 40, 0));
}

/// What is freed counts wherever it stands.
#[test]
fn what_replaced_bets_free_comes_first() {
    let mut game = joined();
    game.plays(2, bet(&[tip(1, 1_000)])).unwrap();
    let outcome = game.plays(2, bet(&[tip(2, 700), tip(1, 300)])).unwrap();
    assert_eq!(outcome.void_bets, []);
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (300, 700, 0));
    // A void bet leaves the one before it, with its stake.
    let outcome = game.plays(2, bet(&[tip(1, 301), tip(2, 700)])).unwrap();
    assert_eq!(outcome.void_bets, [MatchNo(1)]);
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (300, 700, 0));
    let outcome = game.plays(2, bet(&[tip(1, 301), tip(2, 699)])).unwrap();
    assert_eq!(outcome.void_bets, []);
    assert_eq!((game.pot(1), game.pot(2), game.chips(2)), (301, 699, 0));
}

#[test]
fn older_pools_refuse_the_whole_transaction() {
    let tips = bet(&[tip(1, 1), tip(2, 1_000)]);
    let mut old = Game::joined(2);
    assert_eq!(old.plays(2, tips.clone()), Err(Reason::NotEnoughChips));
    let mut new = joined();
    assert_eq!(new.plays(2, tips).unwrap().void_bets, [MatchNo(2)]);
}

/// # Rule D6: what is submitted is refused as it always was.
#[test]
fn what_is_submitted_is_refused() {
    let game = joined();
    let ledger = Ledger::new(&game.genesis).refusing_short_bets();
    let context = BlockContext {
        height: game.height,
        time: UnixSeconds(game.time),
    };
    let bet = game.bet(2, 1, &[tip(1, 1_001)]);
    let checked = bet.check(&game.genesis, game.pool).unwrap();
    let mut overlay = Overlay::new(&game.state);
    let refused = ledger.apply_transaction(&mut overlay, context, &checked);
    assert_eq!(refused.unwrap_err().reason(), Some(Reason::NotEnoughChips));
    let taken = Ledger::new(&game.genesis).apply_transaction(&mut overlay, context, &checked);
    assert_eq!(taken.unwrap().void_bets, [MatchNo(1)]);
}
