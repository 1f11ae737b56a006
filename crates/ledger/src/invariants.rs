//! What holds after every block, whatever was played.

use thiserror::Error;

use crate::{memory::MemoryState, units::Chips};

/// A law of the ledger that a state breaks.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum InvariantError {
    #[error("{held} chips are held in accounts and pots, {issued} were issued")]
    Conservation { held: u128, issued: Chips },
    #[error("the pot of match number {no} is {pot}, its bets' stakes add up to {stakes}")]
    Pot { no: u16, pot: Chips, stakes: u128 },
    #[error("{what} are counted as {counted}, there are {there}")]
    Count {
        what: &'static str,
        counted: u64,
        there: usize,
    },
}

/// Chips in accounts and pots are the chips issued; each pot is its bets' stakes; the counts are right.
pub fn check_conservation(state: &MemoryState) -> Result<(), InvariantError> {
    let in_accounts: u128 = state.accounts.values().map(|a| u128::from(a.chips.0)).sum();
    let in_pots: u128 = state.matches.values().map(|m| u128::from(m.pot.0)).sum();
    let issued = state.totals.chips_issued;
    let held = in_accounts + in_pots;
    if held != u128::from(issued.0) {
        return Err(InvariantError::Conservation { held, issued });
    }
    for (no, game) in &state.matches {
        let (mut stakes, mut bets) = (0, 0_usize);
        for bet in state
            .bets
            .iter()
            .filter_map(|((of, _), bet)| (of == no).then_some(bet))
        {
            stakes += u128::from(bet.stake.0);
            bets += 1;
        }
        if stakes != u128::from(game.pot.0) {
            return Err(InvariantError::Pot {
                no: no.0,
                pot: game.pot,
                stakes,
            });
        }
        count("the bets of a match", game.bets.into(), bets)?;
    }
    count("accounts", state.totals.accounts, state.accounts.len())?;
    count("names", state.totals.accounts, state.names.len())?;
    count("bets", state.totals.bets, state.bets.len())
}

fn count(what: &'static str, counted: u64, there: usize) -> Result<(), InvariantError> {
    if u64::try_from(there) == Ok(counted) {
        Ok(())
    } else {
        Err(InvariantError::Count {
            what,
            counted,
            there,
        })
    }
}
