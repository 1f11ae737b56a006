//! How long to rest after a block that was found was refused.

use std::time::Duration;

/// After the first refusal; each further one doubles it.
const FIRST: Duration = Duration::from_secs(1);
/// The longest rest.
const LONGEST: Duration = Duration::from_mins(1);
/// As often as it doubles before it is the longest.
const DOUBLINGS: u32 = 6;

/// Rests after refused blocks, since the next one would most likely be refused too: a second, and twice as long after each
/// further refusal, up to a minute. Times are counted from any origin.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    refusals: u32,
    until: Duration,
}

impl Backoff {
    /// A block was refused just now.
    pub(crate) fn refused(&mut self, now: Duration) {
        let rest = FIRST * 2_u32.pow(self.refusals.min(DOUBLINGS));
        self.refusals = self.refusals.saturating_add(1);
        self.until = now + rest.min(LONGEST);
    }

    /// A block was taken: all is well again.
    pub(crate) fn taken(&mut self) {
        *self = Self::default();
    }

    /// Until when to rest, if that is not over.
    pub(crate) fn rests_until(&self, now: Duration) -> Option<Duration> {
        Some(self.until).filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_double_up_to_a_minute_and_end_with_a_block_that_is_taken() {
        let now = Duration::from_secs(100);
        let mut backoff = Backoff::default();
        assert_eq!(backoff.rests_until(now), None);
        for seconds in [1, 2, 4, 8, 16, 32, 60, 60] {
            backoff.refused(now);
            let end = now + Duration::from_secs(seconds);
            assert_eq!(backoff.rests_until(now), Some(end));
            assert_eq!(backoff.rests_until(end), None);
        }
        backoff.taken();
        assert_eq!(backoff.rests_until(now), None);
        backoff.refused(now);
        assert_eq!(backoff.rests_until(now), Some(now + FIRST));
    }
}
