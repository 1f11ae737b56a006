//! What holds for every game.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Chips, Delta, InvariantError, Ledger, MatchNo, MemoryState, StateView, check_invariants,
    decode, encode,
    table::{Bets, History, Matches, Standings, Table, TotalsTable, key_bytes},
};
use proptest::prelude::*;

use crate::{
    dice::Dice,
    game::{Game, account, bet, inverted, played, tip},
    random::{Secrets, draw_block, pass_time, rules},
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_takes_back_exactly_and_the_laws_hold(seed: u64, blocks in 1_usize..28) {
        let dice = &mut Dice::new(seed);
        let mut game = Game::with(rules(dice));
        let mut secrets = Secrets::new();
        let mut history: Vec<(MemoryState, Delta)> = Vec::new();
        for _ in 0..blocks {
            let transactions = draw_block(&game, dice, &mut secrets);
            let count = transactions.len();
            let block = game.block(transactions);
            let checked = decode::<bolao_ledger::Block>(&encode(&block))
                .unwrap()
                .check(&game.genesis, game.pool)
                .unwrap();
            let applied = Ledger::new(&game.genesis)
                .apply_block(&game.state, game.height, &checked)
                .unwrap();
            prop_assert_eq!(applied.outcomes().len(), count);
            let again = Ledger::new(&game.genesis)
                .apply_block(&game.state, game.height, &checked)
                .unwrap();
            prop_assert_eq!(again.delta(), applied.delta());

            history.push((game.state.clone(), applied.delta().clone()));
            game.state.commit(applied.delta());
            prop_assert_eq!(check_invariants(&game.genesis.rules, &game.state), Ok(()));
            game.height = game.height.next();
            pass_time(&mut game, dice);
        }
        while let Some((before, delta)) = history.pop() {
            let stored: Delta = decode(&encode(&delta)).unwrap();
            let undo = inverted(&stored);
            prop_assert_eq!(inverted(&undo), delta);
            game.state.commit(&undo);
            prop_assert_eq!(&game.state, &before);
        }
    }
}

/// The state with one entry changed.
fn with<T: Table>(
    state: &MemoryState,
    key: &T::Key,
    change: impl FnOnce(&mut T::Value),
) -> MemoryState {
    let mut value = state.get::<T>(key).unwrap().unwrap();
    change(&mut value);
    let mut state = state.clone();
    state.entries.insert(key_bytes::<T>(key), encode(&value));
    state
}

#[test]
fn a_broken_law_is_noticed() {
    let mut game = Game::joined(2);
    game.plays(1, bet(&[tip(3, 10)])).unwrap();
    let game = game.recorded(played("2-1"));
    let check = |state: &MemoryState| check_invariants(&game.genesis.rules, state);
    let (good, no, who) = (&game.state, MatchNo(3), account(1));
    assert_eq!(check(good), Ok(()));

    let state = with::<TotalsTable>(good, &(), |totals| totals.chips_issued = Chips(1_999));
    assert!(matches!(
        check(&state),
        Err(InvariantError::Conservation { held: 2_000, .. })
    ));
    let state = with::<Bets>(good, &(no, who), |bet| bet.stake = Chips(9));
    assert!(matches!(check(&state), Err(InvariantError::Pot { .. })));
    for what in [
        "bets",
        "scores",
        "provisional scores",
        "acts of organisers",
        "matches",
    ] {
        let state = with::<TotalsTable>(good, &(), |totals| match what {
            "bets" => totals.bets += 1,
            "scores" => totals.scored += 1,
            "provisional scores" => totals.provisional = 0,
            "matches" => totals.matches = 1,
            _ => totals.acts = 0,
        });
        let error = check(&state).unwrap_err();
        assert!(
            matches!(error, InvariantError::Count { what: got, .. } if got == what),
            "{error}"
        );
    }
    let state = with::<Matches>(good, &no, |game| game.bets = 0);
    assert!(matches!(check(&state), Err(InvariantError::Count { .. })));
    let state = with::<Standings>(good, &who, |standing| standing.points.0 += 1);
    assert!(matches!(
        check(&state),
        Err(InvariantError::Standings { .. })
    ));
    let state = with::<History>(good, &(who, 0), |page| page.0[1].balance = Chips(1));
    assert!(matches!(check(&state), Err(InvariantError::History { .. })));
}
