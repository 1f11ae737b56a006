//! Who lacks a tip, and for how long betting is still open: found here for all that tell of it.

use std::collections::BTreeMap;

use bolao_ledger::{AccountId, Item, Rules, StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};

/// Whatever takes bets until a time that comes within so many seconds, by that time.
pub(super) fn closing<'a>(
    items: &'a [Item],
    rules: &Rules,
    now: UnixSeconds,
    within_s: u64,
) -> BTreeMap<UnixSeconds, Vec<&'a Item>> {
    let mut closing: BTreeMap<UnixSeconds, Vec<&Item>> = BTreeMap::new();
    let open = items.iter().filter(|item| item.is_open_at(now, rules));
    for (closes, item) in open.filter_map(|item| Some((item.deadline?, item))) {
        if closes.0.saturating_sub(now.0) <= within_s {
            closing.entry(closes).or_default().push(item);
        }
    }
    closing
}

/// Those on which a player has no tip, several of one code once. A tip that waits for its block is one.
pub(super) fn missing<'a>(
    snapshot: &Snapshot,
    player: &AccountId,
    items: impl IntoIterator<Item = &'a Item>,
) -> Result<Vec<&'a Item>, StoreError> {
    let mut missing = Vec::new();
    for item in items {
        if snapshot.bet(item.no, player)?.is_none() {
            missing.push(item);
        }
    }
    if !missing.is_empty() {
        let waiting = snapshot.pending_of(player)?.into_iter();
        let waiting: Vec<_> = waiting.flat_map(|it| it.body.action.placed()).collect();
        missing.retain(|item| waiting.iter().all(|bet| bet.match_no != item.no));
        missing.dedup_by_key(|item| item.of);
    }
    Ok(missing)
}

#[cfg(test)]
mod tests;
