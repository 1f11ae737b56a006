//! What holds for every game.

#![allow(clippy::unwrap_used)]

use bolao_ledger::{
    Action, BlockContext, Ledger, MatchNo, MemoryState, Overlay, Transaction, UnixSeconds,
    check_conservation, decode, encode,
};
use proptest::prelude::*;

use crate::{
    dice::Dice,
    game::{Game, fixture},
};

const NAMES: &[&str] = &["Ana", "ana", "Bruno", "Chloé", "Ana B", "ana  b", "Σ", "σ"];
const CODES: &[&str] = &["PtCh", "ptch", "NlEn", "Soon", "X1", "X2", "X3"];

/// A player's random move, good or bad.
fn draw_move(game: &Game, dice: &mut Dice, ahead: u64) -> Transaction {
    let who = u8::try_from(1 + dice.below(5)).unwrap();
    let nonce = if dice.one_in(8) {
        dice.below(4)
    } else {
        game.nonce(who) + ahead
    };
    let action = match dice.below(8) {
        0 | 1 => return game.join(who, nonce, dice.pick(NAMES)),
        2 => {
            let no = u16::try_from(1 + dice.below(6)).unwrap();
            let kickoff = match dice.below(4) {
                0 => None,
                _ => Some(game.time - 20 + dice.below(400)),
            };
            Action::Schedule {
                fixture: fixture(no, dice.pick(CODES), kickoff),
            }
        }
        _ => {
            let mut tips = Vec::new();
            for no in 1..=6_u16 {
                if dice.one_in(3) {
                    let stake = dice.below(500);
                    let mut tip = crate::game::tip(no, stake);
                    tip.score = dice.score();
                    tips.push(tip);
                }
            }
            if tips.is_empty() {
                tips.push(crate::game::tip(1, dice.below(2_000)));
            }
            Action::Bet { tips }
        }
    };
    game.sign(who, nonce, action)
}

/// Draws the transactions of one block: those that apply. One that does not must leave no trace.
fn draw_block(game: &Game, dice: &mut Dice) -> Result<Vec<Transaction>, TestCaseError> {
    let ledger = Ledger::new(&game.genesis);
    let context = BlockContext {
        height: game.height,
        time: UnixSeconds(game.time),
    };
    let mut overlay = Overlay::new(&game.state);
    let mut taken = Vec::new();
    for _ in 0..dice.below(12) {
        let ahead = dice.below(2);
        let transaction = draw_move(game, dice, ahead);
        let checked = transaction.clone().check(&game.genesis, game.pool).unwrap();
        let before = overlay.clone().into_delta();
        if ledger
            .apply_transaction(&mut overlay, context, &checked)
            .is_ok()
        {
            taken.push(transaction);
        } else {
            prop_assert_eq!(overlay.clone().into_delta(), before);
        }
    }
    Ok(taken)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_takes_back_exactly_and_chips_are_conserved(seed: u64, blocks in 1_usize..16) {
        let dice = &mut Dice::new(seed);
        let mut game = Game::new();
        let mut history: Vec<(MemoryState, bolao_ledger::Delta)> = Vec::new();
        for _ in 0..blocks {
            let transactions = draw_block(&game, dice)?;
            let count = transactions.len();
            let block = game.block(transactions);
            let checked = decode::<bolao_ledger::Block>(&encode(&block))
                .unwrap()
                .check(&game.genesis, game.pool)
                .unwrap();
            let (delta, outcomes) = Ledger::new(&game.genesis)
                .apply_block(&game.state, game.height, &checked)
                .unwrap();
            prop_assert_eq!(outcomes.len(), count);
            let again = Ledger::new(&game.genesis)
                .apply_block(&game.state, game.height, &checked)
                .unwrap();
            prop_assert_eq!(&again.0, &delta);

            history.push((game.state.clone(), delta.clone()));
            game.state.commit(&delta);
            prop_assert_eq!(check_conservation(&game.state), Ok(()));
            game.height = game.height.next();
            game.time += dice.below(120);
        }
        while let Some((before, delta)) = history.pop() {
            let stored: bolao_ledger::Delta = decode(&encode(&delta)).unwrap();
            let undo = stored.inverted();
            prop_assert_eq!(undo.clone().inverted(), delta);
            game.state.commit(&undo);
            prop_assert_eq!(&game.state, &before);
        }
    }
}

#[test]
fn a_broken_law_is_noticed() {
    use bolao_ledger::{Chips, InvariantError};

    let mut game = Game::joined(2);
    game.play(vec![game.bet(1, 1, &[crate::game::tip(1, 10)])])
        .unwrap();
    let good = game.state;

    let mut state = good.clone();
    state.totals.chips_issued = Chips(1_999);
    assert!(matches!(
        check_conservation(&state),
        Err(InvariantError::Conservation { held: 2_000, .. })
    ));

    let mut state = good.clone();
    for bet in state.bets.values_mut() {
        bet.stake = Chips(9);
    }
    assert!(matches!(
        check_conservation(&state),
        Err(InvariantError::Pot { no: 1, .. })
    ));

    let mut state = good.clone();
    state.totals.bets = 2;
    assert!(matches!(
        check_conservation(&state),
        Err(InvariantError::Count { what: "bets", .. })
    ));

    let mut state = good;
    state.matches.get_mut(&MatchNo(1)).unwrap().bets = 0;
    assert!(check_conservation(&state).is_err());
}
