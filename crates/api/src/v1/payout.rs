//! What a pot paid for a bet, read from the history of the player's chips.

use bolao_ledger::{AccountId, Bet, Cause, Chips, HistoryEntry, StateView, table::History};
use bolao_store::{Snapshot, StoreError};

use super::game::Game;

/// Entries looked at after the record became final. Pots are paid at the beginning of a block, so
/// that only other pots' entries stand before the one looked for.
const LOOKED_AT: u64 = 4_096;

/// Chips that came back for a bet; `None` until the pot is paid, and where nothing is staked.
pub(super) fn payout(
    snapshot: &Snapshot,
    game: &Game,
    account: &AccountId,
    bet: &Bet,
) -> Result<Option<u64>, StoreError> {
    let Some(result) = game.result.as_ref().filter(|result| result.settled) else {
        return Ok(None);
    };
    let (Some(final_at), true) = (result.final_at, bet.stake > Chips::ZERO) else {
        return Ok(None);
    };
    let end = snapshot
        .account(account)?
        .map_or(0, |account| account.history);
    let entry = |seq: u64| -> Result<Option<HistoryEntry>, StoreError> {
        snapshot.get::<History>(&(*account, seq))
    };
    // The first entry of a block at or after that moment: times only rise.
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low.midpoint(high);
        if entry(middle)?.is_some_and(|entry| entry.time < final_at) {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    for seq in low..end.min(low.saturating_add(LOOKED_AT)) {
        match entry(seq)? {
            Some(HistoryEntry {
                cause: Cause::Won(no) | Cause::Refunded(no),
                amount,
                ..
            }) if no == game.no() => return Ok(Some(amount.0)),
            _ => {}
        }
    }
    Ok((end <= low.saturating_add(LOOKED_AT)).then_some(0))
}
