//! Who lacks a tip, and for how long betting is still open: found here for all that tell of it.

use std::collections::BTreeMap;

use bolao_answers::{Game, body::MatchStatus};
use bolao_ledger::{AccountId, StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};

/// The matches on which betting is open and ends within a time, in seconds, by when it ends.
pub(super) fn closing(
    games: &[Game],
    now: UnixSeconds,
    within_s: u64,
) -> BTreeMap<UnixSeconds, Vec<&Game>> {
    let mut closing: BTreeMap<UnixSeconds, Vec<&Game>> = BTreeMap::new();
    let open = { games.iter() }.filter(|game| game.status(now) == MatchStatus::Scheduled);
    for (closes, game) in open.filter_map(|game| Some((game.entry.deadline?, game))) {
        if closes.0.saturating_sub(now.0) <= within_s {
            closing.entry(closes).or_default().push(game);
        }
    }
    closing
}

/// Those of some matches on which a player has no tip. A tip that waits for its block is one.
pub(super) fn missing<'a>(
    snapshot: &Snapshot,
    player: &AccountId,
    games: impl IntoIterator<Item = &'a Game>,
) -> Result<Vec<&'a Game>, StoreError> {
    let mut missing = Vec::new();
    for game in games {
        if snapshot.bet(game.no(), player)?.is_none() {
            missing.push(game);
        }
    }
    if !missing.is_empty() {
        let waiting = snapshot.pending_of(player)?.into_iter();
        let waiting: Vec<_> = waiting.flat_map(|it| it.body.action.placed()).collect();
        missing.retain(|game| waiting.iter().all(|bet| bet.match_no != game.no()));
    }
    Ok(missing)
}

#[cfg(test)]
mod tests;
