//! What holds for every game.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use bolao_ledger::{
    Action, BlockContext, Delta, Ledger, MatchNo, MemoryState, Overlay, StateView, Transaction,
    UnixSeconds, check_conservation, decode, encode,
};
use proptest::prelude::*;

use crate::{
    dice::Dice,
    game::{Game, ORGANISER, account, fixture, tip},
};

const NAMES: &[&str] = &["Ana", "ana", "Bruno", "Chloé", "Ana B", "ana  b", "Σ", "σ"];
const CODES: [&str; 6] = ["PtCh", "NlEn", "Soon", "X1", "X2", "ptch"];

/// A player's random move on top of what the block holds already; most are good, some are not.
fn draw_move(game: &Game, overlay: &Overlay<&MemoryState>, dice: &mut Dice) -> Transaction {
    let mut who = u8::try_from(1 + dice.below(5)).unwrap();
    let schedules = dice.one_in(6);
    if schedules && !dice.one_in(8) {
        who = ORGANISER;
    }
    let joined = overlay.account(&account(who)).unwrap();
    let mut nonce = joined.as_ref().map_or(0, |account| account.next_nonce.0);
    if dice.one_in(10) {
        nonce = dice.below(4);
    }
    if joined.is_none() || dice.one_in(20) {
        return game.join(who, nonce, dice.pick(NAMES));
    }
    if schedules {
        let index = dice.index(CODES.len());
        let code = if dice.one_in(8) {
            dice.pick(&CODES)
        } else {
            CODES[index]
        };
        let no = u16::try_from(1 + index).unwrap();
        let kickoff = match dice.below(4) {
            0 => None,
            _ => Some(game.time - 20 + dice.below(400)),
        };
        return game.schedule(who, nonce, fixture(no, code, kickoff));
    }
    let matches = if dice.one_in(10) { 6 } else { 3 };
    let mut tips: Vec<_> = (1..=matches)
        .filter(|_| dice.one_in(2))
        .map(|no| tip(no, 0))
        .collect();
    if tips.is_empty() {
        tips.push(tip(1, 0));
    }
    for tip in &mut tips {
        tip.score = dice.score();
        tip.stake.0 = dice.below(500);
    }
    game.bet(who, nonce, &tips)
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
        let transaction = draw_move(game, &overlay, dice);
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
        let mut history: Vec<(MemoryState, Delta)> = Vec::new();
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
            let stored: Delta = decode(&encode(&delta)).unwrap();
            let undo = stored.inverted();
            prop_assert_eq!(undo.clone().inverted(), delta);
            game.state.commit(&undo);
            prop_assert_eq!(&game.state, &before);
        }
    }
}

#[test]
fn random_games_are_worth_their_name() {
    let (mut joins, mut bets, mut schedules, mut void, mut standing) = (0, 0, 0, 0, 0);
    for seed in 0..32 {
        let dice = &mut Dice::new(seed);
        let mut game = Game::new();
        for _ in 0..12 {
            let transactions = draw_block(&game, dice).unwrap();
            for transaction in &transactions {
                match transaction.body.action {
                    Action::Join { .. } => joins += 1,
                    Action::Bet { .. } => bets += 1,
                    Action::Schedule { .. } => schedules += 1,
                }
            }
            let outcomes = game.play(transactions).unwrap();
            void += outcomes.iter().filter(|o| !o.void_tips.is_empty()).count();
            game.time += dice.below(120);
        }
        standing += game.state.totals.bets;
    }
    let counts = [
        joins,
        bets,
        schedules,
        void,
        usize::try_from(standing).unwrap(),
    ];
    assert!(counts.iter().all(|count| *count >= 32), "{counts:?}");
}

#[test]
fn a_broken_law_is_noticed() {
    use bolao_ledger::{Chips, InvariantError};

    let mut game = Game::joined(2);
    game.play(vec![game.bet(1, 1, &[tip(1, 10)])]).unwrap();
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
