//! What a pot paid for a bet, read from the history of the player's chips.

use super::{Bet, Cause, MatchResult, StateView};
use crate::{account::AccountId, fixture::MatchNo, units::Chips};

/// Chips that came back for a bet; `None` until the pot is paid, and where nothing is staked.
///
/// Pots are paid before the transactions of a block, a few in each: however long a history is, a search in it and a look
/// at those few entries tell.
pub fn paid_out<S: StateView>(
    state: &S,
    no: MatchNo,
    result: Option<&MatchResult>,
    account: &AccountId,
    bet: &Bet,
) -> Result<Option<Chips>, S::Error> {
    let settled = result.and_then(|result| result.settled);
    let (Some(settled), true) = (settled, bet.stake > Chips::ZERO) else {
        return Ok(None);
    };
    let end = state.account(account)?.map_or(0, |account| account.history);
    let entry = |seq: u64| state.history_line(account, seq);
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low.midpoint(high);
        if entry(middle)?.is_some_and(|entry| entry.height < settled) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    for seq in low..end {
        let Some(entry) = entry(seq)?.filter(|entry| entry.height == settled) else {
            break;
        };
        match entry.cause {
            Cause::Won(of) | Cause::Refunded(of) if of == no => return Ok(Some(entry.amount)),
            Cause::Won(_) | Cause::Refunded(_) => {}
            _ => break,
        }
    }
    Ok(Some(Chips::ZERO))
}
