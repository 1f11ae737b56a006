//! When a search starts over while the tip stays.

use std::time::Duration;

use bolao_ledger::UnixSeconds;
use tokio::time::Instant;

/// How long changes of the mempool are gathered before the search starts over.
const GATHER: Duration = Duration::from_millis(20);
/// How often, at most, a search that holds transactions starts over for more of them.
const REFRESH: Duration = Duration::from_secs(1);
/// How long a search goes on with one template's times.
pub(super) const RENEW: Duration = Duration::from_secs(30);

/// When to start over for a transaction that has just come: soon where the search holds none, else not too often.
pub(super) fn next_refresh(now: Instant, holds_some: bool, refreshed: Instant) -> Instant {
    let soon = now + GATHER;
    if holds_some {
        soon.max(refreshed + REFRESH)
    } else {
        soon
    }
}

/// How long a search goes on with one template: not beyond the time from when on its transactions do something else.
pub(super) fn renewal(changes_at: Option<UnixSeconds>, now: u32) -> Duration {
    let left = changes_at.map(|at| Duration::from_secs(at.0.saturating_sub(now.into())));
    left.map_or(RENEW, |left| left.clamp(REFRESH, RENEW))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_transaction_is_mined_at_once_and_later_ones_are_gathered() {
        let refreshed = Instant::now();
        let now = refreshed + Duration::from_millis(100);
        assert_eq!(next_refresh(now, false, refreshed), now + GATHER);
        assert_eq!(next_refresh(now, true, refreshed), refreshed + REFRESH);
        let later = refreshed + 2 * REFRESH;
        assert_eq!(next_refresh(later, true, refreshed), later + GATHER);
    }

    #[test]
    fn a_search_is_renewed_when_its_transactions_would_do_something_else() {
        let seconds = |changes_at: Option<u64>| renewal(changes_at.map(UnixSeconds), 100).as_secs();
        assert_eq!(seconds(None), 30);
        assert_eq!(seconds(Some(u64::MAX)), 30);
        assert_eq!(seconds(Some(110)), 10);
        assert_eq!([100, 99].map(|at| seconds(Some(at))), [1, 1]);
    }
}
