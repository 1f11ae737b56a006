//! One validator's clock, by what it has signed: see [`super::clocks`].

use crate::observer::TOLD_MS;

/// Signatures of one validator are checked no more often than this, in milliseconds.
pub(super) const LISTEN_MS: u64 = 1_000;
/// The time for which a statement that shows a later time counts besides the newest, in milliseconds.
const BESIDE_MS: u64 = 750_000;
/// The longest that a statement is late, in milliseconds: a clock that shows still less was set.
const LATEST_MS: u64 = 15_000;

/// A validator's clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The newest time that it said, in unix seconds, and when that came.
    said: u32,
    came_ms: u64,
    /// The time that counts, and when that came.
    shows: (u32, u64),
}

impl Clock {
    /// The time that it shows now, at least, in milliseconds, by our clock that never goes back.
    fn now_ms((said, came_ms): (u32, u64), now_ms: u64) -> u64 {
        let since = now_ms.saturating_sub(came_ms);
        u64::from(said).saturating_mul(1_000).saturating_add(since)
    }

    /// The time that counts, as it is now, in milliseconds.
    pub(super) fn shows_ms(self, now_ms: u64) -> u64 {
        Self::now_ms(self.shows, now_ms)
    }

    /// Whether what it said last is young enough to count.
    pub(super) fn counts(self, now_ms: u64) -> bool {
        now_ms < self.came_ms.saturating_add(TOLD_MS)
    }

    /// Whether it says something new.
    pub(super) fn says(known: &mut Option<Self>, said: u32, now_ms: u64) -> bool {
        let before = known.filter(|it| it.counts(now_ms));
        let is_known = |it: Self| it.said >= said || now_ms < it.came_ms.saturating_add(LISTEN_MS);
        if before.is_some_and(is_known) {
            return false;
        }
        let new = (said, now_ms);
        let kept = before.map(|it| it.shows).filter(|shows| {
            let (shown, newest) = (Self::now_ms(*shows, now_ms), Self::now_ms(new, now_ms));
            now_ms < shows.1.saturating_add(BESIDE_MS)
                && (newest..newest.saturating_add(LATEST_MS)).contains(&shown)
        });
        *known = Some(Self {
            said,
            came_ms: now_ms,
            shows: kept.unwrap_or(new),
        });
        true
    }
}
